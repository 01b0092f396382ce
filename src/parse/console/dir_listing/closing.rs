//! How the folders of a listing end: whether their trailers, the totals and the number of folders agree with
//! the rows.

use super::block::{Block, Counts};
use super::listing::{Complete, Listing};
use super::shared::Shared;
use super::wide;
use crate::model::{Coverage, EntryKind, Fact, Located, Origin};
use crate::parse::console::Reading;

impl<'a> Listing<'a> {
    /// The open folder ends without a trailer. True when that is a problem.
    pub(super) fn cut(&mut self, reading: &mut Reading, shared: &mut Shared<'a>) -> bool {
        let Some(mut block) = self.block.take() else { return false };
        self.names_in_lines(&mut block, None, reading);
        // `dir` prints a header for a folder that does not exist, too.
        if !block.is_empty() {
            block.settle(reading, shared);
        }
        self.count(&block, block.origin);
        if block.excused {
            return false;
        }
        let what = || format!("{} has no trailer, so entries may be missing", block.path);
        reading.truncated(block.origin, what);
        true
    }

    /// The trailer of the open folder is cut behind its first number.
    pub(super) fn cut_at(
        &mut self,
        origin: Origin,
        count: u64,
        reading: &mut Reading,
        shared: &mut Shared<'a>,
    ) {
        if let Some(block) = &mut self.block {
            block.excused = true;
            let path = block.path.clone();
            let what = || format!("{path}: the trailer is cut behind its count of {count} entries");
            reading.truncated(origin, what);
        }
        self.cut(reading, shared);
        self.excused = true;
    }

    pub(super) fn count(&mut self, block: &Block<'a>, end: Origin) {
        self.sum.add(block.counts);
        self.last = block.counts;
        self.blocks += 1;
        self.end = Some(end);
    }

    /// Lines that are no rows hold several names each, if their number is that of the trailer; else they are
    /// not understood.
    pub(super) fn names_in_lines(
        &mut self,
        block: &mut Block<'a>,
        trailer: Option<(u64, u64)>,
        reading: &mut Reading,
    ) {
        let lines = std::mem::take(&mut block.lines);
        let texts: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
        let cells = wide::cells(&texts).unwrap_or_default();
        let folders = cells.iter().filter(|cell| cell.folder).count() as u64;
        let bytes = trailer.map_or(0, |(_, bytes)| bytes);
        let counts = Counts { files: cells.len() as u64 - folders, folders, bytes };
        let agrees = |(count, bytes)| counts.agree(count, bytes, self.folders_too).is_some();
        if cells.is_empty() || !trailer.is_none_or(agrees) || (trailer.is_none() && !self.typed.wide) {
            block.flawed |= !lines.is_empty();
            return lines.iter().for_each(|line| self.unread(line, reading));
        }
        block.counts = counts;
        reading.parsed.understood += lines.len() as u32;
        let folder = block.path.clone();
        reading.parsed.fact(Fact::Folder { path: folder.clone() }, block.origin);
        block.begun();
        for cell in cells {
            block.dots |= cell.folder && cell.name == ".";
            let Some(line) = lines.get(cell.line).filter(|_| !matches!(cell.name, "." | "..")) else {
                continue;
            };
            let kind = if cell.folder { EntryKind::Folder } else { EntryKind::Unsized };
            let name = cell.name.into();
            reading
                .parsed
                .fact(Fact::Entry { folder: folder.clone(), name, kind, modified: None }, line.origin);
        }
    }

    /// The open folder ends with its trailer.
    pub(super) fn close(
        &mut self,
        mut block: Block<'a>,
        (count, bytes): (u64, u64),
        origin: Origin,
        reading: &mut Reading,
        shared: &mut Shared<'a>,
    ) {
        self.names_in_lines(&mut block, Some((count, bytes)), reading);
        block.settle(reading, shared);
        let Counts { files, folders, bytes: found } = block.counts;
        let agrees = block.counts.agree(count, bytes, self.folders_too);
        // What the trailer counts beyond files is in the totals, too.
        block.counts.bytes = if agrees.is_some() { bytes } else { found };
        self.count(&block, origin);
        let Some(folders_too) = agrees else {
            let what = || {
                format!(
                    "{}: the trailer counts {count} entries with {bytes} bytes, the rows give {files} files with {found} bytes and {folders} folders",
                    block.path
                )
            };
            return reading.truncated(origin, what);
        };
        self.folders_too = folders_too;
        self.filtered |= !block.dots && !block.is_root();
        if !block.flawed && !block.excused && (block.dots || block.is_root()) {
            let folder = Located { value: Coverage::Folder { path: block.path.to_string() }, origin };
            self.complete.push(Complete { folder, dots: block.dots });
        }
    }

    /// The totals of the whole listing, which must be the sum of its folders.
    pub(super) fn total(&mut self, count: u64, bytes: u64, origin: Origin, reading: &mut Reading) {
        self.ended = true;
        self.whole = self.sum.agree(count, bytes, self.folders_too).is_some();
        if self.blocks == 0 || self.whole {
            return;
        }
        let Counts { files, folders, bytes: found } = self.sum;
        let what = || {
            format!(
                "the totals count {count} entries with {bytes} bytes, the rows give {files} files with {found} bytes and {folders} folders"
            )
        };
        reading.truncated(origin, what);
    }

    /// The number of folders in the last block, or in all of them after the totals.
    pub(super) fn folders(&mut self, count: u64, origin: Origin, reading: &mut Reading) {
        let found = if self.in_total { self.sum.folders } else { self.last.folders };
        if self.blocks == 0 || count == found {
            return;
        }
        // Without totals the number belongs to the last folder alone, which is complete only if it agrees.
        if !self.in_total && self.complete.last().is_some_and(|last| Some(last.folder.origin) == self.end) {
            self.complete.pop();
        }
        // No file is missing, so it is the row of a folder, and nothing tells of which one.
        if self.in_total && self.whole {
            self.complete.clear();
        }
        reading.truncated(origin, || format!("the trailer counts {count} folders, the rows give {found}"));
    }

    pub(super) fn ends(&mut self, free: u64, origin: Origin) {
        self.free = Some((free, origin));
        self.ended = true;
    }
}
