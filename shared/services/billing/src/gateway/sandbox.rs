//! A payment provider's test mode. What it holds is in the memory of one process; which orders have asked is not.

use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use messaging::{Aggregate, Record, SaveError, Store, Write, seconds_of};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{CardToken, GatewayAnswer, GatewayError, IdempotencyKey, PaymentGateway};
use crate::domain::{Decline, DeclineReason, Money};

/// How many references are remembered; the oldest are forgotten first.
const MAX_REFERENCES: usize = 10_000;
const LATENESS: Duration = Duration::from_secs(2);
/// How long it is remembered that an order has asked, like the claim of a call: whoever repeats a request has long done so.
const MARK_KEPT_FOR: time::Duration = time::Duration::days(7);

/// A payment provider's test mode.
///
/// | card token | what happens |
/// |---|---|
/// | `tok_visa` | is approved |
/// | `tok_declined` | is declined: `CARD_DECLINED` |
/// | `tok_insufficient_funds` | is declined: `INSUFFICIENT_FUNDS` |
/// | `tok_late` | is approved after two seconds |
/// | `tok_never_first` | is approved, but the answer to an order's first request is lost |
/// | any other | is declined: `CARD_DECLINED` |
///
/// The sandbox is no more helpful than a provider has to be: it does not remember a release, so it holds an amount that
/// is asked for after the release.
pub struct Sandbox {
    ledger: Mutex<Ledger>,
    items: Arc<dyn Store>,
}

/// The mark of an order that has asked with `tok_never_first`: whichever process is asked next sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct FirstRequest {}

impl Aggregate for FirstRequest {
    const SCHEMA: u32 = 1;
}

#[derive(Default)]
struct Ledger {
    accounts: HashMap<IdempotencyKey, Account>,
    oldest_first: VecDeque<IdempotencyKey>,
}

#[derive(Default)]
struct Account {
    held: Option<Money>,
}

impl Sandbox {
    /// A sandbox that holds nothing, and remembers in `items` which orders have asked.
    pub fn new(items: Arc<dyn Store>) -> Self {
        Self { ledger: Mutex::default(), items }
    }

    /// What is held under a reference.
    pub fn held(&self, reference: &IdempotencyKey) -> Option<Money> {
        self.ledger().accounts.get(reference).and_then(|account| account.held)
    }

    fn hold(&self, reference: &IdempotencyKey, amount: Money) {
        self.ledger().account(reference).held = Some(amount);
    }

    /// Whether nobody has asked under this reference before, in any process.
    async fn is_first(&self, reference: &IdempotencyKey, at: OffsetDateTime) -> Result<bool, GatewayError> {
        let key = format!("sandbox-{}", reference.as_str());
        let mut mark = Record::of(key, 1, &FirstRequest {}).map_err(|error| unavailable(&error))?;
        mark.expires_at = Some(seconds_of(at + MARK_KEPT_FOR));
        match self.items.save(&Write::of(mark)).await {
            Ok(()) => Ok(true),
            Err(SaveError::Conflict) => Ok(false),
            Err(error) => Err(unavailable(&error)),
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Every change is complete before the lock is given back, so what a panic leaves behind is usable.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger {
    fn account(&mut self, reference: &IdempotencyKey) -> &mut Account {
        if !self.accounts.contains_key(reference) {
            self.oldest_first.push_back(reference.clone());
            if self.oldest_first.len() > MAX_REFERENCES
                && let Some(oldest) = self.oldest_first.pop_front()
            {
                self.accounts.remove(&oldest);
            }
        }
        self.accounts.entry(reference.clone()).or_default()
    }
}

#[async_trait]
impl PaymentGateway for Sandbox {
    async fn authorize(
        &self,
        reference: &IdempotencyKey,
        amount: Money,
        card: &CardToken,
        at: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError> {
        match card.expose() {
            "tok_visa" => {
                self.hold(reference, amount);
                Ok(GatewayAnswer::Authorized)
            }
            "tok_late" => {
                tokio::time::sleep(LATENESS).await;
                self.hold(reference, amount);
                Ok(GatewayAnswer::Authorized)
            }
            "tok_never_first" => {
                self.hold(reference, amount);
                if self.is_first(reference, at).await? {
                    std::future::pending::<()>().await;
                }
                Ok(GatewayAnswer::Authorized)
            }
            "tok_insufficient_funds" => {
                Ok(declined(DeclineReason::InsufficientFunds, "there is not enough money on the card"))
            }
            "tok_declined" => Ok(declined(DeclineReason::CardDeclined, "the card was declined")),
            _ => Ok(declined(DeclineReason::CardDeclined, "the card is not a test card of the sandbox")),
        }
    }

    async fn void(&self, reference: &IdempotencyKey) -> Result<(), GatewayError> {
        if let Some(account) = self.ledger().accounts.get_mut(reference) {
            account.held = None;
        }
        Ok(())
    }
}

fn unavailable(error: &dyn Error) -> GatewayError {
    GatewayError::Unavailable(format!("the sandbox cannot remember the request: {error}"))
}

fn declined(reason: DeclineReason, message: &str) -> GatewayAnswer {
    GatewayAnswer::Declined(Decline { reason, message: message.to_owned() })
}

#[cfg(test)]
mod tests;
