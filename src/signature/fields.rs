//! Fields that questions and signatures share: templates, value tests, and what they may refer to.

use crate::authoring::{Table, Word};
use crate::grammar::Logs;
use crate::pattern::{Template, ValueTest};

use super::Events;

/// What a signature may refer to.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub logs: &'a Logs,
    pub events: &'a Events,
}

/// A template, or a mistake at its place.
pub fn template(table: &Table<'_, '_>, word: &Word) -> Option<Template> {
    match Template::new(&word.text) {
        Ok(template) => Some(template),
        Err((_, what)) => {
            table.mistake(&word.span, what);
            None
        }
    }
}

/// A value test, or a mistake at its place.
pub fn value_test(table: &Table<'_, '_>, word: &Word) -> Option<ValueTest> {
    match ValueTest::new(std::slice::from_ref(&word.text)) {
        Ok(test) => Some(test),
        Err(what) => {
            table.mistake(&word.span, what);
            None
        }
    }
}

/// Tests by the name of what they test: `{ code = 3, dst = '?:\**' }`.
pub fn own_tests(mut table: Table<'_, '_>) -> Vec<(String, ValueTest)> {
    let mut tests = Vec::new();
    for key in table.keys() {
        let words = table.own_scalars(&key.text);
        let texts: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        match ValueTest::new(&texts) {
            Ok(test) => tests.push((key.text, test)),
            Err(what) => table.mistake(&key.span, what),
        }
    }
    tests
}
