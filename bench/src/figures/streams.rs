//! Many at once: throughput, an export, a start.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Figure, Suite, ms};
use crate::Result;
use crate::bare::{self, Page};
use crate::client::Client;
use crate::running::Running;

const CONCURRENCY: usize = 8;
const STRETCH: Duration = Duration::from_secs(4);
/// Stretches of each side, in turns.
const STRETCHES: usize = 3;

impl Suite {
    pub(super) async fn throughput(&mut self) -> Result<()> {
        let [page, total] = self.list_sql();
        let bare = bare::serve(Arc::new(Page {
            floor: self.floor.clone(),
            page,
            total,
            columns: self.customer.clone(),
        }))
        .await?;
        let path = self.list_path();
        let mut ours = Vec::new();
        let mut least = Vec::new();
        for _ in 0..STRETCHES {
            ours.push(rate(&self.client, None, &path).await?);
            least.push(rate(&self.client, Some(bare), "/").await?);
        }
        let (ours, least) = (super::median(ours), super::median(least));
        self.figures.push(Figure {
            name: "list pages a second, 8 at once",
            unit: "/s",
            bar: Some(0.5 * least),
            more_is_better: true,
            value: Ok(ours),
            floor: Some(least),
        });
        Ok(())
    }

    pub(super) async fn export(&mut self) -> Result<()> {
        let begun = Instant::now();
        let answer = self.client.get("/api/customers/export?format=xlsx").await;
        let value = answer.map(|_| begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let count = self
            .floor
            .rows("SELECT * FROM customer ORDER BY updated_at DESC, id DESC")
            .await?;
        let floor = begun.elapsed().as_secs_f64();
        // The bar is for 100,000 rows; the company may have more by now.
        self.add(
            "export of all customers to XLSX",
            "s",
            Some(10.0 * count as f64 / 100_000.0),
            value,
            Some(floor),
        );
        Ok(())
    }

    pub(super) async fn start(&mut self, server: &mut Option<Running>) -> Result<()> {
        if let Some(old) = server.take() {
            old.stop()?;
        }
        let mut all = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let running = self.place.serve()?;
            Client::connect(running.address)
                .await?
                .send("GET", "/", &[], &[])
                .await?;
            all.push(ms(begun));
            running.stop()?;
        }
        self.add(
            "start to the first answered page",
            "ms",
            Some(500.0),
            Ok(super::median(all)),
            None,
        );
        let running = self.place.serve()?;
        Client::connect(running.address)
            .await?
            .send("GET", "/", &[], &[])
            .await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let idle = running.memory_kb("VmRSS").unwrap_or_default() as f64 / 1_000.0;
        self.add("memory when idle", "MB", Some(80.0), Ok(idle), None);
        *server = Some(running);
        Ok(())
    }
}

/// Answers a second over some connections, of the server or of another address.
async fn rate(client: &Client, other: Option<SocketAddr>, path: &str) -> Result<f64> {
    let until = Instant::now() + STRETCH;
    let mut tasks = Vec::new();
    for _ in 0..CONCURRENCY {
        let mut client = match other {
            Some(address) => Client::connect(address).await?,
            None => client.again().await?,
        };
        let path = path.to_owned();
        tasks.push(tokio::spawn(async move {
            let mut count = 0_u32;
            while Instant::now() < until {
                client.get(&path).await?;
                count += 1;
            }
            Result::<u32>::Ok(count)
        }));
    }
    let mut count = 0;
    for task in tasks {
        count += task.await??;
    }
    Ok(f64::from(count) / STRETCH.as_secs_f64())
}
