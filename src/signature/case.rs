//! The proof that a signature carries: small bundles, and what must come out of them.

use std::collections::BTreeMap;

use crate::authoring::Table;

/// What a case expects of its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    Confirmed,
    Probable,
    Possible,
    RuledOut,
    /// Nothing at all, or ruled out.
    None,
}

/// The names of expectations, as files write them.
pub const EXPECTATIONS: &[(&str, Expect)] = &[
    ("confirmed", Expect::Confirmed),
    ("probable", Expect::Probable),
    ("possible", Expect::Possible),
    ("ruled_out", Expect::RuledOut),
    ("none", Expect::None),
];

/// A small bundle and what must come out of it.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub expect: Expect,
    /// Whether the finding must be history, because a later success followed.
    pub history: bool,
    /// Texts that must stand in what is asked for.
    pub asks: Vec<String>,
    /// Texts that must stand in the finding's title, remedies or evidence.
    pub says: Vec<String>,
    /// Checklist items by a text in their title or subject, and their state.
    pub items: BTreeMap<String, String>,
    /// Files by their path in the bundle.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Reads a `[[case]]`.
pub fn read(mut table: Table<'_, '_>) -> Option<Case> {
    let name = table.need_text("name").text;
    let word = table.need_text("expect");
    let expect = EXPECTATIONS.iter().find(|(known, _)| *known == word.text).map(|(_, expect)| *expect);
    if expect.is_none() {
        let known: Vec<&str> = EXPECTATIONS.iter().map(|(name, _)| *name).collect();
        table.mistake(&word.span, format!("`expect` is one of {}", known.join(", ")));
    }
    let texts = |words: Vec<crate::authoring::Word>| words.into_iter().map(|word| word.text).collect();
    let history = table.flag("history");
    let asks = texts(table.texts("asks"));
    let says = texts(table.texts("says"));
    let items = table.table("items").map(own_texts).unwrap_or_default();
    for state in items.values().filter(|state| !["ok", "problem", "not_collected"].contains(&state.as_str()))
    {
        table.mistake(&table.span.clone(), format!("`{state}` is not ok, problem or not_collected"));
    }
    let files = files(&mut table);
    table.finish();
    Some(Case { name, expect: expect?, history, asks, says, items, files })
}

/// The files of a case, with the line ends of Windows.
pub(super) fn files(table: &mut Table<'_, '_>) -> Vec<(String, Vec<u8>)> {
    table.need("files");
    let files = table.table("files").map(own_texts).unwrap_or_default();
    files.into_iter().map(|(path, text)| (path, text.replace('\n', "\r\n").into_bytes())).collect()
}

fn own_texts(mut table: Table<'_, '_>) -> BTreeMap<String, String> {
    let keys = table.keys();
    keys.iter().filter_map(|key| Some((key.text.clone(), table.own_text(&key.text)?.text))).collect()
}
