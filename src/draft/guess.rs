//! Guesses what of a message varies from server to server: paths, codes, names, numbers.

use super::names::{Namer, is_stop_word};

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Literal(String),
    Hole(Hole),
}

/// What varies, and what it is in this message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    pub name: String,
    /// A kind of capture of line patterns.
    pub kind: &'static str,
    pub value: String,
    /// Where the value stands in the message, in bytes.
    pub at: usize,
}

impl Hole {
    /// Whether it is an error number, of which another value is another failure.
    pub fn is_code(&self) -> bool {
        self.kind == "code"
    }
}

/// Takes a message apart; holes with values that are known by a name already get that name.
pub fn parts(message: &str, namer: &mut Namer) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(c) = message[at..].chars().next() {
        let before = &message[..at];
        let starts = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let found = if starts { token(before, &message[at..]) } else { None };
        match found {
            Some((kind, name, length)) if length != 0 => {
                let value = &message[at..at + length];
                if !literal.is_empty() {
                    parts.push(Part::Literal(std::mem::take(&mut literal)));
                }
                let name = namer.name(&name, value);
                parts.push(Part::Hole(Hole { name, kind, value: value.to_owned(), at }));
                at += length;
            }
            _ => {
                literal.push(c);
                at += c.len_utf8();
            }
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    parts
}

/// The kind, the name and the length of what begins here, if it varies.
fn token(before: &str, rest: &str) -> Option<(&'static str, String, usize)> {
    let named = |kind: &'static str, name: &str, length: usize| Some((kind, name.to_owned(), length));
    if let Some(length) = guid(rest) {
        return named("word", "guid", length);
    }
    if let Some(length) = path(rest) {
        let is_server = rest.starts_with(r"\\") && !rest[2..length].contains('\\');
        return match is_server {
            // The backslashes stay literal text.
            true => None,
            false => named("path", direction(before), length),
        };
    }
    if before.ends_with(r"\\") {
        let length =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_-$.".contains(c))).unwrap_or(rest.len());
        let length = rest[..length].trim_end_matches('.').len();
        return named("host", "server", length);
    }
    if before.ends_with('"') && !before.trim_end_matches('"').is_empty() && quotes(before) % 2 == 1 {
        let length = rest.find('"').filter(|length| (1..200).contains(length))?;
        let own = last_word(before.trim_end_matches('"'));
        return named("text", &named_by(&own, "name"), length);
    }
    let word = &rest[..word_length(rest)];
    let own = last_word(before);
    match own.as_str() {
        "site" | "sitecode" if is_site(word) => return named("site", "site_code", word.len()),
        "code"
            if before.to_lowercase().trim_end_matches([' ', ':', '=']).ends_with("site code")
                && is_site(word) =>
        {
            return named("site", "site_code", word.len());
        }
        "server" | "computer" | "machine" | "domain" if is_computer(word) => {
            let name = if own == "domain" { "domain_name" } else { "server" };
            return named("host", name, word.len());
        }
        _ => {}
    }
    number(before, rest).or_else(|| {
        let varies = is_identifier(word).then_some(word.len())?;
        let name = if word.contains('.') { "file".to_owned() } else { named_by(&own, "name") };
        Some(("word", name, varies))
    })
}

/// A number with what belongs to it: a code, a version, a time, a count.
fn number(before: &str, rest: &str) -> Option<(&'static str, String, usize)> {
    let signed = rest.strip_prefix(['-', '+']).map_or(rest, |digits| digits);
    let sign = rest.len() - signed.len();
    let hexadecimal = signed.starts_with("0x") || signed.starts_with("0X");
    if !signed.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let end = |allowed: &dyn Fn(char) -> bool| signed.find(|c: char| !allowed(c)).unwrap_or(signed.len());
    let ends_word = |length: usize| !signed[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if hexadecimal {
        let length = 2 + signed[2..].find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(signed.len() - 2);
        return ((3..=10).contains(&length) && ends_word(length) && sign == 0)
            .then(|| ("code", "code".to_owned(), length));
    }
    let mixed = signed[..end(&|c| c.is_ascii_digit() || ".:/".contains(c))].trim_end_matches(['.', ':', '/']);
    if sign == 0 && ends_word(mixed.len()) && mixed.contains(['.', ':', '/']) {
        let only = |separator: char| mixed.chars().all(|c| c.is_ascii_digit() || c == separator);
        return match (only('.'), only(':')) {
            (true, _) => Some(("version", "build".to_owned(), mixed.len())),
            (_, true) => Some(("word", "time".to_owned(), mixed.len())),
            _ => Some(("word", "date".to_owned(), mixed.len())),
        };
    }
    let length = end(&|c| c.is_ascii_digit());
    if !ends_word(length) {
        return None;
    }
    let own = last_word(before);
    // What a pattern of the kind `code` would read.
    let readable = match sign {
        0 => length <= 10,
        _ => rest.starts_with('-') && (8..=11).contains(&length),
    };
    if readable && is_code(before, &own) {
        return Some(("code", "code".to_owned(), sign + length));
    }
    let after = last_word(signed[length..].split_whitespace().next().unwrap_or_default());
    let name = if is_stop_word(&own) { named_by(&after, "number") } else { named_by(&own, "number") };
    Some(("int", name, sign + length))
}

/// Whether what stands before a number makes it an error number.
fn is_code(before: &str, own: &str) -> bool {
    let words =
        ["error", "err", "code", "return", "returned", "rc", "hr", "hresult", "status", "win32", "errno"];
    let text = before.trim_end();
    let bracketed = text.ends_with("(#") || text.ends_with('#');
    words.contains(&own) && !text.to_lowercase().ends_with("line") || bracketed
}

fn guid(rest: &str) -> Option<usize> {
    let bare = rest.strip_prefix('{').unwrap_or(rest);
    let braced = rest.len() - bare.len();
    let groups = [8, 4, 4, 4, 12];
    let mut at = 0;
    for (index, size) in groups.iter().enumerate() {
        if index != 0 {
            at += bare.get(at..)?.starts_with('-').then_some(1)?;
        }
        let group = bare.get(at..at + size)?;
        at += group.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(*size)?;
    }
    let closed = bare[at..].starts_with('}');
    (closed || braced == 0).then(|| braced + at + usize::from(closed && braced == 1))
}

/// The length of a path with a drive or a server, without the mark of a sentence behind it.
fn path(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let drive = bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(1) == Some(&b':')
        && bytes.get(2) == Some(&b'\\');
    let server = rest.starts_with(r"\\") && bytes.get(2).is_some_and(u8::is_ascii_alphanumeric);
    if !drive && !server {
        return None;
    }
    let ends = |c: char| c.is_whitespace() || "\"<>|*?,;()'{}[]".contains(c);
    let length = rest.find(ends).unwrap_or(rest.len());
    let trimmed = rest[..length].trim_end_matches(['.', ':', '!', '~', '\\']).len();
    (2 < trimmed).then_some(trimmed)
}

/// Where a path is on the way: what is copied comes from a source and goes to a target.
fn direction(before: &str) -> &'static str {
    match last_word(before).as_str() {
        "copy" | "move" | "rename" | "copying" | "moving" | "renaming" | "from" => "source",
        "to" | "into" => "target",
        _ => "path",
    }
}

fn quotes(text: &str) -> usize {
    text.matches('"').count()
}

fn word_length(rest: &str) -> usize {
    let length =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_-$.".contains(c))).unwrap_or(rest.len());
    rest[..length].trim_end_matches(['.', '-']).len()
}

/// The last word of a text in lower case: what stands before a value usually says what it is.
fn last_word(text: &str) -> String {
    let text = text.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let start = text.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    text.get(start..).unwrap_or_default().to_lowercase()
}

fn is_site(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn is_computer(word: &str) -> bool {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let upper = word.bytes().all(|byte| !byte.is_ascii_lowercase());
    1 < letters && upper && !matches!(word, "SQL" | "SMS" | "NT" | "DNS" | "WINS" | "WMI" | "ERROR")
}

/// Words of capitals with digits, such as `P00000A1`, and file names, such as `7U74Z2GZ.sid`.
fn is_identifier(word: &str) -> bool {
    let (stem, ending) = word.split_once('.').unwrap_or((word, ""));
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let capitals = |text: &str| text.bytes().all(capital);
    let digits = stem.bytes().any(|byte| byte.is_ascii_digit());
    let letters = stem.bytes().any(|byte| byte.is_ascii_uppercase());
    let known = ["WIN32", "X86", "I386", "NT4", "SP1", "SP2", "SP3", "SP4", "SP5", "SP6", "SMS12", "SMS20"];
    let is_file = (1..=3).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    2 < stem.len()
        && capitals(stem)
        && digits
        && (letters || is_file)
        && (ending.is_empty() || is_file)
        && !known.contains(&stem)
}

/// A name by the word that says what a value is.
fn named_by(word: &str, otherwise: &str) -> String {
    let usable = 2 < word.len() && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !is_stop_word(word);
    if usable { word.to_owned() } else { otherwise.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: &str) {
        let shown: String = parts(message, &mut Namer::default())
            .into_iter()
            .map(|part| match part {
                Part::Literal(text) => text,
                Part::Hole(hole) => format!("{{{}:{}}}", hole.name, hole.kind),
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_varies_is_found_and_named() {
        check(
            r"Cannot copy C:\AB12.TMP\x.dll to d:\sms\x.dll, Win32 error = 3",
            "Cannot copy {source:path} to {target:path}, Win32 error = {code:code}",
        );
        check(
            r"Cannot connect to \\SRV01, error code: 0x80070005",
            r"Cannot connect to \\{server:host}, error code: {code:code}",
        );
        check(
            "Site S04 status 2, detailed status 22",
            "Site {site_code:site} status {code:code}, detailed status {code_2:code}",
        );
        check("Used 0 out of 5, no capacity", "Used {used:int} out of {number:int}, no capacity");
        check(
            "Package \"My Word\" of server PRI01 is done",
            "Package \"{package:text}\" of server {server:host} is done",
        );
        check("Request 00000JM2.JOB is old (#0x5)", "Request {file:word} is old (#{code:code})");
        check("Version 2.00.1493.2010 at 10:15:22", "Version {build:version} at {time:word}");
        check("{12345678-1234-1234-1234-123456789abc} gone", "{guid:word} gone");
        check("Error during WNetAddConnection2 (67)", "Error during WNetAddConnection2 ({number:int})");
        check("Wrote 1_06XCEN.PCK", "Wrote {file:word}");
        check("It took 12 seconds", "It took {took:int} seconds");
    }
}
