#![cfg(test)]
//! The command line, through the real binary.

use std::path::Path;
use std::time::Duration;

use bench::client::Client;
use bench::floor::Floor;
use bench::running::Place;
use serde_json::json;

const PASSWORD: &str = "a-long-enough-one";

fn place(data: &Path) -> Place {
    Place {
        chengdan: env!("CARGO_BIN_EXE_chengdan").into(),
        data: data.to_owned(),
        database: None,
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
