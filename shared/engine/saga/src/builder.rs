//! The typed builder: only the order `compensatable* pivot retriable*` compiles.

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
///
/// `D` is the data from which its commands are worded, `M` the message in which they are sent.
///
/// # Example
/// ```
/// use std::convert::Infallible;
///
/// use saga::{Command, CommandOf, Input, Refusal, Violation, react, saga, start};
///
/// /// The data.
/// struct Sale {
///     goods: &'static str,
/// }
///
/// /// The message.
/// #[derive(Debug, PartialEq)]
/// struct Message(String);
///
/// /// A command that a business rule may refuse.
/// struct Reserve(String);
///
/// impl Command for Reserve {
///     const HANDLER: &'static str = "reserve-goods";
///     const PARTICIPANT: &'static str = "store";
///     type Refusal = Refusal;
/// }
///
/// impl CommandOf<Sale> for Reserve {
///     fn of(sale: &Sale) -> Self {
///         Self(format!("reserve {}", sale.goods))
///     }
/// }
///
/// /// A command that cannot be refused, and tells why it is sent.
/// struct Reject(String);
///
/// impl Command for Reject {
///     const HANDLER: &'static str = "reject-sale";
///     const PARTICIPANT: &'static str = "shop";
///     type Refusal = Infallible;
/// }
///
/// impl CommandOf<Sale> for Reject {
///     const WHY: Option<fn(Self, &Refusal) -> Self> =
///         Some(|Self(text), because| Self(format!("{text}: {}", because.message)));
///
///     fn of(sale: &Sale) -> Self {
///         Self(format!("reject the sale of {}", sale.goods))
///     }
/// }
///
/// // Release, Charge and Ship are written like these.
/// # macro_rules! command {
/// #     ($name:ident, $handler:literal, $refusal:ty) => {
/// #         struct $name(String);
/// #         impl Command for $name {
/// #             const HANDLER: &'static str = $handler;
/// #             const PARTICIPANT: &'static str = "somebody";
/// #             type Refusal = $refusal;
/// #         }
/// #         impl CommandOf<Sale> for $name {
/// #             fn of(sale: &Sale) -> Self {
/// #                 Self(sale.goods.to_owned())
/// #             }
/// #         }
/// #     };
/// # }
/// # command!(Release, "release-goods", Infallible);
/// # command!(Charge, "charge-card", Refusal);
/// # command!(Ship, "ship-goods", Infallible);
/// # macro_rules! message {
/// #     ($($name:ident),*) => {$(
/// #         impl From<$name> for Message {
/// #             fn from(command: $name) -> Self {
/// #                 Self(command.0)
/// #             }
/// #         }
/// #     )*};
/// # }
/// # message!(Reserve, Release, Charge, Ship, Reject);
/// let sell = saga::<Sale, Message>("sell-goods", 1)
///     .undone_by::<Reject>()
///     .compensatable::<Reserve, Release>()
///     .pivot::<Charge>()
///     .retriable::<Ship>()
///     .build();
///
/// // The machine says which command to send and how long to wait for its reply.
/// let begun = start(sell.definition());
/// let (command, wait) = begun.send.expect("the first step");
/// assert_eq!((command.handler, wait.as_secs()), ("reserve-goods", 10));
///
/// // The store has no tea: nothing was reserved, so only the start is undone.
/// let refused = Input::Refused("reserve-goods", Refusal::new("SOLD_OUT", "there is no tea left"));
/// let turned = react(sell.definition(), &begun.state, refused)?.expect("the reply is awaited");
/// let (command, _) = turned.send.expect("the undo of the start");
/// let message = sell.command(command.handler, &Sale { goods: "tea" }, turned.state.because.as_ref());
/// assert_eq!(message, Some(Message("reject the sale of tea: there is no tea left".to_owned())));
/// # Ok::<(), Violation>(())
/// ```
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
