//! Judges one signature on one server: conditions to a verdict, and how sure that is.

use std::cmp::Ordering;
use std::collections::HashSet;

use chrono::TimeDelta;

use crate::correlate::World;
use crate::facts::{Proof, Truth};
use crate::pattern::{Captures, compare};
use crate::signature::{Condition, Fixed, Kind, Order, Side, Signature, Version};

use super::answer::answer;
use super::checklist;
use super::finding::{Finding, Judged, MENDED, Part, Verdict};
use super::found::{Found, Row, Seen, seen};

/// Rows of a need that are followed further.
const MOST_BRANCHES: usize = 24;
/// Places of one condition that a finding keeps.
const MOST_SEEN: usize = 50;

/// All findings of a signature on a server, one for each identity.
pub fn judge<'a>(signature: &'a Signature, host: usize, world: &World) -> Vec<Finding<'a>> {
    let base = world.captures(host);
    if !signature.applies_to(base) {
        return Vec::new();
    }
    let Some((trigger, others)) = signature.needs.split_first() else { return Vec::new() };
    let found = answer(&trigger.question, host, base, world);
    let mut findings: Vec<Finding<'a>> = Vec::new();
    for row in distinct(found.rows) {
        let mut captures = base.clone();
        captures.extend(&row.captures);
        let judged = judged(trigger, Part::Need, Truth::Yes, row.seen, &found.why, None, &captures);
        let (captures, conditions) = needs(others, host, captures, vec![judged], world);
        let finding = complete(signature, host, captures, conditions, world);
        match findings.iter_mut().find(|known| known.identity == finding.identity) {
            Some(known) => merge(known, finding),
            None => findings.push(finding),
        }
    }
    // A checklist without a problem is no finding, but it is still a checklist.
    findings
}

/// Rows with the same captures become one, with the places of all.
fn distinct(rows: Vec<Row>) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    for row in rows {
        match out.iter_mut().find(|known| known.captures.binds_as(&row.captures)) {
            Some(known) => known.seen.extend(row.seen),
            None => out.push(row),
        }
    }
    out
}

/// Follows the needs in order; of several ways the first that makes all true, else the best.
fn needs(
    rest: &[Condition],
    host: usize,
    captures: Captures,
    so_far: Vec<Judged>,
    world: &World,
) -> (Captures, Vec<Judged>) {
    let Some((condition, rest)) = rest.split_first() else { return (captures, so_far) };
    let found = ask(condition, Part::Need, host, &captures, &so_far, world);
    if found.truth != Truth::Yes {
        let mut bound = captures.clone();
        bound.extend(&found.bound);
        let judged =
            judged(condition, Part::Need, found.truth, found.seen, &found.why, found.collect, &bound);
        return needs(rest, host, captures, [so_far, vec![judged]].concat(), world);
    }
    let mut best: Option<(Captures, Vec<Judged>)> = None;
    for row in distinct(found.rows).into_iter().take(MOST_BRANCHES) {
        let mut bound = captures.clone();
        bound.extend(&row.captures);
        let judged = judged(condition, Part::Need, Truth::Yes, row.seen, &found.why, None, &bound);
        let way = needs(rest, host, bound, [so_far.clone(), vec![judged]].concat(), world);
        let score =
            |way: &(Captures, Vec<Judged>)| way.1.iter().map(|judged| judged.truth as usize).sum::<usize>();
        if best.as_ref().is_none_or(|best| score(best) < score(&way)) {
            best = Some(way);
        }
    }
    best.unwrap_or((captures, so_far))
}

/// Asks a condition; evidence that does not stand where it must beside that of another condition does not count.
fn ask(
    condition: &Condition,
    part: Part,
    host: usize,
    captures: &Captures,
    so_far: &[Judged],
    world: &World,
) -> Found {
    let mut found = answer(&condition.question, host, captures, world);
    let Some(order) = &condition.order else { return found };
    let Some(other) = so_far.iter().find(|judged| judged.name == order.other) else { return found };
    if found.truth != Truth::Yes {
        return found;
    }
    let name = other.name.replace('_', " ");
    match other.truth {
        Truth::Yes => {}
        Truth::Unknown => {
            return Found::unknown(format!("`{name}` is not known, beside which it must stand"), None);
        }
        Truth::No => {
            return Found::no(Vec::new(), format!("there is no `{name}` beside which it could stand"));
        }
    }
    // What ends a trouble must come after the last sign of it.
    let fits = |seen: &Seen| {
        let places = other.seen.iter().map(|other| stands(order, seen, other, world));
        if part == Part::Resolved { places.min() } else { places.max() }.unwrap_or(Truth::No)
    };
    let row = |row: &Row| row.seen.iter().map(fits).max().unwrap_or(Truth::No);
    let best = found.rows.iter().map(row).max();
    found.rows.retain(|it| row(it) == Truth::Yes);
    let side = if order.side == Side::After { "after" } else { "before" };
    match best {
        Some(Truth::Yes) => found,
        Some(Truth::Unknown) if order.within.is_some() => {
            Found::unknown(format!("the clocks do not tell how far it is from `{name}`"), None)
        }
        Some(Truth::Unknown) => {
            Found::unknown(format!("the clocks do not tell whether it stands {side} `{name}`"), None)
        }
        _ if order.within.is_some() => Found::no(Vec::new(), format!("not soon {side} `{name}`")),
        _ => Found::no(Vec::new(), format!("not {side} `{name}`")),
    }
}

/// Whether a place of evidence stands where it must: by place within a log, else by time.
fn stands(order: &Order, seen: &Seen, other: &Seen, world: &World) -> Truth {
    let (first, later) = if order.side == Side::After { (other, seen) } else { (seen, other) };
    let moments = first.stamp.zip(later.stamp);
    let apart = moments.map(|(one, two)| world.clocks.apart((first.host, one), (later.host, two)));
    let in_order = if first.origin.source == later.origin.source {
        Truth::from(first.origin.offset < later.origin.offset)
    } else if let Some(order) =
        world.hosts[first.host].generations.order(first.origin.source, later.origin.source)
    {
        Truth::from(order == Ordering::Less)
    } else {
        apart.map_or(Truth::Unknown, |(apart, error)| above(apart, TimeDelta::zero(), error))
    };
    match (order.within, apart) {
        (None, _) => in_order,
        (Some(_), None) => in_order.min(Truth::Unknown),
        (Some(within), Some((apart, error))) => in_order.min(above(apart, within, error).negated()),
    }
}

/// Whether a time is greater than another, given how far it may be wrong.
fn above(time: TimeDelta, other: TimeDelta, error: TimeDelta) -> Truth {
    if other + error < time {
        Truth::Yes
    } else if time <= other - error {
        Truth::No
    } else {
        Truth::Unknown
    }
}

/// Asks the rest of the conditions and draws the verdict.
fn complete<'a>(
    signature: &'a Signature,
    host: usize,
    mut captures: Captures,
    mut conditions: Vec<Judged>,
    world: &World,
) -> Finding<'a> {
    let parts = [
        (&signature.supports, Part::Support),
        (&signature.refutes, Part::Refute),
        (&signature.resolved, Part::Resolved),
    ];
    for (list, part) in parts {
        for condition in list {
            let found = ask(condition, part, host, &captures, &conditions, world);
            let mut bound = captures.clone();
            bound.extend(found.rows.first().map_or(&found.bound, |row| &row.captures));
            let seen = if found.truth == Truth::Yes {
                found.rows.iter().flat_map(|row| row.seen.iter().cloned()).collect()
            } else {
                found.seen
            };
            conditions.push(judged(condition, part, found.truth, seen, &found.why, found.collect, &bound));
            // What a support binds may be shown; it never overrides what a need bound.
            if part == Part::Support && found.truth == Truth::Yes {
                bound.extend(&captures);
                captures = bound;
            }
        }
    }
    conditions.extend(signature.fixed.as_ref().map(|fixed| mended(fixed, host, &captures, world)));
    let verdict = verdict(&conditions);
    let confidence = confidence(&mut conditions, verdict);
    let resolved =
        conditions.iter().any(|judged| judged.part == Part::Resolved && judged.truth == Truth::Yes);
    let items = if verdict == Verdict::RuledOut {
        Vec::new()
    } else {
        checklist::check(signature, host, &captures, world)
    };
    Finding {
        signature,
        host,
        site: signature.site.fill(&captures).ok(),
        identity: signature.identity.iter().map(|template| template.show(&captures).to_lowercase()).collect(),
        verdict,
        confidence,
        active: !resolved,
        conditions,
        items,
        explains: Vec::new(),
        explained_by: None,
        captures,
    }
}

/// Whether the server has the version that mends the failure; if so, the failure is not likely.
///
/// A version that is told is never higher than the real one, though it may be lower.
fn mended(fixed: &Fixed, host: usize, captures: &Captures, world: &World) -> Judged {
    let Version { name, build } = &fixed.version;
    let identity = &world.hosts[host].identity;
    let version = captures.get("version").filter(|version| version.contains('.'));
    let order = version.zip(build.as_deref()).and_then(|(version, build)| compare(version, build));
    let shown = version.unwrap_or_default();
    let (truth, why) = match order {
        Some(Ordering::Less) => (Truth::Yes, format!("mended in {name}; the server has {shown}")),
        Some(_) => (Truth::No, format!("mended in {name}, and the server has {shown} already")),
        None => (Truth::Unknown, format!("mended in {name}; whether the server has it is not known")),
    };
    let origin = identity.version.as_ref().and_then(|known| known.origin).filter(|_| order.is_some());
    let place = origin.map(|origin| seen(host, Proof { origin, shows: format!("version {shown}") }));
    Judged {
        name: MENDED.to_owned(),
        part: Part::Support,
        truth,
        seen: place.into_iter().collect(),
        says: Some(why.clone()),
        why,
        proves: false,
        points: 5,
        collect: None,
    }
}

fn judged(
    condition: &Condition,
    part: Part,
    truth: Truth,
    mut seen: Vec<Seen>,
    why: &str,
    collect: Option<(String, String)>,
    captures: &Captures,
) -> Judged {
    // Several questions of one condition may rest on the same place.
    let mut places = HashSet::new();
    seen.retain(|it| places.insert((it.host, it.origin, it.text.clone())));
    seen.truncate(MOST_SEEN);
    Judged {
        name: condition.name.clone(),
        part,
        truth,
        seen,
        why: why.to_owned(),
        says: match truth {
            Truth::No => condition.denies.as_ref().map(|denies| denies.show(captures)),
            _ => condition.says.as_ref().map(|says| says.show(captures)),
        },
        proves: condition.proves,
        points: condition.weight,
        collect,
    }
}

/// Refuted, or a need that is false: ruled out. All needs true: probable, and confirmed with a proof
/// and no support against it. Else possible.
fn verdict(conditions: &[Judged]) -> Verdict {
    let of = |part: Part| conditions.iter().filter(move |judged| judged.part == part);
    let refuted = of(Part::Refute).any(|judged| judged.truth == Truth::Yes);
    if refuted || of(Part::Need).any(|judged| judged.truth == Truth::No) {
        return Verdict::RuledOut;
    }
    if of(Part::Need).any(|judged| judged.truth == Truth::Unknown) {
        return Verdict::Possible;
    }
    let contradicted = of(Part::Support).any(|judged| judged.truth == Truth::No);
    let mut both = of(Part::Need).chain(of(Part::Support));
    let proved = both.any(|judged| judged.proves && judged.truth == Truth::Yes);
    if proved && !contradicted { Verdict::Confirmed } else { Verdict::Probable }
}

/// Points of the needs together, of a proof, and of a support that speaks against.
const NEEDS: i32 = 60;
const PROOF: i32 = 20;
const AGAINST: i32 = 15;

/// Adds up the points, leaves with each condition what it gave or took, and keeps within the verdict.
fn confidence(conditions: &mut [Judged], verdict: Verdict) -> u8 {
    let needs = conditions.iter().filter(|judged| judged.part == Part::Need).count().max(1) as i32;
    for judged in conditions.iter_mut() {
        let proof = if judged.proves { PROOF } else { 0 };
        judged.points = match (judged.part, judged.truth) {
            (Part::Need, Truth::Yes) => NEEDS / needs + proof,
            (Part::Support, Truth::Yes) => judged.points + proof,
            (Part::Support, Truth::No) => -AGAINST,
            _ => 0,
        };
    }
    let sum: i32 = conditions.iter().map(|judged| judged.points).sum();
    let (low, high) = match verdict {
        Verdict::Confirmed => (85, 99),
        Verdict::Probable => (50, 84),
        Verdict::Possible => (10, 49),
        Verdict::RuledOut => (0, 0),
    };
    sum.clamp(low, high) as u8
}

/// Puts a second finding of one identity into the first: the stronger leads, the places of both stay.
fn merge<'a>(known: &mut Finding<'a>, mut other: Finding<'a>) {
    if (known.verdict, known.confidence) < (other.verdict, other.confidence) {
        std::mem::swap(known, &mut other);
    }
    known.active |= other.active && other.verdict != Verdict::RuledOut;
    for judged in &mut known.conditions {
        let same = other.conditions.iter().find(|it| it.name == judged.name && it.truth == judged.truth);
        for seen in same.iter().flat_map(|it| &it.seen) {
            if judged.seen.len() < MOST_SEEN && !judged.seen.contains(seen) {
                judged.seen.push(seen.clone());
            }
        }
        judged.seen.sort_by_key(|seen| seen.origin);
    }
}

/// Whether a finding is worth telling: a checklist tells a trouble only if something in it is one.
pub fn is_told(finding: &Finding<'_>) -> bool {
    let harmless = finding.signature.kind == Kind::Benign && finding.verdict == Verdict::RuledOut;
    let listed = !finding.signature.items.is_empty();
    let over = finding.verdict == Verdict::RuledOut && !finding.active;
    !harmless && !over && (!listed || finding.items.iter().any(|item| item.is_problem()))
}

/// Whether a reader might have thought of a finding: it was not ruled out; or a log has its line and something speaks
/// against it; or it is the rival of another finding on the same server.
pub fn looked_alike(finding: &Finding<'_>, findings: &[Finding<'_>]) -> bool {
    if finding.verdict != Verdict::RuledOut {
        return true;
    }
    let refuted =
        finding.conditions.iter().any(|judged| judged.part == Part::Refute && judged.truth == Truth::Yes);
    let names = |other: &Finding<'_>| {
        other.signature.rivals.iter().any(|rival| rival.signature == finding.signature.id)
    };
    let mut told = findings
        .iter()
        .filter(|other| other.host == finding.host && other.verdict != Verdict::RuledOut && is_told(other));
    (refuted && finding.log_evidence().next().is_some()) || told.any(names)
}
