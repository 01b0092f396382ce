//! Logs: one pass that keeps what signatures asked for, what looks like an error, and a summary.

mod collector;
mod events;
mod interest;
mod literals;
mod stream;
mod status_message;
mod summary;
mod template;

pub use collector::SILENCE;
pub use events::{EventForm, EventsRead, claim as events_claim, each_event};
pub use interest::{Interest, Wanted};
pub use stream::read;
pub use summary::{ComponentSummary, ErrorGroup, Jump, Jumps, LineHit, LogRead, RecordFact};
pub use template::template;

use std::io::{self, Read};

use crate::grammar::{EventTexts, Grammars, Logs, Reader, Record};
use crate::model::{Origin, SourceId};
use crate::text::{Encoding, Piece, Runs, Streamed, line_feed_of};

/// What a log is read with.
#[derive(Clone, Copy, Debug)]
pub struct LogContext<'a> {
    pub grammars: &'a Grammars,
    pub logs: &'a Logs,
    pub event_texts: &'a EventTexts,
    pub interest: &'a Interest,
}

/// Reads an event log from all its bytes.
pub fn read_events(
    source: SourceId,
    file: &str,
    bytes: &[u8],
    form: EventForm,
    context: LogContext<'_>,
) -> LogRead {
    let mut collector = collector::Collector::new(source, file, context);
    let read = each_event(source, bytes, form, context.event_texts, &mut |record| collector.record(record));
    let mut log = collector.finish(read.streamed);
    log.computers = read.computers;
    log.problems = read.problems;
    log
}

/// Hands over every record of a log in order.
///
/// # Errors
/// What the reader says; what was read before that was handed over all the same.
pub fn each_record(
    reader: &mut dyn Read,
    encoding: Encoding,
    grammars: &Grammars,
    each: &mut impl FnMut(&Record<'_>),
) -> io::Result<()> {
    let (mut records, mut done) = (Reader::new(grammars), Streamed::default());
    let mut runs = Runs::new(reader, encoding);
    while let Some(run) = runs.next_run() {
        run.piece().lines(&mut done, &mut |line| records.line(line, each));
    }
    records.end(each);
    runs.finish()
}

/// Hands over every record of the start of a log.
pub fn each_record_of(
    bytes: &[u8],
    encoding: Encoding,
    grammars: &Grammars,
    each: &mut impl FnMut(&Record<'_>),
) {
    let mut records = Reader::new(grammars);
    let start = Piece { bytes, offset: 0, encoding, line_feed: line_feed_of(bytes) };
    start.lines(&mut Streamed::default(), &mut |line| records.line(line, each));
    records.end(each);
}

/// The place of a record.
pub fn origin(source: SourceId, record: &Record<'_>) -> Origin {
    Origin { source, line: record.line, offset: record.offset, length: record.length }
}
