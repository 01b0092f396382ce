//! Names for what a draft captures: one for each value, none that a server's own facts have.

use crate::facts::HOST_NAMES;

/// Hands out names; one value has one name in all lines of a draft.
#[derive(Debug, Default)]
pub struct Namer {
    /// Names with the values they stand for.
    known: Vec<(String, String)>,
    /// Names that the pattern at hand has already: none may stand twice.
    here: Vec<String>,
}

impl Namer {
    /// Begins the next line.
    pub fn next_line(&mut self) {
        self.here.clear();
    }

    /// A name for a value: the one it has already, else the wanted one, numbered if it is taken.
    pub fn name(&mut self, wanted: &str, value: &str) -> String {
        let same = |(_, known): &&(String, String)| known.eq_ignore_ascii_case(value);
        let kind = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').to_owned();
        // What a server is known by would have to agree with it, so `site` cannot name just any site.
        let own = match HOST_NAMES.contains(&wanted) {
            true => format!("{wanted}_told"),
            false => wanted.to_owned(),
        };
        let again = self.known.iter().filter(same).find(|(name, _)| kind(name) == own);
        let name = again.map(|(name, _)| name.clone()).filter(|name| !self.here.contains(name));
        let name = name.unwrap_or_else(|| {
            let taken = |name: &String| self.known.iter().any(|(known, _)| known == name);
            let numbered = (2..).map(|number| format!("{own}_{number}"));
            std::iter::once(own.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
        });
        self.known.push((name.clone(), value.to_owned()));
        self.here.push(name.clone());
        name
    }
}

/// Words that say nothing about the value behind them.
const STOP_WORDS: &[&str] = &[
    "a",
    "about",
    "after",
    "all",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "been",
    "before",
    "but",
    "by",
    "could",
    "for",
    "from",
    "had",
    "has",
    "have",
    "in",
    "into",
    "is",
    "it",
    "its",
    "least",
    "most",
    "not",
    "of",
    "on",
    "only",
    "or",
    "out",
    "over",
    "than",
    "that",
    "the",
    "their",
    "then",
    "this",
    "to",
    "until",
    "was",
    "were",
    "while",
    "with",
    "within",
    "",
    "named",
    "called",
    "during",
    "wnetaddconnection2",
    "value",
    "sms",
    "sql",
    "windows",
];

/// Whether a word says nothing about the value behind it.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// An id out of the first words of a message, without what varies.
pub fn id_of(literals: &str) -> String {
    let words = literals.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_lowercase);
    let telling = words
        .filter(|word| 2 < word.len() && !is_stop_word(word) && !word.bytes().all(|b| b.is_ascii_digit()));
    let words: Vec<String> = telling.take(5).collect();
    if words.is_empty() { "new-signature".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_has_one_name() {
        let mut namer = Namer::default();
        assert_eq!(namer.name("path", "a"), "path");
        assert_eq!(namer.name("path", "b"), "path_2");
        assert_eq!(namer.name("path", "a"), "path_3", "no name stands twice in a pattern");
        namer.next_line();
        assert_eq!(namer.name("path", "B"), "path_2");
        assert_eq!(namer.name("site", "x"), "site_told");
    }

    #[test]
    fn ids_are_made_of_telling_words() {
        assert_eq!(id_of("Cannot copy  to , Win32 error = "), "cannot-copy-win32-error");
        assert_eq!(id_of("5 at the"), "new-signature");
    }
}
