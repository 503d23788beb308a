//! Contracts of won opportunities, and how their customers pay: most on time, some late, a few badly.

use chrono::{Days, NaiveDate};
use rules::holidays::is_working_day;
use rules::money::split;
use uuid::Uuid;

use crate::random::Random;
use crate::{Company, Customer, Opportunity};

/// What was agreed when an opportunity was won.
#[derive(Clone, Debug)]
pub struct Contract {
    pub number: String,
    /// Sum of the instalments, in 分.
    pub amount_minor: i64,
    pub is_recurring: bool,
    pub signed_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Everything came in long ago.
    pub is_completed: bool,
    /// In the order of their days.
    pub instalments: Vec<Instalment>,
}

/// A part of a contract's amount.
#[derive(Clone, Debug)]
pub struct Instalment {
    pub condition: &'static str,
    pub due_on: NaiveDate,
    /// In 分.
    pub amount_minor: i64,
    /// When money came in, and how much of this instalment in 分.
    pub paid: Option<(NaiveDate, i64)>,
    /// A day that a late customer has promised.
    pub promised_on: Option<NaiveDate>,
}

/// How a customer pays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Payer {
    #[default]
    OnTime,
    Late,
    Bad,
}

type Part = (&'static str, u64, u64);

/// Conditions with their weights and their distance to the signing in days.
const PLANS: [&[Part]; 4] = [
    &[("预付款", 30, 7), ("到货款", 60, 60), ("质保金", 10, 300)],
    &[("预付款", 50, 7), ("验收款", 50, 75)],
    &[("货到付款", 100, 40)],
    &[("首付款", 40, 10), ("到货款", 30, 50), ("验收款", 30, 100)],
];
const QUARTERS: &[Part] = &[
    ("第一季度", 1, 15),
    ("第二季度", 1, 105),
    ("第三季度", 1, 195),
    ("第四季度", 1, 285),
];
/// Days after which a contract that was paid is closed.
const SETTLED_DAYS: i64 = 30;

fn low(id: Uuid) -> u64 {
    id.as_u128() as u64
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// Banks work when people do.
fn on_a_working_day(day: NaiveDate) -> NaiveDate {
    (0..15)
        .map(|days| later(day, days))
        .find(|day| is_working_day(*day))
        .unwrap_or(day)
}

impl Company {
    /// The contract of an opportunity that was won for some amount; the same each time.
    pub fn contract(&self, customer: &Customer, opportunity: &Opportunity) -> Option<Contract> {
        let signed_on = opportunity
            .closed_on
            .filter(|_| opportunity.outcome == "won" && opportunity.amount_minor > 0)?;
        let payer = Random::new(self.seed, 91, low(customer.id)).weighted(&[
            (Payer::OnTime, 72),
            (Payer::Late, 20),
            (Payer::Bad, 8),
        ]);
        let mut random = Random::new(self.seed, 90, low(opportunity.id));
        let is_recurring = random.chance(0.15);
        let plan = match is_recurring {
            true => QUARTERS,
            false => PLANS[random.below(PLANS.len())],
        };
        let weights: Vec<u64> = plan.iter().map(|(_, weight, _)| *weight).collect();
        let amounts = split(opportunity.amount_minor, &weights);
        let instalments: Vec<Instalment> = plan
            .iter()
            .zip(amounts)
            .filter(|(_, amount_minor)| *amount_minor > 0)
            .map(|((condition, _, days), amount_minor)| {
                let due_on = later(signed_on, *days);
                self.instalment(&mut random, payer, condition, due_on, amount_minor)
            })
            .collect();
        let is_paid =
            |one: &Instalment| one.paid.is_some_and(|(_, minor)| minor == one.amount_minor);
        let last = instalments.last()?.due_on;
        Some(Contract {
            number: format!("HT-{}", opportunity.number),
            amount_minor: opportunity.amount_minor,
            is_recurring,
            signed_on,
            ends_on: later(signed_on, 365),
            is_completed: instalments.iter().all(is_paid)
                && (self.today - last).num_days() > SETTLED_DAYS,
            instalments,
        })
    }

    fn instalment(
        &self,
        random: &mut Random,
        payer: Payer,
        condition: &'static str,
        due_on: NaiveDate,
        amount_minor: i64,
    ) -> Instalment {
        let delay = match payer {
            Payer::OnTime => random.range(-3, 3),
            Payer::Late => random.range(8, 50),
            Payer::Bad => random.range(60, 160),
        };
        // Some of the bad ones pay half, and no more.
        let minor = match payer {
            Payer::Bad if random.chance(0.4) => amount_minor / 2,
            _ => amount_minor,
        };
        let paid_on = on_a_working_day(due_on + chrono::TimeDelta::days(delay.into()));
        let paid = (paid_on < self.today && minor > 0).then_some((paid_on, minor));
        let is_late = paid.is_none() && due_on < self.today;
        let promised_on = (is_late && random.chance(0.4))
            .then(|| later(self.today, random.below(20) as u64))
            .map(on_a_working_day);
        Instalment {
            condition,
            due_on,
            amount_minor,
            paid,
            promised_on,
        }
    }
}
