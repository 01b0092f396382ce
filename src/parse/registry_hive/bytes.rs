//! Little-endian numbers and names at places that may lie beyond the end.

use chrono::{DateTime, NaiveDateTime};

/// Two bytes as a number; `None` beyond the end.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Four bytes as a number; `None` beyond the end.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Eight bytes as a number; `None` beyond the end.
pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Appends a name: Latin-1 where its letters have one byte, else UTF-16 with U+FFFD for what is none.
pub fn push_name(text: &mut String, name: &[u8], narrow: bool) {
    if narrow {
        match std::str::from_utf8(name) {
            Ok(name) if name.is_ascii() => text.push_str(name),
            _ => text.extend(name.iter().map(|byte| char::from(*byte))),
        }
        return;
    }
    let pairs = name.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let units = pairs.map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    text.extend(char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)));
    if odd {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

/// The moment of a FILETIME: 100 nanoseconds since 1601 in UTC.
pub fn filetime(ticks: u64) -> Option<NaiveDateTime> {
    const SECOND: u64 = 10_000_000;
    const UNTIL_1970: i64 = 11_644_473_600;
    let seconds = i64::try_from(ticks / SECOND).ok()? - UNTIL_1970;
    let nanoseconds = u32::try_from(ticks % SECOND * 100).ok()?;
    Some(DateTime::from_timestamp(seconds, nanoseconds)?.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filetime_counts_from_1601() {
        assert_eq!(filetime(0).unwrap().to_string(), "1601-01-01 00:00:00");
        assert_eq!(filetime(125_669_346_125_000_001).unwrap().to_string(), "1999-03-26 15:10:12.500000100");
        assert!(filetime(u64::MAX).is_some());
    }

    #[test]
    fn names_have_one_byte_or_two_for_a_letter() {
        let name = |bytes: &[u8], narrow| {
            let mut text = String::new();
            push_name(&mut text, bytes, narrow);
            text
        };
        assert_eq!(name(b"caf\xE9", true), "café");
        assert_eq!(name(b"\x1F\x04\x40\x04", false), "Пр");
        assert_eq!(name(b"a\0\x00\xD8b", false), "a\u{FFFD}\u{FFFD}");
    }
}
