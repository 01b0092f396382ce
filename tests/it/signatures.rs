//! The cases that signatures carry, and what a case is worth.

use rayon::prelude::*;
use sitedx::catalog::{Catalog, Flaws, Packs, signature_packs};
use sitedx::lint::lint;
use sitedx::prove::{mutate, prove};
use sitedx::signature::{Case, Expect, Signature};

#[test]
fn every_case_of_every_signature_holds() {
    let catalog = Catalog::built_in();
    let wrong = catalog.signatures.all.par_iter().flat_map_iter(|signature| {
        let told = signature.cases.iter().map(|case| (case, prove(signature, case, &catalog)));
        let wrong = told.filter(|(_, wrong)| !wrong.is_empty());
        wrong.map(|(case, wrong)| format!("{}: {}\n    {}", signature.id, case.name, wrong.join("\n    ")))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_case_fails_when_its_evidence_is_taken_away() {
    // The proof must be able to fail: without its files, no case that fires may hold.
    let catalog = Catalog::built_in();
    let wrong = catalog.signatures.all.par_iter().flat_map_iter(|signature| {
        let alone = catalog.with_only(vec![signature.clone()]);
        let holds_all_the_same = move |case: &&Case| {
            let empty =
                Case { files: vec![("EMPTY/notes.txt".into(), b"nothing".to_vec())], ..(*case).clone() };
            let fires = case.expect != Expect::None || !case.items.is_empty();
            fires == prove(signature, &empty, &alone).is_empty()
        };
        let wrong = signature.cases.iter().filter(holds_all_the_same);
        wrong.map(|case| format!("{}: {}", signature.id, case.name))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_condition_of_every_signature_is_proved_by_a_case() {
    let (catalog, files) = built_in();
    let unnoticed: Vec<String> = files
        .par_iter()
        .flat_map_iter(|(signature, text)| mutate(signature, text, &catalog).unnoticed)
        .map(|mistake| mistake.to_string())
        .collect();
    assert!(unnoticed.is_empty(), "\n{}", unnoticed.join("\n"));
}

#[test]
fn the_built_in_signatures_have_no_remarks() {
    let remarks = lint(&built_in().1);
    let told: Vec<String> = remarks.iter().map(|it| format!("{} [{}]", it.mistake, it.rule)).collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

/// The built-in signatures with the texts of their files.
fn built_in() -> (Catalog, Vec<(Signature, String)>) {
    let catalog = Catalog::built_in();
    let packs = signature_packs(&Packs::default(), &mut Flaws::default());
    let text = |it: &Signature| packs[0].files.iter().find(|file| file.path == it.path).unwrap().text.clone();
    let all = catalog.signatures.all.iter().map(|it| (it.clone(), text(it))).collect();
    (catalog, all)
}
