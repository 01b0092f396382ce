//! Error codes: the spellings of a number that logs use, read as one number.

/// Reads a code as logs write it: `3`, `-2147023648`, `0x80070005`, `#0x5`, `oxc000012f`, `C000000b`.
///
/// Hexadecimal without `0x` is accepted only where a letter shows it. The result keeps the sign of
/// decimal numbers, so a signed and an unsigned spelling of one HRESULT are made equal by
/// [`unsigned`].
pub fn number(text: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches('#');
    let lower = text.to_ascii_lowercase();
    // `ox` with a letter o occurs in real lines.
    if let Some(hex) = lower.strip_prefix("0x").or_else(|| lower.strip_prefix("ox")) {
        return i64::from_str_radix(hex, 16).ok();
    }
    if let Ok(decimal) = lower.parse() {
        return Some(decimal);
    }
    let is_hex = 2 <= lower.len() && lower.len() <= 8 && lower.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { i64::from_str_radix(&lower, 16).ok() } else { None }
}

/// The 32-bit pattern of a code, so that -2147024891 and 0x80070005 are the same.
pub fn unsigned(code: i64) -> i64 {
    if i64::from(i32::MIN) <= code && code < 0 { code + (1 << 32) } else { code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_number() {
        for (text, expected) in [
            ("3", Some(3)),
            ("0x10b", Some(267)),
            ("#0x5", Some(5)),
            ("oxc000012f", Some(0xC000_012F)),
            ("38a", Some(906)),
            ("cb", Some(203)),
            ("C000000b", Some(0xC000_000B)),
            ("-2147024891", Some(-2_147_024_891)),
            ("zz", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
        assert_eq!(unsigned(-2_147_024_891), 0x8007_0005);
    }
}
