use super::scan::Found;
use crate::{Limits, SheetError};

/// Longest text in parts that hold no cells (embedded queries, comments), in bytes.
const MAX_OTHER_TEXT: usize = 32 << 20;
/// What may stand in front of the first tag: a byte order mark and white space.
const MAX_PREAMBLE: usize = 64;
/// Formats and sheets that a workbook may declare, in tags; each becomes a record in memory.
const MAX_DECLARATIONS: u32 = 1_000_000;
/// One character of a cell takes at most so many bytes in the file, written as `&#x10FFFF;`.
const BYTES_A_CHAR: usize = 10;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Preamble,
    Sheet,
    SharedTexts,
    Declarations,
    Other,
}

/// Watches one part of a workbook go by and refuses what would fill the memory of whoever reads it.
pub(super) struct Part {
    name: String,
    kind: Kind,
    limits: Limits,
    unpacked: u64,
    text_bytes: usize,
    tags: u32,
    row: u32,
    column: u32,
    is_shared: bool,
    value: Vec<u8>,
    texts: u64,
    /// Position of the first shared text that is too long: the result of the one part, the input of the others.
    too_long: Option<u64>,
}

impl Part {
    pub fn new(name: &str, limits: &Limits, too_long: Option<u64>) -> Self {
        Self {
            name: name.to_owned(),
            kind: Kind::Preamble,
            limits: limits.clone(),
            unpacked: 0,
            text_bytes: 0,
            tags: 0,
            row: 0,
            column: 0,
            is_shared: false,
            value: Vec::new(),
            texts: 0,
            too_long,
        }
    }

    pub fn unpacked(&mut self, bytes: &[u8]) -> Result<(), SheetError> {
        self.unpacked += bytes.len() as u64;
        if self.kind == Kind::SharedTexts && self.unpacked > self.limits.shared_text_bytes {
            return Err(SheetError::TooMuchText {
                limit: self.limits.shared_text_bytes,
            });
        }
        if bytes.contains(&0) {
            Err(self.damaged("is not UTF-8"))
        } else {
            Ok(())
        }
    }

    pub fn text(&mut self, text: &[u8]) -> Result<(), SheetError> {
        self.text_bytes += text.len();
        let cell_bytes = self.limits.cell_chars.saturating_mul(BYTES_A_CHAR);
        match self.kind {
            Kind::Preamble if self.text_bytes > MAX_PREAMBLE => Err(self.damaged("is not XML")),
            Kind::Sheet if self.text_bytes > cell_bytes => Err(self.cell_too_long()),
            Kind::Sheet => {
                if self.is_shared && self.value.len() < 20 {
                    self.value.extend_from_slice(&text[..text.len().min(20)]);
                }
                Ok(())
            }
            Kind::SharedTexts if self.text_bytes > cell_bytes => {
                self.too_long = self.too_long.or(Some(self.texts.saturating_sub(1)));
                Ok(())
            }
            Kind::Declarations | Kind::Other if self.text_bytes > MAX_OTHER_TEXT => {
                Err(self.damaged("contains a text longer than 32 MB"))
            }
            _ => Ok(()),
        }
    }

    /// Takes what stands between `<` and `>`.
    pub fn tag(&mut self, tag: &[u8]) -> Result<Found, SheetError> {
        let (is_closing, name) = name_of(tag);
        match name {
            b"sheetData" if is_closing || tag.ends_with(b"/") => return Ok(Found::End),
            b"sheetData" => self.kind = Kind::Sheet,
            b"sst" if !is_closing => self.shared_texts(tag)?,
            b"styleSheet" | b"workbook" | b"Relationships" => self.kind = Kind::Declarations,
            b"dimension" if attribute(tag, b"ref").is_some_and(|range| range.len() > 21) => {
                return Err(self.damaged("states impossible dimensions"));
            }
            b"Relationship" => self.relationship(tag)?,
            _ if self.kind == Kind::Preamble => self.kind = Kind::Other,
            _ => {}
        }
        match self.kind {
            Kind::Sheet => self.sheet_tag(tag, name, is_closing)?,
            Kind::SharedTexts => self.text_tag(name, is_closing)?,
            Kind::Declarations => {
                self.text_bytes = 0;
                self.tags += 1;
                if self.tags > MAX_DECLARATIONS {
                    return Err(self.damaged("declares too much"));
                }
            }
            _ => self.text_bytes = 0,
        }
        Ok(Found::More)
    }

    /// The position of the first shared text that is too long, if this part holds the shared texts.
    pub fn finish(self) -> Result<Option<u64>, SheetError> {
        match self.kind {
            Kind::Preamble if self.unpacked > 0 => Err(self.damaged("is not XML")),
            _ => Ok(self.too_long),
        }
    }

    fn sheet_tag(&mut self, tag: &[u8], name: &[u8], is_closing: bool) -> Result<(), SheetError> {
        match (name, is_closing) {
            (b"row", false) => {
                self.text_bytes = 0;
                self.column = 0;
                self.row = match attribute(tag, b"r") {
                    Some(row) => self.position(row)?.1,
                    None => self.row.saturating_add(1),
                };
            }
            (b"c", false) => {
                self.text_bytes = 0;
                self.value.clear();
                self.is_shared = attribute(tag, b"t") == Some(b"s");
                match attribute(tag, b"r") {
                    Some(place) => (self.column, self.row) = self.position(place)?,
                    None => self.column = self.column.saturating_add(1),
                }
            }
            // The formula itself is not read, only what it gave.
            (b"f", true) => self.text_bytes = 0,
            (b"v", true) if self.is_shared && self.too_long.is_some() => {
                let index = std::str::from_utf8(&self.value)
                    .ok()
                    .and_then(|value| value.trim().parse::<u64>().ok());
                if index == self.too_long {
                    return Err(self.cell_too_long());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn shared_texts(&mut self, tag: &[u8]) -> Result<(), SheetError> {
        self.kind = Kind::SharedTexts;
        // Readers reserve room for as many texts as the file claims to have.
        let stated =
            attribute(tag, b"uniqueCount").and_then(|count| std::str::from_utf8(count).ok());
        match stated.map(str::parse::<u64>) {
            None => Ok(()),
            Some(Ok(stated)) if stated <= self.limits.shared_texts => Ok(()),
            Some(_) => Err(SheetError::TooMuchText {
                limit: self.limits.shared_texts,
            }),
        }
    }

    fn text_tag(&mut self, name: &[u8], is_closing: bool) -> Result<(), SheetError> {
        if name == b"si" && !is_closing {
            self.text_bytes = 0;
            self.texts += 1;
            if self.texts > self.limits.shared_texts {
                return Err(SheetError::TooMuchText {
                    limit: self.limits.shared_texts,
                });
            }
        }
        Ok(())
    }

    // Only parts that were looked through may be named as the workbook or as one of its sheets.
    fn relationship(&self, tag: &[u8]) -> Result<(), SheetError> {
        let kind = attribute(tag, b"Type").unwrap_or_default();
        let target = attribute(tag, b"Target")
            .unwrap_or_default()
            .to_ascii_lowercase();
        if (kind.ends_with(b"/worksheet") || kind.ends_with(b"/officeDocument"))
            && !target.ends_with(b".xml")
        {
            return Err(self.damaged("names a part that is not XML as a sheet"));
        }
        Ok(())
    }

    // Column and row, counted from 1, out of `C7`, or `7` with column 0.
    fn position(&self, place: &[u8]) -> Result<(u32, u32), SheetError> {
        let letters = place
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let digits = &place[letters..];
        if letters > 3
            || digits.is_empty()
            || digits.len() > 7
            || !digits.iter().all(u8::is_ascii_digit)
        {
            return Err(self.damaged("contains an impossible cell position"));
        }
        let column = place[..letters].iter().fold(0, |column, letter| {
            column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
        });
        let row = digits
            .iter()
            .fold(0, |row, digit| row * 10 + u32::from(digit - b'0'));
        Ok((column, row))
    }

    fn cell_too_long(&self) -> SheetError {
        SheetError::CellTooLong {
            row: Some(self.row),
            column: Some(self.column),
            limit: self.limits.cell_chars,
        }
    }

    fn damaged(&self, what: &str) -> SheetError {
        SheetError::damaged(format_args!("{} {what}", self.name))
    }
}

// Whether the tag closes an element, and the element's name without its prefix.
fn name_of(tag: &[u8]) -> (bool, &[u8]) {
    let is_closing = tag.starts_with(b"/");
    let rest = &tag[usize::from(is_closing)..];
    let end = rest
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || *byte == b'/')
        .unwrap_or(rest.len());
    let full = &rest[..end];
    let start = full
        .iter()
        .position(|&byte| byte == b':')
        .map_or(0, |colon| colon + 1);
    (is_closing, &full[start..])
}

// The value of an attribute as written.
fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = tag;
    loop {
        let equals = rest.iter().position(|&byte| byte == b'=')?;
        let key = rest[..equals].trim_ascii_end();
        let key = key
            .iter()
            .rposition(u8::is_ascii_whitespace)
            .map_or(key, |space| &key[space + 1..]);
        let value = rest[equals + 1..].trim_ascii_start();
        let (&quote, value) = value.split_first()?;
        let end = value.iter().position(|&byte| byte == quote)?;
        if key == name {
            return Some(&value[..end]);
        }
        rest = &value[end + 1..];
    }
}
