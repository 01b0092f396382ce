//! A record, and the lines that are held until one is complete, with their places.

use chrono::NaiveDateTime;

use crate::model::Zone;

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

impl Record<'_> {
    /// The record with the bytes before its message included.
    pub(super) fn starting_at(self, start: u64) -> Self {
        let more = u32::try_from(self.offset.saturating_sub(start)).unwrap_or(u32::MAX);
        Self { offset: start.min(self.offset), length: self.length.saturating_add(more), ..self }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct HeldLine {
    /// Where its text stands in `held`.
    pub at: usize,
    pub size: usize,
    pub line: u32,
    /// The bytes in the source.
    pub offset: u64,
    pub length: u32,
    /// Whether a byte of text is a byte of the source, so that parts of the line have places.
    pub exact: bool,
}

/// The held lines that hold the bytes from `from` to `to`, cut to these.
pub(super) fn spanned(lines: &[HeldLine], from: usize, to: usize) -> Vec<HeldLine> {
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
pub(super) fn plain<'a>(text: &'a [u8], place: &HeldLine) -> Record<'a> {
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
