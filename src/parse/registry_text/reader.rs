//! The lines of a registry text export put together: the current key, open bytes, and the extent.

use std::sync::Arc;

use crate::model::{Fact, Origin, ProblemKind, RegistryData};
use crate::parse::Parsed;
use crate::text::Line as TextLine;

use super::data::{self, Data, Step};
use super::expected::Expected;
use super::extent::{self, Tops};
use super::header::{Grammar, Header, Verdict};
use super::line::{self, Line};
use super::page::Pages;

/// What a value or a deletion lacks that stands before the first key.
const NO_KEY: Expected = Expected("a key line before the value");

/// A value whose bytes go on over lines.
struct OpenValue {
    name: Box<str>,
    kind: u32,
    /// From the first line through the last one that had bytes.
    origin: Origin,
    /// Lines that the value took so far, blank ones and comments not among them.
    lines: u32,
}

/// What is known while the lines go by.
pub struct Reader<'a> {
    header: Header,
    pages: &'a Pages<'a>,
    parsed: Parsed,
    key: Option<Arc<str>>,
    open: Option<OpenValue>,
    /// The bytes of the value that is being read; used again and again.
    bytes: Vec<u8>,
    /// Something speaks against the file being a whole export.
    partial: bool,
    deletes: bool,
    commented: bool,
    /// The highest keys.
    tops: Tops,
    /// Where facts stand that may name the computer.
    names: Vec<usize>,
    /// The last line, and whether it was blank, as the one that ends every key of an export is.
    last: Option<(Origin, bool)>,
}

impl<'a> Reader<'a> {
    /// Starts before the first line.
    pub fn new(header: Header, pages: &'a Pages<'a>) -> Self {
        let partial = header.verdict != Verdict::Imported || header.grammar == Grammar::Windows31;
        Self {
            header,
            pages,
            parsed: Parsed::default(),
            key: None,
            open: None,
            bytes: Vec::new(),
            partial,
            deletes: false,
            commented: false,
            tops: Tops::default(),
            names: Vec::new(),
            last: None,
        }
    }

    /// Takes the first line: a header, or already contents where there is none.
    pub fn header(&mut self, text: &TextLine) {
        let Some(what) = self.header.problem() else {
            self.parsed.lines += 1;
            self.parsed.understood += 1;
            return;
        };
        self.problem(text.origin, what);
        if self.header.verdict == Verdict::Refused && line::line(&text.text, &mut Vec::new()).is_ok() {
            self.line(text);
        } else {
            self.parsed.lines += 1;
        }
    }

    /// Records what is wrong with the file as a whole.
    pub fn problem(&mut self, origin: Origin, what: &str) {
        self.parsed.problem(origin, ProblemKind::Malformed, what);
    }

    /// Takes the next line.
    pub fn line(&mut self, text: &TextLine) {
        self.parsed.lines += 1;
        self.parsed.understood += 1;
        self.last = Some((text.origin, text.text.trim().is_empty()));
        match self.open.take() {
            Some(open) => self.go_on(open, text),
            None if self.header.grammar == Grammar::Windows31 => self.windows31(text),
            None => self.start(text),
        }
    }

    /// Takes a line that starts something new.
    fn start(&mut self, text: &TextLine) {
        let origin = text.origin;
        match line::line(&text.text, &mut self.bytes) {
            Ok(Line::Nothing) => self.comment(text),
            Ok(Line::Key(path)) => self.key(&path, origin),
            Ok(Line::DeletedKey(key)) => {
                self.key = None;
                self.deletion(Arc::from(&*key), None, origin);
            }
            Ok(Line::Value(name, data)) => {
                if name.undoubled {
                    self.undoubled(&name.text, origin);
                }
                self.right_side(name.text.into(), data, origin);
            }
            Ok(Line::LostKey(expected)) => {
                self.key = None;
                self.ignored(origin, 1, expected);
            }
            Err(expected) => self.ignored(origin, 1, expected),
        }
    }

    /// Takes a line that is blank or a comment. Regedit writes no comments, so the first one tells that a person did.
    fn comment(&mut self, text: &TextLine) {
        if self.commented || text.text.trim().is_empty() {
            return;
        }
        self.commented = true;
        let what =
            "holds comments, which no export does: written or changed by hand, so it shows nothing as absent";
        self.parsed.problem(text.origin, ProblemKind::Unsupported, what);
    }

    fn key(&mut self, path: &str, origin: Origin) {
        let path: Arc<str> = path.into();
        self.key = Some(path.clone());
        self.tops.key(&path, origin);
        self.parsed.fact(Fact::RegistryKey { path, written: None }, origin);
    }

    fn right_side(&mut self, name: Box<str>, data: Data, origin: Origin) {
        match data {
            Data::Hex { kind, open: true } => {
                self.open = Some(OpenValue { name, kind, origin, lines: 1 });
            }
            Data::Hex { kind, open: false } => {
                let data = data::finish(kind, &self.bytes, self.header.grammar, self.pages);
                self.value(name, data, origin, 1);
            }
            Data::Whole { data, undoubled } => {
                if undoubled {
                    self.undoubled(&data.display(), origin);
                }
                self.value(name, data, origin, 1);
            }
            Data::Deleted => match self.key.clone() {
                Some(key) => self.deletion(key, Some(name), origin),
                None => self.ignored(origin, 1, NO_KEY),
            },
        }
    }

    /// Takes a line of a Windows 3.1 export, which is key and value in one.
    fn windows31(&mut self, text: &TextLine) {
        match line::windows31(&text.text) {
            Ok(None) => {}
            Ok(Some((path, value))) => {
                self.key(&path, text.origin);
                self.value(Box::default(), RegistryData::text(value), text.origin, 1);
            }
            Err(expected) => self.ignored(text.origin, 1, expected),
        }
    }

    /// Adds a line to open bytes; one that is no such line ends the value and is lost with it.
    fn go_on(&mut self, mut open: OpenValue, text: &TextLine) {
        match data::go_on(&text.text, &mut self.bytes) {
            Ok(Step::Skipped) => self.open = Some(open),
            Ok(Step::More { open: more }) => {
                open.origin = open.origin.through(text.origin);
                open.lines += 1;
                if more {
                    self.open = Some(open);
                } else {
                    self.close(open);
                }
            }
            Err(expected) => self.ignored(open.origin.through(text.origin), open.lines + 1, expected),
        }
    }

    /// Keeps a value whose bytes are complete.
    fn close(&mut self, open: OpenValue) {
        let data = data::finish(open.kind, &self.bytes, self.header.grammar, self.pages);
        self.value(open.name, data, open.origin, open.lines);
    }

    /// Keeps a value of the current key, or says that there is none.
    fn value(&mut self, name: Box<str>, data: RegistryData, origin: Origin, lines: u32) {
        let Some(key) = self.key.clone() else { return self.ignored(origin, lines, NO_KEY) };
        if extent::may_name(&name) {
            self.names.push(self.parsed.facts.len());
        }
        self.parsed.fact(Fact::RegistryValue { key, name, data }, origin);
    }

    /// Keeps a deletion; the first one tells what kind of file this is.
    fn deletion(&mut self, key: Arc<str>, value: Option<Box<str>>, origin: Origin) {
        if !self.deletes {
            self.deletes = true;
            let what =
                "deletes keys or values: a script to import and no export, so it shows nothing as absent";
            self.parsed.problem(origin, ProblemKind::Unsupported, what);
        }
        self.parsed.fact(Fact::RegistryDeletion { key, value }, origin);
    }

    /// Records lines, counted as understood until now, that an import would pass over.
    ///
    /// Regedit writes no such line, so the file was changed and shows nothing as absent any more.
    fn ignored(&mut self, origin: Origin, lines: u32, expected: Expected) {
        self.partial = true;
        self.parsed.understood = self.parsed.understood.saturating_sub(lines);
        let what = format!("ignored by Windows: expected {}", expected.0);
        self.parsed.problem(origin, ProblemKind::Malformed, what);
    }

    /// Records a text that an import changes. Regedit writes none, so the file was written or changed by hand.
    fn undoubled(&mut self, imported: &str, origin: Origin) {
        self.partial = true;
        let imported: String = imported.chars().take(80).collect();
        let imported = imported.replace(['\n', '\r'], "<line end>");
        let what = format!("backslashes are not doubled: Windows imports `{imported}`");
        self.parsed.problem(origin, ProblemKind::Malformed, what);
    }

    /// Ends the file; `cut` is its last line where no line end follows it.
    pub fn finish(mut self, cut: Option<Origin>) -> Parsed {
        let mut whole = !self.partial && !self.deletes && !self.commented;
        if let Some(open) = self.open.take() {
            whole = false;
            let what = "the file ends in the middle of a value: expected more bytes after `\\`";
            self.parsed.problem(open.origin, ProblemKind::Truncated, what);
            // As Windows imports it, what was read until here counts.
            self.close(open);
        } else if let Some(origin) = cut {
            whole = false;
            let what = "the file ends within its last line: expected a line end";
            self.parsed.problem(origin, ProblemKind::Truncated, what);
        } else if let Some((origin, false)) = self.last.filter(|_| whole) {
            whole = false;
            let what = "the file ends without the blank line that ends every key: cut, or edited";
            self.parsed.problem(origin, ProblemKind::Truncated, what);
        }
        if whole {
            self.parsed.coverage = self.tops.roots();
        }
        let named = self.names.iter().filter_map(|index| self.parsed.facts.get(*index));
        let computer = extent::computer(named);
        self.parsed.facts.extend(computer);
        self.parsed
    }
}
