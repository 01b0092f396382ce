//! The command line: flags to options, one file for each subcommand, and the exit status.

mod analyze;
mod completions;
mod diff;
mod dump;
mod explain;
mod inspect;
mod limits;
mod man;
mod output;
mod pager;
mod redact;
mod schema;
mod signature;
mod tickets;
mod timeline;
mod verify;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use limits::LimitArguments;
use redact::RedactArguments;
use tickets::TicketArguments;

use crate::bundle;
use crate::catalog::{Cases, Catalog, Packs};
use crate::custody::Hashes;
use crate::pipeline::{Gathered, gather};

/// What came of a run. The numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    /// The job was done; findings are its normal result.
    Done,
    /// The job was done, and a finding reaches `--fail-on`.
    Found,
    /// The job could not be done: usage, unreadable input, mistakes in the catalog.
    Failed,
    /// With `--strict`: a report was written, and parts could not be read.
    Incomplete,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Done => 0,
            Status::Found => 1,
            Status::Failed => 2,
            Status::Incomplete => 3,
        })
    }
}

/// Diagnoses Systems Management Server and Configuration Manager sites from logs and state captures.
///
/// Give it what a support case came with: folders, files, archives (zip, cab, 7z, tar,
/// gz, bz2, xz), of one server or of many.
#[derive(Debug, Parser)]
#[command(name = "sitedx", version, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    terminal: output::TerminalArguments,
}

const EXAMPLES: &str = "\
Examples:
  sitedx analyze case-4711.zip                    what failed, where, why, and what to do
  sitedx analyze PRI01/ SEC04/ --format json      several servers together, for a program
  sitedx inspect case-4711.zip                    what each file was taken for, and why
  sitedx dump SEC04/C_drive/SMSSETUP.LOG          the records of a log, as JSON
  sitedx explain 0x80070005 SMS_BOOTSTRAP         what a code, a component or a line means
  sitedx timeline PRI01.zip SEC04.zip             what happened, on all servers, by time
  sitedx verify monday.zip friday.zip             is it fixed, and is anything new
  sitedx diff monday.zip friday.zip               what changed on the servers in between
  sitedx why bootstrap-disk-full case-4711.zip    why a signature did or did not fire
  sitedx signature list                           the failures that are known

Exit status: 0 done, 1 a finding reaches --fail-on, 2 could not be done, 3 incomplete (--strict).";

#[derive(Debug, Subcommand)]
enum Command {
    Analyze(analyze::Arguments),
    Inspect(inspect::Arguments),
    Dump(dump::Arguments),
    Explain(explain::Arguments),
    Timeline(timeline::Arguments),
    Verify(verify::Arguments),
    Diff(diff::Arguments),
    Why(why::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    #[command(subcommand)]
    Signature(signature::Command),
}

/// Where knowledge comes from, beside what is built in.
#[derive(Clone, Debug, clap::Args)]
struct PackArguments {
    /// Adds signatures from a folder or file; one of the same id takes the place of the built-in one.
    #[arg(long, value_name = "DIR")]
    signatures: Vec<PathBuf>,
    /// Adds log grammars from a folder or file; one of the same name takes the place of the built-in one.
    #[arg(long, value_name = "DIR")]
    grammars: Vec<PathBuf>,
}

impl PackArguments {
    /// The catalog without the files that have mistakes; these are told, and whether there were any. It stays to the
    /// end of the program, which need not take its thousands of parts apart.
    fn catalog(&self) -> (&'static Catalog, bool) {
        self.load(Cases::Skipped)
    }

    /// The same with the cases of signatures.
    fn catalog_with_cases(&self) -> (&'static Catalog, bool) {
        self.load(Cases::Read)
    }

    fn load(&self, cases: Cases) -> (&'static Catalog, bool) {
        let packs = Packs { signatures: self.signatures.clone(), grammars: self.grammars.clone() };
        let (catalog, flaws) = Catalog::load(&packs, cases);
        output::flaws(&flaws);
        (Box::leak(Box::new(catalog)), flaws.is_empty())
    }
}

/// Reads what a case came with, and whether all that was asked for could be opened; what could not is told.
fn gathered(
    paths: &[PathBuf],
    catalog: &Catalog,
    limits: &LimitArguments,
) -> anyhow::Result<(Gathered, bool)> {
    let opened = bundle::open(paths, &limits.limits())?;
    output::missing(&opened);
    let bar = output::progress(&opened);
    let done = |bytes| bar.inc(bytes);
    let gathered = gather(&opened, catalog.log_context(), &catalog.signatures, Hashes::Left, done);
    bar.finish_and_clear();
    Ok((gathered, opened.missing.is_empty()))
}

/// Reads the arguments, runs the subcommand, and tells what went wrong in one line.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.terminal.apply();
    let result = match arguments.command {
        Command::Analyze(arguments) => analyze::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Dump(arguments) => dump::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Timeline(arguments) => timeline::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Why(arguments) => why::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::Signature(command) => signature::run(&command),
    };
    match result {
        Ok(status) => status.into(),
        Err(error) if output::is_closed_pipe(&error) => Status::Done.into(),
        Err(error) => {
            output::complain(&format!("{error:#}"));
            Status::Failed.into()
        }
    }
}
