//! Which sources belong to which server.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::SourceId;

/// What one source says of the server it was taken from.
#[derive(Clone, Debug)]
pub struct Hint {
    pub source: SourceId,
    pub bundle: usize,
    /// Path within the bundle.
    pub path: String,
    /// The computer that the source itself names.
    pub computer: Option<String>,
    /// The computer that most of its status messages or events name; a log may hold those of others too.
    pub mentioned: Option<String>,
}

/// A server and its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub name: String,
    pub named_by: String,
    pub sources: Vec<SourceId>,
}

/// Folder names that say what is in them and not whose they are.
const STRUCTURAL: &[&str] = &[
    "sms",
    "logs",
    "log",
    "registry",
    "reg",
    "state",
    "files",
    "data",
    "system",
    "system32",
    "winnt",
    "windows",
    "inboxes",
    "in",
    "bundle",
    "bundles",
    "capture",
    "captures",
    "drives",
    "config",
    "eventlog",
    "eventlogs",
    "net",
    "dir",
    "listings",
    "output",
    "upload",
    "uploads",
    "temp",
    "tmp",
    "samples",
    "cases",
    "case",
];

/// Puts each source to a server: the one it names, else the one that its folder belongs to.
///
/// `labels` are the names of the bundles. Servers come out in the order of their names.
pub fn assign(hints: &[Hint], labels: &[String]) -> Vec<Assignment> {
    let mut folders: BTreeMap<(usize, &str), BTreeSet<String>> = BTreeMap::new();
    for hint in hints {
        if let Some(computer) = &hint.computer {
            for folder in ancestors(&hint.path) {
                folders.entry((hint.bundle, folder)).or_default().insert(computer.to_uppercase());
            }
        }
    }
    let known: BTreeSet<String> =
        hints.iter().filter_map(|hint| Some(hint.computer.as_ref()?.to_uppercase())).collect();
    let mut groups: BTreeMap<String, (String, Vec<SourceId>)> = BTreeMap::new();
    for hint in hints {
        let (name, named_by) = name_of(hint, &folders, &known, labels);
        let group = groups.entry(name).or_insert((named_by.clone(), Vec::new()));
        if rank(&named_by) < rank(&group.0) {
            group.0 = named_by;
        }
        group.1.push(hint.source);
    }
    groups.into_iter().map(|(name, (named_by, sources))| Assignment { name, named_by, sources }).collect()
}

const BY_EVIDENCE: &str = "its own evidence";
const BY_FOLDER: &str = "the name of its folder";

/// Better reasons come first.
fn rank(named_by: &str) -> usize {
    usize::from(named_by != BY_EVIDENCE)
}

fn name_of(
    hint: &Hint,
    folders: &BTreeMap<(usize, &str), BTreeSet<String>>,
    known: &BTreeSet<String>,
    labels: &[String],
) -> (String, String) {
    if let Some(computer) = &hint.computer {
        return (computer.to_uppercase(), BY_EVIDENCE.to_owned());
    }
    // A flat archive carries the server in each file's name.
    let file = hint.path.rsplit('/').next().unwrap_or(&hint.path).to_uppercase();
    let in_name = known
        .iter()
        .filter(|name| name.len() >= 3 && contains_word(&file, name))
        .max_by_key(|name| name.len());
    if let Some(name) = in_name {
        return (name.clone(), "the name of the file".to_owned());
    }
    let mut inner = None;
    for folder in ancestors(&hint.path) {
        // Beside folders that are named as their servers, a folder with such a name is a server too.
        let per_server = |names: &BTreeSet<String>| {
            names.iter().any(|name| {
                folders.keys().any(|key| key.0 == hint.bundle && is_child_named(key.1, folder, name))
            })
        };
        let names = folders.get(&(hint.bundle, folder));
        if names.is_some_and(per_server)
            && let Some(own) = inner.filter(|own: &&str| is_host_name(own))
        {
            return (own.to_uppercase(), BY_FOLDER.to_owned());
        }
        inner = folder.rsplit('/').next();
        match folders.get(&(hint.bundle, folder)).map(|names| names.iter().collect::<Vec<_>>()) {
            Some(names) if names.len() == 1 => return (names[0].clone(), BY_EVIDENCE.to_owned()),
            // A folder of several servers says nothing of a file that lies between them.
            Some(_) => break,
            None => {}
        }
    }
    let parts: Vec<&str> = hint.path.split('/').collect();
    let own_folder = parts[..parts.len() - 1].iter().find(|part| is_host_name(part));
    let taken = |folder: &&&str| {
        // The folder must not hold another server's evidence.
        let end = hint.path.find(**folder).unwrap_or(0) + folder.len();
        !folders.contains_key(&(hint.bundle, &hint.path[..end]))
    };
    if let Some(folder) = own_folder.filter(taken) {
        let name = folder.strip_suffix(".zip").or_else(|| folder.strip_suffix(".ZIP")).unwrap_or(folder);
        return (name.to_uppercase(), BY_FOLDER.to_owned());
    }
    if let Some(mentioned) = &hint.mentioned {
        return (mentioned.to_uppercase(), "what its records name".to_owned());
    }
    let label = labels.get(hint.bundle).map(String::as_str).unwrap_or_default();
    if is_host_name(label) {
        return (label.to_uppercase(), "the name of the bundle".to_owned());
    }
    ("(unknown server)".to_owned(), "nothing".to_owned())
}

/// Whether `path` is the folder directly below `parent` that bears a server's name.
fn is_child_named(path: &str, parent: &str, name: &str) -> bool {
    let below = path.strip_prefix(parent).map(|rest| rest.trim_start_matches('/'));
    below.is_some_and(|rest| rest.eq_ignore_ascii_case(name))
}

/// Whether `word` stands in `text` with nothing of a name on either side.
fn contains_word(text: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word)
        .any(|(at, _)| !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next()))
}

/// The folders of a path from the nearest to the bundle itself.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.rmatch_indices('/').map(|(at, _)| at).chain([0]);
    ends.map(move |end| &path[..end])
}

/// Whether a folder's name can be a computer's: NetBIOS allows 15 characters; words for contents are none.
fn is_host_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let lower = lower.strip_suffix(".zip").unwrap_or(&lower);
    let drive = lower.len() <= 2
        || ["_drive", "-drive", " drive", "_root"].iter().any(|end| lower.ends_with(end))
        || lower.starts_with("drive");
    (1..=15).contains(&lower.len())
        && lower.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '$'))
        && !drive
        && !STRUCTURAL.contains(&lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(label: &str, files: &[(&str, Option<&str>)], expected: &[(&str, &[u32])]) {
        let hints: Vec<Hint> = files
            .iter()
            .enumerate()
            .map(|(index, (path, computer))| Hint {
                source: SourceId(index as u32),
                bundle: 0,
                path: (*path).to_owned(),
                computer: computer.map(str::to_owned),
                mentioned: None,
            })
            .collect();
        let found = assign(&hints, &[label.to_owned()]);
        let found: Vec<(String, Vec<u32>)> =
            found.into_iter().map(|it| (it.name, it.sources.iter().map(|id| id.0).collect())).collect();
        let expected: Vec<(String, Vec<u32>)> =
            expected.iter().map(|(name, ids)| ((*name).to_owned(), ids.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_folder_belongs_to_the_server_that_its_evidence_names() {
        check(
            "bundle",
            &[
                ("secnt04/a.reg", Some("SECNT04")),
                ("secnt04/C_drive/SMSSETUP.LOG", None),
                ("print01/hman.log", None),
            ],
            &[("PRINT01", &[2]), ("SECNT04", &[0, 1])],
        );
        check(
            "bundle",
            &[("registry/a.reg", Some("secnt04")), ("primlogs/hman.log", None)],
            &[("SECNT04", &[0, 1])],
        );
    }

    #[test]
    fn two_servers_in_one_folder_are_told_apart_by_file_name() {
        check(
            "case",
            &[
                ("A1_reg.reg", Some("SRVA1")),
                ("b.reg", Some("SRVB2")),
                ("hman_SRVB2.log", None),
                ("x.log", None),
            ],
            &[("(unknown server)", &[3]), ("SRVA1", &[0]), ("SRVB2", &[1, 2])],
        );
    }

    #[test]
    fn without_evidence_the_folder_or_the_bundle_names_the_server() {
        check(
            "SECNT04",
            &[("C_drive/SMSSETUP.LOG", None), ("SMS/Logs/hman.log", None)],
            &[("SECNT04", &[0, 1])],
        );
        check(
            "case-17 of 20",
            &[("PRI01/hman.log", None), ("SEC01/boot.log", None)],
            &[("PRI01", &[0]), ("SEC01", &[1])],
        );
    }
}
