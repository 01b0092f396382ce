//! The steps of a frame: what each takes from the bytes, and with which bytes it can start.

use std::ops::Range;

use super::language::Field;
use super::told::{Span, Told};

/// A step of a frame.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Literal(Box<[u8]>),
    Blanks,
    /// `{hour}:{minute}:{second}`.
    Clock,
    /// A field, and the bytes at which a free text ends.
    Field(Field, Box<Bytes>),
    /// Anything up to this text, which follows.
    SkipTo(Box<[u8]>),
    /// The next steps, so many, may be missing.
    Optional(usize),
}

/// Free text in a frame is never longer than this, in bytes.
const LONGEST_TEXT: usize = 260;

/// A set of bytes.
pub(super) type Bytes = [bool; 256];

pub(super) fn single(byte: u8) -> Bytes {
    std::array::from_fn(|it| it == usize::from(byte))
}

pub(super) fn blanks() -> Bytes {
    std::array::from_fn(|byte| is_blank(byte as u8))
}

/// The bytes with which a field can start; none for free text, which can start with anything.
pub(super) fn first_bytes(field: Field) -> Bytes {
    std::array::from_fn(|byte| {
        let byte = byte as u8;
        match field {
            Field::Bias => byte.is_ascii_digit() || byte == b'+' || byte == b'-',
            Field::Weekday | Field::MonthName | Field::Half => byte.is_ascii_alphabetic(),
            Field::HexThread => byte.is_ascii_hexdigit(),
            _ if is_free_text(field) => false,
            _ => byte.is_ascii_digit(),
        }
    })
}

fn is_free_text(field: Field) -> bool {
    matches!(field, Field::Component | Field::Zone | Field::Skip | Field::Message)
}

impl Step {
    /// The bytes at which free text before this step ends.
    pub(super) fn first_bytes(&self) -> Bytes {
        match self {
            Self::Literal(bytes) => single(bytes[0]),
            Self::Blanks => blanks(),
            Self::Clock => first_bytes(Field::Hour),
            Self::Field(field, _) => first_bytes(*field),
            Self::Optional(_) | Self::SkipTo(_) => [false; 256],
        }
    }

    /// The bytes with which the step can start.
    pub(super) fn starts(&self) -> Bytes {
        match self {
            Self::Literal(bytes) => std::array::from_fn(|byte| bytes[0].eq_ignore_ascii_case(&(byte as u8))),
            Self::SkipTo(_) | Self::Optional(_) => [true; 256],
            Self::Field(field, _) if is_free_text(*field) => [true; 256],
            Self::Blanks | Self::Clock | Self::Field(..) => self.first_bytes(),
        }
    }

    /// Whether it differs from record to record.
    pub(super) fn varies(&self) -> bool {
        match self {
            Self::Clock | Self::SkipTo(_) => true,
            Self::Field(field, _) => matches!(
                field,
                Field::Hour
                    | Field::Minute
                    | Field::Second
                    | Field::Fraction
                    | Field::Thread
                    | Field::HexThread
                    | Field::Number
                    | Field::Skip
            ),
            Self::Literal(_) | Self::Blanks | Self::Optional(_) => false,
        }
    }

    /// Whether it takes digits only, or digits with colons between them.
    pub(super) fn is_number(&self) -> bool {
        self.varies() && !matches!(self, Self::SkipTo(_) | Self::Field(Field::Skip, _))
    }

    /// The same as [`Step::take`], quicker for what most frames have of numbers.
    #[inline]
    pub(super) fn take_number(&self, bytes: &[u8], at: usize, told: &mut Told) -> Option<usize> {
        match self {
            Self::Clock => clock(bytes, at, told),
            Self::Field(Field::Fraction, _) => fraction(bytes, at, told),
            Self::Field(Field::Thread, _) => thread(bytes, at, told),
            Self::Field(Field::HexThread, _) => hex_thread(bytes, at, told),
            other => other.take(bytes, at, told),
        }
    }

    /// Takes what stands at `at`; gives the place behind it.
    pub(super) fn take(&self, bytes: &[u8], at: usize, told: &mut Told) -> Option<usize> {
        match self {
            Self::Literal(literal) => {
                let found = bytes.get(at..at + literal.len())?;
                (**literal == *found || literal.eq_ignore_ascii_case(found)).then_some(at + literal.len())
            }
            Self::Blanks => {
                let count = bytes.get(at..)?.iter().take_while(|byte| is_blank(**byte)).count();
                (count != 0).then_some(at + count)
            }
            Self::Clock => clock(bytes, at, told),
            Self::Field(field, stops) => read(*field, stops, bytes, at, told),
            Self::SkipTo(literal) => {
                let rest = bytes.get(at..)?;
                Some(at + find(&rest[..rest.len().min(LONGEST_TEXT)], literal)?)
            }
            Self::Optional(_) => None,
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The first place of a text; its first byte is rare in what is skipped.
fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(text[0], bytes).find(|at| bytes[*at..].starts_with(text))
}

/// Reads `{hour}:{minute}:{second}`, which nearly always has eight bytes.
fn clock(bytes: &[u8], at: usize, told: &mut Told) -> Option<usize> {
    if let Some(text) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        // What is left is the digits where there must be digits, and nothing where there must be a colon.
        let word = u64::from_le_bytes(*text) ^ u64::from_le_bytes(*b"00:00:00");
        let others = (word.wrapping_add(0x7676_7F76_767F_7676) | word) & 0x8080_8080_8080_8080;
        let two = |shift: u32| (word >> shift & 0xFF) as u32 * 10 + (word >> (shift + 8) & 0xFF) as u32;
        let (hour, minute, second) = (two(0), two(24), two(48));
        if others == 0 && hour < 24 && minute < 60 && second < 60 {
            (told.hour, told.minute, told.second) = (hour, minute, second);
            return Some(at + 8);
        }
    }
    let mut next = at;
    for field in [Field::Hour, Field::Minute, Field::Second] {
        if field != Field::Hour {
            next = (bytes.get(next) == Some(&b':')).then_some(next + 1)?;
        }
        next = read(field, &[false; 256], bytes, next, told)?;
    }
    Some(next)
}

/// Reads one field; gives the place behind it.
fn read(field: Field, stops: &Bytes, bytes: &[u8], at: usize, told: &mut Told) -> Option<usize> {
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
        Field::Fraction => fraction(bytes, at, told),
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
        Field::Thread => thread(bytes, at, told),
        Field::HexThread => hex_thread(bytes, at, told),
        Field::Component => {
            let end = text_end(bytes, at, stops)?;
            told.component = (at, end);
            let whole = !bytes[at..end].iter().any(|byte| matches!(byte, b'<' | b'>'));
            (at < end && whole).then_some(end)
        }
        Field::Zone => {
            let end = text_end(bytes, at, stops)?;
            told.zone = if at == end { Span::default() } else { (at, end) };
            Some(end)
        }
        Field::Skip => text_end(bytes, at, stops),
        // The message is no part of a compiled frame.
        Field::Message => None,
    }
}

/// Where a free text ends: at the first byte that may follow it, or at the end of the bytes.
fn text_end(bytes: &[u8], at: usize, stops: &Bytes) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let length = rest.iter().take(LONGEST_TEXT).position(|byte| stops[usize::from(*byte)]);
    match length {
        Some(length) => Some(at + length),
        None => (rest.len() <= LONGEST_TEXT).then_some(bytes.len()),
    }
}

/// A decimal number of `digits.start` to `digits.end` digits, both included.
fn decimal(bytes: &[u8], at: usize, digits: Range<usize>) -> Option<(u32, usize)> {
    let (value, count) = leading_number(bytes.get(at..)?, digits.end);
    (digits.start <= count).then_some((value as u32, at + count))
}

fn fraction(bytes: &[u8], at: usize, told: &mut Told) -> Option<usize> {
    let (value, end) = decimal(bytes, at, 1..9)?;
    told.nanosecond = value * NANOSECONDS[end - at];
    Some(end)
}

fn thread(bytes: &[u8], at: usize, told: &mut Told) -> Option<usize> {
    let (value, count) = leading_number(bytes.get(at..)?, 10);
    told.thread = u32::try_from(value).ok();
    (count != 0).then_some(at + count)
}

fn hex_thread(bytes: &[u8], at: usize, told: &mut Told) -> Option<usize> {
    let digits = bytes.get(at..)?.iter().take(8).take_while(|byte| byte.is_ascii_hexdigit());
    let count = digits.count();
    // A decimal number before it says the same, so it wins.
    if told.thread.is_none() {
        let text = std::str::from_utf8(&bytes[at..at + count]).ok()?;
        told.thread = u32::from_str_radix(text, 16).ok();
    }
    (count != 0).then_some(at + count)
}

/// The number that a text begins with, of at most `most` digits, and how many it has.
fn leading_number(text: &[u8], most: usize) -> (u64, usize) {
    if let Some(first) = text.first_chunk() {
        let word = u64::from_le_bytes(*first) ^ 0x3030_3030_3030_3030;
        // The upper bit of each byte that is no digit.
        let others = (word.wrapping_add(0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080;
        let count = (others.trailing_zeros() / 8) as usize;
        if count < 8 && count <= most {
            // Neighbours are put together: digits, then pairs, then fours.
            let digits = word.checked_shl(64 - count as u32 * 8).unwrap_or(0);
            let pairs = (digits * 10 + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
            let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
            return ((fours * 10_000 + (fours >> 32)) & 0xFFFF_FFFF, count);
        }
    }
    let digits = text.iter().take(most).map(|byte| byte.wrapping_sub(b'0')).take_while(|digit| *digit < 10);
    digits.fold((0, 0), |(value, count), digit| (value * 10 + u64::from(digit), count + 1))
}

/// What the last of so many digits behind a second's point is worth.
const NANOSECONDS: [u32; 10] =
    [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

fn month_of(name: &[u8]) -> Option<u32> {
    const MONTHS: [&[u8; 3]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let place = MONTHS.iter().position(|month| name.eq_ignore_ascii_case(*month))?;
    Some(place as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_read_alike_however_long_the_text(text in "[0-9]{0,11}[ -/:-~]{0,12}", most in 1_usize..11) {
            let digits: String = text.chars().take_while(char::is_ascii_digit).take(most).collect();
            let expected = (digits.parse().unwrap_or(0), digits.len());
            prop_assert_eq!(leading_number(text.as_bytes(), most), expected);
        }
    }
}
