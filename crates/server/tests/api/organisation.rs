//! Teams, people, and how both change.

mod rights;
mod scopes;

use platform::ledger;
use rules::permission::{Action, Grants, Scope};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{DAY_MS, NOW_MS, World, each_database, id, id_of, version_of};

/// The role with this code.
pub fn role(world: &World, code: &str) -> Uuid {
    let directory = world.app.directory();
    directory
        .roles
        .values()
        .find(|role| role.code.as_deref() == Some(code))
        .expect("a shipped role")
        .id
}

pub async fn person(world: &World, name: &str) -> Json {
    world
        .as_person("admin")
        .get(&format!("/api/people/{}", id(name)))
        .await
        .json
}

/// Makes a role and gives it to a person besides what they have, or instead of it.
pub async fn give(world: &World, name: &str, grants: Grants, instead: bool) -> Json {
    let admin = world.as_person("admin");
    let made = admin
        .create(
            "roles",
            json!({ "name": format!("role of {name}"), "grants": grants }),
        )
        .await;
    let person = person(world, name).await;
    let mut roles = if instead {
        vec![]
    } else {
        person["role_ids"].as_array().unwrap().clone()
    };
    roles.push(made["id"].clone());
    admin
        .edit("people", &person, json!({ "role_ids": roles }))
        .await;
    made
}

#[tokio::test]
async fn a_team_below_itself_is_refused() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let path = format!("/api/teams/{}", id("east"));
        let version = version_of(&admin.get(&path).await.json);
        for parent in ["east", "east_1"] {
            let answer = admin
                .patch(&path, version, json!({ "parent_id": id(parent) }))
                .await;
            assert_eq!((answer.status, answer.code()), (422, "cycle"));
        }
    })
    .await;
}

#[tokio::test]
async fn two_moves_at_once_close_no_circle_of_teams() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        for round in 0..5 {
            let a = admin
                .create("teams", json!({ "name": format!("a{round}") }))
                .await;
            let b = admin
                .create("teams", json!({ "name": format!("b{round}") }))
                .await;
            let below = async |row: &Json, other: &Json| {
                let path = format!("/api/teams/{}", id_of(row));
                admin
                    .patch(&path, 1, json!({ "parent_id": other["id"] }))
                    .await
                    .status
            };
            let mut statuses: [u16; 2] = tokio::join!(below(&a, &b), below(&b, &a)).into();
            statuses.sort();
            assert_eq!(statuses, [200, 422]);
        }
    })
    .await;
}

#[tokio::test]
async fn two_supervisions_at_once_close_no_circle_of_people() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let (li, wang) = (person(world, "li").await, person(world, "wang").await);
        let under = async |row: &Json, other: &Json| {
            let path = format!("/api/people/{}", id_of(row));
            admin
                .patch(
                    &path,
                    version_of(row),
                    json!({ "supervisor_id": other["id"] }),
                )
                .await
                .status
        };
        let mut statuses: [u16; 2] = tokio::join!(under(&li, &wang), under(&wang, &li)).into();
        statuses.sort();
        assert_eq!(statuses, [200, 422]);
    })
    .await;
}

#[tokio::test]
async fn changes_of_the_organisation_at_once_leave_its_closure_right() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let makes = (0..8).map(|i| {
            admin.create(
                "teams",
                json!({ "name": format!("t{i}"), "parent_id": id("north_1") }),
            )
        });
        futures_util::future::join_all(makes).await;
        let closure = Query::select()
            .column(Alias::new("descendant_id"))
            .from(Alias::new("team_closure"))
            .and_where(Expr::col(Alias::new("ancestor_id")).eq(id("north")))
            .to_owned();
        assert_eq!(world.app.db.all(&closure).await.unwrap().len(), 10);
        assert_eq!(world.app.directory().teams.len(), 14);
    })
    .await;
}

/// `team from until` of a person, oldest first.
async fn memberships(world: &World, name: &str) -> Vec<String> {
    let select = Query::select()
        .columns(["team_id", "from_on", "until_on"].map(Alias::new))
        .from(Alias::new("membership"))
        .and_where(Expr::col(Alias::new("person_id")).eq(id(name)))
        .order_by(Alias::new("from_on"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    let directory = world.app.directory();
    let rows = world.app.db.all(&select).await.unwrap();
    rows.iter()
        .map(|row| {
            let team: Uuid = row.try_get_by_index(0).unwrap();
            let from: String = row.try_get_by_index(1).unwrap();
            let until: Option<String> = row.try_get_by_index(2).unwrap();
            format!(
                "{} {from} {}",
                directory.teams[&team].name,
                until.unwrap_or_default()
            )
        })
        .collect()
}

#[tokio::test]
async fn moving_somebody_keeps_the_past_in_the_old_team() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let of_li = world.as_person("li").customer("甲").await;
        world.set_clock(NOW_MS + 10 * DAY_MS);
        let row = admin
            .edit(
                "people",
                &person(world, "li").await,
                json!({ "team_id": id("north_1") }),
            )
            .await;
        assert_eq!(
            memberships(world, "li").await,
            ["上海队 2025-01-06 2026-06-25", "北京队 2026-06-25 "]
        );
        assert_eq!(
            world
                .as_person("director")
                .get(&format!("/api/customers/{}", id_of(&of_li)))
                .await
                .status,
            404
        );
        assert_eq!(
            world
                .as_person("north_supervisor")
                .get(&format!("/api/customers/{}", id_of(&of_li)))
                .await
                .status,
            200
        );
        // A second move on the same day corrects the first: nobody was there for no day at all.
        admin
            .edit("people", &row, json!({ "team_id": id("east_2") }))
            .await;
        assert_eq!(
            memberships(world, "li").await,
            ["上海队 2025-01-06 2026-06-25", "杭州队 2026-06-25 "]
        );
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let row = person(world, "admin").await;
        let path = format!("/api/people/{}", id("admin"));
        for changes in [
            json!({ "is_active": false }),
            json!({ "role_ids": [] }),
            json!({ "role_ids": [role(world, "director")] }),
        ] {
            let answer = admin.patch(&path, version_of(&row), changes).await;
            assert_eq!((answer.status, answer.code()), (409, "last_administrator"));
        }
        // Nor may somebody remove them who may remove people.
        let grants = Grants::default().allow(
            "people",
            &[Action::Read, Action::Edit, Action::Delete],
            Scope::All,
        );
        give(world, "wang", grants, true).await;
        let answer = world
            .as_person("wang")
            .delete(&path, version_of(&row))
            .await;
        assert_eq!((answer.status, answer.code()), (409, "last_administrator"));
        let answer = world
            .as_person("wang")
            .patch(&path, version_of(&row), json!({ "is_active": false }))
            .await;
        assert_eq!((answer.status, answer.code()), (409, "last_administrator"));
        let role = admin
            .get(&format!("/api/roles/{}", role(world, "administrator")))
            .await
            .json;
        let answer = admin
            .patch(
                &format!("/api/roles/{}", id_of(&role)),
                version_of(&role),
                json!({ "grants": {} }),
            )
            .await;
        assert_eq!((answer.status, answer.code()), (409, "last_administrator"));
    })
    .await;
}

#[tokio::test]
async fn two_administrators_can_not_remove_each_other_at_once() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let administrators = json!({ "role_ids": [role(world, "administrator")] });
        let wang = admin
            .edit("people", &person(world, "wang").await, administrators)
            .await;
        let row = person(world, "admin").await;
        let off = async |by: &str, row: &Json| {
            let path = format!("/api/people/{}", id_of(row));
            world
                .as_person(by)
                .patch(&path, version_of(row), json!({ "is_active": false }))
                .await
                .status
        };
        let (one, two) = tokio::join!(off("admin", &wang), off("wang", &row));
        assert!(
            [one, two].contains(&200) && (one != 200 || two != 200),
            "{one} {two}"
        );
        let active = world
            .app
            .directory()
            .people
            .values()
            .filter(|p| p.is_active && p.role_ids.contains(&role(world, "administrator")))
            .count();
        assert_eq!(active, 1);
    })
    .await;
}

#[tokio::test]
async fn every_change_of_the_organisation_is_in_the_ledger() {
    each_database(async |world| {
        let before = ledger::head(&world.app.db).await.unwrap();
        let admin = world.as_person("admin");
        admin
            .edit(
                "people",
                &person(world, "li").await,
                json!({ "title": "经理" }),
            )
            .await;
        let entries = ledger::after(&world.app.db, before, 10).await.unwrap();
        assert_eq!(entries.len(), 1);
        let entry = &entries[0];
        assert_eq!(
            (
                entry.resource.as_str(),
                entry.action.as_str(),
                entry.actor_id
            ),
            ("people", "update", Some(id("admin")))
        );
        assert!(entry.source.starts_with("session:"));
        assert_eq!(
            (&entry.before, &entry.after),
            (
                &Some(json!({ "title": null })),
                &Some(json!({ "title": "经理" }))
            )
        );
        assert_eq!(ledger::verify(&world.app.db).await.unwrap(), Ok(entry.seq));
    })
    .await;
}
