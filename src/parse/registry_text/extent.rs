//! What the facts of an export say together: the trees that it shows whole, and the computer.

use std::collections::HashSet;

use crate::model::{Coverage, Fact, Located, registry_type};

/// Each key none of whose ancestors is in the file: regedit writes all that is below such a key.
pub fn roots(facts: &[Located<Fact>]) -> Vec<Located<Coverage>> {
    let keys: Vec<(String, Located<&str>)> = facts.iter().filter_map(key).collect();
    let known: HashSet<&str> = keys.iter().map(|(folded, _)| folded.as_str()).collect();
    let mut found = HashSet::new();
    let mut roots = Vec::new();
    for (folded, key) in &keys {
        if !ancestors(folded).any(|ancestor| known.contains(ancestor)) && found.insert(folded) {
            let value = Coverage::RegistryTree { root: key.value.to_owned() };
            roots.push(Located { value, origin: key.origin });
        }
    }
    roots
}

/// The path of a key fact, with the form in which paths are compared.
fn key(fact: &Located<Fact>) -> Option<(String, Located<&str>)> {
    match &fact.value {
        Fact::RegistryKey { path, .. } => {
            Some((path.to_lowercase(), Located { value: path.as_ref(), origin: fact.origin }))
        }
        _ => None,
    }
}

/// The paths above a path, the nearest first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| Some(path.rsplit_once('\\')?.0)).skip(1)
}

/// The computer that the export names, from the best of the values that do.
pub fn computer(facts: &[Located<Fact>]) -> Option<Located<Fact>> {
    facts.iter().filter_map(computer_value).min_by_key(|(rank, _)| *rank).map(|(_, fact)| fact)
}

/// A value that names the computer, with 0 for the one to be believed most.
///
/// `ActiveComputerName` is older than a renaming; other control sets than the current one may be older still.
fn computer_value(fact: &Located<Fact>) -> Option<(u8, Located<Fact>)> {
    let Fact::RegistryValue { key, name, data } = &fact.value else { return None };
    if !name.eq_ignore_ascii_case("ComputerName") || data.kind != registry_type::SZ {
        return None;
    }
    let folded = key.to_ascii_lowercase();
    let (set, active) = match folded.strip_suffix("\\control\\computername\\computername") {
        Some(set) => (set, false),
        None => (folded.strip_suffix("\\control\\computername\\activecomputername")?, true),
    };
    let name = data.strings()?.into_iter().next().filter(|name| !name.is_empty())?;
    let rank = 2 * u8::from(active) + u8::from(!set.ends_with("\\currentcontrolset"));
    Some((rank, Located { value: Fact::Computer { name }, origin: fact.origin }))
}
