//! Windows time zone names and their distance from UTC.

use std::collections::BTreeMap;

use crate::authoring::{Mistake, Sheet};

/// Offsets in minutes east of UTC by lower-case zone name, as read from `zones.toml`.
#[derive(Clone, Debug, Default)]
pub struct Zones(BTreeMap<String, i16>);

impl Zones {
    /// Reads the file: `"Eastern Standard Time" = -300` and so on.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            let mut zones = BTreeMap::new();
            for key in table.keys() {
                for word in table.own_scalars(&key.text) {
                    match word.text.parse::<i16>() {
                        Ok(offset) if (-14 * 60..=14 * 60).contains(&offset) => {
                            zones.insert(key.text.to_lowercase(), offset);
                        }
                        _ => table.mistake(&word.span, "an offset is a number of minutes from -840 to 840"),
                    }
                }
            }
            Self(zones)
        })
    }

    /// The offset of a zone name; blanks and letter case do not count.
    pub fn offset(&self, name: &[u8]) -> Option<i16> {
        let name = std::str::from_utf8(name).ok()?;
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        self.0.get(&name).copied()
    }
}
