//! `sitedx signature`: what is known, and the tools of those who write it.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;

use super::{PackArguments, Status, output};
use crate::authoring::nearest;
use crate::catalog::{Catalog, Packs};
use crate::prove::prove;
use crate::signature::{KINDS, SEVERITIES, Signature, name_of};

/// Lists, shows, checks and tests signatures.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "\
Examples:
  sitedx signature list
  sitedx signature show netmon-parser-path-missing
  sitedx signature check our-signatures/
  sitedx signature test our-signatures/")]
pub enum Command {
    /// Lists all signatures, one per line.
    List(ListArguments),
    /// Shows what a signature looks for, what it means and what to do.
    Show(ShowArguments),
    /// Checks signature files as a compiler does: all mistakes, with their places.
    Check(FileArguments),
    /// Runs the cases that signatures carry.
    Test(FileArguments),
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

/// Runs the subcommand.
pub fn run(command: &Command) -> anyhow::Result<Status> {
    match command {
        Command::List(arguments) => list(arguments),
        Command::Show(arguments) => show(arguments),
        Command::Check(arguments) => check(arguments),
        Command::Test(arguments) => test(arguments),
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

/// The catalog with these files, and the ids of the signatures that are meant.
fn meant(arguments: &FileArguments) -> (Catalog, Vec<String>, bool) {
    let packs = Packs { signatures: arguments.paths.clone(), grammars: Vec::new() };
    let (catalog, flaws) = Catalog::load(&packs);
    output::flaws(&flaws);
    let named = |it: &&Signature| {
        let path = PathBuf::from(&it.path);
        arguments.paths.is_empty() || arguments.paths.iter().any(|asked| path.starts_with(asked))
    };
    let ids = catalog.signatures.all.iter().filter(named).map(|it| it.id.clone()).collect();
    (catalog, ids, flaws.is_empty())
}

fn check(arguments: &FileArguments) -> anyhow::Result<Status> {
    let (_, ids, sound) = meant(arguments);
    if sound {
        output::result(&format!("{} signatures without mistakes\n", ids.len()))?;
    }
    Ok(if sound { Status::Done } else { Status::Failed })
}

fn test(arguments: &FileArguments) -> anyhow::Result<Status> {
    let (catalog, ids, sound) = meant(arguments);
    let (mut passed, mut failed) = (0, 0);
    let mut out = String::new();
    for it in ids.iter().filter_map(|id| catalog.signatures.get(id)) {
        for case in &it.cases {
            let wrong = prove(it, case, &catalog);
            if wrong.is_empty() {
                passed += 1;
                continue;
            }
            failed += 1;
            let _ = writeln!(out, "{}: {}", it.id, case.name);
            for what in &wrong {
                let _ = writeln!(out, "    {what}");
            }
        }
    }
    let _ = writeln!(out, "{passed} cases passed, {failed} failed");
    output::result(&out)?;
    Ok(if sound && failed == 0 { Status::Done } else { Status::Failed })
}
