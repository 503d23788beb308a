//! Who gives rights away, and what a masked field shows.

use rules::permission::{Action, FieldRule, Grants, Scope};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{give, person, role};
use crate::support::{each_database, id, id_of, version_of};

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
