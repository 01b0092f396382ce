//! Finds which of thousands of literal texts stand in a message, looking at a fraction of its bytes.
//!
//! Of each literal a window of equal length is taken, the part that other messages hold most seldom. Of the message
//! a few bytes (a block) are looked at in places so far apart that every window holds one of them whole, wherever
//! it stands. A table tells whether the block stands in any window; seldom it does, and then the literals
//! that have it are compared. As the places do not depend on what was found, the processor looks at many of them at
//! once. This is the filter of Karp and Rabin (1987) over samples, as q-gram indexes use it. Letter case does not count.

/// A literal in lower case, with the start of its window.
#[derive(Clone, Debug)]
pub struct Literal {
    text: Box<[u8]>,
    window: usize,
}

/// The shortest literal, in bytes.
pub const SHORTEST: usize = 4;

type Long<M> = Grid<M, 6, 12, 32768>;
type Short<M> = Grid<M, 3, 5, 8192>;

/// Chooses windows for literals, which are in lower case and have at least [`SHORTEST`] bytes each. What many of
/// them have in common is common in messages too.
pub fn literals<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Vec<Literal> {
    let mut common = vec![0_u32; 1 << COMMON_BITS];
    let place = |part: &[u8]| (Short::<()>::hash(load(part), 0) >> (64 - COMMON_BITS)) as usize;
    for part in texts.clone().flat_map(|text| text.as_bytes().windows(3)) {
        common[place(part)] += 1;
    }
    let literal = |text: &str| {
        let costs: Vec<u32> = text.as_bytes().windows(3).map(|part| common[place(part)]).collect();
        let sizes = [Long::<()>::WINDOW_SIZE, Short::<()>::WINDOW_SIZE];
        let size = sizes.into_iter().find(|size| *size <= text.len()).unwrap_or(SHORTEST);
        let cost = |window: &[u32]| window.iter().sum::<u32>();
        let windows = costs.windows(size - 2).enumerate();
        let window = windows.min_by_key(|(_, window)| cost(window)).map_or(0, |(start, _)| start);
        Literal { text: text.as_bytes().into(), window }
    };
    texts.map(literal).collect()
}

/// Bits of the hash by which the parts of literals are counted.
const COMMON_BITS: u32 = 13;

/// A search for literals of which each stands for something.
#[derive(Debug)]
pub struct Search<M> {
    long: Long<M>,
    short: Short<M>,
}

impl<M: Copy> Search<M> {
    /// Prepares the search.
    pub fn new<'a>(literals: impl Iterator<Item = (&'a Literal, M)>) -> Self {
        let is_long = |(literal, _): &(&Literal, M)| Long::<M>::WINDOW_SIZE <= literal.text.len();
        let (long, short) = literals.partition(is_long);
        Self { long: Grid::new(long), short: Grid::new(short) }
    }

    /// Calls `found` with the meaning of each literal that stands in a message, for each place where it does.
    pub fn find(&self, message: &[u8], mut found: impl FnMut(M)) {
        self.long.find(message, &mut found);
        self.short.find(message, &mut found);
    }
}

/// Literals that have windows of `WINDOW` bytes, found by blocks of `BLOCK` bytes.
#[derive(Debug)]
struct Grid<M, const BLOCK: usize, const WINDOW: usize, const BYTES: usize> {
    /// For each hash, by its upper bits, a bit that is set if a block of a window has it. So small that it stays in the
    /// cache, and so large that few other blocks have a bit.
    slots: Box<[u8]>,
    literals: Vec<(Box<[u8]>, M)>,
    /// Every block of every window, in the order of the hashes.
    blocks: Vec<Block>,
    /// Where the blocks of a hash begin in `blocks`, by the upper bits of the hash.
    index: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    hash: u64,
    /// The index of the literal.
    literal: u32,
    /// How far the block is from the start of the literal, which may be one byte behind it.
    offset: i32,
}

/// Bits of a hash by which `index` is asked.
const INDEX_BITS: u32 = 11;
/// Bytes that are looked at together.
const LOAD: usize = 8;

impl<M: Copy, const BLOCK: usize, const WINDOW: usize, const BYTES: usize> Grid<M, BLOCK, WINDOW, BYTES> {
    const WINDOW_SIZE: usize = WINDOW;
    /// The distance of the places that are looked at: of so many in a row, each window has one whole.
    const STRIDE: usize = WINDOW - BLOCK + 1;
    /// The places within one load.
    const PLACES: usize = (LOAD - BLOCK) / Self::STRIDE + 1;

    fn new(literals: Vec<(&Literal, M)>) -> Self {
        let mut blocks = Vec::with_capacity(literals.len() * Self::STRIDE);
        for (number, (literal, _)) in literals.iter().enumerate() {
            let mut add = |text: &[u8], offset: usize, before: i32| {
                let (hash, offset) = (Self::hash(load(&text[offset..]), 0), offset as i32 - before);
                blocks.push(Block { hash, literal: number as u32, offset });
            };
            if WINDOW <= literal.text.len() {
                let offsets = literal.window..literal.window + Self::STRIDE;
                offsets.for_each(|offset| add(&literal.text, offset, 0));
                continue;
            }
            // One byte short of a window: whatever may stand before it completes the window.
            for first in 0..=u8::MAX {
                let text = [&[first], &*literal.text].concat();
                add(&text, 0, 1);
            }
            (0..Self::STRIDE - 1).for_each(|offset| add(&literal.text, offset, 0));
        }
        blocks.sort_unstable();
        blocks.dedup();
        let mut slots = vec![0; BYTES].into_boxed_slice();
        let mut index = vec![0; (1 << INDEX_BITS) + 1];
        for block in &blocks {
            let (byte, bit) = Self::slot(block.hash);
            slots[byte] |= 1 << bit;
            index[(block.hash >> (64 - INDEX_BITS)) as usize + 1] += 1;
        }
        for place in 1..index.len() {
            index[place] += index[place - 1];
        }
        let literals = literals.into_iter().map(|(it, meaning)| (it.text.clone(), meaning)).collect();
        Self { slots, literals, blocks, index }
    }

    fn find(&self, message: &[u8], found: &mut impl FnMut(M)) {
        if self.blocks.is_empty() {
            return;
        }
        // With its length known, the table needs no check of its bounds.
        let Some(slots) = self.slots.first_chunk::<BYTES>() else { return };
        let mut at = 0;
        while let Some(bytes) = message.get(at..at + LOAD) {
            let word = load(bytes);
            if Self::any(slots, word) {
                self.compare(message, at, word, found);
            }
            at += Self::STRIDE * Self::PLACES;
        }
        let rest = message.len().saturating_sub(at);
        if BLOCK <= rest {
            // The last bytes, moved to where they would stand if zeros followed.
            let word = match message.last_chunk::<LOAD>() {
                Some(last) => u64::from_le_bytes(*last) >> ((LOAD - rest) * 8),
                None => load(&message[at..]),
            };
            if Self::any(slots, word) {
                self.compare(message, at, word, found);
            }
        }
    }

    /// Whether a block of the load may be one of a window.
    fn any(slots: &[u8; BYTES], word: u64) -> bool {
        (0..Self::PLACES).fold(false, |any, place| any | Self::is_set(slots, Self::hash(word, place)))
    }

    /// The byte and bit of a hash.
    fn slot(hash: u64) -> (usize, u32) {
        let bit = (hash >> (64 - 3 - BYTES.ilog2())) as usize;
        (bit / 8 % BYTES, bit as u32 % 8)
    }

    fn is_set(slots: &[u8; BYTES], hash: u64) -> bool {
        let (byte, bit) = Self::slot(hash);
        slots[byte] >> bit & 1 != 0
    }

    /// Compares the literals that have a block of the load which stands at `at`.
    #[inline(never)]
    fn compare(&self, message: &[u8], at: usize, word: u64, found: &mut impl FnMut(M)) {
        for place in 0..Self::PLACES {
            let hash = Self::hash(word, place);
            let (byte, bit) = Self::slot(hash);
            if self.slots[byte] >> bit & 1 == 0 {
                continue;
            }
            for block in self.of(hash) {
                let (literal, meaning) = &self.literals[block.literal as usize];
                let start = (at + place * Self::STRIDE).checked_add_signed(-block.offset as isize);
                let text = start.and_then(|start| message.get(start..start + literal.len()));
                if text.is_some_and(|text| text.eq_ignore_ascii_case(literal)) {
                    found(*meaning);
                }
            }
        }
    }

    /// The blocks of a hash.
    fn of(&self, hash: u64) -> impl Iterator<Item = &Block> {
        let place = (hash >> (64 - INDEX_BITS)) as usize;
        let (from, to) = (self.index[place] as usize, self.index[place + 1] as usize);
        self.blocks[from..to].iter().filter(move |block| block.hash == hash)
    }

    /// A hash of a block of a load, the one that begins so many strides behind its start. Letter case does not count.
    fn hash(word: u64, place: usize) -> u64 {
        const { assert!(BLOCK < LOAD && BYTES.is_power_of_two()) };
        let before = place * Self::STRIDE * 8;
        let mask = ((1 << (BLOCK * 8)) - 1) << before;
        // Setting this bit makes capital letters small ones. The factor moves the block to the upper end.
        let block = (word | 0x2020_2020_2020_2020) & mask;
        block.wrapping_mul(0x9E37_79B9_7F4A_7C15 << (64 - BLOCK * 8 - before))
    }
}

/// The first bytes of a text as a number, zeros behind its end.
fn load(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<LOAD>() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(texts: &[&str], message: &str) -> Vec<usize> {
        let literals = literals(texts.iter().copied());
        let mut all = Vec::new();
        let search = Search::new(literals.iter().zip(0..));
        search.find(message.as_bytes(), |meaning| all.push(meaning));
        all.sort_unstable();
        all
    }

    #[test]
    fn literals_are_found_wherever_they_stand() {
        let literals =
            ["cannot decompress", "cannot decompile", "waiting on named pipe", "named pipe...", "fail"];
        assert_eq!(found(&literals, "CANNOT Decompress the file"), [0]);
        assert_eq!(found(&literals, "it cannot decompile"), [1]);
        assert_eq!(found(&literals, "x waiting on named pipe..."), [2, 3]);
        assert_eq!(found(&literals, "it failed, FAIL"), [4, 4]);
        assert_eq!(found(&literals, "fail"), [4]);
        assert!(found(&literals, "cannot decom").is_empty());
        assert!(found(&literals, "").is_empty());
        assert!(found(&[], "any message").is_empty());
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_search_finds(
            literals in prop::collection::vec("[ab ]{4,20}", 0..8),
            message in "[ab AB]{0,200}",
        ) {
            let texts: Vec<&str> = literals.iter().map(String::as_str).collect();
            let lower = message.to_lowercase();
            let places = |text: &str| (0..lower.len()).filter(|at| lower[*at..].starts_with(text)).count();
            let plain: Vec<usize> =
                texts.iter().enumerate().flat_map(|(at, text)| vec![at; places(text)]).collect();
            prop_assert_eq!(found(&texts, &message), plain);
        }
    }
}
