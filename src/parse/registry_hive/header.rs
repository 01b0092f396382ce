//! The first block of a hive file: what kind of file it is, its version, and whether it was written to its end.

use super::bytes::{u32_at, u64_at};

/// Bytes before the first hive bin.
pub const LENGTH: usize = 4096;

/// What a file is that starts as the files of a registry do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Hive,
    /// A transaction log, of either format.
    Log,
    /// A header and no more, or not even that.
    Cut,
    /// Hive bins without the header before them.
    Bins,
    /// Entries of a transaction log without the header before them.
    LogEntries,
}

impl Kind {
    /// Judges by the first bytes, of which [`LENGTH`] and four more tell all; `None` for other files.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"hbin") {
            let aligned = |at| u32_at(bytes, at).is_some_and(|number| number % 4096 == 0);
            return (aligned(4) && aligned(8)).then_some(Self::Bins);
        }
        if bytes.starts_with(b"HvLE") {
            return u32_at(bytes, 4).is_some_and(|size| size % 512 == 0).then_some(Self::LogEntries);
        }
        let mark = bytes.strip_prefix(b"regf")?;
        let letters =
            |bytes: &[u8]| bytes.iter().all(|byte| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~'));
        if mark.get(..16).is_some_and(letters) {
            return None;
        }
        let bins = bytes.get(LENGTH..LENGTH + 4) == Some(b"hbin");
        // The second sector of a log; sectors of 4096 bytes come from disks that have such.
        let logged = [512, 4096]
            .iter()
            .any(|at| bytes.get(*at..at + 4).is_some_and(|mark| matches!(mark, b"DIRT" | b"HvLE")));
        // Type 1 is a log since Windows XP, and `SYSTEM.ALT`, a whole hive, in Windows 2000 and before.
        match u32_at(bytes, 28) {
            _ if logged => Some(Self::Log),
            Some(2 | 6) => Some(Self::Log),
            Some(1) if !bins => Some(Self::Log),
            _ if bytes.len() <= LENGTH => Some(Self::Cut),
            _ => Some(Self::Hive),
        }
    }
}

/// The fields of the header that are of use here (msuhanov, regf specification, "Base block").
#[derive(Clone, Debug)]
pub struct Header {
    pub major: u32,
    pub minor: u32,
    /// Where the root key's cell is, from the first hive bin on.
    pub root: u32,
    /// Bytes of all hive bins.
    pub size: u32,
    /// The end of the path of the file that the registry had it in; at most 32 letters, often none.
    pub file_name: String,
    /// The two sequence numbers are one: the last change was written to its end.
    pub settled: bool,
    /// The checksum is that of the header.
    pub sealed: bool,
    /// The hive only says what differs from the hive below it (Windows 10 containers).
    pub layered: bool,
}

impl Header {
    /// Where the name of the file stands, and how many bytes it has.
    pub const FILE_NAME: (u64, u32) = (48, 64);

    /// Reads the header of a file that is a hive; what lies beyond its end is zero.
    pub fn of(bytes: &[u8]) -> Self {
        let number = |at| u32_at(bytes, at).unwrap_or_default();
        let units = bytes.get(48..112).unwrap_or_default().chunks_exact(2);
        let units = units.map(|pair| u16::from_le_bytes([pair[0], pair[1]])).take_while(|unit| *unit != 0);
        let file_name = char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        Self {
            major: number(20),
            minor: number(24),
            root: number(36),
            size: number(40),
            file_name: file_name.collect(),
            settled: number(4) == number(8),
            sealed: checksum(bytes) == Some(number(508)),
            // The flag had another meaning in Windows 8, whose hives are of version 1.5 at most.
            layered: number(24) >= 6 && number(144) & 2 != 0,
        }
    }

    /// When the file was last written, as a FILETIME; Windows 8.1 and later leave it as it was.
    pub fn written(bytes: &[u8]) -> u64 {
        u64_at(bytes, 12).unwrap_or_default()
    }
}

/// The exclusive or of the first 127 words, where neither 0 nor -1 counts as one.
fn checksum(bytes: &[u8]) -> Option<u32> {
    let words = bytes.get(..508)?.chunks_exact(4);
    let sum = words.fold(0, |sum, word| sum ^ u32_at(word, 0).unwrap_or_default());
    Some(match sum {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        sum => sum,
    })
}
