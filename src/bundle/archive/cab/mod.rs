//! Cabinets: each folder is unpacked once, in its order; members are ranges of it.

mod folder;
mod header;

use std::io::Read as _;
use std::ops::Range;

use self::folder::Stream;
use self::header::{Cabinet, File, Place};
use super::bytes::Fields;
use super::code_page::Default;
use super::names::RawName;
use super::{Block, Budget, Contents};
use crate::bundle::block::Spool;
use crate::bundle::limits::Stop;
use crate::model::ProblemKind;

/// Whether a cabinet lies at the start of some bytes, and how long it says it is: for finding it within a file.
pub fn length(bytes: &[u8]) -> Option<usize> {
    let mut fields = Fields(bytes.get(..36)?.strip_prefix(b"MSCF")?);
    let reserved = fields.u32();
    let length = fields.u32() as usize;
    fields.skip(4);
    let files = fields.u32() as usize;
    fields.skip(5);
    let major = fields.u8();
    let fits = files > 35 && files < length && length <= bytes.len();
    (reserved == 0 && major == 1 && fits).then_some(length)
}

/// Lists the members.
pub fn members(block: &Block, budget: &mut Budget) -> Contents {
    let mut cabinet = header::read(block, budget.members);
    let mut contents = Contents::default();
    if cabinet.files.len() > budget.members {
        cabinet.files.truncate(budget.members);
        let most = budget.limits.members;
        let what = format!("holds more members than the limit of {most} for a bundle; the rest was not read");
        contents.problem(ProblemKind::Limit, what);
    }
    if let Some(what) = cabinet.set.told() {
        contents.problem(ProblemKind::Truncated, what);
    }
    if let Some(damage) = cabinet.damage.take() {
        contents.problem(ProblemKind::Truncated, damage);
    }
    let mut spool = Spool::new(budget);
    let mut folders = Folders::new(block, &cabinet);
    let folders: Vec<Unpacked> =
        (0..cabinet.folders.len()).map(|index| folders.unpack(index, &mut spool, budget)).collect();
    let members: Vec<(RawName, Range<u64>, Option<Stop>)> = cabinet
        .files
        .iter()
        .map(|file| {
            let (range, cut) = range(file, &cabinet, &folders, budget);
            let name = match file.utf8 {
                true => RawName::Utf8(file.name.clone()),
                false => RawName::Bytes(file.name.clone(), Default::Ansi),
            };
            (name, range, cut)
        })
        .collect();
    contents.unpacked(&spool.finish(budget), members);
    contents
}

/// What came out of a folder, and why no more.
type Unpacked = (Range<u64>, Option<Stop>);

/// The folders of a cabinet, while they are unpacked one after the other.
struct Folders<'a> {
    block: &'a Block,
    cabinet: &'a Cabinet,
    /// Up to where each folder has members.
    wanted: Vec<u64>,
    /// Folders do not share their data: only damage makes all together longer than the cabinet, and not by much.
    left: u64,
}

impl<'a> Folders<'a> {
    fn new(block: &'a Block, cabinet: &'a Cabinet) -> Self {
        let mut wanted = vec![0; cabinet.folders.len()];
        for file in &cabinet.files {
            if let Some(wanted) = cabinet.folder_of(file).and_then(|index| wanted.get_mut(index)) {
                *wanted = (file.offset + file.size).max(*wanted);
            }
        }
        Self { block, cabinet, wanted, left: 4 * block.len() as u64 }
    }

    fn unpack(&mut self, index: usize, spool: &mut Spool, budget: &mut Budget) -> Unpacked {
        let nothing = spool.length()..spool.length();
        let (Some(folder), Some(wanted)) = (self.cabinet.folders.get(index), self.wanted.get(index)) else {
            return (nothing, None);
        };
        if *wanted == 0 {
            return (nothing, None);
        }
        // Later blocks refer back to the first ones, which are not here.
        let begins_before = |file: &File| matches!(file.place, Place::Before | Place::Both);
        if index == 0 && self.cabinet.files.iter().any(begins_before) {
            return (nothing, Some(self.cabinet.set.begins_before()));
        }
        let stream = match Stream::new(self.block, self.cabinet, *folder) {
            Ok(stream) => stream,
            Err(stop) => return (nothing, Some(stop)),
        };
        let packed = stream.packed(self.left);
        if packed > self.left {
            self.left /= 2;
            let what = "damaged: its data is that of another folder, too";
            return (nothing, Some(Stop::new(ProblemKind::Malformed, what)));
        }
        self.left -= packed;
        let (range, cut) = spool.fill(&mut stream.take(*wanted), budget.stream(packed));
        budget.spend(range.end - range.start);
        (range, cut)
    }
}

/// The bytes of a member among all that was unpacked, and why they are not all there.
fn range(
    file: &File,
    cabinet: &Cabinet,
    folders: &[Unpacked],
    budget: &Budget,
) -> (Range<u64>, Option<Stop>) {
    if matches!(file.place, Place::Before | Place::Both) {
        return (0..0, Some(cabinet.set.begins_before()));
    }
    if file.size == 0 {
        return (0..0, None);
    }
    let Some((folder, stop)) = cabinet.folder_of(file).and_then(|index| folders.get(index)) else {
        let what = format!("lies in a folder of which the cabinet has only {}", folders.len());
        return (0..0, Some(Stop::new(ProblemKind::Malformed, what)));
    };
    let meter = budget.one();
    let start = folder.start.saturating_add(file.offset).min(folder.end);
    let whole = start..folder.start.saturating_add(file.offset).saturating_add(file.size);
    if file.size > meter.limit && folder.end - start > meter.limit {
        return (start..start + meter.limit, Some(meter.stop()));
    }
    if whole.end <= folder.end {
        return (whole, None);
    }
    let missing = || {
        let found = folder.end - start;
        let what = format!("the data of the cabinet ends after {found} of {} bytes", file.size);
        Stop::new(ProblemKind::Truncated, what)
    };
    let cut = match (file.place, stop) {
        (Place::Behind, None) => cabinet.set.ends_behind(),
        (Place::Behind, Some(stop)) if stop.kind == ProblemKind::Truncated => cabinet.set.ends_behind(),
        (_, stop) => stop.clone().unwrap_or_else(missing),
    };
    (start..folder.end, Some(cut))
}

impl Cabinet {
    /// The index of the folder in which a member lies.
    fn folder_of(&self, file: &File) -> Option<usize> {
        match file.place {
            Place::Folder(index) => Some(usize::from(index)),
            Place::Before | Place::Both => Some(0),
            Place::Behind => self.folders.len().checked_sub(1),
        }
    }
}

impl header::Set {
    /// That this cabinet is a part of a set, and what its neighbours are called.
    fn told(&self) -> Option<String> {
        let neighbours: Vec<String> = [("after", &self.previous), ("before", &self.next)]
            .iter()
            .filter_map(|(side, name)| Some(format!("{side} `{}`", (*name).as_ref()?)))
            .collect();
        let beside =
            if neighbours.is_empty() { String::new() } else { format!(", {}", neighbours.join(" and ")) };
        let (part, id) = (self.part, self.id);
        self.split.then(|| {
            format!(
                "part {part} of a set of cabinets (set {id}){beside}; unpack the set with all its parts first"
            )
        })
    }

    fn begins_before(&self) -> Stop {
        self.elsewhere("begins", self.previous.as_deref().unwrap_or("a part that is not named"))
    }

    fn ends_behind(&self) -> Stop {
        self.elsewhere("goes on", self.next.as_deref().unwrap_or("a part that is not named"))
    }

    fn elsewhere(&self, what: &str, name: &str) -> Stop {
        let what = format!("{what} in `{name}`: this is part {} of a set of cabinets", self.part);
        Stop::new(ProblemKind::Truncated, what)
    }
}
