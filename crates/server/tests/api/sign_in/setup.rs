//! The first start: a link makes the first administrator.

use platform::clock::Clock;
use serde_json::{Value as Json, json};
use server::start::{Place, TIME_ZONE, start};

use crate::support::{Client, NOW_MS, PASSWORD};

#[tokio::test]
async fn the_set_up_link_makes_one_administrator_and_then_is_spent() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::in_folder(folder.path());
    let app = start(&place, Clock::fixed(NOW_MS, TIME_ZONE))
        .await
        .unwrap();
    let secret = server::sign_in::setup::first_start(&app)
        .await
        .unwrap()
        .expect("a link");
    let client = Client::new(server::serve::router(&app).0);
    assert_eq!(client.get("/api/setup?token=wrong").await.status, 404);
    assert_eq!(
        client
            .get(&format!("/api/setup?token={secret}"))
            .await
            .status,
        204
    );
    let body = |email: &str| json!({ "token": secret, "company_name": "成单科技", "name": "管理员", "email": email, "password": PASSWORD, "language": "zh-CN" });
    // Two tabs at once: the link serves one of them.
    let (one, two) = (body("one@example.com"), body("two@example.com"));
    let (one, two) = tokio::join!(
        client.post("/api/setup", one),
        client.post("/api/setup", two)
    );
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [200, 404]);
    assert_eq!(
        client
            .get(&format!("/api/setup?token={secret}"))
            .await
            .status,
        404
    );
    assert_eq!(
        server::sign_in::setup::first_start(&app).await.unwrap(),
        None
    );
    let first = if one.status == 200 { one } else { two };
    assert_eq!(first.json["is_admin"], true);
    assert_eq!(app.directory().people.len(), 1);
    assert_eq!(app.directory().roles.len(), 6);
    let me = client
        .with_session(&first.session().unwrap())
        .get("/api/session")
        .await;
    assert_eq!(me.json["company_name"], "成单科技");
}

#[tokio::test]
async fn a_set_up_without_a_name_or_a_mail_names_both_fields_problems() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(
        &Place::in_folder(folder.path()),
        Clock::fixed(NOW_MS, TIME_ZONE),
    )
    .await
    .unwrap();
    let secret = server::sign_in::setup::first_start(&app)
        .await
        .unwrap()
        .unwrap();
    let client = Client::new(server::serve::router(&app).0);
    let send = async |changes: Json| {
        let mut body = json!({ "token": secret, "company_name": "成单", "name": "某人", "email": "a@example.com", "password": PASSWORD });
        body.as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        client.post("/api/setup", body).await
    };
    assert_eq!(
        send(json!({ "name": " " })).await.errors(),
        ["/name required"]
    );
    assert_eq!(
        send(json!({ "email": "" })).await.errors(),
        ["/email required"]
    );
    assert_eq!(
        send(json!({ "email": "no mail" })).await.errors(),
        ["/email not_an_email"]
    );
    assert_eq!(
        send(json!({ "password": "short" })).await.errors(),
        ["/password password_too_short"]
    );
    assert_eq!(
        send(json!({ "company_name": "a\u{0}b" })).await.errors(),
        ["/company_name control_characters"]
    );
    assert!(app.directory().people.is_empty());
}
