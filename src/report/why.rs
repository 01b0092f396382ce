//! Why a signature did or did not fire, as text.

use anstyle::Style;

use super::page::{BAD, GOOD, Page, QUIET, WARN};
use super::place::where_is;
use crate::model::why::{WhyCondition, WhyReport, WhyServer};

/// Renders for a page of `width` columns.
pub fn render(report: &WhyReport, width: usize) -> String {
    let mut page = Page::new(width);
    page.heading(&format!("Why {}", report.signature));
    if report.servers.is_empty() {
        page.paragraph("", WARN, "No server was recognised in what was collected.");
    }
    report.servers.iter().for_each(|server| one(&mut page, server));
    page.finish()
}

fn one(page: &mut Page, server: &WhyServer) {
    page.gap();
    let site = server.site.as_ref().map(|site| format!(" (site {site})")).unwrap_or_default();
    let confidence = server.confidence.map(|it| format!(" {it}%")).unwrap_or_default();
    let (style, word) = match server.verdict {
        "confirmed" | "probable" => (BAD, server.verdict.to_uppercase()),
        "possible" => (WARN, "POSSIBLE".to_owned()),
        "ruled_out" => (GOOD, "RULED OUT".to_owned()),
        "not_asked" => (QUIET, "NOT ASKED".to_owned()),
        _ => (QUIET, "NOTHING".to_owned()),
    };
    page.leading("", style, &word, &format!("{confidence}  on {}{site}: {}", server.host, server.because));
    if let Some(title) = &server.title {
        page.paragraph("  ", Style::new(), title);
    }
    server.conditions.iter().for_each(|it| condition(page, it));
}

fn condition(page: &mut Page, it: &WhyCondition) {
    let (style, mark) = match it.value {
        "yes" => (Style::new(), "+"),
        "no" => (Style::new(), "-"),
        _ => (QUIET, "?"),
    };
    let points = if it.points == 0 { String::new() } else { format!(" ({:+} points)", it.points) };
    let text = format!("{} {}: {}, {}{points}", it.role, it.name, it.value, it.why);
    page.hanging(&format!("  {mark} "), "      ", style, &text);
    for place in it.evidence.iter().filter(|place| !place.source.is_empty()) {
        page.hanging("      ", "        ", QUIET, &where_is(place));
        page.hanging("      │ ", "      │ ", Style::new(), &place.text);
    }
    let more: u64 = it.evidence.iter().map(|place| place.more).sum();
    if more != 0 {
        page.paragraph("      ", QUIET, &format!("and {more} more like it"));
    }
    if let Some(ask) = &it.ask {
        page.hanging("      collect ", "        ", QUIET, ask);
    }
}
