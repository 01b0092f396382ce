//! Fields that questions and signatures share: templates, value tests, times, and what they may refer to.

use chrono::TimeDelta;

use crate::authoring::{Table, Word};
use crate::grammar::Logs;
use crate::pattern::{Glob, Template, ValueTest};

use super::{Events, Versions};

/// What a signature may refer to.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub logs: &'a Logs,
    pub events: &'a Events,
    pub versions: &'a Versions,
}

/// A template, or a mistake at its place.
pub fn template(table: &Table<'_, '_>, word: &Word) -> Option<Template> {
    sound(table, word, Template::new(&word.text).map_err(|(_, what)| what))
}

/// A path pattern, or a mistake at its place.
pub fn glob(table: &Table<'_, '_>, word: &Word) -> Option<Glob> {
    sound(table, word, Glob::new(&word.text).map_err(|(_, what)| what))
}

/// The test of a field, one text or several of which any may hold; or a mistake at its place.
pub fn value_test(table: &mut Table<'_, '_>, key: &'static str, reading: &Reading<'_>) -> Option<ValueTest> {
    let words = table.texts(key);
    let place = words.first()?.clone();
    let texts: Vec<String> = words.iter().map(|word| named_version(table, word, reading)).collect();
    sound(table, &place, ValueTest::new(&texts))
}

/// Tests by the name of what they test: `{ code = 3, dst = '?:\**' }`.
pub fn own_tests(mut table: Table<'_, '_>, reading: &Reading<'_>) -> Vec<(String, ValueTest)> {
    let mut tests = Vec::new();
    for key in table.keys() {
        let words = table.own_scalars(&key.text);
        let texts: Vec<String> = words.iter().map(|word| named_version(&table, word, reading)).collect();
        tests.extend(sound(&table, &key, ValueTest::new(&texts)).map(|test| (key.text.clone(), test)));
    }
    tests
}

/// A time: `90s`, `10m`, `24h`, `2d`.
pub fn duration(table: &Table<'_, '_>, word: &Word) -> Option<TimeDelta> {
    let text = word.text.trim();
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let count = number.parse().ok().filter(|count: &i64| (1..=100_000).contains(count));
    let found = count.and_then(|count| match &text[number.len()..] {
        "s" => Some(TimeDelta::seconds(count)),
        "m" => Some(TimeDelta::minutes(count)),
        "h" => Some(TimeDelta::hours(count)),
        "d" => Some(TimeDelta::days(count)),
        _ => None,
    });
    sound(table, word, found.ok_or("a time is a number and its unit: `90s`, `10m`, `24h` or `2d`".to_owned()))
}

/// What came of a word, or a mistake at its place.
fn sound<T>(table: &Table<'_, '_>, word: &Word, result: Result<T, String>) -> Option<T> {
    result.map_err(|what| table.mistake(&word.span, what)).ok()
}

/// The test with the build in the place of a version's name: `< SMS 2.0 SP3`.
fn named_version(table: &Table<'_, '_>, word: &Word, reading: &Reading<'_>) -> String {
    let (before, name) = match word.text.find("SMS ") {
        Some(at) => word.text.split_at(at),
        None => return word.text.clone(),
    };
    let is_test = before.trim_end().ends_with(['<', '>', '=']);
    if !is_test {
        return word.text.clone();
    }
    match reading.versions.get(name.trim()) {
        Some(version) if version.build.is_some() => {
            format!("{before}{}", version.build.as_deref().unwrap_or_default())
        }
        Some(_) => {
            table.mistake(&word.span, format!("no build number tells `{}`", name.trim()));
            word.text.clone()
        }
        None => {
            reading.versions.unknown(table, &Word { text: name.trim().to_owned(), span: word.span.clone() });
            word.text.clone()
        }
    }
}
