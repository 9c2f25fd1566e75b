//! The bodies of messages, from the queue to the participant or the orchestrator that their payload names.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::gateway::Sandbox;
use kitchen::domain::Shards;
use messaging::{Command, EffectParticipant, EffectStep, Envelope, Failure, Handler, Participant, Receiver, Step};
use orchestration::{Orchestrator, ResumeSaga, StartSaga};
use serde_json::{Value, json};
use testkit::{Consumer, MemoryDatabase, MemoryExecutions, MemoryOutbound, MemoryStore, Worker, queue_url};
use time::OffsetDateTime;

use crate::block_on;
use crate::echoes::{repeats_nothing, values_of};
use crate::restaurant::opened;

/// Where the texts of refusals stand: a word of them may stand in a message as well.
const TEXTS: [&str; 3] = [
    include_str!("../../../shared/engine/messaging/src/message/envelope.rs"),
    include_str!("../../../shared/engine/wire/src/payload.rs"),
    include_str!("../../../shared/engine/wire/src/fault.rs"),
];
/// How many messages of an input are looked at.
const MESSAGES: usize = 8;
/// The sagas of the corpus.
const CREATION: &str = "3d08009b-2ad0-58a9-a2de-66834c02bcb3";
const CANCELLATION: &str = "194cb561-a52b-533a-84db-73d3168ca08b";
const TABLES: [&str; 5] = ["authorizations", "orders", "sagas", "stock", "tickets"];

/// Whether a participant handles a message of it: each line is the body of a message, and they are delivered one after the other,
/// each twice.
pub fn check(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let system = System::about(text);
    let mut is_any_handled = false;
    for body in text.lines().take(MESSAGES) {
        match Envelope::parse(body) {
            Ok(message) => {
                travels(&message);
                is_any_handled |= system.deliver(&message).is_ok();
            }
            Err(failure) => says_nothing(&failure, body),
        }
    }
    is_any_handled
}

/// What can be read can be written, and says the same.
fn travels(message: &Envelope) {
    let written = message.to_json().expect("what was read can be written");
    assert_eq!(Envelope::parse(&written).as_ref(), Ok(message));
}

/// A body is set aside, without a word of it; where the envelope itself is well-formed, its subject may be told, the payload may
/// not.
fn says_nothing(failure: &Failure, body: &str) {
    assert!(matches!(failure, Failure::SetAside(_)), "a repeat would bring the same body: {failure}");
    let told = failure.in_full();
    match serde_json::from_str::<Value>(body) {
        Ok(message) => repeats_no_payload(&told, &message["payload"], &values_of(&message["subject"])),
        Err(_) => repeats_nothing(&told, body, &TEXTS),
    }
}

fn repeats_no_payload(told: &str, payload: &Value, may_be_told: &str) {
    let mut payload = payload.clone();
    // Which message it is may be told.
    let type_name = payload.as_object_mut().and_then(|fields| fields.remove("@type")).unwrap_or_default().to_string();
    let [envelope, wire, fault] = TEXTS;
    repeats_nothing(told, &values_of(&payload), &[envelope, wire, fault, may_be_told, &type_name]);
}

/// What a participant may tell of a payload that it sets aside: what names no person, and opens nothing.
fn harmless(payload: &Value) -> String {
    let items = payload["items"].as_array().into_iter().flatten().map(|item| &item["productId"]);
    let fields = ["currency", "reason"].map(|name| &payload[name]);
    items.chain(fields).map(values_of).collect::<Vec<_>>().join(" ")
}

/// Every participant and the orchestrator, over tables of their own.
struct System {
    database: MemoryDatabase,
    consumers: BTreeMap<&'static str, Box<dyn Consumer>>,
    orchestrator: Worker<Orchestrator>,
    /// The two ends of the Step Functions lane.
    other_lane: [Box<dyn Receiver>; 2],
}

impl System {
    /// With the order in the hands of the saga that creates it or, where the input speaks of it, of the saga that cancels it.
    fn about(text: &str) -> Self {
        let status = match text.contains(CANCELLATION) {
            true => json!({"name": "CANCEL_PENDING", "owner": CANCELLATION}),
            false => json!({"name": "APPROVAL_PENDING", "owner": CREATION}),
        };
        let database = opened(&status);
        let (orders, cards) = (database.table("orders"), database.table("authorizations"));
        let tickets = database.table("tickets").with_counters("stock");
        let gateway = Arc::new(Sandbox::new(Arc::new(MemoryStore::default())));
        let consumers = BTreeMap::from([
            step(kitchen::steps::CreateTicket::new(Shards::ONE), &tickets),
            step(kitchen::steps::ApproveTicket, &tickets),
            step(kitchen::steps::RejectTicket, &tickets),
            step(kitchen::steps::CancelTicket, &tickets),
            step(order::steps::ApproveOrder, &orders),
            step(order::steps::RejectOrder, &orders),
            step(order::steps::ConfirmCancellation, &orders),
            step(order::steps::RejectCancellation, &orders),
            effect_step(billing::steps::AuthorizeCard::new(Arc::clone(&gateway)), &cards),
            effect_step(billing::steps::CancelCard::new(Arc::clone(&gateway)), &cards),
        ]);
        let orchestrator = Orchestrator::new("orchestrate-saga", order::sagas::registry(), queue_url("saga"));
        let orchestrator = Worker::new(orchestrator, database.table("sagas"));
        let executions = Arc::new(MemoryExecutions::default());
        let start = StartSaga::new(order::sagas::registry(), executions.clone());
        let resume = ResumeSaga::new(order::sagas::registry(), executions);
        Self { database, consumers, orchestrator, other_lane: [Box::new(start), Box::new(resume)] }
    }

    /// Delivers the message to whoever it is for, and once more: the second delivery has the same outcome, and changes nothing.
    fn deliver(&self, message: &Envelope) -> Result<(), Failure> {
        let Some(participant) = self.consumers.get(message.payload.type_name()) else {
            // The orchestrator's repeats arm new watchdogs, and so are no repeats of what it did.
            let outbound = MemoryOutbound::default();
            let [first, second] = [(); 2].map(|()| self.handled(&self.orchestrator, message, &outbound));
            assert_eq!(first, second, "the second delivery has another outcome");
            let ends = self.other_lane.each_ref().map(|end| block_on(end.receive(message, OffsetDateTime::UNIX_EPOCH)));
            return ends.into_iter().fold(first, |handled, outcome| handled.or(tells_little(outcome, message)));
        };
        let deliver = || {
            let outbound = MemoryOutbound::default();
            let outcome = self.handled(participant.as_ref(), message, &outbound);
            (outcome, outbound.sent(), TABLES.map(|table| self.database.table(table).peek_all()))
        };
        let first = deliver();
        assert_eq!(deliver(), first, "the second delivery differs");
        let (outcome, sent, _) = first;
        assert_eq!(sent.len(), usize::from(outcome.is_ok()), "a command has one answer, or is not handled");
        outcome
    }

    fn handled(&self, consumer: &dyn Consumer, message: &Envelope, outbound: &MemoryOutbound) -> Result<(), Failure> {
        tells_little(block_on(consumer.consume(message, outbound, OffsetDateTime::UNIX_EPOCH)), message)
    }
}

/// The outcome, after a look at what a failure says.
fn tells_little(outcome: Result<(), Failure>, message: &Envelope) -> Result<(), Failure> {
    if let Err(failure) = &outcome {
        let told = failure.in_full();
        let written = message.to_json().expect("JSON");
        let written: Value = serde_json::from_str(&written).expect("JSON");
        let may_be_told = format!("{} {}", values_of(&written["subject"]), harmless(&written["payload"]));
        repeats_no_payload(&told, &written["payload"], &may_be_told);
    }
    outcome
}

fn step<S>(step: S, table: &MemoryStore) -> (&'static str, Box<dyn Consumer>)
where
    S: Step + 'static,
    <S::Command as Command>::Refusal: Into<messaging::Refusal>,
{
    consumer::<S::Command>(Participant(step), table)
}

fn effect_step<S>(step: S, table: &MemoryStore) -> (&'static str, Box<dyn Consumer>)
where
    S: EffectStep + 'static,
    <S::Command as Command>::Refusal: Into<messaging::Refusal>,
{
    consumer::<S::Command>(EffectParticipant(step), table)
}

fn consumer<C: messaging::WireMessage>(
    handler: impl Handler + 'static,
    table: &MemoryStore,
) -> (&'static str, Box<dyn Consumer>) {
    (C::FULL_NAME, Box::new(Worker::new(handler, table.clone())))
}
