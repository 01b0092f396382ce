//! What must not change the findings: the order of files, names of folders, how a case is packed, servers that have
//! nothing to do with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sitedx::bundle::{self, Limits, Opened, in_memory};
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::pipeline::analyze;

type Files = Vec<(String, Vec<u8>)>;

/// The files of a sample bundle by their paths in it.
fn files_of(bundle: &Path) -> Files {
    let mut found = Files::new();
    let mut open = vec![bundle.to_owned()];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(bundle).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn bundles() -> Vec<PathBuf> {
    let of = |root: &str| fs::read_dir(root).unwrap().map(|it| it.unwrap().path().join("in"));
    let mut all: Vec<PathBuf> = of("samples/bundles").chain(of("samples/scenarios")).collect();
    // Stories of two captures have none.
    all.retain(|path| path.is_dir());
    all.sort();
    all
}

/// What is found on some servers, and how far sites got: nothing of it may depend on how the files came.
fn found(opened: &Opened, catalog: &Catalog, servers: Option<&BTreeSet<String>>) -> BTreeSet<String> {
    let report = analyze(opened, catalog, Hashes::Left, |_| {});
    let is_asked = |host: &str| servers.is_none_or(|servers| servers.contains(host));
    let diagnoses = report.diagnoses.iter().filter(|it| is_asked(&it.host)).map(|it| {
        let cause = it.explained_by.map(|id| report.diagnoses[id - 1].signature.as_str());
        format!("{} on {}: {} {}% {:?}", it.title, it.host, it.verdict, it.confidence, cause)
    });
    let lifecycles = report.lifecycles.iter().filter(|it| it.host.as_deref().is_none_or(is_asked));
    let lifecycles =
        lifecycles.map(|it| format!("{} {:?} {} {:?}", it.lifecycle, it.site, it.state, it.stopped));
    diagnoses.chain(lifecycles).collect()
}

fn servers(opened: &Opened, catalog: &Catalog) -> BTreeSet<String> {
    analyze(opened, catalog, Hashes::Left, |_| {}).hosts.into_iter().map(|host| host.name).collect()
}

#[test]
fn the_order_of_files_changes_nothing() {
    let catalog = Catalog::built_in();
    for bundle in bundles() {
        let files = files_of(&bundle);
        let expected = found(&in_memory("case", files.clone()), &catalog, None);
        let mut runner = TestRunner::new(Config { cases: 4, failure_persistence: None, ..Config::default() });
        let check = |files: Files| {
            prop_assert_eq!(&found(&in_memory("case", files), &catalog, None), &expected, "{:?}", bundle);
            Ok(())
        };
        runner.run(&Just(files).prop_shuffle(), check).unwrap();
    }
}

#[test]
fn names_of_folders_change_nothing_where_captures_name_their_servers() {
    let catalog = Catalog::built_in();
    let mut compared = 0;
    for bundle in bundles() {
        let files = files_of(&bundle);
        let opened = in_memory("case", files.clone());
        let report = analyze(&opened, &catalog, Hashes::Left, |_| {});
        let by_folder = |named_by: &str| named_by.contains("bundle") || named_by.contains("folder");
        if report.hosts.iter().any(|host| by_folder(&host.named_by)) {
            continue;
        }
        let mut folders: Vec<&str> =
            files.iter().filter_map(|(path, _)| Some(path.split_once('/')?.0)).collect();
        folders.dedup();
        // Folders that a person might choose, and that say nothing.
        let renamed = files.iter().map(|(path, bytes)| {
            let renamed = path.split_once('/').map(|(folder, rest)| {
                let number = folders.iter().position(|it| *it == folder).unwrap();
                format!("part {number}/{rest}")
            });
            (renamed.unwrap_or_else(|| path.clone()), bytes.clone())
        });
        let expected = found(&opened, &catalog, None);
        assert_eq!(found(&in_memory("case", renamed.collect()), &catalog, None), expected, "{bundle:?}");
        compared += 1;
    }
    assert!(compared > 2, "{compared} bundles name all their servers");
}

#[test]
fn servers_may_come_in_one_bundle_or_each_in_its_own() {
    let catalog = Catalog::built_in();
    for bundle in bundles() {
        let entries = || fs::read_dir(&bundle).unwrap().map(|entry| entry.unwrap().path());
        if entries().any(|path| path.is_file()) {
            continue;
        }
        let whole = bundle::open(&[&bundle], &Limits::default()).unwrap();
        let mut parts: Vec<PathBuf> = entries().collect();
        parts.sort();
        let split = bundle::open(&parts, &Limits::default()).unwrap();
        assert_eq!(found(&split, &catalog, None), found(&whole, &catalog, None), "{bundle:?}");
        parts.reverse();
        let turned = bundle::open(&parts, &Limits::default()).unwrap();
        assert_eq!(found(&turned, &catalog, None), found(&whole, &catalog, None), "{bundle:?} turned");
    }
}

#[test]
fn servers_that_have_nothing_to_do_with_it_change_nothing() {
    let catalog = Catalog::built_in();
    let strangers = files_of(Path::new("samples/bundles/healthy-site/in"));
    for bundle in bundles().into_iter().filter(|bundle| !bundle.ends_with("healthy-site/in")) {
        let files = files_of(&bundle);
        let alone = in_memory("case", files.clone());
        let own = servers(&alone, &catalog);
        let expected = found(&alone, &catalog, Some(&own));
        let more: Files = files.into_iter().chain(strangers.clone()).collect();
        let with_more = found(&in_memory("case", more), &catalog, Some(&own));
        let lost: Vec<&String> = expected.difference(&with_more).collect();
        assert!(lost.is_empty(), "{bundle:?}: {lost:#?}\n{with_more:#?}");
    }
}

#[test]
fn a_log_and_its_older_copy_are_read_as_one() {
    let catalog = Catalog::built_in();
    let mut cut = 0;
    for bundle in bundles() {
        let files = files_of(&bundle);
        let expected = found(&in_memory("case", files.clone()), &catalog, None);
        for part in 1..4 {
            let mut parts = Files::new();
            for (path, bytes) in &files {
                let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let framed = lines.iter().all(|line| line.windows(3).any(|it| it == b"$$<"));
                let stem = path.strip_suffix(".log").filter(|_| framed && lines.len() > 1);
                let Some(stem) = stem else {
                    parts.push((path.clone(), bytes.clone()));
                    continue;
                };
                let at = (lines.len() * part / 4).clamp(1, lines.len() - 1);
                parts.push((format!("{stem}.lo_"), lines[..at].concat()));
                parts.push((path.clone(), lines[at..].concat()));
                cut += 1;
            }
            assert_eq!(
                found(&in_memory("case", parts), &catalog, None),
                expected,
                "{bundle:?} cut at {part}/4"
            );
        }
    }
    assert!(cut > 50, "{cut} logs were cut");
}
