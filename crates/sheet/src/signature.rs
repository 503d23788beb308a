//! Tells what a file is by its first bytes.

use crate::SheetError;
use crate::delimited::unmarked_utf16;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// The two kinds of file that are read on.
pub(crate) enum Kind {
    Archive,
    Text,
}

/// `head` is the beginning of `file`. Whatever is neither an archive nor text is refused, by its name where it has one.
pub(crate) fn kind_of(head: &[u8], file: &mut File) -> Result<Kind, SheetError> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Archive);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(if contains_encrypted_package(file)? {
            SheetError::Encrypted
        } else {
            SheetError::OldXls
        });
    }
    // A workbook of Excel 2 to 4 is one bare stream of records.
    if matches!(head, [0x09, 0x00 | 0x02 | 0x04, 0x04 | 0x06, 0x00, ..]) {
        return Err(SheetError::OldXls);
    }
    const BINARY: [&[u8]; 7] = [
        b"%PDF",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"GIF8",
        b"Rar!",
        b"7z\xBC\xAF",
        b"\x1F\x8B",
    ];
    if BINARY.iter().any(|start| head.starts_with(start)) {
        return Err(SheetError::NotASpreadsheet);
    }
    if head.starts_with(b"\xFF\xFE")
        || head.starts_with(b"\xFE\xFF")
        || unmarked_utf16(head).is_some()
    {
        return Ok(Kind::Text);
    }
    refuse_markup(head)?;
    if looks_binary(head) {
        Err(SheetError::NotASpreadsheet)
    } else {
        Ok(Kind::Text)
    }
}

// A protected workbook is a container with a stream of this name; the name stands in it as UTF-16.
fn contains_encrypted_package(file: &mut File) -> Result<bool, SheetError> {
    let needle: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    file.seek(SeekFrom::Start(0))?;
    let mut window = Vec::new();
    loop {
        let kept = window.len().min(needle.len());
        window.drain(..window.len() - kept);
        if file.by_ref().take(64 << 10).read_to_end(&mut window)? == 0 {
            return Ok(false);
        }
        if window.windows(needle.len()).any(|bytes| bytes == needle) {
            return Ok(true);
        }
    }
}

// Many programs write a web page or XML and call it .xls; read as text it would be one column of noise.
fn refuse_markup(head: &[u8]) -> Result<(), SheetError> {
    let start = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let start = start[..start.len().min(16)].to_ascii_lowercase();
    let starts_with_any = |tags: &[&[u8]]| tags.iter().any(|tag| start.starts_with(tag));
    if starts_with_any(&[
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<meta",
        b"<table",
        b"<style",
    ]) {
        Err(SheetError::UnsupportedFormat {
            format: "a web page",
        })
    } else if starts_with_any(&[b"<?xml"]) {
        Err(SheetError::UnsupportedFormat {
            format: "an XML file",
        })
    } else {
        Ok(())
    }
}

// Text has hardly any control characters; a NUL alone may be an accident in a text, and is then reported at its place.
fn looks_binary(head: &[u8]) -> bool {
    let is_control = |byte: u8| {
        byte < 0x20 && !matches!(byte, 0 | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1A | 0x1B)
    };
    let controls = head.iter().filter(|&&byte| is_control(byte)).count();
    let nuls = head.iter().filter(|&&byte| byte == 0).count();
    controls * 50 > head.len() || nuls * 10 > head.len()
}
