//! From the root key down: every key and value becomes a fact, everything in the way a problem.

use std::fmt;
use std::sync::Arc;

use crate::model::{Fact, Origin, ProblemKind, RegistryData, SourceId, Stamp, Zone};
use crate::parse::Parsed;

use super::bytes::{filetime, push_name};
use super::cells::{Cell, Damage, Entries, Entry, Hive, KeyNode, List, ValueNode};
use super::header::LENGTH;
use super::limits::{Allowed, Left, Seen};

/// Levels of keys that Windows allows in a tree.
const DEPTH: usize = 512;

/// Reads the tree below the root key, whose path is `root`; the facts follow each other as a tree is written:
/// a key, its values, its subkeys. Gives whether all of it was read.
pub fn tree(hive: &Hive<'_>, source: SourceId, root: &str, parsed: &mut Parsed) -> bool {
    // About as many as there are in a hive of the size, so that they need not be moved while they grow.
    parsed.facts.reserve(hive.bytes.len() / 100);
    let mut walk = Walk {
        hive,
        source,
        parsed,
        whole: true,
        beyond: false,
        seen: Seen::new(hive.bytes.len()),
        left: Left::of(hive.bytes.len() as u64),
        text: String::new(),
    };
    if walk.all(root).is_none() {
        let what = "more keys, values or letters than a hive of this size can hold: the rest was not read";
        let origin = walk.origin(0, hive.bytes.len() as u64);
        walk.parsed.problem(origin, ProblemKind::Limit, what);
        walk.whole = false;
    }
    walk.whole
}

/// What is known on the way.
struct Walk<'a, 'p> {
    hive: &'a Hive<'a>,
    source: SourceId,
    parsed: &'p mut Parsed,
    /// Nothing was in the way yet.
    whole: bool,
    /// Keys beyond the end that the header names were told of.
    beyond: bool,
    seen: Seen,
    left: Left,
    /// Where paths and names are put together.
    text: String,
}

/// A key whose subkeys are being read.
struct Frame<'a> {
    path: Arc<str>,
    offset: u32,
    cell: Cell<'a>,
    /// Subkeys that the key says it has, unless it was told that some cannot be found; and those so far.
    wanted: Option<u32>,
    found: u32,
    lists: Entries<'a>,
    leaf: Entries<'a>,
    /// The subkey before.
    last: Option<(u32, Arc<str>)>,
}

impl<'a> Walk<'a, '_> {
    fn all(&mut self, root: &str) -> Allowed<()> {
        let offset = self.hive.header.root;
        let node = match self.hive.key(offset) {
            Ok(node) => node,
            Err(damage) => {
                self.parsed.lines += 1;
                self.fault(self.origin(36, 4), root, "the root key", damage);
                return Some(());
            }
        };
        self.seen.first(offset);
        self.parsed.lines += 1;
        let mut frames = vec![self.keep(offset, &node, root.into())?];
        while let Some(mut frame) = frames.pop() {
            let Some(entry) = self.next(&mut frame)? else { continue };
            let below = self.subkey(entry, &mut frame, &frames)?;
            frames.push(frame);
            let Some(below) = below else { continue };
            if frames.len() < DEPTH {
                frames.push(below);
            } else {
                let origin = self.cell_origin(&below.cell);
                let what = format_args!(
                    "is deeper than the {DEPTH} levels of keys that there can be; not read below"
                );
                self.gap(origin, &below.path, what);
            }
        }
        Some(())
    }

    /// The next subkey of a key; at the end its number is compared.
    fn next(&mut self, frame: &mut Frame<'a>) -> Allowed<Option<Entry>> {
        loop {
            self.left.entry()?;
            if let Some(entry) = frame.leaf.next() {
                return Some(Some(entry));
            }
            let Some(list) = frame.lists.next() else {
                let found = frame.found;
                if let Some(wanted) = frame.wanted.filter(|wanted| *wanted != found) {
                    let what = format_args!("its lists have {found} subkeys of {wanted}");
                    self.gap(self.cell_origin(&frame.cell), &frame.path, what);
                }
                return Some(None);
            };
            let leaf = match self.hive.list(list.offset) {
                Ok(leaf) if &leaf.mark == b"ri" => {
                    Err(Damage::Mark(leaf.mark, "a list of subkeys and none of lists"))
                }
                other => other,
            };
            self.open(frame, leaf, list.place);
        }
    }

    /// Goes on with a list of subkeys, or of such lists; `place` is what points to it.
    fn open(&mut self, frame: &mut Frame<'a>, list: Result<List<'a>, Damage>, place: u64) {
        let fault = match list {
            Ok(list) => {
                let entries = if &list.mark == b"ri" { &mut frame.lists } else { &mut frame.leaf };
                *entries = list.entries;
                list.fault
            }
            Err(damage) => Some(damage),
        };
        if let Some(damage) = fault {
            frame.wanted = None;
            self.fault(self.origin(place, 4), &frame.path, "a list of its subkeys", damage);
        }
    }

    /// Reads a subkey of `parent`, above which are `above`; `None` within where it is left out.
    fn subkey(
        &mut self,
        entry: Entry,
        parent: &mut Frame<'a>,
        above: &[Frame<'a>],
    ) -> Allowed<Option<Frame<'a>>> {
        let origin = self.origin(entry.place, 4);
        parent.found += 1;
        self.parsed.lines += 1;
        let first = self.seen.first(entry.offset);
        let is = |frame: &Frame<'_>| frame.offset == entry.offset;
        if !first && (is(parent) || above.iter().any(is)) {
            self.gap(origin, &parent.path, format_args!("its list leads back to a key above it"));
            return Some(None);
        }
        let before = parent.last.as_ref();
        if before.is_some_and(|(offset, _)| *offset == entry.offset) {
            self.gap(origin, &parent.path, format_args!("a subkey is listed twice"));
            return Some(None);
        }
        let node = match self.hive.key(entry.offset) {
            Ok(node) => node,
            Err(damage) => {
                self.fault(origin, &parent.path, "a subkey", damage);
                return Some(None);
            }
        };
        self.left.key()?;
        if node.name.is_empty() {
            self.gap(self.cell_origin(&node.cell), &parent.path, format_args!("a subkey has no name"));
            return Some(None);
        }
        let path = self.path(&parent.path, &node)?;
        self.doubts(&node, entry, first, parent, &path);
        parent.last = Some((entry.offset, path.clone()));
        self.keep(entry.offset, &node, path).map(Some)
    }

    fn path(&mut self, parent: &str, node: &KeyNode<'_>) -> Allowed<Arc<str>> {
        self.text.clear();
        self.text.push_str(parent);
        self.text.push('\\');
        push_name(&mut self.text, node.name, node.narrow);
        self.left.text(self.text.len())?;
        Some(self.text.as_str().into())
    }

    /// Tells what speaks against a subkey that can be read all the same.
    fn doubts(&mut self, node: &KeyNode<'_>, entry: Entry, first: bool, parent: &Frame<'_>, path: &str) {
        let origin = self.cell_origin(&node.cell);
        if node.cell.free {
            self.fault(origin, path, "its record", Damage::Free);
        }
        if node.parent != parent.offset {
            let (found, expected) = (node.parent, parent.offset);
            self.gap(origin, path, format_args!("names {found:#x} as its parent, expected {expected:#x}"));
        }
        if !first {
            self.gap(self.origin(entry.place, 4), path, format_args!("its record is listed elsewhere too"));
        }
        let start = parent.path.len() + 1;
        if parent
            .last
            .as_ref()
            .is_some_and(|(_, before)| before[start..].eq_ignore_ascii_case(&path[start..]))
        {
            self.gap(origin, path, format_args!("has the name of the subkey before it"));
        }
        if path[start..].contains('\\') {
            self.gap(origin, path, format_args!("has a backslash in its name"));
        }
    }

    /// Keeps a key with its values, and makes ready for its subkeys.
    fn keep(&mut self, offset: u32, node: &KeyNode<'a>, path: Arc<str>) -> Allowed<Frame<'a>> {
        let origin = self.cell_origin(&node.cell);
        self.within(&path, &node.cell);
        let written = filetime(node.written).map(|local| Stamp { local, zone: Zone::Utc });
        self.parsed.understood += 1;
        self.parsed.fact(Fact::RegistryKey { path: path.clone(), written }, origin);
        if node.tombstone {
            // The record stands in this hive to say that the key is gone from the hive below.
            self.parsed.fact(Fact::RegistryDeletion { key: path.clone(), value: None }, origin);
        }
        if node.values != 0 {
            match self.hive.values(node) {
                Ok(list) => {
                    if let Some(damage) = list.fault {
                        self.fault(origin, &path, "its list of values", damage);
                    }
                    for entry in list.entries {
                        self.value(&path, entry)?;
                    }
                }
                Err(damage) => self.fault(origin, &path, "its list of values", damage),
            }
        }
        let mut frame = Frame {
            path,
            offset,
            cell: node.cell,
            wanted: Some(node.subkeys),
            found: 0,
            lists: Entries::default(),
            leaf: Entries::default(),
            last: None,
        };
        if node.subkeys == 0 {
            return Some(frame);
        }
        self.open(&mut frame, self.hive.list(node.subkey_list), origin.offset);
        Some(frame)
    }

    /// Tells once of keys where the header says that there are none any more.
    fn within(&mut self, path: &str, cell: &Cell<'_>) {
        let end = LENGTH as u64 + u64::from(self.hive.header.size);
        if end < cell.place + u64::from(cell.length) && !self.beyond {
            self.beyond = true;
            let what =
                format_args!("its record is behind byte {end:#x}, where the header says that the hive ends");
            self.gap(self.cell_origin(cell), path, what);
        }
    }

    /// Keeps a value, or tells why not.
    fn value(&mut self, key: &Arc<str>, entry: Entry) -> Allowed<()> {
        self.left.entry()?;
        self.parsed.lines += 1;
        let node = match self.hive.value(entry.offset) {
            Ok(node) => node,
            Err(damage) => {
                self.fault(self.origin(entry.place, 4), key, "a value", damage);
                return Some(());
            }
        };
        self.left.value()?;
        let origin = self.cell_origin(&node.cell);
        self.text.clear();
        push_name(&mut self.text, node.name, node.narrow);
        self.left.text(self.text.len())?;
        let name: Box<str> = self.text.as_str().into();
        if node.cell.free {
            self.fault(origin, key, &format!("the value `{}`", Shown(&name)), Damage::Free);
        }
        let gone = node.tombstone.then(|| name.clone());
        match self.data(&node)? {
            Ok(bytes) => {
                let data = RegistryData { kind: node.kind, bytes };
                self.parsed.understood += 1;
                self.parsed.fact(Fact::RegistryValue { key: key.clone(), name, data }, origin);
            }
            Err(damage) => {
                self.fault(origin, key, &format!("the data of the value `{}`", Shown(&name)), damage);
            }
        }
        if gone.is_some() {
            self.parsed.fact(Fact::RegistryDeletion { key: key.clone(), value: gone }, origin);
        }
        Some(())
    }

    /// The bytes of a value, as long as all values together have no more than the file.
    fn data(&mut self, node: &ValueNode<'a>) -> Allowed<Result<Vec<u8>, Damage>> {
        let data = self.hive.data(node);
        if let Ok(bytes) = &data {
            self.left.bytes(bytes.len())?;
        }
        Some(data)
    }

    /// Tells what of a key cannot be read, and why.
    fn fault(&mut self, origin: Origin, path: &str, what: &str, damage: Damage) {
        self.whole = false;
        let cut = matches!(damage, Damage::Beyond | Damage::Cut);
        let kind = if cut { ProblemKind::Truncated } else { ProblemKind::Malformed };
        self.parsed.problem(origin, kind, format_args!("{}: {what} {damage}", Shown(path)));
    }

    /// Tells what is wrong with a key; the tree is whole no more.
    fn gap(&mut self, origin: Origin, path: &str, what: fmt::Arguments<'_>) {
        self.whole = false;
        self.parsed.problem(origin, ProblemKind::Malformed, format_args!("{}: {what}", Shown(path)));
    }

    fn cell_origin(&self, cell: &Cell<'_>) -> Origin {
        Origin { source: self.source, line: 0, offset: cell.place, length: cell.length }
    }

    fn origin(&self, offset: u64, length: u64) -> Origin {
        let end = self.hive.bytes.len() as u64;
        let length = u32::try_from(length.min(end.saturating_sub(offset))).unwrap_or(u32::MAX);
        Origin { source: self.source, line: 0, offset, length }
    }
}

/// A path or name with its middle left out where it is longer than any that people make.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const END: usize = 200;
        let text = self.0;
        if text.len() <= 4 * END {
            return out.write_str(text);
        }
        let whole = |at: &usize| text.is_char_boundary(*at);
        let head = (0..=END).rev().find(whole).unwrap_or_default();
        let tail = (text.len() - END..text.len()).find(whole).unwrap_or(text.len());
        write!(out, "{}…{}", &text[..head], &text[tail..])
    }
}
