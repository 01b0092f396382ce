//! The code pages in which Windows consoles and editors of various countries write 8-bit text.

use std::borrow::Cow;

use encoding_rs::{
    BIG5, EUC_KR, Encoding as Table, GBK, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254,
};
use oem_cp::code_table::{
    DECODING_TABLE_CP437, DECODING_TABLE_CP850, DECODING_TABLE_CP852, DECODING_TABLE_CP857,
    DECODING_TABLE_CP866,
};
use oem_cp::{decode_string_complete_table, decode_string_incomplete_table_lossy};

/// A code page, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// OEM: United States.
    Cp437,
    /// OEM: Western Europe and Latin America.
    Cp850,
    /// OEM: Central Europe.
    Cp852,
    /// OEM: Turkish.
    Cp857,
    /// OEM: Russian.
    Cp866,
    /// OEM and ANSI: Japanese.
    Cp932,
    /// OEM and ANSI: Chinese, simplified.
    Cp936,
    /// OEM and ANSI: Korean.
    Cp949,
    /// OEM and ANSI: Chinese, traditional.
    Cp950,
    /// ANSI: Central Europe.
    Cp1250,
    /// ANSI: Cyrillic.
    Cp1251,
    /// ANSI: Western Europe and Latin America.
    Cp1252,
    /// ANSI: Turkish.
    Cp1254,
}

/// How a page is decoded.
enum Decoder {
    /// Each byte from 0x80 on is one character.
    Whole(&'static [char; 128]),
    /// Likewise, and some bytes are none.
    Holed(&'static [Option<char>; 128]),
    Standard(&'static Table),
}

impl Page {
    /// Every page that is known.
    pub const ALL: &'static [Page] = &[
        Self::Cp850,
        Self::Cp437,
        Self::Cp852,
        Self::Cp866,
        Self::Cp932,
        Self::Cp936,
        Self::Cp949,
        Self::Cp950,
        Self::Cp857,
        Self::Cp1252,
        Self::Cp1250,
        Self::Cp1251,
        Self::Cp1254,
    ];

    /// The name that `inspect` shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cp437 => "OEM 437",
            Self::Cp850 => "OEM 850",
            Self::Cp852 => "OEM 852",
            Self::Cp857 => "OEM 857",
            Self::Cp866 => "OEM 866",
            Self::Cp932 => "Shift-JIS 932",
            Self::Cp936 => "GBK 936",
            Self::Cp949 => "Korean 949",
            Self::Cp950 => "Big5 950",
            Self::Cp1250 => "ANSI 1250",
            Self::Cp1251 => "ANSI 1251",
            Self::Cp1252 => "ANSI 1252",
            Self::Cp1254 => "ANSI 1254",
        }
    }

    fn decoder(self) -> Decoder {
        match self {
            Self::Cp437 => Decoder::Whole(&DECODING_TABLE_CP437),
            Self::Cp850 => Decoder::Whole(&DECODING_TABLE_CP850),
            Self::Cp852 => Decoder::Whole(&DECODING_TABLE_CP852),
            Self::Cp857 => Decoder::Holed(&DECODING_TABLE_CP857),
            Self::Cp866 => Decoder::Whole(&DECODING_TABLE_CP866),
            Self::Cp932 => Decoder::Standard(SHIFT_JIS),
            Self::Cp936 => Decoder::Standard(GBK),
            Self::Cp949 => Decoder::Standard(EUC_KR),
            Self::Cp950 => Decoder::Standard(BIG5),
            Self::Cp1250 => Decoder::Standard(WINDOWS_1250),
            Self::Cp1251 => Decoder::Standard(WINDOWS_1251),
            Self::Cp1252 => Decoder::Standard(WINDOWS_1252),
            Self::Cp1254 => Decoder::Standard(WINDOWS_1254),
        }
    }

    /// Decodes without failing: what the page does not know becomes U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => return Cow::Borrowed(text),
            _ => {}
        }
        match self.decoder() {
            Decoder::Whole(table) => Cow::Owned(decode_string_complete_table(bytes, table)),
            Decoder::Holed(table) => Cow::Owned(decode_string_incomplete_table_lossy(bytes, table)),
            Decoder::Standard(table) => table.decode_without_bom_handling(bytes).0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_has_its_letters() {
        let check = |page: Page, bytes: &[u8], text: &str| assert_eq!(page.decode(bytes), text, "{page:?}");
        check(Page::Cp437, b"Datentr\x84ger", "Datenträger");
        check(Page::Cp850, b"R\x82p(s) 2\xFF503", "Rép(s) 2\u{a0}503");
        check(Page::Cp852, b"plik(\xA2w) bajt\xA2w", "plik(ów) bajtów");
        check(Page::Cp857, b"bo\x9F \xD5", "boş \u{fffd}");
        check(Page::Cp866, b"\xE4\xA0\xA9\xAB\xAE\xA2", "файлов");
        check(Page::Cp932, b"\x83\x6F\x83\x43\x83\x67", "バイト");
        check(Page::Cp936, b"\xD7\xD6\xBD\xDA", "字节");
        check(Page::Cp949, b"\xC6\xC4\xC0\xCF", "파일");
        check(Page::Cp950, b"\xC0\xC9\xAE\xD7", "檔案");
        check(Page::Cp1251, b"\xE1\xE0\xE9\xF2", "байт");
        check(Page::Cp1252, b"plain", "plain");
    }
}
