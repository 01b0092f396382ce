//! Root cause over symptom: which finding explains which, and the order in which to read them.

use std::cmp::Reverse;

use super::finding::{Finding, Verdict};
use super::found::Seen;
use crate::correlate::World;
use crate::model::Stamp;
use crate::signature::Kind;

/// Draws the edges from causes to what they explain.
pub fn connect(findings: &mut [Finding<'_>], world: &World) {
    for effect in 0..findings.len() {
        let causes = (0..findings.len())
            .filter(|cause| *cause != effect && fits(&findings[*cause], &findings[effect], world));
        let best = causes.max_by_key(|cause| {
            let cause = &findings[*cause];
            (cause.verdict, cause.confidence, Reverse(&cause.signature.id))
        });
        let Some(best) = best else { continue };
        if !chain_reaches(findings, best, effect) {
            findings[effect].explained_by = Some(best);
            findings[best].explains.push(effect);
        }
    }
}

/// Whether one finding can be the cause of another: it says so, on the same server or site or on
/// a server that the site uses, is no weaker than
/// probable, or than what it explains, and did not begin when the other was over.
fn fits(cause: &Finding<'_>, effect: &Finding<'_>, world: &World) -> bool {
    // A signature that explains itself: a site server tells of what fails on the server that it uses, and there it is at
    // home.
    let itself = cause.signature.id == effect.signature.id;
    let at_home =
        cause.identity == effect.identity && serves(cause, effect, world) && !serves(effect, cause, world);
    let told = cause.signature.explains.contains(&effect.signature.id) && (!itself || at_home);
    let same_site = match (&cause.site, &effect.site) {
        (Some(cause), Some(effect)) => cause.eq_ignore_ascii_case(effect),
        _ => false,
    };
    let related = cause.host == effect.host || same_site || serves(cause, effect, world);
    let strong = cause.verdict >= Verdict::Probable.min(effect.verdict);
    let both = cause.verdict > Verdict::RuledOut && effect.verdict > Verdict::RuledOut;
    told && related && strong && both && !came_later(cause, effect, world)
}

/// Whether the server of one finding does something for the site of the other, on another server.
fn serves(cause: &Finding<'_>, effect: &Finding<'_>, world: &World) -> bool {
    let site = effect.site.as_ref().map(|site| site.to_uppercase());
    let sites = world.serving.get(&cause.host);
    cause.host != effect.host && site.is_some_and(|site| sites.is_some_and(|sites| sites.contains(&site)))
}

/// Whether one finding began when the other was over for certain: all that logs tell of it alone is earlier, and these
/// logs go on behind where the first one began, without a further sign.
fn came_later(cause: &Finding<'_>, effect: &Finding<'_>, world: &World) -> bool {
    let causes: Vec<&Seen> = cause.log_evidence().filter(|seen| seen.stamp.is_some()).collect();
    let effects: Vec<&Seen> = effect.log_evidence().collect();
    // What both rest on shows that the one went on when the other began.
    let shared = |seen: &&&Seen| causes.iter().any(|it| (it.host, it.origin) == (seen.host, seen.origin));
    if effects.iter().any(|seen| shared(&seen)) {
        return false;
    }
    let is_earlier = |first: (usize, Option<Stamp>), later: (usize, Option<Stamp>)| {
        first.1.zip(later.1).is_some_and(|(one, two)| {
            let (apart, error) = world.clocks.apart((first.0, one), (later.0, two));
            error < apart
        })
    };
    let was_over = |cause: &Seen, effect: &Seen| {
        let log = world.hosts[effect.host].logs.iter().find(|log| log.source == effect.origin.source);
        let end = (effect.host, log.and_then(|log| log.last));
        let began = (cause.host, cause.stamp);
        is_earlier((effect.host, effect.stamp), began) && is_earlier(began, end)
    };
    let all = causes.iter().all(|cause| effects.iter().all(|effect| was_over(cause, effect)));
    all && !causes.is_empty() && !effects.is_empty()
}

/// Whether `from` is explained, at some distance, by `target`.
fn chain_reaches(findings: &[Finding<'_>], from: usize, target: usize) -> bool {
    let mut at = Some(from);
    for _ in 0..=findings.len() {
        match at {
            Some(here) if here == target => return true,
            Some(here) => at = findings[here].explained_by,
            None => return false,
        }
    }
    true
}

/// The order for a reader: roots, then what they explain, then what only looks like a failure, then what was
/// ruled out.
///
/// Within each: active before history, troubles before risks, strong before possible, cause before mechanism before symptom,
/// then verdict, confidence and severity.
pub fn reading_order(findings: &[Finding<'_>], names: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|index| {
        let finding = &findings[*index];
        let ruled_out = finding.verdict == Verdict::RuledOut;
        let harmless = finding.signature.kind == Kind::Benign;
        // What may go wrong some day stands behind what may have gone wrong.
        let not_yet = finding.signature.kind == Kind::Risk;
        let weak = finding.verdict < Verdict::Probable;
        (
            (ruled_out, harmless, finding.explained_by.is_some(), !finding.active, (not_yet, weak)),
            (finding.signature.kind, Reverse(finding.verdict), Reverse(finding.confidence)),
            (
                Reverse(finding.signature.severity),
                &finding.signature.id,
                &names[finding.host],
                &finding.identity,
            ),
        )
    });
    order
}
