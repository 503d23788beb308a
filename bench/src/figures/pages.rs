//! Reading: lists, the board, a record, reports.

use rules::period::Month;
use serde_json::json;

use super::{Suite, names, rows, text};
use crate::Result;
use crate::client::quoted;
use crate::results::today;

impl Suite {
    /// The list as people leave it open: a filter on two fields, a sort, a total.
    pub fn list_path(&self) -> String {
        let filter = json!({ "and": [
            { "field": "level", "op": "in", "value": ["A", "B"] },
            { "field": "class", "op": "in", "value": ["ordinary"] }
        ] });
        format!(
            "/api/customers?filter={}&sort=-updated_at&page_size=50",
            quoted(&filter.to_string())
        )
    }

    pub fn list_sql(&self) -> [String; 2] {
        let wanted = ["level IN ('A', 'B')", "class = 'ordinary'"];
        [
            format!(
                "SELECT {} FROM customer WHERE {} ORDER BY updated_at DESC, id DESC LIMIT 50",
                names(&self.customer),
                self.decided(&wanted)
            ),
            self.counted("customer", &wanted.join(" AND ")),
        ]
    }

    /// The filter of a page of very many rows as the server asks it: SQLite would rather find all rows and sort them.
    fn decided(&self, tests: &[&str]) -> String {
        let decided = |test: &&str| match self.floor.is_postgres() {
            true => (*test).to_owned(),
            false => format!("COALESCE({test}, FALSE)"),
        };
        tests.iter().map(decided).collect::<Vec<_>>().join(" AND ")
    }

    /// How the server learns that a list has more rows than it counts.
    fn counted(&self, table: &str, wanted: &str) -> String {
        match self.floor.is_postgres() {
            true => format!(
                "SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE {wanted} LIMIT 10001) AS counted"
            ),
            false => format!("SELECT 1 FROM {table} WHERE {wanted} LIMIT 1 OFFSET 10000"),
        }
    }

    pub(super) async fn lists(&mut self) -> Result<()> {
        let path = self.list_path();
        let sql = self.list_sql().to_vec();
        self.beside_as("customer list: filter, sort, total", 5.0, &[path], &[sql])
            .await;
        let filter = json!({ "field": "outcome", "op": "in", "value": ["open"] });
        let path = format!(
            "/api/opportunities?filter={}&sort=-amount&page_size=50",
            quoted(&filter.to_string())
        );
        let wanted = "outcome = 'open'";
        let last = if self.floor.is_postgres() {
            "NULLS LAST"
        } else {
            ""
        };
        let sql = vec![
            format!(
                "SELECT {} FROM opportunity WHERE {} ORDER BY amount DESC {last}, id DESC LIMIT 50",
                names(&self.opportunity),
                self.decided(&[wanted])
            ),
            self.counted("opportunity", wanted),
        ];
        self.beside_as(
            "opportunity list: filter, sort by amount, total",
            5.0,
            &[path],
            &[sql],
        )
        .await;
        Ok(())
    }

    /// The usual process and its stages: ids, and whether they are open.
    async fn process(&mut self) -> Result<(String, Vec<(String, bool)>)> {
        let processes = self.client.get_json("/api/processes?page_size=50").await?;
        let process = rows(&processes)
            .iter()
            .find(|row| row["code"] == "ordinary")
            .map(|row| text(row, "id").to_owned())
            .ok_or("no process")?;
        let path = format!("/api/processes/{process}/stages");
        let stages = self.client.get_json(&path).await?;
        let stages = rows(&stages)
            .iter()
            .map(|stage| (text(stage, "id").to_owned(), stage["kind"] == "open"))
            .collect();
        Ok((process, stages))
    }

    pub(super) async fn board(&mut self) -> Result<()> {
        let (process, stages) = self.process().await?;
        let id = self.floor.id(&process);
        let mut sql = vec![format!(
            "SELECT part, SUM(count), SUM(value), SUM(weighted) FROM roll_up WHERE roll_up = 'standing' AND part IN ({}) GROUP BY part",
            parts(&stages)
        )];
        for (stage, _) in &stages {
            sql.push(format!(
                "SELECT {} FROM opportunity WHERE process_id = {id} AND stage_id = {} ORDER BY updated_at DESC, id DESC LIMIT 30",
                names(&self.opportunity),
                self.floor.id(stage)
            ));
        }
        let path = format!("/api/opportunities/board?process_id={process}");
        self.beside_as(
            "board: all columns with counts and totals",
            40.0,
            &[path],
            &[sql],
        )
        .await;
        Ok(())
    }

    /// The page asks for the record and its timeline; both count.
    pub(super) async fn record(&mut self) -> Result<()> {
        let page = self
            .client
            .get_json("/api/opportunities?sort=-amount&page_size=100")
            .await?;
        let mut api = Vec::new();
        let mut raw = Vec::new();
        for row in rows(&page).iter().take(super::ROUNDS) {
            let id = text(row, "id");
            let begun = std::time::Instant::now();
            let answers = async {
                self.client.get(&format!("/api/opportunities/{id}")).await?;
                self.client
                    .get(&format!("/api/opportunities/{id}/timeline"))
                    .await
            };
            if let Err(error) = answers.await {
                let bar = Some(8.0 * self.growth);
                self.add("record page with timeline", "ms", bar, Err(error), None);
                return Ok(());
            }
            api.push(super::ms(begun));
            let id = self.floor.id(id);
            let begun = std::time::Instant::now();
            self.floor
                .rows(&format!(
                    "SELECT {} FROM opportunity WHERE id = {id}",
                    names(&self.opportunity)
                ))
                .await?;
            for sql in self.timeline_sql("opportunity_id", &id) {
                self.floor.rows(&sql).await?;
            }
            raw.push(super::ms(begun));
        }
        self.add(
            "record page with timeline",
            "ms",
            Some(8.0 * self.growth),
            Ok(super::median(api)),
            Some(super::median(raw)),
        );
        Ok(())
    }

    pub(super) async fn report(&mut self) -> Result<()> {
        let (process, mut stages) = self.process().await?;
        stages.retain(|(_, is_open)| *is_open);
        for (by, name, slice, roll_up) in [
            (
                "person",
                "report: pipeline by stage and person",
                "owner_id",
                "standing_by_owner",
            ),
            (
                "month",
                "report: pipeline by stage and month",
                "SUBSTR(day, 1, 7)",
                "standing_by_day",
            ),
        ] {
            let sql = format!(
                "SELECT part, {slice}, SUM(count), SUM(value), SUM(weighted) FROM roll_up WHERE roll_up = '{roll_up}' \
                 AND part IN ({}) AND count <> 0 GROUP BY part, {slice}",
                parts(&stages)
            );
            let path = format!("/api/dashboard/pipeline?process_id={process}&by={by}");
            self.beside_as(name, 92.0, &[path], &[vec![sql]]).await;
        }
        Ok(())
    }

    /// The dashboard's funnel and its won and lost, over the twelve months that end today.
    pub(super) async fn funnel(&mut self) -> Result<()> {
        let (process, stages) = self.process().await?;
        let today = today();
        let month: Month = today[..7].parse().map_err(|_| "no month")?;
        let from = month.offset(-11).first_day().to_string();
        let stages = parts(&stages);
        let cells = |what: &str, roll_up: &str, rest: &str| {
            format!(
                "SELECT {what} FROM roll_up WHERE roll_up = '{roll_up}' AND day >= '{from}' AND day <= '{today}' {rest}"
            )
        };
        let of_stages = format!("AND part IN ({stages})");
        let first = format!("{of_stages} AND since < '{from}' GROUP BY part");
        let sql = vec![
            cells("part, SUM(count), SUM(value)", "stage_entered", &first),
            cells("part, SUM(count), SUM(value)", "stage_passed", &first),
            cells(
                "part, mark, SUM(count)",
                "stage_stayed",
                &format!("{of_stages} GROUP BY part, mark"),
            ),
            "SELECT part, SUM(count) FROM roll_up WHERE roll_up = 'customers' GROUP BY part"
                .to_owned(),
        ];
        let period = format!("from={from}&to={today}");
        let path = format!("/api/dashboard/funnel?process_id={process}&{period}");
        self.beside_as("dashboard: funnel over a year", 92.0, &[path], &[sql])
            .await;
        let by_month = "GROUP BY mark, SUBSTR(day, 1, 7)";
        let sql = vec![
            cells(
                "mark, SUBSTR(day, 1, 7), SUM(count), SUM(value)",
                "closed",
                by_month,
            ),
            cells("mark, SUM(count)", "cycle", "GROUP BY mark"),
        ];
        let path = format!("/api/dashboard/performance?{period}");
        self.beside_as("dashboard: won and lost over a year", 92.0, &[path], &[sql])
            .await;
        Ok(())
    }
}

impl Suite {
    /// What a record's timeline is made of: its activities, those ahead first, and what the ledger, comments and files have of it.
    pub(super) fn timeline_sql(&self, field: &str, id: &str) -> Vec<String> {
        let activities = format!(
            "SELECT {} FROM activity WHERE {field} = {id} AND",
            names(&self.activity)
        );
        let written = ["ledger", "comment", "attachment"].map(|table| {
            let by = if table == "ledger" {
                "seq"
            } else {
                "created_at"
            };
            format!("SELECT * FROM {table} WHERE record_id = {id} ORDER BY {by} DESC LIMIT 31")
        });
        [
            format!("{activities} state IN ('planned', 'moved') ORDER BY happens_at LIMIT 3"),
            format!(
                "{activities} state IN ('done', 'cancelled') ORDER BY happens_at DESC LIMIT 31"
            ),
        ]
        .into_iter()
        .chain(written)
        .collect()
    }
}

/// Ids as texts in SQL.
fn parts(stages: &[(String, bool)]) -> String {
    let quoted: Vec<String> = stages.iter().map(|(id, _)| format!("'{id}'")).collect();
    quoted.join(", ")
}
