//! All knowledge: the built-in grammars, signatures and codes, and those of the user, read and checked once.

mod packs;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::authoring::Mistake;
use crate::bundle::TextFile;
use crate::codes::{Book, Components, Entry, Family};
use crate::custody::hex;
use crate::grammar::{EventTexts, Grammar, Grammars, Logs, Zones};
use crate::model::report::{CatalogReport, PackReport};
use crate::parse::log::LogContext;
use crate::signature::{Events, Lifecycle, Quiet, Reading, Roles, Signature, Signatures, Versions};

pub use packs::{Pack, signature_packs};

mod built_in {
    include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));
}

/// Folders and files of the user that are added to the built-in knowledge.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    pub signatures: Vec<PathBuf>,
    pub grammars: Vec<PathBuf>,
}

/// Whether the cases of signatures are read: only those who write signatures have use for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cases {
    Skipped,
    Read,
}

/// Everything that the analysis knows.
#[derive(Debug)]
pub struct Catalog {
    pub grammars: Arc<Grammars>,
    pub logs: Arc<Logs>,
    pub event_texts: Arc<EventTexts>,
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
    /// The built-in catalog, with the cases of its signatures.
    pub fn built_in() -> Self {
        Self::load(&Packs::default(), Cases::Read).0
    }

    /// The built-in catalog with the user's packs; files with mistakes are left out and told.
    ///
    /// A user's signature or grammar takes the place of a built-in one of the same name.
    pub fn load(packs: &Packs, cases: Cases) -> (Self, Flaws) {
        let mut flaws = Flaws::default();
        let grammar_packs = packs::grammar_packs(packs, &mut flaws);
        let signature_packs = packs::signature_packs(packs, &mut flaws);
        let code_packs = packs::code_packs();
        flaws.mistakes.extend(signature_packs.iter().flat_map(Pack::twice));
        let packs_used = packs::reports(&signature_packs, &grammar_packs, &code_packs);
        let files =
            |packs: Vec<Pack>| packs.into_iter().flat_map(|pack| pack.files).collect::<Vec<TextFile>>();
        let (grammar_files, signature_files) = (files(grammar_packs), files(signature_packs));
        let (grammars, logs) = read_grammars(&grammar_files, &mut flaws);
        let event_texts = vocabulary(&grammar_files, "event-texts", &mut flaws, EventTexts::read);
        let events =
            vocabulary(&signature_files, "events", &mut flaws, |path, text| Events::read(path, text, &logs));
        let versions = vocabulary(&signature_files, "versions", &mut flaws, Versions::read);
        let reading = Reading { logs: &logs, events: &events, versions: &versions };
        let read: Vec<Result<Signature, Vec<Mistake>>> = signature_files
            .par_iter()
            .filter(|file| packs::is_signature(file))
            .map(|file| match cases {
                Cases::Read => Signature::read(&file.path, &file.text, &reading),
                Cases::Skipped => Signature::read_without_cases(&file.path, &file.text, &reading),
            })
            .collect();
        let mut signatures = Vec::new();
        for result in read {
            match result {
                Ok(signature) => signatures.push(signature),
                Err(mistakes) => flaws.mistakes.extend(mistakes),
            }
        }
        let mut lifecycles = Vec::new();
        for file in signature_files.iter().filter(|file| packs::is_lifecycle(file)) {
            match Lifecycle::read(&file.path, &file.text, &reading) {
                Ok(lifecycle) => lifecycles.push(lifecycle),
                Err(mistakes) => flaws.mistakes.extend(mistakes),
            }
        }
        let roles =
            vocabulary(&signature_files, "roles", &mut flaws, |path, text| Roles::read(path, text, &reading));
        flaws.mistakes.extend(packs::unknown_findings(&lifecycles, &signatures, &signature_files));
        let mut signatures = Signatures::new(signatures, lifecycles, roles, events, versions);
        signatures.quiet = vocabulary(&signature_files, "quiet", &mut flaws, Quiet::read_all);
        let packs = packs.grammars.iter().chain(&packs.signatures).map(|path| path.display().to_string());
        let report = CatalogReport {
            signatures: signatures.all.len(),
            grammars: grammars.all.len(),
            sha256: digest(&packs_used),
            packs: packs.collect(),
            packs_used,
        };
        let (grammars, logs, event_texts) = (Arc::new(grammars), Arc::new(logs), Arc::new(event_texts));
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

    /// What signatures may refer to.
    pub fn reading(&self) -> Reading<'_> {
        let Signatures { events, versions, .. } = &self.signatures;
        Reading { logs: &self.logs, events, versions }
    }

    /// The same with other signatures in the place of all.
    #[must_use]
    pub fn with_only(&self, signatures: Vec<Signature>) -> Self {
        Self {
            grammars: self.grammars.clone(),
            logs: self.logs.clone(),
            event_texts: self.event_texts.clone(),
            signatures: self.signatures.only(signatures),
            report: self.report.clone(),
            codes: OnceLock::new(),
        }
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

/// Files among the signatures that hold what signatures refer to.
const VOCABULARY: &[&str] = &["events", "versions", "quiet", "roles"];

fn stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml")
}

/// The last file of a name: a user's one takes the place of the built-in one.
fn last<'a>(files: &'a [TextFile], name: &str) -> Option<&'a TextFile> {
    files.iter().rev().find(|file| stem(&file.path) == name)
}

fn read_grammars(files: &[TextFile], flaws: &mut Flaws) -> (Grammars, Logs) {
    let zones = vocabulary(files, "zones", flaws, Zones::read);
    let logs = vocabulary(files, "logs", flaws, Logs::read);
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

/// The vocabulary of a name; an empty one where it is missing or has mistakes.
fn vocabulary<T: Default>(
    files: &[TextFile],
    name: &str,
    flaws: &mut Flaws,
    read: impl Fn(&str, &str) -> Result<T, Vec<Mistake>>,
) -> T {
    match last(files, name).map(|file| read(&file.path, &file.text)) {
        Some(Ok(found)) => found,
        Some(Err(mistakes)) => {
            flaws.mistakes.extend(mistakes);
            T::default()
        }
        None => T::default(),
    }
}

/// One hash for all packs, from the hashes of each.
fn digest(packs: &[PackReport]) -> String {
    let mut hash = Sha256::new();
    packs.iter().for_each(|pack| hash.update(&pack.sha256));
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Table;

    #[test]
    fn the_built_in_catalog_has_no_mistakes() {
        let (catalog, flaws) = Catalog::load(&Packs::default(), Cases::Read);
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
