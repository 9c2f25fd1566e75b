//! The payment gateway: a port, and its adapters.

mod provider;
mod sandbox;

pub use provider::Provider;
pub use sandbox::Sandbox;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;
use time::OffsetDateTime;
use tokio::time::timeout;
use uuid::Uuid;

use crate::domain::{Decline, Money};

/// How long an answer is awaited. A function has 10 seconds, and may have to reverse what it has just asked for.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
const MAX_CARD_TOKEN_LENGTH: usize = 255;

/// The key by which the provider knows one order's authorization. A repeat has the same key, and so has the release.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The reference of an order, which is authorized only once.
    pub fn of_order(order_id: Uuid) -> Self {
        Self(format!("order-{order_id}"))
    }

    /// The reference as the provider is told.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The payment provider's token for a card: a secret, which is never logged. It is stored only inside the messages of
/// a saga that is under way.
#[derive(Clone, PartialEq, Eq)]
pub struct CardToken(String);

/// The text is not a card token. The text may be a secret, so the error does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("card_token is empty or longer than {MAX_CARD_TOKEN_LENGTH} bytes: send what the payment provider returned")]
pub struct CardTokenError;

impl CardToken {
    /// Checks a token as it came in.
    ///
    /// # Errors
    /// A text that is empty or too long.
    pub fn parse(token: &str) -> Result<Self, CardTokenError> {
        if (1..=MAX_CARD_TOKEN_LENGTH).contains(&token.len()) {
            Ok(Self(token.to_owned()))
        } else {
            Err(CardTokenError)
        }
    }

    /// The secret itself, for the provider only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CardToken(redacted)")
    }
}

/// The provider's answer to a request to hold an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayAnswer {
    /// The card holds the amount.
    Authorized,
    /// The card holds nothing.
    Declined(Decline),
}

/// Why the provider gives no answer. The reason is logged with all its causes: it must hold no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GatewayError {
    /// It is not known whether the request took effect; a repeat under the same reference is safe.
    #[error("the payment gateway does not answer: {0}")]
    Unavailable(String),
}

/// A payment provider.
#[async_trait]
pub trait PaymentGateway: Send + Sync {
    /// Holds an amount on a card; asked again under the same reference it holds it only once and answers the same.
    /// It is asked at `at`.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn authorize(
        &self,
        reference: &IdempotencyKey,
        amount: Money,
        card: &CardToken,
        at: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError>;

    /// Releases whatever is held under a reference; succeeds when nothing is held.
    ///
    /// # Errors
    /// See [`GatewayError`].
    async fn void(&self, reference: &IdempotencyKey) -> Result<(), GatewayError>;
}

#[async_trait]
impl<G: PaymentGateway + ?Sized> PaymentGateway for Arc<G> {
    async fn authorize(
        &self,
        reference: &IdempotencyKey,
        amount: Money,
        card: &CardToken,
        at: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError> {
        (**self).authorize(reference, amount, card, at).await
    }

    async fn void(&self, reference: &IdempotencyKey) -> Result<(), GatewayError> {
        (**self).void(reference).await
    }
}

/// A gateway that is not awaited for longer than [`ANSWER_TIMEOUT`]; the steps ask only through it.
pub(crate) struct Impatient<G>(pub(crate) G);

#[async_trait]
impl<G: PaymentGateway> PaymentGateway for Impatient<G> {
    async fn authorize(
        &self,
        reference: &IdempotencyKey,
        amount: Money,
        card: &CardToken,
        at: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError> {
        in_time(self.0.authorize(reference, amount, card, at)).await
    }

    async fn void(&self, reference: &IdempotencyKey) -> Result<(), GatewayError> {
        in_time(self.0.void(reference)).await
    }
}

async fn in_time<T>(answer: impl Future<Output = Result<T, GatewayError>>) -> Result<T, GatewayError> {
    let late = |_| GatewayError::Unavailable(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()));
    timeout(ANSWER_TIMEOUT, answer).await.map_err(late)?
}

#[cfg(test)]
mod tests;
