//! What a dashboard is asked for: a period, a process, and a filter, within the caller's scope.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};
use platform::access::Access;
use platform::facts;
use platform::listing;
use platform::problem::{Problem, Result};
use platform::resource::Resource;
use rules::facts::RollUp;
use rules::filter::{Filter, Op};
use rules::period::{Month, MonthsAndDays, whole_months};
use rules::permission::Action;
use rules::value::instant_text;
use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// First day, `YYYY-MM-DD`; the year's first unless told.
    pub from: Option<NaiveDate>,
    /// Last day; today unless told.
    pub to: Option<NaiveDate>,
    /// All processes unless told (the funnel: the usual one).
    pub process_id: Option<Uuid>,
    /// Filter tree over opportunities, as JSON.
    pub filter: Option<String>,
}

/// A question that was read: its statements carry the caller's scope, its filters open what the figures count.
pub struct Asked<'a> {
    pub access: &'a Access,
    pub resource: Arc<Resource>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The asker named a first or last day.
    pub has_period: bool,
    pub process_id: Option<Uuid>,
    filter: Option<Filter>,
    filter_json: Option<Json>,
}

/// Longer periods would have more months than anybody compares.
const YEARS_MAX: i32 = 10;

impl<'a> Asked<'a> {
    pub fn of(access: &'a Access, question: &Question) -> Result<Asked<'a>> {
        access.require("opportunities", Action::Read)?;
        let resource = access.resource("opportunities")?;
        for name in ["amount", "weighted_amount"] {
            // Sums would tell what the caller may not see.
            if let Some(field) = resource.field(name) {
                access.require_open(&resource, field, name)?;
            }
        }
        let today = access.app.clock.today();
        let to = question.to.unwrap_or(today);
        let from = question
            .from
            .unwrap_or_else(|| to.with_ordinal(1).unwrap_or(to));
        if from > to || to.year() - from.year() > YEARS_MAX {
            return Err(Problem::field_with(
                "from",
                "period_out_of_range",
                json!({ "years": YEARS_MAX }),
            ));
        }
        let filter = listing::parse_filter(question.filter.as_deref())?;
        let filter_json = match &filter {
            Some(filter) => Some(serde_json::to_value(filter).map_err(Problem::internal)?),
            None => None,
        };
        Ok(Asked {
            access,
            resource,
            from,
            to,
            has_period: question.from.is_some() || question.to.is_some(),
            process_id: question.process_id,
            filter,
            filter_json,
        })
    }

    /// `SELECT … FROM opportunity` in scope, filtered as asked; the caller adds its expressions.
    pub fn select(&self) -> Result<SelectStatement> {
        let mut select = listing::filtered(
            self.access,
            &self.resource,
            self.filter.as_ref(),
            None,
            Action::Read,
        )?;
        if let Some(process) = self.process_id {
            select.and_where(self.column("process_id").eq(process));
        }
        Ok(select)
    }

    /// `SELECT … FROM roll_up` in scope, over the period's days when the roll-up has days; the caller adds its expressions.
    /// `None` when only the records know: of a filter, or of a scope that the roll-ups do not keep apart.
    pub fn rolled(
        &self,
        all: &RollUp,
        by_owner: Option<&RollUp>,
    ) -> Result<Option<SelectStatement>> {
        if self.filter.is_some() {
            return Ok(None);
        }
        facts::cells(self.access, &self.resource, all, by_owner)
    }

    /// The whole months of the period, whose roll-ups by month serve, and what is left of it at both ends. What lies ahead
    /// of today is empty, so that a period that reaches today reaches its month's end.
    pub fn months(&self) -> MonthsAndDays {
        let today = self.access.app.clock.today();
        let to = match self.to >= today {
            true => Month::of(Ord::max(self.to, today)).last_day(),
            false => self.to,
        };
        whole_months(self.from, to)
    }

    pub fn column(&self, field: &str) -> Expr {
        self.resource.column(field)
    }

    /// The filter that opens exactly the records of a figure: what was asked, and what the figure adds.
    pub fn opens(&self, tests: impl IntoIterator<Item = Json>) -> Json {
        let process = self.process_id.map(|id| one_of("process_id", json!([id])));
        let and: Vec<Json> = self
            .filter_json
            .clone()
            .into_iter()
            .chain(process)
            .chain(tests)
            .collect();
        json!({ "and": and })
    }

    /// Days as instants: from the first day's beginning until before the day after the last.
    pub fn instants(&self, (from, to): (NaiveDate, NaiveDate)) -> (i64, i64) {
        let clock = &self.access.app.clock;
        let after = to.checked_add_days(Days::new(1)).unwrap_or(to);
        (clock.start_of(from), clock.start_of(after))
    }

    pub fn period(&self) -> (NaiveDate, NaiveDate) {
        (self.from, self.to)
    }

    /// The period as a filter on an instant.
    pub fn within(&self, field: &str) -> Vec<Json> {
        let (from, until) = self.instants(self.period());
        vec![
            json!({ "field": field, "op": "ge", "value": instant_text(from) }),
            json!({ "field": field, "op": "lt", "value": instant_text(until) }),
        ]
    }
}

pub fn one_of(field: &str, values: Json) -> Json {
    json!({ "field": field, "op": Op::In, "value": values })
}

pub fn between(field: &str, from: NaiveDate, to: NaiveDate) -> Json {
    json!({ "field": field, "op": Op::Between, "value": [from.to_string(), to.to_string()] })
}

pub fn empty(field: &str) -> Json {
    json!({ "field": field, "op": Op::Empty })
}
