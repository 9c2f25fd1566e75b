//! What earlier deployments wrote of sagas stays readable.

use std::sync::Arc;

use contracts::billing::v1::{AuthorizeCard, CancelCard};
use contracts::kitchen::v1::{ApproveTicket, RejectTicket};
use contracts::order::v1::{CancellationRequested, OrderCreated};
use messaging::{Address, Correlation, Envelope, Payload, Record, deliver, ids};
use orchestration::{Orchestrator, Registry, SagaInstance, StartSaga};
use saga::{Command, CommandOf, Position, saga};
use serde_json::{Value, json};
use testkit::{MemoryExecutions, MemoryOutbound, MemoryStore, builders};
use wire::message::v1::CommandSucceeded;
use wire::saga::v1::DeadlinePassed;

use super::{PlacedOrder, create_order};

struct Data;

impl From<OrderCreated> for Data {
    fn from(_: OrderCreated) -> Self {
        Self
    }
}

macro_rules! worded {
    ($($command:ty),*) => {
        $(impl CommandOf<Data> for $command {
            fn of(_: &Data) -> Self {
                Self::default()
            }
        })*
    };
}

worded!(RejectTicket, ApproveTicket, CancelCard);

/// The registry of the deployment that wrote the fixture.
fn registry() -> Registry {
    let steps = saga::<Data, Payload>("test", 1).undone_by::<RejectTicket>().pivot::<ApproveTicket>();
    Registry::default().with::<OrderCreated, Data>(steps.retriable::<CancelCard>().build())
}

/// Where the run goes after this message: the instance, and the handler that got a command.
async fn after(record: &Record, step: &str, payload: impl Into<Payload>) -> (SagaInstance, Option<String>) {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    store.plant(&record.key, serde_json::to_value(record).expect("JSON"));
    let correlation = Correlation {
        saga_id: builders::id(1),
        step: step.to_owned(),
        reply_to: "saga".to_owned(),
        reply_token: String::new(),
    };
    let message = Envelope { correlation: Some(correlation), ..builders::event(2, payload) };
    let orchestrator = Orchestrator::new("orchestrate-saga", registry(), "saga");
    deliver(&orchestrator, &store, &outbound, &message, builders::at(0)).await.expect("a delivery");
    let instance = store.peek(&record.key).expect("a record").aggregate().expect("an instance");
    let handler = outbound.sent().into_iter().find_map(|sent| match sent.to {
        Address::Handler(handler) => Some(handler),
        _ => None,
    });
    (instance, handler)
}

/// This file is what schema 1 wrote before instances had a fingerprint: never edit it, add one per schema version.
#[tokio::test]
async fn what_schema_1_wrote_is_read_and_goes_on() {
    let state: Value = serde_json::from_str(include_str!("../../fixtures/saga.1.running.json")).expect("JSON");
    let key = builders::id(1).to_string();
    let record = json!({"key": key, "version": 1, "schema": 1, "state": state});
    let record: Record = serde_json::from_value(record).expect("a record");
    let instance: SagaInstance = record.aggregate().expect("an instance");
    assert_eq!((instance.fingerprint, instance.armed_by), (None, 0));
    assert_eq!(instance.state.position, Position::Doing(0));
    let (next, handler) = after(&record, "approve-ticket", CommandSucceeded::default()).await;
    assert_eq!((next.fingerprint, handler.as_deref()), (None, Some("cancel-card")));
    let bark = DeadlinePassed { watchdog: instance.watchdog, ..Default::default() };
    let (next, handler) = after(&record, "-", bark).await;
    assert_eq!((next.fingerprint, handler.as_deref()), (None, Some("approve-ticket")));
}

/// Written since sagas are listed: what they are about, what started them, whether they are stuck, when commands were repeated.
#[test]
fn what_schema_1_writes_by_now_is_read_and_written_as_it_was() {
    let state: Value = serde_json::from_str(include_str!("../../fixtures/saga.1.stuck.json")).expect("JSON");
    let instance: SagaInstance = serde_json::from_value(state.clone()).expect("an instance");
    assert_eq!((instance.subject.as_str(), instance.started_by), ("order-1", Some(builders::id(7))));
    assert_eq!((instance.stuck, instance.entries[0].repeated_at.len()), (true, 2));
    assert_eq!(serde_json::to_value(&instance).expect("JSON"), state);
}

#[test]
fn a_saga_is_about_its_order() {
    let created = OrderCreated { order_id: "order-1".to_owned(), ..Default::default() };
    let requested = CancellationRequested { order_id: "order-2".to_owned(), ..Default::default() };
    let start = StartSaga::new(crate::sagas::registry(), Arc::new(MemoryExecutions::default()));
    for (event, order) in [(builders::event(1, created), "order-1"), (builders::event(2, requested), "order-2")] {
        let input: Value = serde_json::from_str(&start.execution(&event).expect("an execution").input).expect("JSON");
        assert_eq!(input["subject"], order);
    }
}

/// Whoever words a later command from the card's token finds it forgotten.
#[test]
fn no_command_that_comes_after_authorize_card_needs_the_cards_token() {
    let create_order = create_order();
    let definition = create_order.definition();
    let placed = |card_token: &str| {
        let (order_id, card_token) = (builders::id(1).to_string(), card_token.to_owned());
        PlacedOrder::from(OrderCreated { order_id, card_token, ..Default::default() })
    };
    let mut later = Vec::new();
    for position in definition.positions().filter(|position| !definition.may_send(*position, AuthorizeCard::HANDLER)) {
        let Some(command) = definition.command_at(position) else { continue };
        let worded = |card_token| create_order.command(command.handler, &placed(card_token), None);
        assert_eq!(worded("tok_visa"), worded(""), "{}", command.handler);
        later.push(command.handler);
    }
    assert_eq!(later, ["approve-ticket", "approve-order", "cancel-card", "reject-ticket", "reject-order"]);
}

/// Participants have such identities in their inboxes, and subscribers know such events.
#[test]
fn an_identity_in_flight_stays_what_it_is() {
    let command = ids::command(builders::id(1), "create-ticket");
    assert_eq!(command.to_string(), "3c565c2f-cf57-5d68-a04f-1c79768f65c2");
    assert_eq!(ids::event("order", 1, 0).to_string(), "aab49eab-4f6b-59aa-9f5d-f8378bb329f8");
}
