//! Versions by their names: what a fix is in, and which build number tells it.

use crate::authoring::{Mistake, Sheet, Table, Word, nearest};
use crate::pattern::Template;

use super::fields::template;

/// A release or a service pack.
#[derive(Clone, Debug)]
pub struct Version {
    /// For example `SMS 2.0 SP3`.
    pub name: String,
    /// The lowest `Full Version` of it; none where the registry does not tell it from what was before.
    pub build: Option<String>,
}

/// All versions, as read from `versions.toml`.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    pub all: Vec<Version>,
    /// What to do where a version mends a failure; `{fixed}` is its name.
    pub step: Option<Template>,
}

impl Versions {
    /// Reads the file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            let step = table.need_text("step");
            let step = template(table, &step);
            table.need("version");
            let all = table.tables("version").into_iter().map(|mut table| {
                let name = table.need_text("name").text;
                let build = table.text("build").map(|word| word.text);
                table.finish();
                Version { name, build }
            });
            Self { all: all.collect(), step }
        })
    }

    /// The version of a name.
    pub fn get(&self, name: &str) -> Option<&Version> {
        self.all.iter().find(|version| version.name.eq_ignore_ascii_case(name))
    }

    /// Records that a name is none of these.
    pub fn unknown(&self, table: &Table<'_, '_>, word: &Word) {
        let known: Vec<&str> = self.all.iter().map(|version| version.name.as_str()).collect();
        let hint = nearest(&word.text, &known).or_else(|| Some(format!("known: {}", known.join(", "))));
        table.sheet.mistake(word.span.clone(), format!("no version is called `{}`", word.text), hint);
    }
}
