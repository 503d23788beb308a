//! Teams and people: company → sales regions (→ branches, in large companies) → groups of about eight, and four support teams.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::archetypes::{ARCHETYPES, Archetype};
use crate::calendar::{Calendar, date_of, instant};
use crate::ids::{Kind, id};
use crate::ownership::{Group, Seller};
use crate::people_names::{PeopleNames, mobile};
use crate::random::{Random, split};
use crate::regions::{branch_name, customers_in, regions};

/// Scale from which each province has a branch of its own between region and groups.
const BRANCHES_FROM: u32 = 50;

/// A team of the tree.
#[derive(Clone, Debug)]
pub struct Team {
    pub id: Uuid,
    pub name: String,
    pub code: String,
    pub parent_id: Option<Uuid>,
    pub manager_id: Option<Uuid>,
    /// Division code: of the seat (four digits) for a region, of the province (two digits) for a branch and its groups.
    pub region: Option<String>,
    /// `sales`, `pre_sales`, `finance`, `legal`, `delivery` or `other`.
    pub kind: &'static str,
    /// Milliseconds UTC.
    pub created_at: i64,
}

/// Somebody who works or worked at the company.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    /// Unique; also the login.
    pub email: String,
    pub mobile: String,
    pub title: &'static str,
    pub team_id: Uuid,
    pub supervisor_id: Option<Uuid>,
    /// `director`, `supervisor`, `salesperson` or `support`.
    pub role: &'static str,
    pub hired_on: NaiveDate,
    /// The first day on which the person no longer works here.
    pub left_on: Option<NaiveDate>,
    pub language: &'static str,
    pub time_zone: &'static str,
    /// What a salesperson is like; none for the others.
    pub archetype: Option<Archetype>,
    /// Milliseconds UTC.
    pub created_at: i64,
}

/// Everything about the organisation that the rest is made from.
pub(crate) struct Organisation {
    pub teams: Vec<Team>,
    pub people: Vec<Person>,
    pub groups: Vec<Group>,
    /// For each province (two-digit code) the indices of the groups that sell there.
    pub groups_in: Vec<Vec<usize>>,
}

struct Builder<'a> {
    seed: u64,
    today: i32,
    calendar: &'a Calendar,
    names: &'a PeopleNames,
    random: Random,
    logins: HashMap<String, u32>,
    teams: Vec<Team>,
    people: Vec<Person>,
}

/// A territory: a region, or a province where there are branches.
struct Territory {
    team: usize,
    head: usize,
    name: &'static str,
    region: Option<String>,
    provinces: Vec<usize>,
}

/// Builds the organisation of a company with `30 × scale` people as of `today`.
pub(crate) fn organisation(scale: u32, seed: u64, today: i32, calendar: &Calendar, names: &PeopleNames) -> Organisation {
    let mut builder =
        Builder { seed, today, calendar, names, random: Random::new(seed, 10, 0), logins: HashMap::new(), teams: Vec::new(), people: Vec::new() };
    let root = builder.team("屹川智控", "YC".into(), None, None, "other");
    let chief = builder.hire("总经理", root, None, "director", (2_180, 2_190));
    builder.lead(root, chief);
    builder.support_teams(4 * scale as usize, root, chief);
    let territories = builder.territories(scale, root, chief);
    let (groups, groups_in) = builder.sales_groups(30 * scale as usize, &territories);
    Organisation { teams: builder.teams, people: builder.people, groups, groups_in }
}

impl Builder<'_> {
    fn team(&mut self, name: &str, code: String, parent: Option<usize>, region: Option<String>, kind: &'static str) -> usize {
        let number = self.teams.len();
        let created_at = instant(self.calendar.worked_until(self.today - 2_195), 36_000) + number as i64;
        let parent_id = parent.map(|parent| self.teams[parent].id);
        let id = id(self.seed, Kind::Team, number as u64, created_at);
        self.teams.push(Team { id, name: name.to_owned(), code, parent_id, manager_id: None, region, kind, created_at });
        number
    }

    fn lead(&mut self, team: usize, person: usize) {
        self.teams[team].manager_id = Some(self.people[person].id);
    }

    /// Adds a person who was hired between so many days ago, the smaller number first.
    fn hire(&mut self, title: &'static str, team: usize, supervisor: Option<usize>, role: &'static str, days_ago: (i32, i32)) -> usize {
        let day = self.calendar.worked_from(self.today - self.random.range(days_ago.0, days_ago.1));
        let number = self.people.len();
        let invented = self.names.invent(&mut self.random, if role == "support" { 0.5 } else { 0.68 });
        let login = self.logins.entry(invented.pinyin.clone()).and_modify(|count| *count += 1).or_insert(1);
        let suffix = if *login > 1 { login.to_string() } else { String::new() };
        let created_at = instant(day, 32_400);
        self.people.push(Person {
            id: id(self.seed, Kind::Person, number as u64, created_at),
            name: invented.name,
            email: format!("{}{suffix}@yichuan.example", invented.pinyin),
            mobile: mobile(&mut self.random),
            title,
            team_id: self.teams[team].id,
            supervisor_id: supervisor.map(|supervisor| self.people[supervisor].id),
            role,
            hired_on: date_of(day),
            left_on: None,
            language: "zh-CN",
            time_zone: "Asia/Shanghai",
            archetype: None,
            created_at,
        });
        number
    }

    fn support_teams(&mut self, count: usize, root: usize, chief: usize) {
        const TEAMS: [(&str, &str, &str, f64, [&str; 3]); 4] = [
            ("售前支持部", "YC-PS", "pre_sales", 0.40, ["售前经理", "售前工程师", "解决方案顾问"]),
            ("财务部", "YC-FI", "finance", 0.15, ["财务经理", "应收会计", "商务会计"]),
            ("法务部", "YC-LE", "legal", 0.10, ["法务经理", "合同专员", "法务专员"]),
            ("交付服务部", "YC-DE", "delivery", 0.35, ["交付经理", "实施工程师", "项目工程师"]),
        ];
        let sizes = split(count.saturating_sub(TEAMS.len()), &TEAMS.map(|team| team.3));
        for ((name, code, kind, _, titles), more) in TEAMS.into_iter().zip(sizes) {
            let team = self.team(name, code.to_owned(), Some(root), None, kind);
            let head = self.hire(titles[0], team, Some(chief), "support", (1_300, 2_180));
            self.lead(team, head);
            for number in 0..more {
                self.hire(titles[1 + number % 2], team, Some(head), "support", (30, 2_100));
            }
        }
    }

    /// The regions with their directors and, in large companies, the branches; gives the lowest level of these.
    fn territories(&mut self, scale: u32, root: usize, chief: usize) -> Vec<Territory> {
        let mut territories = Vec::new();
        for (region, number) in regions(scale).into_iter().zip(1..) {
            let team = self.team(region.name, format!("YC-{number}"), Some(root), Some(region.seat.to_owned()), "sales");
            let director = self.hire("大区总监", team, Some(chief), "director", (1_700, 2_170));
            self.lead(team, director);
            if scale < BRANCHES_FROM {
                territories.push(Territory { team, head: director, name: region.name, region: Some(region.seat.to_owned()), provinces: region.provinces });
                continue;
            }
            for province in region.provinces.into_iter().filter(|province| customers_in(*province) > 0.0) {
                let code = Some(province.to_string());
                let branch = self.team(branch_name(province), format!("YC-{number}-{province}"), Some(team), code.clone(), "sales");
                let manager = self.hire("分公司经理", branch, Some(director), "director", (1_600, 2_160));
                self.lead(branch, manager);
                territories.push(Territory { team: branch, head: manager, name: branch_name(province), region: code, provinces: vec![province] });
            }
        }
        territories
    }

    /// Fills the company up to `people` with groups of a supervisor and about eight salespeople, by the number of customers.
    fn sales_groups(&mut self, people: usize, territories: &[Territory]) -> (Vec<Group>, Vec<Vec<usize>>) {
        let weights: Vec<f64> = territories.iter().map(|territory| territory.provinces.iter().map(|province| customers_in(*province)).sum()).collect();
        let heads = split(people - self.people.len(), &weights);
        let group_counts: Vec<usize> = heads.iter().map(|heads| ((heads + 4) / 9).max(1)).collect();
        let sellers = heads.iter().sum::<usize>() - group_counts.iter().sum::<usize>();
        let mut characters = self.characters(sellers).into_iter();
        let mut groups = Vec::new();
        let mut groups_in = vec![Vec::new(); 100];
        for ((territory, heads), count) in territories.iter().zip(heads).zip(group_counts) {
            let sizes = split(heads - count, &vec![1.0; count]);
            for (size, number) in sizes.into_iter().zip(1..) {
                let name = format!("{}销售{}组", territory.name.trim_end_matches("大区").trim_end_matches("分公司"), chinese(number));
                let code = format!("{}-G{number}", self.teams[territory.team].code);
                let team = self.team(&name, code, Some(territory.team), territory.region.clone(), "sales");
                let supervisor = self.hire("销售主管", team, Some(territory.head), "supervisor", (1_520, 2_150));
                self.lead(team, supervisor);
                let sellers = characters.by_ref().take(size).map(|character| self.seller(character, team, supervisor)).collect();
                territory.provinces.iter().for_each(|province| groups_in[*province].push(groups.len()));
                groups.push(Group { supervisor: supervisor as u32, sellers });
            }
        }
        (groups, groups_in)
    }

    /// The archetypes of so many salespeople in fixed shares, with who has left, in random order.
    fn characters(&mut self, count: usize) -> Vec<(Archetype, bool)> {
        let shares = split(count, &ARCHETYPES.map(|archetype| f64::from(archetype.figures().share_percent)));
        let mut characters: Vec<(Archetype, bool)> =
            ARCHETYPES.into_iter().zip(shares).flat_map(|(archetype, share)| vec![(archetype, false); share]).collect();
        self.random.shuffle(&mut characters);
        let leaving = (count * 8).div_ceil(100);
        characters.iter_mut().filter(|character| character.0 != Archetype::Newcomer).take(leaving).for_each(|character| character.1 = true);
        self.random.shuffle(&mut characters);
        characters
    }

    fn seller(&mut self, (archetype, has_left): (Archetype, bool), team: usize, supervisor: usize) -> Seller {
        let left = has_left.then(|| self.calendar.worked_from(self.today - self.random.range(20, 640)));
        let days_ago = match (archetype, left) {
            (Archetype::Newcomer, _) => (8, 112),
            (_, Some(left)) => (self.today - left + 300, (self.today - left + 1_500).min(2_190)),
            (_, None) => (160, 2_190),
        };
        let title = match archetype {
            Archetype::Newcomer => "销售代表",
            Archetype::Strong => "大客户经理",
            _ if self.random.chance(0.3) => "高级客户经理",
            _ => "客户经理",
        };
        let number = self.hire(title, team, Some(supervisor), "salesperson", days_ago);
        let person = &mut self.people[number];
        person.archetype = Some(archetype);
        person.left_on = left.map(date_of);
        let hired = crate::calendar::day_of(person.hired_on);
        let figures = archetype.figures();
        Seller {
            person: number as u32,
            hired,
            left: left.unwrap_or(i32::MAX),
            volume: figures.volume * self.random.between(0.88, 1.12),
            skill: self.random.between(-0.03, 0.03),
            archetype,
            figures,
        }
    }
}

/// A number from 1 to 99 in Chinese; above that in digits.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        1..=9 => DIGITS[number].to_owned(),
        10..=19 => format!("十{}", DIGITS[number - 10]),
        20..=99 => format!("{}十{}", DIGITS[number / 10], DIGITS[number % 10]),
        _ => number.to_string(),
    }
}
