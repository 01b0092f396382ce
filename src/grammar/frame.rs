//! Matching a compiled frame against bytes.

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::language::{Field, Part};

/// A frame ready to match.
#[derive(Clone, Debug)]
pub struct Frame {
    steps: Vec<Step>,
}

#[derive(Clone, Debug)]
enum Step {
    Literal(Vec<u8>),
    Blanks,
    /// A field, and the bytes at which a free text ends.
    Field(Field, Box<[bool; 256]>),
    /// Anything up to this text, which follows.
    SkipTo(Vec<u8>),
    Optional(Vec<Step>),
}

/// What a frame told. Ranges are places in the matched bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub component: Range<usize>,
    pub zone: Range<usize>,
    pub bias: Option<i32>,
    pub thread: Option<u32>,
    pub severity: Option<u8>,
    year: Option<i32>,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: u32,
    afternoon: Option<bool>,
}

/// Free text in a frame is never longer than this, in bytes.
const LONGEST_TEXT: usize = 260;

impl Frame {
    /// Compiles the parts of a frame, the message left out.
    pub fn new(parts: &[Part]) -> Self {
        Self { steps: steps(parts, &[false; 256]) }
    }

    /// The literal with which every match starts, if the frame starts with one.
    pub fn opener(&self) -> Option<&[u8]> {
        match self.steps.first() {
            Some(Step::Literal(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// Matches at `at`; gives the end of the match and what it told.
    pub fn match_at(&self, bytes: &[u8], at: usize) -> Option<(usize, Told)> {
        let mut told = Told::default();
        let end = run(&self.steps, bytes, at, &mut told)?;
        Some((end, told))
    }
}

impl Told {
    /// The local time, if the frame has one and it is a real date.
    pub fn local(&self) -> Option<NaiveDateTime> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        let date = NaiveDate::from_ymd_opt(self.year?, self.month, self.day)?;
        Some(date.and_time(NaiveTime::from_hms_nano_opt(hour, self.minute, self.second, self.nanosecond)?))
    }
}

/// Compiles parts; `after` are the bytes that may follow the last one.
fn steps(parts: &[Part], after: &[bool; 256]) -> Vec<Step> {
    let mut follow = *after;
    let mut out = Vec::with_capacity(parts.len());
    for part in parts.iter().rev() {
        match part {
            Part::Literal(bytes) => {
                follow = [false; 256];
                follow[usize::from(bytes[0])] = true;
                out.push(Step::Literal(bytes.clone()));
            }
            Part::Blanks => {
                follow = [false; 256];
                for blank in b" \t\r\n" {
                    follow[usize::from(*blank)] = true;
                }
                out.push(Step::Blanks);
            }
            Part::Field(field) => {
                match (field, out.last()) {
                    (Field::Skip, Some(Step::Literal(literal))) => {
                        let literal = literal.clone();
                        out.push(Step::SkipTo(literal));
                    }
                    _ => out.push(Step::Field(*field, Box::new(follow))),
                }
                follow = first_bytes(*field);
            }
            Part::Optional(inner) => {
                let inner = steps(inner, &follow);
                if let Some(first) = inner.first() {
                    let more = match first {
                        Step::Literal(bytes) => single(bytes[0]),
                        Step::Blanks => blanks(),
                        Step::Field(field, _) => first_bytes(*field),
                        Step::Optional(_) | Step::SkipTo(_) => [false; 256],
                    };
                    for (place, byte) in follow.iter_mut().zip(more) {
                        *place |= byte;
                    }
                }
                out.push(Step::Optional(inner));
            }
        }
    }
    out.reverse();
    out
}

fn single(byte: u8) -> [bool; 256] {
    let mut set = [false; 256];
    set[usize::from(byte)] = true;
    set
}

fn blanks() -> [bool; 256] {
    std::array::from_fn(|byte| matches!(byte as u8, b' ' | b'\t' | b'\r' | b'\n'))
}

/// The bytes with which a field can start.
fn first_bytes(field: Field) -> [bool; 256] {
    std::array::from_fn(|byte| {
        let byte = byte as u8;
        match field {
            Field::Bias => byte.is_ascii_digit() || byte == b'+' || byte == b'-',
            Field::Weekday | Field::MonthName | Field::Half => byte.is_ascii_alphabetic(),
            Field::HexThread => byte.is_ascii_hexdigit(),
            Field::Component | Field::Zone | Field::Skip | Field::Message => false,
            _ => byte.is_ascii_digit(),
        }
    })
}

fn run(steps: &[Step], bytes: &[u8], mut at: usize, told: &mut Told) -> Option<usize> {
    for step in steps {
        at = match step {
            Step::Literal(literal) => {
                let found = bytes.get(at..at + literal.len())?;
                found.eq_ignore_ascii_case(literal).then_some(at + literal.len())?
            }
            Step::Blanks => {
                let count = bytes.get(at..)?.iter().take_while(|byte| is_blank(**byte)).count();
                (count != 0).then_some(at + count)?
            }
            Step::Field(field, stops) => read(*field, stops, bytes, at, told)?,
            Step::SkipTo(literal) => {
                let rest = bytes.get(at..)?;
                at + memchr::memmem::find(&rest[..rest.len().min(LONGEST_TEXT)], literal)?
            }
            Step::Optional(inner) => {
                let before = told.clone();
                match run(inner, bytes, at, told) {
                    Some(end) => end,
                    None => {
                        *told = before;
                        at
                    }
                }
            }
        };
    }
    Some(at)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Reads one field; gives the place behind it.
fn read(field: Field, stops: &[bool; 256], bytes: &[u8], at: usize, told: &mut Told) -> Option<usize> {
    let mut whole = |digits: Range<usize>, low: u32, high: u32, place: fn(&mut Told) -> &mut u32| {
        let (value, end) = decimal(bytes, at, digits)?;
        if value < low || high < value {
            return None;
        }
        *place(told) = value;
        Some(end)
    };
    match field {
        Field::Month => whole(1..2, 1, 12, |told| &mut told.month),
        Field::Day => whole(1..2, 1, 31, |told| &mut told.day),
        Field::Hour => whole(1..2, 0, 23, |told| &mut told.hour),
        Field::Minute => whole(2..2, 0, 59, |told| &mut told.minute),
        Field::Second => whole(2..2, 0, 59, |told| &mut told.second),
        Field::Year => {
            let (value, end) = decimal(bytes, at, 4..4)?;
            told.year = Some(value as i32);
            Some(end)
        }
        Field::ShortYear => {
            let (value, end) = decimal(bytes, at, 2..4)?;
            told.year = Some(match value {
                0..80 => 2000 + value as i32,
                80..100 => 1900 + value as i32,
                _ => value as i32,
            });
            Some(end)
        }
        Field::Fraction => {
            let (value, end) = decimal(bytes, at, 1..9)?;
            told.nanosecond = value * 10_u32.pow(9 - (end - at) as u32);
            Some(end)
        }
        Field::Weekday => {
            let name = bytes.get(at..at + 3)?;
            [b"sun", b"mon", b"tue", b"wed", b"thu", b"fri", b"sat"]
                .iter()
                .any(|day| name.eq_ignore_ascii_case(*day))
                .then_some(at + 3)
        }
        Field::MonthName => {
            told.month = month_of(bytes.get(at..at + 3)?)?;
            Some(at + 3)
        }
        Field::Half => {
            told.afternoon = match bytes.get(at..at + 2)?.to_ascii_lowercase().as_slice() {
                b"am" => Some(false),
                b"pm" => Some(true),
                _ => return None,
            };
            Some(at + 2)
        }
        Field::Bias => {
            let (sign, start) = match bytes.get(at)? {
                b'-' => (-1, at + 1),
                b'+' => (1, at + 1),
                _ => (1, at),
            };
            let (value, end) = decimal(bytes, start, 1..6)?;
            told.bias = Some(sign * value as i32);
            Some(end)
        }
        Field::Severity => {
            let (value, end) = decimal(bytes, at, 1..1)?;
            told.severity = Some(value as u8);
            Some(end)
        }
        Field::Number => decimal(bytes, at, 1..9).map(|(_, end)| end),
        Field::Thread => {
            let digits = bytes.get(at..)?.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
            let text = std::str::from_utf8(bytes.get(at..at + digits)?).ok()?;
            told.thread = text.parse().ok();
            (digits != 0).then_some(at + digits)
        }
        Field::HexThread => {
            let digits = bytes.get(at..)?.iter().take(8).take_while(|byte| byte.is_ascii_hexdigit()).count();
            let text = std::str::from_utf8(bytes.get(at..at + digits)?).ok()?;
            // A decimal number before it says the same, so it wins.
            told.thread = told.thread.or_else(|| u32::from_str_radix(text, 16).ok());
            (digits != 0).then_some(at + digits)
        }
        Field::Component => {
            let end = text_end(bytes, at, stops)?;
            told.component = at..end;
            let whole = !bytes[at..end].iter().any(|byte| matches!(byte, b'<' | b'>'));
            (at < end && whole).then_some(end)
        }
        Field::Zone => {
            let end = text_end(bytes, at, stops)?;
            told.zone = at..end;
            Some(end)
        }
        Field::Skip => text_end(bytes, at, stops),
        // The message is no part of a compiled frame.
        Field::Message => None,
    }
}

/// Where a free text ends: at the first byte that may follow it, or at the end of the bytes.
fn text_end(bytes: &[u8], at: usize, stops: &[bool; 256]) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let length = rest.iter().take(LONGEST_TEXT).position(|byte| stops[usize::from(*byte)]);
    match length {
        Some(length) => Some(at + length),
        None => (rest.len() <= LONGEST_TEXT).then_some(bytes.len()),
    }
}

/// A decimal number of `digits.start` to `digits.end` digits, both included.
fn decimal(bytes: &[u8], at: usize, digits: Range<usize>) -> Option<(u32, usize)> {
    let mut value = 0;
    let mut end = at;
    while end < at + digits.end {
        let Some(digit) = bytes.get(end).filter(|byte| byte.is_ascii_digit()) else { break };
        value = value * 10 + u32::from(digit - b'0');
        end += 1;
    }
    (at + digits.start <= end).then_some((value, end))
}

fn month_of(name: &[u8]) -> Option<u32> {
    const MONTHS: [&[u8; 3]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let place = MONTHS.iter().position(|month| name.eq_ignore_ascii_case(*month))?;
    Some(place as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::super::language::parts;
    use super::*;
    use proptest::prelude::*;

    const TRACE: &str = "$$<{component}><{weekday} {monthname} {day} {hour}:{minute}:{second}.{fraction} {year}[ [{zone}]]><thread={thread}[ (0x{hexthread})]>";

    fn check(frame: &str, line: &str, expected: Option<&str>) {
        let frame = Frame::new(&parts(frame).unwrap());
        let found = frame.match_at(line.as_bytes(), 0).map(|(end, told)| {
            let zone = &line[told.zone.clone()];
            let local = told.local().map(|local| local.to_string()).unwrap_or_default();
            format!("{end} {} {local} {zone} {:?}", &line[told.component.clone()], told.thread)
        });
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_zoned_tail_is_read() {
        check(
            TRACE,
            "$$<SMS_EXECUTIVE><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=281 (0x119)>",
            Some("89 SMS_EXECUTIVE 1999-03-26 10:43:41.547 Eastern Standard Time Some(281)"),
        );
        check(
            TRACE,
            "$$<APM><Wed May 10 09:15:12.360 2000 ><thread=4294758987 (0xFFFCD24B)>",
            Some("70 APM 2000-05-10 09:15:12.360  Some(4294758987)"),
        );
        check(TRACE, "$$<APM><Wed May 10 09:15:12.360 20", None);
    }

    #[test]
    fn halves_of_the_day_are_read() {
        let frame = "{month}/{day}/{shortyear} {hour}:{minute}:{second} {half}";
        check(frame, "9/20/99 12:24:00 AM", Some("19  1999-09-20 00:24:00  None"));
        check(frame, "9/20/01 12:24:00 PM", Some("19  2001-09-20 12:24:00  None"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>, at in 0_usize..40) {
            let frame = Frame::new(&parts(TRACE).unwrap());
            let _ = frame.match_at(&bytes, at);
            let mut tail = b"$$<A><Fri Mar 26 10:43:41.547 ".to_vec();
            tail.extend(bytes);
            let _ = frame.match_at(&tail, 0);
        }
    }
}
