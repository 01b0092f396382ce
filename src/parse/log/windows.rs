//! Finds which of thousands of literal texts stand in a message, looking at a fraction of its bytes.
//!
//! This is the algorithm of Wu and Manber (A fast algorithm for multi-pattern searching, 1994): of each literal a
//! window of equal length is taken; a table tells by the last bytes of the place that is looked at how far the
//! next possible end of a window is. Most places allow a long step. Letter case does not count.

/// Bytes that are looked at in one place.
const BLOCK: usize = 4;
/// Bytes of a window; literals must be at least so long.
pub const WINDOW: usize = 10;
/// The longest step: a block that stands in no window.
const LONGEST_STEP: u8 = (WINDOW - BLOCK + 1) as u8;
/// Bits of the place in the table of steps: at first it fits the fastest cache, at most the next one.
const SLOT_BITS: std::ops::RangeInclusive<u32> = 15..=18;
/// Places of the table for each block, so that most of them are empty and allow the longest step.
const PLACES: usize = 6;

/// Literals, ready to be looked for.
#[derive(Debug)]
pub struct Windows {
    /// The step from a block, by its hash; 0 where a window may end.
    steps: Box<[u8]>,
    slot_bits: u32,
    /// Literals by the hash of the last block of their windows, in the order of the hashes.
    ends: Vec<End>,
    /// Where the literals of a hash begin in `ends`, by the upper bits of the hash.
    index: Vec<u32>,
}

#[derive(Debug)]
struct End {
    hash: u32,
    literal: Box<[u8]>,
    /// How far the end of the window is from the start of the literal.
    offset: usize,
    meaning: u32,
}

/// Bits of a hash by which `index` is asked.
const INDEX_BITS: u32 = 12;

impl Windows {
    /// Takes literals of at least [`WINDOW`] bytes in lower case, each with what it stands for.
    pub fn new<'a>(literals: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let literals: Vec<(&str, u32)> = literals.collect();
        let blocks = literals.len() * usize::from(LONGEST_STEP) * PLACES;
        let slot_bits = blocks.next_power_of_two().ilog2().clamp(*SLOT_BITS.start(), *SLOT_BITS.end());
        let slot = |hash: u32| (hash >> (32 - slot_bits)) as usize;
        let mut steps = vec![LONGEST_STEP; 1 << slot_bits].into_boxed_slice();
        let mut ends = Vec::new();
        for (literal, meaning) in literals {
            let bytes = literal.as_bytes();
            let start = rarest(bytes);
            let window = &bytes[start..start + WINDOW];
            for (at, block) in window.windows(BLOCK).enumerate() {
                let step = &mut steps[slot(hash(block))];
                *step = (*step).min((WINDOW - BLOCK - at) as u8);
            }
            let end = start + WINDOW;
            let hash = hash(&bytes[end - BLOCK..end]);
            ends.push(End { hash, literal: bytes.into(), offset: end, meaning });
        }
        ends.sort_by(|a, b| (a.hash, &a.literal, a.meaning).cmp(&(b.hash, &b.literal, b.meaning)));
        let places = (1 << INDEX_BITS) + 1;
        let upper = |end: &End| (end.hash >> (32 - INDEX_BITS)) as usize;
        let index = (0..places).map(|place| ends.partition_point(|end| upper(end) < place) as u32).collect();
        Self { steps, slot_bits, ends, index }
    }

    /// Calls `found` with the meaning of each literal that stands in a message, for each place where it does.
    pub fn find(&self, message: &[u8], mut found: impl FnMut(u32)) {
        let mut end = WINDOW;
        while let Some(block) = end.checked_sub(BLOCK).and_then(|start| message.get(start..end)) {
            let hash = hash(block);
            let step = self.steps[(hash >> (32 - self.slot_bits)) as usize];
            if step != 0 {
                end += usize::from(step);
                continue;
            }
            for candidate in self.of(hash) {
                let start = end.checked_sub(candidate.offset);
                let text = start.and_then(|start| message.get(start..start + candidate.literal.len()));
                if text.is_some_and(|text| text.eq_ignore_ascii_case(&candidate.literal)) {
                    found(candidate.meaning);
                }
            }
            end += 1;
        }
    }

    /// The literals whose windows end in a block of this hash.
    fn of(&self, hash: u32) -> impl Iterator<Item = &End> {
        let place = (hash >> (32 - INDEX_BITS)) as usize;
        let (from, to) = (self.index[place] as usize, self.index[place + 1] as usize);
        self.ends[from..to].iter().filter(move |end| end.hash == hash)
    }
}

/// A hash of a block that does not see letter case.
fn hash(block: &[u8]) -> u32 {
    let bytes = [block[0], block[1], block[2], block[3]];
    // Setting this bit makes capital letters small ones.
    (u32::from_le_bytes(bytes) | 0x2020_2020).wrapping_mul(0x9E37_79B1)
}

/// Where the window of a literal begins that other messages hold most seldom.
fn rarest(literal: &[u8]) -> usize {
    let cost = |window: &[u8]| window.iter().map(|byte| commonness(*byte)).sum::<u32>();
    let windows = literal.windows(WINDOW).enumerate();
    windows.min_by_key(|(_, window)| cost(window)).map_or(0, |(start, _)| start)
}

/// How common a character is in English log messages, as a rank.
fn commonness(byte: u8) -> u32 {
    const ORDER: &[u8] = b"qzjxkvbw_ypgfhumcdlnrsoiat e";
    ORDER.iter().position(|known| *known == byte.to_ascii_lowercase()).map_or(4, |rank| rank as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(literals: &[&str], message: &str) -> Vec<u32> {
        let numbered = literals.iter().enumerate().map(|(number, literal)| (*literal, number as u32));
        let mut all = Vec::new();
        Windows::new(numbered).find(message.as_bytes(), |meaning| all.push(meaning));
        all.sort_unstable();
        all.dedup();
        all
    }

    #[test]
    fn literals_are_found_wherever_they_stand() {
        let literals = ["cannot decompress", "cannot decompile", "waiting on named pipe", "named pipe..."];
        assert_eq!(found(&literals, "CANNOT Decompress the file"), [0]);
        assert_eq!(found(&literals, "it cannot decompile"), [1]);
        assert_eq!(found(&literals, "x waiting on named pipe..."), [2, 3]);
        assert!(found(&literals, "cannot decom").is_empty());
        assert!(found(&literals, "").is_empty());
        assert!(found(&[], "any message").is_empty());
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_search_finds(
            literals in prop::collection::vec("[ab ]{10,14}", 0..8),
            message in "[ab AB]{0,200}",
        ) {
            let texts: Vec<&str> = literals.iter().map(String::as_str).collect();
            let lower = message.to_lowercase();
            let plain: Vec<u32> = (0..texts.len()).filter(|at| lower.contains(texts[*at])).map(|at| at as u32).collect();
            prop_assert_eq!(found(&texts, &message), plain);
        }
    }
}
