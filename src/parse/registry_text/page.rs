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
    memmem::find_iter(bytes, name).find_map(|at| {
        let key = memmem::rfind(&bytes[..at], b"[HKEY_")?;
        let key = bytes[key..at].split(|byte| *byte == b']').next()?;
        if !key.to_ascii_lowercase().ends_with(br"\control\nls\codepage") {
            return None;
        }
        let number: String = bytes[at + name.len()..]
            .iter()
            .take(6)
            .map(|byte| char::from(*byte))
            .take_while(char::is_ascii_digit)
            .collect();
        page(number.parse().ok()?)
    })
}

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
