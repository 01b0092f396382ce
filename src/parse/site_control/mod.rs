//! Site control files (SITECTRL.CT0, *.CT1, *.CT2) and the maps of Setup that share their syntax (INSTALL.MAP).
//!
//! The syntax is that of "Site Control File" in the BackOffice Resource Kit and of "About the Configuration Manager
//! Site Control File": `BEGIN_x` and `END_x` around blocks, fields in angle brackets, words before the fields of an
//! entry: `PROPERTY <name><text><text><number>`.

mod reader;
mod row;
#[cfg(test)]
mod tests;

use crate::model::SourceId;
use crate::parse::{Claim, Head, Parsed, Parser};
use crate::text::{Encoding, Text};

use reader::Reader;
use row::Line;

/// Reads nested blocks of fields in angle brackets.
pub struct SiteControl;

impl Parser for SiteControl {
    fn name(&self) -> &'static str {
        "site_control"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let (mut begins, mut entries) = (0, 0);
        for text in &head.lines {
            match row::line(text) {
                Line::Header(_) => return claim(100, "header `SITE CONTROL FILE`"),
                Line::Begin("FILE_DEFINITION") => return claim(100, "a line `BEGIN_FILE_DEFINITION`"),
                Line::Begin(_) => begins += 1,
                Line::Row(row) if row.is_property() && row.fields.len() >= 4 => entries += 1,
                _ => {}
            }
        }
        let name = head.name.to_lowercase();
        let named = [".ct0", ".ct1", ".ct2"].iter().any(|ending| name.ends_with(ending));
        match (begins, entries) {
            (0, 0) => None,
            (1.., 1..) => {
                claim(91, &format!("{begins} blocks and {entries} properties of a site control file"))
            }
            (0, _) => claim(80, &format!("{entries} properties as in site control files and INSTALL.MAP")),
            _ => named
                .then_some(())
                .and_then(|()| claim(80, &format!("site control file by its name, {begins} blocks"))),
        }
    }

    fn parse(&self, source: SourceId, name: &str, bytes: &[u8]) -> Parsed {
        let text = Text::new(source, bytes, Encoding::Ansi);
        let mut reader = Reader::new(source, name, bytes.len());
        text.lines().for_each(|line| reader.line(&line));
        reader.finish()
    }
}

fn claim(score: u8, why: &str) -> Option<Claim> {
    Some(Claim { score, why: why.to_owned() })
}
