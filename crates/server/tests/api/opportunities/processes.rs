//! The process editor: in place, as a new revision, and with running opportunities going over.

use serde_json::{Value as Json, json};

use super::{Stages, acted, opportunity, process_id, stored, way};
use crate::support::{Client, each_database, id_of};

async fn stages_json(client: &Client, process: uuid::Uuid) -> Vec<Json> {
    client
        .get(&format!("/api/processes/{process}/stages"))
        .await
        .rows()
}

async fn save(client: &Client, process: uuid::Uuid, body: Json) -> crate::support::Answer {
    client
        .put(&format!("/api/processes/{process}/stages"), 1, body)
        .await
}

#[tokio::test]
async fn stages_that_nobody_uses_are_changed_in_place() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let process = process_id(&admin, "ordinary").await;
        let mut stages = stages_json(&admin, process).await;
        stages[1]["win_chance"] = json!(15);
        stages.remove(2);
        stages.insert(0, json!({ "code": "rumour", "name": "风声", "name_en": "Rumour", "kind": "open", "win_chance": 1 }));
        let answer = save(&admin, process, json!({ "stages": stages })).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        assert_eq!((&answer.json["in_place"], &answer.json["revision"]), (&json!(true), &json!(1)));
        let codes: Vec<Json> = answer.json["stages"].as_array().unwrap().iter().map(|stage| stage["code"].clone()).collect();
        assert_eq!(codes, ["rumour", "prospect", "target", "intention", "won", "lost"]);
        assert_eq!(answer.json["stages"][2]["win_chance"], 15.0);
        let row = opportunity(&world.as_person("li"), "新", json!({})).await;
        assert_eq!(Stages::of(&admin, "ordinary").await.code(&row["stage_id"]), "rumour");
    })
    .await;
}

#[tokio::test]
async fn a_used_stage_that_changes_makes_a_new_revision_and_the_old_keeps_running() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let row = opportunity(&li, "老商机", json!({})).await;
        let process = process_id(&admin, "ordinary").await;
        let mut stages = stages_json(&admin, process).await;
        // Words may be mended while the stage is in use.
        stages[0]["name"] = json!("新名字");
        let answer = save(&admin, process, json!({ "stages": stages })).await;
        assert_eq!(answer.json["in_place"], true, "{:?}", answer.json);
        stages[0]["win_chance"] = json!(8);
        let answer = save(&admin, process, json!({ "stages": stages })).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        assert_eq!(
            (
                &answer.json["in_place"],
                &answer.json["revision"],
                &answer.json["moved"]
            ),
            (&json!(false), &json!(2), &json!(0))
        );
        let next = process_id(&admin, "ordinary").await;
        assert_eq!(json!(next), answer.json["process_id"]);
        let old = admin.get(&format!("/api/processes/{process}")).await.json;
        assert_eq!(
            (&old["is_active"], &old["replaced_by"]),
            (&json!(false), &json!(next))
        );
        let still = li
            .get(&format!("/api/opportunities/{}", id_of(&row)))
            .await
            .json;
        assert_eq!(still["process_id"], json!(process));
        let new = opportunity(&li, "新商机", json!({})).await;
        assert_eq!(
            (&new["process_id"], &new["win_chance"]),
            (&json!(next), &json!(8.0))
        );
        let customer = li.customer("迟到").await;
        let late = json!({ "name": "迟到", "customer_id": id_of(&customer), "process_id": process,
            "next_step": "x", "next_step_on": "2026-06-20" });
        assert_eq!(
            li.post("/api/opportunities", late).await.errors(),
            ["/process_id process_not_active"]
        );
    })
    .await;
}

#[tokio::test]
async fn running_opportunities_go_over_by_the_mapping() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let before = Stages::of(&admin, "ordinary").await;
        let running = opportunity(
            &li,
            "在跑",
            json!({ "stage_id": before.id("engaged"), "amount": 1_000 }),
        )
        .await;
        let other = opportunity(&li, "也在跑", json!({})).await;
        let done = opportunity(&li, "已成", json!({})).await;
        let done = acted(&li, &done, "close", json!({ "outcome": "won" })).await;
        let process = process_id(&admin, "ordinary").await;
        let mut stages = stages_json(&admin, process).await;
        stages.remove(2);
        let body =
            json!({ "stages": stages, "move": { before.id("engaged").to_string(): "intention" } });
        let answer = save(&admin, process, body).await;
        assert_eq!(answer.errors(), ["/move stages_not_mapped"]);
        let body = json!({ "stages": stages, "move": {
            before.id("engaged").to_string(): "intention",
            before.id("prospect").to_string(): before.id("prospect"),
        } });
        let answer = save(&admin, process, body).await;
        assert_eq!(
            (answer.status, &answer.json["moved"]),
            (200, &json!(2)),
            "{:?}",
            answer.json
        );
        let after = Stages::of(&admin, "ordinary").await;
        let now = li
            .get(&format!("/api/opportunities/{}", id_of(&running)))
            .await
            .json;
        assert_eq!(after.code(&now["stage_id"]), "intention");
        assert_eq!(now["weighted_amount"]["amount_minor"], 600);
        assert_eq!(way(&li, &after, &running).await, " intention");
        let now = li
            .get(&format!("/api/opportunities/{}", id_of(&other)))
            .await
            .json;
        assert_eq!(after.code(&now["stage_id"]), "prospect");
        let kept = li
            .get(&format!("/api/opportunities/{}", id_of(&done)))
            .await
            .json;
        assert_eq!(kept["stage_id"], done["stage_id"]);
    })
    .await;
}

#[tokio::test]
async fn a_process_has_something_open_one_won_and_one_lost() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let process = process_id(&admin, "project").await;
        let stages = stages_json(&admin, process).await;
        let without = |kind: &str| {
            stages
                .iter()
                .filter(|stage| stage["kind"] != kind)
                .cloned()
                .collect::<Vec<_>>()
        };
        for kind in ["open", "won", "lost"] {
            let answer = save(&admin, process, json!({ "stages": without(kind) })).await;
            assert_eq!(answer.errors(), ["/stages stages_need_ends"], "{kind}");
        }
        let mut bad = stages.clone();
        bad[1]["code"] = bad[0]["code"].clone();
        bad[2]["win_chance"] = json!(101);
        bad[3]["name"] = json!("");
        let answer = save(&admin, process, json!({ "stages": bad })).await;
        assert_eq!(
            answer.errors(),
            [
                "/stages/1/code already_exists",
                "/stages/2/win_chance out_of_range",
                "/stages/3/name required"
            ]
        );
        let li = world.as_person("li");
        assert_eq!(
            save(&li, process, json!({ "stages": stages })).await.status,
            403
        );
        assert_eq!(stored(world, "stages").await.len(), 14);
    })
    .await;
}
