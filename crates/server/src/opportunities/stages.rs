//! The processes and stages as rules need them: read once for a write, or for an answer.

use std::sync::Arc;

use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::resource::{Record, Resource};
use platform::write::Write;
use rules::funnel::FunnelLevel;
use rules::opportunities::Outcome;
use rules::permission::Action;
use sea_orm::sea_query::{Order, SelectStatement};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Stage {
    pub id: Uuid,
    pub process_id: Uuid,
    pub code: String,
    pub position: i64,
    /// What an opportunity in this stage is.
    pub outcome: Outcome,
    /// In percent.
    pub win_chance: f64,
    pub standard_days: Option<i64>,
    pub funnel_level: Option<FunnelLevel>,
}

#[derive(Debug, Clone)]
pub struct Process {
    pub id: Uuid,
    pub code: String,
    pub is_active: bool,
    /// In their order.
    pub stages: Vec<Stage>,
}

/// All processes, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Processes(Vec<Process>);

/// Code of the process that key accounts go through, when there is one.
pub const KEY_ACCOUNT_PROCESS: &str = "project";

impl Processes {
    /// As a write sees them, its own changes included.
    pub async fn of(write: &mut Write) -> Result<Arc<Processes>> {
        if let Some(known) = write.memory.get::<Arc<Processes>>() {
            return Ok(known.clone());
        }
        let registry = write.access.app.registry();
        let (processes, stages) = (registry.find("processes")?, registry.find("stages")?);
        let oldest_first = in_order(&processes, "created_at");
        let processes = write.records(&processes, &oldest_first).await?;
        let by_position = in_order(&stages, "position");
        let stages = write.records(&stages, &by_position).await?;
        let found = Arc::new(Processes::from(&processes, &stages));
        write.memory.keep(found.clone());
        Ok(found)
    }

    /// The write changed a process or a stage: read them again at the next need.
    pub fn forget(write: &mut Write) {
        write.memory.take::<Arc<Processes>>();
    }

    /// As a reader sees them.
    pub async fn read(access: &Access) -> Result<Processes> {
        access.require("opportunities", Action::Read)?;
        // Everybody who works with opportunities needs their stages, whatever the rights on the processes themselves.
        let registry = access.app.registry();
        let (processes, stages) = (registry.find("processes")?, registry.find("stages")?);
        let process_records = access
            .records(&processes, &in_order(&processes, "created_at"))
            .await?;
        let stage_records = access
            .records(&stages, &in_order(&stages, "position"))
            .await?;
        Ok(Processes::from(&process_records, &stage_records))
    }

    fn from(processes: &[Record], stages: &[Record]) -> Processes {
        let stages_of = |id: Uuid| {
            stages
                .iter()
                .filter(|stage| stage.reference("process_id") == Some(id))
                .filter_map(stage_of)
                .collect()
        };
        Processes(
            processes
                .iter()
                .map(|process| Process {
                    id: process.id(),
                    code: process.text("code").to_owned(),
                    is_active: process.get("is_active").as_bool().unwrap_or_default(),
                    stages: stages_of(process.id()),
                })
                .collect(),
        )
    }

    pub fn process(&self, id: Uuid) -> Option<&Process> {
        self.0.iter().find(|process| process.id == id)
    }

    pub fn stage(&self, id: Uuid) -> Option<&Stage> {
        self.0
            .iter()
            .flat_map(|process| &process.stages)
            .find(|stage| stage.id == id)
    }

    /// The process that a question names, else the usual one, where there is any; 404 for one that doesn't exist.
    pub fn asked(&self, id: Option<Uuid>) -> Result<Option<&Process>> {
        match id {
            Some(id) => Ok(Some(self.process(id).ok_or_else(Problem::not_found)?)),
            None => Ok(self.usual(false)),
        }
    }

    /// What a new opportunity goes through: for key accounts the project process if there is one, else the oldest active
    /// process that has a stage to begin in.
    pub fn usual(&self, is_key_account: bool) -> Option<&Process> {
        let mut usable = self
            .0
            .iter()
            .filter(|process| process.is_active && process.first_open().is_some());
        let for_key_accounts = usable
            .clone()
            .find(|process| process.code == KEY_ACCOUNT_PROCESS);
        let for_others = usable
            .clone()
            .find(|process| process.code != KEY_ACCOUNT_PROCESS);
        match is_key_account {
            true => for_key_accounts.or(for_others),
            false => for_others.or_else(|| usable.next()),
        }
    }
}

impl Process {
    pub fn first_open(&self) -> Option<&Stage> {
        self.stages
            .iter()
            .find(|stage| stage.outcome == Outcome::Open)
    }
    /// The stage that ends an opportunity this way.
    pub fn end(&self, outcome: Outcome) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.outcome == outcome)
    }
    /// Ids of the stages that an opportunity has passed when it stands in this one.
    pub fn before(&self, stage: &Stage) -> Vec<Uuid> {
        let passed =
            |other: &&Stage| other.outcome != Outcome::Lost && other.position < stage.position;
        self.stages
            .iter()
            .filter(passed)
            .map(|other| other.id)
            .collect()
    }
}

fn in_order(resource: &Resource, field: &str) -> SelectStatement {
    let mut select = resource.select();
    select
        .order_by_expr(resource.column(field), Order::Asc)
        .order_by_expr(resource.column("id"), Order::Asc);
    select
}

pub fn stage_of(record: &Record) -> Option<Stage> {
    Some(Stage {
        id: record.id(),
        process_id: record.reference("process_id")?,
        code: record.text("code").to_owned(),
        position: record.int("position")?,
        outcome: Outcome::from_code(record.text("kind"))?,
        win_chance: record.get("win_chance").as_number().unwrap_or_default(),
        standard_days: record.int("standard_days"),
        funnel_level: FunnelLevel::from_code(record.text("funnel_level")),
    })
}
