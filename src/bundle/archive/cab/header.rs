//! The structure of a cabinet: its folders, which are packed as one stream each, its files, its set (MS-CAB 2).
//!
//! The crate `cab` refuses every cabinet of a set and whatever is damaged, and loses the bytes of names that are
//! not UTF-8. So the structure is read here, as far as it goes.

use crate::bundle::archive::bytes::{Fields, slice};

/// What a cabinet holds.
#[derive(Debug, Default)]
pub struct Cabinet {
    pub folders: Vec<Folder>,
    pub files: Vec<File>,
    pub set: Set,
    /// Bytes of others' making in front of each block of data.
    pub reserve: u64,
    /// The first thing that cannot be read, behind which nothing was.
    pub damage: Option<String>,
}

/// Members that are packed as one stream.
#[derive(Clone, Copy, Debug)]
pub struct Folder {
    /// Where its first block of data begins in the cabinet.
    pub start: u64,
    pub blocks: u16,
    /// The compression in the low four bits, its settings above.
    pub method: u16,
}

/// A member.
#[derive(Clone, Debug)]
pub struct File {
    pub name: Vec<u8>,
    pub utf8: bool,
    pub size: u64,
    /// Where it begins in the unpacked folder.
    pub offset: u64,
    pub place: Place,
}

/// The folder of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(u16),
    /// In the first folder, and begins in the part before.
    Before,
    /// In the last folder, and ends in the part behind.
    Behind,
    Both,
}

/// Which part of a set of cabinets it is.
#[derive(Clone, Debug, Default)]
pub struct Set {
    pub id: u16,
    /// From 1.
    pub part: u32,
    /// Whether there are further parts.
    pub split: bool,
    /// The file names of the parts before and behind.
    pub previous: Option<String>,
    pub next: Option<String>,
}

const PREVIOUS: u16 = 1;
const NEXT: u16 = 2;
const RESERVE: u16 = 4;

/// Reads a cabinet as far as it goes; at most so many members.
pub fn read(bytes: &[u8], most: usize) -> Cabinet {
    let mut cabinet = Cabinet::default();
    if let Err(damage) = parts(bytes, most, &mut cabinet) {
        cabinet.damage = Some(damage);
    }
    cabinet
}

fn parts(bytes: &[u8], most: usize, cabinet: &mut Cabinet) -> Result<(), String> {
    let early = |what: &str| format!("the cabinet ends within {what}");
    let mut fields = Fields(slice(bytes, 0, 36).ok_or_else(|| early("its header"))?);
    fields.skip(16);
    let files_at = u64::from(fields.u32());
    fields.skip(6);
    let (folders, files, flags) = (fields.u16(), fields.u16(), fields.u16());
    cabinet.set.id = fields.u16();
    cabinet.set.part = u32::from(fields.u16()) + 1;
    cabinet.set.split = flags & (PREVIOUS | NEXT) != 0;
    let mut at = 36;
    let mut folder_reserve = 0;
    if flags & RESERVE != 0 {
        let mut fields = Fields(slice(bytes, at, 4).ok_or_else(|| early("its header"))?);
        let header_reserve = u64::from(fields.u16());
        folder_reserve = u64::from(fields.u8());
        cabinet.reserve = u64::from(fields.u8());
        at += 4 + header_reserve;
    }
    for (flag, name) in [(PREVIOUS, &mut cabinet.set.previous), (NEXT, &mut cabinet.set.next)] {
        if flags & flag != 0 {
            // The name of the cabinet, and that of its disk.
            let file = text(bytes, &mut at).ok_or_else(|| early("the names of its set"))?;
            *name = Some(String::from_utf8_lossy(file).into_owned());
            text(bytes, &mut at).ok_or_else(|| early("the names of its set"))?;
        }
    }
    for _ in 0..folders {
        let mut fields = Fields(slice(bytes, at, 8).ok_or_else(|| early("the list of its folders"))?);
        let (start, blocks, method) = (u64::from(fields.u32()), fields.u16(), fields.u16());
        cabinet.folders.push(Folder { start, blocks, method });
        at += 8 + folder_reserve;
    }
    at = files_at;
    for number in 0..files {
        if cabinet.files.len() > most {
            return Ok(());
        }
        let early = || format!("the cabinet ends within its list of files, after {number} of {files}");
        let mut fields = Fields(slice(bytes, at, 16).ok_or_else(early)?);
        let (size, offset, folder) = (u64::from(fields.u32()), u64::from(fields.u32()), fields.u16());
        fields.skip(4);
        let attributes = fields.u16();
        at += 16;
        let name = text(bytes, &mut at).ok_or_else(early)?.to_vec();
        let place = match folder {
            0xFFFD => Place::Before,
            0xFFFE => Place::Behind,
            0xFFFF => Place::Both,
            folder => Place::Folder(folder),
        };
        cabinet.files.push(File { name, utf8: attributes & 0x80 != 0, size, offset, place });
    }
    Ok(())
}

/// Bytes up to a zero, which is passed over.
fn text<'a>(bytes: &'a [u8], at: &mut u64) -> Option<&'a [u8]> {
    let rest = bytes.get(usize::try_from(*at).ok()?..)?;
    let end = memchr::memchr(0, rest)?;
    *at += end as u64 + 1;
    rest.get(..end)
}
