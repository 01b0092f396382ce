//! What is made of a console capture while its lines go by, with its problems counted.

use crate::model::{Origin, ProblemKind};
use crate::parse::Parsed;
use crate::text::Line;

/// What is made of one source so far.
#[derive(Default)]
pub struct Reading {
    pub parsed: Parsed,
    malformed: Tally,
    truncated: Tally,
    /// Lines of commands that are not read, and the first of them.
    foreign: (u32, Option<Origin>),
}

/// Problems of one kind: only the first ones are told one by one.
#[derive(Default)]
struct Tally {
    count: u32,
    /// The first one that is not told.
    untold: Option<Origin>,
}

impl Reading {
    /// Problems of one kind that are told one by one.
    const TOLD: u32 = 20;

    /// Counts a line as understood.
    pub fn understood(&mut self) {
        self.parsed.understood += 1;
    }

    /// Counts a line of a command that is not read.
    pub fn foreign(&mut self, origin: Origin) {
        self.foreign.0 += 1;
        self.foreign.1.get_or_insert(origin);
    }

    /// Records a line that does not follow the format; a last line without an end is cut instead.
    pub fn unread(&mut self, line: &Line<'_>, expected: &str) {
        let start = || line.text.trim().chars().take(40).collect::<String>();
        match line.terminated {
            true => self.malformed(line.origin, || format!("found {:?}, expected {expected}", start())),
            false => {
                self.truncated(line.origin, || format!("the source ends in the middle of {:?}", start()))
            }
        }
    }

    /// Records a part that does not follow the format. Most of many problems are never put in words.
    pub fn malformed(&mut self, origin: Origin, what: impl FnOnce() -> String) {
        if self.malformed.tells(origin) {
            self.parsed.problem(origin, ProblemKind::Malformed, what());
        }
    }

    /// Records something that was cut.
    pub fn truncated(&mut self, origin: Origin, what: impl FnOnce() -> String) {
        if self.truncated.tells(origin) {
            self.parsed.problem(origin, ProblemKind::Truncated, what());
        }
    }

    /// Ends the source: what was not told one by one is told as a number.
    pub fn finish(mut self) -> Parsed {
        let kinds = [
            (self.malformed, ProblemKind::Malformed, "lines or parts do not follow the format"),
            (self.truncated, ProblemKind::Truncated, "parts are cut"),
        ];
        for (tally, kind, what) in kinds {
            if let Some(origin) = tally.untold {
                self.parsed.problem(origin, kind, format!("{} more {what}", tally.count - Self::TOLD));
            }
        }
        if let (count, Some(origin)) = self.foreign {
            let what = format!("{count} lines are the output of commands that are not read");
            self.parsed.problem(origin, ProblemKind::Unrecognised, what);
        }
        self.parsed
    }
}

impl Tally {
    fn tells(&mut self, origin: Origin) -> bool {
        self.count += 1;
        if self.count > Reading::TOLD {
            self.untold.get_or_insert(origin);
        }
        self.count <= Reading::TOLD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_problems_are_told() {
        let origin = Origin { source: crate::model::SourceId(0), line: 1, offset: 0, length: 1 };
        let mut reading = Reading::default();
        (0..25).for_each(|_| reading.malformed(origin, || "x".to_owned()));
        let problems = reading.finish().problems;
        assert_eq!(problems.len(), 21);
        assert_eq!(problems[20].what, "5 more lines or parts do not follow the format");
    }
}
