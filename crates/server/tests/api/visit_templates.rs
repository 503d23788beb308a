//! Standard visits: templates with versions, typed answers, and how well a visit kept to its steps.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Answer, Client, World, each_database, id, id_of, version_of};

async fn kind(client: &Client, code: &str) -> Json {
    let filter = json!({ "field": "code", "op": "in", "value": [code] }).to_string();
    let found = client
        .query("/api/activity_kinds", &[("filter", &filter)])
        .await;
    found.rows()[0]["id"].clone()
}

async fn save_steps(client: &Client, template: &Json, steps: Json) -> Answer {
    client
        .send(
            Method::PUT,
            &format!("/api/visit_templates/{}/steps", id_of(template)),
            &[("content-type", "application/json")],
            json!({ "steps": steps }).to_string(),
        )
        .await
}

/// A template with a required yes-or-no, a required choice and a competitor's price.
async fn template(admin: &Client, changes: Json) -> (Json, Json) {
    let mut body = json!({ "name": "门店走访" });
    for (field, value) in changes.as_object().expect("an object") {
        body[field] = value.clone();
    }
    let template = admin.create("visit_templates", body).await;
    let steps = json!([
        { "code": "open", "name": "开门了吗", "type": "yes_no", "is_required": true },
        { "code": "mood", "name": "态度", "type": "choice", "is_required": true,
          "choices": [{ "code": "warm", "name": "积极" }, { "code": "cold", "name": "冷淡" }] },
        { "code": "rival", "name": "对手报价", "type": "competitor_price" },
    ]);
    let saved = save_steps(admin, &template, steps).await;
    assert_eq!(saved.status, 200, "{:?}", saved.json);
    (template, saved.json)
}

async fn visit(client: &Client, customer: &Json, version: &Json, answers: Json) -> Answer {
    client
        .post(
            "/api/activities",
            json!({ "kind_id": kind(client, "first").await, "customer_id": customer["id"], "state": "done",
                    "outcome": "effective", "template_version_id": version["id"], "answers": answers }),
        )
        .await
}

/// A template, its version, and a visit of li's that found a customer open and warm.
async fn warm_visit(world: &World) -> (Json, Json, Answer) {
    let li = world.as_person("li");
    let (template, version) = template(&world.as_person("admin"), json!({})).await;
    let customer = li.customer("红圈科技").await;
    let answers = json!({ "open": true, "mood": "warm" });
    let done = visit(&li, &customer, &version, answers).await;
    (template, version, done)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_keeps_its_answers_as_rows_and_its_score() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let (_, version) = template(&admin, json!({})).await;
        let customer = li.create("customers", json!({ "name": "红圈科技", "region": "3101" })).await;
        let price = json!({ "amount_minor": 880_000, "currency": "CNY" });
        let answers = json!({ "open": true, "rival": { "competitor": "远大", "price": price, "offer": "三年套餐" } });
        let done = visit(&li, &customer, &version, answers).await;
        assert_eq!(done.status, 201, "{:?}", done.json);
        let score = ["steps_required", "steps_done", "execution_score"].map(|field| done.json[field].clone());
        assert_eq!(score, [json!(2), json!(1), json!(0.5)]);

        let filter = json!({ "and": [
            { "field": "step_kind", "op": "in", "value": ["competitor_price"] },
            { "field": "region", "op": "in", "value": ["3101"] },
        ] });
        let found = li.query("/api/visit_answers", &[("filter", &filter.to_string())]).await;
        let rows = found.rows();
        assert_eq!(rows.len(), 1, "{:?}", found.json);
        assert_eq!((&rows[0]["competitor"], &rows[0]["price"]["amount_minor"]), (&json!("远大"), &json!(880_000)));
        // Whoever may not see the visit sees no answer of it.
        assert_eq!(world.as_person("qian").get("/api/visit_answers").await.rows().len(), 0);
        assert_eq!(world.as_person("supervisor").get("/api/visit_answers").await.rows().len(), 2);
        let export = li.get("/api/visit_answers/export?format=csv").await;
        assert!(String::from_utf8_lossy(&export.bytes).contains("远大"), "{}", export.status);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_the_wrong_type_are_named_at_their_steps() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let (_, version) = template(&admin, json!({})).await;
        let customer = li.customer("红圈科技").await;
        let wrong = visit(
            &li,
            &customer,
            &version,
            json!({ "open": "也许", "mood": "hot", "more": 1 }),
        )
        .await;
        let mut errors = wrong.errors();
        errors.sort_unstable();
        assert_eq!(
            errors,
            [
                "/answers/mood unknown_choice",
                "/answers/more unknown_step",
                "/answers/open wrong_type"
            ]
        );
        let nowhere = visit(
            &li,
            &customer,
            &json!({ "id": id("li") }),
            json!({ "open": true }),
        )
        .await;
        assert_eq!(nowhere.errors(), ["/template_version_id unknown_reference"]);
        assert_eq!(li.get("/api/activities").await.rows().len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_done_visit_keeps_the_version_that_it_was_done_by() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let (template, version, done) = warm_visit(world).await;
        let newer = save_steps(
            &admin,
            &template,
            json!([{ "code": "open", "name": "营业了吗", "type": "yes_no" }]),
        )
        .await;
        assert_eq!(
            (&newer.json["number"], newer.json["id"] == version["id"]),
            (&json!(2), false)
        );
        let kept = li
            .get(&format!("/api/activities/{}", id_of(&done.json)))
            .await
            .json;
        assert_eq!(
            (&kept["template_version_id"], &kept["execution_score"]),
            (&version["id"], &json!(1.0))
        );
        let path = format!("/api/visit_templates/{}/versions", id_of(&template));
        let versions = li.get(&path).await.rows();
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[1]["steps"][0]["name"], "开门了吗");
        // A template that visits were done by can only be put aside.
        let template = admin
            .get(&format!("/api/visit_templates/{}", id_of(&template)))
            .await
            .json;
        let path = format!("/api/visit_templates/{}", id_of(&template));
        let gone = admin.delete(&path, version_of(&template)).await;
        assert_eq!((gone.status, gone.code()), (409, "still_referenced"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_are_mended_or_taken_back_take_their_rows_along() {
    each_database(async |world| {
        let li = world.as_person("li");
        let (_, _, done) = warm_visit(world).await;
        let texts = async || {
            let mut texts: Vec<Json> = li
                .get("/api/visit_answers")
                .await
                .rows()
                .iter()
                .map(|row| row["answer_text"].clone())
                .collect();
            texts.sort_by_key(Json::to_string);
            texts
        };
        assert_eq!(texts().await, [json!("积极"), Json::Null]);
        let path = format!("/api/activities/{}", id_of(&done.json));
        let mended = li
            .patch(
                &path,
                1,
                json!({ "answers": { "open": false, "mood": "cold" } }),
            )
            .await;
        assert_eq!(mended.status, 200, "{:?}", mended.json);
        assert_eq!(texts().await, [json!("冷淡"), Json::Null]);
        let undone = li
            .post(&format!("/api/ledger/{}/undo", mended.batch()), json!({}))
            .await;
        assert_eq!(undone.status, 200, "{:?}", undone.json);
        assert_eq!(texts().await, [json!("积极"), Json::Null]);
        let version = li.get(&path).await.json["version"]
            .as_i64()
            .expect("a version");
        let gone = li.delete(&path, version).await;
        assert_eq!(gone.status, 204, "{:?}", gone.json);
        assert!(texts().await.is_empty());
        li.post(&format!("/api/ledger/{}/undo", gone.batch()), json!({}))
            .await;
        assert_eq!(texts().await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_special_template_is_the_one_to_visit_by() {
    each_database(async |world| {
        let (admin, li) = (world.as_person("admin"), world.as_person("li"));
        let customer = li
            .create(
                "customers",
                json!({ "name": "红圈科技", "class": "key_account" }),
            )
            .await;
        let first = kind(&li, "first").await;
        let matching = async |kind: &Json| {
            let (kind, customer) = (kind.as_str().expect("an id"), id_of(&customer).to_string());
            let asked = [("kind_id", kind), ("customer_id", &customer)];
            li.query("/api/visit_templates/match", &asked).await.json["template"]["name"].clone()
        };
        // What ships: a first visit has steps, a call has none.
        assert_eq!(matching(&first).await, "初访标准步骤");
        assert_eq!(matching(&kind(&li, "call").await).await, Json::Null);
        template(
            &admin,
            json!({ "name": "大客户初访", "kind_id": first, "customer_class": "key_account" }),
        )
        .await;
        template(
            &admin,
            json!({ "name": "普通客户初访", "kind_id": first, "customer_class": "ordinary" }),
        )
        .await;
        assert_eq!(matching(&first).await, "大客户初访");
        let current = li.get("/api/visit_templates/current").await.rows();
        assert_eq!(current.len(), 4);
        // Only who configures changes templates.
        let refused = save_steps(
            &li,
            &current[0],
            json!([{ "code": "a", "name": "甲", "type": "text" }]),
        )
        .await;
        assert_eq!(refused.status, 403);
    })
    .await;
}
