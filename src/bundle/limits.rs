//! How much is unpacked at most, so that a small archive cannot fill the memory.

/// Limits on what comes out of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one member.
    pub member: u64,
    /// Members of one archive.
    pub members: usize,
    /// Archives within archives.
    pub depth: usize,
    /// Bytes out for one byte in, above the first mebibyte.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { member: 2 << 30, members: 200_000, depth: 4, ratio: 1000 }
    }
}
