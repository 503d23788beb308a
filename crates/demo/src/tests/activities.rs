//! Activities fit the pipeline, the calendar and the people.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use rules::holidays::{is_announced, is_working_day};
use uuid::Uuid;

use super::{company, local, other_companies};
use crate::{Activity, Archetype, Company, Customer, Deed};

const VISITS: [&str; 3] = ["first", "presentation", "closing"];
const RETURN_VISITS: [&str; 4] = ["collection", "coordination", "survey", "service"];

/// Every customer with its activities, and the groups' own.
fn all(company: &Company) -> (Vec<(Customer, Vec<Activity>)>, Vec<Activity>) {
    let mut diary = company.diary();
    let inside = (0..company.group_count())
        .flat_map(|group| company.group_activities(group, &mut diary))
        .collect();
    let with = company
        .customers()
        .map(|customer| {
            let activities = company.activities(&customer, &mut diary);
            (customer, activities)
        })
        .collect();
    (with, inside)
}

fn everything(company: &Company) -> Vec<Activity> {
    let (with, inside) = all(company);
    with.into_iter()
        .flat_map(|(_, activities)| activities)
        .chain(inside)
        .collect()
}

fn day(instant: i64) -> NaiveDate {
    local(instant).date()
}

#[test]
fn there_are_about_twenty_activities_for_each_customer() {
    for scale in [1, 4] {
        let count = everything(&company(scale)).len() as f64;
        let each = count / (f64::from(scale) * 1_000.0);
        assert!((18.5..21.5).contains(&each), "{each} at scale {scale}");
    }
}

#[test]
fn the_same_seed_gives_the_same_activities() {
    let text = || format!("{:?}", everything(&company(1)));
    assert_eq!(text(), text());
}

#[test]
fn a_deed_lies_on_a_working_day_of_the_past_and_is_written_down_within_three_days() {
    for company in other_companies().take(3).chain([company(1)]) {
        for activity in everything(&company) {
            let Some(deed) = &activity.deed else { continue };
            let (start, end) = (local(deed.started_at), local(deed.ended_at));
            assert!(
                is_working_day(start.date()) || !is_announced(start.year()),
                "{start}"
            );
            assert_eq!(start.date(), end.date(), "{activity:?}");
            assert!((6..21).contains(&start.hour()), "{start} {}", activity.kind);
            assert!(deed.started_at <= deed.ended_at && deed.ended_at <= deed.logged_at);
            let late = (day(deed.logged_at) - end.date()).num_days();
            assert!((0..=3).contains(&late), "{late} days late");
            assert!(day(deed.logged_at) < company.today);
            assert!(start.date() >= company.today - chrono::Days::new(730));
            assert!(activity.created_at <= deed.logged_at, "{activity:?}");
            assert_eq!(activity.updated_at, deed.logged_at);
        }
    }
}

#[test]
fn a_plan_is_made_before_its_start_and_a_deed_without_one_when_it_is_written_down() {
    for activity in everything(&company(3)) {
        match (&activity.plan, &activity.deed) {
            (None, Some(deed)) => assert_eq!(activity.created_at, deed.logged_at),
            (None, None) => panic!("neither planned nor done: {activity:?}"),
            (Some(plan), _) => {
                let start = plan.start_at.unwrap_or(i64::MAX);
                assert!(activity.created_at < start, "{activity:?}");
                assert!(plan.first_start_at != Some(start));
                assert!(plan.start_at.is_some() || plan.due_on.is_some());
            }
        }
        assert_eq!(activity.deed.is_some(), activity.state == "done");
        assert_eq!(
            activity.cancel_reason.is_some(),
            activity.state == "cancelled"
        );
        assert_eq!(activity.task.is_some(), activity.kind == "task");
    }
}

#[test]
fn the_first_effective_visit_makes_the_customer_engaged_and_the_convincing_one_gives_the_intention()
{
    let company = company(3);
    let (with, _) = all(&company);
    let (mut engaged, mut seen, mut wanting, mut convinced) = (0.0, 0.0, 0.0, 0.0);
    for (customer, activities) in &with {
        let reach = |level: &str| {
            let found = customer
                .level_reaches
                .iter()
                .find(|reach| reach.level == level);
            found.map(|reach| day(reach.at))
        };
        let effective: Vec<(&Activity, &Deed)> = activities
            .iter()
            .filter(|activity| VISITS.contains(&activity.kind))
            .filter_map(|activity| Some((activity, activity.deed.as_ref()?)))
            .filter(|(_, deed)| deed.is_effective == Some(true))
            .collect();
        for (_, deed) in &effective {
            let on = day(deed.started_at);
            assert!(
                reach("engaged").is_some_and(|reached| reached <= on),
                "{}",
                customer.name
            );
            if deed.intention_reached {
                assert!(reach("intention").is_some_and(|reached| reached <= on));
            }
        }
        let begin = company.today - chrono::Days::new(730);
        if let Some(on) = reach("engaged").filter(|on| *on >= begin) {
            engaged += 1.0;
            seen += f64::from(u8::from(
                effective.iter().any(|(_, deed)| day(deed.started_at) == on),
            ));
        }
        if let Some(on) = reach("intention").filter(|on| *on >= begin) {
            wanting += 1.0;
            let is_seen = |(_, deed): &(&Activity, &Deed)| {
                deed.intention_reached && day(deed.started_at) == on
            };
            convinced += f64::from(u8::from(effective.iter().any(is_seen)));
        }
    }
    assert!(seen / engaged > 0.97, "{}", seen / engaged);
    assert!(convinced / wanting > 0.97, "{}", convinced / wanting);
}

#[test]
fn an_appointment_comes_before_most_first_visits_and_return_visits_come_after_a_win() {
    let (with, _) = all(&company(2));
    let (mut firsts, mut asked) = (0.0, 0.0);
    for (customer, activities) in &with {
        for (place, activity) in activities.iter().enumerate() {
            let Some(deed) = &activity.deed else { continue };
            if RETURN_VISITS.contains(&activity.kind) {
                let won = customer.opportunities.iter().any(|deal| {
                    deal.outcome == "won"
                        && deal.closed_on.is_some_and(|on| on <= day(deed.started_at))
                });
                assert!(won, "{} at {}", activity.kind, customer.name);
            }
            if activity.kind == "first" {
                firsts += 1.0;
                let before = activities[..place].iter().any(|earlier| {
                    earlier.kind == "appointment"
                        && earlier.deed.as_ref().is_some_and(|made| {
                            made.appointment_got == Some(true)
                                && made.started_at < deed.started_at
                                && deed.started_at - made.started_at < 40 * 86_400_000
                        })
                });
                asked += f64::from(u8::from(before));
            }
        }
    }
    assert!(asked / firsts > 0.6, "{}", asked / firsts);
}

#[test]
fn a_follow_up_is_planned_when_what_it_follows_is_written_down() {
    let (with, _) = all(&company(3));
    let mut count = 0;
    for (_, activities) in &with {
        let mut followed = HashSet::new();
        for (place, activity) in activities.iter().enumerate() {
            if let Some(before) = activity.follow_up_of_id {
                let before = activities[..place]
                    .iter()
                    .find(|earlier| earlier.id == before)
                    .unwrap();
                let deed = before.deed.as_ref().unwrap();
                assert_eq!(activity.created_at, deed.logged_at);
                assert!(before.has_follow_up && followed.insert(before.id));
                count += 1;
            }
        }
        let marked = activities
            .iter()
            .filter(|activity| activity.has_follow_up)
            .count();
        assert_eq!(marked, followed.len());
    }
    assert!(count > 15_000, "{count}");
}

#[test]
fn nobody_works_before_being_hired_or_after_leaving() {
    for company in other_companies().skip(2).chain([company(1)]) {
        let people: HashMap<Uuid, &crate::Person> = company
            .people
            .iter()
            .map(|person| (person.id, person))
            .collect();
        for activity in everything(&company) {
            let made = day(activity.created_at);
            assert!(
                people[&activity.created_by].hired_on <= made,
                "{activity:?}"
            );
            let on = match (&activity.deed, &activity.plan) {
                (Some(deed), _) => day(deed.started_at),
                (None, Some(plan)) => plan.start_at.map(day).or(plan.due_on).unwrap(),
                _ => made,
            };
            for id in activity.participant_ids.iter().chain([&activity.owner_id]) {
                let person = people[id];
                assert!(person.hired_on <= on, "{} on {on}", person.name);
                let is_here = person.left_on.is_none_or(|left| on < left);
                assert!(
                    is_here || activity.state == "cancelled",
                    "{} on {on}",
                    person.name
                );
            }
            assert!(!activity.participant_ids.contains(&activity.owner_id));
        }
    }
}

#[test]
fn ids_are_unique() {
    let mut ids = HashSet::new();
    for activity in everything(&company(2)) {
        assert!(ids.insert(activity.id));
        assert_eq!(activity.id.get_version_num(), 7);
    }
}

#[test]
fn the_coming_two_weeks_are_planned_and_begin_today() {
    let company = company(2);
    let activities = everything(&company);
    let mut days: HashMap<NaiveDate, f64> = HashMap::new();
    let mut planners = HashSet::new();
    let mut due_today = 0;
    for activity in &activities {
        let is_open = matches!(activity.state, "planned" | "moved");
        let Some(plan) = activity.plan.as_ref().filter(|_| is_open) else {
            continue;
        };
        let on = plan.start_at.map(day).or(plan.due_on).unwrap();
        due_today += i32::from(plan.due_on == Some(company.today));
        if on >= company.today && activity.customer_id.is_some() {
            *days.entry(on).or_default() += 1.0;
            planners.insert(activity.owner_id);
        }
    }
    let sellers = company
        .people
        .iter()
        .filter(|person| person.role == "salesperson" && person.left_on.is_none())
        .count() as f64;
    let today = days[&company.today] / sellers;
    assert!((1.5..6.0).contains(&today), "{today} today");
    assert!(planners.len() as f64 > sellers * 0.9);
    assert!(due_today > 10, "{due_today}");
    assert!(days.keys().all(|on| (*on - company.today).num_days() <= 21));
}

#[test]
fn texts_vary_and_have_no_holes() {
    let mut results: HashMap<String, u32> = HashMap::new();
    let mut count = 0_u32;
    for activity in everything(&company(2)) {
        let purpose = activity
            .plan
            .as_ref()
            .and_then(|plan| plan.purpose.as_deref());
        let texts = [activity.subject.as_deref(), purpose];
        let of_deed = activity.deed.iter().flat_map(|deed| {
            [
                deed.result.as_deref(),
                deed.analysis.as_deref(),
                deed.needs_found.as_deref(),
            ]
        });
        for text in texts.into_iter().chain(of_deed).flatten() {
            assert!(!text.is_empty() && !text.contains(['{', '}']), "{text}");
            assert!(!text.ends_with('，'), "{text}");
        }
        if let Some(result) = activity.deed.as_ref().and_then(|deed| deed.result.clone())
            && VISITS.contains(&activity.kind)
        {
            *results.entry(result).or_default() += 1;
            count += 1;
        }
    }
    let most = results.values().max().copied().unwrap_or(0);
    assert!(
        results.len() as f64 > f64::from(count) * 0.8,
        "{} of {count}",
        results.len()
    );
    assert!(most < count / 300, "{most} of {count} are alike");
}

#[test]
fn somebody_is_seldom_at_two_customers_at_once() {
    let mut busy: HashMap<(Uuid, NaiveDate), Vec<(i64, i64)>> = HashMap::new();
    for activity in everything(&company(2)) {
        let is_visit = VISITS.contains(&activity.kind) || RETURN_VISITS.contains(&activity.kind);
        if let (Some(deed), true) = (&activity.deed, is_visit) {
            busy.entry((activity.owner_id, day(deed.started_at)))
                .or_default()
                .push((deed.started_at, deed.ended_at));
        }
    }
    let (mut visits, mut double) = (0.0, 0.0);
    for times in busy.values_mut() {
        times.sort_unstable();
        visits += times.len() as f64;
        double += times.windows(2).filter(|two| two[1].0 < two[0].1).count() as f64;
    }
    assert!(double / visits < 0.07, "{}", double / visits);
}

/// What can be seen of a kind of salespeople from their activities.
#[derive(Default)]
struct Seen {
    asked: f64,
    booked: f64,
    closings: f64,
    stalled: f64,
    plans: f64,
    purposeless: f64,
    deeds: f64,
    unplanned: f64,
    backdated: f64,
    fridays: f64,
    effective: f64,
    followed: f64,
    // Deeds on the working day after one with a refusal, and on the one before.
    after_refusal: f64,
    before_refusal: f64,
    steps: f64,
    filled_in: f64,
}

fn by_archetype(company: &Company) -> HashMap<Archetype, Seen> {
    let kinds: HashMap<Uuid, Archetype> = company
        .people
        .iter()
        .filter_map(|person| Some((person.id, person.archetype?)))
        .collect();
    let (with, _) = all(company);
    let mut seen: HashMap<Archetype, Seen> = HashMap::new();
    let mut refused = HashSet::new();
    let mut done = Vec::new();
    for activity in with.iter().flat_map(|(_, activities)| activities) {
        let Some(kind) = kinds.get(&activity.owner_id) else {
            continue;
        };
        let seen = seen.entry(*kind).or_default();
        if let Some(plan) = activity
            .plan
            .as_ref()
            .filter(|plan| plan.start_at.is_some())
        {
            seen.plans += 1.0;
            seen.purposeless += f64::from(u8::from(plan.purpose.is_none()));
        }
        let Some(deed) = &activity.deed else { continue };
        let on = day(deed.started_at);
        seen.deeds += 1.0;
        seen.unplanned += f64::from(u8::from(activity.plan.is_none()));
        seen.backdated += f64::from(u8::from(day(deed.logged_at) > on));
        seen.fridays += f64::from(u8::from(on.weekday() == Weekday::Fri));
        if deed.is_effective == Some(true) {
            seen.effective += 1.0;
            seen.followed += f64::from(u8::from(activity.has_follow_up));
        }
        if let Some(got) = deed.appointment_got {
            seen.asked += 1.0;
            seen.booked += f64::from(u8::from(got));
        }
        if activity.kind == "closing" {
            seen.closings += 1.0;
            seen.stalled += f64::from(u8::from(deed.is_effective == Some(false)));
        }
        if !deed.steps.is_empty() {
            seen.filled_in += 1.0;
            seen.steps +=
                deed.steps.len() as f64 / if activity.kind == "first" { 6.0 } else { 8.0 };
        }
        let is_at_the_door = matches!(activity.kind, "appointment" | "first");
        if deed.refusal_reason.is_some() && is_at_the_door {
            refused.insert((activity.owner_id, on));
        }
        done.push((activity.owner_id, on, *kind));
    }
    let mut counts: HashMap<(Uuid, NaiveDate), f64> = HashMap::new();
    for (owner, on, _) in &done {
        *counts.entry((*owner, *on)).or_default() += 1.0;
    }
    let on_day =
        |owner: Uuid, on: Option<NaiveDate>| on.and_then(|on| counts.get(&(owner, on))).copied();
    for (owner, on) in refused {
        let Some(kind) = kinds.get(&owner) else {
            continue;
        };
        let seen = seen.entry(*kind).or_default();
        let next = on.iter_days().skip(1).find(|day| is_working_day(*day));
        let before = on
            .iter_days()
            .rev()
            .skip(1)
            .find(|day| is_working_day(*day));
        seen.after_refusal += on_day(owner, next).unwrap_or(0.0);
        seen.before_refusal += on_day(owner, before).unwrap_or(0.0);
    }
    seen
}

#[test]
fn strengths_and_weaknesses_show_in_the_activities() {
    let seen = by_archetype(&company(7));
    let of = |kind: Archetype, what: fn(&Seen) -> f64| what(&seen[&kind]);
    let steady = |what: fn(&Seen) -> f64| what(&seen[&Archetype::Steady]);

    let booked = |seen: &Seen| seen.booked / seen.asked;
    assert!(of(Archetype::WeakOpener, booked) < steady(booked) - 0.15);
    assert!(of(Archetype::Strong, booked) > steady(booked) + 0.04);

    let stalled = |seen: &Seen| seen.stalled / seen.closings;
    assert!(of(Archetype::WeakCloser, stalled) > steady(stalled) + 0.1);
    assert!(
        of(Archetype::WeakCloser, |seen| seen.closings / seen.deeds)
            > steady(|seen| seen.closings / seen.deeds)
    );

    let purposeless = |seen: &Seen| seen.purposeless / seen.plans;
    assert!(of(Archetype::Newcomer, purposeless) > steady(purposeless) * 2.0);
    assert!(of(Archetype::WeakCloser, purposeless) > steady(purposeless) * 1.7);
    assert!(of(Archetype::Strong, purposeless) < steady(purposeless) * 0.6);

    let followed = |seen: &Seen| seen.followed / seen.effective;
    assert!(of(Archetype::Slow, followed) < steady(followed) * 0.7);
    let backdated = |seen: &Seen| seen.backdated / seen.deeds;
    assert!(of(Archetype::Slow, backdated) > steady(backdated) * 1.8);
    let fridays = |seen: &Seen| seen.fridays / seen.deeds;
    assert!(of(Archetype::Slow, fridays) < steady(fridays) * 0.65);

    let unplanned = |seen: &Seen| seen.unplanned / seen.deeds;
    assert!(of(Archetype::Uneven, unplanned) > steady(unplanned) * 1.3);
    let score = |seen: &Seen| seen.steps / seen.filled_in;
    assert!(of(Archetype::Strong, score) > of(Archetype::Newcomer, score) + 0.12);

    let after_refusal = |seen: &Seen| seen.after_refusal / seen.before_refusal;
    assert!(of(Archetype::WeakOpener, after_refusal) < steady(after_refusal) * 0.85);
}
