//! The timeline of a case: a picture over all servers, then all moments as a table that a script can filter.

use std::collections::BTreeSet;

use super::chart;
use super::document::{header, section, wide};
use super::markup::Markup;
use crate::model::report::{Moment, Report};
use crate::report::timeline::runs;

/// Rows of the table; what is behind them is said.
const MOST_ROWS: usize = 2000;

/// The timeline, where there is one.
pub fn section_of(page: &mut Markup, report: &Report) {
    if report.timeline.is_empty() {
        return;
    }
    section(page, "timeline", "Timeline", |page| {
        wide(page, "Timeline as a picture", |page| chart::draw(page, report));
        chart::legend(page, &report.timeline);
        let rows = runs(&report.timeline);
        let shown = &rows[..rows.len().min(MOST_ROWS)];
        filter(page, shown);
        page.inside("table", &[("class", "stack moments"), ("id", "moments")], |page| {
            header(page, &["Time", "Server", "Kind", "What"]);
            page.inside("tbody", &[], |page| {
                shown.iter().for_each(|(moment, count, last)| row(page, moment, *count, *last));
            });
        });
        notes(page, report, rows.len());
    });
}

/// What the script filters by. It is hidden where no script runs, and so could do nothing.
fn filter(page: &mut Markup, rows: &[(&Moment, u64, Option<&str>)]) {
    page.inside("form", &[("class", "filter"), ("id", "filter"), ("hidden", "")], |page| {
        let hosts = rows.iter().map(|(it, ..)| it.host.clone());
        choice(page, "filter-server", "Server", hosts.collect());
        let kinds = rows.iter().map(|(it, ..)| kind(it.kind));
        choice(page, "filter-kind", "Kind", kinds.collect());
        page.inside("label", &[], |page| {
            page.raw("<span>Text</span>");
            page.start("input", &[("type", "search"), ("id", "filter-text"), ("autocomplete", "off")]);
        });
        page.raw("<output id=\"filter-count\" aria-live=\"polite\"></output>\n");
    });
}

fn choice(page: &mut Markup, id: &'static str, title: &'static str, values: BTreeSet<String>) {
    page.inside("label", &[], |page| {
        page.element("span", &[], title);
        page.inside("select", &[("id", id), ("autocomplete", "off")], |page| {
            page.raw("<option value=\"\">all</option>");
            values.iter().for_each(|value| page.element("option", &[("value", value)], value));
        });
    });
}

fn kind(name: &str) -> String {
    name.replace('_', " ")
}

fn row(page: &mut Markup, it: &Moment, count: u64, last: Option<&str>) {
    let kind = kind(it.kind);
    page.inside("tr", &[("data-server", &it.host), ("data-kind", &kind)], |page| {
        page.inside("td", &[("class", "time")], |page| page.element("time", &[], &it.time));
        page.element("td", &[], &it.host);
        let severity = it.severity.map(|severity| format!(", {severity}")).unwrap_or_default();
        page.element("td", &[], &format!("{kind}{severity}"));
        page.inside("td", &[], |page| {
            page.element("bdi", &[], &it.what);
            if count != 1 {
                let last = last.map(|last| format!(", until {last}")).unwrap_or_default();
                page.text(&format!(" ({count} times{last})"));
            }
            if let Some(id) = it.diagnosis {
                page.raw(" ");
                page.element("a", &[("href", &format!("#finding-{id}"))], &format!("finding {id}"));
            }
            page.raw("<br>");
            page.element("bdi", &[("class", "path")], &format!("{}:{}", it.source, it.line));
        });
    });
}

fn notes(page: &mut Markup, report: &Report, count: usize) {
    if count > MOST_ROWS {
        let text = format!("{} more moments are in the JSON report.", count - MOST_ROWS);
        page.element("p", &[("class", "quiet")], &text);
    }
    if report.timeline.iter().any(|moment| !moment.utc) {
        page.raw(
            "<p class=\"quiet\">Times without a Z are local ones of a server whose zone is not known: their \
             order beside those of other servers is open.</p>\n",
        );
    }
    if report.hosts.iter().any(|host| host.clock.iter().any(|note| note.kind == "behind")) {
        page.raw("<p><b>Clocks contradict one another: see Servers before you trust an order.</b></p>\n");
    }
}
