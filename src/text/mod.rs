//! Bytes to lines: encodings, line ends, and the exact place of each line.

mod page;
mod raw;
mod runs;
mod wide;

pub use page::Page;
pub use raw::{Piece, RawLine, Streamed, line_feed_of, whole_lines};
pub use runs::{Run, Runs, SIZES};

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use crate::model::{Origin, SourceId};

/// How the bytes of a text are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// The ANSI code page of the writer, read as Windows-1252.
    Ansi,
    /// The OEM code page of a console that nothing tells, read as 437.
    Oem,
    /// A code page that the text itself shows.
    Page(Page),
}

impl Encoding {
    /// Decides from a byte order mark, else from the shape of the first bytes, else takes `legacy`.
    pub fn of(bytes: &[u8], legacy: Encoding) -> Self {
        let head = &bytes[..bytes.len().min(4096)];
        match head {
            [0xFF, 0xFE, ..] => Self::Utf16Le,
            [0xFE, 0xFF, ..] => Self::Utf16Be,
            [0xEF, 0xBB, 0xBF, ..] => Self::Utf8,
            // In 16-bit text one byte of most pairs is zero and the other is not.
            _ if zeros(head, 1) * 4 > head.len() && zeros(head, 0) * 8 < head.len() => Self::Utf16Le,
            _ if zeros(head, 0) * 4 > head.len() && zeros(head, 1) * 8 < head.len() => Self::Utf16Be,
            _ => match std::str::from_utf8(head) {
                Ok(_) => Self::Utf8,
                // The head may be cut within a character.
                Err(error) if error.error_len().is_none() => Self::Utf8,
                Err(_) => legacy,
            },
        }
    }

    /// The name that `inspect` shows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Ansi => "ANSI (read as 1252)",
            Self::Oem => "OEM (read as 437)",
            Self::Page(page) => page.name(),
        }
    }

    /// Bytes of one code unit.
    pub fn unit(self) -> usize {
        match self {
            Self::Utf16Le | Self::Utf16Be => 2,
            _ => 1,
        }
    }

    /// Decodes without failing: what is no text becomes U+FFFD, and stray bytes in UTF-8 are read as ANSI.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Utf16Le => wide::decode(bytes, false),
            Self::Utf16Be => wide::decode(bytes, true),
            Self::Oem => Page::Cp437.decode(bytes),
            Self::Page(page) => page.decode(bytes),
            Self::Utf8 | Self::Ansi => match std::str::from_utf8(bytes) {
                Ok(text) if self == Self::Utf8 || text.is_ascii() => Cow::Borrowed(text),
                _ => WINDOWS_1252.decode_without_bom_handling(bytes).0,
            },
        }
    }
}

/// Whether two short texts are the same: a loop over words is quicker than a call.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    let (words, others) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let alike = |(a, b): (&[u8; 8], &[u8; 8])| u64::from_le_bytes(*a) == u64::from_le_bytes(*b);
    let rest = words.1.iter().zip(others.1).all(|(a, b)| a == b);
    a.len() == b.len() && rest && words.0.iter().zip(others.0).all(alike)
}

/// Counts zero bytes at even (`0`) or odd (`1`) places.
fn zeros(bytes: &[u8], parity: usize) -> usize {
    bytes.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count()
}

/// A whole text in memory.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    pub source: SourceId,
    pub bytes: &'a [u8],
    pub encoding: Encoding,
    /// What a line is taken for that is not the UTF-8 which the first bytes promised.
    legacy: Encoding,
    /// The whole text where all of it is UTF-8, so that no line needs a check of its own.
    whole: Option<&'a str>,
}

impl<'a> Text<'a> {
    /// Decides the encoding; `legacy` is what 8-bit text that is not UTF-8 is taken for.
    pub fn new(source: SourceId, bytes: &'a [u8], legacy: Encoding) -> Self {
        Self::read_as(source, bytes, Encoding::of(bytes, legacy), legacy)
    }

    /// A text whose encoding is decided; `legacy` is what lines are taken for that are not UTF-8 in a text
    /// that is.
    pub fn read_as(source: SourceId, bytes: &'a [u8], encoding: Encoding, legacy: Encoding) -> Self {
        let whole = (encoding == Encoding::Utf8).then(|| std::str::from_utf8(bytes).ok()).flatten();
        Self { source, bytes, encoding, legacy, whole }
    }

    /// Decodes a part of the text, such as a line or a name.
    pub fn decode(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) if self.encoding == Encoding::Utf8 => Cow::Borrowed(text),
            // ASCII is the same in all pages.
            Ok(text) if self.encoding.unit() == 1 && text.is_ascii() => Cow::Borrowed(text),
            Err(_) if self.encoding == Encoding::Utf8 => self.legacy.decode(bytes),
            _ => self.encoding.decode(bytes),
        }
    }

    /// Whether all of the text is UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.whole.is_some()
    }

    /// Decodes the rest of a line from a byte on.
    pub fn rest(&self, span: Span<'a>, from: usize) -> Cow<'a, str> {
        let start = span.origin.offset as usize;
        let known = self.whole.and_then(|whole| whole.get(start + from..start + span.bytes.len()));
        known.map_or_else(|| self.decode(span.bytes.get(from..).unwrap_or_default()), Cow::Borrowed)
    }

    /// Decodes a line.
    pub fn line(&self, span: Span<'a>) -> Line<'a> {
        Line { text: self.rest(span, 0), origin: span.origin, terminated: span.terminated }
    }

    /// The text from a byte on, up to a number of bytes.
    pub fn part(&self, from: usize, length: usize) -> Self {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let bytes = &rest[..rest.len().min(length)];
        Self { bytes, whole: None, ..*self }
    }

    /// The lines in order; CR LF, LF and a lone CR all end one. A byte order mark belongs to none.
    pub fn lines(&self) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let text = *self;
        self.spans().map(move |span| text.line(span))
    }

    /// The lines as they stand in the source, before they are decoded.
    pub fn spans(&self) -> Spans<'a> {
        let bom = match (self.encoding, self.bytes) {
            (Encoding::Utf16Le, [0xFF, 0xFE, ..]) | (Encoding::Utf16Be, [0xFE, 0xFF, ..]) => 2,
            (Encoding::Utf8, [0xEF, 0xBB, 0xBF, ..]) => 3,
            _ => 0,
        };
        Spans { text: *self, at: bom, number: 0 }
    }
}

/// One line as it stands in the source, without its line end.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    pub bytes: &'a [u8],
    pub origin: Origin,
    /// False only for a last line that no line end follows.
    pub terminated: bool,
}

/// One line of a text, without its line end.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub text: Cow<'a, str>,
    pub origin: Origin,
    /// False only for a last line that no line end follows.
    pub terminated: bool,
}

/// See [`Text::spans`].
pub struct Spans<'a> {
    text: Text<'a>,
    at: usize,
    number: u32,
}

impl<'a> Iterator for Spans<'a> {
    type Item = Span<'a>;

    fn next(&mut self) -> Option<Span<'a>> {
        let rest = self.text.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (length, end) = line_length(rest, self.text.encoding);
        let origin = Origin {
            source: self.text.source,
            line: self.number + 1,
            offset: self.at as u64,
            length: length as u32,
        };
        self.number += 1;
        self.at += length + end;
        Some(Span { bytes: &rest[..length], origin, terminated: end != 0 })
    }
}

/// The length of the first line and of its line end, in bytes.
fn line_length(bytes: &[u8], encoding: Encoding) -> (usize, usize) {
    if encoding.unit() == 1 {
        return match memchr::memchr2(b'\n', b'\r', bytes) {
            None => (bytes.len(), 0),
            Some(at) if bytes[at..].starts_with(b"\r\n") => (at, 2),
            Some(at) => (at, 1),
        };
    }
    wide::line_length(bytes, encoding == Encoding::Utf16Be)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(String, u64, u32, bool)> {
        Text::new(SourceId(0), bytes, Encoding::Ansi)
            .lines()
            .map(|line| (line.text.into_owned(), line.origin.offset, line.origin.length, line.terminated))
            .collect()
    }

    #[test]
    fn every_line_end_counts() {
        let found = lines(b"a\r\nb\rc\n\nd");
        let texts: Vec<&str> = found.iter().map(|line| line.0.as_str()).collect();
        assert_eq!(texts, ["a", "b", "c", "", "d"]);
        assert_eq!(found[4], ("d".to_owned(), 8, 1, false));
    }

    #[test]
    fn utf16_places_are_bytes() {
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend("é\r\nb".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(lines(&bytes), [("é".to_owned(), 2, 2, true), ("b".to_owned(), 8, 2, false)]);
    }

    #[test]
    fn eight_bit_text_is_never_refused() {
        assert_eq!(lines(b"caf\xE9")[0].0, "café");
        let oem = Text::new(SourceId(0), b"caf\x82", Encoding::Oem);
        assert_eq!(oem.lines().next().unwrap().text, "café");
        let late = [b"plain\n".repeat(1000), b"caf\x82".to_vec()].concat();
        let oem = Text::new(SourceId(0), &late, Encoding::Oem);
        assert_eq!(oem.lines().last().unwrap().text, "café");
    }
}
