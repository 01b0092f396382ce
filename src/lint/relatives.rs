//! Rules on signatures that look alike.

use std::collections::BTreeSet;

use super::words::shape;
use super::{Remark, Subject};
use crate::signature::{Lines, Signature, Subject as Asked};

fn names(one: &Signature, other: &Signature) -> bool {
    one.rivals.iter().any(|rival| rival.signature == other.id)
}

pub fn rival_back(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let it = subject.signature;
    for (index, rival) in it.rivals.iter().enumerate() {
        let other = subject.together.iter().find(|other| other.id == rival.signature);
        if other.is_some_and(|other| !names(other, it)) {
            let what = format!("`{}` does not name this one as its rival", rival.signature);
            let hint = format!("add a [[rival]] with signature = \"{}\" there", it.id);
            out.push(subject.remark(&format!("rival.{index}.signature"), what, hint));
        }
    }
}

pub fn same_trigger(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let it = subject.signature;
    let own = shapes(it);
    for other in subject.together.iter().filter(|other| other.id != it.id) {
        let related = names(it, other) || names(other, it);
        let explained = it.explains.contains(&other.id) || other.explains.contains(&it.id);
        if !related && !explained && !own.is_disjoint(&shapes(other)) {
            let what = format!("`{}` has a trigger of the same words", other.id);
            let hint = "name each other as [[rival]], with the fact that tells them apart";
            out.push(subject.remark("needs.0.line", what, hint));
        }
    }
}

/// The shapes of a trigger's lines, each with a log in which it counts.
fn shapes(signature: &Signature) -> BTreeSet<(String, String)> {
    let Some(Asked::Line(Lines { wanted, logs, .. })) =
        signature.needs.first().map(|need| &need.question.subject)
    else {
        return BTreeSet::new();
    };
    let logs = if logs.is_empty() { vec![String::new()] } else { logs.clone() };
    let pairs = wanted.iter().flat_map(|one| logs.iter().map(|log| (shape(&one.pattern), log.clone())));
    pairs.collect()
}
