//! Windows event logs: the binary `.evt` file and what tools print of it, read as logs are.

mod dates;
mod evt;
mod record;
mod ring;
mod row;
mod text;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::grammar::{EventTexts, Record};
use crate::model::{Origin, Problem, ProblemKind, SourceId};
use crate::parse::Head;
use crate::text::Streamed;

/// How the events of a source are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventForm {
    /// The file of the event log service of Windows NT to Server 2003.
    File,
    /// Lines of text, one or more for each event.
    Text,
}

/// What reading an event log tells beside its records.
#[derive(Clone, Debug, Default)]
pub struct EventsRead {
    pub streamed: Streamed,
    /// The computers that the events name, with counts.
    pub computers: BTreeMap<String, u64>,
    pub problems: Vec<Problem>,
}

/// How sure it is that a source is an event log, of which form, and why.
pub fn claim(head: &Head<'_>) -> Option<(u8, EventForm, String)> {
    if evt::has_header(head.bytes) {
        return Some((100, EventForm::File, "event log file: `LfLe` in its header".to_owned()));
    }
    if evt::has_record(head.bytes) && head.name.to_lowercase().ends_with(".evt") {
        let why = "event log by its name, with `LfLe` records and no header".to_owned();
        return Some((90, EventForm::File, why));
    }
    let lines = head.lines.iter().filter(|line| !line.trim().is_empty()).count();
    let mut rows = head.lines.iter().filter_map(|line| row::row(line)).map(|row| row.layout);
    let layout = rows.next()?;
    let count = rows.count() + 1;
    let why = format!("{count} of {lines} lines begin an event as {}", layout.title());
    Some((if lines <= count * 2 { 92 } else { 66 }, EventForm::Text, why))
}

/// Hands over every event in order.
pub fn each_event(
    source: SourceId,
    bytes: &[u8],
    form: EventForm,
    texts: &EventTexts,
    each: &mut impl FnMut(&Record<'_>),
) -> EventsRead {
    match form {
        EventForm::File => evt::read(source, bytes, texts, each),
        EventForm::Text => text::read(source, bytes, texts, each),
    }
}

impl EventsRead {
    /// Problems that are told one by one.
    const TOLD: usize = 200;
    /// Computers that are counted; the event log of one computer names one, or two after a change of name.
    const COMPUTERS: usize = 100;

    fn problem(&mut self, origin: Origin, kind: ProblemKind, what: impl Into<String>) {
        let (kind, what) = match self.problems.len() {
            ..Self::TOLD => (kind, what.into()),
            Self::TOLD => (ProblemKind::Limit, "more parts could not be read; they are not told".to_owned()),
            _ => return,
        };
        self.problems.push(Problem { source: origin.source, origin: Some(origin), kind, what });
    }

    fn computer(&mut self, name: &str) {
        // Later systems write the name with its DNS domain.
        let name = name.split('.').next().unwrap_or_default();
        if let Some(count) = self.computers.get_mut(name) {
            *count += 1;
        } else if !name.is_empty() && self.computers.len() < Self::COMPUTERS {
            self.computers.insert(name.to_owned(), 1);
        }
    }
}

/// What is told where the order of inserts is taken for granted.
const INSERTS_IN_ORDER: &str = "inserts are filled into the texts of Systems Management Server 1.x in their order: which \
                                insert stands where is not documented";

/// The severity of an event type (`EVENTLOG_ERROR_TYPE` and so on, winnt.h): 3 is an error, 2 a warning.
fn severity(kind: u32) -> Option<u8> {
    match kind {
        1 => Some(3),
        // A failed audit is no failure of the server, and worth a look.
        2 | 16 => Some(2),
        0 | 4 | 8 => Some(1),
        _ => None,
    }
}
