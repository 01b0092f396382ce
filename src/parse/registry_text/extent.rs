//! What the facts of an export say together: the trees that it shows whole, and the computer.

use std::collections::HashSet;
use std::sync::Arc;

use crate::model::{Coverage, Fact, Located, Origin, registry_type};

/// The keys that are not below the one that came before them on this level.
///
/// A whole hive has one. Whatever the order of the keys is, the highest of each tree are among them.
#[derive(Default)]
pub struct Tops(Vec<Located<Arc<str>>>);

impl Tops {
    /// Takes the next key of the file.
    pub fn key(&mut self, path: &Arc<str>, origin: Origin) {
        if !self.0.last().is_some_and(|top| at_or_below(path, &top.value)) {
            self.0.push(Located { value: path.clone(), origin });
        }
    }

    /// Each key none of whose ancestors is in the file: regedit writes all that is below such a key.
    pub fn roots(self) -> Vec<Located<Coverage>> {
        let known: HashSet<String> = self.0.iter().map(|top| top.value.to_lowercase()).collect();
        let mut found = HashSet::new();
        let mut roots = Vec::new();
        for top in self.0 {
            let folded = top.value.to_lowercase();
            if !ancestors(&folded).any(|ancestor| known.contains(ancestor)) && found.insert(folded) {
                let value = Coverage::RegistryTree { root: top.value.to_string() };
                roots.push(Located { value, origin: top.origin });
            }
        }
        roots
    }
}

/// Whether a path is another one or lies below it; both are compared without the case of ASCII letters.
pub fn at_or_below(path: &str, top: &str) -> bool {
    let Some((start, rest)) = path.as_bytes().split_at_checked(top.len()) else { return false };
    start.eq_ignore_ascii_case(top.as_bytes()) && matches!(rest.first(), None | Some(b'\\'))
}

/// The paths above a path, the nearest first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| Some(path.rsplit_once('\\')?.0)).skip(1)
}

/// The computer that the export names, from the best of the values that do.
pub fn computer<'a>(facts: impl IntoIterator<Item = &'a Located<Fact>>) -> Option<Located<Fact>> {
    facts.into_iter().filter_map(computer_value).min_by_key(|(rank, _)| *rank).map(|(_, fact)| fact)
}

/// Whether a value of this name may name the computer.
pub fn may_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("ComputerName")
}

/// A value that names the computer, with 0 for the one to be believed most.
///
/// `ActiveComputerName` is older than a renaming; other control sets than the current one may be older still.
fn computer_value(fact: &Located<Fact>) -> Option<(u8, Located<Fact>)> {
    let Fact::RegistryValue { key, name, data } = &fact.value else { return None };
    if !may_name(name) || data.kind != registry_type::SZ {
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
