//! The lines of a saved subtree put together: keys with their times, values with their data.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Fact, Origin, ProblemKind, RegistryData, Stamp, Zone};
use crate::parse::Parsed;
use crate::parse::console::Reading;
use crate::parse::registry_text::extent::{self, Tops};
use crate::text::Line as TextLine;

use super::line::{self, Line};
use super::root::{Basis, rooted};
use super::types;
use super::written::{self, Printed};

/// A key whose lines go on.
struct OpenKey {
    path: String,
    origin: Origin,
    written: Option<Printed>,
    /// No line but the name was read, so that the name may go on.
    bare: bool,
}

/// A value whose lines go on.
struct OpenValue {
    number: Option<u32>,
    name: Option<String>,
    kind: Option<u32>,
    data: Data,
    origin: Origin,
}

/// The data as far as it was read.
enum Data {
    None,
    /// One text, or the first string of many.
    Text(String),
    Strings(Vec<String>),
    Bytes(Vec<u8>),
    /// What is printed for people only: so many lines.
    Unread(u32),
}

/// What is known while the lines go by.
#[derive(Default)]
pub struct Reader {
    reading: Reading,
    open_key: Option<OpenKey>,
    key: Option<Arc<str>>,
    value: Option<OpenValue>,
    /// The highest keys.
    tops: Tops,
    /// The values that the key had so far.
    count: u32,
    /// Where key facts stand whose times wait for the order of their parts.
    times: Vec<(usize, Printed)>,
    /// The first key whose time could not be told.
    untimed: Option<Origin>,
    /// The roots that were inferred, by first part.
    inferred: BTreeSet<String>,
    /// Roots that may be wrong.
    guessed: bool,
    /// A key's name went on in the next line.
    wrapped: bool,
    /// Something speaks against the text being a whole save.
    partial: bool,
    /// The last line, and whether it was blank.
    last: Option<(Origin, bool)>,
}

impl Reader {
    /// Takes the next line.
    pub fn line(&mut self, text: &TextLine<'_>) {
        self.reading.parsed.lines += 1;
        let origin = text.origin;
        let line = line::line(&text.text);
        self.last = Some((origin, line == Line::Blank));
        if self.goes_on(&line, text) {
            return self.reading.understood();
        }
        match line {
            Line::Blank => {
                self.end_key();
                self.end_value();
            }
            Line::KeyName(path) => self.begin_key(path, origin),
            Line::ClassName if self.open_key.is_some() => self.dress_key(None),
            Line::LastWrite(time) if self.open_key.is_some() => self.dress_key(Some(time)),
            Line::Value(number) => self.begin_value(Some(number), origin),
            Line::Name(name) => self.name(name, origin),
            Line::Type(kind) if self.value.is_some() => self.kind(kind, origin),
            Line::Data(data) if self.value.is_some() => self.data(data, origin),
            Line::Row(offset, row) if self.has_bytes() => self.row(offset, row, origin),
            Line::Typed { name, kind, data } => self.typed(name, kind, data, origin),
            _ if self.open_key.as_ref().is_some_and(|key| key.bare) => self.wrapped(&text.text, origin),
            _ => return self.unread(text),
        }
        self.reading.understood();
    }

    /// Takes a line that has no label of its own because the data before it goes on.
    fn goes_on(&mut self, line: &Line<'_>, text: &TextLine<'_>) -> bool {
        let Some(value) = &mut self.value else { return false };
        match &mut value.data {
            // The strings stand below each other, in the column of the first.
            Data::Strings(strings)
                if is_deep(&text.text) || matches!(line, Line::Other | Line::Typed { .. }) =>
            {
                strings.push(text.text.trim().to_owned());
            }
            Data::Unread(lines) if !matches!(line, Line::KeyName(_) | Line::Value(_)) => *lines += 1,
            _ => return false,
        }
        value.origin = value.origin.through(text.origin);
        true
    }

    fn unread(&mut self, text: &TextLine<'_>) {
        self.partial = true;
        self.reading.unread(text, "`Key Name:`, `Value`, `Name:`, `Type:` or `Data:` of a saved subtree");
    }

    fn begin_key(&mut self, path: &str, origin: Origin) {
        self.end_key();
        self.end_value();
        self.count = 0;
        self.key = None;
        self.open_key = Some(OpenKey { path: path.to_owned(), origin, written: None, bare: true });
    }

    /// A line about the key itself.
    fn dress_key(&mut self, time: Option<&str>) {
        let Some(key) = &mut self.open_key else { return };
        key.bare = false;
        let Some(time) = time else { return };
        key.written = Printed::read(time);
        if key.written.is_none() {
            self.untimed.get_or_insert(key.origin);
        }
    }

    /// A registry editor breaks no lines: a path in two was broken on its way.
    fn wrapped(&mut self, text: &str, origin: Origin) {
        let Some(key) = &mut self.open_key else { return };
        key.path = format!("{} {}", key.path, text.trim());
        key.origin = key.origin.through(origin);
        key.bare = false;
        if !self.wrapped {
            let what = "the name of a key goes on in the next line: taken to be broken at a blank, by mail or an editor";
            self.reading.parsed.problem(key.origin, ProblemKind::Assumed, what);
        }
        self.wrapped = true;
        self.partial = true;
    }

    /// All lines about a key are read.
    fn end_key(&mut self) {
        let Some(key) = self.open_key.take() else { return };
        let Some(found) = rooted(&key.path) else {
            self.partial = true;
            let what = format!("no root fits the key {:?}: its values are not kept", key.path);
            return self.reading.malformed(key.origin, || what);
        };
        if let Basis::Hive(root) | Basis::Likely(root) = found.basis {
            self.guessed |= matches!(found.basis, Basis::Likely(_));
            let first = key.path.split('\\').find(|part| !part.is_empty()).unwrap_or_default();
            if self.inferred.insert(first.to_lowercase()) {
                let what =
                    format!("keys are saved without their root: {first} is taken for a part of {root}");
                self.reading.parsed.problem(key.origin, ProblemKind::Assumed, what);
            }
        }
        let path: Arc<str> = found.path.into();
        self.key = Some(path.clone());
        self.tops.key(&path, key.origin);
        self.times.extend(key.written.map(|time| (self.reading.parsed.facts.len(), time)));
        self.reading.parsed.fact(Fact::RegistryKey { path, written: None }, key.origin);
    }

    fn begin_value(&mut self, number: Option<u32>, origin: Origin) {
        self.end_key();
        self.end_value();
        if let Some(number) = number.filter(|number| *number != self.count) {
            self.partial = true;
            let due = self.count;
            let what = || format!("found value {number}, expected value {due}: some are missing");
            self.reading.malformed(origin, what);
        }
        self.count = number.unwrap_or(self.count).saturating_add(1);
        self.value = Some(OpenValue { number, name: None, kind: None, data: Data::None, origin });
    }

    fn name(&mut self, name: &str, origin: Origin) {
        if self.value.as_ref().is_none_or(|value| value.name.is_some()) {
            // An excerpt may lack the line with the number.
            self.partial = true;
            self.begin_value(None, origin);
        }
        let Some(value) = self.more(origin) else { return };
        value.name = Some(if name.trim() == "<NO NAME>" { String::new() } else { name.to_owned() });
    }

    fn kind(&mut self, kind: &str, origin: Origin) {
        let known = types::named(kind).or_else(|| u32::from_str_radix(kind.strip_prefix("0x")?, 16).ok());
        let Some(value) = self.more(origin) else { return };
        value.kind = known;
        if known.is_none() {
            self.partial = true;
            self.reading.malformed(origin, || format!("unknown type {kind:?}: the value is not kept"));
        }
    }

    fn data(&mut self, data: &str, origin: Origin) {
        let Some(value) = self.more(origin) else { return };
        value.data = match value.kind {
            Some(7) if data.trim().is_empty() => Data::Strings(Vec::new()),
            Some(7) => Data::Strings(vec![data.to_owned()]),
            Some(8..=10) => Data::Unread(0),
            Some(kind) if types::is_text(kind) || types::is_number(kind) => Data::Text(data.to_owned()),
            _ => Data::Bytes(Vec::new()),
        };
        if let (Data::Bytes(_), false) = (&value.data, data.trim().is_empty()) {
            match line::line(data) {
                Line::Row(offset, row) => self.row(offset, row, origin),
                _ => value.data = Data::Unread(1),
            }
        }
    }

    fn has_bytes(&self) -> bool {
        self.value.as_ref().is_some_and(|value| matches!(value.data, Data::Bytes(_)))
    }

    fn row(&mut self, offset: u32, row: &str, origin: Origin) {
        let Some(value) = self.more(origin) else { return };
        let Data::Bytes(bytes) = &mut value.data else { return };
        let due = bytes.len();
        line::bytes(row, bytes);
        if usize::try_from(offset) != Ok(due) {
            self.partial = true;
            let what =
                || format!("found bytes from {offset:#x} on, expected them from {due:#x}: some are missing");
            self.reading.malformed(origin, what);
        }
    }

    /// The open value, of which another line is read.
    fn more(&mut self, origin: Origin) -> Option<&mut OpenValue> {
        let value = self.value.as_mut()?;
        value.origin = value.origin.through(origin);
        Some(value)
    }

    /// A value that someone wrote by hand.
    fn typed(&mut self, name: &str, kind: u32, data: &str, origin: Origin) {
        self.end_key();
        self.end_value();
        self.partial = true;
        let data = if types::is_number(kind) {
            types::number(kind, data)
        } else {
            types::is_text(kind).then(|| types::text(kind, data))
        };
        let name = if name == "<NO NAME>" { "" } else { name };
        match data {
            Some(data) => self.keep(name, data, origin),
            None => {
                self.reading.malformed(origin, || format!("the data of {name:?} is not what its type holds"))
            }
        }
    }

    /// All lines of a value are read.
    fn end_value(&mut self) {
        let Some(value) = self.value.take() else { return };
        let (Some(name), Some(kind)) = (&value.name, value.kind) else {
            self.partial = true;
            let missing = if value.name.is_none() { "Name:" } else { "Type:" };
            let number = value.number.map(|number| format!(" {number}")).unwrap_or_default();
            return self
                .reading
                .malformed(value.origin, || format!("value{number} has no known `{missing}`"));
        };
        let data = match value.data {
            Data::Text(text) if types::is_number(kind) => types::number(kind, &text),
            Data::Text(text) => Some(types::text(kind, &text)),
            Data::Strings(strings) => Some(types::strings(kind, strings.iter().map(String::as_str))),
            Data::Bytes(bytes) => Some(RegistryData { kind, bytes }),
            Data::Unread(lines) => {
                let what = format!(
                    "the data of {name:?} is printed for people, in {lines} lines that are not read: kept without data"
                );
                self.reading.parsed.problem(value.origin, ProblemKind::Unsupported, what);
                Some(RegistryData { kind, bytes: Vec::new() })
            }
            Data::None => None,
        };
        match data {
            Some(data) => self.keep(name, data, value.origin),
            None => {
                self.partial = true;
                self.reading
                    .malformed(value.origin, || format!("the data of {name:?} is not what its type holds"));
            }
        }
    }

    /// Keeps a value of the current key; a key without a root was told of.
    fn keep(&mut self, name: &str, data: RegistryData, origin: Origin) {
        if let Some(key) = self.key.clone() {
            self.reading.parsed.fact(Fact::RegistryValue { key, name: name.into(), data }, origin);
        }
    }

    /// Ends the text; `cut` is its last line where no line end follows it.
    pub fn finish(mut self, cut: Option<Origin>) -> Parsed {
        self.end_key();
        self.end_value();
        self.date();
        let mut whole = !self.partial;
        // Nothing ends a save but the blank line that ends every key and every value.
        if let Some(origin) = cut.or(self.last.and_then(|(origin, blank)| (!blank).then_some(origin))) {
            whole = false;
            let what = "the text ends without the blank line that ends every key and value: cut, or edited";
            self.reading.truncated(origin, || what.to_owned());
        }
        let mut parsed = self.reading.finish();
        if whole && !self.guessed {
            parsed.coverage = self.tops.roots();
        }
        parsed.facts.extend(extent::computer(&parsed.facts));
        parsed
    }

    /// Puts the times into their keys, in the only order of parts in which all are dates.
    fn date(&mut self) {
        let order = written::order(self.times.iter().map(|(_, time)| time));
        let parsed = &mut self.reading.parsed;
        let first = self.times.first().and_then(|(index, _)| Some(parsed.facts.get(*index)?.origin));
        let Some(order) = order else {
            if let Some(origin) = first.or(self.untimed) {
                let what =
                    "the times of keys are not kept: nothing here tells the order of day, month and year";
                parsed.problem(origin, ProblemKind::Unsupported, what);
            }
            return;
        };
        for (index, time) in &self.times {
            let Some(Fact::RegistryKey { written, .. }) =
                parsed.facts.get_mut(*index).map(|fact| &mut fact.value)
            else {
                continue;
            };
            *written = time.at(order).map(|local| Stamp { local, zone: Zone::Unknown });
        }
        if let Some(origin) = self.untimed {
            let what = "a time of a key is not kept: expected a date, ` - ` and hours with minutes";
            parsed.problem(origin, ProblemKind::Malformed, what);
        }
    }
}

/// Whether a line starts further right than any label does.
fn is_deep(text: &str) -> bool {
    8 <= text.bytes().take_while(|byte| *byte == b' ').count() && !text.trim().is_empty()
}
