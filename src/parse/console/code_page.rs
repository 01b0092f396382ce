//! Which encoding a console capture is in: consoles write in the OEM code page of their country, and say so
//! only by the words that they print.

use super::COMMANDS;
use crate::model::SourceId;
use crate::parse::Head;
use crate::text::{Encoding, Page, Text};

/// How a capture is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub encoding: Encoding,
    /// What lines are taken for that are not UTF-8 in a capture that is.
    pub legacy: Encoding,
    /// The first byte beyond ASCII, where nothing tells its page.
    pub guessed: Option<u64>,
}

/// Bytes in which words are looked for.
const REACH: usize = 1 << 20;

/// Lines beyond ASCII that are looked at.
const LINES: usize = 100;

/// Decides by a byte order mark, by the shape of UTF-16, by UTF-8 that is valid, by the words of a language that
/// one page makes appear, by the page's non-breaking blank between digits; else takes OEM 437.
pub fn choose(bytes: &[u8]) -> Choice {
    let whole = |encoding| Choice { encoding, legacy: Encoding::Oem, guessed: None };
    let encoding = Encoding::of(bytes, Encoding::Oem);
    // The first bytes of a source may be cut within a character.
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true);
    if encoding.unit() == 2 || valid {
        return whole(encoding);
    }
    let reach = &bytes[..bytes.len().min(REACH)];
    let text = Text::read_as(SourceId(0), reach, Encoding::Oem, Encoding::Oem);
    let beyond = || text.spans().filter(|span| !span.bytes.is_ascii());
    let valid = beyond().take(LINES).filter(|span| std::str::from_utf8(span.bytes).is_ok()).count();
    let lines: Vec<&[u8]> = beyond()
        .map(|span| span.bytes)
        .filter(|line| std::str::from_utf8(line).is_err())
        .take(LINES)
        .collect();
    let page = by_words(&lines).or_else(|| by_blanks(&lines));
    let legacy = page.map_or(Encoding::Oem, Encoding::Page);
    let first = bytes.iter().position(|byte| !byte.is_ascii()).map(|at| at as u64);
    // Somebody may have added a line in another encoding to text that is UTF-8.
    let utf8 = valid > lines.len() || bytes.starts_with(&[0xEF, 0xBB, 0xBF]);
    Choice {
        encoding: if utf8 { Encoding::Utf8 } else { legacy },
        legacy,
        guessed: first.filter(|_| page.is_none()),
    }
}

/// The head of a source, decoded as the source will be, where that is not as it was.
pub fn head<'a>(head: &Head<'a>) -> Option<Head<'a>> {
    let choice = choose(head.bytes);
    let Encoding::Page(_) = choice.legacy else { return None };
    let text = Text::read_as(SourceId(0), head.bytes, choice.encoding, choice.legacy);
    let lines = text.lines().take(Head::LINES).map(|line| line.text.into_owned()).collect();
    Some(Head { name: head.name, bytes: head.bytes, lines })
}

/// The page in which most lines have the words of a language that is written in it.
fn by_words(lines: &[&[u8]]) -> Option<Page> {
    let score = |page: Page| {
        let ranks = lines.iter().filter_map(|line| {
            let text = page.decode(line);
            let pages =
                COMMANDS.iter().map(|command| command.pages(&text)).find(|pages| !pages.is_empty())?;
            let rank = pages.iter().position(|known| *known == page)?;
            // The most common page wins where several show the same words.
            Some(100 - rank.min(9))
        });
        ranks.sum::<usize>()
    };
    let scored = Page::ALL.iter().map(|page| (score(*page), *page)).filter(|(score, _)| *score != 0);
    scored.rev().max_by_key(|(score, _)| *score).map(|(_, page)| page)
}

/// The page whose non-breaking blank stands between digits.
fn by_blanks(lines: &[&[u8]]) -> Option<Page> {
    let between_digits = |blank: u8| {
        let grouped = |part: &[u8]| part[0].is_ascii_digit() && part[1] == blank && part[2].is_ascii_digit();
        lines.iter().any(|line| line.windows(3).any(grouped))
    };
    match (between_digits(0xFF), between_digits(0xA0)) {
        (true, false) => Some(Page::Cp850),
        (false, true) => Some(Page::Cp1252),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], name: &str, guessed: bool) {
        let choice = choose(bytes);
        assert_eq!((choice.encoding.name(), choice.guessed.is_some()), (name, guessed), "{bytes:?}");
    }

    #[test]
    fn words_tell_the_page() {
        check(b" Datentr\x84ger in Laufwerk C: ist X\r\n", "OEM 850", false);
        check(b" Datentr\xE4ger in Laufwerk C: ist X\r\n", "ANSI 1252", false);
        check(b" R\x82pertoire de C:\\x\r\n", "OEM 850", false);
        check(b" Numer\r\n   3 plik(\xA2w)    0 bajt\xA2w\r\n", "OEM 852", false);
        check(b"   3 plik(\xF3w)    0 bajt\xF3w\r\n", "ANSI 1250", false);
        check(b"   4 \xE4\xA0\xA9\xAB\xAE\xA2   397 \xA1\xA0\xA9\xE2\r\n", "OEM 866", false);
        check(b" C:\\x \x82\xCC\x83\x66\x83\x42\x83\x8C\x83\x4E\x83\x67\x83\x8A\r\n", "Shift-JIS 932", false);
    }

    #[test]
    fn other_evidence_tells_the_page() {
        check(b"13/04/2020  19:48             1\xFF178 x\r\n", "OEM 850", false);
        check(b"13/04/2020  19:48             1\xA0178 x\r\n", "ANSI 1252", false);
        check(b"03/04/2000  07:48p              178 caf\x82\r\n", "OEM (read as 437)", true);
        check("Répertoire de C:\\x\r\n".as_bytes(), "UTF-8", false);
        check(b"plain\r\n", "UTF-8", false);
    }

    #[test]
    fn one_damaged_line_is_no_other_encoding() {
        let mut bytes = "Répertoire de C:\\x\r\n".repeat(3).into_bytes();
        bytes.extend(b"13/04/2020  19:48               178 caf\x82\r\n");
        let choice = choose(&bytes);
        assert_eq!((choice.encoding, choice.legacy), (Encoding::Utf8, Encoding::Oem));
    }
}
