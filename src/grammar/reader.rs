//! Lines to records: finds each record's frame, joins what was wrapped, and keeps the raw place.

use chrono::NaiveDateTime;
use memchr::memmem::Finder;

use super::file::Shape;
use super::frame::{Frame, Told};
use super::tails::{Tail, Tails};
use super::{Grammar, Grammars};
use crate::model::Zone;
use crate::text::RawLine;

/// A record of a log. Everything borrowed lives only during the call that hands it over.
#[derive(Debug)]
pub struct Record<'a> {
    /// The index of the grammar that framed it; `None` for a line without a frame.
    pub grammar: Option<usize>,
    /// The message, trimmed; a blank stands where a tail-framed message was wrapped.
    pub message: &'a [u8],
    /// Whether the message was put together from several lines.
    pub joined: bool,
    pub component: &'a [u8],
    pub local: Option<NaiveDateTime>,
    pub zone: Zone,
    pub thread: Option<u32>,
    pub severity: Option<u8>,
    /// The first line, counted from 1, and how many there are.
    pub line: u32,
    pub lines: u32,
    /// The bytes in the source, frame included.
    pub offset: u64,
    pub length: u32,
}

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
    /// Whether a held line has the mark of a tail.
    marked: bool,
    last_zone: (Vec<u8>, Zone),
}

/// What is not complete yet.
#[derive(Debug)]
enum Open {
    /// Lines without a frame, which a tail may still complete.
    Lines,
    /// A record that began with its frame and goes on until the next frame.
    Head { grammar: usize, told: Told, frame: Vec<u8>, start: u64 },
    /// A record whose closing part has not come yet.
    Wrap { grammar: usize, shape: usize, start: u64 },
}

#[derive(Clone, Copy, Debug)]
struct HeldLine {
    /// Where its text stands in `held`.
    at: usize,
    size: usize,
    line: u32,
    /// The bytes in the source.
    offset: u64,
    length: u32,
    /// Whether a byte of text is a byte of the source, so that parts of the line have places.
    exact: bool,
}

/// Unframed lines are joined up to here; e-mail wraps one record over two to four lines.
const MOST_WRAPPED: (usize, usize) = (12, 4096);
/// A record that began with its frame holds this much at most; SQL text runs over pages.
const MOST_CONTINUED: (usize, usize) = (500, 64 * 1024);
/// A message between two frame parts holds this much at most.
const MOST_ENCLOSED: (usize, usize) = (20_000, 1 << 20);
/// Openers that are looked at from the end of a line.
const MOST_OPENERS: usize = 12;

impl<'g> Reader<'g> {
    /// A reader at the start of a log.
    pub fn new(grammars: &'g Grammars) -> Self {
        Self {
            grammars,
            current: None,
            open: Open::Lines,
            held: Vec::new(),
            held_lines: Vec::new(),
            marked: false,
            last_zone: (Vec::new(), Zone::Unknown),
        }
    }

    /// Takes the next line.
    pub fn line(&mut self, line: &RawLine<'_>, emit: &mut impl FnMut(&Record<'_>)) {
        let text = line.text.strip_suffix(b"\r").unwrap_or(line.text);
        let exact = line.length as usize == line.text.len();
        let length = if exact { text.len() as u32 } else { line.length };
        let place =
            HeldLine { at: 0, size: text.len(), line: line.number, offset: line.offset, length, exact };
        if matches!(self.open, Open::Wrap { .. }) {
            self.hold(text, place, b"\n");
            return self.close_wrap(emit);
        }
        if text.trim_ascii().is_empty() {
            // A blank line ends plain lines; it may stand within a wrapped tail, and within what a frame began.
            if matches!(self.open, Open::Lines) && !self.marked {
                self.extract(true, emit);
            }
            return;
        }
        let found = self.current.and_then(|current| self.frame_line(current, text)).or_else(|| {
            let others = (0..self.grammars.all.len()).filter(|other| Some(*other) != self.current);
            others.filter_map(|other| self.frame_line(other, text)).next()
        });
        match found {
            Some(found) => self.framed(&found, text, place, emit),
            None => self.unframed(text, place, emit),
        }
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
    fn frame_line(&self, index: usize, text: &[u8]) -> Option<Found> {
        let grammar = &self.grammars.all[index];
        if grammar.loose {
            return None;
        }
        grammar.shapes.iter().enumerate().find_map(|(shape_index, shape)| {
            let (start, end, told) = match shape {
                Shape::Tail { opener, mark, tail } => last_tail(opener, mark, tail, text)?,
                Shape::Head { opener, head } => {
                    let start = text.len() - text.trim_ascii_start().len();
                    let starts = opener.as_ref().is_none_or(|opener| text[start..].starts_with(opener));
                    let (end, told) = if starts { head.match_at(text, start)? } else { return None };
                    (start, end, told)
                }
                Shape::Wrap { opener, .. } => {
                    let start = text.len() - strip_mark(text).trim_ascii_start().len();
                    let starts = text[start..].starts_with(opener);
                    starts.then_some((start, start + opener.len(), Told::default()))?
                }
            };
            Some(Found { grammar: index, shape: shape_index, start, end, told })
        })
    }

    fn framed(&mut self, found: &Found, text: &[u8], place: HeldLine, emit: &mut impl FnMut(&Record<'_>)) {
        let grammars = self.grammars;
        self.current = Some(found.grammar);
        match &grammars.all[found.grammar].shapes[found.shape] {
            Shape::Tail { opener, .. } => {
                self.close_head(emit);
                let message = text[..found.start].trim_ascii();
                if self.held.is_empty() && (opener.needle().len() < 2 || opener.find(message).is_none()) {
                    let record = self.record(found.grammar, &found.told, text, message, &[place]);
                    return emit(&record);
                }
                self.hold(text, place, b" ");
                self.marked = true;
                self.extract(false, emit);
            }
            Shape::Head { .. } => {
                self.end(emit);
                let (frame, start) = (text[..found.end].to_vec(), place.offset);
                self.open = Open::Head { grammar: found.grammar, told: found.told.clone(), frame, start };
                self.hold(&text[found.end..], place, b"");
            }
            Shape::Wrap { .. } => {
                self.end(emit);
                self.open = Open::Wrap { grammar: found.grammar, shape: found.shape, start: place.offset };
                self.hold(&text[found.end..], place, b"");
                self.close_wrap(emit);
            }
        }
    }

    fn unframed(&mut self, text: &[u8], place: HeldLine, emit: &mut impl FnMut(&Record<'_>)) {
        let limit = if matches!(self.open, Open::Head { .. }) { MOST_CONTINUED } else { MOST_WRAPPED };
        if self.held_lines.len() >= limit.0 || self.held.len() + text.len() > limit.1 {
            self.end(emit);
        }
        let separator: &[u8] = if matches!(self.open, Open::Head { .. }) { b"\n" } else { b" " };
        self.hold(text, place, separator);
        if matches!(self.open, Open::Lines) {
            self.marked = self.marked || self.has_mark(text);
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
        if self.held_lines.is_empty() || (!self.marked && !last) {
            return;
        }
        let held = std::mem::take(&mut self.held);
        let lines = std::mem::take(&mut self.held_lines);
        let mut from = 0;
        let mut tails = Tails::new(self.grammars, &held, last);
        while let Some(Tail { grammar, start, end, told }) = self.marked.then(|| tails.first(from)).flatten()
        {
            if !self.grammars.all[grammar].loose {
                self.current = Some(grammar);
            }
            let span = spanned(&lines, from, end);
            emit(&self.record(grammar, &told, &held, held[from..start].trim_ascii(), &span));
            from = end;
        }
        if last {
            for place in spanned(&lines, from, held.len()) {
                emit(&plain(&held[place.at..place.at + place.size], &place));
            }
            self.marked = false;
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
        self.marked = !rest.trim_ascii().is_empty() && self.has_mark(rest);
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
                emit(&self.record(grammar, &told, &frame, held.trim_ascii(), &lines).starting_at(start));
                // The buffer goes back, so that not every record asks for memory.
                self.held = held;
                self.held.clear();
            }
            other => self.open = other,
        }
    }

    fn close_wrap(&mut self, emit: &mut impl FnMut(&Record<'_>)) {
        let grammars = self.grammars;
        let Open::Wrap { grammar, shape, start } = self.open else { return };
        let Shape::Wrap { closer, tail, .. } = &grammars.all[grammar].shapes[shape] else { return };
        let last_line = self.held_lines.last().map_or(0, |place| place.at);
        // A closer may have been cut by a line end only if it is no closer; so the last line is enough.
        if let Some(at) = closer.find(&self.held[last_line..]) {
            let end = last_line + at;
            if let Some((_, told)) = tail.match_at(&self.held, end) {
                let held = std::mem::take(&mut self.held);
                let lines = std::mem::take(&mut self.held_lines);
                self.open = Open::Lines;
                let record = self.record(grammar, &told, &held, held[..end].trim_ascii(), &lines);
                emit(&record.starting_at(start));
                self.held = held;
                return self.held.clear();
            }
        }
        if self.held_lines.len() >= MOST_ENCLOSED.0 || self.held.len() > MOST_ENCLOSED.1 {
            self.flush_lines(emit);
        }
    }

    /// Hands over held lines as lines without a frame.
    fn flush_lines(&mut self, emit: &mut impl FnMut(&Record<'_>)) {
        self.open = Open::Lines;
        let held = std::mem::take(&mut self.held);
        for place in std::mem::take(&mut self.held_lines) {
            emit(&plain(&held[place.at..place.at + place.size], &place));
        }
    }

    fn record<'a>(
        &mut self,
        grammar: usize,
        told: &Told,
        text: &'a [u8],
        message: &'a [u8],
        lines: &[HeldLine],
    ) -> Record<'a> {
        let zone_name = text.get(told.zone.clone()).unwrap_or_default().trim_ascii();
        let zone = match told.bias {
            // Writers of a bias mean UTC = local + bias; a bias of more than a day means nothing.
            Some(bias) if bias.abs() <= 14 * 60 => Zone::Bias(-bias as i16),
            Some(_) => Zone::Unknown,
            None if zone_name.is_empty() => Zone::Unknown,
            None => self.zone_of(zone_name),
        };
        let (first, last) = (lines.first(), lines.last());
        let start = first.map_or(0, |place| place.offset);
        let end = last.map_or(0, |place| place.offset + u64::from(place.length));
        Record {
            grammar: Some(grammar),
            message,
            joined: lines.len() > 1,
            component: text.get(told.component.clone()).unwrap_or_default().trim_ascii(),
            local: told.local(),
            zone,
            thread: told.thread,
            severity: told.severity,
            line: first.map_or(0, |place| place.line),
            lines: first.zip(last).map_or(0, |(first, last)| last.line - first.line + 1),
            offset: start,
            length: u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX),
        }
    }

    fn zone_of(&mut self, name: &[u8]) -> Zone {
        if self.last_zone.0 != name {
            let zone = self.grammars.zones.offset(name).map_or(Zone::Unknown, Zone::Named);
            self.last_zone = (name.to_vec(), zone);
        }
        self.last_zone.1
    }
}

impl Record<'_> {
    /// The record with the bytes before its message included.
    fn starting_at(self, start: u64) -> Self {
        let more = u32::try_from(self.offset.saturating_sub(start)).unwrap_or(u32::MAX);
        Self { offset: start.min(self.offset), length: self.length.saturating_add(more), ..self }
    }
}

/// Where a frame was found in a line.
struct Found {
    grammar: usize,
    shape: usize,
    start: usize,
    end: usize,
    told: Told,
}

/// The tail that ends a line, searched from the end.
fn last_tail(
    opener: &Finder<'_>,
    mark: &Finder<'_>,
    tail: &Frame,
    text: &[u8],
) -> Option<(usize, usize, Told)> {
    let opener = opener.needle();
    // A short opener, such as a blank, is everywhere; the mark is not.
    if opener.len() < 3 && mark.find(text).is_none() {
        return None;
    }
    let mut end = text.len();
    for _ in 0..MOST_OPENERS {
        let start = rfind(&text[..end], opener)?;
        if let Some((end, told)) = tail.match_at(text, start)
            && text[end..].trim_ascii().is_empty()
        {
            return Some((start, end, told));
        }
        // Openers may overlap: `$$$<`.
        end = start + opener.len() - 1;
    }
    None
}

/// The last place of `needle`; its first byte is rare, so looking for that is fastest.
fn rfind(text: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(needle[0], text).find(|at| text[*at..].starts_with(needle))
}

/// The held lines that hold the bytes from `from` to `to`, cut to these.
fn spanned(lines: &[HeldLine], from: usize, to: usize) -> Vec<HeldLine> {
    let cut = |place: &HeldLine| {
        let start = place.at.max(from);
        let end = (place.at + place.size).min(to);
        let part = HeldLine { at: start, size: end.saturating_sub(start), ..*place };
        let (offset, length) = match place.exact {
            true => (place.offset + (start - place.at) as u64, part.size as u32),
            false => (place.offset, place.length),
        };
        (start < end).then_some(HeldLine { offset, length, ..part })
    };
    lines.iter().filter_map(cut).collect()
}

/// A line without a frame.
fn plain<'a>(text: &'a [u8], place: &HeldLine) -> Record<'a> {
    Record {
        grammar: None,
        message: text.trim_ascii(),
        joined: false,
        component: &[],
        local: None,
        zone: Zone::Unknown,
        thread: None,
        severity: None,
        line: place.line,
        lines: 1,
        offset: place.offset,
        length: place.length,
    }
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
