//! Each format of a rich report, of a hostile one, and of one in which nothing was found. `UPDATE_GOLDEN=1` writes them
//! anew; read the diff.

use std::fs;
use std::path::PathBuf;

use clap::ValueEnum as _;
use sitedx::bundle::{self, Limits, in_memory};
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::{CatalogReport, Report};
use sitedx::pipeline::analyze;
use sitedx::report::tickets::{self, Mapping};
use sitedx::report::{Format, Options, render};

/// The three reports, without what changes with each signature.
fn reports() -> Vec<(&'static str, Report)> {
    let catalog = Catalog::built_in();
    let folder = |path: &str| bundle::open(&[path], &Limits::default()).unwrap();
    let cases = [
        ("rich", folder("samples/scenarios/five-hundred-consequences/in")),
        ("hostile", folder("tests/browser/hostile")),
        ("empty", in_memory("empty", vec![("notes.txt".to_owned(), b"nothing to see\r\n".to_vec())])),
    ];
    let analyzed = cases.into_iter().map(|(name, opened)| {
        let mut report = analyze(&opened, &catalog, Hashes::Left, |_| {});
        report.tool.catalog = CatalogReport::default();
        (name, report)
    });
    analyzed.collect()
}

fn options() -> Options {
    let mapping = Mapping::read("map.toml", "[jira.set]\n\"fields.project.key\" = 'OPS'\n").unwrap();
    Options { tickets: tickets::Options { mapping, ..Default::default() }, ..Options::default() }
}

#[test]
fn every_format_of_every_report_is_its_golden_one() {
    let mut wrong = Vec::new();
    for (case, report) in reports() {
        for format in Format::value_variants() {
            let name = format.to_possible_value().unwrap().get_name().to_owned();
            let path = PathBuf::from(format!("samples/formats/{case}.{name}"));
            let found = render(&report, *format, &options());
            let found = anstream::adapter::strip_str(&found).to_string();
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                fs::create_dir_all("samples/formats").unwrap();
                fs::write(&path, &found).unwrap();
            }
            // What is compared are lines: a copy of the repository may have other ends of them.
            let golden = fs::read_to_string(&path).unwrap_or_default();
            let line = golden.lines().zip(found.lines()).position(|(one, other)| one != other);
            if line.is_some() || golden.lines().count() != found.lines().count() {
                wrong.push(format!("{} differs, first in line {line:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\nUPDATE_GOLDEN=1 cargo test formats writes them anew", wrong.join("\n"));
}

#[test]
fn nothing_of_a_hostile_log_is_obeyed_in_any_format() {
    let (_, report) = reports().remove(1);
    for format in Format::value_variants() {
        let found = render(&report, *format, &options());
        let found = anstream::adapter::strip_str(&found).to_string();
        let hidden = found.chars().find(|c| (c.is_control() && !"\n\r\t".contains(*c)) || *c == '\u{202e}');
        assert_eq!(hidden, None, "{format:?} lets {hidden:?} through");
        if matches!(format, Format::Html) {
            assert_eq!(found.matches("<script").count(), 1, "{format:?}");
        }
    }
}
