//! Contracts of the invented company with their plans, payments and invoices, ready-made sums included.

use demo::{Company, Contract, Customer, Instalment, Opportunity};
use platform::app::App;
use platform::clock::part_id;
use platform::problem::Result;
use platform::resource::Record;
use platform::write::Write;
use rules::contracts::{InstalmentState, State};
use uuid::Uuid;

use super::records::record;
use crate::contracts::{CONTRACTS, INSTALMENTS, INVOICES, MATCHES, PAYMENTS};

/// Office hours begin: papers are signed and entered then.
const MORNING_MS: i64 = 9 * 3_600_000;

/// Contracts have no ids of their own in the invented company: they follow from their opportunity.
fn id_of(opportunity: Uuid, number: usize) -> Uuid {
    part_id(opportunity, 0xC0 + number)
}

/// Writes the contracts of a customer's won opportunities, with all that belongs to them.
pub async fn load(
    write: &mut Write,
    app: &App,
    company: &Company,
    customer: &Customer,
) -> Result<()> {
    for opportunity in &customer.opportunities {
        if let Some(contract) = company.contract(customer, opportunity) {
            one(write, app, customer, opportunity, &contract).await?;
        }
    }
    Ok(())
}

async fn one(
    write: &mut Write,
    app: &App,
    customer: &Customer,
    opportunity: &Opportunity,
    contract: &Contract,
) -> Result<()> {
    let id = id_of(opportunity.id, 0);
    let owner = opportunity.owner_id;
    let at = |day| app.clock.start_of(day) + MORNING_MS;
    let received: i64 = contract
        .instalments
        .iter()
        .filter_map(|one| Some(one.paid?.1))
        .sum();
    let state = match contract.is_completed {
        true => State::Completed,
        false => State::Running,
    };
    let last_paid = contract
        .instalments
        .iter()
        .filter_map(|one| Some(one.paid?.0))
        .max();
    let invoiced: i64 = contract
        .instalments
        .iter()
        .filter(|one| one.paid.is_some())
        .map(|one| one.amount_minor)
        .sum();
    let resource = write.access.resource(CONTRACTS)?;
    let values = [
        ("id", id.into()),
        ("created_at", at(contract.signed_on).into()),
        ("created_by", owner.into()),
        ("title", opportunity.name.as_str().into()),
        ("number", contract.number.as_str().into()),
        ("customer_id", customer.id.into()),
        ("opportunity_id", opportunity.id.into()),
        ("owner_id", owner.into()),
        ("state", state.code().into()),
        ("amount", contract.amount_minor.into()),
        ("received_amount", received.into()),
        ("invoiced_amount", invoiced.into()),
        (
            "kind",
            if contract.is_recurring {
                "recurring"
            } else {
                "one_off"
            }
            .into(),
        ),
        ("signed_on", contract.signed_on.into()),
        ("starts_on", contract.signed_on.into()),
        ("ends_on", contract.ends_on.into()),
        (
            "closed_on",
            last_paid.filter(|_| contract.is_completed).into(),
        ),
    ];
    write.create_record(record(&resource, values)).await?;
    for (place, instalment) in contract.instalments.iter().enumerate() {
        let of = Of {
            customer,
            opportunity,
            contract,
            id,
            place,
        };
        write
            .create_record(of.instalment(write, instalment, state, at(contract.signed_on))?)
            .await?;
        if let Some((day, minor)) = instalment.paid {
            for row in of.paid(write, instalment, (day, minor), at(day))? {
                write.create_record(row).await?;
            }
        }
    }
    Ok(())
}

/// A place in a contract's plan.
struct Of<'a> {
    customer: &'a Customer,
    opportunity: &'a Opportunity,
    contract: &'a Contract,
    id: Uuid,
    place: usize,
}

impl Of<'_> {
    /// Each instalment has four ids: its own, its payment's, their match's, its invoice's.
    fn part(&self, number: usize) -> Uuid {
        id_of(self.opportunity.id, 1 + self.place * 4 + number)
    }

    fn instalment(
        &self,
        write: &Write,
        instalment: &Instalment,
        contract: State,
        created_at: i64,
    ) -> Result<Record> {
        let resource = write.access.resource(INSTALMENTS)?;
        let received = instalment.paid.map_or(0, |(_, minor)| minor);
        let state = InstalmentState::of(contract, instalment.amount_minor, received);
        let settled_on = instalment
            .paid
            .filter(|_| state == InstalmentState::Settled)
            .map(|(day, _)| day);
        let open = state.open_minor(instalment.amount_minor, received);
        let values = [
            ("id", self.part(0).into()),
            ("created_at", created_at.into()),
            ("created_by", self.opportunity.owner_id.into()),
            ("contract_id", self.id.into()),
            ("position", (self.place as i64).into()),
            ("condition", instalment.condition.into()),
            ("due_on", instalment.due_on.into()),
            ("amount", instalment.amount_minor.into()),
            ("received_amount", received.into()),
            ("open_amount", open.into()),
            ("state", state.code().into()),
            ("customer_id", self.customer.id.into()),
            ("owner_id", self.opportunity.owner_id.into()),
            ("promised_on", instalment.promised_on.into()),
            ("settled_on", settled_on.into()),
        ];
        Ok(record(&resource, values))
    }

    /// The payment of an instalment, its match, and the invoice that came before.
    fn paid(
        &self,
        write: &Write,
        instalment: &Instalment,
        (day, minor): (chrono::NaiveDate, i64),
        created_at: i64,
    ) -> Result<[Record; 3]> {
        let owner = self.opportunity.owner_id;
        let payments = write.access.resource(PAYMENTS)?;
        let number = format!("P-{}-{}", self.opportunity.number, self.place + 1);
        let payment = [
            ("id", self.part(1).into()),
            ("created_at", created_at.into()),
            ("created_by", owner.into()),
            ("number", number.as_str().into()),
            ("received_on", day.into()),
            ("customer_id", self.customer.id.into()),
            ("amount", minor.into()),
            ("matched_amount", minor.into()),
            ("open_amount", 0i64.into()),
            ("payer", self.customer.name.as_str().into()),
            ("method", "transfer".into()),
            ("reference", self.contract.number.as_str().into()),
            ("owner_id", owner.into()),
        ];
        let matches = write.access.resource(MATCHES)?;
        let matched = [
            ("id", self.part(2).into()),
            ("created_at", created_at.into()),
            ("created_by", owner.into()),
            ("payment_id", self.part(1).into()),
            ("instalment_id", self.part(0).into()),
            ("amount", minor.into()),
            ("received_on", day.into()),
            ("contract_id", self.id.into()),
        ];
        let invoices = write.access.resource(INVOICES)?;
        let issued_on = Ord::min(day, instalment.due_on);
        let number = format!("F-{}-{}", self.opportunity.number, self.place + 1);
        let invoice = [
            ("id", self.part(3).into()),
            ("created_at", created_at.into()),
            ("created_by", owner.into()),
            ("number", number.as_str().into()),
            ("contract_id", self.id.into()),
            ("customer_id", self.customer.id.into()),
            ("instalment_id", self.part(0).into()),
            ("kind", "special".into()),
            ("amount", instalment.amount_minor.into()),
            ("issued_on", issued_on.into()),
            ("state", "delivered".into()),
        ];
        Ok([
            record(&payments, payment),
            record(&matches, matched),
            record(&invoices, invoice),
        ])
    }
}
