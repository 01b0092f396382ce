//! A message in words, numbers and marks.

/// A run of letters and digits, or one mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    pub start: usize,
    /// White space stands before it.
    pub gap: bool,
}

impl<'a> Token<'a> {
    /// The end of its run of bytes.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this word, in either case.
    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is a word or a number, and no mark.
    pub fn is_word(&self) -> bool {
        self.text.as_bytes().first().is_some_and(|byte| is_word_byte(*byte))
    }

    /// Whether it begins with a digit.
    pub fn is_digit(&self) -> bool {
        self.text.as_bytes().first().is_some_and(u8::is_ascii_digit)
    }
}

/// The tokens of a message. An underscore belongs to its word, so `Win32_Service` is one.
pub fn tokens(message: &str) -> Vec<Token<'_>> {
    let bytes = message.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut gap) = (0, true);
    while let Some(byte) = bytes.get(at) {
        // A tilde stands for a line end.
        if byte.is_ascii_whitespace() || *byte == b'~' {
            gap = true;
            at += 1;
            continue;
        }
        let length = match is_word_byte(*byte) {
            true => bytes[at..].iter().take_while(|byte| is_word_byte(**byte)).count(),
            false => 1,
        };
        tokens.push(Token { text: &message[at..at + length], start: at, gap });
        gap = false;
        at += length;
    }
    tokens
}

/// Bytes above ASCII are parts of letters, so a cut never falls within a character.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_marks_and_gaps() {
        let shown: Vec<String> = tokens("Win32 error=-5, é_1~(0x2)")
            .iter()
            .map(|token| format!("{}{}", if token.gap { " " } else { "" }, token.text))
            .collect();
        assert_eq!(shown, [" Win32", " error", "=", "-", "5", ",", " é_1", " (", "0x2", ")"]);
    }
}
