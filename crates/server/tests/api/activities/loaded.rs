//! What the demo company brings along is what the rules would make of it.

use demo::{Activity, CheckIn, Deed, Plan, Task};
use platform::access::Access;
use platform::write::Cause;
use serde_json::{Value as Json, json};
use server::commands::demo::activities::{With, activity};
use server::commands::demo::{processes, records::Shapes};
use uuid::Uuid;

use super::{acted, at, create, kind, read};
use crate::support::{MINUTE_MS, NOW_MS, World, each_database, id, id_of};

const PLACE: (f64, f64) = (31.2304, 121.4737);
/// A day with nothing before it, and the plan on the day after.
const CREATED_MS: i64 = NOW_MS - 2_000 * MINUTE_MS;
const STARTED_MS: i64 = NOW_MS - 90 * MINUTE_MS;

fn bare(number: u128, kind: &'static str, state: &'static str, customer: Option<Uuid>) -> Activity {
    let number = Uuid::from_u128(0x0190_0000_0000_7000_8fff_0000_0000_0000 + number);
    Activity {
        state,
        customer_id: customer,
        updated_at: NOW_MS,
        ..Activity::bare(number, kind, id("li"), CREATED_MS)
    }
}

async fn load(world: &World, loaded: &[Activity]) {
    let access = Access::system(&world.app, "tests");
    let processes = processes::load(&access).await.unwrap();
    let shapes = Shapes::new(&access, processes).unwrap();
    let mut write = access.write_as(Cause::Load).await.unwrap();
    for one in loaded {
        let with = one.customer_id.map(|_| With {
            name: "苏州恒泰精密机械有限公司",
            position: PLACE,
        });
        let record = activity(&shapes, &world.app.clock, with, one).unwrap();
        write.create_record(record).await.unwrap();
    }
    write.commit().await.unwrap();
}

/// A row without what tells two records apart.
fn same(row: &Json) -> Json {
    let mut row = row.clone();
    let object = row.as_object_mut().unwrap();
    for field in [
        "id",
        "version",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "follow_up_of_id",
        // They name the records by their ids.
        "labels",
    ] {
        object.remove(field);
    }
    row
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loaded_activity_is_the_one_that_the_rules_would_make() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li
            .create(
                "customers",
                json!({ "name": "苏州恒泰精密机械有限公司", "latitude": PLACE.0, "longitude": PLACE.1 }),
            )
            .await;
        let customer_id: Uuid = id_of(&customer);

        // A planned visit, done by the plan's hour, with a check-in and a follow-up.
        let plan = json!({ "customer_id": customer_id, "participant_ids": [id("wang")], "purpose": "认识设备部",
            "planned_start_at": at(STARTED_MS), "planned_end_at": at(STARTED_MS + 60 * MINUTE_MS) });
        let planned = create(&li, "first", plan).await;
        let check_in = json!({ "position": "located", "latitude": 31.2310, "longitude": 121.4740, "accuracy_m": 20 });
        let planned = acted(&li, &planned, "check-in", check_in).await;
        let deed = json!({ "started_at": at(STARTED_MS), "ended_at": at(STARTED_MS + 50 * MINUTE_MS), "result": "见到了",
            "outcome": "effective", "follow_up": { "kind_id": kind("call"), "planned_start_at": at(NOW_MS + 600 * MINUTE_MS) } });
        let made = acted(&li, &planned, "finish", deed).await;
        let follow_up = read(&li, &json!({ "id": made["follow_up_id"] })).await;
        // A task with a list, and a call that nobody had planned, logged a day late.
        let task = json!({ "subject": "整理报价", "due_on": "2026-06-18", "priority": "high", "giver_id": id("supervisor"),
            "checklist": [{ "text": "核对清单", "done": true }, { "text": "发给客户", "done": false }] });
        let task = create(&li, "task", task).await;
        let late = STARTED_MS - 1_440 * MINUTE_MS;
        let call = json!({ "state": "done", "customer_id": customer_id, "started_at": at(late),
            "ended_at": at(late + 9 * MINUTE_MS), "outcome": "not_effective", "is_refused": true, "refusal_reason": "没有预算" });
        let call = create(&li, "call", call).await;

        let done = |started_at: i64, minutes: i64| Deed {
            started_at,
            ended_at: started_at + minutes * MINUTE_MS,
            logged_at: NOW_MS,
            ..Deed::default()
        };
        let mut visit = bare(1, "first", "done", Some(customer_id));
        visit.participant_ids = vec![id("wang")];
        visit.has_follow_up = true;
        visit.plan = Some(Plan {
            start_at: Some(STARTED_MS),
            end_at: Some(STARTED_MS + 60 * MINUTE_MS),
            purpose: Some("认识设备部".into()),
            ..Plan::default()
        });
        visit.deed = Some(Deed {
            check_in: Some(CheckIn { at: NOW_MS, position: "located", place: Some((31.2310, 121.4740, 20)) }),
            result: Some("见到了".into()),
            is_effective: Some(true),
            ..done(STARTED_MS, 50)
        });
        let mut next = bare(2, "call", "planned", Some(customer_id));
        next.follow_up_of_id = Some(visit.id);
        let next_at = NOW_MS + 600 * MINUTE_MS;
        next.plan = Some(Plan {
            start_at: Some(next_at),
            end_at: Some(next_at + 15 * MINUTE_MS),
            ..Plan::default()
        });
        let mut to_do = bare(3, "task", "planned", None);
        to_do.subject = Some("整理报价".into());
        to_do.plan = Some(Plan { due_on: "2026-06-18".parse().ok(), ..Plan::default() });
        to_do.task = Some(Task {
            priority: "high",
            checklist: vec![("核对清单", true), ("发给客户", false)],
            giver_id: Some(id("supervisor")),
        });
        let mut unplanned = bare(4, "call", "done", Some(customer_id));
        unplanned.deed = Some(Deed {
            is_effective: Some(false),
            refusal_reason: Some("没有预算"),
            ..done(late, 9)
        });
        let loaded = [visit, next, to_do, unplanned];
        load(world, &loaded).await;

        let visit_row = read(&li, &planned).await;
        for (by_hand, loaded) in [visit_row, follow_up, task, call].iter().zip(&loaded) {
            let row = read(&li, &json!({ "id": loaded.id })).await;
            assert_eq!(same(by_hand), same(&row), "{}", loaded.kind);
        }
        let findings = server::commands::check::all(&world.app).await.unwrap();
        let known: Vec<_> = findings.found.iter().filter(|found| found.contains("activit")).collect();
        assert!(known.is_empty(), "{known:?}");
    })
    .await;
}
