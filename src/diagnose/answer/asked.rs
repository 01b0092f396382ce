//! A question on its way to one server, and what is made of what it matches there.

use crate::correlate::World;
use crate::facts::{Answer, Host, Proof, Truth};
use crate::model::Origin;
use crate::pattern::{Captures, FilledGlob, Glob, ValueTest};

use super::super::found::{Found, Row, Seen, seen};

/// A question on its way to one server.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub host: usize,
    pub captures: &'a Captures,
    pub world: &'a World,
    /// Whether what a row binds is what was meant.
    pub accept: &'a dyn Fn(&Captures) -> Truth,
}

/// What matched a pattern: what was meant, and what may have been, had it told more.
#[derive(Debug, Default)]
pub struct Matches {
    pub rows: Vec<Row>,
    pub doubtful: Vec<Seen>,
}

/// Rows of one question that are looked at; more of the same prove no more.
pub const MOST_ROWS: usize = 300;

impl Asked<'_> {
    /// The server.
    pub fn fact(&self) -> &Host {
        &self.world.hosts[self.host]
    }

    /// What to collect from the server.
    pub fn collect(&self, what: impl Into<String>) -> (String, String) {
        (self.fact().name.clone(), what.into())
    }

    /// A pattern with the names that are bound so far; else why it cannot be looked for.
    pub fn fill(&self, pattern: &Glob) -> Result<FilledGlob, Box<Found>> {
        pattern.fill(self.captures).map_err(|name| Box::new(Found::unknown(not_known(&name), None)))
    }

    /// Sorts what a pattern matched by whether it is what was meant.
    pub fn matches(&self, found: impl Iterator<Item = (Captures, Proof)>) -> Matches {
        let mut matches = Matches::default();
        for (captures, proof) in found {
            match (self.accept)(&captures) {
                Truth::Yes => {
                    matches.rows.push(Row { captures, seen: vec![seen(self.host, proof)] });
                    if matches.rows.len() == MOST_ROWS {
                        break;
                    }
                }
                Truth::Unknown if matches.doubtful.len() < MOST_ROWS => {
                    matches.doubtful.push(seen(self.host, proof));
                }
                _ => {}
            }
        }
        matches
    }

    /// Matches of a pattern, or else what their absence rests on; `turned` where absence was asked for.
    pub fn many(
        &self,
        matches: Matches,
        absent: impl FnOnce() -> Answer,
        shown: &str,
        turned: bool,
        collect: (String, String),
    ) -> Found {
        let Matches { rows, doubtful } = matches;
        match (rows.is_empty(), turned) {
            (false, false) => Found::yes(rows, format!("{shown} is there")),
            (false, true) => {
                Found::no(rows.into_iter().flat_map(|row| row.seen).collect(), format!("{shown} is there"))
            }
            (true, _) if !doubtful.is_empty() => {
                Found::unknown(format!("{shown} is there, but not all that is asked of it is known"), None)
            }
            (true, _) => Found::of(absent(), self.host, turned, collect),
        }
    }

    /// One thing that was found, if it is what was meant.
    pub fn single(&self, bound: Captures, seen: Seen, why: String) -> Found {
        match (self.accept)(&bound) {
            Truth::Yes => Found::yes(vec![Row { captures: bound, seen: vec![seen] }], why),
            Truth::No => Found { bound, ..Found::no(vec![seen], why) },
            Truth::Unknown => {
                Found::unknown(format!("{why}, but not all that is asked of it is known"), None)
            }
        }
    }

    /// A value under a test: true or false by what the test says.
    pub fn judged(&self, name: &str, value: &str, test: &ValueTest, seen: Seen, why: String) -> Found {
        let mut bound = Captures::default();
        told(&mut bound, name, value);
        match test.holds(value, self.captures) {
            Ok(true) => Found::yes(vec![Row { captures: bound, seen: vec![seen] }], why),
            Ok(false) => Found { bound, ..Found::no(vec![seen], why) },
            Err(missing) => Found::unknown(not_known(&missing), None),
        }
    }
}

/// What is to be said where a name is not bound.
pub fn not_known(name: &str) -> String {
    match name {
        "install" => "where SMS is installed is not known".to_owned(),
        "windows" => "where Windows is installed is not known".to_owned(),
        name => format!("the {} is not known", name.replace('_', " ")),
    }
}

/// Binds a value under the name that the signature gave it; the names that sitedx gives are properties.
pub fn told(bound: &mut Captures, name: &str, value: &str) {
    if ["value", "count", "free"].contains(&name) {
        bound.tell(name, value);
    } else {
        bound.bind(name, value);
    }
}

/// The answer that nothing of a pattern is there, if the place that was searched is covered.
pub fn absent(covered: Option<Origin>, shown: &str, missing: &str) -> Answer {
    match covered {
        Some(origin) => {
            let proof = Proof { origin, shows: format!("complete, without {shown}") };
            Answer::no(vec![proof], format!("{shown} is not there"))
        }
        None => Answer::unknown(format!("no {missing} covers {shown}")),
    }
}
