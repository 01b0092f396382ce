//! Archives of all formats: told apart by their first bytes, each to a list of members.

mod bytes;
mod cab;
mod code_page;
mod embedded;
mod names;
mod packed;
mod sevenz;
mod tar;
mod unpack;
mod zip;

use std::io;
use std::ops::Range;

pub use unpack::{Place, Unpacker};
pub use zip::ZipMember;

use super::block::Block;
use super::limits::{Budget, Stop};
use super::source::SourceBytes;
use crate::model::ProblemKind;
use names::RawName;

/// How many of the first bytes of a file tell what it is: the header of a tar archive is as long.
pub const START: usize = 512;

/// What kind of archive a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Zip,
    Cabinet,
    SevenZip,
    Tar,
    Gzip,
    Bzip2,
    Xz,
    /// A program, or what calls itself an archive and does not begin as one: archives may lie within.
    Carrier,
    /// An archive that is known by name only.
    Foreign(&'static str),
}

impl Format {
    /// The kind of archive that a file is, by its first bytes; its name only tells where to look further.
    pub fn of(name: &str, start: &[u8]) -> Option<Self> {
        Some(match start {
            // A local header, the end of the directory of an empty archive, and the marks of split
            // archives that became one (APPNOTE 4.3.7, 4.3.16, 8.5.4 and 8.5.5).
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [b'P', b'K', 7, 8, b'P', b'K', ..] | [b'P', b'K', b'0', b'0', b'P', b'K', ..] => Self::Zip,
            [b'M', b'S', b'C', b'F', ..] => Self::Cabinet,
            [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => Self::SevenZip,
            [0x1F, 0x8B, 8, ..] => Self::Gzip,
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..] => Self::Bzip2,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Self::Xz,
            [b'R', b'a', b'r', b'!', 0x1A, 7, ..] => Self::Foreign("RAR"),
            [b'M', b'S', b'W', b'I', b'M', 0, 0, 0, ..] => Self::Foreign("WIM"),
            [b'S', b'Z', b'D', b'D', 0x88, 0xF0, b'\'', b'3', ..] => Self::Foreign("SZDD (COMPRESS.EXE)"),
            [b'K', b'W', b'A', b'J', 0x88, 0xF0, b'\'', 0xD1, ..] => Self::Foreign("KWAJ (COMPRESS.EXE)"),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Self::Foreign("Zstandard"),
            [_, _, b'-', b'l', b'h', b'0'..=b'7' | b'd', b'-', ..] => Self::Foreign("LHA"),
            [b'M', b'Z', ..] if has_ending(name, &[".exe"]) => Self::Carrier,
            _ if tar::is_header(start) => Self::Tar,
            _ if has_ending(name, &[".cab", ".zip", ".7z"]) => Self::Carrier,
            _ => return None,
        })
    }

    /// Lists the members. Formats that can only be unpacked in their own order are unpacked here.
    /// `None` if it is no archive after all.
    fn members(self, name: &str, block: &Block, budget: &mut Budget) -> Option<Contents> {
        Some(match self {
            Self::Zip => zip::members(block, budget),
            Self::Cabinet => cab::members(block, budget),
            Self::SevenZip => sevenz::members(block, budget),
            Self::Tar => tar::members(block, budget),
            Self::Gzip | Self::Bzip2 | Self::Xz => packed::members(self, name, block, budget),
            Self::Carrier => return embedded::members(block, budget),
            Self::Foreign(kind) => {
                let mut contents = Contents::default();
                let what = format!("a {kind} archive, which is not supported; unpack it first");
                contents.problem(ProblemKind::Unsupported, what);
                contents
            }
        })
    }
}

/// What an archive holds.
#[derive(Debug, Default)]
pub struct Contents {
    members: Vec<Member>,
    /// What is wrong with the archive itself.
    problems: Vec<Stop>,
}

/// One member of an archive.
#[derive(Debug)]
struct Member {
    name: RawName,
    /// The bytes, or why there are none.
    bytes: Result<SourceBytes, Stop>,
}

impl Contents {
    fn problem(&mut self, kind: ProblemKind, what: impl Into<String>) {
        self.problems.push(Stop::new(kind, what));
    }

    fn add(&mut self, name: RawName, bytes: Result<SourceBytes, Stop>) {
        self.members.push(Member { name, bytes });
    }

    /// Adds what is known by its name and cannot be read.
    fn unread(&mut self, name: RawName, kind: ProblemKind, what: impl Into<String>) {
        self.add(name, Err(Stop::new(kind, what)));
    }

    /// Adds the members that lie in what was unpacked: a range each, and why it ends there.
    fn unpacked(&mut self, block: &io::Result<Block>, ranges: Vec<(RawName, Range<u64>, Option<Stop>)>) {
        for (name, range, cut) in ranges {
            let bytes = match (block, cut) {
                (Err(error), _) => {
                    let what = format!("what was unpacked cannot be read: {error}");
                    Err(Stop::new(ProblemKind::Unreadable, what))
                }
                (Ok(_), Some(cut)) if range.is_empty() => Err(cut),
                (Ok(block), cut) => {
                    Ok(SourceBytes::Block { block: block.part(range), cut: cut.map(Box::new) })
                }
            };
            self.add(name, bytes);
        }
    }
}

/// Endings of archives that stand for a folder, longer ones first.
const FOLDER_ENDINGS: &[&str] =
    &[".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".tbz2", ".tbz", ".txz", ".tar", ".zip", ".cab", ".7z"];

/// A name without the ending of an archive that stands for a folder: `SECNT04.tar.gz` is `SECNT04`.
pub fn folder_stem(name: &str) -> &str {
    let ending =
        FOLDER_ENDINGS.iter().find(|ending| has_ending(name, &[ending]) && ending.len() < name.len());
    // An ending is ASCII, so it is cut between characters.
    ending.map_or(name, |ending| &name[..name.len() - ending.len()])
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let name = name.as_bytes();
    endings.iter().any(|ending| {
        name.len()
            .checked_sub(ending.len())
            .is_some_and(|at| name[at..].eq_ignore_ascii_case(ending.as_bytes()))
    })
}

#[cfg(test)]
mod tests;
