//! Walks a folder in the order of its names; links are told and not followed.

use std::path::Path;

use walkdir::WalkDir;

use super::source::SourceBytes;
use super::{Limits, Opened, archive};
use crate::model::ProblemKind;

/// Adds every file below a folder.
pub fn walk(root: &Path, bundle: usize, limits: &Limits, opened: &mut Opened) {
    for entry in WalkDir::new(root).sort_by_file_name() {
        match entry {
            Ok(entry) => {
                let path = relative(root, entry.path());
                let kind = entry.file_type();
                if kind.is_file() {
                    file(entry.path(), path, false, bundle, limits, opened);
                } else if !kind.is_dir() && entry.depth() != 0 {
                    let what = if kind.is_symlink() { "a link, not followed" } else { "no regular file" };
                    opened.unreadable(bundle, path, ProblemKind::Unsupported, what);
                }
            }
            Err(error) => {
                let path = error.path().map(|path| relative(root, path)).unwrap_or_default();
                let what = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                opened.unreadable(bundle, path, ProblemKind::Unreadable, what);
            }
        }
    }
}

/// Adds one file: what an archive holds, or the file itself.
pub fn file(path: &Path, name: String, only: bool, bundle: usize, limits: &Limits, opened: &mut Opened) {
    match archive::sniff(path) {
        Ok(true) => match SourceBytes::map(path) {
            Ok(bytes) => {
                // The members of the one archive that was asked for need no prefix.
                let prefix = if only { String::new() } else { format!("{name}/") };
                archive::unpack(&bytes, &prefix, &name, bundle, 1, limits, opened);
            }
            Err(error) => opened.unreadable(bundle, name, ProblemKind::Unreadable, error.to_string()),
        },
        Ok(false) => match SourceBytes::disk(path) {
            Ok(bytes) => opened.add(bundle, name, bytes),
            Err(error) => opened.unreadable(bundle, name, ProblemKind::Unreadable, error.to_string()),
        },
        Err(error) => opened.unreadable(bundle, name, ProblemKind::Unreadable, error.to_string()),
    }
}

fn relative(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
