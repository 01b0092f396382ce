//! Values that conditions have bound, by name, and the functions that templates apply to them.

use std::collections::BTreeMap;

/// Names bound to texts. Ordered, so that whatever is printed from it is the same each time.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Captures {
    /// Names of the signature's own: one name is one thing, whatever binds it.
    bound: BTreeMap<String, String>,
    /// Properties of what was found last, such as a file's size: each thing has its own.
    told: BTreeMap<String, String>,
}

/// The functions that a template may apply: `{dst:folder}`.
pub const FUNCTIONS: &[&str] = &["drive", "folder", "name", "upper", "lower", "bytes"];

impl Captures {
    /// Binds a name, replacing what it held.
    pub fn bind(&mut self, name: &str, value: &str) {
        self.bound.insert(name.to_owned(), value.to_owned());
    }

    /// Tells a property of what was found.
    pub fn tell(&mut self, name: &str, value: &str) {
        self.told.insert(name.to_owned(), value.to_owned());
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.bound.get(name).or_else(|| self.told.get(name)).map(String::as_str)
    }

    /// All of `other`, which wins where both bind a name.
    pub fn extend(&mut self, other: &Captures) {
        let pair = |(name, value): (&String, &String)| (name.clone(), value.clone());
        self.bound.extend(other.bound.iter().map(pair));
        self.told.extend(other.told.iter().map(pair));
    }

    /// Names and values, those of the signature's own first, each in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.bound.iter().chain(&self.told).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether every name that both bind has the same value, letter case aside; properties may differ.
    pub fn agrees(&self, other: &Captures) -> bool {
        let same = |own: &String, value: &String| own.eq_ignore_ascii_case(value);
        other.bound.iter().all(|(name, value)| self.bound.get(name).is_none_or(|own| same(own, value)))
    }

    /// Whether both bind the same; properties may differ.
    pub fn binds_as(&self, other: &Captures) -> bool {
        self.bound == other.bound
    }
}

/// Applies one of [`FUNCTIONS`]; an unknown one gives the value itself (checked when files are read).
pub fn apply(function: &str, value: &str) -> String {
    let value = value.trim_end_matches('\\');
    match function {
        // `D:` of `D:\SMS\x`, `\\server\share` of a network path.
        "drive" => match value.strip_prefix(r"\\") {
            Some(rest) => {
                let parts: Vec<&str> = rest.split('\\').take(2).collect();
                format!(r"\\{}", parts.join(r"\"))
            }
            None => value.split('\\').next().unwrap_or(value).to_owned(),
        },
        "folder" => value.rsplit_once('\\').map_or(value, |(folder, _)| folder).to_owned(),
        "name" => value.rsplit('\\').next().unwrap_or(value).to_owned(),
        "upper" => value.to_uppercase(),
        "lower" => value.to_lowercase(),
        "bytes" => match value.parse::<u64>() {
            Ok(bytes @ 10_000_000..) => format!("{} MB", bytes / 1_000_000),
            Ok(bytes @ 10_000..) => format!("{} kB", bytes / 1000),
            _ => format!("{value} bytes"),
        },
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_apart() {
        let path = r"x:\sms\netmon\i386\parsers\atalk.dll";
        assert_eq!(apply("drive", path), "x:");
        assert_eq!(apply("folder", path), r"x:\sms\netmon\i386\parsers");
        assert_eq!(apply("name", path), "atalk.dll");
        assert_eq!(apply("drive", r"\\srv\share\a\b"), r"\\srv\share");
        assert_eq!(apply("folder", "bare"), "bare");
        assert_eq!(apply("bytes", "1847296"), "1847 kB");
    }

    #[test]
    fn agreement_ignores_case_and_unbound_names() {
        let mut a = Captures::default();
        a.bind("site", "S04");
        let mut b = a.clone();
        b.bind("site", "s04");
        b.bind("other", "1");
        assert!(a.agrees(&b));
        a.tell("size", "1");
        b.tell("size", "2");
        assert!(a.agrees(&b), "each thing has its own size");
        b.bind("site", "S05");
        assert!(!a.agrees(&b));
    }
}
