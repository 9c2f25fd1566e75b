use std::collections::BTreeMap;
use std::convert::Infallible;

use async_trait::async_trait;
use aws_lambda_events::event::sqs::SqsMessage;
use contracts::billing::v1::CancelCard;
use contracts::message::v1::CommandSucceeded;
use messaging::{Aggregate, Context, Decision, Key, Outgoing, Verdict};
use serde::{Deserialize, Serialize};
use testkit::{Faults, MemoryOutbound, MemoryStore, Operation, builders};

use super::*;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Seen(String);

impl Aggregate for Seen {
    const SCHEMA: u32 = 1;
}

/// Remembers what it sees, panics at the sight of "panic", and never comes to an end with "slow".
struct Witness;

#[async_trait]
impl Handler for Witness {
    type Aggregate = Seen;
    type Effect = ();
    type Outcome = Infallible;

    fn source(&self) -> &str {
        "witness"
    }

    fn key(&self, message: &Envelope) -> Result<Key, Failure> {
        let command: CancelCard = message.unpack()?;
        assert_ne!(command.order_id, "panic", "as the test wants");
        Ok(command.order_id)
    }

    fn decide(&self, _: Option<&Seen>, context: &Context<'_>) -> Result<Verdict<Seen, ()>, Failure> {
        let seen = Seen(self.key(context.message)?);
        if seen.0 == "slow" {
            return Ok(Verdict::Perform(()));
        }
        Ok(Verdict::Save(Decision::save(seen).sending([Outgoing::Reply(CommandSucceeded::default().into())])))
    }

    async fn perform(&self, (): &()) -> Result<Infallible, Failure> {
        std::future::pending().await
    }

    fn conclude(&self, _: Option<&Seen>, outcome: Infallible, _: &Context<'_>) -> Result<Decision<Seen>, Failure> {
        match outcome {}
    }
}

fn good(number: u128, order_id: &str) -> String {
    let command = CancelCard { order_id: order_id.to_owned(), ..Default::default() };
    builders::command(number, command).to_json().expect("a message")
}

/// Handles the bodies as one batch; returns the ones that come again.
async fn handle_all(store: &MemoryStore, outbound: &MemoryOutbound, bodies: &[(&str, String)]) -> Vec<String> {
    let mut batch = SqsEvent::default();
    for (id, body) in bodies {
        let mut message = SqsMessage::default();
        message.message_id = Some((*id).to_owned());
        message.body = Some(body.clone());
        batch.records.push(message);
    }
    let receiver = Loop { handler: Witness, store, outbound };
    let response = handle_batch(&receiver, outbound, batch).await;
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn a_bad_message_is_set_aside_and_its_neighbours_are_handled() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let bodies = [
        ("1", good(1, "a")),
        ("2", "not json".to_owned()),
        ("3", good(3, "panic")),
        ("4", good(4, "b")),
        ("5", good(5, "").replace("CancelCard", "NoSuchCommand")),
    ];
    let again = handle_all(&store, &outbound, &bodies).await;
    assert_eq!(again, ["3"], "a panic is our defect: the message is left for redelivery");
    assert_eq!(outbound.sent().len(), 2);
    assert!(store.peek("a").is_some() && store.peek("b").is_some());
    let reasons: BTreeMap<String, String> =
        outbound.set_aside().into_iter().map(|aside| (aside.body, aside.reason)).collect();
    assert_eq!(reasons.len(), 2);
    assert!(reasons["not json"].contains("not a JSON object"));
    assert!(reasons[&bodies[4].1].contains("NoSuchCommand"));
}

#[tokio::test]
async fn a_message_that_may_succeed_later_comes_again_alone() {
    let faults = Faults::default();
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::with_faults(faults.clone()));
    faults.fail(Operation::Send, 1);
    let again = handle_all(&store, &outbound, &[("1", good(1, "a")), ("2", good(2, "b"))]).await;
    assert_eq!(again, ["1"]);
    assert_eq!(handle_all(&store, &outbound, &[("1", good(1, "a"))]).await, Vec::<String>::new());
    assert_eq!(outbound.sent().len(), 2, "each is answered once");
}

#[tokio::test]
async fn a_message_that_cannot_be_set_aside_yet_comes_again() {
    let faults = Faults::default();
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::with_faults(faults.clone()));
    faults.fail(Operation::SetAside, 1);
    let bad = [("1", "not json".to_owned())];
    assert_eq!(handle_all(&store, &outbound, &bad).await, ["1"]);
    assert_eq!(handle_all(&store, &outbound, &bad).await, Vec::<String>::new());
    assert_eq!(outbound.set_aside().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_takes_too_long_comes_again_alone() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let bodies = [("1", good(1, "slow")), ("2", good(2, "b"))];
    assert_eq!(handle_all(&store, &outbound, &bodies).await, ["1"]);
    assert_eq!(outbound.sent().len(), 1);
}

#[test]
fn a_handlers_queue_is_named_after_it() {
    assert_eq!(queue_variable("create-ticket"), "CREATE_TICKET_QUEUE_URL");
}
