//! What the table's requests are about: one record of every kind that has an owner, and what hangs on them.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::activities::{create as activity, kind};
use crate::imports::wizard;
use crate::support::{Client, World, id, id_of};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A name that nothing else has; names sort as they were made.
pub fn name() -> String {
    format!("第{:06}号", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// The same as a code.
pub fn code() -> String {
    format!("code_{:06}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Where a record lies: `(under this path, its id)`.
pub struct Records {
    places: Vec<(&'static str, Uuid)>,
    pub customer: Json,
    /// Of the opportunity's process, as they are sent.
    pub stages: Vec<Json>,
}

impl Records {
    /// What `owner` has, what `importer` above them imports, and what administrators made beside it.
    pub async fn of(world: &World, owner: &str, importer: &str) -> Records {
        let (client, admin) = (world.as_person(owner), world.as_person("admin"));
        let customer = client.customer(&name()).await;
        let at_customer = format!("/api/customers/{}", id_of(&customer));
        let changed = client.patch(&at_customer, 1, json!({ "level": "A" })).await;
        let contact = client.contact(&customer, &name()).await;
        let body = json!({ "name": name(), "customer_id": customer["id"], "next_step": "打电话", "next_step_on": "2026-06-20" });
        let opportunity = client.create("opportunities", body).await;
        let product = admin.create("products", json!({ "name": name() })).await;
        let lines = format!("/api/opportunities/{}/lines", id_of(&opportunity));
        let line = json!([{ "product_id": product["id"], "quantity": 1, "price": 100 }]);
        let lines = client.put(&lines, 1, line).await;
        let process = opportunity["process_id"].as_str().expect("a process");
        let stages = admin.get(&format!("/api/processes/{process}/stages")).await;
        let template = admin
            .create("visit_templates", json!({ "name": name() }))
            .await;
        let steps = json!({ "steps": [{ "code": "open", "name": "开门了吗", "type": "yes_no" }] });
        let path = format!("/api/visit_templates/{}/steps", id_of(&template));
        let version = admin.put(&path, 1, steps).await;
        let visit = json!({
            "customer_id": customer["id"], "state": "done", "outcome": "effective",
            "template_version_id": version.json["id"], "answers": { "open": true }
        });
        let visit = activity(&client, "first", visit).await;
        let is_of_visit = json!({ "field": "activity_id", "op": "in", "value": [visit["id"]] });
        let answers = client
            .query(
                "/api/visit_answers",
                &[("filter", &is_of_visit.to_string())],
            )
            .await;
        let plan = json!({ "subject": name(), "planned_start_at": "2026-06-15T06:00:00Z", "repeat": { "rrule": "FREQ=DAILY;COUNT=2" } });
        let meeting = activity(&client, "meeting", plan).await;
        let planned =
            json!({ "customer_id": customer["id"], "planned_start_at": "2026-06-15T08:00:00Z" });
        let planned = activity(&client, "first", planned).await;
        let contract = json!({ "title": name(), "customer_id": customer["id"], "amount": 100, "signed_on": "2026-06-01" });
        let contract = client.create("contracts", contract).await;
        let plan = format!("/api/contracts/{}/plan", id_of(&contract));
        let instalments = client.get(&plan).await.rows();
        let payment =
            json!({ "customer_id": customer["id"], "amount": 50, "received_on": "2026-06-02" });
        let payment = admin.create("payments", payment).await;
        let invoice = json!({ "number": code(), "contract_id": contract["id"], "amount": 50 });
        let invoice = admin.create("invoices", invoice).await;
        let comment = client
            .post(
                &format!("{at_customer}/comments"),
                json!({ "body": "你好" }),
            )
            .await;
        let attachment = crate::attachments::attach(&client, &customer, "a.txt", b"text").await;
        let view = json!({ "resource": "customers", "name": name(), "shared": "me" });
        let view = client.post("/api/views", view).await;
        let share = json!({ "person_id": id("zhao"), "right": "read" });
        client.post(&format!("{at_customer}/shares"), share).await;
        let token = json!({ "name": name(), "access": "read" });
        let token = client.post("/api/tokens", token).await;
        world.fresh_session(owner).await;
        let sessions = client.get("/api/sessions").await.rows();
        let session = sessions.iter().find(|session| session["current"] == false);
        let importer = world.as_person(importer);
        let import = wizard::upload(&importer, "customers", "a.csv", "名称\n甲\n").await;
        let mapping = wizard::plain(&[("名称", "name")]);
        let kept = json!({ "resource": "customers", "name": name(), "mapping": mapping });
        let kept = importer.post("/api/import-mappings", kept).await;
        let field = json!({ "resource": "contacts", "type": "text", "label": { "zh-CN": name(), "en": "" } });
        let field = admin.post("/api/custom-fields", field).await;
        let jobs = admin.get("/api/jobs").await.rows();
        let kind = json!({ "code": code(), "name": name(), "family": "visit" });
        let metric =
            json!({ "code": code(), "name": name(), "formula": "metrics.visits + metrics.calls" });
        let metric = admin.create("metrics", metric).await;
        let threshold = json!({ "metric_id": metric["id"], "good_from": 2, "fair_from": 1 });
        let mut places = vec![
            ("/api/customers/", id_of(&customer)),
            ("/api/contacts/", id_of(&contact)),
            ("/api/opportunities/", id_of(&opportunity)),
            ("/api/opportunity_lines/", id_of(&lines.json["rows"][0])),
            ("/api/contracts/", id_of(&contract)),
            ("/api/instalments/", id_of(&instalments[0])),
            ("/api/payments/", id_of(&payment)),
            ("/api/invoices/", id_of(&invoice)),
            ("/api/activities/", id_of(&planned)),
            ("/api/activity_series/", id_named(&meeting, "series_id")),
            ("/api/visit_answers/", id_of(&answers.rows()[0])),
            ("/api/visit_templates/", id_of(&template)),
            ("/api/comments/", id_of(&comment.json)),
            ("/api/attachments/", id_of(&attachment.json)),
            ("/api/views/", id_of(&view.json)),
            ("/api/tokens/", id_of(&token.json)),
            ("/api/sessions/", id_of(session.expect("another session"))),
            ("/api/imports/", id_of(&import)),
            ("/api/import-mappings/", id_of(&kept.json)),
            ("/api/custom-fields/", id_of(&field.json)),
            ("/api/ledger/", changed.batch().parse().expect("a batch")),
            ("/api/processes/", id_named(&opportunity, "process_id")),
            ("/api/stages/", id_named(&opportunity, "stage_id")),
            ("/api/products/", id_of(&product)),
            ("/api/metrics/", id_of(&metric)),
            ("/api/people/", id("wang")),
            ("/api/teams/", id("east_2")),
        ];
        places.extend(jobs.first().map(|job| ("/api/jobs/", id_of(job))));
        let (webhook, delivery) = webhook(&admin).await;
        places.push(("/api/webhooks/", webhook));
        places.push(("/api/webhook_deliveries/", delivery));
        for (place, resource, row) in [
            (
                "/api/product_lines/",
                "product_lines",
                json!({ "name": name() }),
            ),
            (
                "/api/roles/",
                "roles",
                json!({ "name": name(), "grants": {} }),
            ),
            ("/api/activity_kinds/", "activity_kinds", kind),
            ("/api/metric_thresholds/", "metric_thresholds", threshold),
        ] {
            places.push((place, id_of(&admin.create(resource, row).await)));
        }
        Records {
            places,
            customer,
            stages: stages.rows(),
        }
    }

    pub fn id_at(&self, path: &str) -> Option<Uuid> {
        let place = self
            .places
            .iter()
            .find(|(place, _)| path.starts_with(place));
        place.map(|(_, id)| *id)
    }

    /// The path with the record's id in it, and with what its question needs.
    pub fn fill(&self, path: &str) -> String {
        let path = path.replace("{resource}", "customers");
        let id_of_path = self.id_at(&path).unwrap_or(Uuid::from_u128(7));
        let filled: Vec<String> = path
            .split('/')
            .enumerate()
            .map(|(i, part)| match (part.starts_with('{'), i) {
                (true, 3) => id_of_path.to_string(),
                (true, _) if part == "{delivery_id}" => {
                    let delivery = self.id_at("/api/webhook_deliveries/");
                    delivery.expect("a delivery").to_string()
                }
                (true, _) => id("zhao").to_string(),
                (false, _) => part.to_owned(),
            })
            .collect();
        let path = filled.join("/");
        let customer = self.customer["id"].as_str().unwrap_or_default();
        let question = match path.as_str() {
            "/api/imports" | "/api/import-mappings" | "/api/views" => {
                "resource=customers".to_owned()
            }
            "/api/opportunities/calendar" => "from=2026-06-01&to=2026-06-30".to_owned(),
            "/api/calendar" => "from=2026-06-15&until=2026-06-21".to_owned(),
            "/api/customers/duplicates" | "/api/search" => "name=abc&q=abc".to_owned(),
            "/api/figures" | "/api/figures/export" => {
                "metrics=visits,win_rate,new_revenue&period=2026-06&by=person".to_owned()
            }
            "/api/setup" => "token=none".to_owned(),
            "/api/visit_templates/match" => {
                format!("kind_id={}&customer_id={customer}", kind("first"))
            }
            _ => return path,
        };
        format!("{path}?{question}")
    }
}

/// The one webhook, whoever asks for it next, and what was sent to it last: `(webhook, delivery)`.
async fn webhook(admin: &Client) -> (Uuid, Uuid) {
    let known = admin.get("/api/webhooks").await.rows();
    let webhook = match known.first() {
        Some(webhook) => webhook.clone(),
        None => {
            let body = json!({ "name": name(), "url": "https://hooks.example.com/in", "events": ["products.delete"] });
            admin.create("webhooks", body).await
        }
    };
    let test = format!("/api/webhooks/{}/test", id_of(&webhook));
    let delivery = admin.post(&test, json!({})).await;
    (id_of(&webhook), id_of(&delivery.json))
}

fn id_named(row: &Json, field: &str) -> Uuid {
    let id = row[field].as_str().and_then(|id| id.parse().ok());
    id.unwrap_or_else(|| panic!("no {field} in {row}"))
}
