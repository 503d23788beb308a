//! Visit templates, their versions, and what was found at their steps.

use super::SYSTEM;

pub fn statements() -> Vec<String> {
    let mut all: Vec<String> = TABLES
        .iter()
        .map(|statement| statement.replace("{system}", SYSTEM))
        .collect();
    all.extend(crate::visit_templates::shipped_statements());
    all
}

const TABLES: &[&str] = &[
    "CREATE TABLE visit_template ({system}, name {text} NOT NULL, name_en {text}, kind_id UUID, customer_class {text}, \
     industry {text}, is_active BOOLEAN NOT NULL, steps_version BIGINT NOT NULL)",
    "CREATE TABLE visit_template_version (id UUID PRIMARY KEY, template_id UUID NOT NULL, number BIGINT NOT NULL, \
     steps {text} NOT NULL, created_at BIGINT NOT NULL, UNIQUE (template_id, number))",
    "CREATE TABLE visit_answer ({system}, activity_id UUID NOT NULL REFERENCES activity (id) DEFERRABLE INITIALLY DEFERRED, \
     customer_id UUID, region {text}, done_on {text}, template_id UUID, steps_version BIGINT, step_code {text} NOT NULL, \
     step_name {text} NOT NULL, step_kind {text}, answer_text {text}, answer_bool BOOLEAN, answer_number DOUBLE PRECISION, \
     competitor {text}, price BIGINT, product_ids {text})",
    "CREATE INDEX visit_answer_activity ON visit_answer (activity_id)",
    "CREATE INDEX visit_answer_customer ON visit_answer (customer_id) WHERE customer_id IS NOT NULL",
    "CREATE INDEX visit_answer_done ON visit_answer (done_on {nulls_first}, id)",
    "CREATE INDEX visit_answer_template ON visit_answer (template_id, step_code, done_on)",
    // Whoever reads the kinds reads the templates.
    "@sqlite UPDATE role SET grants = json_set(grants, '$.resources.visit_templates', json_extract(grants, '$.resources.processes')) \
     WHERE json_extract(grants, '$.resources.processes') IS NOT NULL",
    "@postgres UPDATE role SET grants = jsonb_set(grants::jsonb, '{resources,visit_templates}', grants::jsonb #> '{resources,processes}')::text \
     WHERE grants::jsonb #> '{resources,processes}' IS NOT NULL",
];
