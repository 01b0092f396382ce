//! Error lines that no finding explains, grouped by their shape.

use std::collections::{BTreeMap, BTreeSet};

use crate::correlate::World;
use crate::model::Stamp;
use crate::parse::log::RecordFact;

use super::finding::{Finding, Verdict};

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

/// The groups of all servers, the most frequent of each server first, and how many were left out.
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
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| {
        let name = |group: &Group| &world.hosts[group.host].name;
        (name(a), std::cmp::Reverse(a.count), &a.template).cmp(&(
            name(b),
            std::cmp::Reverse(b.count),
            &b.template,
        ))
    });
    let left_out = groups.len().saturating_sub(MOST_GROUPS);
    groups.truncate(MOST_GROUPS);
    (groups, left_out)
}
