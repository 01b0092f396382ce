//! From findings to the report: names instead of numbers, in the order in which a person reads.

mod clock;
mod codes;
mod diff;
mod diagnosis;
mod evidence;
mod fingerprint;
mod lifecycle;
mod names;
mod servers;
mod things;
mod timeline;
mod verify;
mod why;

use std::collections::{BTreeMap, BTreeSet};

use crate::correlate::World;
use crate::facts::{Host, Truth};
use crate::model::report::{
    AskReport, BundleReport, CatalogReport, Checklist, CodeReport, HostReport, ItemReport, LogReport,
    ProblemReport, Report, SCHEMA, Tool, Unexplained,
};
use crate::model::{Problem, ProblemKind, Stamp, printable};
use crate::signature::{Kind, Signatures};

use super::course::{Course, PhaseState};
use super::finding::{Finding, Judged, Part, Verdict};
use super::role::{Held, roles};
use super::{cause, courses, is_told, looked_alike, unexplained};
use evidence::Sources;
use timeline::Story;

pub use codes::code_reports;
pub use diff::diff;
pub use evidence::SourceInfo;
pub use names::names;
pub use verify::{Captured, verify};
pub use why::why;

/// What a report is made from, beside the findings.
pub struct Material<'a> {
    pub world: &'a World,
    pub signatures: &'a Signatures,
    /// The codes of a log record with their meanings.
    pub codes: &'a dyn Fn(&str) -> Vec<CodeReport>,
    pub catalog: CatalogReport,
    pub bundles: Vec<BundleReport>,
    /// By source number.
    pub sources: Vec<SourceInfo>,
    pub problems: Vec<Problem>,
    /// Whether all that was ruled out is told, and not only what looked alike.
    pub everything: bool,
}

impl Material<'_> {
    /// Its sources by their names.
    fn sources(&self) -> Sources<'_> {
        Sources { all: &self.sources, world: self.world, codes: self.codes }
    }
}

/// The report of an analysis.
pub fn assemble(findings: &[Finding<'_>], material: Material<'_>) -> Report {
    let Material { world, signatures, codes, catalog, bundles, sources, problems, everything } = material;
    let sources = Sources { all: &sources, world, codes };
    let names: Vec<String> = world.hosts.iter().map(|host| host.name.clone()).collect();
    let told = cause::reading_order(findings, &names).into_iter().filter(|index| is_told(&findings[*index]));
    let (order, unlike): (Vec<usize>, Vec<usize>) =
        told.partition(|index| everything || looked_alike(&findings[*index], findings));
    let ids: BTreeMap<usize, usize> =
        order.iter().enumerate().map(|(place, index)| (*index, place + 1)).collect();
    let diagnoses: Vec<_> =
        order.iter().map(|index| diagnosis::diagnosis(*index, findings, &ids, &sources)).collect();
    let (groups, left_out) = unexplained::unexplained(findings, world);
    let courses = courses(signatures, findings, world);
    let held = roles(signatures, world);
    let story = Story { findings, ids: &ids, courses: &courses, groups: &groups, signatures };
    let unlisted: u64 = world.hosts.iter().flat_map(|host| &host.logs).map(|log| log.errors_left_out).sum();
    let counts = [
        (unlike.len() as u64, "signatures that only a common state set off, ruled out"),
        (left_out as u64, "more shapes of unexplained errors"),
        (unlisted, "error lines of further shapes, beyond the number that is kept for one log"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count != 0);
    let unexplained = groups.iter().map(|group| Unexplained {
        template: group.template.clone(),
        host: names[group.host].clone(),
        count: group.count,
        first: group.first.map(Stamp::display),
        last: group.last.map(Stamp::display),
        example: sources.record(&group.example, group.host),
    });
    Report {
        schema: SCHEMA,
        tool: Tool { name: "sitedx", version: env!("CARGO_PKG_VERSION"), catalog },
        verdict: verdict(findings, &courses, world, &problems),
        hosts: (0..world.hosts.len()).map(|index| host(index, &held, &sources)).collect(),
        mentioned: servers::mentioned(signatures, &held, &sources),
        contradictions: servers::contradictions(&sources),
        checklists: checklists(findings, &order, &names, &sources),
        lifecycles: courses.iter().map(|it| lifecycle::report(it, &sources)).collect(),
        timeline: timeline::timeline(&story, &sources),
        unexplained: unexplained.collect(),
        asks: asks(findings, &order),
        problems: problem_reports(problems, &sources),
        left_out: counts.map(|(count, what)| format!("{count} {what}")).collect(),
        diagnoses,
        bundles,
    }
}

/// The verdict of the whole: a strong active finding is a problem, a possible one makes suspect.
///
/// Without a finding, a site that stopped on its way makes suspect. All is clean only if nothing is under way and nothing
/// was passed over: a source that cannot be opened, or what lies behind a limit, may hold what was looked for.
fn verdict(
    findings: &[Finding<'_>],
    courses: &[Course<'_>],
    world: &World,
    problems: &[Problem],
) -> &'static str {
    let harmful =
        |finding: &&Finding<'_>| is_told(finding) && finding.active && finding.signature.kind != Kind::Benign;
    let told = || findings.iter().filter(harmful);
    if told().any(|finding| finding.verdict >= Verdict::Probable) {
        return "problem";
    }
    if told().any(|finding| finding.verdict == Verdict::Possible) {
        return "suspect";
    }
    let stopped = || courses.iter().filter_map(|course| Some(course.stages[course.stopped?].state));
    if stopped().any(PhaseState::is_trouble) {
        return "suspect";
    }
    if stopped().any(|state| state == PhaseState::Begun) {
        return "inconclusive";
    }
    let anything = |host: &Host| {
        !host.logs.is_empty()
            || host.shares.covered().is_some()
            || host.registry.key_present("HKLM").truth == Truth::Yes
    };
    let passed_over = |problem: &Problem| match problem.kind {
        ProblemKind::Limit => true,
        ProblemKind::Unreadable => problem.origin.is_none(),
        _ => false,
    };
    let whole = !problems.iter().any(passed_over);
    if whole && world.hosts.iter().any(anything) { "clean" } else { "inconclusive" }
}

fn host(index: usize, held: &[Held<'_>], sources: &Sources<'_>) -> HostReport {
    let world = sources.world;
    let host = &world.hosts[index];
    let identity = &host.identity;
    let value = |known: &Option<crate::facts::Known>| known.as_ref().map(|known| known.value.clone());
    let measured = host.logs.iter().find_map(|log| log.measured);
    // What the newest record says is nearest to the time of the capture.
    let stamps = host.logs.iter().filter_map(|log| log.last);
    let told = stamps.filter(|stamp| stamp.zone.offset().is_some()).max_by_key(|stamp| stamp.order());
    let (offset, from) = match (identity.offset, measured, told.and_then(|stamp| stamp.zone.offset())) {
        (Some(offset), ..) => (Some(offset), Some("registry")),
        (None, Some(offset), _) => (Some(offset), Some("status messages")),
        (None, None, Some(offset)) => (Some(offset), Some("records of logs")),
        (None, None, None) => (None, None),
    };
    let log = |log: &crate::parse::log::LogRead| LogReport {
        source: sources.path(log.source).to_owned(),
        log: log.logical.clone(),
        records: log.records,
        unframed_lines: log.unframed,
        first: log.first.map(Stamp::display),
        last: log.last.map(Stamp::display),
        time_basis: log.last.map_or("no times", |stamp| stamp.zone.basis()),
    };
    let moments = |pick: fn(&crate::parse::log::LogRead) -> Option<Stamp>| {
        let mut moments: Vec<Stamp> = host.logs.iter().filter_map(pick).collect();
        moments.sort_by_key(|stamp| stamp.order());
        moments
    };
    HostReport {
        name: host.name.clone(),
        named_by: host.named_by.clone(),
        site: value(&identity.site),
        site_from: identity.site.as_ref().map(|site| site.by.clone()),
        role: identity.role.map(crate::facts::Role::name),
        parent: value(&identity.parent_site),
        children: identity.site.as_ref().map(|site| world.children(&site.value)).unwrap_or_default(),
        product: value(&identity.product),
        version: value(&identity.version),
        os: value(&identity.os),
        utc_offset_minutes: offset,
        utc_offset_from: from,
        roles: servers::roles_of(index, held, sources),
        clock: clock::notes(index, sources),
        sources: sources.count_of(index),
        logs: host.logs.iter().map(log).collect(),
        first_seen: moments(|log| log.first).first().map(|stamp| stamp.display()),
        last_seen: moments(|log| log.last).last().map(|stamp| stamp.display()),
    }
}

fn checklists(
    findings: &[Finding<'_>],
    order: &[usize],
    names: &[String],
    sources: &Sources<'_>,
) -> Vec<Checklist> {
    // Those with a problem in reading order, then those in which all is well.
    let rest = (0..findings.len()).filter(|index| !order.contains(index));
    let all = order.iter().copied().chain(rest).map(|index| &findings[index]);
    let with_items = all.filter(|finding| !finding.items.is_empty());
    with_items
        .map(|finding| Checklist {
            id: finding.signature.id.clone(),
            kb: finding.signature.kb.clone(),
            title: finding.title(),
            host: names[finding.host].clone(),
            site: finding.site.clone(),
            items: finding
                .items
                .iter()
                .map(|item| ItemReport {
                    title: item.title.clone(),
                    subject: item.subject.clone(),
                    state: item.state(),
                    why: item.why.clone(),
                    evidence: item
                        .seen
                        .iter()
                        .map(|seen| sources.seen(seen, &item.title, &item.why, true))
                        .collect(),
                    remediation: item.remedy.clone(),
                    ask: item.collect.as_ref().map(|(server, what)| format!("from {server}: {what}")),
                })
                .collect(),
        })
        .collect()
}

/// What to collect: for each condition and item that is not known, once for each server.
fn asks(findings: &[Finding<'_>], order: &[usize]) -> Vec<AskReport> {
    let mut ranks: Vec<(String, String)> = Vec::new();
    let mut reasons: BTreeMap<(String, String), BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
    for finding in order.iter().map(|index| &findings[*index]) {
        if finding.verdict == Verdict::RuledOut {
            continue;
        }
        let open = |judged: &&Judged| judged.part != Part::Resolved && judged.truth == Truth::Unknown;
        let conditions = finding.conditions.iter().filter(open);
        let by_condition = conditions.filter_map(|judged| {
            Some((diagnosis::ask_of(judged, finding)?, format!("\"{}\"", judged.name.replace('_', " "))))
        });
        let items = finding
            .items
            .iter()
            .filter_map(|item| Some((item.collect.clone()?, "points of the checklist".into())));
        for (ask, what) in by_condition.chain(items) {
            if !ranks.contains(&ask) {
                ranks.push(ask.clone());
            }
            reasons.entry(ask).or_default().entry(&finding.signature.id).or_default().insert(what);
        }
    }
    let reports = ranks.into_iter().map(|ask| {
        let settles = reasons
            .remove(&ask)
            .unwrap_or_default()
            .into_iter()
            .map(|(id, what)| format!("{} of {id}", what.into_iter().collect::<Vec<_>>().join(", ")));
        let because = format!("would settle {}", settles.collect::<Vec<_>>().join("; "));
        AskReport { host: ask.0, collect: ask.1, because }
    });
    reports.collect()
}

fn problem_reports(problems: Vec<Problem>, sources: &Sources<'_>) -> Vec<ProblemReport> {
    let mut reports: Vec<ProblemReport> = problems
        .into_iter()
        .map(|problem| ProblemReport {
            bundle: sources.bundle(problem.source).to_owned(),
            source: sources.path(problem.source).to_owned(),
            line: problem.origin.map(|origin| origin.line).filter(|line| *line != 0),
            offset: problem.origin.map(|origin| origin.offset),
            kind: problem.kind.name(),
            what: printable(&problem.what),
        })
        .collect();
    reports.sort();
    reports
}
