//! What `net` tells of one thing, as labels with values: an account, a share, the accounts' rules, the server.

use std::sync::Arc;

use super::columns::{column, indent, labelled, laid_out, split};
use super::command::{Command, Output};
use super::list::{ELSEWHERE, completion};
use super::{Claim, Head, Reading};
use crate::model::{Fact, Origin};
use crate::text::{Line, Text};

/// Reads the labels and values that one of the `net` commands prints.
///
/// All values begin in one column, which the first row shows; values deeper than that go on. In other
/// languages the rows come in the same order.
#[derive(Clone, Copy)]
pub struct NetDetails {
    name: &'static str,
    /// The document that the settings belong to.
    document: &'static str,
    /// Whether a line is the first of the output.
    begins: fn(&str) -> bool,
    /// The words after `net`.
    typed: fn(&[&str]) -> bool,
    /// What the first rows prove beside settings.
    facts: fn(&[Row]) -> Vec<(Fact, Origin)>,
}

/// `net user NAME`.
pub static USER: NetDetails = NetDetails {
    name: "net_user_details",
    document: "net user",
    // Elsewhere, as in `net config workstation`, the name stands in another column.
    begins: |line| padded(line, "User name", 29),
    typed: |words| match words {
        ["user" | "users", name] | ["user" | "users", name, "/domain"] => !name.starts_with('/'),
        _ => false,
    },
    facts: |rows| {
        let account = |row: &Row| Some((Fact::Account { name: row.value()?.to_owned() }, row.origin));
        rows.first().and_then(account).into_iter().collect()
    },
};

/// `net share NAME`.
pub static SHARE: NetDetails = NetDetails {
    name: "net_share_details",
    document: "net share",
    // `net share` alone prints a table whose header begins alike.
    begins: |line| padded(line, "Share name", 18),
    typed: |words| matches!(words, ["share", name] if !name.contains(['/', '='])),
    facts: |rows| {
        let [name, path, remark, ..] = rows else { return Vec::new() };
        let text = |row: &Row| row.value().unwrap_or_default().to_owned();
        let share = Fact::Share { name: text(name), path: text(path), remark: text(remark) };
        name.value().map(|_| (share, name.origin)).into_iter().collect()
    },
};

/// `net accounts`.
pub static ACCOUNTS: NetDetails = NetDetails {
    name: "net_accounts",
    document: "net accounts",
    begins: |line| first(line, "Force user logoff how long after time expires?:  ", ""),
    typed: |words| matches!(words, ["accounts"] | ["accounts", "/domain"]),
    facts: |_| Vec::new(),
};

/// `net config server` and `net config workstation`.
pub static CONFIG: NetDetails = NetDetails {
    name: "net_config",
    document: "net config",
    begins: |line| first(line, "Server Name  ", r"\\") || first(line, "Computer name  ", r"\\"),
    typed: |words| matches!(words, ["config", _]),
    facts: |rows| {
        let computer = |row: &Row| {
            let name = row.value()?.strip_prefix(r"\\")?.to_owned();
            Some((Fact::Computer { name }, row.origin))
        };
        rows.first().and_then(computer).into_iter().collect()
    },
};

/// Whether a line is a label with one value, which stands in this column.
fn padded(line: &str, label: &str, column: usize) -> bool {
    let (found, value) = split(line, column);
    found.ends_with("  ") && found.trim_end() == label && !value.starts_with(' ') && first(line, label, "")
}

/// Whether a line is a label with one value, which begins so.
fn first(line: &str, label: &str, value: &str) -> bool {
    let Some(found) = line.strip_prefix(label) else { return false };
    let found = found.trim();
    !found.is_empty() && found.starts_with(value) && !found.contains("  ")
}

/// A label and what stands beside and below it.
pub struct Row {
    label: String,
    values: Vec<(String, Origin)>,
    /// Whether the values stand below the label and not beside it.
    below: bool,
    origin: Origin,
}

impl Row {
    fn value(&self) -> Option<&str> {
        self.values.first().map(|(value, _)| value.as_str())
    }
}

impl Command for NetDetails {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let first = head.lines.iter().position(|line| (self.begins)(line.trim_start()))?;
        let mut open = Open::new(head.lines.get(first)?, NOWHERE)?;
        let mut below = head.lines.iter().skip(first + 1).filter(|line| !line.trim().is_empty());
        let follows = below.next().is_some_and(|line| open.takes(line, NOWHERE, false));
        follows.then(|| Claim { score: 90, why: format!("`{}` over another label", open.label()) })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        program == "net" && (self.typed)(words)
    }

    fn begins(&self, line: &str) -> bool {
        (self.begins)(line)
    }

    fn initials(&self) -> &'static [u8] {
        b"USFC"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Details { kind: *self, typed: false, asked: false, elsewhere: false, open: None })
    }
}

const NOWHERE: Origin = Origin { source: crate::model::SourceId(0), line: 0, offset: 0, length: 0 };

struct Details {
    kind: NetDetails,
    /// Whether the command stands before its output and nothing of the output was read yet.
    typed: bool,
    /// Whether the command stands before the run.
    asked: bool,
    /// Whether the domain's rules are told and not the server's own.
    elsewhere: bool,
    open: Option<Open>,
}

/// The rows of one thing so far.
struct Open {
    margin: usize,
    /// Where the values begin.
    column: usize,
    rows: Vec<Row>,
}

impl Open {
    /// Begins with a line that holds a label and a value.
    fn new(line: &str, origin: Origin) -> Option<Self> {
        let margin = indent(line);
        let text = laid_out(line, margin);
        let (label, value, at) = labelled(&text)?;
        let values = vec![(value.to_owned(), origin)];
        let row = Row { label: label.trim_end().to_owned(), values, below: false, origin };
        Some(Self { margin, column: column(&text, at), rows: vec![row] })
    }

    /// The first label.
    fn label(&self) -> &str {
        self.rows.first().map_or("", |row| &row.label)
    }

    /// Takes a row; false if the line is none. Only where the command is known may one blank alone divide a label
    /// and its value: so they come in some languages, and so words come in prose.
    fn takes(&mut self, line: &str, origin: Origin, asked: bool) -> bool {
        let text = laid_out(line, self.margin);
        let (label, value) = split(&text, self.column);
        let blanks = label.len() - label.trim_end().len();
        let (label, value) = (label.trim_end(), value.trim_end());
        let bordered = !value.starts_with(' ') && blanks >= if asked { 1 } else { 2 };
        let values = Some((value.to_owned(), origin)).filter(|_| !value.is_empty()).into_iter().collect();
        match self.rows.last_mut() {
            // So do the adapters that a server is active on.
            Some(last) if label.starts_with("  ") && (last.below || last.value().is_none()) => {
                last.below = true;
                last.values.push((text.trim().to_owned(), origin));
            }
            _ if label.starts_with(' ') || label.ends_with(['.', ',', ';']) => return false,
            _ if !value.is_empty() && !bordered => return false,
            Some(last) if label.is_empty() => last.values.extend::<Vec<_>>(values),
            _ => self.rows.push(Row { label: label.to_owned(), values, below: false, origin }),
        }
        true
    }
}

impl<'a> Output<'a> for Details {
    fn begin(&mut self, typed: Option<&str>) {
        (self.typed, self.asked) = (typed.is_some(), typed.is_some());
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let (typed, asked) = (std::mem::take(&mut self.typed), self.asked);
        if completion(&line.text).is_some() {
            self.end(reading, true);
        } else if line.text.trim_start().starts_with(ELSEWHERE) {
            self.typed = typed;
            self.elsewhere = true;
        } else if !line.terminated {
            return reading.unread(&line, "a label and its value");
        } else if (self.kind.begins)(line.text.trim_start())
            || (typed && labelled(line.text.trim_start()).is_some())
        {
            self.end(reading, false);
            self.open = Open::new(&line.text, line.origin);
        } else if !self.open.as_mut().is_some_and(|open| open.takes(&line.text, line.origin, asked)) {
            self.end(reading, false);
            return reading.unread(&line, "a label and its value in the columns of `net`");
        }
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        self.end(reading, false);
        self.elsewhere = false;
    }
}

impl Details {
    /// Makes facts of the rows that were read. One row alone may be quoted by anything.
    fn end(&mut self, reading: &mut Reading, said: bool) {
        let Some(open) = self.open.take() else { return };
        let [first, second, ..] = open.rows.as_slice() else {
            let rows = open.rows.first().map(|row| row.origin);
            rows.into_iter().for_each(|origin| {
                reading.malformed(origin, || {
                    format!("found one row, expected more of `{}`", self.kind.document)
                });
            });
            return;
        };
        if !said {
            let what = "the rows have no end: expected `The command completed successfully.`";
            reading.truncated(second.origin, || what.to_owned());
        }
        let section: Arc<str> = match (self.kind.document, self.elsewhere) {
            ("net accounts", false) => "".into(),
            ("net accounts", true) => "domain".into(),
            ("net config", _) if first.label.to_lowercase().starts_with("server") => "server".into(),
            ("net config", _) => "workstation".into(),
            _ => first.value().unwrap_or_default().into(),
        };
        for (fact, origin) in (self.kind.facts)(&open.rows) {
            reading.parsed.fact(fact, origin);
        }
        let document: Arc<str> = self.kind.document.into();
        for row in open.rows {
            let none = (String::new(), row.origin);
            let values = if row.values.is_empty() { vec![none] } else { row.values };
            for (value, origin) in values {
                let (document, section) = (document.clone(), section.clone());
                let name = row.label.trim_end_matches(':').into();
                reading.parsed.fact(Fact::Setting { document, section, name, value: value.into() }, origin);
            }
        }
        self.elsewhere = false;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Console, read_as};
    use super::*;
    use crate::model::SourceId;
    use crate::parse::Parser;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(command: &str, text: &str, expected: Expect) {
        let parsed = read_as(command, text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { document, section, name, value } => {
                format!("{document} | {section} | {name} = {value}")
            }
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    const USER: &str = include_str!("../../../samples/state/net_user_details/nt4.txt");
    const SHARE: &str = include_str!("../../../samples/state/net_share_details/nt4.txt");
    const ACCOUNTS: &str = include_str!("../../../samples/state/net_accounts/nt4.txt");
    const SERVER: &str = include_str!("../../../samples/state/net_config/server.txt");
    const WORKSTATION: &str = include_str!("../../../samples/state/net_config/workstation.txt");

    #[test]
    fn one_account() {
        check(
            "net_user_details",
            USER,
            expect![[r#"
            Account { name: "SMSService" }
            net user | SMSService | User name = SMSService
            net user | SMSService | Full Name = SMS Service Account
            net user | SMSService | Comment = 
            net user | SMSService | User's comment = 
            net user | SMSService | Country code = 000 (System Default)
            net user | SMSService | Account active = Yes
            net user | SMSService | Account expires = Never
            net user | SMSService | Password last set = 3/12/99 9:14 AM
            net user | SMSService | Password expires = Never
            net user | SMSService | Password changeable = 3/12/99 9:14 AM
            net user | SMSService | Password required = Yes
            net user | SMSService | User may change password = Yes
            net user | SMSService | Workstations allowed = All
            net user | SMSService | Logon script = 
            net user | SMSService | User profile = 
            net user | SMSService | Home directory = 
            net user | SMSService | Last logon = 8/4/99 7:02 AM
            net user | SMSService | Logon hours allowed = All
            net user | SMSService | Local Group Memberships = *Administrators       *Backup Operators
            net user | SMSService | Local Group Memberships = *SMS Admins
            net user | SMSService | Global Group memberships = *Domain Admins        *Domain Users
            understood 27 of 27"#]],
        );
    }

    #[test]
    fn one_share() {
        check(
            "net_share_details",
            SHARE,
            expect![[r#"
            Share { name: "SMS_S02", path: "D:\\SMS", remark: "SMS Site S02" }
            net share | SMS_S02 | Share name = SMS_S02
            net share | SMS_S02 | Path = D:\SMS
            net share | SMS_S02 | Remark = SMS Site S02
            net share | SMS_S02 | Maximum users = No limit
            net share | SMS_S02 | Users = CORP\SMSService
            understood 7 of 7"#]],
        );
    }

    #[test]
    fn rules_of_accounts() {
        check(
            "net_accounts",
            &ACCOUNTS.replace("\r\n", "\r\n   ").replace("Force", "   Force"),
            expect![[r#"
                net accounts |  | Force user logoff how long after time expires? = Never
                net accounts |  | Minimum password age (days) = 0
                net accounts |  | Maximum password age (days) = 42
                net accounts |  | Minimum password length = 6
                net accounts |  | Length of password history maintained = None
                net accounts |  | Lockout threshold = 5
                net accounts |  | Lockout duration (minutes) = 30
                net accounts |  | Lockout observation window (minutes) = 30
                net accounts |  | Computer role = SERVER
                understood 12 of 12"#]],
        );
    }

    #[test]
    fn the_server_and_the_workstation_service() {
        check(
            "net_config",
            SERVER,
            expect![[r#"
            Computer { name: "SITES02" }
            net config | server | Server Name = \\SITES02
            net config | server | Server Comment = SMS secondary site server
            net config | server | Software version = Windows NT 4.0
            net config | server | Server is active on = NetBT_El90x1 (00104b3a77c1) NetBT_El90x1
            net config | server | Server hidden = No
            net config | server | Maximum Logged On Users = Unlimited
            net config | server | Maximum open files per session = 2048
            net config | server | Idle session time (min) = 15
            understood 13 of 13"#]],
        );
        let parsed = Console.parse(SourceId(0), "x.txt", WORKSTATION.as_bytes());
        assert_eq!(parsed.readers, ["net_config"]);
        check(
            "net_config",
            &WORKSTATION[..300],
            expect![[r#"
                Computer { name: "SITES02" }
                net config | workstation | Computer name = \\SITES02
                net config | workstation | User name = SMSService
                net config | workstation | Workstation active on = NetBT_El90x1 (00104B3A77C1)
                net config | workstation | Software version = Windows NT 4.0
                net config | workstation | Workstation domain = CORP
                truncated line 8: the source ends in the middle of "Logon domain"
                truncated line 2: the rows have no end: expected `The command completed successfully.`
                understood 7 of 8"#]],
        );
        // Later systems put the adapters below their label.
        check(
            "net_config",
            "Server Name                           \\\\SITES02\r\nServer is active on                   \r\n\
             \tNetbiosSmb (SITES02)\r\n\tNetBT_Tcpip_1 (SITES02)\r\n\r\nThe command completed successfully.\r\n",
            expect![[r#"
                Computer { name: "SITES02" }
                net config | server | Server Name = \\SITES02
                net config | server | Server is active on = NetbiosSmb (SITES02)
                net config | server | Server is active on = NetBT_Tcpip_1 (SITES02)
                understood 6 of 6"#]],
        );
    }

    #[test]
    fn other_languages_follow_what_was_typed() {
        let text = "C:\\>net user SMSService\r\nBenutzername                         SMSService\r\n\
            Vollst\u{e4}ndiger Name                   SMS\r\nBenutzer kann Kennwort selbst \u{e4}ndern Ja\r\n\
            Der Befehl wurde erfolgreich ausgef\u{fc}hrt.\r\n";
        check(
            "net_user_details",
            text,
            expect![[r#"
            Account { name: "SMSService" }
            net user | SMSService | Benutzername = SMSService
            net user | SMSService | Vollständiger Name = SMS
            net user | SMSService | Benutzer kann Kennwort selbst ändern = Ja
            understood 5 of 5"#]],
        );
    }

    #[test]
    fn a_quoted_row_and_prose_give_no_facts() {
        let row = "User name                    Administrator\n";
        check(
            "net_user_details",
            row,
            expect![[r#"
            malformed line 1: found one row, expected more of `net user`
            understood 1 of 1"#]],
        );
        check(
            "net_user_details",
            &format!("{row}\nThe account above must not be locked out, says the administrator.\n"),
            expect![[r#"
                malformed line 1: found one row, expected more of `net user`
                malformed line 3: found "The account above must not be locked out", expected a label and its value in the columns of `net`
                understood 2 of 3"#]],
        );
    }

    #[test]
    fn outputs_are_recognised() {
        let head = |text: &str| {
            let head = Head::new("x.txt", text.as_bytes());
            Console.recognise(&head).map(|claim| (claim.score, claim.why))
        };
        assert_eq!(head(USER), Some((90, "`User name` over another label".to_owned())));
        assert_eq!(head(WORKSTATION).map(|claim| claim.0), Some(90));
        assert_eq!(
            head("User name                    Administrator\nsays the text, and nothing else does so.\n"),
            None
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..900_usize) {
            for (command, text) in [("net_user_details", USER), ("net_config", SERVER)] {
                read_as(command, &bytes);
                let mut mangled = text.as_bytes().to_vec();
                let at = at.min(mangled.len());
                mangled.splice(at..at, bytes.clone());
                read_as(command, &mangled);
            }
        }
    }
}
