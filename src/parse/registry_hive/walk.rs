//! From the root key down: every key and value becomes a fact, everything in the way a problem.

use std::sync::Arc;

use crate::model::{Fact, Origin, ProblemKind, RegistryData, SourceId, Stamp, Zone};
use crate::parse::Parsed;

use super::bytes::{filetime, push_name};
use super::cells::{Cell, Damage, Entries, Entry, Hive, KeyNode, List, ValueNode};

/// Levels of keys that Windows allows in a tree.
const DEPTH: usize = 512;

/// Reads the tree below the root key, whose path is `root`; the facts follow each other as a tree is written:
/// a key, its values, its subkeys. Gives whether all of it was read.
pub fn tree(hive: &Hive<'_>, source: SourceId, root: &str, parsed: &mut Parsed) -> bool {
    let mut walk = Walk {
        hive,
        source,
        parsed,
        whole: true,
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
    /// Subkeys that the key says it has, and that its lists have so far.
    wanted: u32,
    found: u32,
    lists: Entries<'a>,
    leaf: Entries<'a>,
    /// The subkey before.
    last: Option<(u32, Arc<str>)>,
}

/// `None` where more came out than a hive of the size can hold.
type Allowed<T> = Option<T>;

impl<'a> Walk<'a, '_> {
    fn all(&mut self, root: &str) -> Allowed<()> {
        let offset = self.hive.header.root;
        let node = match self.hive.key(offset) {
            Ok(node) => node,
            Err(damage) => {
                self.parsed.lines += 1;
                self.gap(self.origin(36, 4), format_args!("the root key {damage}"));
                return Some(());
            }
        };
        self.seen.first(offset);
        self.parsed.lines += 1;
        let mut frames = vec![self.keep(offset, &node, root.into())?];
        while let Some(frame) = frames.last_mut() {
            let Some(entry) = self.next(frame)? else {
                frames.pop();
                continue;
            };
            frame.found += 1;
            self.parsed.lines += 1;
            let first = self.seen.first(entry.offset);
            if !first && frames.iter().any(|frame| frame.offset == entry.offset) {
                let origin = self.origin(entry.place, 4);
                self.gap(origin, format_args!("a list of subkeys leads back to a key above it"));
                continue;
            }
            let depth = frames.len();
            let Some(parent) = frames.last_mut() else { break };
            let below = self.subkey(entry, first, parent)?;
            match below {
                Some(_) if depth >= DEPTH => {
                    let origin = self.origin(entry.place, 4);
                    self.gap(
                        origin,
                        format_args!("more than {DEPTH} levels of keys: not read below this one"),
                    );
                }
                Some(below) => frames.push(below),
                None => {}
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
                if frame.found != frame.wanted {
                    let (found, wanted) = (frame.found, frame.wanted);
                    let what = format_args!("{}: its lists have {found} subkeys of {wanted}", frame.path);
                    self.gap(self.cell_origin(&frame.cell), what);
                }
                return Some(None);
            };
            frame.leaf = match self.hive.list(list.offset) {
                Ok(leaf) if &leaf.mark == b"ri" => {
                    let damage = Damage::Mark(leaf.mark, "a list of subkeys and none of lists");
                    self.list_gap(list.place, &frame.path, damage);
                    Entries::default()
                }
                Ok(leaf) => self.entries(leaf, list.place, &frame.path),
                Err(damage) => {
                    self.list_gap(list.place, &frame.path, damage);
                    Entries::default()
                }
            };
        }
    }

    /// The entries of a list, after what is wrong with it was told.
    fn entries(&mut self, list: List<'a>, place: u64, path: &str) -> Entries<'a> {
        if let Some(damage) = list.fault {
            self.list_gap(place, path, damage);
        }
        list.entries
    }

    /// Reads a subkey; `None` within where it is left out.
    fn subkey(&mut self, entry: Entry, first: bool, parent: &mut Frame<'a>) -> Allowed<Option<Frame<'a>>> {
        let origin = self.origin(entry.place, 4);
        let before = parent.last.as_ref();
        if before.is_some_and(|(offset, _)| *offset == entry.offset) {
            self.gap(origin, format_args!("{}: a subkey is listed twice", parent.path));
            return Some(None);
        }
        let node = match self.hive.key(entry.offset) {
            Ok(node) => node,
            Err(damage) => {
                self.gap(origin, format_args!("{}: a subkey {damage}", parent.path));
                return Some(None);
            }
        };
        self.left.key()?;
        if node.name.is_empty() {
            self.gap(self.cell_origin(&node.cell), format_args!("{}: a subkey has no name", parent.path));
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
            self.gap(origin, format_args!("{path} {}", Damage::Free));
        }
        if node.parent != parent.offset {
            let (found, expected) = (node.parent, parent.offset);
            self.gap(origin, format_args!("{path} names {found:#x} as its parent: expected {expected:#x}"));
        }
        if !first {
            self.gap(self.origin(entry.place, 4), format_args!("{path}: its key is listed elsewhere too"));
        }
        if parent.last.as_ref().is_some_and(|(_, before)| before.eq_ignore_ascii_case(path)) {
            self.gap(origin, format_args!("{path} has the name of the subkey before it"));
        }
        if path[parent.path.len() + 1..].contains('\\') {
            self.gap(origin, format_args!("{path}: a backslash in the name of a key"));
        }
    }

    /// Keeps a key with its values, and makes ready for its subkeys.
    fn keep(&mut self, offset: u32, node: &KeyNode<'a>, path: Arc<str>) -> Allowed<Frame<'a>> {
        let origin = self.cell_origin(&node.cell);
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
                        self.gap(origin, format_args!("{path}: its list of values {damage}"));
                    }
                    for entry in list.entries {
                        self.value(&path, entry)?;
                    }
                }
                Err(damage) => self.gap(origin, format_args!("{path}: its list of values {damage}")),
            }
        }
        let mut frame = Frame {
            path,
            offset,
            cell: node.cell,
            wanted: node.subkeys,
            found: 0,
            lists: Entries::default(),
            leaf: Entries::default(),
            last: None,
        };
        if node.subkeys == 0 {
            return Some(frame);
        }
        match self.hive.list(node.subkey_list) {
            Ok(list) if &list.mark == b"ri" => frame.lists = self.entries(list, origin.offset, &frame.path),
            Ok(list) => frame.leaf = self.entries(list, origin.offset, &frame.path),
            Err(damage) => {
                self.list_gap(origin.offset, &frame.path, damage);
                // Once is enough.
                frame.wanted = 0;
            }
        }
        Some(frame)
    }

    /// Keeps a value, or tells why not.
    fn value(&mut self, key: &Arc<str>, entry: Entry) -> Allowed<()> {
        self.left.entry()?;
        self.parsed.lines += 1;
        let node = match self.hive.value(entry.offset) {
            Ok(node) => node,
            Err(damage) => {
                self.gap(self.origin(entry.place, 4), format_args!("{key}: a value {damage}"));
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
            self.gap(origin, format_args!("{key}: the value `{name}` {}", Damage::Free));
        }
        match self.data(&node)? {
            Ok(bytes) => {
                let data = RegistryData { kind: node.kind, bytes };
                self.parsed.understood += 1;
                self.parsed.fact(Fact::RegistryValue { key: key.clone(), name: name.clone(), data }, origin);
            }
            Err(damage) => {
                self.gap(origin, format_args!("{key}: the data of the value `{name}` {damage}"));
            }
        }
        if node.tombstone {
            self.parsed.fact(Fact::RegistryDeletion { key: key.clone(), value: Some(name) }, origin);
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

    fn list_gap(&mut self, place: u64, path: &str, damage: Damage) {
        self.gap(self.origin(place, 4), format_args!("{path}: a list of its subkeys {damage}"));
    }

    /// Tells what is missing or wrong; the tree is whole no more.
    fn gap(&mut self, origin: Origin, what: std::fmt::Arguments<'_>) {
        self.whole = false;
        self.parsed.problem(origin, ProblemKind::Malformed, what);
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

/// The cells that were read as keys, eight bytes to a bit, as cells start at multiples of eight.
struct Seen(Vec<u64>);

impl Seen {
    fn new(bytes: usize) -> Self {
        Self(vec![0; bytes / 512 + 1])
    }

    /// Whether a cell comes for the first time; offsets beyond the end always do.
    fn first(&mut self, offset: u32) -> bool {
        let index = offset as usize / 8;
        let Some(word) = self.0.get_mut(index / 64) else { return true };
        let bit = 1 << (index % 64);
        let first = *word & bit == 0;
        *word |= bit;
        first
    }
}

/// What a hive of its size may still hold, so that lists that share their entries do not grow without end.
struct Left {
    keys: u64,
    values: u64,
    entries: u64,
    bytes: u64,
    text: u64,
}

impl Left {
    /// The smallest cell of a key has 80 bytes, that of a value 24, an entry of a list 4. Paths repeat those above
    /// them, so they may have more letters than the file.
    fn of(size: u64) -> Self {
        Self {
            keys: size / 80 + 1,
            values: size / 24 + 1,
            // Each key ends its list, which counts as an entry.
            entries: size / 4 + size / 80 + 1,
            bytes: size,
            text: size * 8 + (64 << 20),
        }
    }

    fn key(&mut self) -> Allowed<()> {
        take(&mut self.keys, 1)
    }

    fn value(&mut self) -> Allowed<()> {
        take(&mut self.values, 1)
    }

    fn entry(&mut self) -> Allowed<()> {
        take(&mut self.entries, 1)
    }

    fn bytes(&mut self, count: usize) -> Allowed<()> {
        take(&mut self.bytes, count)
    }

    fn text(&mut self, count: usize) -> Allowed<()> {
        take(&mut self.text, count)
    }
}

fn take(left: &mut u64, count: usize) -> Allowed<()> {
    *left = left.checked_sub(count as u64)?;
    Some(())
}
