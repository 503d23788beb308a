//! Kinds of activities: those that ship, what may change of them, and all of them at hand in a write.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use platform::access::Access;
use platform::app::App;
use platform::kept::Definitions;
use platform::problem::{Problem, Result};
use platform::resource::Record;
use platform::write::{Rules, Write};
use rules::activities::Family;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Alias, Query, SelectStatement};
use serde_json::json;
use uuid::Uuid;

/// A kind that ships with the product.
pub struct ShippedKind {
    pub code: &'static str,
    /// In Chinese and English.
    pub name: [&'static str; 2],
    pub family: Family,
    pub minutes: i64,
}

const fn shipped(
    code: &'static str,
    family: Family,
    minutes: i64,
    name: [&'static str; 2],
) -> ShippedKind {
    ShippedKind {
        code,
        name,
        family,
        minutes,
    }
}

/// In the order in which people choose from them.
pub const SHIPPED_KINDS: [ShippedKind; 12] = [
    shipped("first", Family::Visit, 60, ["初访", "First visit"]),
    shipped("presentation", Family::Visit, 90, ["说明", "Presentation"]),
    shipped("closing", Family::Visit, 90, ["促成", "Closing"]),
    shipped(
        "appointment",
        Family::Appointment,
        10,
        ["约访", "Appointment"],
    ),
    shipped(
        "collection",
        Family::ReturnVisit,
        45,
        ["收费", "Collection"],
    ),
    shipped(
        "coordination",
        Family::ReturnVisit,
        45,
        ["协调", "Coordination"],
    ),
    shipped("survey", Family::ReturnVisit, 45, ["调研", "Survey"]),
    shipped("service", Family::ReturnVisit, 45, ["服务", "Service"]),
    shipped("call", Family::Call, 15, ["电话", "Call"]),
    shipped("meeting", Family::Meeting, 60, ["会议", "Meeting"]),
    shipped("event", Family::Event, 120, ["促销活动", "Promotion event"]),
    shipped("task", Family::Task, 30, ["任务", "Task"]),
];

/// Longest usual length, a day.
const MINUTES_MAX: i64 = 1_440;

impl ShippedKind {
    /// The same id in every database, so that files and programs can name a kind without asking.
    pub fn id(&self) -> Uuid {
        let position = SHIPPED_KINDS
            .iter()
            .position(|kind| kind.code == self.code)
            .unwrap_or_default();
        Uuid::from_u128(0x0190_0000_0000_7000_8001_0000_0000_0001 + position as u128)
    }
}

/// A shipped kind is renamed or put aside, never another one.
pub struct Kinds;

#[async_trait]
impl Rules for Kinds {
    async fn before(
        &self,
        _write: &mut Write,
        before: Option<&Record>,
        after: Option<&mut Record>,
    ) -> Result<()> {
        let ships = before.is_some_and(|before| {
            SHIPPED_KINDS
                .iter()
                .any(|kind| kind.code == before.text("code"))
        });
        let Some(after) = after else {
            return if ships {
                Err(Problem::rule("kind_is_built_in"))
            } else {
                Ok(())
            };
        };
        if let (true, Some(before)) = (ships, before) {
            for field in ["code", "family"] {
                if before.get(field) != after.get(field) {
                    return Err(Problem::field(field, "kind_is_built_in"));
                }
            }
        }
        if after
            .int("default_minutes")
            .is_some_and(|minutes| !(1..=MINUTES_MAX).contains(&minutes))
        {
            return Err(Problem::field_with(
                "default_minutes",
                "out_of_range",
                json!({ "min": 1, "max": MINUTES_MAX }),
            ));
        }
        Ok(())
    }

    async fn after(
        &self,
        write: &mut Write,
        _before: Option<&Record>,
        _after: Option<&Record>,
    ) -> Result<()> {
        write.memory.take::<Catalogue>();
        Ok(())
    }
}

#[derive(Debug, Clone)]
pub struct Kind {
    pub id: Uuid,
    pub code: String,
    name: String,
    name_en: Option<String>,
    pub family: Family,
    pub default_minutes: Option<i64>,
    pub is_active: bool,
}

impl Kind {
    /// What it is called in a person's language.
    pub fn name(&self, language: &str) -> &str {
        match &self.name_en {
            Some(english) if language == platform::i18n::LANGUAGES[1] => english,
            _ => &self.name,
        }
    }
}

/// All kinds.
#[derive(Debug, Default)]
pub struct Catalogue(HashMap<Uuid, Arc<Kind>>);

impl Catalogue {
    pub async fn of(write: &mut Write) -> Result<Arc<Catalogue>> {
        write.definitions().await
    }

    /// All kinds, outside of a write.
    pub async fn all(access: &Access) -> Result<Arc<Catalogue>> {
        access.definitions().await
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.0.values()
    }

    pub fn get(&self, id: Uuid) -> Option<&Arc<Kind>> {
        self.0.get(&id)
    }
}

impl Definitions for Catalogue {
    const RESOURCES: &'static [&'static str] = &["activity_kinds"];

    fn select(_app: &App) -> Result<SelectStatement> {
        let columns = [
            "id",
            "code",
            "name",
            "name_en",
            "family",
            "default_minutes",
            "is_active",
        ];
        Ok(Query::select()
            .columns(columns.map(Alias::new))
            .from(Alias::new("activity_kind"))
            .to_owned())
    }

    fn read(_app: &App, rows: &[QueryResult]) -> Result<Catalogue> {
        let mut kinds = HashMap::new();
        for row in rows {
            let family: String = row.try_get_by_index(4)?;
            let kind = Kind {
                id: row.try_get_by_index(0)?,
                code: row.try_get_by_index(1)?,
                name: row.try_get_by_index(2)?,
                name_en: row.try_get_by_index(3)?,
                family: Family::from_code(&family).unwrap_or(Family::Other),
                default_minutes: row.try_get_by_index(5)?,
                is_active: row.try_get_by_index(6)?,
            };
            kinds.insert(kind.id, Arc::new(kind));
        }
        Ok(Catalogue(kinds))
    }
}
