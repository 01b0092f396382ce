//! Files and folders of one server, with the folders that its listings cover.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::{Answer, Proof, same_name};
use crate::model::{EntryKind, Origin, entry_path};

/// One listed file or folder, and the folder it is in.
#[derive(Clone, Copy, Debug)]
pub struct EntryFact<'a> {
    folder: &'a str,
    name: &'a str,
    pub kind: EntryKind,
    /// Local time of the server, where it is known.
    pub modified: Option<NaiveDateTime>,
    pub origin: Origin,
}

impl EntryFact<'_> {
    /// The absolute path, as the captures spell it.
    pub fn path(&self) -> String {
        if self.name.is_empty() { self.folder.to_owned() } else { entry_path(self.folder, self.name) }
    }

    /// The place that proves the entry.
    pub fn proof(&self) -> Proof {
        let path = self.path();
        let shows = match self.kind {
            EntryKind::File { size } => format!("{path} ({size} bytes)"),
            EntryKind::Unsized => path,
            EntryKind::Folder => format!("{path} (folder)"),
            EntryKind::Link => format!("{path} (link)"),
        };
        Proof { origin: self.origin, shows }
    }
}

/// Everything that listings show. Millions of entries are common, so each is kept once, with its folder.
///
/// Entries are added first; [`Files::settle`] ends that, and questions come after it.
#[derive(Clone, Debug, Default)]
pub struct Files {
    folders: Vec<Folder>,
    /// The places of folders in `folders`, by lower-case path.
    places: BTreeMap<String, usize>,
    /// The folder that was added to last; captures name one folder many times in a row.
    last: Option<(Arc<str>, usize)>,
    /// What a command was asked for and did not find, by lower-case path.
    absent: BTreeMap<String, Origin>,
    /// Free bytes by lower-case root.
    volumes: BTreeMap<String, (Option<u64>, Origin)>,
}

/// What is known to be in a folder.
#[derive(Clone, Debug)]
struct Folder {
    /// As the first capture spells it.
    path: Arc<str>,
    /// Where it was listed under its own heading.
    heading: Option<Origin>,
    /// Where its listing is shown to be complete.
    covered: Option<Origin>,
    /// In the order of their names, letter case not counting.
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: Box<str>,
    kind: EntryKind,
    modified: Option<NaiveDateTime>,
    origin: Origin,
}

fn canonical(path: &str) -> String {
    path.trim_end_matches('\\').to_lowercase()
}

/// The lower-case path of an entry of a folder.
fn within(folder: &str, name: &str) -> String {
    format!(r"{folder}\{}", name.to_lowercase())
}

impl Folder {
    fn entry(&self, lower_name: &str) -> Option<&Entry> {
        let found = self.entries.binary_search_by(|entry| entry.name.to_lowercase().as_str().cmp(lower_name));
        found.ok().and_then(|at| self.entries.get(at))
    }

    fn fact<'a>(&'a self, entry: &'a Entry) -> EntryFact<'a> {
        let Entry { name, kind, modified, origin } = entry;
        EntryFact { folder: &self.path, name, kind: *kind, modified: *modified, origin: *origin }
    }

    /// The folder itself, if it was listed.
    fn itself(&self) -> Option<EntryFact<'_>> {
        let (folder, kind) = (&*self.path, EntryKind::Folder);
        self.heading.map(|origin| EntryFact { folder, name: "", kind, modified: None, origin })
    }
}

impl Files {
    fn folder_of(&mut self, path: &Arc<str>) -> &mut Folder {
        let at = match &self.last {
            Some((last, at)) if Arc::ptr_eq(last, path) => *at,
            _ => {
                let next = self.folders.len();
                let at = *self.places.entry(canonical(path)).or_insert(next);
                if at == next {
                    let path = path.clone();
                    self.folders.push(Folder { path, heading: None, covered: None, entries: Vec::new() });
                }
                self.last = Some((path.clone(), at));
                at
            }
        };
        &mut self.folders[at]
    }

    /// Adds a folder that was listed under its own heading.
    pub fn folder(&mut self, path: &Arc<str>, origin: Origin) {
        self.folder_of(path).heading.get_or_insert(origin);
    }

    /// Adds an entry of a folder.
    pub fn entry(
        &mut self,
        folder: &Arc<str>,
        name: Box<str>,
        kind: EntryKind,
        modified: Option<NaiveDateTime>,
        origin: Origin,
    ) {
        self.folder_of(folder).entries.push(Entry { name, kind, modified, origin });
    }

    /// Adds a volume; free space that is told later fills in what was not.
    pub fn volume(&mut self, root: &str, free: Option<u64>, origin: Origin) {
        let known = self.volumes.entry(canonical(root)).or_insert((free, origin));
        known.0 = known.0.or(free);
    }

    /// Declares the listing of a folder complete.
    pub fn cover(&mut self, path: &str, origin: Origin) {
        self.folder_of(&path.into()).covered.get_or_insert(origin);
    }

    /// Puts entries in order once all are there; of several of one name the first that tells its time stays.
    pub fn settle(&mut self) {
        for folder in &mut self.folders {
            folder.entries.sort_by_cached_key(|entry| (entry.name.to_lowercase(), entry.modified.is_none()));
            folder.entries.dedup_by(|later, first| same_name(&later.name, &first.name));
            folder.entries.shrink_to_fit();
        }
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

    fn known(&self, lower_path: &str) -> Option<&Folder> {
        self.places.get(lower_path).and_then(|at| self.folders.get(*at))
    }

    /// The folders at and below a lower-case path, with their own paths; all folders below none.
    fn range(&self, root: &str) -> impl Iterator<Item = (&str, &Folder)> + use<'_> {
        let root = root.to_owned();
        let from = self.places.range::<str, _>((Bound::Included(root.as_str()), Bound::Unbounded));
        let inside = root.clone();
        from.take_while(move |(path, _)| path.starts_with(&root))
            // Names that only begin alike stand between a folder and what is in it.
            .filter(move |(path, _)| is_within(path, &inside))
            .filter_map(|(path, at)| Some((path.as_str(), self.folders.get(*at)?)))
    }

    /// The entry of a path: as its folder's listing shows it, else by its own heading.
    pub fn get(&self, path: &str) -> Option<EntryFact<'_>> {
        let path = canonical(path);
        let listed = path.rsplit_once('\\').and_then(|(folder, name)| {
            let folder = self.known(folder)?;
            Some(folder.fact(folder.entry(name)?))
        });
        listed.or_else(|| self.known(&path)?.itself())
    }

    /// All entries at and below a folder; all entries at all without one.
    pub fn below(&self, folder: Option<&str>) -> impl Iterator<Item = EntryFact<'_>> + use<'_> {
        let root = folder.map(canonical).unwrap_or_default();
        let own = if root.is_empty() { None } else { self.get(&root) };
        let inside = self.range(&root).flat_map(move |(path, folder)| {
            let headed = folder.itself().filter(|_| path != root && !self.is_listed(path));
            headed.into_iter().chain(folder.entries.iter().map(|entry| folder.fact(entry)))
        });
        own.into_iter().chain(inside)
    }

    /// Whether the listing of its parent shows a path.
    fn is_listed(&self, lower_path: &str) -> bool {
        let parts = lower_path.rsplit_once('\\');
        parts.is_some_and(|(parent, name)| self.known(parent).is_some_and(|it| it.entry(name).is_some()))
    }

    /// Whether a file or folder exists.
    pub fn present(&self, path: &str) -> Answer {
        let wanted = canonical(path);
        let deeper = || {
            let mut folders = self.range(&wanted).map(|(_, folder)| folder);
            folders.find_map(|folder| {
                folder.itself().or_else(|| folder.entries.first().map(|entry| folder.fact(entry)))
            })
        };
        if let Some(found) = self.get(path).or_else(deeper) {
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
            let headed = self.known(missing).is_some_and(|folder| folder.heading.is_some());
            let known = headed || self.is_listed(missing);
            if let Some(origin) = self.absent.get(missing).filter(|_| !known) {
                let shows = format!("{} was asked for and not found", missing.to_uppercase());
                return Some(Proof { origin: *origin, shows });
            }
            let (folder, _) = missing.rsplit_once('\\')?;
            if let Some(origin) = self.known(folder).and_then(|folder| folder.covered) {
                let shows = format!("whole listing of {}, without {path}", folder.to_uppercase());
                return (!known).then_some(Proof { origin, shows });
            }
            missing = folder;
        }
    }

    /// Whether a folder itself was listed completely, or does not exist, and the place that shows it.
    pub fn folder_covered(&self, folder: &str) -> Option<Origin> {
        let path = canonical(folder);
        let absent = self.lacking(&path, folder).map(|proof| proof.origin);
        absent.or_else(|| self.known(&path)?.covered)
    }

    /// Whether every folder at and below a path was listed completely, and the place that shows it.
    ///
    /// A folder that does not exist is covered by what shows that it does not.
    pub fn tree_covered(&self, folder: &str) -> Option<Origin> {
        let root = canonical(folder);
        if let Some(proof) = self.lacking(&root, folder) {
            return Some(proof.origin);
        }
        let covered = |path: &str| self.known(path).is_some_and(|folder| folder.covered.is_some());
        let whole = self.range(&root).all(|(path, folder)| {
            let mut folders = folder.entries.iter().filter(|entry| entry.kind == EntryKind::Folder);
            folder.covered.is_some() && folders.all(|entry| covered(&within(path, &entry.name)))
        });
        self.known(&root)?.covered.filter(|_| whole)
    }
}

/// Whether a path is a folder, or in it; everything is in none.
fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || folder.is_empty() || rest.starts_with('\\'))
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
            files.folder(&folder.into(), PLACE);
        }
        let file = EntryKind::File { size: 1 };
        files.entry(&r"D:\SMS\netmon".into(), "netmon.exe".into(), file, None, PLACE);
        for folder in [r"D:\", r"D:\SMS", r"D:\SMS\netmon"] {
            files.cover(folder, PLACE);
        }
        files.settle();
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
    fn entries_are_found_by_any_spelling_and_once() {
        let mut files = files();
        files.folder(&r"D:\SMSX".into(), PLACE);
        files.entry(&r"d:\sms".into(), "NETMON".into(), EntryKind::Folder, None, PLACE);
        files.settle();
        let below = |folder: &str| files.below(Some(folder)).map(|found| found.path()).collect::<Vec<_>>();
        assert_eq!(below(r"d:\sms\"), [r"D:\SMS", r"D:\SMS\NETMON", r"D:\SMS\netmon\netmon.exe"]);
        assert_eq!(below(r"D:\SMS\netmon\netmon.exe"), [r"D:\SMS\netmon\netmon.exe"]);
        assert_eq!(files.below(None).count(), 6);
        assert_eq!(files.get(r"D:\sms\netmon").map(|found| found.kind), Some(EntryKind::Folder));
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
