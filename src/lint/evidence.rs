//! Rules on conditions: what they say, and whether they can make a difference.

use super::{Remark, Subject};
use crate::signature::{Lines, Place, Subject as Asked};

pub fn says(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    for (field, condition) in subject.conditions().filter(|(_, condition)| condition.says.is_none()) {
        let what = format!("`{}` does not say what it means", condition.name);
        out.push(subject.remark(&field, what, "write `says`: what a reader learns when it is true"));
    }
}

pub fn no_effect(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    // Only supports have a weight, and only what speaks for a failure can prove it.
    let idle = [
        ("refutes", "proves"),
        ("resolved", "proves"),
        ("needs", "weight"),
        ("refutes", "weight"),
        ("resolved", "weight"),
    ];
    for (field, condition) in subject.conditions() {
        for (_, key) in idle.iter().filter(|(part, _)| field.starts_with(part)) {
            let place = format!("{field}.{key}");
            if subject.places.has(&place) {
                let what = format!("`{key}` has no effect on `{}`", condition.name);
                out.push(subject.remark(&place, what, "take it away"));
            }
        }
    }
}

pub fn always_true(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let needs = &subject.signature.needs;
    for (field, condition) in subject.conditions() {
        let question = &condition.question;
        let free = question.filter.is_empty() && condition.order.is_none();
        let Asked::Line(Lines { wanted, last: false, repeated: None, age: None, .. }) = &question.subject
        else {
            continue;
        };
        let earlier = needs.iter().take_while(|need| need.name != condition.name);
        let implied = earlier.filter(|need| matches!(need.question.place, Place::Own)).find(|need| {
            let Asked::Line(Lines { wanted: before, .. }) = &need.question.subject else { return false };
            before.iter().all(|one| wanted.iter().any(|other| other.pattern.text() == one.pattern.text()))
        });
        if let Some(need) = implied.filter(|_| free && matches!(question.place, Place::Own)) {
            let what = format!("`{}` is true wherever `{}` is", condition.name, need.name);
            out.push(subject.remark(&field, what, "look for something else, or take it away"));
        }
    }
}
