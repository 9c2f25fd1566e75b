//! Numbers that look like chance and follow from a seed.

/// A sequence of numbers (SplitMix64): the same seed gives the same sequence.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = u64::try_from(bound).expect("a bound of 64 bits");
        usize::try_from((mixed ^ (mixed >> 31)) % bound).expect("less than the bound")
    }

    /// Whether something happens that has this chance in percent.
    pub fn happens(&mut self, percent: usize) -> bool {
        percent > 0 && self.below(100) < percent
    }
}
