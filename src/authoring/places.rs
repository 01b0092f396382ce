//! Where each field of a file stands, for mistakes that show only when the file is read as a whole.

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::Mistake;

/// The places of a file's fields by their paths: `title`, `needs.0.where.code`, `item.2.ok`.
#[derive(Debug)]
pub struct Places<'a> {
    path: &'a str,
    text: &'a str,
    /// In the order of the file.
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    path: String,
    /// The name of the field; a place in a list has none.
    key: Option<Range<usize>>,
    value: Range<usize>,
    is_text: bool,
}

impl<'a> Places<'a> {
    /// Finds all fields. A file that is no TOML has none.
    pub fn read(path: &'a str, text: &'a str) -> Self {
        let (document, errors) = DeTable::parse_recoverable(text);
        let mut fields = Vec::new();
        if errors.is_empty() {
            table("", document.get_ref(), &mut fields);
        }
        fields.sort_by_key(|field| (field.value.start, field.path.len()));
        Self { path, text, fields }
    }

    /// Whether the file has this field.
    pub fn has(&self, path: &str) -> bool {
        self.field(path).is_some()
    }

    /// The bytes of a field's value; of a table, its heading. Else those of the nearest field around it.
    pub fn span(&self, path: &str) -> Range<usize> {
        let mut path = path;
        loop {
            if let Some(field) = self.field(path) {
                return field.value.clone();
            }
            match path.rsplit_once('.') {
                Some((around, _)) => path = around,
                // What is nowhere would stand at the end.
                None => return self.text.trim_end().len()..self.text.trim_end().len(),
            }
        }
    }

    /// The bytes of a field with its name.
    pub fn whole(&self, path: &str) -> Range<usize> {
        let value = self.span(path);
        match self.field(path).and_then(|field| field.key.clone()) {
            Some(key) if key.start < value.start => key.start..value.end,
            _ => value,
        }
    }

    /// Where `{name}` is used first below a path, or `name` is a field there; else the path itself.
    pub fn use_of(&self, name: &str, within: &str) -> Range<usize> {
        let below = |field: &&Field| within.is_empty() || is_below(&field.path, within);
        for field in self.fields.iter().filter(below).filter(|field| !is_below(&field.path, "case")) {
            let text = &self.text[field.value.clone()];
            let used = |closing: &str| Some((text.find(&format!("{{{name}{closing}"))?, closing.len()));
            if field.is_text
                && let Some((at, closing)) = used("}").or_else(|| used(":"))
            {
                // The whole `{name:kind}` is shown.
                let end = text[at..].find('}').map_or(at + name.len() + 1 + closing, |end| at + end + 1);
                return field.value.start + at..field.value.start + end;
            }
            if let Some(key) = field.key.clone().filter(|key| &self.text[key.clone()] == name) {
                return key;
            }
        }
        self.span(within)
    }

    /// The fields that are texts, with the bytes of their values.
    pub fn texts(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        let texts = self.fields.iter().filter(|field| field.is_text);
        texts.map(|field| (field.path.as_str(), field.value.clone()))
    }

    /// A mistake at a run of bytes of this file.
    pub fn mistake(&self, span: Range<usize>, what: impl Into<String>, hint: Option<String>) -> Mistake {
        Mistake::new(self.path, self.text, span, what.into(), hint)
    }

    fn field(&self, path: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.path == path)
    }
}

/// Whether a path is `above` or leads below it.
fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn table(above: &str, table: &DeTable<'_>, fields: &mut Vec<Field>) {
    for (key, value) in table {
        let path = match above {
            "" => key.get_ref().to_string(),
            above => format!("{above}.{}", key.get_ref()),
        };
        field(path, Some(key.span()), value, fields);
    }
}

fn field(path: String, key: Option<Range<usize>>, value: &Spanned<DeValue<'_>>, fields: &mut Vec<Field>) {
    match value.get_ref() {
        DeValue::Table(inner) => table(&path, inner, fields),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                field(format!("{path}.{index}"), None, item, fields);
            }
        }
        _ => {}
    }
    let is_text = matches!(value.get_ref(), DeValue::String(_));
    fields.push(Field { path, key, value: value.span(), is_text });
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title = 'a {b} c'\n\n[[needs]]\nname = 'x'\nwhere = { code = 5, b = '{c:path}' }\n\n\
        [[needs]]\nname = 'y'\n\n[[case]]\nname = '{d}'\n\n[[ask]]\ntext = '{d}'\n";

    fn check(span: impl Fn(&Places<'_>) -> Range<usize>, expected: &str) {
        let places = Places::read("a.toml", TEXT);
        assert_eq!(&TEXT[span(&places)], expected);
    }

    #[test]
    fn fields_have_places() {
        check(|it| it.span("needs.0.where.code"), "5");
        check(|it| it.whole("needs.0.where.code"), "code = 5");
        check(|it| it.span("needs.1"), "[[needs]]");
        check(|it| it.span("needs.1.where.code"), "[[needs]]");
        check(|it| it.span("nothing"), "");
        assert!(Places::read("a.toml", TEXT).span("needs.1").start > TEXT.find("'x'").unwrap());
    }

    #[test]
    fn uses_of_names_are_found_outside_of_cases() {
        check(|it| it.use_of("b", ""), "{b}");
        check(|it| it.use_of("b", "needs"), "b");
        check(|it| it.use_of("c", ""), "{c:path}");
        let places = Places::read("a.toml", TEXT);
        assert!(TEXT.find("[[ask]]").unwrap() < places.use_of("d", "").start);
    }
}
