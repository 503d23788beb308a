//! Customers with everything that belongs to them, and what the groups do among themselves: made ahead of the writer,
//! written some thousand records at a time.

use std::sync::Arc;
use std::time::Instant;

use demo::{Activity, Company, Customer};
use platform::access::Access;
use platform::app::App;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Write};
use tokio::sync::mpsc::{Sender, channel};

use super::activities::{With, activity, last_visited_on};
use super::contracts;
use super::records::{self, Shapes};
use crate::commands::{Outcome, note};
use crate::opportunities::history::{self, StageEntry};
use crate::visit_templates::know_region;

/// Customers made ahead at once, with what belongs to them about 3,000 records.
const CHUNK: u64 = 100;
/// Groups made ahead at once, with about 900 activities each.
const GROUPS: usize = 4;
/// Chunks made ahead of the writer.
const AHEAD: usize = 4;
/// Chunks in one transaction: what it has changed all over the tables goes to the disk once.
const COMMITTED: usize = 250;

/// What is written together.
#[derive(Default)]
struct Chunk {
    /// Among ourselves.
    activities: Vec<Record>,
    customers: Vec<Made>,
}

/// A customer with the records of itself and of its activities.
struct Made {
    customer: Customer,
    record: Record,
    activities: Vec<Record>,
}

/// Makes the company's chunks one after the other, until nobody wants more.
fn make(app: &App, company: &Company, shapes: &Shapes, sender: &Sender<Result<Chunk>>) {
    let mut diary = company.diary();
    let groups: Vec<usize> = (0..company.group_count()).collect();
    for groups in groups.chunks(GROUPS) {
        let activities = groups.iter();
        let activities = activities.flat_map(|group| company.group_activities(*group, &mut diary));
        let records = activities.map(|among_us| activity(shapes, &app.clock, None, &among_us));
        let chunk = records.collect::<Result<_>>().map(|activities| Chunk {
            activities,
            ..Chunk::default()
        });
        if sender.blocking_send(chunk).is_err() {
            return;
        }
    }
    let count = company.customer_count();
    for first in (0..count).step_by(CHUNK as usize) {
        let customers = (first..count.min(first + CHUNK)).map(|index| {
            let customer = company.customer(index);
            let activities = company.activities(&customer, &mut diary);
            made(app, shapes, customer, &activities)
        });
        let chunk = customers.collect::<Result<_>>().map(|customers| Chunk {
            customers,
            ..Chunk::default()
        });
        if sender.blocking_send(chunk).is_err() {
            return;
        }
    }
}

fn made(app: &App, shapes: &Shapes, customer: Customer, activities: &[Activity]) -> Result<Made> {
    let with = With {
        name: &customer.name,
        position: customer.position,
    };
    let last = last_visited_on(shapes, &app.clock, activities);
    let activities = activities
        .iter()
        .map(|activity_with| activity(shapes, &app.clock, Some(with), activity_with))
        .collect::<Result<_>>()?;
    Ok(Made {
        record: records::customer(shapes, &customer, last),
        activities,
        customer,
    })
}

pub async fn load(app: &Arc<App>, company: Arc<Company>, shapes: Arc<Shapes>) -> Outcome {
    let access = Access::system(app, "demo company");
    app.db.put_indexes_aside().await?;
    let (sender, mut chunks) = channel(AHEAD);
    let maker = (app.clone(), company.clone(), shapes.clone());
    tokio::task::spawn_blocking(move || make(&maker.0, &maker.1, &maker.2, &sender));
    let total = company.customer_count();
    let (mut done, mut done_activities, mut in_write) = (0, 0, 0);
    let started = Instant::now();
    let mut told = started;
    let mut write = access.write_as(Cause::Load).await?;
    while let Some(chunk) = chunks.recv().await {
        let chunk: Chunk = chunk?;
        if in_write == COMMITTED {
            write.commit().await?;
            write = access.write_as(Cause::Load).await?;
            in_write = 0;
        }
        in_write += 1;
        done += chunk.customers.len() as u64;
        done_activities += chunk.activities.len();
        for among_us in chunk.activities {
            write.create_record(among_us).await?;
        }
        for made in chunk.customers {
            done_activities += made.activities.len();
            one(&mut write, app, &company, &shapes, made).await?;
        }
        if done == total || told.elapsed().as_secs() >= 2 {
            told = Instant::now();
            note(format!(
                "{done} of {total} customers, {done_activities} activities, {} s",
                started.elapsed().as_secs()
            ))?;
        }
    }
    write.commit().await?;
    if done < total {
        return Err(Problem::internal("the making of customers ended early").into());
    }
    note("making the indexes")?;
    app.db.bring_indexes_back(|_| ()).await?;
    note("summing the figures")?;
    platform::facts::repair(app).await?;
    note(format!("{} s in all", started.elapsed().as_secs()))?;
    Ok(())
}

async fn one(
    write: &mut Write,
    app: &App,
    company: &Company,
    shapes: &Shapes,
    made: Made,
) -> Result<()> {
    let customer = &made.customer;
    write.create_record(made.record).await?;
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
    contracts::load(write, app, company, customer).await?;
    know_region(write, customer.id, Some(customer.region.into()));
    for activity_with in made.activities {
        write.create_record(activity_with).await?;
    }
    Ok(())
}
