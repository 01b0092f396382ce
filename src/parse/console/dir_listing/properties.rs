//! What holds for any listing, however it is cut or mangled.

use crate::model::{Coverage, Fact, entry_path};
use crate::parse::console::read_as;
use proptest::prelude::*;

const NT4: &str = include_str!("../../../../samples/state/dir_listing/nt4.txt");
const W2000: &str = include_str!("../../../../samples/state/dir_listing/w2000.txt");

#[test]
fn a_cut_anywhere_adds_nothing() {
    for text in [NT4, W2000] {
        let entries = |end: usize| {
            let parsed = read_as("dir_listing", text.get(..end).unwrap().as_bytes());
            let facts = parsed.facts.into_iter().map(|fact| fact.value);
            let paths = facts.filter_map(|fact| match fact {
                Fact::Folder { path } => Some((path.to_string(), None)),
                Fact::Entry { folder, name, kind, .. } => Some((entry_path(&folder, &name), Some(kind))),
                _ => None,
            });
            let covered = parsed.coverage.into_iter().filter_map(|coverage| match coverage.value {
                Coverage::Folder { path } => Some((path, None)),
                _ => None,
            });
            paths.chain(covered).collect::<Vec<_>>()
        };
        let whole = entries(text.len());
        for end in 0..text.len() {
            assert!(entries(end).iter().all(|entry| whole.contains(entry)), "cut at {end}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..2000_usize, gone in 0..80_usize) {
        read_as("dir_listing", &bytes);
        for text in [NT4, W2000] {
            let mut mangled = text.as_bytes().to_vec();
            let at = at.min(mangled.len());
            let end = (at + gone).min(mangled.len());
            mangled.splice(at..end, bytes.iter().copied());
            read_as("dir_listing", &mangled);
        }
    }

    #[test]
    fn no_line_panics(lines in prop::collection::vec("[0-9/.-]{6,10}  [0-9]{1,2}:[0-9]{2}[ap]?( [AP]M)? {1,20}(<DIR> {8,12}|[0-9 ,.\u{a0}]{1,24}) .{0,9}", 0..9)) {
        let text = format!(" Directory of C:\\\n{}\n 3 File(s) 99999999999999999999 bytes\n", lines.join("\n"));
        read_as("dir_listing", text.as_bytes());
    }
}
