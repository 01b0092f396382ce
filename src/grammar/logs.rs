//! The catalogue of logical logs: which file names and components stand for the same log.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::authoring::{Mistake, Sheet};
use crate::pattern::{Captures, FilledGlob, Glob};

/// A logical log: `Sms_bootstrap.log`, `SMSBootstrap.log` and `BOOT.LOG` are all `bootstrap`.
#[derive(Clone, Debug)]
pub struct LogicalLog {
    pub name: String,
    pub title: String,
    /// The file names, as the catalogue writes them.
    pub file_names: Vec<String>,
    /// Globs over lower-case file names without rotation marks, and the components that write it.
    files: Vec<Arc<FilledGlob>>,
    components: Vec<String>,
}

/// All logical logs, as read from `logs.toml`.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    all: Vec<LogicalLog>,
    by_component: BTreeMap<String, usize>,
}

impl Logs {
    /// Reads the catalogue.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            let mut logs = Self::default();
            table.need("log");
            for mut entry in table.tables("log") {
                let name = entry.need_text("name").text;
                let title = entry.need_text("title").text;
                entry.need("files");
                let (mut files, mut file_names) = (Vec::new(), Vec::new());
                for word in entry.texts("files") {
                    file_names.push(word.text.clone());
                    let glob = Glob::new(&word.text).map_err(|(_, what)| what);
                    match glob.and_then(|glob| glob.fill(&Captures::default())) {
                        Ok(glob) => files.push(Arc::new(glob)),
                        Err(what) => entry.mistake(&word.span, what),
                    }
                }
                let components: Vec<String> =
                    entry.texts("components").into_iter().map(|word| word.text.to_lowercase()).collect();
                for component in &components {
                    logs.by_component.insert(component.clone(), logs.all.len());
                }
                entry.finish();
                logs.all.push(LogicalLog { name, title, file_names, files, components });
            }
            logs
        })
    }

    /// The names of all logical logs.
    pub fn names(&self) -> Vec<&str> {
        self.all.iter().map(|log| log.name.as_str()).collect()
    }

    /// The logical log of a name.
    pub fn get(&self, name: &str) -> Option<&LogicalLog> {
        self.all.iter().find(|log| log.name == name)
    }

    /// The logical log of a file name, in any of its rotations, and behind the `SERVER_` of a flat archive.
    pub fn of_file(&self, file: &str) -> Option<&LogicalLog> {
        let name = without_rotation(&file.to_lowercase());
        let known =
            |name: &str| self.all.iter().find(|log| log.files.iter().any(|glob| glob.find(name).is_some()));
        known(&name).or_else(|| name.match_indices('_').find_map(|(at, _)| known(&name[at + 1..])))
    }

    /// The logical log that a component writes.
    pub fn of_component(&self, component: &str) -> Option<&LogicalLog> {
        self.by_component.get(&component.to_lowercase()).map(|index| &self.all[*index])
    }
}

impl LogicalLog {
    /// A file name by which it is known.
    pub fn example(&self) -> Option<String> {
        self.files.first().map(|glob| glob.shown.replace('*', ""))
    }

    /// The components that write this log.
    pub fn components(&self) -> &[String] {
        &self.components
    }
}

/// The name that all copies of a log share, and whether this one is an older copy by its name (`.lo_`, `.log_`).
pub fn generation(file: &str) -> (String, bool) {
    let name = file.to_lowercase();
    let rotated = [".lo_", ".log_"].iter().any(|ending| name.trim_end_matches(".txt").ends_with(ending));
    (without_rotation(&name), rotated)
}

/// A log's own name behind what rotation, collectors and copies add: `.lo_`, `.log_`, `.log.txt`,
/// `-20230715-091245`, ` (2)`.
fn without_rotation(name: &str) -> String {
    let name = name.strip_suffix(".txt").filter(|rest| rest.ends_with(".log")).unwrap_or(name);
    let stem = ["lo_", "log_", "log"].iter().find_map(|ending| name.strip_suffix(&format!(".{ending}")));
    let Some(stem) = stem else { return name.to_owned() };
    let copy = stem.rsplit_once(" (").and_then(|(own, number)| Some((own, number.strip_suffix(')')?)));
    let counted = copy.filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    let stem = counted.map_or(stem, |(own, _)| own);
    let mut parts = stem.rsplitn(3, '-');
    let digits = |part: Option<&str>, count: usize| {
        part.is_some_and(|part| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let dated = digits(parts.next(), 6) && digits(parts.next(), 8);
    match (dated, parts.next()) {
        (true, Some(base)) => format!("{base}.log"),
        _ => format!("{stem}.log"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[[log]]\nname = 'bootstrap'\ntitle = 't'\nfiles = ['*boot.log', '*boot*strap*.log']\ncomponents = ['SMS_BOOTSTRAP']\n";

    #[test]
    fn names_and_rotations_are_one_log() {
        let logs = Logs::read("logs.toml", TEXT).unwrap();
        for file in [
            "Sms_bootstrap.log",
            "SMSBootstrap.lo_",
            "BOOT.LOG",
            "smsbootstrap-20230715-091245.log",
            "smsboot (2).log",
        ] {
            assert_eq!(logs.of_file(file).map(|log| log.name.as_str()), Some("bootstrap"), "{file}");
        }
        assert!(logs.of_file("hman.log").is_none());
        let flat =
            Logs::read("logs.toml", "[[log]]\nname = 'hman'\ntitle = 't'\nfiles = ['hman.log']\n").unwrap();
        assert_eq!(flat.of_file("PRI_01_hman.lo_").map(|log| log.name.as_str()), Some("hman"));
        assert!(flat.of_file("oldhman.log").is_none());
        assert_eq!(logs.of_component("sms_Bootstrap").map(|log| log.name.as_str()), Some("bootstrap"));
    }
}
