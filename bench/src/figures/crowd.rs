//! Five hundred people who log their visits at the same time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::day::{now_ms, visit};
use super::{Suite, ms};
use crate::Result;
use crate::client::Client;
use crate::running::Running;

const PEOPLE: usize = 500;
/// Each person's rhythm, and how long it goes on.
const EVERY: Duration = Duration::from_secs(2);
const VISITS: usize = 30;

impl Suite {
    /// The time within which 99 of 100 visits are logged; an error is a failure of the whole.
    pub(super) async fn crowd(&mut self, server: &Option<Running>) -> Result<()> {
        let value = match server {
            Some(server) => self.slowest_of_hundred(server).await,
            None => Err("no server".into()),
        };
        self.add(
            "500 people log a visit every 2 s: 99 of 100 within",
            "ms",
            Some(250.0),
            value,
            None,
        );
        Ok(())
    }

    async fn slowest_of_hundred(&mut self, server: &Running) -> Result<f64> {
        let work = self.sessions().await?;
        let mut people = Vec::new();
        for (n, (secret, customers)) in work.into_iter().enumerate() {
            let client = Client::with_session(server.address, &secret).await?;
            // They don't all press at the same moment, nor in step.
            let first = EVERY * n as u32 / PEOPLE as u32;
            people.push(tokio::spawn(log(client, customers, first)));
        }
        let mut all = Vec::new();
        for person in people {
            all.extend(person.await??);
        }
        all.sort_by(f64::total_cmp);
        all.get(all.len() * 99 / 100)
            .copied()
            .ok_or_else(|| "nobody logged anything".into())
    }

    /// A session for each of the people, with customers of theirs. Where fewer own customers, they have several devices.
    async fn sessions(&self) -> Result<Vec<(String, Vec<String>)>> {
        let mut owned: HashMap<String, Vec<String>> = HashMap::new();
        for pair in self.owners().await? {
            let (Some(owner), Some(id)) = (pair["owner_id"].as_str(), pair["id"].as_str()) else {
                continue;
            };
            if owned.len() < PEOPLE || owned.contains_key(owner) {
                owned
                    .entry(owner.to_owned())
                    .or_default()
                    .push(id.to_owned());
            }
        }
        let mut owned: Vec<_> = owned.into_iter().collect();
        owned.sort();
        if owned.is_empty() {
            return Err("nobody owns customers".into());
        }
        let mut sessions = Vec::new();
        for n in 0..PEOPLE {
            let (owner, customers) = &owned[n % owned.len()];
            let secret = format!("a-session-of-the-measurement-{n}");
            let hash: String = Sha256::digest(secret.as_bytes())
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let id = self
                .floor
                .id(&uuid::Uuid::from_u128(0xBE9C_u128 << 64 | n as u128).to_string());
            let (owner, now) = (self.floor.id(owner), now_ms());
            self.floor
                .execute(&format!(
                    "INSERT INTO session (id, secret_hash, person_id, device, address, created_at, last_used_at) \
                     VALUES ({id}, '{hash}', {owner}, 'bench', '127.0.0.1', {now}, {now})"
                ))
                .await?;
            sessions.push((secret, customers.clone()));
        }
        Ok(sessions)
    }

    async fn owners(&self) -> Result<Vec<serde_json::Value>> {
        let columns: Vec<_> = self
            .customer
            .iter()
            .filter(|column| matches!(column.name.as_str(), "id" | "owner_id"))
            .cloned()
            .collect();
        let sql = format!(
            "SELECT {} FROM customer WHERE owner_id IN (SELECT id FROM person WHERE is_active) LIMIT 100000",
            super::names(&columns)
        );
        self.floor.json(&sql, &columns).await
    }
}

/// Logs visits in a person's rhythm; the milliseconds of each.
async fn log(mut client: Client, customers: Vec<String>, first: Duration) -> Result<Vec<f64>> {
    let begun = Instant::now() + first;
    let mut all = Vec::with_capacity(VISITS);
    for n in 0..VISITS {
        tokio::time::sleep_until((begun + EVERY * n as u32).into()).await;
        let customer = &customers[n % customers.len()];
        let pressed = Instant::now();
        client.post("/api/activities", &visit(customer)).await?;
        all.push(ms(pressed));
    }
    Ok(all)
}
