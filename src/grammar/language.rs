//! The frame language: what stands around a message, as a sequence of fields and literal text.
//!
//! A blank is any run of white space, `[...]` may be missing, `{field}` is one of [`Field`], and a
//! backslash takes the next character literally.

use nom::IResult;
use nom::Parser as _;
use nom::branch::alt;
use nom::bytes::complete::take_while1;
use nom::character::complete::{anychar, char, one_of};
use nom::combinator::{map, map_opt, value};
use nom::multi::{many0, many1};
use nom::sequence::{delimited, preceded};

/// What a part of a frame tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Message,
    Component,
    Weekday,
    /// `Jan` to `Dec`.
    MonthName,
    Month,
    Day,
    Year,
    /// Two digits; below 80 means after 2000, as Windows NT has it.
    ShortYear,
    Hour,
    Minute,
    Second,
    Fraction,
    /// `AM` or `PM`.
    Half,
    /// A Windows time zone name.
    Zone,
    /// Minutes to add to local time for UTC.
    Bias,
    Thread,
    HexThread,
    /// `type` of Configuration Manager: 2 is a warning, 3 an error.
    Severity,
    /// A number that tells nothing here.
    Number,
    /// Anything up to the literal that follows.
    Skip,
}

/// The fields by the names that grammars use.
pub const FIELDS: &[(&str, Field)] = &[
    ("message", Field::Message),
    ("component", Field::Component),
    ("weekday", Field::Weekday),
    ("monthname", Field::MonthName),
    ("month", Field::Month),
    ("day", Field::Day),
    ("year", Field::Year),
    ("shortyear", Field::ShortYear),
    ("hour", Field::Hour),
    ("minute", Field::Minute),
    ("second", Field::Second),
    ("fraction", Field::Fraction),
    ("half", Field::Half),
    ("zone", Field::Zone),
    ("bias", Field::Bias),
    ("thread", Field::Thread),
    ("hexthread", Field::HexThread),
    ("severity", Field::Severity),
    ("number", Field::Number),
    ("skip", Field::Skip),
];

/// A part of a frame as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Literal(Vec<u8>),
    Blanks,
    Field(Field),
    Optional(Vec<Part>),
}

/// Optional parts of one frame.
const MOST_OPTIONAL: usize = 32;

/// Takes a frame apart.
///
/// # Errors
/// The byte at which the frame stops making sense, and what is wrong there.
pub fn parts(frame: &str) -> Result<Vec<Part>, (usize, String)> {
    // Optional parts are read one within the other, so their number bounds the depth.
    if let Some((at, _)) = frame.match_indices('[').nth(MOST_OPTIONAL) {
        return Err((at, format!("more than {MOST_OPTIONAL} optional parts")));
    }
    let (rest, found) = many0(part).parse(frame).map_err(|_| (0, "the frame cannot be read".to_owned()))?;
    if rest.is_empty() {
        return Ok(found);
    }
    let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    let what = match rest.chars().next() {
        Some('{') => format!("not a field; fields are {}", names.join(", ")),
        Some('[') => "an optional part that is not closed; write `\\[` for the character itself".to_owned(),
        _ => "write a backslash before this character".to_owned(),
    };
    Err((frame.len() - rest.len(), what))
}

fn part(input: &str) -> IResult<&str, Part> {
    let blanks = value(Part::Blanks, take_while1(|c| c == ' '));
    alt((blanks, literal, field, optional)).parse(input)
}

fn literal(input: &str) -> IResult<&str, Part> {
    let plain = one_of_not("\\{}[] ");
    let escaped = preceded(char('\\'), anychar).map(|c| if c == 't' { '\t' } else { c });
    map(many1(alt((escaped, plain))), |chars| Part::Literal(chars.iter().collect::<String>().into_bytes()))
        .parse(input)
}

fn one_of_not<'a>(
    special: &'static str,
) -> impl nom::Parser<&'a str, Output = char, Error = nom::error::Error<&'a str>> {
    nom::character::complete::none_of(special)
}

fn field(input: &str) -> IResult<&str, Part> {
    let name = take_while1(|c: char| c.is_ascii_lowercase());
    let known = map_opt(name, |name: &str| FIELDS.iter().find(|(known, _)| *known == name));
    map(delimited(char('{'), known, char('}')), |(_, field)| Part::Field(*field)).parse(input)
}

fn optional(input: &str) -> IResult<&str, Part> {
    let (input, _) = one_of("[").parse(input)?;
    let (input, parts) = many0(part).parse(input)?;
    let (input, _) = char(']').parse(input)?;
    Ok((input, Part::Optional(parts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_apart() {
        let found = parts(r"$$<{component}>[ \[{zone}\]]").unwrap();
        assert_eq!(
            found,
            [
                Part::Literal(b"$$<".to_vec()),
                Part::Field(Field::Component),
                Part::Literal(b">".to_vec()),
                Part::Optional(vec![
                    Part::Blanks,
                    Part::Literal(b"[".to_vec()),
                    Part::Field(Field::Zone),
                    Part::Literal(b"]".to_vec()),
                ]),
            ]
        );
    }

    #[test]
    fn a_wrong_field_is_told_with_its_place() {
        let (at, what) = parts("<{yaer}>").unwrap_err();
        assert_eq!(at, 1);
        assert!(what.starts_with("not a field"), "{what}");
        assert_eq!(parts("[{year}").unwrap_err().0, 0);
    }
}
