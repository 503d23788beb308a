//! The two processes that ship: ordinary sales by the five funnel levels, and project sales.

use std::sync::Arc;

use platform::access::Access;
use platform::app::App;
use platform::problem::Result;
use platform::write::{Cause, Write};
use rules::value::{Changes, Value};
use uuid::Uuid;

struct Shipped {
    code: &'static str,
    name: [&'static str; 2],
    stages: &'static [ShippedStage],
}

struct ShippedStage {
    code: &'static str,
    /// In Chinese and English.
    name: [&'static str; 2],
    kind: &'static str,
    /// In percent.
    win_chance: f64,
    standard_days: Option<i64>,
    funnel_level: Option<&'static str>,
    buyer_step: Option<&'static str>,
    guidance: [&'static str; 2],
}

const LOST: ShippedStage = ShippedStage {
    code: "lost",
    name: ["输单", "Lost"],
    kind: "lost",
    win_chance: 0.0,
    standard_days: None,
    funnel_level: None,
    buyer_step: None,
    guidance: [
        "写明输单原因和竞争对手，约定什么时候再联系。",
        "Say why and to whom, and agree when to get in touch again.",
    ],
};

// Win chances follow the standard funnel, in which half of the customers pass from one level to the next
// (100→50→25→12→6): from each level about twice the chance of the one before, rounded, and higher at the end, because
// a customer who intends to buy rarely buys nothing.
//
// Standard days follow what each step takes when nobody waits: a call and an appointment within a week; two visits at a
// fortnight's distance to be confirmed as a target; needs, demonstration and proposal within a month; negotiation and
// approval at the customer within another.
const ORDINARY: Shipped = Shipped {
    code: "ordinary",
    name: ["普通销售", "Ordinary sale"],
    stages: &[
        ShippedStage {
            code: "prospect",
            name: ["潜在客户", "Prospect"],
            kind: "open",
            win_chance: 5.0,
            standard_days: Some(7),
            funnel_level: Some("prospect"),
            buyer_step: Some("awareness"),
            guidance: [
                "核实基本情况：做什么、多大规模、谁负责采购。打第一个电话，约第一次拜访。",
                "Check the basics: what they do, how large they are, who buys. Make the first call and get the first appointment.",
            ],
        },
        ShippedStage {
            code: "target",
            name: ["目标客户", "Target"],
            kind: "open",
            win_chance: 10.0,
            standard_days: Some(14),
            funnel_level: Some("target"),
            buyer_step: Some("budget"),
            guidance: [
                "确认有需求、有预算、找得到决策人；三样缺一样就先补上。",
                "Confirm that there is a need, a budget and a way to whoever decides; find what is lacking first.",
            ],
        },
        ShippedStage {
            code: "engaged",
            name: ["接触客户", "Engaged"],
            kind: "open",
            win_chance: 30.0,
            standard_days: Some(30),
            funnel_level: Some("engaged"),
            buyer_step: Some("requirement"),
            guidance: [
                "把需求问清楚，演示给使用者看，提交方案和报价。",
                "Understand the requirement, demonstrate to those who will use it, hand in proposal and price.",
            ],
        },
        ShippedStage {
            code: "intention",
            name: ["意向客户", "Intention"],
            kind: "open",
            win_chance: 60.0,
            standard_days: Some(30),
            funnel_level: Some("intention"),
            buyer_step: Some("decision"),
            guidance: [
                "谈定价格和条款，弄清对方内部审批走到哪一步，约好签约日期。",
                "Agree price and terms, know how far their approval has come, and set a day for signing.",
            ],
        },
        ShippedStage {
            code: "won",
            name: ["成交", "Won"],
            kind: "won",
            win_chance: 100.0,
            standard_days: None,
            funnel_level: Some("won"),
            buyer_step: Some("contract"),
            guidance: [
                "感谢客户，安排交付，约定回访。",
                "Thank them, arrange delivery, agree a return visit.",
            ],
        },
        LOST,
    ],
};

// A project is won or lost among few bidders: after the solution is handed in there are two or three, at negotiation one is
// preferred, and a contract in preparation fails only for reasons outside the deal. Standard days: a lead is judged within two
// weeks; needs take a month of talks with several departments; a solution with its technical exchange a month; evaluation
// and tender three weeks by the usual notice periods (at least 20 days from tender notice to bid opening); negotiation
// two weeks; signing waits for both sides' seals, two weeks.
const PROJECT: Shipped = Shipped {
    code: "project",
    name: ["项目销售", "Project sale"],
    stages: &[
        ShippedStage {
            code: "lead",
            name: ["线索", "Lead"],
            kind: "open",
            win_chance: 10.0,
            standard_days: Some(14),
            funnel_level: Some("target"),
            buyer_step: Some("project_setup"),
            guidance: [
                "判断项目是否真实：有没有立项、预算从哪来、什么时候用、谁来定。",
                "Judge whether the project is real: is it set up, who pays, when is it needed, who decides.",
            ],
        },
        ShippedStage {
            code: "needs",
            name: ["需求", "Needs"],
            kind: "open",
            win_chance: 20.0,
            standard_days: Some(30),
            funnel_level: Some("engaged"),
            buyer_step: Some("requirement"),
            guidance: [
                "走访每个相关部门，列出决策链，把需求写成双方都认的文件。",
                "See every department concerned, list who decides, write the needs down so that both sides agree.",
            ],
        },
        ShippedStage {
            code: "solution",
            name: ["方案", "Solution"],
            kind: "open",
            win_chance: 35.0,
            standard_days: Some(30),
            funnel_level: Some("engaged"),
            buyer_step: Some("budget"),
            guidance: [
                "与售前一起做技术交流，提交方案并当面讲解，记下每一条意见。",
                "Hold the technical exchange with pre-sales, hand in the solution, explain it in person, note every remark.",
            ],
        },
        ShippedStage {
            code: "evaluation",
            name: ["评估", "Evaluation"],
            kind: "open",
            win_chance: 50.0,
            standard_days: Some(21),
            funnel_level: Some("intention"),
            buyer_step: Some("tender"),
            guidance: [
                "准备投标，弄清评分标准和对手的打法，让支持者替我们说话。",
                "Prepare the bid, learn how points are given and what competitors do, let our supporters speak for us.",
            ],
        },
        ShippedStage {
            code: "negotiation",
            name: ["谈判", "Negotiation"],
            kind: "open",
            win_chance: 70.0,
            standard_days: Some(14),
            funnel_level: Some("intention"),
            buyer_step: Some("decision"),
            guidance: [
                "先定好底线和可以让的条件，让步要有交换，商务、财务、法务一起参加。",
                "Settle the limit and what may be given beforehand, give nothing for nothing, bring business, finance and legal along.",
            ],
        },
        ShippedStage {
            code: "signing",
            name: ["签约", "Signing"],
            kind: "open",
            win_chance: 90.0,
            standard_days: Some(14),
            funnel_level: Some("intention"),
            buyer_step: Some("contract"),
            guidance: [
                "盯住双方盖章流程，请高层出面，签约日期写进合同计划。",
                "Follow both sides' sealing, bring in the executive sponsor, hold the day of signing.",
            ],
        },
        ShippedStage {
            code: "handover",
            name: ["交付移交", "Handover"],
            kind: "won",
            win_chance: 100.0,
            standard_days: None,
            funnel_level: Some("won"),
            buyer_step: Some("use"),
            guidance: [
                "向交付团队移交全部承诺、联系人和时间表。",
                "Hand over all promises, contacts and dates to the delivery team.",
            ],
        },
        LOST,
    ],
};

/// Writes the two shipped processes into a database that has none; their guidance speaks the organisation's language.
pub async fn seed(app: &Arc<App>, language: &str) -> Result<()> {
    let mut write = Access::system(app, "first start")
        .write_as(Cause::Load)
        .await?;
    seed_in(&mut write, language).await?;
    write.commit().await?;
    Ok(())
}

/// The same as a part of a write.
pub async fn seed_in(write: &mut Write, language: &str) -> Result<()> {
    let (processes, stages) = (
        write.access.resource("processes")?,
        write.access.resource("stages")?,
    );
    if !write.rows(processes.select().limit(1)).await?.is_empty() {
        return Ok(());
    }
    for shipped in [&ORDINARY, &PROJECT] {
        let process = Changes::from([
            ("name".into(), shipped.name[0].into()),
            ("name_en".into(), shipped.name[1].into()),
            ("code".into(), shipped.code.into()),
        ]);
        let process = write.create(&processes, process).await?;
        for (position, stage) in shipped.stages.iter().enumerate() {
            write
                .create(
                    &stages,
                    stage.changes(process.id(), position as i64, language),
                )
                .await?;
        }
    }
    Ok(())
}

impl ShippedStage {
    fn changes(&self, process_id: Uuid, position: i64, language: &str) -> Changes {
        let guidance = if language == platform::i18n::LANGUAGES[1] {
            self.guidance[1]
        } else {
            self.guidance[0]
        };
        Changes::from([
            ("process_id".into(), Value::Id(process_id)),
            ("position".into(), Value::Int(position)),
            ("name".into(), self.name[0].into()),
            ("name_en".into(), self.name[1].into()),
            ("code".into(), self.code.into()),
            ("kind".into(), self.kind.into()),
            ("win_chance".into(), self.win_chance.into()),
            ("standard_days".into(), self.standard_days.into()),
            ("funnel_level".into(), self.funnel_level.into()),
            ("buyer_step".into(), self.buyer_step.into()),
            ("guidance".into(), guidance.into()),
        ])
    }
}
