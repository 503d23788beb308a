//! What the database can find by itself: each question answers the ids of records that break a rule.

use std::sync::Arc;

use platform::app::App;
use platform::resource::{Guard, Registry};
use rules::value::FieldType;
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use super::Findings;
use crate::commands::Outcome;
use crate::migrations::SHIPPED_IDS;

/// Ids told of one kind of finding.
const TOLD: usize = 5;
/// Ids counted of one kind of finding.
const COUNTED: usize = 10_000;

/// A rule of the data, and the question whose answers break it.
struct Question {
    name: &'static str,
    /// After the ids: what is wrong with them.
    wrong: String,
    sql: String,
}

pub async fn look(app: &Arc<App>, findings: &mut Findings) -> Outcome {
    let registry = app.registry();
    let mut questions = references(&registry);
    questions.extend(ledger(&registry, app.db.is_postgres()));
    questions.extend(SALES.iter().map(|(name, wrong, sql)| Question {
        name,
        wrong: (*wrong).to_owned(),
        sql: (*sql).to_owned(),
    }));
    let reading = app.db.begin_read().await?;
    for question in questions {
        let sql = format!("{} LIMIT {COUNTED}", question.sql);
        let rows = reading
            .query_all_raw(Statement::from_string(app.db.backend(), sql))
            .await?;
        let mut found = Vec::new();
        if !rows.is_empty() {
            let ids = rows
                .iter()
                .take(TOLD)
                .map(|row| row.try_get_by_index::<Uuid>(0).map(|id| id.to_string()))
                .collect::<Result<Vec<_>, _>>()?;
            let count = if rows.len() == COUNTED {
                format!("{COUNTED} or more")
            } else {
                rows.len().to_string()
            };
            let more = if rows.len() > TOLD { ", …" } else { "" };
            found.push(format!(
                "{count} {} ({}{more})",
                question.wrong,
                ids.join(", ")
            ));
        }
        findings.add(question.name, found);
    }
    Ok(reading.rollback().await?)
}

/// A reference refers to something that exists.
fn references(registry: &Registry) -> Vec<Question> {
    let mut questions = Vec::new();
    for resource in registry.iter() {
        for field in resource
            .fields
            .iter()
            .filter(|field| field.kind == FieldType::Reference && !field.system)
        {
            let Some(target) = field
                .reference
                .as_deref()
                .and_then(|name| registry.get(name))
            else {
                continue;
            };
            let (table, name, target) = (&resource.table, &field.name, &target.table);
            questions.push(Question {
                name: "references",
                wrong: format!("{} whose {name} does not exist", resource.name),
                sql: format!(
                    "SELECT r.id FROM {table} r WHERE r.{name} IS NOT NULL \
                     AND NOT EXISTS (SELECT 1 FROM {target} t WHERE t.id = r.{name})"
                ),
            });
        }
    }
    questions
}

/// Each record stands as its last entry says, and each created record that nobody deleted is there.
fn ledger(registry: &Registry, is_postgres: bool) -> Vec<Question> {
    let mut questions = Vec::new();
    let [first, last] = SHIPPED_IDS.map(|id| {
        if is_postgres {
            format!("'{id}'")
        } else {
            format!("X'{}'", id.simple())
        }
    });
    for resource in registry.iter() {
        let (name, table) = (&resource.name, &resource.table);
        questions.push(Question {
            name: "ledger",
            wrong: format!("{name} without the entry of their present version"),
            sql: format!(
                "SELECT r.id FROM {table} r WHERE NOT (r.version = 1 AND r.id BETWEEN {first} AND {last}) \
                 AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.record_id = r.id \
                 AND l.version = r.version AND l.resource = '{name}')"
            ),
        });
        questions.push(Question {
            name: "ledger",
            wrong: format!("{name} that the ledger knows, but are gone"),
            sql: format!(
                "SELECT l.record_id FROM ledger l WHERE l.resource = '{name}' AND l.action IN ('create', 'restore') \
                 AND NOT EXISTS (SELECT 1 FROM {table} r WHERE r.id = l.record_id) \
                 AND NOT EXISTS (SELECT 1 FROM ledger d WHERE d.record_id = l.record_id AND d.seq > l.seq AND d.after IS NULL)"
            ),
        });
        if matches!(resource.guard, Guard::Owner(_)) {
            questions.push(Question {
                name: "recycle bin",
                wrong: format!("{name} both there and in the recycle bin"),
                sql: format!(
                    "SELECT b.record_id FROM recycle_bin b JOIN {table} r ON r.id = b.record_id"
                ),
            });
        }
    }
    questions
}

const SALES: &[(&str, &str, &str)] = &[
    (
        "weighted amounts",
        "opportunities whose weighted amount is not amount × win chance",
        "SELECT id FROM opportunity WHERE (amount IS NOT NULL AND win_chance IS NOT NULL) \
         AND (weighted_amount IS NULL OR ABS(weighted_amount - amount * win_chance / 100.0) > 1)",
    ),
    (
        "sums of lines",
        "opportunities whose amount is not the sum of their lines",
        "SELECT o.id FROM opportunity o JOIN (SELECT opportunity_id, SUM(amount) AS amount FROM opportunity_line \
         GROUP BY opportunity_id) l ON l.opportunity_id = o.id WHERE o.amount IS NULL OR o.amount <> l.amount",
    ),
    (
        "stage histories",
        "opportunities whose history does not end where they stand",
        "SELECT o.id FROM opportunity o WHERE NOT EXISTS (SELECT 1 FROM stage_history h WHERE h.opportunity_id = o.id \
         AND h.left_at IS NULL AND h.stage_id = o.stage_id AND h.entered_at = o.stage_entered_at)",
    ),
    (
        "stage histories",
        "opportunities that stand in two stages at once",
        "SELECT h.opportunity_id FROM stage_history h WHERE h.left_at IS NULL GROUP BY h.opportunity_id HAVING COUNT(*) > 1",
    ),
    (
        "stage histories",
        "opportunities with a gap in their history",
        "SELECT h.opportunity_id FROM (SELECT opportunity_id, left_at, \
         LEAD(entered_at) OVER (PARTITION BY opportunity_id ORDER BY entered_at, id) AS next_at FROM stage_history) h \
         WHERE h.next_at IS NOT NULL AND (h.left_at IS NULL OR h.left_at <> h.next_at)",
    ),
    (
        "outcomes",
        "opportunities whose outcome is not that of their stage",
        "SELECT o.id FROM opportunity o JOIN stage s ON s.id = o.stage_id WHERE o.outcome <> s.kind OR s.process_id <> o.process_id",
    ),
    (
        "outcomes",
        "opportunities closed without a day, or open with one",
        "SELECT id FROM opportunity WHERE (outcome = 'open') = (closed_on IS NOT NULL)",
    ),
    (
        "receivables",
        "instalments whose received or open amount is not that of their matches",
        "SELECT i.id FROM instalment i LEFT JOIN (SELECT instalment_id, SUM(amount) AS amount FROM payment_match \
         GROUP BY instalment_id) m ON m.instalment_id = i.id WHERE i.received_amount <> COALESCE(m.amount, 0) \
         OR i.open_amount <> CASE WHEN i.state = 'open' THEN i.amount - i.received_amount ELSE 0 END",
    ),
    (
        "receivables",
        "payments whose matched or unmatched amount is not that of their matches",
        "SELECT p.id FROM payment p LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM payment_match \
         GROUP BY payment_id) m ON m.payment_id = p.id WHERE p.matched_amount <> COALESCE(m.amount, 0) \
         OR p.open_amount <> p.amount - p.matched_amount",
    ),
    (
        "receivables",
        "contracts whose received amount is not that of their instalments",
        "SELECT c.id FROM contract c LEFT JOIN (SELECT contract_id, SUM(received_amount) AS amount FROM instalment \
         GROUP BY contract_id) i ON i.contract_id = c.id WHERE c.received_amount <> COALESCE(i.amount, 0)",
    ),
    (
        "receivables",
        "instalments that are not their contract's customer's and owner's",
        "SELECT i.id FROM instalment i JOIN contract c ON c.id = i.contract_id WHERE i.customer_id <> c.customer_id \
         OR i.owner_id <> c.owner_id",
    ),
    (
        "activities",
        "activities done without a time, or open with a deed",
        "SELECT id FROM activity WHERE (state = 'done' AND (started_at IS NULL OR done_on IS NULL OR happens_at IS NULL \
         OR happens_at <> started_at)) OR (state IN ('planned', 'moved') AND done_on IS NOT NULL)",
    ),
    (
        "activities",
        "activities that don't know what followed them",
        "SELECT a.id FROM activity a WHERE COALESCE(a.has_follow_up, FALSE) <> EXISTS (SELECT 1 FROM activity f WHERE f.follow_up_of_id = a.id)",
    ),
    (
        "activities",
        "people who take part in activities that are gone, or at another time",
        "SELECT p.activity_id FROM activity_participant p WHERE NOT EXISTS (SELECT 1 FROM activity a WHERE a.id = p.activity_id \
         AND (a.happens_at = p.happens_at OR (a.happens_at IS NULL AND p.happens_at IS NULL)))",
    ),
    (
        "last visits",
        "customers whose last visit is not the latest of their activities",
        "SELECT c.id FROM customer c WHERE COALESCE(c.last_visited_on, '') <> COALESCE((SELECT MAX(a.done_on) FROM activity a \
         JOIN activity_kind k ON k.id = a.kind_id WHERE a.customer_id = c.id AND a.state = 'done' \
         AND k.family IN ('visit', 'return_visit')), '')",
    ),
    (
        "imports",
        "imports that left records, but were not finished",
        "SELECT i.id FROM import i WHERE i.state NOT IN ('done', 'undone') \
         AND EXISTS (SELECT 1 FROM ledger l WHERE l.batch = i.batch)",
    ),
];
