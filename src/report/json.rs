//! The report as one JSON object.

use crate::model::json_safe;
use crate::model::report::Report;

/// Renders with two blanks of indentation and a line end.
pub fn render(report: &Report) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("the report has no maps with other keys than texts");
    text.push('\n');
    json_safe(&text)
}
