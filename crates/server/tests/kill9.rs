#![cfg(test)]
//! The real binary, killed in the middle of concurrent writes and imports. `bench/kill9` does the same a hundred times.

use bench::floor::Floor;
use bench::running::Place;

const ROUNDS: usize = 5;

fn place(data: &std::path::Path, database: Option<String>) -> Place {
    Place {
        chengdan: env!("CARGO_BIN_EXE_chengdan").into(),
        data: data.to_owned(),
        database,
        environment: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_by_a_kill_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let report = bench::kill::rounds(&place(folder.path(), None), ROUNDS, |_| {})
        .await
        .unwrap();
    assert!(report.acknowledged > 0, "{report:?}");
    assert_eq!(report.imports_begun, ROUNDS, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_by_a_kill_on_postgresql() {
    let Ok(url) = std::env::var("CHENGDAN_TEST_POSTGRES") else {
        return;
    };
    let name = format!("kill9_{}", std::process::id());
    let server = Floor::postgres(&url).await.unwrap();
    server
        .execute(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
        ))
        .await
        .unwrap();
    let (address, _) = url.rsplit_once('/').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path(), Some(format!("{address}/{name}")));
    let report = bench::kill::rounds(&place, ROUNDS, |_| {}).await.unwrap();
    assert!(report.acknowledged > 0, "{report:?}");
    assert_eq!(report.imports_begun, ROUNDS, "{report:?}");
    server
        .execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await
        .unwrap();
}
