//! Places of evidence by their names: bundle, source, line, bytes, hash.

use crate::correlate::World;
use crate::model::report::{CodeReport, Evidence, Moment};
use crate::model::{Origin, SourceId, Stamp, printable};
use crate::parse::log::RecordFact;

use super::super::found::Seen;

/// A source as reports name it.
#[derive(Clone, Debug)]
pub struct SourceInfo {
    pub bundle: String,
    pub path: String,
    /// The index of its server.
    pub host: Option<usize>,
}

/// All sources by number.
pub struct Sources<'a> {
    pub all: &'a [SourceInfo],
    pub world: &'a World,
    /// The codes of a log record with their meanings.
    pub codes: &'a dyn Fn(&str) -> Vec<CodeReport>,
}

impl Sources<'_> {
    /// The path of a source within its bundle.
    pub fn path(&self, source: SourceId) -> &str {
        self.all.get(source.0 as usize).map_or("", |info| &info.path)
    }

    /// The path of a source's bundle, as it was asked for.
    pub fn bundle(&self, source: SourceId) -> &str {
        self.all.get(source.0 as usize).map_or("", |info| &info.bundle)
    }

    /// The path of the source of a place.
    pub fn source_of(&self, origin: Option<Origin>) -> Option<String> {
        origin.map(|origin| self.path(origin.source).to_owned())
    }

    /// How many sources a server has.
    pub fn count_of(&self, host: usize) -> usize {
        self.all.iter().filter(|info| info.host == Some(host)).count()
    }

    /// A place that was seen.
    pub fn seen(&self, seen: &Seen, condition: &str, says: &str, holds: bool) -> Evidence {
        let kind = if seen.log { "log" } else { "state" };
        self.evidence(seen.origin, seen.host, seen.stamp, &seen.text, kind, condition, says, holds)
    }

    /// The first of several places that were seen; the last one tells how many more there are.
    pub fn places(
        &self,
        all: &[Seen],
        most: usize,
        condition: &str,
        says: &str,
        holds: bool,
    ) -> Vec<Evidence> {
        let mut places: Vec<Evidence> =
            all.iter().take(most).map(|seen| self.seen(seen, condition, says, holds)).collect();
        if let Some(last) = places.last_mut() {
            last.more = all.len().saturating_sub(most) as u64;
        }
        places
    }

    /// A record that was kept.
    pub fn record(&self, record: &RecordFact, host: usize) -> Evidence {
        self.evidence(record.origin, host, record.stamp, &record.text, "log", "", "", true)
    }

    #[expect(clippy::too_many_arguments, reason = "a place of evidence has all of these")]
    fn evidence(
        &self,
        origin: Origin,
        host: usize,
        stamp: Option<Stamp>,
        text: &str,
        kind: &'static str,
        condition: &str,
        says: &str,
        holds: bool,
    ) -> Evidence {
        let info = self.all.get(origin.source.0 as usize);
        Evidence {
            condition: condition.to_owned(),
            says: says.to_owned(),
            holds,
            kind,
            host: self.world.hosts[host].name.clone(),
            bundle: info.map_or(String::new(), |info| info.bundle.clone()),
            source: info.map_or(String::new(), |info| info.path.clone()),
            line: Some(origin.line).filter(|line| *line != 0),
            offset: origin.offset,
            length: origin.length,
            sha256: String::new(),
            number: info.map(|_| origin.source),
            time: stamp.map(Stamp::display),
            text: printable(text),
            codes: if kind == "log" { (self.codes)(text) } else { Vec::new() },
            more: 0,
        }
    }

    /// A moment of the timeline.
    pub fn moment(
        &self,
        kind: &'static str,
        stamp: Stamp,
        host: usize,
        origin: Origin,
        what: String,
    ) -> Moment {
        let fact = &self.world.hosts[host];
        let log = fact.logs.iter().find(|log| log.source == origin.source);
        Moment {
            time: stamp.display(),
            utc: stamp.zone.offset().is_some(),
            host: fact.name.clone(),
            kind,
            severity: None,
            log: log.and_then(|log| log.logical.clone()),
            component: None,
            what: printable(&what),
            count: 1,
            last: None,
            source: self.path(origin.source).to_owned(),
            line: origin.line,
            diagnosis: None,
        }
    }
}
