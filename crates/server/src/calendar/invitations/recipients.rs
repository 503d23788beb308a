//! Who gets an invitation: our people who take part, and the customer's contacts.

use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use sea_orm::sea_query::{Alias, ExprTrait, Order, Query};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipient {
    pub name: String,
    pub email: String,
    pub language: String,
    /// One of ours, who may open the record.
    pub is_ours: bool,
}

/// Everybody with an address who is invited to an activity; its owner is not, who has it anyway.
pub(super) async fn of(write: &mut Write, record: &Record) -> Result<Vec<Recipient>> {
    let directory = write.access.app.directory();
    let owner = record.reference("owner_id");
    let mut found: Vec<Recipient> = Vec::new();
    for id in record.get("participant_ids").as_ids() {
        let person = directory
            .people
            .get(&id)
            .filter(|person| person.is_active && Some(id) != owner);
        if let Some((person, email)) =
            person.and_then(|person| Some((person, person.email.clone()?)))
        {
            found.push(Recipient {
                name: person.name.clone(),
                email,
                language: person.language.clone(),
                is_ours: true,
            });
        }
    }
    let contacts: Vec<Uuid> = record.get("contact_ids").as_ids();
    if contacts.is_empty() {
        return Ok(found);
    }
    let select = Query::select()
        .columns(["name", "email"].map(Alias::new))
        .from(Alias::new("contact"))
        .and_where(platform::db::col("id").is_in(contacts))
        .and_where(platform::db::col("email").is_not_null())
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    // Nobody has asked a contact for their language; they read what whoever invites them writes.
    let language = match write.access.actor.is_system() {
        true => owner.and_then(|id| directory.people.get(&id)).map_or_else(
            || platform::i18n::LANGUAGES[0].to_owned(),
            |p| p.language.clone(),
        ),
        false => write.access.actor.language.clone(),
    };
    for row in write.rows(&select).await? {
        let email: String = row.try_get_by_index(1)?;
        if found.iter().all(|known| known.email != email) {
            found.push(Recipient {
                name: row.try_get_by_index(0)?,
                email,
                language: language.clone(),
                is_ours: false,
            });
        }
    }
    Ok(found)
}
