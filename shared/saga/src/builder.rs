//! The typed builder: only `compensatable* pivot retriable*` compiles.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::{Class, Command, CommandOf, CommandSpec, Definition, Patience, Refusal, StepSpec};

/// The phase in which the undo of the starting transaction is named; there is no definition yet.
pub struct Opening {
    name: &'static str,
    version: u32,
    patience: Patience,
}

/// The phase in which steps can still be undone.
pub struct BeforePivot(Definition);

/// The phase in which there is no way back.
pub struct AfterPivot(Definition);

/// A phase of writing a saga down. Patience can be set in each.
pub trait Phase: sealed::Phase {}
impl<P: sealed::Phase> Phase for P {}

mod sealed {
    use super::{AfterPivot, BeforePivot, Opening, Patience};

    pub trait Phase {
        fn patience(&mut self) -> &mut Patience;
    }

    impl Phase for Opening {
        fn patience(&mut self) -> &mut Patience {
            &mut self.patience
        }
    }

    impl Phase for BeforePivot {
        fn patience(&mut self) -> &mut Patience {
            &mut self.0.patience
        }
    }

    impl Phase for AfterPivot {
        fn patience(&mut self) -> &mut Patience {
            &mut self.0.patience
        }
    }
}

type Wordings<D, M> = BTreeMap<&'static str, WordingOf<D, M>>;

/// How one command is worded.
struct WordingOf<D, M> {
    word: fn(&D, Option<&Refusal>) -> M,
    tells_why: bool,
}

/// A saga over data `D` whose commands are messages `M`.
pub struct Saga<D, M> {
    definition: Definition,
    wordings: Wordings<D, M>,
}

impl<D, M> Saga<D, M> {
    /// The steps as plain data.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The command for `handler`, or `None` when the saga has no such command; `because` is the refusal that it answers.
    pub fn command(&self, handler: &str, data: &D, because: Option<&Refusal>) -> Option<M> {
        self.wordings.get(handler).map(|wording| (wording.word)(data, because))
    }

    /// Whether the command for `handler` tells the refusal that it answers.
    pub fn tells_why(&self, handler: &str) -> bool {
        self.wordings.get(handler).is_some_and(|wording| wording.tells_why)
    }
}

/// A saga that is being written down.
pub struct Builder<D, M, P> {
    phase: P,
    wordings: Wordings<D, M>,
}

/// Starts to write a saga down.
pub fn saga<D, M>(name: &'static str, version: u32) -> Builder<D, M, Opening> {
    Builder { phase: Opening { name, version, patience: Patience::USUAL }, wordings: BTreeMap::new() }
}

impl<D, M> Builder<D, M, Opening> {
    /// Names the command that undoes the local transaction which started the saga.
    pub fn undone_by<U>(mut self) -> Builder<D, M, BeforePivot>
    where
        U: CommandOf<D> + Command<Refusal = Infallible>,
        M: From<U>,
    {
        let undo = self.word::<U>();
        let Opening { name, version, patience } = self.phase;
        let phase = BeforePivot(Definition { name, version, undo, steps: Vec::new(), patience });
        Builder { phase, wordings: self.wordings }
    }
}

impl<D, M> Builder<D, M, BeforePivot> {
    /// Adds a step that `U` reverses.
    pub fn compensatable<C, U>(mut self) -> Self
    where
        C: CommandOf<D>,
        U: CommandOf<D> + Command<Refusal = Infallible>,
        M: From<C> + From<U>,
    {
        let (command, undo) = (self.word::<C>(), Some(self.word::<U>()));
        self.phase.0.steps.push(StepSpec { command, class: Class::Compensatable, undo });
        self
    }

    /// Adds the go/no-go step; it is asked until it answers.
    pub fn pivot<C>(mut self) -> Builder<D, M, AfterPivot>
    where
        C: CommandOf<D>,
        M: From<C>,
    {
        let command = self.word::<C>();
        self.pass(StepSpec { command, class: Class::Pivot, undo: None })
    }

    /// Adds the go/no-go step; when its outcome stays unknown, `U` reverses whatever it may have done.
    pub fn pivot_undone_by<C, U>(mut self) -> Builder<D, M, AfterPivot>
    where
        C: CommandOf<D>,
        U: CommandOf<D> + Command<Refusal = Infallible>,
        M: From<C> + From<U>,
    {
        let (command, undo) = (self.word::<C>(), Some(self.word::<U>()));
        self.pass(StepSpec { command, class: Class::Pivot, undo })
    }

    fn pass(self, pivot: StepSpec) -> Builder<D, M, AfterPivot> {
        let mut definition = self.phase.0;
        definition.steps.push(pivot);
        Builder { phase: AfterPivot(definition), wordings: self.wordings }
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
        self.phase.0.steps.push(StepSpec { command, class: Class::Retriable, undo: None });
        self
    }

    /// The finished saga.
    pub fn build(self) -> Saga<D, M> {
        Saga { definition: self.phase.0, wordings: self.wordings }
    }
}

impl<D, M, P: Phase> Builder<D, M, P> {
    /// Sets how long silence lasts.
    pub fn patience(mut self, patience: Patience) -> Self {
        *self.phase.patience() = patience;
        self
    }
}

impl<D, M, P> Builder<D, M, P> {
    fn word<C>(&mut self) -> CommandSpec
    where
        C: CommandOf<D>,
        M: From<C>,
    {
        let wording = WordingOf { word: word::<D, M, C>, tells_why: C::WHY.is_some() };
        self.wordings.insert(C::HANDLER, wording);
        CommandSpec { handler: C::HANDLER, participant: C::PARTICIPANT }
    }
}

fn word<D, M: From<C>, C: CommandOf<D>>(data: &D, because: Option<&Refusal>) -> M {
    let command = C::of(data);
    M::from(match (C::WHY, because) {
        (Some(tell), Some(because)) => tell(command, because),
        _ => command,
    })
}

#[cfg(test)]
mod tests;
