//! The two templates that ship: a first visit, and the presentation of a solution.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::activities::SHIPPED_KINDS;

struct Shipped {
    /// In Chinese and English.
    name: [&'static str; 2],
    kind: &'static str,
    steps: Json,
}

fn step(code: &str, kind: &str, is_required: bool, name: [&str; 2], guidance: [&str; 2]) -> Json {
    json!({ "code": code, "type": kind, "is_required": is_required, "name": name[0], "name_en": name[1],
            "guidance": guidance[0], "guidance_en": guidance[1] })
}

fn choosing(mut step: Json, choices: &[(&str, &str, &str)]) -> Json {
    step["choices"] = choices
        .iter()
        .map(|(code, name, name_en)| json!({ "code": code, "name": name, "name_en": name_en }))
        .collect();
    step
}

fn shipped() -> [Shipped; 2] {
    let budget = choosing(
        step(
            "budget",
            "choice",
            true,
            ["预算情况", "Budget"],
            [
                "今年有没有钱，归谁批？",
                "Is there money this year, and whose is it?",
            ],
        ),
        &[
            ("approved", "已批", "Approved"),
            ("planned", "在计划中", "Planned"),
            ("none", "没有", "None"),
            ("unknown", "没问到", "Not found out"),
        ],
    );
    let reaction = choosing(
        step(
            "reaction",
            "choice",
            true,
            ["客户反应", "Reaction"],
            [
                "看关键人，不看陪同的人。",
                "Of those who decide, not of those who sit by.",
            ],
        ),
        &[
            ("convinced", "认可", "Convinced"),
            ("interested", "有兴趣", "Interested"),
            ("doubtful", "有顾虑", "Doubtful"),
            ("against", "反对", "Against"),
        ],
    );
    [
        Shipped {
            name: ["初访标准步骤", "First visit"],
            kind: "first",
            steps: json!([
                step(
                    "met_decider",
                    "yes_no",
                    true,
                    ["见到能拍板的人了吗", "Met somebody who decides"],
                    [
                        "没见到，就问清楚下次怎么见到。",
                        "If not, find out how to meet them next time."
                    ],
                ),
                step(
                    "business",
                    "text",
                    true,
                    ["客户业务与规模", "Their business and size"],
                    [
                        "做什么、多少人、今年的重点。",
                        "What they make, how many they are, what matters this year."
                    ],
                ),
                step(
                    "in_use",
                    "text",
                    true,
                    [
                        "目前在用的产品与不满",
                        "What they use today, and what bothers them"
                    ],
                    [
                        "谁家的、用了多久、哪里不满意。",
                        "Whose it is, since when, what they miss."
                    ],
                ),
                step(
                    "rival_price",
                    "competitor_price",
                    false,
                    ["对手报价", "A competitor's price"],
                    [
                        "听到什么记什么，写明是什么产品。",
                        "As heard, with what it is for."
                    ],
                ),
                budget,
                step(
                    "place",
                    "photo",
                    false,
                    ["现场照片", "A photo of the place"],
                    [
                        "门头、前台或现场，征得同意再拍。",
                        "Entrance, desk or site; ask before you take it."
                    ],
                ),
                step(
                    "next_step",
                    "text",
                    true,
                    ["约定的下一步", "Next step agreed"],
                    ["谁、什么时候、做什么。", "Who does what, and when."],
                ),
            ]),
        },
        Shipped {
            name: ["方案说明标准步骤", "Presentation of a solution"],
            kind: "presentation",
            steps: json!([
                step(
                    "audience",
                    "number",
                    true,
                    ["到场人数", "How many came"],
                    ["客户一方的人数。", "Of the customer's people."],
                ),
                step(
                    "decider_came",
                    "yes_no",
                    true,
                    ["决策人到场了吗", "The decider came"],
                    [
                        "没到场，另约一次单独汇报。",
                        "If not, arrange to report to them alone."
                    ],
                ),
                step(
                    "shown",
                    "products",
                    true,
                    ["说明了哪些产品", "Products shown"],
                    ["只选真正讲到的。", "Only those that were really shown."],
                ),
                reaction,
                step(
                    "objections",
                    "text",
                    true,
                    ["提出的异议", "Objections"],
                    ["按原话记，一条一行。", "In their words, one a line."],
                ),
                step(
                    "rival_price",
                    "competitor_price",
                    false,
                    ["对手报价", "A competitor's price"],
                    [
                        "听到什么记什么，写明是什么产品。",
                        "As heard, with what it is for."
                    ],
                ),
                step(
                    "materials_left",
                    "yes_no",
                    false,
                    ["资料留下了吗", "Materials were left"],
                    ["方案、案例、报价单。", "The solution, a case, an offer."],
                ),
                step(
                    "next_step",
                    "text",
                    true,
                    ["约定的下一步", "Next step agreed"],
                    ["谁、什么时候、做什么。", "Who does what, and when."],
                ),
            ]),
        },
    ]
}

/// Puts the shipped templates into a database, under ids that are the same everywhere.
pub fn statements() -> Vec<String> {
    let mut all = Vec::new();
    for (position, template) in shipped().iter().enumerate() {
        let id = Uuid::from_u128(0x0190_0000_0000_7000_8002_0000_0000_0001 + position as u128);
        let version = version_at(position);
        let Some(kind) = SHIPPED_KINDS.iter().find(|kind| kind.code == template.kind) else {
            continue;
        };
        let steps = template.steps.to_string().replace('\'', "''");
        for (database, id, version, kind) in [
            ("@sqlite", blob(id), blob(version), blob(kind.id())),
            ("@postgres", text(id), text(version), text(kind.id())),
        ] {
            all.push(format!(
                "{database} INSERT INTO visit_template (id, version, created_at, updated_at, name, name_en, kind_id, is_active, \
                 steps_version) VALUES ({id}, 1, {{now}}, {{now}}, '{}', '{}', {kind}, TRUE, 1)",
                template.name[0], template.name[1]
            ));
            all.push(format!(
                "{database} INSERT INTO visit_template_version (id, template_id, number, steps, created_at) \
                 VALUES ({version}, {id}, 1, '{steps}', {{now}})"
            ));
        }
    }
    all
}

/// The first version of the template that ships for a kind.
pub fn version_of(kind: &str) -> Option<Uuid> {
    shipped()
        .iter()
        .position(|template| template.kind == kind)
        .map(version_at)
}

fn version_at(position: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8003_0000_0000_0001 + position as u128)
}

fn blob(id: Uuid) -> String {
    format!("X'{}'", id.simple())
}

fn text(id: Uuid) -> String {
    format!("'{id}'")
}
