//! Puts together what people write.

use std::fmt::Write as _;

use super::turn::Turn;
use crate::random::Random;
use crate::tables::visit_phrases::*;

/// Where a matter stands with the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody there is engaged yet.
    Early,
    /// From the first effective visit to the end.
    Open,
    /// After a win.
    Kept,
}

/// What a text speaks of.
pub(crate) struct About<'a> {
    /// The contact, as one speaks of them.
    pub contact: &'a str,
    pub department: &'a str,
    pub topic: &'a str,
    pub competitor: &'a str,
    pub phase: Phase,
    /// Month of the year, 1 to 12.
    pub month: u32,
    /// An amount in 万元.
    pub amount: i64,
}

impl About<'_> {
    /// One of each part, with the names filled in.
    pub(crate) fn text(&self, parts: Parts, random: &mut Random) -> String {
        let mut text = String::with_capacity(160);
        for part in parts {
            self.fill(random.pick(part), &mut text, random);
        }
        text
    }

    /// One phrase with the names filled in.
    pub(crate) fn phrase(&self, phrase: &str, random: &mut Random) -> String {
        let mut text = String::with_capacity(phrase.len() + 24);
        self.fill(phrase, &mut text, random);
        text
    }

    fn fill(&self, phrase: &str, text: &mut String, random: &mut Random) {
        // Whoever was named once is only referred to.
        let is_named = !self.contact.is_empty() && text.contains(self.contact);
        let mut rest = phrase;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            // Writing into memory never fails.
            let _ = match name {
                "c" if is_named => text.write_str("对方"),
                "c" => text.write_str(self.contact),
                "d" => text.write_str(self.department),
                "t" => text.write_str(self.topic),
                "k" => text.write_str(self.competitor),
                "m" => write!(text, "{}", (self.month + random.below(3) as u32) % 12 + 1),
                "w" => write!(text, "{}", self.amount),
                _ => write!(text, "{}", random.range(2, 6)),
            };
            rest = behind;
        }
        text.push_str(rest);
    }
}

/// The person at the customer, as one writes of them: surname and position, or the whole name.
pub(crate) fn address(name: &str, title: &str) -> String {
    let surname: String = name.chars().take(1).collect();
    let position = [
        ("总监", "总"),
        ("总经理", "总"),
        ("经理", "经理"),
        ("主任", "主任"),
        ("主管", "主管"),
        ("工程师", "工"),
    ]
    .into_iter()
    .find(|(part, _)| title.contains(part));
    match position {
        Some((_, position)) if !title.contains("助理") => [&surname, position].concat(),
        _ => name.to_owned(),
    }
}

/// What a deed of a kind is for.
pub(crate) fn purpose(kind: &str, phase: Phase) -> Parts {
    match kind {
        "first" => PURPOSE_FIRST,
        "presentation" => PURPOSE_PRESENTATION,
        "closing" => PURPOSE_CLOSING,
        "appointment" => PURPOSE_APPOINTMENT,
        "collection" => PURPOSE_COLLECTION,
        "coordination" => PURPOSE_COORDINATION,
        "survey" => PURPOSE_SURVEY,
        "service" => PURPOSE_SERVICE,
        "meeting" => PURPOSE_MEETING,
        _ => match phase {
            Phase::Early => PURPOSE_CALL_EARLY,
            Phase::Open => PURPOSE_CALL_OPEN,
            Phase::Kept => PURPOSE_CALL_KEPT,
        },
    }
}

/// What came of it.
pub(crate) fn result(kind: &str, turn: Turn, phase: Phase) -> Parts {
    match (turn, kind) {
        (Turn::Attempt, _) => RESULT_ATTEMPT,
        (Turn::Opened, _) => RESULT_OPENED,
        (Turn::Shown, _) => RESULT_SHOWN,
        (Turn::Unmoved, _) => RESULT_UNMOVED,
        (Turn::Convinced, _) => RESULT_CONVINCED,
        (Turn::Bargained, _) => RESULT_BARGAINED,
        (Turn::Stalled, _) => RESULT_STALLED,
        (Turn::Signed, _) => RESULT_SIGNED,
        (Turn::TurnedDown, _) => RESULT_TURNED_DOWN,
        (Turn::Booked, _) => RESULT_BOOKED,
        (Turn::NotBooked, _) => RESULT_NOT_BOOKED,
        (Turn::Exchange, _) => RESULT_EXCHANGE,
        (Turn::NoAnswer, _) => RESULT_NO_ANSWER,
        (Turn::Kept, "collection") => RESULT_COLLECTION,
        (Turn::Kept, "coordination") => RESULT_COORDINATION,
        (Turn::Kept, "survey") => RESULT_SURVEY,
        (Turn::Kept, _) => RESULT_SERVICE,
        (Turn::Talk | Turn::Work, _) => match phase {
            Phase::Early => RESULT_TALK_EARLY,
            Phase::Open => RESULT_TALK_OPEN,
            Phase::Kept => RESULT_TALK_KEPT,
        },
    }
}
