//! `sitedx inspect`: what each file was taken for, why, how much of it was read, what it covers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::{PackArguments, Status, output};
use crate::bundle::{self, Limits, Source};
use crate::catalog::Catalog;
use crate::detect::Taken;
use crate::facts::Assignment;
use crate::intake::Intake;
use crate::model::{Coverage, SourceId, printable};
use crate::pipeline;

/// Shows what each file was taken for, why, by which parser, how much was read, and what it covers.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sitedx inspect case-4711.zip")]
pub struct Arguments {
    /// Folders, files and zip archives.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    packs: PackArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let opened = bundle::open(&arguments.paths, &Limits::default())?;
    let bar = output::progress(&opened);
    let intakes = pipeline::read_all(&opened.sources, &catalog, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let assignments = pipeline::assignments(&opened, &intakes);
    let mut text = String::new();
    let hosts: BTreeMap<SourceId, &Assignment> =
        assignments.iter().flat_map(|host| host.sources.iter().map(move |id| (*id, host))).collect();
    let problems: BTreeMap<SourceId, &str> =
        opened.problems.iter().rev().map(|problem| (problem.source, problem.what.as_str())).collect();
    for (source, intake) in opened.sources.iter().zip(&intakes) {
        let bundle = &opened.bundles[source.bundle].path;
        let known = (hosts.get(&source.id).copied(), problems.get(&source.id).copied());
        describe(&mut text, bundle, source, intake, known, &catalog);
    }
    let safe: Vec<String> = text.lines().map(printable).collect();
    output::result(&(safe.join("\n") + "\n"))?;
    for (path, error) in &opened.missing {
        output::complain(&format!("{path}: {error}"));
    }
    Ok(if sound && opened.missing.is_empty() { Status::Done } else { Status::Failed })
}

fn describe(
    out: &mut String,
    bundle: &str,
    source: &Source,
    intake: &Intake,
    (host, opening): (Option<&Assignment>, Option<&str>),
    catalog: &Catalog,
) {
    let name = if source.path.is_empty() { bundle } else { &source.path };
    let _ = writeln!(out, "{name}");
    if let Some(what) = opening {
        let _ = writeln!(out, "  not read    {}\n", printable(what));
        return;
    }
    let (taken, read) = match intake.detection.taken {
        Taken::State(_) => (
            intake.parsers.join(", "),
            intake.parsed.as_ref().map(|parsed| {
                format!(
                    "{} of {} lines understood, {} facts",
                    parsed.understood,
                    parsed.lines,
                    parsed.facts.len()
                )
            }),
        ),
        Taken::Log => {
            let Some(log) = &intake.log else { return };
            let mut counts: Vec<(u64, &str)> = log
                .by_grammar
                .iter()
                .map(|(index, count)| (*count, catalog.grammars.all[*index].name.as_str()))
                .collect();
            counts.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
            let names: Vec<String> =
                counts.iter().map(|(count, name)| format!("{name} ({count} records)")).collect();
            let grammars = if names.is_empty() { "free text".to_owned() } else { names.join(", ") };
            let logical = log
                .logical
                .as_ref()
                .map(|name| format!("log `{name}`: "))
                .unwrap_or_else(|| "log: ".to_owned());
            let read = format!(
                "{} lines in {} records, {} lines without a frame",
                log.streamed.lines, log.records, log.unframed
            );
            (format!("{logical}{grammars}"), Some(read))
        }
        Taken::Unknown => ("not recognised".to_owned(), None),
    };
    let _ = writeln!(out, "  taken for   {taken}");
    let _ = writeln!(out, "  because     {}", intake.detection.why);
    if let Some(host) = host {
        let _ = writeln!(out, "  server      {}, by {}", host.name, host.named_by);
    }
    let read = read.map(|read| format!("; {read}")).unwrap_or_default();
    // A parser that saw the whole source knows better than its first bytes.
    let decided = intake.parsed.as_ref().and_then(|parsed| parsed.encoding);
    let encoding = decided.unwrap_or(intake.detection.encoding).name();
    let _ = writeln!(out, "  read        {} bytes, {encoding}{read}", intake.bytes);
    if let Some(log) = &intake.log
        && let (Some(first), Some(last)) = (log.first, log.last)
    {
        let _ =
            writeln!(out, "  spans       {} to {} ({})", first.display(), last.display(), last.zone.basis());
    }
    if let Some(parsed) = &intake.parsed {
        let covers = covers(&parsed.coverage.iter().map(|place| &place.value).collect::<Vec<_>>());
        let _ = writeln!(out, "  covers      {covers}");
    }
    for problem in
        intake.problems.iter().filter(|_| !matches!(intake.detection.taken, Taken::Unknown)).take(10)
    {
        let line = problem.origin.map(|origin| format!("line {}: ", origin.line)).unwrap_or_default();
        let _ = writeln!(out, "  problem     {line}{} ({})", problem.what, problem.kind.name());
    }
    if !intake.sha256.is_empty() {
        let _ = writeln!(out, "  sha256      {}", intake.sha256);
    }
    out.push('\n');
}

fn covers(places: &[&Coverage]) -> String {
    let mut folders: Vec<&str> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for place in places {
        match place {
            Coverage::RegistryTree { root } => others.push(format!("{root} and all below")),
            Coverage::Folder { path } => folders.push(path),
            Coverage::Absent { path } => others.push(format!("the absence of {path}")),
            Coverage::RunningServices => others.push("all running services".to_owned()),
            Coverage::Shares => others.push("all shares".to_owned()),
            Coverage::Accounts => others.push("all accounts".to_owned()),
            Coverage::Services => others.push("all services".to_owned()),
            Coverage::Groups => others.push("all groups".to_owned()),
            Coverage::Members { group } => others.push(format!("all members of {group}")),
        }
    }
    if let Some(first) = folders.first() {
        others.push(format!("{} folders from {first} on", folders.len()));
    }
    if others.is_empty() {
        "nothing: what it does not show is not known to be absent".to_owned()
    } else {
        others.join("; ")
    }
}
