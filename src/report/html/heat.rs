//! Which cause is at which site how often: a table whose cells hold numbers, with a shade for a quick look.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{section, wide};
use super::markup::Markup;
use crate::model::run::RunReport;

/// Rows and columns that stand on the page; the script turns to further sites.
const MOST_CAUSES: usize = 40;
const MOST_SITES: usize = 60;
/// Shades of cells, without that of an empty one.
const SHADES: [&str; 5] = ["h1", "h2", "h3", "h4", "h5"];

/// Bundles by cause and site.
struct Counts<'r> {
    cells: BTreeMap<(usize, &'r str), usize>,
    /// The sites with most bundles first.
    sites: Vec<&'r str>,
}

impl<'r> Counts<'r> {
    fn of(report: &'r RunReport) -> Self {
        let mut cells: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
        for bundle in &report.bundles {
            let pairs = bundle.causes.iter().filter_map(|it| Some((it.cause, it.site.as_deref()?)));
            let pairs: BTreeSet<(usize, &str)> = pairs.filter(|(cause, _)| *cause < MOST_CAUSES).collect();
            for (cause, site) in pairs {
                *cells.entry((cause, site)).or_default() += 1;
                *totals.entry(site).or_default() += 1;
            }
        }
        let mut sites: Vec<&str> = totals.keys().copied().collect();
        sites.sort_by_key(|site| (std::cmp::Reverse(totals[site]), *site));
        Self { cells, sites }
    }
}

/// Whether causes and sites are known that could be compared.
pub fn is_of_use(report: &RunReport) -> bool {
    report.bundles.iter().flat_map(|it| &it.causes).any(|it| it.site.is_some())
}

/// The table of causes and sites, where both are known.
pub fn section_of(page: &mut Markup, report: &RunReport) {
    if !is_of_use(report) {
        return;
    }
    let counts = Counts::of(report);
    let shown = &counts.sites[..counts.sites.len().min(MOST_SITES)];
    section(page, "heat", "Causes by site", |page| {
        let text = format!(
            "Bundles with each cause at each site, for {} of {} causes and {} of {} sites, most common first.",
            report.causes.len().min(MOST_CAUSES),
            report.causes.len(),
            shown.len(),
            counts.sites.len()
        );
        page.element("p", &[("class", "quiet"), ("id", "heat-about")], &text);
        let [causes, sites, all] = [MOST_CAUSES, MOST_SITES, counts.sites.len()].map(|it| it.to_string());
        wide(page, "Table of causes by site", |page| {
            let limits = [("data-causes", &*causes), ("data-sites", &*sites), ("data-all", &*all)];
            let attributes = [&[("class", "heat"), ("id", "heat-table")][..], &limits].concat();
            page.inside("table", &attributes, |page| table(page, report, &counts, shown));
        });
        page.raw(
            "<p class=\"pager\" id=\"heat-pager\" hidden><button type=\"button\" id=\"sites-earlier\">Previous \
             sites</button> <button type=\"button\" id=\"sites-later\">Next sites</button></p>\n",
        );
    });
}

fn table(page: &mut Markup, report: &RunReport, counts: &Counts<'_>, sites: &[&str]) {
    let most = counts.cells.values().copied().max().unwrap_or(1);
    page.inside("thead", &[], |page| {
        page.inside("tr", &[], |page| {
            page.raw("<th scope=\"col\">Cause</th>");
            sites.iter().for_each(|site| page.element("th", &[("scope", "col")], site));
        });
    });
    page.inside("tbody", &[], |page| {
        for (number, cause) in report.causes.iter().take(MOST_CAUSES).enumerate() {
            page.inside("tr", &[], |page| {
                page.element("th", &[("scope", "row"), ("title", &cause.title)], &cause.signature);
                for site in sites {
                    match counts.cells.get(&(number, *site)) {
                        Some(count) => {
                            page.element("td", &[("class", shade(*count, most))], &count.to_string())
                        }
                        None => page.raw("<td></td>"),
                    }
                }
            });
        }
    });
}

/// The shade of a count: by its logarithm, as few sites have most of the bundles.
fn shade(count: usize, most: usize) -> &'static str {
    let part = (1.0 + count as f64).ln() / (1.0 + most as f64).ln();
    SHADES[((part * 5.0).ceil() as usize).clamp(1, 5) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_never_paler() {
        let shades: Vec<&str> = (1..=100).map(|count| shade(count, 100)).collect();
        assert!(shades.is_sorted(), "{shades:?}");
        assert_eq!((shade(1, 1), shade(100, 100)), ("h5", "h5"));
    }
}
