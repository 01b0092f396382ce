//! What came of a question: the rows that make it true, or what makes it false or unknown.

use crate::facts::{Answer, Proof, Truth};
use crate::model::{Origin, Stamp};
use crate::pattern::Captures;

/// A place that was seen, on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub host: usize,
    pub origin: Origin,
    pub text: String,
    pub stamp: Option<Stamp>,
    /// Whether it is a log record.
    pub log: bool,
    /// The number of the line pattern that matched.
    pub pattern: Option<u32>,
}

/// One way in which a question is true.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it binds.
    pub captures: Captures,
    pub seen: Vec<Seen>,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub struct Found {
    pub truth: Truth,
    /// The ways in which it is true; empty unless it is.
    pub rows: Vec<Row>,
    /// The places that show that it is false.
    pub seen: Vec<Seen>,
    pub why: String,
    /// What was found in the place of what was asked for, where it is false.
    pub bound: Captures,
    /// Whom to ask, and for what, where it is unknown.
    pub collect: Option<(String, String)>,
}

impl Found {
    fn new(truth: Truth, why: impl Into<String>) -> Self {
        let bound = Captures::default();
        Self { truth, rows: Vec::new(), seen: Vec::new(), why: why.into(), bound, collect: None }
    }

    pub(super) fn yes(rows: Vec<Row>, why: impl Into<String>) -> Self {
        Self { rows, ..Self::new(Truth::Yes, why) }
    }

    pub(super) fn no(seen: Vec<Seen>, why: impl Into<String>) -> Self {
        Self { seen, ..Self::new(Truth::No, why) }
    }

    pub(super) fn unknown(why: impl Into<String>, collect: Option<(String, String)>) -> Self {
        Self { collect, ..Self::new(Truth::Unknown, why) }
    }

    /// An answer about one server, as it is or, where absence was asked for, turned round.
    pub(super) fn of(answer: Answer, host: usize, turned: bool, collect: (String, String)) -> Self {
        let seen: Vec<Seen> = answer.proofs.into_iter().map(|proof| seen(host, proof)).collect();
        let truth = if turned { answer.truth.negated() } else { answer.truth };
        match truth {
            Truth::Yes => Self::yes(vec![Row { captures: Captures::default(), seen }], answer.why),
            Truth::No => Self::no(seen, answer.why),
            Truth::Unknown => Self::unknown(answer.why, Some(collect)),
        }
    }
}

/// A proof of state, on a server.
pub fn seen(host: usize, proof: Proof) -> Seen {
    Seen { host, origin: proof.origin, text: proof.shows, stamp: None, log: false, pattern: None }
}
