//! What console captures have in common: prompts, where a command's output begins, lines nobody reads.

use super::dir_listing::trailer;
use crate::model::{Origin, ProblemKind};
use crate::parse::Parsed;
use crate::text::Line;

/// A command whose output a capture may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Dir,
    NetShare,
    NetStart,
    NetUser,
    /// Any other command, and a prompt at which nothing was typed.
    Other,
}

/// What a line is to the parser of one command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue<'t> {
    Blank,
    /// A prompt, with what was typed at it. It ends all output before it.
    Prompt(&'t str),
    /// A line of another command's output.
    Foreign,
    /// A line for the parser to read.
    Own,
}

/// The command whose output a line begins.
pub fn header(text: &str) -> Option<Command> {
    let text = text.trim();
    if trailer::heads(text) {
        return Some(Command::Dir);
    }
    if text.starts_with("Share name ") && text.contains(" Resource ") {
        return Some(Command::NetShare);
    }
    if text.starts_with("These Windows ") && text.ends_with(" started:") {
        return Some(Command::NetStart);
    }
    if text.starts_with("User accounts for \\\\") {
        return Some(Command::NetUser);
    }
    let other = (text.starts_with("Windows ") && text.ends_with("IP Configuration"))
        || text.starts_with("SERVICE_NAME:")
        || text == "Active Connections";
    other.then_some(Command::Other)
}

/// What was typed at a prompt like `C:\WINNT>net share`; empty where nothing was.
pub fn prompt(text: &str) -> Option<&str> {
    let text = text.trim();
    let [drive, b':', b'\\', ..] = text.as_bytes() else { return None };
    let (folder, typed) = text.split_once('>')?;
    // No folder name holds these, so a line with one of them before the `>` is no prompt.
    let prompts = drive.is_ascii_alphabetic() && !folder.contains(['<', '|', '"', '*', '?']);
    prompts.then_some(typed.trim())
}

/// Which listing a typed command prints; `net share X` and the like print something else.
fn command(typed: &str) -> Command {
    let lower = typed.to_ascii_lowercase();
    let mut words = lower.split_whitespace();
    let first = words.next().unwrap_or_default();
    if first.strip_prefix("dir").is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\', '.'])) {
        return Command::Dir;
    }
    let verb = words.next().unwrap_or_default();
    let bare = words.next().is_none_or(|word| word.starts_with(['>', '|']) || word == "/domain");
    match (first.strip_suffix(".exe").unwrap_or(first), verb, bare) {
        ("net", "share", true) => Command::NetShare,
        ("net", "start", true) => Command::NetStart,
        ("net", "user" | "users", true) => Command::NetUser,
        _ => Command::Other,
    }
}

/// Whether a line says that a `net` command ended, and then whether it ended well.
pub fn completion(text: &str) -> Option<bool> {
    let said = text.trim().strip_prefix("The command completed ")?;
    Some(said.trim_end_matches('.') == "successfully")
}

/// What is made of one source while its lines are gone through for the output of one command.
pub struct Reading {
    pub parsed: Parsed,
    command: Command,
    foreign: bool,
    malformed: Tally,
    truncated: Tally,
}

/// Problems of one kind: only the first ones are told one by one.
#[derive(Default)]
struct Tally {
    count: u32,
    /// The first one that is not told.
    untold: Option<Origin>,
}

impl Reading {
    /// Problems of one kind that are told one by one.
    const TOLD: u32 = 20;

    /// Begins a source; lines before any header are for the parser.
    pub fn new(command: Command) -> Self {
        let (malformed, truncated) = (Tally::default(), Tally::default());
        Self { parsed: Parsed::default(), command, foreign: false, malformed, truncated }
    }

    /// Counts a line and tells what it is. Only blank lines and prompts are counted as understood here.
    pub fn cue<'t>(&mut self, line: &'t Line<'_>) -> Cue<'t> {
        self.parsed.lines += 1;
        // Old editors and `copy con` leave the end-of-file character 0x1A behind.
        let text = line.text.trim_matches(|c: char| c.is_whitespace() || c == '\u{1a}');
        if text.is_empty() {
            self.parsed.understood += 1;
            self.parsed.common += 1;
            return Cue::Blank;
        }
        if let Some(typed) = prompt(text) {
            self.parsed.understood += 1;
            self.parsed.common += 1;
            self.foreign = command(typed) != self.command;
            return Cue::Prompt(typed);
        }
        if let Some(command) = header(text) {
            self.foreign = command != self.command;
        }
        self.parsed.foreign += u32::from(self.foreign);
        if self.foreign { Cue::Foreign } else { Cue::Own }
    }

    /// Counts a line as understood.
    pub fn understood(&mut self) {
        self.parsed.understood += 1;
    }

    /// Records a line that does not follow the format; a last line without an end is cut instead.
    pub fn unread(&mut self, line: &Line<'_>, expected: &str) {
        let start = || line.text.trim().chars().take(40).collect::<String>();
        match line.terminated {
            true => self.malformed(line.origin, || format!("found {:?}, expected {expected}", start())),
            false => {
                self.truncated(line.origin, || format!("the source ends in the middle of {:?}", start()))
            }
        }
    }

    /// Records a part that does not follow the format. Most of many problems are never put in words.
    pub fn malformed(&mut self, origin: Origin, what: impl FnOnce() -> String) {
        if self.malformed.tells(origin) {
            self.parsed.problem(origin, ProblemKind::Malformed, what());
        }
    }

    /// Records something that was cut.
    pub fn truncated(&mut self, origin: Origin, what: impl FnOnce() -> String) {
        if self.truncated.tells(origin) {
            self.parsed.problem(origin, ProblemKind::Truncated, what());
        }
    }

    /// Ends the source: what was not told one by one is told as a number.
    pub fn finish(mut self) -> Parsed {
        let kinds = [
            (self.malformed, ProblemKind::Malformed, "lines or parts do not follow the format"),
            (self.truncated, ProblemKind::Truncated, "parts are cut"),
        ];
        for (tally, kind, what) in kinds {
            if let Some(origin) = tally.untold {
                self.parsed.problem(origin, kind, format!("{} more {what}", tally.count - Self::TOLD));
            }
        }
        self.parsed
    }
}

impl Tally {
    fn tells(&mut self, origin: Origin) -> bool {
        self.count += 1;
        if self.count > Reading::TOLD {
            self.untold.get_or_insert(origin);
        }
        self.count <= Reading::TOLD
    }
}

/// The list that a `net` command prints: complete only when the command says that it completed.
#[derive(Default)]
pub struct List {
    start: Option<Origin>,
    flawed: bool,
}

impl List {
    /// A header was read; a list that was open is cut.
    pub fn begin(&mut self, origin: Origin, reading: &mut Reading) {
        self.cut(reading);
        *self = Self { start: Some(origin), flawed: false };
    }

    /// Whether rows belong to a list.
    pub fn is_open(&self) -> bool {
        self.start.is_some()
    }

    /// A row was not understood, so the list speaks for nothing that it does not show.
    pub fn flaw(&mut self) {
        self.flawed = true;
    }

    /// The list ends without a word from the command.
    pub fn cut(&mut self, reading: &mut Reading) {
        if let Some(start) = self.start.take() {
            let what = "the list has no end: expected `The command completed successfully.`";
            reading.truncated(start, || what.to_owned());
        }
    }

    /// The command said how it completed. True when the list is whole.
    pub fn end(&mut self, well: bool, origin: Origin, reading: &mut Reading) -> bool {
        let open = self.start.take().is_some();
        if open && !well {
            let what = "the command completed with errors, so its list may lack entries";
            reading.truncated(origin, || what.to_owned());
        }
        open && well && !self.flawed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_names_its_command() {
        assert_eq!(prompt("   C:\\source> dir /x").map(command), Some(Command::Dir));
        assert_eq!(prompt("D:\\>dir/s").map(command), Some(Command::Dir));
        assert_eq!(prompt("C:\\>NET SHARE > x.txt").map(command), Some(Command::NetShare));
        assert_eq!(prompt("C:\\>net user Guest").map(command), Some(Command::Other));
        assert_eq!(prompt("C:\\>").map(command), Some(Command::Other));
        assert_eq!(prompt("C:\\x  <DIR>  >"), None);
        assert_eq!(prompt("09/20/00  10:24a  3 a>b"), None);
    }

    #[test]
    fn only_the_first_problems_are_told() {
        let origin = Origin { source: crate::model::SourceId(0), line: 1, offset: 0, length: 1 };
        let mut reading = Reading::new(Command::Dir);
        (0..25).for_each(|_| reading.malformed(origin, || "x".to_owned()));
        let problems = reading.finish().problems;
        assert_eq!(problems.len(), 21);
        assert_eq!(problems[20].what, "5 more lines or parts do not follow the format");
    }
}
