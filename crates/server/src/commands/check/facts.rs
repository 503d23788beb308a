//! The sums that figures are read from: each is that of the facts of the records as they stand.

use std::sync::Arc;

use platform::app::App;
use platform::facts::{Difference, differences};

use super::Findings;
use crate::commands::Outcome;

/// Differences told one by one.
const TOLD: usize = 20;

pub async fn look(app: &Arc<App>, findings: &mut Findings) -> Outcome {
    let found = compare(app).await?;
    findings.add("figures", told(&found));
    Ok(())
}

/// Names what is wrong, and makes it right.
pub async fn repair(app: &Arc<App>) -> Outcome<Vec<String>> {
    let found = compare(app).await?;
    if !found.is_empty() {
        platform::facts::repair(app).await?;
    }
    Ok(told(&found)
        .into_iter()
        .map(|text| format!("mended: {text}"))
        .collect())
}

async fn compare(app: &Arc<App>) -> Outcome<Vec<Difference>> {
    let reading = app.db.begin_read().await?;
    let found = differences(app, &reading).await?;
    reading.rollback().await?;
    Ok(found)
}

fn told(found: &[Difference]) -> Vec<String> {
    let mut lines: Vec<String> = found.iter().take(TOLD).map(line).collect();
    if found.len() > TOLD {
        lines.push(format!("{} more sums are wrong", found.len() - TOLD));
    }
    lines
}

fn line(difference: &Difference) -> String {
    let cell = &difference.cell;
    let mut name = format!("{} {}", cell.roll_up, cell.part);
    if !cell.owner.is_nil() {
        name.push_str(&format!(" of {}", cell.owner));
    }
    if !cell.product.is_nil() {
        name.push_str(&format!(" with {}", cell.product));
    }
    for (word, text) in [
        ("on", &cell.day),
        ("since", &cell.since),
        ("marked", &cell.mark),
        ("of class", &cell.class),
        ("in", &cell.region),
    ] {
        if !text.is_empty() {
            name.push_str(&format!(" {word} {text}"));
        }
    }
    let (kept, due) = (difference.kept, difference.due);
    format!(
        "{name} is {} worth {} ({} weighted), and should be {} worth {} ({} weighted)",
        kept.count, kept.value, kept.weighted, due.count, due.value, due.weighted
    )
}
