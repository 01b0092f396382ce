//! Logs: one pass that keeps what signatures asked for, what looks like an error, and a summary.

mod events;
mod interest;
mod status_message;
mod summary;
mod template;
mod windows;

pub use events::{EventForm, EventsRead, claim as events_claim, each_event};
pub use interest::{Interest, Wanted};
pub use summary::{ComponentSummary, ErrorGroup, LineHit, LogRead, RecordFact};
pub use template::template;

use std::io::{self, Read};

use crate::grammar::{EventTexts, Grammars, Logs, Reader, Record};
use crate::model::{Origin, SourceId};
use crate::text::{Encoding, Streamed, stream};

/// What a log is read with.
#[derive(Clone, Copy, Debug)]
pub struct LogContext<'a> {
    pub grammars: &'a Grammars,
    pub logs: &'a Logs,
    pub event_texts: &'a EventTexts,
    pub interest: &'a Interest,
}

/// Reads a log from start to end. `file` is the file's name, by which its logical log is known.
///
/// # Errors
/// What the reader says; what was read before that is in the log all the same.
pub fn read(
    source: SourceId,
    file: &str,
    reader: &mut dyn Read,
    encoding: Encoding,
    context: LogContext<'_>,
) -> (LogRead, io::Result<()>) {
    let mut collector = summary::Collector::new(source, file, context);
    let result = each_record(reader, encoding, context.grammars, &mut |record| collector.record(record));
    let (streamed, result) = match result {
        Ok(streamed) => (streamed, Ok(())),
        Err(error) => (Streamed::default(), Err(error)),
    };
    (collector.finish(streamed), result)
}

/// Reads an event log from all its bytes.
pub fn read_events(
    source: SourceId,
    file: &str,
    bytes: &[u8],
    form: EventForm,
    context: LogContext<'_>,
) -> LogRead {
    let mut collector = summary::Collector::new(source, file, context);
    let read = each_event(source, bytes, form, context.event_texts, &mut |record| collector.record(record));
    let mut log = collector.finish(read.streamed);
    log.computers = read.computers;
    log.problems = read.problems;
    log
}

/// Hands over every record of a log in order.
///
/// # Errors
/// What the reader says.
pub fn each_record(
    reader: &mut dyn Read,
    encoding: Encoding,
    grammars: &Grammars,
    each: &mut impl FnMut(&Record<'_>),
) -> io::Result<Streamed> {
    let mut records = Reader::new(grammars);
    let result = stream(reader, encoding, &mut |line| records.line(line, each));
    records.end(each);
    result
}

/// The place of a record.
pub fn origin(source: SourceId, record: &Record<'_>) -> Origin {
    Origin { source, line: record.line, offset: record.offset, length: record.length }
}
