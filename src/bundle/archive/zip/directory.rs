//! The directory of a zip archive: where it is, and what it says of each member (APPNOTE 4.3.12 to 4.3.16).
//!
//! The crate `zip` gives up on a directory of which one entry is broken, and of members with the same name it
//! knows only one. So the directory is read here, and the crate decompresses.

use crate::bundle::archive::bytes::{Fields, crc, slice};
use memchr::memmem;

use super::scan;
use crate::bundle::limits::Budget;

/// What is known of one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: Vec<u8>,
    /// Whether the name is said to be UTF-8.
    pub utf8: bool,
    /// The system it was packed on: 0 is DOS, 3 is Unix.
    pub system: u8,
    /// Attributes of that system.
    pub attributes: u32,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    pub packed: u64,
    pub size: u64,
    /// The first byte of the local header.
    pub header: u64,
}

/// The members in the order of the directory, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Directory {
    pub entries: Vec<Entry>,
    pub damage: Option<String>,
    /// Whether there are more members than the limit.
    pub more: bool,
}

/// Reads the directory; where it is not whole, the members are looked for by their local headers.
pub fn read(bytes: &[u8], budget: &Budget) -> Directory {
    let most = budget.members;
    let (listed, damage) = match find_end(bytes) {
        Some(end) => listed(bytes, &end, most),
        None => (Vec::new(), Some("its directory is missing".to_owned())),
    };
    let Some(damage) = damage else {
        let more = listed.len() > most;
        return Directory { entries: listed.into_iter().take(most).collect(), damage: None, more };
    };
    // An entry of the directory says more than a local header.
    let mut found = scan::members(bytes, most.saturating_add(1), budget);
    for entry in listed {
        match found.binary_search_by_key(&entry.header, |known| known.header) {
            Ok(index) => found[index] = entry,
            Err(index) if has_header(bytes, entry.header) => found.insert(index, entry),
            Err(_) => {}
        }
    }
    let more = found.len() > most;
    found.truncate(most);
    Directory { entries: found, damage: Some(damage), more }
}

/// Whether a directory can be found that is not empty.
pub fn has_directory(bytes: &[u8]) -> bool {
    find_end(bytes).is_some_and(|end| end.count != 0)
}

/// Whether a local header begins at a place.
pub fn has_header(bytes: &[u8], at: u64) -> bool {
    slice(bytes, at, 4) == Some(b"PK\x03\x04")
}

/// The record at the end of an archive, with the directory as it was found.
struct End {
    /// The number of this part of a split archive, from 0.
    disk: u16,
    /// Where the directory begins in the file.
    start: u64,
    /// Where the directory ends.
    place: u64,
    count: u64,
    /// What stands before the archive: offsets count from behind it.
    base: u64,
}

/// Finds the end of the directory: the last record of its kind before which a directory lies.
fn find_end(bytes: &[u8]) -> Option<End> {
    // Behind it comes a comment of at most 64 KiB, and maybe what a copy added.
    let window = bytes.len().saturating_sub(1 << 20);
    let places = memmem::rfind_iter(&bytes[window..], b"PK\x05\x06").take(64);
    let ends: Vec<End> = places.filter_map(|at| end_at(bytes, (window + at) as u64)).collect();
    // A comment may quote the record of an empty archive.
    let empty = !has_header(bytes, 0);
    ends.into_iter().find(|end| end.count != 0 || empty)
}

fn end_at(bytes: &[u8], place: u64) -> Option<End> {
    let record = slice(bytes, place, 22)?;
    let mut end = Fields(record);
    end.skip(4);
    let disk = end.u16();
    end.skip(4);
    let (count, size, offset) = (u64::from(end.u16()), u64::from(end.u32()), u64::from(end.u32()));
    let (count, size, offset, place) = match zip64(bytes, place) {
        Some(large) if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF => large,
        _ => (count, size, offset, place),
    };
    // The directory lies before its end record; where that is not what the offset says, something stands
    // before the archive, such as the program of a self-extractor.
    let is_start = |at: u64| count == 0 || slice(bytes, at, 4) == Some(b"PK\x01\x02");
    let by_size = place.checked_sub(size).filter(|at| is_start(*at));
    let start = by_size.or_else(|| Some(offset).filter(|at| *at < place && is_start(*at)))?;
    Some(End { disk, start, place, count, base: start.saturating_sub(offset) })
}

/// Count, size, offset and place of the large end record, which stands before the small one.
fn zip64(bytes: &[u8], place: u64) -> Option<(u64, u64, u64, u64)> {
    let locator = place.checked_sub(20)?;
    let mut fields = Fields(slice(bytes, locator, 20)?.strip_prefix(b"PK\x06\x07")?);
    fields.skip(4);
    let told = fields.u64();
    let is_record = |at: u64| slice(bytes, at, 4) == Some(b"PK\x06\x06");
    // With something before the archive the offset is too small; the record is 56 bytes long at least.
    let at = Some(told)
        .filter(|at| is_record(*at))
        .or_else(|| locator.checked_sub(56).filter(|at| is_record(*at)))?;
    let mut fields = Fields(slice(bytes, at, 56)?);
    fields.skip(32);
    Some((fields.u64(), fields.u64(), fields.u64(), at))
}

/// The entries that can be read, and what is wrong if they are not all.
fn listed(bytes: &[u8], end: &End, most: usize) -> (Vec<Entry>, Option<String>) {
    let (mut entries, mut at) = (Vec::new(), end.start);
    // The count has 16 bits and may have started anew, so the place of the end decides.
    while end.count != 0 && at < end.place && entries.len() <= most {
        let found = entry(bytes, at).map(|(mut entry, next)| {
            entry.header = entry.header.saturating_add(end.base);
            (entry, next)
        });
        let what = match found {
            Some((entry, next)) if has_header(bytes, entry.header) => {
                entries.push(entry);
                at = next;
                continue;
            }
            Some(_) if end.disk != 0 && end.disk != u16::MAX => {
                format!(
                    "the last of {} parts of a split archive; join the parts first",
                    u32::from(end.disk) + 1
                )
            }
            Some((entry, _)) => {
                format!("its directory points to byte {}, where no member begins", entry.header)
            }
            None if entries.len() as u64 >= end.count => break,
            None => format!(
                "its directory lists {} members and is damaged at byte {at}, after {}",
                end.count,
                entries.len()
            ),
        };
        return (entries, Some(what));
    }
    (entries, None)
}

/// One entry of the directory, and where the next begins.
fn entry(bytes: &[u8], at: u64) -> Option<(Entry, u64)> {
    let mut fields = Fields(slice(bytes, at, 46)?.strip_prefix(b"PK\x01\x02")?);
    fields.skip(1);
    let system = fields.u8();
    fields.skip(2);
    let (flags, method) = (fields.u16(), fields.u16());
    fields.skip(4);
    let (crc, packed, size) = (fields.u32(), u64::from(fields.u32()), u64::from(fields.u32()));
    let (name, extra, comment) = (u64::from(fields.u16()), u64::from(fields.u16()), u64::from(fields.u16()));
    fields.skip(4);
    let (attributes, header) = (fields.u32(), u64::from(fields.u32()));
    let next = at + 46 + name + extra + comment;
    let name_bytes = slice(bytes, at + 46, name)?;
    let extra = slice(bytes, at + 46 + name, extra)?;
    let utf8 = flags & 0x800 != 0;
    let mut entry = Entry {
        name: name_bytes.to_vec(),
        utf8,
        system,
        attributes,
        flags,
        method,
        crc,
        packed,
        size,
        header,
    };
    entry.extend(extra);
    (next <= bytes.len() as u64).then_some((entry, next))
}

impl Entry {
    /// What the extra fields say more exactly: large sizes and the name in UTF-8.
    pub fn extend(&mut self, mut extra: &[u8]) {
        while let [a, b, c, d, rest @ ..] = extra {
            let (kind, length) = (u16::from_le_bytes([*a, *b]), usize::from(u16::from_le_bytes([*c, *d])));
            let Some((field, next)) = rest.split_at_checked(length) else { return };
            extra = next;
            match kind {
                // The large forms of those sizes that do not fit, in this order (APPNOTE 4.5.3).
                1 => {
                    let mut fields = Fields(field);
                    for value in [&mut self.size, &mut self.packed, &mut self.header] {
                        if *value == 0xFFFF_FFFF && fields.0.len() >= 8 {
                            *value = fields.u64();
                        }
                    }
                }
                // The name in UTF-8, if it belongs to the name in the header (APPNOTE 4.6.9).
                0x7075 => {
                    if let [1, a, b, c, d, name @ ..] = field
                        && u32::from_le_bytes([*a, *b, *c, *d]) == crc(&self.name)
                        && std::str::from_utf8(name).is_ok()
                    {
                        self.name = name.to_vec();
                        self.utf8 = true;
                    }
                }
                _ => {}
            }
        }
    }
}
