//! The cases that signatures carry, and what a case is worth.

use sitedx::catalog::Catalog;
use sitedx::prove::prove;

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
