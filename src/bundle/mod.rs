//! Folders, files and archives as named byte sources. The only module that reads the disk.

#![expect(clippy::disallowed_methods, reason = "this is the module that reads the disk")]

mod archive;
mod folder;
mod limits;
mod packs;
mod source;

pub use limits::Limits;
pub use packs::{TextFile, text_files};
pub use source::{Source, SourceBytes};

use source::Block;

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::model::{Problem, ProblemKind, SourceId, printable};

/// One path that was asked for, and the range of sources that came out of it.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The path as given.
    pub path: String,
    /// The last part of the path without an archive's ending, for naming what has no other name.
    pub label: String,
}

/// All that was opened.
#[derive(Debug, Default)]
pub struct Opened {
    pub bundles: Vec<Bundle>,
    /// In the order of the paths given, then of the names within.
    pub sources: Vec<Source>,
    /// What could not be opened; the problem's source is a place holder of no bytes.
    pub problems: Vec<Problem>,
    /// Paths that were asked for and could not be opened, with the reason.
    pub missing: Vec<(String, String)>,
}

/// Opens paths: each a folder, a file, or an archive, which may hold further archives.
///
/// What cannot be opened becomes a problem and the rest is kept.
///
/// # Errors
/// When there is nothing to read at all: no path exists, or all are empty.
pub fn open<P: AsRef<Path>>(paths: &[P], limits: &Limits) -> anyhow::Result<Opened> {
    let mut opened = Opened::default();
    for path in paths {
        let path = path.as_ref();
        if let Err(error) = open_one(path, limits, &mut opened) {
            let what = format!("{error:#}");
            let bundle = opened.begin(path);
            opened.unreadable(bundle, String::new(), ProblemKind::Unreadable, what.clone());
            opened.missing.push((path.display().to_string(), what));
        }
    }
    if !opened.missing.is_empty() && opened.sources.iter().all(Source::is_place_holder) {
        let all: Vec<String> = opened.missing.iter().map(|(path, what)| format!("{path}: {what}")).collect();
        bail!("{}", all.join("; "));
    }
    Ok(opened)
}

fn open_one(path: &Path, limits: &Limits, opened: &mut Opened) -> anyhow::Result<()> {
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => anyhow::anyhow!("no such file or folder"),
        _ => anyhow::Error::new(error),
    })?;
    if metadata.is_dir() {
        let before = opened.sources.len();
        let bundle = opened.begin(path);
        folder::walk(path, bundle, limits, opened);
        if opened.sources.len() == before {
            opened.bundles.pop();
            bail!("the folder holds no files");
        }
        return Ok(());
    }
    if !metadata.is_file() {
        bail!("neither a file nor a folder");
    }
    std::fs::File::open(path).context("cannot be opened")?;
    let bundle = opened.begin(path);
    let name =
        path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into());
    folder::file(path, name, true, bundle, limits, opened);
    Ok(())
}

/// Files that are in memory already, as one bundle, archives among them opened.
pub fn in_memory(label: &str, files: Vec<(String, Vec<u8>)>) -> Opened {
    let mut opened = Opened::default();
    opened.bundles.push(Bundle { path: label.to_owned(), label: label.to_owned() });
    for (path, bytes) in files {
        if archive::is_zip(&bytes) {
            let block = Block::Memory(bytes.into());
            archive::unpack(&block, &format!("{path}/"), &path, 0, 1, &Limits::default(), &mut opened);
        } else {
            opened.add(0, path, SourceBytes::memory(bytes));
        }
    }
    opened
}

impl Opened {
    fn begin(&mut self, path: &Path) -> usize {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let name = absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        let label = name[..name.len() - if lower.ends_with(".zip") { 4 } else { 0 }].to_owned();
        self.bundles.push(Bundle { path: path.display().to_string(), label });
        self.bundles.len() - 1
    }

    fn add(&mut self, bundle: usize, path: String, bytes: SourceBytes) {
        let id = SourceId(self.sources.len() as u32);
        // Names come from strangers too, and are shown everywhere.
        let path = printable(&path);
        self.sources.push(Source { id, bundle, path, bytes });
    }

    /// Keeps the name of what could not be opened, with the reason.
    fn unreadable(&mut self, bundle: usize, path: String, kind: ProblemKind, what: impl Into<String>) {
        self.add(bundle, path, SourceBytes::place_holder());
        let source = SourceId(self.sources.len() as u32 - 1);
        self.problems.push(Problem { source, origin: None, kind, what: what.into() });
    }
}
