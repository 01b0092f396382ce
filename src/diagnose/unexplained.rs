//! Error lines that no finding explains, grouped by their shape.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};

use crate::correlate::World;
use crate::model::{SourceId, Stamp};
use crate::parse::log::RecordFact;

use super::finding::{Finding, Verdict};
use super::found::Seen;
use crate::signature::Kind;

/// Error lines of one shape on one server.
#[derive(Clone, Debug)]
pub struct Group {
    pub host: usize,
    pub template: String,
    pub count: u64,
    pub first: Option<Stamp>,
    pub last: Option<Stamp>,
    pub example: RecordFact,
}

/// Groups that are told; the rest is counted in the report's problems.
const MOST_GROUPS: usize = 200;

/// The groups of all servers, the most telling first, and how many were left out.
pub fn unexplained(findings: &[Finding<'_>], world: &World) -> (Vec<Group>, usize) {
    let told = findings.iter().filter(|finding| finding.verdict > Verdict::RuledOut);
    let explained: BTreeSet<(usize, u32)> = told
        .flat_map(|finding| finding.log_evidence().filter_map(|seen| Some((seen.host, seen.pattern?))))
        .collect();
    let mut groups: BTreeMap<(usize, String), Group> = BTreeMap::new();
    for (host, fact) in world.hosts.iter().enumerate() {
        for error in fact.logs.iter().flat_map(|log| &log.errors) {
            if error.patterns.iter().any(|pattern| explained.contains(&(host, *pattern))) {
                continue;
            }
            let group = groups.entry((host, error.template.clone())).or_insert_with(|| Group {
                host,
                template: error.template.clone(),
                count: 0,
                first: None,
                last: None,
                example: error.first.clone(),
            });
            group.count += error.count;
            let stamps = [group.first, group.last, error.first.stamp, error.last];
            let stamps = || stamps.into_iter().flatten();
            group.first = stamps().min_by_key(|stamp| stamp.order());
            group.last = stamps().max_by_key(|stamp| stamp.order());
        }
    }
    let failures = failures(findings);
    let mut groups: Vec<(Rank, Group)> =
        groups.into_values().map(|group| (rank(&group, &failures, world), group)).collect();
    groups.sort_by(|(rank, a), (other, b)| {
        let name = |group: &Group| &world.hosts[group.host].name;
        (rank, name(a), &a.template).cmp(&(other, name(b), &b.template))
    });
    // Where there are too many, every server has its part.
    let mut of_host: BTreeMap<usize, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, usize)> = Vec::new();
    for (place, (_, group)) in groups.iter().enumerate() {
        let turn = of_host.entry(group.host).or_default();
        turns.push((*turn, place));
        *turn += 1;
    }
    turns.sort_unstable();
    let told: BTreeSet<usize> = turns.iter().take(MOST_GROUPS).map(|(_, place)| *place).collect();
    let left_out = groups.len() - told.len();
    let groups = groups.into_iter().enumerate().filter(|(place, _)| told.contains(place));
    (groups.map(|(_, (_, group))| group).collect(), left_out)
}

/// How much a group may tell: how near it began to a failure, whether it stands in a log that shows one, how rare it is.
type Rank = (u8, bool, u32);

/// Where and when findings that hurt now began.
struct Failures<'f> {
    /// In the order of their times as they stand.
    by_time: Vec<(NaiveDateTime, &'f Seen)>,
    sources: BTreeSet<SourceId>,
}

fn failures<'f>(findings: &'f [Finding<'_>]) -> Failures<'f> {
    let hurts = |finding: &&Finding<'_>| {
        finding.active && finding.verdict >= Verdict::Probable && finding.signature.kind != Kind::Benign
    };
    let first = |finding: &'f Finding<'_>| {
        let seen = finding.log_evidence().filter_map(|seen| Some((seen.stamp?.order(), seen)));
        seen.min_by_key(|(order, seen)| (*order, seen.origin))
    };
    let mut by_time: Vec<_> = findings.iter().filter(hurts).filter_map(first).collect();
    by_time.sort_by_key(|(order, seen)| (*order, seen.origin));
    let sources = by_time.iter().map(|(_, seen)| seen.origin.source).collect();
    Failures { by_time, sources }
}

fn rank(group: &Group, failures: &Failures<'_>, world: &World) -> Rank {
    const NEAR: [TimeDelta; 3] = [TimeDelta::minutes(10), TimeDelta::hours(1), TimeDelta::days(1)];
    let distance = |(_, failure): &(NaiveDateTime, &Seen)| {
        let moments = failure.stamp.zip(group.first)?;
        let (apart, error) = world.clocks.apart((failure.host, moments.0), (group.host, moments.1));
        let apart = (apart.abs() - error).max(TimeDelta::zero());
        NEAR.iter().position(|near| apart <= *near)
    };
    // The last failure before it and the first one behind it are the nearest.
    let at = group.first.map(|first| failures.by_time.partition_point(|(order, _)| *order < first.order()));
    let nearest = at.map(|at| &failures.by_time[at.saturating_sub(1)..failures.by_time.len().min(at + 1)]);
    let near = nearest.into_iter().flatten().filter_map(distance).min().unwrap_or(NEAR.len());
    let same_log = failures.sources.contains(&group.example.origin.source);
    (near as u8, !same_log, group.count.ilog2())
}
