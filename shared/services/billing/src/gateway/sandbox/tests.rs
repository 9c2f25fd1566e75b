use super::*;
use crate::fixture::{self, NOW, card, eur, soon};
use crate::gateway::Impatient;
use testkit::{MemoryStore, Operation};
use tokio::time::Instant;
use uuid::Uuid;

fn order(number: u128) -> IdempotencyKey {
    IdempotencyKey::of_order(Uuid::from_u128(number))
}

async fn ask(sandbox: &Impatient<Sandbox>, token: &str) -> Result<GatewayAnswer, GatewayError> {
    soon(sandbox.authorize(&order(7), eur(500), &card(token), NOW)).await
}

fn sandbox() -> Impatient<Sandbox> {
    Impatient(fixture::sandbox())
}

#[tokio::test]
async fn an_approved_card_holds_the_amount_until_it_is_released() {
    let sandbox = sandbox();
    assert_eq!(ask(&sandbox, "tok_visa").await, Ok(GatewayAnswer::Authorized));
    assert_eq!(ask(&sandbox, "tok_visa").await, Ok(GatewayAnswer::Authorized));
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
    for (token, expected, said) in [
        ("tok_declined", DeclineReason::CardDeclined, "the card was declined"),
        ("tok_insufficient_funds", DeclineReason::InsufficientFunds, "there is not enough money on the card"),
        ("4242424242424242", DeclineReason::CardDeclined, "the card is not a test card of the sandbox"),
    ] {
        let declined = Decline { reason: expected, message: said.to_owned() };
        assert_eq!(ask(&sandbox, token).await, Ok(GatewayAnswer::Declined(declined)));
        assert_eq!(sandbox.0.held(&order(7)), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_card_is_approved_before_patience_ends() {
    let (sandbox, begun) = (sandbox(), Instant::now());
    assert_eq!(ask(&sandbox, "tok_late").await, Ok(GatewayAnswer::Authorized));
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
    assert_eq!(sandbox.0.held(&order(7)), Some(eur(500)));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_leaves_the_amount_held_and_a_repeat_finds_it() {
    let sandbox = sandbox();
    assert!(matches!(ask(&sandbox, "tok_never_first").await, Err(GatewayError::Unavailable(_))));
    assert_eq!(sandbox.0.held(&order(7)), Some(eur(500)));
    assert_eq!(ask(&sandbox, "tok_never_first").await, Ok(GatewayAnswer::Authorized));
    // Each order has a first request of its own.
    let other = soon(sandbox.authorize(&order(8), eur(500), &card("tok_never_first"), NOW)).await;
    assert!(matches!(other, Err(GatewayError::Unavailable(_))));
}

#[tokio::test(start_paused = true)]
async fn the_first_request_of_an_order_is_the_first_in_whichever_process() {
    let items = MemoryStore::default();
    let process = || Impatient(Sandbox::new(Arc::new(items.clone())));
    assert!(matches!(ask(&process(), "tok_never_first").await, Err(GatewayError::Unavailable(_))));
    for _ in 0..2 {
        let restarted = process();
        assert_eq!(ask(&restarted, "tok_never_first").await, Ok(GatewayAnswer::Authorized));
        assert_eq!(restarted.0.held(&order(7)), Some(eur(500)));
    }
    // The mark is no authorization, and no order's id is its key.
    let mark = items.peek("sandbox-order-00000000-0000-0000-0000-000000000007").expect("a mark");
    assert_eq!(mark.expires_at, Some((NOW + time::Duration::days(7)).unix_timestamp()), "it is forgotten in a week");
    for token in ["tok_visa", "tok_late", "tok_declined"] {
        assert!(soon(process().authorize(&order(8), eur(500), &card(token), NOW)).await.is_ok());
    }
    assert!(items.peek("sandbox-order-00000000-0000-0000-0000-000000000008").is_none(), "other cards leave no mark");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_remembered_is_not_answered() {
    let items = MemoryStore::default();
    items.faults().fail(Operation::Save, 1);
    let sandbox = Impatient(Sandbox::new(Arc::new(items)));
    let why = "the sandbox cannot remember the request: saving failed: injected".to_owned();
    assert_eq!(ask(&sandbox, "tok_never_first").await, Err(GatewayError::Unavailable(why)));
}

/// The sandbox forgets releases: what was released can be held again, and an order's first request stays its first.
#[tokio::test(start_paused = true)]
async fn a_release_is_not_remembered() {
    let sandbox = sandbox();
    assert!(matches!(ask(&sandbox, "tok_never_first").await, Err(GatewayError::Unavailable(_))));
    for token in ["tok_visa", "tok_late", "tok_never_first"] {
        assert_eq!(ask(&sandbox, token).await, Ok(GatewayAnswer::Authorized), "{token}");
        assert_eq!(sandbox.0.held(&order(7)), Some(eur(500)), "{token}");
        assert_eq!(sandbox.void(&order(7)).await, Ok(()));
        assert_eq!(sandbox.0.held(&order(7)), None, "{token}");
    }
}

#[tokio::test]
async fn each_order_holds_an_amount_of_its_own() {
    let sandbox = sandbox();
    for (number, amount) in [(7, 500), (8, 1), (9, 0)] {
        let held = sandbox.authorize(&order(number), eur(amount), &card("tok_visa"), NOW).await;
        assert_eq!(held, Ok(GatewayAnswer::Authorized));
    }
    assert_eq!(sandbox.void(&order(8)).await, Ok(()));
    let held = [7, 8, 9].map(|number| sandbox.0.held(&order(number)));
    assert_eq!(held, [Some(eur(500)), None, Some(eur(0))]);
}

#[tokio::test]
async fn memory_is_bounded() {
    let sandbox = fixture::sandbox();
    for number in 0..=MAX_REFERENCES {
        // Once, twice or three times: however often it was asked for, a reference is remembered once.
        for _ in 0..=number % 3 {
            sandbox.hold(&order(number as u128), eur(1));
        }
    }
    assert_eq!(sandbox.held(&order(0)), None);
    assert_eq!(sandbox.held(&order(1)), Some(eur(1)));
    let ledger = sandbox.ledger();
    assert_eq!((ledger.accounts.len(), ledger.oldest_first.len()), (MAX_REFERENCES, MAX_REFERENCES));
}
