//! `sitedx dump`: the facts or records of one file, for other programs and for authors of signatures.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use serde_json::{Value, json};

use super::{LimitArguments, PackArguments, Status, output};
use crate::bundle::{self, Source};
use crate::catalog::Catalog;
use crate::detect::{Taken, detect};
use crate::grammar::Record;
use crate::model::{
    Coverage, EntryKind, Fact, Origin, Problem, ServiceState, Stamp, StartType, entry_path, json_safe,
    masked, value_of,
};
use crate::parse::Head;
use crate::parse::log::{each_event, each_record};
use crate::text::Encoding;

/// Writes the facts or records of one file as JSON, one object per line.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  sitedx dump SMSSETUP.LOG\n  sitedx dump registry.reg | grep -i '\"SMS_EXECUTIVE'"
)]
pub struct Arguments {
    /// The file; of an archive or folder, all files are written.
    #[arg(value_name = "FILE")]
    path: PathBuf,
    /// The format; JSON lines is the only one.
    #[arg(long, value_parser = ["json"], default_value = "json")]
    format: String,
    #[command(flatten)]
    packs: PackArguments,
    #[command(flatten)]
    limits: LimitArguments,
}

/// Runs the subcommand.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let (catalog, mut sound) = arguments.packs.catalog();
    let opened = bundle::open(&[&arguments.path], &arguments.limits.limits())?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut recognised = false;
    for source in opened.sources.iter().filter(|source| !source.is_place_holder()) {
        match dump(source, catalog, &mut out) {
            Ok(known) => recognised |= known,
            Err(error) if output::is_closed_pipe(&error) => return Err(error),
            // One member that cannot be read does not cost the others.
            Err(error) => {
                output::complain(&format!("{}: {error:#}", source.path));
                sound = false;
            }
        }
    }
    out.flush()?;
    if !recognised && sound {
        bail!("{}: no known format; `sitedx inspect` tells why", arguments.path.display());
    }
    Ok(if sound { Status::Done } else { Status::Failed })
}

fn dump(source: &Source, catalog: &Catalog, out: &mut impl std::io::Write) -> anyhow::Result<bool> {
    let head = source.start(Head::BYTES)?;
    let detection = detect(source.name(), &head, &catalog.grammars, &catalog.logs);
    let path = &source.path;
    match detection.taken {
        Taken::Unknown | Taken::Unsupported => return Ok(false),
        Taken::State(parser) => {
            let (parsed, _) = source.whole(|bytes| parser.parse(source.id, source.name(), bytes))?;
            for fact in &parsed.facts {
                line(out, path, Some(fact.origin), fact_json(&fact.value))?;
            }
            for place in &parsed.coverage {
                line(out, path, Some(place.origin), coverage_json(&place.value))?;
            }
            for problem in &parsed.problems {
                line(out, path, problem.origin, problem_json(problem))?;
            }
        }
        Taken::Log => {
            let mut records = Records { source, catalog, out, result: Ok(()) };
            let each = &mut |record: &Record<'_>| records.write(record);
            source.read(|reader| each_record(reader, detection.encoding, &catalog.grammars, each))??;
            records.result?;
        }
        Taken::Events(form) => {
            let mut records = Records { source, catalog, out, result: Ok(()) };
            let each = &mut |record: &Record<'_>| records.write(record);
            let (read, _) =
                source.whole(|bytes| each_event(source.id, bytes, form, &catalog.event_texts, each))?;
            records.result?;
            for problem in &read.problems {
                line(out, path, problem.origin, problem_json(problem))?;
            }
        }
    }
    Ok(true)
}

/// Writes records until one cannot be written.
struct Records<'a, W> {
    source: &'a Source,
    catalog: &'a Catalog,
    out: &'a mut W,
    result: anyhow::Result<()>,
}

impl<W: std::io::Write> Records<'_, W> {
    fn write(&mut self, record: &Record<'_>) {
        if self.result.is_err() {
            return;
        }
        let time = record.local.map(|local| Stamp { local, zone: record.zone });
        let value = json!({
            "record": masked(&Encoding::Utf8.decode(record.message)),
            "grammar": record.framing.name(&self.catalog.grammars),
            "time": time.map(Stamp::display),
            "time_basis": time.map(|stamp| stamp.zone.basis()),
            "component": Encoding::Utf8.decode(record.component),
            "thread": record.thread,
            "severity": record.severity,
        });
        let origin = crate::parse::log::origin(self.source.id, record);
        self.result = line(self.out, &self.source.path, Some(origin), value);
    }
}

/// Writes one object with its place in front.
fn line(
    out: &mut impl std::io::Write,
    path: &str,
    origin: Option<Origin>,
    value: Value,
) -> anyhow::Result<()> {
    let mut object = serde_json::Map::new();
    object.insert("source".into(), path.into());
    if let Some(origin) = origin {
        object.insert("line".into(), origin.line.into());
        object.insert("offset".into(), origin.offset.into());
        object.insert("length".into(), origin.length.into());
    }
    if let Value::Object(fields) = value {
        object.extend(fields);
    }
    writeln!(out, "{}", json_safe(&serde_json::to_string(&Value::Object(object))?))?;
    Ok(())
}

fn fact_json(fact: &Fact) -> Value {
    match fact {
        Fact::Computer { name } => json!({ "fact": "computer", "name": name }),
        Fact::System { name } => json!({ "fact": "system", "name": name }),
        Fact::RegistryKey { path, written } => {
            json!({ "fact": "registry_key", "path": &**path, "written": written.map(Stamp::display) })
        }
        Fact::RegistryValue { key, name, data } => {
            json!({ "fact": "registry_value", "key": &**key, "name": name, "type": data.kind, "data": value_of(name, &data.display()) })
        }
        Fact::RegistryDeletion { key, value } => {
            json!({ "fact": "registry_deletion", "key": &**key, "value": value })
        }
        Fact::Folder { path } => json!({ "fact": "folder", "path": &**path }),
        Fact::Entry { folder, name, kind, modified } => {
            let path = entry_path(folder, name);
            let (kind, size) = match kind {
                EntryKind::File { size } => ("file", Some(size)),
                EntryKind::Unsized => ("entry", None),
                EntryKind::Folder => ("folder", None),
                EntryKind::Link => ("link", None),
            };
            let modified = modified.map(|time| time.format("%Y-%m-%dT%H:%M").to_string());
            json!({ "fact": kind, "path": path, "size": size, "modified": modified })
        }
        Fact::Volume { root, label, free } => {
            json!({ "fact": "volume", "root": root, "label": label, "free": free })
        }
        Fact::Service(service) => json!({
            "fact": "service",
            "name": service.key,
            "display": service.display,
            "state": service.state.map(ServiceState::name),
            "start": service.start.map(StartType::name),
            "path": service.path,
            "account": service.account,
            "dependencies": service.dependencies,
            "exit": service.exit,
            "driver": service.driver,
        }),
        Fact::Share { name, path, remark } => {
            json!({ "fact": "share", "name": name, "path": path, "remark": remark })
        }
        Fact::Account { name } => json!({ "fact": "account", "name": name }),
        Fact::Group { name } => json!({ "fact": "group", "name": name }),
        Fact::Member { group, name } => json!({ "fact": "member", "group": group, "name": name }),
        Fact::Setting { document, section, name, value } => {
            json!({ "fact": "setting", "document": &**document, "section": &**section, "name": name, "value": value_of(name, value) })
        }
    }
}

fn coverage_json(coverage: &Coverage) -> Value {
    match coverage {
        Coverage::RegistryTree { root } => json!({ "covers": "registry_tree", "root": root }),
        Coverage::Folder { path } => json!({ "covers": "folder", "path": path }),
        Coverage::Absent { path } => json!({ "covers": "absence", "path": path }),
        Coverage::RunningServices => json!({ "covers": "running_services" }),
        Coverage::Services => json!({ "covers": "services" }),
        Coverage::Shares => json!({ "covers": "shares" }),
        Coverage::Accounts => json!({ "covers": "accounts" }),
        Coverage::Groups => json!({ "covers": "groups" }),
        Coverage::Members { group } => json!({ "covers": "members", "group": group }),
    }
}

fn problem_json(problem: &Problem) -> Value {
    json!({ "problem": problem.kind.name(), "what": problem.what })
}
