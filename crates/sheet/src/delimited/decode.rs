use encoding_rs::{Decoder, DecoderResult, Encoding};
use std::fs::File;
use std::io::{self, Read};

const CHUNK: usize = 64 << 10;

/// A file as UTF-8, one chunk at a time, whatever its encoding; a byte order mark is left out.
pub(super) struct Decoded {
    source: io::Take<File>,
    encoding: &'static Encoding,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_start: usize,
    raw_end: usize,
    text: Vec<u8>,
    at_end: bool,
}

/// Why no further chunk comes.
#[derive(Debug)]
pub(super) enum DecodeError {
    Io(io::Error),
    Malformed(&'static str),
}

impl Decoded {
    /// Reads at most the first `bytes` of the file.
    pub fn new(file: File, encoding: &'static Encoding, bytes: u64) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        let room = decoder
            .max_utf8_buffer_length_without_replacement(CHUNK)
            .unwrap_or(CHUNK * 3);
        Self {
            source: file.take(bytes),
            encoding,
            decoder,
            raw: vec![0; CHUNK],
            raw_start: 0,
            raw_end: 0,
            text: vec![0; room],
            at_end: false,
        }
    }

    /// The next bytes of valid UTF-8; empty at the end. Text in front of a malformed byte is delivered first.
    pub fn next_chunk(&mut self) -> Result<&[u8], DecodeError> {
        loop {
            if self.raw_start == self.raw_end {
                if self.at_end {
                    return Ok(&[]);
                }
                self.raw_start = 0;
                self.raw_end =
                    read_some(&mut self.source, &mut self.raw).map_err(DecodeError::Io)?;
                self.at_end = self.raw_end == 0;
            }
            let raw = &self.raw[self.raw_start..self.raw_end];
            let (result, read, written) =
                self.decoder
                    .decode_to_utf8_without_replacement(raw, &mut self.text, self.at_end);
            self.raw_start += read;
            match result {
                DecoderResult::Malformed(..) if written == 0 => {
                    return Err(DecodeError::Malformed(self.encoding.name()));
                }
                DecoderResult::Malformed(..) => {
                    // The decoder has gone past the bad bytes; make the next call fail.
                    self.raw_start = 0;
                    self.raw_end = 1;
                    self.raw[0] = 0xFF;
                    self.decoder = encoding_rs::UTF_8.new_decoder_without_bom_handling();
                    return Ok(&self.text[..written]);
                }
                _ if written > 0 => return Ok(&self.text[..written]),
                _ => {}
            }
        }
    }
}

fn read_some(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
