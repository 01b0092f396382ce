//! Zip archives: their members as sources, decompressed when they are read.

use std::io::{self, Cursor, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::source::{Block, SourceBytes};
use super::{Limits, Opened};
use crate::model::ProblemKind;

/// An opened archive; cloning shares its directory.
pub type Archive = ZipArchive<Cursor<Block>>;

/// Whether a file starts as a zip archive does.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn sniff(path: &Path) -> io::Result<bool> {
    let mut start = Vec::with_capacity(4);
    std::fs::File::open(path)?.take(4).read_to_end(&mut start)?;
    Ok(is_zip(&start))
}

/// Whether bytes start as a zip archive does.
pub fn is_zip(start: &[u8]) -> bool {
    // A local header, or the end of the directory of an empty archive (APPNOTE 4.3.7 and 4.3.16).
    start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06")
}

/// Adds the members of an archive under a prefix; archives among them are opened in turn.
pub fn unpack(
    block: &Block,
    prefix: &str,
    name: &str,
    bundle: usize,
    depth: usize,
    limits: &Limits,
    opened: &mut Opened,
) {
    let mut archive = match ZipArchive::new(Cursor::new(block.clone())) {
        Ok(archive) => archive,
        Err(error) => {
            let what = format!("not a whole zip archive: {error}");
            return opened.unreadable(bundle, name.to_owned(), ProblemKind::Truncated, what);
        }
    };
    if archive.len() > limits.members {
        let what = format!("{} members, the limit is {}", archive.len(), limits.members);
        opened.unreadable(bundle, name.to_owned(), ProblemKind::Limit, what);
    }
    let mut members: Vec<(String, usize)> = Vec::new();
    for index in 0..archive.len().min(limits.members) {
        match member_name(&mut archive, index) {
            Ok(Some(member)) => members.push((format!("{prefix}{member}"), index)),
            Ok(None) => {}
            Err((member, what)) => {
                opened.unreadable(bundle, format!("{prefix}{member}"), ProblemKind::Unsupported, what);
            }
        }
    }
    members.sort();
    if members.is_empty() {
        let what = "the archive holds no files that can be read";
        opened.unreadable(bundle, name.to_owned(), ProblemKind::Unreadable, what);
    }
    for (path, index) in members {
        let bytes = SourceBytes::member(archive.clone(), index, limits);
        if !matches!(bytes.start(4), Ok(start) if is_zip(&start)) {
            opened.add(bundle, path, bytes);
        } else if depth >= limits.depth {
            let what = format!("an archive within {depth} archives, the limit is {}", limits.depth);
            opened.unreadable(bundle, path, ProblemKind::Limit, what);
        } else {
            match bytes.to_vec() {
                Ok(inner) => {
                    let prefix = format!("{path}/");
                    let block = Block::Memory(inner.into());
                    unpack(&block, &prefix, &path, bundle, depth + 1, limits, opened);
                }
                Err(error) => opened.unreadable(bundle, path, ProblemKind::Limit, error.to_string()),
            }
        }
    }
}

/// The normalised name of a member; `None` for a folder; the name and the reason if it cannot be read.
fn member_name(archive: &mut Archive, index: usize) -> Result<Option<String>, (String, String)> {
    let listed = archive.name_for_index(index).and_then(Result::ok).map(|name| normalised(&name));
    let name = listed.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("member {}", index + 1));
    let member = match archive.by_index(index) {
        Ok(member) => member,
        Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
            return Err((name, "encrypted; unpack it with its password first".to_owned()));
        }
        Err(error) => return Err((name, error.to_string())),
    };
    match (member.is_dir(), member.is_symlink()) {
        (true, _) => Ok(None),
        (_, true) => Err((name, "a link, not followed".to_owned())),
        _ => Ok(Some(name)),
    }
}

/// A name with `/` only, without root, `.` and `..`, so that it can never lead out of the bundle.
fn normalised(name: &str) -> String {
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within() {
        assert_eq!(normalised(r"..\..\C\x\.\y.log"), "C/x/y.log");
        assert_eq!(normalised("/etc/passwd"), "etc/passwd");
    }
}
