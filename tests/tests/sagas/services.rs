//! The three services and the orchestrator as they are, each consumer behind its queue.

use std::sync::Arc;

use billing::gateway::PaymentGateway;
use kitchen::domain::Shards;
use messaging::{Command, WireMessage};
use messaging::{EffectParticipant, EffectStep, Handler, Participant, Step};
use orchestration::{Orchestrator, Registry};
use testkit::{Bus, Consumer, MemoryDatabase, MemoryStore, Worker, queue_url};

/// A queue, and what handles its messages.
pub(crate) type Service = (&'static str, Box<dyn Consumer>);

/// The orchestrator's queue.
pub(crate) const SAGA_QUEUE: &str = "saga";

/// Publishes what orders say, and brings the orchestrator the events that start a saga.
pub(crate) fn connect(bus: &mut Bus, database: &MemoryDatabase) {
    bus.relay("relay-outbox", &database.table("orders"));
    bus.subscribe("order.v1.OrderCreated", SAGA_QUEUE);
    bus.subscribe("order.v1.CancellationRequested", SAGA_QUEUE);
}

/// Every consumer over these tables, with these sagas and this payment gateway; stock is taken from so many shards.
pub(crate) fn services<G>(database: &MemoryDatabase, sagas: Registry, gateway: &Arc<G>, shards: Shards) -> Vec<Service>
where
    G: PaymentGateway + 'static,
{
    let (orders, cards) = (database.table("orders"), database.table("authorizations"));
    let tickets = tickets(database);
    let orchestrator = Orchestrator::new("orchestrate-saga", sagas, queue_url(SAGA_QUEUE));
    vec![
        service(SAGA_QUEUE, orchestrator, &database.table("sagas")),
        step(kitchen::steps::CreateTicket::new(shards), &tickets),
        step(kitchen::steps::ApproveTicket, &tickets),
        step(kitchen::steps::RejectTicket, &tickets),
        step(kitchen::steps::CancelTicket, &tickets),
        step(order::steps::ApproveOrder, &orders),
        step(order::steps::RejectOrder, &orders),
        step(order::steps::ConfirmCancellation, &orders),
        step(order::steps::RejectCancellation, &orders),
        effect_step(billing::steps::AuthorizeCard::new(Arc::clone(gateway)), &cards),
        effect_step(billing::steps::CancelCard::new(Arc::clone(gateway)), &cards),
    ]
}

/// The table of tickets, whose writes move the stock.
pub(crate) fn tickets(database: &MemoryDatabase) -> MemoryStore {
    database.table("tickets").with_counters("stock")
}

fn step<S>(step: S, table: &MemoryStore) -> Service
where
    S: Step + 'static,
    S::Command: WireMessage,
    <S::Command as Command>::Refusal: Into<messaging::Refusal>,
{
    service(S::Command::HANDLER, Participant(step), table)
}

fn effect_step<S>(step: S, table: &MemoryStore) -> Service
where
    S: EffectStep + 'static,
    <S::Command as Command>::Refusal: Into<messaging::Refusal>,
{
    service(S::Command::HANDLER, EffectParticipant(step), table)
}

fn service(queue: &'static str, handler: impl Handler + 'static, table: &MemoryStore) -> Service {
    (queue, Box::new(Worker::new(handler, table.clone())))
}
