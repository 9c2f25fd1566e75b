//! How a saga's patience becomes timeouts and retries.

use std::time::Duration;

use crate::{Definition, Outcome, Patience, Position};

use super::language::Retrier;

/// The events that repeats may fill. Step Functions ends an execution after 25,000 events; the difference is left for
/// everything but repeats.
const HISTORY: usize = 24_000;
/// The events of a sending that stays unanswered: scheduled, started, submitted, timed out.
const EVENTS_PER_SENDING: usize = 4;

/// The pause before a command that may be given up is repeated: the time is better spent on waiting for a reply.
const SHORT_PAUSE: u64 = 1;

/// The times of a state machine, in seconds. A task waits equally long at each attempt, and takes no reply to an earlier
/// attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timing {
    /// How often a command that is never given up is sent again before its saga counts as stuck.
    pub(super) forever: u64,
    /// The time after which a command that may be given up counts as unknown; the Rust lane waits equally long.
    patience: u64,
    first: u64,
    longest: u64,
    repeats: u64,
}

impl Timing {
    pub(super) fn of(definition: &Definition) -> Self {
        let Patience { first, longest, repeats } = definition.patience;
        let patience = (0..=repeats).map(|attempt| definition.patience.wait(attempt).as_secs()).sum();
        let forever = (HISTORY / (EVENTS_PER_SENDING * longest_way(definition, Position::FIRST))) as u64;
        let (first, longest) = (first.as_secs().max(1), longest.as_secs());
        Self { forever, patience, first, longest, repeats: repeats.into() }
    }

    /// How long each sending waits for its reply. A command that is never given up waits long enough for SQS to deliver
    /// it again after its handler has died; a command that may be given up shares its patience among its sendings.
    pub(super) fn timeout(&self, gives_up: bool) -> u64 {
        if !gives_up {
            return self.patience.max(1);
        }
        let pauses = self.repeats * SHORT_PAUSE;
        (self.patience.saturating_sub(pauses) / (self.repeats + 1)).max(1)
    }

    /// Repeats a command that may be given up: soon when it was not answered, later when it could not even be sent.
    pub(super) fn until_given_up(&self) -> [Retrier; 2] {
        let of = |error, interval, rate| Retrier {
            interval_seconds: Some(interval),
            backoff_rate: Some(rate),
            ..Retrier::of(vec![error], self.repeats)
        };
        [of("States.Timeout", SHORT_PAUSE, 1), of("States.ALL", self.first, 2)]
    }

    /// Repeats a command that is never given up, for as long as an execution can.
    pub(super) fn for_ever(&self) -> Retrier {
        Retrier {
            interval_seconds: Some(self.first),
            backoff_rate: Some(2),
            max_delay_seconds: Some(self.longest_pause()),
            ..Retrier::of(vec!["States.ALL"], self.forever)
        }
    }

    /// Timeout and pause together last as long as the longest wait. MaxDelaySeconds must exceed IntervalSeconds.
    fn longest_pause(&self) -> u64 {
        self.longest.saturating_sub(self.timeout(false)).max(self.first + 1)
    }

    /// The time from the sending of this number, counted from 0, to the next, or until the command is given up.
    pub(super) fn wait(&self, gives_up: bool, sending: u32) -> Duration {
        let pause = if !gives_up {
            let doubled = 2_u64.checked_pow(sending).and_then(|factor| self.first.checked_mul(factor));
            doubled.unwrap_or(u64::MAX).min(self.longest_pause())
        } else if u64::from(sending) < self.repeats {
            SHORT_PAUSE
        } else {
            0
        };
        Duration::from_secs(self.timeout(gives_up) + pause)
    }
}

/// How many commands that are never given up one run can meet from `position` on.
fn longest_way(definition: &Definition, position: Position) -> usize {
    let after = |outcome| definition.after(position, outcome);
    let is_never_given_up = !position.is_over() && after(Outcome::Unknown).is_none();
    let next = Outcome::ALL.into_iter().filter_map(after);
    let longest = next.map(|next| longest_way(definition, next)).max().unwrap_or_default();
    longest + usize::from(is_never_given_up)
}

#[cfg(test)]
mod tests;
