//! Registry text: what Wine's tests say that Windows imports, exports and prints, and what people made of it.

use std::collections::BTreeMap;

use serde_json::Value;
use sitedx::model::{Fact, Problem, SourceId, registry_type};
use sitedx::parse::{PARSERS, Parsed};

use super::{Verdicts, files, json, name, parse, set};

/// A registry in memory. Keys and value names compare without case; values keep their order.
#[derive(Default)]
struct Tree {
    keys: BTreeMap<String, Vec<Kept>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Kept {
    name: String,
    kind: u32,
    bytes: Vec<u8>,
}

/// A key path in the form in which paths compare; empty parts collapse.
fn folded(path: &str) -> String {
    let parts: Vec<String> =
        path.split('\\').filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    parts.join("\\")
}

impl Tree {
    /// Creates a key with all above it.
    fn create(&mut self, path: &str) -> &mut Vec<Kept> {
        let path = folded(path);
        for (at, _) in path.match_indices('\\') {
            self.keys.entry(path[..at].to_owned()).or_default();
        }
        self.keys.entry(path).or_default()
    }

    fn delete(&mut self, path: &str) {
        let (path, below) = (folded(path), folded(path) + "\\");
        self.keys.retain(|key, _| *key != path && !key.starts_with(&below));
    }

    fn delete_value(&mut self, key: &str, name: &str) {
        if let Some(values) = self.keys.get_mut(&folded(key)) {
            values.retain(|value| value.name.to_lowercase() != name.to_lowercase());
        }
    }

    fn set(&mut self, key: &str, value: Kept) {
        let values = self.create(key);
        match values.iter_mut().find(|old| old.name.to_lowercase() == value.name.to_lowercase()) {
            Some(old) => *old = value,
            None => values.push(value),
        }
    }

    fn get(&self, key: &str, name: &str) -> Option<&Kept> {
        self.keys.get(&folded(key))?.iter().find(|value| value.name.to_lowercase() == name.to_lowercase())
    }

    /// Does what an import of these facts does, in their order.
    fn apply(&mut self, parsed: &Parsed) {
        for fact in &parsed.facts {
            match &fact.value {
                Fact::RegistryKey { path, .. } => {
                    self.create(path);
                }
                Fact::RegistryValue { key, name, data } => {
                    let value = Kept { name: name.to_string(), kind: data.kind, bytes: data.bytes.clone() };
                    self.set(key, value);
                }
                Fact::RegistryDeletion { key, value: None } => self.delete(key),
                Fact::RegistryDeletion { key, value: Some(name) } => self.delete_value(key, name),
                _ => {}
            }
        }
    }

    /// Does a step that prepares or clears; false if the step is none of these.
    fn set_up(&mut self, step: &Value) -> bool {
        let key = text(step, "key");
        match text(step, "op") {
            "setup_delete_tree" => self.delete(key),
            "setup_delete_key" => {
                self.keys.remove(&folded(key));
            }
            "setup_create_key" => {
                self.create(key);
            }
            "setup_delete_value" => self.delete_value(key, text(step, "name")),
            "setup_set_value" => self.set(key, kept(step)),
            _ => return false,
        }
        true
    }

    /// What is wrong with an expectation.
    fn expect(&self, step: &Value) -> Option<String> {
        let (key, name) = (text(step, "key"), text(step, "name"));
        let there = self.keys.contains_key(&folded(key));
        match text(step, "op") {
            "expect_key" => (!there).then(|| format!("no key {key}")),
            "expect_no_key" => there.then(|| format!("a key {key}")),
            "expect_no_value" => self.get(key, name).map(|found| format!("a value {found:?}")),
            "expect_value" => match self.get(key, name) {
                None => Some(format!("no value {name} of {key}")),
                Some(found) => unlike(found, step),
            },
            other => Some(format!("unknown step `{other}`")),
        }
    }
}

/// How a value differs from the one that a step tells.
fn unlike(found: &Kept, step: &Value) -> Option<String> {
    let bytes = ansi(found.kind, &found.bytes);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let number = |name: &str| step[name].as_u64().unwrap_or(u64::MAX);
    let alike = u64::from(found.kind) == number("type")
        && bytes.len() as u64 == number("size_ansi")
        && step["data_ansi_hex"].as_str().is_none_or(|wanted| wanted == hex);
    (!alike).then(|| format!("{found:?} for {step}"))
}

/// The bytes as an ANSI program is given them.
fn ansi(kind: u32, bytes: &[u8]) -> Vec<u8> {
    match kind {
        registry_type::SZ | registry_type::EXPAND_SZ | registry_type::MULTI_SZ => {
            bytes.chunks_exact(2).map(|unit| unit[0]).collect()
        }
        _ => bytes.to_vec(),
    }
}

fn kept(value: &Value) -> Kept {
    let kind = value["type"].as_u64().unwrap() as u32;
    let hex = text(value, "data_ansi_hex");
    let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    let wide = |byte: u8| if ansi(kind, &[byte, 0]).len() == 1 { vec![byte, 0] } else { vec![byte] };
    Kept { name: text(value, "name").to_owned(), kind, bytes: bytes.flat_map(wide).collect() }
}

fn text<'a>(step: &'a Value, name: &str) -> &'a str {
    step[name].as_str().unwrap_or_default()
}

fn all<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The file that an import step describes.
fn encoded(step: &Value, text: &str) -> Vec<u8> {
    if text_of(step) != "utf-16le" {
        return text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
    }
    let mark = if step["bom"].as_bool() == Some(true) { "\u{feff}" } else { "" };
    mark.encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn text_of(step: &Value) -> &str {
    text(step, "encoding")
}

/// The same import in the other encoding, where that loses nothing.
fn recoded(step: &Value) -> Option<Value> {
    let mut other = step.clone();
    let wide = text_of(step) == "utf-16le";
    let plain = text(step, "text").is_ascii() && (!wide || step["bom"] == true);
    other["encoding"] = if wide { "ansi" } else { "utf-16le" }.into();
    other["bom"] = (!wide).into();
    plain.then_some(other)
}

fn import(bytes: &[u8]) -> Parsed {
    let parser = PARSERS.iter().find(|parser| parser.name() == "registry_text").unwrap();
    parser.parse(SourceId(0), "import.reg", bytes)
}

fn tells(problems: &[Problem], what: &str) -> bool {
    problems.iter().any(|problem| problem.what.contains(what))
}

/// Every step of a set of cases, sequence by sequence.
fn sequences(file: &str) -> Option<Vec<(String, Vec<Value>)>> {
    let cases = json(&set("wine_regedit")?.join(file));
    let sequence = |one: &Value| (text(one, "id").to_owned(), all(one, "steps").to_vec());
    Some(all(&cases, "sequences").iter().map(sequence).collect())
}

#[test]
fn imports_do_what_windows_does() {
    let Some(sequences) = sequences("cases.json") else { return };
    let (mut expectations, mut classes) = (Verdicts::new("R1"), Verdicts::new("R1-exit"));
    for (id, steps) in sequences {
        let mut tree = Tree::default();
        for step in &steps {
            let case = format!("{id}:{}", step["line"]);
            if tree.set_up(step) {
                continue;
            }
            if text(step, "op") != "import" {
                expectations.case(&case, tree.expect(step));
                continue;
            }
            let parsed = import(&encoded(step, text(step, "text")));
            let refused = tells(&parsed.problems, "Windows refuses");
            if let Some(exit) = step["reg_exe_exit"].as_u64() {
                let wrong = (refused != (exit == 1)).then(|| format!("refused: {refused}, exit {exit}"));
                classes.case(&case, wrong);
            }
            if !refused && !tells(&parsed.problems, "ignores all its contents") {
                tree.apply(&parsed);
            }
        }
    }
    expectations.finish();
    classes.finish();
}

/// What was read, apart from the places.
fn read(parsed: &Parsed) -> String {
    let problems: Vec<&str> = parsed.problems.iter().map(|problem| problem.what.as_str()).collect();
    let facts: Vec<&Fact> = parsed.facts.iter().map(|fact| &fact.value).collect();
    format!("{facts:?} {problems:?} {} of {}", parsed.understood, parsed.lines)
}

#[test]
fn line_ends_change_nothing_and_no_cut_hurts() {
    let Some(sequences) = sequences("cases.json") else { return };
    let mut verdicts = Verdicts::new("R1-mutations");
    let imports = sequences.iter().flat_map(|(id, steps)| steps.iter().map(move |step| (id, step)));
    for (id, step) in imports.filter(|(_, step)| text(step, "op") == "import") {
        let plain = text(step, "text").replace("\r\n", "\n").replace('\r', "\n");
        let expected = read(&import(&encoded(step, &plain)));
        for end in ["\r\n", "\r"] {
            let found = read(&import(&encoded(step, &plain.replace('\n', end))));
            let wrong = (found != expected).then(|| format!("{end:?}: {found} for {expected}"));
            verdicts.case(&format!("{id}:{}", step["line"]), wrong);
        }
        if let Some(other) = recoded(step) {
            let found = read(&import(&encoded(&other, &plain)));
            let wrong = (found != expected).then(|| format!("recoded: {found} for {expected}"));
            verdicts.case(&format!("{id}:{}", step["line"]), wrong);
        }
        let bytes = encoded(step, text(step, "text"));
        for end in 0..bytes.len() {
            let parsed = import(&bytes[..end]);
            assert!(parsed.understood <= parsed.lines, "{id}:{} cut at {end}", step["line"]);
        }
    }
    verdicts.finish();
}

/// The name, the type and the ANSI data of a value.
type Shown = (String, u32, Vec<u8>);

/// A value as an export or a query shows it: text ends at its first zero.
fn shown(value: &Kept) -> Shown {
    let mut bytes = ansi(value.kind, &value.bytes);
    if value.kind == registry_type::SZ {
        bytes.truncate(bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len()));
    }
    (value.name.clone(), value.kind, bytes)
}

#[test]
fn exports_hold_what_the_registry_held() {
    let Some(folder) = set("wine_regedit") else { return };
    let mut verdicts = Verdicts::new("R2");
    for case in all(&json(&folder.join("exports/index.json")), "cases") {
        let file = text(case, "file");
        let bytes = std::fs::read(folder.join("exports").join(file)).unwrap();
        let (reader, parsed) = parse(file, &bytes).unwrap();
        let mut tree = Tree::default();
        tree.apply(&parsed);
        let state = case["registry_state_that_produced_it"].as_object().unwrap();
        let mut expected = Tree::default();
        for (key, values) in state {
            expected.create(key);
            values.as_array().unwrap().iter().for_each(|value| expected.set(key, kept(value)));
        }
        let show = |tree: &Tree| -> Vec<(String, Vec<Shown>)> {
            tree.keys.iter().map(|(key, values)| (key.clone(), values.iter().map(shown).collect())).collect()
        };
        let covered = parsed.coverage.len() == 1 && parsed.problems.is_empty();
        let right = reader == "registry_text" && covered && show(&tree) == show(&expected);
        verdicts.case(file, (!right).then(|| format!("{:?} {:?}", show(&tree), parsed.problems)));
    }
    verdicts.finish();
}

/// What a query prints of a registry: the keys, and the values that it is asked for.
fn printed(tree: &Tree, command: &str) -> (BTreeMap<String, Vec<Shown>>, bool) {
    let words: Vec<&str> = command.split_whitespace().collect();
    let key = folded(&words[2].replace("HKCU", "HKEY_CURRENT_USER"));
    let deep = words.contains(&"/s");
    let wanted = words.iter().position(|word| *word == "/v").map(|at| words[at + 1].to_lowercase());
    let below = format!("{key}\\");
    let mut shown_keys = BTreeMap::new();
    for (path, values) in &tree.keys {
        let rest = path.strip_prefix(&below);
        let listed = rest.is_some_and(|rest| deep || (wanted.is_none() && !rest.contains('\\')));
        let values = values
            .iter()
            .filter(|value| wanted.as_ref().is_none_or(|name| *name == value.name.to_lowercase()));
        let values: Vec<_> = if *path == key || deep { values.map(shown).collect() } else { Vec::new() };
        if (listed && wanted.is_none()) || ((*path == key || listed) && !values.is_empty()) {
            shown_keys.insert(path.clone(), values);
        }
    }
    (shown_keys, deep && wanted.is_none())
}

#[test]
fn queries_show_what_the_registry_held() {
    let Some(sequences) = sequences("reg_query_cases.json") else { return };
    let mut verdicts = Verdicts::new("R3");
    for (id, steps) in sequences {
        let (mut tree, mut command) = (Tree::default(), "");
        for step in &steps {
            if text(step, "op") == "run" {
                command = text(step, "cmd");
            }
            if text(step, "op") != "expect_stdout" {
                tree.set_up(step);
                continue;
            }
            let (expected, whole) = printed(&tree, command);
            let stdout = text(step, "text");
            let typed = format!("C:\\>{command}\r\n{stdout}\r\nC:\\>exit\r\n");
            let mut wrong = None;
            for (capture, covered) in [(stdout, 0), (typed.as_str(), usize::from(whole))] {
                let Some((_, parsed)) = parse("query.txt", capture.as_bytes()) else {
                    wrong = Some(format!("not recognised: {capture:?}"));
                    continue;
                };
                let mut found = Tree::default();
                found.apply(&parsed);
                let keys = parsed.facts.iter().filter_map(|fact| match &fact.value {
                    Fact::RegistryKey { path, .. } => Some(folded(path)),
                    _ => None,
                });
                let values = |key: &String| found.keys[key].iter().map(shown).collect::<Vec<_>>();
                let found: BTreeMap<_, _> = keys.map(|key| (key.clone(), values(&key))).collect();
                if found != expected || !parsed.problems.is_empty() || parsed.coverage.len() != covered {
                    wrong = Some(format!(
                        "{found:?} for {expected:?}, {:?} {:?}",
                        parsed.problems, parsed.coverage
                    ));
                }
            }
            verdicts.case(&format!("{id}:{}", step["line"]), wrong);
        }
    }
    verdicts.finish();
}

#[test]
fn what_people_wrote_is_recognised_and_what_is_wrong_in_it_is_told() {
    let mut verdicts = Verdicts::new("R4");
    let mut check = |folder: &str, wanted: &dyn Fn(&str) -> bool, readers: &[&str]| {
        let Some(folder) = set(folder) else { return false };
        for path in files(&folder, wanted) {
            let bytes = std::fs::read(&path).unwrap();
            let wrong = match parse(name(&path), &bytes) {
                None => Some("not recognised".to_owned()),
                Some((reader, parsed)) => {
                    let silent = parsed.understood < parsed.lines && parsed.problems.is_empty();
                    let reader =
                        if reader == "console" { parsed.readers.join("+") } else { reader.to_owned() };
                    let alien = !readers.contains(&reader.as_str());
                    (alien || silent).then(|| format!("read as {reader}, {} problems", parsed.problems.len()))
                }
            };
            verdicts.case(name(&path), wrong);
        }
        true
    };
    let sets = [
        check("reg_text", &|name| name.ends_with(".reg"), &["registry_text"]),
        check("kb_excerpts", &|name| name.starts_with("reg4__"), &["registry_text"]),
        check("kb_excerpts", &|name| name.starts_with("regedt32__"), &["registry_print"]),
        check("cmd_outputs", &|name| name.starts_with("reg_query_"), &["reg_query"]),
    ];
    if sets.contains(&true) {
        verdicts.finish();
    }
}
