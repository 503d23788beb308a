//! Numbers of contracts by an organisation's own pattern.

use chrono::{Datelike, NaiveDate};

/// How numbers are made: text with `{yyyy}`, `{yy}`, `{mm}`, ended by the counted figure, `{nnnn}`: as many digits as `n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    head: String,
    width: usize,
}

const HEAD_MAX: usize = 40;

impl Pattern {
    /// `None` when it doesn't end with the figure, or holds something in braces that is none of the above.
    pub fn parse(text: &str) -> Option<Pattern> {
        let (head, figure) = text.trim().strip_suffix('}')?.rsplit_once('{')?;
        let is_figure = (3..=9).contains(&figure.len()) && figure.bytes().all(|byte| byte == b'n');
        let rest = head
            .replace("{yyyy}", "")
            .replace("{yy}", "")
            .replace("{mm}", "");
        let is_plain = !rest.contains(['{', '}']) && !rest.chars().any(char::is_control);
        (is_figure && is_plain && head.chars().count() <= HEAD_MAX).then(|| Pattern {
            head: head.into(),
            width: figure.len(),
        })
    }

    /// What stands before the figure in the numbers of a day; the figure counts on within it.
    pub fn prefix(&self, day: NaiveDate) -> String {
        self.head
            .replace("{yyyy}", &format!("{:04}", day.year()))
            .replace("{yy}", &format!("{:02}", day.year() % 100))
            .replace("{mm}", &format!("{:02}", day.month()))
    }

    /// Digits of the figure, at least.
    pub fn width(&self) -> usize {
        self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_ends_with_the_figure() {
        let day = NaiveDate::from_ymd_opt(2026, 6, 15).expect("a day");
        let pattern = Pattern::parse("HT-{yyyy}{mm}-{nnnn}").expect("a pattern");
        assert_eq!(
            (pattern.prefix(day).as_str(), pattern.width()),
            ("HT-202606-", 4)
        );
        let pattern = Pattern::parse("合同{yy}{nnn}").expect("a pattern");
        assert_eq!(
            (pattern.prefix(day).as_str(), pattern.width()),
            ("合同26", 3)
        );
        for wrong in [
            "",
            "HT-{yyyy}",
            "HT-{nnnn}-A",
            "{day}{nnn}",
            "{nn}",
            "{n",
            "HT}{nnn}",
        ] {
            assert_eq!(Pattern::parse(wrong), None, "{wrong}");
        }
    }
}
