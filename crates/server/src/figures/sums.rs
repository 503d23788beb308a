//! Base metrics from the sums of facts: for a stretch of days, whose they are, and the slices of the question.

use std::collections::HashMap;

use chrono::NaiveDate;
use platform::access::Access;
use platform::db::sum;
use platform::facts::{self, column};
use platform::problem::Result;
use rules::facts::{RollUp, Tally};
use rules::metrics::families::{Family, Sums};
use rules::metrics::periods::Stretch;
use rules::metrics::{Added, Kind, Of, Part, Standard};
use rules::period::whole_months;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, Func, Query, SelectStatement};
use uuid::Uuid;

use super::asked::{Breakdown, Slices};
use super::whose::{People, Whose};
use crate::activities::Catalogue as Kinds;

/// A figure; of a duration with the median beside its mean.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Value {
    pub value: Option<f64>,
    pub median: Option<f64>,
}

/// Figures by what a breakdown tells apart; under the empty text without one.
pub type Values = HashMap<String, Value>;

#[derive(Clone, Copy)]
pub struct Sliced<'a> {
    pub access: &'a Access,
    pub kinds: &'a Kinds,
    pub slices: &'a Slices,
    pub by: Option<Breakdown>,
}

/// The earliest day that anything may have.
fn beginning() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(NaiveDate::MIN)
}

/// The day at whose end a stock is told: the period's last, or today while it lasts; none of one that has not begun.
pub fn end(stretch: Stretch, today: NaiveDate) -> Option<Stretch> {
    let last = Ord::min(stretch.to, today);
    (stretch.from <= today).then_some(Stretch {
        from: last,
        to: last,
    })
}

impl Sliced<'_> {
    fn by_product(&self) -> bool {
        self.slices.product.is_some()
            || matches!(self.by, Some(Breakdown::Product | Breakdown::ProductLine))
    }

    fn by_area(&self) -> bool {
        self.slices.class.is_some()
            || self.slices.region.is_some()
            || matches!(self.by, Some(Breakdown::Class | Breakdown::Region))
    }

    /// The figures of a metric that is read from facts; none where it has no value: nobody to count, or a slice that its facts
    /// don't know.
    pub async fn read(
        &self,
        metric: &Standard,
        stretch: Stretch,
        whose: &Whose,
    ) -> Result<Option<Values>> {
        let Of::Facts(family, part, added) = metric.of else {
            return Ok(None);
        };
        let (people, stretch) = if metric.kind == Kind::Stock {
            let Some(end) = end(stretch, self.access.app.clock.today()) else {
                return Ok(None);
            };
            let all = Stretch {
                from: beginning(),
                to: end.to,
            };
            // Who counts at the end counts with all that came before.
            (whose.during(end), all)
        } else {
            (whose.during(stretch), stretch)
        };
        if people.as_ref().is_some_and(People::is_empty)
            || (self.by_product() && family.products.is_none())
        {
            return Ok(None);
        }
        let part = self.part(part);
        let mut sums: HashMap<(String, String), (i64, i64)> = HashMap::new();
        for read in self.reads(family, stretch, people.as_ref()) {
            self.add(family, &part, read, &mut sums).await?;
        }
        Ok(Some(told(family, added, sums)))
    }

    fn part(&self, part: Part) -> Vec<String> {
        let kinds = |test: &dyn Fn(&crate::activities::Kind) -> bool| {
            let kinds = self.kinds.iter().filter(|kind| test(kind));
            kinds.map(|kind| kind.id.to_string()).collect()
        };
        match part {
            Part::Named(name) => vec![name.to_owned()],
            Part::Each(names) => names.iter().map(|name| (*name).to_owned()).collect(),
            Part::Kinds(families) => kinds(&|kind| families.contains(&kind.family)),
            Part::Kind(code) => kinds(&|kind| kind.code == code),
        }
    }

    /// Which sums to add up: the coarsest that know everything that is asked.
    fn reads(&self, family: &Family, stretch: Stretch, people: Option<&People>) -> Vec<Read> {
        let by_person = people.is_some() || self.by == Some(Breakdown::Person);
        let one = |roll_up: RollUp, is_by_person: bool| {
            vec![Read {
                roll_up,
                is_by_person,
                cells: match people {
                    None => days(stretch),
                    Some(people) => partly(people).add(days(stretch).add(owned(people))),
                },
            }]
        };
        if let (true, Some((all, fine))) = (self.by_product(), family.products) {
            return match by_person || self.by_area() {
                true => one(fine, true),
                false => one(all, false),
            };
        }
        let (months, ends) = whole_months(stretch.from, stretch.to);
        match (by_person, self.by_area(), family.area, family.by_person) {
            // Of subjects only whole months are kept for the whole company.
            (false, false, ..) if family.sums != Sums::Subjects || ends.is_empty() => {
                one(family.all, false)
            }
            (false, true, Some(area), _) => one(area, false),
            (true, false, _, Some(by_month)) => match months {
                None => one(family.fine, true),
                Some((first, last)) => {
                    let read = |roll_up: RollUp, cells: Condition| Read {
                        roll_up,
                        is_by_person: true,
                        cells,
                    };
                    let whole = |roll_up: RollUp, from: NaiveDate, to: NaiveDate| {
                        let cells = days(Stretch { from, to });
                        read(
                            roll_up,
                            match people {
                                None => cells,
                                Some(people) => cells.add(owned(people)),
                            },
                        )
                    };
                    let mut reads = vec![whole(by_month, first.first_day(), last.first_day())];
                    reads.extend(
                        ends.into_iter()
                            .map(|(from, to)| whole(family.fine, from, to)),
                    );
                    // Months know nobody's days: who counts some of them only is read by days.
                    if let Some(people) = people.filter(|people| !people.partly.is_empty()) {
                        reads.push(read(family.fine, partly(people)));
                    }
                    reads
                }
            },
            _ => one(family.fine, true),
        }
    }

    async fn add(
        &self,
        family: &Family,
        part: &[String],
        read: Read,
        sums: &mut HashMap<(String, String), (i64, i64)>,
    ) -> Result<()> {
        let mut select = self.select(family, read.roll_up, part, read.is_by_person);
        select.cond_where(read.cells);
        if family.sums == Sums::Subjects {
            select = different(select);
        }
        for row in self.access.rows(&select).await? {
            let key: String = match self.by {
                Some(Breakdown::Person | Breakdown::Product | Breakdown::ProductLine) => {
                    let id: Uuid = row.try_get_by_index(0)?;
                    if id.is_nil() {
                        String::new()
                    } else {
                        id.to_string()
                    }
                }
                _ => row.try_get_by_index(0)?,
            };
            let sum = sums.entry((key, row.try_get_by_index(1)?)).or_default();
            sum.0 += row.try_get_by_index::<i64>(2)?;
            sum.1 += row.try_get_by_index::<i64>(3)?;
        }
        Ok(())
    }

    /// `SELECT key, mark, count, value` of a roll-up's cells, sliced as asked.
    fn select(
        &self,
        family: &Family,
        roll_up: RollUp,
        part: &[String],
        is_by_person: bool,
    ) -> SelectStatement {
        let mut select = Query::select();
        select
            .from(Alias::new(facts::TABLE))
            .and_where(column("roll_up").eq(roll_up.name))
            .and_where(column("part").is_in(part));
        if !is_by_person {
            select.and_where(column("owner_id").eq(Uuid::nil()));
        }
        if let Some(class) = &self.slices.class {
            select.and_where(column("class").eq(class.as_str()));
        }
        if let Some(region) = &self.slices.region {
            select.and_where(column("region").gte(region.as_str()));
            // A colon follows the nine.
            select.and_where(column("region").lt(format!("{region}:")));
        }
        if let Some(product) = self.slices.product {
            select.and_where(column("product_id").eq(product));
        } else if let Some(table) = match self.by {
            Some(Breakdown::Product) => Some("product"),
            Some(Breakdown::ProductLine) => Some("product_line"),
            _ => None,
        } {
            let known = Query::select()
                .column(Alias::new("id"))
                .from(Alias::new(table))
                .to_owned();
            select.and_where(column("product_id").in_subquery(known));
        }
        let key: Option<Expr> = match self.by {
            None | Some(Breakdown::Team) => None,
            Some(Breakdown::Person) => Some(column("owner_id")),
            Some(Breakdown::Class) => Some(column("class")),
            Some(Breakdown::Region) => {
                let digits = if self.slices.region.is_some() {
                    "4"
                } else {
                    "2"
                };
                let cut = Func::cust(Alias::new("SUBSTR"))
                    .arg(column("region"))
                    .arg(Expr::cust("1"))
                    .arg(Expr::cust(digits));
                Some(cut.into())
            }
            Some(Breakdown::Product | Breakdown::ProductLine) => Some(column("product_id")),
        };
        let mark = (family.sums != Sums::Added).then(|| column("mark"));
        let empty = || Expr::cust("''");
        select
            .expr_as(key.clone().unwrap_or_else(empty), Alias::new(KEY))
            .expr_as(mark.clone().unwrap_or_else(empty), Alias::new("mark"))
            .expr(sum(column("count")))
            .expr(sum(column("value")))
            .add_group_by(key.into_iter().chain(mark));
        if key_is_nothing(self.by, &family.sums) {
            // Without groups there would be a row of nulls where there is nothing.
            select.and_having(Expr::cust("COUNT(*) > 0"));
        }
        select
    }
}

fn key_is_nothing(by: Option<Breakdown>, sums: &Sums) -> bool {
    matches!(by, None | Some(Breakdown::Team)) && *sums == Sums::Added
}

const KEY: &str = "key";

/// How many different subjects there are under each key.
fn different(mut marked: SelectStatement) -> SelectStatement {
    marked.and_having(sum(column("count")).gt(0));
    let key = || Expr::col(Alias::new(KEY));
    Query::select()
        .expr(key())
        .expr(Expr::cust("''"))
        .expr(Expr::cust("COUNT(*)"))
        .expr(Expr::cust("CAST(0 AS BIGINT)"))
        .from_subquery(marked, Alias::new("subjects"))
        .add_group_by([key()])
        .to_owned()
}

/// Cells of one roll-up that are read together.
struct Read {
    roll_up: RollUp,
    is_by_person: bool,
    cells: Condition,
}

fn owned(people: &People) -> Expr {
    column("owner_id").is_in(people.whole.iter().copied())
}

/// The days of those who count some days only.
fn partly(people: &People) -> Condition {
    let each = people.partly.iter();
    each.fold(Condition::any(), |any, (person, stretch)| {
        any.add(days(*stretch).add(column("owner_id").eq(*person)))
    })
}

fn days(stretch: Stretch) -> Condition {
    Condition::all()
        .add(column("day").gte(stretch.from.to_string()))
        .add(column("day").lte(stretch.to.to_string()))
}

fn told(family: &Family, added: Added, mut sums: HashMap<(String, String), (i64, i64)>) -> Values {
    // What was taken out again leaves an empty cell until the sums are made anew.
    sums.retain(|_, sum| *sum != (0, 0));
    let mut values = Values::new();
    let mut tallies: HashMap<String, Tally> = HashMap::new();
    for ((key, mark), (count, amount)) in sums {
        match family.sums {
            Sums::Added | Sums::Subjects => {
                let number = match added {
                    Added::Count => count,
                    Added::Value => amount,
                };
                values.entry(key).or_default().value = Some(number as f64);
            }
            Sums::Tallied => {
                let tally = tallies.entry(key).or_default();
                tally.add(mark.parse().unwrap_or_default(), count);
            }
        }
    }
    values.extend(tallies.into_iter().map(|(key, tally)| {
        let value = Value {
            value: tally.mean(),
            median: tally.median(),
        };
        (key, value)
    }));
    values
}
