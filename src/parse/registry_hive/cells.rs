//! The cells of a hive: where they are, and what keys, values, lists and data say in them.

use std::fmt;

use super::bytes::{u16_at, u32_at, u64_at};
use super::header::{Header, LENGTH};

/// The offset that points nowhere.
pub const NONE: u32 = u32::MAX;

/// Where Windows puts the root key: behind the header of the first bin.
const FIRST: u32 = 32;

/// Most bytes of one piece of big data.
const PIECE: usize = 16_344;

/// Why what an offset points to cannot be read, in words that follow those for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The offset says that there is nothing.
    Nowhere,
    /// It lies beyond the end of the file.
    Beyond,
    /// The cell goes on beyond the end of the file.
    Cut,
    /// The cell has another size than cells have.
    Size(i32),
    /// Something else is there: two letters were expected.
    Mark([u8; 2], &'static str),
    /// The cell ends within what it should hold.
    Short,
    /// The cell is marked as not in use.
    Free,
    /// A kind of list that hives of this version have not.
    Version([u8; 2], u32),
    /// More bytes within the record itself than it has room for.
    Inline(u32),
}

impl fmt::Display for Damage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => out.write_str("is missing: found no offset of it"),
            Self::Beyond => out.write_str("lies beyond the end of the file"),
            Self::Cut => out.write_str("goes on beyond the end of the file"),
            Self::Size(size) => write!(out, "has a cell of {size} bytes, which no cell has"),
            Self::Mark(found, expected) => {
                write!(out, "starts with `{}`: expected {expected}", found.escape_ascii())
            }
            Self::Short => out.write_str("is longer than its cell"),
            Self::Free => out.write_str("is in a cell that is marked as not in use"),
            Self::Version(mark, minor) => {
                write!(
                    out,
                    "is of the kind `{}`, which hives of version 1.{minor} have not",
                    mark.escape_ascii()
                )
            }
            Self::Inline(size) => write!(out, "has {size} bytes within its record, which has room for 4"),
        }
    }
}

/// A cell, from its size field on.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// Where it starts in the file.
    pub place: u64,
    /// Bytes with its size field.
    pub length: u32,
    /// What it holds.
    pub data: &'a [u8],
    /// It is marked as not in use.
    pub free: bool,
    /// The file ends within it.
    cut: bool,
}

impl Cell<'_> {
    /// What it means that the cell has fewer bytes than what it holds.
    fn short(&self) -> Damage {
        if self.cut { Damage::Cut } else { Damage::Short }
    }

    /// What is wrong with a cell of which `wanted` bytes are to be read, if anything.
    fn fault(&self, wanted: usize) -> Option<Damage> {
        if self.data.len() < wanted { Some(self.short()) } else { self.free.then_some(Damage::Free) }
    }

    fn u16_at(&self, at: usize) -> Result<u16, Damage> {
        u16_at(self.data, at).ok_or_else(|| self.short())
    }

    fn u32_at(&self, at: usize) -> Result<u32, Damage> {
        u32_at(self.data, at).ok_or_else(|| self.short())
    }

    /// Two letters that say what the cell holds.
    fn mark(&self) -> Result<[u8; 2], Damage> {
        self.data.first_chunk().copied().ok_or_else(|| self.short())
    }
}

/// A key's record (`nk`).
#[derive(Clone, Copy, Debug)]
pub struct KeyNode<'a> {
    pub cell: Cell<'a>,
    /// FILETIME.
    pub written: u64,
    pub parent: u32,
    pub subkeys: u32,
    pub subkey_list: u32,
    pub values: u32,
    pub value_list: u32,
    pub name: &'a [u8],
    /// Whether the letters of the name have one byte.
    pub narrow: bool,
    /// In a layered hive: the key is taken away from the hive below.
    pub tombstone: bool,
}

/// A value's record (`vk`).
#[derive(Clone, Copy, Debug)]
pub struct ValueNode<'a> {
    pub cell: Cell<'a>,
    pub kind: u32,
    /// Bytes of the data; the highest bit says that they are the offset's own bytes.
    size: u32,
    offset: [u8; 4],
    pub name: &'a [u8],
    pub narrow: bool,
    /// In a layered hive: the value is taken away from the hive below.
    pub tombstone: bool,
}

/// The bytes of a hive with what is needed to find cells in them.
pub struct Hive<'a> {
    pub bytes: &'a [u8],
    pub header: Header,
    /// Cells are those of Windows NT 3.1: they name the cell before them, and names are UTF-16.
    pub old: bool,
    /// The root key is not where the header says.
    pub lost_root: bool,
}

impl<'a> Hive<'a> {
    /// Reads the header and judges by the root key which cells the hive has.
    ///
    /// The root tells better than the header: a header may be damaged, and of the two places where its mark may
    /// be only one is right.
    pub fn new(bytes: &'a [u8]) -> Self {
        let header = Header::of(bytes);
        let (named, old) = (header.root, header.minor <= 1);
        let mut hive = Self { bytes, header, old, lost_root: false };
        for (root, old) in [(named, old), (named, !old), (FIRST, old), (FIRST, !old)] {
            (hive.header.root, hive.old) = (root, old);
            if hive.key(root).is_ok() {
                hive.lost_root = root != named;
                return hive;
            }
        }
        (hive.header.root, hive.old) = (named, old);
        hive
    }

    /// The cell at an offset.
    pub fn cell(&self, offset: u32) -> Result<Cell<'a>, Damage> {
        if offset == NONE {
            return Err(Damage::Nowhere);
        }
        let place = offset as usize + LENGTH;
        let size = u32_at(self.bytes, place).ok_or(Damage::Beyond)?.cast_signed();
        let lead = if self.old { 8 } else { 4 };
        let length = size.unsigned_abs() as usize;
        if length <= lead {
            return Err(Damage::Size(size));
        }
        let rest = &self.bytes[place..];
        let cut = rest.len() < length;
        let data = rest[..length.min(rest.len())].get(lead..).ok_or(Damage::Cut)?;
        // The length stays within the file, so that it can be shown.
        let length = length.min(rest.len()) as u32;
        Ok(Cell { place: place as u64, length, data, free: size > 0, cut })
    }

    /// The key at an offset.
    pub fn key(&self, offset: u32) -> Result<KeyNode<'a>, Damage> {
        let cell = self.marked(offset, b"nk", "a key, `nk`")?;
        let flags = cell.u16_at(2)?;
        let length = usize::from(cell.u16_at(72)?);
        // A predefined handle has a handle where the number of values would stand.
        let handle = flags & 0x40 != 0;
        Ok(KeyNode {
            cell,
            written: u64_at(cell.data, 4).ok_or_else(|| cell.short())?,
            parent: cell.u32_at(16)?,
            subkeys: cell.u32_at(20)?,
            subkey_list: cell.u32_at(28)?,
            values: if handle { 0 } else { cell.u32_at(36)? },
            value_list: cell.u32_at(40)?,
            name: cell.data.get(76..76 + length).ok_or_else(|| cell.short())?,
            narrow: flags & 0x20 != 0 && !self.old,
            tombstone: self.header.layered && cell.u32_at(12)? >> 8 & 3 == 1,
        })
    }

    /// The value at an offset.
    pub fn value(&self, offset: u32) -> Result<ValueNode<'a>, Damage> {
        let cell = self.marked(offset, b"vk", "a value, `vk`")?;
        let length = usize::from(cell.u16_at(2)?);
        let flags = if self.old { 0 } else { cell.u16_at(16)? };
        let name = match length {
            // Records without a name may end before the place where it would be.
            0 => &[],
            _ => cell.data.get(20..20 + length).ok_or_else(|| cell.short())?,
        };
        Ok(ValueNode {
            cell,
            kind: cell.u32_at(12)?,
            size: cell.u32_at(4)?,
            offset: cell.u32_at(8)?.to_le_bytes(),
            name,
            narrow: flags & 1 != 0,
            tombstone: self.header.layered && flags & 2 != 0,
        })
    }

    /// A cell whose record starts with two letters.
    fn marked(&self, offset: u32, mark: &[u8; 2], expected: &'static str) -> Result<Cell<'a>, Damage> {
        let cell = self.cell(offset)?;
        let found = cell.mark()?;
        if found == *mark { Ok(cell) } else { Err(Damage::Mark(found, expected)) }
    }

    /// Bytes of a cell before what it holds.
    fn lead(&self) -> u64 {
        if self.old { 8 } else { 4 }
    }

    /// The offsets of a key's values, as many as the key says or the cell has.
    pub fn values(&self, key: &KeyNode<'a>) -> Result<List<'a>, Damage> {
        let cell = self.cell(key.value_list)?;
        let wanted = (key.values as usize).saturating_mul(4);
        let bytes = &cell.data[..cell.data.len().min(wanted)];
        let entries = Entries { bytes, step: 4, place: cell.place + self.lead() };
        Ok(List { entries, mark: *b"  ", fault: cell.fault(wanted) })
    }

    /// A list of subkeys, or one of such lists (`ri`).
    pub fn list(&self, offset: u32) -> Result<List<'a>, Damage> {
        let cell = self.cell(offset)?;
        let mark = cell.mark()?;
        let step = match &mark {
            b"li" | b"ri" => 4,
            b"lf" | b"lh" => 8,
            _ => return Err(Damage::Mark(mark, "a list of subkeys, `li`, `lf`, `lh` or `ri`")),
        };
        let wanted = 4 + usize::from(cell.u16_at(2)?) * step;
        let bytes = cell.data.get(4..cell.data.len().min(wanted)).unwrap_or_default();
        let entries = Entries { bytes, step, place: cell.place + self.lead() + 4 };
        let minor = self.header.minor;
        let early = (&mark == b"lf" && minor < 3) || (&mark == b"lh" && minor < 5);
        let fault = cell.fault(wanted).or(early.then_some(Damage::Version(mark, minor)));
        Ok(List { entries, mark, fault })
    }

    /// The bytes of a value, exactly as many as it says that it has.
    pub fn data(&self, value: &ValueNode<'a>) -> Result<Vec<u8>, Damage> {
        let size = (value.size & 0x7FFF_FFFF) as usize;
        if value.size & 0x8000_0000 != 0 {
            let bytes = value.offset.get(..size).ok_or(Damage::Inline(size as u32))?;
            return Ok(bytes.to_vec());
        }
        if size == 0 {
            return Ok(Vec::new());
        }
        let cell = self.cell(u32::from_le_bytes(value.offset))?;
        if cell.free {
            return Err(Damage::Free);
        }
        // Hives up to 1.3 have no big data: there `db` is what the value says. A cell that is too small for its
        // value cannot be meant so, whatever the version.
        let big = size > PIECE && cell.data.starts_with(b"db");
        match cell.data.get(..size) {
            Some(bytes) if !big || self.header.minor <= 3 => Ok(bytes.to_vec()),
            _ if big => self.big_data(&cell, size),
            _ => Err(cell.short()),
        }
    }

    /// Bytes that are in several cells, each of which but the last is full.
    fn big_data(&self, head: &Cell<'a>, size: usize) -> Result<Vec<u8>, Damage> {
        let pieces = usize::from(head.u16_at(2)?);
        if size > pieces * PIECE || size > self.bytes.len() {
            return Err(Damage::Short);
        }
        let list = self.cell(head.u32_at(4)?)?;
        let mut bytes = Vec::with_capacity(size);
        for index in 0..pieces {
            let piece = self.cell(list.u32_at(index * 4)?)?;
            if piece.free {
                return Err(Damage::Free);
            }
            let wanted = (size - bytes.len()).min(PIECE);
            bytes.extend(piece.data.get(..wanted).ok_or_else(|| piece.short())?);
            if bytes.len() == size {
                break;
            }
        }
        Ok(bytes)
    }
}

/// A list of offsets.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    pub entries: Entries<'a>,
    /// The letters that say what kind of list it is; blanks for values.
    pub mark: [u8; 2],
    /// What is wrong with it, though it can be read as far as it goes.
    pub fault: Option<Damage>,
}

/// An offset in a list, and where in the file the list has it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub offset: u32,
    pub place: u64,
}

/// The offsets of a list, in their order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entries<'a> {
    bytes: &'a [u8],
    /// Bytes of an entry, the first four of which are the offset.
    step: usize,
    place: u64,
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let entry = Entry { offset: u32_at(self.bytes, 0)?, place: self.place };
        self.bytes = self.bytes.get(self.step..).unwrap_or_default();
        self.place += self.step as u64;
        Some(entry)
    }
}
