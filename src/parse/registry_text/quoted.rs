//! Text in quotes with its escapes, as names and as data.

use std::borrow::Cow;

use super::expected::Expected;

/// The name of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quoted<'a> {
    pub text: Cow<'a, str>,
    /// A backslash stands before a letter that needs none, so Windows drops the backslash.
    pub undoubled: bool,
}

/// As Windows imports it, the escape `\0` makes the whole line void.
const CLOSING: Expected = Expected("a closing quote and no `\\0` before it");

/// Reads a name from behind its opening quote; also gives what follows the closing one.
pub fn quoted(input: &str) -> Result<(Quoted<'_>, &str), Expected> {
    let end = memchr::memchr2(b'"', b'\\', input.as_bytes()).ok_or(CLOSING)?;
    if let Some(rest) = input[end..].strip_prefix('"') {
        return Ok((Quoted { text: Cow::Borrowed(&input[..end]), undoubled: false }, rest));
    }
    let mut text = String::new();
    let (undoubled, rest) = pieces(input, |piece| text.push_str(piece))?;
    Ok((Quoted { text: Cow::Owned(text), undoubled }, rest))
}

/// Reads text from behind its opening quote as UTF-16LE with a terminator.
///
/// Also tells whether it is undoubled (see [`Quoted`]), and what follows the closing quote.
pub fn quoted_wide(input: &str) -> Result<(Vec<u8>, bool, &str), Expected> {
    // Most often the closing quote is the last character, so that the terminator takes its place.
    let mut wide = Vec::with_capacity(2 * input.len());
    let (undoubled, rest) = pieces(input, |piece| widen(piece, &mut wide))?;
    wide.extend([0, 0]);
    Ok((wide, undoubled, rest))
}

/// Appends a text as UTF-16LE.
pub fn widen(text: &str, wide: &mut Vec<u8>) {
    if !text.is_ascii() {
        return wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }
    let start = wide.len();
    wide.resize(start + 2 * text.len(), 0);
    for (unit, byte) in wide[start..].chunks_exact_mut(2).zip(text.bytes()) {
        unit[0] = byte;
    }
}

/// Hands over the text piece by piece; `\n` and `\r` are line ends, any other escaped character is itself.
fn pieces(input: &str, mut each: impl FnMut(&str)) -> Result<(bool, &str), Expected> {
    let (mut rest, mut undoubled) = (input, false);
    loop {
        let end = memchr::memchr2(b'"', b'\\', rest.as_bytes()).ok_or(CLOSING)?;
        let (piece, escaped) = rest.split_at(end);
        each(piece);
        let Some(escaped) = escaped.strip_prefix('\\') else { return Ok((undoubled, &escaped[1..])) };
        let letter = escaped.chars().next().filter(|letter| *letter != '0').ok_or(CLOSING)?;
        match letter {
            '\\' | '"' => each(&escaped[..1]),
            // No text that Windows writes has a line end behind a drive letter.
            'n' | 'r' => {
                undoubled |= piece.ends_with(':');
                each(if letter == 'n' { "\n" } else { "\r" });
            }
            _ => {
                undoubled = true;
                each(&escaped[..letter.len_utf8()]);
            }
        }
        rest = &escaped[letter.len_utf8()..];
    }
}
