//! The typed builder: only `compensatable* pivot retriable*` compiles.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::marker::PhantomData;

use crate::{Class, Command, CommandOf, CommandSpec, Definition, Patience, Refusal, StepSpec};

/// The phase in which the undo of the starting transaction is named.
pub struct Opening;
/// The phase in which steps can still be undone.
pub struct BeforePivot;
/// The phase in which there is no way back.
pub struct AfterPivot;

type WordingOf<D, M> = fn(&D, Option<&Refusal>) -> M;

/// A saga over data `D` whose commands are messages `M`.
pub struct Saga<D, M> {
    definition: Definition,
    wordings: BTreeMap<&'static str, WordingOf<D, M>>,
}

impl<D, M> Saga<D, M> {
    /// The steps as plain data.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The command for `handler`, or `None` when the saga has no such command.
    pub fn command(&self, handler: &str, data: &D, because: Option<&Refusal>) -> Option<M> {
        self.wordings.get(handler).map(|wording| wording(data, because))
    }
}

/// A saga that is being written down.
pub struct Builder<D, M, Phase> {
    definition: Definition,
    wordings: BTreeMap<&'static str, WordingOf<D, M>>,
    phase: PhantomData<Phase>,
}

/// Starts to write a saga down.
pub fn saga<D, M>(name: &'static str, version: u32) -> Builder<D, M, Opening> {
    // The undo is named next: the type state lets nobody build before that.
    let undo = CommandSpec { handler: "", participant: "" };
    let definition = Definition { name, version, undo, steps: Vec::new(), patience: Patience::USUAL };
    Builder { definition, wordings: BTreeMap::new(), phase: PhantomData }
}

impl<D, M> Builder<D, M, Opening> {
    /// Names the command that undoes the local transaction which started the saga.
    pub fn undone_by<U>(mut self) -> Builder<D, M, BeforePivot>
    where
        U: CommandOf<D> + Command<Refusal = Infallible>,
        M: From<U>,
    {
        self.definition.undo = self.word::<U>();
        self.enter()
    }
}

impl<D, M> Builder<D, M, BeforePivot> {
    /// Adds a step that `U` reverses.
    pub fn compensatable<C, U>(self) -> Self
    where
        C: CommandOf<D>,
        U: CommandOf<D> + Command<Refusal = Infallible>,
        M: From<C> + From<U>,
    {
        self.undoable::<C, U>(Class::Compensatable)
    }

    /// Adds the go/no-go step; it is asked until it answers.
    pub fn pivot<C>(mut self) -> Builder<D, M, AfterPivot>
    where
        C: CommandOf<D>,
        M: From<C>,
    {
        let command = self.word::<C>();
        self.definition.steps.push(StepSpec { command, class: Class::Pivot, undo: None });
        self.enter()
    }

    /// Adds the go/no-go step; when its outcome stays unknown, `U` reverses whatever it may have done.
    pub fn pivot_undone_by<C, U>(self) -> Builder<D, M, AfterPivot>
    where
        C: CommandOf<D>,
        U: CommandOf<D> + Command<Refusal = Infallible>,
        M: From<C> + From<U>,
    {
        self.undoable::<C, U>(Class::Pivot).enter()
    }

    fn undoable<C, U>(mut self, class: Class) -> Self
    where
        C: CommandOf<D>,
        U: CommandOf<D>,
        M: From<C> + From<U>,
    {
        let step = StepSpec { command: self.word::<C>(), class, undo: Some(self.word::<U>()) };
        self.definition.steps.push(step);
        self
    }
}

impl<D, M> Builder<D, M, AfterPivot> {
    /// Adds a step that cannot be refused.
    pub fn retriable<C>(mut self) -> Self
    where
        C: CommandOf<D> + Command<Refusal = Infallible>,
        M: From<C>,
    {
        let command = self.word::<C>();
        self.definition.steps.push(StepSpec { command, class: Class::Retriable, undo: None });
        self
    }

    /// The finished saga.
    pub fn build(self) -> Saga<D, M> {
        Saga { definition: self.definition, wordings: self.wordings }
    }
}

impl<D, M, Phase> Builder<D, M, Phase> {
    /// Sets how long silence lasts.
    pub fn patience(mut self, patience: Patience) -> Self {
        self.definition.patience = patience;
        self
    }

    fn word<C>(&mut self) -> CommandSpec
    where
        C: CommandOf<D>,
        M: From<C>,
    {
        self.wordings.insert(C::HANDLER, |data, because| M::from(C::of(data, because)));
        CommandSpec { handler: C::HANDLER, participant: C::PARTICIPANT }
    }

    fn enter<Next>(self) -> Builder<D, M, Next> {
        Builder { definition: self.definition, wordings: self.wordings, phase: PhantomData }
    }
}

#[cfg(test)]
mod tests;
