//! The servers of a case: what they are, their clocks, what cannot be so of them, and who is missing.

use super::document::{fold, header, section, wide};
use super::markup::Markup;
use crate::model::offset_text;
use crate::model::report::{HostReport, Report};
use crate::report::page::plural;
use crate::report::place::position;
use crate::report::servers::{place, role};

/// All servers.
pub fn all(page: &mut Markup, report: &Report) {
    section(page, "servers", "Servers", |page| {
        wide(page, "Table of servers", |page| table(page, &report.hosts));
        notes(page, "Clocks", clocks(&report.hosts));
        notes(page, "What cannot be so", contradictions(report));
        notes(page, "Named and not collected", missing(report));
        notes(page, "What servers do for others", roles(&report.hosts));
        let logs: usize = report.hosts.iter().map(|host| host.logs.len()).sum();
        if logs != 0 {
            fold(page, &plural(logs, "log"), |page| self::logs(page, &report.hosts));
        }
    });
}

fn table(page: &mut Markup, hosts: &[HostReport]) {
    page.inside("table", &[("class", "stack")], |page| {
        header(page, &["Server", "Site", "Role", "Parent", "Product", "System", "UTC", "Newest record"]);
        page.inside("tbody", &[], |page| {
            hosts.iter().for_each(|host| page.inside("tr", &[], |page| row(page, host)));
        });
    });
}

fn row(page: &mut Markup, host: &HostReport) {
    let or = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
    let no_parent = if host.role == Some("primary") { "-" } else { "?" };
    let product = match (&host.product, &host.version) {
        (Some(product), Some(version)) => format!("{product} ({version})"),
        (product, version) => or(&product.clone().or_else(|| version.clone())),
    };
    page.element("th", &[("scope", "row")], &host.name);
    let cells = [
        ("site", or(&host.site)),
        ("role", role(host)),
        ("parent", host.parent.clone().unwrap_or_else(|| no_parent.to_owned())),
        ("product", product),
        ("system", or(&host.os)),
        ("UTC", host.utc_offset_minutes.map_or("?".to_owned(), offset_text)),
        ("newest record", or(&host.last_seen)),
    ];
    cells.iter().for_each(|(label, text)| page.element("td", &[("data-label", label)], text));
}

fn notes(page: &mut Markup, title: &str, notes: Vec<String>) {
    if notes.is_empty() {
        return;
    }
    page.element("h3", &[], title);
    page.inside("ul", &[], |page| notes.iter().for_each(|note| page.element("li", &[], note)));
}

fn clocks(hosts: &[HostReport]) -> Vec<String> {
    let all = hosts.iter().flat_map(|host| host.clock.iter().map(move |note| (host, note)));
    all.map(|(host, note)| {
        let place = note.source.as_ref().map(|source| format!(" ({source}{})", position(note.line, None)));
        format!("{}: {}{}", host.name, note.what, place.unwrap_or_default())
    })
    .collect()
}

fn contradictions(report: &Report) -> Vec<String> {
    let all = report.contradictions.iter();
    all.map(|it| format!("{}: {}{}", it.host, it.what, place(&it.source, it.line))).collect()
}

fn missing(report: &Report) -> Vec<String> {
    let all = report.mentioned.iter();
    all.map(|it| {
        let place = place(&it.source, it.line);
        format!("{}, {} ({} of {}{place})", it.name, it.what, it.by, it.host)
    })
    .collect()
}

fn roles(hosts: &[HostReport]) -> Vec<String> {
    let all = hosts.iter().flat_map(|host| host.roles.iter().map(move |it| (host, it)));
    all.map(|(host, it)| {
        let place = place(&it.source, it.line);
        format!("{}: {} of {} ({} of {}{place})", host.name, it.role, it.of, it.by, it.told_on)
    })
    .collect()
}

fn logs(page: &mut Markup, hosts: &[HostReport]) {
    page.inside("table", &[("class", "stack")], |page| {
        header(page, &["Log", "Records", "Lines of no record", "First", "Last", "Time"]);
        page.inside("tbody", &[], |page| {
            for log in hosts.iter().flat_map(|host| &host.logs) {
                page.inside("tr", &[], |page| {
                    page.element("th", &[("scope", "row")], &log.source);
                    page.element("td", &[("data-label", "records")], &log.records.to_string());
                    let unframed = log.unframed_lines.to_string();
                    page.element("td", &[("data-label", "lines of no record")], &unframed);
                    let or = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
                    page.element("td", &[("data-label", "first")], &or(&log.first));
                    page.element("td", &[("data-label", "last")], &or(&log.last));
                    page.element("td", &[("data-label", "time")], log.time_basis);
                });
            }
        });
    });
}
