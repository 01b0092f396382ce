//! The servers of a report: what they do, who is named and missing, and what cannot be so.

use crate::model::Origin;
use crate::model::report::{ContradictionReport, MentionReport, RoleReport};
use crate::signature::Signatures;

use super::super::role::Held;
use super::evidence::Sources;

/// What a server does for sites.
pub fn roles_of(host: usize, held: &[Held<'_>], sources: &Sources<'_>) -> Vec<RoleReport> {
    let own = held.iter().filter(|it| it.host == Some(host));
    own.map(|it| RoleReport {
        role: it.role.to_owned(),
        of: it.of.clone(),
        told_on: sources.world.hosts[it.told_on].name.clone(),
        by: it.by.clone(),
        source: sources.source_of(it.origin),
        line: line_of(it.origin),
    })
    .collect()
}

/// Servers that are named and were not collected: site servers, then those that do something for a site.
pub fn mentioned(signatures: &Signatures, held: &[Held<'_>], sources: &Sources<'_>) -> Vec<MentionReport> {
    let world = sources.world;
    let name = |host: usize| world.hosts[host].name.clone();
    let sites = world.mentioned(signatures).into_iter().map(|it| MentionReport {
        name: it.name,
        site: it.site,
        what: it.what,
        host: name(it.host),
        by: it.by,
        source: sources.source_of(it.origin),
        line: line_of(it.origin),
    });
    let missing = held.iter().filter(|it| it.host.is_none());
    let others = missing.map(|it| MentionReport {
        name: it.server.clone(),
        site: it.site.clone(),
        what: format!("{} of {}", it.role, it.of),
        host: name(it.told_on),
        by: it.by.clone(),
        source: sources.source_of(it.origin),
        line: line_of(it.origin),
    });
    let mut all: Vec<MentionReport> = sites.collect();
    // Status messages name a server without saying what it does; a role says more.
    let others: Vec<MentionReport> = others.collect();
    all.retain(|it| {
        !(it.line.is_none() && others.iter().any(|other| other.name.eq_ignore_ascii_case(&it.name)))
    });
    all.extend(others);
    all
}

/// What servers say of themselves that cannot be.
pub fn contradictions(sources: &Sources<'_>) -> Vec<ContradictionReport> {
    let all = sources.world.contradictions().into_iter();
    all.map(|it| ContradictionReport {
        host: sources.world.hosts[it.host].name.clone(),
        what: it.what,
        source: sources.source_of(it.origin),
        line: line_of(it.origin),
    })
    .collect()
}

fn line_of(origin: Option<Origin>) -> Option<u32> {
    origin.map(|origin| origin.line).filter(|line| *line != 0)
}
