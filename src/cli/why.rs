//! `sitedx why`: why a signature did or did not fire, condition by condition.

use std::path::PathBuf;

use anyhow::bail;

use super::{LimitArguments, PackArguments, RedactArguments, Status, output};
use crate::authoring::nearest;
use crate::report::{Plain, render_why};

/// Tells why a signature did or did not fire, condition by condition, on each server.
///
/// For the engineer who doubts a finding or misses one, and for the author of a signature.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx why bootstrap-disk-full case-4711/
  sitedx why our-own-failure bundle.zip --signatures our-signatures/ --format json")]
pub struct Arguments {
    /// The id of the signature; `sitedx signature list` has all.
    #[arg(value_name = "SIGNATURE")]
    signature: String,
    /// Folders, files and archives; all are read together.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The format.
    #[arg(long, value_enum, default_value = "text")]
    format: Plain,
    #[command(flatten)]
    packs: PackArguments,
    #[command(flatten)]
    limits: LimitArguments,
    #[command(flatten)]
    redact: RedactArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let Some(signature) = catalog.signatures.get(&arguments.signature) else {
        let ids: Vec<&str> = catalog.signatures.all.iter().map(|it| it.id.as_str()).collect();
        let hint = nearest(&arguments.signature, &ids).map(|hint| format!(": {hint}")).unwrap_or_default();
        bail!("no signature is called `{}`{hint} (`sitedx signature list` has all)", arguments.signature);
    };
    let (gathered, complete) = super::gathered(&arguments.paths, catalog, &arguments.limits)?;
    let mut anonymous = arguments.redact.begin()?;
    let mut report = gathered.why(signature, catalog);
    anonymous.learn(gathered.names());
    anonymous.apply(&mut report);
    output::page(&render_why(&report, arguments.format, output::width()))?;
    anonymous.finish()?;
    Ok(if sound && complete { Status::Done } else { Status::Failed })
}
