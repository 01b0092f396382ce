//! What changed on servers between two captures.

use std::collections::BTreeMap;

use super::Material;
use super::evidence::Sources;
use super::things::{Name, Thing, present, things};
use crate::facts::{Host, Proof, Truth};
use crate::model::diff::{Change, DiffReport, Noise, ServerDiff};
use crate::model::printable;
use crate::model::report::Evidence;
use crate::pattern::{Captures, Glob};
use crate::signature::Quiet;

use super::super::found::seen;

/// Compares the servers of two captures; with `all`, what is known to mean nothing is told too.
pub fn diff(before: &Material<'_>, after: &Material<'_>, all: bool) -> DiffReport {
    let names = |captured: &Material<'_>| -> BTreeMap<String, usize> {
        let hosts = captured.world.hosts.iter().enumerate();
        hosts.map(|(index, host)| (host.name.to_lowercase(), index)).collect()
    };
    let (first, second) = (names(before), names(after));
    let name = |captured: &Material<'_>, index: usize| captured.world.hosts[index].name.clone();
    let only = |here: &BTreeMap<String, usize>, there: &BTreeMap<String, usize>, captured: &Material<'_>| {
        let missing = here.iter().filter(|(name, _)| !there.contains_key(*name));
        missing.map(|(_, index)| name(captured, *index)).collect()
    };
    let quiet: &[Quiet] = if all { &[] } else { &before.signatures.quiet };
    let servers = first.iter().filter_map(|(name, one)| Some((*one, *second.get(name)?)));
    DiffReport {
        servers: servers
            .map(|(one, other)| server((one, &before.sources()), (other, &after.sources()), quiet))
            .collect(),
        only_first: only(&first, &second, before),
        only_second: only(&second, &first, after),
    }
}

/// A server of one of the captures.
type Side<'s> = (usize, &'s Sources<'s>);

fn host<'s>(side: Side<'s>) -> &'s Host {
    &side.1.world.hosts[side.0]
}

fn server(before: Side<'_>, after: Side<'_>, quiet: &[Quiet]) -> ServerDiff {
    let (one, other) = (host(before), host(after));
    let (then, now) = (things(one), things(other));
    let mut diff =
        ServerDiff { host: one.name.clone(), changes: Vec::new(), not_compared: 0, noise: Vec::new() };
    let mut found: BTreeMap<&Name, Change> = BTreeMap::new();
    for (name, thing) in &then {
        if let Some(same) = now.get(name) {
            if let Some((old, new)) = changed(thing, same) {
                let evidence = [place(before, thing.proof.as_ref()), place(after, same.proof.as_ref())];
                found.insert(name, change(name, thing, "changed", (Some(old), Some(new)), evidence));
            }
            continue;
        }
        let answer = present(other, name.0, &thing.shown);
        match answer.truth {
            Truth::No => {
                let evidence = [place(before, thing.proof.as_ref()), place(after, answer.proofs.first())];
                found.insert(name, change(name, thing, "removed", (told(thing), None), evidence));
            }
            Truth::Unknown => diff.not_compared += 1,
            Truth::Yes => {}
        }
    }
    for (name, thing) in now.iter().filter(|(name, _)| !then.contains_key(*name)) {
        let answer = present(one, name.0, &thing.shown);
        match answer.truth {
            Truth::No => {
                let evidence = [place(before, answer.proofs.first()), place(after, thing.proof.as_ref())];
                found.insert(name, change(name, thing, "added", (None, told(thing)), evidence));
            }
            Truth::Unknown => diff.not_compared += 1,
            Truth::Yes => {}
        }
    }
    let (mut noise, mut roots): (BTreeMap<&str, usize>, Roots) = Default::default();
    for (name, change) in found {
        match quiet.iter().find(|it| is_quiet(it, name)) {
            Some(it) => *noise.entry(&it.why).or_default() += 1,
            None => fold(&mut diff.changes, &mut roots, &name.1, change),
        }
    }
    diff.noise = noise.into_iter().map(|(why, count)| Noise { count, why: why.to_owned() }).collect();
    diff
}

/// The keys and folders that came or went, by kind, what became of them, and name: the places of their changes.
type Roots = BTreeMap<(&'static str, &'static str, String), usize>;

/// Adds a change, or counts it with the key or folder that came or went as a whole.
fn fold(changes: &mut Vec<Change>, roots: &mut Roots, name: &str, change: Change) {
    let holder = if change.kind == "value" { "key" } else { change.kind };
    let mut above = name;
    while let Some((parent, _)) = above.rsplit_once('\\') {
        if let Some(at) = roots.get(&(holder, change.state, parent.to_owned())) {
            changes[*at].below += 1;
            return;
        }
        above = parent;
    }
    if change.state != "changed" {
        roots.insert((change.kind, change.state, name.to_owned()), changes.len());
    }
    changes.push(change);
}

/// What a thing was and is, if a detail that both captures tell differs.
fn changed(then: &Thing, now: &Thing) -> Option<(String, String)> {
    let pairs = then.details.iter().zip(&now.details);
    let differ = pairs.filter_map(|((label, old), (_, new))| {
        let (old, new) = (old.as_ref()?, new.as_ref()?);
        (old != new).then(|| (labelled(label, old), labelled(label, new)))
    });
    let (old, new): (Vec<String>, Vec<String>) = differ.unzip();
    (!old.is_empty()).then(|| (old.join(", "), new.join(", ")))
}

fn told(thing: &Thing) -> Option<String> {
    let told: Vec<String> =
        thing.details.iter().filter_map(|(label, value)| Some(labelled(label, value.as_ref()?))).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn labelled(label: &str, value: &str) -> String {
    if label.is_empty() { printable(value) } else { format!("{label} {}", printable(value)) }
}

fn change(
    name: &Name,
    thing: &Thing,
    state: &'static str,
    (before, after): (Option<String>, Option<String>),
    evidence: [Option<Evidence>; 2],
) -> Change {
    let evidence = evidence.into_iter().flatten().collect();
    Change { kind: name.0, name: printable(&thing.shown), state, before, after, below: 0, evidence }
}

fn place(side: Side<'_>, proof: Option<&Proof>) -> Option<Evidence> {
    proof.map(|proof| side.1.seen(&seen(side.0, proof.clone()), "", "", true))
}

/// Whether a change of a thing means nothing.
fn is_quiet(quiet: &Quiet, (kind, lower_name): &Name) -> bool {
    let none = Captures::default();
    let fits = |glob: &Glob| glob.fill(&none).is_ok_and(|it| it.find(lower_name).is_some());
    quiet.kind == *kind && quiet.names.iter().any(fits)
}
