//! One row of a listing: date, time, size or marker, and where the name begins.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n};
use nom::character::complete::{char, one_of, satisfy, space1};
use nom::combinator::{map, opt, peek, value, verify};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

use super::dates::Printed;

/// What a row lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    File(u64),
    Folder,
    /// A link to a folder, counted among the folders.
    FolderLink,
    /// A link to a file, counted among the files with no bytes.
    FileLink,
}

/// A row before its name is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub printed: Printed,
    pub kind: RowKind,
    /// The byte at which the text after the separating blank begins: the name, or more columns and the name.
    pub name_at: usize,
    /// The column, in characters, at which names begin in this listing, where the row leaves no doubt.
    pub name_column: Option<usize>,
}

/// The markers that stand in place of a size.
const MARKERS: [(&str, RowKind); 4] = [
    ("<DIR>", RowKind::Folder),
    ("<JUNCTION>", RowKind::FolderLink),
    ("<SYMLINKD>", RowKind::FolderLink),
    ("<SYMLINK>", RowKind::FileLink),
];

/// Columns that a marker fills up with blanks.
const MARKER_WIDTH: usize = 15;

/// Reads a row. `name_column` is the one of an earlier row; it tells a size that is grouped with blanks
/// from a name that begins with digits.
pub fn row(line: &str, name_column: Option<usize>) -> Option<Row> {
    let (rest, printed) = preceded(opt(space1), (date, space1, time, space1)).parse(line).ok()?;
    let at = line.len() - rest.len();
    let found = marker(rest).or_else(|| {
        let room = name_column.and_then(|column| column.checked_sub(line.get(..at)?.chars().count() + 1));
        file(rest, room)
    });
    let (name, kind, certain) = found?;
    let name_at = line.len() - name.len();
    let name_column = match certain {
        true => line.get(..name_at).map(|before| before.chars().count()),
        false => None,
    };
    let ((fields, year_at), _, (hour, minute, afternoon), _) = printed;
    let printed = Printed { fields, year_at, hour, minute, afternoon };
    (!name.is_empty()).then_some(Row { printed, kind, name_at, name_column })
}

/// A marker; the rest is the name, after the blanks that belong to the marker.
fn marker(input: &str) -> Option<(&str, RowKind, bool)> {
    let (mark, kind) = MARKERS.iter().find(|(mark, _)| input.starts_with(mark))?;
    let rest = input.get(mark.len()..)?;
    let pad = MARKER_WIDTH.saturating_sub(mark.len()).max(1);
    let (padding, name) = rest.split_at_checked(pad).unwrap_or((rest, ""));
    match padding.bytes().all(|byte| byte == b' ') && !name.is_empty() {
        true => Some((name, *kind, true)),
        // Blanks were lost on the way, in a mail for example.
        false if rest.starts_with(' ') => Some((rest.trim_start(), *kind, false)),
        false => None,
    }
}

/// A size, which stands in parentheses when the file is on remote storage, and one blank.
fn file(input: &str, room: Option<usize>) -> Option<(&str, RowKind, bool)> {
    let plain = |input| number(input, room);
    let size = alt((plain, delimited(char('('), plain, char(')'))));
    let (name, size) = terminated(size, char(' ')).parse(input).ok()?;
    let printed = input.get(..input.len() - name.len() - 1)?;
    Some((name, RowKind::File(size), !printed.contains(' ')))
}

/// Characters that group digits by three: blanks are plain, non-breaking or narrow non-breaking.
fn groups(character: char) -> bool {
    matches!(character, ',' | '.' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}')
}

/// A number whose digits may stand in groups of three. `room` is the width that it can fill at most;
/// it matters only where blanks group the digits.
pub fn number(input: &str, room: Option<usize>) -> IResult<&str, u64> {
    let (mut rest, head) = take_while_m_n(1, 20, |c: char| c.is_ascii_digit())(input)?;
    let mut total = head.parse::<u64>().ok();
    let (mut separator, mut width) = (None, head.len());
    while head.len() <= 3 {
        let Ok((after, (mark, group))) = digit_group(rest) else { break };
        let full = mark == ' ' && room.is_some_and(|room| width >= room);
        if full || separator.is_some_and(|separator| separator != mark) {
            break;
        }
        let thousands = total.and_then(|total| total.checked_mul(1000));
        total = thousands.zip(group.parse().ok()).and_then(|(high, low)| high.checked_add(low));
        (rest, separator, width) = (after, Some(mark), width + 4);
    }
    match total {
        Some(total) => Ok((rest, total)),
        None => no(input),
    }
}

/// The input is not what the caller looks for.
fn no<T>(input: &str) -> IResult<&str, T> {
    Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify)))
}

/// A separator and exactly three digits. A blank separates only what further blanks end, as in names it is common.
fn digit_group(input: &str) -> IResult<&str, (char, &str)> {
    let (rest, found) = (satisfy(groups), three_digits).parse(input)?;
    let ends = match found.0 {
        ' ' => rest.starts_with(' '),
        _ => !rest.starts_with(|c: char| c.is_ascii_digit()),
    };
    match ends {
        true => Ok((rest, found)),
        false => no(input),
    }
}

fn three_digits(input: &str) -> IResult<&str, &str> {
    take_while_m_n(3, 3, |c: char| c.is_ascii_digit())(input)
}

/// Three numbers and where a four-digit year stands among them.
fn date(input: &str) -> IResult<&str, ([u16; 3], Option<u8>)> {
    let (input, first) = field(input)?;
    let (input, separator) = one_of("/.-")(input)?;
    let (input, second) = verify(field, |(_, digits)| *digits <= 2).parse(input)?;
    let (input, third) = preceded(char(separator), field).parse(input)?;
    let year_at = match (first.1, third.1) {
        (1..=2, 1..=2) => None,
        (4, 1..=2) => Some(0),
        (1..=2, 4) => Some(2),
        _ => return no(input),
    };
    Ok((input, ([first.0, second.0, third.0], year_at)))
}

/// A number of up to four digits, and how many it has.
fn field(input: &str) -> IResult<&str, (u16, usize)> {
    map(take_while_m_n(1, 4, |c: char| c.is_ascii_digit()), |digits: &str| {
        (digits.bytes().fold(0, |number, digit| number * 10 + u16::from(digit - b'0')), digits.len())
    })
    .parse(input)
}

/// Hour, minute and half of the day; a blank must follow.
fn time(input: &str) -> IResult<&str, (u8, u8, Option<bool>)> {
    let (input, (hour, _)) = verify(field, |(hour, digits)| *digits <= 2 && *hour <= 23).parse(input)?;
    let (input, _) = one_of(":.")(input)?;
    let (input, (minute, _)) =
        verify(field, |(minute, digits)| *digits == 2 && *minute <= 59).parse(input)?;
    let (input, half) = terminated(opt(half), peek(char(' '))).parse(input)?;
    Ok((input, (hour as u8, minute as u8, half)))
}

/// `a` and `p` stand glued to the time up to Windows 2000, ` AM` and ` PM` after a blank from XP on.
fn half(input: &str) -> IResult<&str, bool> {
    let glued = (alt((value(false, one_of("aA")), value(true, one_of("pP")))), opt(one_of("mM")));
    let apart = preceded(char(' '), alt((value(false, tag("AM")), value(true, tag("PM")))));
    alt((map(glued, |(afternoon, _)| afternoon), apart)).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(line: &str, name_column: Option<usize>, expected: Expect) {
        let shown = row(line, name_column).map_or("no row".to_owned(), |row| {
            format!("{:?} {:?} {:?}", row.kind, line.get(row.name_at..).unwrap(), row.name_column)
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn period_layouts() {
        check("06/01/01  07:44p        <DIR>          .", None, expect![[r#"Folder "." Some(39)"#]]);
        check(
            "04/13/01  10:03a             1,056,768 dhcp.mdb",
            None,
            expect![[r#"File(1056768) "dhcp.mdb" Some(39)"#]],
        );
        check("10/24/2000  02:28p      <DIR>          x y", None, expect![[r#"Folder "x y" Some(39)"#]]);
        check("07/05/95  06:16p            <DIR>          .", None, expect![[r#"Folder "." Some(43)"#]]);
        check("12/07/2019  02:09 AM             54784 a", None, expect![[r#"File(54784) "a" Some(39)"#]]);
    }

    #[test]
    fn a_name_is_kept_to_the_blank() {
        check(
            "10/24/2000  02:28p                   0   a  b ",
            None,
            expect![[r#"File(0) "  a  b " Some(39)"#]],
        );
        check(
            "12/07/2019  02:09 AM    <JUNCTION>     a [C:\\b]",
            None,
            expect![[r#"FolderLink "a [C:\\b]" Some(39)"#]],
        );
        check("12/07/2019  02:09 AM           (1,234) a", None, expect![[r#"File(1234) "a" Some(39)"#]]);
    }

    #[test]
    fn blanks_group_digits_up_to_the_name_column() {
        check(
            "12.04.2019  10:27     5 209 325 568 IRIS.DAT",
            None,
            expect![[r#"File(5209325568) "IRIS.DAT" None"#]],
        );
        check(
            "12.04.2019  10:27                46 123 456 x",
            Some(36),
            expect![[r#"File(46) "123 456 x" Some(36)"#]],
        );
        check(
            "12.04.2019  10:27            46 123 456 x",
            Some(36),
            expect![[r#"File(46123) "456 x" None"#]],
        );
        check("13/04/2020  19:48             1\u{a0}178 x", None, expect![[r#"File(1178) "x" Some(36)"#]]);
    }

    #[test]
    fn other_lines_are_no_rows() {
        check("README   TXT               1291 08/27/93  10:40a", None, expect!["no row"]);
        check("08/07/95  09:13a   <DIR>", None, expect!["no row"]);
        check("09/15/98  09:27a   123456789012345678901 x", None, expect!["no row"]);
        check("09/15/98  29:27a   1 x", None, expect!["no row"]);
        check("09/15-98  09:27a   1 x", None, expect!["no row"]);
    }
}
