//! Runs the cases of a signature against each of its mutations, and tells which no case notices.

use rayon::prelude::*;

use super::mutate::{Mutation, mutations};
use super::{prove, wrong};
use crate::authoring::{Mistake, Places};
use crate::bundle;
use crate::catalog::Catalog;
use crate::custody::Hashes;
use crate::pipeline::{Gathered, gather};
use crate::signature::{Case, Signature};

/// What came of taking things away from one signature.
#[derive(Debug, Default)]
pub struct Mutated {
    /// How many things were taken away.
    pub tried: usize,
    /// What no case notices, with its place in the file; also cases that hold only beside other signatures.
    pub unnoticed: Vec<Mistake>,
}

/// Takes each thing away from a signature and runs its cases, without any other signature beside it.
///
/// `text` is that of its file. What each case is made of is read once, and asked by every mutation.
pub fn mutate(signature: &Signature, text: &str, catalog: &Catalog) -> Mutated {
    let places = Places::read(&signature.path, text);
    let alone = catalog.with_only(vec![signature.clone()]);
    let Some(numbered) = alone.signatures.all.first() else { return Mutated::default() };
    let read: Vec<(&Case, Gathered)> = signature
        .cases
        .par_iter()
        .map(|case| {
            let opened = bundle::in_memory("case", case.files.clone());
            (case, gather(&opened, alone.log_context(), &alone.signatures, Hashes::Left, |_| {}))
        })
        .collect();
    let fails = |asked: &Signature, case: &Case, gathered: &Gathered| {
        let report = gathered.report_of(std::slice::from_ref(asked), &alone.signatures);
        !wrong(&signature.id, case, &report).is_empty()
    };
    let (lonely, sound): (Vec<_>, Vec<_>) =
        read.iter().partition(|(case, gathered)| fails(numbered, case, gathered));
    let mutations = mutations(numbered, &places);
    let unnoticed = mutations
        .par_iter()
        .filter(|it| !sound.iter().any(|(case, gathered)| fails(&it.signature, case, gathered)))
        .map(|it| told(it, &places));
    let mut unnoticed: Vec<Mistake> = unnoticed.collect();
    // What fails in any company is told by the cases themselves.
    let helped = lonely.iter().filter(|(case, _)| prove(signature, case, catalog).is_empty());
    unnoticed.extend(helped.map(|(case, _)| {
        let index = signature.cases.iter().position(|it| it.name == case.name).unwrap_or_default();
        let what = format!("case `{}` fails when no other signature stands beside this one", case.name);
        let hint =
            "a case must rest on its own signature alone; `signature test` tells what is wrong with it";
        places.mistake(places.span(&format!("case.{index}")), what, Some(hint.to_owned()))
    }));
    Mutated { tried: mutations.len(), unnoticed }
}

fn told(mutation: &Mutation, places: &Places<'_>) -> Mistake {
    let what = format!("no case notices when {} is dropped", mutation.what);
    let hint = format!("what would notice it: {}", mutation.notice);
    places.mistake(places.whole(&mutation.field), what, Some(hint))
}
