//! A payment provider's test mode, in the memory of one process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::{Answer, CardToken, GatewayError, IdempotencyKey, PaymentGateway};
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
/// It is no more helpful than a provider has to be: a release is not remembered, so what is asked for after it is held.
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

    /// Holds an amount and counts the requests for it, this one included.
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
    ) -> Result<Answer, GatewayError> {
        match card.expose() {
            "tok_visa" => {
                self.hold(reference, amount);
                Ok(Answer::Authorized)
            }
            "tok_late" => {
                tokio::time::sleep(LATENESS).await;
                self.hold(reference, amount);
                Ok(Answer::Authorized)
            }
            "tok_never_first" => {
                if self.hold(reference, amount) == 1 {
                    std::future::pending::<()>().await;
                }
                Ok(Answer::Authorized)
            }
            "tok_insufficient_funds" => {
                Ok(declined(DeclineReason::InsufficientFunds, "there is not enough money on the card"))
            }
            "tok_declined" => Ok(declined(DeclineReason::CardDeclined, "the card was declined")),
            _ => Ok(declined(DeclineReason::CardDeclined, "the card is none of the sandbox's test cards")),
        }
    }

    async fn void(&self, reference: &IdempotencyKey) -> Result<(), GatewayError> {
        if let Some(account) = self.ledger().accounts.get_mut(reference) {
            account.held = None;
        }
        Ok(())
    }
}

fn declined(reason: DeclineReason, message: &str) -> Answer {
    Answer::Declined(Decline { reason, message: message.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{card, eur};
    use crate::gateway::Impatient;
    use tokio::time::Instant;
    use uuid::Uuid;

    fn order(number: u128) -> IdempotencyKey {
        IdempotencyKey::of_order(Uuid::from_u128(number))
    }

    async fn ask(sandbox: &Impatient<Sandbox>, token: &str) -> Result<Answer, GatewayError> {
        sandbox.authorize(&order(7), eur(500), &card(token)).await
    }

    fn sandbox() -> Impatient<Sandbox> {
        Impatient(Sandbox::new())
    }

    #[tokio::test]
    async fn an_approved_card_holds_the_amount_until_it_is_released() {
        let sandbox = sandbox();
        assert_eq!(ask(&sandbox, "tok_visa").await, Ok(Answer::Authorized));
        assert_eq!(ask(&sandbox, "tok_visa").await, Ok(Answer::Authorized));
        assert_eq!(sandbox.0.held(&order(7)), Some(eur(500)));
        assert_eq!(sandbox.0.held(&order(8)), None);
        assert_eq!(sandbox.void(&order(7)).await, Ok(()));
        assert_eq!(sandbox.0.held(&order(7)), None);
    }

    #[tokio::test]
    async fn what_was_never_held_is_released() {
        let sandbox = sandbox();
        assert_eq!(sandbox.void(&order(7)).await, Ok(()));
        assert_eq!(sandbox.0.held(&order(7)), None);
    }

    #[tokio::test]
    async fn a_declined_card_holds_nothing_and_says_why() {
        let sandbox = sandbox();
        for (token, expected) in [
            ("tok_declined", DeclineReason::CardDeclined),
            ("tok_insufficient_funds", DeclineReason::InsufficientFunds),
            ("4242424242424242", DeclineReason::CardDeclined),
        ] {
            let Ok(Answer::Declined(decline)) = ask(&sandbox, token).await else { panic!("not declined") };
            assert_eq!(decline.reason, expected);
            assert!(!decline.message.contains(token));
            assert_eq!(sandbox.0.held(&order(7)), None);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_late_card_is_approved_before_patience_ends() {
        let (sandbox, begun) = (sandbox(), Instant::now());
        assert_eq!(ask(&sandbox, "tok_late").await, Ok(Answer::Authorized));
        assert_eq!(begun.elapsed(), LATENESS);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lost_answer_leaves_the_amount_held_and_a_repeat_finds_it() {
        let sandbox = sandbox();
        assert!(matches!(ask(&sandbox, "tok_never_first").await, Err(GatewayError::Unavailable(_))));
        assert_eq!(sandbox.0.held(&order(7)), Some(eur(500)));
        assert_eq!(ask(&sandbox, "tok_never_first").await, Ok(Answer::Authorized));
        // Each order has a first request of its own.
        let other = sandbox.authorize(&order(8), eur(500), &card("tok_never_first")).await;
        assert!(matches!(other, Err(GatewayError::Unavailable(_))));
    }

    #[tokio::test]
    async fn memory_is_bounded() {
        let sandbox = Sandbox::new();
        for number in 0..=MAX_REFERENCES {
            sandbox.hold(&order(number as u128), eur(1));
            sandbox.hold(&order(number as u128), eur(1));
        }
        assert_eq!(sandbox.held(&order(0)), None);
        assert_eq!(sandbox.held(&order(1)), Some(eur(1)));
        let ledger = sandbox.ledger();
        assert_eq!((ledger.accounts.len(), ledger.oldest_first.len()), (MAX_REFERENCES, MAX_REFERENCES));
    }
}
