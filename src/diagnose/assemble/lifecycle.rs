//! How far a site got, as the report tells it.

use crate::authoring::one_line;
use crate::model::report::{LifecycleReport, PhaseReport};
use crate::model::{Stamp, printable};

use super::super::course::{Course, PhaseState, Stage};
use super::evidence::Sources;

/// Places of one phase that a report lists; the rest is counted.
const MOST_PLACES: usize = 4;

/// Tells a course.
pub fn report(course: &Course<'_>, sources: &Sources<'_>) -> LifecycleReport {
    let name = |host: Option<usize>| host.map(|host| sources.world.hosts[host].name.clone());
    let id = |at: Option<usize>| at.map(|at| course.stages[at].phase.id.clone());
    let stopped = course.stopped.map(|at| &course.stages[at]);
    LifecycleReport {
        lifecycle: course.lifecycle.id.clone(),
        kb: course.lifecycle.kb.clone(),
        title: course.lifecycle.title.clone(),
        site: course.site.clone(),
        host: name(course.host),
        parent_host: name(course.parent_host),
        state: match stopped.map(|stage| stage.state) {
            None => "complete",
            Some(PhaseState::Failed) => "failed",
            Some(PhaseState::Stalled) => "stalled",
            Some(PhaseState::Begun) => "under_way",
            Some(PhaseState::Absent) => "stopped",
            Some(_) => "unknown",
        },
        last: id(course.last),
        stopped: id(course.stopped),
        phases: course
            .stages
            .iter()
            .enumerate()
            .map(|(at, stage)| phase(stage, course.stopped == Some(at), sources))
            .collect(),
    }
}

fn phase(stage: &Stage<'_>, is_last: bool, sources: &Sources<'_>) -> PhaseReport {
    let says = printable(&one_line(&stage.says));
    let evidence = sources.places(&stage.seen, MOST_PLACES, &stage.phase.id, &says, true);
    PhaseReport {
        id: stage.phase.id.clone(),
        title: stage.phase.title.clone(),
        host: stage.server.clone(),
        state: stage.state.name(),
        means: is_last.then(|| one_line(&stage.phase.means.show(&stage.captures))),
        time: stage.seen.iter().filter_map(|seen| seen.stamp).next().map(Stamp::display),
        evidence,
        ask: stage.collect.as_ref().map(|(server, what)| format!("from {server}: {}", one_line(what))),
        says,
    }
}
