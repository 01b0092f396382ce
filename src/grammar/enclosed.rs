//! Records that enclose their messages: where the closing part stands.

use super::Grammar;
use super::file::Shape;
use super::layout::Memo;
use super::told::Told;

/// Closers that are looked at; a message may quote one.
const MOST_CLOSERS: usize = 12;

/// Where an enclosing record ends.
#[derive(Clone, Copy)]
pub(super) struct Closing {
    pub message_end: usize,
    pub tail_end: usize,
}

/// The first place, from a byte on, at which one of the closing parts of a grammar stands; what it told is written to
/// `told`.
pub(super) fn closing(
    all: &[Grammar],
    (index, from): (usize, usize),
    memo: &mut Memo,
    told: &mut Told,
    text: &[u8],
) -> Option<Closing> {
    let mut best: Option<Closing> = None;
    for (shape_index, shape) in all[index].shapes.iter().enumerate() {
        let Shape::Wrap { closer, tail, .. } = shape else { continue };
        // Of two shapes that end at one place the one that is written first has it, so only what is before counts.
        let to = best.map_or(text.len(), |best| best.message_end + closer.needle().len() - 1);
        let Some(rest) = text.get(from..to.min(text.len())) else { continue };
        for message_end in closer.find_iter(rest).map(|at| from + at).take(MOST_CLOSERS) {
            let mut found = Told::default();
            if let Some(tail_end) = tail.match_like(memo, (index, shape_index), text, message_end, &mut found)
            {
                (*told, best) = (found, Some(Closing { message_end, tail_end }));
                break;
            }
        }
    }
    best
}
