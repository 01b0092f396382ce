//! Samples mangled in many ways: no reader may panic, and what is wrong must be told.

use std::fs;
use std::path::{Path, PathBuf};

use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::pipeline::analyze;

fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A small generator, so that each run mangles alike.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn mangled(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    match dice.below(6) {
        0 => out.truncate(dice.below(bytes.len())),
        1 => {
            for _ in 0..=dice.below(20) {
                let at = dice.below(out.len());
                if let Some(byte) = out.get_mut(at) {
                    *byte = dice.below(256) as u8;
                }
            }
        }
        2 => drop(out.drain(..dice.below(bytes.len()))),
        3 => out.retain(|byte| *byte != b'\r'),
        4 => out.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b'\r'),
        _ => {
            let at = dice.below(out.len());
            let middle = out[at..].to_vec();
            out.extend(middle);
        }
    }
    out
}

#[test]
fn mangled_samples_are_told_and_never_panic() {
    let catalog = Catalog::built_in();
    let mut dice = Dice(42);
    for round in 0..6 {
        let mut bundle = Vec::new();
        for path in files(Path::new("samples")) {
            let bytes = fs::read(&path).unwrap();
            bundle.push((format!("{round}/{}", path.display()), mangled(&bytes, &mut dice)));
        }
        let report = analyze(&in_memory("hostile", bundle), &catalog, Hashes::Left, |_| {});
        let internal: Vec<_> =
            report.problems.iter().filter(|it| it.what.contains("internal error")).collect();
        assert!(internal.is_empty(), "{internal:#?}");
    }
}
