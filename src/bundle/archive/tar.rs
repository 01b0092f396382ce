//! Tar archives: members are ranges of the archive itself; nothing is unpacked.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use ::tar::{Archive, Entry, EntryType, Header};

use super::code_page::Default;
use super::names::RawName;
use super::{Block, Budget, Contents};
use crate::bundle::limits::Stop;
use crate::bundle::source::SourceBytes;
use crate::model::ProblemKind;

/// Headers and data fill whole blocks of this size.
const BLOCK: usize = 512;

/// What the headers of one member may take together: its long names and attributes are kept in memory.
const HEADERS: usize = 1 << 20;

/// Whether bytes are the header of a member: its checksum says so (POSIX, "ustar Interchange Format").
pub fn is_header(start: &[u8]) -> bool {
    let Some(header) = start.get(..BLOCK) else { return false };
    // Most files are no archives and are told by one look.
    if header[0] == 0 || !header[148..154].iter().all(|byte| matches!(byte, b'0'..=b'7' | b' ' | 0)) {
        return false;
    }
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    let told = Header::from_byte_slice(header).cksum();
    told.is_ok_and(|told| told == sum(&header[..148]) + 8 * 32 + sum(&header[156..]))
}

/// Lists the members.
pub fn members(block: &Block, budget: &mut Budget) -> Contents {
    let mut contents = Contents::default();
    let allowed = Cell::new(HEADERS);
    let mut archive = Archive::new(Headers { bytes: Cursor::new(block), allowed: &allowed });
    let entries = match archive.entries_with_seek() {
        Ok(entries) => entries,
        Err(error) => {
            contents.problem(ProblemKind::Unreadable, error.to_string());
            return contents;
        }
    };
    let mut end = 0;
    for entry in entries {
        allowed.set(HEADERS);
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let what = format!("damaged after byte {end}, what follows is not read: {error}");
                contents.problem(ProblemKind::Malformed, what);
                return contents;
            }
        };
        let start = entry.raw_file_position();
        end = start.saturating_add(entry.size()).div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64);
        if contents.members.len() >= budget.members {
            let most = budget.limits.members;
            let what =
                format!("holds more members than the limit of {most} for a bundle; the rest was not read");
            contents.problem(ProblemKind::Limit, what);
            return contents;
        }
        add(&mut contents, block, entry, budget);
    }
    behind(&mut contents, block, end);
    contents
}

fn add(contents: &mut Contents, block: &Block, mut entry: Entry<'_, impl Read>, budget: &Budget) {
    let name = entry.path_bytes().into_owned();
    let kind = entry.header().entry_type();
    let is_folder = kind == EntryType::Directory || name.ends_with(b"/");
    // Global attributes, labels of volumes and lists of what folders held are no members (GNU tar.h).
    if is_folder || kind == EntryType::XGlobalHeader || matches!(kind.as_byte(), b'V' | b'D' | b'x') {
        return;
    }
    let sparse = kind == EntryType::GNUSparse || has_sparse_attribute(&mut entry);
    let name = RawName::Bytes(name, Default::Ansi);
    let what = match kind {
        EntryType::Symlink | EntryType::Link => "a link, not followed",
        EntryType::Char | EntryType::Block | EntryType::Fifo => "no regular file",
        _ if kind.as_byte() == b'M' => "goes on from another volume, which is not supported",
        _ if sparse => "a sparse file, which is not supported; pack it without `--sparse`",
        _ => return contents.add(name, range(block, &entry, budget)),
    };
    contents.unread(name, ProblemKind::Unsupported, what);
}

fn has_sparse_attribute(entry: &mut Entry<'_, impl Read>) -> bool {
    let Ok(Some(attributes)) = entry.pax_extensions() else { return false };
    attributes.flatten().any(|attribute| attribute.key_bytes().starts_with(b"GNU.sparse."))
}

/// The bytes of a member, and why they are not all there.
fn range(block: &Block, entry: &Entry<'_, impl Read>, budget: &Budget) -> Result<SourceBytes, Stop> {
    let (start, size) = (entry.raw_file_position(), entry.size());
    let meter = budget.one();
    let found = block.part(start..start.saturating_add(size.min(meter.limit)));
    let cut = if size > meter.limit {
        Some(meter.stop())
    } else if (found.len() as u64) < size {
        let what = format!("the archive ends after {} of {size} bytes", found.len());
        Some(Stop::new(ProblemKind::Truncated, what))
    } else {
        None
    };
    match cut {
        Some(cut) if found.is_empty() => Err(cut),
        cut => Ok(SourceBytes::Block { block: found, cut: cut.map(Box::new) }),
    }
}

/// Tells if the mark at the end is missing, or if something stands behind it.
fn behind(contents: &mut Contents, block: &Block, end: u64) {
    let rest = usize::try_from(end).ok().and_then(|end| block.get(end..)).unwrap_or_default();
    if rest.is_empty() && (block.len() as u64) >= end {
        let what = "the archive has no mark at its end, so members may be missing";
        contents.problem(ProblemKind::Truncated, what);
    } else if let Some(at) = rest.iter().position(|byte| *byte != 0) {
        let what = format!("{} bytes after the end of the archive were not read", rest.len() - at);
        contents.problem(ProblemKind::Malformed, what);
    }
}

/// Gives the headers of one member at a time, within a limit; data is skipped and not read.
struct Headers<'a> {
    bytes: Cursor<&'a Block>,
    allowed: &'a Cell<usize>,
}

impl Read for Headers<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let left = self.allowed.get().checked_sub(count);
        self.allowed
            .set(left.ok_or_else(|| io::Error::other("the header of a member is longer than 1 MiB"))?);
        Ok(count)
    }
}

impl Seek for Headers<'_> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(place)
    }
}
