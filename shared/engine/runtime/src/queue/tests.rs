mod configuration;
mod logs;
mod turns;

use std::collections::BTreeMap;
use std::time::SystemTime;

use async_trait::async_trait;
use aws_lambda_events::event::sqs::SqsMessage;
use messaging::{Aggregate, Context, Decision, Key, Outgoing, Verdict};
use serde::{Deserialize, Serialize};
use testkit::till::v1::RefundCard;
use testkit::{Faults, MemoryOutbound, MemoryStore, Operation, builders};
use tokio::sync::Barrier;
use wire::message::v1::CommandSucceeded;

use super::*;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Seen(String);

impl Aggregate for Seen {
    const SCHEMA: u32 = 1;
}

/// A reason that has a cause.
#[derive(Debug, thiserror::Error)]
#[error("the provider does not answer")]
struct Silent(#[source] std::io::Error);

impl Silent {
    fn new() -> Self {
        Self(std::io::Error::other("connection refused"))
    }
}

/// Remembers what it sees. It panics at the sight of "panic", fails for now at "silent" and for ever at "lost", takes as many milliseconds as "takes 5" says, and handles
/// "together" only in the company of another.
pub(crate) struct Witness(Barrier);

impl Witness {
    pub(crate) fn new() -> Self {
        Self(Barrier::new(2))
    }
}

#[async_trait]
impl Handler for Witness {
    type Aggregate = Seen;
    type Effect = String;
    type Outcome = ();

    fn source(&self) -> &str {
        "witness"
    }

    fn key(&self, message: &Envelope) -> Result<Key, Failure> {
        let command: RefundCard = message.unpack()?;
        assert_ne!(command.sale_id, "panic", "as the test wants");
        Ok(command.sale_id)
    }

    fn decide(&self, _: Option<&Seen>, context: &Context<'_>) -> Result<Verdict<Seen, String>, Failure> {
        Ok(Verdict::Perform(self.key(context.message)?))
    }

    async fn perform(&self, sale_id: &String) -> Result<(), Failure> {
        if sale_id == "silent" {
            return Err(Failure::retry(Silent::new()));
        } else if sale_id == "lost" {
            return Err(Failure::set_aside(Silent::new()));
        } else if let Some(milliseconds) = sale_id.strip_prefix("takes ") {
            tokio::time::sleep(Duration::from_millis(milliseconds.parse().map_err(Failure::set_aside)?)).await;
        } else if sale_id.starts_with("together") {
            self.0.wait().await;
        }
        Ok(())
    }

    fn conclude(&self, _: Option<&Seen>, (): (), context: &Context<'_>) -> Result<Decision<Seen>, Failure> {
        let seen = Seen(self.key(context.message)?);
        Ok(Decision::save(seen).sending([Outgoing::Reply(CommandSucceeded::default().into())]))
    }
}

fn clock() -> SystemTime {
    builders::at(7).into()
}

pub(crate) fn good(number: u128, sale_id: &str) -> String {
    let command = RefundCard { sale_id: sale_id.to_owned(), ..Default::default() };
    builders::command(number, command).to_json().expect("a message")
}

fn message(sqs_message_id: Option<&str>, body: Option<&str>) -> SqsMessage {
    let mut message = SqsMessage::default();
    message.message_id = sqs_message_id.map(str::to_owned);
    message.body = body.map(str::to_owned);
    message
}

async fn handle_batch_of(store: &MemoryStore, outbound: &MemoryOutbound, messages: Vec<SqsMessage>) -> Vec<String> {
    let mut batch = SqsEvent::default();
    batch.records = messages;
    let receiver = Loop { handler: Witness::new(), store, outbound };
    let response = handle_batch(&receiver, outbound, clock, batch).await;
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

/// Handles the bodies as one batch; returns the SQS ids of those that come again.
async fn handle_all(store: &MemoryStore, outbound: &MemoryOutbound, bodies: &[(&str, String)]) -> Vec<String> {
    handle_batch_of(store, outbound, bodies.iter().map(|(id, body)| message(Some(id), Some(body))).collect()).await
}

fn none() -> Vec<String> {
    Vec::new()
}

#[tokio::test]
async fn a_bad_message_is_set_aside_and_its_neighbours_are_handled() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let bodies = [
        ("1", good(1, "a")),
        ("2", "not json".to_owned()),
        ("3", good(3, "panic")),
        ("4", good(4, "b")),
        ("5", good(5, "").replace("RefundCard", "NoSuchCommand")),
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
    assert_eq!(handle_all(&store, &outbound, &[("1", good(1, "a"))]).await, none());
    assert_eq!(outbound.sent().len(), 2, "each is answered once");
}

#[tokio::test]
async fn a_message_that_cannot_be_set_aside_yet_comes_again() {
    let faults = Faults::default();
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::with_faults(faults.clone()));
    faults.fail(Operation::SetAside, 1);
    let bad = [("1", "not json".to_owned())];
    assert_eq!(handle_all(&store, &outbound, &bad).await, ["1"]);
    assert_eq!(handle_all(&store, &outbound, &bad).await, none());
    assert_eq!(outbound.set_aside().len(), 1);
}

#[tokio::test]
async fn an_empty_batch_and_an_empty_body_harm_nobody() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    assert_eq!(handle_batch_of(&store, &outbound, Vec::new()).await, none());
    let messages =
        vec![message(Some("1"), None), message(Some("2"), Some("")), message(Some("3"), Some(&good(3, "a")))];
    assert_eq!(handle_batch_of(&store, &outbound, messages).await, none());
    let set_aside = outbound.set_aside();
    assert_eq!(set_aside.len(), 2);
    for aside in set_aside {
        assert_eq!(aside.body, "");
        assert!(aside.reason.contains("not a JSON object"), "{}", aside.reason);
    }
    assert_eq!(outbound.sent().len(), 1);
}

/// SQS gives a message an id of its own at each sending; what a message is known by stands in its envelope.
#[tokio::test]
async fn a_message_is_recognised_by_its_envelope_and_reported_by_the_id_that_sqs_gave_it() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let same = good(1, "a");
    assert_eq!(handle_all(&store, &outbound, &[("sqs-1", same.clone())]).await, none());
    assert_eq!(handle_all(&store, &outbound, &[("sqs-2", same)]).await, none());
    let record = store.peek("a").expect("an item");
    assert_eq!((record.version, record.inbox.len()), (1, 1), "two SQS messages, one effect");
    assert_eq!(record.inbox[0].id, builders::id(1));
    let replies: Vec<_> = outbound.sent().into_iter().map(|sent| sent.message.message_id).collect();
    assert_eq!(replies, [messaging::ids::reply(builders::id(1)); 2], "and the same answer to both");

    assert_eq!(handle_all(&store, &outbound, &[("sqs-1", good(2, "a"))]).await, none());
    assert_eq!(store.peek("a").expect("an item").version, 2, "another message under a known SQS id is another");

    store.faults().fail(Operation::Load, 1);
    assert_eq!(handle_all(&store, &outbound, &[("sqs-3", good(3, "b"))]).await, ["sqs-3"]);
}

#[tokio::test]
async fn whichever_messages_fail_they_and_no_others_come_again() {
    let bodies: Vec<(String, String)> = (0..5).map(|n| (format!("sqs-{n}"), good(n, &format!("sale-{n}")))).collect();
    for failing in 0..32_u32 {
        let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
        let fails = |index: usize| failing & (1 << index) != 0;
        let body = |index: usize| if fails(index) { good(index as u128, "panic") } else { bodies[index].1.clone() };
        let messages = (0..5).map(|index| message(Some(&bodies[index].0), Some(&body(index)))).collect();
        let expected: Vec<&str> = (0..5).filter(|index| fails(*index)).map(|index| bodies[index].0.as_str()).collect();
        assert_eq!(handle_batch_of(&store, &outbound, messages).await, expected);
        assert_eq!(store.len(), 5 - expected.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_has_nine_seconds_and_comes_again_alone_when_it_takes_longer() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let bodies = [("1", good(1, "takes 9001")), ("2", good(2, "b")), ("3", good(3, "takes 8999"))];
    assert_eq!(handle_all(&store, &outbound, &bodies).await, ["1"]);
    assert!(store.peek("takes 9001").is_none() && store.peek("b").is_some() && store.peek("takes 8999").is_some());
    assert_eq!(outbound.sent().len(), 2);
}

/// One after the other, the first would wait for the second until its time is over.
#[tokio::test(start_paused = true)]
async fn the_messages_of_a_batch_are_handled_at_the_same_time() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let bodies = [("1", good(1, "together-1")), ("2", good(2, "together-2"))];
    assert_eq!(handle_all(&store, &outbound, &bodies).await, none());
    assert_eq!(store.len(), 2);
}

#[tokio::test]
async fn what_is_sent_says_when_it_was_by_the_functions_clock() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    handle_all(&store, &outbound, &[("1", good(1, "a"))]).await;
    assert_eq!(outbound.sent()[0].message.occurred_at, builders::at(7));
}
