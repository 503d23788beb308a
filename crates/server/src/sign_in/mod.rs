//! Signing in: sessions, passwords, one-time links, API tokens, and looking as another person.

pub mod links;
mod me;
pub mod password;
mod previews;
mod sessions;
pub mod setup;
pub(crate) mod throttle;
mod tokens;

use platform::web::Routes;

pub use me::me_json;

pub fn routes() -> Routes {
    Routes::default()
        .merge(sessions::routes())
        .merge(setup::routes())
        .merge(links::routes())
        .merge(me::routes())
        .merge(tokens::routes())
        .merge(previews::routes())
}
