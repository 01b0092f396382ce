//! What signatures want from logs: patterns behind one scan for all their literal texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::literals::{Literal, SHORTEST, Search, literals};
use crate::pattern::{Captures, LinePattern};

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
    /// The literals of patterns; then [`ERROR_WORDS`] and [`STATUS_MESSAGE`].
    literals: Vec<Literal>,
    /// The patterns that differ; many signatures ask for the same line.
    patterns: Vec<Shared>,
    /// For each literal the patterns of which it stands in every match.
    patterns_of: Vec<Vec<u32>>,
    /// Components that some pattern names, in lower case.
    named: BTreeSet<String>,
    scopes: Mutex<BTreeMap<Writer, Arc<Scope>>>,
}

/// A pattern, and the numbers of all who want it.
#[derive(Debug)]
struct Shared {
    pattern: LinePattern,
    wanted: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Meaning {
    /// The number of a literal of patterns.
    Literal(u32),
    Error,
    StatusMessage,
}

/// Who writes a record, as far as it decides which patterns count.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Writer {
    /// The logical logs of the file and of the component.
    logs: [Option<String>; 2],
    /// The component, in lower case, where a pattern names it.
    component: Option<String>,
}

/// What is wanted of the records of one component in one log.
#[derive(Debug)]
pub(super) struct Scope {
    search: Search<Meaning>,
    /// For each literal the patterns that count.
    patterns_of: Vec<Box<[u32]>>,
    /// Whether each of [`Interest::wanted`] counts.
    counts: Vec<bool>,
}

/// What a scan of one message found. Used again for each message.
#[derive(Debug, Default)]
pub struct Hits {
    /// Patterns that count and whose literal is there, in rising order.
    patterns: Vec<u32>,
    pub error_word: bool,
    pub status_message: bool,
    /// Room for a message in lower case.
    lower: Vec<u8>,
}

const _: () = assert!(SHORTEST <= LinePattern::SHORTEST_ANCHOR, "every anchor can be searched for");

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

/// What status messages begin with in a log.
const STATUS_MESSAGE: &str = "statmsg: id=";

impl Interest {
    /// Prepares the search for all literals.
    pub fn new(wanted: Vec<Wanted>) -> Self {
        let (mut patterns, mut by_text) = (Vec::<Shared>::new(), BTreeMap::new());
        for (number, wanted) in wanted.iter().enumerate() {
            let at = *by_text.entry(wanted.pattern.text()).or_insert(patterns.len());
            if at == patterns.len() {
                patterns.push(Shared { pattern: wanted.pattern.clone(), wanted: Vec::new() });
            }
            patterns[at].wanted.push(number as u32);
        }
        let mut by_literal: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (number, shared) in patterns.iter().enumerate() {
            for anchor in shared.pattern.anchors() {
                by_literal.entry(anchor).or_default().push(number as u32);
            }
        }
        let words = ERROR_WORDS.iter().copied().chain([STATUS_MESSAGE]);
        let literals = literals(by_literal.keys().copied().chain(words));
        let patterns_of = by_literal.into_values().collect();
        let named =
            wanted.iter().filter_map(|it| it.component.as_ref().map(|name| name.to_lowercase())).collect();
        Self { literals, patterns, patterns_of, named, scopes: Mutex::default(), wanted }
    }

    /// What is wanted of the records of a component, given the logical logs of the file and of the component.
    pub(super) fn scope(&self, logs: [Option<&str>; 2], component: &str) -> Arc<Scope> {
        let component = Some(component.to_lowercase()).filter(|name| self.named.contains(name));
        let writer = Writer { logs: logs.map(|log| log.map(str::to_owned)), component };
        // Writers differ only by what patterns name, so there are few.
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        scopes.entry(writer).or_insert_with_key(|writer| Arc::new(self.new_scope(writer))).clone()
    }

    fn new_scope(&self, writer: &Writer) -> Scope {
        let counts = |wanted: &Wanted| {
            let in_log =
                wanted.logs.is_empty() || writer.logs.iter().flatten().any(|log| wanted.logs.contains(log));
            let component =
                |name: &String| writer.component.as_ref().is_some_and(|it| *it == name.to_lowercase());
            in_log && wanted.component.as_ref().is_none_or(component)
        };
        let counts: Vec<bool> = self.wanted.iter().map(counts).collect();
        let asked =
            |number: &&u32| self.patterns[**number as usize].wanted.iter().any(|it| counts[*it as usize]);
        let patterns_of: Vec<Box<[u32]>> =
            self.patterns_of.iter().map(|all| all.iter().filter(asked).copied().collect()).collect();
        let meanings = (0..patterns_of.len() as u32).map(Meaning::Literal);
        let words = ERROR_WORDS.iter().map(|_| Meaning::Error).chain([Meaning::StatusMessage]);
        let counts_here = |(_, meaning): &(&Literal, Meaning)| match meaning {
            Meaning::Literal(number) => !patterns_of[*number as usize].is_empty(),
            Meaning::Error | Meaning::StatusMessage => true,
        };
        let search = Search::new(self.literals.iter().zip(meanings.chain(words)).filter(counts_here));
        Scope { search, patterns_of, counts }
    }

    /// Scans a message once. White space counts as it stands: see [`is_plain`].
    pub(super) fn scan(&self, message: &[u8], scope: &Scope, hits: &mut Hits) {
        hits.patterns.clear();
        hits.error_word = false;
        hits.status_message = false;
        scope.search.find(message, |meaning| match meaning {
            Meaning::Literal(number) => hits.patterns.extend_from_slice(&scope.patterns_of[number as usize]),
            Meaning::Error => hits.error_word = true,
            Meaning::StatusMessage => hits.status_message = true,
        });
        if hits.patterns.len() > 1 {
            hits.patterns.sort_unstable();
            hits.patterns.dedup();
        }
    }

    /// What matches of what a scan found: numbers into [`Interest::wanted`], rising, each with what it binds.
    pub(super) fn matches(&self, message: &str, scope: &Scope, hits: &mut Hits) -> Vec<(u32, Captures)> {
        let mut found = Vec::new();
        if hits.patterns.is_empty() {
            return found;
        }
        hits.lower.clear();
        hits.lower.extend(message.bytes().map(|byte| byte.to_ascii_lowercase()));
        for number in &hits.patterns {
            let shared = &self.patterns[*number as usize];
            if shared.pattern.may_match(&hits.lower)
                && let Some(captures) = shared.pattern.find(message)
            {
                let wanted = shared.wanted.iter().filter(|wanted| scope.counts[**wanted as usize]);
                found.extend(wanted.map(|wanted| (*wanted, captures.clone())));
            }
        }
        found.sort_by_key(|(wanted, _)| *wanted);
        found
    }
}

impl Hits {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty() && !self.error_word && !self.status_message
    }
}

/// Whether a message can be searched as it is: no control characters, no blanks in a row.
pub(super) fn is_plain(message: &[u8]) -> bool {
    const BLANKS: u64 = 0x2020_2020_2020_2020;
    const UPPER: u64 = 0x8080_8080_8080_8080;
    const ONES: u64 = 0x0101_0101_0101_0101;
    let Some(last) = message.len().checked_sub(size_of::<u64>() + 1) else {
        let blanks = message.windows(2).any(|pair| pair == b"  ");
        return !blanks && message.iter().all(|byte| *byte >= b' ');
    };
    let load = |at: usize| message[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    // Eight bytes and their neighbours at once: the upper bit of a byte is set if it is a control character, or
    // if both are blanks. A carry may set bits above such a byte, but none without one.
    let look = |at: usize| {
        let (bytes, next) = (load(at), load(at + 1));
        let others = (bytes ^ BLANKS) | (next ^ BLANKS);
        (bytes.wrapping_sub(BLANKS) & !bytes) | (others.wrapping_sub(ONES) & !others)
    };
    // The last step overlaps the one before.
    let (mut at, mut strange) = (0, look(last));
    while at < last {
        strange |= look(at);
        at += size_of::<u64>();
    }
    strange & UPPER == 0 && message.last().is_none_or(|byte| *byte >= b' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_plain_is_plain_wherever_it_stands(message in "[a ]{0,60}", at in 0_usize..60, byte: u8) {
            let mut message = message.into_bytes();
            if let Some(place) = message.get_mut(at) {
                *place = byte;
            }
            let strange = message.iter().any(|byte| *byte < b' ') || message.windows(2).any(|pair| pair == b"  ");
            prop_assert_eq!(is_plain(&message), !strange);
        }
    }
}
