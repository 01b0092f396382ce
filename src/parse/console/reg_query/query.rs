//! What was asked of the registry at a prompt: `reg query HKLM\SOFTWARE\Microsoft\SMS /s`.

use crate::parse::registry_print::root::{Basis, rooted};

/// A query as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The key from its root; `None` where it stands without one.
    pub key: Option<String>,
    /// The computer whose registry is asked, where it is another one.
    pub computer: Option<String>,
    /// All keys below are asked for too.
    pub tree: bool,
    /// Only some values or keys are asked for, or those of the other word size.
    pub filtered: bool,
    /// What stands between the strings of a value.
    pub separator: Option<String>,
}

impl Query {
    /// Reads what was typed.
    pub fn read(typed: &str) -> Self {
        let mut words = words(typed).into_iter().skip(2);
        let mut query = Self::default();
        query.place(&words.next().unwrap_or_default());
        while let Some(word) = words.next() {
            match word.to_ascii_lowercase().as_str() {
                "/s" => query.tree = true,
                "/se" => query.separator = words.next().filter(|text| !text.is_empty()),
                "/z" => {}
                _ => query.filtered = true,
            }
        }
        query
    }

    fn place(&mut self, key: &str) {
        let (computer, key) = computer(key);
        self.computer = computer.filter(|name| *name != ".").map(str::to_owned);
        self.key = rooted(key).filter(|found| found.basis == Basis::Written).map(|found| found.path);
    }

    /// The key with all below it that the query prints, if it prints all of this computer's.
    pub fn whole(&self) -> Option<&str> {
        let all = !self.filtered && self.computer.is_none();
        self.key.as_deref().filter(|_| all)
    }
}

/// The computer of a path like `\\SITES02\HKLM\SOFTWARE`, and the path without it.
pub fn computer(path: &str) -> (Option<&str>, &str) {
    let named = path.strip_prefix(r"\\").and_then(|rest| rest.split_once('\\'));
    named.map_or((None, path), |(name, path)| (Some(name), path))
}

/// The words of a command line up to what redirects its output; quotes keep blanks together.
fn words(typed: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    for letter in typed.chars() {
        match letter {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !quoted => words.extend(word.take()),
            '>' | '|' | '&' if !quoted => {
                // The number of a stream may stand before `>`.
                word = word.filter(|word| !(letter == '>' && matches!(word.as_str(), "1" | "2")));
                break;
            }
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_understood() {
        let check = |typed: &str, whole: Option<&str>, tree: bool| {
            let query = Query::read(typed);
            assert_eq!((query.whole(), query.tree), (whole, tree), "{typed}");
        };
        check(
            r#"REG.EXE query "HKLM\SOFTWARE\Microsoft\Windows NT\" /S>x.txt 2>&1"#,
            Some(r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT"),
            true,
        );
        check(r"reg query HKEY_USERS 2> nul", Some("HKEY_USERS"), false);
        check(r"reg query HKLM\A /v B /s", None, true);
        check(r"reg query HKLM\A /s /reg:32", None, true);
        check(r"reg query \\SITES02\HKLM\A /s", None, true);
        check("reg query Software", None, false);
        check("reg query", None, false);
        assert_eq!(Query::read(r"reg query \\SITES02\HKLM\A").computer.as_deref(), Some("SITES02"));
        assert_eq!(Query::read(r"reg query HKLM\A /se ,").separator.as_deref(), Some(","));
    }
}
