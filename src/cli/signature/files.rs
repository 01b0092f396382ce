//! Tools over signature files: mistakes, cases, and what no case proves.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;

use super::{FileArguments, LintFormat, Status, output};
use crate::catalog::{Cases, Catalog, Flaws, Pack, Packs, signature_packs};
use crate::check::between;
use crate::lint::Remark;
use crate::prove::{Mutated, mutate, prove, prove_lifecycle, prove_roles};
use crate::signature::{Lifecycle, RoleCase, Signature};

/// The signatures that are meant, among all others.
pub struct Meant {
    pub catalog: Catalog,
    /// With the text of their files.
    pub all: Vec<(Signature, String)>,
    pub lifecycles: Vec<Lifecycle>,
    pub roles: Vec<RoleCase>,
    /// Whether no file has a mistake.
    pub sound: bool,
}

/// Reads the files; their mistakes are told, and those between them.
pub fn meant(arguments: &FileArguments) -> Meant {
    let packs = Packs { signatures: arguments.paths.clone(), grammars: Vec::new() };
    let (catalog, mut flaws) = Catalog::load(&packs, Cases::Read);
    // What cannot be read was told by the catalog.
    let packs = signature_packs(&packs, &mut Flaws::default());
    let files: BTreeMap<&str, &str> = packs
        .iter()
        .flat_map(|pack| &pack.files)
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect();
    let is_asked = |path: &str| {
        let own = packs.iter().filter(|pack| !pack.is_built_in()).flat_map(|pack| &pack.files);
        arguments.paths.is_empty() || own.into_iter().any(|file| file.path == path)
    };
    let with_text = |it: &Signature| {
        (it.clone(), files.get(it.path.as_str()).map(|text| (*text).to_owned()).unwrap_or_default())
    };
    let all: Vec<(Signature, String)> =
        catalog.signatures.all.iter().filter(|it| is_asked(&it.path)).map(with_text).collect();
    let lifecycles = catalog.signatures.lifecycles.iter().filter(|it| is_asked(&it.path)).cloned().collect();
    let roles = &catalog.signatures.roles;
    let roles = if is_asked(&roles.path) { roles.cases.clone() } else { Vec::new() };
    let ids: Vec<&str> = packs.iter().flat_map(Pack::names).collect();
    flaws.mistakes.extend(between(&all, &ids));
    output::flaws(&flaws);
    Meant { catalog, all, lifecycles, roles, sound: flaws.is_empty() }
}

/// Tells all mistakes.
pub fn check(arguments: &FileArguments) -> anyhow::Result<Status> {
    let Meant { all, sound, .. } = meant(arguments);
    if sound {
        output::result(&format!("{} signatures without mistakes\n", all.len()))?;
    }
    Ok(if sound { Status::Done } else { Status::Failed })
}

/// Judges what is correct and could be better.
pub fn lint(arguments: &FileArguments, format: LintFormat) -> anyhow::Result<Status> {
    let Meant { all, sound, .. } = meant(arguments);
    let remarks = crate::lint::lint(&all);
    let mut out = String::new();
    match format {
        LintFormat::Json => {
            let reports: Vec<_> = remarks.iter().map(Remark::report).collect();
            out = serde_json::to_string_pretty(&reports)?;
            out.push('\n');
        }
        LintFormat::Text => {
            for Remark { rule, mistake } in &remarks {
                let _ = writeln!(out, "{}\n", mistake.remark(rule));
            }
            let _ = writeln!(out, "{} signatures, {} remarks", all.len(), remarks.len());
        }
    }
    output::result(&out)?;
    Ok(if sound && remarks.is_empty() { Status::Done } else { Status::Failed })
}

/// Runs the cases and, if asked, takes away what they should prove.
pub fn test(arguments: &FileArguments, mutated: bool) -> anyhow::Result<Status> {
    let Meant { catalog, all, lifecycles, roles, sound } = meant(arguments);
    let of_signatures = all.iter().flat_map(|(it, _)| it.cases.iter().map(move |case| (it, case)));
    let of_signatures: Vec<_> = of_signatures.collect();
    let of_lifecycles: Vec<_> =
        lifecycles.iter().flat_map(|it| it.cases.iter().map(move |case| (it, case))).collect();
    let mut proved: Vec<(&str, &str, Vec<String>)> = of_signatures
        .par_iter()
        .map(|(it, case)| (it.id.as_str(), case.name.as_str(), prove(it, case, &catalog)))
        .collect();
    let life = of_lifecycles
        .par_iter()
        .map(|(it, case)| (it.id.as_str(), case.name.as_str(), prove_lifecycle(it, case, &catalog)));
    proved.par_extend(life);
    proved
        .par_extend(roles.par_iter().map(|case| ("roles", case.name.as_str(), prove_roles(case, &catalog))));
    let mut out = String::new();
    for (id, name, wrong) in proved.iter().filter(|(_, _, wrong)| !wrong.is_empty()) {
        let _ = writeln!(out, "{id}: {name}");
        for what in wrong {
            let _ = writeln!(out, "    {what}");
        }
    }
    let failed = proved.iter().filter(|(_, _, wrong)| !wrong.is_empty()).count();
    let mut unnoticed = 0;
    if mutated {
        let tried: Vec<Mutated> = all.par_iter().map(|(it, text)| mutate(it, text, &catalog)).collect();
        for mistake in tried.iter().flat_map(|it| &it.unnoticed) {
            let _ = writeln!(out, "{mistake}");
        }
        unnoticed = tried.iter().map(|it| it.unnoticed.len()).sum();
        let count: usize = tried.iter().map(|it| it.tried).sum();
        let _ = writeln!(out, "{count} mutations, {unnoticed} that no case notices");
    }
    let _ = writeln!(out, "{} cases passed, {failed} failed", proved.len() - failed);
    output::result(&out)?;
    Ok(if sound && failed + unnoticed == 0 { Status::Done } else { Status::Failed })
}
