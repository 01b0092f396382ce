//! The report in each of its formats. Knows the model only.

mod codes;
mod diff;
mod json;
mod knowledge;
mod lifecycle;
pub mod page;
mod servers;
mod table;
mod text;
mod timeline;
mod verify;
mod why;

use serde::Serialize;

use crate::model::diff::DiffReport;
use crate::model::report::Report;
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
}

impl Format {
    /// Whether the format shows hashes of files.
    pub fn shows_hashes(self) -> bool {
        self == Self::Json
    }
}

/// A report as text, by its own rendering, or as JSON.
fn rendered<R: Serialize>(report: &R, format: Format, width: usize, text: fn(&R, usize) -> String) -> String {
    match format {
        Format::Text => text(report, width),
        Format::Json => json::render(report),
    }
}

/// Renders a report. `width` is the number of columns of text; colours are ANSI escape sequences.
pub fn render(report: &Report, format: Format, width: usize) -> String {
    rendered(report, format, width, text::render)
}

/// Renders why a signature did or did not fire.
pub fn render_why(report: &WhyReport, format: Format, width: usize) -> String {
    rendered(report, format, width, why::render)
}

/// Renders what became of the findings of a first capture.
pub fn render_verify(report: &VerifyReport, format: Format, width: usize) -> String {
    rendered(report, format, width, verify::render)
}

/// Renders what changed on servers between two captures.
pub fn render_diff(report: &DiffReport, format: Format, width: usize) -> String {
    rendered(report, format, width, diff::render)
}
