//! The metrics that ship with the product.

use super::families::{
    CREATED, DONE, DUE, ENDED, Family, OPEN, OVERDUE, PLANNED, REACHED, RECEIVED, RECURRING, SEEN,
    SIGNED, TARGETS, TOOK, WITH_CONTRACT,
};
use super::{Added, Class, Kind, Of, Part, Unit};
use crate::activities::Family as Kinds;
use crate::contracts::facts::Kind as ContractKind;

/// A metric as it ships. Names and descriptions in Chinese and English; a description says the formula in words.
#[derive(Debug)]
pub struct Standard {
    pub code: &'static str,
    pub name: [&'static str; 2],
    pub about: [&'static str; 2],
    pub class: Class,
    pub kind: Kind,
    pub unit: Unit,
    /// Less is better.
    pub low_is_good: bool,
    pub of: Of,
}

type Texts = [&'static str; 2];

const fn base(
    code: &'static str,
    class: Class,
    kind: Kind,
    of: Of,
    unit: Unit,
    name: Texts,
    about: Texts,
) -> Standard {
    Standard {
        code,
        name,
        about,
        class,
        kind,
        unit,
        low_is_good: false,
        of,
    }
}

const fn derived(
    code: &'static str,
    class: Class,
    unit: Unit,
    formula: &'static str,
    name: Texts,
    about: Texts,
) -> Standard {
    base(
        code,
        class,
        Kind::Derived,
        Of::Formula(formula),
        unit,
        name,
        about,
    )
}

const fn low_is_good(metric: Standard) -> Standard {
    Standard {
        low_is_good: true,
        ..metric
    }
}

const fn count(family: &'static Family, part: &'static str) -> Of {
    Of::Facts(family, Part::Named(part), Added::Count)
}

const fn value(family: &'static Family, part: &'static str) -> Of {
    Of::Facts(family, Part::Named(part), Added::Value)
}

const fn kind(family: &'static Family, code: &'static str) -> Of {
    Of::Facts(family, Part::Kind(code), Added::Count)
}

const fn kinds(family: &'static Family, of: &'static [Kinds]) -> Of {
    Of::Facts(family, Part::Kinds(of), Added::Count)
}

const ONE_OFF: &str = ContractKind::OneOff.code();
const RECURS: &str = ContractKind::Recurring.code();

/// Activities that bring us before a customer, or prepare it.
const VISITING: &[Kinds] = &[Kinds::Visit, Kinds::Appointment, Kinds::ReturnVisit];

/// Activities that see a customer. Only a visit can be effective; a return visit serves what is sold.
const SEEING: &[Kinds] = &[Kinds::Visit, Kinds::ReturnVisit];

use Class::{Analysis, Process, Result};
use Kind::{Distinct, Duration, Flow, Stock};
use Unit::{Count, Days, Money, Ratio};

/// The metric of a code, when it ships.
pub fn standard(code: &str) -> Option<&'static Standard> {
    STANDARD.iter().find(|metric| metric.code == code)
}

#[rustfmt::skip]
pub static STANDARD: [Standard; 62] = [
    base("customers_prospect", Process, Flow, count(&REACHED, "prospect"), Count,
        ["新增潜在客户", "New prospects"], ["期间内首次成为潜在客户的客户数。", "Customers that first became prospects in the period."]),
    base("customers_target", Process, Flow, count(&REACHED, "target"), Count,
        ["新增目标客户", "New target customers"], ["期间内首次达到目标层级或更高的客户数。", "Customers that first became targets, or more, in the period."]),
    base("customers_engaged", Process, Flow, count(&REACHED, "engaged"), Count,
        ["新增接触客户", "Newly engaged customers"], ["期间内首次达到接触层级或更高的客户数。", "Customers that were first engaged, or came further, in the period."]),
    base("customers_intention", Process, Flow, count(&REACHED, "intention"), Count,
        ["新增意向客户", "New customers with intention"], ["期间内首次达到意向层级或更高的客户数。", "Customers that first showed an intention to buy, or bought, in the period."]),
    base("customers_won", Result, Flow, count(&REACHED, "won"), Count,
        ["新增成交客户", "New customers won"], ["期间内首次成交的客户数。", "Customers that bought for the first time in the period."]),
    base("target_customers", Process, Stock, count(&TARGETS, ""), Count,
        ["目标客户数", "Target customers"], ["期末达到目标层级或更高、未流失且有负责人的客户数。", "Customers at the period's end that are targets or further, not lost, and have an owner."]),
    derived("target_customer_growth", Process, Ratio, "metrics.customers_target / lag('target_customers', 1)",
        ["目标客户增长率", "Target customer growth"], ["新增目标客户 ÷ 上期末目标客户数。", "New target customers ÷ target customers at the end of the period before."]),
    derived("intention_rate", Process, Ratio, "metrics.customers_intention / metrics.target_customers",
        ["客户意向达成率", "Intention rate"], ["新增意向客户 ÷ 期末目标客户数（按月看）。", "New customers with intention ÷ target customers at the end; for months."]),
    derived("intention_rate_of_visited", Process, Ratio, "metrics.customers_intention / metrics.customers_visited",
        ["客户意向达成率（按拜访）", "Intention rate of visited customers"], ["新增意向客户 ÷ 拜访客户数（按周看）。", "New customers with intention ÷ customers visited; for weeks."]),
    derived("close_rate", Result, Ratio, "metrics.customers_won / metrics.customers_intention",
        ["客户成交率", "Close rate"], ["新增成交客户 ÷ 新增意向客户。", "New customers won ÷ new customers with intention."]),
    base("customers_prospect_further", Analysis, Flow, value(&REACHED, "prospect"), Count,
        ["潜在客户中的后续目标", "Prospects that became targets"], ["期间内首次成为潜在客户、至今已达到目标层级的客户数。", "Of the customers that became prospects in the period, those that became targets by now."]),
    base("customers_target_further", Analysis, Flow, value(&REACHED, "target"), Count,
        ["目标客户中的后续接触", "Targets that were engaged"], ["期间内首次成为目标客户、至今已达到接触层级的客户数。", "Of the customers that became targets in the period, those engaged by now."]),
    base("customers_engaged_further", Analysis, Flow, value(&REACHED, "engaged"), Count,
        ["接触客户中的后续意向", "Engaged that showed intention"], ["期间内首次被接触、至今已达到意向层级的客户数。", "Of the customers engaged in the period, those with an intention by now."]),
    base("customers_intention_further", Analysis, Flow, value(&REACHED, "intention"), Count,
        ["意向客户中的后续成交", "Intentions that were won"], ["期间内首次有意向、至今已成交的客户数。", "Of the customers with an intention since the period, those won by now."]),
    derived("conversion_prospect_target", Analysis, Ratio, "metrics.customers_prospect_further / metrics.customers_prospect",
        ["转化率：潜在→目标", "Conversion: prospect → target"], ["期间内的新增潜在客户中，至今达到目标层级的比例。", "Of the period's new prospects, the share that became targets by now."]),
    derived("conversion_target_engaged", Analysis, Ratio, "metrics.customers_target_further / metrics.customers_target",
        ["转化率：目标→接触", "Conversion: target → engaged"], ["期间内的新增目标客户中，至今达到接触层级的比例。", "Of the period's new targets, the share engaged by now."]),
    derived("conversion_engaged_intention", Analysis, Ratio, "metrics.customers_engaged_further / metrics.customers_engaged",
        ["转化率：接触→意向", "Conversion: engaged → intention"], ["期间内的新增接触客户中，至今达到意向层级的比例。", "Of the period's newly engaged, the share with an intention by now."]),
    derived("conversion_intention_won", Analysis, Ratio, "metrics.customers_intention_further / metrics.customers_intention",
        ["转化率：意向→成交", "Conversion: intention → won"], ["期间内的新增意向客户中，至今成交的比例。", "Of the period's new intentions, the share won by now."]),
    base("visits", Process, Flow, kinds(&DONE, &[Kinds::Visit]), Count,
        ["拜访次数", "Visits"], ["已完成的拜访：初访、说明、促成等。", "Visits that were done: first, presentation, closing and others."]),
    base("visits_first", Process, Flow, kind(&DONE, "first"), Count,
        ["初访次数", "First visits"], ["已完成的初访。", "First visits that were done."]),
    base("visits_presentation", Process, Flow, kind(&DONE, "presentation"), Count,
        ["说明次数", "Presentations"], ["已完成的说明拜访。", "Presentations that were given."]),
    base("visits_closing", Process, Flow, kind(&DONE, "closing"), Count,
        ["促成次数", "Closing visits"], ["已完成的促成拜访。", "Closing visits that were done."]),
    base("appointments", Process, Flow, kinds(&DONE, &[Kinds::Appointment]), Count,
        ["约访次数", "Appointments"], ["已完成的约访。", "Appointments that were arranged."]),
    base("return_visits", Process, Flow, kinds(&DONE, &[Kinds::ReturnVisit]), Count,
        ["回访次数", "Return visits"], ["已完成的回访：收费、协调、调研、服务等。", "Return visits that were done: collection, coordination, survey, service and others."]),
    base("return_visits_collection", Process, Flow, kind(&DONE, "collection"), Count,
        ["收费回访", "Collection visits"], ["已完成的收费回访。", "Return visits to collect."]),
    base("return_visits_coordination", Process, Flow, kind(&DONE, "coordination"), Count,
        ["协调回访", "Coordination visits"], ["已完成的协调回访。", "Return visits to coordinate."]),
    base("return_visits_survey", Process, Flow, kind(&DONE, "survey"), Count,
        ["调研回访", "Survey visits"], ["已完成的调研回访。", "Return visits to ask."]),
    base("return_visits_service", Process, Flow, kind(&DONE, "service"), Count,
        ["服务回访", "Service visits"], ["已完成的服务回访。", "Return visits to serve."]),
    base("calls", Process, Flow, kinds(&DONE, &[Kinds::Call]), Count,
        ["电话次数", "Calls"], ["已完成的电话。", "Calls that were made."]),
    base("visits_planned", Process, Flow, kinds(&PLANNED, VISITING), Count,
        ["计划拜访数", "Visits planned"], ["计划日在期间内的拜访、约访和回访，含已取消的。", "Visits, appointments and return visits planned for a day of the period, those called off included."]),
    base("visits_kept", Process, Flow, Of::Facts(&PLANNED, Part::Kinds(VISITING), Added::Value), Count,
        ["计划拜访完成数", "Planned visits done"], ["计划日在期间内、已完成的拜访、约访和回访。", "Visits, appointments and return visits planned for a day of the period and done."]),
    derived("plan_fulfilment", Process, Ratio, "metrics.visits_kept / metrics.visits_planned",
        ["计划实现程度", "Plan fulfilment"], ["计划拜访完成数 ÷ 计划拜访数，按计划日。", "Planned visits done ÷ visits planned, by the planned day."]),
    base("customers_visited", Process, Distinct, kinds(&SEEN, SEEING), Count,
        ["拜访客户数", "Customers visited"], ["期间内至少有一次拜访或回访的不同客户数。", "Different customers with at least one visit or return visit in the period."]),
    base("customers_effective", Process, Distinct, Of::Facts(&SEEN, Part::Kinds(&[Kinds::Visit]), Added::Value), Count,
        ["有效客户数", "Customers visited effectively"], ["期间内至少有一次有效拜访的不同客户数。", "Different customers with at least one visit whose outcome is effective."]),
    derived("effective_activity_rate", Process, Ratio, "metrics.customers_effective / metrics.customers_visited",
        ["有效活动率", "Effective-activity rate"], ["有效客户数 ÷ 拜访客户数。", "Customers visited effectively ÷ customers visited."]),
    base("opportunities_created", Process, Flow, count(&CREATED, ""), Count,
        ["新增商机数", "New opportunities"], ["期间内创建的商机数。", "Opportunities created in the period."]),
    base("pipeline_created", Process, Flow, value(&CREATED, ""), Money,
        ["新增商机金额", "Pipeline created"], ["期间内创建的商机的金额。", "Amount of the opportunities created in the period."]),
    base("opportunities_open", Process, Stock, count(&OPEN, ""), Count,
        ["进行中商机数", "Open opportunities"], ["期末尚未关闭的商机数。", "Opportunities that are open at the period's end."]),
    base("pipeline_open", Process, Stock, value(&OPEN, ""), Money,
        ["进行中商机金额", "Open pipeline"], ["期末尚未关闭的商机的金额。", "Amount of the opportunities that are open at the period's end."]),
    base("opportunities_won", Result, Flow, count(&ENDED, "won"), Count,
        ["赢单数", "Deals won"], ["关闭日在期间内的赢单数。", "Opportunities won, by the day of closing."]),
    base("opportunities_lost", Result, Flow, count(&ENDED, "lost"), Count,
        ["丢单数", "Deals lost"], ["关闭日在期间内的丢单数。", "Opportunities lost, by the day of closing."]),
    base("won_amount", Result, Flow, value(&ENDED, "won"), Money,
        ["赢单金额", "Amount won"], ["关闭日在期间内的赢单金额。", "Amount of the opportunities won, by the day of closing."]),
    base("lost_amount", Result, Flow, value(&ENDED, "lost"), Money,
        ["丢单金额", "Amount lost"], ["关闭日在期间内的丢单金额。", "Amount of the opportunities lost, by the day of closing."]),
    derived("win_rate", Result, Ratio, "metrics.opportunities_won / (metrics.opportunities_won + metrics.opportunities_lost)",
        ["赢单率", "Win rate"], ["赢单数 ÷（赢单数 + 丢单数）。", "Deals won ÷ deals won and lost."]),
    derived("win_rate_by_amount", Result, Ratio, "metrics.won_amount / (metrics.won_amount + metrics.lost_amount)",
        ["赢单率（按金额）", "Win rate by amount"], ["赢单金额 ÷（赢单金额 + 丢单金额）。", "Amount won ÷ amount won and lost."]),
    derived("average_deal", Result, Money, "metrics.won_amount / metrics.opportunities_won",
        ["客单价", "Average deal"], ["赢单金额 ÷ 赢单数。", "Amount won ÷ deals won."]),
    low_is_good(base("sales_cycle", Analysis, Duration, count(&TOOK, "won"), Days,
        ["销售周期", "Sales cycle"], ["赢单从创建到关闭的天数：平均值，另有中位数。", "Days from creation to winning: the mean, with the median beside it."])),
    low_is_good(base("loss_cycle", Analysis, Duration, count(&TOOK, "lost"), Days,
        ["丢单周期", "Days to a loss"], ["丢单从创建到关闭的天数：平均值，另有中位数。", "Days from creation to losing: the mean, with the median beside it."])),
    derived("pipeline_velocity", Analysis, Money, "metrics.opportunities_open * metrics.win_rate * metrics.average_deal / metrics.sales_cycle",
        ["管道速度", "Pipeline velocity"], ["每天的预期赢单金额：进行中商机数 × 赢单率 × 客单价 ÷ 销售周期。", "Expected amount won per day: open opportunities × win rate × average deal ÷ sales cycle."]),
    base("contracts_signed", Result, Flow, Of::Facts(&SIGNED, Part::Each(&[ONE_OFF, RECURS]), Added::Count), Count,
        ["签约合同数", "Contracts signed"], ["签约日在期间内的合同数。", "Contracts by the day of signing."]),
    base("new_revenue", Result, Flow, Of::Facts(&SIGNED, Part::Each(&[ONE_OFF, RECURS]), Added::Value), Money,
        ["新增收入", "New revenue"], ["签约日在期间内的合同金额，一次性和周期性合同都计全额。", "Amount of the contracts signed in the period, one-off and recurring ones in full."]),
    base("one_off_revenue", Result, Flow, value(&SIGNED, ONE_OFF), Money,
        ["一次性收入", "One-off revenue"], ["签约日在期间内的一次性合同金额。", "Amount of the one-off contracts signed in the period."]),
    base("recurring_revenue", Result, Flow, value(&RECURRING, RECURS), Money,
        ["周期性收入", "Recurring revenue"], ["周期性合同的金额按天分摊到合同期，每月计入该月第一天；终止之后的部分不计。没有结束日的在开始日全额计入。",
         "Amounts of recurring contracts, shared out by days over their term and counted on each month's first day; what lies behind a termination is not. Without an end all of it counts on the first day."]),
    derived("total_revenue", Result, Money, "metrics.one_off_revenue + metrics.recurring_revenue",
        ["总收入", "Total revenue"], ["一次性收入 + 周期性收入：每份合同的金额只计一次。", "One-off revenue + recurring revenue: each contract's amount counts once."]),
    base("received", Result, Flow, value(&RECEIVED, ""), Money,
        ["回款", "Received"], ["到账日在期间内的回款金额，无论是否已核销。", "Payments by the day on which they came, matched or not."]),
    base("due", Process, Flow, value(&DUE, ""), Money,
        ["应收到期", "Due"], ["到期日在期间内的已签约合同分期金额，无论是否已付。", "Instalments of signed contracts that fall due in the period, paid or not."]),
    derived("collection_rate", Result, Ratio, "metrics.received / metrics.due",
        ["回款率", "Collection rate"], ["回款 ÷ 应收到期。", "Received ÷ due."]),
    low_is_good(base("overdue", Process, Stock, value(&OVERDUE, ""), Money,
        ["逾期应收", "Overdue"], ["期末（进行中的期间为今天）已过到期日而未付的金额。", "What was to be paid by the day before and is not, at the period's end, or today while it lasts."])),
    base("customers_with_contract", Analysis, Stock, count(&WITH_CONTRACT, ""), Count,
        ["在约客户数", "Customers with a contract"], ["期末有执行中合同的客户数。", "Customers with a running contract at the period's end."]),
    derived("arpu", Analysis, Money, "lag('total_revenue', 1) / lag('customers_with_contract', 1)",
        ["客户平均收入", "Revenue per customer"], ["上期总收入 ÷ 上期末在约客户数（按月看，滞后一个月）。", "Total revenue of the period before ÷ customers with a contract at its end; for months, one month late."]),
    derived("product_share", Analysis, Ratio, "metrics.total_revenue / all_products('total_revenue')",
        ["产品收入占比", "Share of revenue by product"], ["该产品或产品线的总收入 ÷ 全部产品的总收入（按产品线看）。", "Total revenue of a product or line ÷ that of all products; for breakdowns by line of products."]),
    derived("customer_share", Analysis, Ratio, "metrics.customers_with_contract / all_customers('customers_with_contract')",
        ["分类客户占比", "Share of customers by class"], ["该类别或地区的在约客户数 ÷ 全部在约客户数（按类别、地区看）。", "Customers with a contract of a class or region ÷ all of them; for breakdowns by class or region."]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::formula::{Formula, check_inputs};
    use super::*;

    #[test]
    fn every_standard_formula_reads_metrics_that_exist_and_none_itself() {
        let known: BTreeMap<String, Option<Formula>> = STANDARD
            .iter()
            .map(|metric| {
                let formula = match metric.of {
                    Of::Formula(text) => Some(Formula::parse(text).expect(metric.code)),
                    Of::Facts(..) => None,
                };
                (metric.code.to_owned(), formula)
            })
            .collect();
        assert_eq!(known.len(), STANDARD.len(), "a code stands twice");
        for (code, formula) in &known {
            if let Some(formula) = formula {
                assert_eq!(check_inputs(code, formula, &known), Ok(()), "{code}");
            }
        }
    }

    #[test]
    fn kinds_fit_what_the_figures_are_made_of() {
        for metric in &STANDARD {
            let is_formula = matches!(metric.of, Of::Formula(_));
            assert_eq!(is_formula, metric.kind == Kind::Derived, "{}", metric.code);
        }
    }
}
