//! How far each site got: a row of phases with their states, and where it stopped.

use super::document::{badge, fold, section};
use super::markup::Markup;
use super::place::place;
use crate::model::report::{LifecycleReport, PhaseReport};
use crate::report::lifecycle::{state, who, word};

/// All sites.
pub fn all(page: &mut Markup, all: &[LifecycleReport]) {
    if all.is_empty() {
        return;
    }
    section(page, "progress", "How far each site got", |page| all.iter().for_each(|it| one(page, it)));
}

fn one(page: &mut Markup, it: &LifecycleReport) {
    let word = word(it);
    page.inside("h3", &[], |page| {
        badge(page, tone(word), word);
        page.text(&format!(" {}", who(it)));
    });
    if !it.kb.is_empty() {
        page.element("p", &[("class", "quiet")], &it.kb.join(", "));
    }
    match it.phases.iter().find(|phase| Some(&phase.id) == it.stopped.as_ref()) {
        Some(at) => {
            phases(page, it);
            stopped(page, at);
        }
        None => fold(page, "All its phases", |page| phases(page, it)),
    }
    if it.phases.iter().any(|phase| !phase.evidence.is_empty()) {
        fold(page, "What shows the phases", |page| it.phases.iter().for_each(|phase| shown(page, phase)));
    }
}

fn tone(word: &str) -> &'static str {
    match word {
        "COMPLETE" => "good",
        "FAILED" | "STALLED" | "STOPPED" => "bad",
        _ => "warn",
    }
}

fn phases(page: &mut Markup, it: &LifecycleReport) {
    page.inside("ol", &[("class", "phases")], |page| {
        for phase in &it.phases {
            let is_stop = Some(&phase.id) == it.stopped.as_ref();
            let mut attributes = vec![("class", kind(phase))];
            attributes.extend(is_stop.then_some(("aria-current", "step")));
            page.inside("li", &attributes, |page| {
                page.element("b", &[], &phase.id);
                page.raw(" ");
                page.element("span", &[("class", "title")], &phase.title);
                page.raw(" ");
                page.element("span", &[("class", "state")], state(phase));
                if let Some(time) = &phase.time {
                    page.raw(" ");
                    page.element("time", &[], time);
                }
            });
        }
    });
}

fn kind(phase: &PhaseReport) -> &'static str {
    match phase.state {
        "done" | "passed" => "over",
        "failed" | "stalled" => "failed",
        "begun" => "begun",
        _ => "open",
    }
}

/// Where it stopped: why, what that means, what to collect.
fn stopped(page: &mut Markup, at: &PhaseReport) {
    let says = if at.says.is_empty() { String::new() } else { format!(": {}", at.says) };
    page.inside("p", &[], |page| {
        page.element("b", &[], &format!("{} {}, on {}:", at.id, at.title, at.host));
        page.text(&format!(" {}{says}", state(at)));
    });
    // Where nothing was collected, what may have gone wrong is only a guess.
    if let Some(means) = at.means.as_ref().filter(|_| at.state != "unknown") {
        page.element("p", &[], means);
    }
    ask(page, at);
}

fn ask(page: &mut Markup, phase: &PhaseReport) {
    if let Some(ask) = &phase.ask {
        page.inside("p", &[], |page| {
            page.raw("<b>collect</b> ");
            page.text(ask);
        });
    }
}

fn shown(page: &mut Markup, phase: &PhaseReport) {
    page.element("h4", &[], &format!("{} {} ({})", phase.id, phase.title, phase.host));
    let says = if phase.says.is_empty() { state(phase) } else { &phase.says };
    page.element("p", &[], says);
    phase.evidence.iter().for_each(|it| place(page, it));
    ask(page, phase);
}
