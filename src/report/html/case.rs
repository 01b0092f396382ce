//! The page of one case, in the order of a reader's questions: what is it, what to do, why, how far, when, what else.

use super::document::{Script, class, document, fold, section};
use super::finding::{self, Findings};
use super::markup::Markup;
use super::{appendix, checklist, progress, servers, timeline};
use crate::model::report::{AskReport, Diagnosis, Report};
use crate::report::page::plural;
use crate::report::verdict::{self, Verdict};

/// The page of a case.
pub fn render(report: &Report) -> String {
    let verdict = verdict::of(report);
    let title = format!("{}: {} – sitedx", verdict.word, verdict.what);
    let script = Script { text: include_str!("page.js"), data: None };
    document(&title, script, |page| {
        page.inside("header", &[("class", class(verdict.tone))], |page| top(page, report, &verdict));
        page.inside("main", &[("id", "main"), ("tabindex", "-1")], |page| main(page, report));
    })
}

/// The verdict, and what to do first.
fn top(page: &mut Markup, report: &Report, verdict: &Verdict) {
    page.inside("h1", &[], |page| {
        page.element("span", &[("class", "word")], verdict.word);
        page.raw(" ");
        page.element("span", &[("class", "what")], &verdict.what);
    });
    let [(_, active), ..] = verdict::roots(report);
    match active.first() {
        Some(it) => first_step(page, it),
        None => report.asks.first().into_iter().for_each(|it| first_ask(page, it)),
    }
    page.element("p", &[("class", "quiet")], &verdict::basis(report));
    contents(page, report);
}

fn first_step(page: &mut Markup, it: &Diagnosis) {
    page.inside("div", &[("class", "first")], |page| {
        page.inside("p", &[("class", "lead")], |page| finding::link(page, it));
        page.inside("p", &[], |page| finding::meta(page, it));
        if let Some(step) = it.remediation.first() {
            page.element("h2", &[], "Do this first");
            page.inside("p", &[], |page| finding::on(page, step));
            finding::command(page, step);
        }
        // What is only possible is not acted upon before it is certain.
        let ask = it.unknown.iter().find_map(|unknown| unknown.ask.as_ref());
        if let Some(ask) = ask.filter(|_| it.verdict == "possible") {
            page.element("h2", &[], "To be sure, collect");
            page.element("p", &[], ask);
        }
    });
}

fn first_ask(page: &mut Markup, it: &AskReport) {
    page.inside("div", &[("class", "first")], |page| {
        page.element("h2", &[], "Collect this first");
        page.element("p", &[], &format!("from {}: {}", it.host, it.collect));
        page.element("p", &[("class", "quiet")], &it.because);
    });
}

/// The parts of the page that there are.
fn contents(page: &mut Markup, report: &Report) {
    let roots = verdict::roots(report);
    let parts = [
        ("#findings", "Findings", roots.iter().any(|(_, list)| !list.is_empty())),
        ("#progress", "Progress", !report.lifecycles.is_empty()),
        ("#checklists", "Checklists", !report.checklists.is_empty()),
        ("#timeline", "Timeline", !report.timeline.is_empty()),
        ("#unexplained", "Other errors", !report.unexplained.is_empty()),
        ("#collect", "To collect", !report.asks.is_empty()),
        ("#servers", "Servers", true),
        ("#coverage", "Coverage", true),
        ("#sources", "Sources", true),
    ];
    page.inside("nav", &[("aria-label", "Parts of this report")], |page| {
        for (place, title, _) in parts.iter().filter(|(.., is_there)| *is_there) {
            page.element("a", &[("href", place)], title);
            page.raw(" ");
        }
    });
}

fn main(page: &mut Markup, report: &Report) {
    findings(page, report);
    progress::all(page, &report.lifecycles);
    checklist::all(page, &report.checklists);
    timeline::section_of(page, report);
    appendix::unexplained(page, report);
    appendix::asks(page, report);
    servers::all(page, report);
    appendix::coverage(page, report);
    appendix::sources(page, report);
}

fn findings(page: &mut Markup, report: &Report) {
    let [(title, active), others @ ..] = verdict::roots(report);
    let ruled_out: Vec<_> = report.diagnoses.iter().filter(|it| it.verdict == "ruled_out").collect();
    if active.is_empty() && ruled_out.is_empty() && others.iter().all(|(_, list)| list.is_empty()) {
        return;
    }
    let mut findings = Findings::of(report);
    section(page, "findings", title, |page| {
        if active.is_empty() {
            page.raw("<p>None is claimed of the present.</p>\n");
        }
        active.iter().enumerate().for_each(|(rank, it)| findings.tell(page, it, rank == 0));
        for (title, list) in others.iter().filter(|(_, list)| !list.is_empty()) {
            fold(page, &format!("{title} ({})", list.len()), |page| {
                list.iter().for_each(|it| findings.tell(page, it, false));
            });
        }
        if !ruled_out.is_empty() {
            let title = format!("Looked alike, ruled out: {}", plural(ruled_out.len(), "finding"));
            fold(page, &title, |page| ruled_out.iter().for_each(|it| finding::ruled_out(page, it)));
        }
    });
}
