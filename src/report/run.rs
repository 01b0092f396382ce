//! What came of a run over many bundles, as text.

use anstyle::Style;

use super::page::{BAD, GOOD, Page, QUIET, STRONG, WARN, plural};
use super::table::{cell, print, table};
use crate::model::run::{RunBundle, RunReport};

/// Sites of one cause that are named; the rest is counted.
const MOST_SITES: usize = 8;

/// Renders for a page of `width` columns.
pub fn render(report: &RunReport, width: usize) -> String {
    let mut page = Page::new(width);
    let order = ["problem", "suspect", "inconclusive", "clean", "error"];
    let counts = order.iter().filter_map(|verdict| Some((verdict, report.verdicts.get(verdict)?)));
    let counts: Vec<String> = counts.map(|(verdict, count)| format!("{count} {verdict}")).collect();
    let style = if report.verdicts.contains_key("problem") { BAD } else { GOOD };
    page.leading("", style, &plural(report.bundles.len(), "bundle"), &format!("  {}", counts.join(", ")));
    causes(&mut page, report);
    bundles(&mut page, report);
    page.finish()
}

/// All causes, those of most bundles first.
fn causes(page: &mut Page, report: &RunReport) {
    if report.causes.is_empty() {
        return;
    }
    page.heading("Causes");
    for cause in &report.causes {
        page.gap();
        page.paragraph("  ", STRONG, &format!("{}: {}", plural(cause.bundles, "bundle"), cause.title));
        let mut sites = cause.sites.iter().take(MOST_SITES).cloned().collect::<Vec<_>>().join(", ");
        if cause.sites.len() > MOST_SITES {
            sites.push_str(&format!(" and {} more", cause.sites.len() - MOST_SITES));
        }
        let sites = if sites.is_empty() { String::new() } else { format!(" · sites {sites}") };
        let kb = cause.kb.iter().map(|kb| format!(" · {kb}")).collect::<String>();
        let text = format!("{} · {}{kb}{sites}", cause.severity, cause.signature);
        page.paragraph("    ", Style::new(), &text);
        if let (Some(first), Some(last)) = (&cause.first_seen, &cause.last_seen) {
            page.paragraph("    ", QUIET, &format!("from {first} to {last}"));
        }
    }
}

/// All bundles with what to look at first.
fn bundles(page: &mut Page, report: &RunReport) {
    page.heading("Bundles");
    let mut shown = table(page.width, &["Bundle", "Verdict", "Sites", "First cause", "More", "Unread"]);
    for bundle in &report.bundles {
        let first = bundle.causes.first();
        let what = match (&bundle.error, first) {
            (Some(error), _) => error.clone(),
            (None, Some(first)) => format!("{} on {}", report.causes[first.cause].signature, first.host),
            (None, None) => String::new(),
        };
        let more = bundle.causes.len().saturating_sub(1);
        let or_blank = |count: usize| if count == 0 { String::new() } else { count.to_string() };
        shown.add_row([
            cell(&bundle.path),
            verdict(bundle).to_owned(),
            cell(&bundle.sites.join(", ")),
            cell(&what),
            or_blank(more),
            or_blank(bundle.unread),
        ]);
    }
    print(page, &shown, &[("problem", BAD), ("suspect", WARN)]);
}

fn verdict(bundle: &RunBundle) -> &'static str {
    bundle.verdict.unwrap_or("error")
}
