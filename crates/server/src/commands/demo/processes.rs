//! The two ready processes and their stages, as the invented company uses them.

use std::collections::HashMap;

use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::write::Cause;
use rules::permission::Action;
use rules::value::{Changes, Value};
use uuid::Uuid;

/// A process in the database.
pub struct Process {
    pub id: Uuid,
    /// By code.
    pub stages: HashMap<String, Uuid>,
}

/// The processes by code; they must have been seeded.
pub async fn load(access: &Access) -> Result<HashMap<String, Process>> {
    let resource = access.resource("processes")?;
    let processes = access
        .records(&resource, &access.select(&resource, Action::Read)?)
        .await?;
    let resource = access.resource("stages")?;
    let stages = access
        .records(&resource, &access.select(&resource, Action::Read)?)
        .await?;
    let mut found = HashMap::new();
    for process in processes {
        let of = |stage: &&platform::resource::Record| {
            stage.reference("process_id") == Some(process.id())
        };
        let stages = stages
            .iter()
            .filter(of)
            .map(|stage| (stage.text("code").to_owned(), stage.id()))
            .collect();
        found.insert(
            process.text("code").to_owned(),
            Process {
                id: process.id(),
                stages,
            },
        );
    }
    Ok(found)
}

impl Process {
    pub fn stage(&self, code: &str) -> Result<Uuid> {
        self.stages
            .get(code)
            .copied()
            .ok_or_else(|| Problem::internal(format!("no stage {code}")))
    }
}

/// `(code, Chinese, English, kind, win chance in percent, standard days, funnel level)`.
type Stage = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    f64,
    Option<i64>,
    Option<&'static str>,
);

const ORDINARY: [Stage; 6] = [
    (
        "prospect",
        "潜在",
        "Prospect",
        "open",
        5.0,
        Some(7),
        Some("prospect"),
    ),
    (
        "target",
        "目标",
        "Target",
        "open",
        10.0,
        Some(14),
        Some("target"),
    ),
    (
        "engaged",
        "接触",
        "Engaged",
        "open",
        30.0,
        Some(21),
        Some("engaged"),
    ),
    (
        "intention",
        "意向",
        "Intention",
        "open",
        60.0,
        Some(21),
        Some("intention"),
    ),
    ("won", "成交", "Won", "won", 100.0, None, Some("won")),
    ("lost", "输单", "Lost", "lost", 0.0, None, None),
];
const PROJECT: [Stage; 8] = [
    (
        "lead",
        "线索确认",
        "Lead",
        "open",
        10.0,
        Some(10),
        Some("target"),
    ),
    (
        "needs",
        "需求分析",
        "Needs",
        "open",
        20.0,
        Some(20),
        Some("engaged"),
    ),
    (
        "solution",
        "方案设计",
        "Solution",
        "open",
        35.0,
        Some(25),
        Some("engaged"),
    ),
    (
        "evaluation",
        "评估比选",
        "Evaluation",
        "open",
        50.0,
        Some(20),
        Some("intention"),
    ),
    (
        "negotiation",
        "商务谈判",
        "Negotiation",
        "open",
        70.0,
        Some(14),
        Some("intention"),
    ),
    (
        "signing",
        "合同签订",
        "Signing",
        "open",
        90.0,
        Some(10),
        Some("intention"),
    ),
    (
        "handover",
        "交付移交",
        "Delivery handover",
        "won",
        100.0,
        None,
        Some("won"),
    ),
    ("lost", "输单", "Lost", "lost", 0.0, None, None),
];

/// Writes the two ready processes, unless the database has them.
pub async fn seed(access: &Access) -> Result<()> {
    let processes = access.resource("processes")?;
    let stages = access.resource("stages")?;
    let known = load(access).await?;
    let mut write = access.write_as(Cause::Load).await?;
    let ready: [(&str, &str, &str, &[Stage]); 2] = [
        ("ordinary", "常规销售", "Ordinary sale", &ORDINARY),
        ("project", "项目销售", "Project sale", &PROJECT),
    ];
    for (code, name, name_en, list) in ready
        .into_iter()
        .filter(|(code, ..)| !known.contains_key(*code))
    {
        let changes: [(String, Value); 3] = [
            ("code".into(), code.into()),
            ("name".into(), name.into()),
            ("name_en".into(), name_en.into()),
        ];
        let process = write.create(&processes, Changes::from(changes)).await?;
        for (position, (code, name, name_en, kind, chance, days, level)) in (0_i64..).zip(list) {
            let changes: [(String, Value); 9] = [
                ("process_id".into(), process.id().into()),
                ("code".into(), (*code).into()),
                ("name".into(), (*name).into()),
                ("name_en".into(), (*name_en).into()),
                ("kind".into(), (*kind).into()),
                ("position".into(), position.into()),
                ("win_chance".into(), (*chance).into()),
                ("standard_days".into(), (*days).into()),
                ("funnel_level".into(), (*level).into()),
            ];
            write.create(&stages, Changes::from(changes)).await?;
        }
    }
    write.commit().await?;
    Ok(())
}
