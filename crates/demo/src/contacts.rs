//! People at customers.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::calendar::{date_of, day_at};
use crate::ids::{Kind, id};
use crate::people_names::{PeopleNames, mobile};
use crate::random::Random;
use crate::tables::phrases::DEPARTMENTS;

/// A person at a customer.
#[derive(Clone, Debug)]
pub struct Contact {
    pub id: Uuid,
    pub name: String,
    pub department: &'static str,
    pub title: &'static str,
    pub mobile: String,
    pub email: Option<String>,
    pub wechat: Option<String>,
    pub birthday_on: Option<NaiveDate>,
    /// Whether this person leads the customer's projects; exactly one of a customer's contacts does.
    pub is_project_leader: bool,
    /// Milliseconds UTC.
    pub created_at: i64,
}

/// One to four contacts of a customer (two and a half on average), recorded within minutes after it.
pub(crate) fn contacts(
    names: &PeopleNames,
    seed: u64,
    customer: u64,
    created_at: i64,
    domain: &str,
) -> Vec<Contact> {
    let mut random = Random::new(seed, 50, customer);
    let count = random.weighted(&[(1_usize, 20), (2, 30), (3, 30), (4, 20)]);
    let first_department = random.below(DEPARTMENTS.len());
    (0..count)
        .map(|number| {
            let invented = names.invent(&mut random, 0.66);
            let (department, titles) =
                DEPARTMENTS[(first_department + number * 3) % DEPARTMENTS.len()];
            let created_at = created_at + 60_000 * (1 + number as i64);
            Contact {
                id: id(
                    seed,
                    Kind::Contact,
                    customer * 4 + number as u64,
                    created_at,
                ),
                email: random
                    .chance(0.8)
                    .then(|| [&invented.pinyin, "@", domain].concat()),
                wechat: random.chance(0.6).then(|| {
                    [
                        &invented.pinyin,
                        "_",
                        WECHAT_ENDS[random.below(WECHAT_ENDS.len())],
                    ]
                    .concat()
                }),
                birthday_on: random
                    .chance(0.2)
                    .then(|| date_of(day_at(created_at) - random.range(25 * 365, 57 * 365))),
                name: invented.name,
                department,
                title: random.pick(titles),
                mobile: mobile(&mut random),
                is_project_leader: number == 0,
                created_at,
            }
        })
        .collect()
}

const WECHAT_ENDS: [&str; 8] = ["88", "2016", "work", "1983", "cn", "86", "vip", "007"];
