//! Names in a signature: each one that is used must be bound somewhere, each condition named must exist.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Expect, Question, Signature, Subject};
use crate::authoring::{Places, nearest};
use crate::facts::HOST_NAMES;
use crate::pattern::Template;

/// Something that is wrong with a file as a whole.
pub struct Slip {
    pub what: String,
    /// The nearest right name, or the way out.
    pub hint: Option<String>,
    pub place: Spot,
}

/// Where it shows.
pub enum Spot {
    Field(String),
    /// The one of several fields that the file has.
    FirstOf(Vec<String>),
    /// The first use of a name below a field, or anywhere.
    Name {
        name: String,
        within: String,
    },
}

impl Spot {
    /// The bytes of the file.
    pub fn find(&self, places: &Places<'_>) -> Range<usize> {
        match self {
            Self::Field(field) => places.span(field),
            Self::FirstOf(fields) => {
                let field = fields.iter().find(|field| places.has(field)).or(fields.first());
                field.map(|field| places.span(field)).unwrap_or_default()
            }
            Self::Name { name, within } => places.use_of(name, within),
        }
    }
}

/// What is wrong with the names of a signature and its conditions.
pub fn mistakes(signature: &Signature) -> Vec<Slip> {
    let mut found = all_names(signature);
    found.extend(conditions(signature));
    found
}

/// Names that nothing binds.
fn all_names(signature: &Signature) -> Vec<Slip> {
    let mut bound: BTreeSet<String> = HOST_NAMES.iter().map(|name| (*name).to_owned()).collect();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for condition in signature.conditions() {
        names(&condition.question, &mut bound, &mut used);
        used.extend(
            condition.says.iter().chain(&condition.denies).flat_map(|text| text.names().map(str::to_owned)),
        );
    }
    let mut template = |text: &Template| used.extend(text.names().map(str::to_owned));
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
    let mut found = unbound(&used, &bound, "");
    for (index, item) in signature.items.iter().enumerate() {
        let (mut bound, mut used) = (bound.clone(), BTreeSet::new());
        for question in item.questions() {
            names(question, &mut bound, &mut used);
        }
        let texts = [&item.title, &item.subject].into_iter().chain(&item.remedy).chain(&item.ask);
        used.extend(texts.flat_map(|text| text.names().map(str::to_owned)));
        found.extend(unbound(&used, &bound, &format!("item.{index}")));
    }
    found
}

fn unbound(used: &BTreeSet<String>, bound: &BTreeSet<String>, within: &str) -> Vec<Slip> {
    let known: Vec<&str> = bound.iter().map(String::as_str).collect();
    let slip = |name: &String| Slip {
        what: format!("nothing binds `{{{name}}}`"),
        hint: nearest(name, &known).or_else(|| Some("a need or support must capture it".to_owned())),
        place: Spot::Name { name: name.clone(), within: within.to_owned() },
    };
    used.difference(bound).map(slip).collect()
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
        Subject::Account { name, .. } | Subject::Group { name, .. } => globs(name, bound),
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
        Subject::Test => {}
        Subject::Any(inner) => inner.iter().for_each(|inner| names(inner, bound, used)),
    }
    used.extend(tests);
    // A test of what nothing binds would never be decided.
    used.extend(question.filter.iter().map(|(name, _)| name.clone()));
    match &question.place {
        super::Place::Site(text) | super::Place::Host(text) => used.extend(text.names().map(str::to_owned)),
        _ => {}
    }
}

/// Names of conditions: each once, and each that is referred to.
fn conditions(signature: &Signature) -> Vec<Slip> {
    let it = signature;
    let lists = [
        ("needs", &it.needs),
        ("supports", &it.supports),
        ("refutes", &it.refutes),
        ("resolved", &it.resolved),
    ];
    let mut all: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    let mut referred: Vec<(&str, Vec<String>)> = Vec::new();
    let mut later: Vec<(&str, &str, Vec<String>)> = Vec::new();
    for (part, list) in lists {
        for (index, condition) in list.iter().enumerate() {
            if all.contains(&condition.name.as_str()) {
                let what = format!("two conditions are called `{}`", condition.name);
                let place = Spot::Field(format!("{part}.{index}.name"));
                found.push(Slip { what, hint: Some("give each a name of its own".to_owned()), place });
            }
            if let Some(order) = &condition.order {
                let fields = ["after", "before"].map(|side| format!("{part}.{index}.{side}")).to_vec();
                if !all.contains(&order.other.as_str()) {
                    later.push((&condition.name, &order.other, fields.clone()));
                }
                referred.push((&order.other, fields));
            }
            all.push(&condition.name);
            if has_nothing(&condition.question) {
                found.push(Slip {
                    what: format!("`{}` has an empty list, which nothing matches", condition.name),
                    hint: Some("write what is looked for, or take the condition away".to_owned()),
                    place: Spot::Field(format!("{part}.{index}")),
                });
            }
        }
    }
    for (index, remedy) in it.remedies.iter().enumerate() {
        referred.extend(remedy.when.as_deref().map(|name| (name, vec![format!("remedy.{index}.when")])));
    }
    for (index, ask) in it.asks.iter().enumerate() {
        referred.push((&ask.condition, vec![format!("ask.{index}.unknown")]));
    }
    for (own, other, fields) in later.into_iter().filter(|(_, other, _)| all.contains(other)) {
        found.push(Slip {
            what: format!("`{own}` is asked before `{other}`, so it cannot be held against it"),
            hint: Some(format!(
                "write it behind `{other}`: needs are asked first, then supports, refutes, resolved"
            )),
            place: Spot::FirstOf(fields),
        });
    }
    for (name, fields) in referred.into_iter().filter(|(name, _)| !all.contains(name)) {
        let known = || Some(format!("known: {}", all.join(", ")));
        found.push(Slip {
            what: format!("no condition is called `{name}`"),
            hint: nearest(name, &all).or_else(known),
            place: Spot::FirstOf(fields),
        });
    }
    found
}

/// Whether a question is a list without an entry.
fn has_nothing(question: &Question) -> bool {
    match &question.subject {
        Subject::Line(lines) => lines.wanted.is_empty(),
        Subject::Any(inner) => inner.is_empty() || inner.iter().any(has_nothing),
        _ => false,
    }
}

/// The three proofs that are demanded: it fires, it does not on a near miss, it knows what is missing.
pub fn cases(signature: &Signature) -> Vec<Slip> {
    let expects = |wanted: &[Expect]| signature.cases.iter().any(|case| wanted.contains(&case.expect));
    let misses = signature.cases.iter().any(|case| !case.asks.is_empty() || case.expect == Expect::Possible);
    let by_item =
        signature.cases.iter().any(|case| case.items.values().any(|state| state == "not_collected"));
    let demands = [
        (
            expects(&[Expect::Confirmed, Expect::Probable]),
            "no case in which it fires",
            "one must expect confirmed or probable",
        ),
        (
            expects(&[Expect::RuledOut, Expect::None]),
            "no near miss",
            "one case must expect none or ruled_out: the trigger with another code, order or value",
        ),
        (
            misses || by_item,
            "no case with evidence missing",
            "one must expect possible, `asks`, or an item not_collected",
        ),
    ];
    let missing = demands.into_iter().filter(|(met, _, _)| !met);
    missing
        .map(|(_, what, hint)| Slip {
            what: what.to_owned(),
            hint: Some(hint.to_owned()),
            // Where the first case stands, or else would stand.
            place: Spot::Field("case.0".to_owned()),
        })
        .collect()
}
