//! The registry of one server, with the trees that its captures cover.

use std::collections::BTreeMap;

use super::{Answer, Proof, Truth};
use crate::model::{Located, Origin, RegistryData};

/// Keys and values by their canonical names.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    keys: BTreeMap<String, Key>,
    /// Canonical roots of complete trees, and as the captures spell them.
    covered: Vec<(String, Located<String>)>,
}

#[derive(Clone, Debug)]
struct Key {
    /// As the capture spells it.
    path: String,
    origin: Origin,
    values: BTreeMap<String, Located<RegistryData>>,
}

/// Short names of the roots, which people write.
const ROOTS: &[(&str, &str)] = &[
    ("hklm", "hkey_local_machine"),
    ("hkcu", "hkey_current_user"),
    ("hku", "hkey_users"),
    ("hkcr", "hkey_classes_root"),
    ("hkcc", "hkey_current_config"),
];

/// A key path in lower case with its full root.
pub fn canonical(path: &str) -> String {
    let lower = path.trim_matches('\\').to_lowercase();
    let (root, rest) = lower.split_once('\\').unwrap_or((&lower, ""));
    let full = ROOTS.iter().find(|(short, _)| *short == root).map_or(root, |(_, full)| full);
    if rest.is_empty() { full.to_owned() } else { format!(r"{full}\{rest}") }
}

impl Registry {
    /// Adds a key; the first capture of it stays.
    pub fn key(&mut self, path: &str, origin: Origin) {
        let key = Key { path: path.to_owned(), origin, values: BTreeMap::new() };
        self.keys.entry(canonical(path)).or_insert(key);
    }

    /// Adds a value, and its key.
    pub fn value(&mut self, key: &str, name: &str, data: RegistryData, origin: Origin) {
        self.key(key, origin);
        if let Some(key) = self.keys.get_mut(&canonical(key)) {
            key.values.insert(name.to_lowercase(), Located { value: data, origin });
        }
    }

    /// Takes back a value, or a key with all below it.
    pub fn delete(&mut self, key: &str, value: Option<&str>) {
        let path = canonical(key);
        match value {
            Some(name) => {
                if let Some(key) = self.keys.get_mut(&path) {
                    key.values.remove(&name.to_lowercase());
                }
            }
            None => {
                let below = format!(r"{path}\");
                self.keys.retain(|known, _| *known != path && !known.starts_with(&below));
            }
        }
    }

    /// Declares a tree complete.
    pub fn cover(&mut self, root: &str, origin: Origin) {
        self.covered.push((canonical(root), Located { value: root.to_owned(), origin }));
    }

    /// The data of a value.
    pub fn get(&self, key: &str, name: &str) -> Option<&Located<RegistryData>> {
        self.keys.get(&canonical(key))?.values.get(&name.to_lowercase())
    }

    /// The data of a value, as people write it.
    pub fn text(&self, key: &str, name: &str) -> Option<Located<String>> {
        let found = self.get(key, name)?;
        Some(Located { value: found.value.display(), origin: found.origin })
    }

    /// The keys directly or deeper below a canonical path, as spelled, with their places.
    pub fn below(&self, path: &str) -> impl Iterator<Item = (&str, Origin)> {
        let start = format!(r"{}\", canonical(path));
        let end = start.clone();
        self.keys
            .range(start..)
            .take_while(move |(known, _)| known.starts_with(&end))
            .map(|(_, key)| (key.path.as_str(), key.origin))
    }

    /// Whether a key exists.
    pub fn key_present(&self, path: &str) -> Answer {
        let wanted = canonical(path);
        let found = self.keys.get(&wanted).map(|key| (key.path.as_str(), key.origin));
        if let Some((shown, origin)) = found.or_else(|| self.below(path).next()) {
            let shows = format!("[{shown}]");
            return Answer::yes(vec![Proof { origin, shows }], format!("{path} exists"));
        }
        match self.covering(&wanted) {
            Some(root) => {
                let shows = format!("export of [{}] and all below it, without {path}", root.value);
                Answer::no(vec![Proof { origin: root.origin, shows }], format!("{path} does not exist"))
            }
            None => Answer::unknown(format!("no registry export covers {path}")),
        }
    }

    /// Whether a value exists.
    pub fn value_present(&self, key: &str, name: &str) -> Answer {
        if let Some(found) = self.get(key, name) {
            let shows = format!("\"{name}\" = {}", found.value.display());
            return Answer::yes(
                vec![Proof { origin: found.origin, shows }],
                format!("{key}, {name} is there"),
            );
        }
        match self.covering(&canonical(key)) {
            // A key that is covered shows all its values.
            Some(root) => {
                let shows = format!("export of [{}] and all below it, without the value {name}", root.value);
                Answer::no(vec![Proof { origin: root.origin, shows }], format!("{key} has no value {name}"))
            }
            None if self.key_present(key).truth == Truth::Yes => {
                Answer::unknown(format!("no registry export shows all values of {key}"))
            }
            None => Answer::unknown(self.key_present(key).why),
        }
    }

    /// The place that shows a key with all below it, as far as there is any.
    pub fn tree_covered(&self, path: &str) -> Option<Origin> {
        self.covering(&canonical(path)).map(|root| root.origin)
    }

    fn covering(&self, path: &str) -> Option<&Located<String>> {
        let covers = |root: &str| {
            path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('\\'))
        };
        self.covered.iter().find(|(root, _)| covers(root)).map(|(_, shown)| shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    const PLACE: Origin = Origin { source: SourceId(0), line: 1, offset: 0, length: 0 };

    #[test]
    fn absence_needs_coverage() {
        let mut registry = Registry::default();
        registry.key(r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup", PLACE);
        registry.cover(r"HKEY_LOCAL_MACHINE\SOFTWARE", PLACE);
        let ask = |path: &str| registry.key_present(path).truth;
        assert_eq!(ask(r"HKLM\Software\Microsoft\SMS"), Truth::Yes, "implied by a key below");
        assert_eq!(ask(r"HKLM\SOFTWARE\Microsoft\NAL"), Truth::No);
        assert_eq!(ask(r"HKLM\SYSTEM\CurrentControlSet\Services\SMS_EXECUTIVE"), Truth::Unknown);
        assert_eq!(ask(r"HKLM\SOFTWAREX"), Truth::Unknown, "a name that only begins alike");
        assert_eq!(registry.value_present(r"HKLM\SOFTWARE\Microsoft\SMS\Setup", "Type").truth, Truth::No);
    }

    #[test]
    fn a_key_that_is_seen_in_part_may_hold_more() {
        let mut registry = Registry::default();
        registry.value(r"HKLM\A", "x", RegistryData::dword(1), PLACE);
        let answer = registry.value_present(r"HKLM\A", "y");
        assert_eq!(answer.truth, Truth::Unknown);
        assert_eq!(answer.why, r"no registry export shows all values of HKLM\A");
    }

    #[test]
    fn a_key_that_is_covered_and_not_shown_is_absent() {
        let mut registry = Registry::default();
        registry.cover(r"HKEY_LOCAL_MACHINE\A", PLACE);
        assert_eq!(registry.key_present(r"HKLM\A").truth, Truth::No);
    }

    #[test]
    fn deletions_take_back() {
        let mut registry = Registry::default();
        registry.value(r"HKLM\A\B", "x", RegistryData::dword(1), PLACE);
        registry.delete(r"HKEY_LOCAL_MACHINE\A", None);
        assert_eq!(registry.key_present(r"HKLM\A\B").truth, Truth::Unknown);
    }
}
