//! A mistake in a file that a person wrote, with its place and an excerpt.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, Title};

/// One mistake. `Display` gives one line; [`Mistake::excerpt`] shows the place as a compiler does.
#[derive(Clone, Debug)]
pub struct Mistake {
    pub path: String,
    /// Line and column, counted from 1; the column counts characters.
    pub line: usize,
    pub column: usize,
    pub what: String,
    pub hint: Option<String>,
    pub(super) span: Range<usize>,
    text: String,
}

impl Mistake {
    pub(super) fn new(
        path: &str,
        text: &str,
        span: Range<usize>,
        what: String,
        hint: Option<String>,
    ) -> Self {
        let start = floor(text, span.start);
        let end = floor(text, span.end).max(start);
        let before = &text[..start];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Self { path: path.to_owned(), line, column, what, hint, span: start..end, text: text.to_owned() }
    }

    /// The mistake with the lines around it, for a terminal.
    pub fn excerpt(&self) -> String {
        self.shown(Level::ERROR.primary_title(&self.what))
    }

    /// The same for what is no mistake and could be better, by the name of a rule.
    pub fn remark(&self, rule: &str) -> String {
        self.shown(Level::WARNING.primary_title(&self.what).id(rule))
    }

    fn shown(&self, title: Title<'_>) -> String {
        let label = self.hint.as_deref().unwrap_or("");
        let first_line = self.text[self.span.clone()].find('\n').unwrap_or(self.span.len());
        let span = self.span.start..self.span.start + first_line;
        let annotation = AnnotationKind::Primary.span(span).label(label);
        let snippet = Snippet::source(&self.text).path(&self.path).annotation(annotation);
        Renderer::plain().render(&[title.element(snippet)])
    }
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}: {}", self.path, self.line, self.column, self.what)?;
        match &self.hint {
            Some(hint) => write!(out, ": {hint}"),
            None => Ok(()),
        }
    }
}
