//! The data of a registry value: quoted text, `dword:`, and `hex:` bytes that may go on over lines.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{is_not, tag, tag_no_case};
use nom::character::complete::{char, hex_digit1, none_of, space0};
use nom::combinator::{fail, opt, peek, recognize, value};
use nom::multi::fold_many0;
use nom::sequence::{delimited, preceded, terminated};

use crate::model::{RegistryData, registry_type};
use crate::text::Encoding;

use super::header::Grammar;
use super::line::{Expected, Reading, done, end, expect};

/// The right side of a value line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    Whole(RegistryData),
    /// Bytes; when `open`, the next line has more of them.
    Hex {
        hex: Hex,
        open: bool,
    },
    Deleted,
}

/// Reads the right side up to the end of the line.
pub fn data(input: &str) -> Reading<'_, Data> {
    let other = expect("`\"text\"`, `dword:`, `hex:`, `hex(type):` or `-` after `=`", fail());
    alt((text, dword, hex, deletion, other)).parse(input)
}

/// Quotes with what they hold; `\n` and `\r` are line ends, any other escaped character is itself.
pub fn quoted(input: &str) -> Reading<'_, String> {
    let (input, _) = char('"').parse(input)?;
    let escaped = preceded(char('\\'), recognize(none_of("0")));
    let piece = alt((is_not("\\\""), value("\n", tag("\\n")), value("\r", tag("\\r")), escaped));
    let (input, text) = fold_many0(piece, String::new, |text, piece| text + piece).parse(input)?;
    // As Windows imports it, the escape `\0` makes the whole line void.
    let (input, _) = expect("a closing quote and no `\\0` before it", char('"')).parse(input)?;
    Ok((input, text))
}

/// The end of a line whose data is complete.
fn only_comment(input: &str) -> Reading<'_, ()> {
    expect("nothing but a `;` comment after the data", end).parse(input)
}

fn text(input: &str) -> Reading<'_, Data> {
    terminated(quoted, only_comment).map(|text| Data::Whole(RegistryData::text(&text))).parse(input)
}

fn deletion(input: &str) -> Reading<'_, Data> {
    value(Data::Deleted, (char('-'), only_comment)).parse(input)
}

/// A number of at most eight hex digits.
fn number(input: &str) -> Reading<'_, u32> {
    let short = hex_digit1.map_opt(|digits: &str| (digits.len() <= 8).then_some(digits));
    short.map_opt(|digits| u32::from_str_radix(digits, 16).ok()).parse(input)
}

fn dword(input: &str) -> Reading<'_, Data> {
    let digits = expect("1 to 8 hex digits after `dword:`", preceded(space0, number));
    let (input, number) = delimited(tag("dword:"), digits, only_comment).parse(input)?;
    Ok((input, Data::Whole(RegistryData::dword(number))))
}

fn hex(input: &str) -> Reading<'_, Data> {
    let (input, _) = tag("hex").parse(input)?;
    let typed = delimited(char('('), number, tag("):"));
    let kind = alt((value(registry_type::BINARY, char(':')), typed));
    let (input, kind) = expect("`hex:`, or `hex(type):` with 1 to 8 hex digits", kind).parse(input)?;
    let mut hex = Hex { kind, bytes: Vec::new() };
    let (input, open) = hex.bytes(input)?;
    Ok((input, Data::Hex { hex, open }))
}

/// Bytes as they are written, of which more may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hex {
    kind: u32,
    bytes: Vec<u8>,
}

/// What a line within open bytes did to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Blank or a comment, which do not count here.
    Skipped,
    /// More bytes; `open` when the next line has more again.
    More { open: bool },
}

impl Hex {
    /// Reads a line after one that ended in `\`.
    pub fn go_on(&mut self, input: &str) -> Result<Step, Expected> {
        let skipped = value(Step::Skipped, end);
        // A line that does not start with a byte, not even with a lone `\`, is lost together with the value.
        let byte_next = expect("more bytes after the `\\`", peek(hex_digit1));
        let more = preceded(byte_next, |input| self.bytes(input)).map(|open| Step::More { open });
        done(preceded(space0, alt((skipped, more))).parse(input))
    }

    /// Adds the bytes of one line and tells whether it ends in `\`.
    ///
    /// As Windows imports it, a comma stands before the `\`, so that no byte is ever parted.
    fn bytes<'a>(&mut self, input: &'a str) -> Reading<'a, bool> {
        let store = |(), byte| self.bytes.push(byte);
        let (input, ()) = fold_many0(terminated(byte, char(',')), || (), store).parse(input)?;
        let (input, last) = opt(byte).parse(input)?;
        self.bytes.extend(last);
        let (input, slash) = match last {
            Some(_) => (input, None),
            None => preceded(space0, opt(char('\\'))).parse(input)?,
        };
        let what = "bytes in hex with commas between them, and a `\\` only after a comma";
        let (input, ()) = expect(what, end).parse(input)?;
        Ok((input, slash.is_some()))
    }

    /// The data as the registry would hold it.
    pub fn finish(self, grammar: Grammar) -> RegistryData {
        let Self { kind, mut bytes } = self;
        let is_text = matches!(kind, registry_type::SZ | registry_type::EXPAND_SZ | registry_type::MULTI_SZ);
        if is_text && !bytes.is_empty() {
            if grammar != Grammar::Version5 {
                bytes = widened(&bytes);
            }
            terminate(&mut bytes);
        }
        RegistryData { kind, bytes }
    }
}

/// One byte; a `0x` before it does no harm, and neither do leading zeros.
fn byte(input: &str) -> Reading<'_, u8> {
    let digits = preceded((space0, opt(tag_no_case("0x"))), hex_digit1);
    digits.map_opt(|digits| u8::from_str_radix(digits, 16).ok()).parse(input)
}

/// ANSI bytes as UTF-16LE.
fn widened(bytes: &[u8]) -> Vec<u8> {
    Encoding::Ansi.decode(bytes).encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Appends the terminator that an import adds: one, and only where the last character is none.
fn terminate(bytes: &mut Vec<u8>) {
    let whole = bytes.len() & !1;
    let ends = whole.checked_sub(2).and_then(|start| bytes.get(start..whole)) == Some(&[0, 0]);
    if !ends {
        // Half a character cannot stay before the terminator.
        bytes.truncate(whole);
        bytes.extend([0, 0]);
    }
}
