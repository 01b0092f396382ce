//! The command for authors of signatures and their packs: exit statuses, files, and what reports say of packs.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// Runs the command with a standard input: exit status, standard output, standard error.
fn run(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut program = Command::cargo_bin("sitedx").unwrap();
    let output = program.args(arguments).write_stdin(input).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

const LINE: &str = "Cannot open the widget, error code = 5";

#[test]
fn a_draft_never_takes_the_place_of_a_file() {
    let pack = folder("draft-pack");
    let pack = pack.to_str().unwrap();
    let (status, out, error) = run(&["signature", "new", "--phase", "setup", "-o", pack], LINE);
    assert_eq!((status, error.as_str()), (0, ""));
    let path = Path::new(out.trim());
    assert!(path.ends_with("setup/cannot-open-the-widget-error-code.toml") || path.is_file(), "{out}");
    let (status, _, error) = run(&["signature", "new", "--phase", "setup", "-o", pack], LINE);
    assert!(status == 2 && error.contains("cannot write"), "{error}");
    let (status, _, error) = run(&["signature", "new", "--id", "Widget 1"], LINE);
    assert!(status == 2 && error.contains("is no id"), "{error}");
    let (status, _, error) = run(&["signature", "new"], "");
    assert!(status == 2 && error.contains("no log line"), "{error}");
}

#[test]
fn remarks_are_told_to_people_and_programs() {
    let pack = folder("lint-pack");
    let pack = pack.to_str().unwrap();
    run(&["signature", "new", "--id", "widget", "-o", pack], LINE);
    let (status, out, _) = run(&["signature", "lint", pack], "");
    assert!(status == 2 && out.contains("warning[todo]"), "{out}");
    let (status, out, _) = run(&["signature", "lint", pack, "--format", "json"], "");
    let remarks: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, 2);
    assert_eq!((remarks[0]["rule"].as_str(), remarks[0]["line"].as_u64()), (Some("todo"), Some(2)));
    let (status, out, _) = run(&["signature", "test", "--mutate", pack], "");
    assert!(status == 0 && out.contains(" 0 that no case notices"), "{out}");
}

#[test]
fn reports_name_packs_with_their_hashes_and_what_they_override() {
    let pack = folder("override-pack");
    fs::copy(
        "signatures/upgrade/netmon-parser-path-missing.toml",
        pack.join("netmon-parser-path-missing.toml"),
    )
    .unwrap();
    let (pack, sample) = (pack.to_str().unwrap(), "samples/bundles/netmon-parser-path/in");
    let (status, out, _) = run(&["analyze", sample, "--signatures", pack, "--format", "json"], "");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, 0);
    let packs = report["tool"]["catalog"]["packs_used"].as_array().unwrap();
    assert_eq!(packs[0]["path"], "built-in");
    assert_eq!(packs[1]["path"], pack);
    assert_eq!(packs[1]["overrides"][0], "netmon-parser-path-missing");
    assert!(packs.iter().all(|pack| pack["sha256"].as_str().unwrap().len() == 64));
    let (_, out, _) = run(&["analyze", sample, "--signatures", pack], "");
    let footer = out.split("Knowledge").nth(1).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        footer.contains("signatures of built-in") && footer.contains("in the place of netmon-parser"),
        "{footer}"
    );
    let (_, out, _) = run(&["analyze", sample], "");
    assert!(out.contains("grammars of built-in"), "{out}");
}

#[test]
fn a_user_file_with_something_behind_its_cases_is_told_in_an_analysis_too() {
    let pack = folder("behind-pack");
    let text = fs::read_to_string("signatures/upgrade/netmon-parser-path-missing.toml").unwrap();
    let text = text.replace("netmon-parser-path-missing", "mine")
        + "\n[[ask]]\nunknown = 'folder_absent'\ntext = 'x'\n";
    fs::write(pack.join("mine.toml"), text).unwrap();
    let sample = "samples/bundles/netmon-parser-path/in";
    let (status, _, error) = run(&["analyze", sample, "--signatures", pack.to_str().unwrap()], "");
    assert!(status == 2 && error.contains("`ask` stands behind a [[case]]"), "{error}");
}

#[test]
fn a_page_about_a_signature_tells_all_that_is_in_it() {
    let (status, out, _) = run(&["signature", "show", "netmon-parser-path-missing"], "");
    assert_eq!(status, 0);
    for part in [
        "Articles",
        "How it is recognised",
        "the bootstrap log",
        "What rules it out",
        "risk: medium",
        "near miss",
    ] {
        assert!(out.contains(part), "{part} in {out}");
    }
}
