//! Who acts: a person in a session, by a token, or the product itself.

use std::collections::HashMap;

use rules::permission::Permissions;
use uuid::Uuid;

/// What a share of one record allows.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    Read,
    Edit,
}

/// From where a change comes; the ledger keeps it.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    Session(Uuid),
    Token(Uuid),
    /// An import that runs in the background for the person who started it.
    Import(Uuid),
    /// The product, with the reason.
    System(&'static str),
}

#[derive(Debug, Clone)]
pub struct Actor {
    pub person_id: Uuid,
    pub name: String,
    pub language: String,
    pub team_id: Option<Uuid>,
    pub permissions: Permissions,
    /// Records shared with the person: id → right.
    pub shares: HashMap<Uuid, Right>,
    pub source: Source,
    /// A preview session or a read token changes nothing.
    pub read_only: bool,
    /// The administrator who looks as this person.
    pub preview_by: Option<Uuid>,
}

impl Actor {
    pub fn system(reason: &'static str) -> Actor {
        Actor {
            person_id: Uuid::nil(),
            name: String::new(),
            language: "zh-CN".into(),
            team_id: None,
            permissions: Permissions::default(),
            shares: HashMap::new(),
            source: Source::System(reason),
            read_only: false,
            preview_by: None,
        }
    }
    pub fn is_system(&self) -> bool {
        matches!(self.source, Source::System(_))
    }
    /// The person to write into `created_by`; nobody for the product itself.
    pub fn person(&self) -> Option<Uuid> {
        (!self.person_id.is_nil()).then_some(self.person_id)
    }
    /// As the ledger writes it.
    pub fn source_text(&self) -> String {
        match &self.source {
            Source::Session(id) => format!("session:{id}"),
            Source::Token(id) => format!("token:{id}"),
            Source::Import(id) => format!("import:{id}"),
            Source::System(reason) => format!("system:{reason}"),
        }
    }
}
