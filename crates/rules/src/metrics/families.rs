//! Families of facts that the figures are read from, and the sums that are kept of each.
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
    /// Marked with a subject each, of which the different ones are counted.
    Subjects,
}

/// Facts of one sort, and their roll-ups from the coarsest to the finest.
#[derive(Debug, PartialEq, Eq)]
pub struct Family {
    pub resource: &'static str,
    pub metric: &'static str,
    pub sums: Sums,
    /// Of the whole company, by day; of subjects by month.
    pub all: RollUp,
    /// By person and month.
    pub by_person: Option<RollUp>,
    /// By person, day, customer class and region.
    pub fine: RollUp,
    /// By day, customer class and region.
    pub area: Option<RollUp>,
    /// Of what was sold, by day; and by all that `fine` has besides.
    pub products: Option<(RollUp, RollUp)>,
}

use Axis::{Class, Day, Mark, Month, Owner, Product, Region};

macro_rules! family {
    (@roll_up $metric:literal, $name:literal, [$($axis:ident),*]) => {
        RollUp { name: concat!($metric, $name), metric: $metric, by: &[$($axis),*] }
    };
    (@products $metric:literal, [$($mark:ident)?]) => {
        Some((
            RollUp { name: concat!($metric, "/product"), metric: concat!($metric, "_of_product"), by: &[Day, Product $(, $mark)?] },
            RollUp {
                name: concat!($metric, "/product_fine"),
                metric: concat!($metric, "_of_product"),
                by: &[Owner, Day, Class, Region, Product $(, $mark)?],
            },
        ))
    };
    (added $resource:literal, $metric:literal, $products:expr) => {
        Family {
            resource: $resource,
            metric: $metric,
            sums: Sums::Added,
            all: family!(@roll_up $metric, "", [Day]),
            by_person: Some(family!(@roll_up $metric, "/person", [Owner, Month])),
            fine: family!(@roll_up $metric, "/fine", [Owner, Day, Class, Region]),
            area: Some(family!(@roll_up $metric, "/area", [Day, Class, Region])),
            products: $products,
        }
    };
}

/// Activities that were done, by kind.
pub static DONE: Family = family!(added "activities", "activities_done", None);
/// Activities that were planned for a day, by kind; and those of them that were done.
pub static PLANNED: Family = family!(added "activities", "activities_planned", None);
pub static KEPT: Family = family!(added "activities", "activities_kept", None);
/// Customers that were seen, by `SEEN_PARTS`.
pub static SEEN: Family = Family {
    resource: "activities",
    metric: "customers_seen",
    sums: Sums::Subjects,
    all: family!(@roll_up "customers_seen", "", [Month, Mark]),
    by_person: None,
    fine: family!(@roll_up "customers_seen", "/fine", [Owner, Day, Class, Region, Mark]),
    area: None,
    products: None,
};
pub const SEEN_PARTS: [&str; 2] = ["visited", "effective"];

/// Customers that reached a step of the funnel first, by step; and those of them that came to the next one since.
pub static REACHED: Family = family!(added "customers", "steps_reached", None);
pub static WENT_ON: Family = family!(added "customers", "steps_passed", None);
/// Customers that are a target or further: what came, less what went.
pub static TARGETS: Family = family!(added "customers", "targets", None);

pub static CREATED: Family =
    family!(added "opportunities", "created", family!(@products "created", []));
/// Open opportunities: what came, less what was closed.
pub static OPEN: Family = family!(added "opportunities", "open", family!(@products "open", []));
/// By outcome.
pub static ENDED: Family = family!(added "opportunities", "ended", family!(@products "ended", []));
/// Days from creation to closing, by outcome.
pub static TOOK: Family = Family {
    resource: "opportunities",
    metric: "took",
    sums: Sums::Tallied,
    all: family!(@roll_up "took", "", [Day, Mark]),
    by_person: None,
    fine: family!(@roll_up "took", "/fine", [Owner, Day, Class, Region, Mark]),
    area: None,
    products: family!(@products "took", [Mark]),
};

/// Amounts of contracts on their day of signing, by kind.
pub static SIGNED: Family =
    family!(added "contracts", "contracts_signed", family!(@products "contracts_signed", []));
/// What recurring contracts bring in, month by month.
pub static RECURRING: Family =
    family!(added "contracts", "revenue_recurring", family!(@products "revenue_recurring", []));
/// Customers with a contract that runs: what came, less what went.
pub static WITH_CONTRACT: Family = family!(added "customers", "customers_with_contract", None);
/// Instalments on the day on which they fall due, paid or not.
pub static DUE: Family = family!(added "instalments", "instalments_due", None);
/// What was to be paid by the day before and is not: what came, less what was paid.
pub static OVERDUE: Family = family!(added "instalments", "instalments_overdue", None);
/// Payments on the day on which they came.
pub static RECEIVED: Family = family!(added "payments", "payments_received", None);

const FAMILIES: [&Family; 17] = [
    &DONE,
    &PLANNED,
    &KEPT,
    &SEEN,
    &REACHED,
    &WENT_ON,
    &TARGETS,
    &CREATED,
    &OPEN,
    &ENDED,
    &TOOK,
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
        let products = self.products.map(|(all, fine)| [all, fine]);
        [self.all, self.fine]
            .into_iter()
            .chain(self.by_person)
            .chain(self.area)
            .chain(products.into_iter().flatten())
    }
}

/// The roll-ups of a resource's families, behind others that it has.
pub fn roll_ups_of(resource: &str, others: &[RollUp]) -> Vec<RollUp> {
    let families = FAMILIES.iter().filter(|family| family.resource == resource);
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
        let names: Vec<&str> = FAMILIES
            .iter()
            .flat_map(|family| family.roll_ups())
            .map(|roll_up| roll_up.name)
            .collect();
        let different: std::collections::HashSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), different.len());
    }
}
