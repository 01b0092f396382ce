//! The cases that signatures carry, and what a case is worth.

use sitedx::catalog::{Catalog, Flaws, Packs, signature_packs};
use sitedx::lint::lint;
use sitedx::prove::{mutate, prove};
use sitedx::signature::Signature;

#[test]
fn every_case_of_every_signature_holds() {
    let catalog = Catalog::built_in();
    let mut wrong = Vec::new();
    for signature in &catalog.signatures.all {
        for case in &signature.cases {
            let found = prove(signature, case, &catalog);
            if !found.is_empty() {
                wrong.push(format!("{}: {}\n    {}", signature.id, case.name, found.join("\n    ")));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_case_fails_when_its_evidence_is_taken_away() {
    // The proof must be able to fail: without its files, no case that fires may hold.
    let catalog = Catalog::built_in();
    for signature in &catalog.signatures.all {
        for case in &signature.cases {
            let mut empty = case.clone();
            empty.files = vec![("EMPTY/notes.txt".to_owned(), b"nothing".to_vec())];
            let fires = case.expect != sitedx::signature::Expect::None || !case.items.is_empty();
            assert_eq!(
                fires,
                !prove(signature, &empty, &catalog).is_empty(),
                "{}: {}",
                signature.id,
                case.name
            );
        }
    }
}

#[test]
fn every_condition_of_every_signature_is_proved_by_a_case() {
    let (catalog, files) = built_in();
    let unnoticed: Vec<String> = files
        .iter()
        .flat_map(|(signature, text)| mutate(signature, text, &catalog).unnoticed)
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
