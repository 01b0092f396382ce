//! Why a signature did or did not fire, on each server.

use super::super::answer::answer;
use super::super::finding::{Finding, Judged, Part, Verdict};
use super::super::judge::judge;
use super::Material;
use super::diagnosis::{ask_of, truth_name};
use super::evidence::Sources;
use crate::facts::Truth;
use crate::model::printable;
use crate::model::why::{WhyCondition, WhyReport, WhyServer};
use crate::signature::Signature;

/// Places of one condition that are listed.
const MOST_PLACES: usize = 4;

/// Asks a signature on every server, and tells what each condition came to.
pub fn why(signature: &Signature, material: &Material<'_>) -> WhyReport {
    let world = material.world;
    let sources = material.sources();
    let servers = (0..world.hosts.len()).flat_map(|host| {
        let findings = judge(signature, host, world);
        let told: Vec<WhyServer> = findings.iter().map(|it| found(it, &sources)).collect();
        if told.is_empty() { vec![nothing(signature, host, &sources)] } else { told }
    });
    WhyReport { signature: signature.id.clone(), servers: servers.collect() }
}

fn found(finding: &Finding<'_>, sources: &Sources<'_>) -> WhyServer {
    let conditions: Vec<WhyCondition> = finding
        .conditions
        .iter()
        .map(|judged| {
            let ask = ask_of(judged, finding).filter(|_| judged.truth == Truth::Unknown);
            condition(judged, ask, sources)
        })
        .collect();
    WhyServer {
        host: finding.host_name(sources.world).to_owned(),
        site: finding.site.clone(),
        verdict: finding.verdict.name(),
        because: because(finding),
        title: Some(printable(&finding.title())),
        confidence: Some(finding.confidence),
        conditions,
    }
}

/// What the verdict rests on.
fn because(finding: &Finding<'_>) -> String {
    let of = |part: Part, truth: Truth| {
        let names = finding.conditions.iter().filter(|judged| judged.part == part && judged.truth == truth);
        names.map(|judged| format!("`{}`", judged.name)).collect::<Vec<_>>().join(", ")
    };
    let (refuted, denied) = (of(Part::Refute, Truth::Yes), of(Part::Need, Truth::No));
    let (unknown, against) = (of(Part::Need, Truth::Unknown), of(Part::Support, Truth::No));
    let proves = |judged: &&Judged| judged.proves && judged.truth == Truth::Yes;
    let over = if finding.active { "" } else { "; a later success makes it history" };
    let text = match finding.verdict {
        Verdict::RuledOut if !refuted.is_empty() => format!("refuted by {refuted}"),
        Verdict::RuledOut => format!("the need {denied} is false"),
        Verdict::Possible => format!("the need {unknown} is not known"),
        Verdict::Probable if !against.is_empty() => {
            format!("all needs are true, and {against} speaks against it")
        }
        Verdict::Probable => "all needs are true, and nothing proves it beyond doubt".to_owned(),
        Verdict::Confirmed => {
            let proof = finding.conditions.iter().find(proves).map_or("", |judged| &judged.name);
            format!("all needs are true, and `{proof}` proves it")
        }
    };
    format!("{text}{over}")
}

/// A signature that found nothing on a server.
fn nothing(signature: &Signature, host: usize, sources: &Sources<'_>) -> WhyServer {
    let world = sources.world;
    let captures = world.captures(host);
    let fact = &world.hosts[host];
    let server = |verdict, because, conditions| WhyServer {
        host: fact.name.clone(),
        site: fact.identity.site.as_ref().map(|site| site.value.clone()),
        verdict,
        because,
        title: None,
        confidence: None,
        conditions,
    };
    if let Some((name, value)) = signature.excluded_by(captures) {
        let because = format!("it applies to other servers: the {} here is {value}", name.replace('_', " "));
        return server("not_asked", because, Vec::new());
    }
    // The others are asked too, though only what is known of the server is bound.
    let parts = [
        (&signature.needs, Part::Need),
        (&signature.supports, Part::Support),
        (&signature.refutes, Part::Refute),
        (&signature.resolved, Part::Resolved),
    ];
    let all = parts.into_iter().flat_map(|(list, part)| list.iter().map(move |it| (it, part)));
    let conditions: Vec<WhyCondition> = all
        .map(|(it, part)| {
            let found = answer(&it.question, host, captures, world);
            let seen = found.rows.iter().flat_map(|row| row.seen.clone());
            let judged = Judged {
                name: it.name.clone(),
                part,
                truth: found.truth,
                seen: if found.truth == Truth::Yes { seen.collect() } else { found.seen.clone() },
                why: found.why.clone(),
                says: None,
                proves: it.proves,
                points: 0,
                collect: None,
            };
            condition(&judged, found.collect, sources)
        })
        .collect();
    let trigger = signature.needs.first().map_or("", |it| &it.name);
    let because = match conditions.first().map(|it| it.value) {
        Some("unknown") => {
            format!("whether `{trigger}` is true is not known, and without it nothing is told")
        }
        _ => format!("`{trigger}` is not true, and without it nothing is told"),
    };
    server("no_trigger", because, conditions)
}

fn condition(judged: &Judged, ask: Option<(String, String)>, sources: &Sources<'_>) -> WhyCondition {
    let holds = judged.truth == Truth::Yes;
    let says = judged.says.clone().unwrap_or_else(|| judged.why.clone());
    let evidence = sources.places(&judged.seen, MOST_PLACES, &judged.name, &printable(&says), holds);
    WhyCondition {
        name: judged.name.clone(),
        role: judged.part.name(),
        value: truth_name(judged.truth),
        points: judged.points,
        why: printable(&judged.why),
        evidence,
        ask: ask.map(|(server, what)| format!("from {server}: {what}")),
    }
}
