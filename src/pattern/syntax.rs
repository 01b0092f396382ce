//! The common syntax of patterns: literal text, `{name:kind}`, `{:kind}`, `{one|other}`, `{{` and `}}`.

use nom::IResult;
use nom::Parser as _;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::char;
use nom::combinator::{map, value};
use nom::multi::{many0, separated_list1};
use nom::sequence::{delimited, preceded};

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Literal(String),
    /// `{name:kind}`; both parts may be empty.
    Hole {
        name: String,
        kind: String,
    },
    /// `{one|other}`.
    OneOf(Vec<String>),
}

/// The names of the holes of a pattern, in their order; an unnamed hole has an empty one.
pub fn hole_names(pieces: &[Piece]) -> impl Iterator<Item = &str> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Hole { name, .. } => Some(name.as_str()),
        _ => None,
    })
}

/// What a capture of a line may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Path,
    Int,
    Code,
    Host,
    Site,
    Word,
    Version,
    Text,
    Rest,
}

/// The kinds by the names that patterns use.
pub const CAPTURE_KINDS: &[(&str, Kind)] = &[
    ("path", Kind::Path),
    ("int", Kind::Int),
    ("code", Kind::Code),
    ("host", Kind::Host),
    ("site", Kind::Site),
    ("word", Kind::Word),
    ("version", Kind::Version),
    ("text", Kind::Text),
    ("rest", Kind::Rest),
];

impl Kind {
    /// The kind of a name; an empty name is `text`.
    pub fn of(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::Text);
        }
        CAPTURE_KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }
}

/// Takes a pattern apart.
///
/// # Errors
/// The byte at which the pattern stops making sense, and what is wrong there.
pub fn pieces(pattern: &str) -> Result<Vec<Piece>, (usize, String)> {
    let (rest, found) =
        many0(piece).parse(pattern).map_err(|_| (0, "the pattern cannot be read".to_owned()))?;
    if rest.is_empty() {
        return Ok(joined(found));
    }
    let what = if rest.starts_with('}') {
        "a `}` without its `{`: write `}}` for the character itself"
    } else {
        "a `{` that opens no capture: write `{name:kind}`, or `{{` for the character itself"
    };
    Err((pattern.len() - rest.len(), what.to_owned()))
}

fn piece(input: &str) -> IResult<&str, Piece> {
    alt((literal, one_of, hole)).parse(input)
}

fn literal(input: &str) -> IResult<&str, Piece> {
    let plain = map(take_while1(|c| c != '{' && c != '}'), str::to_owned);
    let brace = alt((value("{".to_owned(), tag("{{")), value("}".to_owned(), tag("}}"))));
    map(alt((plain, brace)), Piece::Literal).parse(input)
}

fn one_of(input: &str) -> IResult<&str, Piece> {
    let choice = map(take_while(|c| !matches!(c, '{' | '}' | '|')), str::to_owned);
    let mut list = delimited(char('{'), separated_list1(char('|'), choice), char('}'));
    let (rest, choices) = list.parse(input)?;
    if choices.len() < 2 {
        return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::SeparatedList)));
    }
    Ok((rest, Piece::OneOf(choices)))
}

fn hole(input: &str) -> IResult<&str, Piece> {
    let name = take_while(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let kind = nom::combinator::opt(preceded(char(':'), take_while1(|c: char| c.is_ascii_lowercase())));
    let (rest, (name, kind)): (_, (&str, Option<&str>)) =
        delimited(char('{'), (name, kind), char('}')).parse(input)?;
    Ok((rest, Piece::Hole { name: name.to_owned(), kind: kind.unwrap_or("").to_owned() }))
}

/// Puts neighbouring literals together.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (out.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(more)) => before.push_str(&more),
            (_, piece) => out.push(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_comes_apart() {
        let found = pieces("{{6581}} {Cannot|Could not} copy {src:path}{:rest}").unwrap();
        let hole = |name: &str, kind: &str| Piece::Hole { name: name.into(), kind: kind.into() };
        assert_eq!(
            found,
            [
                Piece::Literal("{6581} ".into()),
                Piece::OneOf(vec!["Cannot".into(), "Could not".into()]),
                Piece::Literal(" copy ".into()),
                hole("src", "path"),
                hole("", "rest"),
            ]
        );
    }

    #[test]
    fn a_stray_brace_is_told_with_its_place() {
        assert_eq!(pieces("ab}").unwrap_err().0, 2);
        assert_eq!(pieces("ab {x y").unwrap_err().0, 3);
    }
}
