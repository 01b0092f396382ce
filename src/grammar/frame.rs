//! Matching a compiled frame against bytes.

use std::ops::Range;

use super::language::{self, Field, Part};
use super::step::{Bytes, Step, blanks, first_bytes, single};
use super::told::Told;

/// A frame ready to match.
#[derive(Clone, Debug)]
pub struct Frame {
    pub(super) steps: Vec<Step>,
    /// Whether each optional part is decided by its first byte, so that the same bytes always match in the same way.
    pub(super) decided: bool,
}

impl Frame {
    /// Compiles the parts of a frame, the message left out.
    pub fn new(parts: &[Part]) -> Self {
        let steps = steps(parts, &[false; 256]);
        let decided = is_decided(&steps);
        Self { steps, decided }
    }

    /// Reads a frame without a message, as grammars write it.
    ///
    /// # Errors
    /// The byte of the text at which something is wrong, and what.
    pub fn read(text: &str) -> Result<Self, (usize, String)> {
        Ok(Self::new(&language::parts(text)?))
    }

    /// The literal with which every match starts, if the frame starts with one.
    pub fn opener(&self) -> Option<&[u8]> {
        match self.steps.first() {
            Some(Step::Literal(bytes)) => Some(bytes),
            _ => None,
        }
    }

    /// Matches at `at`; gives the end of the match and what it told.
    pub fn match_at(&self, bytes: &[u8], at: usize) -> Option<(usize, Told)> {
        let mut told = Told::default();
        let end = self.run(0..self.steps.len(), bytes, at, &mut told, &mut Vec::new())?;
        told.find_date();
        Some((end, told))
    }

    pub(super) fn run(
        &self,
        steps: Range<usize>,
        bytes: &[u8],
        mut at: usize,
        told: &mut Told,
        trail: &mut Vec<(usize, usize)>,
    ) -> Option<usize> {
        let mut next = steps.start;
        while next < steps.end {
            if let Step::Optional(count) = self.steps[next] {
                let (before, length) = (*told, trail.len());
                match self.run(next + 1..next + 1 + count, bytes, at, told, trail) {
                    Some(end) => at = end,
                    None => {
                        *told = before;
                        trail.truncate(length);
                    }
                }
                next += count;
            } else {
                at = self.steps[next].take(bytes, at, told)?;
                trail.push((next, at));
            }
            next += 1;
        }
        Some(at)
    }
}

/// Compiles parts; `after` are the bytes that may follow the last one.
fn steps(parts: &[Part], after: &Bytes) -> Vec<Step> {
    let mut follow = *after;
    // Groups of steps from the last to the first, each in its own order.
    let mut groups: Vec<Vec<Step>> = Vec::with_capacity(parts.len());
    let mut rest = parts;
    while let Some((part, before)) = rest.split_last() {
        rest = before;
        match part {
            Part::Literal(bytes) => {
                follow = single(bytes[0]);
                groups.push(vec![Step::Literal(bytes.as_slice().into())]);
            }
            Part::Blanks => {
                follow = blanks();
                groups.push(vec![Step::Blanks]);
            }
            Part::Field(Field::Second) if is_clock(before) => {
                rest = &before[..before.len() - 4];
                follow = first_bytes(Field::Hour);
                groups.push(vec![Step::Clock]);
            }
            Part::Field(field) => {
                let next = groups.last().and_then(|group| group.first());
                groups.push(vec![match (field, next) {
                    (Field::Skip, Some(Step::Literal(literal))) => Step::SkipTo(literal.clone()),
                    _ => Step::Field(*field, Box::new(follow)),
                }]);
                follow = first_bytes(*field);
            }
            Part::Optional(inner) => {
                let mut inner = steps(inner, &follow);
                if let Some(first) = inner.first() {
                    for (place, byte) in follow.iter_mut().zip(first.first_bytes()) {
                        *place |= byte;
                    }
                }
                inner.insert(0, Step::Optional(inner.len()));
                groups.push(inner);
            }
        }
    }
    groups.into_iter().rev().flatten().collect()
}

/// Whether parts end with hours and minutes, as they stand before the seconds of a clock.
fn is_clock(parts: &[Part]) -> bool {
    let colon = |part: &Part| matches!(part, Part::Literal(bytes) if bytes == b":");
    match parts {
        [.., Part::Field(Field::Hour), first, Part::Field(Field::Minute), second] => {
            colon(first) && colon(second)
        }
        _ => false,
    }
}

/// Whether the first byte tells for each optional part if it is there.
fn is_decided(steps: &[Step]) -> bool {
    starts(steps, [true; 256]).is_some()
}

/// The bytes with which steps can start, given those that may follow; nothing if an optional part is not decided.
fn starts(steps: &[Step], follow: Bytes) -> Option<Bytes> {
    let Some((first, rest)) = steps.split_first() else { return Some(follow) };
    let Step::Optional(count) = first else {
        starts(rest, follow)?;
        return Some(first.starts());
    };
    let (inner, rest) = rest.split_at(*count);
    let without = starts(rest, follow)?;
    let with = starts(inner, without)?;
    // Free text up to what follows is always there, if only with no byte.
    let always = matches!(inner, [Step::Field(Field::Zone | Field::Skip, _)]);
    let both = (0..256).any(|byte| with[byte] && without[byte]);
    (always || !both).then(|| std::array::from_fn(|byte| with[byte] || without[byte]))
}

#[cfg(test)]
mod tests;
