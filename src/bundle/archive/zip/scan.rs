//! Members of a zip archive whose directory is broken or missing, by their local headers (APPNOTE 4.3.7).

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;

use super::directory::Entry;
use crate::bundle::archive::bytes::{Fields, slice};
use crate::bundle::limits::Budget;

/// Sizes and checksum stand behind the data, as the packer could not know them before.
pub const DESCRIPTOR: u16 = 8;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// What may be spent on finding the ends of members: bytes that come out, and bytes looked at in vain. Without it
/// a file full of headers would be looked through once for each.
struct Effort {
    out: u64,
    vain: u64,
}

/// The members in the order in which they lie, at most as many as said.
pub fn members(bytes: &[u8], most: usize, budget: &Budget) -> Vec<Entry> {
    let length = bytes.len() as u64;
    let mut effort = Effort { out: budget.stream(length).limit, vain: length + (64 << 20) };
    let (mut found, mut at) = (Vec::new(), 0);
    let finder = memmem::Finder::new(b"PK\x03\x04");
    while let Some(next) = bytes.get(at..).and_then(|rest| finder.find(rest))
        && found.len() < most
    {
        let header = at + next;
        match member(bytes, header, &mut effort) {
            Some((entry, end)) => {
                found.push(entry);
                at = end;
            }
            None => at = header + 4,
        }
    }
    found
}

/// The member at a local header, and where what follows it begins.
fn member(bytes: &[u8], header: usize, effort: &mut Effort) -> Option<(Entry, usize)> {
    let mut fields = Fields(slice(bytes, header as u64, 30)?);
    fields.skip(4);
    let version = fields.u8();
    let system = fields.u8();
    let (flags, method) = (fields.u16(), fields.u16());
    fields.skip(4);
    let (crc, packed, size) = (fields.u32(), u64::from(fields.u32()), u64::from(fields.u32()));
    let (name, extra) = (usize::from(fields.u16()), usize::from(fields.u16()));
    // What only looks like a header in the data of a member is not likely to pass for one.
    if version > 99 || method > 99 || name == 0 {
        return None;
    }
    let start = header + 30 + name + extra;
    let utf8 = flags & 0x800 != 0;
    let name_bytes = bytes.get(header + 30..header + 30 + name)?.to_vec();
    let mut entry = Entry {
        name: name_bytes,
        utf8,
        system,
        // Only the directory knows the attributes.
        attributes: 0,
        flags,
        method,
        crc,
        packed,
        size,
        header: header as u64,
    };
    entry.extend(bytes.get(header + 30 + name..start)?);
    let data = bytes.get(start..)?;
    if flags & DESCRIPTOR != 0 && entry.packed == 0 {
        let packed = match method {
            STORED => stored_length(data, effort),
            DEFLATED => deflated_length(data, effort),
            _ => None,
        };
        let packed = packed.unwrap_or_else(|| memmem::find(data, b"PK").unwrap_or(data.len()));
        let behind = data.get(packed..).unwrap_or_default();
        let mut fields = Fields(behind.strip_prefix(b"PK\x07\x08").unwrap_or(behind));
        entry.crc = fields.u32();
        fields.skip(4);
        entry.size = u64::from(fields.u32());
        entry.packed = packed as u64;
        return Some((entry, start + packed));
    }
    let length = usize::try_from(entry.packed).unwrap_or(usize::MAX).min(data.len());
    Some((entry, start + length))
}

/// How long data is behind which a descriptor says the same length.
fn stored_length(data: &[u8], effort: &mut Effort) -> Option<usize> {
    let most = usize::try_from(effort.vain).unwrap_or(usize::MAX).min(data.len());
    let found = memmem::find_iter(&data[..most], b"PK\x07\x08").find(|at| {
        let told = data.get(at + 8..at + 12).map(|bytes| Fields(bytes).u32());
        told.is_some_and(|told| told as usize == *at)
    });
    if found.is_none() {
        effort.vain -= most as u64;
    }
    found
}

/// How many bytes a deflated stream takes, found by unpacking it.
fn deflated_length(data: &[u8], effort: &mut Effort) -> Option<usize> {
    let mut inflate = Decompress::new(false);
    let mut sink = vec![0; 32 << 10];
    let length = loop {
        let (read, out) = (inflate.total_in(), inflate.total_out());
        if out > effort.out || read > effort.vain {
            break None;
        }
        let rest = usize::try_from(read).ok().and_then(|read| data.get(read..)).unwrap_or_default();
        match inflate.decompress(rest, &mut sink, FlushDecompress::None) {
            Ok(Status::StreamEnd) => break usize::try_from(inflate.total_in()).ok(),
            Ok(_) if inflate.total_in() != read || inflate.total_out() != out => {}
            _ => break None,
        }
    };
    effort.out = effort.out.saturating_sub(inflate.total_out());
    if length.is_none() {
        effort.vain = effort.vain.saturating_sub(inflate.total_in());
    }
    length
}
