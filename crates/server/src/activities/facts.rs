//! Activities as the figures see them.

use async_trait::async_trait;
use platform::clock::Clock;
use platform::facts::{FactsOf, Follow};
use platform::problem::Result;
use rules::activities::State;
use rules::activities::facts::{Figured, facts_of};
use rules::facts::{Fact, RollUp};
use rules::metrics::families::{ACTIVITY_ROLL_UPS, city_of};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::opportunities::CUSTOMER_FOLLOWED;

pub struct ActivityFacts;

const COLUMNS: [&str; 7] = [
    "owner_id",
    "kind_id",
    "state",
    "planned_on",
    "done_on",
    "outcome",
    "customer_id",
];

#[async_trait]
impl FactsOf for ActivityFacts {
    fn resource(&self) -> &'static str {
        "activities"
    }

    fn revision(&self) -> u32 {
        1
    }

    fn fields(&self) -> &'static [&'static str] {
        &COLUMNS
    }

    fn follows(&self) -> &'static [Follow] {
        &[CUSTOMER_FOLLOWED]
    }

    fn roll_ups(&self) -> &'static [RollUp] {
        &ACTIVITY_ROLL_UPS
    }

    async fn read(
        &self,
        tx: &DatabaseTransaction,
        _clock: &Clock,
        ids: &[Uuid],
    ) -> Result<Vec<Fact>> {
        let of = |table: &'static str, name: &'static str| (Alias::new(table), Alias::new(name));
        let select = Query::select()
            .columns(COLUMNS.map(|name| of("activity", name)))
            .columns(["class", "region"].map(|name| of("customer", name)))
            .from(Alias::new("activity"))
            .left_join(
                Alias::new("customer"),
                Expr::col(of("customer", "id")).equals(of("activity", "customer_id")),
            )
            .and_where(Expr::col(of("activity", "id")).is_in(ids.iter().copied()))
            .to_owned();
        let mut facts = Vec::new();
        for row in tx.query_all(&select).await? {
            let text = |i: usize| -> Result<String> {
                Ok(row
                    .try_get_by_index::<Option<String>>(i)?
                    .unwrap_or_default())
            };
            facts.extend(facts_of(&Figured {
                owner: row.try_get_by_index(0)?,
                kind: row.try_get_by_index(1)?,
                state: State::from_code(&text(2)?).unwrap_or(State::Planned),
                planned_on: text(3)?.parse().ok(),
                done_on: text(4)?.parse().ok(),
                is_effective: text(5)? == "effective",
                customer: row.try_get_by_index(6)?,
                class: text(7)?,
                region: city_of(&text(8)?),
            }));
        }
        Ok(facts)
    }
}
