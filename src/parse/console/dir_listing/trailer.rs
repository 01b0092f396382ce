//! The lines around the rows: volume, folder, counts and free space, in each language that is known.

use super::language::{Counts, Fit, Language, after, before, same};
use super::words::LANGUAGES;

/// A line of a listing that is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark<'t> {
    /// A root like `C:` or `\\server\share`, and the label.
    Volume(String, Option<&'t str>),
    Serial,
    /// The path of a folder whose rows follow: absolute, or from the root of a drive.
    Folder(&'t str),
    /// Counted entries and the bytes of the files among them.
    Files(u64, u64),
    /// Counted entries, with the rest of the line missing.
    Cut(u64),
    /// Counted folders and the free bytes of the volume.
    Folders(u64, u64),
    /// The free bytes of the volume.
    Free(u64),
    /// The counts of the whole listing follow.
    Total,
    /// Something could not be listed.
    Message(Failure),
}

/// Why something could not be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing has the name that was asked for.
    NoFile,
    /// The path does not exist.
    NoPath,
    /// Anything else.
    Refused,
}

/// A mark, and the language whose words it has.
pub type Read<'t> = (Mark<'t>, Option<&'static Language>);

/// Whether a line without its margins begins a listing or a folder of it.
pub fn heads(text: &str) -> bool {
    let heading = |language, fit| volume(text, language, fit).or_else(|| folder(text, language, fit));
    !text.starts_with(|c: char| c.is_ascii_digit()) && in_languages(text, heading).is_some()
}

/// The language that a line is in, to the letter.
pub fn language(line: &str) -> Option<&'static Language> {
    let text = line.trim();
    let counts = Counts::of(text);
    LANGUAGES.iter().find(|language| read(text, counts.as_ref(), language, Fit::Exact).is_some())
}

/// Reads a line that is no row.
pub fn mark(line: &str) -> Option<Read<'_>> {
    let text = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{1a}');
    let counts = Counts::of(text);
    let found = in_languages(text, |language, fit| read(text, counts.as_ref(), language, fit));
    found.or_else(|| is_serial(text).then_some((Mark::Serial, None)))
}

/// Tries every language, first to the letter and then with damaged letters.
fn in_languages<'t>(
    text: &str,
    read: impl Fn(&'static Language, Fit) -> Option<Mark<'t>>,
) -> Option<Read<'t>> {
    Fit::for_text(text)
        .iter()
        .find_map(|fit| LANGUAGES.iter().find_map(|language| Some((read(language, *fit)?, Some(language)))))
}

fn read<'t>(
    text: &'t str,
    numbers: Option<&Counts>,
    language: &'static Language,
    fit: Fit,
) -> Option<Mark<'t>> {
    if let Some(mark) = numbers.and_then(|numbers| counts(numbers, language, fit)) {
        return Some(mark);
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    volume(text, language, fit)
        .or_else(|| folder(text, language, fit))
        .or_else(|| language.total.iter().any(|total| is_total(text, total, fit)).then_some(Mark::Total))
        .or_else(|| message(text, language, fit))
}

fn folder<'t>(text: &'t str, language: &Language, fit: Fit) -> Option<Mark<'t>> {
    language.folder.iter().find_map(|[start, end]| {
        let path = before(after(text, start, fit)?, end, fit)?.trim();
        (is_absolute(path) || is_rooted(path)).then_some(Mark::Folder(path))
    })
}

/// `C is LABEL`, `C has no label.` and the same with a UNC path in place of the letter.
fn volume<'t>(text: &'t str, language: &Language, fit: Fit) -> Option<Mark<'t>> {
    let open = text.trim_end_matches(['.', '。']);
    let unnamed = language.unnamed.iter().find_map(|[start, end]| {
        let (root, rest) = first_root(after(open, start, fit)?)?;
        same(rest, end, fit).then_some(Mark::Volume(root, None))
    });
    unnamed.or_else(|| {
        language.volume.iter().find_map(|[start, between, end]| {
            let (root, rest) = first_root(after(text, start, fit)?)?;
            let label = before(after(rest, between, fit)?, end, fit)?.trim();
            Some(Mark::Volume(root, Some(label).filter(|label| !label.is_empty())))
        })
    })
}

/// The root that a text begins with, and what follows it and its colon.
fn first_root(text: &str) -> Option<(String, &str)> {
    if text.starts_with("\\\\") {
        let (root, _) = text.split_once(' ')?;
        return Some((root.to_owned(), text.get(root.len()..)?));
    }
    let letter = text.chars().next().filter(char::is_ascii_alphabetic)?;
    let rest = text.get(1..)?;
    Some((format!("{letter}:"), rest.strip_prefix(':').unwrap_or(rest)))
}

fn message(text: &str, language: &Language, fit: Fit) -> Option<Mark<'static>> {
    let starts = |messages: &[&str]| messages.iter().any(|message| after(text, message, fit).is_some());
    let failure = match () {
        _ if starts(language.no_file) => Failure::NoFile,
        _ if starts(language.no_path) => Failure::NoPath,
        _ if starts(language.refused) => Failure::Refused,
        _ => return None,
    };
    Some(Mark::Message(failure))
}

fn counts(counts: &Counts, language: &Language, fit: Fit) -> Option<Mark<'static>> {
    let [first, second] = counts.numbers;
    match counts.len {
        2 if counts.are(language.files, fit) => Some(Mark::Files(first, second)),
        2 if counts.are(language.folders, fit) => Some(Mark::Folders(first, second)),
        1 if counts.are(language.free, fit) => Some(Mark::Free(first)),
        1 if counts.begin(language.files, fit) => Some(Mark::Cut(first)),
        _ => None,
    }
}

/// The words before the totals; French leaves a blank before the colon.
fn is_total(text: &str, total: &str, fit: Fit) -> bool {
    let without = |text: &str| text.strip_suffix(':').map(|text| text.trim_end().to_owned());
    without(text).zip(without(total)).is_some_and(|(text, total)| same(&text, &total, fit))
}

/// Whether a line holds words and a serial number like `0310-1964`, and nothing after it but a few words.
fn is_serial(text: &str) -> bool {
    let bytes = text.as_bytes();
    let hex = |bytes: &[u8]| bytes.iter().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte));
    let alone =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(|b| !b.is_ascii_alphanumeric());
    let number = |at: usize| {
        let found = bytes.get(at..at + 9).is_some_and(|it| it[4] == b'-' && hex(&it[..4]) && hex(&it[5..]));
        found && alone(at.checked_sub(1)) && alone(Some(at + 9)) && bytes.len() - at <= 24
    };
    (8..=80).contains(&bytes.len()) && (3..bytes.len().saturating_sub(8)).any(number)
}

/// A path of a drive or of a share.
pub fn is_absolute(path: &str) -> bool {
    match path.as_bytes() {
        [letter, b':', b'\\', ..] => letter.is_ascii_alphabetic(),
        [b'\\', b'\\', first, ..] => *first != b'\\',
        _ => false,
    }
}

/// A path without its drive, as some command processors print it.
fn is_rooted(path: &str) -> bool {
    matches!(path.as_bytes(), [b'\\'] | [b'\\', 0x21..=0x5B | 0x5D..=0xFF, ..])
}

/// The root that a path stands on: `C:` or `\\server\share`.
pub fn root(path: &str) -> &str {
    if !path.starts_with("\\\\") {
        return path.get(..2).unwrap_or(path);
    }
    let end = path.char_indices().filter(|(_, character)| *character == '\\').nth(3);
    end.and_then(|(end, _)| path.get(..end)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(lines: &[&str], expected: Expect) {
        let shown: Vec<String> = lines
            .iter()
            .map(|line| mark(line).map_or("-".to_owned(), |(mark, _)| format!("{mark:?}")))
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    #[test]
    fn volumes_and_folders() {
        check(
            &[
                " Volume in drive D is SMS DATA ",
                " Volume in drive C has no label.",
                " Volume in drive E has no label",
                " Volume in drive \\\\SRV\\SMS_P01 is DATA",
                " Volume in drive of the week is X",
                " Volume Serial Number is 0310-1964",
                " Directory of A:\\ ",
                " Directory of \\\\SRV\\share",
                " Directory of everything",
            ],
            expect![[r#"
                Volume("D:", Some("SMS DATA"))
                Volume("C:", None)
                Volume("E:", None)
                Volume("\\\\SRV\\SMS_P01", Some("DATA"))
                -
                Serial
                Folder("A:\\")
                Folder("\\\\SRV\\share")
                -"#]],
        );
    }

    #[test]
    fn counts_and_messages() {
        check(
            &[
                "              22 File(s)     20,649,969 bytes",
                "                  216,790,528 bytes free",
                "               8 Dir(s)   2,570,076,160 bytes free",
                "               3 Dir(s)  94 616 862 720 bytes free ",
                "               8 Dir(s)   2,570,076,160 bytes",
                "     Total Files Listed:",
                "File Not Found",
                "        2 file(s) copied.",
            ],
            expect![[r#"
                Files(22, 20649969)
                Free(216790528)
                Folders(8, 2570076160)
                Folders(3, 94616862720)
                -
                Total
                Message(NoFile)
                -"#]],
        );
    }

    #[test]
    fn roots() {
        assert_eq!(root("C:\\a\\b"), "C:");
        assert_eq!(root("\\\\srv\\share\\a"), "\\\\srv\\share");
        assert_eq!(root("\\\\srv"), "\\\\srv");
    }
}
