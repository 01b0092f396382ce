//! Finds tails: the one that ends a line, and those in text that was put together from lines.

use memchr::memmem::Finder;

use super::file::Shape;
use super::told::Told;
use super::{Grammar, Grammars};

/// A tail that was found.
#[derive(Clone, Debug)]
pub struct Tail {
    pub grammar: usize,
    pub start: usize,
    pub end: usize,
    pub told: Told,
}

/// Openers that are tried before a text is taken for one without this tail.
const MOST_TRIES: usize = 200;

/// The tails of held text, from left to right.
pub struct Tails<'g, 'h> {
    grammars: &'g Grammars,
    held: &'h [u8],
    /// Whether nothing more will come, so that a damaged tail will not become a whole one.
    last: bool,
    /// For each shape that is a tail, its next match.
    next: Vec<Next>,
}

enum Next {
    /// Not looked for yet.
    Unknown,
    Found(Tail),
    None,
}

impl<'g, 'h> Tails<'g, 'h> {
    /// Begins at the start of the text.
    pub fn new(grammars: &'g Grammars, held: &'h [u8], last: bool) -> Self {
        let next = tails(grammars).map(|_| Next::Unknown).collect();
        Self { grammars, held, last, next }
    }

    /// The first complete tail at or behind `from`, which must not go back.
    pub fn first(&mut self, from: usize) -> Option<Tail> {
        let mut best: Option<&Tail> = None;
        for ((index, grammar, shape), next) in tails(self.grammars).zip(&mut self.next) {
            let known = match next {
                Next::Unknown => false,
                Next::Found(tail) => from <= tail.start,
                Next::None => true,
            };
            if !known {
                *next = find(index, grammar, shape, self.held, from, self.last);
            }
            // Of two tails at one place, the grammar that is tried first has it.
            if let Next::Found(tail) = next
                && best.is_none_or(|best| tail.start < best.start)
            {
                best = Some(tail);
            }
        }
        best.cloned()
    }
}

fn tails(grammars: &Grammars) -> impl Iterator<Item = (usize, &Grammar, &Shape)> {
    grammars.all.iter().enumerate().flat_map(|(index, grammar)| {
        let shapes = grammar.shapes.iter().filter(|shape| matches!(shape, Shape::Tail { .. }));
        shapes.map(move |shape| (index, grammar, shape))
    })
}

fn find(index: usize, grammar: &Grammar, shape: &Shape, held: &[u8], from: usize, last: bool) -> Next {
    let Shape::Tail { opener, mark, tail } = shape else { return Next::None };
    let Some(rest) = held.get(from..) else { return Next::None };
    if mark.find(rest).is_none() {
        return Next::None;
    }
    for start in opener.find_iter(rest).map(|at| from + at).take(MOST_TRIES) {
        let Some((end, told)) = tail.match_at(held, start) else { continue };
        if !grammar.loose || !may_go_on(held, end, last) {
            return Next::Found(Tail { grammar: index, start, end, told });
        }
    }
    Next::None
}

/// Whether a damaged tail, which ends at `end`, may be the start of a whole one: it is not closed yet, or a
/// further part begins.
fn may_go_on(held: &[u8], end: usize, last: bool) -> bool {
    let closed = matches!(held[..end].trim_ascii_end().last(), Some(b'>' | b')'));
    let rest = &held[end..];
    let next = rest.trim_ascii_start().first();
    // A message may begin with `>`, but not without a blank before it.
    let goes_on = next.is_none_or(|byte| matches!(byte, b'<' | b'(' | b'&')) || rest.starts_with(b">");
    !last && (!closed || goes_on)
}

/// Openers that are looked at from the end of a line.
const MOST_OPENERS: usize = 12;

/// The tail that ends a line, searched from the end.
pub(super) fn last_tail(
    opener: &Finder<'_>,
    mark: &Finder<'_>,
    text: &[u8],
    tail_at: &mut impl FnMut(usize) -> Option<usize>,
) -> Option<(usize, usize)> {
    let opener = opener.needle();
    // A short opener, such as a blank, is everywhere; the mark is not.
    if opener.len() < 3 && mark.find(text).is_none() {
        return None;
    }
    let mut end = text.len();
    for _ in 0..MOST_OPENERS {
        let start = rfind(&text[..end], opener)?;
        if let Some(end) = tail_at(start)
            && text[end..].trim_ascii().is_empty()
        {
            return Some((start, end));
        }
        // Openers may overlap: `$$$<`.
        end = start + opener.len() - 1;
    }
    None
}

/// The last place of `needle`; its first byte is rare, so looking for that is fastest.
pub(super) fn rfind(text: &[u8], needle: &[u8]) -> Option<usize> {
    // Needles are short, for which a loop is quicker than a call.
    let is_at =
        |at: &usize| needle.iter().zip(&text[*at..]).all(|(a, b)| a == b) && at + needle.len() <= text.len();
    memchr::memrchr_iter(needle[0], text).find(is_at)
}

/// The texts of which one stands in every line that a tail ends, each once.
pub fn marks(all: &[Grammar]) -> Vec<Finder<'static>> {
    let shapes = all.iter().flat_map(|grammar| &grammar.shapes);
    let mut marks: Vec<Finder<'static>> = shapes
        .filter_map(|shape| match shape {
            Shape::Tail { mark, .. } => Some(mark.clone()),
            _ => None,
        })
        .collect();
    marks.sort_by(|a, b| a.needle().cmp(b.needle()));
    marks.dedup_by(|a, b| a.needle() == b.needle());
    marks
}
