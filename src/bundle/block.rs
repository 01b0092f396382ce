//! Runs of bytes that are read in any order: a mapped file, or memory; and where unpacked bytes are kept.

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::{Deref, Range};
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;

use super::limits::{Budget, Meter, Metered, Stop};

/// A shared run of bytes; cloning it or taking a part of it copies nothing.
#[derive(Clone, Debug)]
pub struct Block {
    store: Store,
    range: Range<usize>,
}

#[derive(Clone, Debug)]
enum Store {
    Mapped(Arc<Mmap>),
    Memory(Arc<Vec<u8>>),
}

impl Block {
    pub fn memory(bytes: Vec<u8>) -> Self {
        Self { range: 0..bytes.len(), store: Store::Memory(Arc::new(bytes)) }
    }

    /// Maps a file.
    pub fn map(path: &Path) -> io::Result<Self> {
        Self::mapped(&File::open(path)?)
    }

    fn mapped(file: &File) -> io::Result<Self> {
        let map = map(file)?;
        Ok(Self { range: 0..map.len(), store: Store::Mapped(Arc::new(map)) })
    }

    /// The part of it that a range of bytes names; what lies outside is left out.
    pub fn part(&self, range: Range<u64>) -> Self {
        let place = |at: u64| {
            let at = usize::try_from(at).unwrap_or(usize::MAX);
            self.range.start.saturating_add(at).min(self.range.end)
        };
        let start = place(range.start);
        Self { store: self.store.clone(), range: start..place(range.end).max(start) }
    }
}

impl Deref for Block {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let all: &[u8] = match &self.store {
            Store::Mapped(map) => map,
            Store::Memory(bytes) => bytes,
        };
        all.get(self.range.clone()).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Block {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

#[expect(unsafe_code, reason = "memmap2 cannot know that nobody shortens the file meanwhile")]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: a bundle is evidence at rest, and a temporary file has no name; if someone truncates one while
    // we look, the process may be stopped by the system, but nothing is written and no other memory is reached.
    unsafe { Mmap::map(file) }
}

/// Above this size unpacked bytes are kept in a temporary file, which has no name and goes with the program.
const FILE_FROM: usize = 64 << 20;

/// Takes what comes out of an archive that can only be unpacked in its own order.
pub struct Spool {
    memory: Vec<u8>,
    most: usize,
    file: Option<File>,
    length: u64,
    failed: bool,
}

impl Spool {
    pub fn new(budget: &Budget) -> Self {
        let most = budget.memory.min(FILE_FROM);
        Self { memory: Vec::new(), most, file: None, length: 0, failed: false }
    }

    /// Appends what a reader gives until its end or its limit: the range of it, and why there is no more.
    pub fn fill(&mut self, reader: &mut dyn Read, meter: Meter) -> (Range<u64>, Option<Stop>) {
        let start = self.length;
        let mut reader = Metered::new(reader, meter);
        let mut buffer = [0; 32 << 10];
        let stop = loop {
            match reader.read(&mut buffer) {
                Ok(0) => break None,
                Ok(count) => {
                    if let Err(error) = self.keep(&buffer[..count]) {
                        let what = format!("no room for what is unpacked: {error}");
                        break Some(Stop::new(crate::model::ProblemKind::Unreadable, what));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Some(Stop::of(&error)),
            }
        };
        (start..self.length, stop)
    }

    /// Appends bytes.
    pub fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        // After a failed write the file's end is not known any more.
        if self.failed {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if self.file.is_none() && self.memory.len() + bytes.len() <= self.most {
            self.memory.extend_from_slice(bytes);
        } else if let Err(error) = self.write(bytes) {
            self.failed = true;
            return Err(error);
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.file.is_none() {
            let mut file = tempfile::tempfile()?;
            file.write_all(&self.memory)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        self.file.iter_mut().try_for_each(|file| file.write_all(bytes))
    }

    /// How many bytes it holds.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// All that was kept.
    ///
    /// # Errors
    /// When the temporary file cannot be mapped.
    pub fn finish(self, budget: &mut Budget) -> io::Result<Block> {
        let Some(file) = self.file else {
            budget.memory -= self.memory.len().min(budget.memory);
            return Ok(Block::memory(self.memory));
        };
        if self.length == 0 {
            return Ok(Block::memory(Vec::new()));
        }
        Ok(Block::mapped(&file)?.part(0..self.length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::Limits;

    #[test]
    fn what_is_too_much_for_the_memory_goes_to_a_file_and_reads_alike() {
        let mut budget = Budget::new(Limits::default());
        budget.memory = 1000;
        let mut blocks = Vec::new();
        for size in [900, 1200, 0] {
            let mut spool = Spool::new(&budget);
            let bytes: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
            let meter = budget.member(u64::MAX);
            let (first, _) = spool.fill(&mut &bytes[..], meter);
            let (second, stop) = spool.fill(&mut &bytes[..], meter);
            assert_eq!((first, stop), (0..size, None));
            let block = spool.finish(&mut budget).unwrap();
            assert_eq!(block.part(second)[..], bytes[..]);
            assert_eq!(block.part(10..20)[..], bytes[10.min(bytes.len())..20.min(bytes.len())]);
            blocks.push(matches!(block.store, Store::Mapped(_)));
        }
        assert_eq!(blocks, [true, true, false]);
    }
}
