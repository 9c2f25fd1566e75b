//! The steps in the loop, on one gateway: whatever comes twice, late or in another order, no money stays held in vain.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use messaging::{EffectParticipant, Envelope, Failure, Handler, deliver};
use testkit::{MemoryOutbound, MemoryStore, Operation, Sent};
use time::OffsetDateTime;
use wire::message::v1::{CommandRefused, CommandSucceeded};

use crate::domain::{Authorization, Money};
use crate::fixture::{NOW, authorize, cancel, card, charge, decline, envelope, eur, reference, sandbox, soon};
use crate::gateway::{CardToken, GatewayAnswer, GatewayError, IdempotencyKey, PaymentGateway, Sandbox};
use crate::steps::{AuthorizeCard, CancelCard};

/// A sandbox that counts what it is asked.
struct Counting {
    sandbox: Sandbox,
    asked: AtomicU32,
}

impl Default for Counting {
    fn default() -> Self {
        Self { sandbox: sandbox(), asked: AtomicU32::default() }
    }
}

#[async_trait]
impl PaymentGateway for Counting {
    async fn authorize(
        &self,
        reference: &IdempotencyKey,
        amount: Money,
        card: &CardToken,
        at: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.sandbox.authorize(reference, amount, card, at).await
    }

    async fn void(&self, reference: &IdempotencyKey) -> Result<(), GatewayError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.sandbox.void(reference).await
    }
}

/// A gateway that does not answer.
struct Silent;

#[async_trait]
impl PaymentGateway for Silent {
    async fn authorize(
        &self,
        _: &IdempotencyKey,
        _: Money,
        _: &CardToken,
        _: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError> {
        std::future::pending().await
    }

    async fn void(&self, _: &IdempotencyKey) -> Result<(), GatewayError> {
        std::future::pending().await
    }
}

/// Billing as two functions see it; clones share everything.
#[derive(Clone, Default)]
struct Billing {
    gateway: Arc<Counting>,
    store: MemoryStore,
    outbound: MemoryOutbound,
}

impl Billing {
    async fn authorize(&self, card_token: &str) -> Result<(), Failure> {
        let message = envelope(1, authorize(card_token));
        let step = EffectParticipant(AuthorizeCard::new(self.gateway.clone()));
        soon(deliver(&step, &self.store, &self.outbound, &message, NOW)).await
    }

    async fn cancel(&self) -> Result<(), Failure> {
        let message = envelope(2, cancel());
        let step = EffectParticipant(CancelCard::new(self.gateway.clone()));
        soon(deliver(&step, &self.store, &self.outbound, &message, NOW)).await
    }

    /// An attempt reaches the gateway and dies before it can save anything.
    async fn authorize_and_die(&self) {
        let held = self.gateway.sandbox.authorize(&reference(), eur(500), &card("tok_visa"), NOW).await;
        assert_eq!(held, Ok(GatewayAnswer::Authorized));
    }

    fn saved(&self) -> Option<Authorization> {
        let record = self.store.peek(&crate::fixture::ORDER.to_string())?;
        assert_eq!(record.expires_at, None, "the table forgets the sandbox's marks, and no authorization");
        Some(record.aggregate().expect("an authorization"))
    }

    fn held(&self) -> Option<Money> {
        self.gateway.sandbox.held(&reference())
    }

    fn asked(&self) -> u32 {
        self.gateway.asked.load(Ordering::Relaxed)
    }

    /// The replies in order: empty for a success, otherwise the reason of the refusal.
    fn replies(&self) -> Vec<String> {
        let reason = |sent: &Sent| match sent.message.unpack::<CommandRefused>() {
            Ok(refused) => refused.reason,
            Err(_) => sent.message.unpack::<CommandSucceeded>().map(|_| String::new()).expect("a reply"),
        };
        self.outbound.sent().iter().map(reason).collect()
    }
}

fn authorized() -> Option<Authorization> {
    Some(Authorization::Authorized { charge: charge(500) })
}

fn voided() -> Option<Authorization> {
    Some(Authorization::Voided { charge: Some(charge(500)) })
}

#[tokio::test]
async fn commands_that_come_twice_reach_the_gateway_once_and_hear_the_same() {
    let billing = Billing::default();
    for _ in 0..2 {
        assert_eq!(billing.authorize("tok_visa").await, Ok(()));
        assert_eq!((billing.saved(), billing.held(), billing.asked()), (authorized(), Some(eur(500)), 1));
    }
    for _ in 0..2 {
        assert_eq!(billing.cancel().await, Ok(()));
        assert_eq!((billing.saved(), billing.held(), billing.asked()), (voided(), None, 2));
    }
    assert_eq!(billing.replies(), [""; 4]);
}

#[tokio::test]
async fn a_declined_card_is_remembered_as_declined() {
    let billing = Billing::default();
    for _ in 0..2 {
        assert_eq!(billing.authorize("tok_declined").await, Ok(()));
    }
    // The outcome was unknown to the saga, so it cancels: that changes nothing.
    assert_eq!(billing.cancel().await, Ok(()));
    assert_eq!(billing.saved(), Some(Authorization::Declined { charge: charge(500), decline: decline() }));
    assert_eq!(
        (billing.replies(), billing.asked()),
        (vec!["CARD_DECLINED".to_owned(), "CARD_DECLINED".to_owned(), String::new()], 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_again_and_held_once() {
    let billing = Billing::default();
    assert!(matches!(billing.authorize("tok_never_first").await, Err(Failure::Retry(_))));
    assert_eq!((billing.saved(), billing.replies().len()), (None, 0));
    assert_eq!(billing.authorize("tok_never_first").await, Ok(()));
    assert_eq!((billing.saved(), billing.held()), (authorized(), Some(eur(500))));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_that_is_given_up_is_released() {
    let billing = Billing::default();
    assert!(matches!(billing.authorize("tok_never_first").await, Err(Failure::Retry(_))));
    assert_eq!(billing.held(), Some(eur(500)), "the gateway holds what nobody has saved");
    assert_eq!(billing.cancel().await, Ok(()));
    assert_eq!((billing.saved(), billing.held()), (Some(Authorization::tombstone()), None));
}

#[tokio::test]
async fn a_cancellation_that_comes_first_forbids_the_late_command() {
    let billing = Billing::default();
    assert_eq!(billing.cancel().await, Ok(()));
    for _ in 0..2 {
        assert_eq!(billing.authorize("tok_visa").await, Ok(()));
        assert_eq!((billing.saved(), billing.held()), (voided(), None));
    }
    assert_eq!(billing.replies(), ["", "AUTHORIZATION_CANCELED", "AUTHORIZATION_CANCELED"]);
}

/// The gateway hears the release before the request, because another attempt's request was under way.
#[tokio::test]
async fn what_a_dead_attempt_held_after_the_cancellation_is_released_by_the_next() {
    let billing = Billing::default();
    assert_eq!(billing.cancel().await, Ok(()));
    billing.authorize_and_die().await;
    assert_eq!(billing.held(), Some(eur(500)));
    assert_eq!(billing.authorize("tok_visa").await, Ok(()));
    assert_eq!((billing.saved(), billing.held()), (voided(), None));
    assert_eq!(billing.replies(), ["", "AUTHORIZATION_CANCELED"]);
}

#[tokio::test]
async fn what_a_dead_attempt_held_is_found_by_the_cancellation() {
    let billing = Billing::default();
    billing.authorize_and_die().await;
    assert_eq!(billing.cancel().await, Ok(()));
    assert_eq!(billing.held(), None);
}

/// The cancellation asks the gateway first, but is saved only after the command has asked it too.
#[tokio::test]
async fn an_effect_whose_save_loses_against_the_cancellation_is_reversed() {
    let billing = Billing::default();
    let other = Billing { gateway: Arc::default(), ..billing.clone() };
    billing.store.faults().before(Operation::Save, 1, || async move {
        // Its release came before the amount was held, so it reaches a gateway that holds nothing.
        other.cancel().await.expect("canceled");
    });
    assert_eq!(billing.authorize("tok_visa").await, Ok(()));
    assert_eq!((billing.saved(), billing.held()), (voided(), None));
    assert_eq!(billing.replies(), ["", "AUTHORIZATION_CANCELED"]);
    assert_eq!(billing.asked(), 2, "it was held, then released");
}

/// The same message is handled twice at once; the other delivery answers, and the order is canceled, before this one is
/// through with the gateway.
#[tokio::test]
async fn an_effect_that_comes_after_another_delivery_was_canceled_is_reversed() {
    let billing = Billing::default();
    let other = Billing { gateway: Arc::default(), ..billing.clone() };
    billing.store.faults().before(Operation::Save, 1, || async move {
        other.authorize("tok_visa").await.expect("authorized");
        other.cancel().await.expect("canceled");
    });
    assert_eq!(billing.authorize("tok_visa").await, Ok(()));
    assert_eq!((billing.saved(), billing.held()), (voided(), None));
    assert_eq!(billing.replies(), ["", "", ""], "it is answered as before");
}

#[tokio::test]
async fn what_cannot_be_answered_does_not_reach_the_gateway() {
    let billing = Billing::default();
    let orphan = Envelope { correlation: None, ..envelope(1, authorize("tok_visa")) };
    let step = EffectParticipant(AuthorizeCard::new(billing.gateway.clone()));
    let handled = deliver(&step, &billing.store, &billing.outbound, &orphan, NOW).await;
    assert!(matches!(handled, Err(Failure::SetAside(_))), "{handled:?}");
    assert_eq!((billing.asked(), billing.saved()), (0, None));
}

#[tokio::test]
async fn a_cancellation_whose_save_loses_against_the_command_releases_what_it_held() {
    let billing = Billing::default();
    let other = billing.clone();
    billing.store.faults().before(Operation::Save, 1, || async move {
        other.authorize("tok_visa").await.expect("authorized");
    });
    assert_eq!(billing.cancel().await, Ok(()));
    assert_eq!((billing.saved(), billing.held()), (voided(), None));
    assert_eq!(billing.replies(), ["", ""]);
}

#[tokio::test]
async fn a_write_whose_success_was_not_heard_is_not_repeated() {
    let billing = Billing::default();
    billing.store.faults().crash_after(Operation::Save, 1);
    assert!(matches!(billing.authorize("tok_visa").await, Err(Failure::Retry(_))));
    assert_eq!(billing.authorize("tok_visa").await, Ok(()));
    assert_eq!((billing.saved(), billing.asked()), (authorized(), 1));
    assert_eq!(billing.replies(), [""]);
}

#[tokio::test(start_paused = true)]
async fn a_silent_gateway_leaves_both_messages_on_their_queues() {
    async fn fails<H: Handler>(step: H, command: impl Into<messaging::Payload>) {
        let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
        let begun = tokio::time::Instant::now();
        let handled = soon(deliver(&step, &store, &outbound, &envelope(1, command), NOW)).await;
        assert_eq!(begun.elapsed(), std::time::Duration::from_secs(3), "the function's own time must not run out");
        let said = "the payment gateway does not answer: no answer within 3 s";
        assert_eq!(handled, Err(Failure::retry(said.to_owned())));
        assert!(store.is_empty() && outbound.sent().is_empty());
    }
    fails(EffectParticipant(AuthorizeCard::new(Silent)), authorize("tok_visa")).await;
    fails(EffectParticipant(CancelCard::new(Silent)), cancel()).await;
}
