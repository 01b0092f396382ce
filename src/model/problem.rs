//! What could not be read, as data: collected, counted and shown, never thrown.

use super::{Origin, SourceId};

/// The closed set of reasons for which a part of the input was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// The source could not be opened or read at all.
    Unreadable,
    /// The source ends in the middle of something.
    Truncated,
    /// A part does not follow its format and was left out.
    Malformed,
    /// The part is well-formed but of a kind that is not supported.
    Unsupported,
    /// Nothing recognises the source.
    Unrecognised,
    /// A limit stopped the reading.
    Limit,
    /// Something was taken for granted that the source does not say.
    Assumed,
}

impl ProblemKind {
    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Unsupported => "unsupported",
            Self::Unrecognised => "unrecognised",
            Self::Limit => "limit",
            Self::Assumed => "assumed",
        }
    }
}

/// One thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub source: SourceId,
    /// The place within the source, where there is one.
    pub origin: Option<Origin>,
    pub kind: ProblemKind,
    /// What was found and what was expected; lower case, no full stop, numbers with units.
    pub what: String,
}
