//! `sitedx diff`: what changed in the state of servers between two captures.

use std::path::PathBuf;

use super::{LimitArguments, PackArguments, RedactArguments, Status, output};
use crate::pipeline::diff;
use crate::report::{Plain, render_diff};

/// Tells what changed on servers between two captures: keys, values, files, services, shares, accounts, versions.
///
/// A thing is told as gone or new only where the other capture looked. What is written all the time is left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx diff monday.zip friday.zip
  sitedx diff before/ after/ --all --format json")]
pub struct Arguments {
    /// The first capture.
    #[arg(value_name = "A")]
    first: PathBuf,
    /// The second capture.
    #[arg(value_name = "B")]
    second: PathBuf,
    /// Also what changes by itself, such as logs and performance counters.
    #[arg(long)]
    all: bool,
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
    let ((first, all), (second, all_too)) = (read(&arguments.first)?, read(&arguments.second)?);
    let mut anonymous = arguments.redact.begin()?;
    let mut report = diff(&first, &second, catalog, arguments.all);
    [&first, &second].into_iter().for_each(|gathered| anonymous.learn(gathered.names()));
    anonymous.apply(&mut report);
    output::page(&render_diff(&report, arguments.format, output::width()))?;
    anonymous.finish()?;
    Ok(if sound && all && all_too { Status::Done } else { Status::Failed })
}
