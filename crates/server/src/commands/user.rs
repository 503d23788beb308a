//! `user`: people who may sign in, for whoever has the server but no session.

use std::io::Read;
use std::sync::Arc;

use clap::{Args, Subcommand};
use platform::access::Access;
use platform::app::App;
use rules::value::{Changes, Value};
use serde_json::json;
use uuid::Uuid;

use super::{Failure, Outcome, PlaceArgs, place, say};
use crate::organisation::roles;
use crate::sign_in::{links, password};

const EXAMPLES: &str = "\
Examples:
  chengdan user list
  chengdan user create --email li@example.com --name 李明 --role salesperson
  printf %s \"$PASSWORD\" | chengdan user create --email it@example.com --name IT --role administrator --password-stdin
  chengdan user reset-link li@example.com --base-url https://crm.example.com
  chengdan user deactivate li@example.com

The shipped roles are salesperson, supervisor, director, support and administrator; a role's name does as well as its code.
Works while the server runs.";

/// List and create people who may sign in, and help those who can't
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct UserArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Everybody, one per line: e-mail, name, roles, active or not
    List {
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Add a person; without a password, a one-time link to set one is printed
    Create(Create),
    /// Print a one-time link with which the person sets a new password
    ResetLink {
        /// The person's e-mail
        email: String,
        /// The address that people use, for the link
        #[arg(long, env = "CHENGDAN_BASE_URL", value_name = "URL")]
        base_url: Option<String>,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// End the person's sessions and keep them out; their records stay
    Deactivate {
        /// The person's e-mail
        email: String,
        #[command(flatten)]
        place: PlaceArgs,
    },
}

#[derive(Args, Debug)]
struct Create {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// Code or name of a role; may be given more than once
    #[arg(long, required = true)]
    role: Vec<String>,
    /// Code or name of the team
    #[arg(long)]
    team: Option<String>,
    /// Language of the UI: zh-CN or en
    #[arg(long, default_value = "zh-CN")]
    language: String,
    /// Read the password from stdin, so that no list of processes shows it
    #[arg(long)]
    password_stdin: bool,
    /// The address that people use, for the link
    #[arg(long, env = "CHENGDAN_BASE_URL", value_name = "URL")]
    base_url: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
}

pub async fn run(args: UserArgs) -> Outcome {
    match args.what {
        What::List { place } => {
            let app = place::app(&place.existing()?).await?;
            list(&app)?;
            Ok(app.db.clone().close().await?)
        }
        What::Create(args) => {
            let app = place::app(&args.place.place()?).await?;
            create(&app, &args).await?;
            Ok(app.db.clone().close().await?)
        }
        What::ResetLink {
            email,
            base_url,
            place,
        } => {
            let app = place::app(&place.existing()?).await?;
            reset_link(&app, find(&app, &email)?, base_url).await?;
            Ok(app.db.clone().close().await?)
        }
        What::Deactivate { email, place } => {
            let app = place::app(&place.existing()?).await?;
            deactivate(&app, find(&app, &email)?).await?;
            say(format!("{email} can't sign in any more"))?;
            Ok(app.db.clone().close().await?)
        }
    }
}

pub fn find(app: &App, email: &str) -> Outcome<Uuid> {
    app.directory()
        .people
        .values()
        .find(|person| {
            person
                .email
                .as_deref()
                .is_some_and(|known| known.eq_ignore_ascii_case(email.trim()))
        })
        .map(|person| person.id)
        .ok_or_else(|| {
            Failure::new(format!(
                "nobody has the e-mail {email}; see chengdan user list"
            ))
        })
}

fn list(app: &App) -> Outcome {
    let directory = app.directory();
    let mut lines: Vec<String> = directory
        .people
        .values()
        .map(|person| {
            let roles: Vec<&str> = person
                .role_ids
                .iter()
                .filter_map(|id| directory.roles.get(id))
                .map(|role| role.code.as_deref().unwrap_or(&role.name))
                .collect();
            let email = person.email.as_deref().unwrap_or("-");
            let state = if person.is_active {
                "active"
            } else {
                "inactive"
            };
            format!("{email}\t{}\t{}\t{state}", person.name, roles.join(","))
        })
        .collect();
    lines.sort();
    if lines.is_empty() {
        Ok(())
    } else {
        say(lines.join("\n"))
    }
}

async fn create(app: &Arc<App>, args: &Create) -> Outcome {
    let hash = match args.password_stdin {
        true => {
            let mut text = String::new();
            std::io::stdin().take(1_000).read_to_string(&mut text)?;
            let text = text.trim_end_matches(['\r', '\n']).to_owned();
            password::check("password", &text)?;
            Some(password::hash(text).await?)
        }
        false => None,
    };
    if app.directory().roles.is_empty() {
        roles::seed(app, &args.language).await?;
        crate::opportunities::processes::seed(app, &args.language).await?;
    }
    let directory = app.directory();
    let mut role_ids = Vec::new();
    for wanted in &args.role {
        let role = directory
            .roles
            .values()
            .find(|role| role.code.as_deref() == Some(wanted) || role.name == *wanted)
            .ok_or_else(|| {
                let known: Vec<&str> = directory
                    .roles
                    .values()
                    .map(|role| role.code.as_deref().unwrap_or(&role.name))
                    .collect();
                Failure::new(format!("no role {wanted}; there are {}", known.join(", ")))
            })?;
        role_ids.push(role.id.to_string());
    }
    let access = Access::system(app, "command line");
    let people = access.resource("people")?;
    let given = json!({ "name": args.name, "email": args.email, "language": args.language });
    let given = given.as_object().cloned().unwrap_or_default();
    let mut changes: Changes = access.parse(&people, &given, true)?;
    changes.insert("role_ids".into(), Value::List(role_ids));
    if let Some(wanted) = &args.team {
        changes.insert("team_id".into(), Value::Id(team(app, wanted).await?));
    }
    let mut write = access.write().await?;
    let person = write.create(&people, changes).await?;
    let has_password = hash.is_some();
    if let Some(hash) = hash {
        password::store(&mut write, person.id(), hash).await?;
    }
    write.commit().await?;
    say(format!("{} was added", args.email))?;
    if has_password {
        Ok(())
    } else {
        reset_link(app, person.id(), args.base_url.clone()).await
    }
}

async fn team(app: &Arc<App>, wanted: &str) -> Outcome<Uuid> {
    use sea_orm::sea_query::ExprTrait;
    let access = Access::system(app, "command line");
    let teams = access.resource("teams")?;
    let mut select = access.select(&teams, rules::permission::Action::Read)?;
    select.and_where(
        teams
            .column("code")
            .eq(wanted)
            .or(teams.column("name").eq(wanted)),
    );
    let found = access.records(&teams, &select).await?;
    match found.as_slice() {
        [team] => Ok(team.id()),
        [] => Err(Failure::new(format!("no team {wanted}"))),
        _ => Err(Failure::new(format!(
            "more than one team is called {wanted}; give its code"
        ))),
    }
}

async fn reset_link(app: &Arc<App>, person: Uuid, base_url: Option<String>) -> Outcome {
    let mut write = Access::system(app, "command line").write().await?;
    let secret = links::issue_reset(&mut write, person).await?;
    write.commit().await?;
    let base = base_url.unwrap_or_else(|| app.options.base_url.clone());
    let base = if base.is_empty() {
        "http://127.0.0.1:8080"
    } else {
        base.trim_end_matches('/')
    };
    say(format!("For 24 hours, once: {base}/reset?token={secret}"))
}

async fn deactivate(app: &Arc<App>, person: Uuid) -> Outcome {
    let access = Access::system(app, "command line");
    let people = access.resource("people")?;
    let mut write = access.write().await?;
    let changes = Changes::from([("is_active".into(), Value::Bool(false))]);
    write.update(&people, person, None, changes).await?;
    write.commit().await?;
    Ok(())
}
