//! Printed events put together: lines to events, the order of dates and names from the whole source.

use std::borrow::Cow;

use super::dates::{Evidence, Order};
use super::row::{Layout, row};
use super::{EventsRead, INSERTS_IN_ORDER};
use crate::grammar::{EventTexts, Framing, Record};
use crate::model::{Origin, ProblemKind, SourceId, Zone};
use crate::text::{Encoding, Line, Text};

/// Lines that one event takes at most; strings of events hold lists.
const MOST_LINES: u32 = 500;

/// Hands over the events in the order of the source, and lines before the first as lines by themselves.
pub fn read(
    source: SourceId,
    bytes: &[u8],
    texts: &EventTexts,
    each: &mut impl FnMut(&Record<'_>),
) -> EventsRead {
    let text = Text::new(source, bytes, Encoding::Ansi);
    let mut out = EventsRead::default();
    out.streamed.bytes = bytes.len() as u64;
    out.streamed.terminated = true;
    let habits = Habits::of(&text, &mut out);
    let mut reader = Reader { habits, texts, out, assumed: None, open: None };
    text.lines().for_each(|line| reader.line(line, each));
    reader.close(each);
    if let Some(origin) = reader.assumed {
        reader.out.problem(origin, ProblemKind::Assumed, INSERTS_IN_ORDER);
    }
    reader.out
}

/// What the whole source tells of its events.
#[derive(Clone, Copy, Debug)]
struct Habits {
    order: Option<Order>,
    user_first: bool,
}

impl Habits {
    /// Looks at all events, and tells what had to be taken for granted.
    fn of(text: &Text<'_>, out: &mut EventsRead) -> Self {
        let mut evidence = Evidence::default();
        let (mut first, mut user_first, mut source_first) = (None, 0_u32, 0_u32);
        for line in text.lines() {
            let Some(row) = row(&line.text) else { continue };
            first.get_or_insert(line.origin);
            evidence.see(&row.printed);
            match row.user_first() {
                Some(true) => user_first += 1,
                Some(false) => source_first += 1,
                None => {}
            }
        }
        let (order, assumed) = evidence.order();
        if let (Some(origin), Some(what)) = (first, assumed) {
            out.problem(origin, ProblemKind::Assumed, what);
        }
        Self { order, user_first: user_first > source_first }
    }
}

struct Reader<'t, 'a> {
    habits: Habits,
    texts: &'t EventTexts,
    out: EventsRead,
    /// Where the order of inserts was first taken for granted.
    assumed: Option<Origin>,
    open: Option<Open<'a>>,
}

/// An event whose last line may not have come yet.
struct Open<'a> {
    first: Cow<'a, str>,
    /// The lines behind the first one, each with a line feed before it.
    more: String,
    /// From the first line through the last that is not blank.
    origin: Origin,
    lines: u32,
}

impl<'a> Reader<'_, 'a> {
    fn line(&mut self, line: Line<'a>, each: &mut impl FnMut(&Record<'_>)) {
        self.out.streamed.lines += 1;
        self.out.streamed.terminated = line.terminated;
        if row(&line.text).is_some() {
            self.close(each);
            self.open = Some(Open { first: line.text, more: String::new(), origin: line.origin, lines: 1 });
            return;
        }
        match &mut self.open {
            Some(open) if open.lines < MOST_LINES => open.add(&line),
            _ => {
                self.close(each);
                let Origin { line: number, offset, length, .. } = line.origin;
                each(&Record::unframed(line.text.trim().as_bytes(), number, offset, length));
            }
        }
    }

    /// Hands over the open event.
    fn close(&mut self, each: &mut impl FnMut(&Record<'_>)) {
        let Some(open) = self.open.take() else { return };
        let Some(row) = row(&open.first) else { return };
        let told = row.told(self.habits.user_first);
        let text = match open.more.is_empty() {
            true => Cow::Borrowed(told.text),
            false => Cow::Owned(format!("{}{}", told.text, open.more)),
        };
        let text = text.trim().trim_matches('"');
        let message = if row.layout == Layout::Viewer {
            // Event Viewer prints the text itself.
            format!("Event {}: {}", row.id, text.trim())
        } else {
            let strings: Vec<&str> = match told.between {
                Some(between) => text.split(between).collect(),
                None if text.is_empty() => Vec::new(),
                None => vec![text],
            };
            // Strings are divided by blanks unless DUMPEL.EXE was told otherwise; a single word is one string.
            let apart = told.between.is_some() || !text.contains(char::is_whitespace);
            let message = self.texts.message(told.source, row.id, &strings, apart);
            if message.assumed {
                self.assumed.get_or_insert(open.origin);
            }
            message.text
        };
        self.out.computer(told.computer);
        each(&Record {
            framing: Framing::Events(row.layout.name()),
            message: message.as_bytes(),
            joined: open.lines > 1,
            component: told.source.as_bytes(),
            local: row.printed.moment(self.habits.order),
            zone: Zone::Unknown,
            thread: None,
            severity: row.severity,
            line: open.origin.line,
            lines: open.lines,
            offset: open.origin.offset,
            length: open.origin.length,
        });
    }
}

impl Open<'_> {
    fn add(&mut self, line: &Line<'_>) {
        if line.text.trim().is_empty() {
            return;
        }
        self.more.push('\n');
        self.more.push_str(line.text.trim());
        self.origin = self.origin.through(line.origin);
        self.lines = line.origin.line.saturating_sub(self.origin.line) + 1;
    }
}
