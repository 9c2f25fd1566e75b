//! How a saga's patience becomes timeouts and retries.

use crate::{Definition, Patience};

use super::language::Retrier;

/// Step Functions ends an execution whose history has 25,000 events; some are kept for everything but repeats.
const HISTORY: usize = 24_000;
/// A sending that stays unanswered: scheduled, started, submitted, timed out.
const EVENTS_PER_SENDING: usize = 4;

/// The times of a state machine, in seconds, which a task cannot change from one attempt to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Timing {
    /// How long each sending waits for its reply.
    pub(super) timeout: u64,
    /// How often a command that is never given up is sent again before its saga counts as stuck.
    pub(super) forever: u64,
    interval: u64,
    longest: u64,
    repeats: u32,
}

impl Timing {
    /// The timeout is such that a command counts as unknown exactly when it would in the Rust lane. There the waits of all
    /// sendings double; here the pauses between them do, from the same first one, and each sending waits equally long.
    pub(super) fn of(definition: &Definition) -> Self {
        let Patience { first, longest, repeats } = definition.patience;
        let first = first.as_secs().max(1);
        let doubled = 2_u64.saturating_pow(repeats);
        let timeout = (first.saturating_mul(doubled) / (u64::from(repeats) + 1)).max(1);
        let longest = longest.as_secs().saturating_sub(timeout).max(first + 1);
        let forever = HISTORY / (EVENTS_PER_SENDING * longest_way(definition));
        Self { timeout, forever: forever as u64, interval: first, longest, repeats }
    }

    /// Repeats the command on these errors.
    pub(super) fn repeats(&self, error_equals: Vec<&'static str>, gives_up: bool) -> Retrier {
        Retrier {
            error_equals,
            interval_seconds: Some(self.interval),
            max_attempts: if gives_up { u64::from(self.repeats) } else { self.forever },
            backoff_rate: Some(2),
            max_delay_seconds: (!gives_up).then_some(self.longest),
        }
    }
}

/// How many commands that are never given up one run can meet: forward from the first of them, or back from the pivot.
fn longest_way(definition: &Definition) -> usize {
    let there = definition.steps.iter().filter(|step| !step.gives_up()).count();
    let back = definition.steps.iter().filter(|step| step.undo.is_some()).count() + 1;
    // A pivot without an undo is met on the way back as well.
    there.max(
        back + definition.steps.iter().filter(|step| step.class == crate::Class::Pivot && !step.gives_up()).count(),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Class, CommandSpec, StepSpec};

    #[test]
    fn a_command_counts_as_unknown_when_it_would_in_the_rust_lane() {
        let command = CommandSpec { handler: "a", participant: "b" };
        for (first, repeats) in [(10, 3), (4, 1), (6, 2)] {
            let patience = Patience { first: Duration::from_secs(first), repeats, ..Patience::USUAL };
            let steps = vec![StepSpec { command, class: Class::Pivot, undo: Some(command) }];
            let timing = Timing::of(&Definition { name: "x", version: 1, undo: command, steps, patience });
            let there: u64 = (0..=repeats).map(|attempt| patience.wait(attempt).as_secs()).sum();
            let pauses: u64 = (0..repeats).map(|repeat| first << repeat).sum();
            let rounding = u64::from(repeats);
            let here = timing.timeout * (u64::from(repeats) + 1) + pauses;
            assert!((there - rounding..=there).contains(&here), "{here} s here, {there} s in the Rust lane");
        }
    }
}
