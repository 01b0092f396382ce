//! A whole analysis of a bundle that is any bytes: its first bytes tell which archive it is, if any.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::pipeline::analyze;
use sitedx::report::{Format, Options, render};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

fuzz_target!(|bytes: &[u8]| {
    let opened = in_memory("fuzz", vec![("case.zip".to_owned(), bytes.to_vec())]);
    let report = analyze(&opened, &CATALOG, Hashes::Told, |_| {});
    for format in [Format::Text, Format::Json, Format::Html, Format::Markdown, Format::Csv, Format::Sarif, Format::Github] {
        let _ = render(&report, format, &Options::default());
    }
});
