//! What is compared with a second reckoning in memory: closures, roles of people.

use std::collections::HashSet;
use std::sync::Arc;

use platform::app::App;
use platform::directory::Directory;
use sea_orm::sea_query::{Alias, Query};
use uuid::Uuid;

use super::Findings;
use crate::commands::Outcome;

pub async fn look(app: &Arc<App>, findings: &mut Findings) -> Outcome {
    let directory = app.directory();
    let teams = closure(app, "team_closure", &directory.team_closure()).await?;
    findings.add("teams", teams);
    let command = closure(app, "command_closure", &directory.command_closure()).await?;
    findings.add("line of command", command);
    findings.add("roles", roles(&directory));
    Ok(())
}

async fn closure(app: &App, table: &str, wanted: &HashSet<(Uuid, Uuid)>) -> Outcome<Vec<String>> {
    let select = Query::select()
        .columns(["ancestor_id", "descendant_id"].map(Alias::new))
        .from(Alias::new(table))
        .to_owned();
    let mut known = HashSet::new();
    for row in app.db.all(&select).await? {
        known.insert((
            row.try_get_by_index::<Uuid>(0)?,
            row.try_get_by_index::<Uuid>(1)?,
        ));
    }
    let missing = wanted.difference(&known).count();
    let extra = known.difference(wanted).count();
    Ok(match (missing, extra) {
        (0, 0) => Vec::new(),
        _ => vec![format!(
            "{table} lacks {missing} pairs and has {extra} that are wrong"
        )],
    })
}

fn roles(directory: &Directory) -> Vec<String> {
    directory
        .people
        .values()
        .filter(|person| {
            person
                .role_ids
                .iter()
                .any(|role| !directory.roles.contains_key(role))
        })
        .map(|person| format!("person {} has a role that does not exist", person.id))
        .collect()
}
