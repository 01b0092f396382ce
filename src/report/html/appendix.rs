//! What stands behind the findings: other errors, what to collect, what was read and what not, sources and packs.

use std::collections::BTreeSet;

use super::document::{fold, header, section};
use super::markup::Markup;
use super::place::place;
use crate::model::report::{Evidence, ProblemReport, Report};
use crate::report::page::plural;
use crate::report::place::position;

/// Entries of a list that stand on the page; the JSON report has all.
const MOST: usize = 500;

/// Error lines that no finding explains.
pub fn unexplained(page: &mut Markup, report: &Report) {
    if report.unexplained.is_empty() {
        return;
    }
    section(page, "unexplained", "Error lines that no finding explains", |page| {
        for group in report.unexplained.iter().take(MOST) {
            let span = match (&group.first, &group.last) {
                (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
                _ => String::new(),
            };
            let count = plural(usize::try_from(group.count).unwrap_or(usize::MAX), "time");
            page.element("p", &[("class", "count")], &format!("{count} on {}{span}", group.host));
            place(page, &group.example);
        }
        rest(page, report.unexplained.len(), "shape");
    });
}

/// What to collect.
pub fn asks(page: &mut Markup, report: &Report) {
    if report.asks.is_empty() {
        return;
    }
    section(page, "collect", "What to collect", |page| {
        page.inside("ul", &[("class", "asks")], |page| {
            for ask in &report.asks {
                page.inside("li", &[], |page| {
                    page.element("p", &[], &format!("from {}: {}", ask.host, ask.collect));
                    page.element("p", &[("class", "quiet")], &ask.because);
                });
            }
        });
    });
}

/// What was read, what could not be, and what was taken for granted: without it, that nothing was found says little.
pub fn coverage(page: &mut Markup, report: &Report) {
    let (assumed, unread): (Vec<_>, Vec<_>) =
        report.problems.iter().partition(|problem| problem.is_assumed());
    section(page, "coverage", "Coverage", |page| {
        let sources: usize = report.bundles.iter().map(|bundle| bundle.sources).sum();
        let logs = report.hosts.iter().flat_map(|host| &host.logs);
        let records: u64 = logs.map(|log| log.records).sum();
        let text = format!(
            "{} read, {records} records of logs; {} that could not be read.",
            plural(sources, "file"),
            plural(unread.len(), "place")
        );
        page.element("p", &[], &text);
        problems(page, "What could not be read", &unread);
        problems(page, "What was taken for granted", &assumed);
        if !report.left_out.is_empty() {
            page.raw("<h3>Read, and not listed one by one</h3>\n");
            page.inside("ul", &[], |page| {
                report.left_out.iter().for_each(|text| page.element("li", &[], text));
            });
        }
    });
}

fn problems(page: &mut Markup, title: &str, problems: &[&ProblemReport]) {
    if problems.is_empty() {
        return;
    }
    page.element("h3", &[], &format!("{title} ({})", problems.len()));
    page.inside("ul", &[], |page| {
        for problem in problems.iter().take(MOST) {
            let source = if problem.source.is_empty() { &problem.bundle } else { &problem.source };
            let place = format!("{source}{}", position(problem.line, problem.offset));
            let kind = if problem.is_assumed() { String::new() } else { format!(" ({})", problem.kind) };
            page.inside("li", &[], |page| {
                page.element("bdi", &[("class", "path")], &place);
                page.text(&format!(": {}{kind}", problem.what));
            });
        }
    });
    rest(page, problems.len(), "place");
}

fn rest(page: &mut Markup, count: usize, what: &str) {
    if let Some(more @ 1..) = count.checked_sub(MOST) {
        let text = format!("{} more in the JSON report", plural(more, what));
        page.element("p", &[("class", "quiet")], &text);
    }
}

/// What the report rests on, so that anyone can check that it speaks of the files at hand.
pub fn sources(page: &mut Markup, report: &Report) {
    section(page, "sources", "Sources and knowledge", |page| {
        bundles(page, report);
        let cited = cited(report);
        if !cited.is_empty() {
            let title = format!("{} cited, with SHA-256", plural(cited.len(), "source"));
            fold(page, &title, |page| hashes(page, &["Source", "SHA-256"], cited));
        }
        packs(page, report);
    });
}

fn bundles(page: &mut Markup, report: &Report) {
    page.inside("ul", &[], |page| {
        for it in &report.bundles {
            page.inside("li", &[], |page| {
                page.element("bdi", &[("class", "path")], &it.path);
                page.text(&format!(": {}, {} bytes", plural(it.sources, "file"), it.bytes));
                if !it.sha256.is_empty() {
                    page.raw("<br><span class=\"quiet\">SHA-256 over names, sizes and contents</span> ");
                    page.element("code", &[], &it.sha256);
                }
            });
        }
    });
}

/// The sources that the page names, each once, with their hashes.
fn cited(report: &Report) -> Vec<[String; 2]> {
    let found = report.diagnoses.iter().flat_map(|it| it.evidence.iter().chain(&it.against));
    let items = report.checklists.iter().flat_map(|list| &list.items).flat_map(|item| &item.evidence);
    let phases = report.lifecycles.iter().flat_map(|it| &it.phases).flat_map(|phase| &phase.evidence);
    let examples = report.unexplained.iter().map(|group| &group.example);
    let all = found.chain(items).chain(phases).chain(examples);
    let hashed = all.filter(|it: &&Evidence| !it.source.is_empty() && !it.sha256.is_empty());
    let once: BTreeSet<(&str, &str)> = hashed.map(|it| (it.source.as_str(), it.sha256.as_str())).collect();
    once.into_iter().map(|(source, hash)| [source.to_owned(), hash.to_owned()]).collect()
}

fn packs(page: &mut Markup, report: &Report) {
    let packs = &report.tool.catalog.packs_used;
    let tool = format!("Made by {} {}", report.tool.name, report.tool.version);
    page.element("p", &[], &tool);
    if packs.is_empty() {
        return;
    }
    fold(page, &format!("{} of knowledge, with SHA-256", plural(packs.len(), "pack")), |page| {
        let rows = packs.iter().map(|pack| {
            let instead = match pack.overrides.as_slice() {
                [] => String::new(),
                names => format!(", in the place of {}", names.join(", ")),
            };
            let files = plural(pack.files, "file");
            [format!("{} of {}: {files}{instead}", pack.kind, pack.path), pack.sha256.clone()]
        });
        hashes(page, &["Pack", "SHA-256"], rows.collect());
    });
}

fn hashes(page: &mut Markup, titles: &[&str], rows: Vec<[String; 2]>) {
    page.inside("table", &[("class", "stack hashes")], |page| {
        header(page, titles);
        page.inside("tbody", &[], |page| {
            for [name, hash] in &rows {
                page.inside("tr", &[], |page| {
                    page.element("th", &[("scope", "row")], name);
                    page.inside("td", &[], |page| page.element("code", &[], hash));
                });
            }
        });
    });
}
