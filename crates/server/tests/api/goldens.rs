//! What must not change unseen: the API's document, what each role may do, the schema, and where the product acts by itself.

mod alike;
mod rights;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};

use crate::support::{World, on_postgres, on_sqlite};

#[tokio::test]
async fn the_openapi_document() {
    on_sqlite(&async |world: &mut World| {
        insta::assert_json_snapshot!("openapi", world.openapi);
    })
    .await;
}

#[tokio::test]
async fn every_operation_has_a_summary_a_tag_and_an_id_of_its_own() {
    on_sqlite(&async |world: &mut World| {
        let mut ids = BTreeMap::new();
        for (method, path, operation) in rights::operations(&world.openapi) {
            for part in ["summary", "operationId"] {
                assert!(
                    !operation[part].as_str().unwrap_or_default().is_empty(),
                    "{method} {path}: {part}"
                );
            }
            assert!(operation["tags"][0].is_string(), "{method} {path}");
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert_eq!(ids.insert(id, (method, path)), None);
        }
        // Every schema that is referred to exists.
        let text = world.openapi.to_string();
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(
                world.openapi["components"]["schemas"][name].is_object(),
                "{name}"
            );
        }
    })
    .await;
}

/// Columns and indexes, one in a line.
async fn schema(world: &World) -> String {
    let (url, backend, columns, indexes) = match world.app.db.source() {
        platform::db::Source::Sqlite(path) => (
            format!("sqlite://{}", path.display()),
            DbBackend::Sqlite,
            "SELECT m.name || '.' || c.name || ' ' || c.type || CASE WHEN c.\"notnull\" THEN ' NOT NULL' ELSE '' END \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '%_gram%' \
             AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
            "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY name",
        ),
        platform::db::Source::Postgres(url) => (
            url.clone(),
            DbBackend::Postgres,
            "SELECT table_name || '.' || column_name || ' ' || udt_name || COALESCE(' COLLATE ' || collation_name, '') || \
             CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END FROM information_schema.columns \
             WHERE table_schema = 'public' ORDER BY table_name COLLATE \"C\", ordinal_position",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname COLLATE \"C\"",
        ),
    };
    let connection = Database::connect(url).await.expect("the database");
    let mut lines = Vec::new();
    for query in [columns, indexes] {
        let rows = connection
            .query_all_raw(Statement::from_string(backend, query))
            .await
            .expect("the schema");
        lines.extend(
            rows.iter()
                .map(|row| row.try_get_by_index::<String>(0).expect("a line")),
        );
        lines.push(String::new());
    }
    connection.close().await.expect("closing");
    lines.join("\n")
}

#[tokio::test]
async fn the_schema_on_sqlite() {
    on_sqlite(&async |world: &mut World| {
        insta::assert_snapshot!("schema_sqlite", schema(world).await);
    })
    .await;
}

#[tokio::test]
async fn the_schema_on_postgres() {
    on_postgres(&async |world: &mut World| {
        insta::assert_snapshot!("schema_postgres", schema(world).await);
    })
    .await;
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Where nobody's rights are asked: each new place must be seen by a reviewer.
#[test]
fn where_the_product_acts_by_itself() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for part in ["platform/src", "server/src"] {
        sources(&crates.join(part), &mut files);
    }
    let mut lines = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let count =
            text.matches("Access::system(").count() + text.matches("Actor::system(").count();
        if count > 0 {
            let name = file
                .strip_prefix(&crates)
                .expect("a file of ours")
                .display()
                .to_string();
            lines.push(format!("{name} {count}"));
        }
    }
    lines.sort();
    insta::assert_snapshot!("system_access", lines.join("\n"));
}
