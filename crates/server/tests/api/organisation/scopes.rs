//! What roles may see, and how far.

use rules::permission::{Action, Grants, Scope};
use serde_json::{Value as Json, json};

use super::give;
use crate::support::{each_database, id, id_of};

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
