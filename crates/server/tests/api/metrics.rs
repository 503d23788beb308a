//! The catalogue of metrics: what ships stays what it is, what administrators add can be worked out.

use serde_json::{Value as Json, json};

use crate::support::{Client, World, each_database, id, id_of, version_of};

async fn check(client: &Client, body: Json) -> Json {
    let answer = client.post("/api/metrics/check", body).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    answer.json
}

async fn metric(client: &Client, code: &str) -> Json {
    let filter = json!({ "field": "code", "op": "eq", "value": code }).to_string();
    let rows = client
        .query("/api/metrics", &[("filter", &filter)])
        .await
        .rows();
    rows.first()
        .unwrap_or_else(|| panic!("no metric {code}"))
        .clone()
}

fn new(code: &str, formula: &str) -> Json {
    json!({ "code": code, "name": code, "formula": formula, "unit": "ratio" })
}

async fn refused(client: &Client, body: Json) -> Vec<String> {
    let answer = client.post("/api/metrics", body).await;
    assert_eq!(answer.status, 422, "{:?}", answer.json);
    answer.errors()
}

#[tokio::test]
async fn what_ships_may_only_be_switched_off() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let shipped = rules::metrics::STANDARD.len();
        assert_eq!(
            admin.get("/api/metrics").await.json["total"]["count"],
            shipped
        );
        let win_rate = metric(&admin, "win_rate").await;
        let path = format!("/api/metrics/{}", id_of(&win_rate));
        let renamed = admin
            .patch(&path, 1, json!({ "formula": "metrics.visits" }))
            .await;
        assert_eq!(renamed.errors(), ["/formula metric_is_built_in"]);
        assert_eq!(admin.delete(&path, 1).await.code(), "metric_is_built_in");
        let off = admin
            .edit("metrics", &win_rate, json!({ "is_active": false }))
            .await;
        let answer = admin
            .query("/api/figures", &[("metrics", "win_rate")])
            .await;
        assert_eq!(answer.errors(), ["/metrics metric_not_active"]);
        // What reads it goes on.
        assert_eq!(
            admin
                .query("/api/figures", &[("metrics", "pipeline_velocity")])
                .await
                .status,
            200
        );
        admin
            .edit("metrics", &off, json!({ "is_active": true }))
            .await;
        // Who doesn't administer looks only.
        let li = world.as_person("li");
        assert_eq!(li.get(&path).await.status, 200);
        assert_eq!(
            li.post("/api/metrics", new("mine", "metrics.visits"))
                .await
                .status,
            403
        );
    })
    .await;
}

#[tokio::test]
async fn a_formula_that_cannot_be_is_refused_with_its_place() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let one = admin
            .create("metrics", new("visits_twice", "metrics.visits * 2"))
            .await;
        assert_eq!(
            (&one["kind"], &one["is_standard"]),
            (&json!("derived"), &json!(false))
        );
        admin
            .create(
                "metrics",
                new("visits_thrice", "metrics.visits_twice + metrics.visits"),
            )
            .await;
        for (formula, expected) in [
            ("metrics.gone", "/formula formula_unknown_metric"),
            ("metrics.visits +", "/formula formula_syntax"),
            ("visits", "/formula formula_unknown_name"),
            ("metrics.visits + 'x'", "/formula formula_type"),
            ("metrics.visits > 1", "/formula formula_no_number"),
            ("lag('new', 1)", "/formula formula_circular"),
        ] {
            assert_eq!(
                refused(&admin, new("new", formula)).await,
                [expected],
                "{formula}"
            );
        }
        assert_eq!(
            refused(&admin, new("Bad code", "metrics.visits")).await,
            ["/code bad_metric_code"]
        );
        assert_eq!(
            refused(&admin, new("visits", "metrics.calls")).await,
            ["/code already_exists"]
        );
        let path = format!("/api/metrics/{}", id_of(&one));
        let circle = admin
            .patch(
                &path,
                version_of(&one),
                json!({ "formula": "1 + metrics.visits_thrice" }),
            )
            .await;
        let error = &circle.json["errors"][0];
        assert_eq!(error["code"], "formula_circular");
        assert_eq!(
            error["params"]["about"],
            "visits_twice → visits_thrice → visits_twice"
        );
        // A metric that formulas read stays.
        assert_eq!(
            admin.delete(&path, version_of(&one)).await.code(),
            "metric_in_use"
        );
        let checked = check(
            &admin,
            json!({ "formula": "metrics.visits / metrics.gone" }),
        )
        .await;
        assert_eq!(checked["problem"]["code"], "formula_unknown_metric");
        assert_eq!(
            (&checked["problem"]["from"], &checked["problem"]["to"]),
            (&json!(17), &json!(29))
        );
        assert_eq!(checked["preview"], json!([]));
    })
    .await;
}

async fn visits(world: &World, count: usize) {
    let li = world.as_person("li");
    let customer = li.customer("客户").await;
    for _ in 0..count {
        let body = json!({ "customer_id": id_of(&customer), "state": "done" });
        crate::activities::create(&li, "first", body).await;
    }
}

#[tokio::test]
async fn a_formula_is_tried_on_what_is_there() {
    each_database(async |world| {
        visits(world, 3).await;
        let admin = world.as_person("admin");
        let checked = check(
            &admin,
            json!({ "formula": "metrics.visits / lag('visits', 1)" }),
        )
        .await;
        assert_eq!(checked["problem"], Json::Null);
        let values: Vec<&Json> = checked["preview"]
            .as_array()
            .expect("months")
            .iter()
            .map(|month| &month["value"])
            .collect();
        // Before the first data there is nothing to divide by.
        assert_eq!(values, [&Json::Null; 6]);
        let checked = check(
            &admin,
            json!({ "formula": "metrics.visits + lag('visits', 1)", "unit": "count" }),
        )
        .await;
        assert_eq!(
            checked["preview"][5],
            json!({ "period": "2026-06", "value": 3 })
        );
        assert_eq!(checked["inputs"][1]["lag"], 1);
        // A preview keeps to the scope of whoever looks.
        let wang = check(
            &world.as_person("wang"),
            json!({ "formula": "metrics.visits" }),
        )
        .await;
        assert_eq!(wang["preview"][5]["value"], json!(0.0));
    })
    .await;
}

#[tokio::test]
async fn thresholds_of_the_nearest_team_tell_good_from_poor() {
    each_database(async |world| {
        visits(world, 3).await;
        let admin = world.as_person("admin");
        let metric = id_of(&metric(&admin, "visits").await);
        let threshold = |team: Json, good: i64, fair: i64| json!({ "metric_id": metric, "team_id": team, "good_from": good, "fair_from": fair });
        admin.create("metric_thresholds", threshold(Json::Null, 10, 3)).await;
        admin.create("metric_thresholds", threshold(json!(id("east")), 3, 2)).await;
        let again = admin.post("/api/metric_thresholds", threshold(Json::Null, 1, 1)).await;
        assert_eq!(again.errors(), ["/team_id already_exists"]);
        let state = async |more: &[(&str, &str)]| {
            let mut query = vec![("metrics", "visits")];
            query.extend(more);
            let admin = world.as_person("admin");
            admin.query("/api/figures", &query).await.json["rows"][0]["state"].clone()
        };
        assert_eq!(state(&[]).await, "fair");
        assert_eq!(state(&[("team_id", &id("east_1").to_string())]).await, "good");
        assert_eq!(state(&[("person_id", &id("qian").to_string())]).await, "poor");
    })
    .await;
}

#[tokio::test]
async fn the_fiscal_year_begins_where_the_organisation_says() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let version = 0;
        assert_eq!(
            admin
                .patch(
                    "/api/settings",
                    version,
                    json!({ "fiscal_first_month": 13 })
                )
                .await
                .errors(),
            ["/fiscal_first_month out_of_range"]
        );
        assert_eq!(
            admin
                .patch("/api/settings", version, json!({ "fiscal_first_month": 4 }))
                .await
                .status,
            204
        );
        assert_eq!(
            admin.get("/api/settings").await.json["fiscal_first_month"],
            4
        );
        let answer = admin
            .query(
                "/api/figures",
                &[("metrics", "visits"), ("period", "FY2026")],
            )
            .await;
        assert_eq!(answer.json["periods"][0]["from"], "2026-04-01");
    })
    .await;
}
