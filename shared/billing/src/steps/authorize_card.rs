//! AuthorizeCard: holds the order's total on the customer's card.

use async_trait::async_trait;
use contracts::billing::v1 as wire;
use contracts::{Command, Refusal};
use messaging::{Context, Decision, Envelope, Failure, Handler, Key, Verdict, answer_with};
use uuid::Uuid;

use super::{parse_order_id, unknown};
use crate::domain::{Authorization, Charge, Currency, Decline, Money, Repeat};
use crate::gateway::{Answer, CardToken, IdempotencyKey, Impatient, PaymentGateway};

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
        /// How much, from whom.
        charge: Charge,
        /// On which card.
        card: CardToken,
    },
    /// Release what an earlier attempt may hold: the cancellation came first.
    Reverse {
        /// The order's reference.
        reference: IdempotencyKey,
        /// What is true once it is released.
        voided: Authorization,
    },
}

/// What that came to.
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

impl TryFrom<wire::AuthorizeCard> for Input {
    type Error = Failure;

    fn try_from(command: wire::AuthorizeCard) -> Result<Self, Failure> {
        let order_id = parse_order_id(&command.order_id)?;
        let currency = Currency::parse(&command.currency).map_err(Failure::set_aside)?;
        let amount = Money::new(currency, command.minor_units).map_err(Failure::set_aside)?;
        let card = CardToken::parse(&command.card_token).map_err(Failure::set_aside)?;
        if command.customer_id.is_empty() {
            return Err(Failure::set_aside("customer_id is empty"));
        }
        Ok(Self { order_id, charge: Charge { customer_id: command.customer_id, amount }, card })
    }
}

#[async_trait]
impl<G: PaymentGateway> Handler for AuthorizeCard<G> {
    type Aggregate = Authorization;
    type Effect = Effect;
    type Outcome = Outcome;

    fn source(&self) -> &str {
        wire::AuthorizeCard::HANDLER
    }

    fn key(&self, message: &Envelope) -> Result<Key, Failure> {
        parse_order_id(&message.unpack::<wire::AuthorizeCard>()?.order_id).map(|id| id.to_string())
    }

    /// A hold that came after its cancellation is released by whichever delivery comes next.
    fn reverses(&self) -> bool {
        true
    }

    fn decide(
        &self,
        state: Option<&Authorization>,
        context: &Context<'_>,
    ) -> Result<Verdict<Authorization, Effect>, Failure> {
        let Input { order_id, charge, card } = context.message.unpack::<wire::AuthorizeCard>()?.try_into()?;
        let reference = IdempotencyKey::of_order(order_id);
        let Some(authorization) = state else {
            return Ok(Verdict::Perform(Effect::Hold { reference, charge, card }));
        };
        match authorization.repeat(&charge).map_err(Failure::set_aside)? {
            Repeat::Authorized => Ok(Verdict::Send(vec![answer_with::<Refusal>(Ok(()))])),
            Repeat::Declined(decline) => Ok(Verdict::Send(vec![answer_with(Err(refusal(decline)))])),
            // This or an earlier attempt may have asked the gateway before the cancellation was saved.
            Repeat::Canceled(voided) => Ok(Verdict::Perform(Effect::Reverse { reference, voided })),
        }
    }

    async fn perform(&self, effect: &Effect) -> Result<Outcome, Failure> {
        match effect {
            Effect::Hold { reference, charge, card } => {
                match self.gateway.authorize(reference, charge.amount, card).await.map_err(unknown)? {
                    Answer::Authorized => Ok(Outcome::Held(charge.clone())),
                    Answer::Declined(decline) => Ok(Outcome::Declined(charge.clone(), decline)),
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
    ) -> Result<Decision<Authorization>, Failure> {
        let (state, answer) = match outcome {
            Outcome::Held(charge) => (Authorization::Authorized { charge }, Ok(())),
            Outcome::Declined(charge, decline) => {
                let refusal = refusal(&decline);
                (Authorization::Declined { charge, decline }, Err(refusal))
            }
            Outcome::Reversed(voided) => (voided, Err(canceled())),
        };
        Ok(Decision::save(state).sending([answer_with(answer)]))
    }
}

fn refusal(decline: &Decline) -> Refusal {
    Refusal::new(decline.reason.as_str(), decline.message.as_str())
}

fn canceled() -> Refusal {
    Refusal::new("AUTHORIZATION_CANCELED", "the authorization was canceled before it was made")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::DeclineReason;
    use crate::fixture::{ORDER, authorize, card, charge, decline, envelope, reference, with_context};
    use crate::gateway::Sandbox;

    fn step() -> AuthorizeCard<Sandbox> {
        AuthorizeCard::new(Sandbox::new())
    }

    fn decide(state: Option<&Authorization>) -> Result<Verdict<Authorization, Effect>, Failure> {
        with_context(authorize("tok_visa"), |context| step().decide(state, context))
    }

    fn conclude(outcome: Outcome) -> Decision<Authorization> {
        with_context(authorize("tok_visa"), |context| step().conclude(None, outcome, context)).expect("a decision")
    }

    fn set_aside(command: wire::AuthorizeCard) -> String {
        match with_context(command, |context| step().decide(None, context)) {
            Err(Failure::SetAside(reason)) => reason,
            other => panic!("not set aside: {other:?}"),
        }
    }

    fn voided() -> Authorization {
        Authorization::Voided { charge: Some(charge(500)) }
    }

    #[test]
    fn what_nobody_asked_before_is_asked_of_the_gateway() {
        let hold = Effect::Hold { reference: reference(), charge: charge(500), card: card("tok_visa") };
        assert_eq!(decide(None), Ok(Verdict::Perform(hold)));
    }

    #[test]
    fn a_repeat_is_answered_without_asking_the_gateway() {
        let authorized = Authorization::Authorized { charge: charge(500) };
        assert_eq!(decide(Some(&authorized)), Ok(Verdict::Send(vec![answer_with::<Refusal>(Ok(()))])));
        let declined = Authorization::Declined { charge: charge(500), decline: decline() };
        let refused = answer_with(Err(Refusal::new("CARD_DECLINED", "the card was declined")));
        assert_eq!(decide(Some(&declined)), Ok(Verdict::Send(vec![refused])));
    }

    #[test]
    fn what_was_canceled_is_reversed_whatever_became_of_it() {
        for canceled in [Authorization::tombstone(), voided()] {
            let reverse = Effect::Reverse { reference: reference(), voided: voided() };
            assert_eq!(decide(Some(&canceled)), Ok(Verdict::Perform(reverse)));
        }
    }

    #[test]
    fn another_amount_for_the_same_order_needs_a_person() {
        let authorized = Authorization::Authorized { charge: charge(501) };
        assert!(matches!(decide(Some(&authorized)), Err(Failure::SetAside(_))));
    }

    #[test]
    fn the_outcome_is_saved_and_told() {
        let held = Decision::save(Authorization::Authorized { charge: charge(500) });
        assert_eq!(conclude(Outcome::Held(charge(500))), held.sending([answer_with::<Refusal>(Ok(()))]));
        for (reason, told) in
            [(DeclineReason::CardDeclined, "CARD_DECLINED"), (DeclineReason::InsufficientFunds, "INSUFFICIENT_FUNDS")]
        {
            let decline = Decline { reason, message: "no".to_owned() };
            let declined = Decision::save(Authorization::Declined { charge: charge(500), decline: decline.clone() });
            let refused = answer_with(Err(Refusal::new(told, "no")));
            assert_eq!(conclude(Outcome::Declined(charge(500), decline)), declined.sending([refused]));
        }
        let refused = Refusal::new("AUTHORIZATION_CANCELED", "the authorization was canceled before it was made");
        let expected = Decision::save(voided()).sending([answer_with(Err(refused))]);
        assert_eq!(conclude(Outcome::Reversed(voided())), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_does_not_come_is_asked_for_again() {
        let (step, effect) =
            (step(), Effect::Hold { reference: reference(), charge: charge(500), card: card("tok_never_first") });
        assert!(matches!(step.perform(&effect).await, Err(Failure::Retry(_))));
        assert_eq!(step.perform(&effect).await, Ok(Outcome::Held(charge(500))));
    }

    #[test]
    fn what_can_never_be_charged_is_set_aside_with_its_reason() {
        let broken = |change: fn(&mut wire::AuthorizeCard)| {
            let mut command = authorize("tok_visa");
            change(&mut command);
            set_aside(command)
        };
        assert!(broken(|command| command.minor_units = -1).contains("negative"));
        assert!(broken(|command| command.currency = "euro".to_owned()).contains("no currency"));
        assert!(broken(|command| command.customer_id.clear()).contains("customer_id is empty"));
        assert!(broken(|command| command.card_token.clear()).contains("card_token is empty"));
        assert!(broken(|command| command.order_id.clear()).contains("is not a UUID"));
    }

    #[test]
    fn an_order_has_one_authorization_however_its_id_is_written() {
        let mut command = authorize("tok_visa");
        command.order_id = command.order_id.to_uppercase().replace('-', "");
        assert_eq!(step().key(&envelope(1, command)), Ok(ORDER.to_string()));
    }

    #[test]
    fn nothing_that_can_be_logged_shows_the_card() {
        let shown = format!("{:?}", decide(None));
        assert!(shown.contains("Hold") && !shown.contains("tok_visa"), "{shown}");
    }
}
