//! The measured figures, each beside its floor.

mod crowd;
mod day;
mod pages;
mod searches;
mod streams;
mod writes;

use std::future::Future;
use std::time::Instant;

use serde_json::Value as Json;

use crate::Result;
use crate::client::Client;
use crate::company::Copy;
use crate::floor::{Column, Floor, Kind};
use crate::running::{Place, Running};

/// One line of the result.
#[derive(Debug, Clone)]
pub struct Figure {
    pub name: &'static str,
    pub unit: &'static str,
    /// What was promised; a value above it (below it, where more is better) misses.
    pub bar: Option<f64>,
    pub more_is_better: bool,
    pub value: Result<f64, String>,
    /// The same without Chengdan, in the same unit.
    pub floor: Option<f64>,
}

impl Figure {
    pub fn is_met(&self) -> Option<bool> {
        let (value, bar) = (self.value.as_ref().ok()?, self.bar?);
        Some(if self.more_is_better {
            *value >= bar
        } else {
            *value <= bar
        })
    }
}

/// What the measurements share.
pub struct Suite {
    pub place: Place,
    /// As an administrator, who sees everything.
    pub client: Client,
    pub salesperson: Client,
    pub supervisor: Client,
    pub floor: Floor,
    /// The customers' own columns in the order of the page's SQL.
    pub customer: Vec<Column>,
    pub opportunity: Vec<Column>,
    pub activity: Vec<Column>,
    pub figures: Vec<Figure>,
    /// How many times the time of 100,000 customers a page may take.
    growth: f64,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
enum Who {
    Administrator,
    Salesperson,
    Supervisor,
}

/// What is measured together, in this order.
pub const GROUPS: [&str; 11] = [
    "lists",
    "searches",
    "pages",
    "reports",
    "day",
    "writes",
    "throughput",
    "export",
    "crowd",
    "imports",
    "start",
];

pub const ROUNDS: usize = 41;

impl Suite {
    pub async fn new(copy: &Copy, server: &Running, scale: &str) -> Result<Suite> {
        let mut client = copy.sign_in(server, "administrator").await?;
        let meta = client.get_json("/api/meta").await?;
        let columns = |name: &str| -> Vec<Column> {
            let resources = meta["resources"]
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            let fields = resources
                .iter()
                .find(|r| r["name"] == name)
                .and_then(|r| r["fields"].as_array());
            fields
                .into_iter()
                .flatten()
                .filter_map(|field| {
                    let name = field["name"].as_str()?.to_owned();
                    Some(Column {
                        name,
                        kind: Kind::of(field["type"].as_str()?),
                    })
                })
                .collect()
        };
        Ok(Suite {
            place: copy.place.clone(),
            client,
            salesperson: copy.sign_in(server, "salesperson").await?,
            supervisor: copy.sign_in(server, "supervisor").await?,
            floor: copy.floor.clone(),
            growth: if scale == "1000" { 2.0 } else { 1.0 },
            customer: columns("customers"),
            opportunity: columns("opportunities"),
            activity: columns("activities"),
            figures: Vec::new(),
        })
    }

    /// Everything, from light to heavy, or only the groups that are named; the server is started anew where its start is measured.
    pub async fn all(
        &mut self,
        server: &mut Option<Running>,
        only: &[String],
        mut tell: impl FnMut(&Figure),
    ) -> Result<()> {
        for group in GROUPS {
            if !only.is_empty() && !only.iter().any(|name| name == group) {
                continue;
            }
            let told = self.figures.len();
            match group {
                "lists" => self.lists().await?,
                "searches" => self.searches().await?,
                "pages" => {
                    self.board().await?;
                    self.record().await?;
                }
                "reports" => {
                    self.report().await?;
                    self.funnel().await?;
                }
                "day" => self.day().await?,
                "writes" => {
                    self.creates().await?;
                    self.advances().await?;
                    self.logs().await?;
                }
                "throughput" => self.throughput().await?,
                "export" => self.export().await?,
                "crowd" => self.crowd(server).await?,
                "imports" => self.imports(server).await?,
                _ => self.start(server).await?,
            }
            self.figures[told..].iter().for_each(&mut tell);
        }
        Ok(())
    }

    fn add(
        &mut self,
        name: &'static str,
        unit: &'static str,
        bar: Option<f64>,
        value: Result<f64>,
        floor: Option<f64>,
    ) {
        let value = value.map_err(|error| error.to_string());
        self.figures.push(Figure {
            name,
            unit,
            bar,
            more_is_better: false,
            value,
            floor,
        });
    }

    /// Milliseconds of a GET over the API beside those of SQL, one after the other in turns; medians.
    async fn beside(
        &mut self,
        who: Who,
        paths: &[String],
        sqls: &[Vec<String>],
    ) -> Result<(f64, f64)> {
        let client = match who {
            Who::Administrator => &mut self.client,
            Who::Salesperson => &mut self.salesperson,
            Who::Supervisor => &mut self.supervisor,
        };
        let mut api = Vec::new();
        let mut raw = Vec::new();
        for round in 0..ROUNDS.max(paths.len()) + WARM {
            let path = &paths[round % paths.len()];
            let begun = Instant::now();
            client.get(path).await?;
            let api_ms = ms(begun);
            let sql = &sqls[round % sqls.len()];
            let begun = Instant::now();
            for sql in sql {
                self.floor.rows(sql).await?;
            }
            if round >= WARM {
                api.push(api_ms);
                raw.push(ms(begun));
            }
        }
        Ok((median(api), median(raw)))
    }

    async fn beside_as(
        &mut self,
        name: &'static str,
        bar: f64,
        paths: &[String],
        sqls: &[Vec<String>],
    ) {
        let bar = bar * self.growth;
        self.beside_of(Who::Administrator, name, bar, paths, sqls)
            .await;
    }

    async fn beside_of(
        &mut self,
        who: Who,
        name: &'static str,
        bar: f64,
        paths: &[String],
        sqls: &[Vec<String>],
    ) {
        let bar = Some(bar);
        match self.beside(who, paths, sqls).await {
            Ok((api, raw)) => self.add(name, "ms", bar, Ok(api), Some(raw)),
            Err(error) => self.add(name, "ms", bar, Err(error), None),
        }
    }
}

/// Rounds before the first that counts.
const WARM: usize = 4;

pub fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Median of the milliseconds that `act` takes.
pub async fn timed<F: Future<Output = Result<()>>>(
    rounds: usize,
    mut act: impl FnMut(usize) -> F,
) -> Result<f64> {
    let mut all = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let begun = Instant::now();
        act(round).await?;
        all.push(ms(begun));
    }
    Ok(median(all))
}

fn rows(json: &Json) -> &[Json] {
    json["rows"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_default()
}

fn names(columns: &[Column]) -> String {
    columns
        .iter()
        .map(|column| column.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
