//! Events: what several signatures look for in logs, written once.

use crate::authoring::{Mistake, Sheet, Table, nearest};
use crate::grammar::Logs;
use crate::parse::log::Wanted;
use crate::pattern::LinePattern;

/// Something that logs tell, in all wordings that are known.
#[derive(Clone, Debug)]
pub struct Event {
    /// For example `setup.completed`.
    pub name: String,
    /// For the timeline of a report.
    pub title: String,
    pub logs: Vec<String>,
    pub wanted: Vec<Wanted>,
}

/// Two events of which one follows from the other, on a parent and its child, so that it cannot come before it.
///
/// The parent's names the child as `{child}`, the child's is of its own site.
#[derive(Clone, Debug)]
pub struct Pair {
    pub first: String,
    pub then: String,
}

/// All events, as read from `events.toml`.
#[derive(Clone, Debug, Default)]
pub struct Events {
    pub all: Vec<Event>,
    pub pairs: Vec<Pair>,
}

impl Events {
    /// Reads the file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str, logs: &Logs) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            table.need("event");
            let read = |mut table: Table<'_, '_>| {
                let name = table.need_text("name").text;
                let title = table.need_text("title").text;
                table.need("log");
                let own = table.texts("log");
                for word in &own {
                    if logs.get(&word.text).is_none() {
                        let hint = nearest(&word.text, &logs.names());
                        let what = format!("no logical log is called `{}`", word.text);
                        table.sheet.mistake(word.span.clone(), what, hint);
                    }
                }
                let own: Vec<String> = own.into_iter().map(|word| word.text).collect();
                table.need("line");
                let mut wanted = Vec::new();
                for word in table.texts("line") {
                    match LinePattern::new(&word.text) {
                        Ok(pattern) => wanted.push(Wanted { pattern, logs: own.clone(), component: None }),
                        Err((_, what)) => table.mistake(&word.span, what),
                    }
                }
                table.finish();
                Event { name, title, logs: own, wanted }
            };
            let all: Vec<Event> = table.tables("event").into_iter().map(read).collect();
            let pairs = table.tables("pair").into_iter().map(|table| pair(table, &all)).collect();
            Self { all, pairs }
        })
    }

    /// The event of a name.
    pub fn get(&self, name: &str) -> Option<&Event> {
        self.all.iter().find(|event| event.name == name)
    }

    /// The names of all events.
    pub fn names(&self) -> Vec<&str> {
        self.all.iter().map(|event| event.name.as_str()).collect()
    }
}

fn pair(mut table: Table<'_, '_>, all: &[Event]) -> Pair {
    let [first, then] = ["first", "then"].map(|key| {
        let word = table.need_text(key);
        if !word.text.is_empty() && !all.iter().any(|event| event.name == word.text) {
            let known: Vec<&str> = all.iter().map(|event| event.name.as_str()).collect();
            let what = format!("no event is called `{}`", word.text);
            table.sheet.mistake(word.span.clone(), what, nearest(&word.text, &known));
        }
        word.text
    });
    table.finish();
    Pair { first, then }
}
