//! Reads the TOML files that people write, and tells all mistakes of a file at once.
//!
//! A [`Sheet`] is one file; [`Table`] hands out its fields one by one and reports, with its place,
//! each field that is missing, of the wrong type, or not known.

mod mistake;
mod places;
mod table;

pub use mistake::Mistake;
pub use places::Places;
pub use table::{Table, Word};

use std::cell::RefCell;
use std::ops::Range;

use toml::de::DeTable;

/// One file that a person wrote, and the mistakes found in it so far.
pub struct Sheet<'a> {
    pub path: &'a str,
    pub text: &'a str,
    mistakes: RefCell<Vec<Mistake>>,
}

impl<'a> Sheet<'a> {
    /// Reads a file with `build`; the result counts only if nothing was wrong.
    ///
    /// # Errors
    /// All mistakes of the file, in the order of their places.
    pub fn read<T>(
        path: &'a str,
        text: &'a str,
        build: impl FnOnce(&mut Table<'_, 'a>) -> T,
    ) -> Result<T, Vec<Mistake>> {
        let sheet = Sheet { path, text, mistakes: RefCell::default() };
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            sheet.mistake(span, error.message().to_owned(), None);
        }
        // A file that is no TOML is reported as that; what follows from it would only confuse.
        if !sheet.mistakes.borrow().is_empty() {
            return Err(sheet.into_mistakes());
        }
        let span = document.span();
        let mut table = Table::new(&sheet, span, document.into_inner());
        let value = build(&mut table);
        table.finish();
        let mistakes = sheet.into_mistakes();
        if mistakes.is_empty() { Ok(value) } else { Err(mistakes) }
    }

    /// Records a mistake at a run of bytes of the file.
    pub fn mistake(&self, span: Range<usize>, what: impl Into<String>, hint: Option<String>) {
        let mistake = Mistake::new(self.path, self.text, span, what.into(), hint);
        self.mistakes.borrow_mut().push(mistake);
    }

    /// How many mistakes have been recorded so far.
    pub fn mistakes(&self) -> usize {
        self.mistakes.borrow().len()
    }

    fn into_mistakes(self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort_by_key(|mistake| mistake.span.start);
        mistakes
    }
}

/// A text without the line ends that its file needs.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A hint that names the most similar of the valid names, if one is similar enough.
pub fn nearest(name: &str, valid: &[&str]) -> Option<String> {
    // Letters that changed places in a short name count more than they should.
    let likeness = |valid: &str| match strsim::osa_distance(name, valid) {
        1 => 0.99,
        _ => strsim::jaro_winkler(name, valid),
    };
    let best = valid.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > 0.75).then(|| format!("did you mean `{best}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let found = Sheet::read("a.toml", text, |table| {
            table.need_text("name");
            table.texts("logs");
            for mut inner in table.tables("item") {
                inner.need_text("title");
                inner.finish();
            }
        });
        let shown = match found {
            Ok(()) => "ok\n".to_owned(),
            Err(mistakes) => mistakes.iter().map(|mistake| format!("{mistake}\n")).collect(),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        check(
            "nme = 'x'\nlogs = 3\n[[item]]\ntitel = 'y'\n",
            expect![[r#"
                a.toml:1:1: `name` is missing
                a.toml:1:1: unknown key `nme`: did you mean `name`?
                a.toml:2:8: `logs` must be a text or a list of texts, not a integer
                a.toml:3:1: `title` is missing
                a.toml:4:1: unknown key `titel`: did you mean `title`?
            "#]],
        );
    }

    #[test]
    fn what_is_no_toml_is_told_as_that() {
        check(
            "name = 'x\n",
            expect![[r#"
                a.toml:1:10: invalid literal string, expected `'`
            "#]],
        );
    }

    #[test]
    fn what_stands_behind_a_table_is_told() {
        let behind = |text: &str| {
            let found = Sheet::read("a.toml", text, |table| {
                let found = table.behind("case").map(|(key, span)| (key.to_owned(), span.start));
                ["a", "ask", "case"].into_iter().for_each(|key| drop(table.tables(key)));
                found
            });
            found.ok().flatten()
        };
        assert_eq!(behind("[[ask]]\n[[case]]\n[[case]]\n"), None);
        assert_eq!(behind("[[case]]\n[[ask]]\n"), Some(("ask".to_owned(), 9)));
        assert_eq!(behind("[[ask]]\n[[case]]\n[[ask]]\n[[case]]\n"), Some(("ask".to_owned(), 17)));
    }

    #[test]
    fn a_right_file_is_silent() {
        check("name = 'x'\nlogs = ['a', 'b']\n", expect!["ok\n"]);
    }
}
