//! A record, and the lines that are held until one is complete, with their places.

use chrono::NaiveDateTime;

use super::Grammars;
use crate::model::Zone;

/// What told a record from what stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Framing {
    /// Nothing: it is a line by itself.
    None,
    /// A grammar, by its index.
    Grammar(usize),
    /// A layout of event logs, by its name.
    Events(&'static str),
}

impl Framing {
    /// The name of the grammar or layout.
    pub fn name(self, grammars: &Grammars) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Grammar(index) => grammars.all.get(index).map(|grammar| grammar.name.as_str()),
            Self::Events(layout) => Some(layout),
        }
    }
}

/// A record of a log. Everything borrowed lives only during the call that hands it over.
#[derive(Debug)]
pub struct Record<'a> {
    pub framing: Framing,
    /// The message, trimmed; a blank stands where a tail-framed message was wrapped.
    pub message: &'a [u8],
    /// Whether the message was put together from several lines.
    pub joined: bool,
    pub component: &'a [u8],
    pub local: Option<NaiveDateTime>,
    pub zone: Zone,
    pub thread: Option<u32>,
    pub severity: Option<u8>,
    /// The first line, counted from 1, and how many there are; both are 0 where the log has no lines.
    pub line: u32,
    pub lines: u32,
    /// The bytes in the source, frame included.
    pub offset: u64,
    pub length: u32,
}

impl<'a> Record<'a> {
    /// A line without a frame, whose bytes in the source are `length` from `offset` on.
    pub fn unframed(text: &'a [u8], line: u32, offset: u64, length: u32) -> Self {
        Self {
            framing: Framing::None,
            message: text.trim_ascii(),
            joined: false,
            component: &[],
            local: None,
            zone: Zone::Unknown,
            thread: None,
            severity: None,
            line,
            lines: 1,
            offset,
            length,
        }
    }

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
