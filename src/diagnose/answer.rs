//! Asks a question of the evidence: which rows make it true, or what makes it false or unknown.

use crate::correlate::{Missing, World};
use crate::facts::{Proof, Truth};
use crate::pattern::{Captures, Template, ValueTest};
use crate::signature::{Question, State, Subject};

use super::found::{Found, Row, Seen, seen};
use super::state::{self, Asked};

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
            return Found::unknown(why, Some((server, state::wanted(&question.subject, captures))));
        }
    };
    let accept = |row: &Captures| {
        let mut all = captures.clone();
        all.extend(row);
        let passes = |(name, test): &(String, ValueTest)| {
            all.get(name).is_some_and(|value| test.holds(value, &all).unwrap_or(false))
        };
        captures.agrees(row) && question.filter.iter().all(passes)
    };
    let answers =
        hosts.into_iter().map(|host| one(question, Asked { host, captures, world, accept: &accept }));
    joined(answers.collect())
}

/// Asks one server.
fn one(question: &Question, asked: Asked<'_>) -> Found {
    let fact = &asked.world.hosts[asked.host];
    match &question.subject {
        Subject::Line { numbers, logs, last, .. } => state::line(numbers, logs, *last, asked),
        Subject::Key { path, state } => state::key(path, *state == State::Absent, asked),
        Subject::Value { key, name, test, needed } => value(key, name, test.as_ref(), *needed, asked),
        Subject::File { path, state } => state::file(path, *state == State::Absent, asked),
        Subject::Free { path, test } => free(path, test, asked),
        Subject::Service { name, state } => state::service(name, *state, asked),
        Subject::Share { name, state } => {
            state::named(name, &fact.shares, "share", state::NET_SHARE, *state, asked)
        }
        Subject::Account { name, state } => {
            state::named(name, &fact.accounts, "account", state::NET_USER, *state, asked)
        }
        Subject::Twice { path } => state::twice(path, asked),
        // Handled before a server is chosen.
        Subject::Test | Subject::Any(_) => Found::unknown("not a question to a server", None),
    }
}

fn free(path: &Template, test: &ValueTest, asked: Asked<'_>) -> Found {
    let fact = &asked.world.hosts[asked.host];
    let Ok(path) = path.fill(asked.captures) else {
        return Found::unknown(format!("{} is not known", path.text()), None);
    };
    let Some((free, origin)) = fact.files.free(&path) else {
        let drive = path.split('\\').next().unwrap_or(&path);
        let collect = (fact.name.clone(), state::dir_of(drive));
        return Found::unknown(format!("no listing tells the free space of {drive}"), Some(collect));
    };
    let shown = format!("{free} bytes free on the volume of {path}");
    let seen = seen(asked.host, Proof { origin, shows: shown.clone() });
    judged("free", &free.to_string(), test, asked, seen, shown)
}

fn value(key: &Template, name: &Template, test: Option<&ValueTest>, needed: bool, asked: Asked<'_>) -> Found {
    let fact = &asked.world.hosts[asked.host];
    let (Ok(key), Ok(name)) = (key.fill(asked.captures), name.fill(asked.captures)) else {
        return Found::unknown(format!("{} is not known", key.text()), None);
    };
    let collect = (fact.name.clone(), state::export_of(&key));
    let Some(found) = fact.registry.text(&key, &name) else {
        let answer = fact.registry.value_present(&key, &name);
        return match needed {
            true => Found::of(answer, asked.host, false, collect),
            false => Found::unknown(answer.why, Some(collect)),
        };
    };
    let shown = format!("\"{name}\" = {}", found.value);
    let seen = seen(asked.host, Proof { origin: found.origin, shows: shown.clone() });
    match test {
        Some(test) => judged("value", &found.value, test, asked, seen, shown),
        None => {
            let mut bound = Captures::default();
            bound.bind("value", &found.value);
            Found::yes(vec![Row { captures: bound, seen: vec![seen] }], shown)
        }
    }
}

/// A value under a test: true or false by what the test says.
fn judged(name: &str, value: &str, test: &ValueTest, asked: Asked<'_>, seen: Seen, why: String) -> Found {
    match test.holds(value, asked.captures) {
        Ok(true) => {
            let mut bound = Captures::default();
            bound.bind(name, value);
            Found::yes(vec![Row { captures: bound, seen: vec![seen] }], why)
        }
        Ok(false) => Found::no(vec![seen], why),
        Err(missing) => Found::unknown(format!("{missing} is not known"), None),
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
            return Found::unknown(format!("the {} is not known", name.replace('_', " ")), None);
        };
        shown.push(format!("{} is {value}", name.replace('_', " ")));
        match test.holds(value, captures) {
            Ok(true) => places.extend(place(name, value)),
            Ok(false) => {
                return Found::no(place(name, value).into_iter().collect(), shown.pop().unwrap_or_default());
            }
            Err(missing) => return Found::unknown(format!("{missing} is not known"), None),
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
    Found::no(seen, reasons.join("; "))
}
