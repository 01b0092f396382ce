//! The lines of a site control file put together: open blocks, rows over several lines, and what they mean.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::row::{self, Line, Row};
use crate::model::{Fact, Origin, ProblemKind, SourceId};
use crate::parse::Parsed;
use crate::text::Line as TextLine;

/// Lines that a row goes over at most.
const MOST_LINES: u32 = 20;

/// Blocks within blocks that are read; site control files have three.
const DEEPEST: usize = 32;

/// What is known while the lines go by.
pub struct Reader {
    parsed: Parsed,
    document: Arc<str>,
    blocks: Vec<Block>,
    /// The paths of blocks so far, in lower case.
    paths: BTreeSet<String>,
    /// A row of which more may stand on the next line.
    open: Option<OpenRow>,
    /// Open blocks below the deepest one that is read; what is in them is left out.
    beyond: usize,
}

/// A block that has not ended.
struct Block {
    name: String,
    begin: Origin,
    /// Known when the fields that a block begins with have been seen.
    path: Option<Arc<str>>,
    /// The fields by themselves, in their order.
    fields: Vec<(String, Origin)>,
    /// The server that a row `RESOURCE` names.
    server: Option<String>,
}

/// The text of a row so far.
struct OpenRow {
    text: String,
    row: Row,
    origin: Origin,
    lines: u32,
}

impl Reader {
    /// Starts before the first line of a file of this name and size in bytes.
    pub fn new(source: SourceId, name: &str, size: usize) -> Self {
        let mut reader = Self {
            parsed: Parsed::default(),
            document: name.to_lowercase().into(),
            blocks: Vec::new(),
            paths: BTreeSet::new(),
            open: None,
            beyond: 0,
        };
        let length = u32::try_from(size).unwrap_or(u32::MAX);
        reader.setting("".into(), "size", size.to_string(), Origin { source, line: 0, offset: 0, length });
        reader
    }

    /// Takes the next line.
    pub fn line(&mut self, text: &TextLine<'_>) {
        self.parsed.lines += 1;
        let line = row::line(&text.text);
        if let Some(open) = self.open.take() {
            if open.goes_on(&text.text, &line) {
                return self.row(open.with(text));
            }
            self.close(open);
        }
        match line {
            Line::Begin(_) if self.blocks.len() >= DEEPEST => {
                if self.beyond == 0 {
                    let what = format!("a block within {DEEPEST} blocks: what is in it is not read");
                    self.parsed.problem(text.origin, ProblemKind::Limit, what);
                }
                self.beyond += 1;
            }
            Line::End(_) if self.beyond > 0 => self.beyond -= 1,
            _ if self.beyond > 0 => {}
            Line::Nothing => self.parsed.understood += 1,
            Line::Header(versions) => {
                self.parsed.understood += 1;
                self.setting("".into(), "SITE CONTROL FILE", versions.to_owned(), text.origin);
            }
            Line::Begin(name) => self.begin(name, text.origin),
            Line::End(name) => self.end(name, text.origin),
            Line::Row(row) => {
                self.row(OpenRow { text: text.text.trim().to_owned(), row, origin: text.origin, lines: 1 });
            }
            Line::Other => {
                let what = "found no part of a site control file, expected BEGIN_, END_ or fields in `<>`";
                self.parsed.problem(text.origin, ProblemKind::Malformed, what);
            }
        }
    }

    fn begin(&mut self, name: &str, origin: Origin) {
        self.parsed.understood += 1;
        self.settle();
        self.blocks.push(Block {
            name: name.to_owned(),
            begin: origin,
            path: None,
            fields: Vec::new(),
            server: None,
        });
    }

    fn end(&mut self, name: &str, origin: Origin) {
        let Some(depth) = self.blocks.iter().rposition(|block| block.name == name) else {
            let what = format!("found END_{name} without BEGIN_{name}");
            return self.parsed.problem(origin, ProblemKind::Malformed, what);
        };
        self.parsed.understood += 1;
        self.settle();
        for block in self.blocks.split_off(depth).into_iter().rev() {
            if block.name != name {
                let what = format!("found no END_{} before END_{name}", block.name);
                self.parsed.problem(block.begin, ProblemKind::Malformed, what);
            }
            self.meaning(&block);
        }
    }

    /// Takes a row, or holds it back where its rest may follow.
    fn row(&mut self, open: OpenRow) {
        if open.row.wants_more() && open.lines < MOST_LINES {
            self.open = Some(open);
        } else {
            self.close(open);
        }
    }

    /// Takes a row that is as complete as it gets.
    fn close(&mut self, open: OpenRow) {
        let OpenRow { row, origin, lines, .. } = open;
        if row.open {
            let what = "found `<` without `>`, expected the end of the field: the row is left out";
            return self.parsed.problem(origin, ProblemKind::Malformed, what);
        }
        self.parsed.understood += lines;
        if let Some(damage) = row.damage.clone() {
            self.parsed.problem(origin, ProblemKind::Malformed, damage);
        }
        if row.words.is_empty() {
            return self.fields(row.fields, origin);
        }
        self.settle();
        let section = self.path();
        if row.is_property() {
            if row.fields.len() != 4 {
                let what = format!("found a property of {} fields, expected 4", row.fields.len());
                self.parsed.problem(origin, ProblemKind::Malformed, what);
            }
            let mut fields = row.fields.into_iter();
            let name = fields.next().unwrap_or_default();
            let value = value(&fields.collect::<Vec<_>>());
            return self.setting(section, &name, value, origin);
        }
        self.site_system(&section, &row, origin);
        self.setting(section, &row.words, value(&row.fields), origin);
    }

    /// Keeps the server of each role: a block names it in `RESOURCE <type><NAL path>`, and then its `ROLE <name>`.
    ///
    /// The syntax is that of "About Configuration Manager Site Control File" properties of site system roles.
    fn site_system(&mut self, section: &Arc<str>, row: &Row, origin: Origin) {
        let Some(block) = self.blocks.last_mut() else { return };
        match (row.words.as_str(), row.fields.as_slice()) {
            ("RESOURCE", [.., path]) => block.server = server(path),
            ("ROLE", [role]) => {
                if let Some(server) = block.server.clone() {
                    self.setting(section.clone(), role, server, origin);
                }
            }
            _ => {}
        }
    }

    /// Takes fields by themselves: those that a block begins with name it.
    fn fields(&mut self, fields: Vec<String>, origin: Origin) {
        if let Some(block) = self.blocks.last_mut().filter(|block| block.path.is_none()) {
            return block.fields.extend(fields.into_iter().map(|field| (field, origin)));
        }
        let section = self.path();
        for field in fields {
            let number = match self.blocks.last_mut() {
                Some(block) => {
                    block.fields.push((field.clone(), origin));
                    block.fields.len()
                }
                None => 0,
            };
            self.field(&section, number, field, origin);
        }
    }

    /// Keeps a field: under the name it carries in `(REG_DWORD)name=value`, else under its number in its block.
    fn field(&mut self, section: &Arc<str>, number: usize, field: String, origin: Origin) {
        let typed = field.strip_prefix("(REG_").and_then(|rest| rest.split_once(')')?.1.split_once('='));
        let named = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (name, value) = named.unwrap_or((number.to_string(), field));
        self.setting(section.clone(), &name, value, origin);
    }

    /// Gives the innermost block its path, and keeps the fields that it began with.
    fn settle(&mut self) {
        let Some(block) = self.blocks.last() else { return };
        if block.path.is_some() {
            return;
        }
        let above = self.blocks.iter().rev().find_map(|block| block.path.clone());
        let mut path = match above.as_deref() {
            None | Some("") => block.name.clone(),
            Some(above) => format!("{above}/{}", block.name),
        };
        // These stand once in a file; others are told apart by their names, and by their servers.
        let alone = ["_DEFINITION", "_ACCOUNT"].iter().any(|end| block.name.ends_with(end));
        let is_name = |field: &&str| !field.trim().is_empty() && field.trim().parse::<i64>().is_err();
        let names: Vec<&str> = block.fields.iter().map(|(field, _)| field.as_str()).filter(is_name).collect();
        for name in names.iter().take(if alone { 0 } else { 3 }) {
            path = format!("{path}/{}", name.trim());
            if !self.paths.contains(&path.to_lowercase()) {
                break;
            }
        }
        self.paths.insert(path.to_lowercase());
        let path: Arc<str> = path.into();
        let fields = block.fields.clone();
        if let Some(block) = self.blocks.last_mut() {
            block.path = Some(path.clone());
        }
        for (index, (field, origin)) in fields.into_iter().enumerate() {
            self.field(&path, index + 1, field, origin);
        }
    }

    /// Keeps what the fields of a block are known to mean.
    fn meaning(&mut self, block: &Block) {
        let fields: Vec<&str> = block.fields.iter().map(|(field, _)| field.trim()).collect();
        let named: Vec<(&str, String)> = match (block.name.as_str(), fields.as_slice()) {
            ("FILE_DEFINITION", [kind, ..]) => {
                let kind = ("type", file_type(kind).to_owned());
                let rest = ["comment", "target site", "originating site", "time stamp", "posted"];
                let rest = rest.into_iter().zip(&fields[1..]).filter(|_| fields.len() == 6);
                std::iter::once(kind).chain(rest.map(|(name, field)| (name, (*field).to_owned()))).collect()
            }
            ("SITE_ACCOUNT", [kind @ ("6" | "9"), code, _, _, _, _, folder, ..])
                if code.len() == 3 && folder.get(1..3) == Some(":\\") =>
            {
                let kind = ("site type", if *kind == "9" { "secondary" } else { "primary" }.to_owned());
                let rest = [
                    "site code",
                    "parent site code",
                    "site server",
                    "site server domain",
                    "site name",
                    "installation directory",
                ];
                let rest = rest.into_iter().zip(&fields[1..]);
                std::iter::once(kind).chain(rest.map(|(name, field)| (name, (*field).to_owned()))).collect()
            }
            _ => return,
        };
        let Some(path) = block.path.clone() else { return };
        for ((name, value), (_, origin)) in named.into_iter().zip(&block.fields) {
            self.setting(path.clone(), name, value, *origin);
        }
    }

    fn path(&self) -> Arc<str> {
        self.blocks.iter().rev().find_map(|block| block.path.clone()).unwrap_or_default()
    }

    fn setting(&mut self, section: Arc<str>, name: &str, value: String, origin: Origin) {
        let document = self.document.clone();
        self.parsed.fact(Fact::Setting { document, section, name: name.into(), value: value.into() }, origin);
    }

    /// Ends the file.
    pub fn finish(mut self) -> Parsed {
        if let Some(open) = self.open.take() {
            self.close(open);
        }
        self.settle();
        let blocks = std::mem::take(&mut self.blocks);
        for block in &blocks {
            self.meaning(block);
        }
        if let Some(block) = blocks.first() {
            let what = format!("the file ends before END_{}: cut, or edited", block.name);
            self.parsed.problem(block.begin, ProblemKind::Truncated, what);
        }
        self.parsed
    }
}

impl OpenRow {
    /// Whether the next line belongs to the row.
    fn goes_on(&self, text: &str, line: &Line<'_>) -> bool {
        let begins_otherwise =
            matches!(line, Line::Nothing | Line::Header(_) | Line::Begin(_) | Line::End(_));
        let starts = text.trim_start();
        match self.row.open {
            // A field that goes on holds no `<`.
            true => {
                let field = starts.split_once('>').map_or(starts, |(field, _)| field);
                !begins_otherwise && !field.contains('<')
            }
            false => !begins_otherwise && starts.starts_with(['<', '>']),
        }
    }

    fn with(self, text: &TextLine<'_>) -> Self {
        let joined = format!("{} {}", self.text, text.text.trim());
        let end = text.origin.offset + u64::from(text.origin.length);
        let length = u32::try_from(end.saturating_sub(self.origin.offset)).unwrap_or(u32::MAX);
        let row = match row::line(&joined) {
            Line::Row(row) => row,
            _ => self.row,
        };
        Self { text: joined, row, origin: Origin { length, ..self.origin }, lines: self.lines + 1 }
    }
}

/// The fields of an entry as one value: the only one that is not empty, if it is the last; else all as written.
fn value(fields: &[String]) -> String {
    match fields {
        [first @ .., last] if first.iter().all(String::is_empty) => last.clone(),
        _ => fields.iter().map(|field| format!("<{field}>")).collect(),
    }
}

/// The server of a NAL path, such as `["Display=\\SQL01\"]MSWNET:["SMS_SITE=S04"]\\SQL01\`.
fn server(path: &str) -> Option<String> {
    let (_, place) = path.rsplit_once(']').or_else(|| path.split_once(':'))?;
    let name = place.strip_prefix(r"\\")?.split('\\').next()?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// The type of a site control file by its number.
fn file_type(number: &str) -> &str {
    match number {
        "1" => "ACTUAL",
        "2" => "PROPOSED",
        "3" => "NEWSITE",
        "4" => "TRANSACTIONS",
        // One source has 5, another 6.
        "5" | "6" => "LOCALTRANSACTIONS",
        other => other,
    }
}
