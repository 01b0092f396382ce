//! Lines of a text of any size, through one buffer that is used again and again.

use std::io::{self, Read};

use super::Encoding;

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

/// What a run over a text found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streamed {
    pub bytes: u64,
    pub lines: u32,
    /// Lines too long for the buffer, which were handed over in parts.
    pub split: u32,
    /// Whether the last line has its line end.
    pub terminated: bool,
}

/// Large enough that reading costs nothing beside the rest, small enough to stay in the cache.
const BUFFER: usize = 1 << 20;

/// Hands over every line of a text. A line feed ends one; in a text whose first part has none, a carriage
/// return does.
///
/// # Errors
/// What the reader says; lines before that have been handed over.
pub fn stream(
    reader: &mut dyn Read,
    encoding: Encoding,
    each: &mut impl FnMut(&RawLine<'_>),
) -> io::Result<Streamed> {
    let mut buffer = vec![0; BUFFER];
    let mut filled = 0;
    let mut done = Streamed { terminated: true, ..Streamed::default() };
    let mut line_end = None;
    loop {
        let count = reader.read(&mut buffer[filled..])?;
        filled += count;
        let line_end = *line_end.get_or_insert_with(|| line_end_of(&buffer[..filled]));
        let full = filled == buffer.len();
        let mut start = 0;
        while let Some(length) = first_line(&buffer[start..filled], line_end, encoding) {
            hand_over(&buffer[start..start + length], encoding, &mut done, each);
            start += length + encoding.unit();
            done.bytes += encoding.unit() as u64;
        }
        let rest = start..filled;
        let at_end = count == 0 && !full;
        if !rest.is_empty() && (at_end || (full && start == 0)) {
            let cut = rest.start..rest.end - if at_end { 0 } else { rest.len() % encoding.unit() };
            done.split += u32::from(!at_end);
            done.terminated = !at_end;
            hand_over(&buffer[cut.clone()], encoding, &mut done, each);
            start = cut.end;
        }
        if at_end {
            return Ok(done);
        }
        buffer.copy_within(start..filled, 0);
        filled -= start;
    }
}

/// The byte that ends lines, judged from the first bytes.
fn line_end_of(head: &[u8]) -> u8 {
    if memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some() { b'\r' } else { b'\n' }
}

/// The length of the first line, if its end is there.
fn first_line(bytes: &[u8], line_end: u8, encoding: Encoding) -> Option<usize> {
    match encoding {
        Encoding::Utf16Le => bytes.chunks_exact(2).position(|unit| unit == [line_end, 0]).map(|at| at * 2),
        Encoding::Utf16Be => bytes.chunks_exact(2).position(|unit| unit == [0, line_end]).map(|at| at * 2),
        _ => memchr::memchr(line_end, bytes),
    }
}

fn hand_over(bytes: &[u8], encoding: Encoding, done: &mut Streamed, each: &mut impl FnMut(&RawLine<'_>)) {
    done.lines += 1;
    let exact = encoding.unit() == 1;
    let length = bytes.len() as u32;
    let place = RawLine { text: bytes, number: done.lines, offset: done.bytes, length, exact };
    if exact {
        each(&place);
    } else {
        let text = encoding.decode(bytes);
        let text = text.trim_start_matches('\u{feff}');
        each(&RawLine { text: text.as_bytes(), ..place });
    }
    done.bytes += bytes.len() as u64;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(mut bytes: &[u8], encoding: Encoding) -> (Vec<(String, u64)>, Streamed) {
        let mut found = Vec::new();
        let mut each = |line: &RawLine<'_>| {
            found.push((String::from_utf8_lossy(line.text).into_owned(), line.offset));
        };
        let done = stream(&mut bytes, encoding, &mut each).unwrap();
        (found, done)
    }

    #[test]
    fn places_add_up() {
        let (found, done) = lines(b"a\r\nbc\n\nd", Encoding::Utf8);
        assert_eq!(found, [("a\r".into(), 0), ("bc".into(), 3), (String::new(), 6), ("d".into(), 7)]);
        assert_eq!(done, Streamed { bytes: 8, lines: 4, split: 0, terminated: false });
    }

    #[test]
    fn carriage_returns_alone_end_lines_too() {
        let (found, done) = lines(b"a\rbc\r", Encoding::Utf8);
        assert_eq!(found, [("a".into(), 0), ("bc".into(), 2)]);
        assert_eq!(done.bytes, 5);
    }

    #[test]
    fn a_line_beyond_the_buffer_comes_in_parts() {
        let text = "x".repeat(BUFFER * 2 + 5) + "\nend\n";
        let (found, done) = lines(text.as_bytes(), Encoding::Utf8);
        assert_eq!(found.iter().map(|line| line.0.len()).collect::<Vec<_>>(), [BUFFER, BUFFER, 5, 3]);
        assert_eq!((done.bytes, done.split, done.terminated), (text.len() as u64, 2, true));
    }

    #[test]
    fn sixteen_bit_text_is_decoded() {
        let bytes: Vec<u8> = "\u{feff}é\nb".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (found, done) = lines(&bytes, Encoding::Utf16Le);
        assert_eq!(found, [("é".into(), 0), ("b".into(), 6)]);
        assert_eq!(done.bytes, 8);
    }
}
