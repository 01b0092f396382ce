//! How many bundles end when: by day, month or year of their newest record.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::document::{fold, header, section, wide};
use super::markup::Markup;
use crate::model::run::RunReport;
use crate::report::page::plural;

const HEIGHT: f64 = 160.0;
const WIDTH: f64 = 1000.0;
const FOOT: f64 = 24.0;
const HEAD: f64 = 16.0;
/// Bars that can be told apart.
const MOST_BARS: i64 = 62;

/// What a bar stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    Day,
    Month,
    Year,
}

/// A bar: its name, all bundles, and those with a problem.
struct Bar {
    name: String,
    all: usize,
    problems: usize,
}

/// The trend, where any bundle has a time.
pub fn section_of(page: &mut Markup, report: &RunReport) {
    let (unit, bars) = bars(report);
    if bars.is_empty() {
        return;
    }
    let title = match unit {
        Unit::Day => "Bundles by the day of their newest record",
        Unit::Month => "Bundles by the month of their newest record",
        Unit::Year => "Bundles by the year of their newest record",
    };
    section(page, "trend", title, |page| {
        wide(page, "Trend as a picture", |page| draw(page, title, &bars));
        page.raw("<ul class=\"legend\"><li><span class=\"key problems\"></span>with a problem</li>");
        page.raw("<li><span class=\"key others\"></span>others</li></ul>\n");
        fold(page, "The numbers", |page| numbers(page, &bars));
    });
}

/// The date of the newest record of each bundle, and whether it has a problem.
fn dates(report: &RunReport) -> Vec<(NaiveDate, bool)> {
    let dated = report.bundles.iter().filter_map(|it| {
        let date = NaiveDate::parse_from_str(it.last_seen.as_ref()?.get(..10)?, "%Y-%m-%d").ok()?;
        Some((date, it.verdict == Some("problem")))
    });
    dated.collect()
}

fn bars(report: &RunReport) -> (Unit, Vec<Bar>) {
    let dates = dates(report);
    let (first, last) = (dates.iter().map(|it| it.0).min(), dates.iter().map(|it| it.0).max());
    let (Some(first), Some(last)) = (first, last) else { return (Unit::Day, Vec::new()) };
    let months =
        i64::from(last.year() - first.year()) * 12 + i64::from(last.month0()) - i64::from(first.month0());
    let unit = match ((last - first).num_days() < MOST_BARS, months < MOST_BARS) {
        (true, _) => Unit::Day,
        (false, true) => Unit::Month,
        (false, false) => Unit::Year,
    };
    let mut counts: BTreeMap<NaiveDate, (usize, usize)> = BTreeMap::new();
    for (date, is_problem) in dates {
        let (all, problems) = counts.entry(unit.start(date)).or_default();
        *all += 1;
        *problems += usize::from(is_problem);
    }
    // What has none has its place too, or a pause would not show.
    let mut bars = Vec::new();
    let mut at = Some(unit.start(first));
    while let Some(date) = at.filter(|date| *date <= last) {
        let (all, problems) = counts.get(&date).copied().unwrap_or_default();
        bars.push(Bar { name: unit.name(date), all, problems });
        at = unit.next(date);
    }
    (unit, bars)
}

impl Unit {
    fn start(self, date: NaiveDate) -> NaiveDate {
        let start = match self {
            Self::Day => Some(date),
            Self::Month => date.with_day(1),
            Self::Year => NaiveDate::from_ymd_opt(date.year(), 1, 1),
        };
        start.unwrap_or(date)
    }

    fn next(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => date.checked_add_days(Days::new(1)),
            Self::Month => date.checked_add_months(Months::new(1)),
            Self::Year => date.checked_add_months(Months::new(12)),
        }
    }

    fn name(self, date: NaiveDate) -> String {
        let format = match self {
            Self::Day => "%Y-%m-%d",
            Self::Month => "%Y-%m",
            Self::Year => "%Y",
        };
        date.format(format).to_string()
    }
}

fn draw(page: &mut Markup, title: &str, bars: &[Bar]) {
    let most = bars.iter().map(|bar| bar.all).max().unwrap_or(1).max(1) as f64;
    let view = format!("0 0 {WIDTH} {HEIGHT}");
    let attributes =
        [("class", "chart trend"), ("viewBox", view.as_str()), ("role", "img"), ("aria-label", title)];
    page.inside("svg", &attributes, |page| {
        let step = WIDTH / bars.len() as f64;
        let width = (step * 0.8).min(48.0);
        // Names need room, so only some bars have theirs.
        let each = (90.0 / step).ceil().max(1.0) as usize;
        for (number, bar) in bars.iter().enumerate() {
            let left = step * number as f64 + (step - width) / 2.0;
            page.inside("g", &[], |page| {
                let name =
                    format!("{}: {}, {} with a problem", bar.name, plural(bar.all, "bundle"), bar.problems);
                page.element("title", &[], &name);
                let scale = |count: usize| (HEIGHT - FOOT - HEAD) * count as f64 / most;
                let (all, problems) = (scale(bar.all), scale(bar.problems));
                block(page, "others", left, HEIGHT - FOOT - all, width, all - problems);
                block(page, "problems", left, HEIGHT - FOOT - problems, width, problems);
            });
            let middle = left + width / 2.0;
            if number % each == 0 {
                label(page, middle, HEIGHT - 6.0, &bar.name);
            }
            if bar.all as f64 == most {
                label(page, middle, HEAD - 4.0, &bar.all.to_string());
            }
        }
    });
}

fn block(page: &mut Markup, class: &str, x: f64, y: f64, width: f64, height: f64) {
    let [x, y, width, height] = [x, y, width, height].map(|number| format!("{number:.1}"));
    let attributes = [("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height)];
    page.element("rect", &attributes, "");
}

fn label(page: &mut Markup, x: f64, y: f64, text: &str) {
    let (x, y) = (format!("{x:.1}"), format!("{y:.1}"));
    page.element("text", &[("class", "tick"), ("x", &x), ("y", &y)], text);
}

fn numbers(page: &mut Markup, bars: &[Bar]) {
    page.inside("table", &[], |page| {
        header(page, &["Time", "Bundles", "With a problem"]);
        page.inside("tbody", &[], |page| {
            for bar in bars {
                page.inside("tr", &[], |page| {
                    page.element("th", &[("scope", "row")], &bar.name);
                    page.element("td", &[("class", "count")], &bar.all.to_string());
                    page.element("td", &[("class", "count")], &bar.problems.to_string());
                });
            }
        });
    });
}
