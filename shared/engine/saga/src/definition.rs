//! A saga as plain data: what the machine runs and what diagrams are drawn from.

use std::time::Duration;

use crate::Position;

/// What a step means for going back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// An undo can reverse it.
    Compensatable,
    /// The go/no-go step: once it succeeds the saga will complete.
    Pivot,
    /// It cannot be refused, only repeated until it succeeds.
    Retriable,
}

/// Where a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    /// The function that handles it; unique within a saga.
    pub handler: &'static str,
    /// The service that owns the function.
    pub participant: &'static str,
}

impl CommandSpec {
    /// The command's name as state machines and diagrams write it: `reserve-goods` is `ReserveGoods`.
    pub fn state_name(&self) -> String {
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        };
        self.handler.split('-').map(capital).collect()
    }
}

/// One step of a saga.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepSpec {
    /// The command that carries the step out.
    pub command: CommandSpec,
    /// What the step means for going back.
    pub class: Class,
    /// The compensation: always there before the pivot, never after it.
    pub undo: Option<CommandSpec>,
}

impl StepSpec {
    /// Whether silence after the last repeat counts as an unknown outcome, which is then undone.
    pub fn gives_up(&self) -> bool {
        self.undo.is_some()
    }
}

/// How long a saga waits for a reply before it repeats the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The wait after the first sending; each repeat doubles it.
    pub first: Duration,
    /// No wait is longer; SQS delays a message by at most 15 minutes.
    pub longest: Duration,
    /// A command that may be given up counts as unknown after this many repeats.
    pub repeats: u32,
}

impl Patience {
    /// What a saga uses unless it says otherwise: 10, 20, 40 and 80 seconds, then unknown.
    pub const USUAL: Self = Self { first: Duration::from_secs(10), longest: Duration::from_secs(900), repeats: 3 };

    /// The wait after the sending number `attempt`, counted from 0.
    pub fn wait(&self, attempt: u32) -> Duration {
        let doubled = 2u32.checked_pow(attempt).and_then(|factor| self.first.checked_mul(factor));
        doubled.map_or(self.longest, |wait| wait.min(self.longest))
    }
}

/// A saga's steps, in order, without the code that words its commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Such as `place-sale`.
    pub name: &'static str,
    /// Counted up whenever a published definition changes.
    pub version: u32,
    /// Undoes the local transaction that started the saga.
    pub undo: CommandSpec,
    /// At least the pivot.
    pub steps: Vec<StepSpec>,
    /// How long silence lasts.
    pub patience: Patience,
}

impl Definition {
    /// Every command: the steps in order, then the undos in the order in which they are sent.
    pub fn commands(&self) -> impl Iterator<Item = CommandSpec> {
        let undos = self.steps.iter().rev().filter_map(|step| step.undo);
        self.steps.iter().map(|step| step.command).chain(undos).chain([self.undo])
    }

    /// What the saga has still to send after the command that it awaits at `position`, if nothing more goes wrong.
    pub fn remaining(&self, position: Position) -> Vec<CommandSpec> {
        let undos_before = |step: usize| {
            let undos = self.steps.iter().take(step).rev().filter_map(|step| step.undo);
            undos.chain([self.undo]).collect()
        };
        match position {
            Position::Doing(step) => self.steps.iter().skip(step + 1).map(|step| step.command).collect(),
            Position::Undoing(step) => undos_before(step),
            Position::UndoingStart | Position::Completed | Position::Compensated => Vec::new(),
        }
    }

    /// The whole definition as text, the same for equal definitions and no others: what its fingerprint is taken over.
    pub fn canonical(&self) -> String {
        let command = |command: CommandSpec| format!("{}@{}", command.handler, command.participant);
        let Patience { first, longest, repeats } = self.patience;
        let (first, longest) = (first.as_millis(), longest.as_millis());
        let mut text = format!("saga {} {}\n", self.name, self.version);
        text += &format!("patience {first} ms up to {longest} ms, {repeats} repeats\n");
        text += &format!("start undone by {}\n", command(self.undo));
        for step in &self.steps {
            let undo = step.undo.map_or_else(|| "nothing".to_owned(), command);
            text += &format!("{} {} undone by {undo}\n", step.class.name(), command(step.command));
        }
        text
    }
}

impl Class {
    /// The class in lower case, as the documentation writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compensatable => "compensatable",
            Self::Pivot => "pivot",
            Self::Retriable => "retriable",
        }
    }
}

/// How a command is worded, as far as a state machine has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The full name of its message, such as `shop.v1.ReserveGoods`.
    pub message: String,
    /// Whether it tells why the saga goes back, in fields that are named as those of a [`crate::Refusal`].
    pub tells_why: bool,
}

#[cfg(test)]
mod tests;
