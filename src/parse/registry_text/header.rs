//! The first line of a registry text export: which grammar follows, and what Windows would do with it.

use crate::text::{Encoding, Text};

/// How the lines after the header are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// `REGEDIT`: one default value of the classes root per line.
    Windows31,
    /// `REGEDIT4`: the bytes of strings are in the ANSI code page.
    Regedit4,
    /// `Windows Registry Editor Version 5.00`: the bytes of strings are UTF-16LE.
    Version5,
}

/// What Windows makes of a file for its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Imported,
    /// The file is accepted without an error, and none of its lines has an effect.
    Ignored,
    /// The import ends with an error.
    Refused,
}

/// What the start of an export tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub grammar: Grammar,
    pub verdict: Verdict,
}

impl Header {
    /// Lines among which something like a header is looked for when the first is none.
    const NEAR: usize = 200;

    /// Judges the first line; without a right header the grammar is the most likely one.
    pub fn of(text: &Text) -> Self {
        let first = text.lines().next().map(|line| line.text).unwrap_or_default();
        if let Some(grammar) = exact(&first) {
            return Self { grammar, verdict: Verdict::Imported };
        }
        // As Windows imports it: `REGEDIT` with anything behind it passes, but its contents do not.
        let passes = first.trim_start_matches(BLANKS).starts_with("REGEDIT");
        let verdict = if passes { Verdict::Ignored } else { Verdict::Refused };
        let near = text.lines().take(Self::NEAR).find_map(|line| alike(&line.text));
        let grammar = near.unwrap_or(match text.encoding {
            Encoding::Utf16Le | Encoding::Utf16Be => Grammar::Version5,
            _ => Grammar::Regedit4,
        });
        Self { grammar, verdict }
    }

    /// What is wrong with the header; `None` when Windows imports the file.
    pub fn problem(self) -> Option<&'static str> {
        match self.verdict {
            Verdict::Imported => None,
            Verdict::Ignored => Some(
                "unknown header: Windows accepts the file and ignores all its contents; expected exactly \
                 `REGEDIT4` or `Windows Registry Editor Version 5.00`",
            ),
            Verdict::Refused => Some(
                "no valid header: Windows refuses the file; expected exactly `REGEDIT4` or \
                 `Windows Registry Editor Version 5.00` on the first line",
            ),
        }
    }
}

/// What the grammar calls a blank.
pub const BLANKS: [char; 2] = [' ', '\t'];

/// The grammar of a right header; blanks may stand before it and nothing after it.
pub fn exact(line: &str) -> Option<Grammar> {
    match line.trim_start_matches(BLANKS) {
        "REGEDIT" => Some(Grammar::Windows31),
        "REGEDIT4" => Some(Grammar::Regedit4),
        "Windows Registry Editor Version 5.00" => Some(Grammar::Version5),
        _ => None,
    }
}

/// The grammar of a line that someone meant as a header.
pub fn alike(line: &str) -> Option<Grammar> {
    let line = line.trim();
    let begins = |word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if begins("Windows Registry Editor") {
        return Some(Grammar::Version5);
    }
    begins("REGEDIT").then_some(Grammar::Regedit4)
}
