//! The cases that lifecycles carry, and what they are worth.

use rayon::prelude::*;
use sitedx::catalog::Catalog;
use sitedx::prove::prove_lifecycle;
use sitedx::signature::{Lifecycle, Phase, Roles, Sign, Signatures};

#[test]
fn every_case_of_every_lifecycle_holds() {
    let catalog = Catalog::built_in();
    let mut wrong = Vec::new();
    for lifecycle in &catalog.signatures.lifecycles {
        for case in &lifecycle.cases {
            let told = prove_lifecycle(lifecycle, case, &catalog);
            wrong.extend(told.iter().map(|what| format!("{}: {}: {what}", lifecycle.id, case.name)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(catalog.signatures.lifecycles.len() >= 3, "lifecycles are missing");
}

/// The catalog with one lifecycle, the signatures that it rests on, and nothing else.
fn alone(lifecycle: &Lifecycle, catalog: &Catalog) -> Catalog {
    let Signatures { events, versions, .. } = &catalog.signatures;
    let asked: Vec<_> = lifecycle.signatures().filter_map(|id| catalog.signatures.get(id)).cloned().collect();
    let mut alone = catalog.with_only(Vec::new());
    alone.signatures =
        Signatures::new(asked, vec![lifecycle.clone()], Roles::default(), events.clone(), versions.clone());
    alone
}

type Signs = fn(&mut Phase) -> &mut Vec<Sign>;

/// Each lifecycle that lacks one sign, with what it lacks.
fn without_one(lifecycle: &Lifecycle) -> Vec<(String, Lifecycle)> {
    let kinds: [(&str, Signs); 3] = [
        ("begun", |phase| &mut phase.begun),
        ("done", |phase| &mut phase.done),
        ("failed", |phase| &mut phase.failed),
    ];
    let mut all = Vec::new();
    for at in 0..lifecycle.phases.len() {
        for (name, signs) in kinds {
            for sign in 0..signs(&mut lifecycle.clone().phases[at]).len() {
                let mut less = lifecycle.clone();
                let taken = signs(&mut less.phases[at]).remove(sign);
                let says = taken.says.text();
                all.push((format!("{} {} {name}: {says}", lifecycle.id, less.phases[at].id), less));
            }
        }
    }
    all
}

#[test]
fn every_sign_of_every_lifecycle_is_proved_by_a_case() {
    let catalog = Catalog::built_in();
    let lifecycles = catalog.signatures.lifecycles.iter();
    let less: Vec<(String, Lifecycle)> = lifecycles.flat_map(without_one).collect();
    let unnoticed: Vec<&str> = less
        .par_iter()
        .filter(|(_, less)| {
            let catalog = alone(less, &catalog);
            less.cases.iter().all(|case| prove_lifecycle(less, case, &catalog).is_empty())
        })
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(unnoticed.is_empty(), "no case needs these signs:\n{}", unnoticed.join("\n"));
}
