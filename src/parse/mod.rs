//! State formats: what each parser is, and the list of all of them.

pub mod log;
mod console;
mod dir_listing;
mod net_share;
mod net_start;
mod net_user;
mod registry_text;

use crate::model::{Coverage, Fact, Located, Origin, Problem, ProblemKind, SourceId};
use crate::text::{Encoding, Text};

/// Every state parser. Adding one here is all it takes.
pub const PARSERS: &[&dyn Parser] = &[
    &registry_text::RegistryText,
    &dir_listing::DirListing,
    &net_share::NetShare,
    &net_start::NetStart,
    &net_user::NetUser,
];

/// A reader of one state format. It sees one source and nothing else, and it never fails.
pub trait Parser: Sync {
    /// The name that `inspect` shows; also the module's and the sample folder's name.
    fn name(&self) -> &'static str;

    /// How sure the parser is that a source is its own, judged from the first lines.
    fn recognise(&self, head: &Head) -> Option<Claim>;

    /// Reads a whole source. What is not understood becomes a problem; the rest is kept.
    fn parse(&self, source: SourceId, bytes: &[u8]) -> Parsed;

    /// Whether it reads what a console command prints; the output of several may stand in one file.
    fn is_console(&self) -> bool {
        false
    }
}

/// Reads a source with the parser that claimed it, and, where commands of other kinds stand in the same file,
/// with theirs too. Gives what was read and the names of the parsers that found something.
pub fn parse(parser: &'static dyn Parser, source: SourceId, bytes: &[u8]) -> (Parsed, Vec<&'static str>) {
    let mut parsed = parser.parse(source, bytes);
    let mut names = vec![parser.name()];
    if parsed.foreign == 0 {
        return (parsed, names);
    }
    let others = PARSERS.iter().filter(|other| other.is_console() && other.name() != parser.name());
    for other in others {
        let found = other.parse(source, bytes);
        if found.facts.is_empty() && found.coverage.is_empty() {
            continue;
        }
        names.push(other.name());
        // Blank lines and prompts are understood by each.
        parsed.understood += found.understood - found.common;
        parsed.foreign = parsed.foreign.saturating_sub(found.lines - found.foreign - found.common);
        parsed.facts.extend(found.facts);
        parsed.coverage.extend(found.coverage);
        parsed.problems.extend(found.problems);
    }
    if parsed.foreign != 0 {
        let what = format!("{} lines are the output of commands that are not read", parsed.foreign);
        parsed.problems.push(Problem { source, origin: None, kind: ProblemKind::Unrecognised, what });
    }
    (parsed, names)
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
    /// Lines of the source.
    pub lines: u32,
    /// Lines that were understood, blank ones among them.
    pub understood: u32,
    /// Problems beyond the number that is told one by one.
    pub untold: u32,
    /// Of a console capture: blank lines and prompts, which belong to no command.
    pub common: u32,
    /// Of a console capture: lines of other commands' output.
    pub foreign: u32,
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
    pub fn problem(&mut self, origin: Origin, kind: ProblemKind, what: impl Into<String>) {
        if self.problems.len() >= Self::TOLD {
            self.untold += 1;
            return;
        }
        let what = what.into();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_several_commands_in_one_file_is_all_read() {
        let parts = [
            include_str!("../../samples/state/net_user/nt4.txt"),
            include_str!("../../samples/state/net_start/nt4.txt"),
            include_str!("../../samples/state/dir_listing/nt4.txt"),
            include_str!("../../samples/state/net_share/nt4.txt"),
            "Windows NT IP Configuration\r\n\r\n  Host Name . . . : x\r\n",
        ];
        let text = parts.concat();
        let (parsed, names) = parse(&net_user::NetUser, SourceId(0), text.as_bytes());
        assert_eq!(names, ["net_user", "dir_listing", "net_share", "net_start"]);
        assert_eq!(parsed.understood + 2, parsed.lines);
        let whole = [Coverage::Accounts, Coverage::Shares, Coverage::RunningServices];
        let covered = |wanted: &Coverage| parsed.coverage.iter().any(|place| place.value == *wanted);
        assert!(whole.iter().all(covered), "{:?}", parsed.coverage);
        assert_eq!(parsed.problems.len(), 1, "{:?}", parsed.problems);
    }
}
