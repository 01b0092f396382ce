//! Which sources belong to which server.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Prefixes, SiteTree, server_of};
use crate::bundle::folder_stem;
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

/// Puts each source to a server: the one it names, else the one that its folder belongs to.
///
/// `labels` are the names of the bundles. Servers come out in the order of their names.
pub fn assign(hints: &[Hint], labels: &[String]) -> Vec<Assignment> {
    let known = Known::of(hints, labels);
    let mut groups: BTreeMap<String, (String, Vec<SourceId>)> = BTreeMap::new();
    for hint in hints {
        let (name, named_by) = known.name_of(hint);
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

/// What all sources together say.
struct Known<'a> {
    labels: &'a [String],
    /// The computers that the sources below a folder name.
    folders: BTreeMap<(usize, &'a str), BTreeSet<String>>,
    computers: BTreeSet<String>,
    /// Folders in which a folder bears the name of a server whose evidence it holds.
    per_server: BTreeSet<(usize, &'a str)>,
    prefixes: Prefixes,
    /// The trees of one site each, by bundle, and how often a computer is mentioned in them.
    trees: BTreeMap<(usize, SiteTree), BTreeMap<String, usize>>,
}

impl<'a> Known<'a> {
    fn of(hints: &'a [Hint], labels: &'a [String]) -> Self {
        let mut known = Self {
            labels,
            folders: BTreeMap::new(),
            computers: BTreeSet::new(),
            per_server: BTreeSet::new(),
            prefixes: Prefixes::of(hints),
            trees: BTreeMap::new(),
        };
        for hint in hints {
            if let Some(computer) = &hint.computer {
                let computer = computer.to_uppercase();
                for folder in ancestors(&hint.path) {
                    known.folders.entry((hint.bundle, folder)).or_default().insert(computer.clone());
                }
                known.computers.insert(computer);
            }
            if let Some(tree) = known.tree(hint) {
                let mentions = known.trees.entry((hint.bundle, tree)).or_default();
                if let Some(mentioned) = &hint.mentioned {
                    *mentions.entry(mentioned.to_uppercase()).or_default() += 1;
                }
            }
        }
        let named = known.folders.iter().filter_map(|((bundle, path), computers)| {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            computers.contains(&folder_stem(name).to_uppercase()).then_some((*bundle, parent))
        });
        known.per_server = named.collect();
        known
    }

    fn label(&self, hint: &Hint) -> &str {
        self.labels.get(hint.bundle).map(String::as_str).unwrap_or_default()
    }

    fn tree(&self, hint: &Hint) -> Option<SiteTree> {
        SiteTree::of(&hint.path, self.label(hint))
    }

    fn name_of(&self, hint: &Hint) -> (String, String) {
        if let Some(computer) = &hint.computer {
            return (computer.to_uppercase(), BY_EVIDENCE.to_owned());
        }
        // A flat archive carries the server in each file's name.
        if let Some(name) = self.in_file_name(hint) {
            return (name, "the name of the file".to_owned());
        }
        let tree = self.tree(hint);
        if let Some(found) = self.by_folders(hint, tree.as_ref()) {
            return found;
        }
        if let Some(folder) = self.own_folder(hint, tree.as_ref()) {
            return (folder, BY_FOLDER.to_owned());
        }
        if let Some(tree) = tree {
            return self.of_site(hint.bundle, tree);
        }
        if let Some(name) = self.prefixes.neighbour(hint) {
            return (name, "the names of the files beside it".to_owned());
        }
        if let Some(mentioned) = &hint.mentioned {
            return (mentioned.to_uppercase(), "what its records name".to_owned());
        }
        match server_of(self.label(hint)) {
            Some(name) => (name, "the name of the bundle".to_owned()),
            None => ("(unknown server)".to_owned(), "nothing".to_owned()),
        }
    }

    fn in_file_name(&self, hint: &Hint) -> Option<String> {
        let file = hint.path.rsplit('/').next().unwrap_or(&hint.path).to_uppercase();
        let in_name = self
            .computers
            .iter()
            .filter(|name| name.len() >= 3 && contains_word(&file, name))
            .max_by_key(|name| name.len());
        in_name.cloned().or_else(|| self.prefixes.server(hint))
    }

    /// The server that the sources beside it name, in the nearest folder where they do.
    fn by_folders(&self, hint: &Hint, tree: Option<&SiteTree>) -> Option<(String, String)> {
        let mut inner: Option<&str> = None;
        for folder in ancestors(&hint.path) {
            // A tree of one site's server has nothing to do with what lies beside the tree of another.
            let left = tree.is_some_and(|tree| folder.len() < tree.length);
            if left && self.trees.keys().filter(|(bundle, _)| *bundle == hint.bundle).count() > 1 {
                return None;
            }
            // Beside folders that are named as their servers, a folder with such a name is a server too.
            let names = self.folders.get(&(hint.bundle, folder));
            if self.per_server.contains(&(hint.bundle, folder)) {
                if let Some(own) = inner.and_then(server_of) {
                    return Some((own, BY_FOLDER.to_owned()));
                }
                if left {
                    return None;
                }
            }
            inner = folder.rsplit('/').next();
            match names.map(|names| names.iter().collect::<Vec<_>>()) {
                Some(names) if names.len() == 1 => return Some((names[0].clone(), BY_EVIDENCE.to_owned())),
                // A folder of several servers says nothing of a file that lies between them.
                Some(_) => return None,
                None => {}
            }
        }
        None
    }

    /// The outermost folder that is named as a server, unless it holds another server's evidence.
    fn own_folder(&self, hint: &Hint, tree: Option<&SiteTree>) -> Option<String> {
        let (folders, _) = hint.path.rsplit_once('/')?;
        let mut end = 0;
        for folder in folders.split('/') {
            end += folder.len() + usize::from(end != 0);
            // What lies within the tree of a site's server is the same server's.
            if tree.is_some_and(|tree| end > tree.length) {
                return None;
            }
            let is_site = tree.is_some_and(|tree| end == tree.length);
            if let Some(server) = server_of(folder).filter(|_| !is_site) {
                let taken = self.folders.contains_key(&(hint.bundle, &hint.path[..end]));
                return (!taken).then_some(server);
            }
        }
        None
    }

    /// The computer that is mentioned most in a tree of one site's server, else the site.
    fn of_site(&self, bundle: usize, tree: SiteTree) -> (String, String) {
        let site = tree.site.clone();
        let mentions = self.trees.get(&(bundle, tree)).into_iter().flatten();
        match mentions.max_by_key(|(_, count)| **count) {
            Some((mentioned, _)) => (mentioned.clone(), "the status messages in its folder".to_owned()),
            None => (format!("(server of site {site})"), BY_FOLDER.to_owned()),
        }
    }
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

    #[test]
    fn archives_are_named_like_folders() {
        check(
            "case",
            &[
                ("SECNT04.tar.gz/registry.reg", Some("SECNT04")),
                ("SECNT04.tar.gz/SMSSETUP.LOG", None),
                ("print01.7z/hman.log", None),
                ("PRI02.cab/hman.log", None),
            ],
            &[("PRI02", &[3]), ("PRINT01", &[2]), ("SECNT04", &[0, 1])],
        );
    }

    #[test]
    fn flat_reports_are_split_by_the_server_in_their_names() {
        check(
            "case 17",
            &[
                ("SECNT04_EventLog_System.TXT", None),
                ("secnt04_REG_SMS.REG", None),
                ("PRI01_Services.txt", None),
                ("PRI01_hman.log", None),
                ("PRI01_IPConfig.txt", None),
                ("readme.txt", None),
            ],
            &[("(unknown server)", &[5]), ("PRI01", &[2, 3, 4]), ("SECNT04", &[0, 1])],
        );
        // The report of one server: what does not bear its name is its own too.
        check(
            "upload",
            &[
                ("x.cab/SITE_A1_MSINFO32.NFO", None),
                ("x.cab/SITE_A1_Boot.ini", None),
                ("x.cab/Setup.log", None),
            ],
            &[("SITE_A1", &[0, 1, 2])],
        );
        check(
            "upload",
            &[("SEC9_a.txt", None), ("SEC9_b.txt", None), ("SEC9_c.txt", None)],
            &[("SEC9", &[0, 1, 2])],
        );
    }

    #[test]
    fn what_was_asked_of_another_server_names_only_itself() {
        check(
            "upload",
            &[
                ("PRI01/a.reg", Some("PRI01")),
                ("PRI01/SEC04_services.txt", None),
                ("PRI01/SEC04_shares.txt", None),
                ("PRI01/hman.log", None),
            ],
            &[("PRI01", &[0, 3]), ("SEC04", &[1, 2])],
        );
    }

    #[test]
    fn names_of_reports_alone_name_no_server() {
        check(
            "upload",
            &[
                ("net_start.txt", None),
                ("net_share.txt", None),
                ("hklm_software.reg", None),
                ("hklm_system.reg", None),
                ("old_registry.reg", None),
                ("old_services.txt", None),
                ("sms_setup.log", None),
                ("sms_reg.reg", None),
            ],
            &[("(unknown server)", &[0, 1, 2, 3, 4, 5, 6, 7])],
        );
    }

    #[test]
    fn a_tree_of_one_site_is_one_server() {
        // What names a computer within the tree names it for the whole tree.
        check(
            "upload",
            &[
                ("SMSINFO_S02/winmsd.txt", Some("SECNT04")),
                ("SMSINFO_S02/Logs/hman.log", None),
                ("SMSINFO_S03/Bin/i386/x.log", None),
                ("SMSINFO_S03/Logs/hman.log", None),
            ],
            &[("(server of site S03)", &[2, 3]), ("SECNT04", &[0, 1])],
        );
        check(
            "SMSINFO_S02",
            &[("Logs/hman.log", None), ("Bin/i386/dir.txt", None)],
            &[("(server of site S02)", &[0, 1])],
        );
        // Beside the folders of servers that are named, and within one.
        check(
            "upload",
            &[
                ("PRI01/a.reg", Some("PRI01")),
                ("SMSINFO_S03/Logs/hman.log", None),
                ("SEC05/SMSINFO_S05/Logs/hman.log", None),
            ],
            &[("(server of site S03)", &[1]), ("PRI01", &[0]), ("SEC05", &[2])],
        );
    }

    #[test]
    fn a_backup_belongs_to_the_site_server() {
        check(
            "upload",
            &[
                ("SMSBKUP/S02/SiteServer/SMSbkSiteConfigNTWinMSD.txt", Some("SECNT04")),
                ("SMSBKUP/S02/SiteServer/SMSbkSiteRegNAL.dat", None),
                ("SMSBKUP/S02/SiteServer/SMSServer/Logs/hman.log", None),
                ("SMSBKUP/S02/Smsbkup.log", None),
            ],
            &[("SECNT04", &[0, 1, 2, 3])],
        );
        check(
            "SMSBKUP",
            &[("S02/SiteServer/SMSbkSiteRegSMS.dat", None), ("S02/ProviderServer/SMSbkProvRegSMS.dat", None)],
            &[("(server of site S02)", &[0, 1])],
        );
    }
}
