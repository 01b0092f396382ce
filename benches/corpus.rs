//! Writes the corpus that log readers are timed on: `cargo bench --bench corpus -- OUT MEGABYTES [SEED]`.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[path = "support/corpus.rs"]
mod corpus;

fn main() -> io::Result<()> {
    // `cargo bench` alone passes an option of its own and asks for nothing.
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let [out, size, rest @ ..] = words.as_slice() else { return Ok(()) };
    let number = |word: &String| word.parse::<u64>().map_err(io::Error::other);
    let seed = rest.first().map(number).transpose()?.unwrap_or(42);
    for (path, bytes) in corpus::files(number(size)? * 1_000_000, seed) {
        let path = Path::new(out).join(path);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, bytes)?;
    }
    // Beside the folder, so that who scans the folder does not find them there.
    fs::write(PathBuf::from(format!("{}.literals.txt", out.trim_end_matches('/'))), corpus::LITERALS)?;
    Ok(())
}
