//! Requests that bear an `Idempotency-Key` are carried out once, whatever they do.

use axum::http::Method;
use platform::access::Access;
use serde_json::json;

use crate::support::{Client, each_database, id_of};

const KEY: &[(&str, &str)] = &[("idempotency-key", "of the phone")];

async fn titles(client: &Client, path: &str) -> usize {
    let answer = client.get(path).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.rows().len()
}

#[tokio::test]
async fn a_repeated_comment_is_said_once() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}/comments", id_of(&customer));
        let body = json!({ "body": "明天拜访" });
        let first = li.post_once(&path, "of the phone", body.clone()).await;
        let again = li.post_once(&path, "of the phone", body).await;
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!(titles(&li, &path).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_file_is_attached_once() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}/attachments", id_of(&customer));
        let body = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n你好\r\n--cut--\r\n";
        let headers = [("content-type", "multipart/form-data; boundary=cut"), KEY[0]];
        for _ in 0..3 {
            let answer = li.send(Method::POST, &path, &headers, body).await;
            assert!((200..300).contains(&answer.status), "{:?}", answer.json);
        }
        assert_eq!(titles(&li, &path).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_change_is_not_stale_and_gets_the_first_answer() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let path = format!("/api/customers/{}", id_of(&customer));
        let headers = [
            ("content-type", "application/json"),
            ("if-match", "\"1\""),
            KEY[0],
        ];
        let body = json!({ "short_name": "红圈" }).to_string();
        let change = async || li.send(Method::PATCH, &path, &headers, body.clone()).await;
        let (first, again) = (change().await, change().await);
        assert_eq!((first.status, again.status), (200, 200), "{:?}", again.json);
        assert_eq!(again.json["version"], first.json["version"]);
        assert_eq!(
            again.header("chengdan-batch"),
            first.header("chengdan-batch")
        );
        assert_eq!(again.header("etag"), first.header("etag"));
        // Without the key the same request meets the newer version.
        let plain = li
            .send(Method::PATCH, &path, &headers[..2], body.clone())
            .await;
        assert_eq!(plain.status, 412);
    })
    .await;
}

#[tokio::test]
async fn what_a_crash_left_without_an_answer_is_told_by_the_ledger() {
    each_database(async |world| {
        let li = world.as_person("li");
        let body = json!({ "name": "红圈科技" });
        let first = li
            .post_once("/api/customers", "of the phone", body.clone())
            .await;
        // The answer is kept after the write, so a crash may come between the two.
        for _ in 0..50 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            let mut write = Access::system(&world.app, "test")
                .write()
                .await
                .expect("a write");
            let forget =
                "UPDATE idempotency SET status = NULL, answer = NULL WHERE status IS NOT NULL";
            let forgotten = write
                .execute_sql(forget, Vec::new())
                .await
                .expect("an update");
            write.commit().await.expect("a commit");
            if forgotten > 0 {
                break;
            }
        }
        let again = li.post_once("/api/customers", "of the phone", body).await;
        assert_eq!((again.status, &again.json["id"]), (201, &first.json["id"]));
        assert_eq!(titles(&li, "/api/customers").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_key_names_one_address_only() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let body = json!({ "name": "王芳", "customer_id": customer["id"] });
        let made = li
            .post_once("/api/contacts", "of the phone", body.clone())
            .await;
        assert_eq!(made.status, 201, "{:?}", made.json);
        let other = li.post_once("/api/customers", "of the phone", body).await;
        assert_eq!(
            (other.status, other.code()),
            (422, "idempotency_key_reused")
        );
    })
    .await;
}
