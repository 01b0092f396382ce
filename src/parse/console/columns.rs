//! Columns of what commands print: places on the screen, rules of dashes, labels with their values.

use std::borrow::Cow;

/// The text before and after a column of the screen.
pub fn split(text: &str, column: usize) -> (&str, &str) {
    let mut at = 0;
    let end = text.char_indices().find_map(|(index, character)| {
        let reached = at >= column;
        at += width(character);
        reached.then_some(index)
    });
    text.split_at_checked(end.unwrap_or(text.len())).unwrap_or((text, ""))
}

/// The column of the screen at which a byte of the text stands.
pub fn column(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).chars().map(width).sum()
}

/// A line without a margin of blanks, and with its tabs as blanks up to the next eighth column.
pub fn laid_out(text: &str, margin: usize) -> Cow<'_, str> {
    if margin == 0 && !text.contains('\t') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for character in text.chars() {
        let blanks = if character == '\t' { 8 - at % 8 } else { 0 };
        at += blanks.max(width(character));
        match blanks {
            0 => out.push(character),
            _ => out.extend(std::iter::repeat_n(' ', blanks)),
        }
    }
    let margin = margin.min(indent(&out));
    Cow::Owned(out.split_off(margin))
}

/// Blanks before the first other character.
pub fn indent(text: &str) -> usize {
    text.chars().take_while(|character| *character == ' ').count()
}

/// Whether a line is the rule of dashes under a header.
pub fn is_rule(line: &str) -> bool {
    let dashes = line.trim();
    dashes.len() >= 20 && dashes.bytes().all(|byte| byte == b'-')
}

/// A label and its value, which two blanks or a tab divide, and the byte at which the value begins.
pub fn labelled(text: &str) -> Option<(&str, &str, usize)> {
    let end = text.find("  ").into_iter().chain(text.find('\t')).min()?;
    let (label, rest) = text.split_at_checked(end)?;
    let value = rest.trim_start();
    (!value.is_empty()).then(|| (label, value.trim_end(), text.len() - value.len()))
}

/// Columns that a character takes on the screen: two for those of East Asia (Unicode annex 11, class W and F).
fn width(character: char) -> usize {
    let wide = matches!(character as u32,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD);
    1 + usize::from(wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(split("共有名       リソース", 13), ("共有名       ", "リソース"));
        assert_eq!(split("Share name   Resource", 13), ("Share name   ", "Resource"));
        assert_eq!(split("C$", 13), ("C$", ""));
        assert_eq!(column("共有名       リソース", "共有名       ".len()), 13);
    }

    #[test]
    fn margins_and_tabs_are_laid_out() {
        assert_eq!(laid_out("   C$\tD:\\", 3), "C$   D:\\");
        assert_eq!(laid_out(" C$", 3), "C$");
        assert_eq!(laid_out("C$", 0), "C$");
    }

    #[test]
    fn two_blanks_or_a_tab_end_a_label() {
        assert_eq!(labelled("User name      Guest"), Some(("User name", "Guest", 15)));
        assert_eq!(labelled("Path\tD:\\SMS  "), Some(("Path", "D:\\SMS", 5)));
        assert_eq!(labelled("Comment   "), None);
        assert_eq!(labelled("one word"), None);
    }
}
