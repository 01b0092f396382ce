//! The lines around the rows: volume, folder, counts and free space, in each language that is known.

use nom::bytes::complete::tag_no_case;
use nom::character::complete::{char, space1};
use nom::combinator::{all_consuming, opt};
use nom::sequence::terminated;
use nom::{IResult, Parser};

use super::entry::number;

/// The fixed words of one language.
struct Words {
    volume: &'static str,
    /// Between a volume's root and its label.
    named: &'static str,
    unnamed: &'static str,
    serial: &'static str,
    folder: &'static str,
    files: &'static str,
    folders: &'static str,
    bytes: &'static str,
    free: &'static str,
    total: &'static str,
    /// Starts of the messages that stand where a folder could not be listed.
    messages: &'static [&'static str],
}

const LANGUAGES: [Words; 1] = [Words {
    volume: "Volume in drive ",
    named: " is ",
    unnamed: " has no label",
    serial: "Volume Serial Number is ",
    folder: "Directory of ",
    files: "File(s)",
    folders: "Dir(s)",
    bytes: "bytes",
    free: "bytes free",
    total: "Total Files Listed:",
    messages: &[
        "File Not Found",
        "Access is denied",
        "The system cannot find the ",
        "The device is not ready",
        "The network path was not found",
        "The network name cannot be found",
        "Logon failure",
    ],
}];

/// A line of a listing that is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark<'t> {
    /// A root like `C:` or `\\server\share`, and the label.
    Volume(String, Option<&'t str>),
    Serial,
    /// The absolute path of a folder whose rows follow.
    Folder(&'t str),
    /// Counted entries and the bytes of the files among them.
    Files(u64, u64),
    /// Counted folders and the free bytes of the volume.
    Folders(u64, u64),
    /// The free bytes of the volume.
    Free(u64),
    /// The counts of the whole listing follow.
    Total,
    /// A folder could not be listed.
    Message,
}

/// Whether a line without its margins begins a listing or a folder of it.
pub fn heads(text: &str) -> bool {
    LANGUAGES.iter().any(|words| text.starts_with(words.volume) || text.starts_with(words.folder))
}

/// Reads a line that is no row.
pub fn mark(line: &str) -> Option<Mark<'_>> {
    let text = line.trim();
    LANGUAGES.iter().find_map(|words| match text.as_bytes().first() {
        Some(b'0'..=b'9') => counts(text, words),
        _ => heading(text, words),
    })
}

fn heading<'t>(text: &'t str, words: &Words) -> Option<Mark<'t>> {
    if let Some(path) = text.strip_prefix(words.folder) {
        return is_absolute(path).then_some(Mark::Folder(path));
    }
    if let Some(volume) = text.strip_prefix(words.volume) {
        return self::volume(volume, words);
    }
    if text.starts_with(words.serial) {
        return Some(Mark::Serial);
    }
    if text == words.total {
        return Some(Mark::Total);
    }
    words.messages.iter().any(|message| text.starts_with(message)).then_some(Mark::Message)
}

/// `C is LABEL`, `C has no label.` and the same with a UNC path in place of the letter.
fn volume<'t>(text: &'t str, words: &Words) -> Option<Mark<'t>> {
    let unnamed = text.trim_end_matches('.').strip_suffix(words.unnamed).map(|root| (root, None));
    let (root, label) =
        unnamed.or_else(|| text.split_once(words.named).map(|(root, label)| (root, Some(label.trim()))))?;
    let mut letters = root.trim_end_matches(':').chars();
    let root = match (letters.next(), letters.next()) {
        (Some(letter), None) if letter.is_ascii_alphabetic() => format!("{letter}:"),
        (Some('\\'), Some('\\')) => root.to_owned(),
        _ => return None,
    };
    Some(Mark::Volume(root, label.filter(|label| !label.is_empty())))
}

/// A path of a drive or of a share.
fn is_absolute(path: &str) -> bool {
    match path.as_bytes() {
        [letter, b':', b'\\', ..] => letter.is_ascii_alphabetic(),
        [b'\\', b'\\', first, ..] => *first != b'\\',
        _ => false,
    }
}

/// The root that a path stands on: `C:` or `\\server\share`.
pub fn root(path: &str) -> &str {
    if !path.starts_with("\\\\") {
        return path.get(..2).unwrap_or(path);
    }
    let end = path.char_indices().filter(|(_, character)| *character == '\\').nth(3);
    end.and_then(|(end, _)| path.get(..end)).unwrap_or(path)
}

fn counts(text: &str, words: &Words) -> Option<Mark<'static>> {
    let (rest, first) = plain_number(text).ok()?;
    if free_space(rest, words).is_ok() {
        return Some(Mark::Free(first));
    }
    if let Ok((_, (_, _, _, _, second, _))) = all_consuming((
        space1,
        tag_no_case(words.files),
        opt(char(',')),
        space1,
        plain_number,
        (space1, tag_no_case(words.bytes)),
    ))
    .parse(rest)
    {
        return Some(Mark::Files(first, second));
    }
    let head = (space1, tag_no_case(words.folders), opt(char(',')), space1);
    let (rest, (_, second)) = (head, plain_number).parse(rest).ok()?;
    free_space(rest, words).ok().map(|_| Mark::Folders(first, second))
}

fn free_space<'t>(input: &'t str, words: &Words) -> IResult<&'t str, &'t str> {
    all_consuming(terminated(space1, tag_no_case(words.free))).parse(input)
}

fn plain_number(input: &str) -> IResult<&str, u64> {
    number(input, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(lines: &[&str], expected: Expect) {
        let shown: Vec<String> =
            lines.iter().map(|line| mark(line).map_or("-".to_owned(), |mark| format!("{mark:?}"))).collect();
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
                Message
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
