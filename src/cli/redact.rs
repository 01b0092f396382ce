//! Reports without names, as options of every command that tells of a case.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::bundle::{read_text, write_private};
use crate::model::{Names, Texts};
use crate::redact::{NameMap, Redactor};

/// How a report is made anonymous.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Anonymous reports")]
pub struct RedactArguments {
    /// Replaces servers, sites, domains, accounts, addresses, SIDs and serial numbers by pseudonyms, the same in all reports
    /// of a run. Passwords are masked always.
    #[arg(long)]
    redact: bool,
    /// Replaces what stands in this file too, one name on each line; implies --redact.
    #[arg(long, value_name = "FILE")]
    redact_names: Option<PathBuf>,
    /// Keeps who is who in this file, and takes pseudonyms of earlier runs from it; implies --redact. Keep it to yourself.
    #[arg(long, value_name = "FILE")]
    redact_map: Option<PathBuf>,
}

/// What makes reports anonymous, if that was asked for.
pub struct Anonymous {
    redactor: Option<Redactor>,
    map: Option<PathBuf>,
}

impl RedactArguments {
    /// Reads the list and the map.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn begin(&self) -> anyhow::Result<Anonymous> {
        let asked = self.redact || self.redact_names.is_some() || self.redact_map.is_some();
        let listed = match &self.redact_names {
            Some(path) => {
                let text = read_text(path)?.with_context(|| format!("{}: no such file", path.display()))?;
                text.lines().map(str::to_owned).collect()
            }
            None => Vec::new(),
        };
        let kept = match &self.redact_map {
            // The first run has no map yet.
            Some(path) => match read_text(path)? {
                Some(text) => serde_json::from_str(&text)
                    .with_context(|| format!("{}: this is no map that sitedx wrote", path.display()))?,
                None => NameMap::default(),
            },
            None => NameMap::default(),
        };
        Ok(Anonymous { redactor: asked.then(|| Redactor::new(kept, &listed)), map: self.redact_map.clone() })
    }
}

impl Anonymous {
    /// Takes up the names of a case.
    pub fn learn(&mut self, names: Names) {
        self.redactor.iter_mut().for_each(|redactor| redactor.learn(&names));
    }

    /// Replaces all names that are known in a report.
    pub fn apply(&mut self, report: &mut impl Texts) {
        self.redactor.iter_mut().for_each(|redactor| redactor.apply(report));
    }

    /// The text with names replaced, for what is told beside reports.
    pub fn text(&mut self, text: &str) -> String {
        let mut texts = vec![text.to_owned()];
        self.apply(&mut texts);
        texts.concat()
    }

    /// Keeps who is who, if that was asked for.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(self) -> anyhow::Result<()> {
        let (Some(redactor), Some(path)) = (self.redactor, self.map) else { return Ok(()) };
        let mut text = serde_json::to_string_pretty(redactor.map())?;
        text.push('\n');
        write_private(&path, &text)
    }
}
