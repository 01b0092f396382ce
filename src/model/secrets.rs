//! Secrets in text that a stranger wrote: passwords of setup scripts, connection strings and command lines.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::{Captures, Regex, RegexBuilder};

/// What stands in the place of a secret.
pub const MASK: &str = "********";

/// Words of which one stands in the name of a secret.
const NAMES: &str = "pass(?:word|wd|phrase)|pwd|passwort|mot de passe|contrase(?:n|ñ)a";

/// Where secrets stand; the group `secret` is masked.
fn places() -> &'static [Regex] {
    static PLACES: OnceLock<Vec<Regex>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let texts = [
            // `Password=x`, `"DefaultPassword"="x"`, `PWD=x;UID=y`: a secret may hold blanks and commas.
            &format!(
                r#"(?:{NAMES})\d*["']?\s*=\s*(?:"(?P<a>[^"]+)"|'(?P<b>[^']+)'|(?P<c>[^\s;"'][^;\r\n]*))"#
            ),
            // `Password: x`
            &format!(r#"(?:{NAMES})\d*["']?\s*:\s*(?:"(?P<a>[^"]+)"|'(?P<b>[^']+)'|(?P<c>[^\s"',;)\]>]+))"#),
            // `with password x`, `password is x`, but not `password is not valid`.
            &format!(r#"(?:{NAMES})\s+(?:is\s+)?["'](?P<a>[^"']+)["']"#),
            // `net use \\server\share x /user:y`
            r#"\bnet\s+use\s+(?:\w:\s+|\*\s+)?\\\\\S+\s+(?P<a>[^\s/*][^\s]*)\s+/user:"#,
            // `net use … /user:y x`
            r#"\bnet\s+use\s[^\n]*?/user:\S+\s+(?P<a>[^\s/*][^\s]*)"#,
            // `net user name x /add`
            r#"\bnet\s+user\s+[^\s/]+\s+(?P<a>[^\s/*][^\s]*)\s+/add"#,
            // `isql -U sa -P x`
            r#"\b(?:isql|osql|bcp|sqlcmd|isqlw)(?:\.exe)?\s[^\n]*?\s[-/]P\s*(?P<a>[^\s"]+|"[^"]+")"#,
        ];
        let compiled = texts.iter().map(|text| RegexBuilder::new(text).case_insensitive(true).build());
        compiled.map(|regex| regex.expect("the patterns are constant")).collect()
    })
}

/// Whether a value of this name is a secret.
pub fn is_secret_name(name: &str) -> bool {
    static NAME: OnceLock<Regex> = OnceLock::new();
    let regex = NAME.get_or_init(|| {
        let built = RegexBuilder::new(&format!("(?:{NAMES})$")).case_insensitive(true).build();
        built.expect("the pattern is constant")
    });
    regex.is_match(name.trim().trim_matches('"'))
}

/// A value, masked where its name tells that it is a secret.
pub fn value_of<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if is_secret_name(name) && !value.is_empty() { Cow::Borrowed(MASK) } else { masked(value) }
}

/// The text with each secret masked.
pub fn masked(text: &str) -> Cow<'_, str> {
    // Most texts hold none of the words, and looking for these is quick.
    let mut out = Cow::Borrowed(text);
    if !might_hold(text) {
        return out;
    }
    for place in places() {
        let replaced = place.replace_all(&out, |found: &Captures<'_>| {
            let whole = found.get(0).map_or("", |it| it.as_str());
            let start = found.get(0).map_or(0, |it| it.start());
            let secret = ["a", "b", "c"].iter().find_map(|name| found.name(name));
            secret.map_or(whole.to_owned(), |secret| {
                format!("{}{MASK}{}", &whole[..secret.start() - start], &whole[secret.end() - start..])
            })
        });
        if let Cow::Owned(new) = replaced {
            out = Cow::Owned(new);
        }
    }
    out
}

/// Whether a text has a word that goes with secrets.
fn might_hold(text: &str) -> bool {
    static WORDS: OnceLock<Regex> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let text = format!(r"{NAMES}|/user:|\bnet\s+user\b|sql|\bbcp\b");
        RegexBuilder::new(&text).case_insensitive(true).build().expect("the pattern is constant")
    });
    words.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_all_else_stays() {
        let check = |text: &str, expected: &str| {
            assert_eq!(masked(text), expected);
            assert_eq!(masked(expected), expected, "masking twice changes nothing");
        };
        check("Password=hunter2", "Password=********");
        check("SQL Login Password = hun ter2, 3", "SQL Login Password = ********");
        check("Password: hunter2, then", "Password: ********, then");
        check(r#""DefaultPassword"="hun ter2""#, r#""DefaultPassword"="********""#);
        check(r#""DefaultPassword" = hun ter2"#, r#""DefaultPassword" = ********"#);
        check("DSN=SMS;UID=sa;PWD=hunter2;DATABASE=SMS", "DSN=SMS;UID=sa;PWD=********;DATABASE=SMS");
        check(
            r"net use \\SRV\IPC$ hunter2 /user:CORP\admin",
            r"net use \\SRV\IPC$ ******** /user:CORP\admin",
        );
        check(
            r"net use Z: \\SRV\X /user:CORP\admin hunter2",
            r"net use Z: \\SRV\X /user:CORP\admin ********",
        );
        check("net user SMSClient hunter2 /add", "net user SMSClient ******** /add");
        check("isql -S SQL01 -U sa -P hunter2 -Q x", "isql -S SQL01 -U sa -P ******** -Q x");
        check("login with password 'hunter2'", "login with password '********'");
        // What speaks of passwords without telling one.
        for text in [
            "Logon failure: unknown user name or bad password",
            "using specified SQL Login ID and password",
            "password is not valid, error = 86",
            r"net use \\SRV\IPC$ /user:CORP\admin",
            r"net use \\SRV\IPC$ * /user:CORP\admin",
            "net user > net_user.txt",
            "Cannot connect to SQL server SQL01",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn names_tell_secrets() {
        for name in ["Password", "DefaultPassword", "SQL Password", "pwd", "SMSClientPassword"] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["PasswordAge", "Password Expired", "Account", "Compass"] {
            assert!(!is_secret_name(name), "{name}");
        }
        assert_eq!(value_of("Password", "x"), MASK);
        assert_eq!(value_of("Password", ""), "");
        assert_eq!(value_of("Account", "x"), "x");
    }

    proptest::proptest! {
        #[test]
        fn masking_twice_is_masking_once(text in "(Password|PWD|net use|isql -P|=|:|\"|'| |;|[a-zA-Z0-9]{1,4}|\\\\\\\\SRV){0,12}") {
            let once = masked(&text).into_owned();
            proptest::prop_assert_eq!(masked(&once), once.as_str());
        }
    }
}
