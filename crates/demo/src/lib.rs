//! An invented Chinese B2B company with everything that it would have in its books: made from a seed, the same every time.
//!
//! The company, 屹川智控, sells industrial automation and software. Nothing in it exists: names of companies are put together
//! from syllables (cores used by listed or well-known companies are left out), web and mail domains end in `.example`,
//! mobile numbers have prefixes that no operator has been given. Division codes, industry codes and the check
//! digits of credit codes are right.
//!
//! ```
//! let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap_or_default();
//! let company = demo::Company::new(1, 7, today);
//! assert_eq!(company.people.len(), 30);
//! assert_eq!(company.customers().map(|customer| customer.opportunities.len()).sum::<usize>(), 2_000);
//! ```
//!
//! # Size
//!
//! Scale `n` has `30 n` people (including those who have left), `1,000 n` customers, about `2,500 n` contacts, exactly
//! `2,000 n` opportunities and about `20,000 n` activities. Customers are made one by one; any of them can be made alone
//! ([`Company::customer`]). Activities follow customer by customer ([`Company::activities`]) with a [`Diary`] that keeps people
//! from being at two places at once. [`Company::with_people`] spreads the same business over fewer or more people.
//!
//! # What a diagnosis should find
//!
//! **Time.** Deals close over the 730 days before `today`; customers have been recorded for four years, 55 % of them before that.
//! Closings follow the quarter with factors 0.606, 0.918, 0.992, 1.481, and grow by 12 % a year. Nothing happens at weekends and
//! on public holidays as they were announced (`rules::holidays`); days worked to make up for them run at 35 %, the ten days before
//! the Chinese New Year at 45 %, the twelve days after at 60 %. Wednesday is the busiest weekday, Friday the quietest, a quarter's
//! third month the busiest.
//!
//! **Deals.** About 45 % of what is closed is won. 17 % of the opportunities are open; of these about a sixth is stuck (1.4 to 3.2
//! times its cycle old), some are past their expected close, 14 % have no next step. A quarter had their expected close put off.
//! Amounts are log-normal, 20,000 to 8,000,000 元, with medians of about 130,000 (ordinary) and 480,000 (key accounts, 12 % of the
//! customers, which go through the project process). The cycle is 32 days × (amount ÷ 20,000 元)^0.2, so 32 to 106 days, ± 28 %.
//! About half of the customers have opportunities, some of them many.
//!
//! **Regions** shift the probability to win a deal that has reached intention: 华东 +5 points, 华南 +3, 华北 0, 华中 −3, 西北 −6, 西南 −9,
//! 东北 −12. **Products**: `CD-DCS200` declines (weight 2.4 to 0.5 in two years, −12 points), `SW-EDGE` rises (0.5 to 2.6, +6 points).
//!
//! **Salespeople** are of eight kinds in fixed shares; the figures stand in [`Archetype::figures`]: strong (14 %), steady (29 %),
//! weak opener (11 %, 48 % of deals get as far as engaged instead of 85 %), weak closer (12 %, wins 36 % of intentions instead of
//! 68 %, last stages 2.4 times as long), slow (10 %, cycle × 1.9), discounter (9 %, 14–28 % off instead of 0–12 %), uneven (8 %,
//! ± 27 points by turns of 91 days), newcomer (7 %, hired within 112 days). Everybody starts with 25, 50, 75 % of the volume in the
//! first three months and wins 5 points less in the first 180 days. 8 % of the salespeople have left within the last 640 days; their
//! customers went to others of the group.
//!
//! **Days.** Each kind of salesperson has habits ([`Archetype::habits`]): how often they see a customer, get appointments, plan
//! without a purpose, act without a plan, follow up, move, cancel and forget plans, log late, check in, fill in the standard
//! visit (which the company has had for half a year). Weak openers are refused and idle on the days after; weak closers go closing without progress; slow ones follow up half
//! as often, and hardly on Fridays; uneven ones have bad quarters; newcomers plan without a purpose. The first effective visit is
//! on the day on which the customer became engaged, the convincing presentation on that of the intention.
//!
//! **Care.** About 8 % of the customers lie in the pool; about as many have an owner who has not followed up for over 90 days.

mod activities;
mod activity;
mod archetypes;
mod calendar;
mod catalogue;
mod company_names;
mod contacts;
mod contracts;
mod credit_code;
mod customers;
mod development;
mod ids;
mod opportunities;
mod opportunity;
mod opportunity_details;
mod opportunity_lines;
mod organisation;
mod ownership;
mod people_names;
mod plan;
mod random;
mod regions;
mod sales_groups;
mod stages;
mod tables;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use activities::{Diary, Habits};
pub use activity::{Activity, Answer, CheckIn, Deed, Plan, Step, Task};
pub use archetypes::{ARCHETYPES, Archetype, Figures, ramp_up};
pub use calendar::{QUARTER_FACTORS, YEARLY_GROWTH};
pub use catalogue::{COMPETITORS, Product, ProductLine};
pub use contacts::Contact;
pub use contracts::{Contract, Instalment};
pub use customers::{Customer, LevelReach};
pub use opportunity::{ExpectedCloseChange, Opportunity, OpportunityLine, StageEntry};
pub use organisation::{Person, Team};

use calendar::{Calendar, day_of};
use company_names::CompanyNames;
use credit_code::BODIES;
use organisation::{Organisation, PEOPLE};
use people_names::PeopleNames;
use plan::Plan as CustomerPlan;
use random::Permutation;
use tables::cities::{CITIES, City};

/// The largest scale: a million customers.
pub const MAX_SCALE: u32 = 1_000;

/// The invented company as of a day.
pub struct Company {
    pub name: &'static str,
    pub short_name: &'static str,
    /// ISO 4217.
    pub currency: &'static str,
    pub today: NaiveDate,
    pub scale: u32,
    /// Parents stand before their children.
    pub teams: Vec<Team>,
    /// Supervisors stand before those whom they lead.
    pub people: Vec<Person>,
    pub product_lines: Vec<ProductLine>,
    pub products: Vec<Product>,
    pub(crate) seed: u64,
    pub(crate) today_day: i32,
    /// The last working day before today; nothing has happened after it.
    pub(crate) last_day: i32,
    pub(crate) calendar: Calendar,
    pub(crate) plan: CustomerPlan,
    pub(crate) names: PeopleNames,
    pub(crate) company_names: CompanyNames,
    pub(crate) credit_order: Permutation,
    pub(crate) organisation: SalesForce,
    /// Digits of a customer's number in the numbers of its opportunities.
    pub(crate) number_width: usize,
    city_weights: Vec<u32>,
}

impl Company {
    /// The company of a scale (1 to [`MAX_SCALE`], others are brought into these bounds) and a seed as of `today`.
    pub fn new(scale: u32, seed: u64, today: NaiveDate) -> Self {
        Self::with_people(
            scale,
            PEOPLE * scale.clamp(1, MAX_SCALE) as usize,
            seed,
            today,
        )
    }

    /// The same business over a number of people of its own, at least 30 (and at most as many as at [`MAX_SCALE`]).
    pub fn with_people(scale: u32, people: usize, seed: u64, today: NaiveDate) -> Self {
        let scale = scale.clamp(1, MAX_SCALE);
        let count = people.clamp(PEOPLE, PEOPLE * MAX_SCALE as usize);
        let today_day = day_of(today);
        let calendar = Calendar::new(today_day - 2_300, today_day + 400, today_day);
        let names = PeopleNames::new();
        let Organisation {
            teams,
            people,
            groups,
            groups_in,
        } = organisation::organisation(count, seed, today_day, &calendar, &names);
        let pre_sales = (0_u32..)
            .zip(&people)
            .filter(|(_, person)| {
                person.title.starts_with("售前") || person.title == "解决方案顾问"
            })
            .map(|(number, _)| number)
            .collect();
        let (product_lines, products) =
            catalogue::catalogue(seed, calendar.worked_until(today_day - 2_100));
        Self {
            name: "屹川智控科技股份有限公司",
            short_name: "屹川智控",
            currency: "CNY",
            today,
            scale,
            teams,
            people,
            product_lines,
            products,
            seed,
            today_day,
            last_day: calendar.worked_until(today_day - 1),
            plan: CustomerPlan::new(scale, seed, today_day, &calendar),
            calendar,
            names,
            company_names: CompanyNames::new(seed),
            credit_order: Permutation::new(BODIES, seed, 80),
            organisation: SalesForce {
                groups,
                groups_in,
                pre_sales,
            },
            number_width: (scale * 1_000).to_string().len(),
            city_weights: CITIES
                .iter()
                .scan(0, |sum, city| {
                    *sum += city.weight;
                    Some(*sum)
                })
                .collect(),
        }
    }

    /// How many customers there are.
    pub fn customer_count(&self) -> u64 {
        u64::from(self.scale) * 1_000
    }

    /// All customers in the order of their creation, made one by one.
    pub fn customers(&self) -> impl ExactSizeIterator<Item = Customer> + '_ {
        (0..self.customer_count() as usize).map(|index| self.customer(index as u64))
    }

    /// The customer with an index below [`Company::customer_count`]; the same one that [`Company::customers`] gives there.
    pub fn customer(&self, index: u64) -> Customer {
        customers::customer(self, index)
    }

    /// A city by weight, for a fraction in `[0, 1)`.
    pub(crate) fn city(&self, fraction: f64) -> &'static City {
        let total = self.city_weights.last().copied().unwrap_or(0);
        let place = (fraction * f64::from(total)) as u32;
        &CITIES[self
            .city_weights
            .partition_point(|sum| *sum <= place)
            .min(CITIES.len() - 1)]
    }
}

/// Who sells where.
pub(crate) struct SalesForce {
    pub groups: Vec<ownership::Group>,
    pub groups_in: Vec<Vec<usize>>,
    /// Indices of those who come along to explain.
    pub pre_sales: Vec<u32>,
}
