//! What an organisation sets about its days.

use serde_json::json;

use super::{at, create, try_create};
use crate::support::{DAY_MS, NOW_MS, each_database};

#[tokio::test]
async fn the_day_is_as_shipped_until_it_is_set() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let set = li.get("/api/settings").await.json;
        assert_eq!(
            set,
            json!({
                "company_name": "成单科技", "currency": "CNY", "private_addresses": false, "fiscal_first_month": 1, "backdate_days": 3, "work_from": "09:00", "work_until": "18:00",
                "level_rhythm_days": { "A": 14, "B": 30, "C": 60, "D": 90 },
            })
        );
        let body = json!({ "work_from": "08:30", "level_rhythm_days": { "A": 10 } });
        assert_eq!(li.patch("/api/settings", 1, body.clone()).await.status, 403);
        assert_eq!(admin.patch("/api/settings", 1, body).await.status, 204);
        let set = li.get("/api/settings").await.json;
        assert_eq!((&set["work_from"], &set["level_rhythm_days"]["A"], &set["level_rhythm_days"]["B"]), (&json!("08:30"), &json!(10), &json!(30)));
        let body = json!({ "work_from": "19:00" });
        assert_eq!(admin.patch("/api/settings", 1, body).await.errors(), ["/work_until end_before_start"]);
        let body = json!({ "work_from": "9", "backdate_days": -1, "level_rhythm_days": { "E": 1 } });
        assert_eq!(
            admin.patch("/api/settings", 1, body).await.errors(),
            ["/backdate_days out_of_range", "/level_rhythm_days/E unknown_field", "/work_from not_a_time"]
        );
    })
    .await;
}

#[tokio::test]
async fn how_late_a_deed_may_be_logged_is_a_setting() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let body = json!({ "state": "done", "started_at": at(NOW_MS - 6 * DAY_MS) });
        assert_eq!(
            try_create(&li, "call", body.clone()).await.code(),
            "backdated_too_far"
        );
        let set = admin
            .patch("/api/settings", 1, json!({ "backdate_days": 7 }))
            .await;
        assert_eq!(set.status, 204);
        assert_eq!(create(&li, "call", body).await["is_backdated"], true);
    })
    .await;
}
