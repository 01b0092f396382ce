//! Files and folders of one server, with the folders that its listings cover.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::{Answer, Proof};
use crate::model::{EntryKind, Origin};

/// One listed file or folder.
#[derive(Clone, Debug)]
pub struct EntryFact {
    pub path: String,
    pub kind: EntryKind,
    pub modified: Option<NaiveDateTime>,
    pub origin: Origin,
}

/// Everything that listings show, by lower-case path.
#[derive(Clone, Debug, Default)]
pub struct Files {
    entries: BTreeMap<String, EntryFact>,
    covered: BTreeMap<String, Origin>,
    /// What a command was asked for and did not find.
    absent: BTreeMap<String, Origin>,
    /// Free bytes by lower-case root.
    volumes: BTreeMap<String, (Option<u64>, Origin)>,
}

impl EntryFact {
    /// The place that proves the entry.
    pub fn proof(&self) -> Proof {
        let shows = match self.kind {
            EntryKind::File { size } => format!("{} ({size} bytes)", self.path),
            EntryKind::Unsized => self.path.clone(),
            EntryKind::Folder => format!("{} (folder)", self.path),
            EntryKind::Link => format!("{} (link)", self.path),
        };
        Proof { origin: self.origin, shows }
    }
}

fn canonical(path: &str) -> String {
    path.trim_end_matches('\\').to_lowercase()
}

impl Files {
    /// Adds an entry. The line in its parent's listing says more than its own heading.
    pub fn entry(&mut self, path: String, kind: EntryKind, modified: Option<NaiveDateTime>, origin: Origin) {
        let key = canonical(&path);
        let fact = EntryFact { path, kind, modified, origin };
        match self.entries.entry(key) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(fact);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                if place.get().modified.is_none() && modified.is_some() {
                    place.insert(fact);
                }
            }
        }
    }

    /// Adds a volume; free space that is told later fills in what was not.
    pub fn volume(&mut self, root: &str, free: Option<u64>, origin: Origin) {
        let known = self.volumes.entry(canonical(root)).or_insert((free, origin));
        known.0 = known.0.or(free);
    }

    /// Declares the listing of a folder complete.
    pub fn cover(&mut self, path: &str, origin: Origin) {
        self.covered.entry(canonical(path)).or_insert(origin);
    }

    /// Declares that a path does not exist.
    pub fn absent(&mut self, path: &str, origin: Origin) {
        self.absent.entry(canonical(path)).or_insert(origin);
    }

    /// The roots that were listed, such as `c:`.
    pub fn drives(&self) -> impl Iterator<Item = &str> {
        self.volumes.keys().map(String::as_str).filter(|root| root.ends_with(':'))
    }

    /// Free bytes of the volume of a path, and the place that tells.
    pub fn free(&self, path: &str) -> Option<(u64, Origin)> {
        let root = canonical(path);
        let root = root.split('\\').next()?;
        let (free, origin) = self.volumes.get(root)?;
        Some(((*free)?, *origin))
    }

    /// The entry of a path.
    pub fn get(&self, path: &str) -> Option<&EntryFact> {
        self.entries.get(&canonical(path))
    }

    /// All entries at and below a folder; all entries at all without one.
    pub fn below(&self, folder: Option<&str>) -> impl Iterator<Item = &EntryFact> {
        let start = folder.map(canonical).unwrap_or_default();
        let end = start.clone();
        self.entries
            .range(start..)
            .take_while(move |(path, _)| path.starts_with(&end))
            .map(|(_, entry)| entry)
    }

    /// Whether a file or folder exists.
    pub fn present(&self, path: &str) -> Answer {
        let wanted = canonical(path);
        let deeper = format!(r"{wanted}\");
        let found = self.entries.get(&wanted).or_else(|| {
            self.entries
                .range(deeper.clone()..)
                .next()
                .filter(|(key, _)| key.starts_with(&deeper))
                .map(|it| it.1)
        });
        if let Some(found) = found {
            return Answer::yes(vec![found.proof()], format!("{path} is there"));
        }
        match self.lacking(&wanted, path) {
            Some(proof) => Answer::no(vec![proof], format!("{path} is not there")),
            None => Answer::unknown(format!("no complete listing covers {path}")),
        }
    }

    /// What shows that a path, given in lower case and as it is written, cannot exist.
    ///
    /// That is the whole listing of its parent, or of an ancestor that lacks the next part of the path; or a
    /// command that was asked for the path, or for an ancestor, and did not find it.
    fn lacking(&self, wanted: &str, path: &str) -> Option<Proof> {
        let mut missing = wanted;
        loop {
            let known = self.entries.contains_key(missing);
            if let Some(origin) = self.absent.get(missing).filter(|_| !known) {
                let shows = format!("{} was asked for and not found", missing.to_uppercase());
                return Some(Proof { origin: *origin, shows });
            }
            let (folder, _) = missing.rsplit_once('\\')?;
            if let Some(origin) = self.covered.get(folder) {
                let shows = format!("whole listing of {}, without {path}", folder.to_uppercase());
                return (!known).then_some(Proof { origin: *origin, shows });
            }
            missing = folder;
        }
    }

    /// Whether every folder at and below a path was listed completely, and the place that shows it.
    ///
    /// A folder that does not exist is covered by what shows that it does not.
    pub fn tree_covered(&self, folder: &str) -> Option<Origin> {
        let root = canonical(folder);
        if let Some(proof) = self.lacking(&root, folder) {
            return Some(proof.origin);
        }
        let whole = self.below(Some(&root)).all(|entry| {
            let path = canonical(&entry.path);
            let within =
                path == root || path.strip_prefix(root.as_str()).is_some_and(|rest| rest.starts_with('\\'));
            !within || entry.kind != EntryKind::Folder || self.covered.contains_key(&path)
        });
        self.covered.get(&root).copied().filter(|_| whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Truth;
    use crate::model::SourceId;

    const PLACE: Origin = Origin { source: SourceId(0), line: 1, offset: 0, length: 0 };

    fn files() -> Files {
        let mut files = Files::default();
        files.volume("D:", None, PLACE);
        for folder in [r"D:\", r"D:\SMS", r"D:\SMS\netmon", r"D:\OTHER"] {
            files.entry(folder.to_owned(), EntryKind::Folder, None, PLACE);
        }
        files.entry(r"D:\SMS\netmon\netmon.exe".into(), EntryKind::File { size: 1 }, None, PLACE);
        for folder in [r"D:\", r"D:\SMS", r"D:\SMS\netmon"] {
            files.cover(folder, PLACE);
        }
        files
    }

    #[test]
    fn absence_needs_a_listed_folder() {
        let files = files();
        let ask = |path: &str| files.present(path).truth;
        assert_eq!(ask(r"d:\sms\NETMON\netmon.exe"), Truth::Yes);
        assert_eq!(ask(r"D:\SMS\netmon\i386\parsers"), Truth::No, "its grandparent is listed without i386");
        assert_eq!(ask(r"D:\OTHER\x"), Truth::Unknown, "OTHER is known and was not listed");
        assert_eq!(ask(r"E:\x"), Truth::Unknown, "a drive that nobody listed");
    }

    #[test]
    fn what_was_asked_for_and_not_found_is_absent() {
        let mut files = files();
        files.absent(r"E:\SMS", PLACE);
        files.absent(r"D:\OTHER", PLACE);
        let ask = |path: &str| files.present(path).truth;
        assert_eq!(ask(r"e:\sms\bin"), Truth::No, "its parent was asked for");
        assert_eq!(ask(r"E:\SMSX"), Truth::Unknown, "a neighbour");
        assert_eq!(ask(r"D:\OTHER"), Truth::Yes, "another capture shows it");
        assert_eq!(ask(r"D:\OTHER\x"), Truth::Unknown, "captures that disagree");
        assert!(files.tree_covered(r"E:\SMS").is_some());
    }

    #[test]
    fn a_tree_is_covered_when_all_of_it_is() {
        let files = files();
        assert!(files.tree_covered(r"D:\SMS").is_some());
        assert!(files.tree_covered("D:").is_none(), "OTHER was not listed");
        assert!(files.tree_covered(r"D:\NOWHERE").is_some(), "what is absent is known");
        assert!(files.tree_covered("E:").is_none());
    }
}
