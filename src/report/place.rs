//! Where things stand, as every format writes it.

use crate::model::report::Evidence;

/// A place within a source: a line, or a byte where a source has no lines; nothing for a source as a whole.
pub fn position(line: Option<u32>, offset: Option<u64>) -> String {
    match (line, offset) {
        (Some(line), _) => format!(":{line}"),
        (None, Some(offset)) if offset != 0 => format!(" at byte {offset:#x}"),
        (None, _) => String::new(),
    }
}

/// Where a piece of evidence stands, and when it was written.
pub fn where_is(place: &Evidence) -> String {
    let line = position(place.line, Some(place.offset));
    let time = place.time.as_ref().map(|time| format!("  {time}")).unwrap_or_default();
    format!("{}  {}{line}{time}", place.host, place.source)
}
