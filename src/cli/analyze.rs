//! `sitedx analyze`: what failed, where, why, how sure that is, and what to do.

use std::path::PathBuf;

use super::{LimitArguments, PackArguments, Status, output};
use crate::bundle;
use crate::custody::Hashes;
use crate::model::report::{ProblemReport, Report};
use crate::pipeline;
use crate::report::{Format, render};
use crate::signature::SEVERITIES;

/// Says what failed, on which server, why, how sure that is, and what to do.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx analyze case-4711/
  sitedx analyze PRI01.zip SEC04.zip --format json > report.json
  sitedx analyze bundle/ --fail-on high && echo nothing serious
  sitedx analyze bundle/ --signatures our-signatures/")]
pub struct Arguments {
    /// Folders, files and archives; all are read together, so give all servers of a case at once.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The format of the report.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    packs: PackArguments,
    /// Exit status 1 if an active, confirmed or probable finding is at least this severe.
    #[arg(long, value_name = "SEVERITY", value_parser = severities())]
    fail_on: Option<String>,
    /// Exit status 3 if anything could not be read.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    limits: LimitArguments,
}

pub(super) fn severities() -> clap::builder::PossibleValuesParser {
    let mut names: Vec<&str> = SEVERITIES.iter().map(|(name, _)| *name).collect();
    names.reverse();
    names.into()
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let opened = bundle::open(&arguments.paths, &arguments.limits.limits())?;
    let bar = output::progress(&opened);
    let hashes = if arguments.format.shows_hashes() { Hashes::Told } else { Hashes::Left };
    let report = pipeline::analyze(&opened, catalog, hashes, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    output::result(&render(&report, arguments.format, output::width()))?;
    let missing = !opened.missing.is_empty();
    output::missing(&opened);
    let unread = |problem: &&ProblemReport| !problem.is_assumed() && problem.kind != "unrecognised";
    let unread = report.problems.iter().filter(unread).count();
    if unread != 0 && arguments.format == Format::Json {
        output::note(&format!("{unread} parts of the input could not be read; see `problems` in the report"));
    }
    Ok(status(arguments, &report, sound && !missing))
}

fn status(arguments: &Arguments, report: &Report, sound: bool) -> Status {
    let rank = |name: &str| SEVERITIES.iter().position(|(known, _)| *known == name);
    let reaches = |wanted: &str| {
        let strong = |verdict: &str| verdict == "confirmed" || verdict == "probable";
        let found =
            report.diagnoses.iter().filter(|it| it.active && strong(it.verdict) && it.kind != "benign");
        found.filter_map(|it| rank(it.severity)).any(|severity| Some(severity) <= rank(wanted))
    };
    if !sound {
        Status::Failed
    } else if arguments.strict && report.problems.iter().any(|problem| !problem.is_assumed()) {
        Status::Incomplete
    } else if arguments.fail_on.as_deref().is_some_and(reaches) {
        Status::Found
    } else {
        Status::Done
    }
}
