use super::decode::{DecodeError, Decoded};
use crate::SheetError;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use std::fs::File;
use std::io::Read;

// As many characters beyond ASCII as text in another encoding hardly forms valid UTF-8 by accident.
const SURELY_UTF8: usize = 16;
// Bytes from chunks with anything beyond ASCII that the detector looks at.
const DETECTED_BYTES: usize = 8 << 20;

/// The encoding of a text file: by its byte order mark, else UTF-8 if all of it is valid, else by its look, where text
/// from China is the likeliest.
pub(super) fn detect(file: &File, head: &[u8]) -> Result<&'static Encoding, SheetError> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if let Some(encoding) = unmarked_utf16(head) {
        return Ok(encoding);
    }
    if is_utf8(file)? {
        return Ok(UTF_8);
    }
    let guess = guess(file)?;
    // GB18030 contains GBK, and the rare characters in names need it.
    Ok(if guess == GBK { GB18030 } else { guess })
}

/// UTF-16 without a mark shows as a NUL in every other byte, wherever text is mostly ASCII.
pub(crate) fn unmarked_utf16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let nuls = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let (even, odd) = (nuls(0), nuls(1));
    if pairs >= 4 && odd * 5 > pairs * 2 && even == 0 {
        Some(UTF_16LE)
    } else if pairs >= 4 && even * 5 > pairs * 2 && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

// A file that is UTF-8 for a while and then breaks is a broken UTF-8 file: better say so than read it as Chinese noise.
fn is_utf8(file: &File) -> Result<bool, SheetError> {
    let mut text = Decoded::new(super::from_start(file)?, UTF_8, u64::MAX);
    let mut beyond_ascii = 0;
    loop {
        match text.next_chunk() {
            Ok([]) => return Ok(true),
            Ok(chunk) if chunk.is_ascii() => {}
            Ok(chunk) => beyond_ascii += chunk.iter().filter(|&&byte| byte >= 0xC0).count(),
            Err(DecodeError::Io(error)) => return Err(error.into()),
            Err(DecodeError::Malformed(_)) => return Ok(beyond_ascii >= SURELY_UTF8),
        }
    }
}

fn guess(file: &File) -> Result<&'static Encoding, SheetError> {
    let mut file = super::from_start(file)?;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut buffer = vec![0; 64 << 10];
    let mut looked_at = 0;
    while looked_at < DETECTED_BYTES {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        let chunk = &buffer[..read];
        if !chunk.is_ascii() {
            detector.feed(chunk, false);
            looked_at += read;
        }
    }
    detector.feed(&[], true);
    Ok(detector.guess(Some(b"cn"), Utf8Detection::Deny))
}
