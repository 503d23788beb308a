//! A notification in a person's words.

use platform::access::Access;
use platform::db::col;
use platform::problem::Result;
use rules::value::Value;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, ExprTrait, Query, SelectStatement};
use serde_json::json;
use uuid::Uuid;

/// A notification as it is kept.
pub struct Said {
    pub id: Uuid,
    pub kind: String,
    /// Milliseconds UTC.
    pub at: i64,
    pub resource: Option<String>,
    pub record_id: Option<Uuid>,
    label: Option<String>,
    pub actor_id: Option<Uuid>,
    excerpt: Option<String>,
    verb: Option<String>,
    count: i64,
    pub is_read: bool,
    pub person_id: Uuid,
}

const COLUMNS: [&str; 12] = [
    "id",
    "kind",
    "at",
    "resource",
    "record_id",
    "label",
    "actor_id",
    "excerpt",
    "verb",
    "record_count",
    "read_at",
    "person_id",
];

impl Said {
    pub fn select() -> SelectStatement {
        Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("notification"))
            .to_owned()
    }

    pub fn read(row: &QueryResult) -> Result<Said> {
        Ok(Said {
            id: row.try_get_by_index(0)?,
            kind: row.try_get_by_index(1)?,
            at: row.try_get_by_index(2)?,
            resource: row.try_get_by_index(3)?,
            record_id: row.try_get_by_index(4)?,
            label: row.try_get_by_index(5)?,
            actor_id: row.try_get_by_index(6)?,
            excerpt: row.try_get_by_index(7)?,
            verb: row.try_get_by_index(8)?,
            count: row.try_get_by_index(9)?,
            is_read: row.try_get_by_index::<Option<i64>>(10)?.is_some(),
            person_id: row.try_get_by_index(11)?,
        })
    }

    /// The notification if it is still there and its person hasn't seen it.
    pub async fn unread(access: &Access, id: Uuid) -> Result<Option<Said>> {
        let select = Said::select().and_where(col("id").eq(id)).to_owned();
        let said = access
            .row(&select)
            .await?
            .map(|row| Said::read(&row))
            .transpose()?;
        Ok(said.filter(|said| !said.is_read))
    }

    /// What happened, in the language and within the field rules of the person who is told.
    pub fn text(&self, access: &Access) -> String {
        let catalog = &access.app.catalog;
        let language = access.actor.language.as_str();
        let directory = access.app.directory();
        let someone = catalog.text(language, "notifications.system", &json!({}));
        let actor = self
            .actor_id
            .and_then(|id| directory.name(id))
            .unwrap_or(&someone);
        let action = self.verb.as_ref().map(|verb| {
            let known = catalog.find(language, &format!("ledger.actions.{verb}"));
            known.map_or_else(
                || catalog.text(language, "ledger.actions.update", &json!({})),
                str::to_owned,
            )
        });
        let has_own = |form: &String| {
            let key = format!("notifications.texts.{form}");
            catalog.find(language, &key).is_some()
        };
        let own = self
            .verb
            .as_ref()
            .map(|verb| format!("{}_{verb}", self.kind));
        let form = match own.filter(has_own) {
            Some(own) => own,
            None if self.count > 1 => format!("{}_many", self.kind),
            None => self.kind.clone(),
        };
        catalog.text(
            language,
            &format!("notifications.texts.{form}"),
            &json!({
                "actor": actor,
                "label": self.shown_label(access),
                "excerpt": self.excerpt.as_deref().unwrap_or_default(),
                "action": action.unwrap_or_default(),
                "count": self.count,
            }),
        )
    }

    /// The page that it is about, as a path.
    pub fn path(&self) -> String {
        match (&self.resource, self.record_id) {
            (Some(resource), Some(id)) => format!("/{resource}/{id}"),
            _ => "/".into(),
        }
    }

    /// A field rule holds for the name of a record in a notification, too.
    fn shown_label(&self, access: &Access) -> String {
        let label = self.label.clone().unwrap_or_default();
        let registry = access.app.registry();
        let resource = self.resource.as_ref().and_then(|name| registry.get(name));
        let Some(resource) = resource else {
            return label;
        };
        let Some(field) = resource.field(&resource.label_field) else {
            return label;
        };
        match access.shown(resource, field, &Value::Text(label)) {
            Some(Value::Text(label)) => label,
            _ => String::new(),
        }
    }
}
