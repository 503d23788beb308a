use super::parts::Part;
use crate::SheetError;

/// Longest tag, comment or instruction, in bytes; a reader holds each of them whole.
const MAX_MARKUP: usize = 1 << 20;

/// Whether the rest of a part matters.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Found {
    More,
    End,
}

#[derive(Clone, Copy)]
enum State {
    Text,
    Tag {
        quote: Option<u8>,
    },
    /// Inside markup that ends with these bytes: a comment, an instruction, a text section.
    Until(&'static [u8]),
}

/// Splits the bytes of an XML part in tags and text as they come, without holding more than one tag.
pub(super) struct Scan {
    part: Part,
    state: State,
    markup: Vec<u8>,
}

impl Scan {
    pub fn new(part: Part) -> Self {
        Self {
            part,
            state: State::Text,
            markup: Vec::new(),
        }
    }

    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<Found, SheetError> {
        self.part.unpacked(bytes)?;
        while !bytes.is_empty() {
            match self.state {
                State::Text => {
                    let stop = bytes.iter().position(|&byte| byte == b'<');
                    self.part.text(&bytes[..stop.unwrap_or(bytes.len())])?;
                    bytes = stop.map_or(&[], |stop| &bytes[stop + 1..]);
                    if stop.is_some() {
                        self.markup.clear();
                        self.state = State::Tag { quote: None };
                    }
                }
                State::Tag { quote } => {
                    let is_special = |byte: u8| match quote {
                        Some(quote) => byte == quote,
                        None => matches!(byte, b'>' | b'"' | b'\'' | b'-' | b'[' | b'?'),
                    };
                    let stop = bytes.iter().position(|&byte| is_special(byte));
                    self.keep(&bytes[..stop.unwrap_or(bytes.len())])?;
                    let Some(stop) = stop else { break };
                    let byte = bytes[stop];
                    bytes = &bytes[stop + 1..];
                    if byte == b'>' {
                        self.state = State::Text;
                        if self.part.tag(&self.markup)? == Found::End {
                            return Ok(Found::End);
                        }
                        continue;
                    }
                    self.keep(&[byte])?;
                    self.state = self.after(byte, quote)?;
                }
                State::Until(end) => bytes = self.skip(bytes, end)?,
            }
        }
        Ok(Found::More)
    }

    pub fn finish(self) -> Result<Option<u64>, SheetError> {
        self.part.finish()
    }

    fn after(&mut self, byte: u8, quote: Option<u8>) -> Result<State, SheetError> {
        let end: &[u8] = match self.markup.as_slice() {
            b"!--" => b"-->",
            b"![CDATA[" => b"]]>",
            b"?" => b"?>",
            // Document types bring entities, which no workbook has.
            [b'!', b'D' | b'd', ..] => {
                return Err(SheetError::damaged("a part declares a document type"));
            }
            _ if quote.is_some() => return Ok(State::Tag { quote: None }),
            _ if matches!(byte, b'"' | b'\'') => return Ok(State::Tag { quote: Some(byte) }),
            _ => return Ok(State::Tag { quote: None }),
        };
        self.markup.clear();
        Ok(State::Until(end))
    }

    // Consumes bytes up to the one that completes `end`; what stands in a text section is text.
    fn skip<'a>(&mut self, bytes: &'a [u8], end: &'static [u8]) -> Result<&'a [u8], SheetError> {
        let is_text = end == b"]]>";
        let Some(last) = end.last() else {
            return Ok(bytes);
        };
        let stop = bytes
            .iter()
            .position(|byte| byte == last)
            .map_or(bytes.len(), |stop| stop + 1);
        let run = &bytes[..stop];
        if is_text {
            self.part.text(run)?;
            let tail = run.len().saturating_sub(end.len());
            self.markup.extend_from_slice(&run[tail..]);
        } else {
            self.keep(run)?;
        }
        if self.markup.ends_with(end) {
            self.state = State::Text;
        } else if is_text && self.markup.len() > end.len() {
            self.markup.drain(..self.markup.len() - end.len());
        }
        Ok(&bytes[stop..])
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), SheetError> {
        if self.markup.len() + bytes.len() > MAX_MARKUP {
            return Err(SheetError::damaged(
                "a part contains a tag longer than 1 MB",
            ));
        }
        self.markup.extend_from_slice(bytes);
        Ok(())
    }
}
