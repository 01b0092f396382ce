//! What the names of folders, archives and files say of the server that they were taken from.

use std::collections::{BTreeMap, BTreeSet};

use super::Hint;
use crate::bundle::folder_stem;

/// Names of folders that say what is in them and not whose they are.
const STRUCTURAL: &[&str] = &[
    "bin",
    "bundle",
    "bundles",
    "cab",
    "cabs",
    "capture",
    "captures",
    "case",
    "cases",
    "config",
    "data",
    "dir",
    "drives",
    "eventlog",
    "eventlogs",
    "files",
    "hklm",
    "hkcr",
    "hkcu",
    "hku",
    "i386",
    "in",
    "inboxes",
    "listings",
    "log",
    "logs",
    "meteringdbserver",
    "mps",
    "mpsreports",
    "net",
    "output",
    "providerserver",
    "reg",
    "registry",
    "report",
    "reports",
    "samples",
    "sitedbserver",
    "siteserver",
    "sms",
    "smsbkup",
    "smsserver",
    "software",
    "sqllog",
    "state",
    "system",
    "system32",
    "temp",
    "tmp",
    "upload",
    "uploads",
    "wbem",
    "windows",
    "winnt",
];

/// Words with which names of reports begin, behind the name of the server: MPSReports and what people do alike.
const REPORTS: &[&str] = &[
    "account",
    "accounts",
    "app",
    "application",
    "boot",
    "checksym",
    "cluster",
    "dir",
    "drivers",
    "drives",
    "errorlog",
    "event",
    "eventlog",
    "events",
    "evt",
    "files",
    "group",
    "groups",
    "hive",
    "hosts",
    "hotfix",
    "hotfixes",
    "iis",
    "ipconfig",
    "listing",
    "localgroup",
    "log",
    "logs",
    "mpsreport",
    "mpsreports",
    "msinfo",
    "msinfo32",
    "nbtstat",
    "net",
    "netlogon",
    "netstat",
    "pools",
    "process",
    "pstat",
    "reg",
    "regentries",
    "registry",
    "route",
    "sam",
    "sc",
    "sched",
    "schedlgu",
    "sec",
    "security",
    "services",
    "setup",
    "share",
    "shares",
    "sms",
    "smsreg",
    "smssetup",
    "software",
    "sqllog",
    "srvinfo",
    "start",
    "sys",
    "system",
    "systeminfo",
    "tlist",
    "tree",
    "user",
    "userenv",
    "users",
    "version",
    "wbem",
    "windowsupdate",
    "winmsd",
    "wmi",
];

/// What may stand before such a word and is no server.
const NOBODY: &[&str] = &[
    "after",
    "all",
    "backup",
    "before",
    "client",
    "copy",
    "current",
    "full",
    "local",
    "new",
    "old",
    "parent",
    "child",
    "primary",
    "secondary",
    "server",
    "site",
    "sql",
    "the",
    "win",
];

/// The server that the name of a folder, an archive or a bundle names, in capitals.
pub fn server_of(name: &str) -> Option<String> {
    let name = folder_stem(name);
    if site_in(name).is_some() {
        return None;
    }
    let own = before_report(name).filter(|server| is_host_name(server)).unwrap_or(name);
    is_host_name(own).then(|| own.to_uppercase())
}

/// Whether a name can be a computer's: NetBIOS allows 15 characters; words for contents are none.
fn is_host_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let drive = lower.len() <= 2
        || ["_drive", "-drive", " drive", "_root"].iter().any(|end| lower.ends_with(end))
        || lower.starts_with("drive");
    (1..=15).contains(&lower.len())
        && lower.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '$'))
        && !drive
        && !STRUCTURAL.contains(&lower.as_str())
}

/// What stands before the first word of a report: `SECNT04` of `SECNT04_EventLog_System.txt`.
fn before_report(name: &str) -> Option<&str> {
    let at = name.match_indices('_').find(|(at, _)| is_report(&name[at + 1..]))?.0;
    let before = &name[..at];
    let first = first_word(before);
    // `reg_service_x` is a report itself, whatever comes behind its own name.
    let nobody = NOBODY.contains(&before.to_lowercase().as_str()) || REPORTS.contains(&first.as_str());
    (!nobody).then_some(before)
}

/// Whether a name begins with a word of a report; digits at its end do not matter.
fn is_report(name: &str) -> bool {
    let word = first_word(name);
    REPORTS.contains(&word.as_str()) || REPORTS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()))
}

fn first_word(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase()
}

/// The servers that files of one folder are named after: `<NAME>_<report>`, as a flat archive has them.
pub struct Prefixes {
    folders: BTreeMap<(usize, String), BTreeSet<String>>,
}

impl Prefixes {
    /// A prefix counts if two files of a folder bear it before the words of reports, or all of three and more do.
    pub fn of(hints: &[Hint]) -> Self {
        let mut names: BTreeMap<(usize, &str), Vec<&str>> = BTreeMap::new();
        for hint in hints {
            let (folder, name) = hint.path.rsplit_once('/').unwrap_or(("", &hint.path));
            names.entry((hint.bundle, folder)).or_default().push(name);
        }
        let folders = names
            .into_iter()
            .map(|((bundle, folder), names)| ((bundle, folder.to_owned()), prefixes(&names)));
        Self { folders: folders.filter(|(_, prefixes)| !prefixes.is_empty()).collect() }
    }

    /// The server that a file is named after.
    pub fn server(&self, hint: &Hint) -> Option<String> {
        let (prefixes, name) = self.beside(hint)?;
        let name = name.to_uppercase();
        let own = prefixes.iter().filter(|prefix| bears(&name, prefix)).max_by_key(|prefix| prefix.len());
        own.cloned()
    }

    /// The server that the files beside it are named after, if all are named after the same.
    pub fn neighbour(&self, hint: &Hint) -> Option<String> {
        let (prefixes, _) = self.beside(hint)?;
        prefixes.first().filter(|_| prefixes.len() == 1).cloned()
    }

    fn beside<'b>(&self, hint: &'b Hint) -> Option<(&BTreeSet<String>, &'b str)> {
        let (folder, name) = hint.path.rsplit_once('/').unwrap_or(("", &hint.path));
        Some((self.folders.get(&(hint.bundle, folder.to_owned()))?, name))
    }
}

fn prefixes(names: &[&str]) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for before in names.iter().filter_map(|name| before_report(name)).filter(|before| is_host_name(before)) {
        *counts.entry(before.to_uppercase()).or_default() += 1;
    }
    let mut found: BTreeSet<String> =
        counts.into_iter().filter(|(_, count)| *count >= 2).map(|(before, _)| before).collect();
    // Without a known word it takes all files, and a name with a number in it.
    if let [first, rest @ ..] = names
        && rest.len() >= 2
        && let Some((before, _)) = first.split_once('_')
        && is_host_name(before)
        && before.chars().any(char::is_numeric)
        && before.chars().any(char::is_alphabetic)
        && rest.iter().all(|name| bears(&name.to_uppercase(), &before.to_uppercase()))
    {
        found.insert(before.to_uppercase());
    }
    found
}

/// Whether a name in capitals begins with a prefix and an underscore.
fn bears(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('_'))
}

/// A tree of files of one site server, of which the name tells only the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteTree {
    /// How much of the path is the folder of the tree; 0 is the whole bundle.
    pub length: usize,
    pub site: String,
}

impl SiteTree {
    /// The tree that a path within a bundle lies in: `SMSINFO_<site>` of the tool SMS20info, `SMSBKUP/<site>` of
    /// the backup of SMS 2.0.
    pub fn of(path: &str, label: &str) -> Option<Self> {
        let (mut length, mut before) = (0, label);
        if let Some(site) = site_in(label) {
            return Some(Self { length, site });
        }
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        for folder in folders.split('/') {
            length += folder.len() + usize::from(length != 0);
            let backup = before.eq_ignore_ascii_case("smsbkup") && is_site_code(folder);
            if let Some(site) = site_in(folder).or_else(|| backup.then(|| folder.to_uppercase())) {
                return Some(Self { length, site });
            }
            before = folder;
        }
        None
    }
}

/// The site of `SMSINFO_<site>`.
fn site_in(name: &str) -> Option<String> {
    let (word, site) = folder_stem(name).split_once('_')?;
    (word.eq_ignore_ascii_case("smsinfo") && is_site_code(site)).then(|| site.to_uppercase())
}

fn is_site_code(name: &str) -> bool {
    name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_and_archives_name_servers() {
        let check =
            |name: &str, expected: Option<&str>| assert_eq!(server_of(name).as_deref(), expected, "{name}");
        check("secnt04", Some("SECNT04"));
        check("SECNT04.tar.gz", Some("SECNT04"));
        check("SECNT04.7z", Some("SECNT04"));
        check("SECNT04_MPSReports.CAB", Some("SECNT04"));
        check("SITE_A1_logs", Some("SITE_A1"));
        check("C_drive", None);
        check("SMSINFO_S02", None);
        check("SMSINFO_S02.zip", None);
        check("SiteDBServer", None);
        check("case-17 of 20", None);
        check("mail.tar", Some("MAIL"));
        check("NET1_dir_c", Some("NET1"));
    }

    #[test]
    fn reports_of_one_kind_are_no_server() {
        let reports = ["reg_service_A.txt", "reg_service_B.txt", "sc_qc_net.txt", "sc_qc_log.txt"];
        assert_eq!(prefixes(&reports), BTreeSet::new());
        let servers = ["SRV1_reg_sms.txt", "SRV1_dir_c.txt"];
        assert_eq!(prefixes(&servers), BTreeSet::from(["SRV1".to_owned()]));
    }

    #[test]
    fn site_trees_are_known_by_their_folder() {
        let check = |path: &str, label: &str, expected: Option<(&str, &str)>| {
            let found = SiteTree::of(path, label);
            let found = found.as_ref().map(|tree| (&path[..tree.length], tree.site.as_str()));
            assert_eq!(found, expected, "{label} {path}");
        };
        check("SMSINFO_S02/Logs/hman.log", "case", Some(("SMSINFO_S02", "S02")));
        check("x/smsinfo_s02.zip/a.reg", "case", Some(("x/smsinfo_s02.zip", "S02")));
        check("Logs/hman.log", "SMSINFO_S02", Some(("", "S02")));
        check("E/SMSBKUP/S02/SiteServer/a.dat", "case", Some(("E/SMSBKUP/S02", "S02")));
        check("S02/SiteServer/a.dat", "smsbkup", Some(("S02", "S02")));
        check("SMSBKUP/readme.txt", "case", None);
        check("SMSINFO_S02", "case", None);
    }
}
