//! The unpacked stream of a cabinet's folder: blocks of at most 32 KiB, one after the other (MS-CAB 2.6).

use std::io::{self, Read};

use flate2::{Decompress, FlushDecompress};
use lzxd::{Lzxd, WindowSize};

use super::header::{Cabinet, Folder};
use crate::bundle::archive::bytes::{Fields, slice};
use crate::bundle::limits::Stop;
use crate::model::ProblemKind;

/// The most bytes that a block unpacks to, and that later blocks refer back to.
const WINDOW: usize = 32 << 10;

/// Reads a folder from its start; the window of LZX may reach back further than one block.
pub struct Stream<'a> {
    cabinet: &'a [u8],
    reserve: u64,
    at: u64,
    left: u16,
    number: u32,
    codec: Codec,
    block: Vec<u8>,
    given: usize,
}

enum Codec {
    Stored,
    MsZip { inflate: Decompress, before: Vec<u8> },
    Lzx(Box<Lzxd>),
}

impl<'a> Stream<'a> {
    /// Begins a folder.
    ///
    /// # Errors
    /// When its compression is not supported.
    pub fn new(bytes: &'a [u8], cabinet: &Cabinet, folder: Folder) -> Result<Self, Stop> {
        let codec = match (folder.method & 0xF, folder.method >> 8 & 0x1F) {
            (0, _) => Codec::Stored,
            (1, _) => Codec::MsZip { inflate: Decompress::new(false), before: Vec::new() },
            (2, _) => {
                let what = "compressed by Quantum, which is not supported; unpack the cabinet first";
                return Err(Stop::new(ProblemKind::Unsupported, what));
            }
            (3, bits) => {
                let window = window(bits).ok_or_else(|| {
                    let what =
                        format!("compressed by LZX with a window of 2^{bits} bytes, expected 2^15 to 2^21");
                    Stop::new(ProblemKind::Malformed, what)
                })?;
                Codec::Lzx(Box::new(Lzxd::new(window)))
            }
            (method, _) => {
                let what = format!("compressed by method {method}, which is not known");
                return Err(Stop::new(ProblemKind::Unsupported, what));
            }
        };
        Ok(Self {
            cabinet: bytes,
            reserve: cabinet.reserve,
            at: folder.start,
            left: folder.blocks,
            number: 0,
            codec,
            block: Vec::new(),
            given: 0,
        })
    }

    /// How many packed bytes the folder has, by the headers of its blocks; it stops counting above `most`.
    pub fn packed(&self, most: u64) -> u64 {
        let (mut at, mut packed) = (self.at, 0);
        for _ in 0..self.left {
            let Some(header) = slice(self.cabinet, at, 8) else { break };
            let length = 8 + self.reserve + u64::from(Fields(&header[4..]).u16());
            // The last block may be cut.
            packed += length.min((self.cabinet.len() as u64).saturating_sub(at));
            at += length;
            if packed > most {
                break;
            }
        }
        packed
    }

    /// Unpacks the next block; `false` at the end of the folder.
    fn next(&mut self) -> Result<bool, Stop> {
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        self.number += 1;
        let number = self.number;
        let early = || {
            Stop::new(ProblemKind::Truncated, format!("the cabinet ends within block {number} of its data"))
        };
        let damaged = |what: String| {
            Stop::new(ProblemKind::Malformed, format!("damaged: in block {number} of its data, {what}"))
        };
        let mut fields = Fields(slice(self.cabinet, self.at, 8).ok_or_else(early)?);
        let (told, packed, size) = (fields.u32(), fields.u16(), usize::from(fields.u16()));
        let reserve = slice(self.cabinet, self.at + 8, self.reserve).ok_or_else(early)?;
        let data = slice(self.cabinet, self.at + 8 + self.reserve, u64::from(packed)).ok_or_else(early)?;
        self.at += 8 + self.reserve + u64::from(packed);
        if size == 0 {
            // The rest of the block stands in the next part of the set.
            return Err(Stop::new(ProblemKind::Truncated, "goes on in the next part of the set"));
        }
        let sum = checksum(data) ^ u32::from(packed) ^ (size as u32) << 16;
        if told != 0 && told != sum && told != sum ^ checksum(reserve) {
            return Err(damaged("the checksum differs from the one in the cabinet".to_owned()));
        }
        if size > WINDOW {
            return Err(damaged(format!("{size} bytes are announced, at most 32768 are allowed")));
        }
        self.codec.unpack(data, size, &mut self.block).map_err(damaged)?;
        self.given = 0;
        Ok(true)
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.block.len() {
            if buffer.is_empty() || !self.next()? {
                return Ok(0);
            }
        }
        let count = buffer.len().min(self.block.len() - self.given);
        buffer[..count].copy_from_slice(&self.block[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

impl Codec {
    /// Unpacks one block of `size` bytes.
    fn unpack(&mut self, data: &[u8], size: usize, out: &mut Vec<u8>) -> Result<(), String> {
        out.clear();
        match self {
            Self::Stored => out.extend_from_slice(data),
            Self::MsZip { inflate, before } => {
                let data = data.strip_prefix(b"CK").ok_or("the mark of MSZIP is missing")?;
                inflate.reset(false);
                if !before.is_empty() {
                    inflate.set_dictionary(before).map_err(|error| error.to_string())?;
                }
                out.reserve(size);
                inflate
                    .decompress_vec(data, out, FlushDecompress::Finish)
                    .map_err(|error| error.to_string())?;
                let excess = (before.len() + out.len()).saturating_sub(WINDOW);
                before.drain(..excess.min(before.len()));
                before.extend_from_slice(&out[out.len().saturating_sub(WINDOW)..]);
            }
            Self::Lzx(lzx) => {
                out.extend_from_slice(lzx.decompress_next(data, size).map_err(|error| error.to_string())?);
            }
        }
        // What was reserved may be more than was asked for.
        out.truncate(size);
        match out.len() == size {
            true => Ok(()),
            false => Err(format!("found {} bytes, expected {size}", out.len())),
        }
    }
}

fn window(bits: u16) -> Option<WindowSize> {
    Some(match bits {
        15 => WindowSize::KB32,
        16 => WindowSize::KB64,
        17 => WindowSize::KB128,
        18 => WindowSize::KB256,
        19 => WindowSize::KB512,
        20 => WindowSize::MB1,
        21 => WindowSize::MB2,
        _ => return None,
    })
}

/// The checksum of MS-CAB 3.1: words of four bytes, the least first; of a rest, the last byte is the least.
fn checksum(bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let sum = words.iter().fold(0, |sum, word| sum ^ u32::from_le_bytes(*word));
    sum ^ rest.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(checksum(b"\x0e\0\x0e\0Hello, world!\n"), 0x7f2e_1a4c);
        assert_eq!(checksum(b""), 0);
    }
}
