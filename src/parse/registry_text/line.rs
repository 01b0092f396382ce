//! One line of a registry text export: a key, a value, or nothing that Windows would import.
//!
//! The forms are those that Wine's tests of `reg import` assert for Windows. Everything borrows from the line, and
//! bytes go into one buffer: a capture may have millions of lines.

use std::borrow::Cow;

use super::data::{self, Data};
use super::expected::{Expected, ends, unblanked};
use super::header::{self, BLANKS};
use super::quoted::{Quoted, quoted};

/// What one line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Blank or a comment.
    Nothing,
    Key(Cow<'a, str>),
    DeletedKey(Cow<'a, str>),
    /// A key that an import cannot open; the values after it belong to none.
    LostKey(Expected),
    Value(Quoted<'a>, Data),
}

/// Reads a line that starts something new. Bytes that are written in hex go into `bytes`.
pub fn line<'a>(input: &'a str, bytes: &mut Vec<u8>) -> Result<Line<'a>, Expected> {
    let input = unblanked(input);
    match input.as_bytes().first() {
        None | Some(b';') => Ok(Line::Nothing),
        Some(b'[') => key(&input[1..]),
        Some(b'@') => value(Quoted::default(), &input[1..], bytes),
        Some(b'"') => {
            let (name, rest) = quoted(&input[1..])?;
            value(name, rest, bytes)
        }
        Some(_) => Err(Expected(alien(input))),
    }
}

/// What was expected instead of a line of no known form.
fn alien(input: &str) -> &'static str {
    if header::alike(input).is_some() {
        return "a key or a value: a header counts on the first line only, and another export needs its own file";
    }
    if input.trim_start_matches('\\').starts_with("HKEY_") {
        return "brackets around a key; the values that follow go to the key before it";
    }
    "a key in brackets, a quoted value name, `@` or a `;` comment"
}

/// `[path]` or `[-path]`; as Windows imports it, the last `]` ends the path and the rest is ignored.
fn key(inner: &str) -> Result<Line<'_>, Expected> {
    if inner.starts_with(BLANKS) {
        return Err(Expected("a root key right after the bracket"));
    }
    let Some(end) = memchr::memrchr(b']', inner.as_bytes()) else {
        return Err(Expected("`]` at the end of the key; the values that follow go to the key before it"));
    };
    let path = &inner[..end];
    let found = match path.strip_prefix('-') {
        Some(path) => rooted(path).map(Line::DeletedKey),
        None => rooted(path).map(Line::Key),
    };
    Ok(found.unwrap_or(Line::LostKey(Expected("a root key such as HKEY_LOCAL_MACHINE"))))
}

/// The roots that an import knows; short names such as HKLM are not among them.
const ROOTS: [&str; 7] = [
    "HKEY_LOCAL_MACHINE",
    "HKEY_USERS",
    "HKEY_CURRENT_USER",
    "HKEY_CLASSES_ROOT",
    "HKEY_CURRENT_CONFIG",
    "HKEY_PERFORMANCE_DATA",
    "HKEY_DYN_DATA",
];

/// The path without empty parts, if it starts at a known root; roots are known in any case of letters.
pub fn rooted(path: &str) -> Option<Cow<'_, str>> {
    let root = path.split('\\').next()?;
    ROOTS.iter().find(|known| known.eq_ignore_ascii_case(root))?;
    if !path.ends_with('\\') && !path.contains("\\\\") {
        return Some(Cow::Borrowed(path));
    }
    let parts: Vec<&str> = path.split('\\').filter(|part| !part.is_empty()).collect();
    Some(Cow::Owned(parts.join("\\")))
}

/// What follows a value's name: `=` and the data.
fn value<'a>(name: Quoted<'a>, rest: &str, bytes: &mut Vec<u8>) -> Result<Line<'a>, Expected> {
    let Some(data) = unblanked(rest).strip_prefix('=') else {
        return Err(Expected("`=` after the value name"));
    };
    Ok(Line::Value(name, data::data(unblanked(data), bytes)?))
}

/// A line of a Windows 3.1 export: a key and the text of its default value; `None` where nothing stands.
///
/// As Windows imports it, the root is exact, `=` may be missing, and at most one blank after it is skipped.
pub fn windows31(input: &str) -> Result<Option<(Cow<'_, str>, &str)>, Expected> {
    if ends(input) {
        return Ok(None);
    }
    let (path, rest) = input.split_at(input.find(BLANKS).unwrap_or(input.len()));
    let key = rooted(path).filter(|_| path.starts_with("HKEY_CLASSES_ROOT"));
    let Some(key) = key else { return Err(Expected("`HKEY_CLASSES_ROOT\\key = text`")) };
    let rest = unblanked(rest);
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    Ok(Some((key, rest.strip_prefix(' ').unwrap_or(rest))))
}
