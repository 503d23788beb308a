//! A sales organisation from the files that it had before: teams, people, products, customers, and its whole pipeline.
//!
//! The figures are counted here from the files, apart from the product.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value as Json, json};

use super::wizard::{Jobs, check, errors, import, kept, run, shared, texts, upload, wait};
use crate::support::{Client, World, each_database};

/// The files, real where they lie beside the repository, else small ones with the same dirt.
pub(super) struct Files {
    pub(super) teams: String,
    products: String,
    accounts: String,
    pub(super) pipeline: String,
}

pub(super) fn files() -> Files {
    let file = |name: &str| {
        shared(&format!("maven_crm/{name}.csv"))
            .map(|bytes| String::from_utf8(bytes).expect("the files are UTF-8"))
    };
    match (
        file("sales_teams"),
        file("products"),
        file("accounts"),
        file("sales_pipeline"),
    ) {
        (Some(teams), Some(products), Some(accounts), Some(pipeline)) => Files {
            teams,
            products,
            accounts,
            pipeline,
        },
        _ => small(),
    }
}

fn small() -> Files {
    let mut pipeline = String::from(
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n",
    );
    for i in 0..60 {
        let (stage, engaged, closed, value) = match i % 4 {
            0 => (
                "Won",
                format!("2017-0{}-03", i % 9 + 1),
                format!("2017-1{}-20", i % 3),
                (i * 37).to_string(),
            ),
            1 => (
                "Lost",
                format!("2017-0{}-04", i % 9 + 1),
                format!("2017-1{}-21", i % 3),
                "0".into(),
            ),
            2 => (
                "Engaging",
                format!("2017-0{}-05", i % 9 + 1),
                String::new(),
                String::new(),
            ),
            _ => ("Prospecting", String::new(), String::new(), String::new()),
        };
        let product = if i % 5 == 0 { "GTXPro" } else { "MG Special" };
        let account = if i % 4 == 2 && i % 3 == 0 {
            ""
        } else {
            "Acme Corporation"
        };
        let agent = if i % 2 == 0 {
            "Moses Frase"
        } else {
            "Carl Lin"
        };
        pipeline.push_str(&format!(
            "N{i:04},{agent},{product},{account},{stage},{engaged},{closed},{value}\n"
        ));
    }
    Files {
        teams: "sales_agent,manager,regional_office\nMoses Frase,Dustin Brinkmann,Central\nCarl Lin,Summer Sewald,West\n".into(),
        products: "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n".into(),
        accounts: "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n\
                   Acme Corporation,technolgy,1996,1100.04,2822,United States,\n\
                   Bluth Company,technolgy,1993,1242.32,3027,United States,Acme Corporation\n"
            .into(),
        pipeline,
    }
}

/// Rows by header; the files have no quotation marks.
fn rows(text: &str) -> Vec<HashMap<&str, &str>> {
    assert!(!text.contains('"'));
    let mut lines = text.lines();
    let headers: Vec<&str> = lines.next().expect("a header").split(',').collect();
    lines
        .map(|line| headers.iter().copied().zip(line.split(',')).collect())
        .collect()
}

fn count(rows: &[HashMap<&str, &str>], test: impl Fn(&HashMap<&str, &str>) -> bool) -> u64 {
    rows.iter().filter(|row| test(row)).count() as u64
}

/// Everything that the pipeline refers to.
pub(super) async fn ground(client: &Client, files: &Files) {
    let people = import(
        client,
        "people",
        "sales_teams.csv",
        &files.teams,
        &kept("maven/people.json"),
    )
    .await;
    let managers: std::collections::HashSet<&str> = rows(&files.teams)
        .iter()
        .map(|row| row["manager"])
        .collect();
    let offices: std::collections::HashSet<&str> = rows(&files.teams)
        .iter()
        .map(|row| row["regional_office"])
        .collect();
    assert_eq!(people["summary"]["create"], rows(&files.teams).len());
    assert_eq!(
        people["summary"]["made"],
        json!({ "people": managers.len(), "teams": offices.len() })
    );
    let products = import(
        client,
        "products",
        "products.csv",
        &files.products,
        &kept("maven/products.json"),
    )
    .await;
    assert_eq!(products["summary"]["create"], rows(&files.products).len());
    let accounts = import(
        client,
        "customers",
        "accounts.csv",
        &files.accounts,
        &kept("maven/accounts.json"),
    )
    .await;
    assert_eq!(accounts["summary"]["create"], rows(&files.accounts).len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sector_that_no_classification_knows_is_named_and_a_value_of_the_mapping_repairs_it() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let files = files();
        let wrong = count(&rows(&files.accounts), |row| row["sector"] == "technolgy");
        let mut mapping = kept("maven/accounts.json");
        let uploaded = upload(&admin, "customers", "accounts.csv", &files.accounts).await;
        let repaired = check(&admin, &uploaded, &mapping).await;
        assert_eq!(repaired["summary"]["bad_rows"], 0, "{repaired:#}");
        mapping["columns"]["sector"]["values"]
            .as_object_mut()
            .expect("values")
            .remove("technolgy");
        let state = check(&admin, &uploaded, &mapping).await;
        let kind = &state["kinds"][0];
        assert_eq!(
            (&kind["code"], &kind["value"], &kind["count"]),
            (
                &json!("unknown_industry"),
                &json!("technolgy"),
                &json!(wrong)
            )
        );
        assert_eq!(state["summary"]["bad_rows"], wrong);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dirt_of_a_pipeline_is_reported_before_anything_is_written() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let files = files();
        ground(&admin, &files).await;
        let rows = rows(&files.pipeline);
        let misnamed = count(&rows, |row| row["product"] == "GTXPro");
        let homeless = count(&rows, |row| row["account"].is_empty());
        let undated = count(&rows, |row| row["engage_date"].is_empty() && !row["account"].is_empty() && row["product"] != "GTXPro");
        let either = count(&rows, |row| row["product"] == "GTXPro" || row["account"].is_empty());
        let mapping = kept("maven/opportunities_unrepaired.json");
        let uploaded = upload(&admin, "opportunities", "sales_pipeline.csv", &files.pipeline).await;
        let state = check(&admin, &uploaded, &mapping).await;
        let kind = |code: &str, value: &str| {
            let kinds = state["kinds"].as_array().expect("kinds").clone();
            let found = kinds.into_iter().find(|kind| kind["code"] == code && kind["value"] == value);
            found.unwrap_or_else(|| panic!("no {code} of {value:?} in {:#}", state["kinds"]))["count"].clone()
        };
        assert_eq!(kind("unknown_name", "GTXPro"), misnamed);
        assert_eq!(kind("required", ""), homeless);
        assert_eq!(kind("no_opening_day", ""), undated);
        assert_eq!(state["summary"]["bad_rows"], either);
        assert_eq!(state["summary"]["create"], rows.len() as u64 - either);
        // The first line that names the product so.
        let first = rows.iter().position(|row| row["product"] == "GTXPro").expect("dirt") + 2;
        assert!(errors(&state).contains(&format!("{first} product unknown_name")));
        // The same, and a run with bad rows is refused as a whole.
        let refused = run(&admin, &uploaded, &mapping).await;
        assert_eq!(refused["state"], "failed");
        assert_eq!(refused["summary"]["bad_rows"], either);
        assert_eq!(admin.get("/api/opportunities").await.json["total"]["count"], 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repaired_pipeline_comes_in_with_its_history_and_its_figures_are_those_of_the_file() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let files = files();
        ground(&admin, &files).await;
        let rows = rows(&files.pipeline);
        let mapping = kept("maven/opportunities.json");
        let uploaded = upload(
            &admin,
            "opportunities",
            "sales_pipeline.csv",
            &files.pipeline,
        )
        .await;
        let tried = check(&admin, &uploaded, &mapping).await;
        let done = run(&admin, &uploaded, &mapping).await;
        assert_eq!(done["state"], "done", "{done:#}");
        // The dry run promised exactly what came.
        assert_eq!(tried["summary"], done["summary"]);
        assert_eq!(done["summary"]["create"], rows.len());
        assert_eq!(done["summary"]["bad_rows"], 0);
        assert_eq!(done["summary"]["made"], json!({ "customers": 1 }));
        assert!(
            texts(&done["warnings"])
                .iter()
                .all(|warning| warning.ends_with("no_opening_day"))
        );

        let opportunities = all(&admin, world, "opportunities").await;
        assert_eq!(quarters_of(&opportunities, "won"), quarters(&rows, "Won"));
        assert_eq!(quarters_of(&opportunities, "lost"), quarters(&rows, "Lost"));
        let by_number: HashMap<&str, &Json> = opportunities
            .iter()
            .map(|row| (row["number"].as_str().expect("a number"), row))
            .collect();
        for row in &rows {
            let found = by_number[row["opportunity_id"]];
            let created = found["created_at"].as_str().expect("a creation");
            if let Some(day) = Some(row["engage_date"]).filter(|day| !day.is_empty()) {
                // Midnight in Shanghai is 16:00 of the day before in UTC.
                let before: chrono::NaiveDate = day.parse().expect("a day");
                let before = before.pred_opt().expect("a day before");
                assert_eq!(created, format!("{before}T16:00:00.000Z"), "{row:?}");
            }
        }
        // One won deal's way: engaged on its day, won on its day.
        let won = rows
            .iter()
            .find(|row| row["deal_stage"] == "Won")
            .expect("a won deal");
        let id = by_number[won["opportunity_id"]]["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        let way = admin
            .get(&format!("/api/opportunities/{id}/stages"))
            .await
            .json;
        let stages: Vec<(String, String)> = way["rows"]
            .as_array()
            .expect("stages")
            .iter()
            .map(|row| {
                let stage = way["labels"][row["stage_id"].as_str().expect("a stage")]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                (
                    stage,
                    local_day(row["entered_at"].as_str().expect("an instant")),
                )
            })
            .collect();
        assert_eq!(
            stages,
            [
                ("接触客户".to_owned(), won["engage_date"].to_owned()),
                ("成交".to_owned(), won["close_date"].to_owned())
            ]
        );
        let lines = admin
            .get(&format!("/api/opportunities/{id}/lines"))
            .await
            .json;
        assert_eq!(lines["rows"].as_array().map(Vec::len), Some(1), "{lines:#}");

        // Once more changes nothing.
        let again = import(
            &admin,
            "opportunities",
            "sales_pipeline.csv",
            &files.pipeline,
            &strip_line(&mapping),
        )
        .await;
        assert_eq!(
            (&again["summary"]["create"], &again["summary"]["update"]),
            (&json!(0), &json!(0)),
            "{:#}",
            again["summary"]
        );
        assert_eq!(again["summary"]["skip"], rows.len());
    })
    .await;
}

/// Without the parts that only a new opportunity takes.
fn strip_line(mapping: &Json) -> Json {
    let mut mapping = mapping.clone();
    let columns = mapping["columns"].as_object_mut().expect("columns");
    columns.remove("product");
    columns.remove("engage_date");
    mapping["constants"] = json!({});
    mapping["mode"] = json!("update");
    mapping
}

async fn all(client: &Client, world: &World, resource: &str) -> Vec<Json> {
    let mut rows = Vec::new();
    for page in 1.. {
        let answer = client
            .query(
                &format!("/api/{resource}"),
                &[
                    ("page", &page.to_string()),
                    ("page_size", "200"),
                    ("sort", "id"),
                ],
            )
            .await;
        let read = answer.rows();
        if read.is_empty() {
            break;
        }
        rows.extend(read);
    }
    assert!(world.app.catalog.find("en", "imports.row").is_some());
    rows
}

/// Count and amount per quarter of closing.
type Quarters = BTreeMap<String, (u64, i64)>;

fn quarter(day: &str) -> String {
    let month: u32 = day[5..7].parse().expect("a month");
    format!("{}-Q{}", &day[..4], month.div_ceil(3))
}

fn quarters(rows: &[HashMap<&str, &str>], stage: &str) -> Quarters {
    let mut quarters = Quarters::new();
    for row in rows.iter().filter(|row| row["deal_stage"] == stage) {
        let sum = quarters.entry(quarter(row["close_date"])).or_default();
        sum.0 += 1;
        sum.1 += row["close_value"].parse::<i64>().expect("a whole value") * 100;
    }
    quarters
}

fn quarters_of(opportunities: &[Json], outcome: &str) -> Quarters {
    let mut quarters = Quarters::new();
    for row in opportunities.iter().filter(|row| row["outcome"] == outcome) {
        let sum = quarters
            .entry(quarter(row["closed_on"].as_str().expect("a day")))
            .or_default();
        sum.0 += 1;
        sum.1 += row["amount"]["amount_minor"].as_i64().expect("an amount");
    }
    quarters
}

fn local_day(instant: &str) -> String {
    let at = chrono::DateTime::parse_from_rfc3339(instant).expect("an instant");
    at.with_timezone(&server::start::TIME_ZONE)
        .date_naive()
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_that_came_from_a_file_knows_who_reports_to_whom() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let files = files();
        ground(&admin, &files).await;
        let directory = world.app.directory();
        for row in rows(&files.teams) {
            let person = directory
                .people
                .values()
                .find(|person| person.name == row["sales_agent"])
                .expect("a person");
            let above = directory
                .supervisor(person.id)
                .and_then(|id| directory.name(id).map(str::to_owned));
            assert_eq!(above.as_deref(), Some(row["manager"]));
            let team = person
                .team_id
                .and_then(|id| directory.teams.get(&id))
                .map(|team| team.name.as_str());
            assert_eq!(team, Some(row["regional_office"]));
        }
        let parents = all(&admin, world, "customers").await;
        let children = count(&rows(&files.accounts), |row| {
            !row["subsidiary_of"].is_empty()
        });
        assert_eq!(
            parents
                .iter()
                .filter(|row| !row["parent_id"].is_null())
                .count() as u64,
            children
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_import_leaves_nothing_behind() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let mut content = String::from("name\n");
        for i in 0..4_000 {
            content.push_str(&format!("Cancelled company {i}\n"));
        }
        let uploaded = upload(&admin, "customers", "many.csv", content).await;
        let id = uploaded["id"].as_str().expect("an id").to_owned();
        let mapping = super::wizard::plain(&[("name", "name")]);
        let started = admin
            .post(
                &format!("/api/imports/{id}/run"),
                json!({ "mapping": mapping }),
            )
            .await;
        assert_eq!(started.status, 202);
        let cancelled = admin
            .post(&format!("/api/imports/{id}/cancel"), json!({}))
            .await;
        assert_eq!(cancelled.status, 200, "{:?}", cancelled.json);
        let state = wait(&admin, &uploaded).await;
        assert_eq!(state["state"], "cancelled", "{state:#}");
        assert_eq!(admin.get("/api/customers").await.json["total"]["count"], 0);
    })
    .await;
}
