//! Teams, people, roles and what they may see.

use platform::ledger;
use rules::permission::{Action, FieldRule, Grants, Scope};
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
async fn each_role_sees_the_customers_of_its_scope() {
    each_database(async |world| {
        for person in ["li", "wang", "zhao", "qian"] {
            world
                .as_person(person)
                .customer(&format!("customer of {person}"))
                .await;
        }
        let seen = async |person: &str| {
            let mut names = world.as_person(person).names("customers", &[]).await;
            names.sort();
            names
                .iter()
                .map(|name| name.replace("customer of ", ""))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(seen("li").await, "li");
        assert_eq!(seen("supervisor").await, "li wang");
        assert_eq!(seen("director").await, "li wang zhao");
        assert_eq!(seen("north_supervisor").await, "qian");
        assert_eq!(seen("support").await, "");
        assert_eq!(seen("admin").await, "li qian wang zhao");
    })
    .await;
}

#[tokio::test]
async fn roles_unite_instead_of_the_highest_winning() {
    each_database(async |world| {
        let of_wang = world.as_person("wang").customer("王的客户").await;
        let of_qian = world.as_person("qian").customer("钱的客户").await;
        let li = world.as_person("li");
        li.customer("李的客户").await;
        let read = |scope: Scope| Grants::default().allow("customers", &[Action::Read], scope);
        give(world, "li", read(Scope::Team), false).await;
        assert_eq!(
            li.names("customers", &[("sort", "name")]).await,
            ["李的客户", "王的客户"]
        );
        give(
            world,
            "li",
            read(Scope::NamedTeams(vec![id("north_1")])),
            false,
        )
        .await;
        assert_eq!(
            li.names("customers", &[("sort", "name")]).await,
            ["李的客户", "钱的客户", "王的客户"]
        );
        // What is only readable stays only readable.
        let path = |row: &Json| format!("/api/customers/{}", id_of(row));
        assert_eq!(li.get(&path(&of_qian)).await.json["can"], json!([]));
        assert_eq!(
            li.patch(&path(&of_wang), 1, json!({ "level": "A" }))
                .await
                .status,
            403
        );
        assert_eq!(li.delete(&path(&of_wang), 1).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn an_empty_list_of_named_teams_denies() {
    each_database(async |world| {
        world.as_person("qian").customer("甲").await;
        let li = world.as_person("li");
        give(
            world,
            "li",
            Grants::default().allow("customers", &[Action::Read], Scope::NamedTeams(vec![])),
            true,
        )
        .await;
        assert_eq!(li.get("/api/customers").await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn the_scopes_of_a_list_and_of_a_single_record_are_the_same() {
    each_database(async |world| {
        let mut rows = Vec::new();
        for name in [
            "supervisor",
            "director",
            "li",
            "wang",
            "zhao",
            "qian",
            "north_supervisor",
        ] {
            rows.push(world.as_person(name).customer(name).await);
        }
        let orphan = world.as_person("admin").customer("orphan").await;
        rows.push(
            world
                .as_person("admin")
                .edit("customers", &orphan, json!({ "owner_id": null }))
                .await,
        );
        let scopes = [
            Scope::Own,
            Scope::OwnAndSubordinates,
            Scope::Team,
            Scope::TeamAndBelow,
            Scope::NamedTeams(vec![id("north_1"), id("east_2")]),
            Scope::All,
        ];
        for scope in scopes {
            let grants =
                Grants::default().allow("customers", &[Action::Read, Action::Edit], scope.clone());
            give(world, "director", grants, true).await;
            let director = world.as_person("director");
            let mut listed = director.names("customers", &[]).await;
            listed.sort();
            let mut single = Vec::new();
            for row in &rows {
                let answer = director
                    .get(&format!("/api/customers/{}", id_of(row)))
                    .await;
                if answer.status == 200 {
                    assert_eq!(answer.json["can"], json!(["edit"]), "{scope:?}");
                    single.push(row["name"].as_str().unwrap().to_owned());
                }
            }
            single.sort();
            assert_eq!(listed, single, "{scope:?}");
            assert_eq!(
                listed.len(),
                match scope {
                    Scope::Own => 1,
                    Scope::Team => 1,
                    Scope::OwnAndSubordinates | Scope::TeamAndBelow => 5,
                    Scope::NamedTeams(_) => 3,
                    Scope::All => 8,
                },
                "{scope:?} {listed:?}"
            );
        }
    })
    .await;
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
async fn only_who_configures_gives_rights_away() {
    each_database(async |world| {
        let grants = Grants::default()
            .allow(
                "people",
                &[Action::Read, Action::Create, Action::Edit],
                Scope::All,
            )
            .allow(
                "roles",
                &[Action::Read, Action::Create, Action::Edit],
                Scope::All,
            );
        give(world, "wang", grants, true).await;
        let wang = world.as_person("wang");
        let own = person(world, "wang").await;
        let path = format!("/api/people/{}", id("wang"));
        let answer = wang
            .patch(
                &path,
                version_of(&own),
                json!({ "role_ids": [role(world, "administrator")] }),
            )
            .await;
        assert_eq!(answer.errors(), ["/role_ids field_not_allowed"]);
        // Neither by changing what their own role allows …
        let own_role = wang
            .get(&format!(
                "/api/roles/{}",
                own["role_ids"][0].as_str().unwrap()
            ))
            .await
            .json;
        let all = Grants::default().allow("customers", &[Action::Read], Scope::All);
        let answer = wang
            .patch(
                &format!("/api/roles/{}", id_of(&own_role)),
                version_of(&own_role),
                json!({ "grants": all }),
            )
            .await;
        assert_eq!(answer.errors(), ["/grants field_not_allowed"]);
        // … nor by taking over the way an administrator signs in.
        let row = person(world, "admin").await;
        for changes in [
            json!({ "email": "wang2@example.com" }),
            json!({ "mobile": "13800138000" }),
        ] {
            let answer = wang
                .patch(
                    &format!("/api/people/{}", id("admin")),
                    version_of(&row),
                    changes,
                )
                .await;
            assert_eq!((answer.status, answer.code()), (422, "field_not_allowed"));
        }
    })
    .await;
}

fn masked() -> Grants {
    Grants::default()
        .allow(
            "customers",
            &[Action::Read, Action::Create, Action::Edit, Action::Export],
            Scope::Team,
        )
        .allow(
            "contacts",
            &[Action::Read, Action::Create, Action::Edit, Action::Export],
            Scope::Team,
        )
        .field("contacts", "mobile", FieldRule::Mask)
        .field("contacts", "email", FieldRule::Hide)
        .field("customers", "phone", FieldRule::Mask)
        .field("customers", "owner_id", FieldRule::Mask)
}

#[tokio::test]
async fn a_masked_field_is_masked_wherever_it_shows() {
    each_database(async |world| {
        let wang = world.as_person("wang");
        let customer = wang.create("customers", json!({ "name": "甲公司", "phone": "021-62345678" })).await;
        let contact = wang
            .create("contacts", json!({ "name": "张三", "customer_id": customer["id"], "mobile": "13912345678", "email": "zhang@example.com" }))
            .await;
        give(world, "li", masked(), true).await;
        let li = world.as_person("li");
        let path = format!("/api/contacts/{}", id_of(&contact));
        let one = li.get(&path).await.json;
        let listed = li.get("/api/contacts").await.rows()[0].clone();
        for row in [&one, &listed] {
            assert_eq!(row["mobile"], "139****5678");
            assert!(row.get("email").is_none());
            assert_eq!(row["masked"], json!(["mobile"]));
        }
        // Not even by the answer to a change of something else.
        let edited = li.edit("contacts", &one, json!({ "title": "经理" })).await;
        assert_eq!(edited["mobile"], "139****5678");
        assert!(edited.get("email").is_none());
        for (name, value) in [("mobile", "13912345678"), ("email", "x@example.com")] {
            let answer = li.patch(&path, version_of(&edited), json!({ name: value })).await;
            assert_eq!((answer.status, answer.code()), (422, "field_not_allowed"), "{name}");
        }
        // Asking for what it holds, or for its order, would tell it.
        for name in ["mobile", "email"] {
            let filter = json!({ "field": name, "op": "starts_with", "value": "1" }).to_string();
            assert_eq!(li.query("/api/contacts", &[("filter", &filter)]).await.status, 422);
            assert_eq!(li.query("/api/contacts", &[("sort", name)]).await.status, 422);
        }
        let through = json!({ "field": "customer_id.phone", "op": "not_empty" }).to_string();
        assert_eq!(li.query("/api/contacts", &[("filter", &through)]).await.status, 422);
        for q in ["13912345678", "5678", "zhang@example", "62345678"] {
            assert_eq!(li.names("contacts", &[("q", q)]).await, [""; 0], "{q}");
            assert_eq!(li.names("customers", &[("q", q)]).await, [""; 0], "{q}");
        }
        assert_eq!(wang.names("contacts", &[("q", "5678")]).await, ["张三"]);
        assert_eq!(li.names("contacts", &[("q", "张三")]).await, ["张三"]);
        // A masked reference isn't named either.
        let row = li.get(&format!("/api/customers/{}", id_of(&customer))).await.json;
        assert_eq!(row["owner_id"], Json::Null);
        assert!(row["labels"].get(id("wang").to_string()).is_none() || row["created_by"] == json!(id("wang")));
        let meta = li.get("/api/meta").await.json;
        let contacts = meta["resources"].as_array().unwrap().iter().find(|r| r["name"] == "contacts").unwrap().clone();
        let fields: Vec<&str> = contacts["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        assert!(fields.contains(&"mobile") && !fields.contains(&"email"));
    })
    .await;
}

#[tokio::test]
async fn a_role_only_names_what_exists() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let refused = async |grants: Json| {
            let answer = admin.post("/api/roles", json!({ "name": "r", "grants": grants })).await;
            assert_eq!(answer.status, 422, "{grants}");
            answer.code().to_owned()
        };
        assert_eq!(refused(json!({ "resources": { "moons": { "read": "all" } } })).await, "unknown_resource");
        assert_eq!(refused(json!({ "resources": { "customers": { "read": "everything" } } })).await, "bad_grants");
        assert_eq!(refused(json!({ "resources": { "customers": { "read": { "named_teams": [Uuid::nil()] } } } })).await, "unknown_reference");
        assert_eq!(refused(json!({ "fields": { "moons": { "x": "mask" } } })).await, "unknown_resource");
        assert_eq!(refused(json!({ "fields": { "customers": { "moon": "mask" } } })).await, "unknown_field");
        // A name that search finds can't be hidden from those who search.
        assert_eq!(refused(json!({ "fields": { "customers": { "name": "hide" } } })).await, "field_not_allowed");
        assert_eq!(refused(json!([1])).await, "bad_grants");
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
