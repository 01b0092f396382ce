//! Checklists: every point comes out as ok, as a problem, or as not collected.

use crate::correlate::World;
use crate::facts::Truth;
use crate::pattern::Captures;
use crate::signature::{Item, Signature};

use super::answer::answer;
use super::found::{Found, Seen};

/// A point of a checklist, checked.
#[derive(Clone, Debug)]
pub struct Checked {
    pub title: String,
    pub subject: String,
    /// Yes is ok, no is a problem, unknown is not collected.
    pub ok: Truth,
    pub why: String,
    pub seen: Vec<Seen>,
    pub remedy: Option<String>,
    /// Whom to ask for what.
    pub collect: Option<(String, String)>,
}

impl Checked {
    /// Whether it came out as a problem.
    pub fn is_problem(&self) -> bool {
        self.ok == Truth::No
    }

    /// The name of its state that reports use.
    pub fn state(&self) -> &'static str {
        match self.ok {
            Truth::Yes => "ok",
            Truth::No => "problem",
            Truth::Unknown => "not_collected",
        }
    }
}

/// Checks every item of a signature.
pub fn check(signature: &Signature, host: usize, captures: &Captures, world: &World) -> Vec<Checked> {
    let mut checked = Vec::new();
    for item in &signature.items {
        if let Some(only) = &item.only
            && answer(only, host, captures, world).truth == Truth::No
        {
            continue;
        }
        match &item.each {
            None => {
                let test = item.test.as_ref().map(|test| answer(test, host, captures, world));
                checked.extend(test.map(|found| one(item, captures, found, item.bad)));
            }
            Some(each) => {
                let found = answer(each, host, captures, world);
                if found.truth != Truth::Yes {
                    // Nothing of the kind: fine where that is known.
                    checked.push(one(item, captures, found, true));
                    continue;
                }
                for row in found.rows {
                    let mut bound = captures.clone();
                    bound.extend(&row.captures);
                    let result = match &item.test {
                        Some(test) => one(item, &bound, answer(test, host, &bound, world), item.bad),
                        None => one(item, &bound, Found::yes(vec![row], found.why.clone()), true),
                    };
                    checked.push(result);
                }
            }
        }
    }
    checked
}

/// An item by its answer; with `bad`, true is a problem.
fn one(item: &Item, captures: &Captures, found: Found, bad: bool) -> Checked {
    let ok = if bad { found.truth.negated() } else { found.truth };
    let mut bound = captures.clone();
    if let Some(row) = found.rows.first() {
        bound.extend(&row.captures);
    }
    let seen = match found.truth {
        Truth::Yes => found.rows.into_iter().flat_map(|row| row.seen).take(20).collect(),
        _ => found.seen,
    };
    let collect = match (&item.ask, found.collect) {
        (Some(ask), collect) => {
            let server = collect.map_or_else(|| bound.get("host").unwrap_or_default().to_owned(), |it| it.0);
            Some((server, ask.show(&bound)))
        }
        (None, collect) => collect,
    };
    Checked {
        title: item.title.show(&bound),
        subject: item.subject.show(&bound),
        ok,
        why: found.why,
        seen,
        remedy: item.remedy.as_ref().map(|remedy| remedy.show(&bound)).filter(|_| ok == Truth::No),
        collect: collect.filter(|_| ok == Truth::Unknown),
    }
}
