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
    /// By the servers: how far the clock of the second is behind that of the first, at least.
    behind: BTreeMap<(usize, usize), Behind>,
}

/// A clock that is behind another one: what happened later there bears an earlier time.
#[derive(Clone, Debug)]
pub struct Behind {
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
        if TimeDelta::zero() < at_least {
            let place = |hit: &LineHit, value: Stamp| Located { value, origin: hit.record.origin };
            let behind =
                Behind { at_least, first: place(first.1, cause), then: place(then.1, effect), titles };
            let known = self.behind.entry((first.0, then.0)).or_insert_with(|| behind.clone());
            if known.at_least < at_least {
                *known = behind;
            }
        }
    }

    /// The clocks that are behind that of another server.
    pub fn behind(&self) -> impl Iterator<Item = (usize, usize, &Behind)> {
        self.behind.iter().map(|((first, then), behind)| (*first, *then, behind))
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
        let behind = [(first.0, later.0), (later.0, first.0)].map(|pair| self.behind.get(&pair));
        let behind: TimeDelta = behind.into_iter().flatten().map(|it| it.at_least).sum();
        let by_hand = if first.0 == later.0 { TimeDelta::zero() } else { BY_HAND + BY_HAND };
        (apart, by_hand + zones + behind)
    }
}

fn zone_error(zone: Zone) -> TimeDelta {
    match zone {
        Zone::Unknown => ANY_ZONE,
        Zone::Registry(_) | Zone::Server(_) => DAYLIGHT,
        _ => TimeDelta::zero(),
    }
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
        // One server's own times need no zone.
        assert_eq!(check((0, at(9, 0, Zone::Unknown)), (0, at(9, 5, Zone::Unknown))), (5, 0));
        assert_eq!(check((0, at(9, 0, Zone::Unknown)), (0, at(9, 5, Zone::Utc))), (5, 840));
    }
}
