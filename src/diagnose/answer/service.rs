//! Services: whether they exist and run, and how they are set up.

use crate::facts::{Proof, SERVICES, Truth};
use crate::model::Service;
use crate::pattern::{Captures, Glob};
use crate::signature::State;

use super::super::found::{Found, Row};
use super::asked::{Asked, absent};
use super::collect::{NET_START, export_of};

/// A service, or services of a pattern.
pub fn service(name: &Glob, state: State, asked: Asked<'_>) -> Found {
    let fact = asked.fact();
    let filled = match asked.fill(name) {
        Ok(filled) => filled,
        Err(unknown) => return *unknown,
    };
    let collect = match state {
        State::Running | State::Stopped => NET_START.to_owned(),
        _ => export_of(SERVICES),
    };
    let collect = asked.collect(collect);
    let turned = matches!(state, State::Absent | State::Stopped);
    if let Some(exact) = &filled.exact {
        let answer = match state {
            State::Running | State::Stopped => fact.service_running(exact),
            State::Present | State::Absent => fact.service_present(exact),
        };
        return set_up(Found::of(answer, asked.host, turned, collect), exact, state, asked);
    }
    let running = fact.services.running().map(|entry| (entry.name.clone(), entry.proof()));
    let known = fact.services.listed().map(|(name, proof)| (name.to_owned(), proof));
    let listed = fact.registry.below(SERVICES).filter_map(|(path, origin)| {
        let name = path.get(path.to_lowercase().find(r"\services\")? + r"\services\".len()..)?;
        (!name.contains('\\')).then(|| (name.to_owned(), Proof { origin, shows: format!("[{path}]") }))
    });
    let by_key = matches!(state, State::Present | State::Absent);
    let found = running
        .chain(known.chain(listed).filter(|_| by_key))
        .filter_map(|(name, proof)| Some((properties(&name, filled.find(&name)?, asked), proof)));
    let (covered, missing) = match by_key {
        true => (fact.services.covered(&fact.registry), "registry export or list of all services"),
        false => (fact.services.running_covered(), "list of running services"),
    };
    let shown = format!("service {}", filled.shown);
    asked.many(asked.matches(found), || absent(covered, &shown, missing), &shown, turned, collect)
}

/// The answer about one service, with how it is set up; the filter may ask for that.
fn set_up(found: Found, name: &str, state: State, asked: Asked<'_>) -> Found {
    if found.truth != Truth::Yes || state == State::Absent {
        return found;
    }
    let captures = properties(name, Captures::default(), asked);
    match (asked.accept)(&captures) {
        Truth::Yes => {
            let seen = found.rows.into_iter().flat_map(|row| row.seen).collect();
            Found::yes(vec![Row { captures, seen }], found.why)
        }
        Truth::No => {
            let seen = found.rows.into_iter().flat_map(|row| row.seen).collect();
            let bound: Vec<String> = captures.iter().map(|(name, value)| format!("{name} {value}")).collect();
            let why = format!("service {name} is not set up as asked for ({})", bound.join(", "));
            Found { bound: captures, ..Found::no(seen, why) }
        }
        Truth::Unknown => {
            let collect = asked.collect(export_of(SERVICES));
            Found::unknown(format!("how service {name} is set up is not known"), Some(collect))
        }
    }
}

/// What captures tell of a service, beside what its name binds.
fn properties(name: &str, mut bound: Captures, asked: Asked<'_>) -> Captures {
    let fact = asked.fact();
    let Some(Service { path, account, start, state, .. }) = fact.services.get(name, &fact.registry) else {
        return bound;
    };
    let start = start.map(|start| start.name().to_owned());
    let state = state.map(|state| state.name().to_owned());
    for (name, value) in [("path", path), ("account", account), ("start", start), ("state", state)] {
        if let Some(value) = value {
            bound.tell(name, &value);
        }
    }
    bound
}
