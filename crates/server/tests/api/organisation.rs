//! Teams, people, roles and what they may see.

use serde_json::json;

use crate::support::{each_database, id};

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
async fn a_team_below_itself_is_refused() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let east = admin.get(&format!("/api/teams/{}", id("east"))).await.json;
        let answer = admin
            .patch(
                &format!("/api/teams/{}", id("east")),
                east["version"].as_i64().unwrap(),
                json!({ "parent_id": id("east_1") }),
            )
            .await;
        assert_eq!((answer.status, answer.code()), (422, "cycle"));
    })
    .await;
}
