//! One event of an `.evt` file: its fields and texts.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDateTime};
use encoding_rs::UTF_16LE;

use super::ring::{LEAST_RECORD, number};

/// What an event says of itself (`EVENTLOGRECORD`, winnt.h).
#[derive(Clone, Debug)]
pub struct Event<'a> {
    pub number: u32,
    /// When it was generated, in UTC; `None` where the field is empty.
    pub generated: Option<NaiveDateTime>,
    /// The part of the identifier that Event Viewer shows.
    pub id: u32,
    pub kind: u32,
    pub source: Cow<'a, str>,
    pub computer: Cow<'a, str>,
    pub strings: Vec<Cow<'a, str>>,
    /// What is wrong with it, where it can be read all the same.
    pub damage: Option<&'static str>,
}

/// Reads an event from all its bytes, of which there are at least [`LEAST_RECORD`].
pub fn event(bytes: &[u8]) -> Event<'_> {
    let half = |at: usize| number(bytes, at) & 0xFFFF;
    let closing = number(bytes, bytes.len().saturating_sub(4));
    let lengths = [number(bytes, 0), closing].map(|length| length as usize == bytes.len());
    let mut damage = lengths.contains(&false).then_some("its length before and behind it are not the same");
    let body = &bytes[..bytes.len().saturating_sub(4)];
    let (source, rest) = text(body.get(LEAST_RECORD..).unwrap_or_default());
    let (computer, _) = text(rest);
    let (data_size, data_at) = (number(bytes, 48), number(bytes, 52) as usize);
    let strings_at = number(bytes, 36) as usize;
    let stop =
        if data_size > 0 && (strings_at..body.len()).contains(&data_at) { data_at } else { body.len() };
    let mut rest = body.get(strings_at.max(LEAST_RECORD)..stop).unwrap_or_default();
    let mut strings = Vec::new();
    for _ in 0..half(26) {
        if rest.is_empty() {
            damage = Some("it holds fewer strings than it says");
            break;
        }
        let (string, behind) = text(rest);
        strings.push(string);
        rest = behind;
    }
    Event {
        number: number(bytes, 8),
        generated: DateTime::from_timestamp(i64::from(number(bytes, 12)), 0)
            .filter(|moment| moment.timestamp() != 0)
            .map(|moment| moment.naive_utc()),
        id: half(20),
        kind: half(24),
        source,
        computer,
        strings,
        damage,
    }
}

/// The UTF-16 text up to the first NUL, and what stands behind that.
fn text(bytes: &[u8]) -> (Cow<'_, str>, &[u8]) {
    let end = bytes.chunks_exact(2).position(|unit| unit == [0, 0]).map_or(bytes.len() & !1, |at| at * 2);
    let text = UTF_16LE.decode_without_bom_handling(&bytes[..end]).0;
    (text, bytes.get(end + 2..).unwrap_or_default())
}
