//! The shapes that other programs rely on: what is written fits the schema that is shipped, and that an older report fits it
//! too, so that nothing was changed or removed.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use jsonschema::Validator;
use serde_json::Value;

fn sitedx(arguments: &[&str]) -> String {
    let output = Command::cargo_bin("sitedx").unwrap().args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

const DOCUMENTS: &[&str] = &["report", "bundle", "run", "timeline", "verify", "diff", "why", "ticket"];

fn shipped(document: &str) -> PathBuf {
    PathBuf::from(format!("docs/{document}.schema.json"))
}

#[test]
fn the_schemas_that_are_shipped_are_those_of_the_types() {
    for document in DOCUMENTS {
        let (path, now) = (shipped(document), sitedx(&["schema", document]));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &now).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(kept == now, "{} is not current; UPDATE_DOCS=1 cargo test schemas writes it", path.display());
    }
}

fn validator(document: &str) -> Validator {
    let schema: Value = serde_json::from_str(&fs::read_to_string(shipped(document)).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn check(validator: &Validator, text: &str, what: &str) {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{what}: {error}"));
    let wrong: Vec<String> =
        validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
}

fn cases() -> Vec<String> {
    let of = |root: &str| fs::read_dir(root).unwrap().map(|it| it.unwrap().path().join("in"));
    let mut all: Vec<PathBuf> = of("samples/bundles").chain(of("samples/scenarios")).collect();
    all.retain(|path| path.is_dir());
    all.sort();
    all.into_iter().map(|path| path.to_string_lossy().into_owned()).collect()
}

#[test]
fn every_report_of_a_sample_fits_the_schema() {
    let (cases, mut arguments) = (cases(), vec!["analyze", "--format", "ndjson"]);
    arguments.extend(cases.iter().map(String::as_str));
    arguments.push("no-such-bundle.zip");
    let out = sitedx(&arguments);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), cases.len() + 2);
    let (bundle, report, run) = (validator("bundle"), validator("report"), validator("run"));
    for line in &lines[..lines.len() - 1] {
        check(&bundle, line, "a line");
        let value: Value = serde_json::from_str(line).unwrap();
        if !value["report"].is_null() {
            check(&report, &value["report"].to_string(), value["path"].as_str().unwrap());
        }
    }
    check(&run, lines[lines.len() - 1], "the last line");
}

#[test]
fn what_other_commands_write_fits_too() {
    let (before, after) = ("samples/scenarios/half-fixed/before", "samples/scenarios/half-fixed/after");
    for (document, arguments) in [
        ("timeline", vec!["timeline", before]),
        ("verify", vec!["verify", before, after]),
        ("diff", vec!["diff", before, after]),
        ("why", vec!["why", "bootstrap-disk-full", before]),
    ] {
        let out = sitedx(&[arguments, vec!["--format", "json"]].concat());
        check(&validator(document), &out, document);
    }
}

#[test]
fn reports_of_earlier_versions_still_fit() {
    let mut found = 0;
    for entry in fs::read_dir("tests/it/reports").unwrap().map(Result::unwrap) {
        check(
            &validator("report"),
            &fs::read_to_string(entry.path()).unwrap(),
            &entry.path().display().to_string(),
        );
        found += 1;
    }
    assert!(found > 0, "the reports of earlier versions are gone");
}
