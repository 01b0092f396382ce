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

/// The letters of the words that are not common; digits of a number count twice, because they are nowhere else.
pub fn rare_letters(text: &str) -> usize {
    let weight = |word: &String| match word.bytes().all(|byte| byte.is_ascii_digit()) {
        true if 2 < word.len() => 2 * word.len(),
        _ => word.chars().count(),
    };
    words(text).iter().filter(|word| !COMMON.contains(&word.as_str())).map(weight).sum()
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

/// Whether a text has words of a run in their order: three, two that are rare, or all if there are fewer.
pub fn shares_words(run: &str, text: &[String]) -> bool {
    let run = words(run);
    let has = |wanted: &[String]| text.windows(wanted.len()).any(|found| found == wanted);
    let rare = |pair: &[String]| pair.iter().all(|word| !COMMON.contains(&word.as_str()));
    run.windows(run.len().clamp(1, 3)).any(has) || run.windows(2).filter(|pair| rare(pair)).any(has)
}

/// The words of a log line's message; those of its frame are the same in all lines.
pub fn message_words(line: &str) -> Vec<String> {
    let message = line.split("$$<").next().unwrap_or(line);
    let message = match message.trim_start().strip_prefix('<') {
        Some(rest) => rest.split_once('>').map_or(rest, |(_, message)| message),
        None => message,
    };
    words(message)
}

/// Whether two lines have at least half of their words in common.
pub fn alike(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let shared = short.iter().filter(|word| long.contains(word)).count();
    2 < long.len() && long.len() <= 2 * shared
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
    fn lines_that_differ_a_little_are_alike() {
        let line = |text: &str| message_words(text);
        let frame = "  $$<SMS_SCHEDULER><Fri Mar 26 10:43:41.547 1999><thread=281 (0x119)>";
        let one = line(&format!("Skipping job 5. Could not open it{frame}"));
        assert!(alike(&one, &line("Skipping job 6. Could not open it")));
        assert!(!alike(&one, &line(&format!("Nothing is to be done{frame}"))));
        assert_eq!(line("<11-20-2001 10:15:22> Cannot copy"), ["cannot", "copy"]);
    }

    #[test]
    fn sequences_of_words_are_found() {
        let text = words("xx Cannot  COPY a to b");
        assert!(shares_words("cannot copy ", &text) && !shares_words("copy cannot", &text));
        assert!(shares_words("it cannot copy a thing", &text) && !shares_words("copy b to a", &text));
    }
}
