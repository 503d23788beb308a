//! Writing: one record, one step, many from a file. A write's floor is a bare transaction with one row: mostly the disk's own sync.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::{ROUNDS, Suite, median, ms, rows, text};
use crate::Result;
use crate::client::quoted;
use crate::kill::upload;
use crate::running::Running;

impl Suite {
    /// Milliseconds of a bare transaction that inserts one row.
    pub(super) async fn sync_floor(&mut self) -> Result<f64> {
        let kind = if self.floor.is_postgres() {
            "UUID"
        } else {
            "BLOB"
        };
        self.floor
            .execute(&format!(
                "CREATE TABLE IF NOT EXISTS bench_floor (id {kind} PRIMARY KEY, name TEXT)"
            ))
            .await?;
        let mut all = Vec::new();
        for round in 0..ROUNDS {
            let id = self
                .floor
                .id(&uuid::Uuid::from_u128(round as u128).to_string());
            let begun = Instant::now();
            self.floor
                .execute(&format!(
                    "INSERT INTO bench_floor (id, name) VALUES ({id}, 'x')"
                ))
                .await?;
            all.push(ms(begun));
        }
        self.floor.execute("DROP TABLE bench_floor").await?;
        Ok(median(all))
    }

    pub(super) async fn creates(&mut self) -> Result<()> {
        let floor = self.sync_floor().await?;
        let value = self.create_ms().await;
        self.add(
            "create a customer",
            "ms",
            Some(5.0 + floor),
            value,
            Some(floor),
        );
        Ok(())
    }

    async fn create_ms(&mut self) -> Result<f64> {
        let mut all = Vec::new();
        for round in 0..ROUNDS {
            let name = format!("测量{round}号精密机械有限公司{}", self.figures.len());
            let body = json!({ "name": name, "level": "B", "region": "310115", "phone": format!("021-5{round:07}") });
            let begun = Instant::now();
            self.client.post("/api/customers", &body).await?;
            all.push(ms(begun));
        }
        Ok(median(all))
    }

    pub(super) async fn advances(&mut self) -> Result<()> {
        let floor = self.sync_floor().await?;
        let value = self.advance_ms().await;
        self.add(
            "advance an opportunity",
            "ms",
            Some(8.0 + floor),
            value,
            Some(floor),
        );
        Ok(())
    }

    async fn advance_ms(&mut self) -> Result<f64> {
        let stages = self.client.get_json("/api/stages?page_size=100").await?;
        let of = |code: &str| {
            rows(&stages)
                .iter()
                .find(|stage| stage["code"] == code)
                .map(|stage| text(stage, "id").to_owned())
        };
        let (from, to) = (
            of("target").ok_or("no stage")?,
            of("engaged").ok_or("no stage")?,
        );
        let filter = json!({ "field": "stage_id", "op": "in", "value": [from] }).to_string();
        let page = self
            .client
            .get_json(&format!(
                "/api/opportunities?filter={}&page_size=100",
                quoted(&filter)
            ))
            .await?;
        let mut all = Vec::new();
        for row in rows(&page).iter().take(ROUNDS) {
            let path = format!("/api/opportunities/{}/advance", text(row, "id"));
            let version = format!("\"{}\"", row["version"]);
            let body = json!({ "stage_id": to, "next_step": "约见", "next_step_on": "2099-01-01" })
                .to_string();
            let begun = Instant::now();
            self.client
                .send("POST", &path, &[("if-match", &version)], body.as_bytes())
                .await?
                .good()?;
            all.push(ms(begun));
        }
        Ok(median(all))
    }

    pub(super) async fn imports(&mut self, server: &Option<Running>) -> Result<()> {
        let server = server.as_ref().ok_or("no server")?;
        for (name, count, bar) in [
            ("import of 10,000 customers", 10_000, 3.0),
            ("import of 100,000 customers", 100_000, 30.0),
        ] {
            server.forget_peak();
            let before = server.memory_kb("VmRSS").unwrap_or_default();
            let value = self.import_s(count).await;
            let failed = value.is_err();
            self.add(name, "s", Some(bar), value, None);
            if count == 100_000 && !failed {
                let peak = server.memory_kb("VmHWM").unwrap_or_default();
                let more = peak.saturating_sub(before) as f64 / 1_000.0;
                self.add(
                    "memory that the import of 100,000 takes",
                    "MB",
                    Some(200.0),
                    Ok(more),
                    None,
                );
            }
        }
        Ok(())
    }

    /// Seconds from the upload's begin to the import's end.
    async fn import_s(&mut self, count: usize) -> Result<f64> {
        const WORDS: [&str; 8] = [
            "精密机械",
            "自动化设备",
            "电子科技",
            "新材料",
            "仪器仪表",
            "食品",
            "环保工程",
            "医药",
        ];
        const PLACES: [&str; 6] = ["苏州", "宁波", "佛山", "成都", "青岛", "武汉"];
        let mut csv = String::from("name,region,phone,level,address\n");
        for row in 0..count {
            let (place, word) = (PLACES[row % PLACES.len()], WORDS[row % WORDS.len()]);
            csv.push_str(&format!(
                "{place}测{count}批{row}号{word}有限公司,{},0512-6{row:07},{},工业园区{row}号\n",
                ["320500", "330200", "440600", "510100", "370200", "420100"][row % PLACES.len()],
                ["A", "B", "C", "D"][row % 4]
            ));
        }
        let begun = Instant::now();
        let uploaded = upload(&mut self.client, "customers", &csv).await?;
        let path = format!("/api/imports/{}", text(&uploaded, "id"));
        self.client
            .post(
                &format!("{path}/run"),
                &json!({ "mapping": uploaded["mapping"] }),
            )
            .await?;
        loop {
            let state: Json = self.client.get_json(&path).await?;
            match text(&state, "state") {
                "done" => break,
                "failed" | "cancelled" => return Err(state.to_string().into()),
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        Ok(begun.elapsed().as_secs_f64())
    }
}
