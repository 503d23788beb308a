//! The processes of the database by code, as the invented company names them.

use std::collections::HashMap;

use platform::access::Access;
use platform::problem::{Problem, Result};
use rules::permission::Action;
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
