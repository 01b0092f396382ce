//! What to collect where a question cannot be answered: the commands that bring it.

use crate::pattern::Captures;
use crate::signature::Subject;

/// The commands that collect what is running, shared, and known as accounts.
pub const NET_START: &str = "net start > net_start.txt";
pub const NET_SHARE: &str = "net share > net_share.txt";
pub const NET_USER: &str = "net user > net_user.txt";
pub const NET_GROUP: &str = "net localgroup > net_localgroup.txt and net group > net_group.txt";

/// The command that lists a drive.
pub fn dir_of(drive: &str) -> String {
    let drive = drive.trim_end_matches('\\');
    match drive.chars().next().filter(|letter| letter.is_ascii_alphabetic() && drive.ends_with(':')) {
        Some(letter) => format!(r"dir /s /a {drive}\ > dir_{}.txt", letter.to_ascii_lowercase()),
        None => r"dir /s /a D:\ > dir_d.txt for every drive".to_owned(),
    }
}

/// The command that exports the hive of a key.
pub fn export_of(key: &str) -> String {
    let full = key.replacen("HKLM", "HKEY_LOCAL_MACHINE", 1);
    let hive: Vec<&str> = full.split('\\').take(2).collect();
    let name = hive.last().map(|name| name.to_lowercase()).unwrap_or_default();
    format!("regedit /e {name}.reg \"{}\"", hive.join("\\"))
}

/// The command that lists the members of a group.
pub fn members_of(group: &str) -> String {
    format!("net localgroup \"{group}\" > net_localgroup.txt")
}

/// The log or logs of these names.
pub fn logs_of(names: &[String]) -> String {
    if names.is_empty() { "log".to_owned() } else { format!("{} log", names.join(" or ")) }
}

/// What to collect from a server that is not there at all.
pub fn wanted(subject: &Subject, captures: &Captures) -> String {
    match subject {
        Subject::Line(lines) => format!("the {}, and its rotated copy (.lo_)", logs_of(&lines.logs)),
        Subject::Key { path, .. } => export_of(path.text()),
        Subject::Value { key, .. } => export_of(key.text()),
        Subject::File { path, .. } | Subject::Count { path, .. } => {
            let shown = path.fill(captures).map(|filled| filled.shown).unwrap_or_default();
            dir_of(shown.get(..2).unwrap_or(""))
        }
        Subject::Free { .. } | Subject::Twice { .. } => dir_of(""),
        Subject::Service { .. } => NET_START.to_owned(),
        Subject::Share { .. } => NET_SHARE.to_owned(),
        Subject::Account { .. } => NET_USER.to_owned(),
        Subject::Group { .. } => NET_GROUP.to_owned(),
        Subject::Member { group, .. } => members_of(group.text()),
        Subject::Setting { document, .. } => document.text().to_owned(),
        Subject::Test | Subject::Any(_) => "its logs, registry and listings".to_owned(),
    }
}
