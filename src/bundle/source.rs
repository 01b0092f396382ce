//! A named run of bytes, on disk, in memory, or within an archive.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memmap2::Mmap;

use super::Limits;
use super::archive::Archive;
use crate::model::SourceId;

/// One file of a bundle.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: SourceId,
    /// The index of its bundle.
    pub bundle: usize,
    /// The path within the bundle, with `/`; archives count as folders.
    pub path: String,
    pub(super) bytes: SourceBytes,
}

impl Source {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The size in bytes, as far as it is known without reading.
    pub fn size(&self) -> u64 {
        self.bytes.size
    }

    /// Whether it only stands for something that could not be opened.
    pub fn is_place_holder(&self) -> bool {
        matches!(self.bytes.place, Place::Nowhere)
    }

    /// Hands a reader of the bytes to `visit`.
    ///
    /// # Errors
    /// When the source cannot be opened; errors while reading are the reader's.
    pub fn read<T>(&self, visit: impl FnOnce(&mut dyn Read) -> T) -> io::Result<T> {
        self.bytes.read(visit)
    }

    /// Hands all bytes at once to `visit`: mapped where the file is large, read where it is small.
    ///
    /// Where reading breaks off, `visit` gets what came before, and the reason is given beside its result.
    ///
    /// # Errors
    /// When nothing of the source can be read.
    pub fn whole<T>(&self, visit: impl FnOnce(&[u8]) -> T) -> io::Result<(T, Option<io::Error>)> {
        match &self.bytes.place {
            Place::Disk(path) if self.bytes.size >= MAP_FROM => Ok((visit(&map(path)?), None)),
            Place::Memory(bytes) => Ok((visit(bytes), None)),
            _ => {
                let (bytes, cut) = self.bytes.as_far_as_it_goes(u64::MAX)?;
                Ok((visit(&bytes), cut))
            }
        }
    }

    /// The first bytes, at most `count`.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn start(&self, count: usize) -> io::Result<Vec<u8>> {
        self.bytes.start(count)
    }
}

/// Below this size one read is quicker than a mapping.
const MAP_FROM: u64 = 1 << 20;

/// Where bytes are, and how many.
#[derive(Clone, Debug)]
pub struct SourceBytes {
    place: Place,
    size: u64,
}

#[derive(Clone, Debug)]
enum Place {
    Disk(PathBuf),
    Memory(Arc<[u8]>),
    Member { archive: Box<Archive>, index: usize, limit: u64 },
    Nowhere,
}

/// The bytes of a whole archive, shared by its members.
#[derive(Clone, Debug)]
pub enum Block {
    Mapped(Arc<Mmap>),
    Memory(Arc<[u8]>),
}

impl AsRef<[u8]> for Block {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Memory(bytes) => bytes,
        }
    }
}

impl SourceBytes {
    pub(super) fn disk(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self { size: file.metadata()?.len(), place: Place::Disk(path.to_owned()) })
    }

    pub(super) fn memory(bytes: Vec<u8>) -> Self {
        Self { size: bytes.len() as u64, place: Place::Memory(bytes.into()) }
    }

    pub(super) fn place_holder() -> Self {
        Self { size: 0, place: Place::Nowhere }
    }

    pub(super) fn member(archive: Archive, index: usize, limits: &Limits) -> Self {
        let mut archive = Box::new(archive);
        let (size, packed) = match archive.by_index(index) {
            Ok(member) => (member.size(), member.compressed_size()),
            Err(_) => (0, 0),
        };
        let by_ratio = packed.saturating_mul(limits.ratio).max(1 << 20);
        Self { size, place: Place::Member { archive, index, limit: limits.member.min(by_ratio) } }
    }

    /// Maps a file, as members of an archive are read in any order.
    pub(super) fn map(path: &Path) -> io::Result<Block> {
        Ok(Block::Mapped(Arc::new(map(path)?)))
    }

    pub(super) fn to_vec(&self) -> io::Result<Vec<u8>> {
        self.read(|reader| {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).map(|_| bytes)
        })?
    }

    pub(super) fn start(&self, count: usize) -> io::Result<Vec<u8>> {
        self.as_far_as_it_goes(count as u64).map(|(bytes, _)| bytes)
    }

    /// The first bytes, and why there are no more if reading broke off; an error if there are none at all.
    fn as_far_as_it_goes(&self, count: u64) -> io::Result<(Vec<u8>, Option<io::Error>)> {
        self.read(|reader| {
            let mut bytes = Vec::new();
            match reader.take(count).read_to_end(&mut bytes) {
                Ok(_) => Ok((bytes, None)),
                Err(error) if bytes.is_empty() => Err(error),
                Err(error) => Ok((bytes, Some(error))),
            }
        })?
    }

    fn read<T>(&self, visit: impl FnOnce(&mut dyn Read) -> T) -> io::Result<T> {
        match &self.place {
            Place::Disk(path) => Ok(visit(&mut File::open(path)?)),
            Place::Memory(bytes) => Ok(visit(&mut &bytes[..])),
            Place::Member { archive, index, limit } => {
                let mut archive = archive.clone();
                let member = archive.by_index(*index).map_err(io::Error::other)?;
                Ok(visit(&mut Limited { reader: member, left: *limit, limit: *limit }))
            }
            Place::Nowhere => Err(io::Error::other("could not be opened")),
        }
    }
}

#[expect(unsafe_code, reason = "memmap2 cannot know that nobody shortens the file meanwhile")]
fn map(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    // SAFETY: a bundle is evidence at rest; if someone truncates it while we look, the process may be
    // stopped by the system, but nothing is written and no other memory is reached.
    unsafe { Mmap::map(&file) }
}

/// A reader that fails when more comes out than was allowed, whatever the archive declares.
struct Limited<R> {
    reader: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => {
                self.left = left;
                Ok(count)
            }
            None => Err(io::Error::other(format!("unpacks to more than the limit of {} bytes", self.limit))),
        }
    }
}
