//! The working day: Today, a team's week, a customer's timeline, logging a visit.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

use super::{ROUNDS, Suite, Who, median, ms, names, text};
use crate::Result;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The invented company works by China's time.
const ZONE_MS: i64 = 8 * HOUR_MS;
/// The kind "first visit" that comes with every company.
const FIRST_VISIT: &str = "01900000-0000-7000-8001-000000000001";

#[expect(
    clippy::disallowed_methods,
    reason = "the server under measure knows the real time, and so must who tells it when a visit was"
)]
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as i64)
}

/// A local day, counted from 1970-01-01: as text, and the instant at which it begins.
fn day_text(day: i64) -> String {
    rules::value::instant_text(day * DAY_MS)[..10].to_owned()
}

fn day_start(day: i64) -> i64 {
    day * DAY_MS - ZONE_MS
}

/// A visit that has just ended, as the phone sends it.
pub(super) fn visit(customer: &str) -> Json {
    let now = now_ms();
    json!({
        "kind_id": FIRST_VISIT,
        "customer_id": customer,
        "state": "done",
        "started_at": rules::value::instant_text(now - HOUR_MS),
        "ended_at": rules::value::instant_text(now - HOUR_MS / 6),
        "purpose": "了解新产线的设备需求",
        "outcome": "effective",
        "result": "与生产部经理谈了两条装配线的节拍和预算，对方要求下周提供方案。",
    })
}

impl Suite {
    pub(super) async fn day(&mut self) -> Result<()> {
        let me = self.salesperson.get_json("/api/session").await?;
        let lead = self.supervisor.get_json("/api/session").await?;
        let today = (now_ms() + ZONE_MS).div_euclid(DAY_MS);
        let columns = names(&self.activity);
        let own = format!(
            "SELECT {columns} FROM activity WHERE owner_id = {} AND state =",
            self.floor.id(text(&me["person"], "id"))
        );
        let (start, end) = (day_start(today), day_start(today + 1));
        let latest = "ORDER BY happens_at DESC LIMIT 300";
        let sql = vec![
            format!("{own} 'planned' AND happens_at < {end} {latest}"),
            format!("{own} 'moved' AND happens_at < {end} {latest}"),
            format!("{own} 'done' AND happens_at >= {start} AND happens_at < {end} {latest}"),
            format!(
                "SELECT {} FROM opportunity WHERE owner_id = {} AND outcome = 'open' AND next_step_on <= '{}' \
                 ORDER BY next_step_on LIMIT 100",
                names(&self.opportunity),
                self.floor.id(text(&me["person"], "id")),
                day_text(today)
            ),
        ];
        let path = "/api/today".to_owned();
        self.beside_of(
            Who::Salesperson,
            "Today of a salesperson",
            50.0,
            &[path],
            &[sql],
        )
        .await;

        let team = text(&lead["person"], "team_id").to_owned();
        let people = format!(
            "(SELECT id FROM person WHERE team_id = {})",
            self.floor.id(&team)
        );
        let deeds = format!(
            "SELECT {columns} FROM activity WHERE state = 'done' AND owner_id IN {people} AND happens_at >= {start} AND happens_at < {end}"
        );
        let path = "/api/today/team".to_owned();
        self.beside_of(
            Who::Supervisor,
            "Today of a supervisor",
            50.0,
            &[path],
            &[vec![deeds]],
        )
        .await;

        // 1970-01-01 was a Thursday.
        let monday = today - (today + 3).rem_euclid(7);
        let week = format!(
            "SELECT {columns} FROM activity WHERE state <> 'cancelled' AND owner_id IN {people} AND happens_at >= {} AND happens_at < {}",
            day_start(monday),
            day_start(monday + 7)
        );
        let path = format!(
            "/api/calendar?from={}&until={}&team_id={team}",
            day_text(monday),
            day_text(monday + 6)
        );
        self.beside_of(
            Who::Supervisor,
            "a week of a team's calendar",
            50.0,
            &[path],
            &[vec![week]],
        )
        .await;
        self.timeline().await
    }

    /// Of the salesperson's customers, each once.
    async fn timeline(&mut self) -> Result<()> {
        let customers = self.own_customers().await?;
        let paths: Vec<String> = customers
            .iter()
            .map(|id| format!("/api/customers/{id}/timeline"))
            .collect();
        let sqls: Vec<Vec<String>> = customers
            .iter()
            .map(|id| self.timeline_sql("customer_id", &self.floor.id(id)))
            .collect();
        self.beside_of(
            Who::Salesperson,
            "a customer's timeline",
            20.0,
            &paths,
            &sqls,
        )
        .await;
        Ok(())
    }

    async fn own_customers(&mut self) -> Result<Vec<String>> {
        let path = format!("/api/customers?page_size={ROUNDS}");
        let page = self.salesperson.get_json(&path).await?;
        let ids: Vec<String> = super::rows(&page)
            .iter()
            .map(|row| text(row, "id").to_owned())
            .collect();
        if ids.is_empty() {
            return Err("the salesperson has no customers".into());
        }
        Ok(ids)
    }

    pub(super) async fn logs(&mut self) -> Result<()> {
        let floor = self.sync_floor().await?;
        let value = self.log_ms().await;
        self.add("log a visit", "ms", Some(15.0), value, Some(floor));
        Ok(())
    }

    async fn log_ms(&mut self) -> Result<f64> {
        let customers = self.own_customers().await?;
        let mut all = Vec::new();
        for round in 0..ROUNDS {
            let body = visit(&customers[round % customers.len()]);
            let begun = Instant::now();
            self.salesperson.post("/api/activities", &body).await?;
            all.push(ms(begun));
        }
        Ok(median(all))
    }
}
