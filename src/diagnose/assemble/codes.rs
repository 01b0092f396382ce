//! The codes of an error line with their meanings.

use crate::codes::{self, Book, Candidate, Entry, Family};
use crate::model::report::CodeReport;

/// The codes of a log record, each once. The book is opened only if there is one.
pub fn code_reports<'a>(text: &str, book: impl Fn() -> &'a Book) -> Vec<CodeReport> {
    let mut reports: Vec<CodeReport> = Vec::new();
    for found in codes::find(text) {
        let written = &text[found.span.clone()];
        for (candidate, entry) in book().meanings(&found) {
            let report = code_report(written, candidate, entry, found.open);
            if !reports.contains(&report) {
                reports.push(report);
            }
        }
    }
    reports
}

fn code_report(written: &str, candidate: Candidate, entry: Option<&Entry>, open: bool) -> CodeReport {
    CodeReport {
        family: candidate.family.name(),
        title: candidate.family.title(),
        number: (candidate.family != Family::Odbc).then_some(candidate.number),
        written: written.to_owned(),
        name: entry.and_then(|entry| entry.name.clone()),
        meaning: entry.map(|entry| entry.means.clone()),
        open,
    }
}
