//! Looks through an XLSX archive before anything reads it: unpacks every part that will be read once, in small pieces,
//! keeping nothing, so that no later step can be made to hold or unpack more than the limits allow.

use super::parts::Part;
use super::scan::{Found, Scan};
use crate::{Limits, SheetError};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::result::ZipError;

type Archive = ZipArchive<BufReader<File>>;

/// More entries than any workbook has; each costs memory before its size is known.
const MAX_DIRECTORY_BYTES: u32 = 16 << 20;

/// Passes archives that are workbooks within the limits.
pub(super) fn check(mut file: File, limits: &Limits) -> Result<(), SheetError> {
    check_directory(&mut file)?;
    let file_bytes = file.seek(SeekFrom::End(0))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(archive_error)?;
    let names = names(&archive)?;
    check_kind(&names)?;

    let mut budget = Budget {
        used: 0,
        allowed: allowed(file_bytes, limits),
        limit: limits.unpacked_bytes,
    };
    // What a part really unpacks to is counted below; the archive reader stops a part that unpacks to more than stated.
    let mut stated = Budget { ..budget };
    for index in 0..archive.len() {
        stated.spend(archive.by_index_raw(index).map_err(archive_error)?.size())?;
    }

    // The shared texts first: what is wrong with one of them shows in a cell of a sheet.
    let mut order: Vec<usize> = (0..names.len())
        .filter(|&index| is_xml(&names[index]))
        .collect();
    order.sort_by_key(|&index| !names[index].ends_with("sharedstrings.xml"));
    let mut too_long = None;
    for index in order {
        let found = scan_part(
            &mut archive,
            index,
            &names[index],
            &mut budget,
            limits,
            too_long,
        )?;
        too_long = too_long.or(found);
    }
    match too_long {
        Some(_) => Err(SheetError::CellTooLong {
            row: None,
            column: None,
            limit: limits.cell_chars,
        }),
        None => Ok(()),
    }
}

fn scan_part(
    archive: &mut Archive,
    index: usize,
    name: &str,
    budget: &mut Budget,
    limits: &Limits,
    too_long: Option<u64>,
) -> Result<Option<u64>, SheetError> {
    let mut entry = archive.by_index(index).map_err(archive_error)?;
    let mut scan = Scan::new(Part::new(name, limits, too_long));
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = match entry.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(SheetError::damaged(format_args!("{name}: {error}"))),
        };
        budget.spend(read as u64)?;
        if scan.feed(&buffer[..read])? == Found::End {
            break;
        }
    }
    scan.finish()
}

/// What may still be unpacked, in bytes.
#[derive(Clone, Copy)]
struct Budget {
    used: u64,
    allowed: u64,
    limit: u64,
}

impl Budget {
    fn spend(&mut self, bytes: u64) -> Result<(), SheetError> {
        self.used = self.used.saturating_add(bytes);
        if self.used > self.allowed {
            Err(SheetError::ZipBomb { limit: self.limit })
        } else {
            Ok(())
        }
    }
}

fn allowed(file_bytes: u64, limits: &Limits) -> u64 {
    file_bytes
        .saturating_mul(limits.unpacked_ratio)
        .max(limits.free_unpacked_bytes)
        .min(limits.unpacked_bytes)
}

fn is_xml(name: &str) -> bool {
    name.ends_with(".xml") || name.ends_with(".rels")
}

// Lower case and with plain slashes, as the reader looks parts up; of two equal names only one would be checked.
fn names(archive: &Archive) -> Result<Vec<String>, SheetError> {
    let mut names = Vec::with_capacity(archive.len());
    let mut seen = std::collections::HashSet::with_capacity(archive.len());
    for name in archive.file_names() {
        let name = name
            .map_err(archive_error)?
            .replace('\\', "/")
            .to_ascii_lowercase();
        if !seen.insert(name.clone()) {
            return Err(SheetError::damaged(format_args!("{name} occurs twice")));
        }
        names.push(name);
    }
    Ok(names)
}

fn check_kind(names: &[String]) -> Result<(), SheetError> {
    let has = |name: &str| names.iter().any(|other| other == name);
    let has_below = |folder: &str| names.iter().any(|other| other.starts_with(folder));
    if has("xl/workbook.bin") {
        return Err(SheetError::UnsupportedFormat {
            format: "a binary workbook (.xlsb)",
        });
    }
    if has("content.xml") && has("mimetype") {
        return Err(SheetError::UnsupportedFormat {
            format: "an OpenDocument file (.ods)",
        });
    }
    if has_below("index/") && names.iter().any(|name| name.ends_with(".iwa")) {
        return Err(SheetError::UnsupportedFormat {
            format: "a Numbers file",
        });
    }
    // A workbook in an unusual folder is still a workbook: the package says where it is.
    if !has("_rels/.rels") || has_below("word/") || has_below("ppt/") {
        return Err(SheetError::NotASpreadsheet);
    }
    Ok(())
}

// Archives end with a short record that says how large the list of their entries is.
fn check_directory(file: &mut File) -> Result<(), SheetError> {
    const RECORD: usize = 22;
    let bytes = file.seek(SeekFrom::End(0))?;
    let tail_bytes = bytes.min(RECORD as u64 + u64::from(u16::MAX));
    file.seek(SeekFrom::Start(bytes - tail_bytes))?;
    let mut tail = Vec::new();
    file.take(tail_bytes).read_to_end(&mut tail)?;
    let sizes = tail
        .windows(RECORD)
        .filter(|record| record.starts_with(b"PK\x05\x06"));
    let largest = sizes
        .map(|record| u32::from_le_bytes([record[12], record[13], record[14], record[15]]))
        .max();
    match largest {
        None => Err(SheetError::damaged("the end of the archive is missing")),
        Some(bytes) if bytes > MAX_DIRECTORY_BYTES => {
            Err(SheetError::damaged("the archive has too many entries"))
        }
        Some(_) => Ok(()),
    }
}

fn archive_error(error: ZipError) -> SheetError {
    match error {
        ZipError::Io(error)
            if error.kind() != io::ErrorKind::UnexpectedEof && error.raw_os_error().is_some() =>
        {
            SheetError::Io(error)
        }
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SheetError::Encrypted,
        other => SheetError::damaged(other),
    }
}
