//! What happened, on all servers, in the order of time.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::super::course::{Course, PhaseState};
use super::super::finding::{Finding, Verdict};
use super::super::unexplained::Group;
use super::clock;
use super::evidence::Sources;
use crate::model::report::Moment;
use crate::model::{Origin, Stamp, printable};
use crate::parse::log::Jump;
use crate::signature::{SEVERITIES, Signatures, name_of};

/// What the moments are made of.
pub struct Story<'a> {
    pub findings: &'a [Finding<'a>],
    /// The report's number of each finding that is told.
    pub ids: &'a BTreeMap<usize, usize>,
    pub courses: &'a [Course<'a>],
    pub groups: &'a [Group],
    pub signatures: &'a Signatures,
}

/// One record is one moment, whatever it tells.
type Moments = BTreeMap<(NaiveDateTime, Origin), Moment>;

/// Events of all logs, the first evidence of each finding, phases, unexplained errors, and what clocks and silences tell.
pub fn timeline(story: &Story<'_>, sources: &Sources<'_>) -> Vec<Moment> {
    let mut moments = Moments::new();
    errors(&mut moments, story, sources);
    jumps(&mut moments, sources);
    events(&mut moments, story, sources);
    phases(&mut moments, story, sources);
    findings(&mut moments, story, sources);
    moments.into_values().collect()
}

fn findings(moments: &mut Moments, story: &Story<'_>, sources: &Sources<'_>) {
    let mut by_id: Vec<(&usize, &usize)> = story.ids.iter().collect();
    // Lower numbers come last and win: they are the ones to read first.
    by_id.sort_by_key(|(_, id)| std::cmp::Reverse(**id));
    for (index, id) in by_id {
        let finding = &story.findings[*index];
        if finding.verdict == Verdict::RuledOut {
            continue;
        }
        let places = finding.log_evidence().filter_map(|seen| Some((seen.stamp?, seen)));
        let Some((stamp, seen)) = places.min_by_key(|(stamp, seen)| (stamp.order(), seen.origin)) else {
            continue;
        };
        let told = sources.moment("finding", stamp, seen.host, seen.origin, finding.title());
        let moment = moments.entry((stamp.order(), seen.origin)).or_insert(told);
        moment.diagnosis = Some(*id);
        moment.severity = Some(name_of(SEVERITIES, finding.signature.severity));
    }
}

fn events(moments: &mut Moments, story: &Story<'_>, sources: &Sources<'_>) {
    for (host, fact) in sources.world.hosts.iter().enumerate() {
        for hit in fact.logs.iter().flat_map(|log| &log.hits) {
            let Some(event) = story.signatures.event_of.get(&hit.pattern) else { continue };
            let Some(stamp) = hit.record.stamp else { continue };
            let title = story.signatures.events.all[*event].title.clone();
            let mut moment = sources.moment("event", stamp, host, hit.record.origin, title);
            moment.component = Some(printable(&hit.record.component)).filter(|name| !name.is_empty());
            // Of several events of one record the one that is written first is the most telling.
            let known = moments.get(&(stamp.order(), hit.record.origin));
            if known.is_none_or(|known| known.kind != "event") {
                moments.insert((stamp.order(), hit.record.origin), moment);
            }
        }
    }
}

/// Where a phase began, ended or failed, which tells more than an event of the same record.
fn phases(moments: &mut Moments, story: &Story<'_>, sources: &Sources<'_>) {
    for course in story.courses {
        let site = course.site.as_ref().map(|site| format!(" of {site}")).unwrap_or_default();
        for stage in course.stages.iter().filter(|stage| stage.state != PhaseState::Passed) {
            let seen = stage.seen.iter().filter_map(|seen| Some((seen.stamp?, seen)));
            let Some((stamp, seen)) = seen.min_by_key(|(stamp, seen)| (stamp.order(), seen.origin)) else {
                continue;
            };
            let what = format!("{}{site}, {}: {}", course.lifecycle.title, stage.phase.id, stage.says);
            let mut moment = sources.moment("phase", stamp, seen.host, seen.origin, what);
            let known = moments.remove(&(stamp.order(), seen.origin));
            moment.component = known.and_then(|known| known.component);
            moments.insert((stamp.order(), seen.origin), moment);
        }
    }
}

fn errors(moments: &mut Moments, story: &Story<'_>, sources: &Sources<'_>) {
    for group in story.groups {
        let Some(first) = group.first else { continue };
        let origin = group.example.origin;
        let mut moment = sources.moment("error", first, group.host, origin, group.template.clone());
        moment.component = Some(printable(&group.example.component)).filter(|name| !name.is_empty());
        moment.count = group.count;
        moment.last = group.last.filter(|last| *last != first).map(Stamp::display);
        moments.insert((first.order(), origin), moment);
    }
}

fn jumps(moments: &mut Moments, sources: &Sources<'_>) {
    for (host, fact) in sources.world.hosts.iter().enumerate() {
        for log in &fact.logs {
            let mut add = |kind: &'static str, jump: &Jump, what: String| {
                let moment = sources.moment(kind, jump.to, host, jump.origin, what);
                moments.insert((jump.to.order(), jump.origin), moment);
            };
            log.silences.widest.iter().for_each(|jump| add("silence", jump, clock::silence(jump)));
            log.set_back.widest.iter().for_each(|jump| add("set_back", jump, clock::set_back(jump)));
        }
    }
}
