//! `sitedx verify`: whether the findings of one capture are gone in a later one.

use std::path::PathBuf;

use super::{LimitArguments, PackArguments, RedactArguments, Status, output};
use crate::pipeline::verify;
use crate::report::{Plain, render_verify};

/// Tells for each finding of a first capture whether it is fixed in a second one, and what is new.
///
/// Where the second capture does not tell, it says what would. Old lines that still stand in a log are not taken for new
/// failures, and a log that ends before is not taken for a cure.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx verify monday.zip friday.zip
  sitedx verify before/ after/ --format json

Exit status: 0 nothing is left or new, 1 something is not fixed or new, 2 it could not be done.")]
pub struct Arguments {
    /// What was collected when it failed.
    #[arg(value_name = "BEFORE")]
    before: PathBuf,
    /// What was collected when it was said to be fixed.
    #[arg(value_name = "AFTER")]
    after: PathBuf,
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
    let read = |path: &PathBuf| super::gathered(std::slice::from_ref(path), catalog, &arguments.limits);
    let ((first, all), (second, all_too)) = (read(&arguments.before)?, read(&arguments.after)?);
    let mut anonymous = arguments.redact.begin()?;
    let mut report = verify(&first, &second, catalog);
    [&first, &second].into_iter().for_each(|gathered| anonymous.learn(gathered.names()));
    anonymous.apply(&mut report);
    output::page(&render_verify(&report, arguments.format, output::width()))?;
    anonymous.finish()?;
    let bad = !report.new.is_empty() || report.outcomes.iter().any(|it| it.state == "not_fixed");
    Ok(match (sound && all && all_too, bad) {
        (false, _) => Status::Failed,
        (true, true) => Status::Found,
        (true, false) => Status::Done,
    })
}
