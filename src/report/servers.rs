//! The servers of a report, as text.

use std::collections::BTreeSet;

use anstyle::Style;

use super::page::{Page, QUIET, STRONG, WARN};
use super::place::position;
use super::table::{cell, print, table};
use crate::model::offset_text;
use crate::model::report::{HostReport, Report};

/// All servers, with their clocks, what cannot be so of them, and who is missing.
pub fn all(page: &mut Page, report: &Report) {
    let hosts = &report.hosts;
    page.heading("Servers");
    let mut shown =
        table(page.width, &["Server", "Site", "Role", "Parent", "Product", "System", "UTC", "Logs"]);
    for host in hosts {
        let or = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
        let role = role(host);
        let offset = host.utc_offset_minutes.map_or("?".to_owned(), offset_text);
        let no_parent = if host.role == Some("primary") { "-" } else { "?" };
        let parent = host.parent.clone().unwrap_or_else(|| no_parent.to_owned());
        let logs = host.logs.len().to_string();
        shown.add_row(
            [host.name.clone(), or(&host.site), role, parent, or(&host.product), or(&host.os), offset, logs]
                .map(|text| cell(&text)),
        );
    }
    let names: Vec<(&str, Style)> = hosts.iter().map(|host| (host.name.as_str(), STRONG)).collect();
    print(page, &shown, &names);
    roles(page, hosts);
    clocks(page, hosts);
    not_collected(page, report);
}

/// What a server is.
pub(super) fn role(host: &HostReport) -> String {
    match (host.role, host.children.is_empty()) {
        (Some(role), true) => role.to_owned(),
        (Some(role), false) => format!("{role}, parent of {}", host.children.join(", ")),
        (None, false) => format!("parent of {}", host.children.join(", ")),
        (None, true) if host.roles.is_empty() => "?".to_owned(),
        (None, true) => {
            let names: BTreeSet<&str> = host.roles.iter().map(|it| it.role.as_str()).collect();
            names.into_iter().collect::<Vec<_>>().join(", ")
        }
    }
}

/// What servers do for others, and how that is known.
fn roles(page: &mut Page, hosts: &[HostReport]) {
    for host in hosts {
        for it in host.roles.iter().filter(|it| it.told_on != host.name) {
            let place = place(&it.source, it.line);
            let text =
                format!("{}: {} of {} ({} of {}{place})", host.name, it.role, it.of, it.by, it.told_on);
            page.hanging(" role  ", "        ", QUIET, &text);
        }
    }
}

/// Where something stands, to be written behind who says it.
pub(super) fn place(source: &Option<String>, line: Option<u32>) -> String {
    source.as_ref().map(|source| format!(", {source}{}", position(line, None))).unwrap_or_default()
}

/// Servers that are named and were not collected, and what cannot be.
fn not_collected(page: &mut Page, report: &Report) {
    for it in &report.contradictions {
        let text = format!("{}: {}{}", it.host, it.what, place(&it.source, it.line));
        page.hanging(" contradiction  ", "        ", WARN, &text);
    }
    for it in &report.mentioned {
        let place = place(&it.source, it.line);
        let text = format!("{}, {} ({} of {}{place})", it.name, it.what, it.by, it.host);
        page.hanging(" not collected  ", "        ", QUIET, &text);
    }
}

/// What is known of the servers' clocks.
pub fn clocks(page: &mut Page, hosts: &[HostReport]) {
    for host in hosts {
        for note in &host.clock {
            let place =
                note.source.as_ref().map(|source| format!(" ({source}{})", position(note.line, None)));
            let text = format!("{}: {}{}", host.name, note.what, place.unwrap_or_default());
            page.hanging(" clock  ", "        ", QUIET, &text);
        }
    }
}
