//! Takes one thing after another away from a signature: what no case misses, no case proves.

use crate::authoring::Places;
use crate::pattern::ValueTest;
use crate::signature::{Condition, Lines, Order, Question, Repeated, Side, Signature, Subject};

/// A signature with one thing taken away.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// What was taken away.
    pub what: String,
    /// The field of the file that was taken away: `needs.1.where.code`.
    pub field: String,
    /// The kind of case that would notice it.
    pub notice: String,
    pub signature: Signature,
}

/// The lists of conditions, with what a case must do to miss one.
const PARTS: &[(&str, Part, &str)] = &[
    (
        "needs",
        |it| &mut it.needs,
        "a near miss in which all else holds and this does not (none or ruled_out), or one in which it is not known (possible)",
    ),
    (
        "supports",
        |it| &mut it.supports,
        "a case in which it is false (probable instead of confirmed), or `says` with its text where it is true",
    ),
    ("refutes", |it| &mut it.refutes, "a near miss in which it is true: expect ruled_out"),
    ("resolved", |it| &mut it.resolved, "a case in which it is true: history = true"),
];

type Part = fn(&mut Signature) -> &mut Vec<Condition>;

/// Every signature that is this one with one thing less.
pub fn mutations(signature: &Signature, places: &Places<'_>) -> Vec<Mutation> {
    let mut all = Mutations { signature, all: Vec::new() };
    for (part, list, notice) in PARTS {
        let conditions = list(&mut signature.clone()).clone();
        for (index, condition) in conditions.iter().enumerate() {
            let field = format!("{part}.{index}");
            if *part != "needs" || 1 < conditions.len() {
                let what = format!("the {} `{}`", part.trim_end_matches('s'), condition.name);
                all.add(what, field.clone(), notice, |it| drop(list(it).remove(index)));
            }
            all.condition(condition, &field, |it| &mut list(it)[index]);
        }
    }
    for (index, item) in signature.items.iter().enumerate() {
        let what = format!("the item `{}: {}`", item.title.text(), item.subject.text());
        let notice = "its state in the [case.items] of a case";
        all.add(what, format!("item.{index}"), notice, |it| drop(it.items.remove(index)));
    }
    // What an event looks for is the event's own, and so is the proof of it.
    let own = |mutation: &Mutation| !mutation.field.contains(".line.") || places.has(&mutation.field);
    all.all.into_iter().filter(own).collect()
}

struct Mutations<'a> {
    signature: &'a Signature,
    all: Vec<Mutation>,
}

impl Mutations<'_> {
    fn add(&mut self, what: String, field: String, notice: &str, change: impl FnOnce(&mut Signature)) {
        let mut signature = self.signature.clone();
        change(&mut signature);
        self.all.push(Mutation { what, field, notice: notice.to_owned(), signature });
    }

    /// What a condition can lose and still be one.
    fn condition(
        &mut self,
        condition: &Condition,
        field: &str,
        own: impl Fn(&mut Signature) -> &mut Condition,
    ) {
        let name = &condition.name;
        if condition.proves {
            let notice = "a case that is confirmed by this condition alone";
            self.add(format!("`proves` of `{name}`"), format!("{field}.proves"), notice, |it| {
                own(it).proves = false;
            });
        }
        if let Some(Order { other, side, within }) = &condition.order {
            let (key, opposite) = match side {
                Side::After => ("after", "before"),
                Side::Before => ("before", "after"),
            };
            let notice = format!("a case in which it comes {opposite} `{other}`");
            self.add(format!("`{key}` of `{name}`"), format!("{field}.{key}"), &notice, |it| {
                own(it).order = None;
            });
            if within.is_some() {
                let notice = format!("a case in which it is farther from `{other}`");
                self.add(format!("`within` of `{name}`"), format!("{field}.within"), &notice, |it| {
                    if let Some(order) = &mut own(it).order {
                        order.within = None;
                    }
                });
            }
        }
        for Lesser { what, field, notice, question } in lesser(&condition.question, field) {
            self.add(format!("{what} of `{name}`"), field, &notice, |it| own(it).question = question);
        }
    }
}

/// What restricts a line.
struct Restriction {
    field: &'static str,
    is_there: fn(&Lines) -> bool,
    /// The case that proves it.
    notice: &'static str,
    drop: fn(&mut Lines),
}

const RESTRICTIONS: &[Restriction] = &[
    Restriction {
        field: "last",
        is_there: |it| it.last,
        notice: "a near miss in which another record follows",
        drop: |it| it.last = false,
    },
    Restriction {
        field: "age",
        is_there: |it| it.age.is_some(),
        notice: "a near miss in which the server's newest record is not much later",
        drop: |it| it.age = None,
    },
    Restriction {
        field: "times",
        is_there: |it| it.repeated.is_some(),
        notice: "a near miss in which the line does not come so often",
        drop: |it| it.repeated = None,
    },
    Restriction {
        field: "per",
        is_there: |it| it.repeated.is_some_and(|repeated| repeated.per.is_some()),
        notice: "a near miss in which the lines are farther apart",
        drop: |it| it.repeated = it.repeated.map(|repeated| Repeated { per: None, ..repeated }),
    },
];

/// A question with one restriction less.
struct Lesser {
    what: String,
    field: String,
    notice: String,
    question: Question,
}

/// Every question that is this one with one restriction, or one alternative, less.
fn lesser(question: &Question, field: &str) -> Vec<Lesser> {
    let mut all = Vec::new();
    let mut add = |what: String, field: String, notice: &str, change: &dyn Fn(&mut Question)| {
        let mut question = question.clone();
        change(&mut question);
        all.push(Lesser { what, field, notice: notice.to_owned(), question });
    };
    let is_test = matches!(question.subject, Subject::Test);
    // A condition that is one test only is dropped as a whole already.
    let only_test = is_test && question.filter.len() == 1;
    for (index, (name, _)) in question.filter.iter().enumerate().filter(|_| !only_test) {
        let key = if is_test { "test" } else { "where" };
        let notice = format!("a near miss that differs in {name} only");
        add(format!("the test of `{name}`"), format!("{field}.{key}.{name}"), &notice, &|it| {
            // A test that always holds, and not none: what it tests must still be known.
            it.filter[index].1 = anything();
        });
    }
    match &question.subject {
        Subject::Line(lines) => {
            for it in RESTRICTIONS.iter().filter(|it| (it.is_there)(lines)) {
                add(format!("`{}`", it.field), format!("{field}.{}", it.field), it.notice, &|question| {
                    if let Subject::Line(lines) = &mut question.subject {
                        (it.drop)(lines);
                    }
                });
            }
            for index in (0..lines.wanted.len()).filter(|_| 1 < lines.wanted.len()) {
                let notice = "a case with a line of this wording only";
                let what = format!("alternative {} of the line", index + 1);
                add(what, format!("{field}.line.{index}"), notice, &|it| {
                    if let Subject::Line(lines) = &mut it.subject {
                        lines.wanted.remove(index);
                        lines.numbers.remove(index);
                    }
                });
            }
        }
        Subject::Value { test: Some(_), .. } => {
            let notice = "a near miss with another value";
            add("`is`".to_owned(), format!("{field}.value.is"), notice, &|it| {
                if let Subject::Value { test, .. } = &mut it.subject {
                    *test = None;
                }
            });
        }
        Subject::Setting { test: Some(_), .. } => {
            let notice = "a near miss with another value";
            add("`is`".to_owned(), format!("{field}.setting.is"), notice, &|it| {
                if let Subject::Setting { test, .. } = &mut it.subject {
                    *test = None;
                }
            });
        }
        Subject::Count { .. } => {
            let notice = "a near miss with more or fewer files";
            add("`is`".to_owned(), format!("{field}.count.is"), notice, &|it| {
                if let Subject::Count { test, .. } = &mut it.subject {
                    *test = anything();
                }
            });
        }
        Subject::Free { .. } => {
            let notice = "a near miss with more or less free space";
            add("`is`".to_owned(), format!("{field}.free.is"), notice, &|it| {
                if let Subject::Free { test, .. } = &mut it.subject {
                    *test = anything();
                }
            });
        }
        Subject::Any(inner) => {
            for (index, one) in inner.iter().enumerate() {
                let field = format!("{field}.any.{index}");
                let notice = "a case in which this alternative alone is true";
                let what = format!("alternative {} of `any`", index + 1);
                add(what, field.clone(), notice, &|it| {
                    if let Subject::Any(inner) = &mut it.subject {
                        inner.remove(index);
                    }
                });
                for Lesser { what, field, notice, question } in lesser(one, &field) {
                    add(what, field, &notice, &|it| {
                        if let Subject::Any(inner) = &mut it.subject {
                            inner[index] = question.clone();
                        }
                    });
                }
            }
        }
        _ => {}
    }
    all
}

/// The test that every value passes.
fn anything() -> ValueTest {
    ValueTest::new(&["**".to_owned()]).expect("a glob of wildcards only")
}
