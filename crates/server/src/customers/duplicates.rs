//! The duplicate warning while a name is typed: credit code, phone, and the name without place and legal form.

use axum::response::Response;
use platform::access::Access;
use platform::problem::Result;
use platform::resource::Record;
use platform::web::{Doc, Query, Routes, json};
use rules::credit_code::CreditCode;
use rules::permission::Action;
use rules::phone::Phone;
use sea_orm::sea_query::{Condition, ExprTrait};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Hits shown; more would not be read while typing.
const HITS_MAX: u64 = 10;

pub fn routes() -> Routes {
    Routes::default().get(
        "/api/customers/duplicates",
        Doc::new(
            "customers",
            "Customers that may be the same as the one being typed",
        )
        .about("A hit out of scope says only that it exists and who owns it.")
        .query::<Question>()
        .answers::<DuplicateList>(),
        duplicates,
    )
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Question {
    name: Option<String>,
    credit_code: Option<String>,
    phone: Option<String>,
    /// The customer being edited, which is no duplicate of itself.
    except: Option<Uuid>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DuplicateList {
    hits: Vec<DuplicateRow>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DuplicateRow {
    visible: bool,
    id: Option<Uuid>,
    name: Option<String>,
    owner_name: Option<String>,
    /// `credit_code`, `phone` or `same_name`.
    reason: &'static str,
}

async fn duplicates(access: Access, Query(question): Query<Question>) -> Result<Response> {
    access.require("customers", Action::Read)?;
    let resource = access.resource("customers")?;
    let code = question
        .credit_code
        .as_deref()
        .and_then(|code| CreditCode::parse(code).ok());
    let phone = question
        .phone
        .as_deref()
        .and_then(|phone| Phone::parse(phone).ok())
        .map(|phone| phone.key());
    let core = question
        .name
        .as_deref()
        .map(rules::names::core_name)
        .filter(|core| core.chars().count() >= 2);
    let mut any = Condition::any();
    if let Some(code) = &code {
        any = any.add(resource.column("credit_code").eq(code.as_str()));
    }
    if let Some(phone) = &phone {
        any = any.add(resource.column("phone_key").eq(phone.as_str()));
    }
    if let Some(core) = &core {
        any = any.add(resource.column("name_core").eq(core.as_str()));
    }
    if any.is_empty() {
        return json(&DuplicateList { hits: Vec::new() });
    }
    // Asked over all customers: a duplicate matters most when somebody else has it.
    let everything = Access::system(&access.app, "duplicate check");
    let mut select = everything.select(&resource, Action::Read)?;
    select.cond_where(any).limit(HITS_MAX);
    if let Some(except) = question.except {
        select.and_where(resource.column("id").ne(except));
    }
    let directory = access.app.directory();
    let mut hits = Vec::new();
    for record in everything.records(&resource, &select).await? {
        let reason = reason(&record, code.as_ref(), phone.as_deref());
        // The same core in another place is another company.
        let asked = question.name.as_deref().unwrap_or_default();
        if reason == "same_name" && !rules::names::same_name(asked, record.text("name")) {
            continue;
        }
        let visible = access.may(&record, Action::Read).await?;
        hits.push(DuplicateRow {
            visible,
            id: visible.then(|| record.id()),
            name: visible.then(|| record.label()),
            owner_name: record
                .reference("owner_id")
                .and_then(|owner| directory.name(owner).map(str::to_owned)),
            reason,
        });
    }
    json(&DuplicateList { hits })
}

fn reason(record: &Record, code: Option<&CreditCode>, phone: Option<&str>) -> &'static str {
    if code.is_some_and(|code| record.text("credit_code") == code.as_str()) {
        "credit_code"
    } else if phone.is_some_and(|phone| record.text("phone_key") == phone) {
        "phone"
    } else {
        "same_name"
    }
}
