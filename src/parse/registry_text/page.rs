//! The ANSI code page of a registry export, which nothing in its header records.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use encoding_rs::{
    BIG5, EUC_KR, Encoding as Page, GBK, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};
use memchr::memmem;

use crate::model::{Origin, ProblemKind};
use crate::parse::Parsed;
use crate::text::{Line, Text};

/// The code page of a source, looked for where it is first needed.
pub struct Pages<'a> {
    /// The whole source where its characters have 8 bits, else none.
    bytes: &'a [u8],
    /// Whether lines need the page: they have 8 bits and no mark of UTF-8.
    lines: bool,
    known: OnceCell<Known>,
    /// The first line that needed the page.
    first: Cell<Option<Origin>>,
}

/// What is known of the page.
#[derive(Clone, Copy)]
struct Known {
    /// Of the lines.
    lines: &'static Page,
    /// Of strings that are written in hex: a conversion of the file does not reach these.
    strings: &'static Page,
    assumed: Option<&'static str>,
}

impl<'a> Pages<'a> {
    /// Looks at nothing yet.
    pub fn of(text: &Text<'a>) -> Self {
        let narrow = text.encoding.unit() == 1;
        let lines = narrow && !text.bytes.starts_with(&[0xEF, 0xBB, 0xBF]);
        let bytes = if narrow { text.bytes } else { &[] };
        Self { bytes, lines, known: OnceCell::new(), first: Cell::new(None) }
    }

    /// The line as the page has it.
    pub fn read(&self, mut line: Line<'a>) -> Line<'a> {
        if self.lines && !line.text.is_ascii() {
            let start = usize::try_from(line.origin.offset).unwrap_or(usize::MAX);
            let bytes = self.bytes.get(start..).unwrap_or_default();
            let bytes = bytes.get(..line.origin.length as usize).unwrap_or(bytes);
            line.text = self.known().lines.decode_without_bom_handling(bytes).0;
            self.first.set(self.first.get().or(Some(line.origin)));
        }
        line
    }

    /// The text of bytes that were written in hex.
    pub fn strings<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => Cow::Borrowed(text),
            _ => self.known().strings.decode_without_bom_handling(bytes).0,
        }
    }

    /// Tells what was taken for granted, if the page was needed.
    pub fn tell(&self, parsed: &mut Parsed) {
        let assumed = self.known.get().and_then(|known| known.assumed);
        let first = self.first.get().or_else(|| parsed.facts.first().map(|fact| fact.origin));
        if let (Some(what), Some(origin)) = (assumed, first) {
            parsed.problem(origin, ProblemKind::Assumed, what);
        }
    }

    fn known(&self) -> Known {
        *self.known.get_or_init(|| {
            let recorded = recorded(self.bytes);
            let strings = recorded.unwrap_or(WINDOWS_1252);
            let legacy = recorded.is_none().then_some(LEGACY);
            if self.lines && std::str::from_utf8(self.bytes).is_ok_and(|text| !text.is_ascii()) {
                return Known { lines: UTF_8, strings, assumed: Some(UTF8) };
            }
            Known { lines: strings, strings, assumed: legacy }
        })
    }
}

const LEGACY: &str = "characters beyond ASCII are read as Windows-1252: an export does not record its code page, \
                      and no value `ACP` of Control\\Nls\\CodePage stands in this one";
const UTF8: &str = "characters beyond ASCII are read as the UTF-8 that all of them are; Windows would read \
                    them in its ANSI code page";

/// The page that the export itself holds, in `ACP` of `Control\Nls\CodePage`.
fn recorded(bytes: &[u8]) -> Option<&'static Page> {
    let name = b"\"ACP\"=\"";
    let hits = memmem::find_iter(bytes, name).take(100);
    hits.map(|at| (&bytes[at.saturating_sub(NEAR)..at], &bytes[at + name.len()..])).find_map(
        |(before, after)| {
            let key = memmem::rfind(before, b"[HKEY_")?;
            let key = before[key..].split(|byte| *byte == b']').next()?;
            if !key.to_ascii_lowercase().ends_with(br"\control\nls\codepage") {
                return None;
            }
            let digits = after.iter().take(6).take_while(|byte| byte.is_ascii_digit());
            let number: String = digits.map(|byte| char::from(*byte)).collect();
            page(number.parse().ok()?)
        },
    )
}

/// Bytes before `ACP` in which its key is looked for. The values of the key take three thousand.
const NEAR: usize = 16 * 1024;

/// An ANSI code page of Windows by its number.
fn page(number: u32) -> Option<&'static Page> {
    Some(match number {
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 => GBK,
        949 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        65001 => UTF_8,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::model::{Fact, Located, SourceId};
    use crate::parse::Parser;
    use crate::parse::registry_text::RegistryText;

    /// The texts of all values, and what is assumed.
    fn check(bytes: &[u8], texts: &[&str], assumed: Option<&str>) {
        let parsed = RegistryText.parse(SourceId(0), "capture.reg", bytes);
        let text = |fact: &Located<Fact>| match &fact.value {
            Fact::RegistryValue { data, .. } => Some(data.display()),
            _ => None,
        };
        let found: Vec<String> = parsed.facts.iter().filter_map(text).collect();
        assert_eq!(found, texts);
        let told: Vec<&str> = parsed.problems.iter().map(|problem| problem.what.as_str()).collect();
        assert_eq!(told.len(), usize::from(assumed.is_some()), "{told:?}");
        assert!(told.iter().all(|told| told.contains(assumed.unwrap_or_default())), "{told:?}");
    }

    fn export(lines: &[u8]) -> Vec<u8> {
        [b"REGEDIT4\r\n\r\n[HKEY_USERS\\a]\r\n", lines, b"\r\n\r\n"].concat()
    }

    #[test]
    fn the_page_is_the_one_that_the_export_records() {
        let key = b"\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Nls\\CodePage]\r\n";
        // Katakana SO is 83 5C, whose second byte is a backslash too.
        let lines = [b"@=\"\x83\x5C\"\r\n\"x\"=hex(2):83,5c".as_slice(), key, b"\"ACP\"=\"932\""].concat();
        check(&export(&lines), &["\u{30BD}", "\u{30BD}", "932"], None);
        let lines = [b"@=\"\xE9\"".as_slice(), key, b"\"ACP\"=\"1251\""].concat();
        check(&export(&lines), &["\u{439}", "1251"], None);
    }

    #[test]
    fn what_is_not_recorded_is_assumed_and_told() {
        check(&export(b"@=\"\xE9\""), &["\u{E9}"], Some("Windows-1252"));
        check(&export(b"@=hex(2):e9"), &["\u{E9}"], Some("Windows-1252"));
        check(&export("@=\"\u{E9}\"".as_bytes()), &["\u{E9}"], Some("UTF-8"));
        check(&export(b"@=\"e\"\r\n\"ACP\"=\"932\""), &["e", "932"], None);
        check(&[b"\xEF\xBB\xBF".as_slice(), &export("@=\"\u{E9}\"".as_bytes())].concat(), &["\u{E9}"], None);
    }
}
