//! Reports as one JSON object each.

use serde::Serialize;

use crate::model::json_safe;

/// Renders on one line, with a line end.
pub fn line(report: &impl Serialize) -> String {
    let mut text = serde_json::to_string(report).expect("the report has no maps with other keys than texts");
    text.push('\n');
    json_safe(&text)
}

/// Renders with two blanks of indentation and a line end.
pub fn render(report: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(report).expect("the report has no maps with other keys than texts");
    text.push('\n');
    json_safe(&text)
}
