//! Zip archives: their members as sources, decompressed when they are read.

mod directory;
mod scan;

use std::cell::Cell;
use std::io::{self, Read};

use ::zip::ZipReadOptions;
use ::zip::read::read_zipfile_from_stream_with_options;

use self::directory::Entry;
pub use self::directory::has_directory;
use super::bytes::{Fields, slice};
use super::code_page::Default;
use super::names::RawName;
use super::{Block, Budget, Contents};
use crate::bundle::limits::{Meter, Metered, Stop};
use crate::bundle::source::SourceBytes;
use crate::model::ProblemKind;

/// A member, ready to be decompressed. What it declares is what it may give at most.
#[derive(Clone, Debug)]
pub struct ZipMember {
    data: Block,
    method: u16,
    /// Those flags that decompression needs.
    flags: u16,
    crc: u32,
    pub size: u64,
    /// Whether the archive ends within the packed bytes.
    cut: bool,
    meter: Meter,
}

/// Lists the members.
pub fn members(block: &Block, budget: &mut Budget) -> Contents {
    let directory = directory::read(block, budget);
    let mut contents = Contents::default();
    if let Some(damage) = directory.damage {
        let count = directory.entries.len();
        let what = match count {
            0 => format!("not a whole zip archive: {damage}; no members were found"),
            _ => format!("not a whole zip archive: {damage}; {count} members were found without it"),
        };
        contents.problem(ProblemKind::Truncated, what);
    }
    if directory.more {
        let most = budget.limits.members;
        let what = format!("holds more members than the limit of {most} for a bundle; the rest was not read");
        contents.problem(ProblemKind::Limit, what);
    }
    // Members do not share their data: only damage makes all together longer than the archive, and not by much.
    let mut left = 4 * block.len() as u64;
    for entry in directory.entries {
        if !is_folder(&entry) {
            let bytes = match left.checked_sub(entry.packed.min(block.len() as u64)) {
                Some(rest) => {
                    left = rest;
                    open(block, &entry, budget)
                }
                None => {
                    Err(Stop::new(ProblemKind::Malformed, "damaged: its data is that of another member, too"))
                }
            };
            let name = match entry.utf8 {
                true => RawName::Utf8(entry.name),
                false => RawName::Bytes(entry.name, Default::Oem),
            };
            contents.add(name, bytes.map(|member| SourceBytes::Zip(Box::new(member))));
        }
    }
    contents
}

/// Folders have a slash at the end of their names, or the attribute of a DOS folder and nothing in them.
fn is_folder(entry: &Entry) -> bool {
    entry.name.ends_with(b"/")
        || (entry.system == DOS
            && entry.size == 0
            && (entry.attributes & 0x10 != 0 || entry.name.ends_with(b"\\")))
}

const ENCRYPTED: u16 = 1;
const DOS: u8 = 0;
const UNIX: u8 = 3;
const MAC: u8 = 19;

fn open(block: &Block, entry: &Entry, budget: &mut Budget) -> Result<ZipMember, Stop> {
    let unsupported = |what: String| Stop::new(ProblemKind::Unsupported, what);
    // The upper half of the attributes are those of Unix (stat.h).
    match entry.attributes >> 16 & 0xF000 {
        _ if entry.system != UNIX && entry.system != MAC => {}
        0xA000 => return Err(unsupported("a link, not followed".to_owned())),
        // What came through a pipe was a file's content nevertheless.
        0x2000 | 0x6000 | 0xC000 => return Err(unsupported("no regular file".to_owned())),
        _ => {}
    }
    let supported = method_name(entry.method);
    if let Err(name) = supported
        && entry.flags & ENCRYPTED == 0
    {
        let method = entry.method;
        return Err(unsupported(format!("compressed by method {method}{name}, which is not supported")));
    }
    let data = data(block, entry)?;
    let meter = budget.member(data.len() as u64);
    let member = ZipMember {
        cut: (data.len() as u64) < entry.packed,
        data,
        method: entry.method,
        // Bits 1 and 2 are options of the compression; names, sizes and passwords do not matter any more.
        flags: entry.flags & 0b110,
        crc: entry.crc,
        size: entry.size,
        meter: meter.declared(entry.size),
    };
    if entry.flags & ENCRYPTED != 0 && (supported.is_err() || !is_plain(&member, entry)) {
        return Err(unsupported("encrypted; unpack it with its password first".to_owned()));
    }
    if member.size > 0 && meter.limit == 0 {
        return Err(meter.stop());
    }
    budget.spend(member.size.min(meter.limit));
    Ok(member)
}

/// The packed bytes, which begin behind the local header.
fn data(block: &Block, entry: &Entry) -> Result<Block, Stop> {
    let header = slice(block, entry.header, 30).ok_or_else(|| {
        Stop::new(ProblemKind::Truncated, "the archive ends within the header of the member")
    })?;
    let mut lengths = Fields(header);
    lengths.skip(26);
    let start = entry.header + 30 + u64::from(lengths.u16()) + u64::from(lengths.u16());
    Ok(block.part(start..start.saturating_add(entry.packed)))
}

/// Whether a member that is said to be encrypted is not: some packers set the flag for nothing.
fn is_plain(member: &ZipMember, entry: &Entry) -> bool {
    // A password adds twelve bytes at least (APPNOTE 6.1.3).
    match entry.method {
        0 => entry.packed == entry.size,
        8 => member.read(|reader| io::copy(reader, &mut io::sink()).is_ok()).unwrap_or(false),
        _ => false,
    }
}

/// The name of a compression, as an error where it is not supported (APPNOTE 4.4.5).
fn method_name(method: u16) -> Result<(), &'static str> {
    match method {
        0..=6 | 8 | 9 | 12 | 14 | 95 | 98 => Ok(()),
        7 => Err(" (Tokenizing)"),
        10 => Err(" (PKWARE Data Compression Library)"),
        20 | 93 => Err(" (Zstandard)"),
        94 => Err(" (MP3)"),
        96 => Err(" (JPEG)"),
        97 => Err(" (WavPack)"),
        99 => Err(" (AES encryption)"),
        _ => Err(""),
    }
}

impl ZipMember {
    /// Hands a reader of the unpacked bytes to `visit`.
    ///
    /// # Errors
    /// When decompression cannot begin; errors while reading are the reader's.
    pub fn read<T>(&self, visit: impl FnOnce(&mut dyn Read) -> T) -> io::Result<T> {
        let header = self.header();
        let closed = Cell::new(false);
        let mut raw = Raw { parts: header.chain(&*self.data), closed: &closed };
        let options = ZipReadOptions::new()
            .override_compressed_size(self.data.len() as u64)
            .override_uncompressed_size(self.size)
            .override_crc(self.crc);
        let member = read_zipfile_from_stream_with_options(&mut raw, options).map_err(io::Error::other)?;
        let mut member = member.ok_or_else(|| io::Error::other("the header of the member cannot be read"))?;
        let result = visit(&mut Metered::new(Early { reader: &mut member, cut: self.cut }, self.meter));
        closed.set(true);
        Ok(result)
    }

    /// A local header with what the decompressor needs and no more: that in the archive may be damaged.
    fn header(&self) -> [u8; 31] {
        // With the flag of a descriptor the crate takes the sizes from its options.
        let flags = self.flags | scan::DESCRIPTOR;
        let mut header = [0; 31];
        header[..4].copy_from_slice(b"PK\x03\x04");
        header[6..8].copy_from_slice(&flags.to_le_bytes());
        header[8..10].copy_from_slice(&self.method.to_le_bytes());
        // A name of one letter.
        header[26] = 1;
        header[30] = b'm';
        header
    }
}

/// Feeds the decompressor. Dropped early, the crate reads the rest, in order to stand before a next member;
/// there is none, so the source is closed before.
struct Raw<'a, R> {
    parts: R,
    closed: &'a Cell<bool>,
}

impl<R: Read> Read for Raw<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.closed.get() { Ok(0) } else { self.parts.read(buffer) }
    }
}

/// Where the packed bytes are not all there, this is the reason for whatever fails.
struct Early<R> {
    reader: R,
    cut: bool,
}

impl<R: Read> Read for Early<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer).map_err(|error| match self.cut {
            true => Stop::new(ProblemKind::Truncated, "the archive ends within it").into(),
            false => error,
        })
    }
}
