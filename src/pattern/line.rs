//! Line patterns: what a signature looks for in the message of a log record.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};

use super::syntax::{Kind, Piece, pieces};
use super::{CAPTURE_KINDS, Captures};
use crate::authoring::nearest;

/// A line pattern.
///
/// Letters match in either case; a blank matches any run of white space; blanks around `=` may be
/// there or not. The pattern may stand anywhere in the message.
#[derive(Clone, Debug)]
pub struct LinePattern(Arc<Parts>);

/// What is made when the first message is tried: few patterns of a catalog ever meet one.
type Late<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

#[derive(Debug)]
struct Parts {
    regex: Late<Option<Regex>>,
    /// Lower-case texts of which one stands in every message that matches.
    anchors: Vec<String>,
    /// Lists of lower-case texts: of each, one stands in every message that matches.
    needed: Late<Vec<Vec<Finder<'static>>>>,
    names: Vec<String>,
    text: String,
}

impl LinePattern {
    /// The shortest anchor that is worth searching for.
    pub const SHORTEST_ANCHOR: usize = 4;
    /// What keeps every pattern within the size that can be compiled.
    const LONGEST: usize = 2000;
    const MOST_HOLES: usize = 40;

    /// Reads a pattern.
    ///
    /// # Errors
    /// The byte of the pattern at which something is wrong, and what.
    pub fn new(pattern: &str) -> Result<Self, (usize, String)> {
        let pieces = pieces(pattern)?;
        if Self::LONGEST < pattern.len() || Self::MOST_HOLES < pieces.len() {
            let (longest, most) = (Self::LONGEST, Self::MOST_HOLES);
            return Err((0, format!("a pattern has at most {longest} bytes and {most} parts")));
        }
        let mut source = String::from("(?is)");
        let mut names = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Literal(text) => source.push_str(&flexible(text)),
                Piece::OneOf(choices) => {
                    let choices: Vec<String> = choices.iter().map(|choice| flexible(choice)).collect();
                    let _ = write!(source, "(?:{})", choices.join("|"));
                }
                Piece::Hole { name, kind } => {
                    let Some(kind) = Kind::of(kind) else { return Err((0, unknown_kind(kind))) };
                    if names.contains(name) {
                        return Err((0, format!("`{{{name}}}` stands twice")));
                    }
                    let followed = pieces.get(index + 1).is_some();
                    source.push_str(&group(name, body(kind, followed)));
                    if !name.is_empty() {
                        names.push(name.clone());
                    }
                }
            }
        }
        let anchors = anchors(&pieces);
        if anchors.iter().map(String::len).min().unwrap_or(0) < Self::SHORTEST_ANCHOR {
            let wanted = Self::SHORTEST_ANCHOR;
            return Err((0, format!("no literal text of at least {wanted} characters to search for")));
        }
        let build = move || RegexBuilder::new(&source).size_limit(8 << 20).build().ok();
        let regex: Late<Option<Regex>> = LazyLock::new(Box::new(build));
        let needed: Late<Vec<Vec<Finder<'static>>>> = LazyLock::new(Box::new(move || needed(&pieces)));
        Ok(Self(Arc::new(Parts { regex, anchors, needed, names, text: pattern.to_owned() })))
    }

    /// Lower-case texts of which one stands in every message that matches.
    pub fn anchors(&self) -> &[String] {
        &self.0.anchors
    }

    /// The pattern as written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The names that a match binds.
    pub fn names(&self) -> &[String] {
        &self.0.names
    }

    /// Whether a message, in lower case and with single blanks, has all texts that a match has. Most messages with
    /// an anchor have not, and this costs far less than trying the pattern.
    pub fn may_match(&self, lower: &[u8]) -> bool {
        self.0.needed.iter().all(|choices| choices.iter().any(|text| text.find(lower).is_some()))
    }

    /// What a message binds, if it matches.
    pub fn find(&self, message: &str) -> Option<Captures> {
        let found = self.0.regex.as_ref()?.captures(message)?;
        let mut captures = Captures::default();
        for name in &self.0.names {
            if let Some(value) = found.name(name) {
                // `~` stands for a line end at either end of old messages.
                let is_end = |c: char| c.is_whitespace() || c == '~';
                captures.bind(name, value.as_str().trim_matches(is_end));
            }
        }
        Some(captures)
    }
}

fn unknown_kind(kind: &str) -> String {
    let known: Vec<&str> = CAPTURE_KINDS.iter().map(|(name, _)| *name).collect();
    let hint = nearest(kind, &known).unwrap_or_else(|| format!("known: {}", known.join(", ")));
    format!("`{kind}` is no kind of capture: {hint}")
}

/// A literal as a regular expression that allows what log writers vary.
fn flexible(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let starts_equals = c == '=' || (c.is_whitespace() && rest.peek() == Some(&'='));
        if starts_equals {
            while rest.peek().is_some_and(|next| *next == '=' || next.is_whitespace()) {
                rest.next();
            }
            out.push_str(r"\s*=\s*");
        } else if c.is_whitespace() {
            while rest.peek().is_some_and(|next| next.is_whitespace()) {
                rest.next();
            }
            out.push_str(if rest.peek() == Some(&'=') { "" } else { r"\s+" });
        } else {
            out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
        }
    }
    out
}

fn group(name: &str, body: &str) -> String {
    if name.is_empty() { format!("(?:{body})") } else { format!("(?P<{name}>{body})") }
}

/// The regular expression of a kind; `followed` tells whether something stands behind the capture.
fn body(kind: Kind, followed: bool) -> &'static str {
    match (kind, followed) {
        // A path may hold blanks, so only what follows can end it.
        (Kind::Path, true) => r#"(?:[a-z]:|\\\\)[^"<>|*?\r\n]*?"#,
        // A full stop at the end is the sentence's.
        (Kind::Path, false) => r#"(?:[a-z]:|\\\\)(?:[^"<>|*?\s,;]*[^"<>|*?\s,;.])?"#,
        (Kind::Int, _) => r"[-+]?\b\d+\b",
        (Kind::Code, _) => r"#?(?:[0o]x[0-9a-f]{1,8}|-\d{8,11}|\d{1,10}|[0-9a-f]{2,8})\b",
        (Kind::Host, _) => r"[\w$-]+(?:\.[\w$-]+)*",
        (Kind::Site, _) => r"\b[a-z0-9]{3}\b",
        (Kind::Word, _) => r"\S+",
        (Kind::Version, _) => r"\d+(?:\.\d+)+",
        (Kind::Text, true) => r".*?",
        (Kind::Text | Kind::Rest, false) | (Kind::Rest, true) => r".*",
    }
}

/// Words that stand in many lines, so that searching for them saves little.
const COMMON: &[&str] = &["error", "win32", "code", "failed", "return", "to", "the", "of", "for", "is", "in"];

/// How well a text sets lines apart: the length of its rarer words.
fn rarity(text: &str) -> usize {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !COMMON.contains(word));
    words.map(str::len).sum()
}

/// The runs of a literal text that stand in every message as they are, but for letter case.
fn runs(text: &str) -> impl Iterator<Item = String> {
    // Blanks around `=` may be missing, and other letters have their own capitals, so a run ends there.
    let runs = text.split(|c: char| c == '=' || !c.is_ascii());
    runs.map(|run| run.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
}

fn longest_run(text: &str) -> String {
    runs(text).max_by_key(String::len).unwrap_or_default()
}

/// The texts to search for: of all literal runs and choices, those whose commonest is rarest.
fn anchors(pieces: &[Piece]) -> Vec<String> {
    let candidates = pieces.iter().filter_map(|piece| match piece {
        Piece::Literal(text) => Some(vec![longest_run(text)]),
        Piece::OneOf(choices) => Some(choices.iter().map(|choice| longest_run(choice)).collect()),
        Piece::Hole { .. } => None,
    });
    let worst = |list: &Vec<String>| {
        let lengths = list.iter().map(|text| (text.len().min(LinePattern::SHORTEST_ANCHOR), rarity(text)));
        lengths.min().unwrap_or((0, 0))
    };
    candidates.max_by_key(worst).unwrap_or_default()
}

/// What must be there: every run, and of every choice one.
fn needed(pieces: &[Piece]) -> Vec<Vec<Finder<'static>>> {
    let lists = pieces.iter().flat_map(|piece| match piece {
        Piece::Literal(text) => runs(text).map(|run| vec![run]).collect(),
        Piece::OneOf(choices) => vec![choices.iter().map(|choice| longest_run(choice)).collect()],
        Piece::Hole { .. } => Vec::new(),
    });
    let lists = lists.filter(|list: &Vec<String>| list.iter().all(|text| !text.is_empty()));
    lists.map(|list| list.iter().map(|text| Finder::new(text).into_owned()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, message: &str, expected: Option<&str>) {
        let pattern = LinePattern::new(pattern).unwrap();
        let found = pattern.find(message).map(|captures| {
            let pairs: Vec<String> = captures.iter().map(|(name, value)| format!("{name}={value}")).collect();
            pairs.join(" ")
        });
        assert_eq!(found.as_deref(), expected, "{message}");
    }

    const COPY: &str = "Cannot copy {src:path} to {dst:path}, Win32 error = {code:int}";

    #[test]
    fn captures_are_typed() {
        check(
            COPY,
            r"Cannot copy C:\IUSH4YZ5.TMP\a b\atalk.dll to x:\sms\atalk.dll, Win32 error = 3",
            Some(r"code=3 dst=x:\sms\atalk.dll src=C:\IUSH4YZ5.TMP\a b\atalk.dll"),
        );
        check(COPY, r"Cannot copy to x:\sms\atalk.dll, Win32 error = 3", None);
        check("server is {host:host}", "the server is SRV-1.corp.example.", Some("host=SRV-1.corp.example"));
        check("waits for {what:rest}", "it waits for the sender.~", Some("what=the sender."));
        check("the file {path:path}", r"the file D:\SMS\a.dll.", Some(r"path=D:\SMS\a.dll"));
        check("failed, error code = {code:code}", "failed, error code = 38a", Some("code=38a"));
        check("server return: {code:code}", "server return: 2453 SMS", Some("code=2453"));
    }

    #[test]
    fn blanks_case_and_equals_may_vary() {
        check("Win32 error = {code:int}", "xx WIN32  ERROR=5.", Some("code=5"));
        check("return code = {code:int}", "AppRegister return code =1060", Some("code=1060"));
        check("Win32 error = 3{:end}".replace("{:end}", "").as_str(), "Win32 error = 3", Some(""));
    }

    #[test]
    fn anchors_are_literals_that_must_be_there() {
        assert_eq!(LinePattern::new(COPY).unwrap().anchors(), ["cannot copy"]);
        let choice = LinePattern::new("{Cannot find|Unable to locate} {:text}source").unwrap();
        assert_eq!(choice.anchors(), ["cannot find", "unable to locate"]);
        let error = LinePattern::new("{a:word} is {b:word}").unwrap_err();
        assert!(error.1.contains("no literal text"), "{}", error.1);
    }

    #[test]
    fn the_largest_pattern_compiles() {
        let holes: String = (0..19).map(|number| format!("{{h{number}:host}} ä")).collect();
        let text = format!("{}{holes}", "x".repeat(LinePattern::LONGEST - holes.len()));
        let pattern = LinePattern::new(&text).unwrap();
        assert!(pattern.0.regex.is_some());
        assert!(LinePattern::new(&format!("{text}x")).is_err());
    }

    #[test]
    fn a_wrong_kind_names_the_nearest() {
        let error = LinePattern::new("Cannot copy {src:pth}").unwrap_err();
        assert_eq!(error.1, "`pth` is no kind of capture: did you mean `path`?");
    }
}
