//! A named run of bytes, on disk, in memory, or within an archive.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::archive::ZipMember;
use super::block::Block;
use super::limits::Stop;
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
        self.bytes.size()
    }

    /// Whether it only stands for something that could not be opened.
    pub fn is_place_holder(&self) -> bool {
        matches!(self.bytes, SourceBytes::Nowhere)
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
        match &self.bytes {
            SourceBytes::Disk { path, size } if *size >= MAP_FROM => Ok((visit(&Block::map(path)?), None)),
            SourceBytes::Block { block, cut } if cut.is_none() || !block.is_empty() => {
                Ok((visit(block), cut.clone().map(|cut| (*cut).into())))
            }
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
pub enum SourceBytes {
    Disk {
        path: PathBuf,
        size: u64,
    },
    /// In memory, or unpacked already; `cut` says why there are no more.
    Block {
        block: Block,
        cut: Option<Box<Stop>>,
    },
    /// Decompressed whenever it is read.
    Zip(Box<ZipMember>),
    Nowhere,
}

impl SourceBytes {
    pub(super) fn disk(path: &Path, size: u64) -> Self {
        Self::Disk { path: path.to_owned(), size }
    }

    pub(super) fn whole(block: Block) -> Self {
        Self::Block { block, cut: None }
    }

    fn size(&self) -> u64 {
        match self {
            Self::Disk { size, .. } => *size,
            Self::Block { block, .. } => block.len() as u64,
            Self::Zip(member) => member.size,
            Self::Nowhere => 0,
        }
    }

    pub(super) fn start(&self, count: usize) -> io::Result<Vec<u8>> {
        self.as_far_as_it_goes(count as u64).map(|(bytes, _)| bytes)
    }

    /// The first bytes, and why there are no more if reading broke off; an error if there are none at all.
    fn as_far_as_it_goes(&self, count: u64) -> io::Result<(Vec<u8>, Option<io::Error>)> {
        self.read(|reader| {
            let mut bytes = Vec::with_capacity(count.min(self.size()).min(MAP_FROM) as usize + 1);
            match reader.take(count).read_to_end(&mut bytes) {
                Ok(_) => Ok((bytes, None)),
                Err(error) if bytes.is_empty() => Err(error),
                Err(error) => Ok((bytes, Some(error))),
            }
        })?
    }

    pub(super) fn read<T>(&self, visit: impl FnOnce(&mut dyn Read) -> T) -> io::Result<T> {
        match self {
            Self::Disk { path, .. } => Ok(visit(&mut File::open(path)?)),
            Self::Block { block, cut } => Ok(visit(&mut Cut { bytes: block, stop: cut.as_deref() })),
            Self::Zip(member) => member.read(visit),
            Self::Nowhere => Err(io::Error::other("could not be opened")),
        }
    }
}

/// Bytes, and behind them the reason for which there are no more.
struct Cut<'a> {
    bytes: &'a [u8],
    stop: Option<&'a Stop>,
}

impl Read for Cut<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.stop {
            Some(stop) if self.bytes.is_empty() && !buffer.is_empty() => Err(stop.clone().into()),
            _ => self.bytes.read(buffer),
        }
    }
}
