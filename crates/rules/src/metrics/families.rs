//! Families of facts that the figures are read from, and the sums that are kept of each: a fine one that answers everything, and
//! one by person and month, from which most is read.
//!
//! A fact's person is whose it was on its day. Which team that was follows from the person's memberships, so it is not kept
//! twice. Customer class and region are the customer's; a region is kept to its city, the first four digits of its code.

use std::sync::LazyLock;

use crate::facts::{Axis, RollUp};

/// How the facts of a family come to a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sums {
    /// Their counts and values are added.
    Added,
    /// Marked with a number each, of which mean and median are taken.
    Tallied,
    /// Marked with a subject each, of which the different ones are counted that have any.
    Subjects,
}

/// Facts of one sort, and the sums of them. Two families may read the same sums in different ways.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    pub resource: &'static str,
    pub metric: &'static str,
    pub sums: Sums,
    /// By person, day, customer class and region, and what else tells the facts apart: answers whatever is asked.
    pub fine: RollUp,
    /// By person and month; none where only the fine ones answer.
    pub months: Option<RollUp>,
    /// Of each product and line of products, as finely.
    pub products: Option<RollUp>,
    /// What else a stock follows from: facts of these families and parts, added or (−1) taken away.
    pub besides: &'static [(&'static Family, &'static [&'static str], i64)],
}

use Axis::{Class, Day, Mark, Month, Owner, Product, Region};

macro_rules! family {
    (@products $metric:literal $(, $mark:ident)?) => {
        Some(RollUp {
            name: concat!($metric, "/product"),
            metric: concat!($metric, "_of_product"),
            by: &[Owner, Day, Class, Region, Product $(, $mark)?],
        })
    };
    ($resource:literal, $metric:literal, $products:expr $(, $mark:ident)?) => {
        Family {
            resource: $resource,
            metric: $metric,
            sums: Sums::Added,
            fine: RollUp { name: $metric, metric: $metric, by: &[Owner, Day, Class, Region $(, $mark)?] },
            months: Some(RollUp {
                name: concat!($metric, "/month"),
                metric: $metric,
                by: &[Owner, Month],
            }),
            products: $products,
            besides: &[],
        }
    };
}

/// The same facts, of which something else is told by their marks.
const fn marked(family: Family, sums: Sums) -> Family {
    Family {
        sums,
        months: None,
        ..family
    }
}

const DOES: Family = family!("activities", "activities_done", None, Mark);
/// Activities that were done, by kind and marked with the customer. The value counts the effective ones.
pub static DONE: Family = DOES;
/// Customers at whom any of these was done.
pub static SEEN: Family = marked(DOES, Sums::Subjects);
/// Activities that were planned for a day, by kind. The value counts those that were done.
pub static PLANNED: Family = family!("activities", "activities_planned", None);

/// Customers that reached a step of the funnel first, by step. The value counts those that came to the next one since.
pub static REACHED: Family = family!("customers", "steps_reached", None);
/// Customers that are a target or further: what came, less what went.
pub static TARGETS: Family = family!("customers", "targets", None);

pub static CREATED: Family = family!("opportunities", "created", family!(@products "created"));
const ENDS: Family = family!(
    "opportunities",
    "ended",
    family!(@products "ended", Mark),
    Mark
);
/// By outcome, and marked with the days since creation where these are known.
pub static ENDED: Family = ENDS;
/// Days from creation to closing, by outcome.
pub static TOOK: Family = marked(ENDS, Sums::Tallied);
/// Open opportunities: what was created less what ended. Its own facts are what passed from one owner to another meanwhile.
pub static OPEN: Family = Family {
    besides: &[(&CREATED, &[""], 1), (&ENDED, &["won", "lost"], -1)],
    ..family!("opportunities", "open", family!(@products "open"))
};

/// Amounts of contracts on their day of signing, by kind.
pub static SIGNED: Family = family!(
    "contracts",
    "contracts_signed",
    family!(@products "contracts_signed")
);
/// What recurring contracts bring in, month by month.
pub static RECURRING: Family = family!(
    "contracts",
    "revenue_recurring",
    family!(@products "revenue_recurring")
);
/// Customers with a contract that runs: what came, less what went.
pub static WITH_CONTRACT: Family = family!("customers", "customers_with_contract", None);
/// Instalments on the day on which they fall due, paid or not.
pub static DUE: Family = family!("instalments", "instalments_due", None);
/// What was to be paid by the day before and is not: what came, less what was paid.
pub static OVERDUE: Family = family!("instalments", "instalments_overdue", None);
/// Payments on the day on which they came.
pub static RECEIVED: Family = family!("payments", "payments_received", None);

/// Those whose sums are kept; the others read the sums of one of them.
const KEPT: [&Family; 13] = [
    &DONE,
    &PLANNED,
    &REACHED,
    &TARGETS,
    &CREATED,
    &OPEN,
    &ENDED,
    &SIGNED,
    &RECURRING,
    &WITH_CONTRACT,
    &DUE,
    &OVERDUE,
    &RECEIVED,
];

impl Family {
    /// The resources whose records a figure tells of.
    pub fn told_by(&self) -> impl Iterator<Item = &'static str> {
        let parts_of_contracts = [OVERDUE.metric, DUE.metric, WITH_CONTRACT.metric];
        let contracts = parts_of_contracts.contains(&self.metric);
        [self.resource]
            .into_iter()
            .chain(contracts.then_some("contracts"))
    }

    fn roll_ups(&self) -> impl Iterator<Item = RollUp> {
        [self.fine]
            .into_iter()
            .chain(self.months)
            .chain(self.products)
    }
}

/// The roll-ups of a resource's families, behind others that it has.
pub fn roll_ups_of(resource: &str, others: &[RollUp]) -> Vec<RollUp> {
    let families = KEPT.iter().filter(|family| family.resource == resource);
    others
        .iter()
        .copied()
        .chain(families.flat_map(|family| family.roll_ups()))
        .collect()
}

/// Of activities.
pub static ACTIVITY_ROLL_UPS: LazyLock<Vec<RollUp>> =
    LazyLock::new(|| roll_ups_of("activities", &[]));

/// Of contracts, instalments and payments.
pub static CONTRACT_ROLL_UPS: LazyLock<Vec<RollUp>> =
    LazyLock::new(|| roll_ups_of("contracts", &[]));
pub static INSTALMENT_ROLL_UPS: LazyLock<Vec<RollUp>> =
    LazyLock::new(|| roll_ups_of("instalments", &[]));
pub static PAYMENT_ROLL_UPS: LazyLock<Vec<RollUp>> = LazyLock::new(|| roll_ups_of("payments", &[]));

/// The city of a region's code: its first four digits.
pub fn city_of(region: &str) -> String {
    region.chars().take(4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_roll_ups_have_one_name() {
        let names: Vec<&str> = KEPT
            .iter()
            .flat_map(|family| family.roll_ups())
            .map(|roll_up| roll_up.name)
            .collect();
        let different: std::collections::HashSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), different.len());
    }
}
