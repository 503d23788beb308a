//! Customers with everything that belongs to them, and what the groups do among themselves: made ahead of the writer,
//! written some thousand records at a time.

use std::sync::Arc;
use std::time::Instant;

use demo::{Activity, Company, Customer};
use platform::access::Access;
use platform::app::App;
use platform::problem::{Problem, Result};
use platform::write::{Cause, Write};

use super::activities::{With, activity};
use super::contracts;
use super::records::{self, Shapes};
use crate::commands::{Outcome, note};
use crate::opportunities::history::{self, StageEntry};
use crate::visit_templates::know_region;

/// Customers in one transaction, with what belongs to them about 15,000 records.
const CHUNK: u64 = 500;
/// Groups in one transaction, with about 900 activities each.
const GROUPS: usize = 16;
/// Chunks made ahead of the writer.
const AHEAD: usize = 2;

/// What one transaction writes.
#[derive(Default)]
struct Chunk {
    /// Among ourselves.
    activities: Vec<Activity>,
    customers: Vec<(Customer, Vec<Activity>)>,
}

/// Makes the company's chunks one after the other, until nobody wants more.
fn make(company: &Company, sender: &tokio::sync::mpsc::Sender<Chunk>) -> Option<()> {
    let mut diary = company.diary();
    let groups: Vec<usize> = (0..company.group_count()).collect();
    for groups in groups.chunks(GROUPS) {
        let activities = groups.iter();
        let activities = activities.flat_map(|group| company.group_activities(*group, &mut diary));
        let chunk = Chunk {
            activities: activities.collect(),
            ..Chunk::default()
        };
        sender.blocking_send(chunk).ok()?;
    }
    let count = company.customer_count();
    for first in (0..count).step_by(CHUNK as usize) {
        let customers = (first..count.min(first + CHUNK)).map(|index| {
            let customer = company.customer(index);
            let activities = company.activities(&customer, &mut diary);
            (customer, activities)
        });
        let chunk = Chunk {
            customers: customers.collect(),
            ..Chunk::default()
        };
        sender.blocking_send(chunk).ok()?;
    }
    Some(())
}

pub async fn load(app: &Arc<App>, company: Arc<Company>, shapes: &Shapes) -> Outcome {
    let access = Access::system(app, "demo company");
    app.db.put_indexes_aside().await?;
    let (sender, mut chunks) = tokio::sync::mpsc::channel::<Chunk>(AHEAD);
    let maker = company.clone();
    tokio::task::spawn_blocking(move || make(&maker, &sender));
    let total = company.customer_count();
    let (mut done, mut done_activities) = (0, 0);
    let started = Instant::now();
    let mut told = started;
    while let Some(chunk) = chunks.recv().await {
        let mut write = access.write_as(Cause::Load).await?;
        for among_us in &chunk.activities {
            let record = activity(shapes, &app.clock, None, among_us)?;
            write.create_record(record).await?;
        }
        for (customer, activities) in &chunk.customers {
            one(&mut write, app, shapes, customer).await?;
            contracts::load(&mut write, app, &company, customer).await?;
            know_region(&mut write, customer.id, Some(customer.region.into()));
            let with = With {
                name: &customer.name,
                position: customer.position,
            };
            for activity_with in activities {
                let record = activity(shapes, &app.clock, Some(with), activity_with)?;
                write.create_record(record).await?;
            }
            done_activities += activities.len();
        }
        write.commit().await?;
        done += chunk.customers.len() as u64;
        done_activities += chunk.activities.len();
        if done == total || told.elapsed().as_secs() >= 2 {
            told = Instant::now();
            note(format!(
                "{done} of {total} customers, {done_activities} activities, {} s",
                started.elapsed().as_secs()
            ))?;
        }
    }
    if done < total {
        return Err(Problem::internal("the making of customers ended early").into());
    }
    note("making the indexes")?;
    app.db.bring_indexes_back(|_| ()).await?;
    note(format!("{} s in all", started.elapsed().as_secs()))?;
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
