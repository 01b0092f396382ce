//! The page of a signature for a terminal.

use anstyle::Style;

use super::{Block, Line};
use crate::report::page::{Page, QUIET, STRONG};
use crate::signature::Signature;

/// Renders for so many columns.
pub fn render(signature: &Signature, blocks: &[Block], width: usize) -> String {
    let mut page = Page::new(width);
    page.paragraph("", STRONG, signature.title.text());
    page.gap();
    for block in blocks {
        match block {
            Block::Heading(text) => page.heading(text),
            Block::Text(text) => page.paragraph("", Style::new(), text),
            Block::Facts(facts) => {
                for (name, value) in facts {
                    page.paragraph(&format!("{name:14}"), Style::new(), value);
                }
            }
            Block::Points { numbered, points } => {
                for (index, point) in points.iter().enumerate() {
                    let mark = if *numbered { format!("{:>2}. ", index + 1) } else { "  · ".to_owned() };
                    let text = format!("{} {}", point.lead, point.text);
                    page.hanging(&mark, "    ", Style::new(), text.trim());
                    for line in &point.below {
                        match line {
                            Line::Text(text) => page.hanging("      ", "        ", QUIET, text),
                            Line::Code(text) => page.hanging("      │ ", "      │   ", Style::new(), text),
                        }
                    }
                }
            }
        }
    }
    page.finish()
}
