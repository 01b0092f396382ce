//! Tables of a page, with as little around them as possible.

use anstyle::Style;
use comfy_table::{ContentArrangement, Table, presets};

use super::page::{Page, styled};
use crate::model::printable;

/// A table of a width in columns.
pub fn table(width: usize, header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(100));
    if !header.is_empty() {
        table.set_header(header);
    }
    table
}

/// A cell; line ends stay, all else that a terminal would obey is made visible.
pub fn cell(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// Prints a table. Emphasis is put on the first word of a line after the layout, which counts columns.
pub fn print(page: &mut Page, table: &Table, emphasis: &[(&str, Style)]) {
    for line in table.lines() {
        let text = line.trim_start();
        let blanks = " ".repeat(line.len() - text.len());
        match emphasis.iter().find(|(word, _)| text.starts_with(word)) {
            Some((word, style)) => {
                page.line(&format!("{blanks}{}{}", styled(*style, word), &text[word.len()..]))
            }
            None => page.line(&line),
        }
    }
}
