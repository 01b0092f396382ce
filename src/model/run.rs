//! What came of a run over many bundles, each a case of its own: plain data, small enough for tens of thousands.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::report::{Diagnosis, Report, Tool};

/// The version of this shape.
pub const SCHEMA: &str = "sitedx.run/1";
/// The version of what is written for each bundle.
pub const BUNDLE_SCHEMA: &str = "sitedx.bundle/1";

/// One bundle of a run, as a line of its own.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BundleLine<'a> {
    #[schemars(extend("const" = BUNDLE_SCHEMA))]
    pub schema: &'static str,
    pub path: &'a str,
    /// `ok`, or `error` where the bundle could not be opened at all.
    #[schemars(extend("enum" = ["ok", "error"]))]
    pub status: &'static str,
    pub error: Option<&'a str>,
    pub report: Option<&'a Report>,
}

/// What came of all bundles.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct RunReport {
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// None where no bundle could be opened.
    pub tool: Option<Tool>,
    /// How many bundles have each verdict; `error` counts those that could not be opened.
    pub verdicts: BTreeMap<&'static str, usize>,
    /// The causes of all bundles, those of most bundles first.
    pub causes: Vec<RunCause>,
    /// In the order in which they were asked for.
    pub bundles: Vec<RunBundle>,
}

/// One bundle of a run.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RunBundle {
    pub path: String,
    /// `ok` or `error`.
    #[schemars(extend("enum" = ["ok", "error"]))]
    pub status: &'static str,
    pub error: Option<String>,
    /// The verdict of its report; none with an error.
    pub verdict: Option<&'static str>,
    /// The codes of the sites whose servers are in it.
    pub sites: Vec<String>,
    pub hosts: Vec<String>,
    /// The time of its newest record, where any has one.
    pub last_seen: Option<String>,
    /// How many places of it could not be read.
    pub unread: usize,
    /// What is claimed of it: active roots that are confirmed or probable, in the order of its report.
    pub causes: Vec<BundleCause>,
}

/// A cause in one bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BundleCause {
    /// The index of the cause in the list of all.
    pub cause: usize,
    pub host: String,
    pub site: Option<String>,
    pub verdict: &'static str,
    pub confidence: u8,
    /// The fingerprint of the finding in this place.
    pub fingerprint: String,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
    /// How many findings it explains.
    pub explains: usize,
}

/// A cause in all bundles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunCause {
    /// The fingerprint without site and server.
    pub fingerprint: String,
    pub signature: String,
    /// The title, in which names of places are in braces.
    pub title: String,
    pub kb: Vec<String>,
    pub kind: &'static str,
    pub severity: &'static str,
    pub bundles: usize,
    /// The sites that have it, in alphabetical order.
    pub sites: Vec<String>,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
}

/// Puts the reports of bundles together, one by one, so that none of them need be kept.
#[derive(Debug, Default)]
pub struct Run {
    report: RunReport,
    /// Causes by their fingerprints.
    known: BTreeMap<String, usize>,
    sites: Vec<BTreeSet<String>>,
}

impl Run {
    /// Adds a bundle that was analyzed.
    pub fn add(&mut self, path: &str, report: &Report) {
        self.report.tool.get_or_insert_with(|| report.tool.clone());
        *self.report.verdicts.entry(report.verdict).or_default() += 1;
        let claimed = |it: &&Diagnosis| it.is_claimed() && it.explained_by.is_none();
        let mut counted = BTreeSet::new();
        let causes: Vec<BundleCause> = report
            .diagnoses
            .iter()
            .filter(claimed)
            .map(|it| {
                let cause = self.cause(it);
                if counted.insert(cause) {
                    self.report.causes[cause].bundles += 1;
                }
                BundleCause {
                    cause,
                    host: it.host.clone(),
                    site: it.site.clone(),
                    verdict: it.verdict,
                    confidence: it.confidence,
                    fingerprint: it.fingerprint.clone(),
                    first_seen: it.first_seen.clone(),
                    last_seen: it.last_seen.clone(),
                    explains: it.explains.len(),
                }
            })
            .collect();
        let sites: BTreeSet<String> = report.hosts.iter().filter_map(|host| host.site.clone()).collect();
        let unread = |it: &&super::report::ProblemReport| !it.is_assumed() && it.kind != "unrecognised";
        self.report.bundles.push(RunBundle {
            path: path.to_owned(),
            status: "ok",
            error: None,
            verdict: Some(report.verdict),
            sites: sites.into_iter().collect(),
            hosts: report.hosts.iter().map(|host| host.name.clone()).collect(),
            last_seen: report.hosts.iter().filter_map(|host| host.last_seen.clone()).max(),
            unread: report.problems.iter().filter(unread).count(),
            causes,
        });
    }

    /// Adds a bundle that could not be opened.
    pub fn fail(&mut self, path: &str, error: &str) {
        *self.report.verdicts.entry("error").or_default() += 1;
        self.report.bundles.push(RunBundle {
            path: path.to_owned(),
            status: "error",
            error: Some(error.to_owned()),
            verdict: None,
            sites: Vec::new(),
            hosts: Vec::new(),
            last_seen: None,
            unread: 0,
            causes: Vec::new(),
        });
    }

    /// The number of the cause of a finding.
    fn cause(&mut self, it: &Diagnosis) -> usize {
        let fleet = it.fingerprints.get(super::report::FLEET).cloned().unwrap_or_default();
        let number = *self.known.entry(fleet.clone()).or_insert(self.report.causes.len());
        if number == self.report.causes.len() {
            self.sites.push(BTreeSet::new());
            self.report.causes.push(RunCause {
                fingerprint: fleet,
                signature: it.signature.clone(),
                title: it.general_title.clone(),
                kb: it.kb.clone(),
                kind: it.kind,
                severity: it.severity,
                bundles: 0,
                sites: Vec::new(),
                first_seen: None,
                last_seen: None,
            });
        }
        self.sites[number].extend(it.site.clone());
        let cause = &mut self.report.causes[number];
        // Times of one basis only are compared: those in UTC end in `Z`.
        let utc = |time: &Option<String>| time.clone().filter(|time| time.ends_with('Z'));
        let (first, last) = (utc(&it.first_seen), utc(&it.last_seen));
        cause.first_seen = [cause.first_seen.take(), first].into_iter().flatten().min();
        cause.last_seen = [cause.last_seen.take(), last].into_iter().flatten().max();
        number
    }

    /// The report of the run, the causes of most bundles first.
    pub fn finish(mut self) -> RunReport {
        let mut report = self.report;
        report.schema = SCHEMA;
        for (cause, sites) in report.causes.iter_mut().zip(&mut self.sites) {
            cause.sites = std::mem::take(sites).into_iter().collect();
        }
        let mut order: Vec<usize> = (0..report.causes.len()).collect();
        order.sort_by(|one, other| {
            let (one, other) = (&report.causes[*one], &report.causes[*other]);
            let by_count = other.bundles.cmp(&one.bundles);
            by_count
                .then_with(|| (&one.signature, &one.fingerprint).cmp(&(&other.signature, &other.fingerprint)))
        });
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, old)| place[*old] = new);
        report.causes = order.iter().map(|old| report.causes[*old].clone()).collect();
        for cause in report.bundles.iter_mut().flat_map(|bundle| &mut bundle.causes) {
            cause.cause = place[cause.cause];
        }
        report
    }
}
