//! A participant's step: one command, one pure decision, one reply.

use std::convert::Infallible;

use async_trait::async_trait;
use saga::{Command, Refusal};
use wire::message::v1::{CommandRefused, CommandSucceeded};
use wire::{Payload, WireMessage};

use crate::{
    Aggregate, Context, Counted, Counter, CounterRefused, Decision, Envelope, Failure, Handler, Key, Outgoing,
    Recourse, Verdict,
};

/// The answer to a command that may be refused with `R`.
pub type Answer<R> = Result<(), R>;

/// What a step decides.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply<A, R> {
    /// The state changes, or the answer must be remembered: save, then answer.
    Save {
        /// The state to save.
        state: A,
        /// The answer to the command.
        answer: Answer<R>,
        /// The events that the write publishes.
        events: Vec<Payload>,
        /// Counters that change with the write or not at all.
        counters: Vec<Counter>,
    },
    /// The state says that the command took effect before, or can no longer matter: answer, and save nothing.
    Already(Answer<R>),
}

impl<A, R> Reply<A, R> {
    /// Saves the state and answers.
    pub fn save(state: A, answer: Answer<R>) -> Self {
        Self::Save { state, answer, events: Vec::new(), counters: Vec::new() }
    }
}

/// One command of one participant: what it names, and what is decided about it.
///
/// ```
/// use std::convert::Infallible;
///
/// use messaging::{Aggregate, Context, Failure, Key, Participant, Reply, Step, deliver};
/// use serde::{Deserialize, Serialize};
/// use testkit::builders::{at, command};
/// use testkit::warehouse::v1::PackGoods;
/// use testkit::{MemoryOutbound, MemoryStore};
///
/// #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
/// struct Parcel;
///
/// impl Aggregate for Parcel {
///     const SCHEMA: u32 = 1;
/// }
///
/// struct Packing;
///
/// impl Step for Packing {
///     type Command = PackGoods;
///     type Aggregate = Parcel;
///
///     fn key(&self, command: &PackGoods) -> Result<Key, Failure> {
///         Ok(command.sale_id.clone())
///     }
///
///     fn decide(
///         &self,
///         parcel: Option<&Parcel>,
///         _command: &PackGoods,
///         _context: &Context<'_>,
///     ) -> Result<Reply<Parcel, Infallible>, Failure> {
///         Ok(match parcel {
///             None => Reply::save(Parcel, Ok(())),
///             Some(_) => Reply::Already(Ok(())),
///         })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
/// let message = command(1, PackGoods { sale_id: "sale-1".to_owned(), ..Default::default() });
/// for _ in 0..2 {
///     deliver(&Participant(Packing), &store, &outbound, &message, at(0)).await?;
/// }
/// assert_eq!(store.peek("sale-1").expect("a parcel").version, 1, "it is packed once");
/// assert_eq!(outbound.sent().len(), 2, "and each delivery is answered");
/// # Ok(())
/// # }
/// ```
pub trait Step: Send + Sync {
    /// The command.
    type Command: Command + WireMessage;
    /// The state that the command changes.
    type Aggregate: Aggregate;

    /// The item that the command names.
    ///
    /// # Errors
    /// A command without a usable name.
    fn key(&self, command: &Self::Command) -> Result<Key, Failure>;

    /// What the command contends for with others; see [`Handler::contends`].
    fn contends(&self, command: &Self::Command) -> Vec<Key> {
        let _ = command;
        Vec::new()
    }

    /// Decides, purely.
    ///
    /// # Errors
    /// A command that this state can never accept.
    fn decide(
        &self,
        state: Option<&Self::Aggregate>,
        command: &Self::Command,
        context: &Context<'_>,
    ) -> Result<Reply<Self::Aggregate, <Self::Command as Command>::Refusal>, Failure>;

    /// The counters to look at when a counter refused the write; see [`Handler::looks_at`].
    ///
    /// # Errors
    /// A command that can never be handled.
    fn looks_at(&self, refused: &CounterRefused, command: &Self::Command) -> Result<Vec<Vec<Key>>, Failure> {
        let _ = (refused, command);
        Ok(Vec::new())
    }

    /// What to do about the refusal; see [`Handler::recourse`].
    ///
    /// # Errors
    /// Nothing can be done for now, or ever.
    fn recourse(&self, refused: CounterRefused, seen: &Counted, command: &Self::Command) -> Result<Recourse, Failure> {
        let _ = (seen, command);
        Ok(Recourse::Refuse(refused))
    }

    /// Decides again when a counter refused the write, purely.
    ///
    /// # Errors
    /// Returns an error by default; override it if the step changes counters that can run short.
    fn refused(
        &self,
        command: &Self::Command,
        refused: CounterRefused,
        context: &Context<'_>,
    ) -> Result<(Self::Aggregate, <Self::Command as Command>::Refusal), Failure> {
        let _ = (command, context);
        Err(Failure::set_aside(format!("a counter refused a command that may not be refused: {refused:?}")))
    }
}

/// Runs a [`Step`] in the loop.
pub struct Participant<S>(pub S);

#[async_trait]
impl<S: Step> Handler for Participant<S>
where
    <S::Command as Command>::Refusal: Into<Refusal>,
{
    type Aggregate = S::Aggregate;
    type Effect = Infallible;
    type Outcome = Infallible;

    fn source(&self) -> &str {
        <S::Command as Command>::HANDLER
    }

    fn key(&self, message: &Envelope) -> Result<Key, Failure> {
        self.0.key(&message.unpack()?)
    }

    fn contends(&self, message: &Envelope) -> Vec<Key> {
        message.unpack().map(|command| self.0.contends(&command)).unwrap_or_default()
    }

    fn decide(
        &self,
        state: Option<&S::Aggregate>,
        context: &Context<'_>,
    ) -> Result<Verdict<S::Aggregate, Infallible>, Failure> {
        let reply = self.0.decide(state, &context.message.unpack()?, context)?;
        Ok(match reply {
            Reply::Save { state, answer, events, counters } => {
                Verdict::Save(Decision { events, counters, ..Decision::save(state).sending([answer_with(answer)]) })
            }
            Reply::Already(answer) => Verdict::Send(vec![answer_with(answer)]),
        })
    }

    async fn perform(&self, effect: &Infallible) -> Result<Infallible, Failure> {
        match *effect {}
    }

    fn conclude(
        &self,
        _state: Option<&S::Aggregate>,
        outcome: Infallible,
        _context: &Context<'_>,
    ) -> Result<Decision<S::Aggregate>, Failure> {
        match outcome {}
    }

    fn looks_at(&self, refused: &CounterRefused, message: &Envelope) -> Result<Vec<Vec<Key>>, Failure> {
        self.0.looks_at(refused, &message.unpack()?)
    }

    fn recourse(&self, refused: CounterRefused, seen: &Counted, message: &Envelope) -> Result<Recourse, Failure> {
        self.0.recourse(refused, seen, &message.unpack()?)
    }

    fn refused(
        &self,
        _state: Option<&S::Aggregate>,
        refused: CounterRefused,
        context: &Context<'_>,
    ) -> Result<Decision<S::Aggregate>, Failure> {
        let (state, refusal) = self.0.refused(&context.message.unpack()?, refused, context)?;
        Ok(Decision::save(state).sending([answer_with(Err(refusal))]))
    }
}

/// The reply that carries an answer.
pub fn answer_with<R: Into<Refusal>>(answer: Answer<R>) -> Outgoing {
    Outgoing::Reply(match answer {
        Ok(()) => CommandSucceeded::default().into(),
        Err(refusal) => {
            let Refusal { reason, message } = refusal.into();
            CommandRefused { reason, message, ..Default::default() }.into()
        }
    })
}
