//! An effect outside our tables, between decide and save.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use messaging::{Context, CounterRefused, Decision, Envelope, Failure, Handler, Key, Outgoing, Verdict, deliver};
use testkit::builders::{at, event, payloads, refused, succeeded};
use testkit::warehouse::v1::ReserveGoods;
use testkit::{MemoryOutbound, MemoryStore, Operation};

use testkit::tally::{Count, reserve_goods};

/// Performs an effect for every message, and counts what it came to.
#[derive(Default)]
struct Provider {
    decided: AtomicUsize,
    performed: AtomicUsize,
    out_of_order: bool,
    /// Performs no effect once there is an item, and has only another answer.
    once: bool,
    reverses: bool,
}

#[async_trait]
impl Handler for Provider {
    type Aggregate = Count;
    type Effect = String;
    type Outcome = u32;

    fn source(&self) -> &str {
        "provider"
    }

    fn key(&self, _message: &Envelope) -> Result<Key, Failure> {
        Ok("sale-1".to_owned())
    }

    fn reverses(&self) -> bool {
        self.reverses
    }

    fn decide(&self, state: Option<&Count>, context: &Context<'_>) -> Result<Verdict<Count, String>, Failure> {
        self.decided.fetch_add(1, Ordering::Relaxed);
        if self.once && state.is_some() {
            return Ok(Verdict::Send(vec![Outgoing::Reply(refused("LATE", ""))]));
        }
        Ok(Verdict::Perform(format!("effect of {}", context.message.message_id)))
    }

    async fn perform(&self, effect: &String) -> Result<u32, Failure> {
        self.performed.fetch_add(1, Ordering::Relaxed);
        assert!(effect.starts_with("effect of"));
        if self.out_of_order { Err(Failure::retry("the provider is out of order")) } else { Ok(1) }
    }

    fn conclude(
        &self,
        state: Option<&Count>,
        outcome: u32,
        _context: &Context<'_>,
    ) -> Result<Decision<Count>, Failure> {
        let handled = state.map_or(0, |count| count.handled) + outcome;
        Ok(Decision::save(Count { handled, refused: String::new() }).sending([Outgoing::Reply(succeeded())]))
    }
}

#[tokio::test]
async fn an_effect_is_performed_before_the_save_and_not_for_a_duplicate() {
    let (provider, store, outbound) = (Provider::default(), MemoryStore::default(), MemoryOutbound::default());
    for _ in 0..2 {
        assert_eq!(deliver(&provider, &store, &outbound, &reserve_goods(7), at(0)).await, Ok(()));
    }
    assert_eq!(provider.performed.load(Ordering::Relaxed), 1);
    assert_eq!(outbound.sent().len(), 2);
}

/// An earlier delivery may have died before it could reverse its effect; whatever the state asks for now, the answer stays.
#[tokio::test]
async fn a_recognised_repeat_is_decided_again_only_by_a_handler_that_reverses() {
    for (reverses, once, decided, performed) in
        [(false, false, 1, 1), (false, true, 1, 1), (true, false, 2, 2), (true, true, 2, 1)]
    {
        let provider = Provider { once, reverses, ..Provider::default() };
        let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
        for _ in 0..2 {
            assert_eq!(deliver(&provider, &store, &outbound, &reserve_goods(7), at(0)).await, Ok(()));
        }
        let case = format!("reverses: {reverses}, once: {once}");
        let found = (provider.decided.load(Ordering::Relaxed), provider.performed.load(Ordering::Relaxed));
        assert_eq!(found, (decided, performed), "{case}");
        assert_eq!(payloads(&outbound.sent()), [succeeded(), succeeded()], "{case}");
        assert_eq!(store.peek("sale-1").expect("an item").version, 1, "{case}");
    }
}

#[tokio::test]
async fn an_unknown_outcome_leaves_everything_as_it_was() {
    let provider = Provider { out_of_order: true, ..Provider::default() };
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let result = deliver(&provider, &store, &outbound, &reserve_goods(7), at(0)).await;
    assert!(matches!(result, Err(Failure::Retry(_))), "{result:?}");
    assert!(store.is_empty() && outbound.sent().is_empty());
}

#[tokio::test]
async fn after_a_conflict_the_effect_is_performed_again_for_the_newer_state() {
    let provider = Arc::new(Provider::default());
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let other = (provider.clone(), store.clone(), outbound.clone());
    store.faults().before(Operation::Save, 1, || async move {
        let (provider, store, outbound) = other;
        deliver(provider.as_ref(), &store, &outbound, &reserve_goods(8), at(0)).await.expect("a delivery");
    });
    assert_eq!(deliver(provider.as_ref(), &store, &outbound, &reserve_goods(7), at(0)).await, Ok(()));
    assert_eq!(provider.performed.load(Ordering::Relaxed), 3);
    let count: Count = store.peek("sale-1").expect("an item").aggregate().expect("a count");
    assert_eq!(count.handled, 2);
}

/// The same message is delivered twice at once: the other delivery comes first.
async fn overtaken_by_itself(provider: Provider) -> (Arc<Provider>, MemoryStore, MemoryOutbound) {
    let provider = Arc::new(provider);
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let other = (provider.clone(), store.clone(), outbound.clone());
    store.faults().before(Operation::Save, 1, || async move {
        let (provider, store, outbound) = other;
        deliver(provider.as_ref(), &store, &outbound, &reserve_goods(7), at(0)).await.expect("a delivery");
    });
    assert_eq!(deliver(provider.as_ref(), &store, &outbound, &reserve_goods(7), at(0)).await, Ok(()));
    assert_eq!(store.peek("sale-1").expect("an item").version, 1, "one of the two has written");
    assert_eq!(payloads(&outbound.sent()), [succeeded(), succeeded()], "both answer what was recorded");
    (provider, store, outbound)
}

/// What the slower delivery performed may have come after what forbids it, so the newest decision has the last word.
#[tokio::test]
async fn a_delivery_that_was_overtaken_performs_what_the_newest_state_asks_for() {
    let (provider, _, _) = overtaken_by_itself(Provider::default()).await;
    assert_eq!(provider.performed.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_delivery_that_was_overtaken_performs_nothing_when_the_newest_state_asks_for_nothing() {
    let (provider, _, _) = overtaken_by_itself(Provider { once: true, ..Provider::default() }).await;
    assert_eq!(provider.performed.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn an_effect_is_performed_once_for_each_attempt() {
    for conflicts in 0..=8 {
        let (provider, store, outbound) = (Provider::default(), MemoryStore::default(), MemoryOutbound::default());
        (1..=conflicts).for_each(|nth| store.faults().conflict(nth));
        let result = deliver(&provider, &store, &outbound, &reserve_goods(7), at(0)).await;
        assert_eq!(result.is_ok(), conflicts < 8, "{conflicts} conflicts: {result:?}");
        assert_eq!(provider.performed.load(Ordering::Relaxed), 8.min(conflicts + 1), "{conflicts} conflicts");
        let left = usize::from(conflicts < 8);
        assert_eq!((store.len(), outbound.sent().len()), (left, left), "{conflicts} conflicts");
    }
}

/// Without counters nothing can refuse the write, so whoever says nothing about refusals expects none.
#[test]
fn a_handler_that_does_not_expect_a_refusal_by_a_counter_needs_a_person() {
    let message = reserve_goods(7);
    let context = Context { now: at(0), next_version: 1, message: &message };
    let refused = Provider::default().refused(None, CounterRefused::Missing("tea".to_owned()), &context);
    let reason = "a counter refused a message that may not be refused: Missing(\"tea\")";
    assert_eq!(refused, Err(Failure::set_aside(reason)));
}

#[tokio::test]
async fn what_cannot_be_answered_has_no_effect() {
    let (provider, store, outbound) = (Provider::default(), MemoryStore::default(), MemoryOutbound::default());
    let orphan = event(7, ReserveGoods::default());
    let result = deliver(&provider, &store, &outbound, &orphan, at(0)).await;
    assert_eq!(result, Err(Failure::set_aside("the message has no return address")));
    assert_eq!((provider.performed.load(Ordering::Relaxed), store.len()), (0, 0));
}
