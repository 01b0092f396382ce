//! The report in each of its formats. Knows the model only.

mod codes;
mod diff;
mod html;
mod json;
mod knowledge;
mod lifecycle;
mod run;
pub mod page;
mod servers;
mod table;
mod text;
mod timeline;
mod verdict;
mod verify;
mod why;

use serde::Serialize;

use crate::model::diff::DiffReport;
use crate::model::report::Report;
use crate::model::run::{BundleLine, RunReport};
use crate::model::verify::VerifyReport;
use crate::model::why::WhyReport;

pub use timeline::{TimelineFormat, render as render_timeline};

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For the engineer who must act.
    Text,
    /// For other programs.
    Json,
    /// For pipelines: each path is a case of its own, on a line of its own, and the last line is about all of them.
    Ndjson,
    /// For a browser: one file that needs no network.
    Html,
}

impl Format {
    /// Whether the format shows hashes of files.
    pub fn shows_hashes(self) -> bool {
        !matches!(self, Self::Text)
    }
}

/// The formats of what is no report of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Plain {
    /// For people.
    Text,
    /// For other programs.
    Json,
}

/// A report as text, by its own rendering, or as JSON.
fn plain<R: Serialize>(report: &R, format: Plain, width: usize, text: fn(&R, usize) -> String) -> String {
    match format {
        Plain::Text => text(report, width),
        Plain::Json => json::render(report),
    }
}

/// Renders a report. `width` is the number of columns of text; colours are ANSI escape sequences.
pub fn render(report: &Report, format: Format, width: usize) -> String {
    match format {
        Format::Text => text::render(report, width),
        Format::Json => json::render(report),
        Format::Ndjson => json::line(report),
        Format::Html => html::case(report),
    }
}

/// Renders one bundle of a run as a line of JSON.
pub fn render_line(line: &BundleLine<'_>) -> String {
    json::line(line)
}

/// Renders what came of a run over many bundles.
pub fn render_run(report: &RunReport, format: Format, width: usize) -> String {
    match format {
        Format::Text => run::render(report, width),
        Format::Json => json::render(report),
        Format::Ndjson => json::line(report),
        Format::Html => html::run(report),
    }
}

/// Renders why a signature did or did not fire.
pub fn render_why(report: &WhyReport, format: Plain, width: usize) -> String {
    plain(report, format, width, why::render)
}

/// Renders what became of the findings of a first capture.
pub fn render_verify(report: &VerifyReport, format: Plain, width: usize) -> String {
    plain(report, format, width, verify::render)
}

/// Renders what changed on servers between two captures.
pub fn render_diff(report: &DiffReport, format: Plain, width: usize) -> String {
    plain(report, format, width, diff::render)
}
