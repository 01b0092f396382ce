//! Dates and times in formats that somebody edited, or with words of other languages for the half of the day.

use super::dates::{Clock, Order, Printed};
use super::entry::time;

/// What stands for the halves of the day, and whether it is the second one.
const HALVES: [(&str, bool); 22] = [
    ("AM", false),
    ("PM", true),
    ("a. m.", false),
    ("p. m.", true),
    ("a.m.", false),
    ("p.m.", true),
    ("a m", false),
    ("p m", true),
    ("上午", false),
    ("下午", true),
    ("오전", false),
    ("오후", true),
    ("午前", false),
    ("午後", true),
    ("π.μ.", false),
    ("μ.μ.", true),
    ("πμ", false),
    ("μμ", true),
    ("dop.", false),
    ("odp.", true),
    ("de.", false),
    ("du.", true),
];

/// The English names of months, of which the first three letters are compared.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Characters of a line within which the time must stand.
const REACH: usize = 60;

/// A date in any format and a time, and the byte behind them, at which a blank stands.
pub fn date_and_time(line: &str) -> Option<(Printed, usize)> {
    let bytes = line.as_bytes();
    let starts = |at: &usize| {
        bytes[*at].is_ascii_digit() && line.get(..*at).is_some_and(|before| before.ends_with([' ', '\u{a0}']))
    };
    (1..bytes.len().min(REACH)).filter(starts).find_map(|at| {
        let (hour, minute, end) = time(bytes, at)?;
        let (date, before) = date(line.get(..at)?)?;
        let (after, end) = half(line, end)?;
        let clock = match (before, after) {
            (Clock::Day, clock) | (clock, Clock::Day) => clock,
            _ => return None,
        };
        Some((Printed { hour, minute, clock, ..date }, end))
    })
}

/// The half of the day behind a time, and the byte behind it.
fn half(line: &str, at: usize) -> Option<(Clock, usize)> {
    let rest = line.get(at..)?;
    let words = rest.strip_prefix([' ', '\u{a0}'])?;
    if words.starts_with([' ', '<', '(', '＜']) || words.starts_with(|c: char| c.is_ascii_digit()) {
        return rest.starts_with(' ').then_some((Clock::Day, at));
    }
    // A short word, before the room that a size has.
    let length = words.find("  ").or_else(|| words.find(" <"))?;
    let word = words.get(..length)?;
    let plain = word.replace('\u{a0}', " ");
    let end = at + rest.len() - words.len() + length;
    let known = HALVES.iter().find(|(half, _)| plain.eq_ignore_ascii_case(half));
    if let Some((half, afternoon)) = known {
        return Some((clock(half, *afternoon), end));
    }
    let is_word =
        plain.chars().count() <= 8 && plain.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | ' '));
    is_word.then_some((Clock::Unknown, end))
}

fn clock(half: &str, afternoon: bool) -> Clock {
    match half {
        "AM" | "PM" => Clock::English { afternoon },
        _ => Clock::Local { afternoon },
    }
}

/// Three numbers, or two and the name of a month, with weekdays and separators around them; also the half of
/// the day, which stands before the time in the East.
fn date(text: &str) -> Option<(Printed, Clock)> {
    let mut rest = text.trim();
    let mut half = Clock::Day;
    for (name, afternoon) in HALVES {
        if let Some(before) = rest.strip_suffix(name).filter(|before| before.ends_with(' ')) {
            (rest, half) = (before.trim_end(), clock(name, afternoon));
        }
    }
    let mut fields: Vec<Field> = Vec::with_capacity(3);
    let mut separator = b'.';
    for word in rest.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = match word.chars().next_back() {
            Some(mark) if !mark.is_alphanumeric() => {
                if !matches!(mark, '/' | '.' | '-' | ',' | ' ' | '\'' | '’' | '\u{a0}') {
                    return None;
                }
                if "/.-".contains(mark) {
                    separator = mark as u8;
                }
                word.strip_suffix(mark)?
            }
            _ => word,
        };
        for part in split_digits(word) {
            fields.extend(Field::of(part)?);
        }
    }
    // `mar` is March, and Tuesday in French: without three numbers a month has its name.
    if fields.iter().filter(|field| !field.named).count() == 3 {
        fields.retain(|field| !field.named);
    }
    let [first, second, third] = *fields.as_slice() else { return None };
    let year_at = match (first.digits, third.digits) {
        (1..=2, 1..=2) => None,
        (4, 1..=2) => Some(0),
        (1..=2, 4) => Some(2),
        _ => return None,
    };
    let named = match (first.named, second.named, third.named) {
        (false, false, false) => None,
        (true, false, false) => Some(Order::MonthDayYear),
        (false, true, false) if year_at == Some(0) => Some(Order::YearMonthDay),
        (false, true, false) => Some(Order::DayMonthYear),
        _ => return None,
    };
    let fields = [first.value, second.value, third.value];
    let date = Printed { fields, year_at, separator, named, hour: 0, minute: 0, clock: Clock::Day };
    (second.digits <= 2).then_some((date, half))
}

/// A number, or the name of a month, of a date.
#[derive(Clone, Copy)]
struct Field {
    value: u16,
    digits: usize,
    named: bool,
}

impl Field {
    /// `Some(None)` for a word that says nothing, such as a weekday.
    fn of(part: &str) -> Option<Option<Self>> {
        if !part.starts_with(|c: char| c.is_ascii_digit()) {
            let month = month_named(part).map(|value| Self { value, digits: 2, named: true });
            return (part.chars().count() <= 12).then_some(month);
        }
        let value = part.parse().ok().filter(|_| part.len() <= 4)?;
        Some(Some(Self { value, digits: part.len(), named: false }))
    }
}

/// A word cut where digits begin and end, as in `2012年04月`.
fn split_digits(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

fn month_named(word: &str) -> Option<u16> {
    let start = word.get(..3)?.to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| *month == start)?;
    Some(index as u16 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(line: &str, expected: Expect) {
        let shown = date_and_time(line).map_or("-".to_owned(), |(printed, end)| {
            let Printed { fields, year_at, named, hour, minute, clock, .. } = printed;
            let rest = line.get(end..).unwrap();
            format!("{fields:?} {year_at:?} {named:?} {hour}:{minute} {clock:?} {rest:?}")
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn edited_formats() {
        check(
            "Fr, 04. 07. 2025  07:46                 8 x",
            expect![[r#"[4, 7, 2025] Some(2) None 7:46 Day "                 8 x""#]],
        );
        check("Вт 15.03.22  21:26    <DIR>", expect![[r#"[15, 3, 22] None None 21:26 Day "    <DIR>""#]]);
        check("2012. 04. 08.  17:23    1 x", expect![[r#"[2012, 4, 8] Some(0) None 17:23 Day "    1 x""#]]);
        check("2012年04月08日  17:23    1 x", expect![[r#"[2012, 4, 8] Some(0) None 17:23 Day "    1 x""#]]);
        check(
            "04-Jul-25  17:23    1 x",
            expect![[r#"[4, 7, 25] None Some(DayMonthYear) 17:23 Day "    1 x""#]],
        );
    }

    #[test]
    fn halves_of_the_day() {
        check(
            "23/07/2026  03:26 p. m.    <DIR>          .",
            expect![[r#"[23, 7, 2026] Some(2) None 3:26 Local { afternoon: true } "    <DIR>          .""#]],
        );
        check(
            "23/07/2026  03:26 a.\u{a0}m.    <DIR>",
            expect![[r#"[23, 7, 2026] Some(2) None 3:26 Local { afternoon: false } "    <DIR>""#]],
        );
        check(
            "2023-09-26  오전 10:27             1,112 x",
            expect![[
                r#"[2023, 9, 26] Some(0) None 10:27 Local { afternoon: false } "             1,112 x""#
            ]],
        );
        check(
            "04.07.2025  03:26 xy.    <DIR>",
            expect![[r#"[4, 7, 2025] Some(2) None 3:26 Unknown "    <DIR>""#]],
        );
    }

    #[test]
    fn prose_is_no_date() {
        check("on 12. 07. 2025 at 10:30 with 5 people", expect!["-"]);
        check("09/15-98 (x)  09:27   1 x", expect!["-"]);
        check("1 2 3 4  09:27   1 x", expect!["-"]);
        check("              22 File(s)     20:64 x", expect!["-"]);
    }
}
