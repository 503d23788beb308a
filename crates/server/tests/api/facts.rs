//! Figures are read from sums that follow every change; whatever is done in whatever order, they are those over the records.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::activities::{self, at, try_create};
use crate::imports::wizard::{Jobs, run, upload};
use crate::opportunities::{Stages, act};
use crate::support::{Answer, Client, DAY_MS, NOW_MS, World, each_database, id, id_of, version_of};

/// Acts on each database.
const ACTS: usize = 2_000;
/// Acts between two comparisons.
const STRETCH: usize = 250;
const OWNERS: [&str; 4] = ["li", "wang", "zhao", "qian"];

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<T: Clone>(&mut self, items: &[T]) -> Option<T> {
        (!items.is_empty()).then(|| items[self.below(items.len())].clone())
    }
}

/// What the acts know of the records; the rest they ask.
struct Company<'w> {
    world: &'w World,
    admin: Client,
    stages: Stages,
    chance: Chance,
    customers: Vec<Uuid>,
    opportunities: Vec<Uuid>,
    activities: Vec<Uuid>,
    contracts: Vec<Uuid>,
    payments: Vec<Uuid>,
    products: Vec<Uuid>,
    product_lines: Vec<Uuid>,
    /// Batches that may be taken back.
    batches: Vec<String>,
    /// How often each act succeeded.
    done: BTreeMap<&'static str, usize>,
}

const ALL: [&str; 24] = [
    "create", "create", "customer", "edit", "edit", "advance", "advance", "close", "reopen",
    "transfer", "bulk", "delete", "undo", "undo", "visit", "visit", "log", "area", "lines",
    "product", "contract", "contract", "terms", "payment",
];

impl Company<'_> {
    async fn act(&mut self, number: usize) {
        // Time goes on, now and then over midnight.
        let at = NOW_MS + number as i64 * DAY_MS / 100;
        self.world.app.clock.set(at);
        let kind = match number % 250 {
            249 => "import",
            _ => ALL[self.chance.below(ALL.len())],
        };
        let answer = match kind {
            "create" => self.create().await,
            "customer" => self.customer(number).await,
            "import" => self.import(number).await,
            "bulk" => self.bulk().await,
            "undo" => self.undo().await,
            "delete" => self.delete().await,
            "visit" => self.visit().await,
            "log" => self.log().await,
            "area" => self.area().await,
            "lines" => self.lines().await,
            "product" => self.product().await,
            "contract" => self.contract().await,
            "terms" => self.terms().await,
            "payment" => self.payment().await,
            other => self.change(other).await,
        };
        let Some(answer) = answer else { return };
        assert!(answer.status < 500, "{kind}: {:?}", answer.json);
        if answer.status < 300 {
            *self.done.entry(kind).or_default() += 1;
            if answer.header("chengdan-batch").is_some() {
                self.batches.push(answer.batch());
            }
        }
    }

    fn amount(&mut self) -> Json {
        match self.chance.below(5) {
            0 => Json::Null,
            n => json!((n * 100_000 + self.chance.below(99_999)) as i64),
        }
    }

    fn day(&mut self) -> Json {
        match self.chance.below(6) {
            0 => Json::Null,
            n => json!(format!(
                "2026-{:02}-{:02}",
                6 + n,
                1 + self.chance.below(28)
            )),
        }
    }

    fn stage(&mut self) -> Uuid {
        let codes = ["prospect", "target", "engaged", "intention"];
        let code = codes[self.chance.below(codes.len())];
        self.stages.id(code)
    }

    async fn create(&mut self) -> Option<Answer> {
        let customer = self.chance.one(&self.customers)?;
        let (amount, day) = (self.amount(), self.day());
        let body = json!({ "name": "产线", "customer_id": customer, "amount": amount, "expected_close_on": day,
            "stage_id": self.stage(), "owner_id": id(OWNERS[self.chance.below(4)]), "next_step": "打电话", "next_step_on": "2026-12-31" });
        let answer = self.admin.post("/api/opportunities", body).await;
        // Its customer may have been deleted meanwhile.
        if answer.status == 201 {
            self.opportunities.push(id_of(&answer.json));
        }
        Some(answer)
    }

    async fn customer(&mut self, number: usize) -> Option<Answer> {
        if self.customers.len() < 20 || self.chance.below(2) == 0 {
            let owner = id(OWNERS[self.chance.below(4)]);
            let body = json!({ "name": format!("客户{number}"), "owner_id": owner });
            let answer = self.admin.post("/api/customers", body).await;
            self.customers.push(id_of(&answer.json));
            return Some(answer);
        }
        let customer = self.chance.one(&self.customers)?;
        let path = format!("/api/customers/{customer}");
        let row = self.admin.get(&path).await;
        let level = ["prospect", "target", "engaged", "dormant", "lost"][self.chance.below(5)];
        let changes = match self.chance.below(2) {
            0 => json!({ "owner_id": id(OWNERS[self.chance.below(4)]) }),
            _ => json!({ "funnel_level": level, "funnel_level_reason": format!("因为{number}") }),
        };
        Some(
            self.admin
                .patch(&path, row.json["version"].as_i64()?, changes)
                .await,
        )
    }

    async fn change(&mut self, kind: &str) -> Option<Answer> {
        let one = self.chance.one(&self.opportunities)?;
        let path = format!("/api/opportunities/{one}");
        let row = self.admin.get(&path).await;
        if row.status != 200 {
            return None;
        }
        let row = row.json;
        Some(match kind {
            "edit" => {
                let changes = match self.chance.below(3) {
                    0 => json!({ "amount": self.amount() }),
                    1 => json!({ "expected_close_on": self.day() }),
                    _ => json!({ "win_chance": self.chance.below(101) }),
                };
                self.admin.patch(&path, version_of(&row), changes).await
            }
            "transfer" => {
                let owner = json!({ "owner_id": id(OWNERS[self.chance.below(4)]) });
                self.admin.patch(&path, version_of(&row), owner).await
            }
            "advance" => {
                let stage = json!({ "stage_id": self.stage() });
                act(&self.admin, &row, "advance", stage).await
            }
            "close" => {
                // Some are told days later.
                let days = self.chance.below(3) as i64;
                let on = self
                    .world
                    .app
                    .clock
                    .day_of(self.world.app.clock.now_ms() - days * DAY_MS);
                let body = match self.chance.below(2) {
                    0 => json!({ "outcome": "won", "closed_on": on }),
                    _ => json!({ "outcome": "lost", "loss_reason": "price", "closed_on": on }),
                };
                act(&self.admin, &row, "close", body).await
            }
            _ => {
                let body = json!({ "stage_id": self.stage(), "reason": "预算批了" });
                act(&self.admin, &row, "reopen", body).await
            }
        })
    }

    /// Plans a visit, or tells one that was made, now or some days ago.
    async fn visit(&mut self) -> Option<Answer> {
        let customer = self.chance.one(&self.customers)?;
        let kinds = ["first", "presentation", "service", "call"];
        let kind = kinds[self.chance.below(kinds.len())];
        let days = self.chance.below(4) as i64;
        let now = self.world.app.clock.now_ms();
        let owner = id(OWNERS[self.chance.below(4)]);
        let mut body = json!({ "customer_id": customer, "owner_id": owner });
        let more = match self.chance.below(3) {
            0 => json!({ "planned_start_at": at(now + days * DAY_MS) }),
            _ => {
                json!({ "state": "done", "started_at": at(now - days * DAY_MS), "outcome": self.outcome() })
            }
        };
        if let (Json::Object(body), Json::Object(more)) = (&mut body, more) {
            body.extend(more);
        }
        let answer = try_create(&self.admin, kind, body).await;
        if answer.status == 201 {
            self.activities.push(id_of(&answer.json));
        }
        Some(answer)
    }

    fn outcome(&mut self) -> Json {
        [json!("effective"), json!("not_effective"), Json::Null][self.chance.below(3)].clone()
    }

    /// Logs, calls off, moves or corrects what was planned or done.
    async fn log(&mut self) -> Option<Answer> {
        let one = self.chance.one(&self.activities)?;
        let path = format!("/api/activities/{one}");
        let row = self.admin.get(&path).await.json;
        let version = row["version"].as_i64()?;
        let now = self.world.app.clock.now_ms();
        let outcome = self.outcome();
        Some(match self.chance.below(4) {
            0 => activities::act(&self.admin, &row, "finish", json!({ "outcome": outcome })).await,
            1 => activities::act(&self.admin, &row, "cancel", json!({ "reason": "改期" })).await,
            2 => {
                let days = self.chance.below(5) as i64;
                let body = json!({ "planned_start_at": at(now + days * DAY_MS) });
                activities::act(&self.admin, &row, "move", body).await
            }
            _ => {
                let customer = self.chance.one(&self.customers)?;
                let changes = json!({ "customer_id": customer, "outcome": outcome });
                self.admin.patch(&path, version, changes).await
            }
        })
    }

    /// Puts a customer, and with it all that was done there, into another class and region.
    async fn area(&mut self) -> Option<Answer> {
        let customer = self.chance.one(&self.customers)?;
        let path = format!("/api/customers/{customer}");
        let version = self.admin.get(&path).await.json["version"].as_i64()?;
        let class = ["key_account", "ordinary"][self.chance.below(2)];
        let region = [json!("3101"), json!("3201"), Json::Null][self.chance.below(3)].clone();
        Some(
            self.admin
                .patch(&path, version, json!({ "class": class, "region": region }))
                .await,
        )
    }

    async fn lines(&mut self) -> Option<Answer> {
        let one = self.chance.one(&self.opportunities)?;
        let row = self
            .admin
            .get(&format!("/api/opportunities/{one}"))
            .await
            .json;
        let version = row["version"].as_i64()?;
        let lines: Vec<Json> = (0..self.chance.below(4))
            .filter_map(|_| {
                let product = self.chance.one(&self.products)?;
                Some(json!({ "product_id": product, "quantity": 1, "price": 100 * (1 + self.chance.below(9)) }))
            })
            .collect();
        Some(
            self.admin
                .put(
                    &format!("/api/opportunities/{one}/lines"),
                    version,
                    json!(lines),
                )
                .await,
        )
    }

    /// A new product, or one that goes to another line of products.
    async fn product(&mut self) -> Option<Answer> {
        if self.product_lines.len() < 3 {
            let name = format!("产品线{}", self.product_lines.len());
            let line = self
                .admin
                .create("product_lines", json!({ "name": name }))
                .await;
            self.product_lines.push(id_of(&line));
        }
        let line = self.chance.one(&self.product_lines)?;
        if self.products.len() < 5 {
            let name = format!("产品{}", self.products.len());
            let answer = self
                .admin
                .post("/api/products", json!({ "name": name, "line_id": line }))
                .await;
            self.products.push(id_of(&answer.json));
            return Some(answer);
        }
        let path = format!("/api/products/{}", self.chance.one(&self.products)?);
        let version = self.admin.get(&path).await.json["version"].as_i64()?;
        Some(
            self.admin
                .patch(&path, version, json!({ "line_id": line }))
                .await,
        )
    }

    /// A day of the last months.
    fn past_day(&mut self) -> chrono::NaiveDate {
        let clock = &self.world.app.clock;
        let days = self.chance.below(90) as i64;
        clock.day_of(clock.now_ms() - days * DAY_MS)
    }

    /// A contract of an opportunity or of its own, signed or not, for a term or not.
    async fn contract(&mut self) -> Option<Answer> {
        let signed_on = self.past_day();
        let kind = ["one_off", "recurring"][self.chance.below(2)];
        let mut body = json!({ "amount": 1_000 + self.chance.below(99_999), "owner_id": id(OWNERS[self.chance.below(4)]),
            "kind": kind });
        match self.chance.below(2) {
            0 => body["opportunity_id"] = json!(self.chance.one(&self.opportunities)?),
            _ => {
                body["title"] = json!("合同");
                body["customer_id"] = json!(self.chance.one(&self.customers)?);
            }
        }
        if self.chance.below(4) > 0 {
            body["signed_on"] = json!(signed_on);
        }
        if self.chance.below(2) == 0 {
            body["starts_on"] = json!(signed_on);
            let days = chrono::Days::new(self.chance.below(200) as u64);
            body["ends_on"] = json!(signed_on + days);
        }
        let answer = self.admin.post("/api/contracts", body).await;
        if answer.status == 201 {
            self.contracts.push(id_of(&answer.json));
        }
        Some(answer)
    }

    /// Signs, ends, changes or hands over a contract, or plans its instalments.
    async fn terms(&mut self) -> Option<Answer> {
        let one = self.chance.one(&self.contracts)?;
        let path = format!("/api/contracts/{one}");
        let row = self.admin.get(&path).await.json;
        let version = row["version"].as_i64()?;
        let day = self.past_day();
        let changes = match self.chance.below(6) {
            0 => json!({ "state": "running" }),
            1 => json!({ "state": "terminated", "termination_reason": "停产" }),
            2 => json!({ "owner_id": id(OWNERS[self.chance.below(4)]) }),
            3 => json!({ "ends_on": day, "kind": "recurring" }),
            4 => json!({ "signed_on": day }),
            _ => {
                let amount = row["amount"]["amount_minor"].as_i64()?;
                let first = amount / 3;
                let rows = json!({ "rows": [
                    { "condition": "首付", "due_on": day, "amount": first },
                    { "condition": "尾款", "due_on": self.past_day(), "amount": amount - first },
                ] });
                let path = format!("{path}/plan");
                return Some(self.admin.put(&path, version, rows).await);
            }
        };
        Some(self.admin.patch(&path, version, changes).await)
    }

    /// Money that comes in and finds its instalments or not, or goes to another day.
    async fn payment(&mut self) -> Option<Answer> {
        let day = self.past_day();
        if self.chance.below(4) == 0 {
            let path = format!("/api/payments/{}", self.chance.one(&self.payments)?);
            let version = self.admin.get(&path).await.json["version"].as_i64()?;
            return Some(
                self.admin
                    .patch(&path, version, json!({ "received_on": day }))
                    .await,
            );
        }
        let one = self.chance.one(&self.contracts)?;
        let rows = self.admin.get(&format!("/api/contracts/{one}/plan")).await;
        if rows.status != 200 {
            return None;
        }
        let open = |row: &Json| {
            row["open_amount"]["amount_minor"]
                .as_i64()
                .unwrap_or_default()
        };
        let most = rows
            .rows()
            .iter()
            .map(open)
            .max()
            .filter(|most| *most > 1)?;
        let amount = match self.chance.below(2) {
            0 => most,
            _ => most / 2,
        };
        let contract = self.admin.get(&format!("/api/contracts/{one}")).await.json;
        let body = json!({ "customer_id": contract["customer_id"], "contract_id": one, "amount": amount, "received_on": day });
        let answer = self.admin.post("/api/payments", body).await;
        if answer.status != 201 {
            return Some(answer);
        }
        let id = id_of(&answer.json);
        self.payments.push(id);
        self.batches.push(answer.batch());
        let path = format!("/api/payments/{id}");
        let payment = self.admin.get(&path).await.json;
        let row = rows.rows().into_iter().find(|row| open(row) == most)?;
        let shares =
            json!({ "matches": [{ "instalment_id": id_of(&row), "amount_minor": amount }] });
        let version = format!("\"{}\"", version_of(&payment));
        let admin = self.admin.clone().with("if-match", &version);
        // It may have found its instalments by itself.
        Some(admin.post(&format!("{path}/matches"), shares).await)
    }

    async fn bulk(&mut self) -> Option<Answer> {
        let ids: Vec<Uuid> = (0..5)
            .filter_map(|_| self.chance.one(&self.opportunities))
            .collect();
        let changes = match self.chance.below(3) {
            0 => json!({ "amount": self.amount() }),
            1 => json!({ "stage_id": self.stage() }),
            _ => json!({ "owner_id": id(OWNERS[self.chance.below(4)]) }),
        };
        let body = json!({ "ids": ids, "action": "edit", "changes": changes });
        Some(self.admin.post("/api/opportunities/bulk", body).await)
    }

    async fn delete(&mut self) -> Option<Answer> {
        // A customer takes its opportunities along.
        let (resource, one) = match self.chance.below(7) {
            5 => ("contracts", self.chance.one(&self.contracts)?),
            6 => ("payments", self.chance.one(&self.payments)?),
            0 => ("customers", self.chance.one(&self.customers)?),
            1 => ("activities", self.chance.one(&self.activities)?),
            _ => ("opportunities", self.chance.one(&self.opportunities)?),
        };
        let path = format!("/api/{resource}/{one}");
        let version = self.admin.get(&path).await.json["version"].as_i64()?;
        Some(self.admin.delete(&path, version).await)
    }

    /// Takes back something recent; of what was deleted that restores it, of what was taken back that does it again.
    async fn undo(&mut self) -> Option<Answer> {
        let recent = self.batches.len().saturating_sub(12);
        let batch = self.chance.one(&self.batches[recent..])?;
        Some(
            self.admin
                .post(&format!("/api/ledger/{batch}/undo"), json!({}))
                .await,
        )
    }

    async fn import(&mut self, number: usize) -> Option<Answer> {
        let customer = self.chance.one(&self.customers)?;
        let row = self.admin.get(&format!("/api/customers/{customer}")).await;
        let name = row.json["name"].as_str()?.to_owned();
        let rows: String = (0..40)
            .map(|i| format!("导入{number}_{i},{name},{}\n", 1_000 + i))
            .collect();
        let file = format!("name,customer_id,amount\n{rows}");
        let uploaded = upload(&self.admin, "opportunities", "rows.csv", file).await;
        let state = run(&self.admin, &uploaded, &uploaded["mapping"]).await;
        assert_eq!(state["state"], "done", "{state:#}");
        *self.done.entry("import").or_default() += 1;
        self.batches.push(state["batch"].as_str()?.to_owned());
        None
    }
}

/// Figures by the sums and by the records must agree: a filter that leaves nothing out asks the records.
async fn same_by_sums_and_by_records(world: &World) {
    let everything = json!({ "field": "version", "op": "ge", "value": 1 }).to_string();
    for person in ["admin", "director", "supervisor", "li"] {
        let client = world.as_person(person);
        for path in [
            "dashboard/funnel?from=2026-06-01&to=2026-12-31",
            "dashboard/funnel?from=2026-06-17&to=2026-07-02",
            "dashboard/pipeline?by=person",
            "dashboard/pipeline?by=team",
            "dashboard/pipeline?by=month",
            "dashboard/pipeline?by=month&from=2026-07-10&to=2026-09-20",
            "dashboard/performance?from=2026-06-01&to=2026-12-31",
            "dashboard/performance?from=2026-06-17&to=2026-07-02",
            "opportunities/board?page=1",
        ] {
            let asked = client.get(&format!("/api/{path}")).await;
            assert_eq!(asked.status, 200, "{path}: {:?}", asked.json);
            let quoted: String = everything
                .bytes()
                .map(|byte| format!("%{byte:02X}"))
                .collect();
            let narrowed = client.get(&format!("/api/{path}&filter={quoted}")).await;
            assert_eq!(narrowed.status, 200, "{path}: {:?}", narrowed.json);
            let (sums, records) = (plain(&asked.json), plain(&narrowed.json));
            assert_eq!(sums, records, "{person} {path}");
        }
    }
}

/// An answer without the filters that open its figures, and without the customers, who know no filter of opportunities.
fn plain(json: &Json) -> Json {
    match json {
        Json::Object(map) => Json::Object(
            map.iter()
                .filter(|(name, _)| !matches!(name.as_str(), "filter" | "customers"))
                .map(|(name, value)| (name.clone(), plain(value)))
                .collect(),
        ),
        Json::Array(items) => Json::Array(items.iter().map(plain).collect()),
        other => other.clone(),
    }
}

#[tokio::test]
async fn sums_follow_thousands_of_acts_in_any_order() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let _jobs = Jobs::of(world);
        let mut company = Company {
            stages: Stages::of(&admin, "ordinary").await,
            admin,
            world,
            chance: Chance(20_260_615),
            customers: Vec::new(),
            opportunities: Vec::new(),
            activities: Vec::new(),
            contracts: Vec::new(),
            payments: Vec::new(),
            products: Vec::new(),
            product_lines: Vec::new(),
            batches: Vec::new(),
            done: BTreeMap::new(),
        };
        for number in 0..ACTS {
            company.act(number).await;
            if number % STRETCH == STRETCH - 1 {
                assert_eq!(world.wrong_sums().await, [], "after {number} acts");
                world.app.actors.invalidate_all();
                same_by_sums_and_by_records(world).await;
            }
        }
        for kind in ALL.iter().chain(&["import"]) {
            let times = company.done.get(kind).copied().unwrap_or_default();
            assert!(
                times > 2,
                "{kind} succeeded {times} times: {:?}",
                company.done
            );
        }
    })
    .await;
}
