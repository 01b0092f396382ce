//! `sitedx schema`: the shape of what sitedx writes for other programs.

use super::{Status, output};
use crate::report::{Document, schema};

/// Writes the JSON schema of a document that sitedx writes.
///
/// Within a major version fields are added, and never changed or removed: readers must bear fields that they do not know.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sitedx schema report > report.schema.json")]
pub struct Arguments {
    /// The document.
    #[arg(value_enum, default_value = "report")]
    document: Document,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    output::result(&schema(arguments.document))?;
    Ok(Status::Done)
}
