//! Reads one source: what it is, its facts or records, its hash, and what could not be read.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::bundle::{Source, Stop};
use crate::custody::{Content, Hashes};
use crate::detect::{Detection, Taken, detect};
use crate::model::{Fact, Problem, ProblemKind};
use crate::parse::log::{LogContext, LogRead, read as read_log, read_events};
use crate::parse::{Head, Parsed};

/// What came out of one source.
pub struct Intake {
    pub detection: Detection,
    pub parsed: Option<Parsed>,
    /// The parsers that found something, where it is a state capture.
    pub parsers: Vec<&'static str>,
    pub log: Option<LogRead>,
    /// The hash of all bytes, in hexadecimal; empty where they could not be read or it was not asked for.
    pub content: String,
    pub bytes: u64,
    pub problems: Vec<Problem>,
}

impl Intake {
    /// The computer that the source names, if it is a state capture that names one.
    pub fn computer(&self) -> Option<&str> {
        self.parsed.iter().flat_map(|parsed| &parsed.facts).find_map(|fact| match &fact.value {
            Fact::Computer { name } => Some(name.as_str()),
            _ => None,
        })
    }

    /// The system that most of a log's status messages or events name.
    pub fn mentioned(&self) -> Option<&str> {
        let log = self.log.as_ref()?;
        let named = log.named.iter().map(|((system, _), count)| (system, count));
        let most = named.max_by_key(|(_, count)| **count);
        let most = most.or_else(|| log.computers.iter().max_by_key(|(_, count)| **count));
        most.map(|(system, _)| system.as_str())
    }
}

/// Reads a source from start to end. What goes wrong becomes a problem of the source.
pub fn intake(source: &Source, context: LogContext<'_>, hashes: Hashes) -> Intake {
    let problem = |kind, what: String| Problem { source: source.id, origin: None, kind, what };
    let start = || if source.is_place_holder() { Ok(Vec::new()) } else { source.start(Head::BYTES) };
    let head = catch_unwind(AssertUnwindSafe(start)).unwrap_or_else(|_| Err(io::Error::other(BROKEN)));
    let detection =
        detect(source.name(), head.as_deref().unwrap_or_default(), context.grammars, context.logs);
    let empty = Intake {
        detection: detection.clone(),
        parsed: None,
        parsers: Vec::new(),
        log: None,
        content: String::new(),
        bytes: 0,
        problems: Vec::new(),
    };
    if source.is_place_holder() {
        return empty;
    }
    if let Err(error) = head {
        let (kind, what) = reason(&error, ProblemKind::Unreadable);
        return Intake { problems: vec![problem(kind, what)], ..empty };
    }
    // A reader that fails to keep its promise must not take the other sources with it.
    let result = catch_unwind(AssertUnwindSafe(|| read(source, detection, context, hashes)));
    match result {
        Ok(Ok(intake)) => intake,
        Ok(Err(error)) => {
            let (kind, what) = reason(&error, ProblemKind::Unreadable);
            Intake { problems: vec![problem(kind, what)], ..empty }
        }
        Err(_) => Intake { problems: vec![problem(ProblemKind::Unreadable, BROKEN.to_owned())], ..empty },
    }
}

const BROKEN: &str = "internal error while reading; please report it with this file";

/// Why reading failed: an archive knows better than the reader of the source.
fn reason(error: &io::Error, otherwise: ProblemKind) -> (ProblemKind, String) {
    let stop = error.get_ref().and_then(|inner| inner.downcast_ref::<Stop>());
    stop.map_or_else(|| (otherwise, error.to_string()), |stop| (stop.kind, stop.what.clone()))
}

/// That a source ends too early, and why.
fn cut(source: &Source, bytes: u64, error: &io::Error, otherwise: ProblemKind) -> Problem {
    let (kind, what) = reason(error, otherwise);
    let what = format!("read up to byte {bytes}, then: {what}");
    Problem { source: source.id, origin: None, kind, what }
}

fn read(
    source: &Source,
    detection: Detection,
    context: LogContext<'_>,
    hashes: Hashes,
) -> io::Result<Intake> {
    let content = |bytes: &[u8]| {
        let mut content = Content::new(hashes);
        content.add(bytes);
        (content.finish(), bytes.len() as u64)
    };
    let mut problems = Vec::new();
    let (mut parsed, mut parsers, mut log) = (None, Vec::new(), None);
    let (content, bytes) = match detection.taken {
        Taken::State(parser) => {
            let (result, error) = source.whole(|bytes| {
                let mut found = parser.parse(source.id, source.name(), bytes);
                parsers = if found.readers.is_empty() { vec![parser.name()] } else { found.readers.clone() };
                problems.append(&mut found.problems);
                if found.untold != 0 {
                    let what = format!("{} more parts could not be read", found.untold);
                    problems.push(Problem {
                        source: source.id,
                        origin: None,
                        kind: ProblemKind::Malformed,
                        what,
                    });
                }
                parsed = Some(found);
                content(bytes)
            })?;
            problems.extend(error.map(|error| cut(source, result.1, &error, ProblemKind::Truncated)));
            result
        }
        Taken::Log => source.read(|reader| {
            let mut reader = Hashing { reader, content: Content::new(hashes), bytes: 0 };
            let (found, result) =
                read_log(source.id, source.name(), &mut reader, detection.encoding, context);
            if let Err(error) = result {
                problems.push(cut(source, reader.bytes, &error, ProblemKind::Unreadable));
            }
            if found.streamed.split != 0 {
                let what = format!(
                    "{} lines are longer than a mebibyte and were read in parts",
                    found.streamed.split
                );
                problems.push(Problem {
                    source: source.id,
                    origin: None,
                    kind: ProblemKind::Malformed,
                    what,
                });
            }
            log = Some(found);
            (reader.content.finish(), reader.bytes)
        })?,
        Taken::Events(form) => {
            let (result, error) = source.whole(|bytes| {
                let mut found = read_events(source.id, source.name(), bytes, form, context);
                problems.append(&mut found.problems);
                log = Some(found);
                content(bytes)
            })?;
            problems.extend(error.map(|error| cut(source, result.1, &error, ProblemKind::Truncated)));
            result
        }
        Taken::Unknown | Taken::Unsupported => source.read(|reader| {
            let mut reader = Hashing { reader, content: Content::new(hashes), bytes: 0 };
            let result = io::copy(&mut reader, &mut io::sink());
            let kind = match detection.taken {
                Taken::Unsupported => ProblemKind::Unsupported,
                _ => ProblemKind::Unrecognised,
            };
            problems.push(Problem { source: source.id, origin: None, kind, what: detection.why.clone() });
            problems
                .extend(result.err().map(|error| cut(source, reader.bytes, &error, ProblemKind::Unreadable)));
            (reader.content.finish(), reader.bytes)
        })?,
    };
    Ok(Intake { detection, parsed, parsers, log, content, bytes, problems })
}

/// Passes bytes on, and counts and hashes them on the way, so that they are read once.
struct Hashing<'a> {
    reader: &'a mut dyn Read,
    content: Content,
    bytes: u64,
}

impl Read for Hashing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.content.add(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}
