//! The first line of a printed event: date, time, and fields between separators.

use super::dates::Printed;
use super::severity;

/// Who printed it, and with that the order of the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// DUMPEL.EXE of the Resource Kits: type, category and event as numbers, source, user, computer, strings.
    Dumpel,
    /// Event Viewer's own text and CSV: source, type, category, event, user, computer, description.
    Viewer,
}

/// What a line says that begins an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    pub layout: Layout,
    pub printed: Printed,
    pub severity: Option<u8>,
    /// The part of the identifier that Event Viewer shows.
    pub id: u32,
    names: Names<'a>,
}

/// What stands around the names of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Names<'a> {
    /// In fields of their own: two of source and user, in either order; computer and the rest.
    Fields { first: &'a str, second: &'a str, rest: &'a str, separator: Separator },
    /// With nothing but blanks between them.
    Blanks(&'a str),
}

/// What stands between the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Tab,
    Comma,
    Blanks,
}

/// Whose event it is, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told<'a> {
    pub source: &'a str,
    pub computer: &'a str,
    pub text: &'a str,
    /// What stands between the strings in the text, where that is known.
    pub between: Option<char>,
}

impl Layout {
    /// The name that records of this layout carry.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dumpel => "dumpel",
            Self::Viewer => "event-viewer",
        }
    }

    /// For people: what wrote it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Dumpel => "DUMPEL.EXE prints it",
            Self::Viewer => "Event Viewer saves it as text",
        }
    }
}

/// Reads the first line of an event.
pub fn row(line: &str) -> Option<Row<'_>> {
    let line = line.trim_start_matches([' ', '\t', '"']);
    let (printed, rest) = printed(line)?;
    let (separator, rest) = separator(rest)?;
    dumpel(printed, separator, rest).or_else(|| viewer(printed, separator, rest))
}

fn dumpel(printed: Printed, separator: Separator, rest: &str) -> Option<Row<'_>> {
    let (kind, rest) = field(rest, separator);
    let (category, rest) = field(rest, separator);
    let (id, rest) = field(rest, separator);
    let kind: u32 = kind.parse().ok().filter(|kind| matches!(kind, 0 | 1 | 2 | 4 | 8 | 16))?;
    category.parse::<u16>().ok()?;
    let id = id.parse::<u32>().ok()? & 0xFFFF;
    let names = match separator {
        Separator::Blanks => Names::Blanks(rest),
        _ => {
            let (first, rest) = field(rest, separator);
            let (second, rest) = field(rest, separator);
            Names::Fields { first, second, rest, separator }
        }
    };
    Some(Row { layout: Layout::Dumpel, printed, severity: severity(kind), id, names })
}

/// Microsoft's "File formats for archived logs" gives the order.
fn viewer(printed: Printed, separator: Separator, rest: &str) -> Option<Row<'_>> {
    if separator == Separator::Blanks {
        return None;
    }
    let (source, rest) = field(rest, separator);
    let (kind, rest) = field(rest, separator);
    let (_, rest) = field(rest, separator);
    let (id, rest) = field(rest, separator);
    let (user, rest) = field(rest, separator);
    let id = id.parse::<u32>().ok()? & 0xFFFF;
    let words = !source.is_empty() && kind.chars().all(|c| c.is_alphabetic() || c == ' ');
    let severity = match kind.to_lowercase().as_str() {
        "error" | "fehler" | "erreur" => Some(3),
        "warning" | "warnung" | "avertissement" | "failure audit" => Some(2),
        "information" | "informationen" | "informations" | "success audit" | "success" | "none" => Some(1),
        _ => None,
    };
    let names = Names::Fields { first: source, second: user, rest, separator };
    words.then_some(Row { layout: Layout::Viewer, printed, severity, id, names })
}

impl<'a> Row<'a> {
    /// Whether the user stands before the source, as in what early versions of DUMPEL.EXE print, as far as this
    /// line tells.
    pub fn user_first(&self) -> Option<bool> {
        match self.names {
            Names::Fields { first, second, .. } if self.layout == Layout::Dumpel => {
                match (is_user(first), is_user(second)) {
                    (true, false) => Some(true),
                    (false, true) => Some(false),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whose event it is, and what it says.
    pub fn told(&self, user_first: bool) -> Told<'a> {
        match self.names {
            Names::Fields { first, second, rest, separator } => {
                let user_first = self.user_first().unwrap_or(user_first) && self.layout == Layout::Dumpel;
                let (computer, text) = field(rest, separator);
                let between = (separator == Separator::Tab && text.contains('\t')).then_some('\t');
                Told { source: if user_first { second } else { first }, computer, text, between }
            }
            Names::Blanks(rest) => by_blanks(rest),
        }
    }
}

/// The names in a run of words: the user tells them apart, who is `N/A` or in a domain.
fn by_blanks(rest: &str) -> Told<'_> {
    const MOST_WORDS: usize = 8;
    let (first, behind) = word(rest);
    if is_user(first) {
        let (source, behind) = word(behind);
        let (computer, text) = word(behind);
        return Told { source, computer, text, between: None };
    }
    let (mut user_at, mut at) = (None, rest);
    for _ in 0..MOST_WORDS {
        let (found, behind) = word(at);
        if is_user(found) {
            user_at = Some((at, behind));
            break;
        }
        at = behind;
    }
    let Some((at, behind)) = user_at else {
        return Told { source: first, computer: "", text: behind, between: None };
    };
    let source = rest[..rest.len() - at.len()].trim();
    // `NT AUTHORITY\SYSTEM` is one user.
    let source =
        source.strip_suffix(" NT").filter(|_| word(at).0.starts_with("AUTHORITY\\")).unwrap_or(source);
    let (computer, text) = word(behind);
    Told { source: source.trim(), computer, text, between: None }
}

fn is_user(text: &str) -> bool {
    text.eq_ignore_ascii_case("n/a") || text.contains('\\')
}

/// The first word, and what stands behind it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// The first field without blanks and quotes around it, and what stands behind its separator.
fn field(text: &str, separator: Separator) -> (&str, &str) {
    let between = match separator {
        Separator::Tab => '\t',
        Separator::Comma => ',',
        Separator::Blanks => return word(text),
    };
    if let Some((quoted, rest)) = text.strip_prefix('"').and_then(|text| text.split_once('"'))
        && let Some(rest) = rest.strip_prefix(between).or_else(|| rest.is_empty().then_some(rest))
    {
        return (quoted.trim(), rest);
    }
    let (field, rest) = text.split_once(between).unwrap_or((text, ""));
    (field.trim(), rest)
}

/// The separator that a text begins with, and what stands behind it.
fn separator(text: &str) -> Option<(Separator, &str)> {
    let text = text.strip_prefix('"').unwrap_or(text);
    let rest = text.trim_start_matches(' ');
    match rest.chars().next()? {
        '\t' => Some((Separator::Tab, &rest[1..])),
        ',' => Some((Separator::Comma, &rest[1..])),
        _ if rest.len() < text.len() => Some((Separator::Blanks, rest)),
        _ => None,
    }
}

/// Date and time at the start of a line, and what stands behind them.
fn printed(line: &str) -> Option<(Printed, &str)> {
    let (first, digits, rest) = digits(line)?;
    let between = *rest.as_bytes().first().filter(|byte| matches!(byte, b'/' | b'.' | b'-'))?;
    let (second, _, rest) = number_behind(rest, between)?;
    let (third, last, rest) = number_behind(rest, between)?;
    if digits.max(last) > 4 || digits == 3 || last == 3 {
        return None;
    }
    let behind = rest.trim_start_matches([' ', '\t', ',', '"']);
    if behind.len() == rest.len() {
        return None;
    }
    let (hour, _, rest) = self::digits(behind)?;
    let colon = *rest.as_bytes().first().filter(|byte| matches!(byte, b':' | b'.'))?;
    let (minute, _, rest) = number_behind(rest, colon)?;
    let (second_of, rest) = match number_behind(rest, colon) {
        Some((second, _, rest)) => (second, rest),
        None => (0, rest),
    };
    let (afternoon, rest) = half(rest);
    let printed = Printed {
        fields: [first, second, third],
        year_first: digits == 4,
        between,
        time: [hour, minute, second_of],
        afternoon,
    };
    Some((printed, rest))
}

/// A number of at most five digits, how many these are, and what stands behind it.
fn digits(text: &str) -> Option<(u16, usize, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[..count].parse().ok().filter(|_| count <= 5)?;
    Some((number, count, &text[count..]))
}

/// A number behind a character.
fn number_behind(text: &str, character: u8) -> Option<(u16, usize, &str)> {
    digits(text.strip_prefix(char::from(character))?)
}

/// `AM`, `PM` or their first letters, if they stand there, and what stands behind them.
fn half(text: &str) -> (Option<bool>, &str) {
    let rest = text.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    match rest[..end].to_ascii_lowercase().as_str() {
        "am" | "a" => (Some(false), &rest[end..]),
        "pm" | "p" => (Some(true), &rest[end..]),
        _ => (None, text),
    }
}
