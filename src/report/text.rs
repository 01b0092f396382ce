//! The report for the engineer who must act: verdict first, then what to do and why.

use anstyle::Style;
use comfy_table::{ColumnConstraint, Width};

use super::codes::meanings;
use super::page::{BAD, GOOD, Page, QUIET, STRONG, WARN, plural, styled};
use super::place::{position, where_is};
use super::table::{cell, print, table};
use super::verdict::{self, Tone};
use super::{knowledge, lifecycle, servers};
use crate::model::report::{Checklist, CodeReport, Diagnosis, Evidence, Moment, ProblemReport, Report};

/// Renders for a page of `width` columns.
pub fn render(report: &Report, width: usize) -> String {
    let mut page = Page::new(width);
    summary(&mut page, report);
    servers::all(&mut page, report);
    lifecycle::all(&mut page, &report.lifecycles);
    for (title, list) in verdict::roots(report) {
        if !list.is_empty() {
            page.heading(title);
        }
        list.into_iter().for_each(|diagnosis| finding(&mut page, report, diagnosis));
    }
    ruled_out(&mut page, report);
    report.checklists.iter().for_each(|list| checklist(&mut page, list));
    timeline(&mut page, report);
    unexplained(&mut page, report);
    asks(&mut page, report);
    problems(&mut page, report);
    knowledge::packs(&mut page, &report.tool.catalog.packs_used);
    page.finish()
}

fn summary(page: &mut Page, report: &Report) {
    let verdict = verdict::of(report);
    page.leading("", style(verdict.tone), verdict.word, &format!("  {}", verdict.what));
    page.hanging("", "", QUIET, &verdict::basis(report));
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Bad => BAD,
        Tone::Warn => WARN,
        Tone::Good => GOOD,
    }
}

fn finding(page: &mut Page, report: &Report, it: &Diagnosis) {
    page.gap();
    page.paragraph(&format!("{:>2}  ", it.id), STRONG, &it.title);
    let site = it.site.as_ref().map(|site| format!(" (site {site})")).unwrap_or_default();
    let articles = if it.kb.is_empty() { String::new() } else { format!(" · {}", it.kb.join(", ")) };
    let rest = format!(
        " {}% · {} · {} · on {}{site}{articles}",
        it.confidence,
        it.severity,
        it.kind.replace('_', " "),
        it.host
    );
    page.leading("    ", style(verdict::tone(it)), &it.verdict.to_uppercase(), &rest);
    if let (Some(first), Some(last)) = (&it.first_seen, &it.last_seen) {
        let span = if first == last { first.clone() } else { format!("{first} to {last}") };
        page.paragraph("    ", QUIET, &format!("{span} ({})", it.time_basis.unwrap_or_default()));
    }
    page.gap();
    page.paragraph("    ", Style::new(), &it.means);
    places(page, "What speaks for it", "+", &it.evidence);
    places(page, "What speaks against it", "-", &it.against);
    missing(page, it);
    remedy(page, it);
    let rivals: Vec<_> = it.rivals.iter().filter(|rival| rival.verdict != "no_evidence").collect();
    if !rivals.is_empty() {
        label(page, "Look-alikes");
        for rival in rivals {
            let text = format!(
                "{}: {}; what tells: {}",
                rival.signature,
                rival.verdict.replace('_', " "),
                rival.tell
            );
            page.paragraph("    · ", Style::new(), &text);
        }
    }
    if !it.explains.is_empty() {
        label(page, "What it explains");
        explained(page, report, it, 0);
    }
}

/// What is not known, each reason and each thing to collect once.
fn missing(page: &mut Page, it: &Diagnosis) {
    if it.unknown.is_empty() {
        return;
    }
    label(page, "What is missing");
    let (mut reasons, mut asked) = (Vec::new(), Vec::new());
    for unknown in &it.unknown {
        if !reasons.contains(&&unknown.why) {
            page.paragraph("    ? ", Style::new(), &unknown.why);
            reasons.push(&unknown.why);
        }
        let ask = unknown.ask.as_ref().filter(|ask| !asked.contains(ask));
        if let Some(ask) = ask {
            page.hanging("      collect ", "        ", Style::new(), ask);
            asked.push(ask);
        }
    }
}

/// Consequences, and theirs in turn, as a tree.
fn explained(page: &mut Page, report: &Report, cause: &Diagnosis, depth: usize) {
    for effect in report.diagnoses.iter().filter(|it| cause.explains.contains(&it.id) && depth < 8) {
        let text = format!(
            "{} on {}: {} ({} {}%)",
            effect.id, effect.host, effect.title, effect.verdict, effect.confidence
        );
        page.paragraph(&format!("    {}└ ", "  ".repeat(depth)), Style::new(), &text);
        if let Some(place) = effect.evidence.iter().find(|place| place.line.is_some()) {
            let indent = "  ".repeat(depth);
            page.hanging(&format!("      {indent}"), &format!("      {indent}"), QUIET, &where_is(place));
            let lead = format!("      {indent}│ ");
            page.hanging(&lead, &lead, Style::new(), &place.text);
            codes(page, &format!("        {indent}"), place);
        }
        explained(page, report, effect, depth + 1);
    }
}

fn label(page: &mut Page, text: &str) {
    page.gap();
    page.line(&format!("    {}", styled(STRONG, text)));
}

/// What the codes of an evidence mean, below its text.
fn codes(page: &mut Page, indent: &str, place: &Evidence) {
    for line in meanings(&place.codes) {
        page.hanging(indent, &format!("{indent}  "), QUIET, &line);
    }
}

/// Places of one condition that are shown on the page; the JSON report has more.
const MOST_PLACES: usize = 3;

/// Evidence by condition: what it means once, then each place with the text that stands there.
///
/// Points of a checklist are left to the checklist.
fn places(page: &mut Page, title: &str, mark: &str, evidence: &[Evidence]) {
    let evidence: Vec<&Evidence> = evidence.iter().filter(|place| place.condition != "item").collect();
    if evidence.is_empty() {
        return;
    }
    label(page, title);
    for group in evidence.chunk_by(|a, b| a.condition == b.condition) {
        let mut said = "";
        let mut explained: &[CodeReport] = &[];
        for place in group.iter().take(MOST_PLACES) {
            if place.says != said {
                page.paragraph(&format!("    {mark} "), Style::new(), &place.says);
                said = &place.says;
            }
            if !place.source.is_empty() {
                page.hanging("      ", "        ", QUIET, &where_is(place));
                page.hanging("      │ ", "      │ ", Style::new(), &place.text);
                // A line that repeats has the same codes: once is enough.
                if place.codes != explained {
                    codes(page, "        ", place);
                    explained = &place.codes;
                }
            }
        }
        let more = group.len().saturating_sub(MOST_PLACES) as u64
            + group.iter().map(|place| place.more).sum::<u64>();
        if more != 0 {
            page.paragraph("      ", QUIET, &format!("and {more} more like it"));
        }
    }
}

fn remedy(page: &mut Page, it: &Diagnosis) {
    if !it.remediation.is_empty() {
        label(page, "What to do");
    }
    for step in &it.remediation {
        let risk = if step.risk == "low" { String::new() } else { format!(" [{} risk]", step.risk) };
        let text = format!("on {}{risk}: {}", step.on, step.action);
        page.paragraph(&format!("    {}. ", step.step), Style::new(), &text);
        if let Some(run) = &step.run {
            page.paragraph("       > ", STRONG, run);
        }
    }
    if !it.verification.is_empty() {
        label(page, "How to verify");
        it.verification.iter().for_each(|text| page.paragraph("    · ", Style::new(), text));
    }
}

fn ruled_out(page: &mut Page, report: &Report) {
    let list: Vec<_> = report.diagnoses.iter().filter(|it| it.verdict == "ruled_out").collect();
    if list.is_empty() {
        return;
    }
    page.heading("Looked alike, ruled out");
    for it in list {
        let articles = if it.kb.is_empty() { String::new() } else { format!(" ({})", it.kb.join(", ")) };
        page.paragraph("  · ", Style::new(), &format!("{}{articles} on {}", it.signature, it.host));
        for reason in it.against.chunk_by(|a, b| a.condition == b.condition) {
            let Some(place) = reason.first() else { continue };
            page.paragraph("    - ", Style::new(), &place.says);
            if !place.source.is_empty() {
                page.hanging("      ", "        ", QUIET, &where_is(place));
                page.hanging("      │ ", "      │ ", Style::new(), &place.text);
                codes(page, "        ", place);
            }
        }
    }
}

fn checklist(page: &mut Page, list: &Checklist) {
    let site = list.site.as_ref().map(|site| format!(", site {site}")).unwrap_or_default();
    page.heading(&format!("Checklist for {}{site}", list.host));
    let articles = if list.kb.is_empty() { String::new() } else { format!(" ({})", list.kb.join(", ")) };
    page.paragraph("", Style::new(), &format!("{}{articles}", list.title));
    let count = |state: &str| list.items.iter().filter(|item| item.state == state).count();
    let text = format!(
        "{}, {} ok, {} not collected",
        plural(count("problem"), "problem"),
        count("ok"),
        count("not_collected")
    );
    page.paragraph("", QUIET, &text);
    let mut shown = table(page.width, &[]);
    for item in &list.items {
        let mark = match item.state {
            "ok" => "ok",
            "problem" => "PROBLEM",
            _ => "not collected",
        };
        let place = item.evidence.first().filter(|place| !place.source.is_empty() && item.state == "problem");
        let place = place.map(|place| format!("\n{}", where_is(place))).unwrap_or_default();
        let advice = match item.state {
            "problem" => item.remediation.clone(),
            "not_collected" => item.ask.clone(),
            _ => None,
        };
        let advice = advice.map(|advice| format!("\n{advice}")).unwrap_or_default();
        let body = format!("{}: {}{place}{advice}", item.title, item.subject);
        shown.add_row([mark.to_owned(), cell(&body)]);
    }
    if let Some(column) = shown.column_mut(0) {
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(15)));
    }
    print(page, &shown, &[("ok", GOOD), ("PROBLEM", BAD), ("not collected", WARN)]);
}

fn timeline(page: &mut Page, report: &Report) {
    // What repeats on a server stands where it began, with how often it came.
    let mut rows: Vec<(&Moment, usize)> = Vec::new();
    // Silences and errors have their own places; `sitedx timeline` tells all.
    let told = report.timeline.iter().filter(|moment| !matches!(moment.kind, "silence" | "error"));
    for moment in told {
        let same = |row: &&mut (&Moment, usize)| row.0.host == moment.host && row.0.what == moment.what;
        match rows.iter_mut().find(same) {
            Some(row) => row.1 += 1,
            None => rows.push((moment, 1)),
        }
    }
    if rows.len() < 2 {
        return;
    }
    page.heading("Timeline");
    let mut shown = table(page.width, &[]);
    for (moment, count) in rows.iter().take(40) {
        let id = moment.diagnosis.map(|id| format!(" [{id}]")).unwrap_or_default();
        let times = if *count == 1 { String::new() } else { format!(" ({count} times)") };
        shown.add_row([
            moment.time.clone(),
            cell(&moment.host),
            cell(&format!("{}{times}{id}", moment.what)),
        ]);
    }
    print(page, &shown, &[]);
    if rows.len() > 40 {
        page.paragraph("", QUIET, &format!("{} more in the JSON report", rows.len() - 40));
    }
}

fn unexplained(page: &mut Page, report: &Report) {
    if report.unexplained.is_empty() {
        return;
    }
    page.heading("Error lines that no finding explains");
    for group in report.unexplained.iter().take(20) {
        page.paragraph(&format!("{:>5} × ", group.count), Style::new(), &group.example.text);
        codes(page, "        ", &group.example);
        page.hanging("        ", "        ", QUIET, &where_is(&group.example));
    }
    if report.unexplained.len() > 20 {
        page.paragraph(
            "",
            QUIET,
            &format!("{} more shapes in the JSON report", report.unexplained.len() - 20),
        );
    }
}

fn asks(page: &mut Page, report: &Report) {
    if report.asks.is_empty() {
        return;
    }
    page.heading("What to collect");
    for ask in &report.asks {
        page.hanging(&format!("  · from {}: ", ask.host), "    ", Style::new(), &ask.collect);
        page.paragraph("    ", QUIET, &ask.because);
    }
}

fn problems(page: &mut Page, report: &Report) {
    let (assumed, unread): (Vec<_>, Vec<_>) =
        report.problems.iter().partition(|problem| problem.is_assumed());
    listed(page, "What could not be read", &unread);
    listed(page, "What was taken for granted", &assumed);
}

fn listed(page: &mut Page, heading: &str, problems: &[&ProblemReport]) {
    const MOST: usize = 40;
    if problems.is_empty() {
        return;
    }
    page.heading(heading);
    for problem in problems.iter().take(MOST) {
        let line = position(problem.line, problem.offset);
        let source = if problem.source.is_empty() { &problem.bundle } else { &problem.source };
        let kind = if problem.is_assumed() { String::new() } else { format!(" ({})", problem.kind) };
        page.paragraph("  · ", Style::new(), &format!("{source}{line}: {}{kind}", problem.what));
    }
    if problems.len() > MOST {
        page.paragraph("", QUIET, &format!("{} more in the JSON report", problems.len() - MOST));
    }
}
