//! `sitedx signature`: what is known, and the tools of those who write it.

mod files;
mod new;
mod show;

use std::path::PathBuf;

use super::{PackArguments, Status, output};

/// Lists, shows, checks and tests signatures.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "\
Examples:
  sitedx signature list
  sitedx signature show netmon-parser-path-missing
  sitedx signature new -o our-signatures/ < line.txt
  sitedx signature check our-signatures/
  sitedx signature test our-signatures/
  sitedx signature test our-signatures/ --mutate
  sitedx signature lint our-signatures/")]
pub enum Command {
    /// Lists all signatures, one per line.
    List(ListArguments),
    /// Shows what a signature looks for, what it means and what to do.
    Show(ShowArguments),
    /// Writes a handbook: a Markdown page for each signature, and an index by phase, article and log.
    Docs(DocsArguments),
    /// Drafts a signature from log lines on the standard input; what it leaves to do is marked TODO.
    New(new::Arguments),
    /// Checks signature files as a compiler does: all mistakes, with their places.
    Check(FileArguments),
    /// Runs the cases that signatures carry.
    Test(TestArguments),
    /// Judges what is correct and could be better: each remark with its reason and a way out.
    Lint(LintArguments),
}

#[derive(Debug, clap::Args)]
pub struct ListArguments {
    #[command(flatten)]
    packs: PackArguments,
}

#[derive(Debug, clap::Args)]
pub struct ShowArguments {
    /// The id of the signature.
    id: String,
    #[command(flatten)]
    packs: PackArguments,
}

#[derive(Debug, clap::Args)]
pub struct DocsArguments {
    /// The folder for the pages. Pages of signatures that are gone stay there.
    #[arg(long, value_name = "DIR", default_value = "docs/signatures")]
    output: PathBuf,
    #[command(flatten)]
    packs: PackArguments,
}

#[derive(Debug, clap::Args)]
pub struct FileArguments {
    /// Folders and files of signatures; without any, the built-in ones.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct TestArguments {
    #[command(flatten)]
    files: FileArguments,
    /// Also drops each condition, test and restriction in turn, and tells which no case notices.
    #[arg(long)]
    mutate: bool,
}

#[derive(Debug, clap::Args)]
pub struct LintArguments {
    #[command(flatten)]
    files: FileArguments,
    /// For people or for programs.
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    format: LintFormat,
}

/// How remarks are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LintFormat {
    Text,
    Json,
}

/// Runs the subcommand.
pub fn run(command: &Command) -> anyhow::Result<Status> {
    match command {
        Command::List(arguments) => show::list(arguments),
        Command::Show(arguments) => show::show(arguments),
        Command::Docs(arguments) => show::docs(arguments),
        Command::New(arguments) => new::run(arguments),
        Command::Check(arguments) => files::check(arguments),
        Command::Test(arguments) => files::test(&arguments.files, arguments.mutate),
        Command::Lint(arguments) => files::lint(&arguments.files, arguments.format),
    }
}
