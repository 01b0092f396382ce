//! The verdict on a case in a word and a sentence, the same in every format for people.

use super::page::plural;
use crate::model::report::{Diagnosis, Report};

/// How good or bad something is; a colour never says it alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Bad,
    Warn,
    Good,
}

/// The verdict on a case.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub tone: Tone,
    /// Such as `PROBLEM`.
    pub word: &'static str,
    pub what: String,
}

/// Whether it only looks like a failure.
pub fn is_benign(diagnosis: &Diagnosis) -> bool {
    diagnosis.kind == "benign"
}

/// How bad a finding is.
pub fn tone(diagnosis: &Diagnosis) -> Tone {
    match (diagnosis.verdict, diagnosis.severity) {
        ("confirmed" | "probable", "critical" | "high") => Tone::Bad,
        _ => Tone::Warn,
    }
}

/// The findings that a reader looks at first, in three lists: of the present, of the past, and what only looks like a
/// failure. What others explain and what is ruled out is in none.
pub fn roots(report: &Report) -> [(&'static str, Vec<&Diagnosis>); 3] {
    let roots = report.diagnoses.iter().filter(|it| it.verdict != "ruled_out" && it.explained_by.is_none());
    let (benign, roots): (Vec<_>, Vec<_>) = roots.partition(|it| is_benign(it));
    let (active, history): (Vec<_>, Vec<_>) = roots.into_iter().partition(|it| it.active);
    [
        ("Findings", active),
        ("History: a later success followed", history),
        ("Looks like a failure and is none", benign),
    ]
}

/// The verdict on a case.
pub fn of(report: &Report) -> Verdict {
    let (tone, word, what) = match report.verdict {
        "problem" => {
            let (count, hosts) = told(report, &["confirmed", "probable"]);
            (Tone::Bad, "PROBLEM", format!("{} on {hosts}", plural(count, "finding")))
        }
        "suspect" => {
            let what = match told(report, &["possible"]) {
                (0, _) => {
                    "no known failure left a trace, and a site did not get through: see below".to_owned()
                }
                (count, hosts) => {
                    let findings = plural(count, "possible finding");
                    format!("{findings} on {hosts}: more must be collected to be sure")
                }
            };
            (Tone::Warn, "SUSPECT", what)
        }
        "clean" => {
            let over = report
                .diagnoses
                .iter()
                .filter(|it| !it.active && it.verdict != "ruled_out" && !is_benign(it));
            let what = match over.count() {
                0 => "none of the known failures left a trace in what was collected".to_owned(),
                past => format!("nothing known is wrong now; {} of the past below", plural(past, "finding")),
            };
            (Tone::Good, "CLEAN", what)
        }
        _ => {
            let on_its_way = report.lifecycles.iter().any(|it| it.state == "under_way");
            let what = if on_its_way {
                "no known failure left a trace, and a site is still on its way"
            } else {
                "too little could be read to say that nothing failed"
            };
            (Tone::Warn, "INCONCLUSIVE", what.to_owned())
        }
    };
    Verdict { tone, word, what }
}

/// How many findings of some verdicts are claimed of the present, and on which servers.
fn told(report: &Report, verdicts: &[&str]) -> (usize, String) {
    let found = report.diagnoses.iter().filter(|it| it.active && it.explained_by.is_none() && !is_benign(it));
    let found: Vec<_> = found.filter(|it| verdicts.contains(&it.verdict)).collect();
    let mut hosts: Vec<&str> = Vec::new();
    found.iter().for_each(|it| {
        if !hosts.contains(&it.host.as_str()) {
            hosts.push(&it.host)
        }
    });
    (found.len(), hosts.join(", "))
}

/// What the verdict rests on: how much was read, by which tool.
pub fn basis(report: &Report) -> String {
    let sources = report.bundles.iter().map(|bundle| bundle.sources).sum();
    let bytes = report.bundles.iter().map(|bundle| bundle.bytes).sum();
    format!(
        "{} in {} from {}, {} · {} {}",
        plural(sources, "file"),
        plural(report.bundles.len(), "bundle"),
        plural(report.hosts.len(), "server"),
        size(bytes),
        report.tool.name,
        report.tool.version,
    )
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
