//! Which encoding a console capture is in: consoles write in the OEM code page of their country, and say so
//! only by the words that they print.

use super::COMMANDS;
use crate::model::SourceId;
use crate::parse::Head;
use crate::text::{Encoding, Page, Text};

/// Bytes in which words are looked for.
const REACH: usize = 1 << 20;

/// Lines beyond ASCII that are looked at.
const LINES: usize = 100;

/// A capture in its encoding, and the first byte beyond ASCII where nothing tells its page.
///
/// It is told by a byte order mark, by the shape of UTF-16, by UTF-8 that is valid, by the words of a language
/// that one page makes appear, by the page's non-breaking blank between digits; else it is OEM 437.
pub fn text(source: SourceId, bytes: &[u8]) -> (Text<'_>, Option<u64>) {
    let text = Text::new(source, bytes, Encoding::Oem);
    // The first bytes of a source may be cut within a character.
    let cut = || std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    if text.encoding.unit() == 2 || text.is_utf8() || cut() {
        return (text, None);
    }
    let reach = text.part(0, REACH);
    let beyond = || reach.spans().map(|span| span.bytes).filter(|line| !line.is_ascii());
    let is_utf8 = |line: &&[u8]| std::str::from_utf8(line).is_ok();
    let valid = beyond().take(LINES).filter(is_utf8).count();
    let lines: Vec<&[u8]> = beyond().filter(|line| !is_utf8(line)).take(LINES).collect();
    let page = by_words(&lines).or_else(|| by_blanks(&lines));
    let legacy = page.map_or(Encoding::Oem, Encoding::Page);
    // Somebody may have added a line in another encoding to text that is UTF-8.
    let utf8 = valid > lines.len() || bytes.starts_with(&[0xEF, 0xBB, 0xBF]);
    let encoding = if utf8 { Encoding::Utf8 } else { legacy };
    let guessed = bytes.iter().position(|byte| !byte.is_ascii()).filter(|_| page.is_none());
    (Text::read_as(source, bytes, encoding, legacy), guessed.map(|at| at as u64))
}

/// The head of a source, decoded as the source will be, where that is not as it was.
pub fn head<'a>(head: &Head<'a>) -> Option<Head<'a>> {
    if head.lines.iter().all(|line| line.is_ascii()) {
        return None;
    }
    let (text, _) = text(SourceId(0), head.bytes);
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
        let (text, first) = text(SourceId(0), bytes);
        assert_eq!((text.encoding.name(), first.is_some()), (name, guessed), "{bytes:?}");
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
        let (text, first) = text(SourceId(0), &bytes);
        assert_eq!((text.encoding, first.is_some()), (Encoding::Utf8, true));
        assert_eq!(text.lines().last().unwrap().text, "13/04/2020  19:48               178 café");
    }
}
