//! `demo`: an invented company to look around in, to show, and to measure with.

pub mod activities;
mod codes;
mod contracts;
mod load;
mod organisation;
pub mod processes;
pub mod records;

use std::sync::Arc;

use chrono::NaiveDate;
use clap::Args;
use demo::Company;
use platform::access::Access;
use platform::app::App;
use platform::db::Db;

use super::{Failure, Outcome, PlaceArgs, note, place, say, serve};

const EXAMPLES: &str = "\
Examples:
  chengdan demo --data ./demo-data                 30 people, 1,000 customers; then serves at http://127.0.0.1:8080
  chengdan demo --data ./big --scale 100 --load-only
  chengdan demo --database postgres://… --scale 10
  chengdan demo --data ./busy --scale 1000 --people 1000      1,000 people with 20,000,000 activities

It prints who can sign in, one per line: e-mail, password, role, name. Nothing in the company is real; the same seed and
day give the same company. It goes only into an empty database. Serve it again with: chengdan serve --data ./demo-data";

/// Make an invented company with two years of business, and serve it
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct DemoArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Size: 1 is 30 people, 1,000 customers, 2,000 opportunities and about 20,000 activities; 1000 is a thousand times that
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    scale: u32,
    /// People to spread the business over [default: 30 × scale]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(30..=30_000))]
    people: Option<u32>,
    /// Another number gives another company
    #[arg(long, value_name = "N", default_value_t = 7)]
    seed: u64,
    /// The day on which the history ends [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<NaiveDate>,
    /// Address and port to listen at afterwards [default: 127.0.0.1:8080]
    #[arg(long, env = "CHENGDAN_LISTEN", value_name = "ADDRESS")]
    listen: Option<String>,
    /// Stop when everything is loaded
    #[arg(long)]
    load_only: bool,
}

#[derive(serde::Serialize)]
struct Front {
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<String>,
}

pub async fn run(args: DemoArgs) -> Outcome {
    let configuration = args.place.configuration(&Front {
        listen: args.listen.clone(),
    })?;
    let listener = match args.load_only {
        true => None,
        false => Some(serve::bind(&configuration.listen).await?),
    };
    let place = configuration.place()?;
    if Db::remove_broken(&place.source())? {
        note("an earlier load was broken off; it is begun anew")?;
    }
    let app = place::app(&place).await?;
    if app.ledger_head().await? > 0 {
        return Err(Failure::new(
            "this database holds something already; the invented company goes only into an empty one",
        ));
    }
    let today = args.today.unwrap_or_else(|| app.clock.today());
    if today > app.clock.today() {
        return Err(Failure::new("the history can't end after today"));
    }
    let people = args.people.unwrap_or(30 * args.scale) as usize;
    let company = Arc::new(Company::with_people(args.scale, people, args.seed, today));
    note(format!(
        "making {} with {} people and {} customers",
        company.name,
        company.people.len(),
        company.customer_count()
    ))?;
    app.db.clone().close().await?;
    let app = place::app_to_load(&place).await?;
    let sign_ins = organisation::load(&app, &company).await?;
    customers(&app, company).await?;
    app.db.clone().close().await?;
    for sign_in in sign_ins {
        say(format!(
            "{} {} {} {}",
            sign_in.email, sign_in.password, sign_in.role, sign_in.name
        ))?;
    }
    match listener {
        Some(listener) => serve::on(place::app(&place).await?, listener).await,
        None => Ok(()),
    }
}

async fn customers(app: &Arc<App>, company: Arc<Company>) -> Outcome {
    let access = Access::system(app, "demo company");
    crate::opportunities::processes::seed(app, "zh-CN").await?;
    let shapes = records::Shapes::new(&access, processes::load(&access).await?)?;
    load::load(app, company, Arc::new(shapes)).await
}
