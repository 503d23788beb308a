//! The company as a whole shows the pattern that the documentation promises.

use std::collections::HashMap;

use crate::{ARCHETYPES, Archetype, Company, QUARTER_FACTORS};
use chrono::Datelike;
use uuid::Uuid;

use super::{company, local, new_year};

#[test]
fn totals_are_in_proportion_to_the_scale() {
    for scale in [1, 2, 5, 10, 50] {
        let company = company(scale);
        assert_eq!(company.people.len(), 30 * scale as usize);
        let (mut contacts, mut opportunities, mut having) = (0, 0, 0);
        for customer in company.customers() {
            contacts += customer.contacts.len();
            opportunities += customer.opportunities.len();
            having += usize::from(!customer.opportunities.is_empty());
        }
        let customers = company.customer_count() as usize;
        assert_eq!(customers, 1_000 * scale as usize);
        assert_eq!(opportunities, 2 * customers);
        let per_customer = contacts as f64 / customers as f64;
        assert!(
            (2.4..2.6).contains(&per_customer),
            "{per_customer} contacts"
        );
        let share = having as f64 / customers as f64;
        assert!((0.44..0.54).contains(&share), "{share} have opportunities");
    }
}

#[test]
fn the_same_business_can_be_spread_over_another_number_of_people() {
    let few = Company::with_people(4, 30, 7, super::some_day());
    let many = Company::with_people(1, 100, 7, super::some_day());
    assert_eq!((few.people.len(), few.customer_count()), (30, 4_000));
    assert_eq!((many.people.len(), many.customer_count()), (100, 1_000));
    assert_eq!(few.customer(17).name, company(4).customer(17).name);
    let sellers = |company: &Company| {
        company
            .people
            .iter()
            .filter(|person| person.archetype.is_some())
            .count()
    };
    assert!(sellers(&many) > 60 && sellers(&few) < 25);
}

#[test]
fn a_company_has_a_tree_of_teams_of_about_eight() {
    for (scale, regions) in [(1, 3), (4, 5), (20, 7), (100, 7)] {
        let company = company(scale);
        let root = company.teams[0].id;
        let is_region = |team: &&crate::Team| team.parent_id == Some(root) && team.kind == "sales";
        assert_eq!(company.teams.iter().filter(is_region).count(), regions);
        for kind in ["pre_sales", "finance", "legal", "delivery"] {
            assert_eq!(
                company
                    .teams
                    .iter()
                    .filter(|team| team.kind == kind)
                    .count(),
                1
            );
        }
        let sellers = company
            .people
            .iter()
            .filter(|person| person.role == "salesperson")
            .count();
        let groups = company
            .people
            .iter()
            .filter(|person| person.role == "supervisor")
            .count();
        let mean = sellers as f64 / groups as f64;
        assert!(
            (5.0..10.0).contains(&mean),
            "{mean} to a group at scale {scale}"
        );
    }
}

#[test]
fn closings_follow_the_quarters_and_grow_by_about_an_eighth() {
    let company = Company::new(20, 3, new_year());
    let mut quarters = HashMap::new();
    for customer in company.customers() {
        for closed_on in customer
            .opportunities
            .iter()
            .filter_map(|deal| deal.closed_on)
        {
            *quarters
                .entry((closed_on.year(), closed_on.month0() / 3))
                .or_insert(0.0) += 1.0;
        }
    }
    let year = |year: i32| {
        (0..4)
            .map(|quarter| quarters[&(year, quarter)])
            .sum::<f64>()
    };
    for (quarter, factor) in (0..4).zip(QUARTER_FACTORS) {
        for of in [2025, 2026] {
            let seen = quarters[&(of, quarter)] / year(of) * 4.0;
            assert!(
                (seen / factor - 1.0).abs() < 0.1,
                "{of} quarter {quarter}: {seen}"
            );
        }
    }
    let growth = year(2026) / year(2025) - 1.0;
    assert!((0.08..0.16).contains(&growth), "{growth}");
}

#[test]
fn the_weeks_of_the_new_year_and_of_october_are_quiet() {
    let mut days = HashMap::new();
    for customer in company(10).customers() {
        for closed_on in customer
            .opportunities
            .iter()
            .filter_map(|deal| deal.closed_on)
        {
            *days.entry(closed_on).or_insert(0) += 1;
        }
    }
    let between = |first: (u32, u32), last: (u32, u32)| -> i32 {
        let inside = |day: &chrono::NaiveDate| {
            day.year() == 2026 && (first..=last).contains(&(day.month(), day.day()))
        };
        days.iter()
            .filter(|(day, _)| inside(day))
            .map(|(_, count)| count)
            .sum()
    };
    assert_eq!(between((10, 1), (10, 7)), 0);
    assert_eq!(between((2, 16), (2, 23)), 0);
    assert!(between((2, 9), (2, 13)) * 2 < between((3, 9), (3, 13)));
}

#[test]
fn about_45_of_100_closed_deals_are_won_after_30_to_120_days() {
    let (mut won, mut closed) = (0.0, 0.0);
    let mut cycles = Vec::new();
    for opportunity in company(10)
        .customers()
        .flat_map(|customer| customer.opportunities)
    {
        if let Some(closed_on) = opportunity.closed_on {
            closed += 1.0;
            if opportunity.outcome == "won" {
                won += 1.0;
                cycles.push((closed_on - local(opportunity.created_at).date()).num_days());
            }
        }
    }
    assert!((0.43..0.48).contains(&(won / closed)), "{}", won / closed);
    cycles.sort_unstable();
    assert!(
        cycles[cycles.len() / 10] >= 28,
        "{}",
        cycles[cycles.len() / 10]
    );
    assert!(
        cycles[cycles.len() * 9 / 10] <= 120,
        "{}",
        cycles[cycles.len() * 9 / 10]
    );
}

#[test]
fn some_open_deals_are_stuck_overdue_or_without_a_next_step() {
    let company = company(10);
    let (mut open, mut overdue, mut aimless, mut old) = (0.0, 0.0, 0.0, 0.0);
    for opportunity in company
        .customers()
        .flat_map(|customer| customer.opportunities)
    {
        if opportunity.outcome == "open" {
            open += 1.0;
            overdue += f64::from(u8::from(opportunity.expected_close_on < company.today));
            aimless += f64::from(u8::from(opportunity.next_step.is_none()));
            let entered = local(opportunity.stages.last().unwrap().entered_at).date();
            old += f64::from(u8::from((company.today - entered).num_days() > 60));
        }
    }
    assert!((2_000.0..4_500.0).contains(&open), "{open} open");
    for (share, low, high) in [(overdue, 0.08, 0.2), (aimless, 0.1, 0.18), (old, 0.05, 0.2)] {
        assert!((low..high).contains(&(share / open)), "{}", share / open);
    }
}

#[test]
fn about_8_of_100_customers_lie_in_the_pool_and_as_many_are_neglected() {
    let company = company(10);
    let (mut pooled, mut neglected) = (0, 0);
    for customer in company.customers() {
        let followed = customer
            .last_followed_at
            .map(|at| (company.today - local(at).date()).num_days());
        if customer.owner_id.is_none() {
            pooled += 1;
            assert!(
                customer
                    .opportunities
                    .iter()
                    .all(|deal| deal.outcome != "open")
            );
        } else if followed.is_some_and(|days| days > 90) {
            neglected += 1;
        }
    }
    assert!((700..900).contains(&pooled), "{pooled}");
    assert!((700..900).contains(&neglected), "{neglected}");
}

/// What can be seen of a kind of salespeople from outside.
#[derive(Default)]
struct Seen {
    deals: f64,
    closed: f64,
    engaged: f64,
    intention: f64,
    won: f64,
    cycle_days: Vec<f64>,
    last_stage_share: Vec<f64>,
    discount: Vec<f64>,
    // Won and closed by turns of 91 days, for each person and turn.
    turns: HashMap<(Uuid, i64), (f64, f64)>,
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn by_archetype(company: &Company) -> HashMap<Archetype, Seen> {
    let kinds: HashMap<Uuid, Archetype> = company
        .people
        .iter()
        .filter_map(|person| Some((person.id, person.archetype?)))
        .collect();
    let mut seen: HashMap<Archetype, Seen> = HashMap::new();
    for deal in company
        .customers()
        .flat_map(|customer| customer.opportunities)
    {
        let Some(kind) = kinds.get(&deal.owner_id) else {
            continue;
        };
        let seen = seen.entry(*kind).or_default();
        seen.deals += 1.0;
        seen.discount
            .extend(deal.lines.iter().map(|line| line.discount_percent as f64));
        if deal.outcome == "open" || deal.process == "project" {
            continue;
        }
        let closed_at = deal.stages.last().unwrap().entered_at;
        let turn = seen
            .turns
            .entry((deal.owner_id, closed_at / 86_400_000 / 91))
            .or_default();
        turn.1 += 1.0;
        seen.closed += 1.0;
        seen.engaged += f64::from(u8::from(
            deal.stages.iter().any(|entry| entry.stage == "engaged"),
        ));
        if let Some(intention) = deal.stages.iter().find(|entry| entry.stage == "intention") {
            seen.intention += 1.0;
            let whole = (closed_at - deal.created_at) as f64;
            seen.last_stage_share
                .push((closed_at - intention.entered_at) as f64 / whole);
        }
        if deal.outcome == "won" {
            seen.won += 1.0;
            turn.0 += 1.0;
            seen.cycle_days
                .push((closed_at - deal.created_at) as f64 / 86_400_000.0);
        }
    }
    seen
}

#[test]
fn kinds_of_salespeople_differ_where_they_should() {
    let company = company(20);
    let seen = by_archetype(&company);
    let people = |kind: Archetype| {
        company
            .people
            .iter()
            .filter(|person| person.archetype == Some(kind))
            .count() as f64
    };
    let volume = |kind| seen[&kind].deals / people(kind);
    let steady = &seen[&Archetype::Steady];
    let win_rate = |seen: &Seen| seen.won / seen.closed;

    let strong = &seen[&Archetype::Strong];
    assert!(win_rate(strong) > win_rate(steady) + 0.1);
    assert!(volume(Archetype::Strong) > volume(Archetype::Steady) * 1.2);

    let opener = &seen[&Archetype::WeakOpener];
    assert!(opener.engaged / opener.closed < steady.engaged / steady.closed - 0.25);
    let close_rate = |seen: &Seen| seen.won / seen.intention;
    assert!((close_rate(opener) - close_rate(steady)).abs() < 0.08);

    let closer = &seen[&Archetype::WeakCloser];
    assert!(closer.intention / closer.closed > steady.intention / steady.closed);
    assert!(close_rate(closer) < close_rate(steady) - 0.2);
    assert!(mean(&closer.last_stage_share) > mean(&steady.last_stage_share) + 0.12);

    let mut cycles = steady.cycle_days.clone();
    cycles.sort_by(f64::total_cmp);
    assert!(mean(&seen[&Archetype::Slow].cycle_days) > cycles[cycles.len() * 3 / 4]);
    assert!(mean(&seen[&Archetype::Discounter].discount) > mean(&steady.discount) + 10.0);
    assert!(volume(Archetype::Newcomer) < volume(Archetype::Steady) * 0.4);

    // Spread of the win rate between the turns of a person, where a turn has cases enough.
    let spread = |seen: &Seen| {
        let full = seen.turns.values().filter(|turn| turn.1 >= 10.0);
        let rates: Vec<f64> = full.map(|turn| turn.0 / turn.1).collect();
        let mean = mean(&rates);
        (rates.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / rates.len() as f64).sqrt()
    };
    assert!(spread(&seen[&Archetype::Uneven]) > spread(steady) * 1.25);
}

#[test]
fn kinds_of_salespeople_have_fixed_shares_and_some_have_left() {
    let company = company(10);
    let sellers: Vec<_> = company
        .people
        .iter()
        .filter_map(|person| person.archetype)
        .collect();
    for kind in ARCHETYPES {
        let share = sellers.iter().filter(|seller| **seller == kind).count() as f64;
        let wanted = f64::from(kind.figures().share_percent) / 100.0 * sellers.len() as f64;
        assert!(
            (share - wanted).abs() <= 1.0,
            "{kind:?}: {share} of {wanted}"
        );
    }
    assert_eq!(
        ARCHETYPES
            .map(|kind| kind.figures().share_percent)
            .iter()
            .sum::<u32>(),
        100
    );
    let left = company
        .people
        .iter()
        .filter(|person| person.left_on.is_some())
        .count();
    assert_eq!(left, (sellers.len() * 8).div_ceil(100));
}

#[test]
fn regions_and_products_differ() {
    let company = company(20);
    let code: HashMap<Uuid, &str> = company
        .products
        .iter()
        .map(|product| (product.id, product.code))
        .collect();
    let mut regions: HashMap<u8, (f64, f64)> = HashMap::new();
    let mut lines = [0.0; 2];
    let mut sold: HashMap<&str, [f64; 2]> = HashMap::new();
    for customer in company.customers() {
        for deal in &customer.opportunities {
            if deal.outcome != "open" {
                let region = regions.entry(customer.region.as_bytes()[0]).or_default();
                region.0 += f64::from(u8::from(deal.outcome == "won"));
                region.1 += 1.0;
            }
            let age = (company.today - local(deal.created_at).date()).num_days();
            let half = usize::from(age < 365);
            for line in &deal.lines {
                lines[half] += 1.0;
                sold.entry(code[&line.product_id]).or_default()[half] += 1.0;
            }
        }
    }
    let win_rate = |region: u8| regions[&region].0 / regions[&region].1;
    assert!(
        win_rate(b'3') > win_rate(b'5') + 0.04,
        "{} {}",
        win_rate(b'3'),
        win_rate(b'5')
    );
    assert!(
        win_rate(b'3') > win_rate(b'2') + 0.04,
        "{} {}",
        win_rate(b'3'),
        win_rate(b'2')
    );
    let change = |code: &str| (sold[code][1] / lines[1]) / (sold[code][0] / lines[0]);
    assert!(change("CD-DCS200") < 0.7, "{}", change("CD-DCS200"));
    assert!(change("SW-EDGE") > 1.4, "{}", change("SW-EDGE"));
    assert!(
        (0.85..1.15).contains(&change("CD-PLC300")),
        "{}",
        change("CD-PLC300")
    );
}

#[test]
fn newcomers_grow_into_the_work_month_by_month() {
    let company = company(60);
    let hired: HashMap<Uuid, chrono::NaiveDate> = company
        .people
        .iter()
        .map(|person| (person.id, person.hired_on))
        .collect();
    let mut months = [0.0; 4];
    for customer in company.customers() {
        let day = local(customer.created_at).date();
        let service = (day - hired[&customer.created_by]).num_days();
        // Supervisors stand in before the group had anybody, long after their own start.
        if let Some(month) = months.get_mut((service / 30) as usize) {
            *month += 1.0;
        }
    }
    assert!(months.is_sorted(), "{months:?}");
    assert!(months[0] < months[3] * 0.45, "{months:?}");
}
