//! 7z archives: each block is unpacked once, in its order; members are ranges of what comes out.

use std::io::{Cursor, Read};
use std::ops::Range;

use memchr::memmem;
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use super::bytes::{Fields, crc, slice};
use super::names::RawName;
use super::{Block, Budget, Contents};
use crate::bundle::block::Spool;
use crate::bundle::limits::{Metered, Stop};
use crate::model::ProblemKind;

pub const SIGNATURE: &[u8] = b"7z\xBC\xAF\x27\x1C";

/// The most memory that a decoder may ask for.
const DICTIONARY: u64 = 1 << 30;

/// The bytes of the archive's own header in the file: signature, version, checksum, place of the list (7zFormat.txt).
const START: u64 = 32;

/// The method AES with SHA-256 (Methods.txt of 7-Zip).
const AES: &[u8] = &[6, 0xF1, 7, 1];

/// The first byte of a list of members that is itself packed.
const PACKED: u8 = 0x17;

/// Whether an archive begins here: its header bears a checksum.
pub fn is_header(bytes: &[u8]) -> bool {
    let start = slice(bytes, 0, START).and_then(|start| start.strip_prefix(SIGNATURE));
    start.is_some_and(|start| start[0] == 0 && Fields(&start[2..]).u32() == crc(&start[6..]))
}

/// Lists the members.
pub fn members(block: &Block, budget: &mut Budget) -> Contents {
    let mut contents = Contents::default();
    let archive = match check_list(block, budget).and_then(|()| open(block)) {
        Ok(archive) => archive,
        Err(stop) => {
            contents.problems.push(stop);
            return contents;
        }
    };
    let mut files: Vec<usize> =
        (0..archive.files.len()).filter(|index| is_member(&archive.files[*index])).collect();
    if files.len() > budget.members {
        files.truncate(budget.members);
        let most = budget.limits.members;
        let what = format!("holds more members than the limit of {most} for a bundle; the rest was not read");
        contents.problem(ProblemKind::Limit, what);
    }
    let mut spool = Spool::new(budget);
    let mut unpacked: Vec<Option<Unpacked>> = vec![None; archive.files.len()];
    for index in 0..archive.blocks.len() {
        blocks(block, &archive, index, &mut spool, &mut unpacked, budget);
    }
    let members = files.into_iter().filter_map(|index| {
        let file = archive.files.get(index)?;
        let name = RawName::Text(file.name.clone());
        let empty = || match is_link(file) {
            true => Some(Stop::new(ProblemKind::Unsupported, "a link, not followed")),
            false => None,
        };
        let (range, cut) = unpacked.get_mut(index).and_then(Option::take).unwrap_or_else(|| (0..0, empty()));
        Some((name, range, cut))
    });
    let members: Vec<_> = members.collect();
    contents.unpacked(&spool.finish(budget), members);
    contents
}

fn open(block: &Block) -> Result<Archive, Stop> {
    Archive::read(&mut Cursor::new(block), &Password::empty()).map_err(|error| stop(&error))
}

/// Files, and not what only says that a file was deleted.
fn is_member(file: &ArchiveEntry) -> bool {
    !file.is_directory && !file.is_anti_item
}

/// Reparse points of Windows, and links of Unix, whose mode is in the upper half (7-Zip, `AttributesExtension`).
fn is_link(file: &ArchiveEntry) -> bool {
    let attributes = file.windows_attributes;
    file.has_windows_attributes
        && (attributes & 0x400 != 0 || attributes & 0x8000 != 0 && attributes >> 16 & 0xF000 == 0xA000)
}

/// Where the bytes of a member are among all that was unpacked, and why there are no more.
type Unpacked = (Range<u64>, Option<Stop>);

/// Unpacks the members of one block, which are packed as one stream.
fn blocks(
    block: &Block,
    archive: &Archive,
    index: usize,
    spool: &mut Spool,
    unpacked: &mut [Option<Unpacked>],
    budget: &mut Budget,
) {
    let password = Password::empty();
    let mut source = Cursor::new(block);
    let decoder = BlockDecoder::new(1, index, archive, &password, &mut source);
    let first = archive.stream_map.block_first_file_index.get(index).copied().unwrap_or_default();
    let files = first..first.saturating_add(decoder.entry_count());
    let refused = |stop: &Stop, unpacked: &mut [Option<Unpacked>]| {
        for place in unpacked.get_mut(files.clone()).into_iter().flatten() {
            place.get_or_insert_with(|| (0..0, Some(stop.clone())));
        }
    };
    if let Err(stop) = check_coders(archive, index) {
        return refused(&stop, unpacked);
    }
    let mut meter = budget.stream(packed(archive, index));
    let (mut next, mut end) = (first, None);
    let result = decoder.for_each_entries(&mut |file: &ArchiveEntry, reader: &mut dyn Read| {
        let mut reader = Metered::new(reader, meter);
        let (range, mut cut) = match is_link(file) {
            true => (0..0, Some(Stop::new(ProblemKind::Unsupported, "a link, not followed"))),
            false => spool.fill(&mut reader, budget.one()),
        };
        if cut.is_none() && range.end - range.start < file.size {
            let what =
                format!("the packed data ends after {} of {} bytes", range.end - range.start, file.size);
            cut = Some(Stop::new(ProblemKind::Truncated, what));
        }
        // What is over the limit of one member is passed over, and counts nevertheless.
        end = match &cut {
            Some(cut) if reader.out() > range.end - range.start || is_link(file) => passed(&mut reader),
            Some(cut) if !cut.is_checksum() => Some(cut.clone()),
            _ => None,
        };
        meter = meter.less(reader.out());
        budget.spend(reader.out());
        if let Some(place) = unpacked.get_mut(next) {
            *place = Some((range, cut));
        }
        next += 1;
        Ok(end.is_none())
    });
    match (end, result) {
        (Some(stop), _) if stop.kind == ProblemKind::Limit => refused(&stop, unpacked),
        (Some(stop), _) => {
            let what = format!("not reached: before it in the same stream, {}", stop.what);
            refused(&Stop::new(stop.kind, what), unpacked);
        }
        (None, Err(error)) => refused(&stop(&error), unpacked),
        (None, Ok(_)) => {}
    }
}

/// Passes over what is left of a member; why that did not work.
fn passed(reader: &mut dyn Read) -> Option<Stop> {
    let error = std::io::copy(reader, &mut std::io::sink()).err()?;
    Some(Stop::of(&error)).filter(|stop| !stop.is_checksum())
}

/// How many packed bytes a block has.
fn packed(archive: &Archive, index: usize) -> u64 {
    let starts = archive.stream_map.block_first_pack_stream_index();
    let first = starts.get(index).copied().unwrap_or_default();
    let end = starts.get(index + 1).copied().unwrap_or(archive.pack_sizes().len());
    archive.pack_sizes().get(first..end).into_iter().flatten().fold(0, |sum, size| sum.saturating_add(*size))
}

/// Whether the decoders of a block are known and ask for no more memory than they may have.
fn check_coders(archive: &Archive, index: usize) -> Result<(), Stop> {
    for coder in archive.blocks.get(index).into_iter().flat_map(|block| &block.coders) {
        let properties = coder.properties();
        let dictionary = match coder.encoder_method_id() {
            AES => return Err(encrypted()),
            // LZMA and PPMd: one byte of settings, then the memory.
            [3, 1, 1] | [3, 4, 1] => u64::from(Fields(properties.get(1..).unwrap_or_default()).u32()),
            // LZMA2: a power of two, or one and a half of it.
            [0x21] => match properties.first().copied().unwrap_or_default() {
                bits @ 0..40 => (2 | u64::from(bits & 1)) << (bits / 2 + 11),
                _ => u64::from(u32::MAX),
            },
            _ => 0,
        };
        if dictionary > DICTIONARY {
            let what = format!("needs {dictionary} bytes of memory to be unpacked, the limit is 1 GiB");
            return Err(Stop::new(ProblemKind::Limit, what));
        }
    }
    Ok(())
}

fn encrypted() -> Stop {
    Stop::new(ProblemKind::Unsupported, "encrypted; unpack it with its password first")
}

/// What the crate says, in our words.
fn stop(error: &Error) -> Stop {
    match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => encrypted(),
        Error::UnsupportedCompressionMethod(method) if method.starts_with("AES") => encrypted(),
        Error::UnsupportedCompressionMethod(method) => {
            Stop::new(ProblemKind::Unsupported, format!("compressed by {method}, which is not supported"))
        }
        Error::Io(error, _) => Stop::of(error),
        Error::ChecksumVerificationFailed | Error::NextHeaderCrcMismatch => Stop::checksum(),
        error => Stop::new(ProblemKind::Malformed, format!("damaged: {error}")),
    }
}

/// Refuses a packed list of members that unpacks to more than the members that are allowed can need: the crate
/// keeps the list in memory, and much more for each member.
fn check_list(block: &Block, budget: &Budget) -> Result<(), Stop> {
    let early = || Stop::new(ProblemKind::Truncated, "the archive ends before its list of members");
    let mut start = Fields(slice(block, 0, START).ok_or_else(early)?);
    start.skip(12);
    let (place, length) = (START.saturating_add(start.u64()), start.u64());
    let list = slice(block, place, length).ok_or_else(early)?;
    let most = (1 << 20) + 64 * budget.limits.members as u64;
    match unpacked_list(list) {
        _ if list.starts_with(&[PACKED]) && memmem::find(list, AES).is_some() => Err(encrypted()),
        Some(u64::MAX) => Err(Stop::new(
            ProblemKind::Unsupported,
            "its list of members is packed in a way that is not supported",
        )),
        Some(unpacked) if unpacked > most => {
            let what = format!("its list of members unpacks to {unpacked} bytes, the limit is {most}");
            Err(Stop::new(ProblemKind::Limit, what))
        }
        _ => Ok(()),
    }
}

/// How many bytes a packed list of members unpacks to, where it is packed and that can be read.
fn unpacked_list(list: &[u8]) -> Option<u64> {
    let mut list = Fields(list.strip_prefix(&[PACKED, 6])?);
    // Where the packed streams are, how many, and how long: 6 position count, 9 lengths, 10 checksums, 0.
    number(&mut list);
    let streams = number(&mut list);
    loop {
        match list.u8() {
            9 => {
                for _ in 0..streams.min(64) {
                    number(&mut list);
                }
            }
            10 if list.u8() != 0 => list.skip(4 * usize::try_from(streams).ok()?),
            0 => break,
            _ => return None,
        }
    }
    // The folders, of which only those with one coder without bonds are read: 7 11 count 0 coders.
    if (list.u8(), list.u8(), number(&mut list), list.u8(), number(&mut list)) != (7, 11, 1, 0, 1) {
        return Some(u64::MAX);
    }
    let flags = list.u8();
    list.skip(usize::from(flags & 0xF));
    if flags & 0x10 != 0 {
        return Some(u64::MAX);
    }
    if flags & 0x20 != 0 {
        let properties = number(&mut list);
        list.skip(usize::try_from(properties).ok()?);
    }
    // 12, and the size of what comes out.
    (list.u8() == 12).then(|| number(&mut list))
}

/// A number whose first byte says by its leading ones how many bytes follow.
fn number(fields: &mut Fields<'_>) -> u64 {
    let first = fields.u8();
    let more = first.leading_ones().min(8);
    let mut value = 0;
    for place in 0..more {
        value |= u64::from(fields.u8()) << (8 * place);
    }
    let high = u64::from(first) & (0x7F_u64 >> more.min(7));
    if more < 8 { value | high << (8 * more) } else { value }
}
