//! CancelCard: releases whatever AuthorizeCard holds, whether it has arrived or not.

use async_trait::async_trait;
use contracts::billing::v1;
use messaging::Command;
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
        v1::CancelCard::HANDLER
    }

    fn key(&self, message: &Envelope) -> Result<Key, Failure> {
        parse_order_id(&message.unpack::<v1::CancelCard>()?.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Authorization>,
        context: &Context<'_>,
    ) -> Result<Verdict<Authorization, Void>, Failure> {
        let order_id = parse_order_id(&context.message.unpack::<v1::CancelCard>()?.order_id)?;
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
    let answer: Answer<<v1::CancelCard as Command>::Refusal> = Ok(());
    answer_with(answer)
}

#[cfg(test)]
mod tests;
