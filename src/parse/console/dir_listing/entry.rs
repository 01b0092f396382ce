//! One row of a listing: date, time, size or marker, and where the name begins.

use super::dates::{Clock, Printed};
use super::loose;

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
    /// The column of that byte, in characters.
    pub column: usize,
    /// Likewise, where the row leaves no doubt that names begin there in this listing.
    pub name_column: Option<usize>,
}

/// The markers that stand in place of a size.
const MARKERS: [(&str, RowKind); 8] = [
    ("<DIR>", RowKind::Folder),
    ("<JUNCTION>", RowKind::FolderLink),
    ("<SYMLINKD>", RowKind::FolderLink),
    ("<SYMLINK>", RowKind::FileLink),
    // French systems before Windows Vista.
    ("<REP>", RowKind::Folder),
    ("<KATALOG>", RowKind::Folder),
    // Japanese command processors; articles that must not hold a tag.
    ("＜DIR＞", RowKind::Folder),
    ("-DIR-", RowKind::Folder),
];

/// Columns that a marker fills up with blanks.
const MARKER_WIDTH: usize = 15;

/// Columns from the end of the time to the name: Windows XP and later, 2000, NT 4, NT 3.5.
const WIDTHS: [usize; 4] = [19, 21, 23, 27];

/// Reads a row. `name_column` is the one of an earlier row; it tells a size that is grouped with blanks
/// from a name that begins with digits.
pub fn row(line: &str, name_column: Option<usize>) -> Option<Row> {
    scan(line.as_bytes(), name_column).or_else(|| {
        let (printed, end) = loose::date_and_time(line)?;
        let lead = line.get(..end)?.chars().count();
        entry(line.as_bytes(), printed, end, lead, name_column)
    })
}

/// Reads a row whose date and time are plain ASCII, in UTF-8 or any 8-bit code page.
pub fn scan(line: &[u8], name_column: Option<usize>) -> Option<Row> {
    let (printed, end) = date_and_time(line, 0)?;
    entry(line, printed, end, end, name_column)
}

/// What a row lists that has lost its name.
pub fn nameless(line: &str) -> Option<RowKind> {
    row(&format!("{} ?", line.trim_end()), None)
        .filter(|row| row.name_at > line.trim_end().len())
        .map(|row| row.kind)
}

/// Reads what follows the time, which ends at the byte `end` and the column `lead`.
fn entry(line: &[u8], printed: Printed, end: usize, lead: usize, name_column: Option<usize>) -> Option<Row> {
    let at = end + blanks(line, end);
    if at == end {
        return None;
    }
    let (name_at, width, kind, certain) = match *line.get(at)? {
        b'0'..=b'9' | b'(' => {
            let room = name_column.and_then(|column| column.checked_sub(lead + at - end + 1));
            let size = size(line, at, room.or_else(|| standard_room(line, end, at)))?;
            (size.end + 1, at - end + size.width + 1, RowKind::File(size.value), !size.by_blanks)
        }
        _ => {
            let marker = marker(line, at)?;
            (marker.end, at - end + marker.width, marker.kind, marker.certain)
        }
    };
    let column = lead + width;
    let name_column = certain.then_some(column);
    (name_at < line.len()).then_some(Row { printed, kind, name_at, column, name_column })
}

/// The room of a size whose first digits end where a size of some Windows ends: blanks do not group it.
fn standard_room(line: &[u8], end: usize, at: usize) -> Option<usize> {
    let digits = line.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    WIDTHS.contains(&(at + digits + 1 - end)).then_some(digits)
}

struct Marker {
    end: usize,
    width: usize,
    kind: RowKind,
    /// Whether the name stands at its column.
    certain: bool,
}

/// A marker, and the byte at which the name begins, after the blanks that belong to the marker.
fn marker(line: &[u8], at: usize) -> Option<Marker> {
    let rest = line.get(at..)?;
    let (mark, kind) = MARKERS.iter().find(|(mark, _)| rest.starts_with(mark.as_bytes()))?;
    let width = mark.chars().count();
    let after = at + mark.len();
    let pad = MARKER_WIDTH.saturating_sub(width).max(1);
    let found = blanks(line, after);
    let certain = found >= pad && after + pad < line.len();
    // Blanks may have been lost on the way, in a mail for example.
    let kept = if certain { pad } else { found };
    (kept != 0).then_some(Marker { end: after + kept, width: width + kept, kind: *kind, certain })
}

/// A number as it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    pub value: u64,
    /// The byte behind it.
    pub end: usize,
    /// Characters that it fills.
    pub width: usize,
    /// Whether blanks group its digits.
    pub by_blanks: bool,
}

/// A size, which stands in parentheses when the file is on remote storage; one blank follows.
fn size(line: &[u8], at: usize, room: Option<usize>) -> Option<Number> {
    let remote = usize::from(line.get(at) == Some(&b'('));
    let number = number(line, at + remote, room, false)?;
    let closed = remote == 0 || line.get(number.end) == Some(&b')');
    let end = number.end + remote;
    (closed && line.get(end) == Some(&b' ')).then_some(Number {
        end,
        width: number.width + 2 * remote,
        ..number
    })
}

/// A number whose digits may stand in groups of three. `room` is the width that it can fill at most;
/// it matters only where blanks group the digits. `last` allows the line to end with it.
pub fn number(line: &[u8], at: usize, room: Option<usize>, last: bool) -> Option<Number> {
    let rest = line.get(at..)?;
    let head = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = |from: usize, count: usize| {
        let digits = rest.get(from..from + count)?;
        let add = |total: u64, digit: &u8| total.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
        digits.iter().try_fold(0, add)
    };
    if !(1..=20).contains(&head) {
        return None;
    }
    let mut value = digits(0, head)?;
    let (mut end, mut width, mut separator) = (head, head, None);
    while let Some((mark, length)) = separates(rest.get(end..)?).filter(|_| head <= 3) {
        let from = end + length;
        let group = rest.get(from..).unwrap_or_default();
        if group.len() < 3 || !group[..3].iter().all(u8::is_ascii_digit) {
            break;
        }
        let next = group.get(3);
        // A blank separates only what further blanks end, as in names it is common.
        let ends = match mark {
            b' ' => next == Some(&b' ') || (last && next.is_none_or(|byte| !byte.is_ascii_digit())),
            _ => !next.is_some_and(u8::is_ascii_digit),
        };
        let full = mark == b' ' && room.is_some_and(|room| width >= room);
        if !ends || full || separator.is_some_and(|separator| separator != mark) {
            break;
        }
        value = value.checked_mul(1000)?.checked_add(digits(from, 3)?)?;
        (end, width, separator) = (from + 3, width + 4, Some(mark));
    }
    Some(Number { value, end: at + end, width, by_blanks: separator == Some(b' ') })
}

/// The separator of digits that a text begins with, and its bytes: blanks are plain, non-breaking or narrow.
///
/// A non-breaking blank is 0xA0 in ANSI pages and 0xFF in OEM ones, and `ÿ` or `á` once the wrong one was
/// taken for text; what no page knows is `?` or U+FFFD.
fn separates(rest: &[u8]) -> Option<(u8, usize)> {
    match rest {
        [mark @ (b',' | b'.' | b'\'' | b' ' | b'?'), ..] => Some((*mark, 1)),
        [0xC2, 0xA0, ..] | [0xC3, 0xBF | 0xA1, ..] => Some((0xA0, 2)),
        [0xE2, 0x80, 0x99, ..] => Some((b'\'', 3)),
        [0xE2, 0x80, 0xAF | 0x89, ..] | [0xEF, 0xBF, 0xBD, ..] => Some((0xA0, 3)),
        [0xA0 | 0xFF, ..] => Some((0xA0, 1)),
        _ => None,
    }
}

/// Blanks from a byte on.
fn blanks(line: &[u8], at: usize) -> usize {
    line.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b' ').count()
}

/// A date and a time from a byte on, after a margin, and the byte behind them, at which a blank stands or
/// the line ends.
pub fn date_and_time(line: &[u8], at: usize) -> Option<(Printed, usize)> {
    if let Some((printed, end)) = common_date_and_time(line).filter(|_| at == 0) {
        return Some((printed, end));
    }
    let at = at + blanks(line, at);
    let (first, first_len, at) = field(line, at)?;
    let separator = *line.get(at).filter(|byte| b"/.-".contains(byte))?;
    let (second, second_len, at) = field(line, at + 1)?;
    if second_len > 2 || line.get(at) != Some(&separator) {
        return None;
    }
    let (third, third_len, at) = field(line, at + 1)?;
    let year_at = match (first_len, third_len) {
        (1..=2, 1..=2) => None,
        (4, 1..=2) => Some(0),
        (1..=2, 4) => Some(2),
        _ => return None,
    };
    let gap = blanks(line, at);
    let (hour, minute, at) = time(line, at + gap).filter(|_| gap != 0)?;
    let (clock, end) = half(line, at);
    let ends = line.get(end).is_none_or(|byte| *byte == b' ');
    let fields = [first, second, third];
    ends.then_some((Printed { fields, year_at, separator, named: None, hour, minute, clock }, end))
}

/// The form of most systems, `12/07/2019  02:09`, in one look; what is not of it may still be a date.
fn common_date_and_time(line: &[u8]) -> Option<(Printed, usize)> {
    let (head, rest) = line.split_first_chunk::<17>()?;
    let [a, b, separator, c, d, second, e, f, g, h, b' ', b' ', i, j, b':', k, l] = head else { return None };
    let digits = [a, b, c, d, e, f, g, h, i, j, k, l].map(|digit| digit.wrapping_sub(b'0'));
    let plain = digits.iter().all(|digit| *digit <= 9) && separator == second && b"/.-".contains(separator);
    let [a, b, c, d, e, f, g, h, i, j, k, l] = digits;
    let pair = |high: u8, low: u8| high.wrapping_mul(10).wrapping_add(low);
    let year = u16::from(pair(e, f)) * 100 + u16::from(pair(g, h));
    let fields = [u16::from(pair(a, b)), u16::from(pair(c, d)), year];
    let (hour, minute) = (pair(i, j), pair(k, l));
    let (clock, end) = half(line, 17);
    let ends = rest.get(end - 17).is_none_or(|byte| *byte == b' ');
    let fits = plain && hour <= 23 && minute <= 59 && ends;
    let printed =
        Printed { fields, year_at: Some(2), separator: *separator, named: None, hour, minute, clock };
    fits.then_some((printed, end))
}

/// A number of up to four digits, how many it has, and the byte behind it.
fn field(line: &[u8], at: usize) -> Option<(u16, usize, usize)> {
    let digits = line.get(at..)?.iter().take(4).take_while(|byte| byte.is_ascii_digit());
    let (value, len) =
        digits.fold((0, 0), |(value, len), digit| (value * 10 + u16::from(digit - b'0'), len + 1));
    (len != 0).then_some((value, len, at + len))
}

/// Hour and minute, and the byte behind them.
pub fn time(line: &[u8], at: usize) -> Option<(u8, u8, usize)> {
    let (hour, hour_len, at) = field(line, at)?;
    line.get(at).filter(|byte| matches!(byte, b':' | b'.'))?;
    let (minute, minute_len, at) = field(line, at + 1)?;
    (hour_len <= 2 && hour <= 23 && minute_len == 2 && minute <= 59).then_some((hour as u8, minute as u8, at))
}

/// `a` and `p` stand glued to the time up to Windows 2000, ` AM` and ` PM` after a blank from XP on.
fn half(line: &[u8], at: usize) -> (Clock, usize) {
    let english = |afternoon| Clock::English { afternoon };
    match line.get(at..).unwrap_or_default() {
        [half @ (b'a' | b'A' | b'p' | b'P'), rest @ ..] => {
            let glued = usize::from(matches!(rest, [b'm' | b'M', ..]));
            (english(half.eq_ignore_ascii_case(&b'p')), at + 1 + glued)
        }
        [b' ', half @ (b'A' | b'P'), b'M', ..] => (english(*half == b'P'), at + 3),
        [b' ', half @ (b'a' | b'p'), b'm', ..] => (english(*half == b'p'), at + 3),
        _ => (Clock::Day, at),
    }
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
