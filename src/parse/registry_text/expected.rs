//! What every part of a line has: blanks, an end, and what was expected where it stops.

use super::header::BLANKS;

/// What a line should have held where its reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected(pub &'static str);

/// The input without the blanks that it starts with.
pub fn unblanked(input: &str) -> &str {
    input.trim_start_matches(BLANKS)
}

/// Whether nothing follows that counts: only blanks, or a `;` comment.
pub fn ends(input: &str) -> bool {
    matches!(unblanked(input).as_bytes().first(), None | Some(b';'))
}
