//! CancelCard: releases whatever AuthorizeCard holds, whether it has arrived or not.

use async_trait::async_trait;
use contracts::Command;
use contracts::billing::v1 as wire;
use messaging::{Answer, Context, Decision, Envelope, Failure, Handler, Key, Outgoing, Verdict, answer_with};

use super::{parse_order_id, unknown};
use crate::domain::{Authorization, Transition};
use crate::gateway::{IdempotencyKey, Impatient, PaymentGateway};

/// CancelCard: releases whatever AuthorizeCard holds, whether it has arrived or not.
pub struct CancelCard<G> {
    gateway: Impatient<G>,
}

impl<G: PaymentGateway> CancelCard<G> {
    /// Asks this gateway.
    pub fn new(gateway: G) -> Self {
        Self { gateway: Impatient(gateway) }
    }
}

/// What the payment gateway is asked to release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Void {
    reference: IdempotencyKey,
    /// What is true once it is released.
    voided: Authorization,
}

#[async_trait]
impl<G: PaymentGateway> Handler for CancelCard<G> {
    type Aggregate = Authorization;
    type Effect = Void;
    type Outcome = Authorization;

    fn source(&self) -> &str {
        wire::CancelCard::HANDLER
    }

    fn key(&self, message: &Envelope) -> Result<Key, Failure> {
        parse_order_id(&message.unpack::<wire::CancelCard>()?.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Authorization>,
        context: &Context<'_>,
    ) -> Result<Verdict<Authorization, Void>, Failure> {
        let order_id = parse_order_id(&context.message.unpack::<wire::CancelCard>()?.order_id)?;
        let voided = match state.map(Authorization::void) {
            // The cancellation overtook its command, or the command has asked the gateway and not lived to save it.
            None => Authorization::tombstone(),
            Some(Transition::Changed(voided)) => voided,
            Some(Transition::Already) => return Ok(Verdict::Send(vec![done()])),
        };
        Ok(Verdict::Perform(Void { reference: IdempotencyKey::of_order(order_id), voided }))
    }

    async fn perform(&self, effect: &Void) -> Result<Authorization, Failure> {
        self.gateway.void(&effect.reference).await.map_err(unknown)?;
        Ok(effect.voided.clone())
    }

    fn conclude(
        &self,
        _state: Option<&Authorization>,
        voided: Authorization,
        _context: &Context<'_>,
    ) -> Result<Decision<Authorization>, Failure> {
        Ok(Decision::save(voided).sending([done()]))
    }
}

/// A cancellation cannot be refused.
fn done() -> Outgoing {
    let answer: Answer<<wire::CancelCard as Command>::Refusal> = Ok(());
    answer_with(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{cancel, charge, decline, envelope, reference, with_context};
    use crate::gateway::Sandbox;

    fn decide(state: Option<&Authorization>) -> Result<Verdict<Authorization, Void>, Failure> {
        with_context(cancel(), |context| CancelCard::new(Sandbox::new()).decide(state, context))
    }

    #[test]
    fn what_is_held_is_released() {
        let voided = Authorization::Voided { charge: Some(charge(500)) };
        let void = Void { reference: reference(), voided };
        assert_eq!(decide(Some(&Authorization::Authorized { charge: charge(500) })), Ok(Verdict::Perform(void)));
    }

    #[test]
    fn a_cancellation_that_comes_first_releases_what_may_be_held_and_leaves_a_tombstone() {
        let void = Void { reference: reference(), voided: Authorization::tombstone() };
        assert_eq!(decide(None), Ok(Verdict::Perform(void)));
    }

    #[test]
    fn what_holds_nothing_is_left_alone() {
        for state in [
            Authorization::Declined { charge: charge(500), decline: decline() },
            Authorization::Voided { charge: Some(charge(500)) },
            Authorization::tombstone(),
        ] {
            assert_eq!(decide(Some(&state)), Ok(Verdict::Send(vec![done()])));
        }
    }

    #[test]
    fn the_release_is_saved_and_told() {
        let concluded = with_context(cancel(), |context| {
            CancelCard::new(Sandbox::new()).conclude(None, Authorization::tombstone(), context)
        });
        assert_eq!(concluded, Ok(Decision::save(Authorization::tombstone()).sending([done()])));
    }

    #[test]
    fn a_command_without_an_order_names_no_authorization() {
        let message = envelope(1, wire::CancelCard::default());
        assert!(matches!(CancelCard::new(Sandbox::new()).key(&message), Err(Failure::SetAside(_))));
    }
}
