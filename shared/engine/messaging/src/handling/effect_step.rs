//! The steps whose effect is outside our tables. Prefer a [`Step`](crate::Step) where our tables are enough.

use async_trait::async_trait;
use saga::{Command, Refusal};
use wire::{Payload, WireMessage};

use super::step::answer_with;
use crate::{Aggregate, Answer, Context, Decision, Envelope, Failure, Handler, Key, Verdict};

/// What an [`EffectStep`] decides.
#[derive(Debug, Clone, PartialEq)]
pub enum EffectReply<A, R, E> {
    /// First perform this effect, then let [`EffectStep::conclude`] decide.
    Perform(E),
    /// The command needs no effect: save, then answer the command.
    Save(Conclusion<A, R>),
    /// The state says that the command took effect before, or can no longer matter: answer, and save nothing.
    Already(Answer<R>),
}

/// The [`EffectReply`] of an [`EffectStep`].
pub type EffectReplyOf<S> = EffectReply<
    <S as EffectStep>::Aggregate,
    <<S as EffectStep>::Command as Command>::Refusal,
    <S as EffectStep>::Effect,
>;

/// What is saved and answered. There are no counters: a counter could refuse the write after the effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion<A, R> {
    /// The state to save.
    pub state: A,
    /// The answer to the command.
    pub answer: Answer<R>,
    /// The events that the write publishes.
    pub events: Vec<Payload>,
}

impl<A, R> Conclusion<A, R> {
    /// Saves the state and answers.
    pub fn save(state: A, answer: Answer<R>) -> Self {
        Self { state, answer, events: Vec::new() }
    }
}

/// One command of one participant that has an effect outside our tables, such as a payment.
///
/// The effect comes before the save, and may be performed again: give the other side a key by which it recognises a
/// repeat.
///
/// ```
/// use async_trait::async_trait;
/// use messaging::{
///     Aggregate, Conclusion, Context, EffectParticipant, EffectReply, EffectStep, Failure, Key, Refusal, deliver,
/// };
/// use serde::{Deserialize, Serialize};
/// use testkit::builders::{at, command};
/// use testkit::till::v1::ChargeCard;
/// use testkit::{MemoryOutbound, MemoryStore};
///
/// /// What the bank said, for good.
/// #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
/// struct Payment {
///     charged: bool,
/// }
///
/// impl Aggregate for Payment {
///     const SCHEMA: u32 = 1;
/// }
///
/// impl Payment {
///     fn answer(&self) -> Result<(), Refusal> {
///         if self.charged { Ok(()) } else { Err(Refusal::new("CARD_DECLINED", "the bank declined the card")) }
///     }
/// }
///
/// struct Charging;
///
/// #[async_trait]
/// impl EffectStep for Charging {
///     type Command = ChargeCard;
///     type Aggregate = Payment;
///     /// The key under which the bank is asked.
///     type Effect = String;
///     /// Whether the card was charged.
///     type Outcome = bool;
///
///     fn key(&self, command: &ChargeCard) -> Result<Key, Failure> {
///         Ok(command.sale_id.clone())
///     }
///
///     fn decide(
///         &self,
///         payment: Option<&Payment>,
///         command: &ChargeCard,
///         _context: &Context<'_>,
///     ) -> Result<EffectReply<Payment, Refusal, String>, Failure> {
///         Ok(match payment {
///             None => EffectReply::Perform(format!("sale-{}", command.sale_id)),
///             Some(payment) => EffectReply::Already(payment.answer()),
///         })
///     }
///
///     async fn perform(&self, key: &String) -> Result<bool, Failure> {
///         Ok(key != "sale-2")
///     }
///
///     fn conclude(
///         &self,
///         _payment: Option<&Payment>,
///         charged: bool,
///         _context: &Context<'_>,
///     ) -> Result<Conclusion<Payment, Refusal>, Failure> {
///         let payment = Payment { charged };
///         let answer = payment.answer();
///         Ok(Conclusion::save(payment, answer))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
/// for (number, sale_id) in [(1, "1"), (2, "2")] {
///     let message = command(number, ChargeCard { sale_id: sale_id.to_owned(), ..Default::default() });
///     deliver(&EffectParticipant(Charging), &store, &outbound, &message, at(0)).await?;
/// }
/// let answers: Vec<String> = outbound.sent().iter().map(|sent| sent.message.payload.type_name().to_owned()).collect();
/// assert_eq!(answers, ["message.v1.CommandSucceeded", "message.v1.CommandRefused"]);
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait EffectStep: Send + Sync {
    /// The command.
    type Command: Command + WireMessage;
    /// The state that the command changes.
    type Aggregate: Aggregate;
    /// The effect that it asks for.
    type Effect: Send + Sync;
    /// What is known once the effect was performed.
    type Outcome: Send + Sync;

    /// The item that the command names.
    ///
    /// # Errors
    /// A command without a usable name.
    fn key(&self, command: &Self::Command) -> Result<Key, Failure>;

    /// Whether an effect may have to be reversed; see [`Handler::reverses`].
    fn reverses(&self) -> bool {
        false
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
    ) -> Result<EffectReplyOf<Self>, Failure>;

    /// Performs an effect. It may be performed again for the same command, and must then have the same outcome.
    ///
    /// # Errors
    /// [`Failure::Retry`] when the outcome is not known.
    async fn perform(&self, effect: &Self::Effect) -> Result<Self::Outcome, Failure>;

    /// Decides again once the effect's outcome is known, purely.
    ///
    /// # Errors
    /// An outcome that this state can never accept.
    fn conclude(
        &self,
        state: Option<&Self::Aggregate>,
        outcome: Self::Outcome,
        context: &Context<'_>,
    ) -> Result<Conclusion<Self::Aggregate, <Self::Command as Command>::Refusal>, Failure>;
}

/// Runs an [`EffectStep`] in the loop.
pub struct EffectParticipant<S>(pub S);

#[async_trait]
impl<S: EffectStep> Handler for EffectParticipant<S>
where
    <S::Command as Command>::Refusal: Into<Refusal>,
{
    type Aggregate = S::Aggregate;
    type Effect = S::Effect;
    type Outcome = S::Outcome;

    fn source(&self) -> &str {
        <S::Command as Command>::HANDLER
    }

    fn key(&self, message: &Envelope) -> Result<Key, Failure> {
        self.0.key(&message.unpack()?)
    }

    fn reverses(&self) -> bool {
        self.0.reverses()
    }

    fn decide(
        &self,
        state: Option<&S::Aggregate>,
        context: &Context<'_>,
    ) -> Result<Verdict<S::Aggregate, S::Effect>, Failure> {
        let reply = self.0.decide(state, &context.message.unpack()?, context)?;
        Ok(match reply {
            EffectReply::Perform(effect) => Verdict::Perform(effect),
            EffectReply::Save(conclusion) => Verdict::Save(decision(conclusion)),
            EffectReply::Already(answer) => Verdict::Send(vec![answer_with(answer)]),
        })
    }

    async fn perform(&self, effect: &S::Effect) -> Result<S::Outcome, Failure> {
        self.0.perform(effect).await
    }

    fn conclude(
        &self,
        state: Option<&S::Aggregate>,
        outcome: S::Outcome,
        context: &Context<'_>,
    ) -> Result<Decision<S::Aggregate>, Failure> {
        Ok(decision(self.0.conclude(state, outcome, context)?))
    }
}

fn decision<A, R: Into<Refusal>>(Conclusion { state, answer, events }: Conclusion<A, R>) -> Decision<A> {
    Decision { events, ..Decision::save(state).sending([answer_with(answer)]) }
}
