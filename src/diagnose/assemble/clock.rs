//! What is known of a server's clock, for people.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::evidence::Sources;
use crate::facts::Host;
use crate::model::report::ClockNote;
use crate::model::{Origin, Stamp, Zone, offset_text};
use crate::parse::log::{Jump, LogRead};

/// Places of one kind that are told of one server.
const MOST_NOTES: usize = 4;

/// Notes on the clock of a server: where it was set back, in which zones it ran, how far it is from others.
pub fn notes(host: usize, sources: &Sources<'_>) -> Vec<ClockNote> {
    let world = sources.world;
    let fact = &world.hosts[host];
    let mut notes = Vec::new();
    for (first, _, behind) in world.clocks.behind().filter(|(_, then, _)| *then == host) {
        let other = &world.hosts[first].name;
        let (most, set) = match world.clocks.at_most(first, host) {
            Some((most, _)) if behind.at_least <= most => (format!(" and at most {}", span(most)), None),
            Some((most, shown)) => (String::new(), Some((most, shown))),
            None => (String::new(), None),
        };
        let what = format!(
            "at least {}{most} behind the clock of {other}: \"{}\" there at {} comes before \"{}\" here at {}",
            span(behind.at_least),
            behind.titles[0],
            behind.first.value.display(),
            behind.titles[1],
            behind.then.value.display(),
        );
        notes.push(note("behind", what, Some((behind.then.value, behind.then.origin)), sources));
        if let Some((most, shown)) = set {
            let way =
                if most < TimeDelta::zero() { "ahead of it by at least" } else { "behind it by at most" };
            let what = format!(
                "{way} {} at another time: \"{}\" here at {} comes before \"{}\" there at {}; one of the two clocks was set in between, or drifts",
                span(most.abs()),
                shown.titles[0],
                shown.first.value.display(),
                shown.titles[1],
                shown.then.value.display(),
            );
            notes.push(note("drift", what, Some((shown.first.value, shown.first.origin)), sources));
        }
    }
    let mut jumps: Vec<&Jump> = fact.logs.iter().flat_map(|log| &log.set_back.widest).collect();
    jumps.sort_by_key(|jump| (jump.to.order(), jump.origin));
    let count: u64 = fact.logs.iter().map(|log| log.set_back.count).sum();
    for jump in jumps.iter().take(MOST_NOTES) {
        let place = Some((jump.to, jump.origin));
        notes.push(note("set_back", set_back(jump), place, sources));
    }
    let left = count.saturating_sub(MOST_NOTES as u64);
    if left != 0 {
        notes.push(note("set_back", format!("{left} more times at which the time goes back"), None, sources));
    }
    zone_changes(fact, &mut notes, sources);
    let turned = |log: &&LogRead| log.last.is_some_and(|last| matches!(last.zone, Zone::Turned(_)));
    for log in fact.logs.iter().filter(turned).take(MOST_NOTES) {
        let what = "the bias in its records has the opposite sign, as the zone of the server shows: it is taken as the \
                    offset of the local time";
        let place = log.first.zip(log.first_place);
        notes.push(note("sign", what.to_owned(), place, sources));
    }
    let stamps = || fact.logs.iter().flat_map(|log| [log.first, log.last]).flatten();
    let zones: BTreeSet<i16> = stamps().filter_map(|stamp| stamp.zone.offset()).collect();
    // Where a log itself goes over from one to another, that is told.
    if zones.len() > 1 && !notes.iter().any(|note| note.kind == "zone_change") {
        let shown: Vec<String> = zones.iter().map(|minutes| offset_text(*minutes)).collect();
        let what = format!("its records were written in several zones: {}", shown.join(", "));
        notes.push(note("zones", what, None, sources));
    }
    let unzoned = fact.logs.iter().filter(|log| log.last.is_some_and(|last| last.zone.offset().is_none()));
    let unzoned = unzoned.count();
    if unzoned != 0 && world.hosts.len() > 1 {
        let logs = if unzoned == 1 { "one log has" } else { "some logs have" };
        let what =
            format!("{logs} no zone, and nothing else tells it: their order beside other servers is open");
        notes.push(note("no_zone", what, None, sources));
    }
    notes
}

/// Notes on where a log goes on in another zone.
fn zone_changes(fact: &Host, notes: &mut Vec<ClockNote>, sources: &Sources<'_>) {
    let mut changes: Vec<&Jump> = fact.logs.iter().flat_map(|log| &log.zone_changes.widest).collect();
    changes.sort_by_key(|jump| (jump.to.order(), jump.origin));
    // All logs of a server change at once: one note for each change.
    changes.dedup_by_key(|jump| (jump.from.zone.offset(), jump.to.zone.offset(), jump.to.order().date()));
    for jump in changes.iter().take(MOST_NOTES) {
        let (Some(from), Some(to)) = (jump.from.zone.offset(), jump.to.zone.offset()) else { continue };
        let why = match to - from {
            60 => ", as when daylight saving time begins",
            -60 => ", as when daylight saving time ends",
            _ => "",
        };
        let (from, to) = (offset_text(from), offset_text(to));
        let what = format!(
            "from {} on its records are of the zone {to} and no more of {from}{why}",
            jump.to.display()
        );
        notes.push(note("zone_change", what, Some((jump.to, jump.origin)), sources));
    }
}

/// What a time that goes back may mean.
pub fn set_back(jump: &Jump) -> String {
    let wide = jump.from.since(jump.to);
    let hour = (wide - TimeDelta::hours(1)).abs() <= TimeDelta::minutes(10);
    let unzoned = jump.from.zone == jump.to.zone;
    let as_in_autumn = if hour && unzoned { ", as when daylight saving time ends" } else { "" };
    format!(
        "the time goes back by {}, from {} to {}{as_in_autumn}",
        span(wide),
        jump.from.display(),
        jump.to.display()
    )
}

/// What a silence was.
pub fn silence(jump: &Jump) -> String {
    format!("nothing was written for {}, until {}", span(jump.to.since(jump.from)), jump.to.display())
}

/// A time as people say it.
fn span(time: TimeDelta) -> String {
    let minutes = time.num_minutes();
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, 0) => format!("{} s", time.num_seconds()),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes:02} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

fn note(
    kind: &'static str,
    what: String,
    place: Option<(Stamp, Origin)>,
    sources: &Sources<'_>,
) -> ClockNote {
    ClockNote {
        kind,
        what,
        source: sources.source_of(place.map(|(_, origin)| origin)),
        line: place.map(|(_, origin)| origin.line).filter(|line| *line != 0),
        time: place.map(|(stamp, _)| stamp.display()),
    }
}
