//! `sitedx inspect`: what each file was taken for, why, how much of it was read, what it covers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::{LimitArguments, PackArguments, Status, output};
use crate::bundle::{self, Source};
use crate::catalog::Catalog;
use crate::custody::{Hashes, sha256};
use crate::detect::Taken;
use crate::facts::Assignment;
use crate::intake::Intake;
use crate::model::{Coverage, Origin, Problem, ProblemKind, SourceId, printable};
use crate::pipeline;

/// Shows what each file was taken for, why, by which parser, how much was read, and what it covers.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  sitedx inspect case-4711.zip")]
pub struct Arguments {
    /// Folders, files and archives.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    packs: PackArguments,
    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let opened = bundle::open(&arguments.paths, &arguments.limits.limits())?;
    let bar = output::progress(&opened);
    let intakes =
        pipeline::read_all(&opened.sources, catalog.log_context(), Hashes::Left, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let assignments = pipeline::assignments(&opened, &intakes);
    let mut text = String::new();
    let hosts: BTreeMap<SourceId, &Assignment> =
        assignments.iter().flat_map(|host| host.sources.iter().map(move |id| (*id, host))).collect();
    let mut problems: BTreeMap<SourceId, Vec<&Problem>> = BTreeMap::new();
    for problem in &opened.problems {
        problems.entry(problem.source).or_default().push(problem);
    }
    for (source, intake) in opened.sources.iter().zip(&intakes) {
        let bundle = &opened.bundles[source.bundle].path;
        match problems.get(&source.id) {
            Some(problems) => not_read(&mut text, bundle, source, problems),
            None => describe(&mut text, source, intake, hosts.get(&source.id).copied(), catalog),
        }
    }
    let safe: Vec<String> = text.lines().map(printable).collect();
    output::result(&(safe.join("\n") + "\n"))?;
    output::missing(&opened);
    Ok(if sound && opened.missing.is_empty() { Status::Done } else { Status::Failed })
}

/// What could not be opened, and every reason; an archive with troubles of its own has its members below.
fn not_read(out: &mut String, bundle: &str, source: &Source, problems: &[&Problem]) {
    let name = if source.path.is_empty() { bundle } else { &source.path };
    let _ = writeln!(out, "{name}");
    for problem in problems {
        let label = if problem.kind == ProblemKind::Assumed { "assumed" } else { "not read" };
        let _ = writeln!(out, "  {label:<12}{}", printable(&problem.what));
    }
    out.push('\n');
}

fn describe(
    out: &mut String,
    source: &Source,
    intake: &Intake,
    host: Option<&Assignment>,
    catalog: &Catalog,
) {
    let _ = writeln!(out, "{}", source.path);
    let (taken, read) = match intake.detection.taken {
        Taken::State(_) => (
            intake.parsers.join(", "),
            intake.parsed.as_ref().map(|parsed| {
                let counted = if parsed.counted.is_empty() { "lines" } else { parsed.counted };
                let facts = parsed.facts.len();
                format!("{} of {} {counted} understood, {facts} facts", parsed.understood, parsed.lines)
            }),
        ),
        Taken::Log | Taken::Events(_) => {
            let Some(log) = &intake.log else { return };
            let mut counts: Vec<(u64, &str)> = log
                .by_framing
                .iter()
                .filter_map(|(framing, count)| Some((*count, framing.name(&catalog.grammars)?)))
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
            let read = match log.streamed.lines {
                0 => format!("{} records", log.records),
                lines => format!(
                    "{lines} lines in {} records, {} lines without a frame",
                    log.records, log.unframed
                ),
            };
            (format!("{logical}{grammars}"), Some(read))
        }
        Taken::Unsupported => ("known, and not read".to_owned(), None),
        Taken::Unknown => ("not recognised".to_owned(), None),
    };
    let _ = writeln!(out, "  taken for   {taken}");
    let _ = writeln!(out, "  because     {}", intake.detection.why);
    if let Some(host) = host {
        let _ = writeln!(out, "  server      {}, by {}", host.name, host.named_by);
    }
    let read = read.map(|read| format!("; {read}")).unwrap_or_default();
    let binary = intake.parsed.as_ref().is_some_and(|parsed| !parsed.counted.is_empty());
    // A parser that saw the whole source knows better than its first bytes.
    let decided = intake.parsed.as_ref().and_then(|parsed| parsed.encoding);
    let encoding = decided.unwrap_or(intake.detection.encoding).name();
    let encoding = if binary { "binary" } else { encoding };
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
    // What a source was not read for was said already.
    let unread = matches!(intake.detection.taken, Taken::Unknown | Taken::Unsupported);
    let said = |problem: &&Problem| unread && problem.what == intake.detection.why;
    for problem in intake.problems.iter().filter(|problem| !said(problem)).take(10) {
        let place = problem.origin.map(place).unwrap_or_default();
        let _ = writeln!(out, "  problem     {place}{} ({})", problem.what, problem.kind.name());
    }
    if let Ok(sha256) = sha256(source) {
        let _ = writeln!(out, "  sha256      {sha256}");
    }
    out.push('\n');
}

/// Where a problem is, before its text: a line, or a byte where a source has no lines.
fn place(origin: Origin) -> String {
    match origin.line {
        0 => format!("byte {:#x}: ", origin.offset),
        line => format!("line {line}: "),
    }
}

fn covers(places: &[&Coverage]) -> String {
    /// Places that are named; a script or a strange export may have thousands.
    const MOST: usize = 10;
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
    match folders.as_slice() {
        [] => {}
        [only] => others.push(format!("the folder {only}")),
        [first, ..] => others.push(format!("{} folders from {first} on", folders.len())),
    }
    if let Some(more) = others.len().checked_sub(MOST).filter(|more| *more > 0) {
        others.truncate(MOST);
        others.push(format!("and {more} more"));
    }
    if others.is_empty() {
        "nothing: what it does not show is not known to be absent".to_owned()
    } else {
        others.join("; ")
    }
}
