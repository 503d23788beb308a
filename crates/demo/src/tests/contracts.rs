//! Contracts add up, and their customers pay as they do.

use super::{company, some_day};

#[test]
fn every_won_opportunity_with_an_amount_has_a_contract_that_adds_up() {
    let company = company(1);
    let (mut contracts, mut on_time, mut late, mut open) = (0, 0, 0, 0);
    for customer in company.customers() {
        for opportunity in &customer.opportunities {
            let Some(contract) = company.contract(&customer, opportunity) else {
                assert!(opportunity.outcome != "won" || opportunity.amount_minor == 0);
                continue;
            };
            contracts += 1;
            let planned: i64 = contract
                .instalments
                .iter()
                .map(|one| one.amount_minor)
                .sum();
            assert_eq!(planned, contract.amount_minor);
            assert_eq!(Some(contract.signed_on), opportunity.closed_on);
            for one in &contract.instalments {
                assert!(one.due_on >= contract.signed_on);
                match one.paid {
                    Some((day, minor)) => {
                        assert!(day < some_day() && minor > 0 && minor <= one.amount_minor);
                        if (day - one.due_on).num_days() > 20 {
                            late += 1;
                        } else {
                            on_time += 1;
                        }
                    }
                    None if one.due_on < some_day() => open += 1,
                    None => {}
                }
            }
        }
    }
    assert!(contracts > 100, "{contracts}");
    assert!(
        on_time > late && late > 0 && open > 0,
        "{on_time} {late} {open}"
    );
}
