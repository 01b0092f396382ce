//! Registry keys and values.

use crate::facts::{Proof, Truth};
use crate::pattern::{Captures, Glob, Template, ValueTest};

use super::super::found::{Found, seen};
use super::asked::{Asked, absent, not_known, told};
use super::collect::export_of;

/// A registry key, or keys of a pattern.
pub fn key(path: &Glob, turned: bool, asked: Asked<'_>) -> Found {
    let fact = asked.fact();
    let filled = match asked.fill(path) {
        Ok(filled) => filled,
        Err(unknown) => return *unknown,
    };
    let collect = asked.collect(export_of(&filled.shown));
    if let Some(exact) = &filled.exact {
        return Found::of(fact.registry.key_present(exact), asked.host, turned, collect);
    }
    let folder = filled.fixed_folder().unwrap_or_default();
    let wanted = |path: &str| filled.find(&path.replacen("HKEY_LOCAL_MACHINE", "HKLM", 1));
    let found = fact
        .registry
        .below(folder)
        .filter_map(|(path, origin)| Some((wanted(path)?, Proof { origin, shows: format!("[{path}]") })));
    let absent = || absent(fact.registry.tree_covered(folder), &filled.shown, "registry export");
    asked.many(asked.matches(found), absent, &filled.shown, turned, collect)
}

/// A value of a key, under a test if there is one; `needed` tells whether its absence means anything.
pub fn value(
    (key, name): (&Template, &Template),
    test: Option<&ValueTest>,
    needed: bool,
    bind: &str,
    asked: Asked<'_>,
) -> Found {
    let fact = asked.fact();
    let filled = key.fill(asked.captures).and_then(|key| Ok((key, name.fill(asked.captures)?)));
    let (key, name) = match filled {
        Ok(filled) => filled,
        Err(name) => return Found::unknown(not_known(&name), None),
    };
    let collect = asked.collect(export_of(&key));
    let Some(found) = fact.registry.text(&key, &name) else {
        let answer = fact.registry.value_present(&key, &name);
        return match needed {
            true => Found::of(answer, asked.host, false, collect),
            false => Found::unknown(answer.why, Some(collect)),
        };
    };
    let shown = format!("\"{name}\" = {}", found.value);
    let seen = seen(asked.host, Proof { origin: found.origin, shows: shown.clone() });
    let judged = test.map(|test| asked.judged(bind, &found.value, test, seen.clone(), shown.clone()));
    if let Some(other) = judged.filter(|judged| judged.truth != Truth::Yes) {
        return other;
    }
    let mut bound = Captures::default();
    told(&mut bound, bind, &found.value);
    asked.single(bound, seen, shown)
}
