//! Collects what a log is remembered by. Its size is bounded, whatever the size of the log.

use std::collections::{BTreeMap, BTreeSet};

use super::interest::{ERROR_WORDS, Hits};
use super::{LogContext, origin, status_message, template};
use crate::grammar::{Framing, Record};
use crate::model::{Origin, Problem, SourceId, Stamp, Zone};
use crate::pattern::Captures;
use crate::text::{Encoding, Streamed};

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
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Matches of one pattern that are kept; a repeated line proves no more.
const MOST_HITS: u64 = 256;
const MOST_ERROR_GROUPS: usize = 500;
const MOST_COMPONENTS: usize = 1000;
const LONGEST_TEXT: usize = 2000;

/// Takes records one by one.
pub struct Collector<'a> {
    context: LogContext<'a>,
    log: LogRead,
    hits: Hits,
    groups: BTreeMap<String, usize>,
    component: Vec<u8>,
    component_logical: Option<String>,
    current: Option<ComponentSummary>,
    normalised: Vec<u8>,
    last: Option<Kept>,
}

/// The last record, kept as bytes until the end shows that it was the last.
struct Kept {
    origin: Origin,
    stamp: Option<Stamp>,
    component: Vec<u8>,
    text: Vec<u8>,
}

impl<'a> Collector<'a> {
    pub fn new(source: SourceId, file: &str, context: LogContext<'a>) -> Self {
        let logical = context.logs.of_file(file).map(|log| log.name.clone());
        let log = LogRead {
            source,
            logical,
            streamed: Streamed::default(),
            records: 0,
            by_framing: BTreeMap::new(),
            unframed: 0,
            first: None,
            last: None,
            last_record: None,
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
            hits: Hits::default(),
            groups: BTreeMap::new(),
            component: Vec::new(),
            component_logical: None,
            current: None,
            normalised: Vec::new(),
            last: None,
        }
    }

    /// Takes the next record. Nothing is put on the heap for a record that nobody asked for.
    pub fn record(&mut self, record: &Record<'_>) {
        match record.framing {
            Framing::None => self.log.unframed += 1,
            framing => {
                self.log.records += 1;
                *self.log.by_framing.entry(framing).or_default() += 1;
            }
        }
        let stamp = record.local.map(|local| Stamp { local, zone: record.zone });
        if let Some(stamp) = stamp {
            self.log.first.get_or_insert(stamp);
            self.log.last = Some(stamp);
        }
        self.count_component(record.component, stamp);
        self.keep_last(record, stamp);
        let message = if self.context.interest.is_plain(record.message) {
            record.message
        } else {
            normalise(record.message, &mut self.normalised);
            &self.normalised
        };
        self.context.interest.scan(message, &mut self.hits);
        if self.hits.patterns.is_empty()
            && !self.hits.error_word
            && !self.hits.status_message
            && record.severity != Some(3)
        {
            return;
        }
        let text = decode(message);
        let source = self.log.source;
        let fact = || RecordFact {
            origin: origin(source, record),
            stamp,
            component: decode(record.component),
            text: decode(record.message),
        };
        if self.hits.status_message {
            note_status(&mut self.log, &text, stamp);
        }
        let mut matched = BTreeSet::new();
        for index in &self.hits.patterns {
            let wanted = &self.context.interest.wanted[*index as usize];
            let own = [self.log.logical.as_ref(), self.component_logical.as_ref()];
            let in_log = wanted.logs.is_empty()
                || own.into_iter().flatten().any(|logical| wanted.logs.contains(logical));
            let by_component = wanted
                .component
                .as_ref()
                .is_none_or(|wanted| wanted.as_bytes().eq_ignore_ascii_case(record.component));
            if !in_log || !by_component {
                continue;
            }
            let Some(captures) = wanted.pattern.find(&text) else { continue };
            matched.insert(*index);
            let count = self.log.hit_counts.entry(*index).or_default();
            *count += 1;
            if *count <= MOST_HITS {
                self.log.hits.push(LineHit { pattern: *index, captures, record: fact() });
            } else if let Some(last) = self.log.hits.iter_mut().rev().find(|hit| hit.pattern == *index) {
                // The newest match replaces the newest kept one, so that first and last are both there.
                *last = LineHit { pattern: *index, captures, record: fact() };
            }
        }
        if record.severity == Some(3) || (self.hits.error_word && is_error(&text)) {
            let shape = template(&text);
            let fact = fact();
            self.note_error(shape, fact, &matched);
        }
    }

    fn note_error(&mut self, shape: String, fact: RecordFact, matched: &BTreeSet<u32>) {
        if let Some(index) = self.groups.get(&shape) {
            let group = &mut self.log.errors[*index];
            group.count += 1;
            group.last = fact.stamp.or(group.last);
            group.patterns.extend(matched);
        } else if self.log.errors.len() < MOST_ERROR_GROUPS {
            self.groups.insert(shape.clone(), self.log.errors.len());
            let last = fact.stamp;
            let patterns = matched.clone();
            self.log.errors.push(ErrorGroup { template: shape, count: 1, first: fact, last, patterns });
        } else {
            self.log.errors_left_out += 1;
        }
    }

    fn count_component(&mut self, component: &[u8], stamp: Option<Stamp>) {
        if self.current.is_none() || self.component != component {
            self.put_component_away();
            self.component.clear();
            self.component.extend_from_slice(component);
            let name = decode(component);
            self.component_logical = self.context.logs.of_component(&name).map(|log| log.name.clone());
            let known = self.log.components.get(&name).cloned();
            self.current = Some(known.unwrap_or(ComponentSummary { count: 0, first: stamp, last: stamp }));
        }
        if let Some(current) = &mut self.current {
            current.count += 1;
            current.first = current.first.or(stamp);
            current.last = stamp.or(current.last);
        }
    }

    fn put_component_away(&mut self) {
        let Some(current) = self.current.take() else { return };
        let name = decode(&self.component);
        let room = self.log.components.len() < MOST_COMPONENTS || self.log.components.contains_key(&name);
        if !self.component.is_empty() && room {
            self.log.components.insert(name, current);
        }
    }

    fn keep_last(&mut self, record: &Record<'_>, stamp: Option<Stamp>) {
        let origin = origin(self.log.source, record);
        let nothing = Kept { origin, stamp, component: Vec::new(), text: Vec::new() };
        let last = self.last.get_or_insert(nothing);
        last.origin = origin;
        last.stamp = stamp;
        last.component.clear();
        last.component.extend_from_slice(record.component);
        last.text.clear();
        last.text.extend_from_slice(&record.message[..record.message.len().min(LONGEST_TEXT)]);
    }

    /// The log as it is remembered, with measured offsets given to stamps that had no zone.
    pub fn finish(mut self, streamed: Streamed) -> LogRead {
        self.put_component_away();
        let mut log = self.log;
        log.streamed = streamed;
        log.last_record = self.last.map(|last| RecordFact {
            origin: last.origin,
            stamp: last.stamp,
            component: decode(&last.component),
            text: decode(&last.text),
        });
        if let Some(offset) = log.measured {
            log.set_zone(Zone::Measured(offset));
        }
        log
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

fn note_status(log: &mut LogRead, text: &str, stamp: Option<Stamp>) {
    let Some(message) = status_message::read(text) else { return };
    if let (Some(stamp), Some(utc)) = (stamp, message.utc)
        && log.measured.is_none()
    {
        log.measured = status_message::offset(stamp.local, utc);
    }
    if let (Some(system), Some(site)) = (message.system, message.site)
        && (log.named.len() < 100 || log.named.contains_key(&(system.clone(), site.clone())))
    {
        *log.named.entry((system, site)).or_default() += 1;
    }
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

fn decode(bytes: &[u8]) -> String {
    let cut = &bytes[..bytes.len().min(LONGEST_TEXT)];
    // A cut within a character must not turn the whole text into 8-bit text.
    let cut = match std::str::from_utf8(cut) {
        Err(error) if error.error_len().is_none() => &cut[..error.valid_up_to()],
        _ => cut,
    };
    Encoding::Utf8.decode(cut).into_owned()
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
