//! The output of `net share`: the shares of a server with their resources and remarks.

use std::borrow::Cow;

use super::columns::{indent, is_rule, laid_out, split};
use super::command::{Command, Output};
use super::list::{List, completion};
use super::{Claim, Head, Reading};
use crate::model::{Coverage, Fact};
use crate::text::{Line, Text};

/// Reads the table that `net share` prints.
///
/// The name fills 12 columns and the resource 31. A wider name puts the resource on the next line, a wider
/// resource the remark, which may be blank.
pub struct NetShare;

/// Where the resource begins.
const RESOURCE: usize = 13;
/// Where the remark begins.
const REMARK: usize = 45;
/// Columns of a resource and the blank after it.
const WIDTH: usize = REMARK - RESOURCE;

/// The remarks of shares that the system makes itself.
const SYSTEM_REMARKS: [&str; 5] =
    ["Default share", "Printer Drivers", "Remote Admin", "Remote IPC", "Logon server share"];

impl Command for NetShare {
    fn name(&self) -> &'static str {
        "net_share"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let header = head.lines.iter().position(|line| is_header(line))?;
        let dashes = head.lines.iter().skip(header).any(|line| is_rule(line));
        let (score, with) = if dashes { (95, " and a line of dashes") } else { (80, "") };
        Some(Claim { score, why: format!("`{}`{with}", head.lines.get(header)?.trim()) })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        program == "net" && words == ["share"]
    }

    fn begins(&self, line: &str) -> bool {
        is_header(line)
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Table::default())
    }
}

/// Whether a line heads the table, in a language that is known by its word for a resource.
fn is_header(line: &str) -> bool {
    const RESOURCE_WORDS: [&str; 7] =
        ["Resource", "Ressource", "Recurso", "Risorsa", "Resurs", "リソース", "Ресурс"];
    let line = line.trim();
    let Some((_, resource, _)) = headings(line) else {
        return line.starts_with("Share name ") && line.contains(" Resource ");
    };
    RESOURCE_WORDS.contains(&resource)
}

/// The three headings of the table, whatever their language: short words, each where its column begins.
fn headings(line: &str) -> Option<(&str, &str, &str)> {
    // Most lines are told apart at a glance.
    if line.is_ascii() && line.as_bytes().get(REMARK - 1) != Some(&b' ') {
        return None;
    }
    let (name, rest) = split(line, RESOURCE);
    let (resource, remark) = split(rest, WIDTH);
    let bordered = name.ends_with(' ') && resource.ends_with("  ") && !remark.is_empty();
    let fields = [name.trim_end(), resource.trim_end(), remark];
    let word = |text: &&str| {
        text.starts_with(char::is_alphabetic) && text.chars().all(|c| c.is_alphabetic() || " .".contains(c))
    };
    (bordered && fields.iter().all(word)).then_some((fields[0], fields[1], fields[2]))
}

/// The table that is being read. How to read a row depends on the next one, so rows are held.
#[derive(Default)]
struct Table<'a> {
    list: List,
    /// Whether the rule under the header was seen; prose that quotes the header has none.
    ruled: bool,
    /// Whether nothing of the run was read yet, so that the header may come in any language.
    fresh: bool,
    /// Blanks before the header, where someone indented the table.
    margin: usize,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    line: Line<'a>,
    blank: bool,
    margin: usize,
}

impl Row<'_> {
    fn text(&self) -> Cow<'_, str> {
        laid_out(&self.line.text, self.margin)
    }
}

impl<'a> Output<'a> for Table<'a> {
    fn begin(&mut self, _: Option<&str>) {
        self.fresh = true;
    }

    fn blank(&mut self, line: Line<'a>, _: &mut Reading) {
        if self.list.is_open() {
            self.rows.push(Row { line, blank: true, margin: self.margin });
        }
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let fresh = std::mem::take(&mut self.fresh);
        if is_header(&line.text) || (fresh && headings(line.text.trim()).is_some()) {
            self.stop(reading);
            self.list.begin(line.origin, reading);
            self.ruled = false;
            self.margin = indent(&line.text);
        } else if let Some(well) = completion(&line.text) {
            self.shares(reading);
            if self.list.end(well, line.origin, reading) {
                reading.parsed.covers(Coverage::Shares, line.origin);
            }
        } else if self.list.is_open() && is_rule(&line.text) {
            self.ruled = true;
        } else if self.list.is_open() && self.ruled && line.terminated {
            return self.rows.push(Row { line, blank: false, margin: self.margin });
        } else {
            self.list.flaw();
            return reading.unread(&line, "the header or a row of a `net share` table");
        }
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        self.shares(reading);
        self.list.cut(reading);
    }
}

impl Table<'_> {
    /// Makes facts of the rows that are held.
    fn shares(&mut self, reading: &mut Reading) {
        let rows = std::mem::take(&mut self.rows);
        let mut rest = rows.as_slice();
        while let [row, after @ ..] = rest {
            rest = after;
            if row.blank {
                continue;
            }
            let Some((fact, used)) = share(&row.text(), after) else {
                self.list.flaw();
                reading.unread(&row.line, "a share name, its resource and its remark");
                continue;
            };
            reading.parsed.fact(fact, row.line.origin);
            reading.understood();
            let (more, after) = after.split_at_checked(used).unwrap_or((after, &[]));
            more.iter().filter(|row| !row.blank).for_each(|_| reading.understood());
            rest = after;
        }
    }
}

/// Reads the share that begins with `first`, and tells how many of the next rows belong to it.
fn share(first: &str, next: &[Row<'_>]) -> Option<(Fact, usize)> {
    if indent(first) > 0 {
        return None;
    }
    let (head, tail) = split(first, RESOURCE);
    let below = next.first().filter(|row| !row.blank).map(Row::text);
    let wrapped = below.as_deref().filter(|below| indent(below) == RESOURCE);
    let (name, tail, used) = match wrapped {
        Some(below) => (first, split(below, RESOURCE).1, 1),
        None if tail.is_empty() || head.ends_with(' ') => (head, tail, 0),
        None => return None,
    };
    let (path, remark, more) = resource(tail, next.get(used..).unwrap_or_default());
    // A resource is a path, a device or nothing; anything else is a name that was cut or misread.
    if !path.is_empty() && !path.contains([':', '\\']) && !path.ends_with(SPOOLED) {
        return None;
    }
    let name = name.trim_end().to_owned();
    Some((Fact::Share { name, path, remark }, used + more))
}

/// What stands after the port of a printer.
const SPOOLED: &str = "Spooled";

/// Divides what follows the name into resource and remark; the remark may be the next row.
fn resource(tail: &str, next: &[Row<'_>]) -> (String, String, usize) {
    if let Some((path, remark)) = spooled(tail) {
        return (path.to_owned(), remark.to_owned(), 0);
    }
    let (field, remark) = split(tail, WIDTH);
    let mut end = split(field, WIDTH - 2).1.chars();
    let (last, border) = (end.next(), end.next());
    let below = match next.first() {
        Some(row) if row.blank => Some(String::new()),
        Some(row) if indent(&row.text()) == REMARK => Some(row.line.text.trim().to_owned()),
        _ => None,
    };
    let fits = match (last, border) {
        // A resource of less than 31 columns ends in blanks.
        (None, _) | (Some(' '), None | Some(' ')) => true,
        // A blank in the border column may belong to a wider resource, which the row below then shows.
        (Some(_), None | Some(' ')) => below.is_none() || SYSTEM_REMARKS.contains(&remark.trim()),
        _ => false,
    };
    if fits {
        return (field.trim().to_owned(), remark.trim().to_owned(), 0);
    }
    let used = usize::from(below.is_some());
    (tail.trim().to_owned(), below.unwrap_or_default(), used)
}

/// A printer's port with `Spooled`, as printed, and its remark.
fn spooled(tail: &str) -> Option<(&str, &str)> {
    let (port, remark) = tail.split_once(" Spooled")?;
    let printer = !port.contains('\\') && (remark.is_empty() || remark.starts_with(' '));
    let path = tail.get(..port.len() + 1 + SPOOLED.len())?;
    printer.then_some((path.trim(), remark.trim()))
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("net_share", text);
        let fact = |fact: &Fact| match fact {
            Fact::Share { name, path, remark } => format!("{name} | {path} | {remark}"),
            other => format!("{other:?}"),
        };
        expected.assert_eq(&crate::parse::shown(&parsed, fact));
    }

    const NT4: &str = include_str!("../../../samples/state/net_share/nt4.txt");
    const W2000: &str = include_str!("../../../samples/state/net_share/w2000.txt");
    const GERMAN: &str = include_str!("../../../samples/state/net_share/german.txt");
    const JAPANESE: &str = include_str!("../../../samples/state/net_share/japanese.txt");
    const CUT: &str = include_str!("../../../samples/state/net_share/cut.txt");

    /// A table with these rows, which ends well.
    fn table(rows: &str) -> String {
        let head =
            "Share name   Resource                        Remark\n\n-----------------------------------\n";
        format!("{head}{rows}The command completed successfully.\n")
    }

    #[test]
    fn whole_tables() {
        check(
            NT4,
            expect![[r#"
            ADMIN$ | C:\WINNT | Remote Admin
            C$ | C:\ | Default share
            CAP_P01 | D:\CAP_P01 | SMS Site P01 CAP 03/14/00
            D$ | D:\ | Default share
            IPC$ |  | Remote IPC
            NETLOGON | C:\WINNT\System32\Repl\Import\Scripts | Logon server share
            print$ | C:\WINNT\System32\spool\drivers | Printer Drivers
            SMS_P01 | D:\SMS | SMS Site P01 03/14/00
            SMSLOGON | D:\SMSLOGON | 
            SMSPKGD$ | D:\SMSPKGD$ | 
            LASER4 | LPT1:                  Spooled | HP LaserJet 4 at the help desk
            covers Shares
            understood 18 of 18"#]],
        );
        check(
            W2000,
            expect![[r#"
            ADMIN$ | C:\WINNT | Remote Admin
            C$ | C:\ | Default share
            CAP_S02 | E:\CAP_S02 | SMS Site S02 CAP 11/02/01
            E$ | E:\ | Default share
            IPC$ |  | Remote IPC
            Help Desk | E:\Departments\Support\Help Desk Tools | Second line support
            Software Masters | E:\Masters\Software | 
            SMS_S02 | E:\SMS | SMS Site S02 11/02/01
            covers Shares
            understood 18 of 18"#]],
        );
    }

    #[test]
    fn a_cut_table_covers_nothing() {
        check(
            CUT,
            expect![[r#"
            ADMIN$ | C:\WINNT | Remote Admin
            C$ | C:\ | Default share
            CAP_P01 | D:\CAP_P01 | SMS Site P01 CAP 03/14/00
            D$ | D:\ | Default share
            truncated line 9: the source ends in the middle of "IPC$                                    "
            truncated line 2: the list has no end: expected `The command completed successfully.`
            understood 8 of 9"#]],
        );
    }

    #[test]
    fn wide_resources_put_the_remark_below() {
        check(
            &table(
                "print$       C:\\Windows\\system32\\spool\\drivers\n                                             Printer Drivers\n\
                 Company Data C:\\Users\\jdoe\\Desktop\\Company Data\n\n\
                 print$       C:\\WINNT\\System32\\spool\\drivers Printer Drivers\n\
                 A            D:\\2345678901234567890123456789 x\n\n\
                 B            D:\\2345678901234567890123456789 x\n\
                 C            D:\\234567890123456789012345678 0 x\n\
                 D            D:\\23456789012345678901234567890 x\n",
            ),
            expect![[r#"
                print$ | C:\Windows\system32\spool\drivers | Printer Drivers
                Company Data | C:\Users\jdoe\Desktop\Company Data | 
                print$ | C:\WINNT\System32\spool\drivers | Printer Drivers
                A | D:\2345678901234567890123456789 x | 
                B | D:\2345678901234567890123456789 | x
                C | D:\234567890123456789012345678 0 x | 
                D | D:\23456789012345678901234567890 x | 
                covers Shares
                understood 14 of 14"#]],
        );
    }

    #[test]
    fn what_is_no_row_is_no_share() {
        check(
            &table("C$ C:\\ Default share\nA very long name D:\\x\n   x\nB            D:\\b\n"),
            expect![[r#"
            B | D:\b | 
            malformed line 4: found "C$ C:\\ Default share", expected a share name, its resource and its remark
            malformed line 5: found "A very long name D:\\x", expected a share name, its resource and its remark
            malformed line 6: found "x", expected a share name, its resource and its remark
            understood 5 of 8"#]],
        );
        check(
            "Share name of the site SMS_P01\nPath              D:\\SMS\nThe command completed successfully.\n",
            expect![[r#"
                malformed line 1: found "Share name of the site SMS_P01", expected the header or a row of a `net share` table
                malformed line 2: found "Path              D:\\SMS", expected the header or a row of a `net share` table
                understood 1 of 3"#]],
        );
    }

    #[test]
    fn other_output_is_left_alone() {
        check(
            &format!("C:\\>net share\n{}These Windows NT services are started:\n   Alerter\n", table("")),
            expect![[r#"
                System { name: "Windows NT" }
                Service(Service { key: None, display: Some("Alerter"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                covers Shares
                truncated line 6: the list has no end: expected `The command completed successfully.`
                understood 7 of 7"#]],
        );
    }

    #[test]
    fn tables_in_other_languages_and_with_margins() {
        check(
            GERMAN,
            expect![[r#"
            IPC$ |  | Remote-IPC
            D$ | D:\ | Standardfreigabe
            ADMIN$ | C:\WINNT | Remoteverwaltung
            SMS_S02 | D:\SMS | SMS Site S02
            Freigabe der Zentrale | D:\Daten\Zentrale | Für alle
            covers Shares
            understood 11 of 11"#]],
        );
        check(
            JAPANESE,
            expect![[r#"
            C$ | C:\ | Default share
            IPC$ |  | Remote IPC
            共有 | D:\データ | 配布用
            covers Shares
            understood 7 of 7"#]],
        );
        let indented = table("C$           C:\\                             Default share\n");
        check(
            &indented.replace('\n', "\n   ").replace("Share name", "   Share name"),
            expect![[r#"
            C$ | C:\ | Default share
            covers Shares
            understood 6 of 6"#]],
        );
        // Without a word that is known, what was typed tells what the table is.
        check(
            "C:\\>net share\r\nNazwa        Zasob                           Uwaga\r\n\r\n\
             ------------------------------------------\r\nC$           C:\\\r\nPolecenie zostalo wykonane.\r\n",
            expect![[r#"
                C$ | C:\ | 
                malformed line 6: found "Polecenie zostalo wykonane.", expected a share name, its resource and its remark
                truncated line 2: the list has no end: expected `The command completed successfully.`
                understood 5 of 6"#]],
        );
    }

    #[test]
    fn the_header_is_recognised() {
        let head =
            |text: &str| NetShare.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
        assert_eq!(head(NT4), Some(95));
        assert_eq!(head("Share name   Resource                        Remark\n"), Some(80));
        assert_eq!(head(JAPANESE), Some(95));
        assert_eq!(head("Share name        SMS_P01\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..800_usize) {
            read_as("net_share", &bytes);
            let mut mangled = NT4.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("net_share", &mangled);
        }
    }
}
