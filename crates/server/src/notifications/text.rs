//! What a notification says, in its reader's language.

use platform::access::Access;
use rules::value::Value;
use serde_json::json;
use uuid::Uuid;

pub struct Said<'a> {
    pub kind: &'a str,
    pub resource: Option<&'a str>,
    pub label: String,
    pub actor: Option<Uuid>,
    pub excerpt: String,
    pub verb: Option<&'a str>,
    pub count: i64,
}

pub fn of(reader: &Access, said: &Said) -> String {
    let catalog = &reader.app.catalog;
    let language = reader.actor.language.as_str();
    let directory = reader.app.directory();
    let someone = catalog.text(language, "notifications.system", &json!({}));
    let actor = said
        .actor
        .and_then(|id| directory.name(id))
        .unwrap_or(&someone);
    let action = said.verb.map(|verb| {
        let known = catalog.find(language, &format!("ledger.actions.{verb}"));
        known.map_or_else(
            || catalog.text(language, "ledger.actions.update", &json!({})),
            str::to_owned,
        )
    });
    let own = said.verb.map(|verb| format!("{}_{verb}", said.kind));
    let has_own = |form: &String| {
        catalog
            .find(language, &format!("notifications.texts.{form}"))
            .is_some()
    };
    let form = match own.filter(has_own) {
        Some(own) => own,
        None if said.count > 1 => format!("{}_many", said.kind),
        None => said.kind.to_owned(),
    };
    catalog.text(
        language,
        &format!("notifications.texts.{form}"),
        &json!({
            "actor": actor,
            "label": shown_label(reader, said.resource, said.label.clone()),
            "excerpt": said.excerpt,
            "action": action.unwrap_or_default(),
            "count": said.count,
        }),
    )
}

/// A field rule holds for the name of a record in a notification, too.
fn shown_label(reader: &Access, resource: Option<&str>, label: String) -> String {
    let registry = reader.app.registry();
    let Some(resource) = resource.and_then(|name| registry.get(name)) else {
        return label;
    };
    let Some(field) = resource.field(&resource.label_field) else {
        return label;
    };
    match reader.shown(resource, field, &Value::Text(label)) {
        Some(Value::Text(label)) => label,
        _ => String::new(),
    }
}
