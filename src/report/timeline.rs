//! What happened on all servers: as text, JSON or CSV.

use anstyle::Style;
use comfy_table::{ColumnConstraint, Width};
use schemars::JsonSchema;
use serde::Serialize;

use super::csv::row;
use super::json;
use super::page::{BAD, Page, QUIET, WARN, plural};
use super::servers::clocks;
use super::table::{cell, print, table};
use crate::model::report::{ClockNote, HostReport, Moment, Report};

/// The formats of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TimelineFormat {
    /// To read.
    Text,
    /// For other programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// What happened, on which servers.
#[derive(Serialize, JsonSchema)]
pub struct Timeline<'r> {
    hosts: Vec<Clock<'r>>,
    moments: &'r [Moment],
}

/// A server with what is known of its clock.
#[derive(Serialize, JsonSchema)]
pub struct Clock<'r> {
    name: &'r str,
    utc_offset_minutes: Option<i16>,
    clock: &'r [ClockNote],
}

impl<'r> Clock<'r> {
    fn of(host: &'r HostReport) -> Self {
        Self { name: &host.name, utc_offset_minutes: host.utc_offset_minutes, clock: &host.clock }
    }
}

/// Renders some of the moments of a report.
pub fn render(report: &Report, moments: &[Moment], format: TimelineFormat, width: usize) -> String {
    match format {
        TimelineFormat::Text => text(report, moments, width),
        TimelineFormat::Csv => csv(moments),
        TimelineFormat::Json => {
            let hosts = report.hosts.iter().map(Clock::of).collect();
            json::render(&Timeline { hosts, moments })
        }
    }
}

fn text(report: &Report, moments: &[Moment], width: usize) -> String {
    let mut page = Page::new(width);
    let rows = runs(moments);
    let servers = plural(report.hosts.len(), "server");
    page.heading(&format!("Timeline of {servers}, {}", plural(moments.len(), "moment")));
    clocks(&mut page, &report.hosts);
    let mut shown = table(page.width, &[]);
    for (moment, count, last) in &rows {
        let id = moment.diagnosis.map(|id| format!(" [{id}]")).unwrap_or_default();
        let last = last.map(|last| format!(", until {last}")).unwrap_or_default();
        let times = if *count == 1 { String::new() } else { format!(" ({count} times{last})") };
        let place = format!("{}:{}", moment.source, moment.line);
        let what = format!("{}{id}{times}\n{place}", moment.what);
        let kind = moment.severity.map_or(moment.kind, |severity| severity);
        shown.add_row([&moment.time, &moment.host, kind, &what].map(cell));
    }
    if let Some(column) = shown.column_mut(0) {
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(26)));
    }
    print(&mut page, &shown, &[]);
    if moments.is_empty() {
        page.paragraph("", WARN, "Nothing that was asked for has a time.");
    }
    if moments.iter().any(|moment| !moment.utc) {
        page.gap();
        let note = "Times without a Z are local ones of a server whose zone is not known: their order beside those of other servers is open.";
        page.paragraph("", QUIET, note);
    }
    if moments.iter().any(|moment| moment.diagnosis.is_some()) {
        page.paragraph("", Style::new(), "Numbers in brackets are the findings of `sitedx analyze`.");
    }
    if report.hosts.iter().any(|host| host.clock.iter().any(|note| note.kind == "behind")) {
        page.paragraph("", BAD, "Clocks contradict one another: see above before you trust an order.");
    }
    page.finish()
}

/// What came several times without anything else on its server in between is one row, with how often, and the last time.
pub(super) fn runs(moments: &[Moment]) -> Vec<(&Moment, u64, Option<&str>)> {
    let mut rows: Vec<(&Moment, u64, Option<&str>)> = Vec::new();
    for moment in moments {
        let latest = rows.iter_mut().rev().find(|row| row.0.host == moment.host);
        let last = moment.last.as_deref();
        match latest {
            Some(row) if (row.0.kind, &row.0.what) == (moment.kind, &moment.what) => {
                row.1 += moment.count;
                row.2 = Some(last.unwrap_or(&moment.time));
            }
            _ => rows.push((moment, moment.count, last)),
        }
    }
    rows
}

fn csv(moments: &[Moment]) -> String {
    let columns = [
        "time",
        "utc",
        "server",
        "kind",
        "severity",
        "log",
        "component",
        "what",
        "count",
        "last",
        "source",
        "line",
        "finding",
    ];
    let mut out = row(&columns);
    for moment in moments {
        let number = |it: Option<usize>| it.map(|it| it.to_string()).unwrap_or_default();
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        let cells = [
            moment.time.clone(),
            if moment.utc { "yes" } else { "no" }.to_owned(),
            moment.host.clone(),
            moment.kind.to_owned(),
            moment.severity.unwrap_or_default().to_owned(),
            text(&moment.log),
            text(&moment.component),
            moment.what.clone(),
            moment.count.to_string(),
            text(&moment.last),
            moment.source.clone(),
            moment.line.to_string(),
            number(moment.diagnosis),
        ];
        out.push_str(&row(&cells));
    }
    out
}
