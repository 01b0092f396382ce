//! A log and its older copies (`HMAN.LO_`, `HMAN.LOG`), which are one log.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use crate::model::{SourceId, Stamp};
use crate::parse::log::{Jump, LogRead, SILENCE};

/// The order of the files of each log.
#[derive(Clone, Debug, Default)]
pub struct Generations {
    /// For each file that has others: its log, its place among them, and whether it ends before the next one begins.
    places: BTreeMap<SourceId, Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    log: usize,
    number: usize,
    /// Whether a newer one follows, and the records of both are apart.
    followed: bool,
}

impl Generations {
    /// Puts the files of each log in order. What two of them hold in common is kept once; a silence between them is noted.
    pub fn join(logs: &mut [LogRead]) -> Self {
        let mut by_name: BTreeMap<(Option<String>, String), Vec<usize>> = BTreeMap::new();
        for (at, log) in logs.iter().enumerate().filter(|(_, log)| log.is_read()) {
            by_name.entry((log.logical.clone(), log.generation.0.clone())).or_default().push(at);
        }
        let mut generations = Self::default();
        for (number, mut files) in by_name.into_values().filter(|files| files.len() > 1).enumerate() {
            files.sort_by(|one, other| in_order(&logs[*one], &logs[*other]));
            for (place, at) in files.iter().enumerate() {
                let next = files.get(place + 1).copied();
                let followed = next.is_some_and(|next| is_before(&logs[*at], &logs[next]));
                generations.places.insert(logs[*at].source, Place { log: number, number: place, followed });
                let Some(next) = next else { continue };
                let (Some(from), Some(to)) = (logs[*at].last, logs[next].first) else { continue };
                if followed {
                    silence(&mut logs[next], from, to);
                } else {
                    for newer in &files[place + 1..] {
                        only_once(logs, *at, *newer);
                    }
                }
            }
        }
        generations
    }

    /// Whether another file of the same log goes on behind this one.
    pub fn is_followed(&self, source: SourceId) -> bool {
        self.places.get(&source).is_some_and(|place| place.followed)
    }

    /// Which of two files of one log was written first, where nothing but their names may tell.
    pub fn order(&self, one: SourceId, other: SourceId) -> Option<Ordering> {
        let (one, other) = (self.places.get(&one)?, self.places.get(&other)?);
        let (first, order) = match one.number.cmp(&other.number) {
            Ordering::Greater => (other, Ordering::Greater),
            order => (one, order),
        };
        (one.log == other.log && first.followed).then_some(order)
    }
}

/// Older ones first: by their times, else by their names.
fn in_order(one: &LogRead, other: &LogRead) -> Ordering {
    let by_name = || other.generation.1.cmp(&one.generation.1);
    let start = |log: &LogRead| log.first.map(|stamp| stamp.local);
    let end = |log: &LogRead| log.last.map(|stamp| stamp.local);
    let by_time = match (start(one), start(other)) {
        (Some(first), Some(second)) => first.cmp(&second).then_with(|| end(one).cmp(&end(other))),
        _ => Ordering::Equal,
    };
    by_time.then_with(by_name).then_with(|| one.source.cmp(&other.source))
}

/// Whether all of one file was written before the next one began. An older copy without times was, by its name.
fn is_before(older: &LogRead, newer: &LogRead) -> bool {
    match (older.last, newer.first) {
        (Some(last), Some(first)) => last.local <= first.local,
        _ => older.generation.1 && !newer.generation.1,
    }
}

/// Notes that nothing was written between two files.
fn silence(newer: &mut LogRead, from: Stamp, to: Stamp) {
    if SILENCE <= to.since(from)
        && let Some(origin) = newer.first_place
    {
        newer.silences.add(Jump { origin, from, to });
    }
}

/// What tells a record from others of its log.
type Mark = (NaiveDateTime, String, String);

/// Takes out of the older of two overlapping files what the newer one holds too: one of them was copied.
fn only_once(logs: &mut [LogRead], older: usize, newer: usize) {
    let mark = |record: &crate::parse::log::RecordFact| -> Option<Mark> {
        Some((record.stamp?.local, record.component.clone(), record.text.clone()))
    };
    let hits: BTreeSet<(u32, Mark)> =
        logs[newer].hits.iter().filter_map(|hit| Some((hit.pattern, mark(&hit.record)?))).collect();
    let errors: BTreeSet<(String, u64, Mark)> = logs[newer]
        .errors
        .iter()
        .filter_map(|group| Some((group.template.clone(), group.count, mark(&group.first)?)))
        .collect();
    let older = &mut logs[older];
    older.hits.retain(|hit| mark(&hit.record).is_none_or(|it| !hits.contains(&(hit.pattern, it))));
    older.errors.retain(|group| {
        mark(&group.first).is_none_or(|it| !errors.contains(&(group.template.clone(), group.count, it)))
    });
}
