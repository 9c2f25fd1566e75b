//! In which order messages come, and how often: chosen by a seed, never by chance.

use std::time::Duration;

use super::Dice;

/// The longest time after which a repeat comes.
const LONGEST_REPEAT: Duration = Duration::from_secs(120);

/// How a bus delivers. The same schedule always delivers the same way.
#[derive(Debug, Clone)]
pub struct Schedule {
    dice: Dice,
    shuffled: bool,
    duplicates: usize,
    delays: usize,
    longest_delay: Duration,
    at_once: usize,
}

impl Schedule {
    /// Every message once, in the order of sending.
    pub fn in_order() -> Self {
        Self {
            dice: Dice::new(0),
            shuffled: false,
            duplicates: 0,
            delays: 0,
            longest_delay: Duration::ZERO,
            at_once: 1,
        }
    }

    /// Every message once, in an order that the seed chooses.
    pub fn shuffled(seed: u64) -> Self {
        Self { dice: Dice::new(seed), shuffled: true, ..Self::in_order() }
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

    /// Delivers up to this many messages at the same time.
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
            let position = if self.shuffled { self.dice.below(left.len()) } else { 0 };
            left.remove(position)
        };
        (0..count).map(next).collect()
    }

    /// How much later a handled message comes again, if it does.
    pub(super) fn duplicate(&mut self) -> Option<Duration> {
        self.dice.happens(self.duplicates).then(|| self.up_to(LONGEST_REPEAT))
    }

    /// How much later than asked for a message comes.
    pub(super) fn delay(&mut self) -> Duration {
        if self.dice.happens(self.delays) { self.up_to(self.longest_delay) } else { Duration::ZERO }
    }

    fn up_to(&mut self, longest: Duration) -> Duration {
        longest * u32::try_from(self.dice.below(101)).unwrap_or_default() / 100
    }
}
