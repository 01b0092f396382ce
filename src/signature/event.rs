//! Events: what several signatures look for in logs, written once.

use crate::authoring::{Mistake, Sheet, nearest};
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

/// All events, as read from `events.toml`.
#[derive(Clone, Debug, Default)]
pub struct Events(pub Vec<Event>);

impl Events {
    /// Reads the file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str, logs: &Logs) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            table.need("event");
            let events = table.tables("event").into_iter().map(|mut table| {
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
            });
            Self(events.collect())
        })
    }

    /// The event of a name.
    pub fn get(&self, name: &str) -> Option<&Event> {
        self.0.iter().find(|event| event.name == name)
    }

    /// The names of all events.
    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|event| event.name.as_str()).collect()
    }
}
