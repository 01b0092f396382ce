//! Lines of logs: whether one stands there, how often, and how long ago.

use chrono::{NaiveDateTime, TimeDelta};

use crate::facts::{Host, Truth};
use crate::model::Origin;
use crate::parse::log::{LineHit, LogRead};
use crate::signature::{Lines, Repeated};

use super::super::found::{Found, Row, Seen};
use super::asked::{Asked, MOST_ROWS};
use super::collect::logs_of;

/// A line in one of some logs.
pub fn line(lines: &Lines, asked: Asked<'_>) -> Found {
    let (fact, host) = (asked.fact(), asked.host);
    let names = logs_of(&lines.logs);
    let mut rows = Vec::new();
    let mut ages = Ages::default();
    for (log, hit) in lines.numbers.iter().flat_map(|number| fact.hits(*number)) {
        if rows.len() == MOST_ROWS || (asked.accept)(&hit.captures) != Truth::Yes {
            continue;
        }
        if lines.last && (!is_last(log, hit) || fact.generations.is_followed(log.source)) {
            continue;
        }
        if lines.age.is_none_or(|age| ages.is_old(fact, log, hit, lines.last, age)) {
            rows.push(Row { captures: hit.captures.clone(), seen: vec![seen(host, hit)] });
        }
    }
    // The order of the patterns is not that of the lines.
    rows.sort_by_key(|row| row.seen.first().map(|seen| seen.origin));
    if let Some(repeated) = lines.repeated {
        let most = rows.len();
        rows = repeatedly(rows, repeated);
        if rows.is_empty() && most > 0 {
            let why =
                format!("{most} such lines in the {names}, which are not {} of the same", repeated.times);
            return Found::no(Vec::new(), why);
        }
    }
    if !rows.is_empty() {
        let times = lines
            .repeated
            .map(|_| format!("{} times ", rows.iter().map(|row| row.seen.len()).sum::<usize>()));
        return Found::yes(rows, format!("{}a line of the {names}", times.unwrap_or_default()));
    }
    if ages.unknown {
        return Found::unknown("nothing tells how long the server went on after the line", None);
    }
    absent(lines, &names, asked)
}

/// Why a line is not there: no such log, or a log without it.
fn absent(lines: &Lines, names: &str, asked: Asked<'_>) -> Found {
    let is_asked = |log: &&LogRead| {
        log.logical.as_ref().is_some_and(|logical| lines.logs.contains(logical)) && log.is_read()
    };
    let read: Vec<&LogRead> = asked.fact().logs.iter().filter(is_asked).collect();
    // Without a name, no log speaks for all the others.
    let Some(first) = read.first() else {
        let collect = asked.collect(format!("the {names}, and its rotated copy (.lo_)"));
        let why = if lines.logs.is_empty() { "no log that was collected has such a line" } else { "" };
        let why = if why.is_empty() { format!("no {names} was collected") } else { why.to_owned() };
        return Found::unknown(why, Some(collect).filter(|_| !lines.logs.is_empty()));
    };
    let count: u64 = read.iter().map(|log| log.records + log.unframed).sum();
    let text = format!("{count} records of the {names} read, none of them such a line");
    let origin = Origin { source: first.source, line: 0, offset: 0, length: 0 };
    let seen = Seen { host: asked.host, origin, text: text.clone(), stamp: None, log: true, pattern: None };
    Found::no(vec![seen], text)
}

fn is_last(log: &LogRead, hit: &LineHit) -> bool {
    log.last_record.as_ref().is_some_and(|record| record.origin == hit.record.origin)
}

fn seen(host: usize, hit: &LineHit) -> Seen {
    Seen {
        host,
        origin: hit.record.origin,
        text: hit.record.text.clone(),
        stamp: hit.record.stamp,
        log: true,
        pattern: Some(hit.pattern),
    }
}

/// How long ago lines were written, by the newest record of the server.
#[derive(Default)]
struct Ages {
    /// Whether some line's age could not be told.
    unknown: bool,
}

impl Ages {
    /// Whether the server went on for so long after a line. Of a last line, only other logs can tell.
    fn is_old(&mut self, fact: &Host, log: &LogRead, hit: &LineHit, last: bool, age: TimeDelta) -> bool {
        let others = fact.logs.iter().filter(|other| !last || other.source != log.source);
        let newest: Option<NaiveDateTime> = others.filter_map(|other| Some(other.last?.order())).max();
        match (hit.record.stamp, newest) {
            (Some(stamp), Some(newest)) => age <= newest.signed_duration_since(stamp.order()),
            _ => {
                self.unknown = true;
                false
            }
        }
    }
}

/// The rows that come so often, with the places of all; lines are the same if they bind the same.
fn repeatedly(rows: Vec<Row>, Repeated { times, per }: Repeated) -> Vec<Row> {
    let mut kinds: Vec<Row> = Vec::new();
    for row in rows {
        match kinds.iter_mut().find(|kind| kind.captures.binds_as(&row.captures)) {
            Some(kind) => kind.seen.extend(row.seen),
            None => kinds.push(row),
        }
    }
    kinds.retain(|kind| match per {
        None => times <= kind.seen.len(),
        Some(per) => {
            let mut stamps: Vec<NaiveDateTime> =
                kind.seen.iter().filter_map(|seen| Some(seen.stamp?.order())).collect();
            stamps.sort_unstable();
            stamps.windows(times).any(|window| match window {
                [first, .., last] => last.signed_duration_since(*first) <= per,
                _ => false,
            })
        }
    });
    kinds
}
