//! Decides what each source is: by its content, and only then by its name.

mod foreign;

use crate::grammar::{Framing, Grammars, Logs};
use crate::parse::log::{EventForm, each_record_of, events_claim};
use crate::parse::{Head, PARSERS, Parser};
use crate::text::{Encoding, whole_lines};

/// What a source was taken for.
#[derive(Clone, Copy)]
pub enum Taken {
    State(&'static dyn Parser),
    Log,
    /// A Windows event log, which is a log of its own forms.
    Events(EventForm),
    /// It is known what it is, and it is not read.
    Unsupported,
    /// Nothing recognises it.
    Unknown,
}

/// What a source was taken for, and why.
#[derive(Clone)]
pub struct Detection {
    pub taken: Taken,
    /// For people: what was seen.
    pub why: String,
    pub encoding: Encoding,
}

/// Judges a source by its name and its first bytes (at most [`Head::BYTES`] are looked at).
pub fn detect(name: &str, bytes: &[u8], grammars: &Grammars, logs: &Logs) -> Detection {
    let encoding = Encoding::of(bytes, Encoding::Ansi);
    let unknown = |why: &str| Detection { taken: Taken::Unknown, why: why.to_owned(), encoding };
    if bytes.is_empty() {
        return unknown("empty");
    }
    let log = log_claim(name, bytes, encoding, grammars, logs);
    if let Some(Log { why, whole: true, .. }) = log {
        return Detection { taken: Taken::Log, why, encoding };
    }
    let log = log.map(|log| (log.score, log.why));
    let head = Head::new(name, bytes);
    let state = PARSERS
        .iter()
        .filter_map(|parser| Some((*parser, parser.recognise(&head)?)))
        .max_by_key(|(_, claim)| claim.score);
    let best = log.as_ref().map(|log| log.0).max(state.as_ref().map(|state| state.1.score));
    if let Some((_, form, why)) = events_claim(&head).filter(|claim| Some(claim.0) > best) {
        let known = logs.of_file(name).map(|log| format!(", {} by its name", log.title)).unwrap_or_default();
        let encoding = if form == EventForm::File { Encoding::Utf16Le } else { encoding };
        return Detection { taken: Taken::Events(form), why: format!("{why}{known}"), encoding };
    }
    match (state, log) {
        (Some((parser, claim)), log) if log.as_ref().is_none_or(|log| log.0 <= claim.score) => {
            Detection { taken: Taken::State(parser), why: claim.why, encoding }
        }
        (_, Some((_, why))) => Detection { taken: Taken::Log, why, encoding },
        _ => match foreign::name(&head) {
            Some(what) => Detection { taken: Taken::Unsupported, why: what.to_owned(), encoding },
            None if is_binary(bytes, encoding) => unknown("binary, of no known format"),
            None => unknown("text, of no known format and no known log name"),
        },
    }
}

/// A claim that a source is a log.
struct Log {
    score: u8,
    why: String,
    /// Whether it is nothing else: many records, and no line that none of them holds.
    whole: bool,
}

/// Records that are many.
const MANY: u32 = 20;
/// Bytes that are enough where they hold many records and nothing else.
const FIRST: usize = 8 << 10;

/// How sure it is that a source is a log, and why.
fn log_claim(name: &str, bytes: &[u8], encoding: Encoding, grammars: &Grammars, logs: &Logs) -> Option<Log> {
    let bytes = &bytes[..bytes.len().min(Head::BYTES)];
    let mut records = Records::of(&bytes[..bytes.len().min(FIRST)], FIRST, encoding, grammars);
    if !records.are_all() && FIRST <= bytes.len() {
        records = Records::of(bytes, Head::BYTES, encoding, grammars);
    }
    let logical = logs.of_file(name);
    if let Some((best, total)) = records.best() {
        let known = logical.map(|log| format!(", {} by its name", log.title)).unwrap_or_default();
        let (all, grammar) = (total + records.unframed, &grammars.all[best].name);
        let why = format!("{total} of {all} records framed as {grammar}{known}");
        let score = if records.unframed <= total { 90 } else { 65 };
        return Some(Log { score, why, whole: records.are_all() });
    }
    if is_binary(bytes, encoding) {
        return None;
    }
    if let Some(logical) = logical {
        let why = format!("free text, {} by its name", logical.title);
        return Some(Log { score: 70, why, whole: false });
    }
    let lower = name.to_lowercase();
    let named = [".log", ".lo_", ".log_", ".log.txt"].iter().any(|ending| lower.ends_with(ending));
    let why = "free text, a log by its name's ending".to_owned();
    named.then_some(Log { score: 50, why, whole: false })
}

/// The records at the start of a source.
struct Records {
    /// By the index of the grammar.
    framed: Vec<u32>,
    unframed: u32,
}

impl Records {
    /// Counts those of the first `length` bytes, fewer if the source has fewer.
    fn of(bytes: &[u8], length: usize, encoding: Encoding, grammars: &Grammars) -> Self {
        let mut records = Self { framed: vec![0; grammars.all.len()], unframed: 0 };
        // Where the part ends, a line is cut.
        let lines = if bytes.len() == length { whole_lines(bytes, encoding) } else { bytes };
        each_record_of(lines, encoding, grammars, &mut |record| match record.framing {
            Framing::Grammar(grammar) => records.framed[grammar] += 1,
            _ if record.message.is_empty() => {}
            _ => records.unframed += 1,
        });
        records
    }

    /// Whether there are many, and no line that belongs to none.
    fn are_all(&self) -> bool {
        self.unframed == 0 && MANY <= self.framed.iter().sum()
    }

    /// The grammar that framed most of them, and how many have a frame; nothing if none has.
    fn best(&self) -> Option<(usize, u32)> {
        let best =
            (0..self.framed.len()).max_by_key(|index| (self.framed[*index], std::cmp::Reverse(*index)))?;
        Some((best, self.framed.iter().sum())).filter(|(_, total)| *total > 0)
    }
}

/// Whether the start of a source holds what texts do not.
fn is_binary(bytes: &[u8], encoding: Encoding) -> bool {
    if encoding.unit() == 2 {
        return false;
    }
    let head = &bytes[..bytes.len().min(Head::BYTES)];
    // A crash leaves runs of zeros in logs, so zeros behind zeros do not count.
    let after_zero = |at: usize| at.checked_sub(1).is_some_and(|before| head[before] == 0);
    let strange = head
        .iter()
        .enumerate()
        .filter(|(at, byte)| matches!(byte, 0..=8 | 14..=25 | 27..=31) && !(**byte == 0 && after_zero(*at)))
        .count();
    let text = head.iter().filter(|byte| **byte != 0).count();
    text == 0 || strange * 50 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_and_not_read_is_named() {
        for (name, bytes) in [
            ("System.evtx", &b"ElfFile\0\0\0\0"[..]),
            ("NOIDMIF.MIF", b"// made by hand\r\nStart Component\r\n  Name = \"Machine\"\r\n"),
        ] {
            let found = detect(name, bytes, &Grammars::default(), &Logs::default());
            assert!(matches!(found.taken, Taken::Unsupported), "{name}: {}", found.why);
        }
        let found = detect("x.txt", b"words\r\nStart Component\r\n", &Grammars::default(), &Logs::default());
        assert!(matches!(found.taken, Taken::Unknown));
    }
}
