//! The sums of facts. They are made from the records at the next start, and can be made again at any time.

/// `nil` and empty text stand for what a roll-up does not keep apart: nulls are not equal to each other in a key.
pub fn statements() -> Vec<String> {
    let columns = "roll_up {text} NOT NULL, owner_id UUID NOT NULL, part {text} NOT NULL, day {text} NOT NULL, \
                   since {text} NOT NULL, mark {text} NOT NULL, count BIGINT NOT NULL, value BIGINT NOT NULL, \
                   weighted BIGINT NOT NULL, PRIMARY KEY (roll_up, owner_id, part, day, since, mark)";
    vec![
        // The rows lie in the order of their key, so that a figure reads them one after the other.
        format!("@sqlite CREATE TABLE roll_up ({columns}) WITHOUT ROWID"),
        format!("@postgres CREATE TABLE roll_up ({columns})"),
    ]
}
