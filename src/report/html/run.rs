//! The page of a run over many bundles: how many have what, where, since when, and a list that can be filtered.

use super::document::{Script, badge, document, fold, header, section, wide};
use super::markup::Markup;
use super::{heat, run_data, trend};
use crate::model::run::{RunBundle, RunCause, RunReport};
use crate::report::page::plural;

/// Bundles that are listed without scripts.
const FIRST_BUNDLES: usize = 200;
/// Causes in the table; a script can ask for the bundles of any.
const MOST_CAUSES: usize = 500;
/// Causes that are listed at once; the others open at a click.
const FIRST_CAUSES: usize = 20;
/// Sites of one cause that are named; the rest is counted.
const MOST_SITES: usize = 8;
/// The verdicts, worst first, with their tones.
const VERDICTS: [(&str, &str); 5] =
    [("problem", "bad"), ("suspect", "warn"), ("inconclusive", "warn"), ("clean", "good"), ("error", "bad")];

/// The page of a run.
pub fn render(report: &RunReport) -> String {
    let count = |name: &str| report.verdicts.get(name).copied().unwrap_or_default();
    let noun = if report.bundles.len() == 1 { "bundle" } else { "bundles" };
    let bundles = format!("{} {noun}", grouped(report.bundles.len()));
    let title = format!("{bundles}, {} with a problem – sitedx", grouped(count("problem")));
    let script = Script { text: include_str!("run.js"), data: Some(run_data::of(report)) };
    document(&title, script, |page| {
        let tone = if count("problem") != 0 { "bad" } else { "good" };
        page.inside("header", &[("class", tone)], |page| top(page, report, &bundles));
        page.inside("main", &[("id", "main"), ("tabindex", "-1")], |page| {
            causes(page, report);
            heat::section_of(page, report);
            trend::section_of(page, report);
            list(page, report);
        });
    })
}

fn top(page: &mut Markup, report: &RunReport, bundles: &str) {
    page.element("h1", &[], bundles);
    page.inside("ul", &[("class", "verdicts")], |page| {
        for (name, tone) in VERDICTS {
            let Some(count) = report.verdicts.get(name) else { continue };
            page.inside("li", &[("class", tone)], |page| {
                page.element("b", &[], &grouped(*count));
                page.text(&format!(" {}", if name == "error" { "could not be opened" } else { name }));
            });
        }
    });
    if let Some(tool) = &report.tool {
        page.element("p", &[("class", "quiet")], &format!("{} {}", tool.name, tool.version));
    }
    page.raw("<nav aria-label=\"Parts of this report\">");
    let is_dated = report.bundles.iter().any(|it| it.last_seen.is_some());
    let parts = [
        ("#causes", "Causes", !report.causes.is_empty()),
        ("#heat", "Sites", heat::is_of_use(report)),
        ("#trend", "Trend", is_dated),
        ("#bundles", "Bundles", true),
    ];
    for (place, title, _) in parts.iter().filter(|(.., is_there)| *is_there) {
        page.element("a", &[("href", place)], title);
        page.raw(" ");
    }
    page.raw("</nav>\n");
}

fn causes(page: &mut Markup, report: &RunReport) {
    if report.causes.is_empty() {
        return;
    }
    section(page, "causes", "Causes, most common first", |page| {
        let shown = &report.causes[..report.causes.len().min(MOST_CAUSES)];
        let (first, rest) = shown.split_at(shown.len().min(FIRST_CAUSES));
        causes_table(page, first, 0);
        if !rest.is_empty() {
            let title = format!("{} that fewer bundles have", plural(rest.len(), "more cause"));
            fold(page, &title, |page| causes_table(page, rest, first.len()));
        }
        if report.causes.len() > MOST_CAUSES {
            let text = format!("{} rarer causes are in the JSON report.", report.causes.len() - MOST_CAUSES);
            page.element("p", &[("class", "quiet")], &text);
        }
    });
}

/// Causes with their numbers from `start` on, by which the script finds their bundles.
fn causes_table(page: &mut Markup, causes: &[RunCause], start: usize) {
    page.inside("table", &[("class", "stack causes")], |page| {
        header(page, &["Bundles", "Cause", "Severity", "Sites", "Seen"]);
        page.inside("tbody", &[], |page| {
            for (number, cause) in (start..).zip(causes) {
                page.inside("tr", &[("data-cause", &number.to_string())], |page| cause_row(page, cause));
            }
        });
    });
}

fn cause_row(page: &mut Markup, cause: &RunCause) {
    let count = [("data-label", "bundles"), ("class", "count")];
    page.element("td", &count, &grouped(cause.bundles));
    page.inside("th", &[("scope", "row")], |page| {
        page.text(&cause.title);
        page.raw(" ");
        let articles = cause.kb.iter().map(|kb| format!(" · {kb}")).collect::<String>();
        page.element("span", &[("class", "meta")], &format!("{}{articles}", cause.signature));
    });
    page.element("td", &[("data-label", "severity")], cause.severity);
    page.element("td", &[("data-label", "sites")], &sites(&cause.sites));
    let span = match (&cause.first_seen, &cause.last_seen) {
        (Some(first), Some(last)) if day(first) == day(last) => day(first).to_owned(),
        (Some(first), Some(last)) => format!("{} to {}", day(first), day(last)),
        _ => "?".to_owned(),
    };
    page.element("td", &[("data-label", "seen")], &span);
}

/// A number with a comma between its thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let places = digits.char_indices().map(|(at, digit)| {
        let is_first_of_three = at != 0 && (digits.len() - at).is_multiple_of(3);
        if is_first_of_three { format!(",{digit}") } else { digit.to_string() }
    });
    places.collect()
}

/// The day of a time.
fn day(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

fn sites(sites: &[String]) -> String {
    let mut text = sites.iter().take(MOST_SITES).cloned().collect::<Vec<_>>().join(", ");
    if sites.len() > MOST_SITES {
        text.push_str(&format!(" and {} more", sites.len() - MOST_SITES));
    }
    text
}

fn list(page: &mut Markup, report: &RunReport) {
    section(page, "bundles", "Bundles", |page| {
        filter(page, report);
        wide(page, "List of bundles", |page| {
            page.inside("table", &[("class", "stack bundles")], |page| {
                header(page, &["Bundle", "Verdict", "Sites", "Causes", "Newest record"]);
                page.inside("tbody", &[("id", "rows")], |page| {
                    let first = report.bundles.iter().take(FIRST_BUNDLES);
                    first.for_each(|bundle| page.inside("tr", &[], |page| row(page, report, bundle)));
                });
            });
        });
        if report.bundles.len() > FIRST_BUNDLES {
            let more = report.bundles.len() - FIRST_BUNDLES;
            let text = format!(
                "{} more bundles are in this file; a browser that runs scripts lists them.",
                grouped(more)
            );
            page.element("p", &[("class", "quiet"), ("id", "more")], &text);
        }
    });
}

fn filter(page: &mut Markup, report: &RunReport) {
    page.inside("form", &[("class", "filter"), ("id", "filter"), ("hidden", "")], |page| {
        page.raw("<label><span>Verdict</span><select id=\"filter-verdict\" autocomplete=\"off\">");
        page.raw("<option value=\"\">all</option>");
        for (name, _) in VERDICTS.iter().filter(|(name, _)| report.verdicts.contains_key(name)) {
            page.element("option", &[("value", name)], name);
        }
        page.raw(
            "</select></label>\n<label><span>Cause</span><select id=\"filter-cause\" autocomplete=\"off\">",
        );
        page.raw("<option value=\"\">all</option>");
        for (number, cause) in report.causes.iter().take(MOST_CAUSES).enumerate() {
            page.element("option", &[("value", &number.to_string())], &cause.title);
        }
        page.raw(
            "</select></label>\n<label><span>Site</span><input type=\"search\" id=\"filter-site\" \
             autocomplete=\"off\"></label>\n<label><span>Path or server</span><input type=\"search\" \
             id=\"filter-text\" autocomplete=\"off\"></label>\n\
             <output id=\"filter-count\" aria-live=\"polite\"></output>\n\
             <span class=\"pager\"><button type=\"button\" id=\"earlier\">Previous</button> \
             <button type=\"button\" id=\"later\">Next</button></span>\n",
        );
    });
}

fn row(page: &mut Markup, report: &RunReport, bundle: &RunBundle) {
    page.inside("th", &[("scope", "row")], |page| page.element("bdi", &[("class", "path")], &bundle.path));
    let verdict = bundle.verdict.unwrap_or("error");
    let tone = VERDICTS.iter().find(|(name, _)| *name == verdict).map_or("warn", |(_, tone)| tone);
    page.inside("td", &[], |page| badge(page, tone, verdict));
    page.element("td", &[("data-label", "sites")], &bundle.sites.join(", "));
    page.inside("td", &[], |page| {
        if let Some(error) = &bundle.error {
            page.text(error);
        }
        for cause in &bundle.causes {
            let name = report.causes.get(cause.cause).map_or("?", |it| it.signature.as_str());
            page.element("div", &[], &format!("{name} on {} · {}%", cause.host, cause.confidence));
        }
    });
    let last = bundle.last_seen.as_deref().unwrap_or("?");
    page.element("td", &[("data-label", "newest record")], last);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        let texts = [0, 999, 1000, 50_000, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "50,000", "1,234,567"]);
    }
}
