//! In which code page the name of a member is written, where the archive does not say.
//!
//! Zip and cabinet files of older tools hold names in the code page of the system that packed them. The bytes of
//! a name decide; where they are not clear, each byte is shown as one character of the code page that the format
//! takes for granted, so that no two names become one.

use std::borrow::Cow;

use encoding_rs::Encoding;
use oem_cp::code_table::{DECODING_TABLE_CP437, DECODING_TABLE_CP866};
use oem_cp::decode_string_complete_table;

/// The code page that a format takes for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// Zip: that of the first PC (APPNOTE D.1).
    Oem,
    /// Cabinets and the rest: that of Windows in Western Europe.
    Ansi,
}

/// A code page, by its number in Windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Page(pub u16);

const SHIFT_JIS: Page = Page(932);
const GB: Page = Page(936);

impl Page {
    /// The text, if every byte of it has a meaning in the code page.
    fn decode(self, name: &[u8]) -> Option<String> {
        let whole = |encoding: &'static Encoding| {
            encoding.decode_without_bom_handling_and_without_replacement(name).map(Cow::into_owned)
        };
        match self.0 {
            932 => whole(encoding_rs::SHIFT_JIS),
            936 => whole(encoding_rs::GBK),
            1251 => whole(encoding_rs::WINDOWS_1251),
            866 => Some(decode_string_complete_table(name, &DECODING_TABLE_CP866)),
            437 => Some(decode_string_complete_table(name, &DECODING_TABLE_CP437)),
            _ => whole(encoding_rs::WINDOWS_1252),
        }
    }
}

/// The code page that the bytes of a name clearly show, if they do.
pub fn clear(name: &[u8], default: Default) -> Option<Page> {
    if name.is_ascii() || std::str::from_utf8(name).is_ok() {
        return None;
    }
    let runs: Vec<&[u8]> = name.split(u8::is_ascii).filter(|run| !run.is_empty()).collect();
    let page = match default {
        _ if japanese(name).unwrap_or(false) => SHIFT_JIS,
        _ if chinese(&runs) => GB,
        Default::Oem if cyrillic_oem(&runs) => Page(866),
        Default::Ansi if cyrillic_ansi(&runs) => Page(1251),
        _ => return None,
    };
    page.decode(name).map(|_| page)
}

/// The name as text, and the code page that was taken, unless it is plain ASCII or UTF-8.
///
/// What is not clear by itself is read as the other names of the archive are, if it can be.
pub fn decode(name: &[u8], default: Default, others: Option<Page>) -> (String, Option<Page>) {
    if let Ok(text) = std::str::from_utf8(name) {
        return (text.to_owned(), None);
    }
    let taken_for_granted = match default {
        Default::Oem => Page(437),
        Default::Ansi => Page(1252),
    };
    let pages = [clear(name, default), others, Some(taken_for_granted)];
    let found = pages.into_iter().flatten().find_map(|page| Some((page.decode(name)?, Some(page))));
    found.unwrap_or_else(|| (String::from_utf8_lossy(name).into_owned(), None))
}

/// Whether it is clearly Shift-JIS: two kana or kanji in a row, and no half-width letters.
///
/// A Western name may hold a pair of bytes that is a kanji; it does not hold two in a row.
fn japanese(name: &[u8]) -> Option<bool> {
    let (mut rest, mut row, mut clear) = (name, 0, false);
    while let [first, tail @ ..] = rest {
        rest = tail;
        if first.is_ascii() {
            row = 0;
            continue;
        }
        let (second, tail) = tail.split_first()?;
        rest = tail;
        row += 1;
        match (first, second) {
            // Row 1 and row 3 of JIS X 0208: punctuation, letters and digits in full width.
            (0x81, _) | (0x82, 0x4F..=0x9A) => {}
            // Rows 4 and 5: hiragana and katakana.
            (0x82, 0x9F..=0xF1) | (0x83, 0x40..=0x7E | 0x80..=0x96) => clear |= row >= 2,
            // The kanji of levels 1 and 2.
            (0x88..=0x9F | 0xE0..=0xEA, 0x40..=0x7E | 0x80..=0xFC) => clear |= row >= 2,
            _ => return None,
        }
    }
    Some(clear)
}

/// Whether all letters beyond ASCII are pairs of the common characters of GB 2312, two in a row at least.
///
/// Their first bytes are box drawing in the code pages of the PC, and rare capitals in those of Windows.
fn chinese(runs: &[&[u8]]) -> bool {
    let common = |pair: &[u8]| matches!(pair, [0xB0..=0xD7, 0xA1..=0xFE]);
    runs.iter().all(|run| run.len().is_multiple_of(2) && run.chunks(2).all(common))
        && runs.iter().any(|run| run.len() >= 4)
}

/// Whether letters of code page 866 stand in rows, as those of Western code pages never do.
fn cyrillic_oem(runs: &[&[u8]]) -> bool {
    let letter = |byte: &u8| matches!(byte, 0x80..=0xAF | 0xE0..=0xF1);
    runs.iter().all(|run| run.iter().all(letter)) && runs.iter().any(|run| run.len() >= 3)
}

/// Likewise for Windows; most letters are small ones, which tells it from KOI8.
fn cyrillic_ansi(runs: &[&[u8]]) -> bool {
    let letter = |byte: &u8| matches!(byte, 0xA8 | 0xB8 | 0xC0..=0xFF);
    let small = runs.iter().flat_map(|run| run.iter()).filter(|byte| **byte >= 0xE0).count();
    let all: usize = runs.iter().map(|run| run.len()).sum();
    runs.iter().all(|run| run.iter().all(letter)) && runs.iter().any(|run| run.len() >= 3) && small * 2 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_the_code_page_that_they_show() {
        let check = |bytes: &[u8], default: Default, expected: (&str, u16)| {
            let (text, page) = decode(bytes, default, None);
            assert_eq!((text.as_str(), page.map_or(0, |page| page.0)), expected);
        };
        check(b"HMAN.LOG", Default::Oem, ("HMAN.LOG", 0));
        check("Übersicht".as_bytes(), Default::Oem, ("Übersicht", 0));
        check(b"\x9abersicht.txt", Default::Oem, ("Übersicht.txt", 437));
        check(b"Gr\x94\xe1en\x81bung.log", Default::Oem, ("Größenübung.log", 437));
        check(b"\xdcbersicht.txt", Default::Ansi, ("Übersicht.txt", 1252));
        check(b"\xe9t\xe9.txt", Default::Ansi, ("été.txt", 1252));
        // 表 ends in the byte of a backslash, which must not become a folder.
        check(b"\x95\\\x8e\xa6.log", Default::Ansi, ("表示.log", 932));
        check(b"\x83\x8d\x83O.log", Default::Oem, ("ログ.log", 932));
        check(b"\xd6\xd0\xce\xc4.txt", Default::Oem, ("中文.txt", 936));
        check(b"\x86\xe3\xe0\xad\xa0\xab.txt", Default::Oem, ("Журнал.txt", 866));
        check(b"\xc6\xf3\xf0\xed\xe0\xeb.txt", Default::Ansi, ("Журнал.txt", 1251));
    }

    #[test]
    fn what_is_not_clear_is_read_as_the_other_names() {
        let katakana = b"\xdb\xb8\xde.log";
        assert_eq!(decode(katakana, Default::Ansi, None).0, "Û¸Þ.log");
        assert_eq!(decode(katakana, Default::Ansi, Some(SHIFT_JIS)).0, "ﾛｸﾞ.log");
        assert_eq!(decode(b"\xe9t\xe9.txt", Default::Ansi, Some(SHIFT_JIS)).0, "été.txt");
    }

    #[test]
    fn names_that_differ_stay_different() {
        for default in [Default::Oem, Default::Ansi] {
            let name = |byte: u8| decode(&[b'a', byte, b'b'], default, None).0;
            let mut names: Vec<String> = (0x80..=0xFF).map(name).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), 128, "{default:?}");
        }
    }
}
