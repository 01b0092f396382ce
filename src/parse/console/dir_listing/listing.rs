//! One run of `dir`: its folders, whether their trailers agree, and what it covers in the end.

use std::borrow::Cow;
use std::sync::Arc;

use super::block::{Block, Counts, Held};
use super::entry::{self, Row};
use super::language;
use super::shared::{Assumption, Shared};
use super::trailer::{self, Failure, Mark};
use super::typed::Typed;
use super::{old, shape};
use crate::model::{Coverage, Fact, Located, Origin};
use crate::parse::console::Reading;
use crate::text::{Line, Span, Text};

/// What is known of one run of `dir` so far.
#[derive(Default)]
pub struct Listing<'a> {
    pub typed: Typed,
    pub(super) volume: Option<(String, Option<String>, Origin)>,
    /// Free bytes of the volume and where they are printed.
    pub(super) free: Option<(u64, Origin)>,
    pub(super) block: Option<Block<'a>>,
    /// Entries of all blocks, and of the last one.
    pub(super) sum: Counts,
    pub(super) last: Counts,
    pub(super) blocks: u32,
    /// The root of the first folder, and the end of the last one.
    root: String,
    pub(super) end: Option<Origin>,
    /// Whether `File(s)` counts folders too, where a trailer has shown it.
    pub(super) folders_too: Option<bool>,
    /// The column at which names begin, where a row has shown it.
    name_column: Option<usize>,
    pub(super) in_total: bool,
    /// Whether the totals agree with the files of all folders.
    pub(super) whole: bool,
    /// Whether free space or totals were printed since the last folder.
    pub(super) ended: bool,
    /// Whether a message says why the end is missing.
    pub(super) excused: bool,
    /// Whether some folder shows no `.` and `..`, so that `dir` was given a filter.
    pub(super) filtered: bool,
    pub(super) complete: Vec<Complete>,
    /// A line whose meaning the next one tells.
    pending: Option<(Pending, Line<'a>)>,
    /// The first message, and what it says.
    failed: Option<(Failure, Line<'a>)>,
    /// The folder of the names of a bare list, once it has one.
    pub(super) bare: Option<Arc<str>>,
    /// Rows whose folder nothing names, and the first of them.
    homeless: (u64, Option<Origin>),
    /// Whether the line before was no blank one, as it is before headers.
    close_up: bool,
}

/// A folder whose trailer agrees with its rows.
pub struct Complete {
    pub folder: Located<Coverage>,
    pub dots: bool,
}

/// What a line in no known language may be.
enum Pending {
    /// The header of a folder, if a row follows.
    Folder(String),
    /// The words before the totals, if they follow.
    Total,
    /// The line that names a volume, if its serial number follows.
    Volume(String),
}

impl<'a> Listing<'a> {
    /// A run whose command is known.
    pub fn new(typed: Typed) -> Self {
        Self { typed, ..Self::default() }
    }

    /// Reads a row of the open folder as it stands in the source; false where it is none or in doubt.
    pub fn take(
        &mut self,
        span: Span<'a>,
        text: &Text<'a>,
        reading: &mut Reading,
        shared: &mut Shared<'a>,
    ) -> bool {
        let Some(block) = &mut self.block else { return false };
        if !span.terminated || self.pending.is_some() || !block.lines.is_empty() {
            return false;
        }
        let Some(row) = entry::scan(span.bytes, self.name_column) else { return false };
        self.name_column = self.name_column.or(row.name_column);
        self.close_up = true;
        let rest = text.rest(span, row.name_at);
        let Row { column, kind, printed, .. } = row;
        let held = Held { rest, column, origin: span.origin, kind, printed };
        reading.understood();
        block.push(held, reading, shared);
        true
    }

    /// Reads one line that is neither blank nor a prompt.
    pub fn line(&mut self, line: Line<'a>, reading: &mut Reading, shared: &mut Shared<'a>) {
        if self.typed.bare {
            return self.bare_line(line, reading);
        }
        let heads = !std::mem::replace(&mut self.close_up, true);
        if let Some(row) = entry::row(&line.text, self.name_column) {
            self.expect_rows(reading, shared);
            return self.row(line, row, reading, shared);
        }
        let Some((mark, language)) = trailer::mark(&line.text) else {
            return self.other(line, heads, reading, shared);
        };
        self.volume_by_shape(&mark, reading, shared);
        self.drop_pending(reading);
        shared.language = shared.language.or(language);
        let origin = line.origin;
        match mark {
            // The rest of a name may be missing.
            Mark::Volume(..) | Mark::Folder(_) if !line.terminated => return self.unread(&line, reading),
            Mark::Volume(root, label) => self.volume(root, label.map(str::to_owned), origin, reading, shared),
            Mark::Folder(path) => {
                let Some(path) = self.absolute(path, origin, reading, shared) else {
                    return self.unread(&line, reading);
                };
                self.folder(&path, origin, reading, shared);
            }
            Mark::Total => {
                self.cut(reading, shared);
                self.in_total = true;
            }
            Mark::Files(count, bytes) if self.in_total => self.total(count, bytes, origin, reading),
            Mark::Files(count, bytes) => match self.block.take() {
                Some(block) => self.close(block, (count, bytes), origin, reading, shared),
                None => return self.unread(&line, reading),
            },
            Mark::Cut(count) => self.cut_at(origin, count, reading, shared),
            Mark::Folders(count, free) => {
                self.folders(count, origin, reading);
                self.ends(free, origin);
            }
            Mark::Free(free) => self.ends(free, origin),
            Mark::Message(failure) => self.fails(failure, line),
            Mark::Serial => {}
        }
        reading.understood();
    }

    /// A message stands where rows or counts would.
    pub(super) fn fails(&mut self, failure: Failure, line: Line<'a>) {
        self.excused = true;
        self.block.iter_mut().for_each(|block| block.excused = true);
        self.failed.get_or_insert((failure, line));
    }

    /// Ends the run: what it covers is known only now.
    pub fn finish(&mut self, reading: &mut Reading, shared: &mut Shared<'a>) {
        self.drop_pending(reading);
        let cut = self.cut(reading, shared);
        match self.end {
            Some(end) if !cut && !self.ended && !self.excused => {
                let blocks = self.blocks;
                let what =
                    || format!("the listing ends without totals and free space after {blocks} folders");
                reading.truncated(end, what);
            }
            _ => {}
        }
        self.failure(reading);
        if let (more @ 2.., Some(origin)) = std::mem::take(&mut self.homeless) {
            reading.malformed(origin, || {
                format!("{} more rows stand where no header names their folder", more - 1)
            });
        }
        let scope = self.typed.scope;
        let roots = !self.filtered && !scope.named;
        let complete = std::mem::take(&mut self.complete).into_iter();
        let covered = complete.filter(|complete| !scope.narrow && (complete.dots || roots));
        reading.parsed.coverage.extend(covered.map(|complete| complete.folder));
        let free = self.free.map(|(free, _)| free);
        let root = std::mem::take(&mut self.root);
        match (self.volume.take(), self.free) {
            (Some((root, label, origin)), _) => {
                reading.parsed.fact(Fact::Volume { root, label, free }, origin);
            }
            (None, Some((_, origin))) if !root.is_empty() => {
                reading.parsed.fact(Fact::Volume { root, label: None, free }, origin);
            }
            _ => {}
        }
    }

    /// What a message says of the one path that was asked for, or that it is all that there is.
    fn failure(&mut self, reading: &mut Reading) {
        let Some((failure, line)) = self.failed.take() else { return };
        if self.sum != Counts::default() || self.bare.is_some() {
            return;
        }
        let Typed { scope, recursive, asked, .. } = &self.typed;
        let is_root = |path: &str| path.trim_end_matches('\\').len() <= trailer::root(path).len();
        let path = asked.as_ref().filter(|path| match failure {
            Failure::NoPath => true,
            // A root that holds nothing has no `.` to show. Hidden files show themselves only with `/a`.
            Failure::NoFile => !scope.narrow && !recursive && !is_root(path),
            Failure::Refused => false,
        });
        match path {
            Some(path) if line.terminated => {
                reading.parsed.covers(Coverage::Absent { path: path.clone() }, line.origin);
            }
            _ if self.volume.is_none() && self.blocks == 0 => {
                let said = line.text.trim();
                reading.truncated(line.origin, || format!("the command failed and lists nothing: {said}"));
            }
            _ => {}
        }
    }

    /// A row follows: what the lines before it were is known.
    fn expect_rows(&mut self, reading: &mut Reading, shared: &mut Shared<'a>) {
        if let Some((Pending::Folder(path), line)) =
            self.pending.take_if(|it| matches!(it.0, Pending::Folder(_)))
        {
            self.assume_shape(line.origin, reading, shared);
            self.folder(&path, line.origin, reading, shared);
            reading.understood();
        }
        self.drop_pending(reading);
        let lines = self.block.as_mut().map(|block| std::mem::take(&mut block.lines)).unwrap_or_default();
        lines.iter().for_each(|line| self.unread(line, reading));
    }

    fn row(&mut self, line: Line<'a>, row: Row, reading: &mut Reading, shared: &mut Shared<'a>) {
        let Row { column, kind, printed, name_at, name_column } = row;
        let rest = match line.text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(name_at..).unwrap_or_default()),
            Cow::Owned(ref text) => Cow::Owned(text.get(name_at..).unwrap_or_default().to_owned()),
        };
        let held = Held { rest, column, origin: line.origin, kind, printed };
        if self.push(&line, held, reading, shared) {
            self.name_column = self.name_column.or(name_column);
        }
    }

    /// Adds a row to the open folder, or to the one that the command tells.
    fn push(
        &mut self,
        line: &Line<'a>,
        row: Held<'a>,
        reading: &mut Reading,
        shared: &mut Shared<'a>,
    ) -> bool {
        let first = self.block.is_none() && self.blocks == 0 && line.terminated;
        if let Some(folder) = self.typed.folder.clone().filter(|_| first) {
            let what = "no header names the folder of the rows; it is taken from the command at the prompt";
            shared.assume(Assumption::Folder, line.origin, reading, what);
            self.folder(&folder, line.origin, reading, shared);
            // Who left out the header may have left out more.
            self.block.iter_mut().for_each(|block| block.flawed = true);
        }
        match &mut self.block {
            // The rest of the name may be missing.
            Some(_) if !line.terminated => self.unread(line, reading),
            Some(block) => {
                reading.understood();
                block.push(row, reading, shared);
                return true;
            }
            None if self.homeless.0 == 0 => {
                self.homeless = (1, Some(line.origin));
                reading.unread(line, "a folder header before the rows of a folder");
            }
            None => self.homeless.0 += 1,
        }
        false
    }

    /// A blank line stands before each header.
    pub fn blank(&mut self) {
        self.close_up = false;
    }

    /// A line that is neither a row with the name last nor has the words of a known language; `heads` is whether
    /// a blank line stands before it.
    fn other(&mut self, line: Line<'a>, heads: bool, reading: &mut Reading, shared: &mut Shared<'a>) {
        if let Some(row) = old::row(&line.text) {
            self.expect_rows(reading, shared);
            let old::OldRow { printed, kind, name } = row;
            self.push(
                &line,
                Held { rest: name.into(), column: 0, origin: line.origin, kind, printed },
                reading,
                shared,
            );
            return;
        }
        if self.counts_by_shape(&line, reading, shared) {
            return;
        }
        self.drop_pending(reading);
        let nameless = self.block.as_mut().and_then(|block| Some((entry::nameless(&line.text)?, block)));
        if let Some((kind, block)) = nameless {
            // An article may have lost the name; the row counts all the same.
            block.count(kind);
            block.flawed = true;
            return reading.unread(&line, "the name of an entry at its end");
        }
        let text = line.text.trim();
        if self.block.is_none() && self.blocks == 0 && self.volume.is_none() && shape::is_entry_path(text) {
            let what = "every line is taken for what `dir /b /s` prints: the path of a file or folder";
            shared.assume(Assumption::Bare, line.origin, reading, what);
            return self.bare_line(line, reading);
        }
        // Where the words are known, a line with a path is a message, and rows after it have another header.
        let unknown = shared.language.is_none() && heads && line.terminated;
        if let Some(path) = shape::folder(text).filter(|_| unknown) {
            self.pending = Some((Pending::Folder(path.to_owned()), line));
            return;
        }
        if self.block.is_none() && self.blocks != 0 && text.ends_with(':') {
            self.pending = Some((Pending::Total, line));
            return;
        }
        if let Some(root) = shape::volume(text).filter(|_| self.block.is_none() && line.terminated) {
            self.pending = Some((Pending::Volume(root), line));
            return;
        }
        match &mut self.block {
            // An alternative stream of the file before it, as `/r` prints them.
            Some(block) if !block.is_empty() && text.ends_with(":$DATA") => reading.understood(),
            Some(block) if block.is_empty() && line.terminated => block.lines.push(line),
            _ => self.unread(&line, reading),
        }
    }

    /// Counts in no known language; they are what they seem only if the rows agree.
    fn counts_by_shape(&mut self, line: &Line<'a>, reading: &mut Reading, shared: &mut Shared<'a>) -> bool {
        let Some(counts) = language::Counts::of(&line.text).filter(|_| line.terminated) else { return false };
        let ([first, second], origin) = (counts.numbers, line.origin);
        let closed = self.block.is_none() && !self.ended && self.end.is_some();
        let agrees =
            |found: Counts| counts.len == 2 && found.agree(first, second, self.folders_too).is_some();
        match &self.block {
            Some(block) if !block.is_empty() && agrees(block.counts) => {
                let Some(block) = self.block.take() else { return false };
                self.assume_shape(origin, reading, shared);
                self.close(block, (first, second), origin, reading, shared);
            }
            None if closed && counts.len == 2 && first == self.last.folders && !agrees(self.sum) => {
                self.folders(first, origin, reading);
                self.ends(second, origin);
            }
            None if self.in_total && counts.len == 2 => {
                self.folders(first, origin, reading);
                self.ends(second, origin);
            }
            None if closed && agrees(self.sum) => {
                if self.pending.take().is_some() {
                    reading.understood();
                }
                self.in_total = true;
                self.total(first, second, origin, reading);
            }
            None if closed && counts.len == 1 => self.ends(first, origin),
            _ => return false,
        }
        reading.understood();
        true
    }

    fn assume_shape(&mut self, origin: Origin, reading: &mut Reading, shared: &mut Shared<'a>) {
        let what = "the words around the rows are of no known language; headers and counts are told by their shape, and counts only where the rows agree";
        shared.assume(Assumption::Shape, origin, reading, what);
    }

    /// A serial number tells that the line before it names a volume.
    fn volume_by_shape(&mut self, mark: &Mark<'_>, reading: &mut Reading, shared: &mut Shared<'a>) {
        let serial = *mark == Mark::Serial;
        let volume = self.pending.take_if(|pending| serial && matches!(pending.0, Pending::Volume(_)));
        if let Some((Pending::Volume(root), line)) = volume {
            self.volume(root, None, line.origin, reading, shared);
            reading.understood();
        }
    }

    fn volume(
        &mut self,
        root: String,
        label: Option<String>,
        origin: Origin,
        reading: &mut Reading,
        shared: &mut Shared<'a>,
    ) {
        self.finish(reading, shared);
        *self = Self::new(std::mem::take(&mut self.typed));
        self.volume = Some((root, label, origin));
    }

    /// A line that needed the next one to be understood was not.
    fn drop_pending(&mut self, reading: &mut Reading) {
        if let Some((_, line)) = self.pending.take() {
            self.unread(&line, reading);
        }
    }

    pub(super) fn unread(&mut self, line: &Line<'_>, reading: &mut Reading) {
        self.block.iter_mut().for_each(|block| block.flawed = true);
        reading.unread(line, "a row, header or trailer of a `dir` listing");
    }

    /// The path of a header, with the drive where it has none.
    fn absolute(
        &self,
        path: &str,
        origin: Origin,
        reading: &mut Reading,
        shared: &mut Shared<'a>,
    ) -> Option<String> {
        if trailer::is_absolute(path) {
            return Some(path.to_owned());
        }
        let volume = self.volume.as_ref().map(|(root, ..)| root.clone());
        let drive = volume.or_else(|| self.typed.folder.as_ref()?.get(..2).map(str::to_owned))?;
        let what =
            format!("the header of {path} names no drive; {drive} is taken from what stands before it");
        shared.assume(Assumption::Drive, origin, reading, &what);
        Some(format!("{drive}{path}"))
    }

    fn folder(&mut self, path: &str, origin: Origin, reading: &mut Reading, shared: &mut Shared<'a>) {
        // `dir a b` repeats the header for each name of one folder, and prints one trailer.
        if self.block.as_ref().is_some_and(|block| *block.path == *path) {
            return;
        }
        self.cut(reading, shared);
        if self.in_total {
            self.finish(reading, shared);
            *self = Self::new(std::mem::take(&mut self.typed));
        }
        if self.root.is_empty() {
            self.root = trailer::root(path).to_owned();
        }
        if self.blocks == 0 {
            shared.look_ahead(origin.offset, self.typed.columns);
        }
        shared.modified = !self.typed.other_times;
        if self.typed.other_times {
            let what =
                "the command asked for times of creation or access, so none is kept as that of a change";
            shared.assume(Assumption::OtherTimes, origin, reading, what);
        }
        (self.ended, self.excused) = (false, false);
        self.block = Some(Block::new(path, origin));
    }
}
