//! The lines of a run of text, each with its place in the source.

use std::borrow::Cow;

use super::{Encoding, wide};

/// A line with its place; the text is decoded to UTF-8 where the source is UTF-16, and raw otherwise.
#[derive(Clone, Copy, Debug)]
pub struct RawLine<'a> {
    pub text: &'a [u8],
    /// Counted from 1.
    pub number: u32,
    pub offset: u64,
    /// Bytes in the source, without the line feed.
    pub length: u32,
    /// Whether a byte of the text is a byte of the source.
    pub exact: bool,
}

/// What was read of a text so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streamed {
    pub bytes: u64,
    pub lines: u32,
    /// How often a line was too long and was handed over in parts.
    pub split: u32,
    /// Whether the last line has its line end.
    pub terminated: bool,
}

impl Streamed {
    /// Adds what was read of the text that follows.
    pub fn add(&mut self, next: Self) {
        self.bytes += next.bytes;
        self.lines += next.lines;
        self.split += next.split;
        self.terminated = next.terminated;
    }
}

/// Bytes of the source after which a line without an end is cut.
pub const LONGEST_LINE: usize = 1 << 20;

/// Bytes from which the line end of a text is judged.
pub const HEAD: usize = 1 << 16;

/// The byte that ends the lines of a text, judged from its start: a line feed, or a carriage return where the start
/// has no line feed.
pub fn line_feed_of(bytes: &[u8]) -> u8 {
    let head = &bytes[..bytes.len().min(HEAD)];
    if memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some() { b'\r' } else { b'\n' }
}

/// The start of a text without a last line that is cut; all of it if no line ends.
pub fn whole_lines(bytes: &[u8], encoding: Encoding) -> &[u8] {
    match last_line_end(bytes, line_feed_of(bytes), encoding) {
        0 => bytes,
        end => &bytes[..end],
    }
}

/// Where the last whole line ends, its line feed included; 0 if none does.
pub fn last_line_end(bytes: &[u8], line_feed: u8, encoding: Encoding) -> usize {
    let is_end = |at: &usize| is_line_feed(bytes, *at, encoding);
    memchr::memrchr_iter(line_feed, bytes).find(is_end).map_or(0, |at| end_of(at, encoding))
}

/// Where the first line that ends at or behind `from` ends, its line feed included.
fn next_line_end(bytes: &[u8], from: usize, line_feed: u8, encoding: Encoding) -> Option<usize> {
    let places = memchr::memchr_iter(line_feed, bytes.get(from..)?).map(|at| from + at);
    places.filter(|at| is_line_feed(bytes, *at, encoding)).map(|at| end_of(at, encoding)).next()
}

/// Whether the byte at a place, which is that of a line feed, is one and no half of another character.
fn is_line_feed(bytes: &[u8], at: usize, encoding: Encoding) -> bool {
    match encoding {
        Encoding::Utf16Le => at.is_multiple_of(2) && bytes.get(at + 1) == Some(&0),
        Encoding::Utf16Be => !at.is_multiple_of(2) && bytes[at - 1] == 0,
        _ => true,
    }
}

fn end_of(line_feed: usize, encoding: Encoding) -> usize {
    line_feed + if encoding == Encoding::Utf16Le { 2 } else { 1 }
}

/// A part of a text that begins with a line.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    pub bytes: &'a [u8],
    /// Where it stands in the source, in bytes.
    pub offset: u64,
    pub encoding: Encoding,
    pub line_feed: u8,
}

impl Piece<'_> {
    /// Hands over the lines in order, and adds them to what was read before.
    pub fn lines(&self, done: &mut Streamed, each: &mut impl FnMut(&RawLine<'_>)) {
        let mut lines = Lines { piece: *self, at: 0, done, each };
        match self.encoding.unit() {
            1 => lines.narrow(),
            _ => lines.wide(),
        }
    }

    /// Where the first line that ends at or behind a byte ends, its line end included.
    pub fn line_end(&self, from: usize) -> Option<usize> {
        next_line_end(self.bytes, from, self.line_feed, self.encoding)
    }

    /// The part from one byte to another, which must be the start of a line.
    pub fn part(&self, from: usize, to: usize) -> Self {
        Self { bytes: &self.bytes[from..to], offset: self.offset + from as u64, ..*self }
    }

    /// The first line, without its line feed.
    pub fn first_line(&self) -> Cow<'_, [u8]> {
        let end = self.line_end(0).map_or(self.bytes.len(), |end| end - self.encoding.unit());
        match self.encoding.unit() {
            1 => Cow::Borrowed(&self.bytes[..end]),
            _ => Cow::Owned(self.encoding.decode(&self.bytes[..end]).into_owned().into_bytes()),
        }
    }
}

struct Lines<'a, F> {
    piece: Piece<'a>,
    /// How far they were handed over.
    at: usize,
    done: &'a mut Streamed,
    each: &'a mut F,
}

impl<F: FnMut(&RawLine<'_>)> Lines<'_, F> {
    fn narrow(&mut self) {
        let bytes = self.piece.bytes;
        for end in memchr::memchr_iter(self.piece.line_feed, bytes) {
            while LONGEST_LINE <= end - self.at {
                self.part();
            }
            self.line(&bytes[self.at..end], end - self.at, 1);
        }
        self.rest();
    }

    /// Decodes all at once, which is quicker than line by line.
    fn wide(&mut self) {
        let text = self.piece.encoding.decode(self.piece.bytes);
        let (mut from, is_ascii) = (0, text.is_ascii());
        for end in memchr::memchr_iter(self.piece.line_feed, text.as_bytes()) {
            let line = &text[from..end];
            let size = 2 * if is_ascii { line.len() } else { wide::units(line) };
            if LONGEST_LINE <= size {
                return self.wide_line_by_line();
            }
            self.line(line.trim_start_matches('\u{feff}').as_bytes(), size, 2);
            from = end + 1;
        }
        self.wide_line_by_line();
    }

    /// Lines that may be so long that they come in parts, which must not depend on how they are decoded.
    fn wide_line_by_line(&mut self) {
        let bytes = self.piece.bytes;
        while let Some(end) = next_line_end(bytes, self.at, self.piece.line_feed, self.piece.encoding) {
            while LONGEST_LINE <= end - 2 - self.at {
                self.part();
            }
            self.decoded(end - 2 - self.at, 2);
        }
        self.rest();
    }

    /// What no line end follows.
    fn rest(&mut self) {
        while LONGEST_LINE <= self.piece.bytes.len() - self.at {
            self.part();
        }
        if self.at < self.piece.bytes.len() {
            self.decoded(self.piece.bytes.len() - self.at, 0);
        }
    }

    /// Hands over as much of a line as a line may have.
    fn part(&mut self) {
        self.decoded(LONGEST_LINE, 0);
        self.done.split += 1;
    }

    /// Hands over the next bytes as a line that ends with so many bytes.
    fn decoded(&mut self, size: usize, end: usize) {
        let bytes = &self.piece.bytes[self.at..self.at + size];
        if self.piece.encoding.unit() == 1 {
            return self.line(bytes, size, end);
        }
        let text = self.piece.encoding.decode(bytes);
        self.line(text.trim_start_matches('\u{feff}').as_bytes(), size, end);
    }

    /// Hands over a line whose text is `size` bytes of the source, and its line end so many more.
    fn line(&mut self, text: &[u8], size: usize, end: usize) {
        self.done.lines += 1;
        let number = self.done.lines;
        let offset = self.piece.offset + self.at as u64;
        let exact = self.piece.encoding.unit() == 1;
        (self.each)(&RawLine { text, number, offset, length: size as u32, exact });
        self.at += size + end;
        self.done.bytes += (size + end) as u64;
        self.done.terminated = end != 0;
    }
}
