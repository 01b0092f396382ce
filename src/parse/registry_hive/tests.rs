//! Hives of all versions, made by the builder that the benchmarks use too.

#[path = "../../../tests/support/hive.rs"]
mod build;
mod damaged;

use expect_test::{Expect, expect};

use super::*;
use crate::model::Fact;
use crate::parse::shown;
use build::{Key, hive, seal};

fn parse(name: &str, bytes: &[u8]) -> Parsed {
    RegistryHive.parse(SourceId(0), name, bytes)
}

fn fact(fact: &Fact) -> String {
    match fact {
        Fact::RegistryKey { path, .. } => format!("[{path}]"),
        Fact::RegistryValue { name, data, .. } => format!("  {name} = {}: {}", data.kind, data.display()),
        Fact::RegistryDeletion { value: None, .. } => "  gone".to_owned(),
        Fact::RegistryDeletion { value: Some(name), .. } => format!("  {name} gone"),
        other => format!("{other:?}"),
    }
}

fn check(name: &str, bytes: &[u8], expected: Expect) {
    expected.assert_eq(&shown(&parse(name, bytes), fact));
}

/// The SMS key of a site server, as `reg save` would give it.
fn sms() -> Key {
    Key::new("SMS")
        .key(Key::new("Identification").text("Site Code", "S02").text("Parent Site Code", "P01"))
        .key(Key::new("Setup").dword("Type", 2).text("Installation Directory", "D:\\SMS"))
}

/// The offset in the file of the record of the key or value that a fact tells of.
fn place(parsed: &Parsed, wanted: &str) -> usize {
    let found = parsed.facts.iter().find(|found| fact(&found.value).contains(wanted)).unwrap();
    found.origin.offset as usize
}

/// Writes a number into a hive.
fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

#[test]
fn a_saved_key_is_read_whole() {
    check(
        "sms.hiv",
        &hive(3, "", &sms()),
        expect![[r#"
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS]
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification]
              Site Code = 1: S02
              Parent Site Code = 1: P01
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup]
              Type = 4: 2
              Installation Directory = 1: D:\SMS
            covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS" }
            assumed line 0: taken for HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS by its keys `Identification`, `Setup`; a hive does not say where it hangs, and keys that Windows keeps in memory only are in no hive
            understood 7 of 7"#]],
    );
}

/// A tree with everything that records can have: both kinds of names, all ways to keep data, long lists.
fn everything() -> Key {
    let long: Vec<u8> = (0..40_000_u32).map(|number| number as u8).collect();
    let many = (0..1_200).fold(Key::new("Many"), |key, number| key.key(Key::new(&format!("K{number:04}"))));
    sms()
        .text("", "default")
        .value("empty", 3, &[])
        .value("short", 1, &[0, 0])
        .value("any type", 513, &[1, 2, 3, 4, 5])
        .value("café", 3, &long)
        .value("значение", 7, &long[..16_345])
        .key(many)
        .key(Key::new("Ключ").key(Key::new("Überprüfung")))
        .key(Key::new("☃").dword("x", 1))
}

#[test]
fn every_version_says_the_same() {
    let values =
        |parsed: &Parsed| -> Vec<Fact> { parsed.facts.iter().map(|fact| fact.value.clone()).collect() };
    let newest = parse("x", &hive(5, "", &everything()));
    assert_eq!((newest.lines, newest.understood), (1_218, 1_218));
    for minor in 1..=6 {
        let parsed = parse("x", &hive(minor, "", &everything()));
        assert_eq!(values(&parsed), values(&newest), "version 1.{minor}");
        assert_eq!(parsed.coverage.len(), 1, "version 1.{minor}");
        assert_eq!(parsed.problems.len(), 1, "version 1.{minor}: {:?}", parsed.problems);
    }
}

#[test]
fn places_are_those_of_the_records() {
    for minor in [1, 3, 5] {
        let bytes = hive(minor, "", &everything());
        let parsed = parse("x", &bytes);
        let lead = if minor == 1 { 8 } else { 4 };
        for found in &parsed.facts {
            let start = found.origin.offset as usize;
            let cell = &bytes[start..start + found.origin.length as usize];
            let mark = if matches!(found.value, Fact::RegistryKey { .. }) { b"nk" } else { b"vk" };
            assert_eq!(&cell[lead..lead + 2], mark);
            assert_eq!(bytes::u32_at(cell, 0).unwrap().wrapping_neg() as usize, cell.len());
        }
    }
}

#[test]
fn times_are_utc() {
    let parsed = parse("x", &hive(3, "", &sms()));
    let Fact::RegistryKey { written: Some(written), .. } = parsed.facts[0].value else { panic!() };
    assert_eq!(written.display(), "1999-03-26T15:10:12.500Z");
    assert_eq!(written.zone, Zone::Utc);
}

#[test]
fn letters_like_those_of_big_data_are_data_where_there_is_none() {
    let mut data = b"db\x02\0".to_vec();
    data.resize(20_000, 7);
    let parsed = parse("x", &hive(3, "", &sms().value("blob", 3, &data)));
    let found = parsed.facts.iter().find_map(|fact| match &fact.value {
        Fact::RegistryValue { name, data, .. } if &**name == "blob" => Some(&data.bytes),
        _ => None,
    });
    assert_eq!(found, Some(&data));
}

#[test]
fn a_hive_in_use_is_read_and_shows_nothing_as_absent() {
    let mut bytes = hive(3, "", &sms());
    put(&mut bytes, 8, 0);
    check(
        "x",
        &bytes,
        expect![[r#"
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS]
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification]
              Site Code = 1: S02
              Parent Site Code = 1: P01
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup]
              Type = 4: 2
              Installation Directory = 1: D:\SMS
            assumed line 0: taken for HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS by its keys `Identification`, `Setup`; a hive does not say where it hangs, and keys that Windows keeps in memory only are in no hive
            unsupported line 0: the hive was being written: its two sequence numbers differ, and what is missing is in its transaction log, which sitedx does not replay; read as it is
            malformed line 0: the checksum is not that of the header: damaged, or the hive was being written; read as it is
            understood 7 of 7"#]],
    );
    seal(&mut bytes);
    assert_eq!(parse("x", &bytes).problems.len(), 2, "the checksum is right now");
}

#[test]
fn the_current_control_set_is_the_one_that_was_selected() {
    let name = |name: &str| Key::new("ComputerName").key(Key::new("ComputerName").text("ComputerName", name));
    let set = |number: u32, computer| {
        Key::new(&format!("ControlSet{number:03}")).key(Key::new("Control").key(name(computer)))
    };
    let root = |current| {
        Key::new("$$$PROTO.HIV")
            .key(set(1, "OLDNAME"))
            .key(set(2, "SITEP01"))
            .key(Key::new("Select").dword("Current", current))
    };
    check(
        "SYSTEM",
        &hive(3, "", &root(2)),
        expect![[r#"
            [HKEY_LOCAL_MACHINE\SYSTEM]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\ComputerName]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\ComputerName\ComputerName]
              ComputerName = 1: OLDNAME
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002\Control]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002\Control\ComputerName]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002\Control\ComputerName\ComputerName]
              ComputerName = 1: SITEP01
            [HKEY_LOCAL_MACHINE\SYSTEM\Select]
              Current = 4: 2
            [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet]
            [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control]
            [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName]
            [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName]
              ComputerName = 1: SITEP01
            Computer { name: "SITEP01" }
            covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SYSTEM" }
            assumed line 0: taken for HKEY_LOCAL_MACHINE\SYSTEM by its keys `Select`, `ControlSet001`; a hive does not say where it hangs, and keys that Windows keeps in memory only are in no hive
            understood 13 of 13"#]],
    );
    check(
        "SYSTEM",
        &hive(3, "", &root(3)),
        expect![[r#"
            [HKEY_LOCAL_MACHINE\SYSTEM]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\ComputerName]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\ComputerName\ComputerName]
              ComputerName = 1: OLDNAME
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002\Control]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002\Control\ComputerName]
            [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002\Control\ComputerName\ComputerName]
              ComputerName = 1: SITEP01
            [HKEY_LOCAL_MACHINE\SYSTEM\Select]
              Current = 4: 3
            Computer { name: "OLDNAME" }
            assumed line 0: taken for HKEY_LOCAL_MACHINE\SYSTEM by its keys `Select`, `ControlSet001`; a hive does not say where it hangs, and keys that Windows keeps in memory only are in no hive
            assumed line 0: `Select` names no control set that the hive has: what CurrentControlSet was is not known
            understood 13 of 13"#]],
    );
}

#[test]
fn keys_and_names_tell_the_place() {
    let told = |name: &str, header: &str, root: Key| {
        let parsed = parse(name, &hive(3, header, &root));
        let Fact::RegistryKey { path, .. } = &parsed.facts[0].value else { panic!() };
        format!("{path}{}", if parsed.coverage.is_empty() { "" } else { ", covered" })
    };
    let keys = |paths: &[&str]| {
        let chain = |path: &&str| {
            let mut parts = path.rsplit('\\');
            let last = Key::new(parts.next().unwrap());
            parts.fold(last, |below, name| Key::new(name).key(below))
        };
        paths.iter().map(chain).fold(Key::new("root"), Key::key)
    };
    let config = r"emRoot\System32\Config\SECURITY";
    let user = r"\??\C:\Documents and Settings\x\ntuser.dat";
    let mut named = keys(&["Software"]);
    named.name = "S-1-5-21-1-2-3-500".to_owned();
    let mut saved = keys(&["Setup"]);
    saved.name = "SMS".to_owned();
    let places = [
        told("a.hiv", "", keys(&["Select", "ControlSet001"])),
        told("a.hiv", "", keys(&["Microsoft\\Windows NT\\CurrentVersion\\ProfileList"])),
        told("a.hiv", "", keys(&["Classes", "Microsoft"])),
        told("a.hiv", "", keys(&["Policy\\PolAdtEv", "RXACT"])),
        told("a.hiv", "", keys(&["Identification", "Setup"])),
        told("a.hiv", "", saved),
        told("a.hiv", "", keys(&["Setup"])),
        told("a.hiv", "", keys(&["Control\\Session Manager", "Services"])),
        told("a.hiv", "", keys(&["Control Panel", "Software"])),
        told("a.hiv", r"C:\WINNT\system32\config\DEFAULT", keys(&["Control Panel", "Software"])),
        told("a.hiv", user, keys(&["Software"])),
        told("a.hiv", user, named),
        told("a.hiv", config, keys(&[])),
        told("SITEP01_software.sav", "", keys(&["x"])),
        told("HKLM_SOFTWARE_Microsoft.hiv", "", keys(&["x"])),
        told(r"odd\name", "", keys(&["x"])),
    ];
    expect![[r#"
        HKEY_LOCAL_MACHINE\SYSTEM
        HKEY_LOCAL_MACHINE\SOFTWARE, covered
        HKEY_LOCAL_MACHINE\SOFTWARE
        HKEY_LOCAL_MACHINE\SECURITY, covered
        HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS, covered
        HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS
        HKEY_USERS\(hive a.hiv)
        HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet
        HKEY_CURRENT_USER
        HKEY_USERS\.DEFAULT
        HKEY_CURRENT_USER
        HKEY_USERS\S-1-5-21-1-2-3-500
        HKEY_LOCAL_MACHINE\SECURITY
        HKEY_LOCAL_MACHINE\SOFTWARE
        HKEY_USERS\(hive HKLM_SOFTWARE_Microsoft.hiv)
        HKEY_USERS\(hive odd/name)"#]]
    .assert_eq(&places.join("\n"));
}

#[test]
fn logs_and_pieces_are_told_for_what_they_are() {
    let bytes = hive(3, "", &sms());
    let with = |kind: u32, mark: &[u8]| {
        let mut log = bytes[..512].to_vec();
        put(&mut log, 28, kind);
        log.extend(mark);
        log.resize(8192, 0);
        log
    };
    let mut mirror = bytes.clone();
    put(&mut mirror, 28, 1);
    let mut entry = b"HvLE\0\x02\0\0".to_vec();
    entry.resize(512, 0);
    let cases: [(&str, Vec<u8>); 10] = [
        ("Windows 2000", with(2, b"")),
        ("Windows XP", with(1, b"DIRT")),
        ("Windows XP, empty", with(1, b"")),
        ("Windows 10", with(6, b"HvLE")),
        ("an entry of one", entry),
        ("SYSTEM.ALT", mirror),
        ("bins", bytes[4096..].to_vec()),
        ("header only", bytes[..4096].to_vec()),
        ("four letters", b"regf".to_vec()),
        ("text", b"regfile of the branch office\r\nnothing else".to_vec()),
    ];
    let lines = cases.iter().map(|(case, bytes)| {
        let claim = RegistryHive.recognise(&Head::new("x", bytes)).map(|claim| claim.why);
        let parsed = parse("x", bytes);
        let problem = &parsed.problems[0];
        format!(
            "{case}: {claim:?}\n  {} facts, {}: {}",
            parsed.facts.len(),
            problem.kind.name(),
            problem.what
        )
    });
    expect![[r#"
        Windows 2000: Some("header of a registry hive's transaction log, `regf`")
          0 facts, unsupported: a registry transaction log; not read: it holds changes on their way to the hive of the same name, and sitedx does not replay them
        Windows XP: Some("header of a registry hive's transaction log, `regf`")
          0 facts, unsupported: a registry transaction log; not read: it holds changes on their way to the hive of the same name, and sitedx does not replay them
        Windows XP, empty: Some("header of a registry hive's transaction log, `regf`")
          0 facts, unsupported: a registry transaction log; not read: it holds changes on their way to the hive of the same name, and sitedx does not replay them
        Windows 10: Some("header of a registry hive's transaction log, `regf`")
          0 facts, unsupported: a registry transaction log; not read: it holds changes on their way to the hive of the same name, and sitedx does not replay them
        an entry of one: Some("an entry of a registry transaction log, `HvLE`")
          0 facts, unsupported: a registry transaction log; not read: it holds changes on their way to the hive of the same name, and sitedx does not replay them
        SYSTEM.ALT: Some("header of a registry hive, version 1.3, last written 1999-03-26T15:10:12.500Z")
          7 facts, assumed: taken for HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS by its keys `Identification`, `Setup`; a hive does not say where it hangs, and keys that Windows keeps in memory only are in no hive
        bins: Some("a registry hive bin, `hbin`")
          0 facts, unsupported: a piece of a registry hive without the header that every hive starts with; not read: where its keys belong is not known
        header only: Some("start of a registry hive's header, `regf`")
          0 facts, truncated: a registry hive that ends within its header of 4096 bytes: there are no keys in it
        four letters: Some("start of a registry hive's header, `regf`")
          0 facts, truncated: a registry hive that ends within its header of 4096 bytes: there are no keys in it
        text: None
          0 facts, unrecognised: no registry hive: expected `regf` at its start"#]].assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_layer_takes_away_what_it_marks() {
    let mut bytes = hive(6, "", &sms());
    let parsed = parse("x", &bytes);
    let (key, value) = (place(&parsed, "Setup]"), place(&parsed, "Site Code"));
    put(&mut bytes, 144, 2);
    bytes[key + 4 + 13] = 1;
    bytes[value + 4 + 16] |= 2;
    seal(&mut bytes);
    check(
        "x",
        &bytes,
        expect![[r#"
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS]
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification]
              Site Code = 1: S02
              Site Code gone
              Parent Site Code = 1: P01
            [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup]
              gone
              Type = 4: 2
              Installation Directory = 1: D:\SMS
            assumed line 0: taken for HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS by its keys `Identification`, `Setup`; a hive does not say where it hangs, and keys that Windows keeps in memory only are in no hive
            unsupported line 0: a differencing hive: it holds only what differs from the hive that it lies over
            understood 7 of 7"#]],
    );
}

#[test]
fn the_sample_is_what_the_builder_makes() {
    let sample = include_bytes!("../../../samples/state/registry_hive/sms_secondary_site.hiv");
    let key = Key::new("SMS")
        .key(Key::new("Components").key(Key::new("SMS_EXECUTIVE").dword("State", 4)))
        .key(
            Key::new("Identification")
                .text("Parent Site Code", "P01")
                .text("Site Code", "S02")
                .text("Site Server", "SITES02"),
        )
        .key(
            Key::new("Setup")
                .text("Full Version", "2.00.1493.2010")
                .text("Installation Directory", "D:\\SMS")
                .dword("Type", 2),
        );
    assert_eq!(hive(3, "", &key), sample);
}
