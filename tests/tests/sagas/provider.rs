//! The payment provider as a test sees it: the sandbox, with a record of what it was asked and answers that get lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use billing::domain::Money;
use billing::gateway::{CardToken, GatewayAnswer, GatewayError, IdempotencyKey, PaymentGateway, Sandbox};
use testkit::MemoryStore;
use time::OffsetDateTime;
use tokio::task::yield_now;

/// What is lost of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The request: nothing happens.
    Request,
    /// The answer: it happens, and nobody hears of it.
    Answer,
}

/// The sandbox, observed. A card's token is one of the sandbox's, a dot, and what tells it from other cards.
pub(crate) struct Provider {
    sandbox: Sandbox,
    state: Mutex<State>,
}

impl Default for Provider {
    fn default() -> Self {
        Self { sandbox: Sandbox::new(Arc::new(MemoryStore::default())), state: Mutex::default() }
    }
}

#[derive(Default)]
struct State {
    requests: usize,
    losses: BTreeMap<usize, Loss>,
    slowness: usize,
    holds: Vec<Hold>,
    references: BTreeSet<String>,
}

/// A request to hold an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hold {
    /// Under which it is known to the provider.
    pub(crate) reference: String,
    pub(crate) currency: String,
    pub(crate) minor_units: i64,
    pub(crate) card: String,
}

/// The token of a card whose requests are carried out but never answered.
pub(crate) const SILENT: &str = "tok_silent";

impl Provider {
    /// Loses something of the request number `nth`, counted from 1.
    pub(crate) fn lose(&self, nth: usize, loss: Loss) {
        self.state().losses.insert(nth, loss);
    }

    /// Lets so many turns of other tasks pass before a request arrives.
    pub(crate) fn slow_down(&self, turns: usize) {
        self.state().slowness = turns;
    }

    /// Every request to hold an amount so far.
    pub(crate) fn holds(&self) -> Vec<Hold> {
        self.state().holds.clone()
    }

    /// What is held now for an order: currency and minor units.
    pub(crate) fn held(&self, order: uuid::Uuid) -> Option<(String, i64)> {
        let money = self.sandbox.held(&IdempotencyKey::of_order(order))?;
        Some((money.currency().to_string(), money.minor_units()))
    }

    /// Every reference that was ever asked about.
    pub(crate) fn references(&self) -> BTreeSet<String> {
        self.state().references.clone()
    }

    async fn arrive(&self, reference: &IdempotencyKey) -> Option<Loss> {
        let (slowness, loss) = {
            let mut state = self.state();
            state.requests += 1;
            state.references.insert(reference.as_str().to_owned());
            let nth = state.requests;
            (state.slowness, state.losses.remove(&nth))
        };
        for _ in 0..slowness {
            yield_now().await;
        }
        loss
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer<T>(answer: T, loss: Option<Loss>) -> Result<T, GatewayError> {
    match loss {
        None => Ok(answer),
        Some(loss) => Err(GatewayError::Unavailable(format!("the {loss:?} was lost"))),
    }
}

#[async_trait]
impl PaymentGateway for Provider {
    async fn authorize(
        &self,
        reference: &IdempotencyKey,
        amount: Money,
        card: &CardToken,
        at: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError> {
        let loss = self.arrive(reference).await;
        if loss == Some(Loss::Request) {
            return answer(GatewayAnswer::Authorized, loss);
        }
        let hold = Hold {
            reference: reference.as_str().to_owned(),
            currency: amount.currency().to_string(),
            minor_units: amount.minor_units(),
            card: card.expose().to_owned(),
        };
        self.state().holds.push(hold);
        let kind = card.expose().split('.').next().unwrap_or_default();
        let (kind, loss) = if kind == SILENT { ("tok_visa", Some(Loss::Answer)) } else { (kind, loss) };
        let card = CardToken::parse(kind).map_err(|error| GatewayError::Unavailable(error.to_string()))?;
        let answered = self.sandbox.authorize(reference, amount, &card, at).await?;
        answer(answered, loss)
    }

    async fn void(&self, reference: &IdempotencyKey) -> Result<(), GatewayError> {
        let loss = self.arrive(reference).await;
        if loss != Some(Loss::Request) {
            self.sandbox.void(reference).await?;
        }
        answer((), loss)
    }
}
