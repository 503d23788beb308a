//! What a person may do and see.

use std::collections::HashMap;
use std::sync::Arc;

use rules::permission::Permissions;
use sea_orm::sea_query::{Alias, Condition, ExprTrait, Query};
use uuid::Uuid;

use super::{Access, Actor, Right, Source};
use crate::app::App;
use crate::db::col;
use crate::problem::{Problem, Result};

impl Actor {
    /// The actor that a person is, with the union of their roles and what is shared with them; 401 for whoever may not sign in.
    pub async fn of_person(app: &App, id: Uuid, source: Source) -> Result<Actor> {
        let directory = app.directory();
        let person = directory
            .people
            .get(&id)
            .filter(|person| person.is_active)
            .ok_or_else(Problem::not_signed_in)?;
        let roles = person
            .role_ids
            .iter()
            .filter_map(|role| directory.roles.get(role));
        let permissions = Permissions::unite(roles.map(|role| &role.grants));
        let rows = app
            .db
            .all(
                Query::select()
                    .columns(["record_id", "access"].map(Alias::new))
                    .from(Alias::new("share"))
                    .and_where(col("person_id").eq(id))
                    .cond_where(
                        Condition::any()
                            .add(col("until_on").is_null())
                            .add(col("until_on").gte(app.clock.today().to_string())),
                    ),
            )
            .await?;
        let mut shares = HashMap::new();
        for row in rows {
            let right: String = row.try_get_by_index(1)?;
            shares.insert(
                row.try_get_by_index(0)?,
                if right == "edit" {
                    Right::Edit
                } else {
                    Right::Read
                },
            );
        }
        Ok(Actor {
            person_id: id,
            name: person.name.clone(),
            language: person.language.clone(),
            team_id: person.team_id,
            permissions,
            shares,
            source,
            read_only: false,
            preview_by: None,
        })
    }
}

impl Access {
    /// The access of a person; 401 for whoever may not sign in.
    pub async fn of_person(app: &Arc<App>, person: Uuid, source: Source) -> Result<Access> {
        let actor = Actor::of_person(app, person, source).await?;
        Ok(Access::new(app.clone(), Arc::new(actor)))
    }

    /// What a person sees, for what they are told without asking; none for whoever may not sign in. Where they come from
    /// makes no difference to what they see.
    pub async fn seen_by(app: &Arc<App>, person: Uuid) -> Result<Option<Access>> {
        match Access::of_person(app, person, Source::Session(Uuid::nil())).await {
            Ok(access) => Ok(Some(access)),
            Err(problem) if problem.is_internal() => Err(problem),
            Err(_) => Ok(None),
        }
    }
}
