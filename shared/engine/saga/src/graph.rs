//! The graph of a saga: which command stands where, and where each outcome leads.
//!
//! No other place knows what follows what. The machine adds patience and repeats to it; the state machine of the Step
//! Functions lane with its times, the diagrams, and what a saga has still to send are folds over it.

use serde::{Deserialize, Serialize};

use crate::{Class, CommandSpec, Definition};

/// How far a saga has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Waits for the reply of the step with this index.
    Doing(usize),
    /// Waits for the reply of this step's undo.
    Undoing(usize),
    /// Waits for the undo of the transaction that started the saga.
    UndoingStart,
    /// Every step has succeeded.
    Completed,
    /// Everything has been undone.
    Compensated,
}

impl Position {
    /// Where every saga begins.
    pub const FIRST: Self = Self::Doing(0);

    /// Whether nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Compensated)
    }
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It took effect.
    Succeeded,
    /// A business rule forbade it.
    Refused,
    /// No reply came before the command was given up.
    Unknown,
}

impl Outcome {
    /// Every outcome, the usual one first.
    pub const ALL: [Self; 3] = [Self::Succeeded, Self::Refused, Self::Unknown];
}

impl Definition {
    /// Where `outcome` leads from `position`, or `None` if the saga does not allow that outcome there.
    ///
    /// A refusal that is not allowed breaks the participant's contract. A command whose outcome must not stay unknown is
    /// repeated until it is answered.
    pub fn after(&self, position: Position, outcome: Outcome) -> Option<Position> {
        match (position, outcome) {
            (Position::Doing(index), Outcome::Succeeded) => {
                self.steps.get(index)?;
                let next = Position::Doing(index + 1);
                Some(self.command_at(next).map_or(Position::Completed, |_| next))
            }
            (Position::Doing(index), Outcome::Refused) => {
                let is_refusable = self.steps.get(index)?.class != Class::Retriable;
                is_refusable.then(|| self.back_before(index))
            }
            (Position::Doing(index), Outcome::Unknown) => {
                let undo = Position::Undoing(index);
                self.command_at(undo).map(|_| undo)
            }
            (Position::Undoing(index), Outcome::Succeeded) => {
                self.command_at(position).map(|_| self.back_before(index))
            }
            (Position::UndoingStart, Outcome::Succeeded) => Some(Position::Compensated),
            (Position::Undoing(_) | Position::UndoingStart, Outcome::Refused | Outcome::Unknown)
            | (Position::Completed | Position::Compensated, _) => None,
        }
    }

    /// The command whose reply a saga awaits at `position`, or `None` if it awaits no reply there.
    pub fn command_at(&self, position: Position) -> Option<CommandSpec> {
        match position {
            Position::Doing(index) => self.steps.get(index).map(|step| step.command),
            Position::Undoing(index) => self.steps.get(index).and_then(|step| step.undo),
            Position::UndoingStart => Some(self.undo),
            Position::Completed | Position::Compensated => None,
        }
    }

    /// Every position in the order in which it may come: forth to `Completed`, then back to `Compensated`.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        let forth = (0..self.steps.len()).map(Position::Doing);
        let back = self.undos_before(self.steps.len());
        forth.chain([Position::Completed]).chain(back).chain([Position::UndoingStart, Position::Compensated])
    }

    /// The position at which a saga awaits the reply of `handler`, or `None` if it has no such command.
    pub fn position_of(&self, handler: &str) -> Option<Position> {
        self.positions().find(|position| self.command_at(*position).is_some_and(|command| command.handler == handler))
    }

    /// Every command: the steps in order, then the undos in the order in which they are sent.
    pub fn commands(&self) -> impl Iterator<Item = CommandSpec> {
        self.positions().filter_map(|position| self.command_at(position))
    }

    /// The way from `position`, which comes first, to the end, if nothing more goes wrong.
    pub fn way_from(&self, position: Position) -> impl Iterator<Item = Position> {
        std::iter::successors(Some(position), |position| self.after(*position, Outcome::Succeeded))
    }

    /// What the saga has still to send after the command that it awaits at `position`, if nothing more goes wrong.
    pub fn remaining(&self, position: Position) -> Vec<CommandSpec> {
        self.way_from(position).skip(1).filter_map(|position| self.command_at(position)).collect()
    }

    /// Whether a saga that awaits a reply at `position` may still send the command with this handler, or repeat it.
    pub fn may_send(&self, position: Position, handler: &str) -> bool {
        let is_awaited = self.command_at(position).is_some_and(|command| command.handler == handler);
        let mut next = Outcome::ALL.into_iter().filter_map(|outcome| self.after(position, outcome));
        is_awaited || next.any(|position| self.may_send(position, handler))
    }

    /// Where the way back goes on once the step with this index needs no undo, or has been undone.
    fn back_before(&self, index: usize) -> Position {
        self.undos_before(index).next().unwrap_or(Position::UndoingStart)
    }

    /// The undos of the steps before the step with this index, the latest first.
    fn undos_before(&self, index: usize) -> impl Iterator<Item = Position> {
        let back = (0..index).rev().map(Position::Undoing);
        back.filter(|position| self.command_at(*position).is_some())
    }
}

#[cfg(test)]
mod tests;
