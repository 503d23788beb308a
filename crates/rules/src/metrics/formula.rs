//! Formulas of derived metrics, in CEL: `metrics.customers_intention / metrics.target_customers`,
//! `lag('total_revenue', 1)`. Numbers are all of one kind, so `100` means the same as `100.0`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cel::common::ast::{Expr, IdedExpr, LiteralValue, SourceInfo};
use cel::parser::Parser;
use cel::{Context, ExecutionError, Value};

/// What a formula reads: a metric's figure, of so many periods before, of as much as is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Input {
    pub metric: String,
    pub lag: u32,
    pub of: Of,
}

/// Of what an input is the figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Of {
    /// Of what is asked.
    #[default]
    Asked,
    /// Of all products, whichever are asked.
    AllProducts,
    /// Of customers of all classes and regions, whichever are asked.
    AllCustomers,
}

impl Of {
    /// As formulas write it; none of what is asked.
    pub fn code(self) -> Option<&'static str> {
        let found = WIDER.iter().find(|(_, of)| *of == self);
        found.map(|(name, _)| *name)
    }

    /// What of a base figure is read for an input of a formula that is itself read so.
    pub fn within(self, outer: Of) -> Of {
        match self {
            Of::Asked => outer,
            own => own,
        }
    }
}

/// The functions that read a metric beyond what is asked.
const WIDER: [(&str, Of); 2] = [
    ("all_products", Of::AllProducts),
    ("all_customers", Of::AllCustomers),
];

/// Why a formula can't be, and where: characters from its start.
#[derive(Debug, Clone, PartialEq)]
pub struct BadFormula {
    pub reason: Reason,
    pub from: usize,
    pub to: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It can't be read.
    Syntax(String),
    /// No metric has this code.
    UnknownMetric(String),
    /// A name that is not `metrics.…`.
    UnknownName(String),
    UnknownFunction(String),
    /// It comes back to itself: the metrics on the way.
    Circular(Vec<String>),
    /// Kinds of values that don't go together.
    Type(String),
    /// What comes of it is no number.
    NoNumber,
    /// `lag` wants a metric's code in quotation marks and a number of periods from 1 to 60.
    Lag,
    /// `all_products` and `all_customers` want a metric's code in quotation marks.
    Wider,
}

impl Reason {
    /// The key of its words in the catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Syntax(_) => "formula_syntax",
            Reason::UnknownMetric(_) => "formula_unknown_metric",
            Reason::UnknownName(_) => "formula_unknown_name",
            Reason::UnknownFunction(_) => "formula_unknown_function",
            Reason::Circular(_) => "formula_circular",
            Reason::Type(_) => "formula_type",
            Reason::NoNumber => "formula_no_number",
            Reason::Lag => "formula_lag",
            Reason::Wider => "formula_wider",
        }
    }
    /// What it is about: a name, a way, the parser's words.
    pub fn about(&self) -> String {
        match self {
            Reason::Syntax(text) | Reason::Type(text) => text.clone(),
            Reason::UnknownMetric(name)
            | Reason::UnknownName(name)
            | Reason::UnknownFunction(name) => name.clone(),
            Reason::Circular(way) => way.join(" → "),
            Reason::NoNumber | Reason::Lag | Reason::Wider => String::new(),
        }
    }
}

impl fmt::Display for BadFormula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at {}..{}: {}",
            self.reason.code(),
            self.from,
            self.to,
            self.reason.about()
        )
    }
}

impl std::error::Error for BadFormula {}

/// A formula that was read and whose kinds of values go together.
#[derive(Debug, Clone)]
pub struct Formula {
    expr: IdedExpr,
    /// Input n is the variable `input_n`.
    inputs: Vec<(Input, (usize, usize))>,
}

/// Beyond, it is no formula that somebody could explain.
const LENGTH_MAX: usize = 1_000;
pub const LAG_MAX: u32 = 60;
/// What CEL calls its operators; functions are refused but these, `lag` and the wider ones.
const OPERATORS: [&str; 14] = [
    "_+_", "_-_", "_*_", "_/_", "-_", "_?_:_", "_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_",
    "_&&_", "_||_",
];

fn variable(number: usize) -> String {
    format!("input_{number}")
}

impl Formula {
    pub fn parse(text: &str) -> Result<Formula, BadFormula> {
        let whole = (0, text.chars().count());
        let refused = |reason: Reason, (from, to): (usize, usize)| BadFormula { reason, from, to };
        if whole.1 > LENGTH_MAX {
            let reason = Reason::Syntax(format!("> {LENGTH_MAX}"));
            return Err(refused(reason, whole));
        }
        let (mut expr, source) = Parser::new()
            .parse_with_source_info(text)
            .map_err(|errors| {
                let first = errors.errors.first();
                let message = first.map_or_else(String::new, |error| error.msg.clone());
                let at = first.map_or((1, 1), |error| error.pos);
                let place = place_of(text, at);
                refused(Reason::Syntax(message), (place, place + 1))
            })?;
        let mut reading = Reading {
            source: &source,
            whole,
            inputs: Vec::new(),
        };
        reading.settle(&mut expr)?;
        let formula = Formula {
            expr,
            inputs: reading.inputs,
        };
        formula.check(&source, whole)?;
        Ok(formula)
    }

    /// What it reads, each once.
    pub fn inputs(&self) -> BTreeSet<&Input> {
        self.inputs.iter().map(|(input, _)| input).collect()
    }

    /// Where it names a metric first, as characters from its start.
    pub fn place_of(&self, metric: &str) -> (usize, usize) {
        let found = self.inputs.iter().find(|(input, _)| input.metric == metric);
        found.map_or((0, 0), |(_, place)| *place)
    }

    /// What comes of it. No value where an input has none, where it divides by zero, and where a number grows beyond all.
    pub fn value(&self, of: impl Fn(&Input) -> Option<f64>) -> Option<f64> {
        let mut values = Vec::with_capacity(self.inputs.len());
        for (input, _) in &self.inputs {
            values.push(of(input)?);
        }
        match Value::resolve(&self.expr, &context(&values)) {
            Ok(Value::Float(value)) if value.is_finite() => Some(value),
            _ => None,
        }
    }

    /// Tries it with numbers; what fails then fails always.
    fn check(&self, source: &SourceInfo, whole: (usize, usize)) -> Result<(), BadFormula> {
        let samples: Vec<f64> = (0..self.inputs.len()).map(|i| i as f64 + 2.0).collect();
        let context = context(&samples);
        let reason = match Value::resolve(&self.expr, &context) {
            Ok(Value::Float(_)) | Err(ExecutionError::DivisionByZero(_)) => return Ok(()),
            Ok(_) => Reason::NoNumber,
            Err(error) => Reason::Type(error.to_string()),
        };
        let at = match &reason {
            Reason::Type(_) => offset(source, failing(&self.expr, &context)).unwrap_or(whole),
            _ => whole,
        };
        let (from, to) = at;
        Err(BadFormula { reason, from, to })
    }
}

fn context(values: &[f64]) -> Context<'static, 'static> {
    let mut context = Context::default();
    for (number, value) in values.iter().enumerate() {
        context.add_variable_from_value(variable(number), *value);
    }
    context
}

/// The innermost part that fails.
fn failing<'e>(expr: &'e IdedExpr, context: &Context<'_, '_>) -> &'e IdedExpr {
    if let Expr::Call(call) = &expr.expr {
        for part in &call.args {
            if Value::resolve(part, context).is_err() {
                return failing(part, context);
            }
        }
    }
    expr
}

/// Line and column from 1 as characters from the start.
fn place_of(text: &str, (line, column): (isize, isize)) -> usize {
    let above: usize = text
        .split('\n')
        .take(usize::try_from(line - 1).unwrap_or_default())
        .map(|line| line.chars().count() + 1)
        .sum();
    above + usize::try_from(column - 1).unwrap_or_default()
}

fn offset(source: &SourceInfo, expr: &IdedExpr) -> Option<(usize, usize)> {
    let (from, to) = source.offset_for(expr.id)?;
    Some((from as usize, to as usize + 1))
}

/// Where an expression stands with all its parts.
fn extent(source: &SourceInfo, expr: &IdedExpr) -> Option<(usize, usize)> {
    let own = offset(source, expr);
    // The parser puts a selection at its point and a call at its parenthesis.
    let (parts, own): (Vec<&IdedExpr>, _) = match &expr.expr {
        Expr::Select(select) => {
            let length = select.field.chars().count();
            let own = own.map(|(from, to)| (from, Ord::max(to, from + 1 + length)));
            (vec![&select.operand], own)
        }
        Expr::Call(call) if !OPERATORS.contains(&call.func_name.as_str()) => {
            let length = call.func_name.chars().count();
            let own = own.map(|(from, to)| (from.saturating_sub(length), to));
            (call.args.iter().collect(), own)
        }
        Expr::Call(call) => (call.args.iter().collect(), own),
        _ => (Vec::new(), own),
    };
    parts
        .into_iter()
        .filter_map(|part| extent(source, part))
        .chain(own)
        .reduce(|one, other| (Ord::min(one.0, other.0), Ord::max(one.1, other.1)))
}

struct Reading<'s> {
    source: &'s SourceInfo,
    whole: (usize, usize),
    inputs: Vec<(Input, (usize, usize))>,
}

impl Reading<'_> {
    fn refuse(&self, reason: Reason, expr: &IdedExpr) -> BadFormula {
        let (from, to) = extent(self.source, expr).unwrap_or(self.whole);
        BadFormula { reason, from, to }
    }

    fn input(&mut self, metric: String, lag: u32, of: Of, expr: &IdedExpr) -> Expr {
        let place = extent(self.source, expr).unwrap_or(self.whole);
        self.inputs.push((Input { metric, lag, of }, place));
        Expr::Ident(variable(self.inputs.len() - 1))
    }

    /// Puts a variable where a metric stands, and one kind of number everywhere.
    fn settle(&mut self, expr: &mut IdedExpr) -> Result<(), BadFormula> {
        let settled = match &mut expr.expr {
            Expr::Select(select) if !select.test && is_metrics(&select.operand) => {
                let metric = select.field.clone();
                self.input(metric, 0, Of::Asked, expr)
            }
            Expr::Call(call) if call.target.is_none() && call.func_name == "lag" => {
                let Some((metric, lag)) = lagged(&call.args) else {
                    return Err(self.refuse(Reason::Lag, expr));
                };
                self.input(metric, lag, Of::Asked, expr)
            }
            Expr::Call(call) if call.target.is_none() && wider(&call.func_name).is_some() => {
                let of = wider(&call.func_name).unwrap_or_default();
                let [metric] = call.args.as_slice() else {
                    return Err(self.refuse(Reason::Wider, expr));
                };
                let Expr::Literal(LiteralValue::String(metric)) = &metric.expr else {
                    return Err(self.refuse(Reason::Wider, expr));
                };
                let metric = metric.inner().to_owned();
                self.input(metric, 0, of, expr)
            }
            Expr::Call(call)
                if call.target.is_none() && OPERATORS.contains(&call.func_name.as_str()) =>
            {
                for part in &mut call.args {
                    self.settle(part)?;
                }
                return Ok(());
            }
            Expr::Literal(LiteralValue::Int(number)) => {
                Expr::Literal(LiteralValue::Double((*number.inner() as f64).into()))
            }
            Expr::Literal(_) => return Ok(()),
            Expr::Call(call) => {
                let name = call.func_name.trim_matches('_').to_owned();
                return Err(self.refuse(Reason::UnknownFunction(name), expr));
            }
            Expr::Ident(name) => {
                let name = name.clone();
                return Err(self.refuse(Reason::UnknownName(name), expr));
            }
            Expr::Select(select) => {
                let name = select.field.clone();
                return Err(self.refuse(Reason::UnknownName(name), expr));
            }
            _ => return Err(self.refuse(Reason::Syntax(String::new()), expr)),
        };
        expr.expr = settled;
        Ok(())
    }
}

fn wider(name: &str) -> Option<Of> {
    let found = WIDER.iter().find(|(known, _)| *known == name);
    found.map(|(_, of)| *of)
}

fn is_metrics(expr: &IdedExpr) -> bool {
    matches!(&expr.expr, Expr::Ident(name) if name == "metrics")
}

fn lagged(args: &[IdedExpr]) -> Option<(String, u32)> {
    let [metric, periods] = args else { return None };
    let (Expr::Literal(LiteralValue::String(metric)), Expr::Literal(LiteralValue::Int(periods))) =
        (&metric.expr, &periods.expr)
    else {
        return None;
    };
    let periods = u32::try_from(*periods.inner()).ok()?;
    (1..=LAG_MAX)
        .contains(&periods)
        .then(|| (metric.inner().to_owned(), periods))
}

/// Checks that a formula reads known metrics only and never comes back to itself. `known` has a formula for each derived
/// metric, none for the others; what it says of `code` itself doesn't count.
pub fn check_inputs(
    code: &str,
    formula: &Formula,
    known: &BTreeMap<String, Option<Formula>>,
) -> Result<(), BadFormula> {
    for input in formula.inputs() {
        let (from, to) = formula.place_of(&input.metric);
        let refused = |reason: Reason| BadFormula { reason, from, to };
        if input.metric != code && !known.contains_key(&input.metric) {
            return Err(refused(Reason::UnknownMetric(input.metric.clone())));
        }
        let mut way = vec![code.to_owned()];
        if comes_back(code, &input.metric, known, &mut way) {
            return Err(refused(Reason::Circular(way)));
        }
    }
    Ok(())
}

fn comes_back(
    code: &str,
    at: &str,
    known: &BTreeMap<String, Option<Formula>>,
    way: &mut Vec<String>,
) -> bool {
    let is_new = !way[1..].iter().any(|seen| seen == at);
    way.push(at.to_owned());
    if at == code {
        return true;
    }
    if let (Some(Some(formula)), true) = (known.get(at), is_new) {
        for input in formula.inputs() {
            if comes_back(code, &input.metric, known, way) {
                return true;
            }
        }
    }
    way.pop();
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bad(text: &str) -> (&'static str, String, usize, usize) {
        let bad = Formula::parse(text).expect_err(text);
        (bad.reason.code(), bad.reason.about(), bad.from, bad.to)
    }

    fn known(formulas: &[(&str, Option<&str>)]) -> BTreeMap<String, Option<Formula>> {
        formulas
            .iter()
            .map(|(code, text)| {
                let formula = text.map(|text| Formula::parse(text).expect(text));
                ((*code).to_owned(), formula)
            })
            .collect()
    }

    fn value(text: &str, values: &[(&str, u32, f64)]) -> Option<f64> {
        Formula::parse(text).expect(text).value(|input| {
            values
                .iter()
                .find(|(metric, lag, _)| *metric == input.metric && *lag == input.lag)
                .map(|(_, _, value)| *value)
        })
    }

    #[test]
    fn a_formula_reads_metrics_of_its_period_and_of_earlier_ones() {
        let values = [
            ("revenue", 0, 10.0),
            ("revenue", 1, 4.0),
            ("customers", 0, 5.0),
        ];
        assert_eq!(
            value("metrics.revenue / metrics.customers", &values),
            Some(2.0)
        );
        assert_eq!(value("lag('revenue', 1) * 100", &values), Some(400.0));
        assert_eq!(value("metrics.revenue > 9 ? 1 : -2", &values), Some(1.0));
        let formula = Formula::parse("metrics.a + lag('a', 2) + metrics.a").expect("a formula");
        assert_eq!(formula.inputs().len(), 2);
    }

    #[test]
    fn a_formula_reads_all_products_beside_those_that_are_asked() {
        let text = "metrics.revenue / all_products('revenue') + all_customers('revenue')";
        let formula = Formula::parse(text).expect("a formula");
        let value = formula.value(|input| {
            Some(match input.of {
                Of::Asked => 1.0,
                Of::AllProducts => 4.0,
                Of::AllCustomers => 10.0,
            })
        });
        assert_eq!(value, Some(10.25));
        assert_eq!(bad("all_products(metrics.a)").0, "formula_wider");
        assert_eq!(bad("1 + all_products('a', 1)").2, 4);
    }

    #[test]
    fn division_by_zero_and_a_missing_input_have_no_value() {
        assert_eq!(
            value("metrics.a / metrics.b", &[("a", 0, 1.0), ("b", 0, 0.0)]),
            None
        );
        assert_eq!(
            value("metrics.a / metrics.b", &[("a", 0, 0.0), ("b", 0, 0.0)]),
            None
        );
        assert_eq!(value("metrics.a + metrics.b", &[("a", 0, 1.0)]), None);
        assert_eq!(value("1 / 0 + metrics.a", &[("a", 0, 1.0)]), None);
    }

    #[test]
    fn a_bad_formula_says_what_and_where() {
        assert_eq!(
            bad("metrics.a + visits"),
            ("formula_unknown_name", "visits".into(), 12, 18)
        );
        assert_eq!(bad("1 + size('a')").0, "formula_unknown_function");
        assert_eq!(
            bad("1 + lag('a', 0)"),
            ("formula_lag", String::new(), 4, 14)
        );
        assert_eq!(bad("lag(metrics.a, 1)").0, "formula_lag");
        assert_eq!(bad("metrics.a > 1").0, "formula_no_number");
        assert_eq!(bad("metrics.a + 'x' * 2").0, "formula_type");
        assert_eq!(bad("metrics.a +").0, "formula_syntax");
        assert_eq!(bad("").0, "formula_syntax");
        assert_eq!(bad("[1].map(x, x)").0, "formula_syntax");
    }

    #[test]
    fn an_unknown_metric_and_a_circle_are_named() {
        let known = known(&[
            ("visits", None),
            ("a", Some("metrics.b * 2")),
            ("b", Some("lag('c', 1)")),
            ("c", Some("metrics.visits")),
        ]);
        let check = |code: &str, text: &str| {
            let formula = Formula::parse(text).expect(text);
            check_inputs(code, &formula, &known).map_err(|bad| (bad.reason, bad.from))
        };
        assert_eq!(check("new", "metrics.a + metrics.c"), Ok(()));
        assert_eq!(
            check("new", "metrics.a + metrics.gone"),
            Err((Reason::UnknownMetric("gone".into()), 12))
        );
        let way =
            |codes: &[&str]| Reason::Circular(codes.iter().map(|code| (*code).into()).collect());
        assert_eq!(
            check("c", "1 + metrics.a"),
            Err((way(&["c", "a", "b", "c"]), 4))
        );
        assert_eq!(
            check("new", "lag('new', 1)"),
            Err((way(&["new", "new"]), 0))
        );
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in ".{0,40}") {
            let _ = Formula::parse(&text);
        }

        #[test]
        fn numbers_count_as_written(a in -1_000..1_000i32, b in 1..1_000i32) {
            let text = format!("({a} + metrics.x) / {b}");
            prop_assert_eq!(value(&text, &[("x", 0, 7.0)]), Some((f64::from(a) + 7.0) / f64::from(b)));
        }
    }
}
