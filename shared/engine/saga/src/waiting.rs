//! How long a command is awaited, whichever lane sends it.

use std::time::Duration;

use crate::{Definition, Outcome, Position};

/// How many waits are told at most; where there are more, the last of them holds for the rest.
const TOLD: u32 = 64;

/// How long each sending of a command is awaited, and for how many sendings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The time from each sending to the next, or until the command is given up, the first sending first. The last wait
    /// holds for all further sendings; there is at least that.
    pub waits: Vec<Duration>,
    /// After how many sendings without an answer the command counts as unknown and is undone; `None` if it never does.
    pub given_up_after: Option<u32>,
}

impl Waiting {
    /// The waits of the command awaited at `position`, if there is a command; `wait` is the wait after the sending of this
    /// number, counted from 0.
    pub(crate) fn of(definition: &Definition, position: Position, wait: impl Fn(u32) -> Duration) -> Option<Self> {
        definition.command_at(position)?;
        let gives_up = definition.after(position, Outcome::Unknown).is_some();
        let given_up_after = gives_up.then(|| definition.patience.repeats.saturating_add(1));
        let told = given_up_after.unwrap_or(TOLD).min(TOLD);
        let mut waits: Vec<Duration> = (0..told).map(wait).collect();
        // The last wait says the same as its repetitions.
        while let [.., before, last] = waits.as_slice()
            && before == last
        {
            waits.pop();
        }
        Some(Self { waits, given_up_after })
    }

    /// The wait after the sending of this number, counted from 0.
    pub fn after(&self, sending: u32) -> Duration {
        let index = usize::try_from(sending).unwrap_or(usize::MAX);
        self.waits.get(index).or(self.waits.last()).copied().unwrap_or_default()
    }
}

impl Definition {
    /// How long the machine of the Rust lane waits for the command at `position`; `None` if no command is awaited there.
    pub fn waiting(&self, position: Position) -> Option<Waiting> {
        Waiting::of(self, position, |sending| self.patience.wait(sending))
    }
}

#[cfg(test)]
mod tests;
