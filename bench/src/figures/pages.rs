//! Reading: lists, the board, a record, reports.

use serde_json::json;

use super::{Suite, names, rows, text};
use crate::Result;
use crate::client::quoted;

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
        let wanted = "FROM customer WHERE level IN ('A', 'B') AND class IN ('ordinary')";
        [
            format!(
                "SELECT {} {wanted} ORDER BY updated_at DESC, id DESC LIMIT 50",
                names(&self.customer)
            ),
            format!("SELECT COUNT(*) FROM (SELECT 1 {wanted} LIMIT 10001) AS some"),
        ]
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
        let wanted = "FROM opportunity WHERE outcome IN ('open')";
        let last = if self.floor.is_postgres() {
            "NULLS LAST"
        } else {
            ""
        };
        let sql = vec![
            format!(
                "SELECT {} {wanted} ORDER BY amount DESC {last}, id DESC LIMIT 50",
                names(&self.opportunity)
            ),
            format!("SELECT COUNT(*) FROM (SELECT 1 {wanted} LIMIT 10001) AS some"),
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

    pub(super) async fn board(&mut self) -> Result<()> {
        let processes = self.client.get_json("/api/processes?page_size=50").await?;
        let Some(process) = rows(&processes)
            .iter()
            .find(|row| row["code"] == "ordinary")
            .map(|row| text(row, "id").to_owned())
        else {
            return Ok(());
        };
        let id = self.floor.id(&process);
        let filter = json!({ "field": "process_id", "op": "in", "value": [process] });
        let path = format!(
            "/api/stages?filter={}&page_size=50",
            quoted(&filter.to_string())
        );
        let stages = self.client.get_json(&path).await?;
        let mut sql = vec![format!(
            "SELECT stage_id, COUNT(*), SUM(amount), SUM(weighted_amount) FROM opportunity WHERE process_id = {id} GROUP BY stage_id"
        )];
        for stage in rows(&stages) {
            sql.push(format!(
                "SELECT {} FROM opportunity WHERE process_id = {id} AND stage_id = {} ORDER BY updated_at DESC, id DESC LIMIT 30",
                names(&self.opportunity),
                self.floor.id(text(stage, "id"))
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
                self.add(
                    "record page with timeline",
                    "ms",
                    Some(8.0),
                    Err(error),
                    None,
                );
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
            self.floor
                .rows(&format!(
                    "SELECT * FROM ledger WHERE record_id = {id} ORDER BY seq DESC LIMIT 50"
                ))
                .await?;
            self.floor
                .rows(&format!(
                    "SELECT * FROM comment WHERE record_id = {id} ORDER BY created_at DESC LIMIT 50"
                ))
                .await?;
            self.floor.rows(&format!("SELECT * FROM attachment WHERE record_id = {id} ORDER BY created_at DESC LIMIT 50")).await?;
            raw.push(super::ms(begun));
        }
        self.add(
            "record page with timeline",
            "ms",
            Some(8.0),
            Ok(super::median(api)),
            Some(super::median(raw)),
        );
        Ok(())
    }

    pub(super) async fn report(&mut self) -> Result<()> {
        let sql = vec![
            "SELECT owner_id, stage_id, COUNT(*), SUM(amount), SUM(weighted_amount) FROM opportunity WHERE outcome = 'open' \
             GROUP BY owner_id, stage_id"
                .to_owned(),
        ];
        let path = "/api/dashboard/pipeline?by=person".to_owned();
        self.beside_as(
            "report: pipeline by stage and person",
            92.0,
            &[path],
            &[sql],
        )
        .await;
        Ok(())
    }
}
