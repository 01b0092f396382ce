//! Records that enclose their messages: where the closing part stands.

use super::Grammar;
use super::file::Shape;
use super::frame::Told;

/// Closers that are looked at; a message may quote one.
const MOST_CLOSERS: usize = 12;

/// Where an enclosing record ends.
pub(super) struct Closing {
    pub message_end: usize,
    pub tail_end: usize,
    pub told: Told,
}

/// The first place from `from` on at which one of a grammar's closing parts stands.
pub(super) fn closing(grammar: &Grammar, text: &[u8], from: usize) -> Option<Closing> {
    let closers = grammar.shapes.iter().filter_map(|shape| match shape {
        Shape::Wrap { closer, tail, .. } => Some((closer, tail)),
        _ => None,
    });
    let ends = closers.filter_map(|(closer, tail)| {
        let places = closer.find_iter(text.get(from..)?).map(|at| from + at);
        places.take(MOST_CLOSERS).find_map(|message_end| {
            let (tail_end, told) = tail.match_at(text, message_end)?;
            Some(Closing { message_end, tail_end, told })
        })
    });
    // Of two shapes that end at one place the one that is written first has it.
    ends.reduce(|best, other| if other.message_end < best.message_end { other } else { best })
}
