//! Finding by what a name contains, by its pinyin, and by its initials.

use super::{Suite, rows, text};
use crate::Result;
use crate::client::quoted;

/// Names asked for; as many different ones as there are rounds.
const NAMES: u64 = 41;
/// What the search index covers, and what a hit is made of.
const TABLES: [(&str, &str); 5] = [
    ("customer", "id, name, short_name, phone, owner_id"),
    ("contact", "id, name, mobile, customer_id"),
    ("opportunity", "id, name, number, customer_id, owner_id"),
    ("person", "id, name, team_id"),
    ("product", "id, name, code, line_id"),
];
/// Hits asked of each kind.
const HITS: u32 = 8;
/// Records of each kind that the server ranks to find those.
const CANDIDATES: u32 = 100;

impl Suite {
    pub(super) async fn searches(&mut self) -> Result<()> {
        let page = self
            .client
            .get_json(&format!(
                "/api/customers?sort=credit_code&page_size={NAMES}"
            ))
            .await?;
        let names: Vec<String> = rows(&page)
            .iter()
            .map(|row| text(row, "short_name").to_owned())
            .collect();
        let inner = |name: &String| name.chars().skip(1).take(2).collect::<String>();
        let substrings: Vec<String> = names
            .iter()
            .map(inner)
            .filter(|part| part.chars().count() == 2)
            .collect();
        let pinyin: Vec<String> = names
            .iter()
            .map(|name| rules::names::pinyin(name).full)
            .collect();
        let initials: Vec<String> = names
            .iter()
            .map(|name| rules::names::pinyin(name).initials)
            .collect();
        self.search("search by two characters", &substrings).await;
        self.search("search by pinyin", &pinyin).await;
        self.search("search by initials", &initials).await;
        let common = ["自动化", "机械", "科技", "电子", "jixie", "zdh"].map(str::to_owned);
        self.search("search by words that very many names have", &common)
            .await;
        Ok(())
    }

    async fn search(&mut self, name: &'static str, terms: &[String]) {
        let paths: Vec<String> = terms
            .iter()
            .map(|term| format!("/api/search?q={}&limit={HITS}", quoted(term)))
            .collect();
        let sqls: Vec<Vec<String>> = terms
            .iter()
            .map(|term| TABLES.map(|table| self.search_sql(table, term)).to_vec())
            .collect();
        self.beside_as(name, 25.0, &paths, &sqls).await;
    }

    /// The candidates for a term, by the index.
    fn search_sql(&self, (table, columns): (&str, &str), term: &str) -> String {
        let plan = rules::names::query_grams(term);
        let mut conditions: Vec<String> = plan
            .needles
            .iter()
            .map(|needle| {
                let pattern = rules::names::like_pattern(needle).replace('\'', "''");
                format!("(s.line LIKE '{pattern}' ESCAPE '\\' OR s.private LIKE '{pattern}' ESCAPE '\\')")
            })
            .collect();
        let found = if self.floor.is_postgres() {
            let any: Vec<String> = plan
                .tokens
                .iter()
                .map(|tokens| format!("s.grams @> ARRAY['{}']::text[]", tokens.join("','")))
                .collect();
            if !any.is_empty() {
                conditions.push(format!("({})", any.join(" OR ")));
            }
            format!(
                "SELECT s.record_id FROM {table}_search s WHERE {}",
                conditions.join(" AND ")
            )
        } else {
            let expression: Vec<String> = plan
                .tokens
                .iter()
                .map(|tokens| {
                    let quoted: Vec<String> =
                        tokens.iter().map(|token| format!("\"{token}\"")).collect();
                    format!("({})", quoted.join(" AND "))
                })
                .collect();
            conditions.push(format!("{table}_gram MATCH '{}'", expression.join(" OR ")));
            format!(
                "SELECT s.record_id FROM {table}_gram JOIN {table}_search s ON s.key = {table}_gram.rowid WHERE {} \
                 ORDER BY {table}_gram.rowid DESC",
                conditions.join(" AND ")
            )
        };
        format!("SELECT {columns} FROM {table} WHERE id IN ({found} LIMIT {CANDIDATES})")
    }
}
