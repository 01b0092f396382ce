//! A case as Markdown, for a mail or a ticket: what failed, why, what to do, how to verify.

use std::fmt::Write as _;

use crate::model::printable;
use crate::model::report::{Diagnosis, Evidence, Report, Step};
use crate::model::run::RunReport;

use super::page::plural;
use super::place::{position, where_is};

/// Pieces of evidence that are shown of one finding.
const MOST_PLACES: usize = 5;

/// Renders the report of a case.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", headline(report));
    let _ = writeln!(out, "{}\n", scope(report));
    let roots: Vec<&Diagnosis> = report
        .diagnoses
        .iter()
        .filter(|it| it.explained_by.is_none() && it.verdict != "ruled_out" && it.kind != "benign")
        .collect();
    for it in &roots {
        out.push_str(&finding(it, report));
    }
    lifecycles(&mut out, report);
    asks(&mut out, report);
    unread(&mut out, report);
    let _ = writeln!(
        out,
        "_{} {}, catalog {}_",
        report.tool.name,
        report.tool.version,
        short(&report.tool.catalog.sha256)
    );
    out
}

/// What failed, in one line without markup.
pub fn headline(report: &Report) -> String {
    let first = report.diagnoses.iter().find(|it| it.explained_by.is_none() && it.verdict != "ruled_out");
    match (report.verdict, first) {
        ("clean", _) => "Nothing of what is known went wrong".to_owned(),
        ("inconclusive", None) => "Too little could be read to tell".to_owned(),
        (_, Some(first)) => escaped(&first.title),
        (verdict, None) => format!("The case is {verdict}"),
    }
}

fn scope(report: &Report) -> String {
    let servers: Vec<String> = report
        .hosts
        .iter()
        .map(|host| match &host.site {
            Some(site) => format!("{} ({site})", host.name),
            None => host.name.clone(),
        })
        .collect();
    format!("Verdict: **{}**. Servers: {}.", report.verdict, escaped(&servers.join(", ")))
}

/// One finding with its reasons and what to do.
pub fn finding(it: &Diagnosis, report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "## {}. {}\n", it.id, escaped(&it.title));
    let site = it.site.as_ref().map(|site| format!(", site {site}")).unwrap_or_default();
    let kb = if it.kb.is_empty() { String::new() } else { format!(" · {}", it.kb.join(", ")) };
    let state = if it.active { "" } else { " · over: a later success followed" };
    let _ = writeln!(
        out,
        "{} {}% · {} · {} · on {}{}{kb}{state}\n",
        it.verdict.replace('_', " "),
        it.confidence,
        it.severity,
        it.kind.replace('_', " "),
        escaped(&it.host),
        escaped(&site),
    );
    let _ = writeln!(out, "{}\n", escaped(&it.means));
    places(&mut out, "What speaks for it", &it.evidence);
    places(&mut out, "What speaks against it", &it.against);
    if !it.unknown.is_empty() {
        let _ = writeln!(out, "**What is missing**\n");
        for unknown in &it.unknown {
            let ask = unknown.ask.as_ref().map(|ask| format!("; collect {ask}")).unwrap_or_default();
            let _ = writeln!(out, "- {}{}", escaped(&unknown.why), escaped(&ask));
        }
        out.push('\n');
    }
    if !it.explains.is_empty() {
        let _ = writeln!(out, "**What it explains**\n");
        for id in &it.explains {
            if let Some(effect) = report.diagnoses.get(id - 1) {
                let _ = writeln!(
                    out,
                    "- {} ({}, on {})",
                    escaped(&effect.title),
                    effect.verdict,
                    escaped(&effect.host)
                );
            }
        }
        out.push('\n');
    }
    steps(&mut out, &it.remediation);
    if !it.verification.is_empty() {
        let _ = writeln!(out, "**How to verify**\n");
        it.verification.iter().for_each(|text| _ = writeln!(out, "- {}", escaped(text)));
        out.push('\n');
    }
    out
}

fn places(out: &mut String, title: &str, evidence: &[Evidence]) {
    if evidence.is_empty() {
        return;
    }
    let _ = writeln!(out, "**{title}**\n");
    let mut before = "";
    for place in evidence.iter().take(MOST_PLACES) {
        // Several places may show one thing.
        if before != place.says {
            let _ = writeln!(out, "- {}", escaped(&place.says));
            before = &place.says;
        }
        if !place.source.is_empty() {
            let _ = writeln!(out, "  {}\n  {}", escaped(&where_is(place)), code(&place.text));
        }
        for meaning in &place.codes {
            if let Some(text) = &meaning.meaning {
                let name = meaning.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
                let _ =
                    writeln!(out, "  {} = {}", escaped(&meaning.written), escaped(&format!("{name}{text}")));
            }
        }
    }
    if evidence.len() > MOST_PLACES {
        let _ = writeln!(out, "- and {} more", evidence.len() - MOST_PLACES);
    }
    out.push('\n');
}

fn steps(out: &mut String, steps: &[Step]) {
    if steps.is_empty() {
        return;
    }
    let _ = writeln!(out, "**What to do**\n");
    for step in steps {
        let risk = if step.risk == "low" { String::new() } else { format!(" ({} risk)", step.risk) };
        let _ =
            writeln!(out, "- [ ] {}. on {}{risk}: {}", step.step, escaped(&step.on), escaped(&step.action));
        if let Some(run) = &step.run {
            let _ = writeln!(out, "  {}", code(run));
        }
    }
    out.push('\n');
}

fn lifecycles(out: &mut String, report: &Report) {
    let stopped: Vec<_> = report.lifecycles.iter().filter(|it| it.state != "complete").collect();
    if stopped.is_empty() {
        return;
    }
    let _ = writeln!(out, "## How far each site got\n");
    for it in stopped {
        let phase = it.phases.iter().find(|phase| Some(&phase.id) == it.stopped.as_ref());
        let phase =
            phase.map(|phase| format!(": {} {} ({})", phase.id, phase.title, phase.says)).unwrap_or_default();
        let site = it.site.as_deref().unwrap_or("?");
        let text = format!("{} of site {site}, {}{phase}", it.title, it.state.replace('_', " "));
        let _ = writeln!(out, "- {}", escaped(&text));
    }
    out.push('\n');
}

fn asks(out: &mut String, report: &Report) {
    if report.asks.is_empty() {
        return;
    }
    let _ = writeln!(out, "## What to collect\n");
    for ask in &report.asks {
        let _ = writeln!(out, "- from {}: {}", escaped(&ask.host), escaped(&ask.collect));
    }
    out.push('\n');
}

fn unread(out: &mut String, report: &Report) {
    let unread: Vec<_> =
        report.problems.iter().filter(|it| !it.is_assumed() && it.kind != "unrecognised").collect();
    if unread.is_empty() {
        return;
    }
    let _ = writeln!(out, "## What could not be read\n");
    for it in unread {
        let place = format!("{}{}", it.source, position(it.line, it.offset));
        let _ = writeln!(out, "- {}: {}", escaped(&place), escaped(&it.what));
    }
    out.push('\n');
}

/// Renders what came of a run over many bundles.
pub fn render_run(report: &RunReport) -> String {
    let mut out = String::new();
    let counts: Vec<String> =
        report.verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
    let _ = writeln!(out, "# {}: {}\n", plural(report.bundles.len(), "bundle"), counts.join(", "));
    if !report.causes.is_empty() {
        let _ = writeln!(out, "| bundles | cause | severity | sites |\n|--:|---|---|---|");
        for cause in &report.causes {
            let sites = cause.sites.join(", ");
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                cause.bundles,
                cell(&cause.title),
                cause.severity,
                cell(&sites)
            );
        }
        out.push('\n');
    }
    let _ = writeln!(out, "| bundle | verdict | sites | first cause |\n|---|---|---|---|");
    for bundle in &report.bundles {
        let first = bundle.causes.first();
        let cause = first.map(|it| format!("{} on {}", report.causes[it.cause].signature, it.host));
        let told = bundle.error.clone().or(cause).unwrap_or_default();
        let verdict = bundle.verdict.unwrap_or("error");
        let _ = writeln!(
            out,
            "| {} | {verdict} | {} | {} |",
            cell(&bundle.path),
            cell(&bundle.sites.join(", ")),
            cell(&told)
        );
    }
    out
}

/// Text that Markdown takes for nothing but text.
pub fn escaped(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    // A line that begins like a list or a heading.
    if out.starts_with(['-', '+', '=']) {
        out.insert(0, '\\');
    }
    out
}

fn cell(text: &str) -> String {
    escaped(text)
}

/// Text as it stands, in as many backquotes as it needs.
pub fn code(text: &str) -> String {
    let text = printable(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The beginning of a hash.
fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_strangers_is_nothing_but_text() {
        assert_eq!(escaped("<img src=x> *a* [b](c) `d`"), r"\<img src=x\> \*a\* \[b\](c) \`d\`");
        assert_eq!(escaped("- no list"), r"\- no list");
        assert_eq!(code("a ``b` c"), "```a ``b` c```");
        assert_eq!(code("`"), "`` ` ``");
    }
}
