//! Where a fact was read: which source, which line, which bytes.

/// The number of a source within one analysis, in the order in which the bundles hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A run of bytes in a source that someone can open and look at.
///
/// `offset` and `length` count bytes of the source as found, before any decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    pub source: SourceId,
    /// Counted from 1; 0 where a source has no lines.
    pub line: u32,
    pub offset: u64,
    pub length: u32,
}

impl Origin {
    /// The run of bytes from the start of this one to the end of `last`.
    pub fn through(self, last: Origin) -> Origin {
        let end = last.offset.saturating_add(u64::from(last.length));
        let length = u32::try_from(end.saturating_sub(self.offset)).unwrap_or(u32::MAX);
        Origin { length, ..self }
    }
}

/// A value together with the place that proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    pub value: T,
    pub origin: Origin,
}
