//! Every sample bundle against its golden report. `UPDATE_GOLDEN=1` writes them anew; read the diff.

use std::fs;
use std::path::{Path, PathBuf};

use sitedx::bundle::{self, Limits};
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::{CatalogReport, Report};
use sitedx::pipeline;
use sitedx::report::{Format, Options, render};

fn folders(root: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

fn analyze(path: &Path, catalog: &Catalog) -> Report {
    let opened = bundle::open(&[path], &Limits::default()).unwrap();
    pipeline::analyze(&opened, catalog, Hashes::Told, |_| {})
}

fn check(path: &Path, found: &str) -> Option<String> {
    let expected = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if expected == found {
        return None;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, found).unwrap();
        return None;
    }
    let place = expected.lines().zip(found.lines()).position(|(a, b)| a != b);
    let line = place.unwrap_or(expected.lines().count().min(found.lines().count()));
    let show = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_owned();
    Some(format!("{}:{}\n  golden: {}\n  now:    {}", path.display(), line + 1, show(&expected), show(found)))
}

#[test]
fn every_bundle_gives_its_golden_report() {
    let catalog = Catalog::built_in();
    let cases = folders("samples/bundles");
    assert!(cases.len() >= 10, "samples/bundles has lost its cases");
    let mut wrong = Vec::new();
    for case in cases {
        assert!(case.join("ABOUT.md").is_file(), "{}: no ABOUT.md", case.display());
        let mut report = analyze(&case.join("in"), &catalog);
        // The packs and their hashes change with each signature.
        report.tool.catalog = CatalogReport::default();
        let text =
            anstream::adapter::strip_str(&render(&report, Format::Text, &Options::default())).to_string();
        wrong.extend(check(&case.join("report.txt"), &text));
    }
    assert!(wrong.is_empty(), "\n{}\nUPDATE_GOLDEN=1 cargo test writes them anew", wrong.join("\n"));
}

#[test]
fn a_report_is_the_same_each_time_and_in_json() {
    let catalog = Catalog::built_in();
    let path = Path::new("samples/bundles/pending-child-bootstrap-failed/in");
    let json = || {
        let mut report = analyze(path, &catalog);
        assert_eq!(report.tool.catalog.sha256.len(), 64);
        // What the catalog holds changes with each signature; the sample is about the rest.
        report.tool.catalog = CatalogReport::default();
        render(&report, Format::Json, &Options::default())
    };
    let first = json();
    assert_eq!(first, json());
    let wrong = check(Path::new("samples/bundles/pending-child-bootstrap-failed/report.json"), &first);
    assert!(wrong.is_none(), "\n{}", wrong.unwrap_or_default());
}

#[test]
fn every_piece_of_evidence_can_be_opened() {
    let catalog = Catalog::built_in();
    for case in folders("samples/bundles") {
        let root = case.join("in");
        let report = analyze(&root, &catalog);
        let checklists =
            report.checklists.iter().flat_map(|list| &list.items).flat_map(|item| &item.evidence);
        let diagnoses = report.diagnoses.iter().flat_map(|it| it.evidence.iter().chain(&it.against));
        let unexplained = report.unexplained.iter().map(|group| &group.example);
        for place in diagnoses.chain(checklists).chain(unexplained).filter(|place| !place.source.is_empty()) {
            let bytes = fs::read(root.join(&place.source)).unwrap();
            let start = usize::try_from(place.offset).unwrap();
            let shown = bytes.get(start..start + place.length as usize);
            let shown = shown.unwrap_or_else(|| panic!("{}: {place:?}", case.display()));
            if place.kind == "log" && place.length != 0 {
                let shown = String::from_utf8_lossy(shown);
                let word = place.text.split([' ', '\\']).find(|word| word.len() > 3).unwrap();
                assert!(shown.contains(word), "{}: {place:?} shows {shown:?}", case.display());
            }
            assert_eq!(place.sha256.len(), 64, "{place:?}");
        }
    }
}

#[test]
fn eighty_columns_are_enough() {
    let catalog = Catalog::built_in();
    for width in [80, 100] {
        for case in folders("samples/bundles") {
            let report = analyze(&case.join("in"), &catalog);
            let text = anstream::adapter::strip_str(&render(
                &report,
                Format::Text,
                &Options { width, ..Options::default() },
            ))
            .to_string();
            // A path that is wider than the page stays whole, so that it can be copied.
            let wide = |line: &&str| line.chars().count() > width && line.trim_start().contains(' ');
            let wide: Vec<&str> = text.lines().filter(wide).collect();
            assert!(wide.is_empty(), "{} at {width}:\n{}", case.display(), wide.join("\n"));
        }
    }
}
