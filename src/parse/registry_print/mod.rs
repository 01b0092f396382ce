//! A registry subtree saved as text: by REGEDT32 ("Save Subtree As"), and by later REGEDITs as a text file.
//!
//! ```text
//! Key Name:          SOFTWARE\Microsoft\SMS\Tracing
//! Class Name:        <NO CLASS>
//! Last Write Time:   6/16/00 - 10:13 AM
//! Value 0
//!   Name:            SQLEnabled
//!   Type:            REG_DWORD
//!   Data:            0
//! ```
//!
//! REGEDT32 leaves out the root, later REGEDITs write it. No trailer ends a save. What shows that it is whole is what
//! shows it for `.reg` files: every line is one that the editor writes, values are numbered without a gap, and the
//! last line is blank.

mod line;
mod reader;
pub mod root;
#[cfg(test)]
mod tests;
pub mod types;
mod written;

use crate::model::SourceId;
use crate::parse::registry_text::page::Pages;
use crate::parse::{Claim, Head, Parsed, Parser};
use crate::text::{Encoding, Text};

use line::Line;
use reader::Reader;

/// Reads subtrees saved as text, by label and not by column.
pub struct RegistryPrint;

impl Parser for RegistryPrint {
    fn name(&self) -> &'static str {
        "registry_print"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let mut lines = head.lines.iter().map(|text| line::line(text));
        let key = lines.find_map(|line| match line {
            Line::KeyName(path) if !path.is_empty() => Some(path),
            _ => None,
        })?;
        let score = lines.find_map(|line| match line {
            Line::ClassName | Line::LastWrite(_) => Some(95),
            Line::Typed { .. } => Some(70),
            _ => None,
        })?;
        Some(Claim { score, why: format!("`Key Name:` with the key {key}") })
    }

    fn parse(&self, source: SourceId, _: &str, bytes: &[u8]) -> Parsed {
        let text = Text::new(source, bytes, Encoding::Ansi);
        let pages = Pages::of(&text);
        let mut reader = Reader::default();
        let mut cut = None;
        for line in text.lines() {
            let line = pages.read(line);
            reader.line(&line);
            cut = (!line.terminated).then_some(line.origin);
        }
        let mut parsed = reader.finish(cut);
        pages.tell(&mut parsed);
        parsed
    }
}
