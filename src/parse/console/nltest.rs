//! The output of `nltest`: trusted domains, domain controllers and secure channels.

use super::columns::indent;
use super::command::{Command, Output};
use super::list::completion;
use super::settings::Document;
use super::{Claim, Head, Reading};
use crate::text::{Line, Text};

/// Reads what `nltest` prints up to the line that says how it ended, as settings.
pub struct NlTest;

/// How the outputs begin.
const FIRST: &[&str] = &[
    "Trusted domain list:",
    "List of domain trusts:",
    "List of DCs in Domain ",
    "Get list of DCs in domain ",
    "Trusted DC Name ",
];

impl Command for NlTest {
    fn name(&self) -> &'static str {
        "nltest"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let first = head.lines.iter().position(|line| self.begins(line.trim()))?;
        let ends = head.lines.iter().skip(first).any(|line| completion(line).is_some());
        let first = head.lines.get(first)?.trim();
        ends.then(|| Claim { score: 90, why: format!("`{first}` and how the command ended") })
    }

    fn typed(&self, program: &str, _: &[&str]) -> bool {
        program == "nltest"
    }

    fn begins(&self, line: &str) -> bool {
        FIRST.iter().any(|first| line.starts_with(first))
    }

    fn initials(&self) -> &'static [u8] {
        b"TLG"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Answer { document: Document::new("nltest"), open: false, margin: 0, listed: false })
    }
}

struct Answer {
    document: Document,
    /// Whether an answer goes on.
    open: bool,
    /// Blanks before the heading of a list, whose entries are deeper.
    margin: usize,
    listed: bool,
}

impl<'a> Output<'a> for Answer {
    fn begin(&mut self, typed: Option<&str>) {
        (self.open, self.listed) = (typed.is_some(), false);
        self.document.section(typed.unwrap_or_default());
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if completion(text).is_some() {
            self.open = false;
            return reading.understood();
        }
        let first = NlTest.begins(text);
        self.open |= first;
        if !self.open || !line.terminated {
            return reading.unread(&line, "what `nltest` answers");
        }
        let depth = indent(&line.text);
        if first && !text.starts_with("Trusted DC Name ") {
            (self.margin, self.listed) = (depth, true);
            self.document.section(text.trim_end_matches(':'));
            return reading.understood();
        }
        let pair = text.split_once(" = ").or_else(|| text.split_once(": "));
        let (name, value) = match pair {
            // An entry of a list: a domain or a controller with its role.
            _ if self.listed && (depth > self.margin || text.starts_with(r"\\")) => {
                text.split_once(" (").map_or((text, ""), |(name, role)| (name, role.trim_end_matches(')')))
            }
            Some(pair) => pair,
            None => text.rsplit_once(' ').unwrap_or((text, "")),
        };
        self.document.set(name.trim(), value.trim(), line.origin, reading);
        reading.understood();
    }

    fn stop(&mut self, _: &mut Reading) {
        self.open = false;
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use crate::model::Fact;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("nltest", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("{section} | {name} = {value}"),
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn answers_are_settings() {
        check(
            include_str!("../../../samples/state/nltest/trusts.txt"),
            expect![[r#"
            Trusted domain list | EAST = 
            Trusted domain list | WEST = 
            List of DCs in Domain corp | \\PDC01 = PDC
            List of DCs in Domain corp | \\BDC02 = 
            nltest /server:sites02 /sc_query:corp | Flags = 0
            nltest /server:sites02 /sc_query:corp | Connection Status = 0 0x0 NERR_Success
            nltest /server:sites02 /sc_query:corp | Trusted DC Name = \\PDC01
            nltest /server:sites02 /sc_query:corp | Trusted DC Connection Status Status = 0 0x0 NERR_Success
            understood 15 of 15"#]],
        );
        check(
            "Flags: 0\nno answer\n",
            expect![[r#"
            malformed line 1: found "Flags: 0", expected what `nltest` answers
            malformed line 2: found "no answer", expected what `nltest` answers
            understood 0 of 2"#]],
        );
    }
}
