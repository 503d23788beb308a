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
        let mut sums = Counted::new();
        let own = (family, self.part(part), 1);
        let besides = family.besides.iter().map(|(family, parts, sign)| {
            let parts = parts.iter().map(|part| (*part).to_owned()).collect();
            (*family, parts, *sign)
        });
        for (family, parts, sign) in std::iter::once(own).chain(besides) {
            for read in self.reads(family, stretch, people.as_ref()) {
                let select = self.select(family, added, &parts, read);
                self.add(&select, sign, &mut sums).await?;
            }
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

    /// Which sums to add up: whole months by month and the rest by day, unless only the fine ones know what is asked.
    fn reads(&self, family: &Family, stretch: Stretch, people: Option<&People>) -> Vec<Read> {
        let fine = |roll_up: RollUp| {
            let mut cells = days(stretch);
            if let Some(people) = people {
                cells = cells.add(partly(people).add(owned(people)));
            }
            vec![Read { roll_up, cells }]
        };
        if let (true, Some(of_products)) = (self.by_product(), family.products) {
            return fine(of_products);
        }
        let (months, ends) = whole_months(stretch.from, stretch.to);
        let Some((by_month, (first, last))) = family.months.zip(months).filter(|_| !self.by_area())
        else {
            return fine(family.fine);
        };
        let whole = |roll_up: RollUp, from: NaiveDate, to: NaiveDate| {
            let cells = days(Stretch { from, to });
            let cells = match people {
                None => cells,
                Some(people) => cells.add(owned(people)),
            };
            Read { roll_up, cells }
        };
        let mut reads = vec![whole(by_month, first.first_day(), last.first_day())];
        let ends = ends.into_iter();
        reads.extend(ends.map(|(from, to)| whole(family.fine, from, to)));
        reads.extend(people.into_iter().flat_map(|people| {
            let (by_months, by_days) = parted(people);
            let read = |(roll_up, each): (RollUp, Vec<Condition>)| Read {
                roll_up,
                cells: each.into_iter().fold(Condition::any(), Condition::add),
            };
            [(by_month, by_months), (family.fine, by_days)]
                .into_iter()
                .filter(|(_, each)| !each.is_empty())
                .map(read)
        }));
        reads
    }

    /// Adds what is read to the sums, or takes it away.
    async fn add(&self, select: &SelectStatement, sign: i64, sums: &mut Counted) -> Result<()> {
        for row in self.access.rows(select).await? {
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
            sum.0 += sign * row.try_get_by_index::<i64>(2)?;
            sum.1 += sign * row.try_get_by_index::<i64>(3)?;
        }
        Ok(())
    }

    /// `SELECT key, mark, count, value` of a roll-up's cells, sliced as asked.
    fn select(
        &self,
        family: &Family,
        added: Added,
        part: &[String],
        read: Read,
    ) -> SelectStatement {
        let mut select = Query::select();
        select
            .from(Alias::new(facts::TABLE))
            .and_where(column("roll_up").eq(read.roll_up.name))
            .and_where(column("part").is_in(part))
            .cond_where(read.cells);
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
        match family.sums {
            Sums::Subjects => different(select, added),
            Sums::Added | Sums::Tallied => select,
        }
    }
}

fn key_is_nothing(by: Option<Breakdown>, sums: &Sums) -> bool {
    matches!(by, None | Some(Breakdown::Team)) && *sums == Sums::Added
}

const KEY: &str = "key";

/// How many different subjects there are under each key.
fn different(mut marked: SelectStatement, added: Added) -> SelectStatement {
    let any = match added {
        Added::Count => "count",
        Added::Value => "value",
    };
    marked
        .and_where(column("mark").ne(""))
        .and_having(sum(column(any)).gt(0));
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
    cells: Condition,
}

/// Counts and values by key and mark.
type Counted = HashMap<(String, String), (i64, i64)>;

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

/// The same, the whole months of each by month.
fn parted(people: &People) -> (Vec<Condition>, Vec<Condition>) {
    let (mut by_months, mut by_days) = (Vec::new(), Vec::new());
    for (person, stretch) in &people.partly {
        let theirs = |from: NaiveDate, to: NaiveDate| {
            days(Stretch { from, to }).add(column("owner_id").eq(*person))
        };
        let (months, ends) = whole_months(stretch.from, stretch.to);
        by_months.extend(months.map(|(first, last)| theirs(first.first_day(), last.first_day())));
        by_days.extend(ends.into_iter().map(|(from, to)| theirs(from, to)));
    }
    (by_months, by_days)
}

fn days(stretch: Stretch) -> Condition {
    Condition::all()
        .add(column("day").gte(stretch.from.to_string()))
        .add(column("day").lte(stretch.to.to_string()))
}

fn told(family: &Family, added: Added, mut sums: Counted) -> Values {
    // What was taken out again leaves an empty cell until the sums are made anew.
    sums.retain(|_, sum| *sum != (0, 0));
    let mut values = Values::new();
    let mut tallies: HashMap<String, Tally> = HashMap::new();
    for ((key, mark), (count, amount)) in sums {
        match family.sums {
            Sums::Subjects => values.entry(key).or_default().value = Some(count as f64),
            Sums::Added => {
                let number = match added {
                    Added::Count => count,
                    Added::Value => amount,
                };
                values.entry(key).or_default().value = Some(number as f64);
            }
            Sums::Tallied => {
                // What has no mark took nobody knows how long.
                if let Ok(number) = mark.parse() {
                    tallies.entry(key).or_default().add(number, count);
                }
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
