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

/// A value together with the place that proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    pub value: T,
    pub origin: Origin,
}
