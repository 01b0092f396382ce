//! All texts of a report, so that none is forgotten where they must be changed: secrets masked, names replaced.

use std::collections::BTreeMap;

use super::diff::{Change, DiffReport, Noise, ServerDiff};
use super::report::{
    AskReport, BundleReport, CatalogReport, Checklist, ClockNote, CodeReport, ContradictionReport, Diagnosis,
    Evidence, HostReport, ItemReport, LifecycleReport, LogReport, MentionReport, Moment, PackReport,
    PhaseReport, ProblemReport, Reason, Report, RivalReport, RoleReport, Step, Tool, Unexplained, Unknown,
};
use super::run::{BundleCause, RunBundle, RunCause, RunReport};
use super::verify::{NewFinding, Outcome, Progress, VerifyReport};
use super::why::{WhyCondition, WhyReport, WhyServer};

/// Something whose texts can be changed.
pub trait Texts {
    /// Hands over each text that evidence, a path or a user may have written. Hashes and words of a closed set are none.
    fn texts(&mut self, change: &mut dyn FnMut(&mut String));
}

impl Texts for String {
    fn texts(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(self);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn texts(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.iter_mut().for_each(|it| it.texts(change));
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn texts(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.iter_mut().for_each(|it| it.texts(change));
    }
}

/// Values only: keys are names that signatures chose.
impl Texts for BTreeMap<String, String> {
    fn texts(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.values_mut().for_each(change);
    }
}

/// Each field is named, as one that holds texts or one that does not: a new field does not compile until it is decided.
macro_rules! texts {
    ($($type:ident { $($field:ident),* } else { $($other:ident),* })*) => {
        $(impl Texts for $type {
            fn texts(&mut self, change: &mut dyn FnMut(&mut String)) {
                let Self { $($field,)* $($other: _,)* } = self;
                $($field.texts(change);)*
            }
        })*
    };
}

texts! {
    Report {
        tool, bundles, hosts, mentioned, contradictions, diagnoses, checklists, lifecycles, timeline, unexplained, asks,
        problems, left_out
    } else { schema, verdict }
    Tool { catalog } else { name, version }
    CatalogReport { packs, packs_used } else { signatures, grammars, sha256 }
    PackReport { path } else { kind, files, sha256, overrides }
    BundleReport { path } else { id, sha256, sources, bytes }
    HostReport {
        name, named_by, site, site_from, parent, children, product, version, os, roles, clock, logs, first_seen, last_seen
    } else { role, utc_offset_minutes, utc_offset_from, sources }
    RoleReport { role, of, told_on, by, source } else { line }
    MentionReport { name, site, what, host, by, source } else { line }
    ContradictionReport { host, what, source } else { line }
    ClockNote { what, source, time } else { kind, line }
    LogReport { source, log, first, last } else { records, unframed_lines, time_basis }
    Diagnosis {
        title, host, site, bundle, captures, first_seen, last_seen, means, evidence, against, unknown, reasoning, rivals,
        remediation, verification
    } else {
        id, signature, kb, general_title, kind, verdict, confidence, severity, phase, active, time_basis, explains,
        explained_by, fingerprint, fingerprints
    }
    Evidence { says, host, bundle, source, time, text, codes } else {
        condition, holds, kind, line, offset, length, sha256, number, more
    }
    CodeReport { written, name, meaning } else { family, title, number, open }
    Unknown { why, ask } else { condition }
    Reason { why } else { condition, role, value, points }
    RivalReport { tell } else { signature, verdict }
    Step { on, action, run } else { step, risk, kb }
    Checklist { title, host, site, items } else { id, kb }
    ItemReport { title, subject, why, evidence, remediation, ask } else { state }
    LifecycleReport { title, site, host, parent_host, phases } else { lifecycle, kb, state, last, stopped }
    PhaseReport { title, host, says, means, time, evidence, ask } else { id, state }
    Moment { time, host, log, component, what, last, source } else { utc, kind, severity, count, line, diagnosis }
    Unexplained { template, host, first, last, example } else { count }
    AskReport { host, collect, because } else { }
    ProblemReport { bundle, source, what } else { line, offset, kind }
    RunReport { tool, causes, bundles } else { schema, verdicts }
    RunBundle { path, error, sites, hosts, last_seen, causes } else { status, verdict, unread }
    BundleCause { host, site, first_seen, last_seen } else { cause, verdict, confidence, fingerprint, explains }
    RunCause { sites, first_seen, last_seen } else { fingerprint, signature, title, kb, kind, severity, bundles }
    VerifyReport { outcomes, new, progress } else { }
    Outcome { title, host, site, because, evidence, asks, verification } else { signature, severity, state }
    NewFinding { title, host, evidence } else { signature, severity, verdict }
    Progress { title, site, before, after } else { }
    DiffReport { servers, only_first, only_second } else { }
    ServerDiff { host, changes, noise } else { not_compared }
    Change { name, before, after, evidence } else { kind, state, below }
    Noise { why } else { count }
    WhyReport { servers } else { signature }
    WhyServer { host, site, because, title, conditions } else { verdict, confidence }
    WhyCondition { why, evidence, ask } else { name, role, value, points }
}
