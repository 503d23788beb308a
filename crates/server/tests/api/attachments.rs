//! Files attached to records.

use axum::http::Method;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{Answer, Client, each_database, id_of};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

pub async fn attach(client: &Client, customer: &Json, name: &str, bytes: &[u8]) -> Answer {
    let mut body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    let path = format!("/api/customers/{}/attachments", id_of(customer));
    client
        .send(
            Method::POST,
            &path,
            &[("content-type", "multipart/form-data; boundary=cut")],
            body,
        )
        .await
}

pub fn file(id: Uuid) -> String {
    format!("/api/attachments/{id}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_back_as_it_was_under_its_real_type() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let sent = attach(
            &li,
            &customer,
            "报价单.jpg",
            "<script>alert(1)</script>".as_bytes(),
        )
        .await;
        assert_eq!(
            (sent.status, &sent.json["content_type"], &sent.json["size"]),
            (201, &json!("text/plain"), &json!(25))
        );
        let got = li
            .get(&format!("{}?inline=1", file(id_of(&sent.json))))
            .await;
        assert_eq!(&got.bytes[..], b"<script>alert(1)</script>");
        assert_eq!(
            got.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
        let disposition = got.header("content-disposition").expect("a disposition");
        assert!(
            disposition.starts_with("attachment;")
                && disposition.ends_with("%E6%8A%A5%E4%BB%B7%E5%8D%95.jpg"),
            "{disposition}"
        );
        assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
        assert!(
            got.header("content-security-policy")
                .is_some_and(|policy| policy.contains("sandbox"))
        );

        let picture = attach(&li, &customer, "a.txt", PNG).await;
        assert_eq!(picture.json["content_type"], "image/png");
        let shown = li
            .get(&format!("{}?inline=1", file(id_of(&picture.json))))
            .await;
        assert!(
            shown
                .header("content-disposition")
                .is_some_and(|value| value.starts_with("inline;"))
        );
        let loaded = li.get(&file(id_of(&picture.json))).await;
        assert!(
            loaded
                .header("content-disposition")
                .is_some_and(|value| value.starts_with("attachment;"))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_guarded_like_its_record() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let sent = attach(&li, &customer, "合同.txt", b"secret").await;
        let path = file(id_of(&sent.json));
        let qian = world.as_person("qian");
        assert_eq!(qian.get(&path).await.status, 404);
        assert_eq!(
            qian.get(&format!("/api/customers/{}/attachments", id_of(&customer)))
                .await
                .status,
            404
        );
        assert_eq!(attach(&qian, &customer, "a.txt", b"a").await.status, 404);
        assert_eq!(qian.delete(&path, 0).await.status, 404);
        assert_eq!(world.visitor().get(&path).await.status, 401);
        li.post(
            &format!("/api/customers/{}/shares", id_of(&customer)),
            json!({ "person_id": crate::support::id("qian"), "right": "read" }),
        )
        .await;
        assert_eq!(qian.get(&path).await.status, 200);
        assert_eq!(attach(&qian, &customer, "a.txt", b"a").await.status, 403);
        assert_eq!(qian.delete(&path, 0).await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_file_can_be_put_back() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let sent = attach(&li, &customer, "合同.txt", b"text").await;
        let path = file(id_of(&sent.json));
        let batch = li.delete(&path, 0).await.batch();
        assert_eq!(li.get(&path).await.status, 404);
        assert_eq!(
            li.post(&format!("/api/ledger/{batch}/undo"), json!({}))
                .await
                .status,
            200
        );
        assert_eq!(&li.get(&path).await.bytes[..], b"text");
        assert_eq!(
            li.get(&format!("/api/customers/{}/attachments", id_of(&customer)))
                .await
                .rows()
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_over_the_limit_or_without_content_is_refused_and_leaves_nothing() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let large = vec![b'a'; 50 * 1024 * 1024 + 1];
        let refused = attach(&li, &customer, "big.txt", &large).await;
        assert_eq!((refused.status, refused.code()), (413, "file_too_large"));
        assert_eq!(
            attach(&li, &customer, "big.txt", &large[1..]).await.status,
            201
        );
        assert_eq!(
            attach(&li, &customer, "none.txt", b"").await.code(),
            "empty_file"
        );
        let path = format!("/api/customers/{}/attachments", id_of(&customer));
        assert_eq!(li.post(&path, json!({ "file": "text" })).await.status, 422);
        let passing = world.app.files.passing_folder().expect("the folder");
        assert_eq!(std::fs::read_dir(passing).expect("the folder").count(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_lies_on_disk_once_and_goes_with_its_last_attachment() {
    each_database(async |world| {
        let li = world.as_person("li");
        let (one, two) = (li.customer("红圈科技").await, li.customer("蓝圈").await);
        attach(&li, &one, "a.txt", b"same").await;
        attach(&li, &two, "b.txt", b"same").await;
        let folder = world.app.options.files.join("attachments");
        let count = || {
            let folders = std::fs::read_dir(&folder).expect("the folder").flatten();
            folders
                .flat_map(|folder| {
                    std::fs::read_dir(folder.path())
                        .expect("a folder")
                        .flatten()
                })
                .count()
        };
        assert_eq!(count(), 1);
        let age = || {
            for folder in std::fs::read_dir(&folder).expect("the folder").flatten() {
                for file in std::fs::read_dir(folder.path())
                    .expect("a folder")
                    .flatten()
                {
                    let opened = std::fs::File::options()
                        .write(true)
                        .open(file.path())
                        .expect("the file");
                    opened
                        .set_modified(std::time::UNIX_EPOCH)
                        .expect("an older time");
                }
            }
        };
        age();
        use crate::support::{DAY_MS, NOW_MS};
        li.delete(&format!("/api/customers/{}", id_of(&one)), 1)
            .await;
        world.set_clock(NOW_MS + 31 * DAY_MS);
        server::ledger::purge(&world.app).await.expect("a purge");
        assert_eq!(count(), 1, "the other customer still has it");
        let li = world.fresh_session("li").await;
        li.delete(&format!("/api/customers/{}", id_of(&two)), 1)
            .await;
        world.set_clock(NOW_MS + 62 * DAY_MS);
        server::ledger::purge(&world.app).await.expect("a purge");
        assert_eq!(count(), 0);
    })
    .await;
}
