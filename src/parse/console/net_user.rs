//! The output of `net user`: the accounts of a computer or of its domain, and the computer's name.

use super::columns::is_rule;
use super::command::{Command, Output};
use super::list::{ELSEWHERE, List, completion, named_last};
use super::{Claim, Head, Reading};
use crate::model::{Coverage, Fact};
use crate::text::{Line, Text};

/// Reads the account names that `net user` prints in three columns.
pub struct NetUser;

/// Width of a column of names.
const COLUMN: usize = 25;

impl Command for NetUser {
    fn name(&self) -> &'static str {
        "net_user"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        if let Some(header) = head.lines.iter().position(|line| computer(line).is_some()) {
            let dashes = head.lines.iter().skip(header).any(|line| is_rule(line));
            let header = head.lines.get(header)?.trim();
            let (score, with) = if dashes { (95, " and a line of dashes") } else { (80, "") };
            return Some(Claim { score, why: format!("`{header}`{with}") });
        }
        // In other languages: a header that names the computer, the rule, names without stars, and the end.
        let mut lines = head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let header = lines.next().filter(|line| named_last(line).is_some())?;
        let row = lines.next().filter(|line| is_rule(line)).and_then(|_| lines.next())?;
        let listed = !row.starts_with('*') && lines.any(|line| completion(line).is_some());
        listed.then(|| Claim {
            score: 70,
            why: format!("`{header}`, a line of dashes and how the command ended"),
        })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        program == "net" && matches!(words, ["user" | "users"] | ["user" | "users", "/domain"])
    }

    fn begins(&self, line: &str) -> bool {
        computer(line).is_some()
    }

    fn initials(&self) -> &'static [u8] {
        b"U"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Accounts::default())
    }
}

/// The computer in `User accounts for \\NAME`; empty where the system does not know its own.
fn computer(line: &str) -> Option<&str> {
    line.trim().strip_prefix("User accounts for \\\\")
}

/// The list that is being read.
#[derive(Default)]
struct Accounts {
    list: List,
    /// Whether the rule under the header was seen; prose that quotes the header has none.
    ruled: bool,
    /// Whether the list is that of another computer.
    elsewhere: bool,
    /// Whether nothing of the run was read yet, so that the header may come in any language.
    fresh: bool,
}

impl<'a> Output<'a> for Accounts {
    fn stop(&mut self, reading: &mut Reading) {
        self.list.cut(reading);
        self.elsewhere = false;
    }

    fn begin(&mut self, _: Option<&str>) {
        self.fresh = true;
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let fresh = std::mem::take(&mut self.fresh);
        let named = computer(&line.text).or_else(|| named_last(&line.text).filter(|_| fresh));
        if let Some(name) = named.filter(|_| line.terminated) {
            self.list.begin(line.origin, reading);
            self.ruled = false;
            if !name.is_empty() && !self.elsewhere {
                reading.parsed.fact(Fact::Computer { name: name.to_owned() }, line.origin);
            }
        } else if let Some(well) = completion(&line.text) {
            let whole = self.list.end(well, line.origin, reading);
            if whole && !self.elsewhere {
                reading.parsed.covers(Coverage::Accounts, line.origin);
            }
            self.elsewhere = false;
        } else if line.text.trim_start().starts_with(ELSEWHERE) {
            self.stop(reading);
            self.elsewhere = true;
        } else if is_rule(&line.text) && self.list.is_open() {
            self.ruled = true;
        } else if !self.row(&line, reading) {
            self.list.flaw();
            return reading.unread(&line, "a row of three account names");
        }
        reading.understood();
    }
}

impl Accounts {
    /// Reads a row of names; false if the line is none.
    fn row(&mut self, line: &Line<'_>, reading: &mut Reading) -> bool {
        let open = self.list.is_open() && self.ruled && line.terminated;
        let names = if open { names(&line.text) } else { None };
        let Some(names) = names else { return false };
        for name in names {
            reading.parsed.fact(Fact::Account { name: name.to_owned() }, line.origin);
        }
        true
    }
}

/// The names in a row. A name that fills its column leaves no border to the next one, so such a row is refused;
/// account names have at most 20 characters.
fn names(row: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = row;
    while !rest.trim().is_empty() {
        let end = rest.char_indices().nth(COLUMN).map_or(rest.len(), |(end, _)| end);
        let (field, after) = rest.split_at_checked(end)?;
        let name = field.trim_end();
        let whole = name.chars().count() < COLUMN && !name.starts_with(char::is_whitespace);
        // These never stand in an account name, so the row is something else.
        let possible =
            !name.contains(['"', '/', '\\', '[', ']', ':', ';', '|', '=', ',', '+', '*', '?', '<', '>']);
        names.push((whole && possible && names.len() < 3 && !name.is_empty()).then_some(name)?);
        rest = after;
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("net_user", text);
        expected.assert_eq(&crate::parse::shown(&parsed, |fact| format!("{fact:?}")));
    }

    const NT4: &str = include_str!("../../../samples/state/net_user/nt4.txt");
    const W2000: &str = include_str!("../../../samples/state/net_user/w2000.txt");
    const CUT: &str = include_str!("../../../samples/state/net_user/cut.txt");

    #[test]
    fn whole_lists() {
        check(
            NT4,
            expect![[r#"
            Computer { name: "SITEP01" }
            Account { name: "Administrator" }
            Account { name: "Guest" }
            Account { name: "IUSR_SITEP01" }
            Account { name: "SMS Help Desk" }
            Account { name: "SMSServer_P01" }
            Account { name: "SMSService" }
            Account { name: "SMS#_SITEP01" }
            covers Accounts
            understood 9 of 9"#]],
        );
        check(
            W2000,
            expect![[r#"
            Computer { name: "SITES02" }
            Account { name: "Administrator" }
            Account { name: "Guest" }
            Account { name: "IUSR_SITEP01" }
            Account { name: "SMS Help Desk" }
            Account { name: "SMSServer_P01" }
            Account { name: "SMSService" }
            Account { name: "SMS#_SITEP01" }
            Account { name: "SQLAgentCmdExec" }
            Account { name: "Backup Operator" }
            covers Accounts
            understood 9 of 9"#]],
        );
    }

    #[test]
    fn a_cut_list_covers_nothing() {
        check(
            CUT,
            expect![[r#"
            Computer { name: "SITEP01" }
            Account { name: "Administrator" }
            Account { name: "Guest" }
            Account { name: "IUSR_SITEP01" }
            truncated line 6: the source ends in the middle of "SMS Help Desk            SMSSer"
            truncated line 2: the list has no end: expected `The command completed successfully.`
            understood 5 of 6"#]],
        );
    }

    #[test]
    fn the_domain_of_another_computer_covers_nothing_here() {
        let text = format!("{ELSEWHERE}the primary domain controller for domain CORP.\r\n\r\n{W2000}");
        check(
            &text,
            expect![[r#"
            Account { name: "Administrator" }
            Account { name: "Guest" }
            Account { name: "IUSR_SITEP01" }
            Account { name: "SMS Help Desk" }
            Account { name: "SMSServer_P01" }
            Account { name: "SMSService" }
            Account { name: "SMS#_SITEP01" }
            Account { name: "SQLAgentCmdExec" }
            Account { name: "Backup Operator" }
            understood 11 of 11"#]],
        );
    }

    #[test]
    fn lists_in_other_languages() {
        let german = NT4.replace("User accounts for", "Benutzerkonten für");
        let german =
            german.replace("The command completed successfully", "Der Befehl wurde erfolgreich ausgeführt");
        assert!(NetUser.recognise(&Head::new("x.txt", german.as_bytes())).is_some());
        check(
            &german,
            expect![[r#"
            Computer { name: "SITEP01" }
            Account { name: "Administrator" }
            Account { name: "Guest" }
            Account { name: "IUSR_SITEP01" }
            Account { name: "SMS Help Desk" }
            Account { name: "SMSServer_P01" }
            Account { name: "SMSService" }
            Account { name: "SMS#_SITEP01" }
            covers Accounts
            understood 9 of 9"#]],
        );
    }

    #[test]
    fn a_row_without_borders_is_refused() {
        check(
            "User accounts for \\\\A\n---------------------\nNameOfTwentyFiveCharacter Guest\n  Guest\nThe command completed successfully.\n",
            expect![[r#"
                Computer { name: "A" }
                malformed line 3: found "NameOfTwentyFiveCharacter Guest", expected a row of three account names
                malformed line 4: found "Guest", expected a row of three account names
                understood 3 of 5"#]],
        );
    }

    #[test]
    fn the_header_is_recognised() {
        let head =
            |text: &str| NetUser.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
        assert_eq!(head(NT4), Some(95));
        assert_eq!(head("User accounts for \\\\A\n"), Some(80));
        assert_eq!(head("User name                    Administrator\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..400_usize) {
            read_as("net_user", &bytes);
            let mut mangled = NT4.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("net_user", &mangled);
        }
    }
}
