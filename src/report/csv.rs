//! Comma-separated values (RFC 4180), for spreadsheets.

use crate::model::json_safe;
use crate::model::report::Report;

/// One row. What a spreadsheet would take for a formula gets an apostrophe before it.
pub fn row<S: AsRef<str>>(cells: &[S]) -> String {
    let cells: Vec<String> = cells.iter().map(|it| cell(it.as_ref())).collect();
    // Line ends within cells stay; all else that a terminal would obey is escaped.
    format!("{}\r\n", json_safe(&cells.join(",").replace("\r\n", "\n")))
}

fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// The columns of findings.
const COLUMNS: &[&str] = &[
    "bundle",
    "id",
    "verdict",
    "confidence",
    "severity",
    "kind",
    "active",
    "server",
    "site",
    "title",
    "signature",
    "articles",
    "first_seen",
    "last_seen",
    "explained_by",
    "source",
    "line",
    "evidence",
    "first_step",
    "fingerprint",
];

/// The row of names.
pub fn header() -> String {
    row(COLUMNS)
}

/// A row for each finding of a case, in the order of the report; `path` is what was analyzed.
pub fn findings(path: &str, report: &Report) -> String {
    let rows = report.diagnoses.iter().map(|it| {
        let place = it.evidence.iter().find(|place| !place.source.is_empty());
        let step = it.remediation.first();
        let or_blank = |value: &Option<String>| value.clone().unwrap_or_default();
        row(&[
            path.to_owned(),
            it.id.to_string(),
            it.verdict.to_owned(),
            it.confidence.to_string(),
            it.severity.to_owned(),
            it.kind.to_owned(),
            if it.active { "yes" } else { "no" }.to_owned(),
            it.host.clone(),
            or_blank(&it.site),
            it.title.clone(),
            it.signature.clone(),
            it.kb.join(" "),
            or_blank(&it.first_seen),
            or_blank(&it.last_seen),
            it.explained_by.map(|id| id.to_string()).unwrap_or_default(),
            place.map(|place| place.source.clone()).unwrap_or_default(),
            place.and_then(|place| place.line).map(|line| line.to_string()).unwrap_or_default(),
            place.map(|place| place.text.clone()).unwrap_or_default(),
            step.map(|step| format!("on {}: {}", step.on, step.action)).unwrap_or_default(),
            it.fingerprint.clone(),
        ])
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_each_can_be_read_back() {
        assert_eq!(
            row(&["a", "=1+1", "say \"hi\"", "x,y", "-3", "@c"]),
            "a,'=1+1,\"say \"\"hi\"\"\",\"x,y\",'-3,'@c\r\n"
        );
        assert_eq!(row(&["a\nb", "\u{1b}[31m"]), "\"a\nb\",\\u001b[31m\r\n");
    }
}
