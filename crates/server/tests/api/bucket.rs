//! Files in an S3-compatible bucket: everything as on disk, and a word where it can't be.

use std::collections::BTreeMap;
use std::time::Duration;

use platform::files::{BucketOptions, Unavailable};
use serde_json::json;

use crate::attachments::{attach, file};
use crate::imports::wizard::{Jobs, run, upload};
use crate::support::s3::S3;
use crate::support::{Client, DAY_MS, NOW_MS, World, each_database, id_of};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// Runs a test on each database with a bucket of its own; not at all where there is no S3 server.
async fn each_with_bucket(test: impl AsyncFn(&mut World, &mut S3)) {
    each_database(async |world| {
        if let Some(mut s3) = S3::start() {
            world.with_bucket(s3.options.clone()).await;
            test(world, &mut s3).await;
        }
    })
    .await;
}

async fn kept(world: &World) -> BTreeMap<String, u64> {
    world.app.files.all("").await.expect("a list")
}

/// What lies on this machine although there is a bucket.
fn on_disk(world: &World) -> usize {
    let mut count = 0;
    let mut folders = vec![world.app.files.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            match entry.path().is_dir() {
                true => folders.push(entry.path()),
                false => count += 1,
            }
        }
    }
    count
}

async fn ready(world: &World) -> (u16, String) {
    let answer = world.visitor().get("/readyz").await;
    (
        answer.status,
        String::from_utf8_lossy(&answer.bytes).into_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_a_bucket_comes_back_as_it_was_with_the_same_headers() {
    each_with_bucket(async |world, _| {
        world.app.files.rehearse().await.expect("a sound bucket");
        assert_eq!(ready(world).await, (200, "ready".into()));
        assert_eq!(kept(world).await, BTreeMap::new());
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let page = attach(&li, &customer, "报价单.jpg", b"<script>alert(1)</script>").await;
        assert_eq!(
            (page.status, &page.json["content_type"]),
            (201, &json!("text/plain"))
        );
        let picture = attach(&li, &customer, "a.txt", PNG).await;
        assert_eq!(picture.json["content_type"], "image/png");
        let large: Vec<u8> = (0..3_000_000u32).flat_map(u32::to_le_bytes).collect();
        let long = attach(&li, &customer, "long.bin", &large).await;
        assert_eq!(long.status, 201);
        assert_eq!((kept(world).await.len(), on_disk(world)), (3, 0));

        let got = li.get(&file(id_of(&page.json))).await;
        assert_eq!(&got.bytes[..], b"<script>alert(1)</script>");
        assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
        assert!(
            got.header("content-security-policy")
                .is_some_and(|policy| policy.contains("sandbox"))
        );
        assert!(li.get(&file(id_of(&long.json))).await.bytes[..] == large[..]);
        let qian = world.as_person("qian");
        assert_eq!(qian.get(&file(id_of(&page.json))).await.status, 404);
        let too_large = vec![b'a'; 50 * 1024 * 1024 + 1];
        let refused = attach(&li, &customer, "big.txt", &too_large).await;
        assert_eq!((refused.status, refused.code()), (413, "file_too_large"));
        assert_eq!((kept(world).await.len(), on_disk(world)), (3, 0));
    })
    .await;
}

async fn passed(s3: &S3, seconds: u64) {
    let address = s3.options.endpoint.trim_start_matches("http://");
    let mut client = bench::client::Client::connect(address.parse().expect("an address"))
        .await
        .expect("the S3 server");
    let path = format!("/passed/{seconds}");
    client.get(&path).await.expect("an older bucket");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_lies_in_a_bucket_once_and_goes_with_its_last_attachment() {
    each_with_bucket(async |world, s3| {
        let li = world.as_person("li");
        let (one, two) = (li.customer("红圈科技").await, li.customer("蓝圈").await);
        attach(&li, &one, "a.txt", b"same").await;
        attach(&li, &two, "b.txt", b"same").await;
        attach(&li, &two, "c.txt", b"other").await;
        assert_eq!(kept(world).await.len(), 2);
        li.delete(&format!("/api/customers/{}", id_of(&one)), 1)
            .await;
        li.delete(&format!("/api/customers/{}", id_of(&two)), 1)
            .await;
        world.set_clock(NOW_MS + 29 * DAY_MS);
        server::ledger::purge(&world.app).await.expect("a purge");
        assert_eq!(kept(world).await.len(), 2, "they could be restored");
        // A third one got the same content just now.
        let li = world.fresh_session("li").await;
        let three = li.customer("绿圈").await;
        attach(&li, &three, "d.txt", b"same").await;
        passed(s3, 7_200).await;
        world.set_clock(NOW_MS + 31 * DAY_MS);
        let cleared = server::ledger::purge(&world.app).await.expect("a purge");
        assert_eq!((cleared.files, kept(world).await.len()), (1, 1));
        li.delete(&format!("/api/customers/{}", id_of(&three)), 1)
            .await;
        world.set_clock(NOW_MS + 62 * DAY_MS);
        server::ledger::purge(&world.app).await.expect("a purge");
        assert_eq!(kept(world).await, BTreeMap::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_reads_its_file_from_the_bucket_and_gives_its_bad_rows_back() {
    each_with_bucket(async |world, _| {
        let admin = world.as_person("admin");
        let text = "客户名称,等级\n红圈科技,A\n,B\n";
        let import = upload(&admin, "customers", "客户.csv", text).await;
        assert_eq!((kept(world).await.len(), on_disk(world)), (1, 0));
        let shown = admin.get(&format!("/api/imports/{}", id_of(&import))).await;
        assert_eq!(shown.json["columns"].as_array().map(Vec::len), Some(2));
        let _jobs = Jobs::of(world);
        let outcome = run(&admin, &import, &import["mapping"]).await;
        assert_eq!(outcome["summary"]["bad_rows"], 1, "{outcome:?}");
        assert_eq!((kept(world).await.len(), on_disk(world)), (2, 0));
        let path = format!("/api/imports/{}/errors?format=csv", id_of(&import));
        let bad = admin.get(&path).await;
        let bad = String::from_utf8_lossy(&bad.bytes).into_owned();
        assert!(
            bad.contains("客户名称") && !bad.contains("红圈科技"),
            "{bad}"
        );
        assert_eq!(on_disk(world), 0);
        world.set_clock(NOW_MS + 31 * DAY_MS);
        server::ledger::purge(&world.app).await.expect("a purge");
        assert_eq!(kept(world).await, BTreeMap::new());
        let admin = world.fresh_session("admin").await;
        assert_eq!(admin.get(&path).await.code(), "import_file_gone");
    })
    .await;
}

async fn is_refused_whole(world: &World, li: &Client, customer: &serde_json::Value) {
    let refused = attach(li, customer, "a.txt", b"text").await;
    assert_eq!(
        (refused.status, refused.code()),
        (503, "files_unavailable"),
        "{:?}",
        refused.json
    );
    let list = li
        .get(&format!("/api/customers/{}/attachments", id_of(customer)))
        .await;
    assert_eq!(list.rows().len(), 0);
    assert_eq!(on_disk(world), 0);
    let (status, said) = ready(world).await;
    assert_eq!((status, said.as_str()), (503, "files not reachable"));
}

fn told(outcome: Result<(), Unavailable>) -> String {
    outcome.expect_err("a trouble").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_bucket_is_said_and_nothing_is_kept_half() {
    each_with_bucket(async |world, s3| {
        let right = s3.options.clone();
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        for (wrong, why) in [
            (
                BucketOptions {
                    secret_key: "another/secret".into(),
                    ..right.clone()
                },
                "the secret key is wrong",
            ),
            (
                BucketOptions {
                    access_key: "NOBODY".into(),
                    ..right.clone()
                },
                "the access key is not known",
            ),
            (
                BucketOptions {
                    region: "elsewhere".into(),
                    ..right.clone()
                },
                "the region is wrong",
            ),
            (
                BucketOptions {
                    bucket: "no-such-bucket".into(),
                    ..right.clone()
                },
                "there is no such bucket",
            ),
        ] {
            world.with_bucket(wrong.clone()).await;
            let said = told(world.app.files.rehearse().await);
            assert!(said.contains(why), "{said}");
            for text in [said, format!("{wrong:?}")] {
                assert!(!text.contains(&wrong.secret_key), "{text}");
                assert!(!text.contains("X-Amz"), "{text}");
            }
            is_refused_whole(world, &world.as_person("li"), &customer).await;
        }
        world.with_bucket(right).await;
        let li = world.as_person("li");
        assert_eq!(attach(&li, &customer, "a.txt", b"text").await.status, 201);
        let sent = li
            .get(&format!("/api/customers/{}/attachments", id_of(&customer)))
            .await;
        let path = file(id_of(&sent.rows()[0]));
        s3.stop();
        let said = told(world.app.files.ready().await);
        assert!(said.contains("not reachable"), "{said}");
        assert_eq!(li.get(&path).await.code(), "files_unavailable");
        // What is cleared away stays due until the bucket is back.
        li.delete(&path, 0).await;
        world.set_clock(NOW_MS + 31 * DAY_MS);
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(server::ledger::purge(&world.app).await.is_err());
    })
    .await;
}
