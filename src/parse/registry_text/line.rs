//! One line of a registry text export: a key, a value, or nothing that Windows would import.

use nom::branch::alt;
use nom::bytes::complete::{is_not, tag};
use nom::character::complete::{char, one_of, space0};
use nom::combinator::{eof, fail, not, opt, recognize, rest, success, value};
use nom::error::{ErrorKind, ParseError};
use nom::sequence::preceded;
use nom::{Err, IResult, Parser};

use super::data::{self, Data, quoted};

/// What a line should have held where its reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected(pub &'static str);

impl<I> ParseError<I> for Expected {
    fn from_error_kind(_: I, _: ErrorKind) -> Self {
        Self("something else")
    }

    fn append(_: I, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// What a parser of this grammar returns.
pub type Reading<'a, T> = IResult<&'a str, T, Expected>;

/// Names what was expected where `parser` fails, and makes the failure final: no other form is tried.
pub fn expect<'a, T>(
    what: &'static str,
    mut parser: impl Parser<&'a str, Output = T, Error = Expected>,
) -> impl FnMut(&'a str) -> Reading<'a, T> {
    move |input| {
        parser.parse(input).map_err(|error| match error {
            Err::Error(_) => Err::Failure(Expected(what)),
            other => other,
        })
    }
}

/// The end of what counts on a line: blanks, and a `;` comment if there is one.
pub fn end(input: &str) -> Reading<'_, ()> {
    value((), (space0, alt((eof, tag(";"))))).parse(input)
}

/// What one line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Blank or a comment.
    Nothing,
    Key(String),
    DeletedKey(String),
    /// A key that an import cannot open; the values after it belong to none.
    LostKey(Expected),
    Value(String, Data),
}

/// Reads a line that starts something new.
pub fn line(input: &str) -> Result<Line, Expected> {
    let nothing = value(Line::Nothing, end);
    let neither = expect("a key in brackets, a quoted value name, `@` or a `;` comment", fail());
    done(preceded(space0, alt((nothing, key, named_value, neither))).parse(input))
}

/// Drops the rest of the input, which every form has judged itself.
pub fn done<T>(reading: Reading<'_, T>) -> Result<T, Expected> {
    match reading {
        Ok((_, found)) => Ok(found),
        Err(Err::Error(expected) | Err::Failure(expected)) => Err(expected),
        Err(Err::Incomplete(_)) => Err(Expected("more of the line")),
    }
}

/// `[path]` or `[-path]`; as Windows imports it, the last `]` ends the path and the rest is ignored.
fn key(input: &str) -> Reading<'_, Line> {
    let (inner, _) = char('[').parse(input)?;
    let (_, inner) = expect("a root key right after the bracket", not_blank).parse(inner)?;
    let Some((path, rest)) = inner.rsplit_once(']') else {
        return Err(Err::Failure(Expected("`]` at the end of the key")));
    };
    let found = match path.strip_prefix('-') {
        Some(path) => rooted(path).map(Line::DeletedKey),
        None => rooted(path).map(Line::Key),
    };
    Ok((rest, found.unwrap_or(Line::LostKey(Expected("a root key such as HKEY_LOCAL_MACHINE")))))
}

/// Passes on all of an input that starts with no blank.
fn not_blank(input: &str) -> Reading<'_, &str> {
    preceded(not(one_of(" \t")), rest).parse(input)
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
fn rooted(path: &str) -> Option<String> {
    let root = path.split('\\').next()?;
    ROOTS.iter().find(|known| known.eq_ignore_ascii_case(root))?;
    if !path.ends_with('\\') && !path.contains("\\\\") {
        return Some(path.to_owned());
    }
    Some(path.split('\\').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\\"))
}

/// `"name"=data` or `@=data`; a quoted empty name is the default value too.
fn named_value(input: &str) -> Reading<'_, Line> {
    let default = value(String::new(), char('@'));
    let (input, name) = alt((default, quoted)).parse(input)?;
    let equals = (space0, char('='), space0);
    let (input, _) = expect("`=` after the value name", equals).parse(input)?;
    let (input, data) = data::data(input)?;
    Ok((input, Line::Value(name, data)))
}

/// A line of a Windows 3.1 export: a key and the text of its default value.
pub fn windows31(input: &str) -> Result<Option<(String, &str)>, Expected> {
    let nothing = value(None, end);
    done(alt((nothing, expect("`HKEY_CLASSES_ROOT\\key = text`", windows31_value.map(Some)))).parse(input))
}

/// As Windows imports it, the root is exact, `=` may be missing, and at most one blank after it is skipped.
fn windows31_value(input: &str) -> Reading<'_, (String, &str)> {
    let key = recognize((tag("HKEY_CLASSES_ROOT"), alt((is_not(" \t"), success("")))));
    let equals = (space0, opt(char('=')), opt(char(' ')));
    let (input, (key, _, text)) = (key.map_opt(rooted), equals, rest).parse(input)?;
    Ok((input, (key, text)))
}
