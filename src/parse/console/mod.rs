//! Console captures: what commands print, one or many of them in a file, read in one pass.

mod code_page;
mod command;
mod dir_listing;
mod list;
mod net_share;
mod net_start;
mod net_user;
mod reading;
mod tree_listing;

pub use reading::Reading;

use crate::model::{Origin, ProblemKind, SourceId};
use crate::parse::{Claim, Head, Parsed, Parser};
use crate::text::{Line, Span, Text};

use command::{Command, Output};

/// Every command whose output is read. Adding one here is all it takes.
const COMMANDS: &[&dyn Command] = &[
    &dir_listing::DirListing,
    &net_share::NetShare,
    &net_start::NetStart,
    &net_user::NetUser,
    &tree_listing::TreeListing,
];

/// First lines of output that is known for what it is, and not read.
const UNREAD: &[&str] = &["Active Connections", "SERVICE_NAME:", "Windows NT IP Configuration"];

/// Reads the output of commands, whatever their order in the file.
pub struct Console;

impl Parser for Console {
    fn name(&self) -> &'static str {
        "console"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        claimant(code_page::head(head).as_ref().unwrap_or(head)).map(|(_, claim)| claim)
    }

    fn parse(&self, source: SourceId, _: &str, bytes: &[u8]) -> Parsed {
        let head = Head::new("", bytes);
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
    claims.min_by_key(|(index, claim)| (std::cmp::Reverse(claim.score), *index))
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
            if let Some((folder, typed)) = command::folder_and_typed(text) {
                self.reading.understood();
                let (program, words) = command::words(typed);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let next = COMMANDS.iter().position(|command| command.typed(&program, &words));
                return self.turn(next, Some(typed), Some(folder));
            }
            let begins = COMMANDS.iter().position(|command| command.begins(text));
            if begins.is_some() && begins != self.current {
                self.turn(begins, None, None);
            } else if begins.is_none() && UNREAD.iter().any(|start| text.starts_with(start)) {
                self.turn(None, None, None);
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

    #[test]
    fn the_output_of_several_commands_in_one_file_is_all_read() {
        let parts = [
            include_str!("../../../samples/state/net_user/nt4.txt"),
            include_str!("../../../samples/state/net_start/nt4.txt"),
            include_str!("../../../samples/state/dir_listing/nt4.txt"),
            include_str!("../../../samples/state/net_share/nt4.txt"),
            "Active Connections\r\n\r\n  Proto  Local Address\r\n",
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
}
