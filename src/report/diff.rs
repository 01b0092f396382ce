//! What changed on servers between two captures, as text.

use anstyle::Style;

use super::page::{Page, QUIET, STRONG, plural, styled};
use super::place::where_is;
use crate::model::diff::{Change, DiffReport, ServerDiff};

/// Changes of one kind on a server that are listed; the JSON report has all.
const MOST_CHANGES: usize = 60;

/// Renders for a page of `width` columns.
pub fn render(report: &DiffReport, width: usize) -> String {
    let mut page = Page::new(width);
    for server in &report.servers {
        one(&mut page, server);
    }
    let only = [("first", &report.only_first), ("second", &report.only_second)];
    for (which, names) in only.into_iter().filter(|(_, names)| !names.is_empty()) {
        page.gap();
        page.paragraph("", Style::new(), &format!("Only in the {which} capture: {}", names.join(", ")));
    }
    if report.servers.is_empty() {
        page.paragraph("", Style::new(), "No server is in both captures.");
    }
    page.finish()
}

fn one(page: &mut Page, server: &ServerDiff) {
    page.heading(&format!("{}: {}", server.host, plural(server.changes.len(), "change")));
    for of_kind in server.changes.chunk_by(|a, b| a.kind == b.kind) {
        page.gap();
        page.line(&format!("  {}", styled(STRONG, &title(&of_kind[0]))));
        of_kind.iter().take(MOST_CHANGES).for_each(|it| change(page, it));
        let left = of_kind.len().saturating_sub(MOST_CHANGES);
        if left != 0 {
            page.paragraph("    ", QUIET, &format!("{left} more in the JSON report"));
        }
    }
    page.gap();
    for noise in &server.noise {
        let text = format!("{} left out: {} (--all tells them)", plural(noise.count, "change"), noise.why);
        page.paragraph("  ", QUIET, &text);
    }
    if server.not_compared != 0 {
        let text = format!(
            "{} of one capture in places at which the other one did not look: not compared",
            plural(server.not_compared, "thing")
        );
        page.paragraph("  ", QUIET, &text);
    }
}

fn title(change: &Change) -> String {
    match change.kind {
        "identity" => "Who the server is",
        "key" => "Registry keys",
        "value" => "Registry values",
        "file" => "Files and folders",
        "service" => "Services",
        "share" => "Shares",
        "account" => "Accounts",
        "group" => "Groups",
        "member" => "Members of groups",
        _ => "Settings",
    }
    .to_owned()
}

fn change(page: &mut Page, it: &Change) {
    let mark = match it.state {
        "added" => "+",
        "removed" => "-",
        _ => "~",
    };
    let values = match (&it.before, &it.after) {
        (Some(before), Some(after)) => format!(": {before} → {after}"),
        (Some(value), None) | (None, Some(value)) => format!(": {value}"),
        (None, None) => String::new(),
    };
    let below = if it.below == 0 { String::new() } else { format!(" (and {} below it)", it.below) };
    page.hanging(&format!("    {mark} "), "        ", Style::new(), &format!("{}{values}{below}", it.name));
    for place in &it.evidence {
        page.hanging("        ", "          ", QUIET, &where_is(place));
    }
}
