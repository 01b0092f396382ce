//! What signatures want from logs: patterns behind one scan for all their literal texts.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memmem::Finder;

use super::windows::{WINDOW, Windows};
use crate::pattern::LinePattern;

/// A pattern and the logs in which it counts.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub pattern: LinePattern,
    /// Names of logical logs; empty for any.
    pub logs: Vec<String>,
    /// The component that must have written the record; `None` for any.
    pub component: Option<String>,
}

/// All patterns, found by one scan of each message.
#[derive(Debug)]
pub struct Interest {
    pub wanted: Vec<Wanted>,
    /// The literals of patterns.
    windows: Windows,
    /// Words of errors, and literals that are too short for a window.
    automaton: AhoCorasick,
    /// What each literal of the automaton stands for.
    meanings: Vec<Meaning>,
    /// Two blanks in a row.
    blanks: Finder<'static>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Pattern(u32),
    Error,
    StatusMessage,
}

/// What a scan of one message found. Used again for each message.
#[derive(Debug, Default)]
pub struct Hits {
    /// Patterns whose literal is there, in rising order.
    pub patterns: Vec<u32>,
    pub error_word: bool,
    pub status_message: bool,
}

/// Words by which a message looks like an error; `failover` and its like are sorted out later.
pub(super) const ERROR_WORDS: &[&str] = &[
    "error",
    "fail",
    "cannot",
    "can't",
    "could not",
    "couldn't",
    "unable to",
    "denied",
    "exception",
    "fatal",
    "corrupt",
    "not enough",
];

impl Interest {
    /// Prepares the search for all literals.
    pub fn new(wanted: Vec<Wanted>) -> Self {
        let anchors = wanted.iter().enumerate().flat_map(|(index, wanted)| {
            wanted.pattern.anchors().iter().map(move |anchor| (anchor.as_str(), index as u32))
        });
        let (long, short): (Vec<_>, Vec<_>) = anchors.partition(|(anchor, _)| WINDOW <= anchor.len());
        let windows = Windows::new(long.into_iter());
        let mut literals: Vec<&str> = short.iter().map(|(anchor, _)| *anchor).collect();
        let mut meanings: Vec<Meaning> = short.iter().map(|(_, index)| Meaning::Pattern(*index)).collect();
        for word in ERROR_WORDS {
            literals.push(word);
            meanings.push(Meaning::Error);
        }
        literals.push("statmsg: id=");
        meanings.push(Meaning::StatusMessage);
        // A DFA is asked for by name, because above 100 literals the automatic choice is the slower NFA.
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&literals)
            .or_else(|_| AhoCorasick::builder().ascii_case_insensitive(true).build(&literals))
            .expect("literals are bounded by the limits on packs");
        Self { windows, automaton, meanings, blanks: Finder::new("  "), wanted }
    }

    /// Whether a message can be searched as it is: no blanks in a row, no line ends.
    pub(super) fn is_plain(&self, message: &[u8]) -> bool {
        memchr::memchr3(b'\n', b'\t', b'\r', message).is_none() && self.blanks.find(message).is_none()
    }

    /// Scans a message once.
    pub(super) fn scan(&self, message: &[u8], hits: &mut Hits) {
        hits.patterns.clear();
        hits.error_word = false;
        hits.status_message = false;
        for found in self.automaton.find_overlapping_iter(message) {
            match self.meanings[found.pattern().as_usize()] {
                Meaning::Pattern(index) => hits.patterns.push(index),
                Meaning::Error => hits.error_word = true,
                Meaning::StatusMessage => hits.status_message = true,
            }
        }
        self.windows.find(message, |index| hits.patterns.push(index));
        if hits.patterns.len() > 1 {
            hits.patterns.sort_unstable();
            hits.patterns.dedup();
        }
    }
}
