//! Where a page of a timeline ends: of two walks, each in its own order, what was seen last.

use platform::problem::{Problem, Result};
use uuid::Uuid;

/// Written as `seq~instant~id`; empty where a walk has not begun.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Seen {
    pub seq: Option<i64>,
    pub happening: Option<(i64, Uuid)>,
}

impl Seen {
    pub fn read(text: &str) -> Result<Seen> {
        let parts: Vec<&str> = text.split('~').collect();
        let [seq, at, id] = parts.as_slice() else {
            return Err(Problem::field("before", "invalid_value"));
        };
        let bad = |_| Problem::field("before", "invalid_value");
        let number = |text: &str| match text {
            "" => Ok(None),
            _ => text.parse::<i64>().map(Some).map_err(bad),
        };
        let id = match *id {
            "" => None,
            id => Some(Uuid::parse_str(id).map_err(|_| Problem::field("before", "invalid_value"))?),
        };
        Ok(Seen {
            seq: number(seq)?,
            happening: number(at)?.zip(id),
        })
    }

    pub fn write(self) -> String {
        let seq = self.seq.map(|seq| seq.to_string()).unwrap_or_default();
        let (at, id) = self
            .happening
            .map(|(at, id)| (at.to_string(), id.to_string()))
            .unwrap_or_default();
        format!("{seq}~{at}~{id}")
    }
}

/// Merges two walks by time, the newest first, up to a page: how many to take from each in turn, `true` from the first.
pub fn merged(first: &[i64], second: &[i64], page: usize) -> Vec<bool> {
    let (mut i, mut j) = (0, 0);
    let mut taken = Vec::new();
    while taken.len() < page && (i < first.len() || j < second.len()) {
        let from_first = match (first.get(i), second.get(j)) {
            (Some(one), Some(other)) => one >= other,
            (one, _) => one.is_some(),
        };
        if from_first {
            i += 1;
        } else {
            j += 1;
        }
        taken.push(from_first);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_nonsense_is_refused() {
        let id = Uuid::from_u128(7);
        for seen in [
            Seen::default(),
            Seen {
                seq: Some(12),
                happening: Some((-5, id)),
            },
            Seen {
                seq: None,
                happening: Some((9, id)),
            },
        ] {
            assert_eq!(Seen::read(&seen.write()), Ok(seen));
        }
        for bad in ["", "12", "a~b~c", "1~2~x", "1~2~3~4"] {
            assert!(Seen::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn two_walks_become_one_by_time() {
        assert_eq!(merged(&[9, 3, 1], &[9, 5], 4), [true, false, false, true]);
        assert_eq!(merged(&[], &[2, 1], 9), [false, false]);
    }
}
