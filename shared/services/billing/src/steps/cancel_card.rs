//! The release of an amount that is not held succeeds, so this step need not know how far AuthorizeCard has come.

use std::convert::Infallible;

use async_trait::async_trait;
use contracts::billing::v1;
use messaging::{Conclusion, Context, EffectReply, EffectStep, Failure, Key};

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
    /// The authorization to save once the amount is released.
    voided: Authorization,
}

#[async_trait]
impl<G: PaymentGateway> EffectStep for CancelCard<G> {
    type Command = v1::CancelCard;
    type Aggregate = Authorization;
    type Effect = Void;
    type Outcome = Authorization;

    fn key(&self, command: &v1::CancelCard) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Authorization>,
        command: &v1::CancelCard,
        _context: &Context<'_>,
    ) -> Result<EffectReply<Authorization, Infallible, Void>, Failure> {
        let reference = IdempotencyKey::of_order(parse_order_id(&command.order_id)?);
        let voided = match state.map(Authorization::void) {
            // The cancellation overtook AuthorizeCard, or AuthorizeCard died between the gateway's answer and its save.
            None => Authorization::tombstone(),
            Some(Transition::Changed(voided)) => voided,
            Some(Transition::Already) => return Ok(EffectReply::Already(Ok(()))),
        };
        Ok(EffectReply::Perform(Void { reference, voided }))
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
    ) -> Result<Conclusion<Authorization, Infallible>, Failure> {
        Ok(Conclusion::save(voided, Ok(())))
    }
}

#[cfg(test)]
mod tests;
