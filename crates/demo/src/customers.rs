//! Customers, each with its contacts and opportunities.

use chrono::Datelike;
use uuid::Uuid;

use crate::Company;
use crate::calendar::{date_of, day_at, instant, working_millisecond};
use crate::company_names::CompanyName;
use crate::contacts::{Contact, contacts};
use crate::credit_code::{BODIES, credit_code};
use crate::development::{care, funnel_level, level_reaches};
use crate::ids::{Kind, id};
use crate::opportunities::opportunity;
use crate::opportunity::Opportunity;
use crate::ownership::Ownership;
use crate::people_names::landline;
use crate::random::Random;
use crate::tables::cities::City;
use crate::tables::company_names::ROADS;
use crate::tables::phrases::{EMPLOYEE_BANDS, REVENUE_BANDS, SOURCES, TAGS};

/// A company to which the generated one sells, or wants to.
#[derive(Clone, Debug)]
pub struct Customer {
    pub id: Uuid,
    /// Unique.
    pub name: String,
    pub short_name: String,
    /// Unified social credit code; unique, with right check digits.
    pub credit_code: String,
    /// Division of GB/T 4754 with its section's letter, such as `C34`.
    pub industry: &'static str,
    /// `lt_50`, `50_99`, `100_299`, `300_999`, `1000_4999` or `gte_5000`.
    pub employees: &'static str,
    /// `lt_20m`, `20m_50m`, `50m_100m`, `100m_500m`, `500m_1b`, `1b_5b` or `gte_5b`, in CNY a year.
    pub revenue_band: &'static str,
    /// Six-digit division code.
    pub region: &'static str,
    pub address: String,
    pub website: String,
    pub phone: String,
    pub source: &'static str,
    /// `key_account` or `ordinary`.
    pub class: &'static str,
    /// `A` to `D`.
    pub level: &'static str,
    /// `prospect`, `target`, `engaged`, `intention`, `won`, `retained`, `dormant`, `at_risk` or `lost`.
    pub funnel_level: &'static str,
    /// The day's owner; none while the customer lies in the pool.
    pub owner_id: Option<Uuid>,
    /// Who owned it before it came to the pool.
    pub former_owner_id: Option<Uuid>,
    /// Milliseconds UTC; some exactly when without an owner.
    pub returned_to_pool_at: Option<i64>,
    pub tags: Vec<&'static str>,
    /// Milliseconds UTC of the last follow-up, if there was any.
    pub last_followed_at: Option<i64>,
    /// When each funnel level up to won was first reached, in order.
    pub level_reaches: Vec<LevelReach>,
    /// Milliseconds UTC.
    pub created_at: i64,
    pub created_by: Uuid,
    pub contacts: Vec<Contact>,
    pub opportunities: Vec<Opportunity>,
    /// Latitude and longitude of its gate, in degrees to a millionth.
    pub position: (f64, f64),
    pub(crate) index: u64,
    /// The group that sells to it, as a number among all.
    pub(crate) group: usize,
}

/// The first time that a customer reached a funnel level.
#[derive(Clone, Debug)]
pub struct LevelReach {
    pub level: &'static str,
    /// Milliseconds UTC.
    pub at: i64,
    /// The owner at that time.
    pub by: Uuid,
}

/// What an opportunity has to know about its customer.
pub(crate) struct Origin<'a> {
    pub index: u64,
    pub short_name: String,
    pub created_day: i32,
    pub created_at: i64,
    pub is_key_account: bool,
    /// Two-digit division code.
    pub province: usize,
    pub ownership: Ownership<'a>,
}

/// Makes the customer with a number.
pub(crate) fn customer(company: &Company, index: u64) -> Customer {
    let mut random = Random::new(company.seed, 70, index);
    let (created_day, fraction) = company.plan.created(index, random.unit());
    let created_at = instant(created_day, 0) + working_millisecond(fraction);
    let city = company.city(random.unit());
    let (region, district) = random.pick(city.districts);
    let CompanyName {
        name,
        short_name,
        industry,
        domain,
    } = company.company_names.at(index, city.place, company.seed);
    let is_key_account = random.chance(0.12);
    let province = city.province();
    let groups = &company.organisation.groups_in[province];
    let group = groups[random.below(groups.len())];
    let ownership = Ownership::new(&company.organisation.groups[group], company.seed, index);
    let origin = Origin {
        index,
        short_name: short_name.clone(),
        created_day,
        created_at,
        is_key_account,
        province,
        ownership,
    };
    let (count, open_share) = company.plan.opportunities(index);
    let mut opportunities: Vec<Opportunity> = (0..count as u64)
        .map(|number| opportunity(company, &origin, number, open_share))
        .collect();
    opportunities.sort_unstable_by_key(|opportunity| opportunity.id);
    for (opportunity, number) in opportunities.iter_mut().zip(1..) {
        let created_on = date_of(day_at(opportunity.created_at));
        let month = created_on.year() * 100 + created_on.month0() as i32 + 1;
        opportunity.number = format!(
            "SJ{month}-{:0width$}-{number:02}",
            index + 1,
            width = company.number_width
        );
    }
    let care = care(company, &origin, &opportunities, &mut random);
    let last_day = care
        .returned_to_pool_at
        .map_or(company.last_day, |at| day_at(at) - 31);
    let level_reaches = level_reaches(company, &origin, &opportunities, last_day, &mut random);
    let funnel_level = funnel_level(company, &level_reaches, &opportunities, &mut random);
    let band = band(is_key_account, &mut random);
    let mut tags = Vec::new();
    if random.chance(0.35) {
        tags.push(random.pick(TAGS));
    }
    Customer {
        id: id(company.seed, Kind::Customer, index, created_at),
        credit_code: credit_code(region, company.credit_order.at(index) % BODIES),
        industry,
        employees: EMPLOYEE_BANDS[band].0,
        revenue_band: REVENUE_BANDS[(band + random.below(2)).min(REVENUE_BANDS.len() - 1)],
        region,
        address: [
            city.address,
            district,
            random.pick(ROADS),
            &random.range(1, 988).to_string(),
            "号",
        ]
        .concat(),
        website: ["https://www.", &domain].concat(),
        phone: landline(&mut random, city.area_code),
        source: random.weighted(SOURCES),
        class: if is_key_account {
            "key_account"
        } else {
            "ordinary"
        },
        level: value_level(is_key_account, band, count, &mut random),
        funnel_level,
        owner_id: care.owner_id,
        former_owner_id: care.former_owner_id,
        returned_to_pool_at: care.returned_to_pool_at,
        tags,
        last_followed_at: care.last_followed_at,
        level_reaches,
        created_at,
        created_by: origin.owner(company, created_at),
        contacts: contacts(&company.names, company.seed, index, created_at, &domain),
        opportunities,
        name,
        short_name,
        position: position(company, index, city),
        index,
        group,
    }
}

/// Some kilometres from the city's middle.
fn position(company: &Company, index: u64, city: &City) -> (f64, f64) {
    let mut random = Random::new(company.seed, 71, index);
    let mut around = |middle: f64, spread: f64| {
        ((middle + spread * random.normal()) * 1_000_000.0).round() / 1_000_000.0
    };
    (
        around(city.position.0, 0.035),
        around(city.position.1, 0.045),
    )
}

impl Origin<'_> {
    pub(crate) fn owner(&self, company: &Company, at: i64) -> Uuid {
        company.people[self.ownership.person(day_at(at))].id
    }
}

/// Index of the band of employees.
fn band(is_key_account: bool, random: &mut Random) -> usize {
    let mut left = random.below(100) as u32;
    for (index, (_, ordinary, key_account)) in EMPLOYEE_BANDS.iter().enumerate() {
        let share = if is_key_account {
            *key_account
        } else {
            *ordinary
        };
        if left < share {
            return index;
        }
        left -= share;
    }
    0
}

/// A to D by size, class and the number of opportunities.
fn value_level(
    is_key_account: bool,
    band: usize,
    opportunities: usize,
    random: &mut Random,
) -> &'static str {
    let score = band as f64 * 0.6
        + if is_key_account { 1.6 } else { 0.0 }
        + (opportunities.min(6) as f64) * 0.35
        + random.between(-0.8, 0.8);
    match score {
        score if score > 3.6 => "A",
        score if score > 2.2 => "B",
        score if score > 0.9 => "C",
        _ => "D",
    }
}
