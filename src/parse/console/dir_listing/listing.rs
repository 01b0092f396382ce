//! One run of `dir`: its folders, whether their trailers agree, and what it covers in the end.

use super::block::{Block, Counts, Shared};
use super::entry::{self, Row};
use super::trailer::{self, Mark};
use crate::model::{Coverage, Fact, Located, Origin};
use crate::parse::console::Reading;
use crate::text::Line;

/// What is known of one run of `dir` so far.
#[derive(Default)]
pub struct Listing<'a> {
    scope: Scope,
    volume: Option<(String, Option<String>, Origin)>,
    /// Free bytes of the volume and where they are printed.
    free: Option<(u64, Origin)>,
    block: Option<Block<'a>>,
    /// Entries of all blocks, and of the last one.
    sum: Counts,
    last: Counts,
    blocks: u32,
    /// The root of the first folder, and the end of the last one.
    root: String,
    end: Option<Origin>,
    /// Whether `File(s)` counts folders too, where a trailer has shown it.
    folders_too: Option<bool>,
    /// The column at which names begin, where a row has shown it.
    name_column: Option<usize>,
    in_total: bool,
    /// Whether free space or totals were printed since the last folder.
    ended: bool,
    /// Whether a message says why the end is missing.
    excused: bool,
    /// Whether some folder shows no `.` and `..`, so that `dir` was given a filter.
    filtered: bool,
    complete: Vec<Complete>,
}

/// A folder whose trailer agrees with its rows.
struct Complete {
    folder: Located<Coverage>,
    dots: bool,
}

/// What the typed command says about what is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// A filter by name or attribute: nothing is complete.
    narrow: bool,
    /// A name was given, which may be a file: a root, which has no `.` to show, may be incomplete.
    named: bool,
}

impl Scope {
    /// Reads a command line like `dir /s d:\`.
    pub fn of(typed: &str) -> Self {
        let lower = typed.to_ascii_lowercase();
        let own = lower.split(['>', '|']).next().unwrap_or_default();
        let mut scope = Self::default();
        for word in own.strip_prefix("dir").unwrap_or(own).split_whitespace() {
            let mut parts = word.split('/');
            let path = parts.next().unwrap_or_default().trim_matches('"');
            let last = path.rsplit(['\\', ':']).next().unwrap_or_default();
            scope.narrow |= path.contains(['*', '?']) && !matches!(last, "*" | "*.*");
            scope.named |= !matches!(last, "" | "." | "*" | "*.*");
            scope.narrow |= parts.any(|switch| switch.starts_with('a') && !matches!(switch, "a" | "a:"));
        }
        scope
    }
}

impl<'a> Listing<'a> {
    /// A run whose command is known.
    pub fn new(scope: Scope) -> Self {
        Self { scope, ..Self::default() }
    }

    /// Reads one line that is neither blank nor a prompt.
    pub fn line(&mut self, line: Line<'a>, reading: &mut Reading, shared: &mut Shared) {
        if let Some(row) = entry::row(&line.text, self.name_column) {
            return self.row(line, row, reading);
        }
        let Some(mark) = trailer::mark(&line.text) else { return self.unread(&line, reading) };
        let origin = line.origin;
        match mark {
            // The rest of a name may be missing.
            Mark::Volume(..) | Mark::Folder(_) if !line.terminated => return self.unread(&line, reading),
            Mark::Volume(root, label) => {
                self.finish(reading, shared);
                *self = Self::new(self.scope);
                self.volume = Some((root, label.map(str::to_owned), origin));
            }
            Mark::Folder(path) => self.folder(path, origin, reading, shared),
            Mark::Total => {
                self.cut(reading, shared);
                self.in_total = true;
            }
            Mark::Files(count, bytes) if self.in_total => self.total(count, bytes, origin, reading),
            Mark::Files(count, bytes) => match self.block.take() {
                Some(block) => self.close(block, (count, bytes), origin, reading, shared),
                None => return self.unread(&line, reading),
            },
            Mark::Folders(count, free) => {
                self.folders(count, origin, reading);
                self.ends(free, origin);
            }
            Mark::Free(free) => self.ends(free, origin),
            Mark::Message => {
                self.excused = true;
                self.block.iter_mut().for_each(|block| block.excused = true);
            }
            Mark::Serial => {}
        }
        reading.understood();
    }

    /// Ends the run: what it covers is known only now.
    pub fn finish(&mut self, reading: &mut Reading, shared: &mut Shared) {
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
        let roots = !self.filtered && !self.scope.named;
        let complete = std::mem::take(&mut self.complete).into_iter();
        let covered = complete.filter(|complete| !self.scope.narrow && (complete.dots || roots));
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

    fn row(&mut self, line: Line<'a>, row: Row, reading: &mut Reading) {
        match &mut self.block {
            // The rest of the name may be missing.
            Some(_) if !line.terminated => self.unread(&line, reading),
            Some(block) => {
                self.name_column = self.name_column.or(row.name_column);
                block.push(line, row);
                reading.understood();
            }
            None => reading.unread(&line, "a folder header before the rows of a folder"),
        }
    }

    fn unread(&mut self, line: &Line<'_>, reading: &mut Reading) {
        self.block.iter_mut().for_each(|block| block.flawed = true);
        reading.unread(line, "a row, header or trailer of a `dir` listing");
    }

    fn folder(&mut self, path: &str, origin: Origin, reading: &mut Reading, shared: &mut Shared) {
        // `dir a b` repeats the header for each name of one folder, and prints one trailer.
        if self.block.as_ref().is_some_and(|block| block.path == path) {
            return;
        }
        self.cut(reading, shared);
        if self.in_total {
            self.finish(reading, shared);
            *self = Self::new(self.scope);
        }
        if self.root.is_empty() {
            self.root = trailer::root(path).to_owned();
        }
        (self.ended, self.excused) = (false, false);
        self.block = Some(Block::new(path, origin));
    }

    /// The open folder ends without a trailer. True when that is a problem.
    fn cut(&mut self, reading: &mut Reading, shared: &mut Shared) -> bool {
        let Some(mut block) = self.block.take() else { return false };
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

    fn count(&mut self, block: &Block<'a>, end: Origin) {
        self.sum.add(block.counts);
        self.last = block.counts;
        self.blocks += 1;
        self.end = Some(end);
    }

    /// The open folder ends with its trailer.
    fn close(
        &mut self,
        mut block: Block<'a>,
        (count, bytes): (u64, u64),
        origin: Origin,
        reading: &mut Reading,
        shared: &mut Shared,
    ) {
        block.settle(reading, shared);
        self.count(&block, origin);
        let Counts { files, folders, bytes: found } = block.counts;
        let Some(folders_too) = block.counts.agree(count, bytes, self.folders_too) else {
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
            let folder = Located { value: Coverage::Folder { path: block.path }, origin };
            self.complete.push(Complete { folder, dots: block.dots });
        }
    }

    /// The totals of the whole listing, which must be the sum of its folders.
    fn total(&mut self, count: u64, bytes: u64, origin: Origin, reading: &mut Reading) {
        self.ended = true;
        if self.blocks == 0 || self.sum.agree(count, bytes, self.folders_too).is_some() {
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
    fn folders(&mut self, count: u64, origin: Origin, reading: &mut Reading) {
        let found = if self.in_total { self.sum.folders } else { self.last.folders };
        if self.blocks == 0 || count == found {
            return;
        }
        // Without totals the number belongs to the last folder alone, which is complete only if it agrees.
        if !self.in_total && self.complete.last().is_some_and(|last| Some(last.folder.origin) == self.end) {
            self.complete.pop();
        }
        reading.truncated(origin, || format!("the trailer counts {count} folders, the rows give {found}"));
    }

    fn ends(&mut self, free: u64, origin: Origin) {
        self.free = Some((free, origin));
        self.ended = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::entry_path;
    use crate::parse::console::read_as;
    use proptest::prelude::*;

    #[test]
    fn a_typed_command_tells_what_is_left_out() {
        let whole = Scope::default();
        assert_eq!(Scope::of("dir /s d:\\ > d.txt"), whole);
        assert_eq!(Scope::of("dir/s/a"), whole);
        assert_eq!(Scope::of("dir c:\\*.*"), whole);
        assert_eq!(Scope::of("dir /s d:\\sms"), Scope { narrow: false, named: true });
        assert_eq!(Scope::of("dir /s *.dll"), Scope { narrow: true, named: true });
        assert!(Scope::of("dir/s/ad d:\\").narrow);
    }

    const NT4: &str = include_str!("../../../../samples/state/dir_listing/nt4.txt");
    const W2000: &str = include_str!("../../../../samples/state/dir_listing/w2000.txt");

    #[test]
    fn a_cut_anywhere_adds_nothing() {
        for text in [NT4, W2000] {
            let entries = |end: usize| {
                let parsed = read_as("dir_listing", text.get(..end).unwrap().as_bytes());
                let facts = parsed.facts.into_iter().map(|fact| fact.value);
                let paths = facts.filter_map(|fact| match fact {
                    Fact::Folder { path } => Some((path.to_string(), None)),
                    Fact::Entry { folder, name, kind, .. } => Some((entry_path(&folder, &name), Some(kind))),
                    _ => None,
                });
                let covered = parsed.coverage.into_iter().filter_map(|coverage| match coverage.value {
                    Coverage::Folder { path } => Some((path, None)),
                    _ => None,
                });
                paths.chain(covered).collect::<Vec<_>>()
            };
            let whole = entries(text.len());
            for end in 0..text.len() {
                assert!(entries(end).iter().all(|entry| whole.contains(entry)), "cut at {end}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..2000_usize, gone in 0..80_usize) {
            read_as("dir_listing", &bytes);
            for text in [NT4, W2000] {
                let mut mangled = text.as_bytes().to_vec();
                let at = at.min(mangled.len());
                let end = (at + gone).min(mangled.len());
                mangled.splice(at..end, bytes.iter().copied());
                read_as("dir_listing", &mangled);
            }
        }

        #[test]
        fn no_line_panics(lines in prop::collection::vec("[0-9/.-]{6,10}  [0-9]{1,2}:[0-9]{2}[ap]?( [AP]M)? {1,20}(<DIR> {8,12}|[0-9 ,.\u{a0}]{1,24}) .{0,9}", 0..9)) {
            let text = format!(" Directory of C:\\\n{}\n 3 File(s) 99999999999999999999 bytes\n", lines.join("\n"));
            read_as("dir_listing", text.as_bytes());
        }
    }
}
