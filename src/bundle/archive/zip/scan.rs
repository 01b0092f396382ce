//! Members of a zip archive whose directory is broken or missing, by their local headers (APPNOTE 4.3.7).

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;

use super::directory::{Entry, Fields, slice};
use crate::bundle::limits::Budget;

/// Sizes and checksum stand behind the data, as the packer could not know them before.
pub const DESCRIPTOR: u16 = 8;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The members in the order in which they lie, at most as many as said.
pub fn members(bytes: &[u8], most: usize, budget: &Budget) -> Vec<Entry> {
    let (mut found, mut at) = (Vec::new(), 0);
    let finder = memmem::Finder::new(b"PK\x03\x04");
    while let Some(next) = bytes.get(at..).and_then(|rest| finder.find(rest))
        && found.len() < most
    {
        let header = at + next;
        match member(bytes, header, budget) {
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
fn member(bytes: &[u8], header: usize, budget: &Budget) -> Option<(Entry, usize)> {
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
            STORED => stored_length(data),
            DEFLATED => deflated_length(data, budget.member(data.len() as u64).limit),
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
fn stored_length(data: &[u8]) -> Option<usize> {
    memmem::find_iter(data, b"PK\x07\x08").find(|at| {
        let told = data.get(at + 8..at + 12).map(|bytes| Fields(bytes).u32());
        told.is_some_and(|told| told as usize == *at)
    })
}

/// How many bytes a deflated stream takes, found by unpacking it.
fn deflated_length(data: &[u8], most: u64) -> Option<usize> {
    let mut inflate = Decompress::new(false);
    let mut sink = vec![0; 32 << 10];
    while inflate.total_out() <= most {
        let (read, out) = (inflate.total_in(), inflate.total_out());
        let rest = data.get(usize::try_from(read).ok()?..)?;
        match inflate.decompress(rest, &mut sink, FlushDecompress::None).ok()? {
            Status::StreamEnd => return usize::try_from(inflate.total_in()).ok(),
            _ if inflate.total_in() == read && inflate.total_out() == out => return None,
            _ => {}
        }
    }
    None
}
