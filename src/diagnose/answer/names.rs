//! Names of lists: shares, accounts, members of groups, and settings of documents.

use crate::facts::{NamedFact, Names, Proof, Truth};
use crate::pattern::{Captures, Glob, ValueTest};
use crate::signature::State;

use super::super::found::{Found, Row, seen};
use super::asked::{Asked, absent, told};
use super::collect::members_of;

/// A name of a list, or names of a pattern. `what` is what the list holds, `command` what collects it.
pub fn named(name: &Glob, names: &Names, what: &str, command: &str, state: State, asked: Asked<'_>) -> Found {
    let filled = match asked.fill(name) {
        Ok(filled) => filled,
        Err(unknown) => return *unknown,
    };
    let found = names.iter().filter_map(|entry| {
        let bound = properties(entry, filled.find(&entry.name)?);
        Some((bound, entry.proof()))
    });
    let shown = format!("{what} {}", filled.shown);
    let turned = state == State::Absent;
    let absent = || match filled.exact {
        Some(_) => names.present(&filled.shown, what),
        None => absent(names.covered(), &shown, &format!("list of {what}s")),
    };
    asked.many(asked.matches(found), absent, &shown, turned, asked.collect(command))
}

fn properties(entry: &NamedFact, mut bound: Captures) -> Captures {
    for (name, value) in [("path", &entry.detail), ("remark", &entry.remark)] {
        if !value.is_empty() {
            bound.tell(name, value);
        }
    }
    bound
}

/// A member of a group, or members of a pattern.
pub fn member(group: &Glob, name: &Glob, state: State, asked: Asked<'_>) -> Found {
    let fact = asked.fact();
    let filled = match asked.fill(group) {
        Ok(filled) => filled,
        Err(unknown) => return *unknown,
    };
    let groups = fact.members.iter().filter(|(group, _)| filled.find(group).is_some());
    let what = format!("member of {}", filled.shown);
    let command = members_of(&filled.shown);
    let answers: Vec<Found> = groups
        .map(|(group, names)| {
            let mut found = named(name, names, &what, &command, state, asked);
            found.rows.iter_mut().for_each(|row| row.captures.tell("group", group));
            found
        })
        .collect();
    if answers.is_empty() {
        let why = format!("the members of {} were not collected", filled.shown);
        return Found::unknown(why, Some(asked.collect(command)));
    }
    super::joined(answers)
}

/// A named value of a document, under a test if there is one.
pub fn setting(
    (document, section, name): (&Glob, &Glob, &Glob),
    test: Option<&ValueTest>,
    bind: &str,
    asked: Asked<'_>,
) -> Found {
    let (document, section, name) = match (asked.fill(document), asked.fill(section), asked.fill(name)) {
        (Ok(document), Ok(section), Ok(name)) => (document, section, name),
        (Err(unknown), ..) | (_, Err(unknown), _) | (.., Err(unknown)) => return *unknown,
    };
    let mut known = None;
    let mut others = Vec::new();
    let mut rows = Vec::new();
    for found in asked.fact().settings.iter() {
        let setting = &found.value;
        let Some(mut bound) = document.find(&setting.document) else { continue };
        known.get_or_insert(found.origin);
        let (Some(of_section), Some(of_name)) = (section.find(&setting.section), name.find(&setting.name))
        else {
            continue;
        };
        bound.extend(&of_section);
        bound.extend(&of_name);
        told(&mut bound, bind, &setting.value);
        let shows = format!("[{}] {} = {}", setting.section, setting.name, setting.value);
        let seen = seen(asked.host, Proof { origin: found.origin, shows });
        let passes = test.is_none_or(|test| test.holds(&setting.value, asked.captures) == Ok(true));
        if passes && (asked.accept)(&bound) == Truth::Yes {
            rows.push(Row { captures: bound, seen: vec![seen] });
        } else {
            others.push((bound, seen));
        }
    }
    let shown = format!("{} of {}", name.shown, document.shown);
    if !rows.is_empty() {
        return Found::yes(rows, format!("{shown} is as asked for"));
    }
    if let Some((bound, _)) = others.first().cloned() {
        let why = format!("{shown} is {}", bound.get(bind).unwrap_or_default());
        return Found { bound, ..Found::no(others.into_iter().map(|(_, seen)| seen).collect(), why) };
    }
    match known {
        Some(origin) => {
            let shows = format!("{}, without {}", document.shown, name.shown);
            Found::no(vec![seen(asked.host, Proof { origin, shows })], format!("no {shown}"))
        }
        None => {
            let collect = asked.collect(document.shown.clone());
            Found::unknown(format!("{} was not collected", document.shown), Some(collect))
        }
    }
}
