//! What must hold for metrics: formulas that can be read, and standard ones that stay what they are.

use async_trait::async_trait;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::{Cause, Rules, Write};
use rules::metrics::formula::{BadFormula, Formula, check_inputs};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::json;

use super::catalogue::Catalogue;

pub struct Metrics;

/// Longest code of a metric.
const CODE_MAX: usize = 60;

#[async_trait]
impl Rules for Metrics {
    async fn before(
        &self,
        write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let is_standard = |record: &Record| record.get("is_standard").as_bool() == Some(true);
        let catalogue = Catalogue::of_rows(&write.rows(&Catalogue::select()).await?)?;
        let Some(after) = after else {
            let Some(before) = before else { return Ok(()) };
            if is_standard(before) {
                return Err(Problem::rule("metric_is_built_in"));
            }
            return unread(&catalogue, before.text("code"));
        };
        let changed =
            |field: &str| before.is_none_or(|before| before.get(field) != after.get(field));
        if before.is_some_and(is_standard) {
            let own = after
                .resource
                .fields
                .iter()
                .skip(platform::resource::SYSTEM);
            let other = own
                .map(|field| field.name.as_str())
                .find(|name| *name != "is_active" && changed(name));
            return match other {
                Some(field) => Err(Problem::field(field, "metric_is_built_in")),
                None => Ok(()),
            };
        }
        if write.cause == Cause::Undo {
            return Ok(());
        }
        let code = after.text("code");
        if changed("code") {
            let mut letters = code.bytes();
            let fits = letters
                .next()
                .is_some_and(|first| first.is_ascii_lowercase())
                && letters
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
                && code.len() <= CODE_MAX;
            if !fits {
                return Err(Problem::field_with(
                    "code",
                    "bad_metric_code",
                    json!({ "max": CODE_MAX }),
                ));
            }
            if let Some(before) = before {
                unread(&catalogue, before.text("code"))?;
            }
        }
        if after.get("formula").is_null() {
            return Err(Problem::field("formula", "required"));
        }
        match check(&catalogue, code, after.text("formula"))? {
            Some(bad) => Err(refused("formula", &bad)),
            None => Ok(()),
        }
    }
}

/// What is wrong with a formula.
pub fn check(catalogue: &Catalogue, code: &str, text: &str) -> Result<Option<BadFormula>> {
    let formula = match Formula::parse(text) {
        Ok(formula) => formula,
        Err(bad) => return Ok(Some(bad)),
    };
    Ok(check_inputs(code, &formula, &catalogue.formulas()?).err())
}

fn refused(field: &str, bad: &BadFormula) -> Problem {
    let params = json!({ "about": bad.reason.about(), "from": bad.from, "to": bad.to });
    Problem::field_with(field, bad.reason.code(), params)
}

/// A metric that formulas read stays, under its code.
fn unread(catalogue: &Catalogue, code: &str) -> Result<()> {
    let readers = catalogue.readers_of(code)?;
    if readers.is_empty() {
        return Ok(());
    }
    let readers: Vec<String> = readers.into_iter().collect();
    Err(Problem::rule("metric_in_use").with(json!({ "metrics": readers.join(", ") })))
}

/// One threshold for a metric and a team.
pub struct Thresholds;

#[async_trait]
impl Rules for Thresholds {
    async fn before(
        &self,
        write: &mut Write,
        _before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let Some(after) = after else { return Ok(()) };
        let column = |name: &'static str| Expr::col(Alias::new(name));
        let same_team = match after.reference("team_id") {
            Some(team) => column("team_id").eq(team),
            None => column("team_id").is_null(),
        };
        let other = Query::select()
            .column(Alias::new("id"))
            .from(Alias::new("metric_threshold"))
            .and_where(column("metric_id").eq(after.reference("metric_id")))
            .and_where(same_team)
            .and_where(column("id").ne(after.id()))
            .limit(1)
            .to_owned();
        match write.rows(&other).await?.is_empty() {
            true => Ok(()),
            false => Err(Problem::field("team_id", "already_exists")),
        }
    }
}
