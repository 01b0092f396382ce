//! Walks a folder in the order of its names; links are told and not followed.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use walkdir::WalkDir;

use super::archive::{Format, Place, START, Unpacker};
use super::block::Block;
use super::limits::Stop;
use super::source::SourceBytes;
use crate::model::ProblemKind;

/// Adds every file below a folder.
pub fn walk(root: &Path, unpacker: &mut Unpacker<'_>) {
    for entry in WalkDir::new(root).sort_by_file_name() {
        match entry {
            Ok(entry) => {
                let path = relative(root, entry.path());
                let kind = entry.file_type();
                if kind.is_file() {
                    file(entry.path(), path, false, unpacker);
                } else if !kind.is_dir() && entry.depth() != 0 {
                    let what = if kind.is_symlink() { "a link, not followed" } else { "no regular file" };
                    unpacker.unreadable(&path, Stop::new(ProblemKind::Unsupported, what));
                }
            }
            Err(error) => {
                let path = error.path().map(|path| relative(root, path)).unwrap_or_default();
                let what = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                unpacker.unreadable(&path, Stop::new(ProblemKind::Unreadable, what));
            }
        }
    }
}

/// Adds one file: what an archive holds, or the file itself.
pub fn file(path: &Path, name: String, only: bool, unpacker: &mut Unpacker<'_>) {
    if let Err(error) = open(path, &name, only, unpacker) {
        unpacker.unreadable(&name, Stop::new(ProblemKind::Unreadable, error.to_string()));
    }
}

fn open(path: &Path, name: &str, only: bool, unpacker: &mut Unpacker<'_>) -> io::Result<()> {
    let (start, size) = start(path)?;
    if let Some(format) = Format::of(name, &start) {
        // The members of the one archive that was asked for need no prefix.
        let prefix = if only { String::new() } else { format!("{name}/") };
        let place = Place { path: name, prefix: &prefix, depth: 1 };
        if unpacker.archive(format, &Block::map(path)?, place) {
            return Ok(());
        }
    }
    unpacker.add(name.to_owned(), SourceBytes::disk(path, size));
    Ok(())
}

/// The first bytes of a file, and its size.
fn start(path: &Path) -> io::Result<(Vec<u8>, u64)> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut start = [0; START];
    let mut filled = 0;
    while filled < START {
        match file.read(&mut start[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok((start[..filled].to_vec(), size))
}

fn relative(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
