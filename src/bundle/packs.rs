//! Text files of a user: the TOML files of a folder, lists, and new ones.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use walkdir::WalkDir;

/// A text file and the name it is known by.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// The path as a person would type it.
    pub path: String,
    pub text: String,
}

/// Writes a text file that is not there yet, with the folders above it.
///
/// # Errors
/// When there is such a file, or it cannot be written.
pub fn write_new(path: &Path, text: &str) -> anyhow::Result<()> {
    let result = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let file = result.and_then(|()| std::fs::File::create_new(path));
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a text file, with the folders above it; one that says the same already is left as it is.
///
/// # Errors
/// When it cannot be written.
pub fn write_text(path: &Path, text: &str) -> anyhow::Result<()> {
    if std::fs::read(path).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(());
    }
    let result = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    result
        .and_then(|()| std::fs::write(path, text))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The text of a file; none if there is no such file.
///
/// # Errors
/// When it cannot be read, or is no UTF-8.
pub fn read_text(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Writes a text file that only its owner may read, where the system knows that.
///
/// # Errors
/// When it cannot be written.
pub fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// All `*.toml` files below a folder, or the one file named, in the order of their paths; and what could not
/// be read of them.
///
/// # Errors
/// When the folder cannot be read, or when it holds none.
pub fn text_files(path: &Path) -> anyhow::Result<(Vec<TextFile>, Vec<String>)> {
    let (mut files, mut failures) = (Vec::new(), Vec::new());
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", path.display()))?;
        let named = entry.path().extension().is_some_and(|ending| ending == "toml");
        if entry.file_type().is_file() && (named || entry.depth() == 0) {
            let path = entry.path().display().to_string().replace('\\', "/");
            match std::fs::read_to_string(entry.path()) {
                Ok(text) => files.push(TextFile { path, text }),
                Err(error) => failures.push(format!("cannot read {path}: {error}")),
            }
        }
    }
    let none = files.is_empty() && failures.is_empty();
    anyhow::ensure!(!none, "{}: holds no .toml files", path.display());
    Ok((files, failures))
}
