//! Words of patterns and of logs: which are rare, and which follow one another.

use crate::pattern::{LinePattern, Piece, pieces};

/// Words that any log of any product is full of.
const COMMON: &[&str] = &[
    "a",
    "an",
    "and",
    "as",
    "at",
    "be",
    "been",
    "by",
    "for",
    "from",
    "has",
    "have",
    "in",
    "is",
    "it",
    "no",
    "not",
    "of",
    "on",
    "or",
    "the",
    "to",
    "was",
    "were",
    "will",
    "with",
    "access",
    "attempt",
    "cannot",
    "code",
    "connect",
    "connection",
    "could",
    "create",
    "denied",
    "due",
    "error",
    "errors",
    "exist",
    "fail",
    "failed",
    "failure",
    "file",
    "files",
    "found",
    "general",
    "invalid",
    "message",
    "open",
    "operation",
    "path",
    "process",
    "read",
    "return",
    "returned",
    "server",
    "service",
    "site",
    "sms",
    "sql",
    "status",
    "success",
    "successfully",
    "system",
    "unable",
    "unknown",
    "warning",
    "win32",
    "windows",
    "write",
];

/// The words of a text, in lower case.
pub fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The letters of the words that are not common.
pub fn rare_letters(text: &str) -> usize {
    words(text).iter().filter(|word| !COMMON.contains(&word.as_str())).map(|word| word.chars().count()).sum()
}

/// The literal runs of a line pattern; of alternatives, each is a run.
pub fn runs(pattern: &LinePattern) -> Vec<String> {
    let pieces = pieces(pattern.text()).unwrap_or_default();
    let runs = pieces.into_iter().flat_map(|piece| match piece {
        Piece::Literal(text) => vec![text],
        Piece::OneOf(choices) => choices,
        Piece::Hole { .. } => Vec::new(),
    });
    runs.filter(|run| !words(run).is_empty()).collect()
}

/// The rare letters that every line of a pattern has: of alternatives, those of the poorest.
pub fn least_rare(pattern: &LinePattern) -> usize {
    let pieces = pieces(pattern.text()).unwrap_or_default();
    let letters = pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => rare_letters(text),
        Piece::OneOf(choices) => choices.iter().map(|choice| rare_letters(choice)).min().unwrap_or(0),
        Piece::Hole { .. } => 0,
    });
    letters.sum()
}

/// A pattern without what varies in writing: two of one shape look for the same lines.
pub fn shape(pattern: &LinePattern) -> String {
    let pieces = pieces(pattern.text()).unwrap_or_default();
    let parts = pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => words(text).join(" "),
        Piece::OneOf(choices) => choices.join("|").to_lowercase(),
        Piece::Hole { .. } => "*".to_owned(),
    });
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a text has some words of a run in their order: three of them, or all if there are fewer.
pub fn shares_words(run: &str, text: &[String]) -> bool {
    let run = words(run);
    let length = run.len().min(3);
    let mut sequences = run.windows(length.max(1));
    sequences.any(|wanted| text.windows(length.max(1)).any(|found| found == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_no_literal() {
        assert_eq!(rare_letters("General SQL Server error"), 0);
        assert_eq!(rare_letters("Checking for sending capacity"), 8 + 7 + 8);
        let pattern = LinePattern::new("Cannot copy {:path} {to|into parsers} {:path}").unwrap();
        assert_eq!(least_rare(&pattern), 4);
        assert_eq!(shape(&pattern), "cannot copy * to|into parsers *");
    }

    #[test]
    fn sequences_of_words_are_found() {
        let text = words("xx Cannot  COPY a to b");
        assert!(shares_words("cannot copy ", &text) && !shares_words("copy cannot", &text));
        assert!(shares_words("it cannot copy a thing", &text) && !shares_words("copy b to a", &text));
    }
}
