//! Damaged and hostile hives: read as far as they go, each damage told, no end missed.

use expect_test::expect;
use proptest::prelude::*;

use super::super::bytes;
use super::build::{Key, hive};
use super::{everything, fact, parse, place, put, sms};
use crate::model::ProblemKind;

#[test]
fn what_is_damaged_is_told_and_the_rest_is_read() {
    let whole = hive(3, "", &sms());
    let parsed = parse("x", &whole);
    let (root, first, second) =
        (place(&parsed, "SMS]"), place(&parsed, "Identification]"), place(&parsed, "Setup]"));
    let value = place(&parsed, "Site Code");
    let list = 4096 + bytes::u32_at(&whole, root + 4 + 28).unwrap() as usize + 4;
    let cases: [(&str, usize, u32); 14] = [
        ("a list leads to the root", list + 4, (root - 4096) as u32),
        ("a subkey twice", list + 12, (first - 4096) as u32),
        ("a subkey beyond the end", list + 12, 0x7FFF_FFF0),
        ("a subkey that is a value", list + 12, (value - 4096) as u32),
        ("another parent", first + 4 + 16, 8),
        ("more subkeys than listed", root + 4 + 20, 3),
        ("a list too long for its cell", list, u32::from_le_bytes(*b"lf\xFF\xFF")),
        ("a list of later versions", list, u32::from_le_bytes(*b"lh\x02\0")),
        ("no list", root + 4 + 28, u32::MAX),
        ("values without end", second + 4 + 36, u32::MAX),
        ("data beyond the end", value + 4 + 8, 0x7FFF_FFF0),
        ("too much data", value + 4 + 4, 0x7FFF_FFFF),
        ("too much data in the record", value + 4 + 4, 0x8000_0005),
        ("a value that is not in use", value, 40),
    ];
    let mut lines = Vec::new();
    for (case, at, number) in cases {
        let mut bytes = whole.clone();
        put(&mut bytes, at, number);
        let parsed = parse("x", &bytes);
        assert!(parsed.coverage.is_empty(), "{case}");
        lines.push(format!("{case}: {} of {}", parsed.understood, parsed.lines));
        lines.extend(parsed.problems[1..].iter().map(|problem| {
            format!("  {} at {:#x}: {}", problem.kind.name(), problem.origin.unwrap().offset, problem.what)
        }));
    }
    expect![[r#"
        a list leads to the root: 4 of 5
          malformed at 0x1230: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS: its list leads back to a key above it
        a subkey twice: 4 of 5
          malformed at 0x1238: HKEY_USERS\(hive x): a subkey is listed twice
        a subkey beyond the end: 4 of 5
          truncated at 0x1238: HKEY_USERS\(hive x): a subkey lies beyond the end of the file
        a subkey that is a value: 4 of 5
          malformed at 0x1238: HKEY_USERS\(hive x): a subkey starts with `vk`: expected a key, `nk`
        another parent: 7 of 7
          malformed at 0x1078: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification: names 0x8 as its parent, expected 0x20
        more subkeys than listed: 7 of 7
          malformed at 0x1020: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS: its lists have 2 subkeys of 3
        a list too long for its cell: 7 of 7
          malformed at 0x1020: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS: a list of its subkeys is longer than its cell
        a list of later versions: 7 of 7
          malformed at 0x1020: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS: a list of its subkeys is of the kind `lh`, which hives of version 1.3 have not
        no list: 1 of 1
          malformed at 0x1020: HKEY_USERS\(hive x): a list of its subkeys is missing: found no offset of it
        values without end: 7 of 8
          malformed at 0x1158: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup: its list of values is longer than its cell
          malformed at 0x1224: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup: a value starts with `\x00\x00`: expected a value, `vk`
        data beyond the end: 6 of 7
          truncated at 0x10e8: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification: the data of the value `Site Code` lies beyond the end of the file
        too much data: 6 of 7
          malformed at 0x10e8: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification: the data of the value `Site Code` is longer than its cell
        too much data in the record: 6 of 7
          malformed at 0x10e8: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification: the data of the value `Site Code` has 5 bytes within its record, which has room for 4
        a value that is not in use: 7 of 7
          malformed at 0x10e8: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification: the value `Site Code` is in a cell that is marked as not in use"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn a_cut_hive_gives_a_part_of_what_the_whole_gives() {
    let whole = hive(5, "", &everything());
    let all = parse("x", &whole).facts;
    for end in (4096..whole.len()).step_by(509) {
        let parsed = parse("x", &whole[..end]);
        assert!(parsed.coverage.is_empty());
        assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Truncated), "{end}");
        // Without its root a hive hangs elsewhere, so only what is said of keys is compared.
        assert!(parsed.facts.len() <= all.len());
        assert!(parsed.facts.iter().all(|fact| all.iter().any(|other| other.origin == fact.origin)));
    }
}

#[test]
fn keys_below_the_deepest_level_are_told() {
    let deep = (0..600).rev().fold(Key::new("K"), |below, number| Key::new(&format!("K{number}")).key(below));
    let parsed = parse("x", &hive(5, "", &deep));
    assert_eq!(parsed.problems.len(), 2);
    assert!(parsed.problems[1].what.contains("512 levels"), "{:?}", parsed.problems);
    assert_eq!(parsed.facts.len(), 513);
}

#[test]
fn lists_that_share_their_keys_come_to_an_end() {
    // On each of twenty levels `B` gets the subkeys of `A` beside it: a million paths to forty keys.
    let chain = (0..20).fold(Key::new("A"), |below, _| Key::new("A").key(below).key(Key::new("B")));
    let mut bytes = hive(3, "", &chain);
    let places: Vec<(String, usize)> = parse("x", &bytes)
        .facts
        .iter()
        .map(|found| (fact(&found.value), found.origin.offset as usize + 4))
        .collect();
    for (path, b) in places.iter().filter(|(path, _)| path.ends_with(r"\B]")) {
        let beside = path.replace(r"\B]", r"\A]");
        let a = places.iter().find(|(path, _)| *path == beside).unwrap().1;
        for field in [20, 28] {
            let number = bytes::u32_at(&bytes, a + field).unwrap();
            put(&mut bytes, b + field, number);
        }
    }
    let parsed = parse("x", &bytes);
    assert!(parsed.facts.len() < 200, "{}", parsed.facts.len());
    assert!(parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Limit));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_bytes_panics(
        minor in 1_u32..6,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        end in any::<prop::sample::Index>(),
        cut: bool,
    ) {
        let mut bytes = hive(minor, "", &sms().value("long", 3, &[0; 20_000]));
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        let parsed = parse("x", &bytes);
        let problems = parsed.problems.iter().flat_map(|problem| problem.origin);
        for place in parsed.facts.iter().map(|fact| fact.origin).chain(problems) {
            prop_assert!(place.offset + u64::from(place.length) <= bytes.len() as u64);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..9000)) {
        let mut hive = b"regf".to_vec();
        hive.extend(&bytes);
        parse("x", &hive);
        parse("x", &bytes);
    }
}
