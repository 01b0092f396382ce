//! How a question is written.

use super::{Lines, Place, Question, Repeated, State, Subject};
use crate::authoring::{Table, Word, nearest};
use crate::parse::log::Wanted;
use crate::pattern::{Glob, LinePattern};
use crate::signature::fields::{Reading, duration, glob, own_tests, template, value_test};

const STATES: &[(&str, State)] = &[
    ("present", State::Present),
    ("absent", State::Absent),
    ("running", State::Running),
    ("stopped", State::Stopped),
];

/// The ways to write a subject; exactly one stands in each question.
const SUBJECTS: &[&str] = &[
    "line", "event", "key", "value", "file", "count", "free", "service", "share", "account", "group",
    "member", "setting", "test", "twice", "any",
];

/// Lines of one pattern that a log keeps; more than that cannot be asked for.
const MOST_TIMES: i64 = 200;

/// Reads the fields of a question out of a table that may hold others too.
pub fn read(table: &mut Table<'_, '_>, reading: &Reading<'_>) -> Option<Question> {
    let place = table.text("on").map_or(Some(Place::Own), |word| place(table, &word));
    let mut filter = table.table("where").map(|table| own_tests(table, reading)).unwrap_or_default();
    let present: Vec<&str> = SUBJECTS.iter().copied().filter(|name| table.has(name)).collect();
    let [kind] = present.as_slice() else {
        let given = if present.is_empty() { "none".to_owned() } else { present.join(", ") };
        let what = format!("a condition asks exactly one of {}; here: {given}", SUBJECTS.join(", "));
        // Taking them keeps them from being reported as unknown too.
        for name in SUBJECTS.iter().chain(LINE_FIELDS) {
            table.discard(name);
        }
        let heading = table.span.start..table.span.start;
        table.mistake(&heading, what);
        return None;
    };
    let subject = match *kind {
        "line" | "event" => Subject::Line(lines(table, reading)?),
        "value" => value(table.table("value")?, reading)?,
        "free" => {
            let mut inner = table.table("free")?;
            let path = inner.need_text("of");
            inner.need("is");
            let test = value_test(&mut inner, "is", reading)?;
            let subject = Subject::Free { path: template(&inner, &path)?, test };
            inner.finish();
            subject
        }
        "count" => {
            let mut inner = table.table("count")?;
            let path = inner.need_text("file");
            inner.need("is");
            let test = value_test(&mut inner, "is", reading)?;
            inner.finish();
            Subject::Count { path: glob(&inner, &path)?, test }
        }
        "key" => {
            let (path, state) = with_state(table.table("key")?, &STATES[..2])?;
            Subject::Key { path, state }
        }
        "file" => {
            let (path, state) = with_state(table.table("file")?, &STATES[..2])?;
            Subject::File { path, state }
        }
        "service" => {
            let (name, state) = with_state(table.table("service")?, STATES)?;
            Subject::Service { name, state }
        }
        "share" => {
            let (name, state) = with_state(table.table("share")?, &STATES[..2])?;
            Subject::Share { name, state }
        }
        "account" => {
            let (name, state) = with_state(table.table("account")?, &STATES[..2])?;
            Subject::Account { name, state }
        }
        "group" => {
            let (name, state) = with_state(table.table("group")?, &STATES[..2])?;
            Subject::Group { name, state }
        }
        "member" => {
            let mut inner = table.table("member")?;
            let group = inner.need_text("of");
            let group = glob(&inner, &group);
            let (name, state) = with_state(inner, &STATES[..2])?;
            Subject::Member { group: group?, name, state }
        }
        "setting" => setting(table.table("setting")?, reading)?,
        "test" => {
            filter.extend(table.table("test").map(|table| own_tests(table, reading)).unwrap_or_default());
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

/// The fields that only questions about lines have.
const LINE_FIELDS: &[&str] = &["log", "component", "last", "times", "per", "age"];

/// `line` or `event`, with what restricts it.
fn lines(table: &mut Table<'_, '_>, reading: &Reading<'_>) -> Option<Lines> {
    let last = table.flag("last");
    let age = table.text("age").and_then(|word| duration(table, &word));
    let repeated = repeated(table);
    if table.has("event") {
        let word = table.need_text("event");
        let Some(event) = reading.events.get(&word.text) else {
            let known = reading.events.names();
            let hint = nearest(&word.text, &known).or_else(|| Some(format!("known: {}", known.join(", "))));
            table.sheet.mistake(word.span, format!("no event is called `{}`", word.text), hint);
            return None;
        };
        let (wanted, logs) = (event.wanted.clone(), event.logs.clone());
        return Some(Lines { wanted, numbers: Vec::new(), logs, last, repeated, age });
    }
    let logs = logs(table, reading);
    let component = table.text("component").map(|word| word.text);
    let mut wanted = Vec::new();
    for word in table.texts("line") {
        match LinePattern::new(&word.text) {
            Ok(pattern) => {
                wanted.push(Wanted { pattern, logs: logs.clone(), component: component.clone() });
            }
            Err((_, what)) => table.mistake(&word.span, what),
        }
    }
    Some(Lines { wanted, numbers: Vec::new(), logs, last, repeated, age })
}

fn repeated(table: &mut Table<'_, '_>) -> Option<Repeated> {
    let span = table.span.clone();
    let per = table.text("per").and_then(|word| duration(table, &word));
    match table.integer("times") {
        Some(times @ 2..=MOST_TIMES) => Some(Repeated { times: times as usize, per }),
        Some(_) => {
            table.mistake(&span, format!("`times` is a number from 2 to {MOST_TIMES}"));
            None
        }
        None => {
            if per.is_some() {
                table.mistake(&span, "`per` says within which time `times` are counted, which is missing");
            }
            None
        }
    }
}

fn value(mut table: Table<'_, '_>, reading: &Reading<'_>) -> Option<Subject> {
    let key = table.need_text("key");
    let name = table.need_text("name");
    let test = value_test(&mut table, "is", reading);
    let bind = table.text("as").map_or_else(|| "value".to_owned(), |word| word.text);
    let missing = table.text("missing");
    if let Some(word) = missing.as_ref().filter(|word| word.text != "unknown") {
        table.mistake(&word.span, "`missing` is `unknown`, or not written at all");
    }
    for word in [&key, &name].into_iter().filter(|word| word.text.contains(['*', '?'])) {
        table.mistake(&word.span, "a value is asked for by its whole name: `key` finds keys by a pattern");
    }
    table.finish();
    let (key, name) = (template(&table, &key)?, template(&table, &name)?);
    Some(Subject::Value { key, name, test, needed: missing.is_none(), bind })
}

fn setting(mut table: Table<'_, '_>, reading: &Reading<'_>) -> Option<Subject> {
    let document = table.need_text("in");
    let any = |word: Option<Word>| word.unwrap_or(Word { text: "**".to_owned(), span: 0..0 });
    let section = any(table.text("section"));
    let name = table.need_text("name");
    let test = value_test(&mut table, "is", reading);
    let bind = table.text("as").map_or_else(|| "value".to_owned(), |word| word.text);
    table.finish();
    let (document, section) = (glob(&table, &document)?, glob(&table, &section)?);
    Some(Subject::Setting { document, section, name: glob(&table, &name)?, test, bind })
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
