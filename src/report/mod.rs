//! The report in each of its formats. Knows the model only.

mod codes;
mod csv;
mod diff;
mod html;
mod json;
mod knowledge;
mod lifecycle;
mod links;
mod markdown;
mod run;
mod sarif;
mod schema;
pub mod page;
mod place;
mod servers;
mod table;
mod template;
mod text;
pub mod tickets;
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
use tickets::System;

pub use links::linked;
pub use schema::{Document, schema};
pub use template::render as render_template;
pub use timeline::{TimelineFormat, render as render_timeline};

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For the engineer who must act.
    Text,
    /// For other programs; `sitedx schema` tells their shape.
    Json,
    /// For pipelines: each path is a case of its own, on a line of its own, and the last line is about all of them.
    Ndjson,
    /// For a browser: one file that needs no network.
    Html,
    /// For a mail or a ticket.
    Markdown,
    /// One row for each finding, for a spreadsheet.
    Csv,
    /// SARIF 2.1.0, for collectors of results.
    Sarif,
    /// Incidents of ServiceNow: an envelope for each ticket, one on each line, with what to look for, post and add.
    Servicenow,
    /// Events of ServiceNow, likewise.
    ServicenowEvent,
    /// Issues of Jira Cloud, likewise.
    Jira,
    /// Issues of Jira Data Center, likewise.
    JiraDc,
    /// Tickets of Zendesk, likewise.
    Zendesk,
    /// Issues of GitHub, likewise.
    Github,
}

impl Format {
    /// The ticketing system of the format, if it is one of tickets.
    pub fn system(self) -> Option<System> {
        match self {
            Self::Servicenow => Some(System::Servicenow),
            Self::ServicenowEvent => Some(System::ServicenowEvent),
            Self::Jira => Some(System::Jira),
            Self::JiraDc => Some(System::JiraDc),
            Self::Zendesk => Some(System::Zendesk),
            Self::Github => Some(System::Github),
            _ => None,
        }
    }

    /// Whether the format shows hashes of files.
    pub fn shows_hashes(self) -> bool {
        matches!(self, Self::Json | Self::Ndjson | Self::Html | Self::Sarif)
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

/// How a report is rendered, beside its format.
#[derive(Clone, Debug)]
pub struct Options {
    /// The number of columns of text.
    pub width: usize,
    pub tickets: tickets::Options,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 100, tickets: tickets::Options::default() }
    }
}

/// Renders a report; colours of text are ANSI escape sequences.
pub fn render(report: &Report, format: Format, options: &Options) -> String {
    let (path, width) = (path_of(report), options.width);
    if let Some(system) = format.system() {
        return tickets::render(&path, report, system, &options.tickets);
    }
    match format {
        Format::Json => json::render(report),
        Format::Ndjson => json::line(report),
        Format::Html => html::case(report),
        Format::Markdown => markdown::render(report),
        Format::Csv => format!("{}{}", csv::header(), csv::findings(&path, report)),
        Format::Sarif => sarif::render(&[(&path, report)]),
        // What is left is no system of tickets.
        _ => text::render(report, width),
    }
}

/// What was analyzed, as it was asked for.
fn path_of(report: &Report) -> String {
    report.bundles.iter().map(|bundle| bundle.path.as_str()).collect::<Vec<_>>().join(" ")
}

/// What the output of a run begins with.
pub fn render_run_start(format: Format) -> String {
    if format == Format::Csv { csv::header() } else { String::new() }
}

/// What a run tells of one bundle as soon as it is read.
pub fn render_run_part(line: &BundleLine<'_>, format: Format, options: &Options) -> String {
    if let (Some(system), Some(report)) = (format.system(), line.report) {
        return tickets::render(line.path, report, system, &options.tickets);
    }
    match (format, line.report) {
        (Format::Ndjson, _) => json::line(line),
        (Format::Csv, Some(report)) => csv::findings(line.path, report),
        _ => String::new(),
    }
}

/// Renders what came of a run over many bundles.
pub fn render_run(report: &RunReport, format: Format, width: usize) -> String {
    match format {
        Format::Text => run::render(report, width),
        Format::Json => json::render(report),
        Format::Ndjson => json::line(report),
        Format::Html => html::run(report),
        Format::Markdown => markdown::render_run(report),
        // These tell of each bundle, and nothing of all together.
        _ => String::new(),
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
