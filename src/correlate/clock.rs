//! Clocks: what times of different servers can be compared, and how far they may be wrong.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::facts::Host;
use crate::model::{Located, Origin, Stamp, Zone};
use crate::parse::log::LineHit;
use crate::signature::Signatures;

/// How far a server's clock may be from the true time, where nothing tells: site servers of the time set their clocks by
/// hand or at logon.
const BY_HAND: TimeDelta = TimeDelta::minutes(5);
/// What a zone that was not told with the time may be wrong by: daylight saving time.
const DAYLIGHT: TimeDelta = TimeDelta::minutes(60);
/// How far from UTC a zone may be at most.
const ANY_ZONE: TimeDelta = TimeDelta::hours(14);

/// How the clocks of servers differ, as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// How far the clock of the first server is ahead of that of the second, at least; less than nothing where it may be
    /// behind. The other way round, this is how far the second is ahead at most.
    ahead: BTreeMap<(usize, usize), Ahead>,
}

/// What shows how far a clock is ahead of another one at least: what happened first bears the later time, or one that is
/// hardly earlier.
#[derive(Clone, Debug)]
pub struct Ahead {
    pub at_least: TimeDelta,
    /// What came first, and what could only come after it.
    pub first: Located<Stamp>,
    pub then: Located<Stamp>,
    /// The titles of the two.
    pub titles: [String; 2],
}

impl Clocks {
    /// Compares the times of what happens on one server because of what happened on another.
    pub fn new(hosts: &[Host], signatures: &Signatures) -> Self {
        let mut clocks = Self::default();
        for pair in &signatures.events.pairs {
            let number = |name: &str| signatures.events.all.iter().position(|event| event.name == name);
            let (Some(first), Some(then)) = (number(&pair.first), number(&pair.then)) else { continue };
            let titles = [first, then].map(|event| signatures.events.all[event].title.clone());
            let (causes, effects) = (only(hosts, first, signatures), only(hosts, then, signatures));
            for (site, cause) in &causes {
                if let Some(effect) = effects.get(site).filter(|effect| effect.0 != cause.0) {
                    clocks.compare(*cause, *effect, titles.clone());
                }
            }
        }
        clocks
    }

    fn compare(&mut self, first: (usize, &LineHit), then: (usize, &LineHit), titles: [String; 2]) {
        let (Some(cause), Some(effect)) = (first.1.record.stamp, then.1.record.stamp) else { return };
        let at_least = cause.since(effect) - zone_error(cause.zone) - zone_error(effect.zone);
        let place = |hit: &LineHit, value: Stamp| Located { value, origin: hit.record.origin };
        let ahead = Ahead { at_least, first: place(first.1, cause), then: place(then.1, effect), titles };
        let known = self.ahead.entry((first.0, then.0)).or_insert_with(|| ahead.clone());
        if known.at_least < at_least {
            *known = ahead;
        }
    }

    /// The clocks that are behind that of another server for certain: the other, the one that is behind, and why.
    pub fn behind(&self) -> impl Iterator<Item = (usize, usize, &Ahead)> {
        let certain = self.ahead.iter().filter(|(_, ahead)| TimeDelta::zero() < ahead.at_least);
        certain.map(|((first, then), ahead)| (*first, *then, ahead))
    }

    /// How far the clock of one server is ahead of another's at most, and what shows it.
    pub fn at_most(&self, one: usize, other: usize) -> Option<(TimeDelta, &Ahead)> {
        self.ahead.get(&(other, one)).map(|ahead| (-ahead.at_least, ahead))
    }

    /// The time from one moment to another, and how far it may be wrong.
    pub fn apart(&self, first: (usize, Stamp), later: (usize, Stamp)) -> (TimeDelta, TimeDelta) {
        let apart = later.1.order() - first.1.order();
        let zones = [first.1.zone, later.1.zone];
        let told = zones.iter().all(|zone| zone.offset().is_some());
        if first.0 == later.0 && (told || zones[0] == zones[1]) {
            // One clock; without any zone its own times are as good.
            return (apart, TimeDelta::zero());
        }
        // Two servers of one zone keep daylight saving time alike.
        let alike = matches!(zones[0], Zone::Registry(_)) && zones[0] == zones[1];
        let zones = if alike { TimeDelta::zero() } else { zones.into_iter().map(zone_error).sum() };
        if first.0 == later.0 {
            return (apart, zones);
        }
        let (least, most) = self.ahead_between(first.0, later.0);
        (apart + (least + most) / 2, (most - least) / 2 + zones)
    }

    /// Between what one clock is ahead of another.
    fn ahead_between(&self, one: usize, other: usize) -> (TimeDelta, TimeDelta) {
        let both = BY_HAND + BY_HAND;
        let least = self.ahead.get(&(one, other)).map(|ahead| ahead.at_least);
        let most = self.at_most(one, other).map(|(most, _)| most);
        match (least, most) {
            // They contradict one another: one of the clocks was set, or drifts.
            (Some(least), Some(most)) if most < least => (most - both, least + both),
            // A clock of which it is known that it is wrong is only known by what shows it.
            (Some(least), most) if both < least => (least, most.unwrap_or(least + both)),
            (least, Some(most)) if most < -both => (least.unwrap_or(most - both), most),
            (least, most) => (least.map_or(-both, |it| it.max(-both)), most.map_or(both, |it| it.min(both))),
        }
    }
}

fn zone_error(zone: Zone) -> TimeDelta {
    match zone {
        Zone::Unknown => ANY_ZONE,
        Zone::Registry(_) | Zone::Server(_) => DAYLIGHT,
        _ => TimeDelta::zero(),
    }
}

/// Turns the biases of logs whose writers use the opposite sign, as the zone of their server shows.
///
/// Microsoft's writers put down UTC = local + bias. Some others put down the offset of the local time instead. Only what
/// does not fit the zone of the server and fits it with the other sign is turned.
pub fn turn_biases(host: &mut Host) {
    let Some(own) = own_offset(host) else { return };
    let near = |offset: i16| (i32::from(offset) - i32::from(own)).abs() <= 60;
    for log in &mut host.logs {
        let biases: Vec<i16> = [log.first, log.last]
            .into_iter()
            .flatten()
            .filter_map(|stamp| match stamp.zone {
                Zone::Bias(offset) => Some(offset),
                _ => None,
            })
            .collect();
        if !biases.is_empty() && biases.iter().all(|offset| !near(*offset) && near(-offset)) {
            log.turn_biases();
        }
    }
}

/// The offset of a server by what does not rest on a bias: its registry, zones named in logs, status messages; else by the
/// biases in logs of known components, which are written by Microsoft's own writers.
fn own_offset(host: &Host) -> Option<i16> {
    let stamps = |known: bool| {
        let logs = host.logs.iter().filter(move |log| !known || log.logical.is_some());
        logs.flat_map(|log| [log.last, log.first]).flatten().map(|stamp| stamp.zone)
    };
    let named = stamps(false).find_map(|zone| match zone {
        Zone::Named(offset) | Zone::Measured(offset) => Some(offset),
        _ => None,
    });
    let biases: BTreeSet<i16> =
        stamps(true).filter(|zone| matches!(zone, Zone::Bias(_))).filter_map(Zone::offset).collect();
    // Where those disagree by more than daylight saving time, none of them tells.
    let agreed = biases.first().zip(biases.last()).filter(|(least, most)| *most - *least <= 60);
    host.identity.offset.or(named).or(agreed.map(|(least, _)| *least))
}

/// The offset of all logs of a server that tell one, if it is the same for all.
pub fn common_offset(host: &Host) -> Option<i16> {
    let stamps = host.logs.iter().flat_map(|log| [log.first, log.last]).flatten();
    let told: BTreeSet<i16> = stamps.filter_map(|stamp| stamp.zone.offset()).collect();
    told.first().copied().filter(|_| told.len() == 1)
}

/// For each site the line of an event and the server on which it stands, where there is but one: of several attempts it is
/// not known which belongs to which. A line is of the child that it names, else of the site of its server.
fn only<'h>(
    hosts: &'h [Host],
    event: usize,
    signatures: &Signatures,
) -> BTreeMap<String, (usize, &'h LineHit)> {
    let mut all: BTreeMap<String, BTreeMap<Origin, (usize, &LineHit)>> = BTreeMap::new();
    for (index, host) in hosts.iter().enumerate() {
        let own = host.identity.site.as_ref().map(|site| site.value.as_str());
        for hit in host.logs.iter().flat_map(|log| &log.hits) {
            if signatures.event_of.get(&hit.pattern) == Some(&event)
                && let Some(site) = hit.captures.get("child").or(own)
            {
                all.entry(site.to_uppercase()).or_default().insert(hit.record.origin, (index, hit));
            }
        }
    }
    let one = |places: BTreeMap<Origin, (usize, &'h LineHit)>| {
        let only = places.len() == 1;
        places.into_values().next().filter(|_| only)
    };
    all.into_iter().filter_map(|(site, places)| Some((site, one(places)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn at(hour: u32, minute: u32, zone: Zone) -> Stamp {
        let day = NaiveDate::from_ymd_opt(2001, 7, 15).unwrap();
        Stamp { local: day.and_hms_opt(hour, minute, 0).unwrap(), zone }
    }

    #[test]
    fn order_between_servers_needs_zones_and_more_than_the_error() {
        let clocks = Clocks::default();
        let check = |first: (usize, Stamp), later: (usize, Stamp)| {
            let (apart, error) = clocks.apart(first, later);
            (apart.num_minutes(), error.num_minutes())
        };
        assert_eq!(check((0, at(9, 0, Zone::Named(-240))), (1, at(14, 0, Zone::Named(0)))), (60, 10));
        assert_eq!(check((0, at(9, 0, Zone::Named(-240))), (1, at(14, 0, Zone::Registry(0)))), (60, 70));
        assert_eq!(check((0, at(9, 0, Zone::Unknown)), (1, at(14, 0, Zone::Named(0)))), (300, 850));
        assert_eq!(check((0, at(14, 0, Zone::Utc)), (1, at(14, 0, Zone::Utc))), (0, 10));
        // One server's own times need no zone.
        assert_eq!(check((0, at(9, 0, Zone::Unknown)), (0, at(9, 5, Zone::Unknown))), (5, 0));
        assert_eq!(check((0, at(9, 0, Zone::Unknown)), (0, at(9, 5, Zone::Utc))), (5, 840));
    }

    /// Clocks of which these bounds are known, in minutes: how far server 0 is ahead, and server 1.
    fn bounds(first: Option<i64>, second: Option<i64>) -> Clocks {
        let mut clocks = Clocks::default();
        for (pair, minutes) in [((0, 1), first), ((1, 0), second)] {
            let Some(minutes) = minutes else { continue };
            let origin = Origin { source: crate::model::SourceId(0), line: 1, offset: 0, length: 1 };
            let moment = Located { value: at(9, 0, Zone::Utc), origin };
            let at_least = TimeDelta::minutes(minutes);
            let titles = [String::new(), String::new()];
            clocks.ahead.insert(pair, Ahead { at_least, first: moment.clone(), then: moment, titles });
        }
        clocks
    }

    #[test]
    fn bounds_of_both_sides_narrow_and_move_the_distance() {
        // One moment by both clocks: how far it is apart in truth, at least and at most, in minutes.
        let check = |first, second, expected: (i64, i64)| {
            let moment = at(9, 0, Zone::Utc);
            let (apart, error) = bounds(first, second).apart((0, moment), (1, moment));
            let shown = ((apart - error).num_minutes(), (apart + error).num_minutes());
            assert_eq!(shown, expected, "{first:?} {second:?}");
            let (apart, error) = bounds(first, second).apart((1, moment), (0, moment));
            assert_eq!((-(apart + error).num_minutes(), -(apart - error).num_minutes()), expected, "turned");
        };
        check(None, None, (-10, 10));
        // What follows hours later tells nothing.
        check(Some(-300), Some(-400), (-10, 10));
        check(Some(-4), None, (-4, 10));
        check(Some(-4), Some(-2), (-4, 2));
        // Wrong by two hours at least; how much more is not known.
        check(Some(120), None, (120, 130));
        check(Some(120), Some(-125), (120, 125));
        check(None, Some(120), (-130, -120));
        // It was two hours ahead, and later at most five minutes.
        check(Some(120), Some(-5), (-5, 130));
    }
}
