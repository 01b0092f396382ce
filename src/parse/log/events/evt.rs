//! The `.evt` file: where its events stand, whatever state the file was copied in.
//!
//! Structures as in "Event Log File Format" of the Platform SDK and in the documentation of libevt. The service
//! writes behind the newest event and over the oldest ones; while it runs, the header is stale ("dirty") and only
//! the end record tells where the events begin and end.

use super::ring::{END_RECORD, HEADER, LEAST_RECORD, MARK, Ring, number};
use super::{EventsRead, record, severity};
use crate::grammar::{EventTexts, Framing, Record};
use crate::model::{Origin, ProblemKind, SourceId, Zone};
use crate::text::Streamed;

/// `ELF_LOGFILE_HEADER_DIRTY`.
const DIRTY: u32 = 1;
/// What the service fills the end of the file with where no record begins any more.
const FILLER: u32 = 0x27;

/// Whether a file begins as an event log does.
pub fn has_header(head: &[u8]) -> bool {
    number(head, 0) as usize == HEADER && head.get(4..8) == Some(MARK)
}

/// Whether an event stands in the first bytes.
pub fn has_record(head: &[u8]) -> bool {
    Ring { bytes: head }.find_event(0, head.len()).is_some()
}

/// Where the events of a file are.
#[derive(Debug, Default)]
struct Places {
    /// Place and length, in the order of writing.
    events: Vec<(usize, usize)>,
    /// Runs in which no event could be found.
    gaps: Vec<(usize, usize)>,
}

/// Hands over the events from the oldest to the newest.
pub fn read(
    source: SourceId,
    bytes: &[u8],
    texts: &EventTexts,
    each: &mut impl FnMut(&Record<'_>),
) -> EventsRead {
    let mut out = EventsRead {
        streamed: Streamed { bytes: bytes.len() as u64, terminated: true, ..Streamed::default() },
        ..EventsRead::default()
    };
    let ring = Ring { bytes };
    let places = places(source, ring, &mut out);
    for (at, length) in places.gaps {
        let what = format!("found {length} bytes that are no event, expected the next event");
        out.problem(origin(source, ring, at, length), ProblemKind::Malformed, what);
    }
    let mut assumed = None;
    for (at, length) in places.events {
        let Some(bytes) = ring.get(at, length) else { continue };
        let event = record::event(&bytes);
        let origin = origin(source, ring, at, length);
        if let Some(damage) = event.damage {
            out.problem(
                origin,
                ProblemKind::Malformed,
                format!("event {} is damaged: {damage}", event.number),
            );
        }
        let strings: Vec<&str> = event.strings.iter().map(AsRef::as_ref).collect();
        let message = texts.message(&event.source, event.id, &strings, true);
        if message.assumed {
            assumed.get_or_insert(origin);
        }
        out.computer(&event.computer);
        each(&Record {
            framing: Framing::Events("evt"),
            message: message.text.as_bytes(),
            joined: false,
            component: event.source.as_bytes(),
            local: event.generated,
            zone: Zone::Utc,
            thread: None,
            severity: severity(event.kind),
            line: 0,
            lines: 0,
            offset: origin.offset,
            length: origin.length,
        });
    }
    if let Some(origin) = assumed {
        out.problem(origin, ProblemKind::Assumed, super::INSERTS_IN_ORDER);
    }
    out
}

/// The place of an event; of one that goes over the end of the file the part before that.
fn origin(source: SourceId, ring: Ring<'_>, at: usize, length: usize) -> Origin {
    let length = length.min(ring.end().saturating_sub(at));
    Origin { source, line: 0, offset: at as u64, length: u32::try_from(length).unwrap_or(u32::MAX) }
}

/// Finds the events by the end record, or else wherever they are.
fn places(source: SourceId, ring: Ring<'_>, out: &mut EventsRead) -> Places {
    let header = origin(source, ring, 0, HEADER);
    let whole = has_header(ring.bytes);
    let (end_at, flags) = (number(ring.bytes, 20) as usize, number(ring.bytes, 36));
    let by_header = ring.end_record(end_at).filter(|_| whole && flags & DIRTY == 0);
    let end = by_header.or_else(|| ring.find_end());
    if !whole {
        let what = "found no header of an event log, expected 48 bytes with `LfLe`";
        out.problem(header, ProblemKind::Malformed, what);
    } else if flags & DIRTY != 0 && end.is_some() {
        let what = "copied while the event log service wrote to it, so its header is stale: the record behind \
                    the newest event tells where the events begin and end";
        out.problem(header, ProblemKind::Assumed, what);
    } else if by_header.is_none() && end.is_some() {
        let what =
            format!("found no end of the log at byte {end_at}, where the header has it; it stands elsewhere");
        out.problem(header, ProblemKind::Malformed, what);
    }
    let Some(end) = end else {
        let what = "found no record behind the newest event: cut or damaged, so the events are put in the order \
                    of their numbers and some may be missing";
        out.problem(header, ProblemKind::Truncated, what);
        return scattered(ring);
    };
    let wanted = end.next.wrapping_sub(end.oldest) as usize;
    let empty = end.oldest_at == end.at;
    if !empty && ring.event(end.oldest_at).is_none() {
        let what = format!("found no event at byte {}, where the oldest should be", end.oldest_at);
        out.problem(origin(source, ring, end.at, END_RECORD), ProblemKind::Malformed, what);
        return scattered(ring);
    }
    let distance = ring.distance(end.oldest_at, end.at);
    let places = walk(ring, end.oldest_at, distance);
    if end.oldest != 0 && places.events.len() != wanted {
        let what = format!("found {} events, expected {wanted} by their numbers", places.events.len());
        out.problem(origin(source, ring, end.at, END_RECORD), ProblemKind::Malformed, what);
    }
    let behind = ring.behind(end.at, END_RECORD);
    let free = ring.size().saturating_sub(distance + END_RECORD);
    let left = walk(ring, behind, free).events;
    if let Some((first, _)) = left.first() {
        let what = format!(
            "older events stand beyond the ends of the log: {}, which Event Viewer does not show; they are left out",
            left.len()
        );
        out.problem(origin(source, ring, *first, free), ProblemKind::Unsupported, what);
    }
    places
}

/// The events within `distance` bytes from a place on.
fn walk(ring: Ring<'_>, start: usize, distance: usize) -> Places {
    let mut places = Places::default();
    let (mut at, mut gone) = (start, 0);
    while gone < distance {
        let left = distance - gone;
        let step = if let Some(length) =
            sound(ring, at).filter(|length| *length <= left).or_else(|| until_next(ring, at, left))
        {
            places.events.push((at, length));
            length
        } else if ring.end() - at < END_RECORD + 16 && number(ring.bytes, at) == FILLER {
            ring.end() - at
        } else {
            let next = ring.find_event(at + 4, left.saturating_sub(4));
            let gap = next.map_or(left, |next| ring.distance(at, next)).max(4);
            places.gaps.push((at, gap));
            gap
        };
        gone += step;
        at = ring.behind(at, step);
    }
    places
}

/// The length of the event at a place, if all speaks for it.
fn sound(ring: Ring<'_>, at: usize) -> Option<usize> {
    let length = ring.event(at)?;
    let next = ring.behind(at, length);
    let closing = number(&ring.get(at, length)?, length - 4) as usize;
    let followed = ring.event(next).is_some() || ring.end_record(next).is_some();
    (closing == length || followed).then_some(length)
}

/// The length of an event whose own length is damaged: it ends at the next event, at most after `most` bytes.
fn until_next(ring: Ring<'_>, at: usize, most: usize) -> Option<usize> {
    ring.event_mark(at).then_some(())?;
    let next = ring.find_event(at + 4, most.saturating_sub(4));
    let length = next.map_or(most, |next| ring.distance(at, next));
    (LEAST_RECORD..=most).contains(&length).then_some(length)
}

/// The events wherever they are, in the order of their numbers.
fn scattered(ring: Ring<'_>) -> Places {
    let start = if has_header(ring.bytes) { HEADER } else { 0 };
    let mut places = Places::default();
    let mut at = start;
    while at < ring.end() {
        let left = ring.end() - at;
        let length = match sound(ring, at).or_else(|| until_next(ring, at, left)) {
            Some(length) => {
                places.events.push((at, length));
                length
            }
            None if ring.end_record(at).is_some() => END_RECORD,
            None => {
                let next = ring.find_event(at + 4, left.saturating_sub(4));
                let gap = next.filter(|next| *next > at).map_or(left, |next| next - at);
                // Space that was never written to is no gap.
                if ring.bytes[at..at + gap].iter().any(|byte| *byte != 0) {
                    places.gaps.push((at, gap));
                }
                gap
            }
        };
        at = at.saturating_add(length);
    }
    places.events.sort_by_key(|(at, _)| number(ring.bytes, at + 8));
    // The rest of an event that goes over the end of the file stands behind the header.
    let over = places.events.iter().map(|(at, length)| (at + length).saturating_sub(ring.end())).max();
    places.gaps.retain(|(at, length)| *at != HEADER || over != Some(*length));
    places
}
