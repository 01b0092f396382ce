//! Parses all files below folders one after another with the parser of CMTrace Open, and prints what it made of them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use cmtraceopen_parser::parser::{decode_bytes, detect_encoding, parse_content};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut entries, mut timed, mut errors) = (0_u64, 0_u64, 0_u64);
    let mut folders: Vec<PathBuf> = env::args().skip(1).map(PathBuf::from).collect();
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                folders.push(entry?.path());
            }
            continue;
        }
        let bytes = fs::read(&path)?;
        let text = decode_bytes(&bytes, detect_encoding(&bytes))?;
        let (result, _) = parse_content(&text, &name(&path), bytes.len() as u64);
        entries += result.entries.len() as u64;
        timed += result.entries.iter().filter(|entry| entry.timestamp.is_some()).count() as u64;
        errors += u64::from(result.parse_errors);
    }
    println!("entries\t{entries}\nwith a time\t{timed}\nparse errors\t{errors}");
    Ok(())
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
