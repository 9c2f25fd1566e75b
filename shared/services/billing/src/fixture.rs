//! What the tests share.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::billing::v1::{AuthorizeCard, CancelCard};
use messaging::Payload;
use messaging::{Context, Correlation, Envelope, Failure};
use testkit::MemoryStore;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{Charge, Currency, Decline, DeclineReason, Money};
use crate::gateway::{CardToken, GatewayAnswer, GatewayError, IdempotencyKey, PaymentGateway, Sandbox};

pub(crate) const ORDER: Uuid = Uuid::from_u128(0xabcdef);
pub(crate) const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

pub(crate) fn eur(minor_units: i64) -> Money {
    Money::new(Currency::parse("EUR").expect("a currency"), minor_units).expect("an amount")
}

pub(crate) fn charge(minor_units: i64) -> Charge {
    Charge { customer_id: "auth0|alice".to_owned(), amount: eur(minor_units) }
}

pub(crate) fn decline() -> Decline {
    Decline { reason: DeclineReason::CardDeclined, message: "the card was declined".to_owned() }
}

pub(crate) fn card(token: &str) -> CardToken {
    CardToken::parse(token).expect("a card token")
}

pub(crate) fn reference() -> IdempotencyKey {
    IdempotencyKey::of_order(ORDER)
}

pub(crate) fn authorize(card_token: &str) -> AuthorizeCard {
    AuthorizeCard {
        order_id: ORDER.to_string(),
        customer_id: "auth0|alice".to_owned(),
        currency: "EUR".to_owned(),
        minor_units: 500,
        card_token: card_token.to_owned(),
        ..Default::default()
    }
}

pub(crate) fn cancel() -> CancelCard {
    CancelCard { order_id: ORDER.to_string(), ..Default::default() }
}

/// A command as the saga sends it; the number tells messages apart.
pub(crate) fn envelope(number: u128, command: impl Into<Payload>) -> Envelope {
    Envelope {
        message_id: Uuid::from_u128(number),
        source: "orchestrate-saga".to_owned(),
        causation_id: None,
        correlation: Some(Correlation {
            saga_id: Uuid::from_u128(1),
            step: "step".to_owned(),
            reply_to: "saga".to_owned(),
            reply_token: String::new(),
        }),
        occurred_at: NOW,
        trace_parent: String::new(),
        payload: command.into(),
    }
}

/// A sandbox that nobody has asked.
pub(crate) fn sandbox() -> Sandbox {
    Sandbox::new(Arc::new(MemoryStore::default()))
}

/// A gateway that is away.
pub(crate) struct Away;

#[async_trait]
impl PaymentGateway for Away {
    async fn authorize(
        &self,
        _: &IdempotencyKey,
        _: Money,
        _: &CardToken,
        _: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError> {
        Err(GatewayError::Unavailable("it is away".to_owned()))
    }

    async fn void(&self, _: &IdempotencyKey) -> Result<(), GatewayError> {
        Err(GatewayError::Unavailable("it is away".to_owned()))
    }
}

/// A gateway that was away is asked again.
pub(crate) fn asked_again<T>() -> Result<T, Failure> {
    Err(Failure::retry("the payment gateway does not answer: it is away".to_owned()))
}

/// What a future comes to; one that waits for ever fails its test, on the paused clock at once.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(std::time::Duration::from_secs(60), future).await.expect("it waits for ever")
}

pub(crate) fn with_context<T>(command: impl Into<Payload>, decide: impl FnOnce(&Context<'_>) -> T) -> T {
    decide(&Context { now: NOW, next_version: 1, message: &envelope(1, command) })
}
