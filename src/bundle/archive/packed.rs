//! Single files packed with gzip, bzip2 or xz, and tar archives packed so.

use std::io::{self, Read};

use flate2::bufread::GzDecoder;

use super::code_page::Default;
use super::names::RawName;
use super::{Block, Budget, Contents, Format, START, has_ending, tar};
use crate::bundle::block::Spool;
use crate::bundle::limits::Stop;
use crate::bundle::source::SourceBytes;
use crate::model::ProblemKind;

/// The most memory that the dictionary of an xz file may take, in KiB.
const DICTIONARY: u32 = 1 << 20;

/// The one file that was packed; of a packed tar archive, its members.
pub fn members(format: Format, name: &str, block: &Block, budget: &mut Budget) -> Contents {
    let mut contents = Contents::default();
    let packed = block.len() as u64;
    let mut start = Vec::new();
    // Where nothing can be read, reading it whole tells why.
    let _ = decoder(format, block).take(START as u64).read_to_end(&mut start);
    let is_tar = tar::is_header(&start);
    // The stream around several members is no member.
    let meter = if is_tar { budget.stream(packed) } else { budget.member(packed) };
    let mut spool = Spool::new(budget);
    let (_, cut) = spool.fill(&mut *decoder(format, block), meter);
    budget.spend(spool.length());
    let unpacked = match spool.finish(budget) {
        Ok(unpacked) => unpacked,
        Err(error) => {
            contents.problem(ProblemKind::Unreadable, format!("what was unpacked cannot be read: {error}"));
            return contents;
        }
    };
    if is_tar {
        let mut contents = tar::members(&unpacked, budget);
        // What is wrong at the end follows from where the stream broke off.
        if let Some(cut) = cut {
            contents.problems = vec![cut];
        }
        return contents;
    }
    let bytes = match cut {
        Some(cut) if unpacked.is_empty() => Err(cut),
        cut => Ok(SourceBytes::Block { block: unpacked, cut: cut.map(Box::new) }),
    };
    contents.add(member_name(format, name, block), bytes);
    contents
}

fn decoder(format: Format, block: &Block) -> Box<dyn Read + '_> {
    match format {
        Format::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(&block[..])),
        Format::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(&block[..], true, DICTIONARY)),
        _ => Box::new(Gunzip { current: GzDecoder::new(&block[..]) }),
    }
}

/// The name that gzip keeps, else that of the archive without its ending.
fn member_name(format: Format, name: &str, block: &Block) -> RawName {
    if format == Format::Gzip
        && let Some(kept) = GzDecoder::new(&block[..]).header().and_then(|header| header.filename())
        && let Some(last) =
            kept.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().filter(|last| !last.is_empty())
    {
        return RawName::Bytes(last.to_vec(), Default::Ansi);
    }
    let name = name.rsplit('/').next().unwrap_or(name);
    let ending = [".gz", ".bz2", ".xz"].into_iter().find(|ending| has_ending(name, &[ending]));
    let stem = ending.map_or(name, |ending| &name[..name.len() - ending.len()]);
    RawName::Text(stem.to_owned())
}

/// All parts of a gzip file one after the other (RFC 1952 2.2); padding with zeros is usual on tapes.
struct Gunzip<'a> {
    current: GzDecoder<&'a [u8]>,
}

impl Read for Gunzip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.current.read(buffer)?;
            if count != 0 || buffer.is_empty() {
                return Ok(count);
            }
            let rest: &[u8] = self.current.get_ref();
            if rest.starts_with(&[0x1F, 0x8B]) {
                self.current = GzDecoder::new(rest);
                continue;
            }
            return match rest.iter().all(|byte| *byte == 0) {
                true => Ok(0),
                false => {
                    let what = format!("{} bytes after the end of the packed data were not read", rest.len());
                    Err(Stop::new(ProblemKind::Malformed, what).into())
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::bundle::Limits;

    fn gzip(bytes: &[u8], name: Option<&str>) -> Vec<u8> {
        let mut builder = flate2::GzBuilder::new();
        if let Some(name) = name {
            builder = builder.filename(name);
        }
        let mut writer = builder.write(Vec::new(), flate2::Compression::fast());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn check(path: &str, packed: Vec<u8>, limits: Limits, expected: (&str, usize, Option<&str>)) {
        let contents = members(Format::Gzip, path, &Block::memory(packed), &mut Budget::new(limits));
        let member = contents.members.first().unwrap();
        let name = match &member.name {
            RawName::Text(text) => text.clone(),
            RawName::Bytes(bytes, _) | RawName::Utf8(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        };
        let (length, cut) = match &member.bytes {
            Ok(SourceBytes::Block { block, cut }) => (block.len(), cut.as_ref().map(|cut| cut.what.clone())),
            Err(stop) => (0, Some(stop.what.clone())),
            other => panic!("{other:?}"),
        };
        assert_eq!((name.as_str(), length, cut.as_deref()), expected);
    }

    #[test]
    fn parts_follow_one_another_and_what_is_damaged_is_told() {
        let limits = Limits::default();
        let whole = gzip(b"Starting SMS_EXECUTIVE\r\n", Some(r"D:\SMS\Logs\smsexec.log"));
        check("a/x.gz", whole.clone(), limits, ("smsexec.log", 24, None));
        let two = [gzip(b"Starting", None), gzip(b" again", None), vec![0; 100]].concat();
        check("a/x.log.gz", two, limits, ("x.log", 14, None));
        let garbage = [gzip(b"Starting", None), b"what".to_vec()].concat();
        let told = "4 bytes after the end of the packed data were not read";
        check("x.log.gz", garbage, limits, ("x.log", 8, Some(told)));
        let early = "the packed data ends too early";
        check("x.log.gz", whole[..30].to_vec(), limits, ("x.log", 0, Some(early)));
        let mut wrong = gzip(b"Starting", None);
        let end = wrong.len();
        wrong[end - 6] ^= 1;
        let sum = "damaged: its checksum is not the one in the archive";
        check("x.log.gz", wrong, limits, ("x.log", 8, Some(sum)));
        let bomb = gzip(&vec![0; 3 << 20], None);
        let told = "unpacks to more than 10 times its packed size, which is the limit";
        check("x.gz", bomb, Limits { ratio: 10, ..limits }, ("x", 1 << 20, Some(told)));
    }
}
