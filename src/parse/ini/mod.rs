//! INI files (SMS.INI, SMSLS.INI, package definition files) by the rules of the Windows profile functions.
//!
//! The rules are those of `GetPrivateProfileString`: names do not count letter case, of sections and of values with
//! one name the first counts, only a line that starts with `;` is a comment, one pair of quotes is taken off.

mod line;
mod reader;
#[cfg(test)]
mod tests;

use crate::model::SourceId;
use crate::parse::{Claim, Head, Parsed, Parser};
use crate::text::{Encoding, Text};

use line::Line;
use reader::Reader;

/// Reads `[sections]` of `name=value` lines.
pub struct Ini;

/// The longest name in a file that is recognised by its shape; sentences with a `=` in them are longer.
const LONGEST_NAME: usize = 60;

impl Parser for Ini {
    fn name(&self) -> &'static str {
        "ini"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let name = head.name.to_lowercase();
        let (mut lines, mut sections, mut values, mut comments) = (0, 0, 0, 0);
        for text in &head.lines {
            match line::line(text) {
                Line::Nothing => continue,
                Line::Comment => comments += 1,
                Line::Section { name, .. } if name.starts_with("HKEY_") || name.starts_with("-HKEY_") => {
                    return None;
                }
                Line::Section { .. } => sections += 1,
                Line::Value { name, .. } if name.len() <= LONGEST_NAME => values += 1,
                _ => {}
            }
            lines += 1;
        }
        if head.bytes.contains(&0) && Encoding::of(head.bytes, Encoding::Ansi).unit() == 1 {
            return None;
        }
        let why = format!("{sections} sections and {values} values in {lines} lines");
        if name.ends_with(".ini") {
            let score = if sections > 0 { 85 } else { 55 };
            return Some(Claim { score, why: format!("INI file by its name, {why}") });
        }
        // Logs and setup scripts have sections too, and other rules.
        let other = [".log", ".lo_", ".log_", ".inf"].iter().any(|ending| name.ends_with(ending));
        let shaped = sections > 0 && values > 0 && (sections + values + comments) * 2 > lines;
        (shaped && !other).then(|| Claim { score: 60, why: format!("shape of an INI file, {why}") })
    }

    fn parse(&self, source: SourceId, name: &str, bytes: &[u8]) -> Parsed {
        let text = Text::new(source, bytes, Encoding::Ansi);
        let mut reader = Reader::new(name);
        text.lines().for_each(|line| reader.line(&line));
        reader.finish()
    }
}
