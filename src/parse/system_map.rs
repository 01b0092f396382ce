//! The system map of SMS 1.x (SYSTEM.MAP): which files Setup and Maintenance Manager put into which folders.
//!
//! A line `DIRECTORY "path" …` begins a folder. An entry is a file's name in quotes, its sizes, names and options
//! between commas; it goes on over lines until `FLAGS = n`.

use std::sync::Arc;

use super::{Claim, Head, Parsed, Parser};
use crate::model::{Fact, Origin, ProblemKind, SourceId};
use crate::text::{Encoding, Line, Text};

/// Reads folders and their files.
pub struct SystemMap;

impl Parser for SystemMap {
    fn name(&self) -> &'static str {
        "system_map"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let starts: Vec<Start<'_>> = head.lines.iter().filter_map(|line| start(line)).collect();
        let folders = starts.iter().filter(|start| matches!(start, Start::Folder { .. })).count();
        let files = starts.len() - folders;
        let why = format!("{folders} folders and {files} files as in SYSTEM.MAP");
        (files > 0).then_some(Claim { score: if folders > 0 { 95 } else { 80 }, why })
    }

    fn parse(&self, source: SourceId, name: &str, bytes: &[u8]) -> Parsed {
        let text = Text::new(source, bytes, Encoding::Ansi);
        let document = name.to_lowercase().into();
        let mut reader = Reader { parsed: Parsed::default(), document, folder: "".into(), open: None };
        text.lines().for_each(|line| reader.line(&line));
        reader.close();
        reader.parsed
    }
}

/// The option that stands last in each entry of a file.
const LAST_OPTION: &str = "FLAGS";

/// What a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start<'a> {
    Folder { path: &'a str, rest: &'a str },
    File { name: &'a str, rest: &'a str },
}

fn start(line: &str) -> Option<Start<'_>> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("DIRECTORY") {
        let (path, rest) = quoted(rest.trim_start())?;
        return Some(Start::Folder { path, rest: rest.trim() });
    }
    let (name, rest) = quoted(line)?;
    let rest = rest.trim_start().strip_prefix(',')?.trim_start();
    rest.strip_prefix("SIZE")
        .is_some_and(|rest| rest.trim_start().starts_with('('))
        .then_some(Start::File { name, rest })
}

/// The text in quotes that a text begins with, and what stands behind it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

struct Reader {
    parsed: Parsed,
    document: Arc<str>,
    folder: Arc<str>,
    open: Option<Entry>,
}

/// A folder or file whose options may go on.
struct Entry {
    /// `DIRECTORY`, or the name of a file.
    name: String,
    options: String,
    origin: Origin,
}

impl Reader {
    fn line(&mut self, line: &Line<'_>) {
        /// Options that one entry has at most, in bytes.
        const MOST_OPTIONS: usize = 16 * 1024;
        self.parsed.lines += 1;
        self.parsed.understood += 1;
        let entry = |name: &str, rest: &str| {
            Some(Entry { name: name.to_owned(), options: words(rest), origin: line.origin })
        };
        match start(&line.text) {
            Some(Start::Folder { path, rest }) => {
                self.close();
                self.folder = path.into();
                self.open = entry("DIRECTORY", rest);
            }
            Some(Start::File { name, rest }) => {
                self.close();
                self.open = entry(name, rest);
            }
            None if line.text.trim().is_empty() => self.close(),
            None => match &mut self.open {
                Some(open) if !open.is_whole() && open.options.len() < MOST_OPTIONS => open.add(line),
                _ => {
                    self.parsed.understood -= 1;
                    let what =
                        "found no part of a system map, expected `DIRECTORY` or a file's name and `SIZE`";
                    self.parsed.problem(line.origin, ProblemKind::Malformed, what);
                }
            },
        }
    }

    /// Keeps the entry that went on until here.
    fn close(&mut self) {
        let Some(Entry { name, options, origin }) = self.open.take() else { return };
        if name != "DIRECTORY" && !options.contains(LAST_OPTION) {
            let what = format!("found no FLAGS at the end of the entry of {name}: cut, or edited");
            self.parsed.problem(origin, ProblemKind::Truncated, what);
        }
        let (document, section) = (self.document.clone(), self.folder.clone());
        let fact = Fact::Setting { document, section, name: name.into(), value: options.into() };
        self.parsed.fact(fact, origin);
    }
}

impl Entry {
    /// Whether its last option is there; a folder goes on behind it.
    fn is_whole(&self) -> bool {
        self.name != "DIRECTORY" && self.options.contains(LAST_OPTION)
    }

    fn add(&mut self, line: &Line<'_>) {
        if !self.options.is_empty() {
            self.options.push(' ');
        }
        self.options.push_str(&words(&line.text));
        let end = line.origin.offset + u64::from(line.origin.length);
        self.origin.length = u32::try_from(end.saturating_sub(self.origin.offset)).unwrap_or(u32::MAX);
    }
}

/// A text with one blank between its words.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::shown;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = SystemMap.parse(SourceId(0), "SYSTEM.MAP", text.as_bytes());
        expected.assert_eq(&shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("[{section}] {name}: {value}"),
            other => format!("{other:?}"),
        }));
    }

    #[test]
    fn folders_and_files() {
        check(
            include_str!("../../samples/state/system_map/system.map"),
            expect![[r#"
            [SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN] DIRECTORY: PLATFORM "INTEL X86" LANGUAGE "" SOURCE "X86\INTNL" FLAGS = 10 UNIT = "INTEL CLIENT"
            [SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN] LEDGER.EXE: SIZE(1, 16548, 16548), "LEDGER.EXE", "LEDGER.EX_", REMOTE=YES, COPYLISTS("WIN95:STANDARD" = "SMS", "WIN16:STANDARD" = "SMS"), COMPRESS=NO, FLAGS = 5
            [SITE.SRV\MAINCFG.BOX\CLIENT.SRC\X86.BIN] NOTES.DLL: SIZE(1, 2210, 2210), "NOTES.DLL", "NOTES.DL_", REMOTE=YES, COMPRESS=NO, FLAGS = 1
            understood 10 of 10"#]],
        );
    }

    #[test]
    fn what_is_cut_or_foreign_is_told() {
        check(
            "\"A.EXE\", SIZE(1, 2, 2), \"A.EXE\",\n\nwords\n",
            expect![[r#"
            [] A.EXE: SIZE(1, 2, 2), "A.EXE",
            truncated line 1: found no FLAGS at the end of the entry of A.EXE: cut, or edited
            malformed line 3: found no part of a system map, expected `DIRECTORY` or a file's name and `SIZE`
            understood 2 of 3"#]],
        );
    }

    #[test]
    fn only_maps_are_claimed() {
        for text in ["", "DIRECTORY \"A\"\n", "\"A\",\"B\"\n", "\"A.EXE\" SIZE(1)\n"] {
            assert_eq!(SystemMap.recognise(&Head::new("x", text.as_bytes())), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec!["DIRECTORY ", "\"A\"", ", ", "SIZE(", "1", "FLAGS = 5", "\n", " ", "é"]),
                0..40,
            )
        ) {
            let parsed = SystemMap.parse(SourceId(0), "x.map", pieces.concat().as_bytes());
            prop_assert!(parsed.understood <= parsed.lines);
        }
    }
}
