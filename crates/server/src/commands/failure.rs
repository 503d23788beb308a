//! Why a command was not done, in words for the terminal.

use platform::files::Unavailable;
use platform::problem::Problem;
use sea_orm::DbErr;

/// A message for whoever typed the command.
#[derive(Debug)]
pub struct Failure(String);

pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub fn new(text: impl Into<String>) -> Failure {
        Failure(text.into())
    }

    pub fn other(error: impl std::fmt::Display) -> Failure {
        Failure(error.to_string())
    }

    pub fn from_db(error: &DbErr) -> Failure {
        match error {
            DbErr::Custom(text) => Failure(text.clone()),
            other => Failure(other.to_string()),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        let Ok(catalog) = crate::features::catalog() else {
            return Failure(problem.to_string());
        };
        let mut text = catalog.text("en", &format!("problems.{}", problem.code), &problem.params);
        for error in &problem.errors {
            let words = catalog.text("en", &format!("problems.{}", error.code), &error.params);
            text.push_str(&format!(
                "\n  {}: {words}",
                error.pointer.trim_start_matches('/')
            ));
        }
        Failure(text)
    }
}

impl From<Unavailable> for Failure {
    fn from(why: Unavailable) -> Failure {
        Failure(why.to_string())
    }
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Failure {
        Failure::from_db(&error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure(error.to_string())
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        Failure(error.to_string())
    }
}
