//! The output of `net localgroup` and `net group`: groups, and the members of one group.

use super::columns::{is_rule, labelled, split};
use super::command::{Command, Output};
use super::list::{ELSEWHERE, List, completion, named_last};
use super::{Claim, Head, Reading};
use crate::model::{Coverage, Fact, Located, Origin, ProblemKind};
use crate::text::{Line, Text};

/// Reads lists of groups, whose names a star precedes, and of the members of a group.
pub struct NetGroup;

/// Width of a column of account names.
const COLUMN: usize = 25;

/// A group that every system has on which there are no global groups, that is, on all but domain controllers.
const NO_CONTROLLER: &[&str] = &[
    "Power Users",
    "Hauptbenutzer",
    "Utilisateurs avec pouvoir",
    "Usuarios avanzados",
    "Power Users (Utenti avanzati)",
];

impl Command for NetGroup {
    fn name(&self) -> &'static str {
        "net_group"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let lines = || head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let header = lines().position(|line| Heading::of(line).is_some());
        // In other languages the header names the computer last, and a star precedes each name.
        let named = || {
            let starred = |line: &str| line.starts_with('*') && groups(line).is_some();
            named_last(lines().next()?).and_then(|_| lines().nth(2)).filter(|line| starred(line)).map(|_| 0)
        };
        let header = header.or_else(named)?;
        let dashes = lines().skip(header).any(is_rule);
        dashes.then(|| Claim {
            score: 95,
            why: format!("`{}` and a line of dashes", lines().nth(header).unwrap_or_default()),
        })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        let group = |word: &str| matches!(word, "group" | "groups" | "localgroup");
        let plain = |name: &str| !name.starts_with('/') || name == "/domain";
        // With more words members or groups are added, which prints no list.
        program == "net"
            && matches!(words, [verb, rest @ ..] if group(verb) && rest.iter().all(|word| plain(word)))
    }

    fn begins(&self, line: &str) -> bool {
        Heading::of(line).is_some()
    }

    fn initials(&self) -> &'static [u8] {
        b"AG"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Groups::default())
    }
}

/// The first line of a list.
enum Heading<'t> {
    /// Local groups; the computer, which may be empty.
    Local(&'t str),
    /// Global groups, which domain controllers have.
    Global(&'t str),
    /// The members of one group, and whether it is a local one.
    Members(&'t str, bool),
}

impl<'t> Heading<'t> {
    fn of(line: &'t str) -> Option<Self> {
        if let Some(computer) = line.strip_prefix(r"Aliases for \\") {
            return Some(Self::Local(computer));
        }
        if let Some(computer) = line.strip_prefix(r"Group Accounts for \\") {
            return Some(Self::Global(computer));
        }
        match labelled(line)? {
            ("Alias name", name, _) => Some(Self::Members(name, true)),
            ("Group name", name, _) => Some(Self::Members(name, false)),
            _ => None,
        }
    }
}

/// What the rows of the open list are.
#[derive(Default)]
enum Rows {
    #[default]
    None,
    Groups {
        local: bool,
    },
    Members {
        group: Located<String>,
        local: bool,
    },
}

/// The list that is being read.
#[derive(Default)]
struct Groups {
    list: List,
    rows: Rows,
    /// The computer that the heading names, and where.
    computer: Option<Located<String>>,
    /// That computer, once the rule was read.
    own: String,
    /// Lines between the heading and the rule.
    above: u32,
    /// Whether the rule above the rows was seen.
    ruled: bool,
    /// Whether the groups are the domain's and not the server's own.
    elsewhere: bool,
    /// Whether no domain controller prints the list.
    member: bool,
    /// Whether the name of a group was typed, and nothing was read yet.
    typed: bool,
    /// Whether nothing of the run was read yet, so that the header may come in any language.
    fresh: bool,
    /// The computers of which whole lists of local groups and of global groups were read.
    whole: (Option<String>, Option<String>),
}

impl<'a> Output<'a> for Groups {
    fn begin(&mut self, typed: Option<&str>) {
        self.fresh = true;
        self.typed = typed.is_some_and(|typed| super::command::words(typed).1.len() >= 2);
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        let (typed, fresh) = (std::mem::take(&mut self.typed), std::mem::take(&mut self.fresh));
        let named = || named_last(text).filter(|_| fresh).map(Heading::Local);
        if let Some(heading) = Heading::of(text).or_else(named).filter(|_| line.terminated) {
            self.begin_list(heading, line.origin, reading);
        } else if let Some(well) = completion(text) {
            self.end(well, line.origin, reading);
        } else if text.starts_with(ELSEWHERE) {
            self.stop(reading);
            (self.elsewhere, self.typed) = (true, typed);
        } else if self.list.is_open() && is_rule(text) && line.terminated {
            self.rule(reading);
        } else if self.list.is_open() && !self.ruled && self.above < 2 && line.terminated {
            // The comment of the group, and the word for its members.
            self.above += 1;
        } else if typed && let Some((_, name, _)) = labelled(text) {
            let local = true;
            self.begin_list(Heading::Members(name, local), line.origin, reading);
        } else if !self.row(&line, reading) {
            self.list.flaw();
            return reading.unread(&line, "the names of groups or of members");
        }
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        self.list.cut(reading);
        self.elsewhere = false;
    }
}

impl Groups {
    fn begin_list(&mut self, heading: Heading<'_>, origin: Origin, reading: &mut Reading) {
        self.list.begin(origin, reading);
        // Only a group's members have a comment and a word above their rule.
        let above = if matches!(heading, Heading::Members(..)) { 0 } else { 2 };
        (self.ruled, self.member, self.above) = (false, false, above);
        let computer = |name: &str| Some(Located { value: name.to_owned(), origin });
        (self.rows, self.computer) = match heading {
            Heading::Local(name) => (Rows::Groups { local: true }, computer(name)),
            Heading::Global(name) => (Rows::Groups { local: false }, computer(name)),
            Heading::Members(name, local) => {
                (Rows::Members { group: Located { value: name.to_owned(), origin }, local }, None)
            }
        };
    }

    /// The rule shows that this is a list, and no text that quotes a heading.
    fn rule(&mut self, reading: &mut Reading) {
        self.ruled = true;
        if self.elsewhere {
            if let Some(origin) = self.list.start() {
                let what = "the groups are the domain's and not this server's".to_owned();
                reading.parsed.problem(origin, ProblemKind::Unsupported, what);
            }
            return;
        }
        if let Some(computer) = self.computer.take().filter(|computer| !computer.value.is_empty()) {
            self.own = computer.value.to_lowercase();
            reading.parsed.fact(Fact::Computer { name: computer.value }, computer.origin);
        }
        if let Rows::Members { group, .. } = &self.rows {
            reading.parsed.fact(Fact::Group { name: group.value.clone() }, group.origin);
        }
    }

    /// Reads a row of names; false if the line is none.
    fn row(&mut self, line: &Line<'_>, reading: &mut Reading) -> bool {
        if !self.list.is_open() || !self.ruled || !line.terminated {
            return false;
        }
        let fact = |name: &str| match &self.rows {
            Rows::Members { group, .. } => Fact::Member { group: group.value.clone(), name: name.to_owned() },
            _ => Fact::Group { name: name.to_owned() },
        };
        let names = match self.rows {
            Rows::None => None,
            Rows::Groups { .. } => groups(&line.text),
            Rows::Members { local: true, .. } => Some(vec![line.text.trim()]),
            Rows::Members { local: false, .. } => accounts(&line.text),
        };
        let Some(names) = names else { return false };
        self.member |= names.iter().any(|name| NO_CONTROLLER.contains(name));
        names
            .iter()
            .filter(|_| !self.elsewhere)
            .for_each(|name| reading.parsed.fact(fact(name), line.origin));
        true
    }

    /// The command said how it ended. All groups are known where there are no global ones, or both lists are whole.
    fn end(&mut self, well: bool, origin: Origin, reading: &mut Reading) {
        let whole = self.list.end(well, origin, reading) && self.ruled;
        if whole && !self.elsewhere {
            match std::mem::take(&mut self.rows) {
                Rows::Members { group, .. } => {
                    reading.parsed.covers(Coverage::Members { group: group.value }, origin);
                }
                Rows::Groups { local: true } => self.whole.0 = Some(self.own.clone()),
                Rows::Groups { local: false } => self.whole.1 = Some(self.own.clone()),
                Rows::None => {}
            }
            if self.member || (self.whole.0.is_some() && self.whole.0 == self.whole.1) {
                reading.parsed.covers(Coverage::Groups, origin);
                (self.member, self.whole) = (false, (None, None));
            }
        }
        self.elsewhere = false;
    }
}

/// The names in a row of groups. No name holds a star, so each star begins one.
fn groups(row: &str) -> Option<Vec<&str>> {
    let names = row.trim().strip_prefix('*')?.split('*').map(str::trim_end);
    names.map(|name| (!name.is_empty()).then_some(name)).collect()
}

/// The names in a row of three columns; a name that fills its column leaves no border and is refused.
fn accounts(row: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = row;
    while !rest.trim().is_empty() {
        let (field, after) = split(rest, COLUMN);
        let name = field.trim_end();
        let whole = (after.is_empty() || field.ends_with(' ')) && !name.starts_with(' ') && names.len() < 3;
        names.push((whole && !name.is_empty()).then_some(name)?);
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
        let parsed = read_as("net_group", text);
        expected.assert_eq(&crate::parse::shown(&parsed, |fact| format!("{fact:?}")));
    }

    const LOCAL: &str = include_str!("../../../samples/state/net_group/local_nt4.txt");
    const GLOBAL: &str = include_str!("../../../samples/state/net_group/global_nt4.txt");
    const ALIAS: &str = include_str!("../../../samples/state/net_group/members_local.txt");
    const GROUP: &str = include_str!("../../../samples/state/net_group/members_global.txt");

    #[test]
    fn lists_of_groups() {
        check(
            LOCAL,
            expect![[r#"
            Computer { name: "SITES02" }
            Group { name: "Administrators" }
            Group { name: "Backup Operators" }
            Group { name: "Guests" }
            Group { name: "Power Users" }
            Group { name: "Replicator" }
            Group { name: "SMS Admins" }
            Group { name: "Users" }
            covers Groups
            understood 9 of 9"#]],
        );
        // On a domain controller there are global groups too.
        check(
            &LOCAL.replace("Power Users     ", "Server Operators"),
            expect![[r#"
            Computer { name: "SITES02" }
            Group { name: "Administrators" }
            Group { name: "Backup Operators" }
            Group { name: "Guests" }
            Group { name: "Server Operators" }
            Group { name: "Replicator" }
            Group { name: "SMS Admins" }
            Group { name: "Users" }
            understood 9 of 9"#]],
        );
        check(
            &[&LOCAL.replace("Power Users     ", "Server Operators"), GLOBAL].concat(),
            expect![[r#"
                Computer { name: "SITES02" }
                Group { name: "Administrators" }
                Group { name: "Backup Operators" }
                Group { name: "Guests" }
                Group { name: "Server Operators" }
                Group { name: "Replicator" }
                Group { name: "SMS Admins" }
                Group { name: "Users" }
                Computer { name: "SITEP01" }
                Group { name: "Domain Admins" }
                Group { name: "Domain Guests" }
                Group { name: "Domain Users" }
                Group { name: "SMSInternalCliGrp" }
                understood 17 of 17"#]],
        );
    }

    #[test]
    fn both_lists_of_a_controller_are_all_groups() {
        let local = LOCAL.replace("Power Users     ", "Server Operators");
        let parsed = read_as("net_group", [local, GLOBAL.replace("SITEP01", "SITES02")].concat());
        assert!(parsed.coverage.iter().any(|place| place.value == Coverage::Groups));
    }

    #[test]
    fn members_of_a_group() {
        check(
            ALIAS,
            expect![[r#"
            Group { name: "SMS Admins" }
            Member { group: "SMS Admins", name: "SITES02\\Administrator" }
            Member { group: "SMS Admins", name: "CORP\\Domain Admins" }
            Member { group: "SMS Admins", name: "CORP\\SMS Help Desk" }
            covers Members { group: "SMS Admins" }
            understood 11 of 11"#]],
        );
        check(
            GROUP,
            expect![[r#"
            Group { name: "SMSInternalCliGrp" }
            Member { group: "SMSInternalCliGrp", name: "SMS&_SITEP01" }
            Member { group: "SMSInternalCliGrp", name: "SMSCliToknAcct&" }
            Member { group: "SMSInternalCliGrp", name: "SMSCliSvcAcct&" }
            Member { group: "SMSInternalCliGrp", name: "SMS#_SITEP01" }
            covers Members { group: "SMSInternalCliGrp" }
            understood 10 of 10"#]],
        );
    }

    #[test]
    fn cut_lists_and_other_computers_cover_nothing() {
        check(
            &LOCAL[..220],
            expect![[r#"
            Computer { name: "SITES02" }
            Group { name: "Administrators" }
            Group { name: "Backup Operators" }
            Group { name: "Guests" }
            truncated line 6: the source ends in the middle of "*Power Users             *Replicato"
            truncated line 2: the list has no end: expected `The command completed successfully.`
            understood 5 of 6"#]],
        );
        check(
            &format!("{ELSEWHERE}a domain controller for domain CORP.\r\n\r\n{GROUP}"),
            expect![[r#"
                unsupported line 3: the groups are the domain's and not this server's
                understood 12 of 12"#]],
        );
        check(
            "Aliases for \\\\SITES02\n\n*Guests\n",
            expect![[r#"
                malformed line 3: found "*Guests", expected the names of groups or of members
                truncated line 1: the list has no end: expected `The command completed successfully.`
                understood 2 of 3"#]],
        );
    }

    #[test]
    fn other_languages() {
        let list = LOCAL.replace("Aliases for", "Aliase für").replace("Power Users  ", "Hauptbenutzer");
        let list =
            list.replace("The command completed successfully", "Der Befehl wurde erfolgreich ausgeführt");
        assert!(NetGroup.recognise(&Head::new("x.txt", list.as_bytes())).is_some());
        check(
            &list,
            expect![[r#"
            Computer { name: "SITES02" }
            Group { name: "Administrators" }
            Group { name: "Backup Operators" }
            Group { name: "Guests" }
            Group { name: "Hauptbenutzer" }
            Group { name: "Replicator" }
            Group { name: "SMS Admins" }
            Group { name: "Users" }
            covers Groups
            understood 9 of 9"#]],
        );
        let text = ALIAS.replace("Alias name ", "Aliasname  ").replace("Members", "Mitglieder");
        let text =
            text.replace("The command completed successfully", "Der Befehl wurde erfolgreich ausgeführt");
        check(
            &format!("C:\\>net localgroup \"SMS Admins\"\r\n{text}"),
            expect![[r#"
            Group { name: "SMS Admins" }
            Member { group: "SMS Admins", name: "SITES02\\Administrator" }
            Member { group: "SMS Admins", name: "CORP\\Domain Admins" }
            Member { group: "SMS Admins", name: "CORP\\SMS Help Desk" }
            covers Members { group: "SMS Admins" }
            understood 12 of 12"#]],
        );
    }

    #[test]
    fn lists_are_recognised() {
        let head =
            |text: &str| NetGroup.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
        assert!([LOCAL, GLOBAL, ALIAS, GROUP].iter().all(|text| head(text) == Some(95)));
        assert_eq!(head("Aliases for \\\\SITES02\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..400_usize) {
            for text in [LOCAL, GROUP] {
                read_as("net_group", &bytes);
                let mut mangled = text.as_bytes().to_vec();
                let at = at.min(mangled.len());
                mangled.splice(at..at, bytes.clone());
                read_as("net_group", &mangled);
            }
        }
    }
}
