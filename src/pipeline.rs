//! The one place that knows the order of the stages.

use std::borrow::Cow;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::bundle::{Opened, Source};
use crate::catalog::Catalog;
use crate::correlate::World;
use crate::custody::{self, Hashes, hex};
use crate::diagnose::{
    self, Captured, Material, SourceInfo, assemble, code_reports, find_all, names, serving, why,
};
use crate::facts::{Assignment, Capture, Hint, Host, assign, set_aside};
use crate::intake::{Intake, intake};
use crate::model::diff::DiffReport;
use crate::model::report::{BundleReport, CatalogReport, CodeReport, Report};
use crate::model::verify::VerifyReport;
use crate::model::why::WhyReport;
use crate::model::{Names, Problem, SourceId, Texts, masked};
use crate::parse::Parsed;
use crate::parse::log::LogContext;
use crate::signature::{Signature, Signatures};

/// Reads every source and tells what was found. `done` is called with the bytes of each source read.
pub fn analyze(opened: &Opened, catalog: &Catalog, hashes: Hashes, done: impl Fn(u64) + Sync) -> Report {
    let gathered = gather(opened, catalog.log_context(), &catalog.signatures, hashes, done);
    reported(gathered, opened, catalog, hashes)
}

/// The same, with the names of the customer's things, by which the report can be made anonymous.
pub fn analyze_named(
    opened: &Opened,
    catalog: &Catalog,
    hashes: Hashes,
    done: impl Fn(u64) + Sync,
) -> (Report, Names) {
    let gathered = gather(opened, catalog.log_context(), &catalog.signatures, hashes, done);
    let names = gathered.names();
    (reported(gathered, opened, catalog, hashes), names)
}

fn reported(gathered: Gathered, opened: &Opened, catalog: &Catalog, hashes: Hashes) -> Report {
    let mut report = gathered.report(catalog);
    if hashes == Hashes::Told {
        custody::add(&mut report, opened);
    }
    report
}

/// All that sources say, before a signature is asked.
#[derive(Debug)]
pub struct Gathered {
    world: World,
    bundles: Vec<BundleReport>,
    sources: Vec<SourceInfo>,
    problems: Vec<Problem>,
}

/// Reads every source for these signatures, whose patterns are those of the context.
pub fn gather(
    opened: &Opened,
    context: LogContext<'_>,
    signatures: &Signatures,
    hashes: Hashes,
    done: impl Fn(u64) + Sync,
) -> Gathered {
    let intakes = read_all(&opened.sources, context, hashes, done);
    let bundles = bundle_reports(opened, &intakes, hashes);
    let assignments = assignments(opened, &intakes);
    let sources = source_infos(opened, &assignments);
    let (hosts, problems) = hosts(&assignments, intakes, opened.problems.clone());
    let mut world = World::new(hosts, signatures);
    world.serving = serving(signatures, &world);
    Gathered { world, bundles, sources, problems }
}

impl Gathered {
    /// What the signatures of a catalog find in it; it was gathered for them.
    pub fn report(self, catalog: &Catalog) -> Report {
        let Self { world, bundles, sources, problems } = self;
        let signatures = &catalog.signatures;
        let findings = find_all(&signatures.all, &world);
        let codes = &|text: &str| code_reports(text, || catalog.codes());
        let catalog = catalog.report.clone();
        safe(assemble(
            &findings,
            Material {
                world: &world,
                signatures,
                codes,
                catalog,
                bundles,
                sources,
                problems,
                everything: false,
            },
        ))
    }

    /// The names of the customer's things.
    pub fn names(&self) -> Names {
        let paths = self.bundles.iter().map(|bundle| bundle.path.as_str());
        names(&self.world, paths)
    }

    /// Why a signature of a catalog fires or does not; it was gathered for that catalog.
    pub fn why(&self, signature: &Signature, catalog: &Catalog) -> WhyReport {
        let codes = &|text: &str| code_reports(text, || catalog.codes());
        safe(why(signature, &self.material(&catalog.signatures, codes)))
    }

    /// What other signatures find in it, for their authors: everything that was ruled out is in the report.
    pub fn report_of(&self, asked: &[Signature], signatures: &Signatures) -> Report {
        let findings = find_all(asked, &self.world);
        assemble(&findings, self.material(signatures, &|_| Vec::new()))
    }

    fn captured<'a>(
        &'a self,
        catalog: &'a Catalog,
        codes: &'a dyn Fn(&str) -> Vec<CodeReport>,
    ) -> Captured<'a> {
        let signatures = &catalog.signatures;
        let findings = find_all(&signatures.all, &self.world);
        Captured { material: self.material(signatures, codes), findings }
    }

    fn material<'a>(
        &'a self,
        signatures: &'a Signatures,
        codes: &'a dyn Fn(&str) -> Vec<CodeReport>,
    ) -> Material<'a> {
        Material {
            world: &self.world,
            signatures,
            codes,
            catalog: CatalogReport::default(),
            bundles: self.bundles.clone(),
            sources: self.sources.clone(),
            problems: self.problems.clone(),
            everything: true,
        }
    }
}

/// A report in which every secret is masked.
fn safe<T: Texts>(mut report: T) -> T {
    report.texts(&mut |text| {
        if let Cow::Owned(masked) = masked(text) {
            *text = masked;
        }
    });
    report
}

/// What became of the findings of a first capture in a second one; both were gathered for the catalog.
pub fn verify(before: &Gathered, after: &Gathered, catalog: &Catalog) -> VerifyReport {
    let codes = &|text: &str| code_reports(text, || catalog.codes());
    let [before, after] = [before, after].map(|gathered| gathered.captured(catalog, codes));
    safe(diagnose::verify(&before, &after))
}

/// What changed on servers between two captures; with `all`, also what is known to mean nothing.
pub fn diff(before: &Gathered, after: &Gathered, catalog: &Catalog, all: bool) -> DiffReport {
    let material = |gathered| Gathered::material(gathered, &catalog.signatures, &|_| Vec::new());
    safe(diagnose::diff(&material(before), &material(after), all))
}

/// Reads sources side by side, the largest first, and gives them in their own order.
pub fn read_all(
    sources: &[Source],
    context: LogContext<'_>,
    hashes: Hashes,
    done: impl Fn(u64) + Sync,
) -> Vec<Intake> {
    let mut order: Vec<&Source> = sources.iter().collect();
    order.sort_by_key(|source| std::cmp::Reverse(source.size()));
    let mut read: Vec<(SourceId, Intake)> = order
        .into_par_iter()
        .with_max_len(1)
        .map(|source| {
            let taken = intake(source, context, hashes);
            done(taken.bytes);
            (source.id, taken)
        })
        .collect();
    read.sort_by_key(|(id, _)| *id);
    read.into_iter().map(|(_, intake)| intake).collect()
}

/// Which source belongs to which server.
pub fn assignments(opened: &Opened, intakes: &[Intake]) -> Vec<Assignment> {
    let readable = opened.sources.iter().zip(intakes).filter(|(source, _)| !source.is_place_holder());
    let hints: Vec<Hint> = readable
        .map(|(source, intake)| Hint {
            source: source.id,
            bundle: source.bundle,
            path: source.path.clone(),
            computer: intake.computer().map(str::to_owned),
            mentioned: intake.mentioned().map(str::to_owned),
        })
        .collect();
    let labels: Vec<String> = opened.bundles.iter().map(|bundle| bundle.label.clone()).collect();
    assign(&hints, &labels)
}

/// The servers with all that their sources say, and the problems of all sources.
fn hosts(
    assignments: &[Assignment],
    intakes: Vec<Intake>,
    mut problems: Vec<Problem>,
) -> (Vec<Host>, Vec<Problem>) {
    let mut intakes: Vec<Option<Intake>> = intakes.into_iter().map(Some).collect();
    let mut hosts = Vec::new();
    for assignment in assignments {
        let (mut captures, mut logs) = (Vec::new(), Vec::new());
        for id in &assignment.sources {
            let Some(intake) = intakes.get_mut(id.0 as usize).and_then(Option::take) else { continue };
            problems.extend(intake.problems);
            logs.extend(intake.log);
            if let Some(Parsed { facts, coverage, .. }) = intake.parsed {
                captures.push(Capture { facts, coverage });
            }
        }
        problems.extend(set_aside(&mut captures));
        hosts.push(Host::new(assignment, captures, logs));
    }
    (hosts, problems)
}

fn source_infos(opened: &Opened, assignments: &[Assignment]) -> Vec<SourceInfo> {
    let mut infos: Vec<SourceInfo> = opened
        .sources
        .iter()
        .map(|source| SourceInfo {
            bundle: opened.bundles[source.bundle].path.clone(),
            path: source.path.clone(),
            host: None,
        })
        .collect();
    for (host, assignment) in assignments.iter().enumerate() {
        for id in &assignment.sources {
            infos[id.0 as usize].host = Some(host);
        }
    }
    infos
}

fn bundle_reports(opened: &Opened, intakes: &[Intake], hashes: Hashes) -> Vec<BundleReport> {
    let bundles = opened.bundles.iter().enumerate().map(|(index, bundle)| {
        let (mut hash, mut sources, mut bytes) = (Sha256::new(), 0, 0);
        for (source, intake) in
            opened.sources.iter().zip(intakes).filter(|(source, _)| source.bundle == index)
        {
            hash.update(format!("{}\0{}\0{}\n", source.path, intake.bytes, intake.content));
            sources += usize::from(!source.is_place_holder());
            bytes += intake.bytes;
        }
        // Without the contents of sources there is no hash of them.
        let sha256 = if hashes == Hashes::Told { hex(&hash.finalize()) } else { String::new() };
        BundleReport {
            id: sha256.chars().take(16).collect(),
            path: bundle.path.clone(),
            sha256,
            sources,
            bytes,
        }
    });
    bundles.collect()
}
