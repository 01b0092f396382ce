//! Several names in a line, as `dir /w` and `dir /d` print them: each fills as many columns as the longest one
//! and some more, and folders stand in brackets.

use super::block::is_name;

/// A name of a line with several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'t> {
    pub name: &'t str,
    pub folder: bool,
    /// The line, among those given, and the byte in it.
    pub line: usize,
    pub at: usize,
}

/// Columns that a name fills beyond the longest one: two for brackets and some to divide.
const MARGINS: std::ops::RangeInclusive<usize> = 2..=5;

/// Columns of the widest cell.
const WIDEST: usize = 260;

/// The names of lines, where one width of columns fits all of them.
pub fn cells<'t>(lines: &[&'t str]) -> Option<Vec<Cell<'t>>> {
    let longest = lines.iter().map(|line| line.trim_end().chars().count()).max()?;
    let single = longest.saturating_add(3).min(WIDEST);
    (4..=single).find_map(|width| {
        let cells = at_width(lines, width)?;
        let longest = cells.iter().map(|cell| cell.name.chars().count()).max()?;
        MARGINS.contains(&width.checked_sub(longest)?).then_some(cells)
    })
}

fn at_width<'t>(lines: &[&'t str], width: usize) -> Option<Vec<Cell<'t>>> {
    let mut cells = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim_end();
        let mut at = 0;
        while at < line.len() {
            let rest = line.get(at..)?;
            let end = rest.char_indices().nth(width).map_or(rest.len(), |(end, _)| end);
            let text = rest.get(..end)?;
            if text.starts_with(' ') || (end < rest.len() && !text.ends_with(' ')) {
                return None;
            }
            cells.push(cell(text.trim_end(), index, at)?);
            at += end;
        }
    }
    Some(cells)
}

fn cell(text: &str, line: usize, at: usize) -> Option<Cell<'_>> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let (name, folder) = inner.map_or((text, false), |inner| (inner, true));
    let valid = !name.is_empty() && !name.contains("   ") && is_name(name);
    valid.then_some(Cell { name, folder, line, at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(lines: &[&str], expected: Expect) {
        let shown = cells(lines).map_or("-".to_owned(), |cells| {
            let names = cells.iter().map(|cell| match cell.folder {
                true => format!("[{}]", cell.name),
                false => cell.name.to_owned(),
            });
            names.collect::<Vec<_>>().join("|")
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn columns_are_found() {
        check(
            &[
                "[.]           [..]          .gitignore    404.html      about.md      Gemfile       _config.yml",
                "[_posts]      a b.txt",
            ],
            expect!["[.]|[..]|.gitignore|404.html|about.md|Gemfile|_config.yml|[_posts]|a b.txt"],
        );
        check(&["[.]       [..]      [tools01]"], expect!["[.]|[..]|[tools01]"]);
        check(
            &["one long name that fills its line.txt", "[x]"],
            expect!["one long name that fills its line.txt|[x]"],
        );
    }

    #[test]
    fn prose_is_none() {
        check(&["The following is an example of a: listing"], expect!["-"]);
    }
}
