//! The registry of one server, with the trees that its captures cover.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Answer, Proof, Truth, same_name};
use crate::model::{Located, Origin, RegistryData};

/// Keys and values. Millions of values are common, so each is kept once, with its key.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    keys: Vec<Key>,
    /// The places of keys in `keys`, by canonical path.
    places: BTreeMap<String, usize>,
    /// The key that was added to last; captures name one key for each of its values.
    last: Option<(Arc<str>, usize)>,
    /// Canonical roots of complete trees, and as the captures spell them.
    covered: Vec<(String, Located<String>)>,
}

#[derive(Clone, Debug)]
struct Key {
    /// As the capture spells it.
    path: Arc<str>,
    origin: Origin,
    /// In the order of the captures; of several of one name the last one counts.
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
struct Value {
    name: Box<str>,
    /// Nothing where a capture takes the value back.
    data: Option<Located<RegistryData>>,
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
    pub fn key(&mut self, path: &Arc<str>, origin: Origin) {
        self.place(path, origin);
    }

    /// Adds a value, and its key.
    pub fn value(&mut self, key: &Arc<str>, name: Box<str>, data: RegistryData, origin: Origin) {
        let at = self.place(key, origin);
        self.keys[at].values.push(Value { name, data: Some(Located { value: data, origin }) });
    }

    fn place(&mut self, path: &Arc<str>, origin: Origin) -> usize {
        if let Some((last, at)) = &self.last
            && Arc::ptr_eq(last, path)
        {
            return *at;
        }
        let next = self.keys.len();
        let at = *self.places.entry(canonical(path)).or_insert(next);
        if at == next {
            self.keys.push(Key { path: path.clone(), origin, values: Vec::new() });
        }
        self.last = Some((path.clone(), at));
        at
    }

    /// Takes back a value, or a key with all below it.
    pub fn delete(&mut self, key: &str, value: Option<&str>) {
        let path = canonical(key);
        if let Some(name) = value {
            if let Some(at) = self.places.get(&path) {
                self.keys[*at].values.push(Value { name: name.into(), data: None });
            }
            return;
        }
        self.last = None;
        let below: Vec<String> = self.range(&path).map(|(known, _)| known.clone()).collect();
        for known in below.iter().chain([&path]) {
            if let Some(at) = self.places.remove(known) {
                self.keys[at].values = Vec::new();
            }
        }
    }

    /// Declares a tree complete.
    pub fn cover(&mut self, root: &str, origin: Origin) {
        self.covered.push((canonical(root), Located { value: root.to_owned(), origin }));
    }

    /// The data of a value.
    pub fn get(&self, key: &str, name: &str) -> Option<&Located<RegistryData>> {
        let key = &self.keys[*self.places.get(&canonical(key))?];
        key.values.iter().rev().find(|value| same_name(&value.name, name))?.data.as_ref()
    }

    /// The data of a value, as people write it.
    pub fn text(&self, key: &str, name: &str) -> Option<Located<String>> {
        let found = self.get(key, name)?;
        Some(Located { value: found.value.display(), origin: found.origin })
    }

    /// All keys, as spelled, with their places.
    pub fn keys(&self) -> impl Iterator<Item = (&str, Origin)> {
        self.places.values().map(|at| (&*self.keys[*at].path, self.keys[*at].origin))
    }

    /// All values with their keys, as spelled; of several of one name the last one.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str, &Located<RegistryData>)> {
        self.places.values().flat_map(|at| {
            let key = &self.keys[*at];
            let last: BTreeMap<String, &Value> =
                key.values.iter().map(|value| (value.name.to_lowercase(), value)).collect();
            last.into_values().filter_map(|value| Some((&*key.path, &*value.name, value.data.as_ref()?)))
        })
    }

    /// The keys directly or deeper below a path, as spelled, with their places.
    pub fn below(&self, path: &str) -> impl Iterator<Item = (&str, Origin)> {
        self.range(&canonical(path)).map(|(_, key)| (&*key.path, key.origin))
    }

    /// The keys directly or deeper below a canonical path, by their own paths.
    fn range(&self, path: &str) -> impl Iterator<Item = (&String, &Key)> + use<'_> {
        let start = format!(r"{path}\");
        let found =
            self.places.range(start.clone()..).take_while(move |(known, _)| known.starts_with(&start));
        found.map(|(known, at)| (known, &self.keys[*at]))
    }

    /// Whether a key exists.
    pub fn key_present(&self, path: &str) -> Answer {
        let wanted = canonical(path);
        let found = self.places.get(&wanted).map(|at| (&*self.keys[*at].path, self.keys[*at].origin));
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
        registry.key(&r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup".into(), PLACE);
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
        registry.value(&r"HKLM\A".into(), "x".into(), RegistryData::dword(1), PLACE);
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
        registry.value(&r"HKLM\A\B".into(), "x".into(), RegistryData::dword(1), PLACE);
        registry.delete(r"HKEY_LOCAL_MACHINE\A", None);
        assert_eq!(registry.key_present(r"HKLM\A\B").truth, Truth::Unknown);
    }
}
