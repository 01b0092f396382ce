//! `sitedx why`: why a signature did or did not fire, condition by condition.

use std::path::PathBuf;

use anyhow::bail;

use super::{LimitArguments, PackArguments, Status, output};
use crate::authoring::nearest;
use crate::bundle;
use crate::custody::Hashes;
use crate::pipeline::gather;
use crate::report::{Format, render_why};

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
    format: Format,
    #[command(flatten)]
    packs: PackArguments,
    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let Some(signature) = catalog.signatures.get(&arguments.signature) else {
        let ids: Vec<&str> = catalog.signatures.all.iter().map(|it| it.id.as_str()).collect();
        let hint = nearest(&arguments.signature, &ids).map(|hint| format!(": {hint}")).unwrap_or_default();
        bail!("no signature is called `{}`{hint} (`sitedx signature list` has all)", arguments.signature);
    };
    let opened = bundle::open(&arguments.paths, &arguments.limits.limits())?;
    let bar = output::progress(&opened);
    let gathered =
        gather(&opened, catalog.log_context(), &catalog.signatures, Hashes::Left, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    output::result(&render_why(&gathered.why(signature, catalog), arguments.format, output::width()))?;
    for (path, error) in &opened.missing {
        output::complain(&format!("{path}: {error}"));
    }
    Ok(if sound && opened.missing.is_empty() { Status::Done } else { Status::Failed })
}
