//! A question to the evidence: what is asked, of which server, and how it is written.

use crate::authoring::{Table, Word, nearest};
use crate::parse::log::Wanted;
use crate::pattern::{Glob, LinePattern, Template, ValueTest};

use super::fields::{Reading, own_tests, template, value_test};

/// What is asked, and of whom.
#[derive(Clone, Debug)]
pub struct Question {
    pub place: Place,
    pub subject: Subject,
    /// Tests of what the subject binds.
    pub filter: Vec<(String, ValueTest)>,
}

/// The server that a question speaks of.
#[derive(Clone, Debug)]
pub enum Place {
    /// The server that the signature is being asked of.
    Own,
    /// The site server of the own site's parent.
    Parent,
    /// The site server of the site with this code.
    Site(Template),
    /// The server of this name.
    Host(Template),
    /// Any server that has this share, such as a logon server.
    WithShare(Glob),
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A line of a log: one of several patterns, by number once they are compiled.
    Line {
        wanted: Vec<Wanted>,
        numbers: Vec<u32>,
        logs: Vec<String>,
        last: bool,
    },
    Key {
        path: Glob,
        state: State,
    },
    /// A registry value; `needed` tells whether its absence means anything.
    Value {
        key: Template,
        name: Template,
        test: Option<ValueTest>,
        needed: bool,
    },
    File {
        path: Glob,
        state: State,
    },
    /// Free bytes of the volume of a path.
    Free {
        path: Template,
        test: ValueTest,
    },
    Service {
        name: Glob,
        state: State,
    },
    Share {
        name: Glob,
        state: State,
    },
    Account {
        name: Glob,
        state: State,
    },
    /// The filter alone decides.
    Test,
    /// A file seen on more than one server, under the same name.
    Twice {
        path: Glob,
    },
    /// The first of several questions that is true.
    Any(Vec<Question>),
}

/// The state that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Present,
    Absent,
    Running,
    Stopped,
}

const STATES: &[(&str, State)] = &[
    ("present", State::Present),
    ("absent", State::Absent),
    ("running", State::Running),
    ("stopped", State::Stopped),
];

/// The ways to write a subject; exactly one stands in each question.
const SUBJECTS: &[&str] =
    &["line", "event", "key", "value", "file", "free", "service", "share", "account", "test", "twice", "any"];

/// Reads the fields of a question out of a table that may hold others too.
pub fn read(table: &mut Table<'_, '_>, reading: &Reading<'_>) -> Option<Question> {
    let place = table.text("on").map_or(Some(Place::Own), |word| place(table, &word));
    let logs = logs(table, reading);
    let component = table.text("component").map(|word| word.text);
    let last = table.flag("last");
    let mut filter = table.table("where").map(own_tests).unwrap_or_default();
    let present: Vec<&str> = SUBJECTS.iter().copied().filter(|name| table.has(name)).collect();
    let [kind] = present.as_slice() else {
        let given = if present.is_empty() { "none".to_owned() } else { present.join(", ") };
        let what = format!("a condition asks exactly one of {}; here: {given}", SUBJECTS.join(", "));
        // Taking them keeps them from being reported as unknown too.
        for name in SUBJECTS {
            table.discard(name);
        }
        let heading = table.span.start..table.span.start;
        table.mistake(&heading, what);
        return None;
    };
    let subject = match *kind {
        "line" => {
            let patterns = table.texts("line");
            let wanted: Vec<Wanted> = patterns
                .iter()
                .filter_map(|word| match LinePattern::new(&word.text) {
                    Ok(pattern) => Some(Wanted { pattern, logs: logs.clone(), component: component.clone() }),
                    Err((_, what)) => {
                        table.mistake(&word.span, what);
                        None
                    }
                })
                .collect();
            Subject::Line { wanted, numbers: Vec::new(), logs, last }
        }
        "event" => {
            let word = table.need_text("event");
            let Some(event) = reading.events.get(&word.text) else {
                let known = reading.events.names();
                let hint =
                    nearest(&word.text, &known).or_else(|| Some(format!("known: {}", known.join(", "))));
                table.sheet.mistake(word.span, format!("no event is called `{}`", word.text), hint);
                return None;
            };
            Subject::Line {
                wanted: event.wanted.clone(),
                numbers: Vec::new(),
                logs: event.logs.clone(),
                last,
            }
        }
        "value" => {
            let mut inner = table.table("value")?;
            let key = inner.need_text("key");
            let name = inner.need_text("name");
            let test = inner.text("is").and_then(|word| value_test(&inner, &word));
            let missing = inner.text("missing");
            if let Some(word) = missing.as_ref().filter(|word| word.text != "unknown") {
                inner.mistake(&word.span, "`missing` is `unknown`, or not written at all");
            }
            inner.finish();
            let (key, name) = (template(&inner, &key)?, template(&inner, &name)?);
            Subject::Value { key, name, test, needed: missing.is_none() }
        }
        "free" => {
            let mut inner = table.table("free")?;
            let path = inner.need_text("of");
            let test = inner.need_text("is");
            let subject = Subject::Free { path: template(&inner, &path)?, test: value_test(&inner, &test)? };
            inner.finish();
            subject
        }
        "key" => {
            with_state(table.table("key")?, &STATES[..2]).map(|(path, state)| Subject::Key { path, state })?
        }
        "file" => with_state(table.table("file")?, &STATES[..2])
            .map(|(path, state)| Subject::File { path, state })?,
        "service" => with_state(table.table("service")?, STATES)
            .map(|(name, state)| Subject::Service { name, state })?,
        "share" => with_state(table.table("share")?, &STATES[..2])
            .map(|(name, state)| Subject::Share { name, state })?,
        "account" => with_state(table.table("account")?, &STATES[..2])
            .map(|(name, state)| Subject::Account { name, state })?,
        "test" => {
            filter.extend(table.table("test").map(own_tests).unwrap_or_default());
            Subject::Test
        }
        "twice" => {
            let mut inner = table.table("twice")?;
            let path = inner.need_text("file");
            inner.finish();
            Subject::Twice { path: glob(&inner, &path)? }
        }
        _ => {
            let inner = table.tables("any").into_iter().filter_map(|mut inner| {
                let question = read(&mut inner, reading);
                inner.finish();
                question
            });
            Subject::Any(inner.collect())
        }
    };
    Some(Question { place: place?, subject, filter })
}

fn logs(table: &mut Table<'_, '_>, reading: &Reading<'_>) -> Vec<String> {
    let known = reading.logs.names();
    let words = table.texts("log");
    for word in &words {
        if !known.contains(&word.text.as_str()) {
            let hint = nearest(&word.text, &known).or_else(|| Some(format!("known: {}", known.join(", "))));
            table.sheet.mistake(word.span.clone(), format!("no logical log is called `{}`", word.text), hint);
        }
    }
    words.into_iter().map(|word| word.text).collect()
}

fn place(table: &Table<'_, '_>, word: &Word) -> Option<Place> {
    let text = word.text.trim();
    let inner = |rest: &str| template(table, &Word { text: rest.trim().to_owned(), span: word.span.clone() });
    match text.split_once(' ') {
        None if text == "parent" => Some(Place::Parent),
        Some(("site", rest)) => inner(rest).map(Place::Site),
        Some(("host", rest)) => inner(rest).map(Place::Host),
        Some(("share", rest)) => {
            let word = Word { text: rest.trim().to_owned(), span: word.span.clone() };
            glob(table, &word).map(Place::WithShare)
        }
        _ => {
            let what = "`on` is `parent`, `site {code}`, `host {name}` or `share NAME`";
            table.mistake(&word.span, what);
            None
        }
    }
}

/// `{ present = 'x' }` and its like.
fn with_state(mut table: Table<'_, '_>, states: &[(&'static str, State)]) -> Option<(Glob, State)> {
    let found: Vec<(Word, State)> =
        states.iter().filter_map(|(name, state)| Some((table.text(name)?, *state))).collect();
    table.finish();
    if let [(word, state)] = found.as_slice() {
        return Some((glob(&table, word)?, *state));
    }
    let names: Vec<&str> = states.iter().map(|(name, _)| *name).collect();
    table.mistake(&table.span.clone(), format!("write one of {}", names.join(", ")));
    None
}

fn glob(table: &Table<'_, '_>, word: &Word) -> Option<Glob> {
    match Glob::new(&word.text) {
        Ok(glob) => Some(glob),
        Err((_, what)) => {
            table.mistake(&word.span, what);
            None
        }
    }
}
