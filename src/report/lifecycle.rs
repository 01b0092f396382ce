//! How far each site got, as text.

use anstyle::Style;

use super::page::{BAD, GOOD, Page, QUIET, STRONG, WARN};
use super::place::where_is;
use crate::model::report::{LifecycleReport, PhaseReport};

/// All sites: one line for those that are through, the phases of those that are not.
pub fn all(page: &mut Page, all: &[LifecycleReport]) {
    if all.is_empty() {
        return;
    }
    page.heading("How far each site got");
    all.iter().for_each(|it| one(page, it));
}

fn one(page: &mut Page, it: &LifecycleReport) {
    let who = who(it);
    let at = it.phases.iter().find(|phase| Some(&phase.id) == it.stopped.as_ref());
    let Some(at) = at else {
        page.leading("", GOOD, word(it), &format!("  {who}"));
        return;
    };
    let word = word(it);
    let style = if matches!(it.state, "failed" | "stalled" | "stopped") { BAD } else { WARN };
    page.leading("", style, word, &format!("  {who}: {}, {}", at.id, at.title));
    let stop = it.phases.iter().position(|phase| phase.id == at.id).unwrap_or_default();
    for run in it.phases[..stop].chunk_by(|a, b| a.state == "passed" && b.state == "passed") {
        let [first, .., last] = run else {
            run.iter().for_each(|phase| over(page, phase));
            continue;
        };
        let text = format!("{} to {}: over, as a later phase has begun", first.id, last.id);
        page.hanging("  + ", "       ", Style::new(), &text);
    }
    stopped(page, at);
    let is_told = |phase: &&PhaseReport| phase.ask.is_some() || phase.state == "absent";
    let later: Vec<&PhaseReport> = it.phases[stop + 1..].iter().filter(is_told).collect();
    let mut asked: Vec<&str> = at.ask.iter().map(String::as_str).collect();
    for run in later.chunk_by(|a, b| (a.state, &a.says) == (b.state, &b.says)) {
        let [first, .., last] = run else {
            run.iter().for_each(|phase| still_open(page, &format!("{} {}", phase.id, phase.title), phase));
            ask(page, run, &mut asked);
            continue;
        };
        still_open(page, &format!("{} to {}", first.id, last.id), first);
        ask(page, run, &mut asked);
    }
    page.gap();
}

/// Which lifecycle of which site it is, and on which servers.
pub(super) fn who(it: &LifecycleReport) -> String {
    let site = it
        .site
        .as_ref()
        .map_or("a site that its server does not know yet".to_owned(), |site| format!("site {site}"));
    let server = it.host.as_deref().unwrap_or("server not collected");
    let parent = it.parent_host.as_ref().map(|parent| format!(", parent {parent}")).unwrap_or_default();
    format!("{} of {site} ({server}{parent})", it.title)
}

/// How a lifecycle stands, in a word.
pub(super) fn word(it: &LifecycleReport) -> &'static str {
    // Where no phase is open, all are over.
    if !it.phases.iter().any(|phase| Some(&phase.id) == it.stopped.as_ref()) {
        return "COMPLETE";
    }
    match it.state {
        "failed" => "FAILED",
        "stalled" => "STALLED",
        "stopped" => "STOPPED",
        "under_way" => "UNDER WAY",
        _ => "OPEN",
    }
}

/// A phase that is over.
fn over(page: &mut Page, phase: &PhaseReport) {
    let how = if phase.state == "passed" { "over, as a later phase has begun" } else { &phase.says };
    let time = phase.time.as_ref().filter(|_| phase.state != "passed");
    let time = time.map(|time| format!("  {time}")).unwrap_or_default();
    page.hanging("  + ", "       ", Style::new(), &format!("{} {}: {how}{time}", phase.id, phase.title));
}

/// A phase, or several of which the same is known, behind the one in which it stopped.
fn still_open(page: &mut Page, name: &str, phase: &PhaseReport) {
    page.hanging(mark(phase), "       ", QUIET, &format!("{name}: {}", why(phase)));
}

/// What to collect for phases, each thing once.
fn ask<'r>(page: &mut Page, phases: &[&'r PhaseReport], asked: &mut Vec<&'r str>) {
    let new: Vec<&str> = phases.iter().filter_map(|phase| phase.ask.as_deref()).collect();
    let new: Vec<&str> = new.into_iter().filter(|ask| !asked.contains(ask)).collect();
    let Some((first, others)) = new.split_first() else { return };
    // They are of one server, which is named once.
    let things = others.iter().map(|ask| ask.split_once(": ").map_or(*ask, |(_, thing)| thing));
    let things = [*first].into_iter().chain(things).collect::<Vec<_>>().join("; ");
    page.hanging("       collect ", "         ", QUIET, &things);
    asked.extend(new);
}

/// Where it stopped: what that means, what shows it, what to collect.
fn stopped(page: &mut Page, at: &PhaseReport) {
    page.hanging(mark(at), "       ", STRONG, &format!("{} {}: {}", at.id, at.title, why(at)));
    for place in at.evidence.iter().take(2) {
        page.hanging("       ", "         ", QUIET, &where_is(place));
        page.hanging("       │ ", "       │ ", Style::new(), &place.text);
    }
    // Where nothing was collected, what may have gone wrong is only a guess.
    if let Some(means) = at.means.as_ref().filter(|_| at.state != "unknown") {
        page.paragraph("       ", Style::new(), means);
    }
    if let Some(ask) = &at.ask {
        page.hanging("       collect ", "         ", Style::new(), ask);
    }
}

fn mark(phase: &PhaseReport) -> &'static str {
    if matches!(phase.state, "failed" | "stalled" | "absent") { "  - " } else { "  ? " }
}

/// How a phase stands, in a few words.
pub(super) fn state(phase: &PhaseReport) -> &'static str {
    match phase.state {
        "failed" => "failed",
        "stalled" => "stalled, longer than it takes",
        "begun" => "under way",
        "absent" => "not reached",
        "no_sign" => "no sign of it",
        "unknown" => "not known",
        "passed" => "over, as a later phase has begun",
        _ => "over",
    }
}

fn why(phase: &PhaseReport) -> String {
    let what = state(phase);
    if phase.says.is_empty() { what.to_owned() } else { format!("{what}: {}", phase.says) }
}
