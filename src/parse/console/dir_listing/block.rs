//! The rows of one folder: their names, their counts, and the facts that they prove.

use std::borrow::Cow;
use std::sync::Arc;

use super::dates::Printed;
use super::entry::RowKind;
use super::shared::Shared;
use super::trailer;
use crate::model::{EntryKind, Fact, Origin};
use crate::parse::console::Reading;
use crate::text::Line;

/// Entries and bytes, counted from rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub files: u64,
    pub folders: u64,
    pub bytes: u64,
}

impl Counts {
    /// Adds what others counted.
    pub fn add(&mut self, other: Counts) {
        self.files += other.files;
        self.folders += other.folders;
        self.bytes = self.bytes.wrapping_add(other.bytes);
    }

    /// Whether a trailer agrees, and then whether its `File(s)` counts folders too, as on Windows NT 4
    /// (`None` where there is no difference). `folders_too` is what an earlier trailer showed.
    pub fn agree(self, count: u64, bytes: u64, folders_too: Option<bool>) -> Option<Option<bool>> {
        // Windows NT 3.5 counts the one sector that each folder of a CD-ROM fills.
        let with_sectors = self.bytes.wrapping_add(self.folders.wrapping_mul(2048));
        let on_disc =
            bytes == with_sectors && count == self.files + self.folders && folders_too != Some(false);
        if on_disc && bytes != self.bytes {
            return Some(Some(true));
        }
        if bytes != self.bytes {
            return None;
        }
        match (count == self.files, count == self.files + self.folders) {
            (true, true) => Some(folders_too),
            (true, false) if folders_too != Some(true) => Some(Some(false)),
            (false, true) if folders_too != Some(false) => Some(Some(true)),
            _ => None,
        }
    }
}

/// A folder whose rows are being read.
///
/// The row of `.` shows how to read names. Rows before it are held, and all of them where there is none.
pub struct Block<'a> {
    pub path: Arc<str>,
    pub counts: Counts,
    /// Whether `.` and `..` are shown: they are missing under a drive's root, and where `dir` was given a filter.
    pub dots: bool,
    /// Whether a line among the rows was not understood.
    pub flawed: bool,
    /// Whether a message says why the rows are missing.
    pub excused: bool,
    /// Where the header stands.
    pub origin: Origin,
    /// Lines that are no rows, and may hold several names each.
    pub lines: Vec<Line<'a>>,
    held: Vec<Held<'a>>,
    /// Whether the facts of the folder and of the rows that were held are made.
    begun: bool,
}

/// A row and what follows its size or marker.
pub struct Held<'a> {
    pub rest: Cow<'a, str>,
    /// The column at which that begins, in characters.
    pub column: usize,
    pub origin: Origin,
    pub kind: RowKind,
    pub printed: Printed,
}

impl<'a> Block<'a> {
    /// A folder without rows yet.
    pub fn new(path: &str, origin: Origin) -> Self {
        Self {
            path: path.into(),
            counts: Counts::default(),
            dots: false,
            flawed: false,
            excused: false,
            origin,
            lines: Vec::new(),
            held: Vec::new(),
            begun: false,
        }
    }

    /// Whether the folder is a drive's or a share's root, which has no `.` and `..`.
    pub fn is_root(&self) -> bool {
        self.path.trim_end_matches('\\').len() <= trailer::root(&self.path).len()
    }

    /// Whether no row was read.
    pub fn is_empty(&self) -> bool {
        !self.begun && self.held.is_empty()
    }

    /// The fact of the folder was made elsewhere.
    pub fn begun(&mut self) {
        self.begun = true;
    }

    /// Counts a row.
    pub fn count(&mut self, kind: RowKind) {
        match kind {
            RowKind::File(size) => self.counts.add(Counts { files: 1, folders: 0, bytes: size }),
            RowKind::FileLink => self.counts.files += 1,
            RowKind::Folder | RowKind::FolderLink => self.counts.folders += 1,
        }
    }

    /// Takes a row.
    pub fn push(&mut self, row: Held<'a>, reading: &mut Reading, shared: &mut Shared<'a>) {
        self.count(row.kind);
        shared.evidence.see(row.printed);
        if before_dots(row.kind, &row.rest).is_some() {
            shared.columns = columns(row.kind, &row.rest, row.column).unwrap_or(shared.columns);
            self.dots = true;
            self.settle(reading, shared);
        } else if self.begun {
            self.entry(&row, reading, shared);
        } else {
            self.held.push(row);
        }
    }

    /// Makes the facts of the folder and of the rows that are held; later rows need not be held.
    pub fn settle(&mut self, reading: &mut Reading, shared: &mut Shared<'a>) {
        if !self.begun {
            self.begun = true;
            reading.parsed.fact(Fact::Folder { path: self.path.clone() }, self.origin);
        }
        for held in std::mem::take(&mut self.held) {
            self.entry(&held, reading, shared);
        }
    }

    fn entry(&mut self, held: &Held<'a>, reading: &mut Reading, shared: &mut Shared<'a>) {
        let kind = match held.kind {
            RowKind::File(size) => EntryKind::File { size },
            RowKind::Folder => EntryKind::Folder,
            RowKind::FolderLink | RowKind::FileLink => EntryKind::Link,
        };
        let Some(name) = name(&held.rest, shared.columns.before(held.column), kind) else {
            self.flawed = true;
            reading.parsed.understood = reading.parsed.understood.saturating_sub(1);
            let rest = || held.rest.chars().take(40).collect::<String>();
            let what = || format!("found {:?}, expected the name of an entry", rest());
            return reading.malformed(held.origin, what);
        };
        let modified = shared.date(reading.parsed.facts.len(), held.printed);
        let entry = Fact::Entry { folder: self.path.clone(), name: name.into(), kind, modified };
        reading.parsed.fact(entry, held.origin);
    }
}

/// What stands before `.` or `..` in the row of a folder itself or its parent. No other name ends in a dot.
fn before_dots(kind: RowKind, rest: &str) -> Option<&str> {
    if kind != RowKind::Folder {
        return None;
    }
    let rest = rest.trim_end();
    let before = rest.strip_suffix("..").or_else(|| rest.strip_suffix('.'))?;
    (before.is_empty() || before.ends_with(' ')).then_some(before)
}

/// What stands between size and name: short names with `/x`, owners with `/q`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Characters that they fill.
    Width(usize),
    /// The column at which names begin.
    NamesAt(usize),
}

impl Columns {
    /// Characters before the name of a row whose columns begin at `column`.
    fn before(self, column: usize) -> usize {
        match self {
            Self::Width(width) => width,
            Self::NamesAt(at) => at.saturating_sub(column),
        }
    }
}

/// The columns between size and name, as the row of `.` shows them.
pub fn columns(kind: RowKind, rest: &str, column: usize) -> Option<Columns> {
    let before = before_dots(kind, rest)?;
    let width = before.chars().count();
    if width == 0 {
        return Some(Columns::Width(0));
    }
    // Short names leave this row blank; an owner fills 23 columns, and a longer one pushes the name away.
    (before.trim().is_empty() || matches!(width, 23 | 36 | 39)).then_some(Columns::NamesAt(column + width))
}

/// The name in what follows size or marker; `None` where no file can have that name.
fn name(rest: &str, columns: usize, kind: EntryKind) -> Option<&str> {
    let mut name = rest;
    if columns > 0 {
        let (at, _) = rest.char_indices().nth(columns)?;
        let (before, after) = rest.split_at_checked(at)?;
        name = before.ends_with(' ').then_some(after)?;
    }
    if kind == EntryKind::Link && name.ends_with(']') {
        // The target may hold the same, and then what stands before it is no name.
        let starts = name.rmatch_indices(" [").filter_map(|(at, _)| name.get(..at));
        name = starts.into_iter().find(|start| is_name(start)).unwrap_or(name);
    }
    // A name of dots and blanks alone is none.
    let named = name.bytes().any(|byte| !matches!(byte, b'.' | b' '));
    (named && is_name(name)).then_some(name)
}

/// Bytes that no name on Windows holds.
const FORBIDDEN: [bool; 256] = {
    let mut forbidden = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        forbidden[byte] =
            byte < 0x20 || matches!(byte as u8, b'\\' | b'/' | b':' | b'*' | b'<' | b'>' | b'|' | b'"');
        byte += 1;
    }
    forbidden
};

/// Whether a text holds nothing that no name on Windows holds. A question mark may stand for a lost letter.
pub fn is_name(text: &str) -> bool {
    !text.bytes().fold(false, |found, byte| found | FORBIDDEN[usize::from(byte)])
}
