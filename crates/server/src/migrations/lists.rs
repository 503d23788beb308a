//! Lists answer from their indexes: whatever orders them carries what they are mostly filtered by.

use platform::db::list_index;

const CUSTOMER: [&str; 4] = ["level", "class", "funnel_level", "owner_id"];
const OPPORTUNITY: [&str; 4] = ["outcome", "owner_id", "stage_id", "process_id"];

pub fn statements() -> Vec<String> {
    let mut all = Vec::new();
    for (name, leading) in [
        ("sort", "sort_key, id"),
        ("created", "created_at, id"),
        ("updated", "updated_at, id"),
        ("owner", "owner_id, updated_at, id"),
        ("level", "level, updated_at, id"),
        ("funnel", "funnel_level, updated_at, id"),
        ("region", "region, updated_at, id"),
        ("industry", "industry, updated_at, id"),
    ] {
        all.extend(list_index("customer", name, leading, &CUSTOMER));
    }
    for (name, leading) in [
        ("sort", "sort_key, id"),
        ("created", "created_at, id"),
        ("updated", "updated_at, id"),
        ("owner", "owner_id, updated_at, id"),
        ("amount", "amount {nulls_first}, id"),
        ("close", "expected_close_on {nulls_first}, id"),
    ] {
        all.extend(list_index("opportunity", name, leading, &OPPORTUNITY));
    }
    // The planner knows nothing yet of indexes that are new.
    all.extend(["customer", "opportunity"].map(|table| format!("ANALYZE {table}")));
    all
}
