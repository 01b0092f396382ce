//! Cabinets: each folder is unpacked once, in its order; members are ranges of it.

mod folder;
mod header;

use std::ops::Range;

use self::folder::Stream;
use self::header::{Cabinet, File, Place};
use super::code_page::Default;
use super::names::RawName;
use super::{Block, Budget, Contents};
use crate::bundle::block::Spool;
use crate::bundle::limits::Stop;
use crate::model::ProblemKind;

/// Whether a cabinet lies at the start of some bytes, and how long it says it is: for finding it within a file.
pub fn length(bytes: &[u8]) -> Option<usize> {
    let mut fields = super::zip::Fields(bytes.get(..36)?.strip_prefix(b"MSCF")?);
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
    let folders: Vec<Unpacked> =
        (0..cabinet.folders.len()).map(|index| unpack(block, &cabinet, index, &mut spool, budget)).collect();
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

fn unpack(
    block: &Block,
    cabinet: &Cabinet,
    index: usize,
    spool: &mut Spool,
    budget: &mut Budget,
) -> Unpacked {
    let nothing = spool.length()..spool.length();
    let own = |file: &&File| cabinet.folder_of(file) == Some(index);
    let wanted = cabinet.files.iter().filter(own).map(|file| file.offset + file.size).max().unwrap_or(0);
    if wanted == 0 {
        return (nothing, None);
    }
    // Later blocks refer back to the first ones, which are not here.
    if index == 0 && cabinet.files.iter().any(|file| matches!(file.place, Place::Before | Place::Both)) {
        return (nothing, Some(cabinet.set.begins_before()));
    }
    let Some(mut stream) = cabinet.folders.get(index).map(|folder| Stream::new(block, cabinet, *folder))
    else {
        return (nothing, None);
    };
    match &mut stream {
        Ok(stream) => {
            let meter = budget.stream(stream.packed());
            let (range, cut) = spool.fill(&mut std::io::Read::take(stream, wanted), meter);
            budget.spend(range.end - range.start);
            (range, cut)
        }
        Err(stop) => (nothing, Some(stop.clone())),
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
