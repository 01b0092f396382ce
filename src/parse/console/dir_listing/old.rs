//! Rows with the name first, as MS-DOS, Windows NT 3.1 on FAT and `dir /-n` print them: an 8.3 name in two
//! fields, the size or `<DIR>`, date, time; Windows 95 adds the long name.

use super::dates::Printed;
use super::entry::{RowKind, date_and_time, number};

/// A row with the name first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldRow {
    pub printed: Printed,
    pub kind: RowKind,
    pub name: String,
}

/// Columns of the name, and of the extension after one blank.
const NAME: usize = 8;
const EXTENSION: usize = 3;

/// Reads a row with the name first.
pub fn row(line: &str) -> Option<OldRow> {
    at_margin(line).or_else(|| at_margin(line.trim_start()))
}

fn at_margin(line: &str) -> Option<OldRow> {
    let (name, rest) = cut(line, NAME)?;
    let (extension, rest) = cut(rest.strip_prefix(' ')?, EXTENSION)?;
    let (name, extension) = (name.trim_end(), extension.trim_end());
    if name.is_empty() || name.starts_with(' ') || extension.contains(' ') || !rest.starts_with(' ') {
        return None;
    }
    let rest = rest.trim_start();
    let (kind, rest) = match rest.strip_prefix("<DIR>") {
        Some(rest) => (RowKind::Folder, rest),
        None => {
            let size = number(rest.as_bytes(), 0, Some(0), false)?;
            (RowKind::File(size.value), rest.get(size.end..)?)
        }
    };
    if !rest.starts_with(' ') {
        return None;
    }
    let (printed, end) = date_and_time(rest.as_bytes(), 0)?;
    let long = rest.get(end..)?.trim();
    let name = match (long, extension) {
        ("", "") => name.to_owned(),
        ("", _) => format!("{name}.{extension}"),
        _ => long.to_owned(),
    };
    Some(OldRow { printed, kind, name })
}

/// The first characters of a text, and the rest.
fn cut(text: &str, count: usize) -> Option<(&str, &str)> {
    let (end, last) = text.char_indices().nth(count - 1)?;
    text.split_at_checked(end + last.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(line: &str, expected: Expect) {
        let shown = row(line).map_or("-".to_owned(), |row| format!("{:?} {:?}", row.kind, row.name));
        expected.assert_eq(&shown);
    }

    #[test]
    fn names_stand_first() {
        check("TOOLS         <DIR>             08/30/93  10:51a", expect![[r#"Folder "TOOLS""#]]);
        check("README   TXT               1291 08/27/93  10:40a", expect![[r#"File(1291) "README.TXT""#]]);
        check("..           <DIR>      07-24-93   5:11a", expect![[r#"Folder "..""#]]);
        check("SETUP    EXE        58,800 06-21-95  12:00a", expect![[r#"File(58800) "SETUP.EXE""#]]);
        check(
            "PROGRA~1     <DIR>        06-21-95  12:00a Program Files",
            expect![[r#"Folder "Program Files""#]],
        );
        check("   AB       DLL        97,600 04-06-93  12:00a", expect![[r#"File(97600) "AB.DLL""#]]);
    }

    #[test]
    fn other_lines_are_no_rows() {
        check("06/01/01  07:44p        <DIR>          .", expect!["-"]);
        check("SETUP    INI", expect!["-"]);
        check("              22 File(s)     20,649,969 bytes", expect!["-"]);
        check("The file was written 12 08/27/93  10:40a", expect!["-"]);
    }
}
