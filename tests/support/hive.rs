//! Makes registry hives for tests and benchmarks: keys and values to the bytes that Windows would write.
//!
//! Shared by its path, as tests, benchmarks and unit tests have no crate in common. The layout is that of the
//! public regf specification; security descriptors and class names are left out, as no reader here needs them.

#![allow(dead_code, reason = "each of those who share this file uses a part of it")]

/// A key with what is in it.
#[derive(Clone, Debug, Default)]
pub struct Key {
    pub name: String,
    /// FILETIME: 100 nanoseconds since 1601 in UTC.
    pub written: u64,
    pub values: Vec<Value>,
    pub keys: Vec<Key>,
}

/// A value; an empty name is the default value.
#[derive(Clone, Debug)]
pub struct Value {
    pub name: String,
    pub kind: u32,
    pub data: Vec<u8>,
}

/// 1999-03-26 15:10:12.5 UTC, when the keys of samples were written.
pub const WRITTEN: u64 = 125_669_346_125_000_000;

impl Key {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), written: WRITTEN, ..Self::default() }
    }

    /// Adds a subkey.
    pub fn key(mut self, key: Key) -> Self {
        self.keys.push(key);
        self
    }

    /// Adds a value of any type.
    pub fn value(mut self, name: &str, kind: u32, data: &[u8]) -> Self {
        self.values.push(Value { name: name.to_owned(), kind, data: data.to_vec() });
        self
    }

    /// Adds a `REG_SZ` with its terminator.
    pub fn text(self, name: &str, text: &str) -> Self {
        let data: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        self.value(name, 1, &data)
    }

    /// Adds a `REG_DWORD`.
    pub fn dword(self, name: &str, number: u32) -> Self {
        self.value(name, 4, &number.to_le_bytes())
    }
}

/// Most entries of one list of subkeys; longer lists are divided, as Windows does at about this length.
const LEAF: usize = 500;
/// Most bytes of one piece of big data.
const PIECE: usize = 16_344;
const NONE: u32 = u32::MAX;

/// The bytes of a hive of version 1.`minor`, in whose header stands `file_name`.
pub fn hive(minor: u32, file_name: &str, root: &Key) -> Vec<u8> {
    let mut bins = Bins { bytes: Vec::new(), minor, bin: 0, free: 0, last: NONE };
    let root = bins.key(root, NONE);
    bins.end_bin();
    let mut header = vec![0_u8; 4096];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"regf");
    for (at, number) in [
        (4, 1),
        (8, 1),
        (12, WRITTEN as u32),
        (16, (WRITTEN >> 32) as u32),
        (20, 1),
        (24, minor),
        (32, 1),
        (36, root),
        (40, bins.bytes.len() as u32),
        (44, 1),
    ] {
        put(at, &number.to_le_bytes());
    }
    // There is room for the end of a path only.
    let units: Vec<u16> = file_name.encode_utf16().collect();
    for (index, unit) in units[units.len().saturating_sub(31)..].iter().enumerate() {
        put(48 + index * 2, &unit.to_le_bytes());
    }
    header.extend(bins.bytes);
    seal(&mut header);
    header
}

/// Writes the checksum of the header anew, after a test changed it.
pub fn seal(hive: &mut [u8]) {
    let words = hive[..508].chunks_exact(4);
    let sum = words.fold(0, |sum, word| sum ^ u32::from_le_bytes(word.try_into().unwrap()));
    let sum = match sum {
        0 => 1,
        u32::MAX => u32::MAX - 1,
        sum => sum,
    };
    hive[508..512].copy_from_slice(&sum.to_le_bytes());
}

/// The hive bins while they grow.
struct Bins {
    bytes: Vec<u8>,
    minor: u32,
    /// Where the current bin starts, and where its free space does.
    bin: usize,
    free: usize,
    /// The cell before within the bin, which cells of version 1.1 name.
    last: u32,
}

impl Bins {
    /// Bytes of a cell before its data.
    fn lead(&self) -> usize {
        if self.minor == 1 { 8 } else { 4 }
    }

    /// Makes room for a cell with `length` bytes of data and gives its offset.
    fn cell(&mut self, length: usize) -> u32 {
        let unit = if self.minor == 1 { 16 } else { 8 };
        let size = (length + self.lead()).next_multiple_of(unit);
        if self.bytes.len() < self.free + size {
            self.end_bin();
            self.bin = self.bytes.len();
            self.free = self.bin + 32;
            self.last = NONE;
            let bin = (32 + size).next_multiple_of(4096);
            self.bytes.resize(self.bin + bin, 0);
            self.put(self.bin, b"hbin");
            self.number(self.bin + 4, self.bin as u32);
            self.number(self.bin + 8, bin as u32);
        }
        let at = self.free;
        self.free += size;
        self.number(at, (size as u32).wrapping_neg());
        if self.minor == 1 {
            self.number(at + 4, self.last);
            self.last = (at - self.bin) as u32;
        }
        at as u32
    }

    /// A cell that holds `data`.
    fn filled(&mut self, data: &[u8]) -> u32 {
        let cell = self.cell(data.len());
        self.put(cell as usize + self.lead(), data);
        cell
    }

    /// What is left of a bin is a cell that is not in use.
    fn end_bin(&mut self) {
        let left = self.bytes.len() - self.free;
        if left != 0 {
            self.number(self.free, left as u32);
            self.free = self.bytes.len();
        }
    }

    fn put(&mut self, at: usize, data: &[u8]) {
        self.bytes[at..at + data.len()].copy_from_slice(data);
    }

    fn number(&mut self, at: usize, number: u32) {
        self.put(at, &number.to_le_bytes());
    }

    /// The bytes of a name, and whether each is one byte.
    fn name(&self, name: &str) -> (Vec<u8>, bool) {
        if self.minor != 1 && name.chars().all(|letter| u32::from(letter) < 256) {
            return (name.chars().map(|letter| letter as u8).collect(), true);
        }
        (name.encode_utf16().flat_map(u16::to_le_bytes).collect(), false)
    }

    fn key(&mut self, key: &Key, parent: u32) -> u32 {
        let (name, narrow) = self.name(&key.name);
        let cell = self.cell(76 + name.len());
        let mut data = vec![0_u8; 76];
        data[..2].copy_from_slice(b"nk");
        data[2] = if parent == NONE { 0x0C } else { 0 } | if narrow { 0x20 } else { 0 };
        data[4..12].copy_from_slice(&key.written.to_le_bytes());
        let values: Vec<u32> = key.values.iter().map(|value| self.value(value)).collect();
        let keys: Vec<u32> = key.keys.iter().map(|below| self.key(below, cell)).collect();
        let names: Vec<&str> = key.keys.iter().map(|below| below.name.as_str()).collect();
        for (at, number) in [
            (16, parent),
            (20, keys.len() as u32),
            (28, self.list(&keys, &names)),
            (32, NONE),
            (36, values.len() as u32),
            (40, self.offsets(&values)),
            (44, NONE),
            (48, NONE),
        ] {
            data[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        data[72..74].copy_from_slice(&(name.len() as u16).to_le_bytes());
        data.extend(name);
        self.put(cell as usize + self.lead(), &data);
        cell
    }

    fn value(&mut self, value: &Value) -> u32 {
        let (name, narrow) = self.name(&value.name);
        let mut size = value.data.len() as u32;
        let mut inline = [0_u8; 4];
        if value.data.len() <= 4 {
            size |= 0x8000_0000;
            inline[..value.data.len()].copy_from_slice(&value.data);
        } else {
            inline = self.data(&value.data).to_le_bytes();
        }
        let mut data = b"vk".to_vec();
        data.extend((name.len() as u16).to_le_bytes());
        data.extend(size.to_le_bytes());
        data.extend(inline);
        data.extend(value.kind.to_le_bytes());
        data.extend(u32::from(narrow && !name.is_empty()).to_le_bytes());
        data.extend(name);
        self.filled(&data)
    }

    fn data(&mut self, data: &[u8]) -> u32 {
        if self.minor <= 3 || data.len() <= PIECE {
            return self.filled(data);
        }
        let pieces: Vec<u32> = data.chunks(PIECE).map(|piece| self.filled(piece)).collect();
        let list = self.offsets(&pieces);
        let mut head = b"db".to_vec();
        head.extend((pieces.len() as u16).to_le_bytes());
        head.extend(list.to_le_bytes());
        head.extend([0; 4]);
        self.filled(&head)
    }

    /// A cell of offsets without a head, as for values; none where there are none.
    fn offsets(&mut self, offsets: &[u32]) -> u32 {
        if offsets.is_empty() {
            return NONE;
        }
        let data: Vec<u8> = offsets.iter().flat_map(|offset| offset.to_le_bytes()).collect();
        self.filled(&data)
    }

    /// A list of subkeys in the form of the version, divided where it is long.
    fn list(&mut self, keys: &[u32], names: &[&str]) -> u32 {
        if keys.is_empty() {
            return NONE;
        }
        let leaves: Vec<u32> =
            keys.chunks(LEAF).zip(names.chunks(LEAF)).map(|(keys, names)| self.leaf(keys, names)).collect();
        match leaves[..] {
            [leaf] => leaf,
            _ => {
                let mut data = b"ri".to_vec();
                data.extend((leaves.len() as u16).to_le_bytes());
                data.extend(leaves.iter().flat_map(|leaf| leaf.to_le_bytes()));
                self.filled(&data)
            }
        }
    }

    fn leaf(&mut self, keys: &[u32], names: &[&str]) -> u32 {
        let mark = match self.minor {
            ..=2 => b"li",
            3 | 4 => b"lf",
            _ => b"lh",
        };
        let mut data = mark.to_vec();
        data.extend((keys.len() as u16).to_le_bytes());
        for (key, name) in keys.iter().zip(names) {
            data.extend(key.to_le_bytes());
            match mark {
                b"li" => {}
                b"lf" => data.extend(hint(name)),
                _ => data.extend(hash(name).to_le_bytes()),
            }
        }
        self.filled(&data)
    }
}

/// The first four letters, which `lf` lists hold for quicker searches.
fn hint(name: &str) -> [u8; 4] {
    let mut hint = [0; 4];
    for (place, letter) in hint.iter_mut().zip(name.chars()) {
        *place = u8::try_from(u32::from(letter)).unwrap_or_default();
    }
    hint
}

/// The hash that `lh` lists hold for quicker searches.
fn hash(name: &str) -> u32 {
    let units: Vec<u16> = name.to_uppercase().encode_utf16().collect();
    units.iter().fold(0, |hash: u32, unit| hash.wrapping_mul(37).wrapping_add(u32::from(*unit)))
}
