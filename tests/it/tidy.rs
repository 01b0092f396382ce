//! The rules of the house that a compiler does not check.

use std::fs;
use std::path::{Path, PathBuf};

const MOST_LINES: usize = 500;

/// Every Rust file below a folder, with its text.
fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

fn check(offences: Vec<String>) {
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

/// The modules of lib.rs in their order, which is the order of dependency.
fn modules() -> Vec<String> {
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    let names = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// The modules that a file names as `crate::x` or within `crate::{x, y::z}`.
fn used(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let ident = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    for (at, start) in text.match_indices("crate::") {
        let rest = &text[at + start.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push(ident(rest));
            continue;
        };
        let mut depth = 0;
        for (place, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                _ => {}
            }
            let starts = place == 0 || (depth == 0 && c == ',');
            if starts {
                names.push(ident(group[place..].trim_start_matches(',')));
            }
        }
    }
    names
}

#[test]
fn modules_use_only_those_listed_above_them() {
    let order = modules();
    let rank = |name: &str| order.iter().position(|known| known == name);
    let mut offences = Vec::new();
    for (path, text) in rust_files("src") {
        let first = path.strip_prefix("src").unwrap().iter().next().unwrap().to_str().unwrap();
        let Some(own) = rank(first.trim_end_matches(".rs")) else { continue };
        for name in used(&text) {
            if rank(&name).is_some_and(|used| own < used) {
                offences.push(format!("{}: uses `{name}`, listed below it in lib.rs", path.display()));
            }
        }
    }
    check(offences);
    assert_eq!(used("use crate::{a::{b, c}, d};\ncrate::e::f()"), ["a", "d", "e"]);
}

#[test]
fn files_are_short_and_introduce_themselves() {
    let mut offences = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for (path, text) in rust_files(folder) {
            let lines = text.lines().count();
            if MOST_LINES < lines {
                offences.push(format!("{}: {lines} lines, split it", path.display()));
            }
            if !text.starts_with("//! ") {
                offences.push(format!("{}: no caption on its first line", path.display()));
            }
        }
    }
    check(offences);
}

#[test]
fn knowledge_is_data() {
    // An article number in the program is in the wrong place; comments and tests may cite a source.
    let mut offences = Vec::new();
    for (path, text) in rust_files("src") {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap();
            let is_article = |at: usize| {
                let digits = line[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
                digits == 6 && !line[..at].ends_with(char::is_alphanumeric)
            };
            if line.match_indices('Q').any(|(at, _)| is_article(at)) {
                offences.push(format!("{}:{}: an article number", path.display(), number + 1));
            }
        }
    }
    check(offences);
}

#[test]
fn only_bundle_reads_the_disk() {
    let mut offences = Vec::new();
    for (path, text) in rust_files("src") {
        let code = text.split("#[cfg(test)]").next().unwrap();
        let outside = !path.starts_with("src/bundle");
        for word in ["std::fs", "fs::read", "File::open", "std::env", "SystemTime", "std::net"] {
            if outside && code.contains(word) {
                offences.push(format!("{}: {word} belongs to `bundle`, or nowhere", path.display()));
            }
        }
    }
    check(offences);
}

#[test]
fn every_parser_has_its_samples() {
    let mut offences = Vec::new();
    let readers = sitedx::parse::PARSERS
        .iter()
        .flat_map(|parser| parser.readers().into_iter().map(move |name| (parser, name)));
    for (parser, reader) in readers {
        let folder = Path::new("samples/state").join(reader);
        let samples = fs::read_dir(&folder).map(|entries| entries.count()).unwrap_or(0);
        if samples == 0 {
            offences.push(format!("{}: no samples of {reader}", folder.display()));
        }
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap();
            let head = sitedx::parse::Head::new(name, &bytes);
            if parser.recognise(&head).is_none() {
                offences.push(format!("{}: {} does not recognise it", path.display(), parser.name()));
            }
            let parsed = parser.parse(sitedx::model::SourceId(0), name, &bytes);
            if !parsed.readers.is_empty() && !parsed.readers.contains(&reader) {
                offences.push(format!("{}: read as {:?}", path.display(), parsed.readers));
            }
        }
    }
    check(offences);
}
