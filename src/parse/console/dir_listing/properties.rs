//! What holds for any listing, however it is cut or mangled.

use std::collections::BTreeSet;

use crate::model::{Coverage, Fact, entry_path};
use crate::parse::console::read_as;
use proptest::prelude::*;

const SAMPLES: [(&str, &[u8]); 19] = [
    ("nt4", include_bytes!("../../../../samples/state/dir_listing/nt4.txt")),
    ("w2000", include_bytes!("../../../../samples/state/dir_listing/w2000.txt")),
    ("cut", include_bytes!("../../../../samples/state/dir_listing/cut.txt")),
    ("german", include_bytes!("../../../../samples/state/dir_listing/german_oem_850.txt")),
    ("french", include_bytes!("../../../../samples/state/dir_listing/french_oem_850.txt")),
    ("japanese", include_bytes!("../../../../samples/state/dir_listing/japanese_932.txt")),
    ("korean", include_bytes!("../../../../samples/state/dir_listing/korean_949.txt")),
    ("czech", include_bytes!("../../../../samples/state/dir_listing/czech_852.txt")),
    ("russian", include_bytes!("../../../../samples/state/dir_listing/russian_866.txt")),
    ("spanish", include_bytes!("../../../../samples/state/dir_listing/spanish_12_hours.txt")),
    ("unknown", include_bytes!("../../../../samples/state/dir_listing/unknown_language.txt")),
    ("utf-16", include_bytes!("../../../../samples/state/dir_listing/cmd_u_utf16.txt")),
    ("nt31", include_bytes!("../../../../samples/state/dir_listing/nt31_fat.txt")),
    ("nt351", include_bytes!("../../../../samples/state/dir_listing/nt351_cdrom.txt")),
    ("short names", include_bytes!("../../../../samples/state/dir_listing/nt4_short_names.txt")),
    ("wide", include_bytes!("../../../../samples/state/dir_listing/w2000_wide.txt")),
    ("bare", include_bytes!("../../../../samples/state/dir_listing/bare.txt")),
    ("not found", include_bytes!("../../../../samples/state/dir_listing/not_found.txt")),
    ("failed", include_bytes!("../../../../samples/state/dir_listing/failed.txt")),
];

/// What a capture claims: what exists, what does not, and which folders are whole.
fn claims(bytes: &[u8]) -> BTreeSet<String> {
    let parsed = read_as("dir_listing", bytes);
    let facts = parsed.facts.into_iter().filter_map(|fact| match fact.value {
        Fact::Folder { path } => Some(format!("folder {path}")),
        Fact::Entry { folder, name, kind, .. } => Some(format!("{} {kind:?}", entry_path(&folder, &name))),
        _ => None,
    });
    let covered = parsed.coverage.into_iter().filter_map(|coverage| match coverage.value {
        Coverage::Folder { path } => Some(format!("covers {path}")),
        Coverage::Absent { path } => Some(format!("absent {path}")),
        _ => None,
    });
    facts.chain(covered).collect()
}

#[test]
fn a_cut_anywhere_adds_nothing() {
    for (name, bytes) in SAMPLES {
        let whole = claims(bytes);
        for end in 0..bytes.len() {
            let cut = claims(&bytes[..end]);
            let added: Vec<_> = cut.difference(&whole).collect();
            assert!(added.is_empty(), "{name} cut at {end} adds {added:?}");
        }
    }
}

#[test]
fn a_lost_line_does_not_make_its_entry_absent() {
    for (name, bytes) in SAMPLES.iter().filter(|(name, _)| !matches!(*name, "utf-16" | "not found")) {
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let there: BTreeSet<String> = claims(bytes).iter().filter_map(|claim| path(claim)).collect();
        for index in 0..lines.len() {
            let left = claims(&[lines[..index].concat(), lines[index + 1..].concat()].concat());
            let still: BTreeSet<String> = left.iter().filter_map(|claim| path(claim)).collect();
            for lost in there.difference(&still) {
                let parent = lost.rsplit_once('\\').map_or("", |(parent, _)| parent);
                let covers = [format!("covers {parent}"), format!("covers {parent}\\")];
                let covered = covers.iter().any(|covers| left.contains(covers));
                let line = String::from_utf8_lossy(lines[index]);
                assert!(!covered, "{name} without {line:?} says that {lost} is absent");
            }
        }
    }
}

/// The path that a claim says to exist.
fn path(claim: &str) -> Option<String> {
    let path = match claim.split_once(' ')? {
        ("covers" | "absent", _) => return None,
        ("folder", path) => path,
        // Behind the path stands its kind.
        _ => claim.split_once(" File").or_else(|| claim.rsplit_once(' '))?.0,
    };
    Some(path.trim_end_matches('\\').to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..2000_usize, gone in 0..80_usize) {
        read_as("dir_listing", &bytes);
        for (_, sample) in SAMPLES {
            let mut mangled = sample.to_vec();
            let at = at.min(mangled.len());
            let end = (at + gone).min(mangled.len());
            mangled.splice(at..end, bytes.iter().copied());
            read_as("dir_listing", &mangled);
        }
    }
}

proptest! {
    #[test]
    fn no_line_panics(lines in prop::collection::vec("[0-9/.-]{6,10}  [0-9]{1,2}:[0-9]{2}[ap]?( [AP]M)? {1,20}(<DIR> {8,12}|[0-9 ,.\u{a0}]{1,24}) .{0,9}", 0..9)) {
        let text = format!(" Directory of C:\\\n{}\n 3 File(s) 99999999999999999999 bytes\n", lines.join("\n"));
        read_as("dir_listing", text.as_bytes());
    }
}
