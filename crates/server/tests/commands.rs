#![cfg(test)]
//! The command line, through the real binary.

#[path = "api/support/s3.rs"]
mod s3;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use bench::client::Client;
use bench::floor::Floor;
use bench::running::Place;
use platform::db::{Db, Source, col};
use sea_orm::sea_query::{Alias, ExprTrait, Query};
use serde_json::json;

const PASSWORD: &str = "a-long-enough-one";

fn place(data: &Path) -> Place {
    Place {
        chengdan: env!("CARGO_BIN_EXE_chengdan").into(),
        data: data.to_owned(),
        database: None,
        environment: Vec::new(),
    }
}

fn create(place: &Place, email: &str) {
    let arguments = [
        "user",
        "create",
        "--email",
        email,
        "--name",
        "李明",
        "--role",
        "administrator",
        "--password-stdin",
    ];
    place.run(&arguments, PASSWORD).unwrap();
}

/// A company of one administrator and one customer.
async fn small(place: &Place) {
    create(place, "li@example.com");
    let server = place.serve().unwrap();
    let mut client = Client::sign_in(server.address, "li@example.com", PASSWORD)
        .await
        .unwrap();
    client
        .post(
            "/api/customers",
            &json!({ "name": "苏州恒泰精密机械有限公司" }),
        )
        .await
        .unwrap();
    server.stop().unwrap();
}

async fn sql(place: &Place, statement: &str) {
    Floor::sqlite(&place.data.join("chengdan.db"))
        .await
        .unwrap()
        .execute(statement)
        .await
        .unwrap();
}

fn refusal(outcome: bench::Result<String>) -> String {
    outcome.unwrap_err().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_serving_company_restores_to_the_same_company() {
    let folder = tempfile::tempdir().unwrap();
    let place_of = |name: &str| place(&folder.path().join(name));
    let live = place_of("live");
    small(&live).await;
    std::fs::create_dir_all(live.data.join("files/ab")).unwrap();
    std::fs::write(live.data.join("files/ab/plan.pdf"), "what was agreed").unwrap();
    let file = folder.path().join("one.backup");
    let server = live.serve().unwrap();
    live.run(&["backup", file.to_str().unwrap()], "").unwrap();
    server.stop().unwrap();
    let back = place_of("back");
    back.run(&["restore", file.to_str().unwrap()], "").unwrap();
    assert_eq!(
        std::fs::read_to_string(back.data.join("files/ab/plan.pdf")).unwrap(),
        "what was agreed"
    );
    assert!(back.run(&["check"], "").unwrap().starts_with("all is well"));
    let server = back.serve().unwrap();
    let mut client = Client::sign_in(server.address, "li@example.com", PASSWORD)
        .await
        .unwrap();
    let page = client.get_json("/api/customers").await.unwrap();
    assert_eq!(page["rows"][0]["name"], "苏州恒泰精密机械有限公司");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let live = place(&folder.path().join("live"));
    create(&live, "li@example.com");
    let file = folder.path().join("one.backup");
    live.run(&["backup", file.to_str().unwrap()], "").unwrap();
    let whole = std::fs::read(&file).unwrap();
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 0xFF;
    for bytes in [&whole[..whole.len() / 2], &bent[..], b"no backup at all"] {
        std::fs::write(&file, bytes).unwrap();
        let back = place(&folder.path().join("back"));
        let said = refusal(back.run(&["restore", file.to_str().unwrap()], ""));
        assert!(said.contains("damaged"), "{said}");
        assert!(!back.data.exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let live = place(&folder.path().join("live"));
    create(&live, "li@example.com");
    sql(
        &live,
        "INSERT INTO migration (name, applied_at) VALUES ('9999_from_the_future', 9999999999999)",
    )
    .await;
    let file = folder.path().join("one.backup");
    live.run(&["backup", file.to_str().unwrap()], "").unwrap();
    let back = place(&folder.path().join("back"));
    let said = refusal(back.run(&["restore", file.to_str().unwrap()], ""));
    assert!(said.contains("newer Chengdan"), "{said}");
    assert!(!back.data.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_keeps_what_is_there_and_waits_for_the_server_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let live = place(&folder.path().join("live"));
    create(&live, "li@example.com");
    let file = folder.path().join("one.backup");
    let file = file.to_str().unwrap();
    live.run(&["backup", file], "").unwrap();
    assert!(refusal(live.run(&["restore", file], "")).contains("--force"));
    let server = live.serve().unwrap();
    assert!(refusal(live.run(&["restore", file, "--force"], "")).contains("in use"));
    server.stop().unwrap();
    live.run(&["restore", file, "--force"], "").unwrap();
    let kept = std::fs::read_dir(&live.data)
        .unwrap()
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with("replaced-"));
    assert!(kept.unwrap().path().join("chengdan.db").is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_was_changed_beside_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let live = place(&folder.path().join("live"));
    small(&live).await;
    live.run(&["check"], "").unwrap();
    sql(&live, "UPDATE customer SET name = '别的名字', version = 7").await;
    sql(&live, "DROP TRIGGER ledger_no_update").await;
    sql(&live, "UPDATE ledger SET at = at + 1 WHERE seq = 3").await;
    let said = refusal(live.run(&["check"], ""));
    for part in [
        "hash chain",
        "at number 3",
        "entry of their present version",
        "not found by what they are called",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_made_on_the_command_line_can_sign_in_at_the_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let live = place(&folder.path().join("live"));
    create(&live, "li@example.com");
    let server = live.serve().unwrap();
    create(&live, "wang@example.com");
    let mut outcome = Err("never asked".into());
    for _ in 0..50 {
        outcome = Client::sign_in(server.address, "wang@example.com", PASSWORD).await;
        if outcome.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    outcome.map(|_| ()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_imported_on_the_command_line_can_be_exported_again() {
    let folder = tempfile::tempdir().unwrap();
    let live = place(&folder.path().join("live"));
    create(&live, "li@example.com");
    let file = folder.path().join("customers.csv");
    std::fs::write(
        &file,
        "name,level\n苏州恒泰精密机械有限公司,A\n宁波海天塑机厂,C\n",
    )
    .unwrap();
    let tried = live
        .run(
            &["import", "customers", file.to_str().unwrap(), "--dry-run"],
            "",
        )
        .unwrap();
    let tried: serde_json::Value = serde_json::from_str(&tried).unwrap();
    assert_eq!(
        (&tried["state"], &tried["summary"]["create"]),
        (&json!("checked"), &json!(2))
    );
    live.run(&["import", "customers", file.to_str().unwrap()], "")
        .unwrap();
    let out = folder.path().join("out.csv");
    let filter = json!({ "field": "level", "op": "in", "value": ["A"] }).to_string();
    live.run(
        &[
            "export",
            "customers",
            "--out",
            out.to_str().unwrap(),
            "--filter",
            &filter,
        ],
        "",
    )
    .unwrap();
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(
        text.contains("苏州恒泰精密机械有限公司") && !text.contains("宁波海天塑机厂"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_invented_company_passes_the_check_and_comes_only_into_an_empty_database() {
    let folder = tempfile::tempdir().unwrap();
    let demo = place(&folder.path().join("demo"));
    let said = demo.run(&["demo", "--load-only"], "").unwrap();
    assert_eq!(said.lines().count(), 4, "{said}");
    assert!(demo.run(&["check"], "").unwrap().starts_with("all is well"));
    let server = demo.serve().unwrap();
    for line in said.lines() {
        let mut words = line.split(' ');
        let (email, password) = (words.next().unwrap(), words.next().unwrap());
        Client::sign_in(server.address, email, password)
            .await
            .unwrap();
    }
    server.stop().unwrap();
    assert!(refusal(demo.run(&["demo", "--load-only"], "")).contains("empty"));
}

/// Attaches a text to the one customer; the path under which it comes back, once that is acknowledged.
async fn attach(client: &mut Client, text: &str) -> bench::Result<String> {
    let page = client.get_json("/api/customers").await?;
    let customer = page["rows"][0]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n{text}\r\n--cut--\r\n"
    );
    let kind = [("content-type", "multipart/form-data; boundary=cut")];
    let path = format!("/api/customers/{customer}/attachments");
    let sent = client.send("POST", &path, &kind, body.as_bytes()).await?;
    let row = sent.good()?.json()?;
    Ok(format!(
        "/api/attachments/{}",
        row["id"].as_str().unwrap_or_default()
    ))
}

fn in_bucket(place: &Place, s3: &s3::S3) -> Place {
    let options = &s3.options;
    let environment = [
        ("CHENGDAN_S3_ENDPOINT", &options.endpoint),
        ("CHENGDAN_S3_BUCKET", &options.bucket),
        ("CHENGDAN_S3_REGION", &options.region),
        ("CHENGDAN_S3_ACCESS_KEY", &options.access_key),
        ("CHENGDAN_S3_SECRET_KEY", &options.secret_key),
    ];
    Place {
        environment: environment
            .map(|(name, value)| (name, value.clone()))
            .into(),
        ..place.clone()
    }
}

async fn signed_in(server: &bench::running::Running) -> Client {
    Client::sign_in(server.address, "li@example.com", PASSWORD)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_move_into_a_bucket_and_back_and_the_commands_say_where_they_are() {
    let Some(s3) = s3::S3::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let on_disk = place(&folder.path().join("live"));
    small(&on_disk).await;
    let server = on_disk.serve().unwrap();
    let mut client = signed_in(&server).await;
    let first = attach(&mut client, "of the folder").await.unwrap();
    let bucket = in_bucket(&on_disk, &s3);
    let said = bucket.run(&["files", "--copy-to", "bucket"], "").unwrap();
    assert!(
        said.starts_with("1 files copied to the bucket chengdan-files"),
        "{said}"
    );
    let second = attach(&mut client, "in between").await.unwrap();
    server.stop().unwrap();
    let said = bucket.run(&["files", "--copy-to", "bucket"], "").unwrap();
    assert!(
        said.starts_with("1 files copied") && said.contains("; 1 were there"),
        "{said}"
    );
    std::fs::remove_dir_all(on_disk.data.join("files")).unwrap();
    assert!(bucket.run(&["check"], "").unwrap().ends_with("files\n"));
    let said = refusal(on_disk.run(&["check"], ""));
    assert!(said.contains("files: 2 are missing in "), "{said}");

    let server = bucket.serve().unwrap();
    let mut client = signed_in(&server).await;
    let third = attach(&mut client, "of the bucket").await.unwrap();
    for (path, text) in [
        (&first, "of the folder"),
        (&second, "in between"),
        (&third, "of the bucket"),
    ] {
        assert_eq!(client.get(path).await.unwrap().body, text.as_bytes());
    }
    server.stop().unwrap();

    let file = folder.path().join("one.backup");
    let said = bucket.run(&["backup", file.to_str().unwrap()], "").unwrap();
    assert!(
        said.contains("not in it: 3 files, which are in the bucket chengdan-files"),
        "{said}"
    );
    let back = place(&folder.path().join("back"));
    let said = back.run(&["restore", file.to_str().unwrap()], "").unwrap();
    assert!(
        said.contains("they are in the bucket chengdan-files at http://127.0.0.1"),
        "{said}"
    );
    assert!(
        in_bucket(&back, &s3)
            .run(&["check"], "")
            .unwrap()
            .starts_with("all is well")
    );
    let other = folder.path().join("two.backup");
    let said = on_disk
        .run(&["backup", other.to_str().unwrap()], "")
        .unwrap();
    assert!(
        said.contains("not in it: 3 files that the database names"),
        "{said}"
    );

    let said = bucket.run(&["files", "--copy-to", "folder"], "").unwrap();
    assert!(said.starts_with("3 files copied to "), "{said}");
    assert!(
        on_disk
            .run(&["check"], "")
            .unwrap()
            .starts_with("all is well")
    );
    let said = bucket.run(&["files"], "").unwrap();
    assert_eq!(said.matches(": 3 files, 1 MB").count(), 2, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_file_in_a_bucket_is_lost_by_a_kill() {
    let Some(s3) = s3::S3::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let on_disk = place(&folder.path().join("live"));
    small(&on_disk).await;
    let bucket = in_bucket(&on_disk, &s3);
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let mut server = bucket.serve().unwrap();
        let mut client = signed_in(&server).await;
        let (said, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let uploads = async {
            for n in 0.. {
                let text = format!("{round}-{n} {}", "x".repeat(200_000));
                match attach(&mut client, &text).await {
                    Ok(path) => acknowledged.push((path, text)),
                    Err(_) => break,
                }
                let _ = said.send(n);
            }
        };
        let kill = async {
            for _ in 0..3 {
                heard.recv().await;
            }
            // In the middle of the next one, each time somewhere else.
            tokio::time::sleep(Duration::from_millis(3 + round * 9)).await;
            server.kill().unwrap();
        };
        tokio::join!(uploads, kill);
    }
    assert!(acknowledged.len() >= 9, "{}", acknowledged.len());
    assert!(
        bucket
            .run(&["check"], "")
            .unwrap()
            .starts_with("all is well")
    );
    let server = bucket.serve().unwrap();
    let mut client = signed_in(&server).await;
    for (path, text) in &acknowledged {
        assert!(client.get(path).await.unwrap().body == text.as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_named_whole_and_a_server_without_it_says_so_and_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let mut live = place(&folder.path().join("live"));
    small(&live).await;
    live.environment = vec![
        ("CHENGDAN_S3_ENDPOINT", "http://127.0.0.1:9".into()),
        ("CHENGDAN_S3_ACCESS_KEY", "AKID".into()),
    ];
    let said = refusal(live.run(&["check"], ""));
    assert!(
        said.contains("also need s3_bucket, s3_secret_key"),
        "{said}"
    );
    live.environment
        .push(("CHENGDAN_S3_BUCKET", "files".into()));
    live.environment
        .push(("CHENGDAN_S3_SECRET_KEY", "do-not-tell".into()));
    let said = refusal(live.run(&["check"], ""));
    assert!(
        said.contains("the bucket files at http://127.0.0.1:9: not reachable"),
        "{said}"
    );
    assert!(
        !said.contains("do-not-tell") && !said.contains("X-Amz"),
        "{said}"
    );
    let help = live.run(&["serve", "--help"], "").unwrap();
    assert!(
        help.contains("--s3-endpoint") && !help.contains("do-not-tell"),
        "{help}"
    );
    let server = live.serve().unwrap();
    let mut client = signed_in(&server).await;
    assert!(client.get("/readyz").await.is_err());
    assert!(attach(&mut client, "nowhere to go").await.is_err());
    let page = client.get_json("/api/customers").await.unwrap();
    let id = page["rows"][0]["id"].as_str().unwrap().to_owned();
    let list = client
        .get_json(&format!("/api/customers/{id}/attachments"))
        .await
        .unwrap();
    assert_eq!(list["rows"], json!([]));
    live.environment = vec![
        ("CHENGDAN_S3_ENDPOINT", "http://8.8.8.8".into()),
        ("CHENGDAN_S3_ACCESS_KEY", "AKID".into()),
        ("CHENGDAN_S3_BUCKET", "files".into()),
        ("CHENGDAN_S3_SECRET_KEY", "do-not-tell".into()),
    ];
    let said = refusal(live.run(&["files"], ""));
    assert!(said.contains("use https://"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_was_broken_off_is_no_database_and_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let demo = place(&folder.path().join("demo"));
    create(&demo, "li@example.com");
    std::fs::write(demo.data.join("chengdan.loading"), "").unwrap();
    std::fs::write(demo.data.join("chengdan.db"), "half a page").unwrap();
    for command in ["check", "migrate"] {
        let said = refusal(demo.run(&[command], ""));
        assert!(said.contains("broken off"), "{said}");
    }
    demo.run(&["demo", "--load-only"], "").unwrap();
    assert!(demo.run(&["check"], "").unwrap().starts_with("all is well"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loaded_database_has_the_schema_that_the_migrations_make() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, demo) = (
        place(&folder.path().join("plain")),
        place(&folder.path().join("demo")),
    );
    plain.run(&["migrate"], "").unwrap();
    demo.run(&["demo", "--load-only"], "").unwrap();
    assert_eq!(schema(&demo).await, schema(&plain).await);
}

/// Tables, indexes and triggers, each with its statement.
async fn schema(place: &Place) -> BTreeMap<String, Option<String>> {
    let source = Source::Sqlite(place.data.join("chengdan.db"));
    let db = Db::open(source).await.unwrap();
    let select = Query::select()
        .columns(["name", "sql"].map(Alias::new))
        .from(Alias::new("sqlite_schema"))
        .and_where(col("name").not_like("sqlite_stat%"))
        .to_owned();
    let rows = db.all(&select).await.unwrap();
    let found = rows.iter().map(|row| {
        (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
        )
    });
    found.collect()
}
