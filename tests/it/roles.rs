//! The cases that roles carry, and that each sign is noticed by one.

use rayon::prelude::*;
use sitedx::catalog::Catalog;
use sitedx::prove::prove_roles;
use sitedx::signature::{Roles, Signatures};

/// The catalog with these roles and nothing else.
fn alone(roles: Roles, catalog: &Catalog) -> Catalog {
    let Signatures { events, versions, .. } = &catalog.signatures;
    let mut alone = catalog.with_only(Vec::new());
    alone.signatures = Signatures::new(Vec::new(), Vec::new(), roles, events.clone(), versions.clone());
    alone
}

#[test]
fn every_case_holds() {
    let catalog = Catalog::built_in();
    let wrong =
        |case| prove_roles(case, &catalog).into_iter().map(move |what| format!("{}: {what}", case.name));
    let wrong: Vec<String> = catalog.signatures.roles.cases.iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_sign_is_proved_by_a_case() {
    let catalog = Catalog::built_in();
    let roles = &catalog.signatures.roles;
    let places = roles.all.iter().enumerate();
    let signs: Vec<(usize, usize)> =
        places.flat_map(|(role, it)| (0..it.signs.len()).map(move |sign| (role, sign))).collect();
    assert!(!signs.is_empty(), "roles are missing");
    let unnoticed: Vec<String> = signs
        .par_iter()
        .filter_map(|(role, sign)| {
            let mut less = roles.clone();
            let taken = less.all[*role].signs.remove(*sign);
            let less = alone(less, &catalog);
            let holds = roles.cases.iter().all(|case| prove_roles(case, &less).is_empty());
            holds.then(|| format!("{}, by the {}", roles.all[*role].name, taken.by.text()))
        })
        .collect();
    assert!(unnoticed.is_empty(), "no case notices: {unnoticed:#?}");
}
