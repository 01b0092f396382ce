//! A page of text: paragraphs wrapped to a width, with indentation and emphasis.

use anstyle::{AnsiColor, Style};

use crate::model::printable;

/// Emphasis, by what it is for.
pub const STRONG: Style = Style::new().bold();
pub const QUIET: Style = Style::new().dimmed();
pub const BAD: Style = AnsiColor::Red.on_default().bold();
pub const WARN: Style = AnsiColor::Yellow.on_default().bold();
pub const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Text in an emphasis.
pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A page in the making.
pub struct Page {
    out: String,
    pub width: usize,
}

impl Page {
    /// An empty page. Less than 40 columns cannot be read.
    pub fn new(width: usize) -> Self {
        Self { out: String::new(), width: width.max(40) }
    }

    /// The page as text.
    pub fn finish(self) -> String {
        self.out
    }

    /// An empty line, unless one stands there already.
    pub fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A line as it is.
    pub fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// A heading with a rule behind it.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        let text = &printable(text);
        let rest = self.width.saturating_sub(text.chars().count() + 1);
        let rule = "─".repeat(rest);
        self.line(&format!("{} {}", styled(STRONG, text), styled(QUIET, &rule)));
    }

    /// A paragraph: `first` stands before its first line, blanks of the same width before the others.
    pub fn paragraph(&mut self, first: &str, style: Style, text: &str) {
        let indent = " ".repeat(first.chars().count());
        self.hanging(first, &indent, style, text);
    }

    /// A paragraph of which only the first word has an emphasis.
    pub fn leading(&mut self, indent: &str, style: Style, word: &str, text: &str) {
        let start = self.out.len();
        self.hanging(indent, indent, Style::new(), &format!("{word}{text}"));
        // The layout counts columns, so the emphasis is put in afterwards.
        let place = start + indent.len();
        self.out.replace_range(place..place + word.len(), &styled(style, word));
    }

    /// A paragraph whose other lines begin with `rest`.
    pub fn hanging(&mut self, first: &str, rest: &str, style: Style, text: &str) {
        let options = textwrap::Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            // A path must stay whole, so that it can be copied; only what is wider than the page breaks.
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .word_separator(textwrap::WordSeparator::AsciiSpace);
        let (text, first, rest) = (&printable(text), &printable(first), &printable(rest));
        for (index, line) in textwrap::wrap(text, options).iter().enumerate() {
            let lead = if index == 0 { first } else { rest };
            let body = line.strip_prefix(lead).unwrap_or(line);
            self.line(&format!("{lead}{}", styled(style, body)));
        }
    }
}

/// A count and what is counted, in the plural where there is not one.
pub fn plural(count: usize, one: &str) -> String {
    let many = match one.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{one}s"),
    };
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
