//! One finding as the report tells it.

use std::collections::BTreeMap;

use crate::authoring::one_line;
use crate::correlate::World;
use crate::facts::Truth;
use crate::model::printable;
use crate::model::report::{CAUSE, Diagnosis, Evidence, Reason, RivalReport, Step, Unknown};
use crate::signature::{Ask, KINDS, RISKS, Risk, SEVERITIES, name_of};

use super::super::finding::{Finding, Judged, MENDED, Part, Verdict};
use super::evidence::Sources;
use super::fingerprint::fingerprints;

/// Places of one condition that a report lists; the rest is counted.
const MOST_PLACES: usize = 6;

/// Tells a finding; `ids` gives the report's number of each finding that is told.
pub fn diagnosis(
    index: usize,
    findings: &[Finding<'_>],
    ids: &BTreeMap<usize, usize>,
    sources: &Sources<'_>,
) -> Diagnosis {
    let world = sources.world;
    let finding = &findings[index];
    let signature = finding.signature;
    let (mut evidence, mut against) = (Vec::new(), Vec::new());
    for judged in &finding.conditions {
        match side(judged) {
            Some(true) => evidence.extend(places(judged, finding, sources)),
            Some(false) => against.extend(places(judged, finding, sources)),
            None => {}
        }
    }
    for item in finding.items.iter().filter(|item| item.is_problem()) {
        let says = format!("{}: {}", item.title, item.subject);
        evidence.extend(item.seen.first().map(|seen| sources.seen(seen, "item", &says, true)));
    }
    let unknown = finding.conditions.iter().filter(|judged| {
        judged.truth == Truth::Unknown && judged.part != Part::Resolved && finding.verdict > Verdict::RuledOut
    });
    let span = finding.span();
    let fingerprints = fingerprints(finding, world);
    let told = |number: &usize| ids.get(number).copied();
    let mut explains: Vec<usize> = finding.explains.iter().filter_map(told).collect();
    explains.sort_unstable();
    Diagnosis {
        id: ids.get(&index).copied().unwrap_or_default(),
        signature: signature.id.clone(),
        kb: signature.kb.clone(),
        title: printable(&finding.title()),
        general_title: signature.title.text().to_owned(),
        kind: name_of(KINDS, signature.kind),
        verdict: finding.verdict.name(),
        confidence: finding.confidence,
        severity: name_of(SEVERITIES, signature.severity),
        phase: signature.phase.clone(),
        active: finding.active,
        host: world.hosts[finding.host].name.clone(),
        site: finding.site.clone().or_else(|| served(finding.host, world)),
        bundle: evidence.first().map(|place: &Evidence| place.bundle.clone()),
        captures: finding.captures.iter().map(|(name, value)| (name.to_owned(), printable(value))).collect(),
        first_seen: span.map(|(first, _)| first.display()),
        last_seen: span.map(|(_, last)| last.display()),
        time_basis: span.map(|(first, _)| first.zone.basis()),
        means: one_line(&signature.means.show(&finding.captures)),
        unknown: unknown.map(|judged| told_unknown(judged, finding)).collect(),
        reasoning: finding.conditions.iter().map(reason).collect(),
        explains,
        explained_by: finding.explained_by.as_ref().and_then(told),
        rivals: signature
            .rivals
            .iter()
            .map(|rival| {
                let found =
                    findings.iter().find(|it| it.host == finding.host && it.signature.id == rival.signature);
                let verdict = found.map_or("no_evidence", |found| found.verdict.name());
                RivalReport { signature: rival.signature.clone(), verdict, tell: one_line(&rival.tell) }
            })
            .collect(),
        remediation: remediation(finding),
        verification: signature.verify.iter().map(|text| one_line(&text.show(&finding.captures))).collect(),
        fingerprint: fingerprints.get(CAUSE).cloned().unwrap_or_default(),
        fingerprints,
        evidence,
        against,
    }
}

/// The site that a server works for, if there is one only.
fn served(host: usize, world: &World) -> Option<String> {
    let sites = world.serving.get(&host).filter(|sites| sites.len() == 1)?;
    sites.first().cloned()
}

/// True for what speaks for a finding, false for what speaks against it.
fn side(judged: &Judged) -> Option<bool> {
    match (judged.part, judged.truth) {
        (Part::Need | Part::Support, Truth::Yes) => Some(true),
        (Part::Need | Part::Support, Truth::No) | (Part::Refute | Part::Resolved, Truth::Yes) => Some(false),
        _ => None,
    }
}

/// The places of one condition; a condition without a place is told all the same.
fn places(judged: &Judged, finding: &Finding<'_>, sources: &Sources<'_>) -> Vec<Evidence> {
    let holds = judged.truth == Truth::Yes;
    let says = match &judged.says {
        Some(says) => one_line(says),
        None => judged.why.clone(),
    };
    let mut places = sources.places(&judged.seen, MOST_PLACES, &judged.name, &says, holds);
    if places.is_empty() {
        // What follows from other evidence has no place of its own.
        places.push(Evidence {
            condition: judged.name.clone(),
            says,
            holds,
            kind: "derived",
            host: sources.world.hosts[finding.host].name.clone(),
            bundle: String::new(),
            source: String::new(),
            line: None,
            offset: 0,
            length: 0,
            sha256: String::new(),
            number: None,
            time: None,
            text: printable(&judged.why),
            codes: Vec::new(),
            more: 0,
        });
    }
    places
}

fn told_unknown(judged: &Judged, finding: &Finding<'_>) -> Unknown {
    let ask = ask_of(judged, finding).map(|(server, what)| format!("from {server}: {what}"));
    Unknown { condition: judged.name.clone(), why: judged.why.clone(), ask }
}

/// Whom to ask for what, to settle a condition: the signature's own words, else what the question needs.
///
/// Where the signature says in its own words what to bring from another server, nothing else is asked of that one.
pub fn ask_of(judged: &Judged, finding: &Finding<'_>) -> Option<(String, String)> {
    let unknown = |name: &str| {
        finding.conditions.iter().any(|other| other.name == name && other.truth == Truth::Unknown)
    };
    let own = |ask: &Ask| (ask.on.show(&finding.captures), one_line(&ask.text.show(&finding.captures)));
    if let Some(ask) = finding.signature.asks.iter().find(|ask| ask.condition == judged.name) {
        return Some(own(ask));
    }
    let collect = judged.collect.clone()?;
    if finding.captures.get("host") == Some(collect.0.as_str()) {
        return Some(collect);
    }
    let mut others = finding.signature.asks.iter().filter(|ask| unknown(&ask.condition)).map(own);
    Some(others.find(|ask| ask.0 == collect.0).unwrap_or(collect))
}

fn reason(judged: &Judged) -> Reason {
    Reason {
        condition: judged.name.clone(),
        role: judged.part.name(),
        value: truth_name(judged.truth),
        points: judged.points,
        why: printable(&judged.why),
    }
}

/// The name of a value that reports use.
pub fn truth_name(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown => "unknown",
    }
}

fn remediation(finding: &Finding<'_>) -> Vec<Step> {
    let captures = &finding.captures;
    let is_false =
        |name: &str| finding.conditions.iter().any(|judged| judged.name == name && judged.truth == Truth::No);
    let asked =
        finding.signature.remedies.iter().filter(|remedy| !remedy.when.as_deref().is_some_and(is_false));
    let steps = asked.map(|remedy| Step {
        step: 0,
        on: printable(&remedy.on.show(captures)),
        action: printable(&one_line(&remedy.action.show(captures))),
        run: remedy.run.as_ref().map(|run| printable(&run.show(captures))),
        risk: name_of(RISKS, remedy.risk),
        kb: remedy.kb.clone(),
    });
    let fixed = finding.signature.fixed.as_ref().filter(|_| !is_false(MENDED));
    let mended = fixed.and_then(|fixed| {
        let mut captures = captures.clone();
        captures.bind("fixed", &fixed.version.name);
        Some(Step {
            step: 0,
            on: captures.get("host").unwrap_or_default().to_owned(),
            action: printable(&one_line(&fixed.step.as_ref()?.show(&captures))),
            run: None,
            risk: name_of(RISKS, Risk::Medium),
            kb: None,
        })
    });
    let steps = steps.chain(mended).enumerate();
    steps.map(|(index, step)| Step { step: index + 1, ..step }).collect()
}
