//! Hashes, by which a reader can prove that a report speaks of the files at hand.

use std::collections::BTreeMap;
use std::io;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::bundle::{Opened, Source};
use crate::model::SourceId;
use crate::model::report::{Evidence, Report};

/// Whether sources are hashed. Hashing takes as long as all else, and not every format shows hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hashes {
    Told,
    Left,
}

/// What tells the content of a source from all others: BLAKE3, which is quick enough to go over everything.
#[derive(Clone, Debug, Default)]
pub struct Content(Option<Box<blake3::Hasher>>);

impl Content {
    /// Begins before the first byte.
    pub fn new(hashes: Hashes) -> Self {
        Self((hashes == Hashes::Told).then(Box::default))
    }

    /// Adds bytes that follow.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.iter_mut().for_each(|hash| _ = hash.update(bytes));
    }

    /// The hash of all bytes in hexadecimal; empty if it was not asked for.
    pub fn finish(&self) -> String {
        self.0.as_ref().map(|hash| hash.finalize().to_hex().to_string()).unwrap_or_default()
    }
}

/// SHA-256 of a source in hexadecimal, which everyone's tools can compare: of all bytes that can be read.
///
/// # Errors
/// When the source cannot be opened.
pub fn sha256(source: &Source) -> io::Result<String> {
    let mut hash = Sha256::new();
    source.read(|reader| {
        let mut buffer = vec![0; 1 << 16];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => hash.update(&buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // That it breaks off is told where the source is read for what it says.
                Err(_) => break,
            }
        }
    })?;
    Ok(hex(&hash.finalize()))
}

/// Adds the hashes of the sources that a report cites.
pub fn add(report: &mut Report, opened: &Opened) {
    let mut places: Vec<&mut Evidence> = report.evidence_mut().collect();
    let mut cited: Vec<SourceId> = places.iter().filter_map(|place| place.number).collect();
    cited.sort();
    cited.dedup();
    let hashes: BTreeMap<SourceId, String> = cited
        .into_par_iter()
        .filter_map(|id| Some((id, sha256(opened.sources.get(id.0 as usize)?).ok()?)))
        .collect();
    for place in &mut places {
        let hash = place.number.and_then(|id| hashes.get(&id));
        place.sha256 = hash.cloned().unwrap_or_default();
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
