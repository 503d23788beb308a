//! Teams and people: company → sales regions (→ branches, in large companies) → groups of about eight, and four support teams.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::archetypes::Archetype;
use crate::calendar::{Calendar, date_of, instant};
use crate::ids::{Kind, id};
use crate::ownership::Group;
use crate::people_names::{PeopleNames, mobile};
use crate::random::{Random, split};
use crate::regions::{branch_name, customers_in, regions};

/// People of the smallest company.
pub(crate) const PEOPLE: usize = 30;
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

pub(crate) struct Builder<'a> {
    pub seed: u64,
    pub today: i32,
    pub calendar: &'a Calendar,
    pub names: &'a PeopleNames,
    pub random: Random,
    pub logins: HashMap<String, u32>,
    pub teams: Vec<Team>,
    pub people: Vec<Person>,
}

/// A territory: a region, or a province where there are branches.
pub(crate) struct Territory {
    pub team: usize,
    pub head: usize,
    pub name: &'static str,
    pub region: Option<String>,
    pub provinces: Vec<usize>,
}

/// Builds the organisation of a company with so many people (at least 30) as of `today`.
pub(crate) fn organisation(
    count: usize,
    seed: u64,
    today: i32,
    calendar: &Calendar,
    names: &PeopleNames,
) -> Organisation {
    let mut builder = Builder {
        seed,
        today,
        calendar,
        names,
        random: Random::new(seed, 10, 0),
        logins: HashMap::new(),
        teams: Vec::new(),
        people: Vec::new(),
    };
    let root = builder.team("屹川智控", "YC".into(), None, None, "other");
    let chief = builder.hire("总经理", root, None, "director", (2_180, 2_190));
    builder.lead(root, chief);
    // The size of the whole as a multiple of the smallest company.
    let scale = (count / PEOPLE) as u32;
    builder.support_teams(count * 4 / PEOPLE, root, chief);
    let territories = builder.territories(scale, root, chief);
    let (groups, groups_in) = builder.sales_groups(count, &territories);
    Organisation {
        teams: builder.teams,
        people: builder.people,
        groups,
        groups_in,
    }
}

impl Builder<'_> {
    pub(crate) fn team(
        &mut self,
        name: &str,
        code: String,
        parent: Option<usize>,
        region: Option<String>,
        kind: &'static str,
    ) -> usize {
        let number = self.teams.len();
        let created_at =
            instant(self.calendar.worked_until(self.today - 2_195), 36_000) + number as i64;
        let parent_id = parent.map(|parent| self.teams[parent].id);
        let id = id(self.seed, Kind::Team, number as u64, created_at);
        self.teams.push(Team {
            id,
            name: name.to_owned(),
            code,
            parent_id,
            manager_id: None,
            region,
            kind,
            created_at,
        });
        number
    }

    pub(crate) fn lead(&mut self, team: usize, person: usize) {
        self.teams[team].manager_id = Some(self.people[person].id);
    }

    /// Adds a person who was hired between so many days ago, the smaller number first.
    pub(crate) fn hire(
        &mut self,
        title: &'static str,
        team: usize,
        supervisor: Option<usize>,
        role: &'static str,
        days_ago: (i32, i32),
    ) -> usize {
        let day = self
            .calendar
            .worked_from(self.today - self.random.range(days_ago.0, days_ago.1));
        let number = self.people.len();
        let invented = self
            .names
            .invent(&mut self.random, if role == "support" { 0.5 } else { 0.68 });
        let login = self
            .logins
            .entry(invented.pinyin.clone())
            .and_modify(|count| *count += 1)
            .or_insert(1);
        let suffix = if *login > 1 {
            login.to_string()
        } else {
            String::new()
        };
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
            (
                "售前支持部",
                "YC-PS",
                "pre_sales",
                0.40,
                ["售前经理", "售前工程师", "解决方案顾问"],
            ),
            (
                "财务部",
                "YC-FI",
                "finance",
                0.15,
                ["财务经理", "应收会计", "商务会计"],
            ),
            (
                "法务部",
                "YC-LE",
                "legal",
                0.10,
                ["法务经理", "合同专员", "法务专员"],
            ),
            (
                "交付服务部",
                "YC-DE",
                "delivery",
                0.35,
                ["交付经理", "实施工程师", "项目工程师"],
            ),
        ];
        let sizes = split(count.saturating_sub(TEAMS.len()), &TEAMS.map(|team| team.3));
        for ((name, code, kind, _, titles), more) in TEAMS.into_iter().zip(sizes) {
            let team = self.team(name, code.to_owned(), Some(root), None, kind);
            let head = self.hire(titles[0], team, Some(chief), "support", (1_300, 2_180));
            self.lead(team, head);
            for number in 0..more {
                self.hire(
                    titles[1 + number % 2],
                    team,
                    Some(head),
                    "support",
                    (30, 2_100),
                );
            }
        }
    }

    /// The regions with their directors and, in large companies, the branches; gives the lowest level of these.
    fn territories(&mut self, scale: u32, root: usize, chief: usize) -> Vec<Territory> {
        let mut territories = Vec::new();
        for (region, number) in regions(scale).into_iter().zip(1..) {
            let team = self.team(
                region.name,
                format!("YC-{number}"),
                Some(root),
                Some(region.seat.to_owned()),
                "sales",
            );
            let director = self.hire("大区总监", team, Some(chief), "director", (1_700, 2_170));
            self.lead(team, director);
            if scale < BRANCHES_FROM {
                territories.push(Territory {
                    team,
                    head: director,
                    name: region.name,
                    region: Some(region.seat.to_owned()),
                    provinces: region.provinces,
                });
                continue;
            }
            for province in region
                .provinces
                .into_iter()
                .filter(|province| customers_in(*province) > 0.0)
            {
                let code = Some(province.to_string());
                let branch = self.team(
                    branch_name(province),
                    format!("YC-{number}-{province}"),
                    Some(team),
                    code.clone(),
                    "sales",
                );
                let manager = self.hire(
                    "分公司经理",
                    branch,
                    Some(director),
                    "director",
                    (1_600, 2_160),
                );
                self.lead(branch, manager);
                territories.push(Territory {
                    team: branch,
                    head: manager,
                    name: branch_name(province),
                    region: code,
                    provinces: vec![province],
                });
            }
        }
        territories
    }
}
