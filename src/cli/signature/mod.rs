//! `sitedx signature`: what is known, and the tools of those who write it.

mod files;
mod new;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;

use super::{PackArguments, Status, output};
use crate::authoring::nearest;
use crate::signature::{KINDS, SEVERITIES, Signature, name_of};

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
        Command::List(arguments) => list(arguments),
        Command::Show(arguments) => show(arguments),
        Command::New(arguments) => new::run(arguments),
        Command::Check(arguments) => files::check(arguments),
        Command::Test(arguments) => files::test(&arguments.files, arguments.mutate),
        Command::Lint(arguments) => files::lint(&arguments.files, arguments.format),
    }
}

fn list(arguments: &ListArguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let width = catalog.signatures.all.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for it in &catalog.signatures.all {
        let kind = name_of(KINDS, it.kind);
        let severity = name_of(SEVERITIES, it.severity);
        let _ =
            writeln!(out, "{:width$}  {kind:10}  {severity:8}  {:17}  {}", it.id, it.phase, it.kb.join(" "));
    }
    output::result(&out)?;
    Ok(if sound { Status::Done } else { Status::Failed })
}

fn show(arguments: &ShowArguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let Some(it) = catalog.signatures.get(&arguments.id) else {
        let ids: Vec<&str> = catalog.signatures.all.iter().map(|it| it.id.as_str()).collect();
        let hint =
            nearest(&arguments.id, &ids).unwrap_or_else(|| "`sitedx signature list` lists all".to_owned());
        bail!("no signature is called `{}`: {hint}", arguments.id);
    };
    output::result(&page(it))?;
    Ok(if sound { Status::Done } else { Status::Failed })
}

fn page(it: &Signature) -> String {
    let mut out = String::new();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let kind = name_of(KINDS, it.kind).replace('_', " ");
    let _ = writeln!(out, "{}\n{}\n", it.id, it.title.text());
    let _ = writeln!(out, "{kind}, {}, {} {}", name_of(SEVERITIES, it.severity), it.phase, it.kb.join(" "));
    let _ = writeln!(out, "file: {}\n\n{}\n", it.path, one_line(it.means.text()));
    let parts = [
        ("needs", &it.needs),
        ("supported by", &it.supports),
        ("refuted by", &it.refutes),
        ("resolved by", &it.resolved),
    ];
    for (title, list) in parts {
        for condition in list {
            let says = condition
                .says
                .as_ref()
                .map(|says| format!(": {}", one_line(says.text())))
                .unwrap_or_default();
            let proof = if condition.proves { " (proof)" } else { "" };
            let _ = writeln!(out, "{title:13} {}{proof}{says}", condition.name);
        }
    }
    if !it.explains.is_empty() {
        let _ = writeln!(out, "{:13} {}", "explains", it.explains.join(", "));
    }
    for item in &it.items {
        let _ = writeln!(out, "{:13} {}: {}", "checks", item.title.text(), item.subject.text());
    }
    for (index, remedy) in it.remedies.iter().enumerate() {
        let _ = writeln!(out, "\n{}. on {}: {}", index + 1, remedy.on.text(), one_line(remedy.action.text()));
        if let Some(run) = &remedy.run {
            let _ = writeln!(out, "   > {}", run.text());
        }
    }
    out
}
