//! A server's registry gives the same diagnoses whatever form it was saved in.

#[path = "../support/hive.rs"]
mod hive;

use std::fs;

use hive::{Key, Value};
use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::{Fact, SourceId, registry_type};
use sitedx::parse::{Head, PARSERS};
use sitedx::pipeline::analyze;

use crate::files::{Files, tree};

/// What an export says, as keys below a root without a name.
fn keys(export: &[u8]) -> Key {
    let head = Head::new("registry.reg", export);
    let parser = PARSERS.iter().find(|parser| parser.recognise(&head).is_some()).unwrap();
    let mut root = Key::new("");
    for fact in parser.parse(SourceId(0), "registry.reg", export).facts {
        match fact.value {
            Fact::RegistryKey { path, .. } => drop(at(&mut root, &path)),
            Fact::RegistryValue { key, name, data } => {
                at(&mut root, &key).values.push(Value {
                    name: name.into(),
                    kind: data.kind,
                    data: data.bytes,
                });
            }
            _ => {}
        }
    }
    root
}

/// The key of a path, made where it is not there.
fn at<'k>(root: &'k mut Key, path: &str) -> &'k mut Key {
    path.split('\\').fold(root, |key, name| {
        let known = key.keys.iter().position(|known| known.name.eq_ignore_ascii_case(name));
        let place = known.unwrap_or_else(|| {
            key.keys.push(Key::new(name));
            key.keys.len() - 1
        });
        &mut key.keys[place]
    })
}

/// The hives of an export, as they lie in the folder `config`.
fn hives(folder: &str, export: &[u8]) -> Files {
    let mut root = keys(export);
    // What the samples leave out, and by what a hive of this place is known.
    at(&mut root, r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList");
    let machine = at(&mut root, "HKEY_LOCAL_MACHINE");
    let mut hives = Vec::new();
    for mut branch in std::mem::take(&mut machine.keys) {
        if branch.name.eq_ignore_ascii_case("SYSTEM") {
            branch
                .keys
                .iter_mut()
                .for_each(|set| set.name = set.name.replace("CurrentControlSet", "ControlSet001"));
            branch = branch.key(Key::new("Select").dword("Current", 1).dword("Default", 1));
        }
        let name = branch.name.clone();
        let file = format!(r"\SystemRoot\System32\Config\{name}");
        hives.push((format!("{folder}/{name}"), hive::hive(3, &file, &branch)));
    }
    hives
}

/// An export of version 5, all values but texts and numbers as bytes.
fn version5(folder: &str, export: &[u8]) -> Files {
    fn write(key: &Key, path: &str, out: &mut String) {
        if !path.is_empty() {
            *out += &format!("[{path}]\r\n");
            for Value { name, kind, data } in &key.values {
                let name = if name.is_empty() { "@".to_owned() } else { format!("\"{}\"", escaped(name)) };
                let bytes = data.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(",");
                let units: Vec<u16> =
                    data.chunks_exact(2).map(|it| u16::from_le_bytes([it[0], it[1]])).collect();
                *out += &match *kind {
                    registry_type::SZ => {
                        let text = String::from_utf16_lossy(&units);
                        format!("{name}=\"{}\"\r\n", escaped(text.trim_end_matches('\0')))
                    }
                    registry_type::DWORD => {
                        format!("{name}=dword:{:08x}\r\n", u32::from_le_bytes(data[..].try_into().unwrap()))
                    }
                    registry_type::BINARY => format!("{name}=hex:{bytes}\r\n"),
                    kind => format!("{name}=hex({kind:x}):{bytes}\r\n"),
                };
            }
            out.push_str("\r\n");
        }
        for below in &key.keys {
            let path = if path.is_empty() { below.name.clone() } else { format!(r"{path}\{}", below.name) };
            write(below, &path, out);
        }
    }
    let mut text = "\u{feff}Windows Registry Editor Version 5.00\r\n\r\n".to_owned();
    let mut root = keys(export);
    let machine = at(&mut root, "HKEY_LOCAL_MACHINE");
    for branch in &machine.keys {
        write(branch, &format!(r"HKEY_LOCAL_MACHINE\{}", branch.name), &mut text);
    }
    vec![(format!("{folder}/registry.reg"), text.encode_utf16().flat_map(u16::to_le_bytes).collect())]
}

fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"")
}

/// Each diagnosis with its server, verdict and confidence, and each point of a checklist.
fn diagnoses(label: &str, files: Files, catalog: &Catalog) -> Vec<String> {
    let report = analyze(&in_memory(label, files), catalog, Hashes::Left, |_| {});
    let found = report.diagnoses.iter().map(|it| format!("{} {} {}%", it.title, it.verdict, it.confidence));
    let points = report.checklists.iter().flat_map(|list| &list.items);
    found.chain(points.map(|item| format!("{} {} {}", item.title, item.subject, item.state))).collect()
}

#[test]
fn a_registry_tells_the_same_as_text_and_as_hives() {
    let catalog = Catalog::built_in();
    let mut compared = 0;
    for case in fs::read_dir("samples/bundles").unwrap() {
        let files = tree(&case.unwrap().path().join("in"));
        let (exports, others): (Files, Files) =
            files.into_iter().partition(|(name, _)| name.ends_with("/registry.reg"));
        if exports.is_empty() {
            continue;
        }
        let with = |form: fn(&str, &[u8]) -> Files| {
            let saved =
                exports.iter().flat_map(|(name, bytes)| form(name.rsplit_once('/').unwrap().0, bytes));
            diagnoses("case", others.iter().cloned().chain(saved).collect(), &catalog)
        };
        let expected = with(|folder, bytes| vec![(format!("{folder}/registry.reg"), bytes.to_vec())]);
        assert_eq!(with(version5), expected, "version 5");
        assert_eq!(with(hives), expected, "hives");
        compared += expected.len();
    }
    assert!(compared > 50, "{compared} diagnoses and points were compared");
}
