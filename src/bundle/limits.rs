//! How much is unpacked at most, so that a small archive cannot fill the memory or the disk.
//!
//! Whatever the format, what comes out of an archive passes through [`Metered`], which counts bytes as they
//! come out. What an archive declares is never believed.

use std::fmt;
use std::io::{self, Read};

use crate::model::ProblemKind;

/// Limits on what comes out of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that come out of all archives of one bundle together.
    pub total: u64,
    /// Bytes of one member.
    pub member: u64,
    /// Members of all archives of one bundle together.
    pub members: usize,
    /// Archives within archives.
    pub depth: usize,
    /// Bytes out for one byte in, above the first mebibyte: of one stream, and of all that comes out of one
    /// file on the disk, however deep it is packed.
    pub ratio: u64,
    /// Characters of a path within the bundle.
    pub path: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { total: 20 << 30, member: 2 << 30, members: 200_000, depth: 4, ratio: 1000, path: 1024 }
    }
}

/// What may come out of any stream, however little goes in.
const FREE: u64 = 1 << 20;

/// What unpacked archives of one bundle may keep in memory; beyond it they go to a temporary file.
const IN_MEMORY: usize = 256 << 20;

/// What is left of the limits while one bundle is opened.
#[derive(Debug)]
pub struct Budget {
    pub limits: Limits,
    /// Bytes that may still come out.
    bytes: u64,
    /// Likewise of the archive on the disk that is just opened.
    archive: u64,
    /// Members that may still be listed.
    pub members: usize,
    /// Bytes that may still be kept in memory.
    pub memory: usize,
}

impl Budget {
    pub fn new(limits: Limits) -> Self {
        Self { limits, bytes: limits.total, archive: u64::MAX, members: limits.members, memory: IN_MEMORY }
    }

    /// Begins with an archive of so many bytes that lies in no other.
    pub fn begin(&mut self, size: u64) {
        self.archive = self.by_ratio(size);
    }

    fn by_ratio(&self, packed: u64) -> u64 {
        packed.saturating_mul(self.limits.ratio).max(FREE)
    }

    /// What may come out of `packed` bytes that hold further archives or several members.
    pub fn stream(&self, packed: u64) -> Meter {
        let ratio = self.limits.ratio;
        let stream = Meter { limit: self.by_ratio(packed), which: Which::Ratio(ratio) };
        let archive = Meter { limit: self.archive, which: Which::Archive(ratio) };
        let total = Meter { limit: self.bytes, which: Which::Total(self.limits.total) };
        stream.min(archive).min(total)
    }

    /// What may come out of `packed` bytes that are one member.
    pub fn member(&self, packed: u64) -> Meter {
        self.stream(packed).min(self.one())
    }

    /// What one member may have of a stream, by its own limit alone.
    pub fn one(&self) -> Meter {
        Meter { limit: self.limits.member, which: Which::Member }
    }

    /// Takes bytes that came out, or will.
    pub fn spend(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
        self.archive = self.archive.saturating_sub(bytes);
    }
}

/// How many bytes may come out, and which limit says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meter {
    pub limit: u64,
    which: Which,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Total(u64),
    Member,
    Ratio(u64),
    Archive(u64),
    Declared,
}

impl Meter {
    /// The stricter of two.
    pub fn min(self, other: Self) -> Self {
        if other.limit < self.limit { other } else { self }
    }

    /// At most as many bytes as an archive declares, where it does not unpack to its members one after the other.
    pub fn declared(self, size: u64) -> Self {
        self.min(Self { limit: size, which: Which::Declared })
    }

    /// What is left after some bytes came out.
    pub fn less(self, bytes: u64) -> Self {
        Self { limit: self.limit.saturating_sub(bytes), ..self }
    }

    /// The reason that is told when it stops the reading.
    pub fn stop(self) -> Stop {
        let what = match self.which {
            Which::Total(total) => format!(
                "not unpacked further: with it, more than {} come out of the bundle, which is the limit",
                bytes(total)
            ),
            Which::Member => format!("unpacks to more than {}, the limit on one member", bytes(self.limit)),
            Which::Ratio(ratio) => {
                format!("unpacks to more than {ratio} times its packed size, which is the limit")
            }
            Which::Declared => {
                let what =
                    format!("unpacks to more than the {} that the archive declares", bytes(self.limit));
                return Stop { kind: ProblemKind::Malformed, what };
            }
            Which::Archive(ratio) => format!(
                "not unpacked further: with it, more than {ratio} times the size of the archive come out of it, \
                 which is the limit"
            ),
        };
        Stop { kind: ProblemKind::Limit, what }
    }
}

/// A number of bytes as people write it, where it is a round one.
fn bytes(count: u64) -> String {
    let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.iter().find(|(unit, _)| count != 0 && count.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{} {name}", count / unit),
        None => format!("{count} bytes"),
    }
}

/// Why reading a source broke off, as it will be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub kind: ProblemKind,
    /// Lower case, no full stop.
    pub what: String,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Stop {}

impl Stop {
    pub fn new(kind: ProblemKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into() }
    }

    /// That a checksum differs.
    pub fn checksum() -> Self {
        Self::new(ProblemKind::Malformed, CHECKSUM)
    }

    /// Whether all bytes came out, so that what follows in the same stream is not concerned.
    pub fn is_checksum(&self) -> bool {
        self.what == CHECKSUM
    }

    /// The reason in an error: its own if it is one of ours, else that of a decoder.
    pub fn of(error: &io::Error) -> Self {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        own.cloned().unwrap_or_else(|| Self::new(ProblemKind::Malformed, in_words(error)))
    }
}

impl From<Stop> for io::Error {
    fn from(stop: Stop) -> Self {
        Self::other(stop)
    }
}

/// What is told where all bytes came out, and not the right ones.
const CHECKSUM: &str = "damaged: its checksum is not the one in the archive";

/// Decoders name the same few troubles in their own ways.
fn in_words(error: &io::Error) -> String {
    let text = error.to_string();
    let lower = text.to_ascii_lowercase();
    if error.kind() == io::ErrorKind::UnexpectedEof || lower.contains("failed to fill whole buffer") {
        "the packed data ends too early".to_owned()
    } else if lower.contains("checksum") || lower.contains("crc") {
        CHECKSUM.to_owned()
    } else {
        format!("damaged: {text}")
    }
}

/// A reader that gives as many bytes as were allowed and fails if there are more; all errors become a [`Stop`].
///
/// Behind an error it does not read on: not every decoder survives that.
pub struct Metered<R> {
    reader: R,
    meter: Meter,
    out: u64,
    stop: Option<Stop>,
}

impl<R: Read> Metered<R> {
    pub fn new(reader: R, meter: Meter) -> Self {
        Self { reader, meter, out: 0, stop: None }
    }

    /// How many bytes came out.
    pub fn out(&self) -> u64 {
        self.out
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = match &self.stop {
            Some(stop) => Err(stop.clone()),
            None => self.next(buffer),
        };
        result.map_err(|stop| {
            self.stop = Some(stop.clone());
            stop.into()
        })
    }
}

impl<R: Read> Metered<R> {
    fn next(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
        let left = self.meter.limit - self.out;
        if left == 0 && !buffer.is_empty() {
            return match self.reader.read(&mut [0]).map_err(|error| Stop::of(&error))? {
                0 => Ok(0),
                _ => Err(self.meter.stop()),
            };
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.reader.read(&mut buffer[..most]).map_err(|error| Stop::of(&error))?;
        self.out += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limits: Limits, packed: u64, unpacked: usize, expected: (usize, Option<&str>)) {
        let budget = Budget::new(limits);
        let mut out = Vec::new();
        let result = Metered::new(&vec![7_u8; unpacked][..], budget.member(packed)).read_to_end(&mut out);
        let stop = result.err().map(|error| Stop::of(&error).what);
        assert_eq!((out.len(), stop.as_deref()), expected);
    }

    #[test]
    fn what_was_allowed_comes_out_and_the_limit_is_named() {
        let limits = Limits { total: 3 << 20, member: 2 << 20, ratio: 10, ..Limits::default() };
        check(limits, 1 << 20, 2 << 20, (2 << 20, None));
        let member = "unpacks to more than 2 MiB, the limit on one member";
        check(limits, 1 << 20, (2 << 20) + 1, (2 << 20, Some(member)));
        let ratio = "unpacks to more than 10 times its packed size, which is the limit";
        check(limits, 5, (1 << 20) + 1, (1 << 20, Some(ratio)));
        let total = Limits { total: 999, ..limits };
        let told =
            "not unpacked further: with it, more than 999 bytes come out of the bundle, which is the limit";
        check(total, 5, 1000, (999, Some(told)));
    }
}
