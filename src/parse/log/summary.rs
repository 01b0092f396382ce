//! What a log is remembered by.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::grammar::Framing;
use crate::model::{Origin, Problem, SourceId, Stamp, Zone};
use crate::pattern::Captures;
use crate::text::Streamed;

/// A record that is kept.
#[derive(Clone, Debug)]
pub struct RecordFact {
    pub origin: Origin,
    pub stamp: Option<Stamp>,
    pub component: String,
    pub text: String,
}

/// A record that a pattern matched.
#[derive(Clone, Debug)]
pub struct LineHit {
    /// The index into [`super::Interest::wanted`].
    pub pattern: u32,
    pub captures: Captures,
    pub record: RecordFact,
}

/// Error lines of one shape.
#[derive(Clone, Debug)]
pub struct ErrorGroup {
    pub template: String,
    pub count: u64,
    pub first: RecordFact,
    pub last: Option<Stamp>,
    /// The patterns that matched lines of this group.
    pub patterns: BTreeSet<u32>,
}

/// The records of one component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComponentSummary {
    pub count: u64,
    pub first: Option<Stamp>,
    pub last: Option<Stamp>,
}

/// Where the time of the next record is far from that of the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jump {
    /// The record behind it.
    pub origin: Origin,
    pub from: Stamp,
    pub to: Stamp,
}

/// Jumps of one direction: the widest of them, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jumps {
    /// The widest first.
    pub widest: Vec<Jump>,
    pub count: u64,
}

/// Jumps of one direction that are kept for one log.
const MOST_JUMPS: usize = 16;

impl Jump {
    /// How wide it is, and how times of one width are told apart.
    fn rank(&self) -> (Reverse<TimeDelta>, Origin) {
        (Reverse(self.to.since(self.from).abs()), self.origin)
    }
}

impl Jumps {
    /// Adds one. Which ones are kept does not depend on the order.
    pub fn add(&mut self, jump: Jump) {
        self.count += 1;
        let at = self.widest.partition_point(|known| known.rank() < jump.rank());
        self.widest.insert(at, jump);
        self.widest.truncate(MOST_JUMPS);
    }

    /// Adds those of the part that follows, before which there are so many lines.
    pub(super) fn append(&mut self, next: Self, lines: u32) {
        let count = self.count + next.count;
        for mut jump in next.widest {
            jump.origin.line += lines;
            self.add(jump);
        }
        self.count = count;
    }
}

/// What a log is remembered by.
#[derive(Clone, Debug)]
pub struct LogRead {
    pub source: SourceId,
    /// The logical log of the file name.
    pub logical: Option<String>,
    /// The file name that it shares with its older copies, and whether it is one by its name.
    pub generation: (String, bool),
    pub streamed: Streamed,
    pub records: u64,
    /// Records by what framed them.
    pub by_framing: BTreeMap<Framing, u64>,
    /// Lines without a frame.
    pub unframed: u64,
    pub first: Option<Stamp>,
    pub last: Option<Stamp>,
    /// The first record with a time.
    pub first_place: Option<Origin>,
    pub last_record: Option<RecordFact>,
    /// Where times go back: the clock was set, or daylight saving time ended.
    pub set_back: Jumps,
    /// Where nothing was written for an hour or more.
    pub silences: Jumps,
    /// Where records go on in another zone, as with daylight saving time.
    pub zone_changes: Jumps,
    pub components: BTreeMap<String, ComponentSummary>,
    pub hits: Vec<LineHit>,
    /// How often each pattern matched, those not kept included.
    pub hit_counts: BTreeMap<u32, u64>,
    pub errors: Vec<ErrorGroup>,
    /// Error lines beyond the number of groups that are kept.
    pub errors_left_out: u64,
    /// Minutes east of UTC, measured from status messages.
    pub measured: Option<i16>,
    /// Systems and sites that status messages name, with counts.
    pub named: BTreeMap<(String, String), u64>,
    /// Computers that events name, with counts.
    pub computers: BTreeMap<String, u64>,
    /// What could not be read; lines always can.
    pub problems: Vec<Problem>,
}

impl ComponentSummary {
    /// Adds the records that follow.
    pub(super) fn add(&mut self, next: &Self) {
        self.count += next.count;
        self.first = self.first.or(next.first);
        self.last = next.last.or(self.last);
    }
}

impl ErrorGroup {
    /// Adds lines that follow.
    pub(super) fn add(&mut self, count: u64, last: Option<Stamp>, patterns: &BTreeSet<u32>) {
        self.count += count;
        self.last = last.or(self.last);
        self.patterns.extend(patterns);
    }
}

impl LogRead {
    /// Whether anything stands in it.
    pub fn is_read(&self) -> bool {
        self.records + self.unframed > 0
    }

    /// Gives a zone to every stamp that has none.
    pub fn set_zone(&mut self, zone: Zone) {
        self.each_zone(|known| if known == Zone::Unknown { zone } else { known });
    }

    /// Takes every bias for one of the opposite sign.
    pub fn turn_biases(&mut self) {
        self.each_zone(|known| match known {
            Zone::Bias(offset) => Zone::Turned(-offset),
            other => other,
        });
    }

    /// Changes the zones of all stamps.
    fn each_zone(&mut self, change: impl Fn(Zone) -> Zone) {
        let set = |stamp: &mut Stamp| stamp.zone = change(stamp.zone);
        let all = [&mut self.set_back, &mut self.silences, &mut self.zone_changes].into_iter();
        all.flat_map(|jumps| &mut jumps.widest).for_each(|jump| {
            set(&mut jump.from);
            set(&mut jump.to);
        });
        let records = self.hits.iter_mut().map(|hit| &mut hit.record).chain(&mut self.last_record);
        records.filter_map(|record| record.stamp.as_mut()).for_each(set);
        let components = self.components.values_mut().flat_map(|it| [&mut it.first, &mut it.last]);
        let groups = self.errors.iter_mut().flat_map(|group| [&mut group.first.stamp, &mut group.last]);
        let own = [&mut self.first, &mut self.last].into_iter();
        own.chain(components).chain(groups).flatten().for_each(set);
    }
}
