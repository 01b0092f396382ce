//! What became of the findings of one capture in a later one.

use chrono::NaiveDateTime;

use super::super::answer::answer;
use super::super::course::{Course, courses};
use super::super::finding::{Finding, Judged, Part, Verdict};
use super::super::found::Seen;
use super::super::{cause, is_told};
use super::Material;
use super::diagnosis::ask_of;
use super::evidence::Sources;
use crate::correlate::World;
use crate::facts::Truth;
use crate::model::report::Evidence;
use crate::model::verify::{NewFinding, Outcome, Progress, VerifyReport};
use crate::model::{Stamp, printable};
use crate::signature::{Kind, SEVERITIES, name_of};

/// Places of one outcome that are listed.
const MOST_PLACES: usize = 3;

/// A capture with what was found in it.
pub struct Captured<'a> {
    pub material: Material<'a>,
    pub findings: Vec<Finding<'a>>,
}

impl<'a> Captured<'a> {
    /// The findings that hurt now, in the order of the report.
    fn hurting(&self) -> impl Iterator<Item = &Finding<'a>> {
        let names: Vec<String> = self.material.world.hosts.iter().map(|host| host.name.clone()).collect();
        let order = cause::reading_order(&self.findings, &names);
        order.into_iter().map(|index| &self.findings[index]).filter(|it| hurts(it))
    }
}

fn hurts(finding: &Finding<'_>) -> bool {
    is_told(finding)
        && finding.active
        && finding.verdict > Verdict::RuledOut
        && finding.signature.kind != Kind::Benign
}

/// Looks for the findings of the first capture in the second one.
pub fn verify(before: &Captured<'_>, after: &Captured<'_>) -> VerifyReport {
    let same = |one: &Finding<'_>, other: &Finding<'_>| {
        let name = |finding: &Finding<'_>, captured: &Captured<'_>| {
            finding.host_name(captured.material.world).to_lowercase()
        };
        one.signature.id == other.signature.id
            && one.identity == other.identity
            && name(one, before) == name(other, after)
    };
    let outcomes = before.hurting().map(|finding| {
        let found = after.findings.iter().find(|it| same(finding, it));
        outcome(finding, found, before, after)
    });
    let is_new = |it: &&Finding<'_>| !before.findings.iter().any(|old| same(old, it) && hurts(old));
    let sources = after.material.sources();
    let new = after.hurting().filter(is_new).map(|it| NewFinding {
        signature: it.signature.id.clone(),
        title: printable(&it.title()),
        host: it.host_name(after.material.world).to_owned(),
        severity: name_of(SEVERITIES, it.signature.severity),
        verdict: it.verdict.name(),
        evidence: places(it.conditions.iter().filter(|it| it.truth == Truth::Yes), &sources),
    });
    VerifyReport { outcomes: outcomes.collect(), new: new.collect(), progress: progress(before, after) }
}

/// What was decided of a finding.
struct Decided<'f> {
    state: &'static str,
    because: String,
    shown: Vec<&'f Judged>,
    asks: Vec<String>,
}

fn outcome(
    finding: &Finding<'_>,
    found: Option<&Finding<'_>>,
    before: &Captured<'_>,
    after: &Captured<'_>,
) -> Outcome {
    let world = after.material.world;
    let host_name = finding.host_name(before.material.world);
    let host = (0..world.hosts.len()).find(|host| world.hosts[*host].name.eq_ignore_ascii_case(host_name));
    let then = &before.material.world.hosts[finding.host];
    let newest = then.newest_record().map(Stamp::order);
    let decided = match (host, found) {
        (None, _) => Decided {
            state: "cannot_tell",
            because: format!("{host_name} was not collected this time"),
            shown: Vec::new(),
            asks: vec![format!("from {host_name}: what was collected the first time")],
        },
        (Some(_), Some(found)) => again(found, newest),
        (Some(host), None) => gone(finding, host, newest, world),
    };
    let sources = after.material.sources();
    Outcome {
        signature: finding.signature.id.clone(),
        title: printable(&finding.title()),
        host: host_name.to_owned(),
        site: finding.site.clone(),
        severity: name_of(SEVERITIES, finding.signature.severity),
        state: decided.state,
        because: printable(&decided.because),
        evidence: places(decided.shown.into_iter(), &sources),
        asks: decided.asks,
        verification: finding.signature.verify.iter().map(|text| text.show(&finding.captures)).collect(),
    }
}

/// A finding that is there again: it may rest on the same old lines.
fn again<'f>(found: &'f Finding<'_>, newest: Option<NaiveDateTime>) -> Decided<'f> {
    let of = |truth: Truth| found.conditions.iter().filter(move |judged| judged.truth == truth);
    let decided = |state, because: String, shown, asks| Decided { state, because, shown, asks };
    if !found.active {
        let over = of(Truth::Yes).filter(|judged| judged.part == Part::Resolved).collect();
        return decided("fixed", "a later success followed".to_owned(), over, Vec::new());
    }
    if found.verdict == Verdict::RuledOut {
        let against: Vec<&Judged> = found
            .conditions
            .iter()
            .filter(|judged| {
                matches!((judged.part, judged.truth), (Part::Need, Truth::No) | (Part::Refute, Truth::Yes))
            })
            .collect();
        let why = against.iter().map(|judged| judged.why.clone()).collect::<Vec<_>>().join("; ");
        return decided("fixed", why, against, Vec::new());
    }
    let is_new = |seen: &&Seen| {
        seen.stamp.zip(newest).is_some_and(|(stamp, newest): (Stamp, NaiveDateTime)| newest < stamp.order())
    };
    let lately: Vec<&Judged> =
        of(Truth::Yes).filter(|judged| judged.seen.iter().any(|seen| seen.log && is_new(&seen))).collect();
    if !lately.is_empty() {
        return decided("not_fixed", "it came again".to_owned(), lately, Vec::new());
    }
    // What merely supports it, such as a version, may stay as it is when it is cured.
    let needs = of(Truth::Yes).filter(|judged| judged.part == Part::Need);
    let by_state: Vec<&Judged> = needs.filter(|judged| judged.seen.iter().any(|seen| !seen.log)).collect();
    if !by_state.is_empty() {
        return decided("not_fixed", "what shows it is still so".to_owned(), by_state, Vec::new());
    }
    let unknown = of(Truth::Unknown).filter_map(|judged| ask_of(judged, found));
    let mut asks: Vec<String> = unknown.map(|(server, what)| format!("from {server}: {what}")).collect();
    asks.push("do what failed once more, then collect the logs again".to_owned());
    let because = "only the old lines speak of it: nothing tells whether it was tried again";
    decided("cannot_tell", because.to_owned(), Vec::new(), asks)
}

/// A finding that is not there any more: its first need tells why.
fn gone(
    finding: &Finding<'_>,
    host: usize,
    newest: Option<NaiveDateTime>,
    world: &World,
) -> Decided<'static> {
    let decided = |state, because, asks| Decided { state, because, shown: Vec::new(), asks };
    let Some(trigger) = finding.signature.needs.first() else {
        return decided("cannot_tell", "the signature has no needs".to_owned(), Vec::new());
    };
    let found = answer(&trigger.question, host, world.captures(host), world);
    let by_state = found.seen.iter().any(|seen| !seen.log);
    let goes_on = || {
        let last = world.hosts[host].newest_record();
        newest.zip(last).is_some_and(|(newest, last)| newest < last.order())
    };
    match found.truth {
        Truth::No if by_state || goes_on() => decided("fixed", found.why, Vec::new()),
        Truth::No => {
            let because = format!("{}, but its logs are no newer than those of the first time", found.why);
            decided("cannot_tell", because, vec!["the logs, after what failed was done once more".to_owned()])
        }
        _ => {
            let asks = found.collect.map(|(server, what)| format!("from {server}: {what}"));
            decided("cannot_tell", found.why, asks.into_iter().collect())
        }
    }
}

fn places<'f>(shown: impl Iterator<Item = &'f Judged>, sources: &Sources<'_>) -> Vec<Evidence> {
    let places = shown.flat_map(|judged| {
        let says = judged.says.clone().unwrap_or_else(|| judged.why.clone());
        // The last ones are the new ones.
        let last = judged.seen.iter().rev().take(MOST_PLACES);
        last.map(move |seen| sources.seen(seen, &judged.name, &printable(&says), judged.truth == Truth::Yes))
            .collect::<Vec<_>>()
    });
    let mut places: Vec<Evidence> = places.collect();
    // Several conditions may rest on one place.
    places.dedup_by_key(|place| (place.source.clone(), place.offset, place.text.clone()));
    places.truncate(MOST_PLACES);
    places
}

fn progress(before: &Captured<'_>, after: &Captured<'_>) -> Vec<Progress> {
    let all = |captured: &Captured<'_>| -> Vec<(String, String, String)> {
        let told = |course: &Course<'_>| {
            let site = course.site.clone().unwrap_or_else(|| "?".to_owned());
            let state = match course.stopped.map(|at| &course.stages[at]) {
                None => "complete".to_owned(),
                Some(stage) => {
                    let state = stage.state.name().replace('_', " ");
                    format!("{}, {}: {state}", stage.phase.id, stage.phase.title)
                }
            };
            (course.lifecycle.title.clone(), site, state)
        };
        let Material { signatures, world, .. } = &captured.material;
        courses(signatures, &captured.findings, world).iter().map(told).collect()
    };
    let then = all(before);
    let now = all(after);
    let changed = now.into_iter().filter_map(|(title, site, now)| {
        let then = then.iter().find(|it| it.0 == title && it.1 == site);
        let before = then.map_or("nothing showed it".to_owned(), |it| it.2.clone());
        (before != now).then_some(Progress { title, site, before, after: now })
    });
    changed.collect()
}
