//! An import goes back as a whole, or says which record stands in the way.

use serde_json::{Value as Json, json};

use super::wizard::{Jobs, import, plain};
use crate::support::{Answer, Client, DAY_MS, NOW_MS, each_database, id_of};

async fn count(client: &Client, resource: &str) -> u64 {
    client
        .get(&format!("/api/{resource}?count=exact"))
        .await
        .json["total"]["count"]
        .as_u64()
        .expect("a count")
}

/// Imports customers who are only named.
async fn named(admin: &Client, names: &[&str]) -> Json {
    let rows = format!("名称\n{}\n", names.join("\n"));
    import(
        admin,
        "customers",
        "few.csv",
        rows,
        &plain(&[("名称", "name")]),
    )
    .await
}

async fn undo(admin: &Client, done: &Json) -> Answer {
    let path = format!("/api/imports/{}/undo", id_of(done));
    admin.post(&path, json!({})).await
}

async fn find(admin: &Client, name: &str) -> Json {
    let rows = admin.get("/api/customers").await.rows();
    let found = rows.into_iter().find(|row| row["name"] == name);
    found.expect("a customer of this name")
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_customers_go_back_in_one_go() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        admin.customer("先来的公司").await;
        let mut text = String::from("名称,上级\n");
        for i in 0..10_000 {
            text.push_str(&format!("第{i}号公司,第{}号公司\n", i / 100 * 100));
        }
        // A row can't be its own parent.
        let text = (0..100).fold(text, |text, i| {
            text.replace(
                &format!("第{}号公司,第{}号公司", i * 100, i * 100),
                &format!("第{}号公司,", i * 100),
            )
        });
        let done = import(
            &admin,
            "customers",
            "many.csv",
            text,
            &plain(&[("名称", "name"), ("上级", "parent_id")]),
        )
        .await;
        assert_eq!(count(&admin, "customers").await, 10_001);
        let undone = undo(&admin, &done).await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        assert_eq!(undone.json["undone"], 10_000);
        assert_eq!(count(&admin, "customers").await, 1);
        assert_eq!(
            admin
                .get(&format!("/api/imports/{}", id_of(&done)))
                .await
                .json["state"],
            "undone"
        );
        let again = undo(&admin, &done).await;
        assert_eq!((again.status, again.code()), (409, "import_not_done"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_with_a_record_that_was_changed_since_stays_and_names_it() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let done = named(&admin, &["甲公司", "乙公司"]).await;
        let other = find(&admin, "乙公司").await;
        admin
            .edit("customers", &other, json!({ "level": "A" }))
            .await;
        let refused = undo(&admin, &done).await;
        assert_eq!(
            (refused.status, refused.code()),
            (409, "import_changed_since")
        );
        assert!(
            refused.json["title"]
                .as_str()
                .is_some_and(|title| title.contains("乙公司")),
            "{:?}",
            refused.json
        );
        assert_eq!(count(&admin, "customers").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_others_have_built_on_stays() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let done = named(&admin, &["甲公司", "乙公司"]).await;
        let first = find(&admin, "甲公司").await;
        admin.contact(&first, "张三").await;
        let refused = undo(&admin, &done).await;
        assert_eq!(
            (refused.status, refused.code()),
            (409, "import_changed_since")
        );
        assert_eq!(count(&admin, "contacts").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_goes_back_to_what_was_there() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        admin
            .create("customers", json!({ "name": "甲公司", "level": "C" }))
            .await;
        let mut mapping = plain(&[("名称", "name"), ("级别", "level")]);
        mapping["mode"] = json!("upsert");
        mapping["key"] = json!("name");
        let done = import(
            &admin,
            "customers",
            "rows.csv",
            "名称,级别\n甲公司,A\n乙公司,B\n",
            &mapping,
        )
        .await;
        assert_eq!(undo(&admin, &done).await.status, 200);
        let rows = admin.get("/api/customers").await.rows();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["level"], "C");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_thirty_days_an_import_stays() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let done = named(&admin, &["甲公司"]).await;
        world.set_clock(NOW_MS + 31 * DAY_MS);
        // The session has ended meanwhile; a new one is as good.
        let admin = world.fresh_session("admin").await;
        let refused = undo(&admin, &done).await;
        assert_eq!((refused.status, refused.code()), (409, "undo_too_old"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_uploaded_file_goes_when_its_import_can_no_longer_be_taken_back() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let done = named(&admin, &["甲", "乙"]).await;
        let path = format!("/api/imports/{}", id_of(&done));
        let files = || {
            let folder = world.app.options.files.join("imports");
            std::fs::read_dir(folder).expect("a folder").count()
        };
        assert!(files() > 0);
        world.set_clock(NOW_MS + 29 * DAY_MS);
        server::ledger::purge(&world.app).await.expect("a purge");
        assert!(files() > 0);
        world.set_clock(NOW_MS + 31 * DAY_MS);
        server::ledger::purge(&world.app).await.expect("a purge");
        assert_eq!(files(), 0);
        let admin = world.fresh_session("admin").await;
        let kept = admin.get(&path).await;
        assert_eq!((kept.status, &kept.json["state"]), (200, &json!("done")));
        let bad = admin.get(&format!("{path}/errors")).await;
        assert_eq!((bad.status, bad.code()), (409, "import_file_gone"));
    })
    .await;
}
