//! What became of the findings of a first capture, as text.

use anstyle::Style;

use super::page::{BAD, GOOD, Page, QUIET, STRONG, WARN, plural};
use super::place::where_is;
use crate::model::report::Evidence;
use crate::model::verify::{Outcome, VerifyReport};

/// Renders for a page of `width` columns.
pub fn render(report: &VerifyReport, width: usize) -> String {
    let mut page = Page::new(width);
    let count = |state: &str| report.outcomes.iter().filter(|it| it.state == state).count();
    let text = format!(
        "{} of {} fixed, {} not fixed, {} cannot be told, {} new",
        count("fixed"),
        plural(report.outcomes.len(), "finding"),
        count("not_fixed"),
        count("cannot_tell"),
        report.new.len()
    );
    let bad = count("not_fixed") + report.new.len() != 0;
    let (style, word) = match (bad, count("cannot_tell")) {
        (true, _) => (BAD, "NOT FIXED"),
        (false, 0) => (GOOD, "FIXED"),
        (false, _) => (WARN, "OPEN"),
    };
    page.leading("", style, word, &format!("  {text}"));
    let states = [("not_fixed", "Not fixed"), ("cannot_tell", "Cannot be told"), ("fixed", "Fixed")];
    for (state, title) in states {
        let of_state: Vec<&Outcome> = report.outcomes.iter().filter(|it| it.state == state).collect();
        if !of_state.is_empty() {
            page.heading(title);
        }
        of_state.into_iter().for_each(|it| outcome(&mut page, it));
    }
    if !report.new.is_empty() {
        page.heading("New");
    }
    for it in &report.new {
        page.gap();
        page.paragraph("  ", STRONG, &it.title);
        page.paragraph("  ", Style::new(), &format!("{} · {} · on {}", it.verdict, it.severity, it.host));
        places(&mut page, &it.evidence);
    }
    if !report.progress.is_empty() {
        page.heading("How far each site got, then and now");
    }
    for it in &report.progress {
        let text = format!("{} of {}: {} → {}", it.title, it.site, it.before, it.after);
        page.paragraph("  ", Style::new(), &text);
    }
    page.finish()
}

fn outcome(page: &mut Page, it: &Outcome) {
    page.gap();
    page.paragraph("  ", STRONG, &it.title);
    let site = it.site.as_ref().map(|site| format!(" (site {site})")).unwrap_or_default();
    page.paragraph("  ", Style::new(), &format!("on {}{site}: {}", it.host, it.because));
    places(page, &it.evidence);
    it.asks.iter().for_each(|ask| page.hanging("    collect ", "      ", QUIET, ask));
    if it.state != "fixed" {
        it.verification.iter().for_each(|text| page.paragraph("    verify  ", QUIET, text));
    }
}

fn places(page: &mut Page, evidence: &[Evidence]) {
    for place in evidence.iter().filter(|place| !place.source.is_empty()) {
        page.hanging("    ", "      ", QUIET, &where_is(place));
        page.hanging("    │ ", "    │ ", Style::new(), &place.text);
    }
}
