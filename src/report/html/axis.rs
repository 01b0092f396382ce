//! A time axis. Long stretches in which nothing happened are cut out, so that what did happen can be told apart.

use chrono::{DateTime, NaiveDateTime};

/// Milliseconds since 1970, of a time as reports write it: in UTC, or local where the zone is not known.
pub fn millis(time: &str) -> Option<i64> {
    let local = time.strip_suffix('Z').unwrap_or(time);
    let parsed = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
    Some(parsed.and_utc().timestamp_millis())
}

/// A time for the axis.
pub fn label(millis: i64, format: &str) -> String {
    DateTime::from_timestamp_millis(millis).map(|at| at.format(format).to_string()).unwrap_or_default()
}

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;
/// Distances of ticks that people can count by.
const STEPS: [i64; 20] = [
    SECOND,
    5 * SECOND,
    15 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    91 * DAY,
    365 * DAY,
    3650 * DAY,
];
/// A gap is cut out if it is longer than this, and than this part of what is shown.
const LEAST_CUT: i64 = 6 * HOUR;
const CUT_PART: i64 = 4;
const MOST_CUTS: usize = 6;
const CUT_WIDTH: f64 = 26.0;
const LEAST_WIDTH: f64 = 44.0;
const TICK_WIDTH: f64 = 84.0;

/// A stretch of time that is drawn to scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub from: i64,
    pub to: i64,
    pub left: f64,
    pub right: f64,
}

/// A tick with its label; the day is told where it is another than before.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub x: f64,
    pub label: String,
    pub day: Option<String>,
}

/// A time axis: stretches to scale with cuts between them.
#[derive(Clone, Debug)]
pub struct Axis {
    pub stretches: Vec<Stretch>,
}

impl Axis {
    /// An axis for some times, from `left` to `right`. None without times.
    pub fn of(mut times: Vec<i64>, left: f64, right: f64) -> Option<Self> {
        times.sort_unstable();
        times.dedup();
        let mut pieces = vec![(*times.first()?, *times.last()?)];
        for _ in 0..MOST_CUTS {
            let shown: i64 = pieces.iter().map(|(from, to)| to - from).sum();
            let gaps = times.windows(2).map(|pair| (pair[0], pair[1]));
            let uncut = gaps.filter(|gap| !pieces.iter().any(|piece| piece.1 == gap.0));
            let Some(widest) = uncut.max_by_key(|(from, to)| (to - from, -from)) else { break };
            let length = widest.1 - widest.0;
            if length < LEAST_CUT || length < shown / CUT_PART {
                break;
            }
            let at = pieces.iter().position(|(from, to)| *from <= widest.0 && widest.1 <= *to);
            let Some(at) = at else { break };
            let (from, to) = pieces[at];
            pieces.splice(at..=at, [(from, widest.0), (widest.1, to)]);
        }
        Some(Self { stretches: laid_out(&pieces, left, right) })
    }

    /// Where a time is.
    pub fn x(&self, time: i64) -> f64 {
        let inside = self.stretches.iter().find(|it| time <= it.to).or(self.stretches.last());
        let Some(it) = inside else { return 0.0 };
        let part = if it.to == it.from { 0.5 } else { (time - it.from) as f64 / (it.to - it.from) as f64 };
        it.left + part.clamp(0.0, 1.0) * (it.right - it.left)
    }

    /// The ticks, none so near another that labels would touch.
    pub fn ticks(&self) -> Vec<Tick> {
        let mut ticks: Vec<Tick> = Vec::new();
        let mut day = String::new();
        for it in &self.stretches {
            let room = ((it.right - it.left) / TICK_WIDTH).max(1.0);
            let step = STEPS.into_iter().find(|step| ((it.to - it.from) as f64) < *step as f64 * room);
            let step = step.unwrap_or(STEPS[STEPS.len() - 1]);
            let first =
                it.from.div_euclid(step) * step + if it.from.rem_euclid(step) == 0 { 0 } else { step };
            let mut times: Vec<i64> = (0..).map(|n| first + n * step).take_while(|at| *at <= it.to).collect();
            if times.is_empty() {
                times.push(it.from);
            }
            for at in times {
                let x = self.x(at);
                if ticks.last().is_some_and(|last| x - last.x < 0.75 * TICK_WIDTH) {
                    continue;
                }
                let format = if step < MINUTE { "%H:%M:%S" } else { "%H:%M" };
                let today = label(at, "%Y-%m-%d");
                let text = if step < DAY { label(at, format) } else { String::new() };
                ticks.push(Tick { x, label: text, day: (today != day).then(|| today.clone()) });
                day = today;
            }
        }
        ticks
    }
}

/// Pieces in their places: each as wide as it is long, and none too narrow to be seen.
fn laid_out(pieces: &[(i64, i64)], left: f64, right: f64) -> Vec<Stretch> {
    let count = pieces.len() as f64;
    let room = right - left - CUT_WIDTH * (count - 1.0) - LEAST_WIDTH * count;
    let total = pieces.iter().map(|(from, to)| to - from).sum::<i64>().max(1) as f64;
    let mut at = left;
    let place = |(from, to): &(i64, i64)| {
        let width = LEAST_WIDTH + room.max(0.0) * (to - from) as f64 / total;
        let it = Stretch { from: *from, to: *to, left: at, right: at + width };
        at += width + CUT_WIDTH;
        it
    };
    pieces.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_reports_write_them() {
        assert_eq!(millis("1970-01-02T00:00:01Z"), Some(DAY + SECOND));
        assert_eq!(millis("1970-01-01T00:00:00.591"), Some(591));
        assert_eq!(millis("yesterday"), None);
    }

    #[test]
    fn years_of_nothing_take_no_room() {
        let times = vec![0, MINUTE, 3 * MINUTE, 4000 * DAY, 4000 * DAY + 5 * MINUTE];
        let axis = Axis::of(times, 0.0, 900.0).unwrap();
        let spans: Vec<(i64, i64)> = axis.stretches.iter().map(|it| (it.from, it.to)).collect();
        assert_eq!(spans, [(0, 3 * MINUTE), (4000 * DAY, 4000 * DAY + 5 * MINUTE)]);
        assert!(axis.x(MINUTE) - axis.x(0) > 50.0);
        assert!(axis.x(4000 * DAY) > axis.x(3 * MINUTE));
        assert!(axis.ticks().windows(2).all(|pair| pair[1].x - pair[0].x > 50.0));
    }

    #[test]
    fn a_single_moment_stands_in_the_middle_and_none_makes_no_axis() {
        let axis = Axis::of(vec![5, 5], 0.0, 44.0).unwrap();
        assert_eq!((axis.x(5), axis.ticks().len()), (22.0, 1));
        assert!(Axis::of(Vec::new(), 0.0, 1.0).is_none());
    }
}
