//! Comparing lines with the words of a language, also where a wrong code page has damaged some letters.

use super::dates::Order;
use super::entry::number;
use crate::text::Page;

/// The fixed words of one language; see `words`.
pub struct Language {
    pub name: &'static str,
    /// The orders of day, month and year in which its dates are printed, the most common one first.
    pub orders: &'static [Order],
    /// The code pages in which its consoles and editors write, the most common one first.
    pub pages: &'static [Page],
    /// What stands before a volume's root, between the root and its label, and after the label.
    pub volume: &'static [[&'static str; 3]],
    /// What stands before and after the root of a volume without a label.
    pub unnamed: &'static [[&'static str; 2]],
    /// What stands before and after a folder's path.
    pub folder: &'static [[&'static str; 2]],
    /// Counted entries and their bytes.
    pub files: &'static [&'static str],
    /// Counted folders and the free bytes.
    pub folders: &'static [&'static str],
    pub free: &'static [&'static str],
    /// The line before the counts of a whole listing.
    pub total: &'static [&'static str],
    /// Starts of the messages that say that nothing has the name that was asked for,
    pub no_file: &'static [&'static str],
    /// that the path does not exist,
    pub no_path: &'static [&'static str],
    /// and that something could not be looked at.
    pub refused: &'static [&'static str],
}

/// How closely letters must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Exact,
    /// A letter beyond ASCII may have become a question mark or one or more other such letters.
    Damaged,
}

impl Fit {
    /// The fits that are worth trying for a text.
    pub fn for_text(text: &str) -> &'static [Self] {
        match text.is_ascii() && !text.contains('?') {
            true => &[Self::Exact],
            false => &[Self::Exact, Self::Damaged],
        }
    }
}

/// What follows the words that a text begins with.
pub fn after<'t>(text: &'t str, words: &str, fit: Fit) -> Option<&'t str> {
    if differ(words.chars().next(), text.chars().next()) {
        return None;
    }
    let eaten = eat(words.chars(), text.chars(), fit.for_words(words))?;
    text.get(eaten..)
}

/// What stands before the words that a text ends with.
pub fn before<'t>(text: &'t str, words: &str, fit: Fit) -> Option<&'t str> {
    if differ(words.chars().next_back(), text.chars().next_back()) {
        return None;
    }
    let eaten = eat(words.chars().rev(), text.chars().rev(), fit.for_words(words))?;
    text.get(..text.len() - eaten)
}

/// Whether the outermost letters differ so that no damage explains it; most words are out by that.
fn differ(wanted: Option<char>, found: Option<char>) -> bool {
    match (wanted, found) {
        (Some(wanted), Some(found)) => wanted.is_ascii() && wanted != '\'' && !alike(wanted, found),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Whether a text is these words.
pub fn same(text: &str, words: &str, fit: Fit) -> bool {
    after(text, words, fit).is_some_and(str::is_empty)
}

impl Fit {
    /// Words with few ASCII letters would fit anything once damage is allowed.
    fn for_words(self, words: &str) -> Self {
        if self == Self::Exact {
            return self;
        }
        let plain = words.bytes().filter(u8::is_ascii_alphabetic).count();
        let others = words.chars().filter(|c| !c.is_ascii()).count();
        if plain >= 4 && plain > others { self } else { Self::Exact }
    }
}

/// The bytes of a text, given from one end, that words fill.
fn eat(words: impl Iterator<Item = char>, text: impl Iterator<Item = char>, fit: Fit) -> Option<usize> {
    let (mut words, mut text) = (words.peekable(), text.peekable());
    let mut eaten = 0;
    while let Some(wanted) = words.next() {
        let found = text.next()?;
        eaten += found.len_utf8();
        if alike(wanted, found) {
            continue;
        }
        let damaged = !wanted.is_ascii() || wanted == '\'';
        let damage = !found.is_ascii() || found == '?';
        if fit == Fit::Exact || !damaged || !damage {
            return None;
        }
        // One letter may have become up to three.
        let next_is_plain = words.peek().is_none_or(char::is_ascii);
        for _ in 0..2 {
            let Some(more) = text.next_if(|c| next_is_plain && !c.is_ascii()) else { break };
            eaten += more.len_utf8();
        }
    }
    Some(eaten)
}

fn alike(wanted: char, found: char) -> bool {
    wanted == found
        || wanted.eq_ignore_ascii_case(&found)
        || (wanted == '\'' && matches!(found, '’' | '‘' | '´' | '`' | ' '))
        || (wanted == ' ' && found == '\u{a0}')
}

/// A line of counts: its words with `#` for each number, and up to two numbers.
pub struct Counts {
    pub words: String,
    pub numbers: [u64; 2],
    /// How many numbers there are: 1 or 2.
    pub len: usize,
}

impl Counts {
    /// Takes a line apart; `None` where it holds no number, or more than two.
    pub fn of(line: &str) -> Option<Self> {
        let mut counts = Self { words: String::new(), numbers: [0; 2], len: 0 };
        let mut at = 0;
        while let Some(c) = line.get(at..)?.chars().next() {
            if c.is_ascii_digit() {
                let found = number(line.as_bytes(), at, None, true)?;
                *counts.numbers.get_mut(counts.len)? = found.value;
                counts.len += 1;
                counts.word_ends();
                counts.words.push_str("# ");
                at = found.end;
                continue;
            }
            at += c.len_utf8();
            match c {
                ',' => {}
                ':' => {
                    counts.words.truncate(counts.words.trim_end().len());
                    counts.words.push(':');
                }
                _ if c.is_whitespace() => counts.word_ends(),
                _ => counts.words.push(c),
            }
        }
        counts.words.truncate(counts.words.trim_end().len());
        (counts.len != 0).then_some(counts)
    }

    fn word_ends(&mut self) {
        if !self.words.is_empty() && !self.words.ends_with(' ') {
            self.words.push(' ');
        }
    }

    /// Whether the words are these, in which `#` stands for a number.
    pub fn are(&self, words: &[&str], fit: Fit) -> bool {
        words.iter().any(|words| same(&self.words, words, fit))
    }

    /// Whether the words are the start of these: the line was cut behind its first number.
    pub fn begin(&self, words: &[&str], fit: Fit) -> bool {
        let cut = |words: &str| {
            let start = words.rsplit_once('#').map_or(words, |(start, _)| start);
            same(&self.words, start.trim_end(), fit)
        };
        self.len == 1 && words.iter().any(|words| cut(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_letters_still_fit() {
        let fits = |text: &str, words: &str| (same(text, words, Fit::Exact), same(text, words, Fit::Damaged));
        assert_eq!(fits("Répertoire de", "Répertoire de"), (true, true));
        for damaged in ["R?pertoire de", "R\u{fffd}pertoire de", "RÃ©pertoire de", "R‚pertoire de"] {
            assert_eq!(fits(damaged, "Répertoire de"), (false, true), "{damaged}");
        }
        assert_eq!(fits("n’a pas", "n'a pas"), (true, true));
        assert_eq!(fits("C n a pas de nom", "C n'a pas de nom"), (true, true));
        assert_eq!(fits("Repertoire de", "Répertoire de"), (false, false));
        assert_eq!(fits("磁碟機 ", "驱动器 "), (false, false));
    }

    #[test]
    fn words_stand_at_both_ends() {
        assert_eq!(after("Verzeichnis von C:\\x", "Verzeichnis von ", Fit::Exact), Some("C:\\x"));
        assert_eq!(before("C:\\x のディレクトリ", " のディレクトリ", Fit::Damaged), Some("C:\\x"));
        assert_eq!(before("C:\\x dizini", " dizini", Fit::Exact), Some("C:\\x"));
    }

    #[test]
    fn counts_are_taken_apart() {
        let check = |line: &str, words: &str, numbers: &[u64]| {
            let counts = Counts::of(line).unwrap();
            assert_eq!((counts.words.as_str(), &counts.numbers[..counts.len]), (words, numbers), "{line}");
        };
        check("  2 Datei(en),  5 209 325 614 Bytes", "# Datei(en) # Bytes", &[2, 5_209_325_614]);
        check("  15개 파일         192,949,854 바이트", "# 개 파일 # 바이트", &[15, 192_949_854]);
        check("  Souborů:     12,   Bajtů:    1 103 054", "Souborů: # Bajtů: #", &[12, 1_103_054]);
        check("  3 fichier(s)  2\u{a0}503 octets", "# fichier(s) # octets", &[3, 2503]);
        check("  3 fichier(s)  2\u{fffd}503 octets", "# fichier(s) # octets", &[3, 2503]);
        assert!(Counts::of("1 a 2 b 3 c").is_none());
        assert!(Counts::of("none").is_none());
        assert!(Counts::of("2 fichier(s)   ").unwrap().begin(&["# fichier(s) # octets"], Fit::Exact));
    }
}
