//! What is generated or told in docs/ is what the program does. `UPDATE_DOCS=1` writes the pages anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use sitedx::catalog::Catalog;
use sitedx::handbook::{Library, pages};

const HANDBOOK: &str = "docs/signatures";

/// Every Markdown file below a folder, by its path below it.
fn written(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|ending| ending != "md") {
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(name, fs::read_to_string(&path).unwrap().replace("\r\n", "\n"));
        }
    }
    found
}

#[test]
fn the_handbook_is_current() {
    let catalog = Catalog::built_in();
    let library = Library { signatures: &catalog.signatures, logs: &catalog.logs };
    let wanted: BTreeMap<String, String> = pages(library).into_iter().collect();
    let folder = Path::new(HANDBOOK);
    let known = written(folder);
    let all = wanted.keys().chain(known.keys());
    let mut stale: Vec<&String> = all.filter(|name| wanted.get(*name) != known.get(*name)).collect();
    stale.sort();
    stale.dedup();
    if std::env::var_os("UPDATE_DOCS").is_none() {
        assert!(
            stale.is_empty(),
            "{HANDBOOK} is not current: {stale:?}; UPDATE_DOCS=1 cargo test docs writes it"
        );
        return;
    }
    for name in stale {
        let path = folder.join(name);
        match wanted.get(name) {
            Some(text) => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            None => fs::remove_file(path).unwrap(),
        }
    }
}

#[test]
fn links_of_the_handbook_lead_somewhere() {
    for (name, text) in written(Path::new("docs")) {
        let folder = Path::new("docs").join(&name).parent().unwrap().to_owned();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().unwrap().split('#').next().unwrap();
            let outside = target.is_empty() || target.starts_with("http");
            assert!(outside || folder.join(target).exists(), "docs/{name}: {target}");
        }
    }
}

/// The fenced blocks of a guide in their order: what stands behind the fence, and the text.
fn blocks(guide: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in guide.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(info), None) => open = Some((info.to_owned(), String::new())),
            (None, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

/// Runs the guide from its first block to its last, as a reader would, in a folder of its own.
///
/// A block named by a file is written; a `sh` block is run line by line; an `output` block is what the command
/// before it must print, where `...` stands for any lines.
#[test]
fn the_guide_does_what_it_says() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let guide = fs::read_to_string("docs/writing-a-signature.md").unwrap();
    let (mut printed, mut commands, mut files) = (String::new(), 0, 0);
    for (info, text) in blocks(&guide) {
        match info.split_once(' ').unwrap_or((info.as_str(), "")) {
            ("sh", _) => {
                printed.clear();
                for line in text.lines().filter(|line| !line.starts_with('#')) {
                    printed.push_str(&run(line, &folder));
                    commands += 1;
                }
            }
            ("output", _) => assert!(is_like(&printed, &text), "expected\n{text}\nand it was\n{printed}"),
            (_, name) if !name.is_empty() => {
                let path = folder.join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
                files += 1;
            }
            _ => {}
        }
    }
    assert!(5 < commands && 1 < files, "the guide has lost its commands or files");
}

/// Runs `sitedx … [< file]`; the guide says so where a command must fail.
fn run(line: &str, folder: &Path) -> String {
    let (line, comment) = line.split_once('#').unwrap_or((line, ""));
    let (command, input) = line.split_once('<').unwrap_or((line, ""));
    let words: Vec<&str> = command.split_whitespace().collect();
    assert_eq!(words.first(), Some(&"sitedx"), "{line}");
    let mut program = Command::cargo_bin("sitedx").unwrap();
    program.args(&words[1..]).current_dir(folder);
    if !input.trim().is_empty() {
        program.write_stdin(fs::read(folder.join(input.trim())).unwrap());
    }
    let output = program.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
    let printed = format!("{}{}", text(&output.stdout), text(&output.stderr));
    let expected = if comment.contains("exit status 2") { 2 } else { 0 };
    assert_eq!(output.status.code(), Some(expected), "{line}\n{printed}");
    printed
}

/// Whether a text has the wanted lines in their order; `...` stands for any number of lines.
fn is_like(text: &str, wanted: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end);
    let mut skip = false;
    for wanted in wanted.lines().map(str::trim_end) {
        if wanted == "..." {
            skip = true;
            continue;
        }
        let found = if skip { lines.any(|line| line == wanted) } else { lines.next() == Some(wanted) };
        if !found {
            return false;
        }
        skip = false;
    }
    skip || lines.next().is_none()
}

#[test]
fn the_reference_names_every_field_of_the_language() {
    let guide = fs::read_to_string("docs/writing-a-signature.md").unwrap();
    let reference = guide.split("\n## The language").nth(1).unwrap();
    let code = reference.split('`').skip(1).step_by(2);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let named: Vec<&str> = code.flat_map(|code| code.split(|c| !is_word(c))).collect();
    let mut missing = Vec::new();
    for path in ["src/signature/read.rs", "src/signature/question/read.rs", "src/signature/case.rs"] {
        let source = fs::read_to_string(PathBuf::from(path)).unwrap();
        // Fields are read by their names: `table.text("kb")`, `need_text("id")`, `texts("line")`.
        for (at, _) in source.match_indices("(\"") {
            let before = &source[..at];
            let reads = ["text", "texts", "need", "table", "tables", "flag", "integer", "need_text", "has"];
            let is_read = reads.iter().any(|name| before.ends_with(&format!(".{name}")));
            let field = source[at + 2..].split('"').next().unwrap();
            if is_read && !named.contains(&field) && !missing.contains(&field.to_owned()) {
                missing.push(field.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "the guide does not name {missing:?}");
}
