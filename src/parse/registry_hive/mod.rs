//! Registry hives: the files in which Windows NT keeps its registry, and which "Save Key" and `reg save` write.

mod bytes;
mod cells;
mod control_set;
mod header;
mod limits;
mod place;
#[cfg(test)]
mod tests;
mod walk;

use crate::model::{Coverage, Origin, ProblemKind, SourceId, Stamp, Zone};
use crate::parse::registry_text::extent::computer;
use crate::parse::{Claim, Head, Parsed, Parser};

use cells::Hive;
use header::{Header, Kind, LENGTH};
use place::Place;

/// Reads hives of versions 1.1 to 1.6 (msuhanov, regf specification); tells transaction logs and pieces of hives.
pub struct RegistryHive;

impl Parser for RegistryHive {
    fn name(&self) -> &'static str {
        "registry_hive"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let why = match Kind::of(head.bytes)? {
            Kind::Hive => hive_seen(head.bytes),
            Kind::Cut => "start of a registry hive's header, `regf`".to_owned(),
            Kind::Log => "header of a registry hive's transaction log, `regf`".to_owned(),
            Kind::LogEntries => "an entry of a registry transaction log, `HvLE`".to_owned(),
            Kind::Bins => "a registry hive bin, `hbin`".to_owned(),
        };
        Some(Claim { score: 100, why })
    }

    fn parse(&self, source: SourceId, name: &str, bytes: &[u8]) -> Parsed {
        let mut parsed = Parsed { counted: "keys and values", ..Parsed::default() };
        let length = u32::try_from(bytes.len().min(LENGTH)).unwrap_or_default();
        let start = Origin { source, line: 0, offset: 0, length };
        let mut refuse = |kind, what: &str| parsed.problem(start, kind, what);
        match Kind::of(bytes) {
            Some(Kind::Hive) => hive(source, name, bytes, &mut parsed),
            Some(Kind::Cut) => refuse(ProblemKind::Truncated, CUT),
            Some(Kind::Log | Kind::LogEntries) => refuse(ProblemKind::Unsupported, LOG),
            Some(Kind::Bins) => refuse(ProblemKind::Unsupported, BINS),
            None => refuse(ProblemKind::Unrecognised, "no registry hive: expected `regf` at its start"),
        }
        parsed
    }
}

const CUT: &str = "a registry hive that ends within its header of 4096 bytes: there are no keys in it";
const LOG: &str = "a registry transaction log; not read: it holds changes on their way to the hive of the same name, and sitedx does not replay them";
const BINS: &str = "a piece of a registry hive without the header that every hive starts with; not read: where its keys belong is not known";

/// Bytes of which hive bins have a multiple.
const BLOCK: usize = 4096;

/// What a hive's header shows, for people.
fn hive_seen(bytes: &[u8]) -> String {
    let header = Header::of(bytes);
    let mut seen = format!("header of a registry hive, version {}.{}", header.major, header.minor);
    if !header.file_name.is_empty() {
        seen += &format!(", of `{}`", header.file_name);
    }
    if let Some(local) = bytes::filetime(Header::written(bytes)).filter(|_| Header::written(bytes) != 0) {
        seen += &format!(", last written {}", Stamp { local, zone: Zone::Utc }.display());
    }
    seen
}

/// Reads a hive as far as it goes.
fn hive(source: SourceId, name: &str, bytes: &[u8], parsed: &mut Parsed) {
    let hive = Hive::new(bytes);
    let place = Place::of(&hive, name);
    parsed.problem(Place::origin(source), ProblemKind::Assumed, place.told());
    let mut whole = sound(&hive, source, parsed);
    whole &= walk::tree(&hive, source, &place.root, parsed);
    whole &= current_control_set(&hive, source, &place.root, parsed);
    let header = Origin { source, line: 0, offset: 0, length: LENGTH as u32 };
    if whole && place.certain {
        parsed.covers(Coverage::RegistryTree { root: place.root }, header);
    }
    if let Some(computer) = computer(&parsed.facts) {
        parsed.facts.push(computer);
    }
}

/// Tells what is wrong with the file as a whole; true if nothing is.
fn sound(hive: &Hive<'_>, source: SourceId, parsed: &mut Parsed) -> bool {
    let before = parsed.problems.len();
    let header = &hive.header;
    let mut told = |offset, length, kind, what: String| {
        parsed.problem(Origin { source, line: 0, offset, length }, kind, what);
    };
    if !header.settled {
        let what = "the hive was being written: its two sequence numbers differ, and what is missing is in its transaction log, which sitedx does not replay; read as it is";
        told(4, 8, ProblemKind::Unsupported, what.to_owned());
    }
    if !header.sealed {
        let what =
            "the checksum is not that of the header: damaged, or the hive was being written; read as it is";
        told(508, 4, ProblemKind::Malformed, what.to_owned());
    }
    if header.layered {
        let what = "a differencing hive: it holds only what differs from the hive that it lies over";
        told(144, 4, ProblemKind::Unsupported, what.to_owned());
    }
    if header.major != 1 || !(1..=6).contains(&header.minor) {
        let (major, minor) = (header.major, header.minor);
        let what = format!("version {major}.{minor}: expected 1.1 to 1.6; read as those are");
        told(20, 8, ProblemKind::Unsupported, what);
    }
    if hive.lost_root {
        let what = "no key where the header says that the root key is: the one at the usual place was taken";
        told(36, 4, ProblemKind::Malformed, what.to_owned());
    }
    if hive.old != (header.minor <= 1) {
        let what = "the root key is not in a cell of the version that the header names; read as the cell is";
        told(24, 4, ProblemKind::Malformed, what.to_owned());
    }
    bins(hive, source, parsed);
    parsed.problems.len() == before
}

/// Goes from bin to bin through the bytes that the header says are there.
fn bins(hive: &Hive<'_>, source: SourceId, parsed: &mut Parsed) {
    let end = LENGTH as u64 + u64::from(hive.header.size);
    let have = hive.bytes.len() as u64;
    if have < end {
        let what = format!("the file ends after {have} bytes: expected {end}");
        parsed.problem(Origin { source, line: 0, offset: have, length: 0 }, ProblemKind::Truncated, what);
    }
    let end = end.min(have) as usize;
    let (mut at, mut bad) = (LENGTH, None);
    while at < end {
        let bin = hive.bytes.get(at..).unwrap_or_default();
        let size = bytes::u32_at(bin, 8).unwrap_or_default() as usize;
        let right = bin.starts_with(b"hbin")
            && bytes::u32_at(bin, 4) == u32::try_from(at - LENGTH).ok()
            && size != 0
            && size.is_multiple_of(BLOCK);
        if !right {
            bad.get_or_insert(at);
            // Bins start at blocks, so the next one is found again behind bad ones.
            at += BLOCK;
            continue;
        }
        no_bins(source, bad.take(), at, parsed);
        at += size;
    }
    no_bins(source, bad, end, parsed);
}

/// Tells of bytes that should be bins.
fn no_bins(source: SourceId, from: Option<usize>, to: usize, parsed: &mut Parsed) {
    let Some(from) = from else { return };
    let length = u32::try_from(to - from).unwrap_or(u32::MAX);
    let origin = Origin { source, line: 0, offset: from as u64, length };
    let what = format!("{length} bytes that are no hive bins: expected `hbin`, its offset and its size");
    parsed.problem(origin, ProblemKind::Malformed, what);
}

/// Adds `CurrentControlSet` to a system hive; false if it should be there and is not known.
fn current_control_set(hive: &Hive<'_>, source: SourceId, root: &str, parsed: &mut Parsed) -> bool {
    if root != r"HKEY_LOCAL_MACHINE\SYSTEM" {
        return true;
    }
    let linked = control_set::current(&parsed.facts, root)
        .is_some_and(|number| control_set::link(&mut parsed.facts, root, number));
    if !linked {
        let what = "`Select` names no control set that the hive has: what CurrentControlSet was is not known";
        let origin = Place::origin(source);
        let origin = match hive.key(hive.header.root) {
            Ok(root) => Origin { offset: root.cell.place, length: root.cell.length, ..origin },
            Err(_) => origin,
        };
        parsed.problem(origin, ProblemKind::Assumed, what);
    }
    linked
}
