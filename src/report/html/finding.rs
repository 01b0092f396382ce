//! A finding: what it means, what shows it, what to do, and what it explains.

use std::collections::BTreeSet;

use super::document::{badge, class, fold, header};
use super::markup::Markup;
use super::place::places;
use crate::model::report::{Diagnosis, Report, RivalReport, Step};
use crate::report::page::plural;
use crate::report::verdict;

/// How deep findings lie in one another; what is deeper stands side by side. Browsers have their own limit.
const MOST_NESTED: usize = 8;

/// The findings of a report, each of which is told in full once.
pub struct Findings<'r> {
    report: &'r Report,
    told: BTreeSet<usize>,
    depth: usize,
}

impl<'r> Findings<'r> {
    /// None of a report told yet.
    pub fn of(report: &'r Report) -> Self {
        Self { report, told: BTreeSet::new(), depth: 0 }
    }

    /// A finding with its effects within it.
    pub fn tell(&mut self, page: &mut Markup, it: &'r Diagnosis, is_open: bool) {
        self.told.insert(it.id);
        let id = format!("finding-{}", it.id);
        let mut attributes = vec![("class", "finding"), ("id", id.as_str())];
        attributes.extend(is_open.then_some(("open", "")));
        page.inside("details", &attributes, |page| {
            page.inside("summary", &[], |page| summary(page, it));
            page.inside("div", &[("class", "body")], |page| {
                body(page, it);
                self.effects(page, it);
            });
        });
    }

    fn effects(&mut self, page: &mut Markup, cause: &'r Diagnosis) {
        let report = self.report;
        let effects: Vec<&Diagnosis> =
            report.diagnoses.iter().filter(|it| cause.explains.contains(&it.id)).collect();
        if effects.is_empty() {
            return;
        }
        if self.depth < MOST_NESTED {
            page.element("h4", &[], "What it explains");
        }
        for effect in effects {
            // What several causes explain would be told over and over, and a ring without end.
            if self.told.contains(&effect.id) {
                page.inside("p", &[("class", "quiet")], |page| {
                    page.text("also ");
                    link(page, effect);
                });
            } else if self.depth < MOST_NESTED {
                self.depth += 1;
                self.tell(page, effect, false);
                self.depth -= 1;
            } else {
                self.told.insert(effect.id);
                let id = format!("finding-{}", effect.id);
                page.inside("div", &[("class", "deep"), ("id", &id)], |page| summary(page, effect));
                self.effects(page, effect);
            }
        }
    }
}

/// A link to where a finding is told.
pub fn link(page: &mut Markup, it: &Diagnosis) {
    page.element("a", &[("href", &format!("#finding-{}", it.id))], &it.title);
}

/// The line of a finding that says how sure and how bad it is, and where.
pub fn meta(page: &mut Markup, it: &Diagnosis) {
    badge(page, class(verdict::tone(it)), &format!("{} {}%", it.verdict.replace('_', " "), it.confidence));
    let site = it.site.as_ref().map(|site| format!(" (site {site})")).unwrap_or_default();
    let kind = it.kind.replace('_', " ");
    let articles = it.kb.iter().map(|kb| format!(" · {kb}")).collect::<String>();
    page.element(
        "span",
        &[("class", "meta")],
        &format!(" {} · {kind} · on {}{site}{articles}", it.severity, it.host),
    );
}

fn summary(page: &mut Markup, it: &Diagnosis) {
    page.element("span", &[("class", "number")], &it.id.to_string());
    page.inside("span", &[("class", "headline")], |page| {
        page.element("h3", &[], &it.title);
        meta(page, it);
    });
}

fn body(page: &mut Markup, it: &Diagnosis) {
    page.element("p", &[], &it.means);
    if let (Some(first), Some(last)) = (&it.first_seen, &it.last_seen) {
        let span = if first == last { first.clone() } else { format!("{first} to {last}") };
        let basis = it.time_basis.map(|basis| format!(" ({basis})")).unwrap_or_default();
        page.element("p", &[("class", "quiet")], &format!("Seen {span}{basis}"));
    }
    places(page, "What speaks for it", "for", &it.evidence);
    places(page, "What speaks against it", "against", &it.against);
    reasoning(page, it);
    missing(page, it);
    remedy(page, it);
    rivals(page, &it.rivals);
}

fn remedy(page: &mut Markup, it: &Diagnosis) {
    if !it.remediation.is_empty() {
        page.element("h4", &[], "What to do");
        page.inside("ol", &[("class", "steps")], |page| {
            it.remediation.iter().for_each(|each| {
                page.inside("li", &[], |page| step(page, it, each));
            });
        });
    }
    if !it.verification.is_empty() {
        page.element("h4", &[], "How to verify");
        page.inside("ul", &[], |page| it.verification.iter().for_each(|text| page.element("li", &[], text)));
    }
}

fn step(page: &mut Markup, it: &Diagnosis, step: &Step) {
    let id = format!("step-{}-{}", it.id, step.step);
    page.start("input", &[("type", "checkbox"), ("id", &id), ("autocomplete", "off")]);
    page.inside("label", &[("for", &id)], |page| on(page, step));
    command(page, step);
}

/// Where a step is done, what may break, and what it is.
pub fn on(page: &mut Markup, step: &Step) {
    page.inside("span", &[("class", "where")], |page| {
        page.text(&format!("on {} · {} risk", step.on, step.risk));
        if let Some(kb) = &step.kb {
            page.text(&format!(" · {kb}"));
        }
    });
    page.raw(" ");
    page.text(&step.action);
}

/// The command of a step, to be copied.
pub fn command(page: &mut Markup, step: &Step) {
    if let Some(run) = &step.run {
        page.inside("div", &[("class", "command"), ("data-copies", "this command")], |page| {
            page.element("pre", &[("dir", "ltr"), ("data-copy", "")], run);
        });
    }
}

/// What is not known, each reason and each thing to collect once.
fn missing(page: &mut Markup, it: &Diagnosis) {
    if it.unknown.is_empty() {
        return;
    }
    page.element("h4", &[], "What is missing");
    let (mut reasons, mut asked) = (BTreeSet::new(), BTreeSet::new());
    page.inside("ul", &[("class", "missing")], |page| {
        for unknown in &it.unknown {
            if reasons.insert(&unknown.why) {
                page.element("li", &[], &unknown.why);
            }
            if let Some(ask) = unknown.ask.as_ref().filter(|ask| asked.insert(*ask)) {
                page.inside("li", &[], |page| {
                    page.raw("<b>collect</b> ");
                    page.text(ask);
                });
            }
        }
    });
}

fn rivals(page: &mut Markup, rivals: &[RivalReport]) {
    let rivals: Vec<_> = rivals.iter().filter(|rival| rival.verdict != "no_evidence").collect();
    if rivals.is_empty() {
        return;
    }
    page.element("h4", &[], "Look-alikes");
    page.inside("ul", &[], |page| {
        for rival in rivals {
            let verdict = rival.verdict.replace('_', " ");
            page.element("li", &[], &format!("{}: {verdict}; what tells: {}", rival.signature, rival.tell));
        }
    });
}

/// How the confidence came about, for those who doubt it.
fn reasoning(page: &mut Markup, it: &Diagnosis) {
    if it.reasoning.is_empty() {
        return;
    }
    let title = format!("Why {}%: {}", it.confidence, plural(it.reasoning.len(), "condition"));
    fold(page, &title, |page| {
        page.inside("table", &[("class", "stack")], |page| {
            header(page, &["Condition", "Role", "Holds", "Points", "Why"]);
            page.inside("tbody", &[], |page| {
                for reason in &it.reasoning {
                    page.inside("tr", &[], |page| {
                        page.element("th", &[("scope", "row")], &reason.condition);
                        page.element("td", &[("data-label", "role")], reason.role);
                        page.element("td", &[("data-label", "holds")], reason.value);
                        let points = format!("{:+}", reason.points);
                        page.element("td", &[("data-label", "points"), ("class", "count")], &points);
                        page.element("td", &[("data-label", "why")], &reason.why);
                    });
                }
            });
        });
        let signature = format!("Signature {} · fingerprint {}", it.signature, it.fingerprint);
        page.element("p", &[("class", "quiet")], &signature);
    });
}

/// A finding that was thought of and ruled out, with what rules it out.
pub fn ruled_out(page: &mut Markup, it: &Diagnosis) {
    let articles = if it.kb.is_empty() { String::new() } else { format!(" ({})", it.kb.join(", ")) };
    let id = format!("finding-{}", it.id);
    page.element("h3", &[("id", &id)], &format!("{}{articles} on {}", it.signature, it.host));
    places(page, "What rules it out", "against", &it.against);
}
