//! What keeps damaged and hostile hives from being read without end.

/// `None` where more came out than a hive of the size can hold.
pub type Allowed<T> = Option<T>;

/// The cells that were read as keys, eight bytes to a bit, as cells start at multiples of eight.
pub struct Seen(Vec<u64>);

impl Seen {
    pub fn new(bytes: usize) -> Self {
        Self(vec![0; bytes / 512 + 1])
    }

    /// Whether a cell comes for the first time; offsets beyond the end always do.
    pub fn first(&mut self, offset: u32) -> bool {
        let index = offset as usize / 8;
        let Some(word) = self.0.get_mut(index / 64) else { return true };
        let bit = 1 << (index % 64);
        let first = *word & bit == 0;
        *word |= bit;
        first
    }
}

/// What a hive of its size may still hold, so that lists that share their entries do not grow without end.
pub struct Left {
    keys: u64,
    values: u64,
    entries: u64,
    bytes: u64,
    text: u64,
}

impl Left {
    /// The smallest cell of a key has 80 bytes, that of a value 24, an entry of a list 4. Paths repeat those above
    /// them, so they may have more letters than the file.
    pub fn of(size: u64) -> Self {
        Self {
            keys: size / 80 + 1,
            values: size / 24 + 1,
            // Each key ends its list, which counts as an entry.
            entries: size / 4 + size / 80 + 1,
            bytes: size,
            text: size * 4 + (64 << 20),
        }
    }

    pub fn key(&mut self) -> Allowed<()> {
        take(&mut self.keys, 1)
    }

    pub fn value(&mut self) -> Allowed<()> {
        take(&mut self.values, 1)
    }

    pub fn entry(&mut self) -> Allowed<()> {
        take(&mut self.entries, 1)
    }

    pub fn bytes(&mut self, count: usize) -> Allowed<()> {
        take(&mut self.bytes, count)
    }

    pub fn text(&mut self, count: usize) -> Allowed<()> {
        take(&mut self.text, count)
    }
}

fn take(left: &mut u64, count: usize) -> Allowed<()> {
    *left = left.checked_sub(count as u64)?;
    Some(())
}
