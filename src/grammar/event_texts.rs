//! Texts of events: an event log keeps a number and the inserts, the words stand in the program that wrote it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::authoring::{Mistake, Sheet, Table};
use crate::pattern::{Captures, FilledGlob, Glob};

/// The texts of all sources, as read from `event-texts.toml`.
#[derive(Debug, Default)]
pub struct EventTexts(Vec<Source>);

#[derive(Debug)]
struct Source {
    title: String,
    /// Globs over lower-case source names.
    names: Vec<FilledGlob>,
    /// The order of the inserts is not documented.
    assumed: bool,
    texts: BTreeMap<u32, String>,
}

/// What an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventMessage {
    pub text: String,
    /// Inserts stand in their order where the text is not known to want them so.
    pub assumed: bool,
}

impl EventTexts {
    /// Reads the file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            table.need("source");
            Self(table.tables("source").into_iter().map(source).collect())
        })
    }

    /// Every text: who writes it, whether that is a component of SMS, and its number; inserts show as `…`.
    pub fn all(&self) -> impl Iterator<Item = (&str, bool, u32, String)> {
        self.0.iter().flat_map(|source| {
            let sms = source.names.iter().any(|name| name.find("sms").is_some());
            source.texts.iter().map(move |(number, text)| {
                let text = pieces(text).map(|piece| piece.unwrap_or("…")).collect();
                (source.title.as_str(), sms, *number, text)
            })
        })
    }

    /// What an event says: its number, then its text with the inserts filled in, or else the inserts alone.
    ///
    /// An insert that is not known shows as `…`, and all inserts stand behind the text. `apart` says that the
    /// inserts are known one by one; else they are one run of text.
    pub fn message(&self, source: &str, number: u32, inserts: &[&str], apart: bool) -> EventMessage {
        let mut out = EventMessage { text: format!("Event {number}:"), assumed: false };
        let source = source.to_lowercase();
        let of_source =
            self.0.iter().filter(|known| known.names.iter().any(|name| name.find(&source).is_some()));
        let known = of_source.filter_map(|known| Some((known.texts.get(&number)?, known.assumed))).next();
        let Some((text, assumed)) = known.filter(|(text, _)| !is_said(text, inserts)) else {
            out.behind(inserts);
            return out;
        };
        let wanted = pieces(text).filter_map(|piece| piece.err()).max().unwrap_or(0);
        let one = inserts.len() == 1 && wanted <= 1;
        let fits = (apart || one) && if assumed { inserts.len() == wanted } else { inserts.len() >= wanted };
        out.text.push(' ');
        for piece in pieces(text) {
            match piece {
                Ok(text) => out.text.push_str(text),
                Err(number) => out.text.push_str(match inserts.get(number.wrapping_sub(1)) {
                    Some(insert) if fits => insert.trim(),
                    _ => "…",
                }),
            }
        }
        if fits {
            out.assumed = assumed && wanted > 1;
        } else {
            out.behind(inserts);
        }
        out
    }
}

impl EventMessage {
    fn behind(&mut self, inserts: &[&str]) {
        for insert in inserts.iter().map(|insert| insert.trim()).filter(|insert| !insert.is_empty()) {
            let _ = write!(self.text, " {insert}");
        }
    }
}

fn source(mut table: Table<'_, '_>) -> Source {
    let title = table.text("title").map(|word| word.text).unwrap_or_default();
    table.need("names");
    let mut names = Vec::new();
    for word in table.texts("names") {
        let glob = Glob::new(&word.text.to_lowercase()).map_err(|(_, what)| what);
        match glob.and_then(|glob| glob.fill(&Captures::default())) {
            Ok(glob) => names.push(glob),
            Err(what) => table.mistake(&word.span, what),
        }
    }
    let assumed = table.flag("assumed");
    table.need("texts");
    let mut texts = BTreeMap::new();
    if let Some(mut list) = table.table("texts") {
        for key in list.keys() {
            let Some(text) = list.own_text(&key.text) else { continue };
            match key.text.parse() {
                Ok(number) => drop(texts.insert(number, text.text)),
                Err(_) => list.mistake(&key.span, "an event is named by its number, from 0 to 4294967295"),
            }
        }
    }
    table.finish();
    Source { title, names, assumed, texts }
}

/// The text in parts: words, or the number of an insert.
fn pieces(text: &str) -> impl Iterator<Item = Result<&str, usize>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if let Some((number, behind)) = insert(rest) {
            rest = behind;
            return Some(Err(number));
        }
        let first = rest.chars().next()?.len_utf8();
        let next = rest[first..]
            .match_indices('%')
            .map(|(at, _)| first + at)
            .find(|at| insert(&rest[*at..]).is_some());
        let (words, behind) = rest.split_at(next.unwrap_or(rest.len()));
        rest = behind;
        Some(Ok(words))
    })
}

/// The number of the insert that a text begins with, and what stands behind it.
fn insert(text: &str) -> Option<(usize, &str)> {
    let digits = text.strip_prefix('%')?;
    let end = digits.bytes().take_while(u8::is_ascii_digit).count();
    Some((digits[..end].parse().ok()?, &digits[end..]))
}

/// Whether the inserts hold the text themselves, as those of programs whose texts are one insert do.
fn is_said(text: &str, inserts: &[&str]) -> bool {
    const ENOUGH: usize = 12;
    let longest =
        pieces(text).filter_map(Result::ok).max_by_key(|words| words.len()).unwrap_or_default().trim();
    longest.len() >= ENOUGH && {
        let said = inserts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        said.contains(longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const TEXTS: &str = "
[[source]]
names = ['sms', 'sms_*']
assumed = true
[source.texts]
118 = 'Cannot compile the package rule file %1 for site %2.'
132 = 'Length of data does not match: <%1>'
12 = '100% done'
[[source]]
names = 'Service Control Manager'
[source.texts]
7031 = 'The %1 service terminated. It has done this %2 time(s). %5.'
6005 = 'Started.'
";

    fn check(source: &str, number: u32, inserts: &[&str], apart: bool, expected: Expect) {
        let texts = EventTexts::read("event-texts.toml", TEXTS).unwrap();
        let EventMessage { text, assumed } = texts.message(source, number, inserts, apart);
        let text = text.replace("\r\n", "|");
        expected.assert_eq(&format!("{text}{}", if assumed { " (assumed)" } else { "" }));
    }

    #[test]
    fn inserts_are_filled_in() {
        check(
            "SMS",
            132,
            &["D:\\A.RAW"],
            true,
            expect!["Event 132: Length of data does not match: <D:\\A.RAW>"],
        );
        check(
            "SMS_Scheduler",
            118,
            &["D:\\package.rul", "P01"],
            true,
            expect![
                "Event 118: Cannot compile the package rule file D:\\package.rul for site P01. (assumed)"
            ],
        );
        let inserts = ["Spooler", "1", "5000", "1", "Restart the service"];
        check(
            "Service control manager",
            7031,
            &inserts,
            true,
            expect![
                "Event 7031: The Spooler service terminated. It has done this 1 time(s). Restart the service."
            ],
        );
        check("Service Control Manager", 6005, &["4"], true, expect!["Event 6005: Started."]);
        check("SMS", 12, &[], true, expect!["Event 12: 100% done"]);
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let inserts = ["SMS_MAINTENANCE_MANAGER", "Parse", "D:\\package.rul", "P01"];
        check(
            "SMS",
            118,
            &inserts,
            true,
            expect![
                "Event 118: Cannot compile the package rule file … for site …. SMS_MAINTENANCE_MANAGER Parse D:\\package.rul P01"
            ],
        );
        check(
            "SMS",
            118,
            &["D:\\package.rul P01"],
            false,
            expect!["Event 118: Cannot compile the package rule file … for site …. D:\\package.rul P01"],
        );
        check("SMSX", 118, &["one", "two"], true, expect!["Event 118: one two"]);
        check("SMS", 9999, &["one"], true, expect!["Event 9999: one"]);
    }

    #[test]
    fn a_text_that_the_inserts_hold_is_not_said_twice() {
        check(
            "SMS",
            118,
            &["Cannot compile the package rule file\r\nC:\\x for site P01."],
            true,
            expect!["Event 118: Cannot compile the package rule file|C:\\x for site P01."],
        );
    }

    #[test]
    fn mistakes_are_told() {
        let text = "[[source]]\nname = 'x'\n[source.texts]\nabc = 'y'\n";
        let mistakes = EventTexts::read("event-texts.toml", text).unwrap_err();
        let shown: String = mistakes.iter().map(|mistake| format!("{mistake}\n")).collect();
        expect![[r#"
            event-texts.toml:1:1: `names` is missing
            event-texts.toml:2:1: unknown key `name`: did you mean `names`?
            event-texts.toml:4:1: an event is named by its number, from 0 to 4294967295
        "#]]
        .assert_eq(&shown);
    }
}
