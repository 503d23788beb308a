//! The roles that ship with the product. Administrators may change them and make others.

use platform::access::Access;
use platform::app::App;
use platform::problem::Result;
use platform::write::{Cause, Write};
use rules::permission::{Action, Grants, Scope};
use rules::value::{Changes, Field, Value};
use std::sync::Arc;

use Action::{Approve, Configure, Create, Delete, Edit, Export, Import, Read, Transfer};

pub const ADMINISTRATOR: &str = "administrator";

/// A person's roles: ids of roles, kept with the person.
pub fn role_ids() -> Field {
    Field::references("role_ids", "roles").in_list()
}

/// What whole feature lists are about, for the roles below.
const SALES: [&str; 5] = [
    "customers",
    "contacts",
    "opportunities",
    "contracts",
    "activities",
];
/// What finance writes and sales reads.
const MONEY: [&str; 2] = ["payments", "invoices"];
const CATALOGUE: [&str; 7] = [
    "products",
    "product_lines",
    "processes",
    "stages",
    "activity_kinds",
    "visit_templates",
    "metrics",
];
const ORGANISATION: [&str; 3] = ["people", "teams", "roles"];

fn everybody() -> Grants {
    let mut grants = Grants::default();
    for resource in CATALOGUE.iter().chain(&ORGANISATION) {
        grants = grants.allow(resource, &[Read], Scope::All);
    }
    grants
}

/// `(code, names in Chinese and English, grants)` of the shipped roles.
pub fn shipped_roles() -> Vec<(&'static str, [&'static str; 2], Grants)> {
    let mut salesperson = everybody();
    let mut supervisor = everybody();
    let mut director = everybody();
    let mut support = everybody();
    let mut finance = everybody();
    let mut administrator = Grants::default();
    for resource in SALES {
        salesperson =
            salesperson.allow(resource, &[Read, Create, Edit, Delete, Export], Scope::Own);
        supervisor = supervisor
            .allow(
                resource,
                &[Read, Create, Edit, Delete, Transfer, Export],
                Scope::OwnAndSubordinates,
            )
            .allow(resource, &[Import], Scope::All);
        director = director
            .allow(
                resource,
                &[Read, Create, Edit, Delete, Transfer, Export],
                Scope::TeamAndBelow,
            )
            .allow(resource, &[Import, Approve], Scope::All);
        support = support.allow(resource, &[Read, Edit], Scope::Own);
    }
    for resource in MONEY {
        salesperson = salesperson.allow(resource, &[Read, Export], Scope::Own);
        supervisor = supervisor.allow(resource, &[Read, Export], Scope::OwnAndSubordinates);
        director = director
            .allow(
                resource,
                &[Read, Create, Edit, Delete, Transfer, Export],
                Scope::TeamAndBelow,
            )
            .allow(resource, &[Import, Approve], Scope::All);
        support = support.allow(resource, &[Read], Scope::Own);
        finance = finance.allow(
            resource,
            &[Read, Create, Edit, Delete, Export, Import, Approve],
            Scope::All,
        );
    }
    // Whoever sells asks for an invoice; finance issues it.
    salesperson = salesperson.allow("invoices", &[Create], Scope::Own);
    supervisor = supervisor.allow("invoices", &[Create], Scope::OwnAndSubordinates);
    finance = finance
        .allow("customers", &[Read], Scope::All)
        .allow("contracts", &[Read, Export, Approve], Scope::All)
        .allow(
            "activities",
            &[Read, Create, Edit, Delete, Export],
            Scope::Own,
        );
    // Whoever supports a sale has a day of their own.
    support = support.allow(
        "activities",
        &[Read, Create, Edit, Delete, Export],
        Scope::Own,
    );
    for resource in SALES
        .iter()
        .chain(&MONEY)
        .chain(&CATALOGUE)
        .chain(&ORGANISATION)
        .chain(&["audit", "settings"])
    {
        administrator = administrator.allow(
            resource,
            &[
                Read, Create, Edit, Delete, Transfer, Export, Import, Approve, Configure,
            ],
            Scope::All,
        );
    }
    vec![
        ("salesperson", ["销售员", "Salesperson"], salesperson),
        ("supervisor", ["销售主管", "Supervisor"], supervisor),
        ("director", ["总监", "Director"], director),
        ("support", ["支持", "Support"], support),
        ("finance", ["财务", "Finance"], finance),
        (ADMINISTRATOR, ["管理员", "Administrator"], administrator),
    ]
}

/// Writes the shipped roles into a new database, named in its language.
pub async fn seed(app: &Arc<App>, language: &str) -> Result<()> {
    let access = Access::system(app, "first start");
    let mut write = access.write_as(Cause::Load).await?;
    seed_in(&mut write, language).await?;
    write.commit().await?;
    Ok(())
}

/// The same as a part of a write.
pub async fn seed_in(write: &mut Write, language: &str) -> Result<()> {
    let resource = write.access.resource("roles")?;
    for (code, names, grants) in shipped_roles() {
        let name = if language == "en" { names[1] } else { names[0] };
        let grants = serde_json::to_value(&grants).map_err(platform::problem::Problem::internal)?;
        write
            .create(
                &resource,
                Changes::from([
                    ("name".into(), name.into()),
                    ("code".into(), code.into()),
                    ("grants".into(), Value::Json(grants)),
                ]),
            )
            .await?;
    }
    Ok(())
}
