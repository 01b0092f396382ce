//! `sitedx analyze`: what failed, where, why, how sure that is, and what to do.

use std::path::PathBuf;

use rayon::prelude::*;

use super::{LimitArguments, PackArguments, Status, output};
use crate::bundle;
use crate::catalog::Catalog;
use crate::custody::Hashes;
use crate::model::report::{ProblemReport, Report};
use crate::model::run::{BUNDLE_SCHEMA, BundleLine, Run};
use crate::pipeline;
use crate::report::{Format, render, render_line, render_run};
use crate::signature::SEVERITIES;

/// Says what failed, on which server, why, how sure that is, and what to do.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitedx analyze case-4711/
  sitedx analyze PRI01.zip SEC04.zip --format json > report.json
  sitedx analyze case-4711/ --format html > case.html
  sitedx analyze --each archive/*.zip --format html > all.html
  sitedx analyze bundle/ --fail-on high && echo nothing serious
  sitedx analyze bundle/ --signatures our-signatures/")]
pub struct Arguments {
    /// Folders, files and archives; all are read together, so give all servers of a case at once.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The format of the report.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Takes each path for a case of its own, and tells what is common to them.
    #[arg(long)]
    each: bool,
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
    if arguments.each || arguments.format == Format::Ndjson {
        return each(arguments, catalog, sound);
    }
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

/// Analyzes each path by itself. One that cannot be opened is told in its place and stops nothing.
fn each(arguments: &Arguments, catalog: &Catalog, sound: bool) -> anyhow::Result<Status> {
    let lines = arguments.format == Format::Ndjson;
    let hashes = if lines { Hashes::Told } else { Hashes::Left };
    let (mut run, mut worst) = (Run::default(), Status::Done);
    let analyze = |path: &PathBuf| {
        let opened = bundle::open(&[path], &arguments.limits.limits())?;
        Ok(pipeline::analyze(&opened, catalog, hashes, |_| {}))
    };
    // Small cases leave cores idle, so some are read side by side; what they gave is told in their order.
    let chunks = arguments.paths.chunks(2 * rayon::current_num_threads());
    let all = chunks.flat_map(|chunk| {
        let analyzed: Vec<anyhow::Result<Report>> = chunk.par_iter().map(analyze).collect();
        chunk.iter().zip(analyzed)
    });
    for (path, analyzed) in all {
        let name = path.display().to_string();
        let (report, error) = match &analyzed {
            Ok(report) => {
                run.add(&name, report);
                worst = worst.max(status(arguments, report, true));
                (Some(report), None)
            }
            Err(error) => {
                let error = format!("{error:#}");
                run.fail(&name, &error);
                (None, Some(error))
            }
        };
        if lines {
            let status = if report.is_some() { "ok" } else { "error" };
            let line =
                BundleLine { schema: BUNDLE_SCHEMA, path: &name, status, error: error.as_deref(), report };
            output::result(&render_line(&line))?;
        } else if let Some(error) = error {
            output::complain(&error);
        }
    }
    output::result(&render_run(&run.finish(), arguments.format, output::width()))?;
    Ok(if sound { worst } else { Status::Failed })
}

fn status(arguments: &Arguments, report: &Report, sound: bool) -> Status {
    let rank = |name: &str| SEVERITIES.iter().position(|(known, _)| *known == name);
    let reaches = |wanted: &str| {
        let found = report.diagnoses.iter().filter(|it| it.is_claimed());
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
