//! Every single record is right.

use std::collections::{HashMap, HashSet};

use crate::{Company, Opportunity, Person};
use chrono::{Datelike, NaiveDate, Timelike};
use rules::holidays::{is_announced, is_working_day};
use uuid::Uuid;

use super::{company, local, other_companies, some_day};

const ORDINARY: &[&str] = &["prospect", "target", "engaged", "intention", "won"];
const PROJECT: &[&str] = &[
    "lead",
    "needs",
    "solution",
    "evaluation",
    "negotiation",
    "signing",
    "handover",
];

/// FNV-1a over everything that a company holds.
fn fingerprint(company: &Company) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut eat = |text: String| {
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    };
    eat(format!("{:?}{:?}", company.teams, company.people));
    eat(format!("{:?}{:?}", company.product_lines, company.products));
    company
        .customers()
        .for_each(|customer| eat(format!("{customer:?}")));
    hash
}

fn opportunities(company: &Company) -> impl Iterator<Item = Opportunity> + '_ {
    company
        .customers()
        .flat_map(|customer| customer.opportunities)
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let first = fingerprint(&company(1));
    assert_eq!(first, fingerprint(&company(1)));
    assert_eq!(
        first, 1043393294277663273,
        "a change of the generator changes the demo: put the new fingerprint here knowingly"
    );
}

#[test]
fn another_seed_gives_another_company() {
    assert_ne!(
        fingerprint(&company(1)),
        fingerprint(&Company::new(1, 8, some_day()))
    );
}

#[test]
fn a_customer_can_be_made_without_those_before_it() {
    let company = company(2);
    for (index, customer) in company.customers().enumerate().skip(777).step_by(401) {
        assert_eq!(
            format!("{customer:?}"),
            format!("{:?}", company.customer(index as u64))
        );
    }
}

#[test]
fn every_credit_code_has_the_check_digit_of_the_standard_and_the_customers_division() {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut codes = HashSet::new();
    for customer in company(10).customers() {
        let code = &customer.credit_code;
        assert_eq!(code.len(), 18);
        assert_eq!(&code[2..8], customer.region);
        let mut sum = 0;
        let mut weight = 1;
        for character in code[..17].chars() {
            sum += ALPHABET.find(character).unwrap() * weight;
            weight = weight * 3 % 31;
        }
        assert_eq!(
            ALPHABET.find(&code[17..]),
            Some((31 - sum % 31) % 31),
            "{code}"
        );
        assert!(codes.insert(code.clone()), "{code} twice");
    }
}

#[test]
fn names_numbers_addresses_and_ids_are_unique_at_scale_10() {
    let company = company(10);
    let mut names = HashSet::new();
    let mut ids: HashSet<Uuid> = HashSet::new();
    for person in &company.people {
        assert!(names.insert(person.email.clone()), "{}", person.email);
        assert!(ids.insert(person.id));
    }
    assert!(company.teams.iter().all(|team| ids.insert(team.id)));
    assert!(
        company
            .teams
            .iter()
            .all(|team| names.insert(team.code.clone()))
    );
    assert!(
        company
            .products
            .iter()
            .all(|product| ids.insert(product.id))
    );
    assert!(company.product_lines.iter().all(|line| ids.insert(line.id)));
    for customer in company.customers() {
        assert!(names.insert(customer.name.clone()), "{}", customer.name);
        assert!(ids.insert(customer.id));
        assert!(
            customer
                .contacts
                .iter()
                .all(|contact| ids.insert(contact.id))
        );
        for opportunity in customer.opportunities {
            assert!(ids.insert(opportunity.id));
            assert!(
                names.insert(opportunity.number.clone()),
                "{}",
                opportunity.number
            );
        }
    }
}

#[test]
fn ids_are_of_version_7_and_carry_the_instant_of_creation() {
    let is_right = |id: Uuid, created_at: i64| {
        id.get_version_num() == 7 && id.as_u128() >> 80 == u128::try_from(created_at).unwrap()
    };
    let company = company(1);
    let mut last = Uuid::nil();
    for customer in company.customers() {
        assert!(is_right(customer.id, customer.created_at));
        assert!(
            customer.id > last,
            "customers come in the order of their creation"
        );
        last = customer.id;
        assert!(
            customer
                .contacts
                .iter()
                .all(|contact| is_right(contact.id, contact.created_at))
        );
        assert!(
            customer
                .opportunities
                .is_sorted_by_key(|opportunity| opportunity.id)
        );
        assert!(
            customer
                .opportunities
                .iter()
                .all(|deal| is_right(deal.id, deal.created_at))
        );
    }
}

#[test]
fn every_reference_leads_to_a_record_that_came_before() {
    let company = company(60);
    let mut teams = HashSet::new();
    for team in &company.teams {
        assert!(
            team.parent_id.is_none_or(|parent| teams.contains(&parent)),
            "{}",
            team.name
        );
        teams.insert(team.id);
    }
    assert_eq!(
        company
            .teams
            .iter()
            .filter(|team| team.parent_id.is_none())
            .count(),
        1
    );
    let mut people = HashSet::new();
    for person in &company.people {
        assert!(teams.contains(&person.team_id));
        assert!(
            person
                .supervisor_id
                .is_none_or(|supervisor| people.contains(&supervisor))
        );
        people.insert(person.id);
    }
    assert_eq!(
        company
            .people
            .iter()
            .filter(|person| person.supervisor_id.is_none())
            .count(),
        1
    );
    assert!(
        company
            .teams
            .iter()
            .all(|team| people.contains(&team.manager_id.unwrap()))
    );
    let lines: HashSet<Uuid> = company.product_lines.iter().map(|line| line.id).collect();
    assert!(
        company
            .products
            .iter()
            .all(|product| lines.contains(&product.line_id))
    );
    let products: HashSet<Uuid> = company.products.iter().map(|product| product.id).collect();
    for customer in company.customers().step_by(7) {
        assert!(
            customer
                .owner_id
                .or(customer.former_owner_id)
                .is_some_and(|id| people.contains(&id))
        );
        assert!(people.contains(&customer.created_by));
        assert_eq!(
            customer.owner_id.is_none(),
            customer.returned_to_pool_at.is_some()
        );
        assert!((1..=4).contains(&customer.contacts.len()));
        for opportunity in &customer.opportunities {
            assert!(people.contains(&opportunity.owner_id));
            assert!(
                opportunity
                    .lines
                    .iter()
                    .all(|line| products.contains(&line.product_id))
            );
        }
    }
}

#[test]
fn nobody_does_anything_before_being_hired_or_after_leaving() {
    other_companies()
        .chain([company(10)])
        .for_each(|company| check_service(&company));
}

fn check_service(company: &Company) {
    let people: HashMap<Uuid, &Person> = company
        .people
        .iter()
        .map(|person| (person.id, person))
        .collect();
    let check = |by: Uuid, on: NaiveDate, what: &str| {
        let person = people[&by];
        assert!(person.hired_on <= on, "{what} by {} on {on}", person.name);
        assert!(
            person.left_on.is_none_or(|left| on < left),
            "{what} by {} on {on}",
            person.name
        );
    };
    for customer in company.customers() {
        check(
            customer.created_by,
            local(customer.created_at).date(),
            "customer recorded",
        );
        if let Some(owner) = customer.owner_id {
            check(owner, company.today, "customer owned");
        }
        for reach in &customer.level_reaches {
            check(reach.by, local(reach.at).date(), reach.level);
        }
        for opportunity in &customer.opportunities {
            for entry in &opportunity.stages {
                check(entry.by, local(entry.entered_at).date(), entry.stage);
            }
            for change in &opportunity.expected_close_changes {
                check(
                    change.by,
                    local(change.changed_at).date(),
                    "expected close moved",
                );
            }
            check(
                opportunity.owner_id,
                opportunity.closed_on.unwrap_or(company.today),
                "owned",
            );
        }
    }
}

#[test]
fn histories_run_forward_on_working_days_and_end_before_today() {
    other_companies()
        .chain([company(10)])
        .for_each(|company| check_histories(&company));
}

fn check_histories(company: &Company) {
    for customer in company.customers() {
        for opportunity in &customer.opportunities {
            assert!(opportunity.created_at > customer.created_at);
            assert_eq!(opportunity.created_at, opportunity.stages[0].entered_at);
            assert!(
                opportunity
                    .stages
                    .is_sorted_by(|a, b| a.entered_at < b.entered_at)
            );
            for entry in &opportunity.stages {
                let at = local(entry.entered_at);
                assert!(at.date() < company.today);
                assert!(is_working_day(at.date()), "{at}");
                assert!((8..20).contains(&at.hour()), "{at}");
                let is_usual = at.month() == 10 && at.day() <= 7 && !is_announced(at.year());
                assert!(!is_usual, "{at} is a holiday");
            }
            let mut expected = opportunity
                .expected_close_changes
                .first()
                .map(|first| first.before_on);
            for change in &opportunity.expected_close_changes {
                assert_eq!(expected, Some(change.before_on));
                assert!(change.before_on < change.after_on);
                assert!(change.changed_at > opportunity.created_at);
                expected = Some(change.after_on);
            }
            assert!(expected.is_none_or(|expected| expected == opportunity.expected_close_on));
        }
    }
}

#[test]
fn an_opportunity_passes_the_stages_of_its_process_in_order() {
    for opportunity in opportunities(&company(10)) {
        let known = if opportunity.process == "project" {
            PROJECT
        } else {
            ORDINARY
        };
        let stages: Vec<&str> = opportunity.stages.iter().map(|entry| entry.stage).collect();
        assert_eq!(stages.last(), Some(&opportunity.stage));
        let open = stages.iter().filter(|stage| **stage != "lost").count();
        assert!(open >= 1 && stages[..open] == known[..open], "{stages:?}");
        assert_eq!(
            opportunity.outcome == "won",
            Some(&opportunity.stage) == known.last()
        );
        assert_eq!(opportunity.outcome == "lost", opportunity.stage == "lost");
    }
}

#[test]
fn an_outcome_brings_exactly_its_own_fields() {
    for opportunity in opportunities(&company(10)) {
        let is_open = opportunity.outcome == "open";
        assert_eq!(
            opportunity.win_reason.is_some(),
            opportunity.outcome == "won"
        );
        assert_eq!(
            opportunity.loss_reason.is_some(),
            opportunity.outcome == "lost"
        );
        assert_eq!(opportunity.closed_on.is_none(), is_open);
        assert!(is_open || opportunity.next_step.is_none());
        assert_eq!(
            opportunity.next_step.is_some(),
            opportunity.next_step_on.is_some()
        );
        if let Some(closed_on) = opportunity.closed_on {
            assert_eq!(
                closed_on,
                local(opportunity.stages.last().unwrap().entered_at).date()
            );
        }
        if opportunity.loss_reason == Some("competitor") {
            assert!(opportunity.competitor.is_some());
        }
    }
}

#[test]
fn an_amount_is_the_sum_of_one_to_three_lines_between_20_000_and_8_000_000() {
    let company = company(10);
    for opportunity in opportunities(&company) {
        assert!((1..=3).contains(&opportunity.lines.len()));
        for line in &opportunity.lines {
            let exact = line.quantity * line.price_minor * (100 - line.discount_percent);
            assert_eq!(line.amount_minor * 100, exact);
        }
        let sum: i64 = opportunity.lines.iter().map(|line| line.amount_minor).sum();
        assert_eq!(opportunity.amount_minor, sum);
        assert!((2_000_000..=800_000_000).contains(&sum), "{sum}");
    }
    let products = &company.products;
    assert!(
        products
            .iter()
            .all(|product| product.floor_price_minor < product.list_price_minor)
    );
}

#[test]
fn a_funnel_level_agrees_with_the_opportunities() {
    for customer in company(10).customers() {
        let is_won = customer
            .opportunities
            .iter()
            .any(|deal| deal.outcome == "won");
        let after_won = ["won", "retained", "dormant", "at_risk", "lost"];
        assert_eq!(
            is_won,
            after_won.contains(&customer.funnel_level),
            "{}",
            customer.name
        );
        assert!(customer.level_reaches.is_sorted_by_key(|reach| reach.at));
        let levels: Vec<&str> = customer
            .level_reaches
            .iter()
            .map(|reach| reach.level)
            .collect();
        assert_eq!(levels, ORDINARY[..levels.len()]);
        if !is_won {
            assert_eq!(levels.last(), Some(&customer.funnel_level));
        }
        assert!(customer.level_reaches[0].at <= customer.created_at);
    }
}

#[test]
fn nobody_real_can_be_reached() {
    let company = company(1);
    let is_unassigned = |mobile: &str| {
        mobile.len() == 11
            && ["154", "160", "161", "163", "164", "168", "169", "179"].contains(&&mobile[..3])
    };
    for person in &company.people {
        assert!(person.email.ends_with("@yichuan.example") && person.email.is_ascii());
        assert!(is_unassigned(&person.mobile));
    }
    for customer in company.customers() {
        assert!(customer.website.ends_with(".example"));
        assert!(customer.phone.contains("-9"));
        for contact in &customer.contacts {
            assert!(is_unassigned(&contact.mobile));
            assert!(
                contact
                    .email
                    .as_ref()
                    .is_none_or(|email| email.ends_with(".example"))
            );
        }
    }
}
