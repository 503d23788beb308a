//! The groups that sell, and what their people are like.

use crate::archetypes::{ARCHETYPES, Archetype};
use crate::calendar::{date_of, day_of};
use crate::organisation::{Builder, Territory};
use crate::ownership::{Group, Seller};
use crate::random::split;
use crate::regions::customers_in;

impl Builder<'_> {
    /// Fills the company up to `people` with groups of a supervisor and about eight salespeople, by the number of customers.
    pub(crate) fn sales_groups(
        &mut self,
        people: usize,
        territories: &[Territory],
    ) -> (Vec<Group>, Vec<Vec<usize>>) {
        let weights: Vec<f64> = territories
            .iter()
            .map(|territory| {
                territory
                    .provinces
                    .iter()
                    .map(|province| customers_in(*province))
                    .sum()
            })
            .collect();
        let heads = split(people - self.people.len(), &weights);
        let group_counts: Vec<usize> = heads.iter().map(|heads| ((heads + 4) / 9).max(1)).collect();
        let sellers = heads.iter().sum::<usize>() - group_counts.iter().sum::<usize>();
        let mut characters = self.characters(sellers).into_iter();
        let mut groups = Vec::new();
        let mut groups_in = vec![Vec::new(); 100];
        for ((territory, heads), count) in territories.iter().zip(heads).zip(group_counts) {
            let sizes = split(heads - count, &vec![1.0; count]);
            for (size, number) in sizes.into_iter().zip(1..) {
                let name = format!(
                    "{}销售{}组",
                    territory
                        .name
                        .trim_end_matches("大区")
                        .trim_end_matches("分公司"),
                    chinese(number)
                );
                let code = format!("{}-G{number}", self.teams[territory.team].code);
                let team = self.team(
                    &name,
                    code,
                    Some(territory.team),
                    territory.region.clone(),
                    "sales",
                );
                let supervisor = self.hire(
                    "销售主管",
                    team,
                    Some(territory.head),
                    "supervisor",
                    (1_520, 2_150),
                );
                self.lead(team, supervisor);
                let sellers = characters
                    .by_ref()
                    .take(size)
                    .map(|character| self.seller(character, team, supervisor))
                    .collect();
                territory
                    .provinces
                    .iter()
                    .for_each(|province| groups_in[*province].push(groups.len()));
                groups.push(Group {
                    supervisor: supervisor as u32,
                    sellers,
                });
            }
        }
        (groups, groups_in)
    }

    /// The archetypes of so many salespeople in fixed shares, with who has left, in random order.
    fn characters(&mut self, count: usize) -> Vec<(Archetype, bool)> {
        let shares = split(
            count,
            &ARCHETYPES.map(|archetype| f64::from(archetype.figures().share_percent)),
        );
        let mut characters: Vec<(Archetype, bool)> = ARCHETYPES
            .into_iter()
            .zip(shares)
            .flat_map(|(archetype, share)| vec![(archetype, false); share])
            .collect();
        self.random.shuffle(&mut characters);
        let leaving = (count * 8).div_ceil(100);
        characters
            .iter_mut()
            .filter(|character| character.0 != Archetype::Newcomer)
            .take(leaving)
            .for_each(|character| character.1 = true);
        self.random.shuffle(&mut characters);
        characters
    }

    fn seller(
        &mut self,
        (archetype, has_left): (Archetype, bool),
        team: usize,
        supervisor: usize,
    ) -> Seller {
        let left = has_left.then(|| {
            self.calendar
                .worked_from(self.today - self.random.range(20, 640))
        });
        let days_ago = match (archetype, left) {
            (Archetype::Newcomer, _) => (8, 112),
            (_, Some(left)) => (
                self.today - left + 300,
                (self.today - left + 1_500).min(2_190),
            ),
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
        let hired = day_of(person.hired_on);
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

/// A number up to 19 in Chinese; from 20 on in digits.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        1..=9 => DIGITS[number].to_owned(),
        10..=19 => format!("十{}", DIGITS[number - 10]),
        _ => number.to_string(),
    }
}
