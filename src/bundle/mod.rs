//! Folders, files and archives as named byte sources. The only module that reads the disk.

#![expect(clippy::disallowed_methods, reason = "this is the module that reads the disk")]

mod archive;
mod block;
mod folder;
mod limits;
mod packs;
mod source;

pub use archive::folder_stem;
pub use limits::{Limits, Stop};
pub use packs::{TextFile, read_text, text_files, write_new, write_private, write_text};
pub use source::{Source, SourceBytes};

use std::path::Path;

use anyhow::{Context as _, bail};

use archive::{Format, Place, START, Unpacker};
use block::Block;

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

/// The whole path of a source that is a file of its own on the disk, and not a member of an archive.
pub fn file_of(bundle: &str, source: &str) -> Option<String> {
    let bundle = Path::new(bundle);
    let own = if bundle.is_dir() { bundle.join(source) } else { bundle.to_owned() };
    let own = own.canonicalize().ok().filter(|path| path.is_file())?;
    Some(own.to_string_lossy().replace('\\', "/"))
}

fn open_one(path: &Path, limits: &Limits, opened: &mut Opened) -> anyhow::Result<()> {
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => anyhow::anyhow!("no such file or folder"),
        _ => anyhow::Error::new(error),
    })?;
    if metadata.is_dir() {
        let before = opened.sources.len();
        let bundle = opened.begin(path);
        folder::walk(path, &mut Unpacker::new(opened, bundle, limits));
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
    folder::file(path, name, true, &mut Unpacker::new(opened, bundle, limits));
    Ok(())
}

/// Files that are in memory already, as one bundle, archives among them opened.
pub fn in_memory(label: &str, files: Vec<(String, Vec<u8>)>) -> Opened {
    let mut opened = Opened::default();
    opened.bundles.push(Bundle { path: label.to_owned(), label: label.to_owned() });
    let mut unpacker = Unpacker::new(&mut opened, 0, &Limits::default());
    for (path, bytes) in files {
        let format = Format::of(&path, &bytes[..bytes.len().min(START)]);
        let block = Block::memory(bytes);
        let place = Place { path: &path, prefix: &format!("{path}/"), depth: 1 };
        if !format.is_some_and(|format| unpacker.archive(format, &block, place)) {
            unpacker.add(path, SourceBytes::whole(block));
        }
    }
    opened
}

impl Opened {
    fn begin(&mut self, path: &Path) -> usize {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let name = absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let label = folder_stem(&name).to_owned();
        self.bundles.push(Bundle { path: path.display().to_string(), label });
        self.bundles.len() - 1
    }

    fn add(&mut self, bundle: usize, path: String, bytes: SourceBytes) {
        let id = SourceId(self.sources.len() as u32);
        // Names come from strangers too, and are shown everywhere.
        let path = printable(&path);
        self.sources.push(Source { id, bundle, path, bytes });
    }

    /// Keeps the name of what could not be opened, with the reason. Several reasons stand behind one name.
    fn unreadable(&mut self, bundle: usize, path: String, kind: ProblemKind, what: impl Into<String>) {
        let last = self.sources.last();
        let known =
            |last: &Source| last.is_place_holder() && last.bundle == bundle && last.path == printable(&path);
        if !last.is_some_and(known) {
            self.add(bundle, path, SourceBytes::Nowhere);
        }
        let source = SourceId(self.sources.len() as u32 - 1);
        self.problems.push(Problem { source, origin: None, kind, what: what.into() });
    }
}
