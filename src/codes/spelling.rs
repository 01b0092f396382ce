//! How a number stands in a message: its sign, its base, and what around it shows that it is no code.

use std::ops::Range;

use super::tokens::Token;

/// A number as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelled {
    pub span: Range<usize>,
    /// Negative numbers as their 32-bit pattern where they have one of a result code.
    pub value: i64,
    /// Written with `0x`, or as eight digits that are a result code.
    pub hex: bool,
    /// The token at which the words before it end.
    pub from: usize,
}

/// Which numbers are read to base 16 without `0x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// Eight digits of a result code only.
    Long,
    /// Those that hold a digit and a letter too.
    Mixed,
    /// All.
    All,
}

/// The number that a token is, unless what follows shows a version, date, time, path or share of a whole.
pub fn spelled(tokens: &[Token<'_>], at: usize, bare: Bare) -> Option<Spelled> {
    let token = tokens.get(at)?;
    if is_part(tokens, at) {
        return None;
    }
    let (value, hex) = value(token.text, bare)?;
    let sign = at.checked_sub(1).filter(|sign| !hex && tokens[*sign].text == "-" && !token.gap);
    let is_sign = |sign: &usize| {
        let before = sign.checked_sub(1).map(|before| tokens[before].text);
        tokens[*sign].gap || before.is_none_or(|text| ["=", ":", "(", "#", "'", "\""].contains(&text))
    };
    let Some(sign) = sign else {
        return Some(Spelled { span: token.start..token.end(), value, hex, from: at });
    };
    let negative = super::unsigned(-value);
    let span = tokens[sign].start..token.end();
    is_sign(&sign).then_some(Spelled { span, value: negative, hex, from: sign })
}

/// Whether the token is a part of something that is written without blanks and is no code.
fn is_part(tokens: &[Token<'_>], at: usize) -> bool {
    let close = |at: usize| tokens.get(at).filter(|token| !token.gap);
    let behind = at.checked_sub(2).and_then(|start| tokens.get(start..=at));
    if let Some([before, mark, own]) = behind
        && !mark.gap
        && !own.gap
        && [".", "/", "-", ":"].contains(&mark.text)
        && before.text.ends_with(|c: char| c.is_ascii_digit())
    {
        return true;
    }
    let Some(mark) = close(at + 1) else { return false };
    let digit_behind = || close(at + 2).is_some_and(Token::is_digit);
    let plain = tokens[at].text.bytes().all(|byte| byte.is_ascii_digit());
    let word_behind =
        || close(at + 2).is_some_and(|word| word.text.starts_with(|c: char| c.is_ascii_lowercase()));
    match mark.text {
        "\\" | "%" => true,
        // `32-bit`.
        "-" if plain && word_behind() => true,
        "." | "/" | "-" | ":" => digit_behind(),
        _ => false,
    }
}

fn value(text: &str, bare: Bare) -> Option<(i64, bool)> {
    let prefix = text.get(..2).unwrap_or_default();
    let hex = |digits: &str| {
        let right = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        right.then(|| i64::from_str_radix(digits, 16).ok()).flatten()
    };
    // `ox` with a letter o occurs in real lines.
    if prefix.eq_ignore_ascii_case("0x") || prefix.eq_ignore_ascii_case("ox") {
        return (text.len() <= 10).then(|| hex(&text[2..])).flatten().map(|value| (value, true));
    }
    // So does 0c00000005, which means 0xC0000005.
    if prefix.eq_ignore_ascii_case("0c") && text.len() == 10 {
        return hex(&text[2..]).map(|value| (value | 0xC000_0000, true));
    }
    let decimal = text.bytes().all(|byte| byte.is_ascii_digit());
    if bare == Bare::All && text.len() <= 8 {
        return hex(text).map(|value| (value, true));
    }
    if text.len() == 8 && is_result(text) {
        return hex(text).map(|value| (value, true));
    }
    if decimal {
        return (text.len() <= 10).then(|| text.parse().ok()).flatten().map(|value| (value, false));
    }
    let mixed = bare == Bare::Mixed && text.len() <= 8 && text.bytes().any(|byte| byte.is_ascii_digit());
    if mixed { hex(text).map(|value| (value, true)) } else { None }
}

/// Whether eight digits begin as result codes do. Decimal numbers of that size are no codes.
fn is_result(text: &str) -> bool {
    let start = text.get(..4).unwrap_or_default().to_ascii_lowercase();
    let of_facility = start.starts_with("800") || start.starts_with("c00");
    of_facility && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    /// The first number of a message.
    fn first(message: &str, bare: Bare) -> Option<i64> {
        let tokens = tokens(message);
        (0..tokens.len()).find_map(|at| spelled(&tokens, at, bare)).map(|found| found.value)
    }

    #[test]
    fn every_spelling_is_read() {
        for (message, value) in [
            ("= 3.", Some(3)),
            ("=-2147023648 for", Some(0x8007_04E0)),
            ("(-2147467259)", Some(0x8000_4005)),
            ("0X007F", Some(0x7f)),
            ("oxc000012f", Some(0xC000_012F)),
            ("0c00000005", Some(0xC000_0005)),
            ("C000000b", Some(0xC000_000B)),
            ("80070005", Some(0x8007_0005)),
            ("3221225586", Some(0xC000_0072)),
            ("0x800706BF-The", Some(0x8007_06BF)),
            ("4.0.1381", None),
            ("12/04/1995", None),
            ("15:41", None),
            ("35%", None),
            ("12345678901", None),
            ("38a", None),
        ] {
            assert_eq!(first(message, Bare::Long), value, "{message}");
        }
        assert_eq!(first("38a", Bare::Mixed), Some(906));
        assert_eq!((first("cb", Bare::Mixed), first("cb", Bare::All)), (None, Some(203)));
        assert_eq!(first("10", Bare::All), Some(16));
    }
}
