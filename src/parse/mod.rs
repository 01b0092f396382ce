//! State formats: what each parser is, and the list of all of them.

pub mod log;
mod console;
mod not_collected;
mod registry_hive;
mod registry_print;
mod ini;
mod registry_text;
mod site_control;
mod system_map;

use std::fmt;

use crate::model::{Coverage, Fact, Located, Origin, Problem, ProblemKind, SourceId};
use crate::text::{Encoding, Text};

/// Every state parser. Adding one here is all it takes.
pub const PARSERS: &[&dyn Parser] = &[
    &registry_text::RegistryText,
    &registry_print::RegistryPrint,
    &registry_hive::RegistryHive,
    &console::Console,
    &ini::Ini,
    &site_control::SiteControl,
    &system_map::SystemMap,
    &not_collected::NotCollected,
];

/// A reader of one state format. It sees one source and nothing else, and it never fails.
pub trait Parser: Sync {
    /// The name that `inspect` shows; also the module's and the sample folder's name.
    fn name(&self) -> &'static str;

    /// How sure the parser is that a source is its own, judged from the first lines.
    fn recognise(&self, head: &Head) -> Option<Claim>;

    /// Reads a whole source, whose file name is `name`. What is not understood becomes a problem; the rest is
    /// kept.
    fn parse(&self, source: SourceId, name: &str, bytes: &[u8]) -> Parsed;

    /// The names of what it reads, where that is more than one thing: the commands of console captures.
    fn readers(&self) -> Vec<&'static str> {
        vec![self.name()]
    }
}

/// The start of a source, from which parsers judge.
pub struct Head<'a> {
    /// File name without folders, as found.
    pub name: &'a str,
    pub bytes: &'a [u8],
    /// The first lines, decoded; at most [`Head::LINES`].
    pub lines: Vec<String>,
}

impl<'a> Head<'a> {
    /// Bytes that are looked at.
    pub const BYTES: usize = 64 * 1024;
    /// Lines that are looked at.
    pub const LINES: usize = 200;

    /// Takes the start of `bytes`, which may be longer.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        let bytes = &bytes[..bytes.len().min(Self::BYTES)];
        let text = Text::new(SourceId(0), bytes, Encoding::Oem);
        let lines = text.lines().take(Self::LINES).map(|line| line.text.into_owned()).collect();
        Self { name, bytes, lines }
    }
}

/// A parser's claim on a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// 100 is a header that nothing else writes; 60 is a shape that fits well.
    pub score: u8,
    /// What was seen, for `inspect`.
    pub why: String,
}

/// What a parser made of a source.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    pub facts: Vec<Located<Fact>>,
    pub coverage: Vec<Located<Coverage>>,
    pub problems: Vec<Problem>,
    /// Lines of the source, or what else [`Parsed::counted`] names.
    pub lines: u32,
    /// Lines that were understood, blank ones among them.
    pub understood: u32,
    /// What `lines` counts where a source has no lines, for example `keys and values`; empty for lines.
    pub counted: &'static str,
    /// Problems beyond the number that is told one by one.
    pub untold: u32,
    /// The commands whose output a console capture holds; empty for all else.
    pub readers: Vec<&'static str>,
    /// The encoding that was read, where it was decided from more than the first bytes.
    pub encoding: Option<Encoding>,
}

impl Parsed {
    /// Keeps a fact and the place that proves it.
    pub fn fact(&mut self, value: Fact, origin: Origin) {
        self.facts.push(Located { value, origin });
    }

    /// Declares a place complete; the origin is where the capture says so.
    pub fn covers(&mut self, value: Coverage, origin: Origin) {
        self.coverage.push(Located { value, origin });
    }

    /// Problems of one source that are told one by one; a hostile source has one for each of its lines.
    const TOLD: usize = 200;

    /// Records what could not be read at a place.
    pub fn problem(&mut self, origin: Origin, kind: ProblemKind, what: impl fmt::Display) {
        if self.problems.len() >= Self::TOLD {
            self.untold += 1;
            return;
        }
        let what = what.to_string();
        self.problems.push(Problem { source: origin.source, origin: Some(origin), kind, what });
    }
}

/// What a parser made of a source, for tests to compare: facts as `fact` shows them, coverage, problems, counts.
#[cfg(test)]
fn shown(parsed: &Parsed, fact: impl Fn(&Fact) -> String) -> String {
    let mut lines: Vec<String> = parsed.facts.iter().map(|found| fact(&found.value)).collect();
    lines.extend(parsed.coverage.iter().map(|coverage| format!("covers {:?}", coverage.value)));
    lines.extend(parsed.problems.iter().map(|problem| {
        let line = problem.origin.map_or(0, |origin| origin.line);
        format!("{} line {line}: {}", problem.kind.name(), problem.what)
    }));
    lines.push(format!("understood {} of {}", parsed.understood, parsed.lines));
    lines.join("\n")
}
