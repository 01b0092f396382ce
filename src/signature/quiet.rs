//! State that changes by itself, so that a change of it means nothing.

use super::fields::glob;
use crate::authoring::{Mistake, Sheet};
use crate::pattern::Glob;

/// Things of one kind whose changes mean nothing.
#[derive(Clone, Debug)]
pub struct Quiet {
    /// A kind of things, as `sitedx diff` names them: `value`, `key`, `file`, `service` …
    pub kind: String,
    pub names: Vec<Glob>,
    pub why: String,
}

impl Quiet {
    /// Reads `quiet.toml`.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read_all(path: &str, text: &str) -> Result<Vec<Self>, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            table.need("quiet");
            let all = table.tables("quiet").into_iter().map(|mut table| {
                let (kind, why) = (table.need_text("kind").text, table.need_text("why").text);
                table.need("names");
                let words = table.texts("names");
                let names = words.iter().filter_map(|word| glob(&table, word)).collect();
                table.finish();
                Self { kind, names, why }
            });
            all.collect()
        })
    }
}
