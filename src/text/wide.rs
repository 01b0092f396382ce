//! UTF-16 at speed: where a line ends, and text that is plain ASCII.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};

/// The length of the first line and of its line end, in bytes.
pub fn line_length(bytes: &[u8], big_endian: bool) -> (usize, usize) {
    let (low, high) = if big_endian { (1, 0) } else { (0, 1) };
    let unit = |at: usize| match bytes.get(at..at + 2) {
        Some(unit) if unit[high] == 0 => Some(unit[low]),
        _ => None,
    };
    // A byte that looks like a line end may be one half of another character.
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|at| at % 2 == low).map(|at| at - low);
    for at in ends {
        match unit(at) {
            Some(b'\r') if unit(at + 2) == Some(b'\n') => return (at, 4),
            Some(_) => return (at, 2),
            None => {}
        }
    }
    (bytes.len(), 0)
}

/// The code units that a text has in UTF-16.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Decodes without failing: what is no text becomes U+FFFD.
pub fn decode(bytes: &[u8], big_endian: bool) -> Cow<'_, str> {
    let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
    match narrow(bytes, big_endian) {
        Some(text) => Cow::Owned(text),
        None => encoding.decode_without_bom_handling(bytes).0,
    }
}

/// The text, if all of it is ASCII.
fn narrow(bytes: &[u8], big_endian: bool) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return None;
    }
    if big_endian { ascii(units, u16::from_be_bytes) } else { ascii(units, u16::from_le_bytes) }
}

/// Loops without a way out, so that many units are looked at together.
fn ascii(units: &[[u8; 2]], read: impl Fn([u8; 2]) -> u16) -> Option<String> {
    let all = units.iter().fold(0, |all, unit| all | read(*unit));
    if all > 0x7F {
        return None;
    }
    String::from_utf8(units.iter().map(|unit| read(*unit) as u8).collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain_length(units: &[u16]) -> (usize, usize) {
        let at = units.iter().position(|unit| matches!(unit, 0x0A | 0x0D));
        match at {
            None => (units.len() * 2, 0),
            Some(at) if units[at..].starts_with(&[0x0D, 0x0A]) => (at * 2, 4),
            Some(at) => (at * 2, 2),
        }
    }

    #[test]
    fn halves_of_characters_end_no_line() {
        let units: Vec<u16> = "\u{0A0D}\u{0D0A}\u{0A00}é\r\nx".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        assert_eq!((line_length(&little, false), line_length(&big, true)), ((8, 4), (8, 4)));
    }

    #[test]
    fn half_a_character_at_the_end_is_told() {
        assert_eq!(decode(b"a\0b", false), "a\u{fffd}");
        assert_eq!(line_length(b"a\0\n", false), (3, 0));
    }

    proptest! {
        #[test]
        fn speed_changes_nothing(units in prop::collection::vec(prop_oneof![any::<u16>(), 0_u16..0x100], 0..60)) {
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            prop_assert_eq!(line_length(&little, false), plain_length(&units));
            prop_assert_eq!(line_length(&big, true), plain_length(&units));
            prop_assert_eq!(decode(&little, false), String::from_utf16_lossy(&units));
            prop_assert_eq!(decode(&big, true), String::from_utf16_lossy(&units));
        }
    }
}
