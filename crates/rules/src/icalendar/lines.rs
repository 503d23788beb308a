//! Content lines: escaped, folded, ended by CRLF.

/// Longest line in octets, without its end (RFC 5545, 3.1).
const LINE_MAX: usize = 75;

#[derive(Default)]
pub(super) struct Lines {
    text: String,
}

impl Lines {
    /// A property whose value is no text (or is known to hold nothing to escape); parameters stand in its name.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        let line: String = format!("{name}:{value}")
            .chars()
            .filter(|character| !character.is_control())
            .collect();
        self.fold(&line);
    }

    /// A property with a text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{}", escaped(value)));
    }

    /// Long lines go on behind a line end and a space, never inside a character.
    fn fold(&mut self, line: &str) {
        let mut rest = line;
        let mut room = LINE_MAX;
        while rest.len() > room {
            let cut = (0..=room).rev().find(|at| rest.is_char_boundary(*at));
            let (head, tail) = rest.split_at(cut.unwrap_or(rest.len()));
            self.text.push_str(head);
            self.text.push_str("\r\n ");
            rest = tail;
            // The space counts as well.
            room = LINE_MAX - 1;
        }
        self.text.push_str(rest);
        self.text.push_str("\r\n");
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// Line ends become `\n`; what else controls a terminal has no place in a text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

/// A parameter's value; a quotation mark can't stand inside one.
pub(super) fn quoted(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|character| !character.is_control())
        .map(|character| if character == '"' { '\'' } else { character })
        .collect();
    format!("\"{text}\"")
}
