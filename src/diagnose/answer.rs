//! Asks a question of the evidence: which rows make it true, or what makes it false or unknown.

use crate::correlate::{Missing, World};
use crate::facts::{Answer, Truth};
use crate::model::{Origin, Stamp};
use crate::pattern::{Captures, Template, ValueTest};
use crate::signature::{Question, State, Subject};

use super::state;

/// A place that was seen, on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub host: usize,
    pub origin: Origin,
    pub text: String,
    pub stamp: Option<Stamp>,
    /// Whether it is a log record.
    pub log: bool,
    /// The number of the line pattern that matched.
    pub pattern: Option<u32>,
}

/// One way in which a question is true.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What it binds.
    pub captures: Captures,
    pub seen: Vec<Seen>,
}

/// What came of a question.
#[derive(Clone, Debug)]
pub struct Found {
    pub truth: Truth,
    /// The ways in which it is true; empty unless it is.
    pub rows: Vec<Row>,
    /// The places that show that it is false.
    pub seen: Vec<Seen>,
    pub why: String,
    /// Whom to ask, and for what, where it is unknown.
    pub collect: Option<(String, String)>,
}

impl Found {
    pub(super) fn yes(rows: Vec<Row>, why: impl Into<String>) -> Self {
        Self { truth: Truth::Yes, rows, seen: Vec::new(), why: why.into(), collect: None }
    }

    pub(super) fn no(seen: Vec<Seen>, why: impl Into<String>) -> Self {
        Self { truth: Truth::No, rows: Vec::new(), seen, why: why.into(), collect: None }
    }

    pub(super) fn unknown(why: impl Into<String>, collect: Option<(String, String)>) -> Self {
        Self { truth: Truth::Unknown, rows: Vec::new(), seen: Vec::new(), why: why.into(), collect }
    }

    /// An answer about one server, as it is or, where absence was asked for, turned round.
    pub(super) fn of(answer: Answer, host: usize, turned: bool, collect: (String, String)) -> Self {
        let seen: Vec<Seen> = answer.proofs.into_iter().map(|proof| state::seen(host, proof)).collect();
        let truth = if turned { answer.truth.negated() } else { answer.truth };
        match truth {
            Truth::Yes => Self::yes(vec![Row { captures: Captures::default(), seen }], answer.why),
            Truth::No => Self::no(seen, answer.why),
            Truth::Unknown => Self::unknown(answer.why, Some(collect)),
        }
    }
}

/// Asks a question on behalf of a server; what `captures` binds counts, and rows must agree with it.
pub fn answer(question: &Question, own: usize, captures: &Captures, world: &World) -> Found {
    if let Subject::Any(inner) = &question.subject {
        return any(inner, own, captures, world);
    }
    if matches!(question.subject, Subject::Test) {
        return test(question, captures);
    }
    let hosts = match world.resolve(&question.place, own, captures) {
        Ok(hosts) => hosts,
        Err(Missing { server, why }) => {
            return Found::unknown(why, Some((server, state::wanted(&question.subject, captures))));
        }
    };
    let answers = hosts.into_iter().map(|host| one(question, host, captures, world));
    joined(answers.map(|found| filtered(found, question, captures)).collect())
}

/// Asks one server.
fn one(question: &Question, host: usize, captures: &Captures, world: &World) -> Found {
    let fact = &world.hosts[host];
    let ask = |text: String| (fact.name.clone(), text);
    match &question.subject {
        Subject::Line { numbers, logs, last, .. } => state::line(numbers, logs, *last, host, world),
        Subject::Key { path, state } => state::key(path, *state == State::Absent, host, captures, world),
        Subject::Value { key, name, test } => value(key, name, test.as_ref(), host, captures, world),
        Subject::File { path, state } => state::file(path, *state == State::Absent, host, captures, world),
        Subject::Free { path, test } => {
            let Ok(path) = path.fill(captures) else {
                return Found::unknown(format!("{} is not known", path.text()), None);
            };
            let Some((free, origin)) = fact.files.free(&path) else {
                let drive = path.split('\\').next().unwrap_or(&path);
                return Found::unknown(
                    format!("no listing tells the free space of {drive}"),
                    Some(ask(state::dir_of(drive))),
                );
            };
            let shown = format!("{free} bytes free on the volume of {path}");
            let seen = Seen { host, origin, text: shown.clone(), stamp: None, log: false, pattern: None };
            judged("free", &free.to_string(), test, captures, seen, shown)
        }
        Subject::Service { name, state } => state::service(name, *state, host, captures, world),
        Subject::Share { name, state } => state::named(
            name,
            &fact.shares,
            "share",
            "net share > net_share.txt",
            *state,
            host,
            captures,
            world,
        ),
        Subject::Account { name, state } => state::named(
            name,
            &fact.accounts,
            "account",
            "net user > net_user.txt",
            *state,
            host,
            captures,
            world,
        ),
        Subject::Twice { path } => state::twice(path, host, captures, world),
        // Handled before a server is chosen.
        Subject::Test | Subject::Any(_) => Found::unknown("not a question to a server", None),
    }
}

fn value(
    key: &Template,
    name: &Template,
    test: Option<&ValueTest>,
    host: usize,
    captures: &Captures,
    world: &World,
) -> Found {
    let fact = &world.hosts[host];
    let (Ok(key), Ok(name)) = (key.fill(captures), name.fill(captures)) else {
        return Found::unknown(format!("{} is not known", key.text()), None);
    };
    let collect = (fact.name.clone(), state::export_of(&key));
    let Some(found) = fact.registry.text(&key, &name) else {
        return Found::of(fact.registry.value_present(&key, &name), host, false, collect);
    };
    let shown = format!("\"{name}\" = {}", found.value);
    let seen =
        Seen { host, origin: found.origin, text: shown.clone(), stamp: None, log: false, pattern: None };
    match test {
        Some(test) => judged("value", &found.value, test, captures, seen, shown),
        None => {
            let mut bound = Captures::default();
            bound.bind("value", &found.value);
            Found::yes(vec![Row { captures: bound, seen: vec![seen] }], shown)
        }
    }
}

/// A value under a test: true or false by what the test says.
fn judged(name: &str, value: &str, test: &ValueTest, captures: &Captures, seen: Seen, why: String) -> Found {
    match test.holds(value, captures) {
        Ok(true) => {
            let mut bound = Captures::default();
            bound.bind(name, value);
            Found::yes(vec![Row { captures: bound, seen: vec![seen] }], why)
        }
        Ok(false) => Found::no(vec![seen], why),
        Err(missing) => Found::unknown(format!("{missing} is not known"), None),
    }
}

/// Keeps the rows that agree with what is bound and pass the tests.
fn filtered(mut found: Found, question: &Question, captures: &Captures) -> Found {
    if found.truth != Truth::Yes {
        return found;
    }
    let before = found.rows.len();
    found.rows.retain(|row| {
        let mut all = captures.clone();
        all.extend(&row.captures);
        captures.agrees(&row.captures)
            && question.filter.iter().all(|(name, test)| {
                all.get(name).is_some_and(|value| test.holds(value, &all).unwrap_or(false))
            })
    });
    if found.rows.is_empty() && before != 0 {
        found = Found::no(Vec::new(), format!("{before} were found, and none is the one that is meant"));
    }
    found
}

/// A question about what is bound already.
fn test(question: &Question, captures: &Captures) -> Found {
    let mut shown = Vec::new();
    for (name, test) in &question.filter {
        let Some(value) = captures.get(name) else {
            return Found::unknown(format!("the {} is not known", name.replace('_', " ")), None);
        };
        shown.push(format!("{} is {value}", name.replace('_', " ")));
        match test.holds(value, captures) {
            Ok(true) => {}
            Ok(false) => return Found::no(Vec::new(), shown.pop().unwrap_or_default()),
            Err(missing) => return Found::unknown(format!("{missing} is not known"), None),
        }
    }
    Found::yes(vec![Row::default()], shown.join(", "))
}

/// True if one is true; false if all are false.
fn any(questions: &[Question], own: usize, captures: &Captures, world: &World) -> Found {
    joined(questions.iter().map(|question| answer(question, own, captures, world)).collect())
}

/// Several answers as one: any truth wins over any doubt, and any doubt over falsehood.
fn joined(mut answers: Vec<Found>) -> Found {
    if answers.len() == 1
        && let Some(only) = answers.pop()
    {
        return only;
    }
    let mut rows = Vec::new();
    let mut reasons = Vec::new();
    for found in answers.iter().filter(|found| found.truth == Truth::Yes) {
        rows.extend(found.rows.iter().cloned());
        reasons.push(found.why.clone());
    }
    if !rows.is_empty() {
        return Found::yes(rows, reasons.join("; "));
    }
    let mut doubts = answers.iter().filter(|found| found.truth == Truth::Unknown);
    let helpful = doubts.clone().find(|found| found.collect.is_some());
    if let Some(doubt) = helpful.or_else(|| doubts.next()) {
        return doubt.clone();
    }
    let seen = answers.iter().flat_map(|found| found.seen.iter().cloned()).collect();
    let reasons: Vec<&str> = answers.iter().map(|found| found.why.as_str()).collect();
    Found::no(seen, reasons.join("; "))
}
