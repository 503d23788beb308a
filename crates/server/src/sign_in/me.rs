//! Me: who is signed in, what they may do, and their own settings.

use std::collections::BTreeMap;

use axum::response::Response;
use platform::access::Access;
use platform::problem::{Problem, Result};
use platform::web::{Body, Doc, Language, Routes, json, no_content};
use rules::permission::Action;
use rules::value::{Changes, Value};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::password;

pub fn routes() -> Routes {
    Routes::default()
        .patch(
            "/api/me",
            Doc::new("sign_in", "Change my own settings")
                .body::<MyChanges>()
                .answers::<Me>(),
            change,
        )
        .post(
            "/api/me/password",
            Doc::new("sign_in", "Change my password")
                .body::<NewPassword>()
                .status(204),
            set_password,
        )
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    person: MePerson,
    roles: Vec<Named>,
    is_admin: bool,
    /// Resource → actions that I may do to at least some records.
    can: BTreeMap<String, Vec<&'static str>>,
    preview: Option<PreviewedBy>,
    unread_notifications: i64,
    company_name: String,
    currency: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct MePerson {
    id: Uuid,
    name: String,
    email: Option<String>,
    mobile: Option<String>,
    title: Option<String>,
    team_id: Option<Uuid>,
    team_name: Option<String>,
    #[schema(value_type = Language)]
    language: String,
    time_zone: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct Named {
    id: Uuid,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct PreviewedBy {
    by_id: Uuid,
    by_name: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MyChanges {
    #[serde(default, deserialize_with = "given")]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    language: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    time_zone: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    mobile: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    title: Option<Option<String>>,
}

/// A field that is there, be it null: absent fields stay, null empties.
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    current: String,
    new: String,
}

pub async fn me_json(access: &Access) -> Result<Me> {
    let app = &access.app;
    let directory = app.directory();
    let person = directory
        .people
        .get(&access.actor.person_id)
        .ok_or_else(Problem::not_signed_in)?;
    let registry = app.registry();
    let names = registry
        .iter()
        .map(|resource| resource.name.as_str())
        .chain(["audit", "settings"]);
    let can = names
        .filter_map(|name| {
            let mut actions = access.actor.permissions.actions(name);
            if access.actor.read_only {
                actions.retain(|action| matches!(action, Action::Read | Action::Export));
            }
            (!actions.is_empty()).then(|| {
                (
                    name.to_owned(),
                    actions.into_iter().map(Action::name).collect(),
                )
            })
        })
        .collect();
    let unread = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(Alias::new("notification"))
        .and_where(Expr::col(Alias::new("person_id")).eq(person.id))
        .and_where(Expr::col(Alias::new("read_at")).is_null())
        .to_owned();
    let unread_notifications = match access.row(&unread).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    let settings = app.settings();
    Ok(Me {
        roles: person
            .role_ids
            .iter()
            .filter_map(|id| directory.roles.get(id))
            .map(|role| Named {
                id: role.id,
                name: role.name.clone(),
            })
            .collect(),
        is_admin: access
            .actor
            .permissions
            .allows("settings", Action::Configure),
        can,
        preview: access.actor.preview_by.map(|by| PreviewedBy {
            by_id: by,
            by_name: directory.name(by).unwrap_or_default().to_owned(),
        }),
        unread_notifications,
        company_name: settings.company_name.clone(),
        currency: settings.currency.clone(),
        person: MePerson {
            id: person.id,
            name: person.name.clone(),
            email: person.email.clone(),
            mobile: person.mobile.clone(),
            title: person.title.clone(),
            team_id: person.team_id,
            team_name: person
                .team_id
                .and_then(|team| directory.teams.get(&team))
                .map(|team| team.name.clone()),
            language: person.language.clone(),
            time_zone: person
                .time_zone
                .clone()
                .unwrap_or_else(|| app.clock.zone().name().to_owned()),
        },
    })
}

/// Anybody may change these of themselves, whatever their roles say of people.
async fn change(access: Access, Body(body): Body<MyChanges>) -> Result<Response> {
    access.require_writable()?;
    let resource = access.resource("people")?;
    let fields = [
        ("name", body.name),
        ("language", body.language),
        ("time_zone", body.time_zone),
        ("mobile", body.mobile),
        ("title", body.title),
    ];
    let given = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?).to_json())));
    let changes: Changes = access.parse(&resource, &given.collect(), false)?;
    let mut write = access.write().await?;
    let before = write
        .lock(&resource, access.actor.person_id)
        .await?
        .ok_or_else(Problem::not_found)?;
    write.apply("update", before, changes).await?;
    write.commit().await?;
    json(&me_json(&access).await?)
}

async fn set_password(access: Access, Body(body): Body<NewPassword>) -> Result<Response> {
    access.require_writable()?;
    password::check("new", &body.new)?;
    let select = Query::select()
        .column(Alias::new("password_hash"))
        .from(Alias::new("credential"))
        .and_where(Expr::col(Alias::new("person_id")).eq(access.actor.person_id))
        .to_owned();
    let stored = access
        .row(&select)
        .await?
        .map(|row| row.try_get_by_index::<String>(0))
        .transpose()?;
    if !password::verify(body.current, stored).await? {
        return Err(Problem::field("current", "wrong_password"));
    }
    let hash = password::hash(body.new).await?;
    let mut write = access.write().await?;
    password::store(&mut write, access.actor.person_id, hash).await?;
    if let platform::access::Source::Session(current) = access.actor.source {
        let others = Query::delete()
            .from_table(Alias::new("session"))
            .and_where(Expr::col(Alias::new("person_id")).eq(access.actor.person_id))
            .and_where(Expr::col(Alias::new("id")).ne(current))
            .to_owned();
        write.execute(&others).await?;
    }
    write.commit().await?;
    Ok(no_content())
}
