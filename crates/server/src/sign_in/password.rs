//! Passwords: Argon2id, checked off the async threads.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use platform::problem::{Problem, Result};
use platform::write::Write;
use sea_orm::sea_query::{Alias, Expr, OnConflict, Query};
use uuid::Uuid;

/// NIST SP 800-63B asks for at least 8; 10 keeps guessing hopeless without rules on characters.
pub const LENGTH_MIN: usize = 10;
const LENGTH_MAX: usize = 200;

/// A hash of nothing anybody knows, so that an unknown account costs as long as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$7Pgjv7yNFpOYvFgwCHxAuVN4pKz/2r3JZJ9GmqmOSN0";

pub fn check(field: &str, password: &str) -> Result<()> {
    let length = password.chars().count();
    if length < LENGTH_MIN {
        return Err(Problem::field_with(
            field,
            "password_too_short",
            serde_json::json!({ "min": LENGTH_MIN }),
        ));
    }
    if length > LENGTH_MAX {
        return Err(Problem::field_with(
            field,
            "too_long",
            serde_json::json!({ "max": LENGTH_MAX }),
        ));
    }
    Ok(())
}

pub async fn hash(password: String) -> Result<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(Problem::internal)
    })
    .await
    .map_err(Problem::internal)?
}

/// Whether the password fits the stored hash; without one it takes as long and fails.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool> {
    tokio::task::spawn_blocking(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.into());
        let Ok(hash) = PasswordHash::new(&stored) else {
            return false;
        };
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
            && known
    })
    .await
    .map_err(Problem::internal)
}

/// Stores a hashed password; all sessions of the person end, except those the caller keeps.
pub async fn store(write: &mut Write, person: Uuid, hash: String) -> Result<()> {
    let insert = Query::insert()
        .into_table(Alias::new("credential"))
        .columns(["person_id", "password_hash", "changed_at"].map(Alias::new))
        .values_panic([Expr::val(person), Expr::val(hash), Expr::val(write.now)])
        .on_conflict(
            OnConflict::column(Alias::new("person_id"))
                .update_columns(["password_hash", "changed_at"].map(Alias::new))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    write.note("sessions", person, "password_set", serde_json::json!({}));
    Ok(())
}
