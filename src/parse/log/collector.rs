//! Collects what a log is remembered by. Its size is bounded, whatever the size of the log.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{TimeDelta, Timelike};

use super::interest::{ERROR_WORDS, Hits, Scope, is_plain};
use super::summary::{ComponentSummary, ErrorGroup, Jump, Jumps, LineHit, LogRead, RecordFact};
use super::{LogContext, origin, status_message, template};
use crate::grammar::{Framing, Record, generation};
use crate::model::{Origin, SourceId, Stamp, Zone};
use crate::text::{Encoding, Streamed, same};

/// Matches of one pattern that are kept; a repeated line proves no more.
const MOST_HITS: u64 = 256;
const MOST_ERROR_GROUPS: usize = 500;
const MOST_COMPONENTS: usize = 1000;
const MOST_NAMED: usize = 100;
const LONGEST_TEXT: usize = 2000;

/// Takes records one by one.
pub struct Collector<'a> {
    context: LogContext<'a>,
    log: LogRead,
    /// What the records were framed by in a row, and how many.
    framing: (Framing, u64),
    writers: Writers,
    hits: Hits,
    /// The system and site that status messages named last, and how often in a row.
    named: Option<((String, String), u64)>,
    /// For each pattern how many matches are kept, and where the last one is.
    kept: BTreeMap<u32, (u64, usize)>,
    /// Error groups by their template.
    groups: BTreeMap<String, usize>,
    most_groups: usize,
    normalised: Vec<u8>,
    last: Option<Kept>,
}

/// The components that were met.
#[derive(Default)]
struct Writers {
    all: Vec<ComponentRecords>,
    by_name: BTreeMap<Vec<u8>, usize>,
    /// Who wrote the last record.
    current: usize,
}

struct ComponentRecords {
    component: Vec<u8>,
    /// What is wanted of its records.
    scope: Arc<Scope>,
    summary: ComponentSummary,
}

/// The last record, kept as bytes until the end shows that it was the last.
struct Kept {
    origin: Origin,
    stamp: Option<Stamp>,
    component: Vec<u8>,
    text: Vec<u8>,
}

impl<'a> Collector<'a> {
    /// A collector for the whole of a log.
    pub fn new(source: SourceId, file: &str, context: LogContext<'a>) -> Self {
        let logical = context.logs.of_file(file).map(|log| log.name.clone());
        let mut collector = Self { most_groups: MOST_ERROR_GROUPS, ..Self::of(source, logical, context) };
        collector.log.generation = generation(file);
        collector
    }

    /// A collector for a part of the same log. It keeps all that may count when it is appended.
    pub fn another(&self) -> Self {
        Self::of(self.log.source, self.log.logical.clone(), self.context)
    }

    fn of(source: SourceId, logical: Option<String>, context: LogContext<'a>) -> Self {
        let log = LogRead {
            source,
            logical,
            streamed: Streamed::default(),
            records: 0,
            by_framing: BTreeMap::new(),
            unframed: 0,
            first: None,
            last: None,
            first_place: None,
            last_record: None,
            generation: Default::default(),
            set_back: Jumps::default(),
            silences: Jumps::default(),
            zone_changes: Jumps::default(),
            components: BTreeMap::new(),
            hits: Vec::new(),
            hit_counts: BTreeMap::new(),
            errors: Vec::new(),
            errors_left_out: 0,
            measured: None,
            named: BTreeMap::new(),
            computers: BTreeMap::new(),
            problems: Vec::new(),
        };
        Self {
            context,
            log,
            framing: (Framing::None, 0),
            writers: Writers::default(),
            hits: Hits::default(),
            named: None,
            kept: BTreeMap::new(),
            groups: BTreeMap::new(),
            most_groups: usize::MAX,
            normalised: Vec::new(),
            last: None,
        }
    }

    /// Takes the next record. Nothing is put on the heap for a record that nobody asked for.
    pub fn record(&mut self, record: &Record<'_>) {
        if self.framing.0 != record.framing {
            self.put_framing_away();
            self.framing.0 = record.framing;
        }
        self.framing.1 += 1;
        let stamp = record.local.map(|local| Stamp { local, zone: record.zone });
        if let Some(stamp) = stamp {
            let origin = origin(self.log.source, record);
            match self.log.last {
                Some(last) => note_jump(&mut self.log, last, stamp, origin),
                None => self.log.first_place = Some(origin),
            }
            self.log.first.get_or_insert(stamp);
            self.log.last = Some(stamp);
        }
        self.find_writer(record.component);
        let Self { writers, context, hits, log, .. } = self;
        let Some(ComponentRecords { summary, scope, .. }) = writers.all.get_mut(writers.current) else {
            return;
        };
        summary.count += 1;
        if stamp.is_some() {
            summary.first = summary.first.or(stamp);
            summary.last = stamp;
        }
        keep_last(&mut self.last, log.source, record, stamp);
        let message = if is_plain(record.message) {
            record.message
        } else {
            normalise(record.message, &mut self.normalised);
            &self.normalised
        };
        context.interest.scan(message, scope, hits);
        if hits.is_empty() && record.severity != Some(3) {
            return;
        }
        let text = decode(message);
        let source = log.source;
        let fact = || RecordFact {
            origin: origin(source, record),
            stamp,
            component: decode(record.component).into_owned(),
            text: decode(record.message).into_owned(),
        };
        if hits.status_message {
            note_status(log, &mut self.named, &text, stamp);
        }
        let is_error = record.severity == Some(3) || (hits.error_word && is_error(&text));
        let mut patterns = BTreeSet::new();
        for (pattern, captures) in context.interest.matches(&text, scope, hits) {
            patterns.insert(pattern);
            *log.hit_counts.entry(pattern).or_default() += 1;
            keep_hit(log, &mut self.kept, LineHit { pattern, captures, record: fact() });
        }
        if is_error {
            let template = template(&text);
            match self.groups.get(&template) {
                Some(index) => self.log.errors[*index].add(1, stamp, &patterns),
                None => {
                    self.new_group(ErrorGroup { template, count: 1, first: fact(), last: stamp, patterns })
                }
            }
        }
    }

    /// Takes over what was collected of the part that follows, before which there are so many lines.
    pub fn append(&mut self, mut next: Self, lines: u32) {
        [&mut *self, &mut next].into_iter().for_each(Self::put_away);
        let (log, part) = (&mut self.log, next.log);
        log.records += part.records;
        log.unframed += part.unframed;
        for (framing, count) in part.by_framing {
            *log.by_framing.entry(framing).or_default() += count;
        }
        let first = part.first_place.map(|first| Origin { line: first.line + lines, ..first });
        if let (Some(last), Some(stamp), Some(first)) = (log.last, part.first, first) {
            note_jump(log, last, stamp, first);
        }
        log.first_place = log.first_place.or(first);
        log.set_back.append(part.set_back, lines);
        log.silences.append(part.silences, lines);
        log.zone_changes.append(part.zone_changes, lines);
        log.first = log.first.or(part.first);
        log.last = part.last.or(log.last);
        log.measured = log.measured.or(part.measured);
        for (name, summary) in part.components {
            log.components.entry(name).or_default().add(&summary);
        }
        keep_first(&mut log.components, MOST_COMPONENTS);
        for (names, count) in part.named {
            *log.named.entry(names).or_default() += count;
        }
        keep_first(&mut log.named, MOST_NAMED);
        for (pattern, count) in part.hit_counts {
            *log.hit_counts.entry(pattern).or_default() += count;
        }
        for mut hit in part.hits {
            hit.record.origin.line += lines;
            keep_hit(log, &mut self.kept, hit);
        }
        for mut group in part.errors {
            group.first.origin.line += lines;
            match self.groups.get(&group.template) {
                Some(index) => self.log.errors[*index].add(group.count, group.last, &group.patterns),
                None => self.new_group(group),
            }
        }
        if let Some(mut last) = next.last {
            last.origin.line += lines;
            self.last = Some(last);
        }
    }

    fn new_group(&mut self, group: ErrorGroup) {
        if self.log.errors.len() < self.most_groups {
            self.groups.insert(group.template.clone(), self.log.errors.len());
            self.log.errors.push(group);
        } else {
            self.log.errors_left_out += group.count;
        }
    }

    /// Makes the component the current one.
    fn find_writer(&mut self, component: &[u8]) {
        let writers = &mut self.writers;
        if writers.all.get(writers.current).is_some_and(|it| same(&it.component, component)) {
            return;
        }
        if let Some(index) = writers.by_name.get(component) {
            writers.current = *index;
            return;
        }
        if MOST_COMPONENTS <= writers.all.len() {
            self.put_writers_away();
        }
        let name = decode(component);
        let logical = self.context.logs.of_component(&name).map(|log| log.name.as_str());
        let scope = self.context.interest.scope([self.log.logical.as_deref(), logical], &name);
        let writers = &mut self.writers;
        writers.current = writers.all.len();
        writers.by_name.insert(component.to_vec(), writers.current);
        let summary = ComponentSummary::default();
        writers.all.push(ComponentRecords { component: component.to_vec(), scope, summary });
    }

    fn put_writers_away(&mut self) {
        for writer in std::mem::take(&mut self.writers).all {
            if !writer.component.is_empty() {
                self.log
                    .components
                    .entry(decode(&writer.component).into_owned())
                    .or_default()
                    .add(&writer.summary);
            }
        }
        keep_first(&mut self.log.components, MOST_COMPONENTS);
    }

    fn put_framing_away(&mut self) {
        let (framing, count) = std::mem::replace(&mut self.framing, (Framing::None, 0));
        match framing {
            _ if count == 0 => {}
            Framing::None => self.log.unframed += count,
            framing => {
                self.log.records += count;
                *self.log.by_framing.entry(framing).or_default() += count;
            }
        }
    }

    /// Moves to the log what is counted apart for speed.
    fn put_away(&mut self) {
        self.put_framing_away();
        self.put_writers_away();
        put_named_away(&mut self.log, &mut self.named);
    }

    /// The log as it is remembered, with measured offsets given to stamps that had no zone.
    pub fn finish(mut self, streamed: Streamed) -> LogRead {
        self.put_away();
        let mut log = self.log;
        log.streamed = streamed;
        log.last_record = self.last.map(|last| RecordFact {
            origin: last.origin,
            stamp: last.stamp,
            component: decode(&last.component).into_owned(),
            text: decode(&last.text).into_owned(),
        });
        if let Some(offset) = log.measured {
            log.set_zone(Zone::Measured(offset));
        }
        log
    }
}

/// Times that go back by less are those of threads that write side by side.
const SET_BACK: TimeDelta = TimeDelta::minutes(2);
/// A silence that is worth telling.
pub const SILENCE: TimeDelta = TimeDelta::hours(1);

/// Notes where the time of a record is far from that of the one before. Most records have the hour of the one before.
fn note_jump(log: &mut LogRead, from: Stamp, to: Stamp, origin: Origin) {
    let same_hour = (from.local.date(), from.local.hour()) == (to.local.date(), to.local.hour());
    if same_hour && from.local <= to.local && from.zone == to.zone {
        return;
    }
    let zones = (from.zone.offset(), to.zone.offset());
    if let (Some(before), Some(after)) = zones
        && before != after
    {
        log.zone_changes.add(Jump { origin, from, to });
    }
    let apart = to.since(from);
    if apart <= -SET_BACK {
        log.set_back.add(Jump { origin, from, to });
    } else if SILENCE <= apart {
        log.silences.add(Jump { origin, from, to });
    }
}

fn note_status(
    log: &mut LogRead,
    named: &mut Option<((String, String), u64)>,
    text: &str,
    stamp: Option<Stamp>,
) {
    let Some(message) = status_message::read(text) else { return };
    if log.measured.is_none() {
        log.measured =
            stamp.zip(message.utc()).and_then(|(stamp, utc)| status_message::offset(stamp.local, utc));
    }
    let (Some(system), Some(site)) = (message.system, message.site) else { return };
    match named {
        Some(((known, of), count)) if known == system && of == site => *count += 1,
        _ => {
            put_named_away(log, named);
            *named = Some(((system.to_owned(), site.to_owned()), 1));
        }
    }
}

fn put_named_away(log: &mut LogRead, named: &mut Option<((String, String), u64)>) {
    if let Some((names, count)) = named.take() {
        *log.named.entry(names).or_default() += count;
        keep_first(&mut log.named, MOST_NAMED);
    }
}

/// Keeps a match, or replaces the newest kept one by it, so that first and last are both there.
fn keep_hit(log: &mut LogRead, kept: &mut BTreeMap<u32, (u64, usize)>, hit: LineHit) {
    let (count, last) = kept.entry(hit.pattern).or_default();
    if *count < MOST_HITS {
        (*count, *last) = (*count + 1, log.hits.len());
        log.hits.push(hit);
    } else {
        log.hits[*last] = hit;
    }
}

/// Keeps those whose names come first. This does not depend on the order in which they were met.
fn keep_first<K: Ord, V>(map: &mut BTreeMap<K, V>, most: usize) {
    while most < map.len() {
        map.pop_last();
    }
}

fn keep_last(last: &mut Option<Kept>, source: SourceId, record: &Record<'_>, stamp: Option<Stamp>) {
    let origin = origin(source, record);
    let nothing = Kept { origin, stamp, component: Vec::new(), text: Vec::new() };
    let last = last.get_or_insert(nothing);
    last.origin = origin;
    last.stamp = stamp;
    last.component.clear();
    last.component.extend_from_slice(record.component);
    last.text.clear();
    last.text.extend_from_slice(&record.message[..record.message.len().min(LONGEST_TEXT)]);
}

fn normalise(message: &[u8], out: &mut Vec<u8>) {
    out.clear();
    for byte in message {
        let byte = if byte.is_ascii_whitespace() { b' ' } else { *byte };
        if byte != b' ' || out.last() != Some(&b' ') {
            out.push(byte);
        }
    }
}

fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let cut = &bytes[..bytes.len().min(LONGEST_TEXT)];
    // A cut within a character must not turn the whole text into 8-bit text.
    let cut = match std::str::from_utf8(cut) {
        Err(error) if error.error_len().is_none() => &cut[..error.valid_up_to()],
        _ => cut,
    };
    Encoding::Utf8.decode(cut)
}

/// Sorts out messages that hold an error word and tell of no error.
fn is_error(text: &str) -> bool {
    let lower = text.to_lowercase();
    let harmless = [
        "failover",
        "no error",
        "0 error",
        "error = 0",
        "error=0",
        "errors = 0",
        "error: 0",
        "error code = 0",
        "return code 0",
        "return code = 0",
        "exit code 0",
        "exit code=0",
        "exit code = 0",
        "0 failed",
        "error 0",
    ];
    let count = |list: &[&str]| list.iter().map(|word| lower.matches(word).count()).sum::<usize>();
    // `error = 0x80070005` begins as `error = 0` does.
    let harmless: usize = harmless.iter().map(|phrase| whole(&lower, phrase)).sum();
    harmless < count(ERROR_WORDS)
}

/// How often a phrase stands in a text without a letter or digit behind a last `0`.
fn whole(text: &str, phrase: &str) -> usize {
    let goes_on = |at: usize| text[at + phrase.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let places = text.match_indices(phrase);
    places.filter(|(at, _)| !(phrase.ends_with('0') && goes_on(*at))).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;

    #[test]
    fn what_is_no_error_has_no_code_and_what_has_one_is_an_error() {
        for text in [
            "Script execution returns code 0, error = 0",
            "Failed to deltree C:\\x, Win32 error = 0",
            "error code = 0",
            "Thread has no error, exit code=0",
            "0 errors",
            "error: 0",
            "Failover to server 5",
        ] {
            assert_eq!(codes::find(text), [], "{text}");
        }
        for text in [
            "Error = 0x80004003",
            "error: 0x80070005",
            "the error code = 05",
            "return code 0x2; error",
            "error 0xC0000005",
            "Win32 error = 3",
        ] {
            assert!(is_error(text), "{text}");
            assert_eq!(codes::find(text).len(), 1, "{text}");
        }
        assert!(!is_error("error = 0.") && !is_error("No error, exit code=0"));
    }
}
