//! How frames matched lately, by which the next match is quick.

use super::frame::Frame;
use super::step::Step;
use super::told::{Span, Told};

/// How frames matched lately. From record to record a few numbers of a frame differ, and seldom their lengths; so the
/// next match compares all else at once, and reads these numbers where they stood.
#[derive(Debug, Default)]
pub struct Memo {
    layouts: Vec<Layout>,
    /// The layout that matched last.
    last: usize,
    /// The steps that matched, each with its end. Kept for its room.
    trail: Vec<(usize, usize)>,
}

/// Layouts that are remembered: those of a few components, with numbers of a few lengths.
const MOST_LAYOUTS: usize = 8;

/// A match of a frame.
#[derive(Debug)]
struct Layout {
    /// Which frame it is of.
    frame: (usize, usize),
    text: Vec<u8>,
    /// Zeros for the bytes of the text that may differ, all bits for others.
    mask: Vec<u8>,
    /// The steps that read what may differ, each with its place in the text.
    parts: Vec<(usize, Span)>,
    /// What was told, with places from the start of the text.
    told: Told,
    /// Whether the opener stands in it once, at its start, whatever the numbers are.
    opens_once: bool,
}

impl Memo {
    /// Whether nothing was remembered.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.layouts.is_empty()
    }
}

impl Frame {
    /// The same, quickly if it matches like the last time; gives the end, and writes what it told to `told`.
    /// `frame` tells frames that share a memo apart.
    pub fn match_like(
        &self,
        memo: &mut Memo,
        frame: (usize, usize),
        bytes: &[u8],
        at: usize,
        told: &mut Told,
    ) -> Option<usize> {
        let latest =
            memo.layouts.get(memo.last).and_then(|layout| self.match_same(layout, frame, bytes, at, told));
        if latest.is_some() {
            return latest;
        }
        for (index, layout) in memo.layouts.iter().enumerate().filter(|(index, _)| *index != memo.last) {
            if let Some(end) = self.match_same(layout, frame, bytes, at, told) {
                memo.last = index;
                return Some(end);
            }
        }
        *told = Told::default();
        memo.trail.clear();
        let end = self.run(0..self.steps.len(), bytes, at, told, &mut memo.trail)?;
        told.find_date();
        if let Some(layout) = self.layout(frame, &memo.trail, bytes, at, told).filter(|_| self.decided) {
            // The next place in turn, so that none is there for good.
            memo.last = (memo.last + 1) % MOST_LAYOUTS;
            if memo.last < memo.layouts.len() {
                memo.layouts[memo.last] = layout;
            } else {
                memo.last = memo.layouts.len();
                memo.layouts.push(layout);
            }
        }
        Some(end)
    }

    /// Matches at the end of a line, if that ends as the last one did, and the frame's opener stands but once in what
    /// matches; gives the start.
    pub(super) fn match_end(
        &self,
        memo: &Memo,
        frame: (usize, usize),
        bytes: &[u8],
        told: &mut Told,
    ) -> Option<usize> {
        let layout = memo.layouts.get(memo.last).filter(|layout| layout.opens_once)?;
        let at = bytes.len().checked_sub(layout.text.len())?;
        self.match_same(layout, frame, bytes, at, told).map(|_| at)
    }

    /// Matches as a layout did, if only what may differ differs, and has the same length.
    fn match_same(
        &self,
        layout: &Layout,
        frame: (usize, usize),
        bytes: &[u8],
        at: usize,
        told: &mut Told,
    ) -> Option<usize> {
        let end = at + layout.text.len();
        let text = bytes.get(at..end)?;
        if text.last() != layout.text.last() || layout.frame != frame {
            return None;
        }
        let ((words, rest), (others, other_rest)) = (text.as_chunks::<8>(), layout.text.as_chunks::<8>());
        let (masks, mask_rest) = layout.mask.as_chunks::<8>();
        let number = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
        let pairs = words.iter().zip(others).zip(masks);
        let differ =
            pairs.fold(0, |differ, ((a, b), mask)| differ | ((number(a) ^ number(b)) & number(mask)));
        let rests = rest.iter().zip(other_rest).zip(mask_rest);
        let rest_differs = rests.fold(0, |differ, ((a, b), mask)| differ | ((a ^ b) & mask));
        if differ != 0 || rest_differs != 0 {
            return None;
        }
        *told = layout.told;
        let moved = |span: Span| if span == Span::default() { span } else { (at + span.0, at + span.1) };
        (told.component, told.zone) = (moved(told.component), moved(told.zone));
        let read = |(step, (start, end)): &(usize, Span)| {
            self.steps[*step].take_number(bytes, at + start, told) == Some(at + end)
        };
        layout.parts.iter().all(read).then_some(end)
    }

    /// The layout of a match; nothing if other bytes do not tell whether they match in the same way.
    fn layout(
        &self,
        frame: (usize, usize),
        trail: &[(usize, usize)],
        bytes: &[u8],
        at: usize,
        told: &Told,
    ) -> Option<Layout> {
        let text = bytes[at..trail.last()?.1].to_vec();
        let (mut mask, mut parts) = (vec![u8::MAX; text.len()], Vec::new());
        let (mut place, mut before) = (at, None::<&Step>);
        for (step, end) in trail {
            let next = &self.steps[*step];
            if next.varies() {
                // Where a text or number ends shows only in what follows it, so that must be the same too.
                if matches!(before, Some(Step::Field(..))) {
                    return None;
                }
                let span = (place - at, end - at);
                mask[span.0..span.1].fill(0);
                parts.push((*step, span));
            }
            (place, before) = (*end, Some(next));
        }
        // Only a literal or what is read anew has its end for certain.
        before.filter(|step| step.varies() || matches!(step, Step::Literal(_)))?;
        let from_start = |span: Span| (span.0.saturating_sub(at), span.1.saturating_sub(at));
        let (component, zone) = (from_start(told.component), from_start(told.zone));
        // The thread is read anew each time, and a decimal number of it must not stay.
        let told = Told { component, zone, thread: None, ..*told };
        // Other numbers cannot make another opener, or a part of one.
        let of_number = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b':';
        let opens_once = parts.iter().all(|(step, _)| self.steps[*step].is_number())
            && self.opener().is_some_and(|opener| {
                !opener.iter().any(of_number) && memchr::memmem::rfind(&text, opener) == Some(0)
            });
        Some(Layout { frame, text, mask, parts, told, opens_once })
    }
}
