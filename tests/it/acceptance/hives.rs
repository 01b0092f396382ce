//! H1 and H2: registry hives, of which two other readers say what they hold, and damaged ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sitedx::model::{Fact, ProblemKind, RegistryData};
use sitedx::parse::Parsed;

use super::{Verdicts, files, json, name, parse, set};

/// The bytes of a hive, unpacked where they are packed, and its name without the packer's ending.
fn hive(path: &Path) -> (String, Vec<u8>) {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let Some(plain) = name(path).strip_suffix(".xz") else { return (name(path).to_owned(), bytes) };
    let mut unpacked = Vec::new();
    lzma_rust2::XzReader::new(&bytes[..], true).read_to_end(&mut unpacked).unwrap();
    (plain.to_owned(), unpacked)
}

/// A key's time and values.
#[derive(Default)]
struct Key<'a> {
    written: Option<NaiveDateTime>,
    values: BTreeMap<&'a str, &'a RegistryData>,
}

/// The keys below the root by their paths from there, each with a backslash in front; the root's is empty.
fn tree(parsed: &Parsed) -> BTreeMap<&str, Key<'_>> {
    let mut keys: BTreeMap<&str, Key<'_>> = BTreeMap::new();
    let mut root: Option<&str> = None;
    for fact in &parsed.facts {
        match &fact.value {
            Fact::RegistryKey { path, written } => {
                let root = *root.get_or_insert(path);
                // Of keys of one name the other readers kept the last.
                let written = written.map(|stamp| stamp.local);
                keys.insert(&path[root.len()..], Key { written, values: BTreeMap::new() });
            }
            Fact::RegistryValue { key, name, data } => {
                let key = &key[root.unwrap_or_default().len()..];
                keys.entry(key).or_default().values.insert(name, data);
            }
            _ => {}
        }
    }
    keys
}

/// The names of the subkeys and values that only one side has.
fn names<'a>(what: &str, ours: BTreeSet<&'a str>, theirs: BTreeSet<&'a str>) -> Option<String> {
    if ours == theirs {
        return None;
    }
    let missing: Vec<_> = theirs.difference(&ours).take(5).collect();
    let more: Vec<_> = ours.difference(&theirs).take(5).collect();
    Some(format!("{what}: missing {missing:?}, too many {more:?}"))
}

fn keys_of(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Times are told to the microsecond, after arithmetic in floating point.
fn same_time(ours: Option<NaiveDateTime>, theirs: &str) -> bool {
    let theirs = NaiveDateTime::parse_from_str(theirs, "%Y-%m-%dT%H:%M:%S%.f").unwrap();
    ours.is_some_and(|ours| (ours - theirs).abs() <= chrono::Duration::microseconds(5))
}

/// Raw bytes stand in hexadecimal, or as length and SHA-256 where there are many.
fn same_bytes(ours: &[u8], theirs: &Value) -> bool {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    match theirs.as_str() {
        Some(theirs) => hex(ours) == theirs,
        None => theirs["len"] == ours.len() && theirs["sha256"] == hex(&Sha256::digest(ours)),
    }
}

/// What differs between a hive as it was read and what two other readers say of it.
fn difference(parsed: &Parsed, expected: &Value) -> Option<String> {
    let theirs = &expected["tree"];
    let mut ours = tree(parsed);
    if theirs.get(r"\CurrentControlSet").is_none() {
        // A link that is made from `Select`, which other readers leave to their users.
        ours.retain(|path, _| !path.starts_with(r"\CurrentControlSet"));
    }
    if let Some(wrong) = names("keys", ours.keys().copied().collect(), keys_of(theirs)) {
        return Some(wrong);
    }
    let mut raw = BTreeSet::new();
    for (path, key) in &ours {
        let other = &theirs[*path];
        if !same_time(key.written, other["ts"].as_str().unwrap()) {
            return Some(format!("{path}: written {:?}, expected {}", key.written, other["ts"]));
        }
        let values = &other["values"];
        if let Some(wrong) = names(path, key.values.keys().copied().collect(), keys_of(values)) {
            return Some(wrong);
        }
        for (name, data) in &key.values {
            let value = &values[*name];
            if value["type"] != data.kind {
                return Some(format!("{path} {name}: type {}, expected {}", data.kind, value["type"]));
            }
            if !same_bytes(&data.bytes, &value["raw"]) {
                // Where the two differ, it is on data within the value's record, of which one gives too much.
                if data.bytes.len() > 4 {
                    return Some(format!(
                        "{path} {name}: {} bytes, expected {}",
                        data.bytes.len(),
                        value["raw"]
                    ));
                }
                raw.insert(path);
            }
        }
    }
    let agreement = expected["agreement"].as_str().unwrap();
    let allowed: usize = match agreement.rsplit_once(", ") {
        Some((_, last)) => last.split(' ').next().unwrap().parse().unwrap(),
        None => 0,
    };
    (raw.len() > allowed)
        .then(|| format!("{} keys differ in raw bytes where {allowed} may: {raw:?}", raw.len()))
}

#[test]
fn h1_hives_hold_what_two_other_readers_say() {
    let Some(folder) = set("regf_hives") else { return };
    let mut verdicts = Verdicts::new("H1");
    for expected in files(&folder.join("expected"), |name| name.ends_with(".json")) {
        let path = folder.join(name(&expected).trim_end_matches(".json"));
        let (name, bytes) = hive(&path);
        let wrong = match parse(&name, &bytes) {
            Some(("registry_hive", parsed)) => difference(&parsed, &json(&expected)),
            other => Some(format!("taken for {:?}", other.map(|other| other.0))),
        };
        verdicts.case(&name, wrong);
    }
    verdicts.finish();
}

/// What is wrong with how any file of the set was read, whatever it is.
fn careless(bytes: &[u8], read: Option<(&str, Parsed)>) -> Option<String> {
    let Some((reader, parsed)) = read else {
        let known = [b"regf", b"hbin", b"HvLE"].iter().any(|mark| bytes.starts_with(*mark));
        return known.then(|| "not recognised".to_owned());
    };
    if reader != "registry_hive" {
        return Some(format!("taken for {reader}"));
    }
    let told: Vec<ProblemKind> = parsed.problems.iter().map(|problem| problem.kind).collect();
    let damaged = told.iter().any(|kind| *kind != ProblemKind::Assumed);
    let places =
        parsed.facts.iter().map(|fact| fact.origin).chain(parsed.problems.iter().flat_map(|it| it.origin));
    let size = bytes.len() as u64;
    let beyond = places.into_iter().find(|place| size < place.offset + u64::from(place.length));
    let declared =
        bytes.get(40..44).map_or(0, |size| u64::from(u32::from_le_bytes(size.try_into().unwrap())));
    let cut = bytes.starts_with(b"regf") && size < declared + 4096 && !parsed.facts.is_empty();
    [
        (parsed.facts.is_empty() && !damaged, "nothing read and nothing told"),
        (damaged && !parsed.coverage.is_empty(), "damaged, and yet it covers something"),
        (beyond.is_some(), "a place beyond the end of the file"),
        (cut && !told.contains(&ProblemKind::Truncated), "cut, and not told to be"),
        (parsed.understood > parsed.lines, "more understood than there was"),
    ]
    .into_iter()
    .find_map(|(wrong, what)| wrong.then(|| what.to_owned()))
}

#[test]
fn h2_every_file_is_read_as_far_as_it_goes() {
    let Some(folder) = set("regf_hives") else { return };
    let mut verdicts = Verdicts::new("H2");
    for path in files(&folder, |name| !name.ends_with(".txt")) {
        let (name, bytes) = hive(&path);
        let start = Instant::now();
        let read = parse(&name, &bytes);
        let slow = Duration::from_secs(5) < start.elapsed();
        verdicts
            .case(&name, slow.then(|| "took over 5 seconds".to_owned()).or_else(|| careless(&bytes, read)));
    }
    verdicts.finish();
}
