//! Console captures: what commands print, one or many of them in a file, read in one pass.

mod code_page;
mod columns;
mod command;
mod dir_listing;
mod hostname;
mod ipconfig;
mod list;
mod msinfo32;
mod net_details;
mod net_group;
mod net_share;
mod net_start;
mod net_user;
mod netstat;
mod nltest;
mod others;
mod reading;
mod reg_query;
mod route_print;
mod sc;
mod set;
mod settings;
mod srvinfo;
mod systeminfo;
mod tree_listing;
mod ver;
mod winmsd;

pub use reading::Reading;

use std::sync::LazyLock;

use crate::model::{Origin, ProblemKind, SourceId};
use crate::parse::{Claim, Head, Parsed, Parser};
use crate::text::{Line, Span, Text};

use command::{Command, Output};

/// Every command whose output is read. Adding one here is all it takes.
const COMMANDS: &[&dyn Command] = &[
    &dir_listing::DirListing,
    &net_share::NetShare,
    &tree_listing::TreeListing,
    &net_start::NetStart,
    &net_user::NetUser,
    &reg_query::RegQuery,
    &net_details::USER,
    &net_details::SHARE,
    &net_details::ACCOUNTS,
    &net_details::CONFIG,
    &net_group::NetGroup,
    &sc::Sc,
    &ipconfig::IpConfig,
    &systeminfo::SystemInfo,
    &srvinfo::SrvInfo,
    &winmsd::WinMsd,
    &msinfo32::MsInfo,
    &nltest::NlTest,
    &netstat::NetStat,
    &route_print::RoutePrint,
    &set::Set,
    &ver::Ver,
    &hostname::Hostname,
    &others::ARP,
    &others::NBTSTAT,
    &others::NET_FILE,
    &others::NET_SESSION,
    &others::NET_USE,
    &others::NET_VIEW,
    &others::TASKLIST,
];

/// Reads the output of commands, whatever their order in the file.
pub struct Console;

impl Parser for Console {
    fn name(&self) -> &'static str {
        "console"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        claimant(code_page::head(head).as_ref().unwrap_or(head)).map(|(_, claim)| claim)
    }

    fn parse(&self, source: SourceId, name: &str, bytes: &[u8]) -> Parsed {
        let head = Head::new(name, bytes);
        let first = claimant(code_page::head(&head).as_ref().unwrap_or(&head)).map(|(command, _)| command);
        read(first, source, bytes)
    }

    fn readers(&self) -> Vec<&'static str> {
        COMMANDS.iter().map(|command| command.name()).collect()
    }
}

/// The command that is surest of a source, by its place in [`COMMANDS`].
fn claimant(head: &Head) -> Option<(usize, Claim)> {
    let claims = COMMANDS.iter().enumerate();
    let claims = claims.filter_map(|(index, command)| Some((index, command.recognise(head)?)));
    let surest = claims.min_by_key(|(index, claim)| (std::cmp::Reverse(claim.score), *index));
    surest.or_else(|| typed_first(head))
}

/// The command that the first line shows at a prompt; what it printed may be in any language.
fn typed_first(head: &Head) -> Option<(usize, Claim)> {
    let line = head.lines.iter().map(|line| line.trim()).find(|line| !line.is_empty())?;
    let index = typed(command::prompt(line)?)?;
    Some((index, Claim { score: 55, why: format!("`{line}`") }))
}

/// The command that prints what was typed, by its place in [`COMMANDS`].
fn typed(typed: &str) -> Option<usize> {
    let (program, words) = command::words(typed);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    COMMANDS.iter().position(|command| command.typed(&program, &words))
}

/// Reads a source; lines before any prompt and header are for the command `first`.
fn read(first: Option<usize>, source: SourceId, bytes: &[u8]) -> Parsed {
    let (text, guessed) = code_page::text(source, bytes);
    let mut capture = Capture {
        reading: Reading::default(),
        outputs: COMMANDS.iter().map(|_| None).collect(),
        text,
        current: None,
    };
    capture.reading.parsed.encoding = Some(text.encoding);
    capture.turn(first, None, None);
    text.spans().for_each(|span| capture.span(span));
    let mut parsed = capture.finish();
    if let Some(offset) = guessed {
        let length = 1;
        let what = "nothing tells the code page of bytes beyond ASCII; they are read as OEM 437";
        let line = 1 + bytes.iter().take(offset as usize).filter(|byte| **byte == b'\n').count() as u32;
        parsed.problem(Origin { source, line, offset, length }, ProblemKind::Assumed, what);
    }
    parsed
}

/// The commands, by their places, that are asked of a line that begins with each byte.
static ASKED: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| (0..=u8::MAX).map(asked).collect());

/// The commands whose output a line may begin whose first byte this is.
fn asked(byte: u8) -> Vec<usize> {
    let may = |command: &dyn Command| command.initials().is_empty() || command.initials().contains(&byte);
    COMMANDS.iter().enumerate().filter(|(_, command)| may(**command)).map(|(place, _)| place).collect()
}

/// A capture that is being read.
struct Capture<'a> {
    reading: Reading,
    /// The readers of the commands that were met, by the commands' places in [`COMMANDS`].
    outputs: Vec<Option<Box<dyn Output<'a> + 'a>>>,
    text: Text<'a>,
    /// The command whose output goes on.
    current: Option<usize>,
}

impl<'a> Capture<'a> {
    fn span(&mut self, span: Span<'a>) {
        self.reading.parsed.lines += 1;
        // The rows of listings are many, begin with a digit, and need not be decoded to be told apart.
        if span.bytes.first().is_some_and(u8::is_ascii_digit) && self.text.encoding.unit() == 1 {
            let output = self.current.and_then(|current| self.outputs[current].as_mut());
            if output.is_some_and(|output| output.take(span, &mut self.reading)) {
                return;
            }
        }
        self.line(self.text.line(span));
    }

    fn line(&mut self, line: Line<'a>) {
        // Old editors and `copy con` leave the end-of-file character 0x1A behind.
        let text = line.text.trim_matches(|c: char| c.is_whitespace() || c == '\u{1a}');
        if text.is_empty() {
            self.reading.understood();
            if let Some(output) = self.current.and_then(|current| self.outputs[current].as_mut()) {
                output.blank(line, &mut self.reading);
            }
            return;
        }
        // The rows of listings begin with a digit, and no prompt and no header does.
        if !text.as_bytes()[0].is_ascii_digit() {
            if let Some((folder, words)) = command::folder_and_typed(text) {
                self.reading.understood();
                if let Some(output) = self.current.and_then(|current| self.outputs[current].as_mut()) {
                    output.prompted(&mut self.reading);
                }
                return self.turn(typed(words), Some(words), Some(folder));
            }
            let begins = ASKED.get(usize::from(text.as_bytes()[0]));
            let begins = begins.into_iter().flatten().copied().find(|place| COMMANDS[*place].begins(text));
            if begins.is_some() && begins != self.current {
                self.turn(begins, None, None);
            }
        }
        match self.current.and_then(|current| self.outputs[current].as_mut()) {
            Some(output) => output.line(line, &mut self.reading),
            None => self.reading.foreign(line.origin),
        }
    }

    /// Ends the output that goes on, and begins that of `next`.
    fn turn(&mut self, next: Option<usize>, typed: Option<&str>, folder: Option<&str>) {
        if let Some(output) = self.current.and_then(|current| self.outputs[current].as_mut()) {
            output.stop(&mut self.reading);
        }
        self.current = next;
        if let Some(next) = next {
            let output = self.outputs[next].get_or_insert_with(|| COMMANDS[next].reader(&self.text));
            folder.into_iter().for_each(|folder| output.prompt(folder));
            output.begin(typed);
        }
    }

    fn finish(mut self) -> Parsed {
        self.turn(None, None, None);
        for (command, output) in COMMANDS.iter().zip(&mut self.outputs) {
            if let Some(output) = output {
                output.finish(&mut self.reading);
                self.reading.parsed.readers.push(command.name());
            }
        }
        self.reading.finish()
    }
}

/// What one command makes of a text, for the tests of that command.
#[cfg(test)]
fn read_as(command: &str, text: impl AsRef<[u8]>) -> Parsed {
    let first = COMMANDS.iter().position(|known| known.name() == command);
    read(first, SourceId(0), text.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::{Coverage, ProblemKind};
    use crate::text::Encoding;

    #[test]
    fn the_output_of_several_commands_in_one_file_is_all_read() {
        let parts = [
            include_str!("../../../samples/state/net_user/nt4.txt"),
            include_str!("../../../samples/state/net_start/nt4.txt"),
            include_str!("../../../samples/state/dir_listing/nt4.txt"),
            include_str!("../../../samples/state/net_share/nt4.txt"),
            "C:\\>mem\r\nbytes total\r\nbytes free\r\n",
        ];
        let parsed = Console.parse(SourceId(0), "capture.txt", parts.concat().as_bytes());
        assert_eq!(parsed.readers, ["dir_listing", "net_share", "net_start", "net_user"]);
        assert_eq!(parsed.understood + 2, parsed.lines);
        let whole = [Coverage::Accounts, Coverage::Shares, Coverage::RunningServices];
        let covered = |wanted: &Coverage| parsed.coverage.iter().any(|place| place.value == *wanted);
        assert!(whole.iter().all(covered), "{:?}", parsed.coverage);
        assert_eq!(parsed.problems.len(), 1, "{:?}", parsed.problems);
        assert_eq!(parsed.problems[0].kind, ProblemKind::Unrecognised);
    }

    #[test]
    fn a_prompt_with_a_known_command_is_recognised() {
        let why = |text: &str| Console.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.why);
        assert_eq!(why("\r\nC:\\>sc query X\r\nno such thing\r\n").as_deref(), Some("`C:\\>sc query X`"));
        assert_eq!(why("C:\\>own.exe\r\nits words\r\n"), None);
        assert_eq!(why("Type the following:\r\nC:\\>sc query\r\n"), None);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test reads the samples")]
    fn the_lines_that_begin_output_begin_with_the_bytes_that_are_told() {
        let folders = std::fs::read_dir("samples/state").unwrap();
        let files = folders.flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap());
        let mut seen = 0;
        for file in files {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for line in Text::new(SourceId(0), &bytes, Encoding::Oem).lines() {
                let text = line.text.trim();
                for (place, _) in COMMANDS.iter().enumerate().filter(|(_, command)| command.begins(text)) {
                    assert!(asked(text.as_bytes()[0]).contains(&place), "{text}");
                    seen += 1;
                }
            }
        }
        assert!(seen > COMMANDS.len());
    }
}
