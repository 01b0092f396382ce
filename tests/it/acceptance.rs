//! Files that other people made, with what others say of them, from the folder that `SITEDX_ACCEPTANCE` names.
//!
//! Their licences keep them out of the repository. Each set is looked for by its folder, so that the tests hold
//! for files that nobody here has seen. What is known to differ stands in `acceptance/known_gaps.toml`, with the reason.

#![allow(clippy::print_stdout, reason = "what was tested, and what is absent, is told")]

mod archives;
mod commands;
mod events;
mod hives;
mod listings;
mod logs;
mod registry_text;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sitedx::model::SourceId;
use sitedx::parse::{Head, PARSERS, Parsed};

/// The folder of a set; `None`, with a printed line, where it is not there.
fn set(name: &str) -> Option<PathBuf> {
    let root =
        std::env::var_os("SITEDX_ACCEPTANCE").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let folder = root.join(name);
    if !folder.is_dir() {
        println!("acceptance set absent: {}", folder.display());
        return None;
    }
    Some(folder)
}

/// The files of a set whose names satisfy `wanted`, in the order of their names.
fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && wanted(name(path)))
        .collect();
    found.sort();
    found
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn json(path: &Path) -> serde_json::Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads a state capture with the parser that is surest of it, as `analyze` would.
fn parse(name: &str, bytes: &[u8]) -> Option<(&'static str, Parsed)> {
    let head = Head::new(name, bytes);
    let claims = PARSERS.iter().filter_map(|parser| Some((parser, parser.recognise(&head)?)));
    let (parser, _) = claims.max_by_key(|(_, claim)| claim.score)?;
    Some((parser.name(), parser.parse(SourceId(0), name, bytes)))
}

/// What a run over a set found wrong.
struct Verdicts {
    set: &'static str,
    cases: usize,
    failures: Vec<(String, String)>,
}

impl Verdicts {
    fn new(set: &'static str) -> Self {
        Self { set, cases: 0, failures: Vec::new() }
    }

    /// Counts a case; it fails with what is wrong, if anything.
    fn case(&mut self, case: &str, wrong: Option<String>) {
        self.cases += 1;
        self.failures.extend(wrong.map(|wrong| (case.to_owned(), wrong)));
    }

    /// Fails on whatever is wrong and not explained.
    fn finish(self) {
        let explained = gaps(self.set);
        let unexplained: Vec<String> = self
            .failures
            .iter()
            .filter(|(case, _)| !explained.contains(case))
            .map(|(case, wrong)| format!("{case}: {wrong}"))
            .collect();
        let failed: BTreeSet<&String> = self.failures.iter().map(|(case, _)| case).collect();
        let known = failed.iter().filter(|case| explained.contains(**case)).count();
        println!("{}: {} cases, {known} known gaps, {} failures", self.set, self.cases, unexplained.len());
        assert!(self.cases > 0, "{}: the folder is there and holds no case", self.set);
        assert!(unexplained.is_empty(), "{}:\n{}", self.set, unexplained.join("\n"));
    }
}

/// The cases of a set whose difference is explained.
fn gaps(set: &str) -> BTreeSet<String> {
    let table: toml::Table = include_str!("acceptance/known_gaps.toml").parse().unwrap();
    let text = |gap: &toml::Value, key: &str| {
        let value = gap.get(key).and_then(|value| value.as_str()).unwrap_or_default();
        assert!(!value.is_empty(), "known_gaps.toml: a gap without `{key}`");
        value.to_owned()
    };
    let all = table.get("gap").and_then(|gaps| gaps.as_array()).into_iter().flatten();
    let gaps = all.map(|gap| (text(gap, "set"), text(gap, "case"), text(gap, "reason")));
    gaps.filter(|gap| gap.0 == set).map(|gap| gap.1).collect()
}
