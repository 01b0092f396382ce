//! The lines of an INI file put together: the current section, and what of it Windows would read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::line::{self, Line};
use crate::model::{Fact, Origin, ProblemKind};
use crate::parse::Parsed;
use crate::text::Line as TextLine;

/// The character at which old programs end a text file.
const END_OF_FILE: char = '\u{1a}';

/// Where values belong.
#[derive(Clone, Debug)]
enum Scope {
    /// Before the first section.
    Outside,
    Section(Arc<str>),
    /// In a section that Windows does not reach.
    Lost,
}

/// What is known while the lines go by.
pub struct Reader {
    parsed: Parsed,
    document: Arc<str>,
    scope: Scope,
    /// The sections so far, in lower case.
    sections: BTreeSet<String>,
    /// The values of the current section so far, by lower-case name.
    values: BTreeMap<String, Box<str>>,
    /// Whether the end-of-file character has come, and whether that was told.
    ended: Option<bool>,
}

impl Reader {
    /// Starts before the first line of a file of this name.
    pub fn new(name: &str) -> Self {
        Self {
            parsed: Parsed::default(),
            document: name.to_lowercase().into(),
            scope: Scope::Outside,
            sections: BTreeSet::new(),
            values: BTreeMap::new(),
            ended: None,
        }
    }

    /// Takes the next line.
    pub fn line(&mut self, text: &TextLine<'_>) {
        self.parsed.lines += 1;
        let before = self.parsed.understood;
        self.parsed.understood += 1;
        if let Some(told) = self.ended {
            return self.beyond_the_end(text, told);
        }
        let (line, rest) =
            text.text.split_once(END_OF_FILE).map_or((&*text.text, None), |(line, rest)| (line, Some(rest)));
        self.take(line::line(line), text.origin);
        if let Some(rest) = rest {
            self.ended = Some(false);
            if !rest.trim().is_empty() {
                self.beyond_the_end(text, false);
            }
        }
        // A line may be wrong on both sides of the end.
        self.parsed.understood = self.parsed.understood.max(before);
    }

    fn take(&mut self, line: Line<'_>, origin: Origin) {
        match line {
            Line::Nothing | Line::Comment => {}
            Line::Section { name, rest } => self.section(name, rest, origin),
            Line::Broken => {
                self.scope = Scope::Lost;
                self.ignored(
                    origin,
                    "found `[` without `]`, expected a section: it and its values are left out",
                );
            }
            Line::Value { name, value } => self.value(name, value, origin),
            Line::Other => {
                self.ignored(origin, "ignored by Windows: expected `name=value`, a section or a comment")
            }
        }
    }

    fn section(&mut self, name: &str, rest: &str, origin: Origin) {
        self.values.clear();
        if !self.sections.insert(name.to_lowercase()) {
            self.scope = Scope::Lost;
            let what = format!("section [{name}] stands a second time: Windows reads only the first");
            return self.ignored(origin, &what);
        }
        self.scope = Scope::Section(name.into());
        if !rest.is_empty() && !rest.starts_with(';') {
            let what = format!("ignored by Windows: `{rest}` behind the section");
            self.parsed.problem(origin, ProblemKind::Malformed, what);
        }
    }

    fn value(&mut self, name: &str, value: &str, origin: Origin) {
        let section = match &self.scope {
            Scope::Section(section) => section.clone(),
            Scope::Outside => {
                return self.ignored(origin, "ignored by Windows: a value before the first section");
            }
            // Told at the section.
            Scope::Lost => {
                self.parsed.understood -= 1;
                return;
            }
        };
        match self.values.get(&name.to_lowercase()) {
            // Many write `#` before what is to be a comment; to Windows it begins a name.
            Some(first) if **first != *value && !name.starts_with('#') => {
                let what = format!("`{name}` is set again: Windows uses the first, `{first}`");
                self.parsed.problem(origin, ProblemKind::Malformed, what);
            }
            Some(_) => {}
            None => drop(self.values.insert(name.to_lowercase(), value.into())),
        }
        let document = self.document.clone();
        self.parsed.fact(Fact::Setting { document, section, name: name.into(), value: value.into() }, origin);
    }

    /// Records a line, counted as understood until now, that no program would see.
    fn ignored(&mut self, origin: Origin, what: &str) {
        self.parsed.understood -= 1;
        self.parsed.problem(origin, ProblemKind::Malformed, what);
    }

    /// Takes a line behind the end-of-file character; the first that is not blank is told.
    fn beyond_the_end(&mut self, text: &TextLine<'_>, told: bool) {
        if text.text.trim_matches(|c: char| c.is_whitespace() || c == END_OF_FILE).is_empty() {
            return;
        }
        self.parsed.understood = self.parsed.understood.saturating_sub(1);
        if !told {
            let what = "the end-of-file character 0x1A stands before the end: what is behind it is left out";
            self.parsed.problem(text.origin, ProblemKind::Malformed, what);
        }
        self.ended = Some(true);
    }

    /// Ends the file.
    pub fn finish(self) -> Parsed {
        self.parsed
    }
}
