//! Teams, people, products: what the invented company is before it has a customer.

use std::collections::HashMap;
use std::sync::Arc;

use demo::Company;
use platform::access::Access;
use platform::app::App;
use platform::problem::Result;
use platform::write::Cause;
use rules::value::Value;
use uuid::Uuid;

use super::records::record;
use crate::organisation::{ADMINISTRATOR, roles};
use crate::sign_in::password;

/// Somebody who can sign in to the invented company.
pub struct SignIn {
    pub email: String,
    pub password: String,
    pub role: &'static str,
    pub name: String,
}

/// Who gets a password: one of each role. The administrator is the first of the support people.
struct Chosen {
    role: &'static str,
    person: Uuid,
}

fn chosen(company: &Company) -> Vec<Chosen> {
    let here = |person: &&demo::Person| person.left_on.is_none();
    let of_role = |role: &'static str| {
        company
            .people
            .iter()
            .filter(here)
            .find(move |person| person.role == role)
    };
    let by_title = |title: &str| {
        company
            .people
            .iter()
            .filter(here)
            .find(|person| person.title == title)
    };
    // A director of a region shows more of scopes than the one above everybody.
    let director = by_title("大区总监").or_else(|| of_role("director"));
    // A salesperson of the kind that most are, who has something to show.
    let salesperson = company
        .people
        .iter()
        .filter(here)
        .find(|person| person.archetype == Some(demo::Archetype::Steady))
        .or_else(|| of_role("salesperson"));
    [
        ("director", director),
        ("supervisor", of_role("supervisor")),
        ("salesperson", salesperson),
        (ADMINISTRATOR, of_role("support")),
    ]
    .into_iter()
    .filter_map(|(role, person)| {
        Some(Chosen {
            role,
            person: person?.id,
        })
    })
    .collect()
}

/// Length of a demo password: 80 random bits.
const PASSWORD: usize = 20;

pub async fn load(app: &Arc<App>, company: &Company) -> Result<Vec<SignIn>> {
    roles::seed(app, "zh-CN").await?;
    let access = Access::system(app, "demo company");
    let role_ids: HashMap<String, Uuid> = app
        .directory()
        .roles
        .values()
        .filter_map(|role| Some((role.code.clone()?, role.id)))
        .collect();
    let chosen = chosen(company);
    let mut sign_ins = Vec::new();
    let mut write = access.write_as(Cause::Load).await?;
    let teams = access.resource("teams")?;
    for team in &company.teams {
        let values = [
            ("id", team.id.into()),
            ("created_at", team.created_at.into()),
            ("name", team.name.as_str().into()),
            ("code", team.code.as_str().into()),
            ("parent_id", team.parent_id.into()),
            ("manager_id", team.manager_id.into()),
            ("region", team.region.as_deref().into()),
            ("kind", team.kind.into()),
        ];
        write.create_record(record(&teams, values)).await?;
    }
    let people = access.resource("people")?;
    for person in &company.people {
        let mut codes = vec![person.role];
        let sign_in = chosen.iter().find(|chosen| chosen.person == person.id);
        if sign_in.is_some_and(|chosen| chosen.role == ADMINISTRATOR) {
            codes.push(ADMINISTRATOR);
        }
        let ids = codes
            .iter()
            .filter_map(|code| role_ids.get(*code))
            .map(Uuid::to_string)
            .collect();
        let values = [
            ("id", person.id.into()),
            ("created_at", person.created_at.into()),
            ("name", person.name.as_str().into()),
            ("email", person.email.as_str().into()),
            ("mobile", person.mobile.as_str().into()),
            ("title", person.title.into()),
            ("team_id", person.team_id.into()),
            ("supervisor_id", person.supervisor_id.into()),
            ("role_ids", Value::List(ids)),
            ("hired_on", person.hired_on.into()),
            ("left_on", person.left_on.into()),
            ("language", person.language.into()),
            ("time_zone", person.time_zone.into()),
            ("is_active", person.left_on.is_none().into()),
        ];
        write.create_record(record(&people, values)).await?;
        if let Some(chosen) = sign_in {
            let secret: String = platform::clock::new_secret()
                .chars()
                .take(PASSWORD)
                .collect();
            let hash = password::hash(secret.clone()).await?;
            password::store(&mut write, person.id, hash).await?;
            sign_ins.push(SignIn {
                email: person.email.clone(),
                password: secret,
                role: chosen.role,
                name: person.name.clone(),
            });
        }
    }
    catalogue(&mut write, &access, company).await?;
    crate::settings::set(&mut write, "company_name", company.name).await?;
    write.commit().await?;
    sign_ins.sort_by_key(|sign_in| chosen.iter().position(|chosen| chosen.role == sign_in.role));
    Ok(sign_ins)
}

async fn catalogue(
    write: &mut platform::write::Write,
    access: &Access,
    company: &Company,
) -> Result<()> {
    let lines = access.resource("product_lines")?;
    for line in &company.product_lines {
        let values = [
            ("id", line.id.into()),
            ("created_at", line.created_at.into()),
            ("name", line.name.into()),
            ("code", line.code.into()),
        ];
        write.create_record(record(&lines, values)).await?;
    }
    let products = access.resource("products")?;
    for product in &company.products {
        let values = [
            ("id", product.id.into()),
            ("created_at", product.created_at.into()),
            ("name", product.name.into()),
            ("code", product.code.into()),
            ("line_id", product.line_id.into()),
            ("unit", product.unit.into()),
            ("list_price", product.list_price_minor.into()),
            ("floor_price", product.floor_price_minor.into()),
            ("state", product.state.into()),
        ];
        write.create_record(record(&products, values)).await?;
    }
    Ok(())
}
