//! What a file is, by its content.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Enough for the beginnings of all known kinds, and to tell text from other bytes.
const HEAD: usize = 64 * 1024;

const ZIP: &str = "application/zip";
pub const PDF: &str = "application/pdf";
const TEXT: &str = "text/plain";
const UNKNOWN: &str = "application/octet-stream";

/// `(bytes, where they stand, type)`.
const SIGNATURES: [(&[u8], usize, &str); 22] = [
    (b"%PDF-", 0, PDF),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"BM", 0, "image/bmp"),
    (b"II*\0", 0, "image/tiff"),
    (b"MM\0*", 0, "image/tiff"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heif"),
    (b"ftypavif", 4, "image/avif"),
    (b"ftypqt", 4, "video/quicktime"),
    (b"ftyp", 4, "video/mp4"),
    (b"ID3", 0, "audio/mpeg"),
    (b"WAVE", 8, "audio/wav"),
    (b"OggS", 0, "audio/ogg"),
    (b"Rar!\x1a\x07", 0, "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", 0, "application/x-7z-compressed"),
    (b"\x1f\x8b", 0, "application/gzip"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0,
        "application/x-ole-storage",
    ),
    (b"{\\rtf", 0, "application/rtf"),
];

/// Office files are ZIP archives; what is in them says which.
const IN_ZIP: [(&[u8], &str); 7] = [
    (
        b"word/",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        b"xl/",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (
        b"ppt/",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    (
        b"application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.text",
    ),
    (
        b"application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    (
        b"application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.presentation",
    ),
    (b"application/epub+zip", "application/epub+zip"),
];

/// The media type of a file. HTML, SVG and scripts are plain text here: nothing of a file may ever run.
pub fn type_of(path: &Path) -> std::io::Result<&'static str> {
    let mut head = Vec::with_capacity(HEAD);
    let is_whole = {
        let mut file = File::open(path)?;
        file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        file.read(&mut [0])? == 0
    };
    Ok(type_of_bytes(&head, is_whole))
}

fn type_of_bytes(head: &[u8], is_whole: bool) -> &'static str {
    let stands =
        |bytes: &[u8], at: usize| head.get(at..).is_some_and(|rest| rest.starts_with(bytes));
    if stands(b"PK\x03\x04", 0) || stands(b"PK\x05\x06", 0) {
        let has = |name: &[u8]| head.windows(name.len()).any(|part| part == name);
        return IN_ZIP
            .iter()
            .find(|(name, _)| has(name))
            .map_or(ZIP, |(_, kind)| kind);
    }
    for (bytes, at, kind) in SIGNATURES {
        let fits = match bytes {
            b"WEBP" | b"WAVE" => stands(b"RIFF", 0) && stands(bytes, at),
            // Two letters alone are also the beginning of many texts.
            b"BM" => stands(bytes, at) && head.get(6..10) == Some(&[0, 0, 0, 0]),
            _ => stands(bytes, at),
        };
        if fits {
            return kind;
        }
    }
    if is_text(head, is_whole) {
        TEXT
    } else {
        UNKNOWN
    }
}

/// UTF-8 without control characters other than those of text; the end of the part read may cut a character.
fn is_text(head: &[u8], is_whole: bool) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if !is_whole && error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}'))
}

/// Types that a browser may show by itself.
pub fn is_image(content_type: &str) -> bool {
    matches!(
        content_type,
        "image/png" | "image/jpeg" | "image/gif" | "image/webp"
    )
}

#[cfg(test)]
mod tests {
    use super::type_of_bytes;

    #[test]
    fn a_page_of_html_is_plain_text() {
        assert_eq!(
            type_of_bytes(b"<!doctype html><script>alert(1)</script>", true),
            "text/plain"
        );
        assert_eq!(
            type_of_bytes(
                b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
                true
            ),
            "text/plain"
        );
    }

    #[test]
    fn pictures_and_papers_are_known_by_their_beginnings() {
        assert_eq!(type_of_bytes(b"\x89PNG\r\n\x1a\n\0\0", true), "image/png");
        assert_eq!(
            type_of_bytes(b"%PDF-1.7\n%\xe2\xe3", true),
            "application/pdf"
        );
        assert_eq!(type_of_bytes(b"RIFF\0\0\0\0WEBPVP8 ", true), "image/webp");
        assert_eq!(
            type_of_bytes(b"PK\x03\x04....xl/workbook.xml", true),
            super::IN_ZIP[1].1
        );
        assert_eq!(
            type_of_bytes(b"PK\x03\x04....a.txt", true),
            "application/zip"
        );
    }

    #[test]
    fn a_text_that_is_cut_in_a_character_is_still_text() {
        let text = "成单".as_bytes();
        assert_eq!(type_of_bytes(&text[..4], false), "text/plain");
        assert_eq!(type_of_bytes(&text[..4], true), "application/octet-stream");
        assert_eq!(type_of_bytes(b"BMW is a text", true), "text/plain");
        assert_eq!(type_of_bytes(b"MZ\0\x01", true), "application/octet-stream");
    }
}
