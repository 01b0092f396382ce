//! All knowledge: the built-in grammars, signatures and codes, and those of the user, read and checked once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::authoring::Mistake;
use crate::bundle::{TextFile, text_files};
use crate::codes::{Book, Components, Entry, Family};
use crate::grammar::{EventTexts, Grammar, Grammars, Logs, Zones};
use crate::intake::hex;
use crate::model::report::CatalogReport;
use crate::parse::log::LogContext;
use crate::signature::{Events, Signature, Signatures};

mod built_in {
    include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));
}

/// Folders and files of the user that are added to the built-in knowledge.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    pub signatures: Vec<PathBuf>,
    pub grammars: Vec<PathBuf>,
}

/// Everything that the analysis knows.
#[derive(Debug)]
pub struct Catalog {
    pub grammars: Grammars,
    pub logs: Logs,
    pub event_texts: EventTexts,
    pub signatures: Signatures,
    pub report: CatalogReport,
    codes: OnceLock<Book>,
}

/// Mistakes of a catalog, with the files that were left out for them.
#[derive(Debug, Default)]
pub struct Flaws {
    pub mistakes: Vec<Mistake>,
    /// What could not be read at all.
    pub failures: Vec<String>,
}

impl Flaws {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.mistakes.is_empty() && self.failures.is_empty()
    }
}

impl Catalog {
    /// The built-in catalog.
    pub fn built_in() -> Self {
        Self::load(&Packs::default()).0
    }

    /// The built-in catalog with the user's packs; files with mistakes are left out and told.
    ///
    /// A user's signature or grammar takes the place of a built-in one of the same name.
    pub fn load(packs: &Packs) -> (Self, Flaws) {
        let mut flaws = Flaws::default();
        let mut grammar_files = embedded(built_in::GRAMMARS);
        let mut signature_files = embedded(built_in::SIGNATURES);
        for path in &packs.grammars {
            read_pack(path, &mut grammar_files, &mut flaws);
        }
        for path in &packs.signatures {
            read_pack(path, &mut signature_files, &mut flaws);
        }
        let (grammars, logs) = read_grammars(&grammar_files, &mut flaws);
        let event_texts = read_event_texts(&grammar_files, &mut flaws);
        let events = read_events(&signature_files, &logs, &mut flaws);
        let mut signatures = Vec::new();
        for file in signature_files.iter().filter(|file| stem(&file.path) != "events") {
            match Signature::read(&file.path, &file.text, &logs, &events) {
                Ok(signature) => signatures.push(signature),
                Err(mistakes) => flaws.mistakes.extend(mistakes),
            }
        }
        let signatures = Signatures::new(signatures, events);
        let packs = packs.grammars.iter().chain(&packs.signatures).map(|path| path.display().to_string());
        let report = CatalogReport {
            signatures: signatures.all.len(),
            grammars: grammars.all.len(),
            sha256: digest(grammar_files.iter().chain(&signature_files).chain(&embedded(built_in::CODES))),
            packs: packs.collect(),
        };
        (Self { grammars, logs, event_texts, signatures, report, codes: OnceLock::new() }, flaws)
    }

    /// What codes mean. Nothing is read before something is asked.
    pub fn codes(&self) -> &Book {
        self.codes.get_or_init(|| {
            let mut events: BTreeMap<(Family, i64), Vec<Entry>> = BTreeMap::new();
            for (title, sms, number, text) in self.event_texts.all() {
                let family = if sms { Family::SmsEvent } else { Family::WindowsEvent };
                let means = if sms { text } else { format!("{title}: {text}") };
                let entry = Entry { name: None, means, here: None, kb: Vec::new() };
                events.entry((family, i64::from(number))).or_default().push(entry);
            }
            Book::new(built_in::CODES, events)
        })
    }

    /// The services, threads, control files and shares of SMS.
    pub fn components(&self) -> Components {
        let file = built_in::CODES.iter().find(|(path, _)| stem(path) == "components");
        let read = file.map(|(path, text)| Components::read(path, text));
        read.and_then(Result::ok).unwrap_or_default()
    }

    /// What logs are read with.
    pub fn log_context(&self) -> LogContext<'_> {
        LogContext {
            grammars: &self.grammars,
            logs: &self.logs,
            event_texts: &self.event_texts,
            interest: &self.signatures.interest,
        }
    }
}

fn embedded(files: &[(&str, &str)]) -> Vec<TextFile> {
    files.iter().map(|(path, text)| TextFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
}

fn read_pack(path: &std::path::Path, files: &mut Vec<TextFile>, flaws: &mut Flaws) {
    match text_files(path) {
        Ok((more, failures)) => {
            files.extend(more);
            flaws.failures.extend(failures);
        }
        Err(error) => flaws.failures.push(format!("{error:#}")),
    }
}

fn stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml")
}

/// The last file of a name: a user's one takes the place of the built-in one.
fn last<'a>(files: &'a [TextFile], name: &str) -> Option<&'a TextFile> {
    files.iter().rev().find(|file| stem(&file.path) == name)
}

fn read_grammars(files: &[TextFile], flaws: &mut Flaws) -> (Grammars, Logs) {
    let mut take = |result: Result<Zones, Vec<Mistake>>| {
        result.unwrap_or_else(|mistakes| {
            flaws.mistakes.extend(mistakes);
            Zones::default()
        })
    };
    let zones =
        last(files, "zones").map(|file| take(Zones::read(&file.path, &file.text))).unwrap_or_default();
    let logs = match last(files, "logs").map(|file| Logs::read(&file.path, &file.text)) {
        Some(Ok(logs)) => logs,
        Some(Err(mistakes)) => {
            flaws.mistakes.extend(mistakes);
            Logs::default()
        }
        None => Logs::default(),
    };
    let mut grammars: Vec<Grammar> = Vec::new();
    let is_grammar = |file: &&TextFile| !["zones", "logs", "event-texts"].contains(&stem(&file.path));
    for file in files.iter().filter(is_grammar) {
        match Grammar::read(&file.path, &file.text) {
            Ok(grammar) => {
                grammars.retain(|known| known.name != grammar.name);
                grammars.push(grammar);
            }
            Err(mistakes) => flaws.mistakes.extend(mistakes),
        }
    }
    (Grammars::new(grammars, zones), logs)
}

fn read_event_texts(files: &[TextFile], flaws: &mut Flaws) -> EventTexts {
    match last(files, "event-texts").map(|file| EventTexts::read(&file.path, &file.text)) {
        Some(Ok(texts)) => texts,
        Some(Err(mistakes)) => {
            flaws.mistakes.extend(mistakes);
            EventTexts::default()
        }
        None => EventTexts::default(),
    }
}

fn read_events(files: &[TextFile], logs: &Logs, flaws: &mut Flaws) -> Events {
    match last(files, "events").map(|file| Events::read(&file.path, &file.text, logs)) {
        Some(Ok(events)) => events,
        Some(Err(mistakes)) => {
            flaws.mistakes.extend(mistakes);
            Events::default()
        }
        None => Events::default(),
    }
}

fn digest<'a>(files: impl Iterator<Item = &'a TextFile>) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.path.as_bytes());
        hash.update([0]);
        hash.update(file.text.as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Table;

    #[test]
    fn the_built_in_catalog_has_no_mistakes() {
        let (catalog, flaws) = Catalog::load(&Packs::default());
        let mistakes: Vec<String> = flaws.mistakes.iter().map(ToString::to_string).collect();
        assert!(flaws.is_empty(), "\n{}", mistakes.join("\n"));
        assert!(!catalog.signatures.all.is_empty());
        for signature in &catalog.signatures.all {
            let unknown = |id: &&String| catalog.signatures.get(id).is_none();
            let rivals = signature.rivals.iter().map(|rival| &rival.signature);
            let dangling: Vec<_> = signature.explains.iter().chain(rivals).filter(unknown).collect();
            assert!(dangling.is_empty(), "{} names {dangling:?}, which do not exist", signature.id);
        }
    }

    #[test]
    fn the_tables_of_codes_have_no_mistakes() {
        let mut mistakes = Vec::new();
        for (path, text) in built_in::CODES {
            let wrong = match stem(path) {
                "components" => Components::read(path, text).err(),
                name => match Table::read(path, text) {
                    Ok(table) => {
                        assert_eq!(
                            table.family.name().replace('_', "-"),
                            name,
                            "{path}: named for its family"
                        );
                        let empty = |(_, entry): &(&i64, &Entry)| entry.means.trim().is_empty();
                        assert_eq!(
                            table.codes.iter().find(empty),
                            None,
                            "{path}: an entry without a meaning"
                        );
                        None
                    }
                    Err(wrong) => Some(wrong),
                },
            };
            mistakes.extend(wrong.into_iter().flatten().map(|mistake| mistake.to_string()));
        }
        assert!(mistakes.is_empty(), "\n{}", mistakes.join("\n"));
    }

    #[test]
    fn codes_are_known_whatever_family_they_are_of() {
        let catalog = Catalog::built_in();
        for (message, meaning) in [
            ("Win32 return = 2453", "NERR_DCNotFound"),
            ("error = 5", "ERROR_ACCESS_DENIED"),
            ("hr = 0x80070005", "ERROR_ACCESS_DENIED"),
            ("returned error: 2250", "NERR_UseNotFound"),
            ("failed 0x80041010", "WBEM_E_INVALID_CLASS"),
            ("SiteConfig Mgr code 7404", "INSTALL_CANTCREATEINBOXES"),
        ] {
            let found = &crate::codes::find(message)[0];
            let (_, entry) = catalog.codes().meanings(found)[0];
            assert_eq!(entry.and_then(|entry| entry.name.as_deref()), Some(meaning), "{message}");
        }
        let event = catalog.codes().entries(Family::SmsEvent, 360);
        assert!(event[0].means.starts_with("Site Install Job for site"), "{event:?}");
    }
}
