//! What a log is remembered by.

use std::collections::{BTreeMap, BTreeSet};

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

/// What a log is remembered by.
#[derive(Clone, Debug)]
pub struct LogRead {
    pub source: SourceId,
    /// The logical log of the file name.
    pub logical: Option<String>,
    pub streamed: Streamed,
    pub records: u64,
    /// Records by what framed them.
    pub by_framing: BTreeMap<Framing, u64>,
    /// Lines without a frame.
    pub unframed: u64,
    pub first: Option<Stamp>,
    pub last: Option<Stamp>,
    pub last_record: Option<RecordFact>,
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
        let set = |stamp: &mut Option<Stamp>| {
            if let Some(stamp) = stamp.as_mut().filter(|stamp| stamp.zone == Zone::Unknown) {
                stamp.zone = zone;
            }
        };
        set(&mut self.first);
        set(&mut self.last);
        self.components.values_mut().for_each(|it| [&mut it.first, &mut it.last].into_iter().for_each(set));
        self.hits.iter_mut().for_each(|hit| set(&mut hit.record.stamp));
        self.last_record.iter_mut().for_each(|record| set(&mut record.stamp));
        for group in &mut self.errors {
            set(&mut group.first.stamp);
            set(&mut group.last);
        }
    }
}
