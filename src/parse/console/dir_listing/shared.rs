//! What all runs of `dir` in one source share: its dates, its language, and what was taken for granted.

use chrono::{NaiveDate, NaiveDateTime};

use super::block::{self, Columns};
use super::dates::{Evidence, Order, Printed};
use super::entry;
use super::language::Language;
use super::trailer::{self, Mark};
use crate::model::{Fact, Origin, ProblemKind};
use crate::parse::console::Reading;
use crate::parse::console::command::prompt;
use crate::text::Text;

/// What was taken for granted, told once for each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// The folder of rows without a header.
    Folder,
    /// The drive of a path that names none.
    Drive,
    /// What lines mean whose words are not known.
    Shape,
    /// That paths are entries.
    Bare,
    /// That times are not of the last change, and so are not kept.
    OtherTimes,
}

/// What all runs share while their facts are made.
pub struct Shared<'a> {
    /// What stands between size and name.
    pub columns: Columns,
    pub evidence: Evidence,
    /// The language of the first line whose words are known.
    pub language: Option<&'static Language>,
    /// Whether the times of the rows are those of the last change.
    pub modified: bool,
    text: Text<'a>,
    /// The facts whose time waits for the order of dates.
    dated: Vec<(u32, Printed)>,
    /// The order in which times were kept already, and the first fact with a date.
    early: Option<Order>,
    first: Option<usize>,
    /// The day of the row before, as most rows share one.
    day: Option<(Printed, NaiveDate)>,
    assumed: Vec<Assumption>,
    /// Whether the rows were to be sorted by date.
    sorted: bool,
    /// Lines that may still be looked at ahead of time.
    ahead: u32,
}

impl<'a> Shared<'a> {
    /// Nothing is known yet.
    pub fn new(text: &Text<'a>) -> Self {
        Self {
            columns: Columns::Width(0),
            evidence: Evidence::new(),
            language: None,
            modified: true,
            text: *text,
            dated: Vec::new(),
            early: None,
            first: None,
            day: None,
            assumed: Vec::new(),
            sorted: false,
            ahead: 1 << 18,
        }
    }

    /// Tells what is taken for granted, the first time.
    pub fn assume(&mut self, kind: Assumption, origin: Origin, reading: &mut Reading, what: &str) {
        if !self.assumed.contains(&kind) {
            self.assumed.push(kind);
            reading.parsed.problem(origin, ProblemKind::Assumed, what);
        }
    }

    /// The time of the entry that is the next fact, where the order of dates is certain so far; else it waits.
    pub fn date(&mut self, fact: usize, printed: Printed) -> Option<NaiveDateTime> {
        if !self.modified {
            return None;
        }
        self.first.get_or_insert(fact);
        let order = self.evidence.order().filter(|order| self.early.is_none_or(|early| early == *order));
        let Some(order) = order.filter(|_| printed.named.is_none()) else {
            self.dated.extend(u32::try_from(fact).ok().map(|fact| (fact, printed)));
            return None;
        };
        self.early = Some(order);
        let known =
            self.day.filter(|(last, _)| last.fields == printed.fields && last.year_at == printed.year_at);
        let day = known.map(|(_, day)| day).or_else(|| printed.day(order))?;
        self.day = Some((printed, day));
        Some(day.and_time(printed.time()?))
    }

    /// A run was asked to sort its rows by date.
    pub fn sorted_by_date(&mut self) {
        self.sorted = true;
    }

    /// Finds the columns between size and name in the run that begins at a byte. A drive's root, which comes
    /// first, does not show them itself, so they are looked for ahead; `typed` is the width that the command tells.
    pub fn look_ahead(&mut self, from: u64, typed: usize) {
        /// More than a root holds.
        const LINES: u32 = 4096;
        const BYTES: usize = 1 << 20;
        let text = self.text.part(from as usize, BYTES);
        self.columns = Columns::Width(typed);
        for (number, line) in text.lines().enumerate().take(LINES.min(self.ahead) as usize) {
            self.ahead = self.ahead.saturating_sub(1);
            let Some(row) = entry::row(&line.text, None) else {
                // Another run may have other columns.
                let begins = || matches!(trailer::mark(&line.text), Some((Mark::Volume(..), _)));
                if number != 0 && (prompt(&line.text).is_some() || begins()) {
                    return;
                }
                continue;
            };
            let rest = line.text.get(row.name_at..).unwrap_or_default();
            if let Some(columns) = block::columns(row.kind, rest, row.column) {
                self.columns = columns;
                return;
            }
        }
    }

    /// Gives entries their times, now that all dates of the source are known.
    pub fn finish(&self, reading: &mut Reading) {
        let Some(first) = self.first else { return };
        let sorted = self.evidence.order().is_none().then(|| self.sorted_in(reading)).flatten();
        let decision = self.evidence.decide(self.language, sorted);
        let origin = reading.parsed.facts.get(first).map(|fact| fact.origin);
        if let (Some(told), Some(origin)) = (decision.told, origin) {
            reading.parsed.problem(origin, ProblemKind::Assumed, told);
        }
        if let Some(early) = self.early.filter(|early| decision.order != Some(*early)) {
            self.correct(early, decision.order, reading);
        }
        let open: Vec<Order> =
            decision.order.map_or_else(|| self.evidence.open().collect(), |order| vec![order]);
        for (index, printed) in &self.dated {
            let Some(fact) = reading.parsed.facts.get_mut(*index as usize) else { continue };
            let Fact::Entry { modified, .. } = &mut fact.value else { continue };
            *modified = match *open.as_slice() {
                [order] => printed.moment(order),
                [first, ref others @ ..] => printed
                    .moment(first)
                    .filter(|moment| others.iter().all(|other| printed.moment(*other) == Some(*moment))),
                [] => None,
            };
        }
    }

    /// Reads the times that were kept early in another order, or forgets them.
    fn correct(&self, early: Order, order: Option<Order>, reading: &mut Reading) {
        let four_digits = self.evidence.four_digits();
        for fact in &mut reading.parsed.facts {
            let Fact::Entry { modified, .. } = &mut fact.value else { continue };
            let printed = modified.map(|moment| Printed::of_moment(moment, early, four_digits));
            *modified = printed.zip(order).and_then(|(printed, order)| printed.moment(order));
        }
    }

    /// The one order in which the rows of each folder are sorted, where they were to be sorted by date.
    fn sorted_in(&self, reading: &Reading) -> Option<Order> {
        if !self.sorted {
            return None;
        }
        let folder = |index: u32| match reading.parsed.facts.get(index as usize).map(|fact| &fact.value) {
            Some(Fact::Entry { folder, .. }) => Some(folder.as_ptr()),
            _ => None,
        };
        let is_sorted = |order: Order| {
            let pairs = || self.dated.windows(2).filter(|pair| folder(pair[0].0) == folder(pair[1].0));
            let compare =
                |pair: &[(u32, Printed)]| Some(pair[0].1.moment(order)?.cmp(&pair[1].1.moment(order)?));
            let turns = |turn: std::cmp::Ordering| pairs().any(|pair| compare(pair) == Some(turn));
            turns(std::cmp::Ordering::Less) != turns(std::cmp::Ordering::Greater)
        };
        let mut fitting = self.evidence.open().filter(|order| is_sorted(*order));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }
}
