//! Customers with everything that belongs to them: made ahead of the writer, written some thousand records at a time.

use std::sync::Arc;
use std::time::Instant;

use demo::{Company, Customer};
use platform::access::Access;
use platform::app::App;
use platform::problem::{Problem, Result};
use platform::write::{Cause, Write};

use super::records::{self, Shapes};
use crate::commands::{Outcome, note};
use crate::opportunities::history::{self, StageEntry};

/// Customers in one transaction, with what belongs to them about 9,000 records.
const CHUNK: u64 = 1_000;
/// Chunks made ahead of the writer.
const AHEAD: usize = 2;

pub async fn load(app: &Arc<App>, company: Arc<Company>, shapes: &Shapes) -> Outcome {
    let access = Access::system(app, "demo company");
    let (sender, mut chunks) = tokio::sync::mpsc::channel::<Vec<Customer>>(AHEAD);
    let maker = company.clone();
    tokio::task::spawn_blocking(move || {
        let count = maker.customer_count();
        for first in (0..count).step_by(CHUNK as usize) {
            let chunk = (first..count.min(first + CHUNK))
                .map(|index| maker.customer(index))
                .collect();
            if sender.blocking_send(chunk).is_err() {
                return;
            }
        }
    });
    let total = company.customer_count();
    let mut done = 0;
    let started = Instant::now();
    let mut told = started;
    while let Some(chunk) = chunks.recv().await {
        let mut write = access.write_as(Cause::Load).await?;
        for customer in &chunk {
            one(&mut write, app, shapes, customer).await?;
        }
        write.commit().await?;
        done += chunk.len() as u64;
        if done == total || told.elapsed().as_secs() >= 2 {
            told = Instant::now();
            note(format!(
                "{done} of {total} customers, {} s",
                started.elapsed().as_secs()
            ))?;
        }
    }
    if done < total {
        return Err(Problem::internal("the making of customers ended early").into());
    }
    Ok(())
}

async fn one(write: &mut Write, app: &App, shapes: &Shapes, customer: &Customer) -> Result<()> {
    write
        .create_record(records::customer(shapes, customer))
        .await?;
    for reach in &customer.level_reaches {
        let day = app.clock.day_of(reach.at).to_string();
        let row = vec![
            customer.id.into(),
            reach.level.into(),
            day.into(),
            reach.by.into(),
        ];
        write
            .insert(
                "funnel_reach",
                &["customer_id", "level", "reached_on", "person_id"],
                row,
            )
            .await?;
    }
    for contact in &customer.contacts {
        write
            .create_record(records::contact(shapes, customer, contact))
            .await?;
    }
    for opportunity in &customer.opportunities {
        let process = shapes.process(opportunity.process)?;
        let way = opportunity
            .stages
            .iter()
            .enumerate()
            .map(|(position, entry)| {
                Ok(StageEntry {
                    id: records::stage_entry_id(opportunity.id, position),
                    stage_id: process.stage(entry.stage)?,
                    entered_at: entry.entered_at,
                    person_id: Some(entry.by),
                })
            });
        history::give(write, opportunity.id, way.collect::<Result<_>>()?);
        write
            .create_record(records::opportunity(shapes, customer.id, opportunity)?)
            .await?;
        for (position, line) in opportunity.lines.iter().enumerate() {
            write
                .create_record(records::line(shapes, opportunity, position, line))
                .await?;
        }
    }
    Ok(())
}
