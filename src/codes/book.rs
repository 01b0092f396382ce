//! What codes mean. Tables are data files, and each is read when the first code of its family is asked for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{Candidate, FAMILIES, Family, Found};
use crate::authoring::{Mistake, Sheet, nearest};

/// What one code means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: Option<String>,
    pub means: String,
    /// What it usually comes from on a site server.
    pub here: Option<String>,
    /// The articles that say so.
    pub kb: Vec<String>,
}

/// The codes of one family.
#[derive(Clone, Debug)]
pub struct Table {
    pub family: Family,
    /// Where the table was taken from.
    pub source: String,
    pub codes: BTreeMap<i64, Entry>,
}

impl Table {
    /// Reads the file of one family.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            let name = table.need_text("family");
            let family = Family::named(&name.text).unwrap_or_else(|| {
                let names: Vec<&str> = FAMILIES.iter().map(|(_, name, _)| *name).collect();
                let what = format!("no family is called `{}`", name.text);
                table.sheet.mistake(name.span.clone(), what, nearest(&name.text, &names));
                Family::Own
            });
            let source = table.need_text("source").text;
            let mut codes = BTreeMap::new();
            table.need("codes");
            let Some(mut list) = table.table("codes") else { return Self { family, source, codes } };
            let mut keys = list.keys();
            keys.sort_by_key(|key| key.span.start);
            let mut last = None;
            for key in keys {
                let Some(mut entry) = list.own_table(&key.text) else { continue };
                let number = family.read(&key.text);
                match number {
                    None => list.mistake(&key.span, "a code is a number: decimal, or hexadecimal with 0x"),
                    Some(number) if last.is_some_and(|last| number <= last) => {
                        list.mistake(&key.span, format!("codes rise: {} stands too late or twice", key.text));
                    }
                    _ => {}
                }
                last = number.or(last);
                let name = entry.text("name").map(|word| word.text);
                let means = entry.need_text("means").text;
                if family.is_told_by_articles() {
                    entry.need("kb");
                }
                let here = entry.text("here").map(|word| word.text);
                let kb = entry.texts("kb").into_iter().map(|word| word.text).collect();
                entry.finish();
                codes.insert(number.unwrap_or_default(), Entry { name, means, here, kb });
            }
            Self { family, source, codes }
        })
    }
}

/// All tables, read as they are needed.
#[derive(Debug)]
pub struct Book {
    /// Path and text of each file.
    files: &'static [(&'static str, &'static str)],
    tables: Vec<OnceLock<Option<Table>>>,
    /// Events, whose texts are data of another kind.
    events: BTreeMap<(Family, i64), Vec<Entry>>,
}

impl Book {
    /// A book of these files, with the texts of events.
    pub fn new(
        files: &'static [(&'static str, &'static str)],
        events: BTreeMap<(Family, i64), Vec<Entry>>,
    ) -> Self {
        let tables = FAMILIES.iter().map(|_| OnceLock::new()).collect();
        Self { files, tables, events }
    }

    /// The table of a family, if there is one. A file with mistakes, which a test tells, is as none.
    pub fn table(&self, family: Family) -> Option<&Table> {
        let place = FAMILIES.iter().position(|(known, _, _)| *known == family)?;
        let read = || {
            let name = format!("{}.toml", family.name().replace('_', "-"));
            let file = self.files.iter().find(|(path, _)| path.rsplit('/').next() == Some(&name));
            file.and_then(|(path, text)| Table::read(path, text).ok())
        };
        self.tables.get(place)?.get_or_init(read).as_ref()
    }

    /// What a number means within a family; events of several programs may share a number.
    pub fn entries(&self, family: Family, number: i64) -> Vec<&Entry> {
        let listed = self.table(family).and_then(|table| table.codes.get(&number));
        listed.into_iter().chain(self.events.get(&(family, number)).into_iter().flatten()).collect()
    }

    /// What a code of a message can mean: one candidate, or, where the words leave it open, all that are known.
    pub fn meanings(&self, found: &Found) -> Vec<(Candidate, Option<&Entry>)> {
        let mut known: Vec<(Candidate, Option<&Entry>)> = Vec::new();
        for candidate in &found.candidates {
            // LAN Manager and Winsock share the numbers of Windows: a code is in one of the tables.
            let system = |family| matches!(family, Family::Win32 | Family::Nerr | Family::Winsock);
            let told = |(it, _): &(Candidate, Option<&Entry>)| system(it.family) && system(candidate.family);
            if known.iter().any(told) {
                continue;
            }
            let entries = self.entries(candidate.family, candidate.number);
            known.extend(entries.into_iter().map(|entry| (*candidate, Some(entry))));
        }
        if !found.open {
            known.truncate(1);
        }
        match found.candidates.first() {
            Some(first) if known.is_empty() => vec![(*first, None)],
            _ => known,
        }
    }

    /// The codes of a symbolic name such as `ERROR_ACCESS_DENIED`, in either case.
    pub fn named(&self, name: &str) -> Vec<(Family, i64, &Entry)> {
        self.all()
            .filter(|(_, _, entry)| entry.name.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(name)))
            .collect()
    }

    /// Every code with its family.
    pub fn all(&self) -> impl Iterator<Item = (Family, i64, &Entry)> {
        let tables = FAMILIES.iter().filter_map(|(family, _, _)| self.table(*family));
        tables.flat_map(|table| table.codes.iter().map(|(number, entry)| (table.family, *number, entry)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let shown = match Table::read("win32.toml", text) {
            Ok(table) => format!("{} codes\n", table.codes.len()),
            Err(mistakes) => mistakes.iter().map(|mistake| format!("{mistake}\n")).collect(),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn mistakes_are_told_with_their_places() {
        check(
            "family = 'win32'\nsource = 'x'\n[codes]\n5 = { means = 'a' }\n0x10 = { means = 'b' }\n",
            expect![[r#"
                2 codes
            "#]],
        );
        check(
            "family = 'win23'\nsource = 'x'\n[codes]\n5 = { name = 'A' }\n4 = { means = 'b', her = 'c' }\nfive = { means = 'd' }\n",
            expect![[r#"
                win32.toml:1:10: no family is called `win23`: did you mean `win32`?
                win32.toml:4:5: `means` is missing
                win32.toml:5:1: codes rise: 4 stands too late or twice
                win32.toml:5:20: unknown key `her`: did you mean `here`?
                win32.toml:6:1: a code is a number: decimal, or hexadecimal with 0x
            "#]],
        );
        check(
            "family = 'sms_status'\nsource = 'x'\n[codes]\n5 = { means = 'a' }\n",
            expect![[r#"
            win32.toml:4:5: `kb` is missing
        "#]],
        );
    }
}
