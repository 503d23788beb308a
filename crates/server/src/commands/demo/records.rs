//! Records of the invented company, ready to be written.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use demo::{Contact, Customer, Opportunity, OpportunityLine};
use platform::access::Access;
use platform::clock::part_id;
use platform::problem::{Problem, Result};
use platform::resource::{Record, Resource};
use rules::value::Value;
use uuid::Uuid;

use super::activities::{Kinds, kinds};
use super::codes;
use super::processes::Process;

/// The descriptions that the records follow.
pub struct Shapes {
    pub customers: Arc<Resource>,
    pub contacts: Arc<Resource>,
    pub opportunities: Arc<Resource>,
    pub lines: Arc<Resource>,
    pub activities: Arc<Resource>,
    pub kinds: Kinds,
    pub processes: HashMap<String, Process>,
}

impl Shapes {
    pub fn new(access: &Access, processes: HashMap<String, Process>) -> Result<Shapes> {
        Ok(Shapes {
            customers: access.resource("customers")?,
            contacts: access.resource("contacts")?,
            opportunities: access.resource("opportunities")?,
            lines: access.resource("opportunity_lines")?,
            activities: access.resource("activities")?,
            kinds: kinds(),
            processes,
        })
    }

    pub fn process(&self, code: &str) -> Result<&Process> {
        self.processes
            .get(code)
            .ok_or_else(|| Problem::internal(format!("no process {code}")))
    }
}

/// A record from pairs; nulls may be left out.
pub fn record<const N: usize>(resource: &Arc<Resource>, values: [(&str, Value); N]) -> Record {
    let mut record = Record::empty(resource);
    for (name, value) in values {
        record.set(name, value);
    }
    record
}

pub fn customer(
    shapes: &Shapes,
    customer: &Customer,
    last_visited_on: Option<NaiveDate>,
) -> Record {
    let last_change = customer
        .level_reaches
        .last()
        .map(|reach| reach.at)
        .max(customer.last_followed_at)
        .max(customer.returned_to_pool_at)
        .unwrap_or(customer.created_at);
    record(
        &shapes.customers,
        [
            ("id", customer.id.into()),
            ("created_at", customer.created_at.into()),
            ("created_by", customer.created_by.into()),
            ("updated_at", last_change.max(customer.created_at).into()),
            (
                "updated_by",
                customer.owner_id.or(customer.former_owner_id).into(),
            ),
            ("name", customer.name.as_str().into()),
            ("short_name", customer.short_name.as_str().into()),
            ("credit_code", customer.credit_code.as_str().into()),
            ("industry", customer.industry.into()),
            ("employees", codes::employees(customer.employees).into()),
            (
                "revenue_band",
                codes::revenue_band(customer.revenue_band).into(),
            ),
            ("region", customer.region.into()),
            ("address", customer.address.as_str().into()),
            ("website", customer.website.as_str().into()),
            ("phone", customer.phone.as_str().into()),
            ("source", codes::source(customer.source).into()),
            ("class", customer.class.into()),
            ("level", customer.level.into()),
            ("funnel_level", customer.funnel_level.into()),
            ("owner_id", customer.owner_id.into()),
            ("latitude", customer.position.0.into()),
            ("longitude", customer.position.1.into()),
            ("tags", tags(&customer.tags)),
            ("last_visited_on", last_visited_on.into()),
        ],
    )
}

fn tags(tags: &[&str]) -> Value {
    if tags.is_empty() {
        Value::Null
    } else {
        Value::List(tags.iter().map(|tag| (*tag).to_owned()).collect())
    }
}

pub fn contact(shapes: &Shapes, customer: &Customer, contact: &Contact) -> Record {
    record(
        &shapes.contacts,
        [
            ("id", contact.id.into()),
            ("created_at", contact.created_at.into()),
            ("created_by", customer.created_by.into()),
            ("name", contact.name.as_str().into()),
            ("customer_id", customer.id.into()),
            ("department", contact.department.into()),
            ("title", contact.title.into()),
            ("mobile", contact.mobile.as_str().into()),
            ("email", contact.email.clone().into()),
            ("wechat", contact.wechat.clone().into()),
            ("birthday_on", contact.birthday_on.into()),
            ("is_project_leader", contact.is_project_leader.into()),
        ],
    )
}

pub fn opportunity(shapes: &Shapes, customer: Uuid, opportunity: &Opportunity) -> Result<Record> {
    let process = shapes.process(opportunity.process)?;
    let entered_at = opportunity
        .stages
        .last()
        .map_or(opportunity.created_at, |entry| entry.entered_at);
    let slipped_at = opportunity
        .expected_close_changes
        .last()
        .map_or(0, |change| change.changed_at);
    let chance = i64::from(opportunity.win_chance);
    Ok(record(
        &shapes.opportunities,
        [
            ("id", opportunity.id.into()),
            ("created_at", opportunity.created_at.into()),
            ("created_by", opportunity.created_by.into()),
            ("updated_at", entered_at.max(slipped_at).into()),
            ("updated_by", opportunity.owner_id.into()),
            ("name", opportunity.name.as_str().into()),
            ("number", opportunity.number.as_str().into()),
            ("customer_id", customer.into()),
            ("process_id", process.id.into()),
            ("stage_id", process.stage(opportunity.stage)?.into()),
            ("amount", opportunity.amount_minor.into()),
            (
                "weighted_amount",
                (opportunity.amount_minor * chance / 100).into(),
            ),
            ("expected_close_on", opportunity.expected_close_on.into()),
            ("win_chance", f64::from(opportunity.win_chance).into()),
            ("forecast_category", opportunity.forecast_category.into()),
            ("source", codes::source(opportunity.source).into()),
            ("owner_id", opportunity.owner_id.into()),
            ("next_step", opportunity.next_step.into()),
            ("next_step_on", opportunity.next_step_on.into()),
            ("competitor", opportunity.competitor.into()),
            (
                "loss_reason",
                opportunity.loss_reason.map(codes::loss_reason).into(),
            ),
            ("loss_note", opportunity.loss_note.into()),
            ("closed_on", opportunity.closed_on.into()),
            ("outcome", opportunity.outcome.into()),
            ("stage_entered_at", entered_at.into()),
            (
                "close_slips",
                (opportunity.expected_close_changes.len() as i64).into(),
            ),
        ],
    ))
}

pub fn line(
    shapes: &Shapes,
    opportunity: &Opportunity,
    position: usize,
    line: &OpportunityLine,
) -> Record {
    record(
        &shapes.lines,
        [
            ("id", line_id(opportunity.id, position).into()),
            ("created_at", opportunity.created_at.into()),
            ("created_by", opportunity.created_by.into()),
            ("opportunity_id", opportunity.id.into()),
            ("product_id", line.product_id.into()),
            ("position", (position as i64).into()),
            ("quantity", (line.quantity as f64).into()),
            ("price", line.price_minor.into()),
            ("discount_percent", (line.discount_percent as f64).into()),
            ("amount", line.amount_minor.into()),
        ],
    )
}

/// Lines and stage entries have no ids of their own in the invented company: they are parts of the opportunity.
pub fn line_id(opportunity: Uuid, position: usize) -> Uuid {
    part_id(opportunity, 0x40 + position)
}
pub fn stage_entry_id(opportunity: Uuid, position: usize) -> Uuid {
    part_id(opportunity, 0x80 + position)
}
