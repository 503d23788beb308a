//! Advance, close, reopen, and what must be said with each.

use serde_json::{Value as Json, json};

use super::{Stages, act, acted, opportunity, stored, way};
use crate::support::{DAY_MS, MINUTE_MS, NOW_MS, each_database, id, id_of};

#[tokio::test]
async fn a_new_opportunity_begins_the_usual_process_with_its_first_stage() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let row = opportunity(
            &li,
            "产线改造",
            json!({ "amount": { "amount_minor": 100_001, "currency": "CNY" } }),
        )
        .await;
        assert_eq!(stages.code(&row["stage_id"]), "prospect");
        assert_eq!(
            (&row["outcome"], &row["win_chance"]),
            (&json!("open"), &json!(5.0))
        );
        assert_eq!(row["weighted_amount"]["amount_minor"], 5_000);
        assert_eq!(row["number"], "O-2026-000001");
        assert_eq!(row["owner_id"], json!(id("li")));
        assert_eq!(
            opportunity(&li, "二期", json!({})).await["number"],
            "O-2026-000002"
        );
        assert_eq!(way(&li, &stages, &row).await, "prospect");

        let key = li
            .create(
                "customers",
                json!({ "name": "大客户", "class": "key_account" }),
            )
            .await;
        let row = super::opportunity_at(&li, &key, "大项目", json!({})).await;
        assert_eq!(
            Stages::of(&li, "project").await.code(&row["stage_id"]),
            "lead"
        );
    })
    .await;
}

#[tokio::test]
async fn a_given_number_is_never_given_again() {
    each_database(async |world| {
        let li = world.as_person("li");
        opportunity(&li, "一", json!({ "number": "O-2026-000007" })).await;
        assert_eq!(
            opportunity(&li, "二", json!({})).await["number"],
            "O-2026-000008"
        );
    })
    .await;
}

#[tokio::test]
async fn an_open_opportunity_needs_a_next_step() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("客户").await;
        let bare = json!({ "name": "没有下一步", "customer_id": id_of(&customer) });
        let answer = li.post("/api/opportunities", bare).await;
        assert_eq!(answer.status, 422);
        assert_eq!(
            answer.errors(),
            ["/next_step required", "/next_step_on required"]
        );
        let row = opportunity(&li, "有下一步", json!({})).await;
        let answer = li
            .patch(
                &format!("/api/opportunities/{}", id_of(&row)),
                1,
                json!({ "next_step": null }),
            )
            .await;
        assert_eq!(answer.errors(), ["/next_step required"]);
    })
    .await;
}

#[tokio::test]
async fn advancing_takes_the_stage_s_chance_and_lifts_the_customer() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let row = opportunity(&li, "产线", json!({ "amount": 1_000 })).await;
        world.set_clock(NOW_MS + 3 * DAY_MS);
        let row = acted(
            &li,
            &row,
            "advance",
            json!({ "stage_id": stages.id("intention") }),
        )
        .await;
        assert_eq!(
            (&row["win_chance"], &row["weighted_amount"]["amount_minor"]),
            (&json!(60.0), &json!(600))
        );
        assert_eq!(way(&li, &stages, &row).await, "prospect intention");
        let customer = li
            .get(&format!(
                "/api/customers/{}",
                row["customer_id"].as_str().unwrap()
            ))
            .await
            .json;
        assert_eq!(customer["funnel_level"], "intention");
        // Going back does not take the customer back.
        let row = acted(
            &li,
            &row,
            "advance",
            json!({ "stage_id": stages.id("target") }),
        )
        .await;
        let customer = li
            .get(&format!("/api/customers/{}", id_of(&customer)))
            .await
            .json;
        assert_eq!(customer["funnel_level"], "intention");
        let history = li
            .get(&format!("/api/opportunities/{}/stages", id_of(&row)))
            .await
            .rows();
        assert_eq!(history[0]["days"], 3.0);
        assert_eq!(history[0]["by"], json!(id("li")));
        assert_eq!(reaches(world).await, ["intention", "prospect"]);
    })
    .await;
}

/// Undoes a batch; answers the batch of the undoing.
async fn take_back(world: &crate::support::World, batch: uuid::Uuid) -> uuid::Uuid {
    let access = platform::access::Access::system(&world.app, "tests");
    let mut write = access
        .write_as(platform::write::Cause::Undo)
        .await
        .expect("a write");
    write.undo(batch).await.expect("the batch is undone");
    write.commit().await.expect("a commit")
}

/// Levels with a note of their first day, in the order of the alphabet.
async fn reaches(world: &crate::support::World) -> Vec<String> {
    let select = sea_orm::sea_query::Query::select()
        .column(sea_orm::sea_query::Alias::new("level"))
        .from(sea_orm::sea_query::Alias::new("funnel_reach"))
        .to_owned();
    let rows = world.app.db.all(&select).await.expect("rows");
    let mut levels: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a level"))
        .collect();
    levels.sort();
    levels
}

#[tokio::test]
async fn a_lost_opportunity_needs_a_reason_and_a_day_that_has_come() {
    each_database(async |world| {
        let li = world.as_person("li");
        let row = opportunity(&li, "产线", json!({ "amount": 1_000 })).await;
        let answer = act(&li, &row, "close", json!({ "outcome": "lost" })).await;
        assert_eq!((answer.status, answer.errors()), (422, vec!["/loss_reason required".to_owned()]));
        let tomorrow = json!({ "outcome": "lost", "loss_reason": "price", "closed_on": "2026-06-16" });
        let answer = act(&li, &row, "close", tomorrow).await;
        assert_eq!(answer.errors(), ["/closed_on in_future"]);
        let body = json!({ "outcome": "lost", "loss_reason": "price", "competitor": "对手", "note": "太贵" });
        let row = acted(&li, &row, "close", body).await;
        assert_eq!(row["closed_on"], "2026-06-15");
        assert_eq!((&row["outcome"], &row["loss_note"]), (&json!("lost"), &json!("太贵")));
        assert_eq!((&row["win_chance"], &row["weighted_amount"]["amount_minor"]), (&json!(0.0), &json!(0)));
        assert_eq!(row["next_step"], Json::Null);
        let answer = act(&li, &row, "close", json!({ "outcome": "won" })).await;
        assert_eq!((answer.status, answer.code()), (409, "already_closed"));
        let answer = li
            .patch(&format!("/api/opportunities/{}", id_of(&row)), 2, json!({ "loss_reason": null }))
            .await;
        assert_eq!(answer.errors(), ["/loss_reason required"]);
    })
    .await;
}

#[tokio::test]
async fn a_closed_opportunity_is_reopened_with_a_reason_only() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let row = opportunity(&li, "产线", json!({ "amount": 1_000 })).await;
        let answer = act(
            &li,
            &row,
            "reopen",
            json!({ "stage_id": stages.id("target"), "reason": "x" }),
        )
        .await;
        assert_eq!((answer.status, answer.code()), (409, "not_closed"));
        let row = acted(
            &li,
            &row,
            "close",
            json!({ "outcome": "lost", "loss_reason": "timing" }),
        )
        .await;
        let path = format!("/api/opportunities/{}", id_of(&row));
        let answer = li
            .patch(&path, 2, json!({ "stage_id": stages.id("target") }))
            .await;
        assert_eq!((answer.status, answer.code()), (409, "reopen_needs_reason"));
        let answer = act(
            &li,
            &row,
            "reopen",
            json!({ "stage_id": stages.id("target"), "reason": " " }),
        )
        .await;
        assert_eq!(answer.errors(), ["/reason required"]);
        let answer = act(
            &li,
            &row,
            "reopen",
            json!({ "stage_id": stages.id("won"), "reason": "x" }),
        )
        .await;
        assert_eq!(answer.errors(), ["/stage_id stage_not_open"]);
        let row = acted(
            &li,
            &row,
            "reopen",
            json!({ "stage_id": stages.id("target"), "reason": "预算批了" }),
        )
        .await;
        assert_eq!(
            (&row["closed_on"], &row["loss_reason"]),
            (&Json::Null, &Json::Null)
        );
        assert_eq!(
            (&row["outcome"], &row["reopen_reason"]),
            (&json!("open"), &json!("预算批了"))
        );
        assert_eq!(way(&li, &stages, &row).await, "prospect lost target");
    })
    .await;
}

#[tokio::test]
async fn an_inline_edit_of_the_stage_follows_the_rules_of_the_moves() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let project = Stages::of(&li, "project").await;
        let row = opportunity(&li, "产线", json!({})).await;
        let path = format!("/api/opportunities/{}", id_of(&row));
        let answer = li
            .patch(&path, 1, json!({ "stage_id": stages.id("lost") }))
            .await;
        assert_eq!(answer.errors(), ["/loss_reason required"]);
        let answer = li
            .patch(&path, 1, json!({ "stage_id": project.id("needs") }))
            .await;
        assert_eq!(answer.errors(), ["/stage_id stage_not_in_process"]);
        let answer = li.patch(&path, 1, json!({ "win_chance": 101 })).await;
        assert_eq!(answer.errors(), ["/win_chance out_of_range"]);
        let answer = li.patch(&path, 1, json!({ "amount": -1 })).await;
        assert_eq!(answer.errors(), ["/amount negative"]);
        let answer = li
            .patch(&path, 1, json!({ "closed_on": "2026-06-01" }))
            .await;
        assert_eq!(answer.errors(), ["/closed_on only_when_closed"]);
        let answer = li
            .patch(&path, 1, json!({ "stage_id": stages.id("won") }))
            .await;
        assert_eq!(
            (answer.status, &answer.json["outcome"]),
            (200, &json!("won"))
        );
        assert_eq!(way(&li, &stages, &row).await, "prospect won");
    })
    .await;
}

#[tokio::test]
async fn an_expected_close_that_is_put_off_counts_as_a_slip() {
    each_database(async |world| {
        let li = world.as_person("li");
        let mut row = opportunity(&li, "产线", json!({ "expected_close_on": "2026-07-01" })).await;
        for (day, slips) in [("2026-08-01", 1), ("2026-07-15", 1), ("2026-07-16", 2)] {
            row = li
                .edit("opportunities", &row, json!({ "expected_close_on": day }))
                .await;
            assert_eq!(row["close_slips"], slips, "{day}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_undone_advance_takes_its_entry_and_the_customer_s_level_back() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let row = opportunity(&li, "产线", json!({ "amount": 1_000 })).await;
        let first = acted(
            &li,
            &row,
            "advance",
            json!({ "stage_id": stages.id("target") }),
        )
        .await;
        world.set_clock(NOW_MS + 5 * MINUTE_MS);
        let answer = act(
            &li,
            &first,
            "advance",
            json!({ "stage_id": stages.id("intention") }),
        )
        .await;
        let undone = take_back(world, answer.batch().parse().expect("a batch")).await;
        assert_eq!(way(&li, &stages, &row).await, "prospect target");
        let now = li
            .get(&format!("/api/opportunities/{}", id_of(&row)))
            .await
            .json;
        assert_eq!(
            (&now["win_chance"], &now["weighted_amount"]["amount_minor"]),
            (&json!(10.0), &json!(100))
        );
        let customer = &stored(world, "customers").await[0];
        assert_eq!(customer.text("funnel_level"), "target");
        assert_eq!(reaches(world).await, ["prospect", "target"]);
        // Taking back the taking back enters it again.
        take_back(world, undone).await;
        assert_eq!(way(&li, &stages, &row).await, "prospect target intention");
    })
    .await;
}

#[tokio::test]
async fn nobody_moves_what_lies_out_of_scope() {
    each_database(async |world| {
        let li = world.as_person("li");
        let stages = Stages::of(&li, "ordinary").await;
        let row = opportunity(&li, "产线", json!({})).await;
        let qian = world.as_person("qian");
        for (verb, body) in [
            ("advance", json!({ "stage_id": stages.id("target") })),
            ("close", json!({ "outcome": "won" })),
            (
                "reopen",
                json!({ "stage_id": stages.id("target"), "reason": "x" }),
            ),
        ] {
            assert_eq!(act(&qian, &row, verb, body).await.status, 404, "{verb}");
        }
        assert_eq!(
            qian.get(&format!("/api/opportunities/{}/stages", id_of(&row)))
                .await
                .status,
            404
        );
        assert_eq!(
            qian.get(&format!("/api/opportunities/{}/lines", id_of(&row)))
                .await
                .status,
            404
        );
        let stale = li.clone().with("if-match", "\"9\"");
        let path = format!("/api/opportunities/{}/advance", id_of(&row));
        assert_eq!(
            stale
                .post(&path, json!({ "stage_id": stages.id("target") }))
                .await
                .status,
            412
        );
        assert_eq!(
            li.post(&path, json!({ "stage_id": stages.id("target") }))
                .await
                .status,
            428
        );
    })
    .await;
}
