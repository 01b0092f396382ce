//! Lines to records: finds each record's frame, joins what was wrapped, and keeps the raw place.

use super::Record;
use super::enclosed::{Closing, closing};
use super::file::Shape;
use super::layout::Memo;
use super::making::Making;
use super::record::{HeldLine, spanned};
use super::tails::{Tail, Tails, last_tail, rfind};
use super::told::Told;
use super::{Grammar, Grammars};
use crate::text::RawLine;

/// Reads lines one after another and hands over records as they become complete.
#[derive(Debug)]
pub struct Reader<'g> {
    grammars: &'g Grammars,
    /// The grammar that framed the last record; tried first.
    current: Option<usize>,
    open: Open,
    /// The text of what is not complete yet.
    held: Vec<u8>,
    held_lines: Vec<HeldLine>,
    /// How many held lines have the mark of a tail.
    marked: u32,
    making: Making<'g>,
    /// How the current grammar's frame matched last.
    memo: Memo,
    /// What the frame that was found last told.
    told: Told,
    /// Room for the next frame of a record that begins with it.
    frame: Vec<u8>,
}

/// What is not complete yet.
#[derive(Debug)]
enum Open {
    /// Lines without a frame, which a tail may still complete.
    Lines,
    /// A record that began with its frame and goes on until the next frame.
    Head { grammar: usize, told: Told, frame: Vec<u8>, start: u64 },
    /// A record whose closing part has not come yet.
    Wrap { grammar: usize, start: u64 },
}

/// Unframed lines are joined up to here; e-mail wraps most records over two to four lines.
const MOST_WRAPPED: (usize, usize) = (40, 8192);
/// Held lines with a mark that no tail has completed; a wrapped record has one or two.
const MOST_MARKED: u32 = 6;
/// A record that began with its frame holds this much at most; SQL text runs over pages.
const MOST_CONTINUED: (usize, usize) = (500, 64 * 1024);
/// A message between two frame parts holds this much at most.
const MOST_ENCLOSED: (usize, usize) = (20_000, 1 << 20);

impl<'g> Reader<'g> {
    /// A reader at the start of a log.
    pub fn new(grammars: &'g Grammars) -> Self {
        Self {
            grammars,
            current: None,
            open: Open::Lines,
            held: Vec::new(),
            held_lines: Vec::new(),
            marked: 0,
            making: Making::new(grammars),
            memo: Memo::default(),
            told: Told::default(),
            frame: Vec::new(),
        }
    }

    /// A reader in the middle of a log, before a line with which a record begins; `current` is the grammar that
    /// framed the last record.
    pub fn within(grammars: &'g Grammars, current: Option<usize>) -> Self {
        Self { current, ..Self::new(grammars) }
    }

    /// The grammar that framed the last record.
    pub fn current(&self) -> Option<usize> {
        self.current
    }

    /// Whether a line has a frame of the current grammar, so that it is likely the only or first line of a record.
    pub fn is_framed(&mut self, line: &[u8]) -> bool {
        let text = without_return(line);
        self.current.is_some_and(|current| self.frame_line(current, text).is_some())
    }

    /// Whether this reader, before a line, goes on as [`Reader::within`] would begin. What the line ends is handed
    /// over then.
    pub fn is_as_new(
        &mut self,
        current: Option<usize>,
        line: &[u8],
        emit: &mut impl FnMut(&Record<'_>),
    ) -> bool {
        if self.current != current {
            return false;
        }
        let text = without_return(line);
        match self.open {
            Open::Wrap { grammar, .. } => {
                if self.begins(grammar, text) {
                    self.flush_lines(emit);
                }
            }
            Open::Head { .. } | Open::Lines if !self.held_lines.is_empty() => {
                let grammars = self.grammars;
                let found = current.and_then(|current| self.frame_line(current, text));
                match found.map(|found| &grammars.all[found.grammar].shapes[found.shape]) {
                    Some(Shape::Head { .. } | Shape::Wrap { .. }) => self.end(emit),
                    Some(Shape::Tail { .. }) => self.close_head(emit),
                    None => {}
                }
            }
            Open::Head { .. } | Open::Lines => {}
        }
        matches!(self.open, Open::Lines) && self.held_lines.is_empty() && self.marked == 0
    }

    /// Counts lines from further on, where this reader began without knowing how many there are before.
    pub fn move_lines(&mut self, by: u32) {
        self.held_lines.iter_mut().for_each(|place| place.line += by);
    }

    /// Takes the next line; records that enclose their messages may stand in one line behind one another.
    pub fn line(&mut self, line: &RawLine<'_>, emit: &mut impl FnMut(&Record<'_>)) {
        let text = without_return(line.text);
        if self.whole_record(text, line, emit) {
            return;
        }
        let mut from = 0;
        loop {
            let rest = &text[from..];
            let (offset, length) = match line.exact {
                true => (line.offset + from as u64, rest.len() as u32),
                false => (line.offset, line.length),
            };
            let exact = line.exact;
            let place = HeldLine { at: 0, size: rest.len(), line: line.number, offset, length, exact };
            let used = self.piece(rest, place, emit);
            if text[from + used..].trim_ascii().is_empty() {
                return;
            }
            from += used;
        }
    }

    /// Takes the line that most lines are: a record under the current grammar, whose frame stands behind its message
    /// and is like the last one. Every other line, and this one too, can go the long way.
    fn whole_record(&mut self, text: &[u8], line: &RawLine<'_>, emit: &mut impl FnMut(&Record<'_>)) -> bool {
        let (Open::Lines, Some(current), true) = (&self.open, self.current, self.held_lines.is_empty())
        else {
            return false;
        };
        let [Shape::Tail { opener, tail, .. }] = self.grammars.all[current].shapes.as_slice() else {
            return false;
        };
        let opener = opener.needle();
        if opener.len() < 3 {
            return false;
        }
        let Some(start) = tail.match_end(&self.memo, (current, 0), text, &mut self.told).or_else(|| {
            let start = rfind(text, opener)?;
            let end = tail.match_like(&mut self.memo, (current, 0), text, start, &mut self.told);
            (end == Some(text.len())).then_some(start)
        }) else {
            return false;
        };
        let message = text[..start].trim_ascii();
        if rfind(message, opener).is_some() {
            return false;
        }
        let length = if line.exact { text.len() as u32 } else { line.length };
        let record = self.making.record(current, &self.told, text, message);
        emit(&Record { line: line.number, lines: 1, offset: line.offset, length, ..record });
        true
    }

    /// Takes a line, or what is left of one; gives how much of it was used.
    fn piece(&mut self, text: &[u8], place: HeldLine, emit: &mut impl FnMut(&Record<'_>)) -> usize {
        if let Open::Wrap { grammar, .. } = self.open {
            // A record that begins before the last one ended shows that the last one was cut.
            if !self.begins(grammar, text) {
                self.hold(text, place, b"\n");
                return self.close_wrap(text.len(), emit);
            }
            self.flush_lines(emit);
        }
        if text.trim_ascii().is_empty() {
            // A blank line ends plain lines; it may stand within a wrapped tail, and within what a frame began.
            if matches!(self.open, Open::Lines) && self.marked == 0 {
                self.extract(true, emit);
            }
            return text.len();
        }
        let current = self.current;
        let found = current.and_then(|current| self.frame_line(current, text)).or_else(|| {
            let mut others = (0..self.grammars.all.len()).filter(|other| Some(*other) != current);
            others.find_map(|other| self.frame_line(other, text))
        });
        match found {
            Some(found) => self.framed(&found, text, place, emit),
            None => {
                self.unframed(text, place, emit);
                text.len()
            }
        }
    }

    /// Whether an enclosing record of a grammar begins with a line.
    fn begins(&self, grammar: usize, text: &[u8]) -> bool {
        let text = text.trim_ascii_start();
        let shapes = &self.grammars.all[grammar].shapes;
        shapes.iter().any(|shape| matches!(shape, Shape::Wrap { opener, .. } if text.starts_with(opener)))
    }

    /// Hands over what is left at the end of the log.
    pub fn end(&mut self, emit: &mut impl FnMut(&Record<'_>)) {
        match self.open {
            Open::Lines => self.extract(true, emit),
            Open::Head { .. } => self.close_head(emit),
            Open::Wrap { .. } => self.flush_lines(emit),
        }
    }

    /// The frame of a whole line under one grammar.
    fn frame_line(&mut self, index: usize, text: &[u8]) -> Option<Found> {
        let grammar = &self.grammars.all[index];
        if grammar.loose {
            return None;
        }
        let Self { memo, told, .. } = self;
        grammar.shapes.iter().enumerate().find_map(|(shape_index, shape)| {
            let (start, end) = match shape {
                Shape::Tail { opener, mark, tail } => {
                    let mut tail_at = |at| tail.match_like(memo, (index, shape_index), text, at, told);
                    last_tail(opener, mark, text, &mut tail_at)?
                }
                Shape::Head { opener, head } => {
                    let start = text.len() - text.trim_ascii_start().len();
                    let starts = opener.as_ref().is_none_or(|opener| text[start..].starts_with(opener));
                    let mut head_at = || head.match_like(memo, (index, shape_index), text, start, told);
                    (start, if starts { head_at()? } else { return None })
                }
                Shape::Wrap { opener, .. } => {
                    let start = text.len() - strip_mark(text).trim_ascii_start().len();
                    let starts = text[start..].starts_with(opener);
                    starts.then_some((start, start + opener.len()))?
                }
            };
            Some(Found { grammar: index, shape: shape_index, start, end })
        })
    }

    /// Takes a line with a frame; gives how much of it was used.
    fn framed(
        &mut self,
        found: &Found,
        text: &[u8],
        place: HeldLine,
        emit: &mut impl FnMut(&Record<'_>),
    ) -> usize {
        let grammars = self.grammars;
        self.current = Some(found.grammar);
        match &grammars.all[found.grammar].shapes[found.shape] {
            Shape::Tail { opener, .. } => {
                self.close_head(emit);
                let message = text[..found.start].trim_ascii();
                if self.held.is_empty()
                    && (opener.needle().len() < 2 || rfind(message, opener.needle()).is_none())
                {
                    let record = self.making.held(found.grammar, &self.told, text, message, &[place]);
                    emit(&record);
                    return text.len();
                }
                self.hold(text, place, b" ");
                self.marked += 1;
                self.extract(false, emit);
            }
            Shape::Head { .. } => {
                self.end(emit);
                let (mut frame, start) = (std::mem::take(&mut self.frame), place.offset);
                frame.clear();
                frame.extend_from_slice(&text[..found.end]);
                self.open = Open::Head { grammar: found.grammar, told: self.told, frame, start };
                self.hold(&text[found.end..], place, b"");
            }
            Shape::Wrap { .. } => {
                self.end(emit);
                let at = (found.grammar, found.end);
                if let Some(closing) = closing(&grammars.all, at, &mut self.memo, &mut self.told, text) {
                    let length = if place.exact { closing.tail_end as u32 } else { place.length };
                    let place = HeldLine { length, ..place };
                    let message = text[found.end..closing.message_end].trim_ascii();
                    emit(&self.making.held(found.grammar, &self.told, text, message, &[place]));
                    return closing.tail_end;
                }
                self.open = Open::Wrap { grammar: found.grammar, start: place.offset };
                self.hold(&text[found.end..], place, b"");
            }
        }
        text.len()
    }

    fn unframed(&mut self, text: &[u8], place: HeldLine, emit: &mut impl FnMut(&Record<'_>)) {
        let limit = if matches!(self.open, Open::Head { .. }) { MOST_CONTINUED } else { MOST_WRAPPED };
        let full = self.held_lines.len() >= limit.0 || self.held.len() + text.len() > limit.1;
        if full || self.marked >= MOST_MARKED {
            self.end(emit);
        }
        let separator: &[u8] = if matches!(self.open, Open::Head { .. }) { b"\n" } else { b" " };
        self.hold(text, place, separator);
        if matches!(self.open, Open::Lines) {
            self.marked += u32::from(self.has_mark(text));
            self.extract(false, emit);
        }
    }

    /// Keeps a line's text until its record is complete.
    fn hold(&mut self, text: &[u8], mut place: HeldLine, separator: &[u8]) {
        let trimmed = if separator == b"\n" { text } else { text.trim_ascii_start() };
        if place.exact {
            place.offset += u64::from(place.length) - trimmed.len() as u64;
            place.length = trimmed.len() as u32;
        }
        if !self.held_lines.is_empty() {
            self.held.extend_from_slice(separator);
        }
        place.at = self.held.len();
        place.size = trimmed.len();
        self.held.extend_from_slice(trimmed);
        self.held_lines.push(place);
    }

    /// Hands over every record whose tail is complete; with `last`, what is left as single lines.
    fn extract(&mut self, last: bool, emit: &mut impl FnMut(&Record<'_>)) {
        if self.held_lines.is_empty() || (self.marked == 0 && !last) {
            return;
        }
        let held = std::mem::take(&mut self.held);
        let lines = std::mem::take(&mut self.held_lines);
        let mut from = 0;
        let mut tails = Tails::new(self.grammars, &held, last);
        while let Some(Tail { grammar, start, end, told }) =
            (self.marked != 0).then(|| tails.first(from)).flatten()
        {
            if !self.grammars.all[grammar].loose {
                self.current = Some(grammar);
            }
            let span = spanned(&lines, from, end);
            emit(&self.making.held(grammar, &told, &held, held[from..start].trim_ascii(), &span));
            from = end;
        }
        if last {
            for place in spanned(&lines, from, held.len()) {
                let text = &held[place.at..place.at + place.size];
                emit(&Record::unframed(text, place.line, place.offset, place.length));
            }
            self.marked = 0;
            self.held = held;
            self.held.clear();
        } else if from == 0 {
            self.held = held;
            self.held_lines = lines;
        } else {
            self.keep(&held, &lines, from);
        }
    }

    /// Keeps what stands behind the last tail: it starts a new record, with the places of its lines.
    fn keep(&mut self, held: &[u8], lines: &[HeldLine], from: usize) {
        let rest = &held[from..];
        self.marked = u32::from(self.has_mark(rest));
        if rest.trim_ascii().is_empty() {
            return;
        }
        self.held_lines = spanned(lines, from, held.len());
        for place in &mut self.held_lines {
            place.at -= from;
        }
        self.held.extend_from_slice(rest);
    }

    /// Whether a text may hold a tail, or the start of one.
    fn has_mark(&self, text: &[u8]) -> bool {
        self.grammars.marks.iter().any(|mark| mark.find(text).is_some())
    }

    fn close_head(&mut self, emit: &mut impl FnMut(&Record<'_>)) {
        let open = std::mem::replace(&mut self.open, Open::Lines);
        match open {
            Open::Head { grammar, told, frame, start } => {
                let held = std::mem::take(&mut self.held);
                let lines = std::mem::take(&mut self.held_lines);
                emit(&self.making.held(grammar, &told, &frame, held.trim_ascii(), &lines).starting_at(start));
                // The buffers go back, so that not every record asks for memory.
                (self.held, self.held_lines, self.frame) = (held, lines, frame);
                self.held.clear();
                self.held_lines.clear();
            }
            other => self.open = other,
        }
    }

    /// Ends an enclosing record if the line held last closes it; gives how much of that line was used.
    fn close_wrap(&mut self, size: usize, emit: &mut impl FnMut(&Record<'_>)) -> usize {
        let grammars = self.grammars;
        let Open::Wrap { grammar, start } = self.open else { return size };
        // A closer that a line end cut is no closer; so the last line is enough.
        let last_line = self.held_lines.last().map_or(0, |place| place.at);
        let at = (grammar, last_line);
        let found = closing(&grammars.all, at, &mut self.memo, &mut self.told, &self.held);
        let Some(Closing { message_end, tail_end }) = found else {
            if self.held_lines.len() >= MOST_ENCLOSED.0 || self.held.len() > MOST_ENCLOSED.1 {
                self.flush_lines(emit);
            }
            return size;
        };
        let used = tail_end - last_line;
        if let Some(last) = self.held_lines.last_mut().filter(|last| last.exact) {
            last.length = used as u32;
        }
        let held = std::mem::take(&mut self.held);
        let lines = std::mem::take(&mut self.held_lines);
        self.open = Open::Lines;
        let record = self.making.held(grammar, &self.told, &held, held[..message_end].trim_ascii(), &lines);
        emit(&record.starting_at(start));
        self.held = held;
        self.held.clear();
        used
    }

    /// Hands over held lines as lines without a frame.
    fn flush_lines(&mut self, emit: &mut impl FnMut(&Record<'_>)) {
        self.open = Open::Lines;
        let held = std::mem::take(&mut self.held);
        for place in std::mem::take(&mut self.held_lines) {
            let text = &held[place.at..place.at + place.size];
            emit(&Record::unframed(text, place.line, place.offset, place.length));
        }
    }
}

/// Where a frame was found in a line.
struct Found {
    grammar: usize,
    shape: usize,
    start: usize,
    end: usize,
}

/// The line without the carriage return before its line feed.
fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The text without a UTF-8 byte order mark.
fn strip_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}

impl Grammar {
    /// Whether the message of its records comes before the frame.
    pub fn is_tail(&self) -> bool {
        self.shapes.iter().any(|shape| matches!(shape, Shape::Tail { .. }))
    }
}
