//! One line of an INI file.

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Blank.
    Nothing,
    /// It starts with `;`, or with `#` and holds no `=`, so that Windows ignores it as its writer wants.
    Comment,
    /// `[name]`; `rest` is what stands behind the bracket and counts for nothing.
    Section { name: &'a str, rest: &'a str },
    /// `[` without `]`.
    Broken,
    /// `name=value`, without blanks around them and without the value's quotes.
    Value { name: &'a str, value: &'a str },
    /// Anything else.
    Other,
}

/// Reads a line.
pub fn line(text: &str) -> Line<'_> {
    let text = text.trim();
    if text.is_empty() {
        return Line::Nothing;
    }
    if text.starts_with(';') {
        return Line::Comment;
    }
    if let Some(rest) = text.strip_prefix('[') {
        return match rest.split_once(']') {
            Some((name, rest)) => Line::Section { name: name.trim(), rest: rest.trim() },
            None => Line::Broken,
        };
    }
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Line::Value { name: name.trim(), value: without_quotes(value.trim()) }
        }
        _ if text.starts_with('#') => Line::Comment,
        _ => Line::Other,
    }
}

/// A text without one pair of quotes around it.
fn without_quotes(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}
