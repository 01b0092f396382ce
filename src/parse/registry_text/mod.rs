//! Registry text exports (`.reg`) as REGEDIT writes them and Windows imports them.

mod data;
mod expected;
pub mod extent;
mod header;
mod line;
pub mod page;
mod quoted;
mod reader;
#[cfg(test)]
mod tests;

use crate::model::{Origin, ProblemKind, SourceId};
use crate::parse::{Claim, Head, Parsed, Parser};
use crate::text::{Encoding, Text};

use header::{BLANKS, Header};
use page::Pages;
use reader::Reader;

/// Reads `REGEDIT4`, `Windows Registry Editor Version 5.00` and the `REGEDIT` of Windows 3.1.
pub struct RegistryText;

impl Parser for RegistryText {
    fn name(&self) -> &'static str {
        "registry_text"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let first = head.lines.first()?;
        if header::exact(first).is_some() {
            let why = format!("header `{}`", first.trim_start_matches(BLANKS));
            return Some(Claim { score: 100, why });
        }
        if first.starts_with(WINE) {
            return Some(Claim { score: 100, why: format!("header `{}`", first.trim_end()) });
        }
        let comes_first = |line: &&String| !line.trim().is_empty() && !line.trim_start().starts_with(';');
        let line = head.lines.iter().find(comes_first)?.trim();
        if header::alike(line).is_some() {
            return Some(Claim { score: 70, why: "first line like a registry export header".to_owned() });
        }
        if line.starts_with("[HKEY_") || line.starts_with("[-HKEY_") {
            let why = "starts with a registry key in brackets, no header".to_owned();
            return Some(Claim { score: 70, why });
        }
        let below = head.lines.iter().position(|line| header::exact(line).is_some())?;
        let why = format!("header `{}` below other text, in line {}", head.lines[below].trim(), below + 1);
        Some(Claim { score: 60, why })
    }

    fn parse(&self, source: SourceId, _: &str, bytes: &[u8]) -> Parsed {
        let text = Text::new(source, bytes, Encoding::Ansi);
        let pages = Pages::of(&text);
        let mut reader = Reader::new(Header::of(&text), &pages);
        let mut cut = None;
        for line in text.lines() {
            let line = pages.read(line);
            if line.origin.line > 1 {
                reader.line(&line);
            } else if line.text.starts_with(WINE) {
                return wine(&text, line.origin);
            } else {
                if text.encoding.unit() == 2 && !has_mark(bytes) {
                    reader.problem(line.origin, NO_MARK);
                }
                reader.header(&line);
            }
            cut = (!line.terminated).then_some(line.origin);
        }
        let mut parsed = reader.finish(cut);
        pages.tell(&mut parsed);
        parsed
    }
}

/// The start of the files in which Wine keeps its own registry.
const WINE: &str = "WINE REGISTRY Version";

/// Wine's own files belong to no Windows server.
fn wine(text: &Text<'_>, origin: Origin) -> Parsed {
    let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
    let mut parsed = Parsed { lines, ..Parsed::default() };
    let what = "a registry file of Wine and no export of Windows: none of it is read";
    parsed.problem(origin, ProblemKind::Unsupported, what);
    parsed
}

/// The problem of a UTF-16 file that starts with its first line.
const NO_MARK: &str = "no byte order mark: Windows refuses UTF-16 text without one";

/// Whether a UTF-16 text starts with its byte order mark.
fn has_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])
}
