//! The ANSI code page of a registry export, which nothing in its header records.

use std::borrow::Cow;
use std::cell::OnceCell;

use encoding_rs::{
    BIG5, EUC_KR, Encoding as Page, GBK, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};
use memchr::memmem;

use crate::model::Origin;

/// The code page of a source, looked for where it is first needed.
pub struct Pages<'a> {
    bytes: &'a [u8],
    known: OnceCell<Known>,
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
    /// Looks at nothing yet. `bytes` are the whole source where its characters have 8 bits, else none.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, known: OnceCell::new() }
    }

    /// The text of a line that is not ASCII, in a source of 8 bits without a mark.
    pub fn line(&self, origin: Origin) -> Cow<'a, str> {
        let start = usize::try_from(origin.offset).unwrap_or(usize::MAX);
        let line = self.bytes.get(start..).unwrap_or_default();
        let line = line.get(..origin.length as usize).unwrap_or(line);
        self.known().lines.decode_without_bom_handling(line).0
    }

    /// The text of bytes that were written in hex.
    pub fn strings<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => Cow::Borrowed(text),
            _ => self.known().strings.decode_without_bom_handling(bytes).0,
        }
    }

    /// What was taken for granted, if the page was needed.
    pub fn assumed(&self) -> Option<&'static str> {
        self.known.get()?.assumed
    }

    fn known(&self) -> Known {
        *self.known.get_or_init(|| {
            let recorded = recorded(self.bytes);
            let strings = recorded.unwrap_or(WINDOWS_1252);
            let legacy = recorded.is_none().then_some(LEGACY);
            let marked = self.bytes.starts_with(&[0xEF, 0xBB, 0xBF]);
            if !marked && std::str::from_utf8(self.bytes).is_ok_and(|text| !text.is_ascii()) {
                return Known { lines: UTF_8, strings, assumed: Some(UTF8) };
            }
            Known { lines: strings, strings, assumed: legacy }
        })
    }
}

const LEGACY: &str = "characters beyond ASCII are read as Windows-1252: a REGEDIT4 export does not record its \
                      code page, and no value `ACP` of Control\\Nls\\CodePage stands in this one";
const UTF8: &str = "characters beyond ASCII are read as the UTF-8 that all of them are; Windows would import \
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
