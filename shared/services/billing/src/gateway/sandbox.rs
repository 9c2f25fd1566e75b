//! A payment provider's test mode, in the memory of one process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::{CardToken, GatewayAnswer, GatewayError, IdempotencyKey, PaymentGateway};
use crate::domain::{Decline, DeclineReason, Money};

/// How many references are remembered; the oldest are forgotten first.
const MAX_REFERENCES: usize = 10_000;
const LATENESS: Duration = Duration::from_secs(2);

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
#[derive(Default)]
pub struct Sandbox(Mutex<Ledger>);

#[derive(Default)]
struct Ledger {
    accounts: HashMap<IdempotencyKey, Account>,
    oldest_first: VecDeque<IdempotencyKey>,
}

#[derive(Default)]
struct Account {
    held: Option<Money>,
    requests: u32,
}

impl Sandbox {
    /// A sandbox that holds nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is held under a reference.
    pub fn held(&self, reference: &IdempotencyKey) -> Option<Money> {
        self.ledger().accounts.get(reference).and_then(|account| account.held)
    }

    /// Holds an amount and counts the requests for it, this request included.
    fn hold(&self, reference: &IdempotencyKey, amount: Money) -> u32 {
        let mut ledger = self.ledger();
        let account = ledger.account(reference);
        account.held = Some(amount);
        account.requests = account.requests.saturating_add(1);
        account.requests
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Every change is complete before the lock is given back, so what a panic leaves behind is usable.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
                if self.hold(reference, amount) == 1 {
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

fn declined(reason: DeclineReason, message: &str) -> GatewayAnswer {
    GatewayAnswer::Declined(Decline { reason, message: message.to_owned() })
}

#[cfg(test)]
mod tests;
