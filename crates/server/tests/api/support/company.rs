//! The small organisation: a company of two regions with three teams, and at least one person in each role.
//!
//! company: admin · east: director, with east_1 (supervisor, li, wang) and east_2 (zhao, support) · north: north_1
//! (north_supervisor, qian).

use std::sync::Arc;

use platform::access::Access;
use platform::app::App;
use platform::web::hash_secret;
use platform::write::Cause;
use rules::value::{Changes, Value};
use uuid::Uuid;

pub const PASSWORD: &str = "correct horse battery";

/// `(name, in Chinese, parent, manager)`.
const TEAMS: [(&str, &str, Option<&str>, Option<&str>); 6] = [
    ("company", "成单科技", None, None),
    ("east", "华东区", Some("company"), Some("director")),
    ("north", "华北区", Some("company"), None),
    ("east_1", "上海队", Some("east"), Some("supervisor")),
    ("east_2", "杭州队", Some("east"), None),
    ("north_1", "北京队", Some("north"), Some("north_supervisor")),
];

/// `(name, in Chinese, role, team)`.
const PEOPLE: [(&str, &str, &str, &str); 9] = [
    ("admin", "管理员", "administrator", "company"),
    ("director", "方华", "director", "east"),
    ("supervisor", "苏婷", "supervisor", "east_1"),
    ("north_supervisor", "白雪", "supervisor", "north_1"),
    ("li", "李明", "salesperson", "east_1"),
    ("wang", "王芳", "salesperson", "east_1"),
    ("zhao", "赵强", "salesperson", "east_2"),
    ("qian", "钱进", "salesperson", "north_1"),
    ("support", "孙悦", "support", "east_2"),
];

/// The id of a team or a person of the organisation: the same in every run.
pub fn id(name: &str) -> Uuid {
    let names = TEAMS
        .iter()
        .map(|team| team.0)
        .chain(PEOPLE.iter().map(|person| person.0));
    let number = names.into_iter().position(|known| known == name);
    let number = number.unwrap_or_else(|| panic!("the organisation has no {name}"));
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0100 + number as u128)
}

pub fn session_secret(name: &str) -> String {
    format!("session-of-{name}")
}

/// Fills an empty, migrated database.
pub async fn found(app: &Arc<App>) {
    server::organisation::roles::seed(app, "zh-CN")
        .await
        .expect("the shipped roles");
    server::opportunities::processes::seed(app, "zh-CN")
        .await
        .expect("the shipped processes");
    let access = Access::system(app, "tests");
    let hash = server::sign_in::password::hash(PASSWORD.into())
        .await
        .expect("a hash");
    let mut write = access.write_as(Cause::Load).await.expect("a write");
    let (teams, people) = (access.resource("teams"), access.resource("people"));
    let (teams, people) = (teams.expect("teams"), people.expect("people"));
    for (name, label, parent, manager) in TEAMS {
        let values = Changes::from([
            ("name".into(), label.into()),
            ("code".into(), name.into()),
            ("parent_id".into(), parent.map(id).into()),
            ("manager_id".into(), manager.map(id).into()),
        ]);
        write
            .create_with_id(&teams, id(name), values)
            .await
            .expect("a team");
    }
    for (name, label, role, team) in PEOPLE {
        let directory = app.directory();
        let role = directory
            .roles
            .values()
            .find(|known| known.code.as_deref() == Some(role));
        let role = role.expect("a shipped role").id.to_string();
        let values = Changes::from([
            ("name".into(), label.into()),
            ("email".into(), format!("{name}@example.com").into()),
            ("team_id".into(), id(team).into()),
            ("role_ids".into(), Value::List(vec![role])),
            ("hired_on".into(), "2025-01-06".into()),
        ]);
        let person = write
            .create_with_id(&people, id(name), values)
            .await
            .expect("a person");
        server::sign_in::password::store(&mut write, person.id(), hash.clone())
            .await
            .expect("a password");
        let columns = [
            "id",
            "secret_hash",
            "person_id",
            "device",
            "address",
            "created_at",
            "last_used_at",
        ];
        let row = vec![
            platform::clock::new_id().into(),
            hash_secret(&session_secret(name)).into(),
            person.id().into(),
            "tests".into(),
            "127.0.0.1".into(),
            write.now.into(),
            write.now.into(),
        ];
        write
            .insert("session", &columns, row)
            .await
            .expect("a session");
    }
    server::settings::set(&mut write, "company_name", "成单科技")
        .await
        .expect("the company's name");
    write.commit().await.expect("the organisation is saved");
}
