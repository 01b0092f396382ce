//! The report as a page: what it holds, that it is small enough, and that it needs nothing but itself.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use sitedx::bundle::{self, Limits};
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::{CatalogReport, Tool};
use sitedx::model::run::{BundleCause, RunBundle, RunCause, RunReport};
use sitedx::pipeline;
use sitedx::report::{Format, Options, render, render_run};

const SAMPLE: &str = "samples/bundles/pending-child-bootstrap-failed";

fn run(arguments: &[&str]) -> String {
    let output = Command::cargo_bin("sitedx").unwrap().args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A page that fetches nothing, has no style or script but its own, and no text that is not escaped.
fn check_alone(page: &str) {
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{}", &page[..80]);
    assert!(
        page.contains("default-src &#39;none&#39;; style-src &#39;sha256-")
            && page.contains("script-src &#39;sha256-")
    );
    for word in ["unsafe-inline", "http://", "https://", " style=", " onclick=", "javascript:"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn the_page_of_a_case_is_its_golden_one() {
    let opened = bundle::open(&[Path::new(SAMPLE).join("in")], &Limits::default()).unwrap();
    let mut report = pipeline::analyze(&opened, &Catalog::built_in(), Hashes::Told, |_| {});
    // The packs and their hashes change with each signature.
    report.tool.catalog = CatalogReport::default();
    let found = render(&report, Format::Html, &Options::default());
    check_alone(&found);
    let path = Path::new(SAMPLE).join("report.html");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    let line = golden.lines().zip(found.lines()).position(|(a, b)| a != b);
    assert!(golden == found, "{} differs from line {line:?}; UPDATE_GOLDEN=1 writes it anew", path.display());
}

#[test]
fn the_page_of_a_case_answers_in_order() {
    let page = run(&["analyze", &format!("{SAMPLE}/in"), "--format", "html"]);
    let order = [
        "PROBLEM",
        "Do this first",
        "Make room on the drive",
        "id=\"findings\"",
        "What speaks for it",
        "SECLON05/D_drive/Sms_bootstrap.log:5",
        "112 = ERROR_DISK_FULL",
        "type=\"checkbox\"",
        "What it explains",
        "id=\"progress\"",
        "id=\"checklists\"",
        "id=\"timeline\"",
        "<svg",
        "id=\"moments\"",
        "id=\"collect\"",
        "id=\"servers\"",
        "id=\"coverage\"",
        "id=\"sources\"",
        "dd047c6122c3c7ad7102412284a47cafbcc66ad640d6c4ae3de3ed711387ebe7",
    ];
    let mut from = 0;
    for part in order {
        let at = page[from..].find(part).unwrap_or_else(|| panic!("no {part:?} behind byte {from}"));
        from += at;
    }
}

#[test]
fn every_sample_has_its_page() {
    let catalog = Catalog::built_in();
    for entry in fs::read_dir("samples/bundles").unwrap() {
        let path = entry.unwrap().path().join("in");
        let opened = bundle::open(&[&path], &Limits::default()).unwrap();
        let report = pipeline::analyze(&opened, &catalog, Hashes::Left, |_| {});
        let page = render(&report, Format::Html, &Options::default());
        check_alone(&page);
        for it in &report.diagnoses {
            let anchor = format!("id=\"finding-{}\"", it.id);
            assert_eq!(page.matches(&anchor).count(), 1, "{}: {anchor}", path.display());
        }
        for (at, _) in page.match_indices("href=\"#") {
            let name = page[at + 7..].split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{name}\"")), "{}: nothing is #{name}", path.display());
        }
    }
}

#[test]
fn the_page_of_a_run_has_causes_sites_and_bundles() {
    let second = "samples/bundles/clean-target/in";
    let page = run(&["analyze", "--each", &format!("{SAMPLE}/in"), second, "no/such", "--format", "html"]);
    check_alone(&page);
    for part in
        ["3 bundles", "could not be opened", "bootstrap-disk-full", "id=\"heat\"", "id=\"trend\"", second]
    {
        assert!(page.contains(part), "{part}");
    }
}

/// A run over many bundles with the spread of real ones: few causes are common, most bundles have none or one.
fn fleet(bundles: usize) -> RunReport {
    let causes = 120;
    let host = |number: usize| format!("SRV{:05}", number * 7919 % 20_000);
    let site = |number: usize| format!("S{:02X}", number * 31 % 256);
    let bundle = |number: usize| {
        let count = [1, 0, 2, 1, 0, 3][number % 6];
        let cause = |nth: usize| BundleCause {
            cause: (number * (nth + 3) % 997) * (number % 7) % causes,
            host: host(number + nth),
            site: Some(site(number)),
            verdict: "confirmed",
            confidence: 60 + u8::try_from(number % 40).unwrap(),
            fingerprint: format!("v1:{number:032x}"),
            first_seen: None,
            last_seen: None,
            explains: nth,
        };
        RunBundle {
            path: format!("archive/2026/cases/{:02}/case-{number:06}-{}.zip", number % 97, host(number)),
            status: "ok",
            error: None,
            verdict: Some(["problem", "clean", "problem", "problem", "suspect", "problem"][number % 6]),
            sites: vec![site(number)],
            hosts: vec![host(number)],
            last_seen: Some(format!(
                "20{:02}-{:02}-{:02}T08:40:12.591Z",
                22 + number % 4,
                1 + number % 12,
                1 + number % 28
            )),
            unread: 0,
            causes: (0..count).map(cause).collect(),
        }
    };
    let bundles: Vec<RunBundle> = (0..bundles).map(bundle).collect();
    let cause = |number: usize| RunCause {
        fingerprint: format!("v1:{number:032x}"),
        signature: format!("failure-number-{number}"),
        title: format!(
            "Failure number {number} on {{host}}: what went wrong is told in a line of this length"
        ),
        kb: vec![format!("Q{}", 100_000 + number)],
        kind: "root_cause",
        severity: ["critical", "high", "medium"][number % 3],
        bundles: bundles.iter().filter(|it| it.causes.iter().any(|its| its.cause == number)).count(),
        sites: (0..number % 20).map(site).collect(),
        first_seen: Some("2022-01-01T00:00:00Z".to_owned()),
        last_seen: Some("2025-12-28T08:40:12.591Z".to_owned()),
    };
    let mut report = RunReport {
        schema: "sitedx.run/1",
        tool: Some(Tool { name: "sitedx", version: "0.0.0", catalog: CatalogReport::default() }),
        causes: (0..causes).map(cause).collect(),
        ..RunReport::default()
    };
    bundles.iter().for_each(|it| *report.verdicts.entry(it.verdict.unwrap()).or_default() += 1);
    report.bundles = bundles;
    report
}

#[test]
fn fifty_thousand_bundles_are_one_page_of_less_than_five_megabytes() {
    let page = render_run(&fleet(50_000), Format::Html, 100);
    check_alone(&page);
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    assert!(page.contains("49,800 more bundles are in this file"));
    // The checks in a browser open it.
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("fifty-thousand.html"), page).unwrap();
}
