//! `sitedx analyze`: what failed, where, why, how sure that is, and what to do.

use std::path::PathBuf;

use anyhow::bail;
use rayon::prelude::*;

use super::{LimitArguments, PackArguments, RedactArguments, Status, TicketArguments, output};
use crate::bundle;
use crate::catalog::Catalog;
use crate::custody::Hashes;
use crate::model::report::{ProblemReport, Report};
use crate::model::run::{BUNDLE_SCHEMA, BundleLine, Run};
use crate::model::{NameKind, Names};
use crate::pipeline;
use crate::report::page::plural;
use crate::report::{
    Format, Options, linked, render, render_run, render_run_part, render_run_start, render_template,
};
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
    #[command(flatten)]
    tickets: TicketArguments,
    #[command(flatten)]
    redact: RedactArguments,
}

pub(super) fn severities() -> clap::builder::PossibleValuesParser {
    let mut names: Vec<&str> = SEVERITIES.iter().map(|(name, _)| *name).collect();
    names.reverse();
    names.into()
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let options = Options { width: output::width(), tickets: arguments.tickets.options(arguments.format)? };
    if arguments.each || arguments.format == Format::Ndjson {
        return each(arguments, &options, catalog, sound);
    }
    let opened = bundle::open(&arguments.paths, &arguments.limits.limits())?;
    output::detail(&format!("{} files of {}", opened.sources.len(), plural(opened.bundles.len(), "bundle")));
    let bar = output::progress(&opened);
    let hashes = if arguments.format.shows_hashes() { Hashes::Told } else { Hashes::Left };
    let mut anonymous = arguments.redact.begin()?;
    let (mut report, names) = pipeline::analyze_named(&opened, catalog, hashes, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    anonymous.learn(names);
    anonymous.apply(&mut report);
    match arguments.tickets.template()? {
        Some((name, source)) => output::result(&render_template(&name, &source, &report)?)?,
        None => shown(&render(&report, arguments.format, &options), &report, arguments.format)?,
    }
    anonymous.finish()?;
    let missing = !opened.missing.is_empty();
    output::missing(&opened);
    let unread = |problem: &&ProblemReport| !problem.is_assumed() && problem.kind != "unrecognised";
    let unread: Vec<&ProblemReport> = report.problems.iter().filter(unread).collect();
    for it in &unread {
        output::detail(&format!("not read: {}: {}", it.source, it.what));
    }
    let unread = unread.len();
    if unread != 0 && arguments.format == Format::Json {
        output::note(&format!("{unread} parts of the input could not be read; see `problems` in the report"));
    }
    Ok(status(arguments, &report, sound && !missing))
}

/// Writes a report; text is for a person, with links to the files of folders where the terminal knows them.
fn shown(text: &str, report: &Report, format: Format) -> anyhow::Result<()> {
    if format != Format::Text {
        return output::result(text);
    }
    if output::links() { output::page(&linked(text, report, bundle::file_of)) } else { output::page(text) }
}

/// Analyzes each path by itself. One that cannot be opened is told in its place and stops nothing.
fn each(arguments: &Arguments, options: &Options, catalog: &Catalog, sound: bool) -> anyhow::Result<Status> {
    if arguments.format == Format::Sarif {
        bail!("--each gives no SARIF: write one file for each case");
    }
    let hashes = if arguments.format.shows_hashes() { Hashes::Told } else { Hashes::Left };
    let template = arguments.tickets.template()?;
    output::result(&render_run_start(arguments.format))?;
    let (mut run, mut worst) = (Run::default(), Status::Done);
    let mut anonymous = arguments.redact.begin()?;
    let analyze = |path: &PathBuf| {
        let opened = bundle::open(&[path], &arguments.limits.limits())?;
        Ok(pipeline::analyze_named(&opened, catalog, hashes, |_| {}))
    };
    // Small cases leave cores idle, so some are read side by side; what they gave is told in their order.
    let chunks = arguments.paths.chunks(2 * rayon::current_num_threads());
    let all = chunks.flat_map(|chunk| {
        let analyzed: Vec<anyhow::Result<(Report, Names)>> = chunk.par_iter().map(analyze).collect();
        chunk.iter().zip(analyzed)
    });
    for (path, analyzed) in all {
        output::detail(&path.display().to_string());
        // Of a path that cannot be opened nothing else is known.
        anonymous.learn(Names::of(NameKind::Bundle, &path.display().to_string()));
        let analyzed = analyzed.map(|(mut report, names)| {
            anonymous.learn(names);
            anonymous.apply(&mut report);
            report
        });
        let name = anonymous.text(&path.display().to_string());
        let (report, error) = match &analyzed {
            Ok(report) => {
                run.add(&name, report);
                worst = worst.max(status(arguments, report, true));
                (Some(report), None)
            }
            Err(error) => {
                let error = anonymous.text(&format!("{error:#}"));
                run.fail(&name, &error);
                (None, Some(error))
            }
        };
        let told = if report.is_some() { "ok" } else { "error" };
        let line =
            BundleLine { schema: BUNDLE_SCHEMA, path: &name, status: told, error: error.as_deref(), report };
        let part = match (&template, report) {
            (Some((name, source)), Some(report)) => render_template(name, source, report)?,
            (Some(_), None) => String::new(),
            (None, _) => render_run_part(&line, arguments.format, options),
        };
        output::result(&part)?;
        if let Some(error) = error.filter(|_| arguments.format != Format::Ndjson) {
            output::complain(&error);
        }
    }
    if template.is_none() {
        output::result(&render_run(&run.finish(), arguments.format, options.width))?;
    }
    anonymous.finish()?;
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
