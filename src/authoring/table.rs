//! A TOML table that hands out its fields and remembers which were asked for.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Sheet, nearest};

/// A text and the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub span: Range<usize>,
}

/// A table of a [`Sheet`]. Call [`Table::finish`] when all known fields have been taken.
pub struct Table<'s, 'a> {
    pub sheet: &'s Sheet<'a>,
    pub span: Range<usize>,
    fields: BTreeMap<String, (Range<usize>, Spanned<DeValue<'a>>)>,
    known: Vec<&'static str>,
}

impl<'s, 'a> Table<'s, 'a> {
    pub(super) fn new(sheet: &'s Sheet<'a>, span: Range<usize>, table: DeTable<'a>) -> Self {
        let fields =
            table.into_iter().map(|(key, value)| (key.get_ref().to_string(), (key.span(), value))).collect();
        Self { sheet, span, fields, known: Vec::new() }
    }

    /// Records a mistake at a place of this table's file; at that part of it which the message quotes first.
    pub fn mistake(&self, span: &Range<usize>, what: impl Into<String>) {
        let what = what.into();
        let quoted = what.split('`').nth(1).filter(|quoted| !quoted.is_empty());
        let text = self.sheet.text.get(span.clone()).unwrap_or_default();
        let part = quoted.and_then(|quoted| Some((text.find(quoted)?, quoted.len())));
        let span = part.map_or(span.clone(), |(at, length)| span.start + at..span.start + at + length);
        self.sheet.mistake(span, what, None);
    }

    /// Whether the field is there; it stays.
    pub fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    /// The first field that stands behind the first `[[key]]`, though the tables of that key should stand last.
    pub fn behind(&self, key: &str) -> Option<(&str, Range<usize>)> {
        let last_of = |value: &Spanned<DeValue<'a>>| match value.get_ref() {
            DeValue::Array(items) if items.iter().any(|item| matches!(item.get_ref(), DeValue::Table(_))) => {
                items.iter().map(Spanned::span).max_by_key(|span| span.start)
            }
            _ => Some(value.span()),
        };
        let DeValue::Array(tables) = self.fields.get(key)?.1.get_ref() else { return None };
        let first = tables.iter().next()?.span().start;
        let others = self.fields.iter().filter(|(other, _)| *other != key);
        let behind = others.filter_map(|(other, (_, value))| Some((other.as_str(), last_of(value)?)));
        behind.filter(|(_, span)| first < span.start).min_by_key(|(_, span)| span.start)
    }

    /// The names of the fields not yet taken, for tables whose keys are the writer's own.
    pub fn keys(&self) -> Vec<Word> {
        self.fields.iter().map(|(key, (span, _))| Word { text: key.clone(), span: span.clone() }).collect()
    }

    /// A text, if the field is there.
    pub fn text(&mut self, key: &'static str) -> Option<Word> {
        let value = self.take(key)?;
        self.as_text(key, value)
    }

    /// A text that must be there; an empty one stands in for it after a mistake.
    pub fn need_text(&mut self, key: &'static str) -> Word {
        self.need(key);
        self.text(key).unwrap_or(Word { text: String::new(), span: self.span.clone() })
    }

    /// A text under a key that the writer chose.
    pub fn own_text(&mut self, key: &str) -> Option<Word> {
        let (_, value) = self.fields.remove(key)?;
        self.as_text(key, value)
    }

    /// A table under a key that the writer chose.
    pub fn own_table(&mut self, key: &str) -> Option<Table<'s, 'a>> {
        let (_, value) = self.fields.remove(key)?;
        self.as_table(key, value)
    }

    /// Whatever stands under a key that the writer chose, as JSON has it; dates are texts.
    pub fn own_value(&mut self, key: &str) -> Option<serde_json::Value> {
        let (_, value) = self.fields.remove(key)?;
        Some(as_json(value.get_ref()))
    }

    /// Takes a field away unread, so that it is not reported a second time.
    pub fn discard(&mut self, key: &str) {
        self.fields.remove(key);
    }

    /// A text or a list of texts; empty where the field is missing.
    pub fn texts(&mut self, key: &'static str) -> Vec<Word> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let span = value.span();
        match value.into_inner() {
            DeValue::String(text) => vec![Word { text: text.into_owned(), span }],
            DeValue::Array(items) => items.into_iter().filter_map(|item| self.as_text(key, item)).collect(),
            other => {
                self.wrong_type(key, &span, "a text or a list of texts", &other);
                Vec::new()
            }
        }
    }

    /// A whole number, if the field is there.
    pub fn integer(&mut self, key: &'static str) -> Option<i64> {
        let value = self.take(key)?;
        let span = value.span();
        match value.get_ref() {
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                if parsed.is_err() {
                    self.mistake(&span, format!("`{key}` is too large a number"));
                }
                parsed.ok()
            }
            other => {
                self.wrong_type(key, &span, "a whole number", other);
                None
            }
        }
    }

    /// True or false; false where the field is missing.
    pub fn flag(&mut self, key: &'static str) -> bool {
        let Some(value) = self.take(key) else { return false };
        let span = value.span();
        match value.get_ref() {
            DeValue::Boolean(flag) => *flag,
            other => {
                self.wrong_type(key, &span, "true or false", other);
                false
            }
        }
    }

    /// Numbers, truth values or texts, one or a list of them, each as text; under a key of the writer's own.
    pub fn own_scalars(&mut self, key: &str) -> Vec<Word> {
        let Some((_, value)) = self.fields.remove(key) else { return Vec::new() };
        let list = match value.get_ref() {
            DeValue::Array(items) => items.iter().cloned().collect(),
            _ => vec![value],
        };
        list.into_iter().filter_map(|value| self.as_scalar(key, value)).collect()
    }

    /// A table, if the field is there.
    pub fn table(&mut self, key: &'static str) -> Option<Table<'s, 'a>> {
        let value = self.take(key)?;
        self.as_table(key, value)
    }

    /// A list of tables; empty where the field is missing.
    pub fn tables(&mut self, key: &'static str) -> Vec<Table<'s, 'a>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(items) => items.into_iter().filter_map(|item| self.as_table(key, item)).collect(),
            other => {
                self.wrong_type(key, &span, "a list of tables", &other);
                Vec::new()
            }
        }
    }

    /// Records a mistake if the field is not there.
    pub fn need(&mut self, key: &'static str) {
        if !self.has(key) {
            self.known.push(key);
            let heading = self.span.start..self.span.start;
            self.mistake(&heading, format!("`{key}` is missing"));
        }
    }

    /// Reports every field that nobody asked for, with the nearest name that would have been right.
    pub fn finish(&mut self) {
        self.finish_below(&[]);
    }

    /// The same, for a table below another one whose own fields are `above`.
    ///
    /// In TOML, a field that stands behind a `[[heading]]` belongs to it, which is easily forgotten.
    pub fn finish_below(&mut self, above: &[&str]) {
        for (key, (span, _)) in std::mem::take(&mut self.fields) {
            let misplaced = above
                .contains(&key.as_str())
                .then(|| "it belongs to the file as a whole: write it above the first `[[...]]`".to_owned());
            let hint = misplaced
                .or_else(|| nearest(&key, &self.known))
                .or_else(|| Some(format!("known here: {}", self.known.join(", "))));
            self.sheet.mistake(span, format!("unknown key `{key}`"), hint);
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'a>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.fields.remove(key).map(|(_, value)| value)
    }

    fn as_text(&self, key: &str, value: Spanned<DeValue<'a>>) -> Option<Word> {
        let span = value.span();
        match value.into_inner() {
            DeValue::String(text) => Some(Word { text: text.into_owned(), span }),
            other => {
                self.wrong_type(key, &span, "a text", &other);
                None
            }
        }
    }

    fn as_scalar(&self, key: &str, value: Spanned<DeValue<'a>>) -> Option<Word> {
        let span = value.span();
        let text = match value.into_inner() {
            DeValue::String(text) => text.into_owned(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Boolean(flag) => flag.to_string(),
            other => {
                self.wrong_type(key, &span, "a text or a number", &other);
                return None;
            }
        };
        Some(Word { text, span })
    }

    fn as_table(&self, key: &str, value: Spanned<DeValue<'a>>) -> Option<Table<'s, 'a>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => Some(Table::new(self.sheet, span, table)),
            other => {
                self.wrong_type(key, &span, "a table", &other);
                None
            }
        }
    }

    fn wrong_type(&self, key: &str, span: &Range<usize>, wanted: &str, found: &DeValue<'_>) {
        self.mistake(span, format!("`{key}` must be {wanted}, not a {}", found.type_str()));
    }
}

/// A value of TOML as JSON has it. Numbers that JSON cannot hold are texts.
fn as_json(value: &DeValue<'_>) -> serde_json::Value {
    use serde_json::Value;
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => number.into(),
            Err(_) => Value::String(number.as_str().to_owned()),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>().map(serde_json::Number::from_f64) {
            Ok(Some(number)) => Value::Number(number),
            _ => Value::String(number.as_str().to_owned()),
        },
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(time) => Value::String(time.to_string()),
        DeValue::Array(items) => items.iter().map(|item| as_json(item.get_ref())).collect(),
        DeValue::Table(fields) => {
            let fields = fields.iter().map(|(name, it)| (name.get_ref().to_string(), as_json(it.get_ref())));
            Value::Object(fields.collect())
        }
    }
}
