//! The output of `net share`: the shares of a server with their resources and remarks.

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
        Some(Claim { score, why: format!("`Share name   Resource`{with}") })
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

/// Whether a line heads the table.
fn is_header(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("Share name ") && line.contains(" Resource ")
}

/// Whether a line is the rule of dashes under the header.
fn is_rule(line: &str) -> bool {
    let dashes = line.trim();
    dashes.len() >= 20 && dashes.bytes().all(|byte| byte == b'-')
}

/// The table that is being read. How to read a row depends on the next one, so rows are held.
#[derive(Default)]
struct Table<'a> {
    list: List,
    /// Whether the rule under the header was seen; prose that quotes the header has none.
    ruled: bool,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    line: Line<'a>,
    blank: bool,
}

impl<'a> Output<'a> for Table<'a> {
    fn blank(&mut self, line: Line<'a>, _: &mut Reading) {
        if self.list.is_open() {
            self.rows.push(Row { line, blank: true });
        }
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        if is_header(&line.text) {
            self.stop(reading);
            self.list.begin(line.origin, reading);
            self.ruled = false;
        } else if let Some(well) = completion(&line.text) {
            self.shares(reading);
            if self.list.end(well, line.origin, reading) {
                reading.parsed.covers(Coverage::Shares, line.origin);
            }
        } else if self.list.is_open() && is_rule(&line.text) {
            self.ruled = true;
        } else if self.list.is_open() && self.ruled && line.terminated {
            return self.rows.push(Row { line, blank: false });
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
            let Some((fact, used)) = share(&row.line.text, after) else {
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
    let wrapped = next.first().filter(|row| !row.blank && indent(&row.line.text) == RESOURCE);
    let (name, tail, used) = match wrapped {
        Some(row) => (first, split(&row.line.text, RESOURCE).1, 1),
        None if head.chars().nth(RESOURCE - 1).is_none_or(|last| last == ' ') => (head, tail, 0),
        None => return None,
    };
    let (path, remark, more) = resource(tail, next.get(used..).unwrap_or_default());
    // A resource is a path, a device or nothing; anything else is a name that was cut or misread.
    if !path.is_empty() && !path.contains([':', '\\']) && !path.ends_with(SPOOLED) {
        return None;
    }
    let name = name.trim_end().to_owned();
    Some((Fact::Share { name, path: path.to_owned(), remark: remark.to_owned() }, used + more))
}

/// What stands after the port of a printer.
const SPOOLED: &str = "Spooled";

/// Divides what follows the name into resource and remark; the remark may be the next row.
fn resource<'t>(tail: &'t str, next: &'t [Row<'_>]) -> (&'t str, &'t str, usize) {
    if let Some((path, remark)) = spooled(tail) {
        return (path, remark, 0);
    }
    let (field, remark) = split(tail, WIDTH);
    let mut end = field.chars().skip(WIDTH - 2);
    let (last, border) = (end.next(), end.next());
    let below = match next.first() {
        Some(row) if row.blank => Some(""),
        Some(row) if indent(&row.line.text) == REMARK => Some(row.line.text.trim()),
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
        return (field.trim(), remark.trim(), 0);
    }
    (tail.trim(), below.unwrap_or_default(), usize::from(below.is_some()))
}

/// A printer's port with `Spooled`, as printed, and its remark.
fn spooled(tail: &str) -> Option<(&str, &str)> {
    let (port, remark) = tail.split_once(" Spooled")?;
    let printer = !port.contains('\\') && (remark.is_empty() || remark.starts_with(' '));
    let path = tail.get(..port.len() + 1 + SPOOLED.len())?;
    printer.then_some((path.trim(), remark.trim()))
}

/// The text before and after a column, counted in characters.
fn split(text: &str, column: usize) -> (&str, &str) {
    let at = text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Blanks before the first other character.
fn indent(text: &str) -> usize {
    text.chars().take_while(|character| *character == ' ').count()
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
            "Share name        SMS_P01\nPath              D:\\SMS\nThe command completed successfully.\n",
            expect![[r#"
                malformed line 1: found "Share name        SMS_P01", expected the header or a row of a `net share` table
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
    fn the_header_is_recognised() {
        let head =
            |text: &str| NetShare.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
        assert_eq!(head(NT4), Some(95));
        assert_eq!(head("Share name   Resource                        Remark\n"), Some(80));
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
