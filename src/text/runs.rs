//! A text of any size as runs of whole lines, through buffers that are used again and again.

use std::cell::RefCell;
use std::io::{self, Read};

use super::Encoding;
use super::raw::{HEAD, LONGEST_LINE, Piece, last_line_end, line_feed_of};

/// Reads a text run by run.
pub struct Runs<'r> {
    reader: &'r mut dyn Read,
    encoding: Encoding,
    /// The byte that ends lines; judged from the start of the text.
    line_feed: Option<u8>,
    /// What was read behind the last run.
    rest: Vec<u8>,
    offset: u64,
    /// Bytes that are read at once, and how many they may become.
    size: usize,
    most: usize,
    state: State,
}

enum State {
    Reading,
    Ended,
    Failed(io::Error),
}

/// A run of whole lines. Only the last run of a text may end without a line end, and a run may end within a line
/// that is longer than a mebibyte.
pub struct Run {
    buffer: Vec<u8>,
    length: usize,
    /// Where it stands in the source, in bytes.
    offset: u64,
    encoding: Encoding,
    line_feed: u8,
}

/// So little that it stays in the cache; of a large text so much that threads seldom wait for one another.
pub const SIZES: (usize, usize) = (1 << 19, 1 << 22);

impl<'r> Runs<'r> {
    /// Begins at the start of a text.
    pub fn new(reader: &'r mut dyn Read, encoding: Encoding) -> Self {
        Self::in_sizes(reader, encoding, SIZES)
    }

    /// The same, where so many bytes are read at first; then each time twice as many, up to the second number.
    pub fn in_sizes(reader: &'r mut dyn Read, encoding: Encoding, (size, most): (usize, usize)) -> Self {
        Self {
            reader,
            encoding,
            line_feed: None,
            rest: Vec::new(),
            offset: 0,
            size,
            most,
            state: State::Reading,
        }
    }

    /// The next run; none at the end of the text, and none behind what cannot be read.
    pub fn next_run(&mut self) -> Option<Run> {
        let mut buffer = BUFFERS.with_borrow_mut(Vec::pop).unwrap_or_default();
        let mut filled = self.rest.len();
        if buffer.len() < filled {
            buffer.resize(filled, 0);
        }
        buffer[..filled].copy_from_slice(&self.rest);
        self.rest.clear();
        let (length, line_feed) = loop {
            // The line end and the encoding's units are judged from the start, whatever is read at once.
            let wanted = filled + self.size.max(if self.line_feed.is_none() { HEAD } else { 0 });
            if buffer.len() < wanted {
                buffer.resize(wanted, 0);
            }
            self.fill(&mut buffer[..wanted], &mut filled);
            let line_feed = *self.line_feed.get_or_insert_with(|| line_feed_of(&buffer[..filled]));
            match self.state {
                State::Ended | State::Failed(_) => break (filled, line_feed),
                State::Reading => match self.whole(&buffer[..filled], line_feed) {
                    // A long line needs more room.
                    0 => {}
                    length => break (length, line_feed),
                },
            }
        };
        self.rest.extend_from_slice(&buffer[length..filled]);
        let run = Run { buffer, length, offset: self.offset, encoding: self.encoding, line_feed };
        self.offset += length as u64;
        self.size = (2 * self.size).clamp(1, self.most.max(self.size));
        (length != 0).then_some(run)
    }

    /// Reads until the buffer is full or the text ends.
    fn fill(&mut self, buffer: &mut [u8], filled: &mut usize) {
        while matches!(self.state, State::Reading) && *filled < buffer.len() {
            match self.reader.read(&mut buffer[*filled..]) {
                Ok(0) => self.state = State::Ended,
                Ok(count) => *filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.state = State::Failed(error),
            }
        }
    }

    /// How much of what was read is whole lines, or whole parts of a line that is too long.
    fn whole(&self, bytes: &[u8], line_feed: u8) -> usize {
        let lines = last_line_end(bytes, line_feed, self.encoding);
        lines + (bytes.len() - lines) / LONGEST_LINE * LONGEST_LINE
    }

    /// Whether everything could be read.
    ///
    /// # Errors
    /// What the reader said.
    pub fn finish(self) -> io::Result<()> {
        match self.state {
            State::Failed(error) => Err(error),
            State::Reading | State::Ended => Ok(()),
        }
    }
}

impl Run {
    /// Its text.
    pub fn piece(&self) -> Piece<'_> {
        let Self { offset, encoding, line_feed, .. } = *self;
        Piece { bytes: &self.buffer[..self.length], offset, encoding, line_feed }
    }
}

thread_local! {
    /// Buffers without a run: memory that is in use already costs less than new memory.
    static BUFFERS: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}
/// The largest buffer that is kept.
const LARGEST: usize = 1 << 23;
/// Buffers that a thread keeps, of which one belongs to the run that is read while another is looked at.
const KEPT: usize = 2;

impl Drop for Run {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.buffer);
        // A thread that ends has no place for it any more.
        let _ = BUFFERS.try_with(|kept| {
            let mut kept = kept.borrow_mut();
            if kept.len() < KEPT && buffer.len() <= LARGEST {
                kept.push(buffer);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw::Streamed;
    use super::*;

    fn read(mut bytes: &[u8], encoding: Encoding) -> (Vec<(String, u64)>, Streamed) {
        let (mut found, mut done) = (Vec::new(), Streamed::default());
        let mut runs = Runs::new(&mut bytes, encoding);
        while let Some(run) = runs.next_run() {
            run.piece().lines(&mut done, &mut |line| {
                found.push((String::from_utf8_lossy(line.text).into_owned(), line.offset));
            });
        }
        runs.finish().unwrap();
        (found, done)
    }

    #[test]
    fn places_add_up() {
        let (found, done) = read(b"a\r\nbc\n\nd", Encoding::Utf8);
        assert_eq!(found, [("a\r".into(), 0), ("bc".into(), 3), (String::new(), 6), ("d".into(), 7)]);
        assert_eq!(done, Streamed { bytes: 8, lines: 4, split: 0, terminated: false });
    }

    #[test]
    fn carriage_returns_alone_end_lines_too() {
        let (found, done) = read(b"a\rbc\r", Encoding::Utf8);
        assert_eq!(found, [("a".into(), 0), ("bc".into(), 2)]);
        assert!(done.terminated);
    }

    #[test]
    fn lines_that_are_too_long_come_in_parts() {
        let text = [b"x\n".to_vec(), vec![b'y'; 5 << 19], b"\nz".to_vec()].concat();
        let (found, done) = read(&text, Encoding::Utf8);
        let sizes: Vec<(usize, u64)> = found.iter().map(|(text, offset)| (text.len(), *offset)).collect();
        assert_eq!(sizes, [(1, 0), (1 << 20, 2), (1 << 20, 1_048_578), (1 << 19, 2_097_154), (1, 2_621_443)]);
        assert_eq!(done, Streamed { bytes: text.len() as u64, lines: 5, split: 2, terminated: false });
    }

    #[test]
    fn wide_text_is_decoded_and_keeps_its_places() {
        let bytes: Vec<u8> = "\u{feff}é\nb".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (found, done) = read(&bytes, Encoding::Utf16Le);
        assert_eq!(found, [("é".into(), 0), ("b".into(), 6)]);
        assert_eq!(done.bytes, 8);
    }

    #[test]
    fn what_cannot_be_read_ends_the_text() {
        struct Broken(usize);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                match self.0 {
                    1 => Err(io::ErrorKind::Interrupted.into()),
                    2 => (&b"a\nb"[..]).read(buffer),
                    _ => Err(io::ErrorKind::UnexpectedEof.into()),
                }
            }
        }
        let mut broken = Broken(0);
        let mut runs = Runs::in_sizes(&mut broken, Encoding::Utf8, (100, 100));
        assert_eq!(runs.next_run().unwrap().piece().bytes, b"a\nb");
        assert!(runs.next_run().is_none());
        assert_eq!(runs.finish().unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
