//! Asks a question of the evidence: which rows make it true, or what makes it false or unknown.

mod asked;
mod collect;
mod files;
mod line;
mod names;
mod registry;
mod service;

use asked::{Asked, not_known};

use crate::correlate::{Missing, World};
use crate::facts::{Proof, Truth};
use crate::pattern::{Captures, ValueTest};
use crate::signature::{Question, State, Subject};

use super::found::{Found, Row, seen};

/// Asks a question on behalf of a server; what `captures` binds counts, and rows must agree with it.
pub fn answer(question: &Question, own: usize, captures: &Captures, world: &World) -> Found {
    if let Subject::Any(inner) = &question.subject {
        return any(inner, own, captures, world);
    }
    if matches!(question.subject, Subject::Test) {
        return test(question, own, captures, world);
    }
    let hosts = match world.resolve(&question.place, own, captures) {
        Ok(hosts) => hosts,
        Err(Missing { server, why }) => {
            return Found::unknown(why, Some((server, collect::wanted(&question.subject, captures))));
        }
    };
    let accept = |row: &Captures| {
        if !captures.agrees(row) {
            return Truth::No;
        }
        let mut all = captures.clone();
        all.extend(row);
        let passes = |(name, test): &(String, ValueTest)| match all.get(name) {
            None => Truth::Unknown,
            Some(value) => test.holds(value, &all).map_or(Truth::Unknown, Truth::from),
        };
        question.filter.iter().map(passes).min().unwrap_or(Truth::Yes)
    };
    let answers =
        hosts.into_iter().map(|host| one(question, Asked { host, captures, world, accept: &accept }));
    joined(answers.collect())
}

/// Asks one server.
fn one(question: &Question, asked: Asked<'_>) -> Found {
    let fact = asked.fact();
    match &question.subject {
        Subject::Line(lines) => line::line(lines, asked),
        Subject::Key { path, state } => registry::key(path, *state == State::Absent, asked),
        Subject::Value { key, name, test, needed, bind } => {
            registry::value((key, name), test.as_ref(), *needed, bind, asked)
        }
        Subject::File { path, state } => files::file(path, *state == State::Absent, asked),
        Subject::Count { path, test } => files::count(path, test, asked),
        Subject::Free { path, test } => files::free(path, test, asked),
        Subject::Service { name, state } => service::service(name, *state, asked),
        Subject::Share { name, state } => {
            names::named(name, &fact.shares, "share", collect::NET_SHARE, *state, asked)
        }
        Subject::Account { name, state } => {
            names::named(name, &fact.accounts, "account", collect::NET_USER, *state, asked)
        }
        Subject::Group { name, state } => {
            names::named(name, &fact.groups, "group", collect::NET_GROUP, *state, asked)
        }
        Subject::Member { group, name, state } => names::member(group, name, *state, asked),
        Subject::Setting { document, section, name, test, bind } => {
            names::setting((document, section, name), test.as_ref(), bind, asked)
        }
        Subject::Twice { path } => files::twice(path, asked),
        // Handled before a server is chosen.
        Subject::Test | Subject::Any(_) => Found::unknown("not a question to a server", None),
    }
}

/// A question about what is bound already; what a server is known by has its place as proof.
fn test(question: &Question, own: usize, captures: &Captures, world: &World) -> Found {
    let place = |name: &str, value: &str| {
        let known = world.hosts[own].identity.named().find(|(known, _)| *known == name)?.1;
        let origin = known.origin.filter(|_| known.shown() == value)?;
        Some(seen(own, Proof { origin, shows: format!("{name} is {value} ({})", known.by) }))
    };
    let (mut shown, mut places) = (Vec::new(), Vec::new());
    for (name, test) in &question.filter {
        let Some(value) = captures.get(name) else {
            return Found::unknown(not_known(name), None);
        };
        shown.push(format!("{} is {value}", name.replace('_', " ")));
        match test.holds(value, captures) {
            Ok(true) => places.extend(place(name, value)),
            Ok(false) => {
                return Found::no(place(name, value).into_iter().collect(), shown.pop().unwrap_or_default());
            }
            Err(missing) => return Found::unknown(not_known(&missing), None),
        }
    }
    Found::yes(vec![Row { captures: Captures::default(), seen: places }], shown.join(", "))
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
    let doubts: Vec<&Found> = answers.iter().filter(|found| found.truth == Truth::Unknown).collect();
    if !doubts.is_empty() {
        let distinct = |texts: Vec<&str>| {
            let mut known: Vec<&str> = Vec::new();
            texts.into_iter().for_each(|text| {
                if !known.contains(&text) {
                    known.push(text)
                }
            });
            known.join("; ")
        };
        // What is to be collected from one server is asked for together.
        let collects: Vec<&(String, String)> =
            doubts.iter().filter_map(|found| found.collect.as_ref()).collect();
        let collect = collects.first().map(|(server, _)| {
            let same = collects.iter().filter(|collect| collect.0 == *server);
            (server.clone(), distinct(same.map(|collect| collect.1.as_str()).collect()))
        });
        return Found::unknown(distinct(doubts.iter().map(|found| found.why.as_str()).collect()), collect);
    }
    let seen = answers.iter().flat_map(|found| found.seen.iter().cloned()).collect();
    let reasons: Vec<&str> = answers.iter().map(|found| found.why.as_str()).collect();
    let mut bound = Captures::default();
    answers.iter().rev().for_each(|found| bound.extend(&found.bound));
    Found { bound, ..Found::no(seen, reasons.join("; ")) }
}
