//! In which order messages come, and how often: chosen by a seed, never by chance.

use std::time::Duration;

/// After so long every repeat has come.
const LONGEST_REPEAT: Duration = Duration::from_secs(120);

/// How a bus delivers. The same schedule always delivers the same way.
#[derive(Debug, Clone)]
pub struct Schedule {
    state: u64,
    shuffled: bool,
    duplicates: usize,
    delays: usize,
    longest_delay: Duration,
    at_once: usize,
}

impl Schedule {
    /// Every message once, in the order of sending.
    pub fn in_order() -> Self {
        Self { state: 0, shuffled: false, duplicates: 0, delays: 0, longest_delay: Duration::ZERO, at_once: 1 }
    }

    /// Every message once, in an order that the seed chooses.
    pub fn shuffled(seed: u64) -> Self {
        Self { state: seed, shuffled: true, ..Self::in_order() }
    }

    /// Delivers this share of the handled messages again, up to two minutes later.
    #[must_use]
    pub fn duplicating(mut self, percent: usize) -> Self {
        assert!(percent < 100, "a message that always comes again never ends");
        self.duplicates = percent;
        self
    }

    /// Delays this share of the sent messages, up to `longest`.
    #[must_use]
    pub fn delaying(mut self, percent: usize, longest: Duration) -> Self {
        (self.delays, self.longest_delay) = (percent, longest);
        self
    }

    /// Delivers up to so many messages at the same time.
    #[must_use]
    pub fn at_once(mut self, messages: usize) -> Self {
        self.at_once = messages;
        self
    }

    /// Which of `candidates` messages, in the order of sending, are delivered next.
    pub(super) fn pick(&mut self, candidates: usize) -> Vec<usize> {
        let mut left: Vec<usize> = (0..candidates).collect();
        let count = candidates.min(self.at_once);
        let next = |_| {
            let position = if self.shuffled { self.below(left.len()) } else { 0 };
            left.remove(position)
        };
        (0..count).map(next).collect()
    }

    /// How much later a handled message comes again, if it does.
    pub(super) fn duplicate(&mut self) -> Option<Duration> {
        self.happens(self.duplicates).then(|| self.up_to(LONGEST_REPEAT))
    }

    /// How much later than asked for a message comes.
    pub(super) fn delay(&mut self) -> Duration {
        if self.happens(self.delays) { self.up_to(self.longest_delay) } else { Duration::ZERO }
    }

    fn happens(&mut self, percent: usize) -> bool {
        percent > 0 && self.below(100) < percent
    }

    fn up_to(&mut self, longest: Duration) -> Duration {
        longest * u32::try_from(self.below(101)).unwrap_or_default() / 100
    }

    /// The next number of SplitMix64, below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = u64::try_from(bound).expect("a bound of 64 bits");
        usize::try_from((mixed ^ (mixed >> 31)) % bound).expect("less than the bound")
    }
}
