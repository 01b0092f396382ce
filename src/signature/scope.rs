//! Names in a signature: each one that is used must be bound somewhere, each condition named must exist.

use std::collections::BTreeSet;

use super::{Expect, Question, Signature, Subject};
use crate::authoring::nearest;
use crate::facts::HOST_NAMES;

/// What is wrong with the names of a signature, and the nearest right name.
pub fn mistakes(signature: &Signature) -> Vec<(String, Option<String>)> {
    let mut bound: BTreeSet<String> = HOST_NAMES.iter().map(|name| (*name).to_owned()).collect();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for condition in signature.conditions() {
        names(&condition.question, &mut bound, &mut used);
        used.extend(
            condition.says.iter().chain(&condition.denies).flat_map(|text| text.names().map(str::to_owned)),
        );
    }
    let mut template = |text: &crate::pattern::Template| used.extend(text.names().map(str::to_owned));
    template(&signature.title);
    template(&signature.means);
    template(&signature.site);
    signature.identity.iter().chain(&signature.verify).for_each(&mut template);
    for remedy in &signature.remedies {
        template(&remedy.on);
        template(&remedy.action);
        remedy.run.iter().for_each(&mut template);
    }
    for ask in &signature.asks {
        template(&ask.on);
        template(&ask.text);
    }
    let mut found = unbound(&used, &bound);
    for item in &signature.items {
        let (mut bound, mut used) = (bound.clone(), BTreeSet::new());
        for question in item.each.iter().chain(&item.only).chain(&item.test) {
            names(question, &mut bound, &mut used);
        }
        let texts = [&item.title, &item.subject].into_iter().chain(&item.remedy).chain(&item.ask);
        used.extend(texts.flat_map(|text| text.names().map(str::to_owned)));
        found.extend(unbound(&used, &bound));
    }
    found.extend(conditions(signature));
    found.extend(cases(signature));
    found
}

fn unbound(used: &BTreeSet<String>, bound: &BTreeSet<String>) -> Vec<(String, Option<String>)> {
    let known: Vec<&str> = bound.iter().map(String::as_str).collect();
    let unknown = used.difference(bound);
    unknown.map(|name| (format!("nothing binds `{{{name}}}`"), nearest(name, &known))).collect()
}

/// The names that a question binds.
pub fn bound_by(question: &Question) -> BTreeSet<String> {
    let mut bound = BTreeSet::new();
    names(question, &mut bound, &mut BTreeSet::new());
    bound
}

/// Adds what a question binds and what it uses.
fn names(question: &Question, bound: &mut BTreeSet<String>, used: &mut BTreeSet<String>) {
    let mut tests: Vec<String> = question.filter.iter().flat_map(|(_, test)| test.names()).collect();
    let globs = |glob: &crate::pattern::Glob, bound: &mut BTreeSet<String>| {
        bound.extend(glob.names().map(str::to_owned));
    };
    match &question.subject {
        Subject::Line(lines) => {
            bound.extend(lines.wanted.iter().flat_map(|wanted| wanted.pattern.names().iter().cloned()));
        }
        Subject::Key { path, .. } => globs(path, bound),
        Subject::File { path, .. } => {
            globs(path, bound);
            bound.extend(["size", "date"].map(str::to_owned));
        }
        Subject::Count { path, test } => {
            globs(path, bound);
            bound.insert("count".to_owned());
            tests.extend(test.names());
        }
        Subject::Twice { path } => {
            globs(path, bound);
            bound.extend(["other_host", "other_path"].map(str::to_owned));
        }
        Subject::Service { name, .. } => {
            globs(name, bound);
            bound.extend(["path", "account", "start", "state"].map(str::to_owned));
        }
        Subject::Share { name, .. } => {
            globs(name, bound);
            bound.extend(["path", "remark"].map(str::to_owned));
        }
        Subject::Account { name, .. } => globs(name, bound),
        Subject::Member { group, name, .. } => {
            globs(group, bound);
            globs(name, bound);
            bound.insert("group".to_owned());
        }
        Subject::Setting { document, section, name, test, bind } => {
            [document, section, name].into_iter().for_each(|glob| globs(glob, bound));
            bound.insert(bind.clone());
            tests.extend(test.iter().flat_map(crate::pattern::ValueTest::names));
        }
        Subject::Value { key, name, test, bind, .. } => {
            used.extend(key.names().chain(name.names()).map(str::to_owned));
            bound.insert(bind.clone());
            tests.extend(test.iter().flat_map(crate::pattern::ValueTest::names));
        }
        Subject::Free { path, test } => {
            used.extend(path.names().map(str::to_owned));
            bound.insert("free".to_owned());
            tests.extend(test.names());
        }
        Subject::Test => used.extend(question.filter.iter().map(|(name, _)| name.clone())),
        Subject::Any(inner) => inner.iter().for_each(|inner| names(inner, bound, used)),
    }
    used.extend(tests);
    match &question.place {
        super::Place::Site(text) | super::Place::Host(text) => used.extend(text.names().map(str::to_owned)),
        _ => {}
    }
}

/// Names of conditions: each once, and each that is referred to.
fn conditions(signature: &Signature) -> Vec<(String, Option<String>)> {
    let all: Vec<&str> = signature.conditions().map(|condition| condition.name.as_str()).collect();
    let mut found = Vec::new();
    for (index, name) in all.iter().enumerate() {
        if all[..index].contains(name) {
            found.push((format!("two conditions are called `{name}`"), None));
        }
    }
    let others =
        signature.conditions().filter_map(|condition| Some(condition.order.as_ref()?.other.as_str()));
    let gates = signature.remedies.iter().filter_map(|remedy| remedy.when.as_deref());
    let referred = others.chain(gates).chain(signature.asks.iter().map(|ask| ask.condition.as_str()));
    for name in referred.filter(|name| !all.contains(name)) {
        found.push((format!("no condition is called `{name}`"), nearest(name, &all)));
    }
    found
}

/// The three proofs that are demanded: it fires, it does not on a near miss, it knows what is missing.
fn cases(signature: &Signature) -> Vec<(String, Option<String>)> {
    let expects = |wanted: &[Expect]| signature.cases.iter().any(|case| wanted.contains(&case.expect));
    let mut found = Vec::new();
    if !expects(&[Expect::Confirmed, Expect::Probable]) {
        found.push(("no case in which it fires: one must expect confirmed or probable".to_owned(), None));
    }
    if !expects(&[Expect::RuledOut, Expect::None]) {
        found.push(("no near miss: one case must expect none or ruled_out".to_owned(), None));
    }
    let misses = signature.cases.iter().any(|case| !case.asks.is_empty() || case.expect == Expect::Possible);
    let by_item =
        signature.cases.iter().any(|case| case.items.values().any(|state| state == "not_collected"));
    if !misses && !by_item {
        let what =
            "no case with evidence missing: one must expect possible, `asks`, or an item not_collected";
        found.push((what.to_owned(), None));
    }
    found
}
