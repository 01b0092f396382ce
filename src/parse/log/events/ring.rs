//! The bytes of an `.evt` file as the service writes them: behind the end it goes on after the header.

use std::borrow::Cow;

use memchr::memmem::Finder;

/// The size of the file header.
pub const HEADER: usize = 0x30;
/// The size of a record without its names, strings and data.
pub const LEAST_RECORD: usize = 56;
/// The size of the record that stands behind the newest event.
pub const END_RECORD: usize = 0x28;
/// `ELF_LOG_SIGNATURE`.
pub const MARK: &[u8] = b"LfLe";
/// What tells the end record from events.
pub const END_MARK: &[u8] =
    &[0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, 0x33, 0x33, 0x33, 0x33, 0x44, 0x44, 0x44, 0x44];

/// A whole file.
#[derive(Clone, Copy, Debug)]
pub struct Ring<'a> {
    pub bytes: &'a [u8],
}

/// The record that tells where the events begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Its own place.
    pub at: usize,
    /// The place of the oldest event.
    pub oldest_at: usize,
    /// The number that the next event gets.
    pub next: u32,
    /// The number of the oldest event.
    pub oldest: u32,
}

/// The number at a place; 0 behind the end.
pub fn number(bytes: &[u8], at: usize) -> u32 {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    found.map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

impl<'a> Ring<'a> {
    /// The place behind the last byte.
    pub fn end(self) -> usize {
        self.bytes.len()
    }

    /// How many bytes there are for records.
    pub fn size(self) -> usize {
        self.end().saturating_sub(HEADER)
    }

    /// `length` bytes from a place on; what goes over the end is put together.
    pub fn get(self, at: usize, length: usize) -> Option<Cow<'a, [u8]>> {
        let stop = at.checked_add(length)?;
        if let Some(bytes) = self.bytes.get(at..stop) {
            return Some(Cow::Borrowed(bytes));
        }
        let rest = stop.checked_sub(self.end())?;
        let (first, second) = (self.bytes.get(at..)?, self.bytes.get(HEADER..HEADER.checked_add(rest)?)?);
        // What goes on beyond its own start is no record.
        (!first.is_empty() && HEADER + rest <= at).then(|| Cow::Owned([first, second].concat()))
    }

    /// The place `length` bytes behind another.
    pub fn behind(self, at: usize, length: usize) -> usize {
        let next = at.saturating_add(length);
        if next < self.end() { next } else { next - self.end() + HEADER }
    }

    /// How far it is from one place to another, going forward.
    pub fn distance(self, from: usize, to: usize) -> usize {
        if from <= to { to - from } else { (self.end() + to).saturating_sub(from + HEADER) }
    }

    /// Whether the mark of an event stands at a place.
    pub fn event_mark(self, at: usize) -> bool {
        self.get(at, 8).is_some_and(|head| head.get(4..8) == Some(MARK))
    }

    /// The length of the event at a place, if one begins there.
    pub fn event(self, at: usize) -> Option<usize> {
        let length = number(&self.get(at, 4)?, 0) as usize;
        let fits = length >= LEAST_RECORD && length.is_multiple_of(4) && length <= self.size();
        (fits && self.event_mark(at)).then_some(length)
    }

    /// The end record at a place, if it is one.
    pub fn end_record(self, at: usize) -> Option<End> {
        let bytes = self.get(at, END_RECORD).filter(|_| at >= HEADER)?;
        let is_end = number(&bytes, 0) as usize == END_RECORD && bytes.get(4..20) == Some(END_MARK);
        is_end.then(|| End {
            at,
            oldest_at: number(&bytes, 20) as usize,
            next: number(&bytes, 28),
            oldest: number(&bytes, 32),
        })
    }

    /// The newest end record, wherever it stands.
    pub fn find_end(self) -> Option<End> {
        let marks = Finder::new(END_MARK);
        let within = marks.find_iter(self.bytes).filter_map(|at| at.checked_sub(4));
        // It may go over the end of the file like any other.
        let over =
            (self.end().saturating_sub(END_RECORD - 1)..self.end()).filter(|at: &usize| at.is_multiple_of(4));
        let found = within.chain(over).filter_map(|at| self.end_record(at));
        found.max_by_key(|end| (end.next, end.at))
    }

    /// The next place from `at` on, and within `limit` bytes, at which an event begins.
    pub fn find_event(self, at: usize, limit: usize) -> Option<usize> {
        let mark = Finder::new(MARK);
        let stop = at.saturating_add(limit).min(self.end());
        let events = |from: usize, to: usize| {
            let run = self.bytes.get(from..to).unwrap_or_default();
            let places = mark.find_iter(run).filter_map(move |found| (from + found).checked_sub(4));
            places.filter(move |place| *place >= from).find(|place| self.event(*place).is_some())
        };
        let over = limit.saturating_sub(self.end().saturating_sub(at)).min(at.saturating_sub(HEADER));
        events(at, stop).or_else(|| events(HEADER, HEADER + over))
    }
}
