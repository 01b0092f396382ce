//! What is known of something that was asked for.

use serde::Serialize;

use crate::codes::{Candidate, Entry, Family};

/// Characters of what was asked for that a complaint repeats.
const LONGEST: usize = 200;

/// What is known of one thing that was asked for.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    pub asked: String,
    pub known: bool,
    /// What it can be as a number, or the codes of a line; the likeliest first.
    pub codes: Vec<CodeAnswer>,
    pub components: Vec<ComponentAnswer>,
    pub logs: Vec<LogAnswer>,
    pub signatures: Vec<SignatureAnswer>,
    /// The article that was asked for.
    pub article: Option<String>,
    /// What may have been meant, where nothing is known.
    pub near: Option<String>,
}

/// One thing that a number can be.
#[derive(Debug, Serialize)]
pub struct CodeAnswer {
    pub family: &'static str,
    pub title: &'static str,
    /// The number within the family; none for a state of ODBC.
    pub number: Option<i64>,
    /// The number as its family writes it.
    pub normal: String,
    /// As it was asked, or as the line writes it.
    pub written: String,
    pub name: Option<String>,
    pub meaning: Option<String>,
    /// What it usually comes from on a site server.
    pub usually: Option<String>,
    pub why: &'static str,
    pub kb: Vec<String>,
    /// The words do not tell which of several things it is.
    pub open: bool,
}

/// A service, thread, control file or share.
#[derive(Debug, Serialize)]
pub struct ComponentAnswer {
    pub name: String,
    pub also: Vec<String>,
    pub kind: String,
    pub versions: Vec<String>,
    pub does: String,
    pub logs: Vec<String>,
    pub kb: Vec<String>,
    /// The signatures that speak of it.
    pub signatures: Vec<String>,
}

/// A log, whatever its file is called.
#[derive(Debug, Serialize)]
pub struct LogAnswer {
    pub name: String,
    pub title: String,
    pub files: Vec<String>,
    pub components: Vec<String>,
    /// The signatures that read it.
    pub signatures: Vec<String>,
}

/// A known failure.
#[derive(Debug, Serialize)]
pub struct SignatureAnswer {
    pub id: String,
    pub title: String,
    pub kind: &'static str,
    pub severity: &'static str,
    pub phase: String,
    pub means: String,
    /// What proves it beyond doubt.
    pub proved_by: Vec<String>,
    pub kb: Vec<String>,
}

impl Answer {
    /// An answer to what was asked, with nothing in it yet.
    pub fn new(asked: &str) -> Self {
        Self { asked: asked.to_owned(), ..Self::default() }
    }

    /// Whether there is something in it.
    pub fn is_known(&self) -> bool {
        let told = |code: &CodeAnswer| code.meaning.is_some();
        self.codes.iter().any(told)
            || !self.components.is_empty()
            || !self.logs.is_empty()
            || !self.signatures.is_empty()
    }

    /// Says that nothing is known, and what may have been meant.
    pub fn complaint(&self) -> String {
        let mut asked: String = self.asked.chars().take(LONGEST).collect();
        if asked.len() < self.asked.len() {
            asked.push('…');
        }
        let near = self.near.as_ref().map(|near| format!(": {near}")).unwrap_or_default();
        match &self.article {
            Some(article) => format!("{article} is cited by no signature, code or component{near}"),
            None if self.asked.contains(char::is_whitespace) => {
                format!("no code is known in \"{asked}\"{near}")
            }
            None => format!("nothing is known of `{asked}`{near}"),
        }
    }
}

impl CodeAnswer {
    /// What a code can be.
    pub fn new(written: &str, candidate: Candidate, entry: Option<&Entry>, open: bool) -> Self {
        Self {
            family: candidate.family.name(),
            title: candidate.family.title(),
            number: (candidate.family != Family::Odbc).then_some(candidate.number),
            normal: candidate.family.written(candidate.number),
            written: written.to_owned(),
            name: entry.and_then(|entry| entry.name.clone()),
            meaning: entry.map(|entry| entry.means.clone()),
            usually: entry.and_then(|entry| entry.here.clone()),
            why: candidate.why,
            kb: entry.map(|entry| entry.kb.clone()).unwrap_or_default(),
            open,
        }
    }
}
