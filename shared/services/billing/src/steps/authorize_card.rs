//! The cancellation of an authorization may come before it, while it asks the gateway, or after it. Read `decide` with
//! each of these in mind.

use async_trait::async_trait;
use contracts::Reason;
use contracts::billing::v1;
use messaging::{Conclusion, Context, EffectReply, EffectStep, Failure, Key, Refusal};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{parse_order_id, unknown};
use crate::domain::{Authorization, Charge, Currency, Decline, DeclineReason, Money, Repeat};
use crate::gateway::{CardToken, GatewayAnswer, IdempotencyKey, Impatient, PaymentGateway};

/// AuthorizeCard: holds the order's total on the customer's card.
pub struct AuthorizeCard<G> {
    gateway: Impatient<G>,
}

impl<G: PaymentGateway> AuthorizeCard<G> {
    /// Asks this gateway.
    pub fn new(gateway: G) -> Self {
        Self { gateway: Impatient(gateway) }
    }
}

/// What the payment gateway is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Hold an amount.
    Hold {
        /// The order's reference.
        reference: IdempotencyKey,
        /// The amount and the customer.
        charge: Charge,
        /// The token of the card.
        card: CardToken,
        /// When it is asked for.
        at: OffsetDateTime,
    },
    /// Release what an earlier attempt may hold: the cancellation came first.
    Reverse {
        /// The order's reference.
        reference: IdempotencyKey,
        /// The authorization to save once the amount is released.
        voided: Authorization,
    },
}

/// What the payment gateway has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The card holds it.
    Held(Charge),
    /// The card refused.
    Declined(Charge, Decline),
    /// Nothing is held any more.
    Reversed(Authorization),
}

struct Input {
    order_id: Uuid,
    charge: Charge,
    card: CardToken,
}

impl TryFrom<&v1::AuthorizeCard> for Input {
    type Error = Failure;

    fn try_from(command: &v1::AuthorizeCard) -> Result<Self, Failure> {
        let order_id = parse_order_id(&command.order_id)?;
        let currency = Currency::parse(&command.currency).map_err(Failure::set_aside)?;
        let amount = Money::new(currency, command.minor_units).map_err(Failure::set_aside)?;
        let card = CardToken::parse(&command.card_token).map_err(Failure::set_aside)?;
        if command.customer_id.is_empty() {
            return Err(Failure::set_aside("customer_id is empty"));
        }
        Ok(Self { order_id, charge: Charge { customer_id: command.customer_id.clone(), amount }, card })
    }
}

#[async_trait]
impl<G: PaymentGateway> EffectStep for AuthorizeCard<G> {
    type Command = v1::AuthorizeCard;
    type Aggregate = Authorization;
    type Effect = Effect;
    type Outcome = Outcome;

    fn key(&self, command: &v1::AuthorizeCard) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    /// A hold that came after its cancellation is released by the next delivery of AuthorizeCard.
    fn reverses(&self) -> bool {
        true
    }

    fn decide(
        &self,
        state: Option<&Authorization>,
        command: &v1::AuthorizeCard,
        context: &Context<'_>,
    ) -> Result<EffectReply<Authorization, Refusal, Effect>, Failure> {
        let Input { order_id, charge, card } = command.try_into()?;
        let reference = IdempotencyKey::of_order(order_id);
        let Some(authorization) = state else {
            return Ok(EffectReply::Perform(Effect::Hold { reference, charge, card, at: context.now }));
        };
        match authorization.repeat(&charge).map_err(Failure::set_aside)? {
            Repeat::Authorized => Ok(EffectReply::Already(Ok(()))),
            Repeat::Declined(decline) => Ok(EffectReply::Already(Err(refusal(decline)))),
            // This or an earlier attempt may have asked the gateway before the cancellation was saved.
            Repeat::Canceled(voided) => Ok(EffectReply::Perform(Effect::Reverse { reference, voided })),
        }
    }

    async fn perform(&self, effect: &Effect) -> Result<Outcome, Failure> {
        match effect {
            Effect::Hold { reference, charge, card, at } => {
                match self.gateway.authorize(reference, charge.amount, card, *at).await.map_err(unknown)? {
                    GatewayAnswer::Authorized => Ok(Outcome::Held(charge.clone())),
                    GatewayAnswer::Declined(decline) => Ok(Outcome::Declined(charge.clone(), decline)),
                }
            }
            Effect::Reverse { reference, voided } => {
                self.gateway.void(reference).await.map_err(unknown)?;
                Ok(Outcome::Reversed(voided.clone()))
            }
        }
    }

    fn conclude(
        &self,
        _state: Option<&Authorization>,
        outcome: Outcome,
        _context: &Context<'_>,
    ) -> Result<Conclusion<Authorization, Refusal>, Failure> {
        Ok(match outcome {
            Outcome::Held(charge) => Conclusion::save(Authorization::Authorized { charge }, Ok(())),
            Outcome::Declined(charge, decline) => {
                let refusal = refusal(&decline);
                Conclusion::save(Authorization::Declined { charge, decline }, Err(refusal))
            }
            Outcome::Reversed(voided) => Conclusion::save(voided, Err(canceled())),
        })
    }
}

fn refusal(decline: &Decline) -> Refusal {
    Refusal::new(Reason::from(decline.reason), decline.message.as_str())
}

impl From<DeclineReason> for Reason {
    fn from(reason: DeclineReason) -> Self {
        match reason {
            DeclineReason::CardDeclined => Self::CardDeclined,
            DeclineReason::InsufficientFunds => Self::InsufficientFunds,
        }
    }
}

fn canceled() -> Refusal {
    Refusal::new(Reason::AuthorizationCanceled, "the authorization was canceled before it was made")
}

#[cfg(test)]
mod tests;
