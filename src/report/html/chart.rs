//! The timeline as a picture: a lane for each server, a row in it for each kind, and marks that differ in shape.

use std::collections::BTreeMap;

use super::axis::{Axis, millis};
use super::markup::Markup;
use crate::model::report::{Moment, Report};

/// A kind of moment: its name in reports and on the page, and the shape of its mark around the origin.
pub struct Kind {
    pub name: &'static str,
    pub title: &'static str,
    shape: &'static str,
}

/// All kinds, in the order of their rows.
pub const KINDS: [Kind; 6] = [
    Kind { name: "phase", title: "phase of a site", shape: "M0-6 6 0 0 6-6 0Z" },
    Kind { name: "finding", title: "finding", shape: "M0-6 6 5-6 5Z" },
    Kind { name: "event", title: "event", shape: "M-4 0A4 4 0 1 1 4 0A4 4 0 1 1-4 0Z" },
    Kind {
        name: "error",
        title: "unexplained error",
        shape: "M-5-3-3-5 0-2 3-5 5-3 2 0 5 3 3 5 0 2-3 5-5 3-2 0Z",
    },
    Kind { name: "silence", title: "end of a silence", shape: "M-5-5H5V5H-5V3H3V-3H-5Z" },
    Kind { name: "set_back", title: "clock set back", shape: "M5-5V5L-5 0Z" },
];

const WIDTH: f64 = 1000.0;
const LEFT: f64 = 104.0;
const RIGHT: f64 = 984.0;
const ROW: f64 = 18.0;
const LANE_HEAD: f64 = 26.0;
const LANE_FOOT: f64 = 8.0;
const AXIS_HEIGHT: f64 = 40.0;
/// Marks of one row that are nearer than this are one.
const NEAR: f64 = 11.0;
/// Lanes in the picture; more servers are in the table.
const MOST_LANES: usize = 40;
/// Moments that one mark names.
const MOST_NAMED: usize = 6;

/// Moments of one server and kind, by time.
type Row<'r> = Vec<(i64, &'r Moment)>;

/// A server with its rows that are not empty.
struct Lane<'r> {
    host: &'r str,
    rows: Vec<(&'static Kind, Row<'r>)>,
    is_local: bool,
}

/// The picture; nothing if no moment has a time.
pub fn draw(page: &mut Markup, report: &Report) {
    let lanes = lanes(report);
    let shown = &lanes[..lanes.len().min(MOST_LANES)];
    let moments = shown.iter().flat_map(|lane| &lane.rows).flat_map(|(_, row)| row);
    let Some(axis) = Axis::of(moments.map(|(time, _)| *time).collect(), LEFT, RIGHT) else { return };
    let height = AXIS_HEIGHT + shown.iter().map(Lane::height).sum::<f64>();
    let view = format!("0 0 {WIDTH} {height}");
    let label = "Timeline: a lane for each server. The table below has the same moments as text.";
    let attributes = [("class", "chart"), ("viewBox", view.as_str()), ("role", "img"), ("aria-label", label)];
    page.inside("svg", &attributes, |page| {
        ticks(page, &axis, height);
        let mut top = AXIS_HEIGHT;
        for lane in shown {
            draw_lane(page, lane, &axis, top);
            top += lane.height();
        }
    });
    if lanes.len() > MOST_LANES {
        let text = format!("{} more servers are in the table only.", lanes.len() - MOST_LANES);
        page.element("p", &[("class", "quiet")], &text);
    }
}

/// What the marks mean.
pub fn legend(page: &mut Markup, moments: &[Moment]) {
    page.inside("ul", &[("class", "legend")], |page| {
        for kind in KINDS.iter().filter(|kind| moments.iter().any(|moment| moment.kind == kind.name)) {
            page.inside("li", &[], |page| {
                let attributes = [("viewBox", "-8 -8 16 16"), ("class", "mark"), ("aria-hidden", "true")];
                page.inside("svg", &attributes, |page| {
                    page.element("path", &[("class", kind.name), ("d", kind.shape)], "");
                });
                page.text(kind.title);
            });
        }
        if moments.iter().any(is_severe) {
            page.raw("<li><span class=\"key problems\"></span>red: critical or high</li>\n");
        }
    });
}

fn lanes(report: &Report) -> Vec<Lane<'_>> {
    let mut by_host: BTreeMap<&str, BTreeMap<usize, Row<'_>>> = BTreeMap::new();
    let mut local: BTreeMap<&str, bool> = BTreeMap::new();
    for moment in &report.timeline {
        let Some(time) = millis(&moment.time) else { continue };
        let Some(kind) = KINDS.iter().position(|kind| kind.name == moment.kind) else { continue };
        by_host.entry(&moment.host).or_default().entry(kind).or_default().push((time, moment));
        *local.entry(&moment.host).or_default() |= !moment.utc;
    }
    // Servers stand as elsewhere in the report, and those that it does not list behind them.
    let listed = report.hosts.iter().map(|host| host.name.as_str());
    let mut order: Vec<&str> = listed.filter(|name| by_host.contains_key(name)).collect();
    order.extend(by_host.keys().filter(|name| !report.hosts.iter().any(|host| host.name == **name)));
    let lane = |host: &'_ &str| {
        let rows = by_host.get(host).into_iter().flatten();
        let rows = rows.map(|(kind, row)| {
            let mut row = row.clone();
            row.sort_by_key(|(time, _)| *time);
            (&KINDS[*kind], row)
        });
        (rows.collect(), local.get(host).copied().unwrap_or_default())
    };
    order
        .iter()
        .map(|host| (host, lane(host)))
        .map(|(host, (rows, is_local))| Lane { host, rows, is_local })
        .collect()
}

impl Lane<'_> {
    fn height(&self) -> f64 {
        LANE_HEAD + ROW * self.rows.len() as f64 + LANE_FOOT
    }
}

/// A number of the picture, to a tenth.
fn at(number: f64) -> String {
    format!("{number:.1}")
}

fn line(page: &mut Markup, class: &str, from: (f64, f64), to: (f64, f64)) {
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(at);
    page.element("line", &[("class", class), ("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)], "");
}

fn write(page: &mut Markup, class: &str, x: f64, y: f64, text: &str) {
    page.element("text", &[("class", class), ("x", &at(x)), ("y", &at(y))], text);
}

/// The ticks, and where time was cut out.
fn ticks(page: &mut Markup, axis: &Axis, height: f64) {
    write(page, "tick", 0.0, 30.0, "UTC");
    for tick in axis.ticks() {
        line(page, "grid", (tick.x, AXIS_HEIGHT - 6.0), (tick.x, height));
        write(page, "tick", tick.x, 30.0, &tick.label);
        if let Some(day) = &tick.day {
            write(page, "day", tick.x, 14.0, day);
        }
    }
    for pair in axis.stretches.windows(2) {
        let middle = f64::midpoint(pair[0].right, pair[1].left);
        page.inside("g", &[], |page| {
            page.raw("<title>a stretch without moments is left out</title>");
            line(page, "cut", (middle - 2.0, AXIS_HEIGHT - 6.0), (middle - 2.0, height));
            line(page, "cut", (middle + 2.0, AXIS_HEIGHT - 6.0), (middle + 2.0, height));
        });
    }
}

fn draw_lane(page: &mut Markup, lane: &Lane<'_>, axis: &Axis, top: f64) {
    line(page, "lane", (0.0, top), (WIDTH, top));
    let local = if lane.is_local { " (some times are local, their zone is not known)" } else { "" };
    write(page, "server", 0.0, top + 17.0, &format!("{}{local}", lane.host));
    for (number, (kind, row)) in lane.rows.iter().enumerate() {
        let y = top + LANE_HEAD + ROW * (number as f64 + 0.5);
        let name = kind.name.replace('_', " ");
        write(page, "row", 0.0, y + 4.0, &name);
        line(page, "rail", (LEFT, y), (RIGHT, y));
        let placed: Vec<(f64, &Moment)> = row.iter().map(|(time, it)| (axis.x(*time), *it)).collect();
        let mut rest = placed.as_slice();
        while let Some((first, _)) = rest.first() {
            let near = rest.iter().take_while(|(x, _)| x - first < NEAR).count();
            let (these, others) = rest.split_at(near);
            mark(page, kind, *first, y, these);
            rest = others;
        }
    }
}

/// One mark for moments that are too near one another to be told apart.
fn mark(page: &mut Markup, kind: &Kind, x: f64, y: f64, moments: &[(f64, &Moment)]) {
    let class = if moments.iter().any(|(_, it)| is_severe(it)) {
        format!("{} severe", kind.name)
    } else {
        kind.name.to_owned()
    };
    let place = format!("translate({} {})", at(x), at(y));
    page.inside("g", &[("transform", &place)], |page| {
        page.element("title", &[], &told(moments));
        page.element("path", &[("class", &class), ("d", kind.shape)], "");
    });
}

fn is_severe(moment: &Moment) -> bool {
    matches!(moment.severity, Some("critical" | "high"))
}

fn told(moments: &[(f64, &Moment)]) -> String {
    let named = moments.iter().take(MOST_NAMED).map(|(_, it)| {
        let severity = it.severity.map(|severity| format!(" ({severity})")).unwrap_or_default();
        format!("{} {}{severity}", it.time, it.what)
    });
    let mut told = named.collect::<Vec<_>>().join(" · ");
    if moments.len() > MOST_NAMED {
        told.push_str(&format!(" · and {} more", moments.len() - MOST_NAMED));
    }
    told
}
