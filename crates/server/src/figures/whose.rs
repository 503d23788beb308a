//! Whose facts a figure counts: people, each for the days on which they were theirs to count.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use platform::access::{Access, Covered};
use platform::problem::Result;
use rules::metrics::periods::Stretch;
use sea_orm::sea_query::{Alias, Order, Query};
use uuid::Uuid;

/// Days from one on, before another; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

const ALWAYS: Span = Span {
    from: None,
    until: None,
};

impl Span {
    fn and(self, other: Span) -> Option<Span> {
        let from = Ord::max(self.from, other.from);
        let until = match (self.until, other.until) {
            (Some(one), Some(other)) => Some(Ord::min(one, other)),
            (one, other) => one.or(other),
        };
        let is_empty = from.zip(until).is_some_and(|(from, until)| from >= until);
        (!is_empty).then_some(Span { from, until })
    }
}

/// Who was in which team when.
#[derive(Debug, Default)]
pub struct Memberships(Vec<(Uuid, Uuid, Span)>);

impl Memberships {
    /// What lies before somebody's first membership counts as their first team's: an imported past has no other.
    pub async fn all(access: &Access) -> Result<Memberships> {
        let select = Query::select()
            .columns(["person_id", "team_id", "from_on", "until_on"].map(Alias::new))
            .from(Alias::new("membership"))
            .order_by(Alias::new("from_on"), Order::Asc)
            .order_by(Alias::new("id"), Order::Asc)
            .to_owned();
        let mut known = HashSet::new();
        let mut all = Vec::new();
        for row in access.rows(&select).await? {
            let person: Uuid = row.try_get_by_index(0)?;
            let from: String = row.try_get_by_index(2)?;
            let until: Option<String> = row.try_get_by_index(3)?;
            let span = Span {
                from: from.parse().ok().filter(|_| !known.insert(person)),
                until: until.and_then(|until| until.parse().ok()),
            };
            all.push((person, row.try_get_by_index(1)?, span));
        }
        Ok(Memberships(all))
    }
}

/// People and the days on which they count; everybody always when there are none.
#[derive(Debug, Clone, Default)]
pub struct Whose(Option<HashMap<Uuid, Vec<Span>>>);

/// The people of a stretch: those who count all of its days, and those who count some.
#[derive(Debug, PartialEq)]
pub struct People {
    pub whole: Vec<Uuid>,
    pub partly: Vec<(Uuid, Stretch)>,
}

impl People {
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.partly.is_empty()
    }
}

impl Whose {
    pub fn people(people: impl IntoIterator<Item = Uuid>) -> Whose {
        let people = people.into_iter();
        Whose(Some(people.map(|person| (person, vec![ALWAYS])).collect()))
    }

    /// The people of these teams while they were in them.
    pub fn teams(teams: &HashSet<Uuid>, memberships: &Memberships) -> Whose {
        let mut people: HashMap<Uuid, Vec<Span>> = HashMap::new();
        for (person, team, span) in &memberships.0 {
            if teams.contains(team) {
                people.entry(*person).or_default().push(*span);
            }
        }
        Whose(Some(people))
    }

    /// Those whose facts the actor may see.
    pub fn covered(covered: Option<&Covered>, memberships: &Memberships) -> Whose {
        let Some(covered) = covered else {
            return Whose::default();
        };
        let mut whose = Whose::teams(&covered.teams, memberships);
        if let Some(people) = &mut whose.0 {
            people.extend(covered.people.iter().map(|person| (*person, vec![ALWAYS])));
        }
        whose
    }

    pub fn and(&self, other: &Whose) -> Whose {
        let (Some(mine), Some(theirs)) = (&self.0, &other.0) else {
            return if self.0.is_some() { self } else { other }.clone();
        };
        let both = mine.iter().filter_map(|(person, spans)| {
            let other = theirs.get(person)?;
            let pairs = spans
                .iter()
                .flat_map(|one| other.iter().filter_map(|other| one.and(*other)));
            Some((*person, pairs.collect()))
        });
        Whose(Some(both.collect()))
    }

    /// The people of a stretch; none when it is everybody.
    pub fn during(&self, stretch: Stretch) -> Option<People> {
        let people = self.0.as_ref()?;
        let after = stretch.to.succ_opt();
        let all = Span {
            from: Some(stretch.from),
            until: after,
        };
        let (mut whole, mut partly) = (Vec::new(), Vec::new());
        let sorted: BTreeMap<&Uuid, &Vec<Span>> = people.iter().collect();
        for (person, spans) in sorted {
            let mut days: Vec<Stretch> = spans
                .iter()
                .filter_map(|span| {
                    let span = span.and(all)?;
                    Some(Stretch {
                        from: span.from?,
                        to: span.until?.pred_opt()?,
                    })
                })
                .collect();
            days.sort_by_key(|days| days.from);
            match joined(days)[..] {
                [only] if only == stretch => whole.push(*person),
                ref some => partly.extend(some.iter().map(|days| (*person, *days))),
            }
        }
        Some(People { whole, partly })
    }
}

/// Days without overlaps, in their order.
fn joined(days: Vec<Stretch>) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::new();
    for next in days {
        match joined.last_mut() {
            Some(last) if last.to.succ_opt() >= Some(next.from) => {
                last.to = Ord::max(last.to, next.to)
            }
            _ => joined.push(next),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn stretch(from: &str, to: &str) -> Stretch {
        Stretch {
            from: day(from),
            to: day(to),
        }
    }

    #[test]
    fn somebody_who_moves_in_the_middle_counts_in_both_teams_each_for_its_days() {
        let (person, old, new) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let moved = Some(day("2026-03-10"));
        let memberships = Memberships(vec![
            (
                person,
                old,
                Span {
                    from: None,
                    until: moved,
                },
            ),
            (
                person,
                new,
                Span {
                    from: moved,
                    until: None,
                },
            ),
        ]);
        let march = stretch("2026-03-01", "2026-03-31");
        let in_team = |teams: &[Uuid]| {
            let whose = Whose::teams(&teams.iter().copied().collect(), &memberships);
            whose.during(march).expect("people")
        };
        assert_eq!(
            in_team(&[old]).partly,
            [(person, stretch("2026-03-01", "2026-03-09"))]
        );
        assert_eq!(
            in_team(&[new]).partly,
            [(person, stretch("2026-03-10", "2026-03-31"))]
        );
        // In a team above both nothing is parted.
        assert_eq!(in_team(&[old, new]).whole, [person]);
        let nobody = Whose::teams(&HashSet::from([new]), &memberships);
        assert!(
            nobody
                .during(stretch("2026-02-01", "2026-02-28"))
                .expect("people")
                .is_empty()
        );
    }
}
