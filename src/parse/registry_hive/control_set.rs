//! `CurrentControlSet`, which a hive has not: Windows links it at start to the set that `Select` names.

use std::sync::Arc;

use crate::model::{Fact, Located};

/// The number of the control set that was current, as `Select` below `system` says.
pub fn current(facts: &[Located<Fact>], system: &str) -> Option<u64> {
    facts.iter().find_map(|fact| match &fact.value {
        Fact::RegistryValue { key, name, data } if name.eq_ignore_ascii_case("Current") => {
            let select = below(key, system).is_some_and(|rest| rest.eq_ignore_ascii_case("Select"));
            select.then(|| data.number()).flatten()
        }
        _ => None,
    })
}

/// Adds what is in a control set once more as `CurrentControlSet`, with the same places; false if it is not there.
///
/// Both names are kept, as they are on a running system: questions are asked of the one, evidence shows the other.
pub fn link(facts: &mut Vec<Located<Fact>>, system: &str, number: u64) -> bool {
    let set = format!("ControlSet{number:03}");
    let within = |path: &str| below(path, system).is_some_and(|rest| first_is(rest, &set));
    let Some(start) = facts.iter().position(|fact| key(&fact.value).is_some_and(|path| within(path))) else {
        return false;
    };
    let cut = system.len() + 1 + set.len();
    let mut linked: Option<(Arc<str>, Arc<str>)> = None;
    for index in start.. {
        let Some(path) = facts.get(index).and_then(|fact| key(&fact.value)) else { break };
        // The values of a key follow it and share its path.
        let to = match &linked {
            Some((of, to)) if Arc::ptr_eq(of, path) => to.clone(),
            _ if within(path) => format!(r"{system}\CurrentControlSet{}", &path[cut..]).into(),
            // The set is over; what follows is of other keys, or was added here.
            _ => break,
        };
        linked = Some((path.clone(), to.clone()));
        let Located { value, origin } = facts[index].clone();
        facts.push(Located { value: moved(value, to), origin });
    }
    true
}

/// The path of a key fact's key, or of a value's.
fn key(fact: &Fact) -> Option<&Arc<str>> {
    match fact {
        Fact::RegistryKey { path, .. } => Some(path),
        Fact::RegistryValue { key, .. } | Fact::RegistryDeletion { key, .. } => Some(key),
        _ => None,
    }
}

/// The same fact of another key.
fn moved(fact: Fact, to: Arc<str>) -> Fact {
    match fact {
        Fact::RegistryKey { written, .. } => Fact::RegistryKey { path: to, written },
        Fact::RegistryValue { name, data, .. } => Fact::RegistryValue { key: to, name, data },
        Fact::RegistryDeletion { value, .. } => Fact::RegistryDeletion { key: to, value },
        other => other,
    }
}

/// What follows a key in the path of one below it.
fn below<'a>(path: &'a str, key: &str) -> Option<&'a str> {
    path.strip_prefix(key)?.strip_prefix('\\')
}

/// Whether a path starts with a key of this name.
fn first_is(path: &str, name: &str) -> bool {
    path.split('\\').next().is_some_and(|first| first.eq_ignore_ascii_case(name))
}
