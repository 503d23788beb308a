//! What a person's day is put together from, each read along an index.

pub const STATEMENTS: &[&str] = &[
    "ALTER TABLE customer ADD COLUMN last_visited_on {text}",
    "UPDATE customer SET last_visited_on = (SELECT MAX(done_on) FROM activity WHERE activity.customer_id = customer.id \
     AND activity.state = 'done' AND activity.kind_id IN (SELECT id FROM activity_kind WHERE family IN ('visit', 'return_visit')))",
    // One person's customers of a level, the longest unseen first.
    "CREATE INDEX customer_seen ON customer (owner_id, level, last_visited_on {nulls_first}, funnel_level)",
    // One person's open opportunities by what was promised.
    "CREATE INDEX opportunity_promise ON opportunity (owner_id, outcome, next_step_on {nulls_first})",
    "CREATE INDEX contact_birthday ON contact (customer_id, birthday_on) WHERE birthday_on IS NOT NULL",
    // A team's counts of the day read nothing but these two.
    "DROP INDEX activity_open",
    "CREATE INDEX activity_open ON activity (owner_id, state, happens_at {nulls_first}, id, kind_id)",
    "DROP INDEX activity_planned",
    "CREATE INDEX activity_planned ON activity (state, planned_on, owner_id, kind_id)",
    // What a person doesn't want to be reminded of for a while; the id is null's where there is no record.
    "CREATE TABLE suggestion_pause (person_id UUID NOT NULL, rule {text} NOT NULL, record_id UUID NOT NULL, until_on {text} NOT NULL, \
     PRIMARY KEY (person_id, rule, record_id))",
];

/// Birthdays by month and day, `MM-DD`: those of a week are a fiftieth of all, whosever customers they belong to.
pub const ANNIVERSARIES: &[&str] = &[
    "CREATE INDEX contact_anniversary ON contact (SUBSTR(birthday_on, 6, 5), customer_id, id, birthday_on) WHERE birthday_on IS NOT NULL",
];
