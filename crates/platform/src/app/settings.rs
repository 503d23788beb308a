//! The settings of the organisation.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Query};

use crate::db::Db;
use crate::problem::Result;

/// What the whole organisation shares.
#[derive(Debug, Clone)]
pub struct Settings {
    pub company_name: String,
    /// ISO 4217 code of the one base currency.
    pub currency: String,
    /// Everything that was set, by name, as JSON text; features read their own.
    pub stored: HashMap<String, String>,
}

impl Settings {
    /// Whether requests may go to addresses inside the organisation's own network.
    pub fn private_addresses(&self) -> bool {
        self.get("private_addresses").unwrap_or_default()
    }

    /// A stored setting; none when it was never set or no longer has this shape.
    pub fn get<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.stored.get(name)?).ok()
    }
}

pub(crate) async fn load(db: &Db) -> Result<Settings> {
    let rows = db
        .all(
            Query::select()
                .columns(["name", "value"].map(Alias::new))
                .from(Alias::new("setting")),
        )
        .await?;
    let mut settings = Settings {
        company_name: String::new(),
        currency: "CNY".into(),
        stored: HashMap::new(),
    };
    for row in rows {
        let name: String = row.try_get_by_index(0)?;
        let value: String = row.try_get_by_index(1)?;
        match name.as_str() {
            "company_name" => settings.company_name = value,
            "currency" => settings.currency = value,
            _ => {
                settings.stored.insert(name, value);
            }
        }
    }
    Ok(settings)
}
