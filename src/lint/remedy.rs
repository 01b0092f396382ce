//! Rules on what is to be done: on which server, at which risk, and how to see that it helped.

use super::words::words;
use super::{Remark, Subject};
use crate::signature::{Kind, Risk};

/// What cannot be taken back, whatever it is done to.
const DESTRUCTIVE: &[&str] = &["delete", "deltree", "erase", "purge", "rmdir", "uninstall", "deinstall"];
/// What cannot be taken back if it is done to one of these.
const HARMFUL: &[&str] = &["remove", "drop", "format", "truncate"];
const OBJECTS: &[&str] = &[
    "account",
    "accounts",
    "database",
    "directory",
    "disk",
    "drive",
    "file",
    "files",
    "folder",
    "folders",
    "job",
    "jobs",
    "key",
    "keys",
    "package",
    "packages",
    "partition",
    "record",
    "records",
    "service",
    "services",
    "share",
    "shares",
    "site",
    "table",
    "tables",
    "value",
    "values",
    "volume",
];
/// Words before a destructive one that turn it round.
const NEGATIONS: &[&str] = &["not", "never", "no", "nor", "without", "before", "cannot", "don"];

pub fn missing(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let it = subject.signature;
    let wanted = matches!(it.kind, Kind::RootCause | Kind::Mechanism);
    let by_item = it.items.iter().any(|item| item.remedy.is_some());
    if wanted && it.remedies.is_empty() && !by_item {
        let what = "no remedy for a cause";
        out.push(subject.remark("kind", what, "say what to do in [[remedy]], or how to live with it"));
    }
}

pub fn server(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    for (index, _) in
        subject.signature.remedies.iter().enumerate().filter(|(_, it)| it.on.text().trim().is_empty())
    {
        let hint = "{host}, {parent_server}, or in words: the SQL server of {site}";
        out.push(subject.remark(&format!("remedy.{index}.on"), "the step names no server", hint));
    }
}

pub fn risk(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    for (index, remedy) in
        subject.signature.remedies.iter().enumerate().filter(|(_, it)| it.risk == Risk::Low)
    {
        let run = remedy.run.as_ref().map(|run| run.text()).unwrap_or_default();
        if let Some(word) = destructive(remedy.action.text(), run) {
            let field = format!("remedy.{index}.risk");
            let what = format!("`{word}` is no low risk");
            let hint = "medium or high, with what to save before; or say it so that nothing is lost";
            out.push(subject.remark(&field, what, hint));
        }
    }
}

/// What of a step cannot be taken back.
fn destructive(action: &str, run: &str) -> Option<String> {
    let run = run.to_lowercase();
    if run.contains("preinst") && run.contains("/del") {
        return Some("preinst /del".to_owned());
    }
    let own = |text: &str| {
        // What stands in quotes is the name of something.
        let text: String = text.split('"').step_by(2).collect();
        let words = words(&text);
        let near = |at: usize, most: usize, known: &[&str]| {
            words[at..].iter().take(most).any(|word| known.contains(&word.as_str()))
        };
        let harms = |at: &usize| {
            let (at, word) = (*at, words[*at].as_str());
            let harmful = DESTRUCTIVE.contains(&word) || (HARMFUL.contains(&word) && near(at, 5, OBJECTS));
            let turned =
                words[at.saturating_sub(3)..at].iter().any(|word| NEGATIONS.contains(&word.as_str()));
            // To remove a cause destroys nothing.
            harmful && !turned && !near(at, 3, &["cause"])
        };
        let found = (0..words.len()).find(harms);
        found.map(|at| words[at].clone())
    };
    own(action).or_else(|| own(&run))
}

pub fn verify(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let it = subject.signature;
    if it.verify.is_empty() && it.kind != Kind::Benign {
        let hint = "write verify = [\"...\"]: what to look at afterwards, and where";
        out.push(subject.remark("means", "nothing tells whether the cure worked", hint));
    }
}

#[cfg(test)]
mod tests {
    use super::destructive;

    #[test]
    fn destruction_is_told_from_its_warning() {
        assert_eq!(destructive("Keep a copy, then delete it.", "").as_deref(), Some("delete"));
        assert_eq!(destructive("Do not delete anything below SMS.", ""), None);
        assert_eq!(destructive("Find and remove the cause there", ""), None);
        assert_eq!(destructive("Purge it.", "preinst /delsite:A,B").as_deref(), Some("preinst /del"));
        assert_eq!(destructive("Look at the format of what was removed", ""), None);
        assert_eq!(destructive("Remove the folder", "").as_deref(), Some("remove"));
        assert_eq!(destructive("Turn \"Truncate log of database\" on", ""), None);
    }
}
