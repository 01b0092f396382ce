//! How tickets are made, as options of `sitedx analyze`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use super::output;
use crate::bundle::read_text;
use crate::report::Format;
use crate::report::tickets::{Group, Mapping, Options};

/// What goes into tickets.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Tickets")]
pub struct TicketArguments {
    /// What becomes one ticket.
    #[arg(long, value_enum, default_value = "cause")]
    group_by: Group,
    /// Sets fields of your own in new tickets: `[servicenow.set]` with `assignment_group = "SMS"`, in TOML.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Writes the report by a template of yours (Jinja syntax) in the place of a format.
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    template: Option<PathBuf>,
}

impl TicketArguments {
    /// Reads the mapping.
    ///
    /// # Errors
    /// When it cannot be read, has mistakes, which are told, or lacks what the system cannot do without.
    pub fn options(&self, format: Format) -> anyhow::Result<Options> {
        let mapping = match &self.mapping {
            Some(path) => {
                let text = read_text(path)?.with_context(|| format!("{}: no such file", path.display()))?;
                Mapping::read(&path.display().to_string(), &text).map_err(|mistakes| {
                    output::mistakes(&mistakes);
                    anyhow::anyhow!("{}: the mapping has mistakes", path.display())
                })?
            }
            None => Mapping::default(),
        };
        if let Some(system) = format.system()
            && let Some((place, example)) = system.wants()
            && !mapping.sets(system, place)
        {
            let name = system.name();
            bail!(
                "{name} needs a project: write `[{name}.set]` and below it `\"{place}\" = \"{example}\"` into a file, and give \
                 it with --mapping"
            );
        }
        Ok(Options { group: self.group_by, mapping })
    }

    /// The template, with the name of its file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn template(&self) -> anyhow::Result<Option<(String, String)>> {
        let Some(path) = &self.template else { return Ok(None) };
        let text = read_text(path)?.with_context(|| format!("{}: no such file", path.display()))?;
        Ok(Some((path.display().to_string(), text)))
    }
}
