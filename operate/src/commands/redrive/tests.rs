use clap::Parser;
use serde_json::json;
use testkit::builders::{self, id};
use testkit::shop::v1::{SaleCompleted, SalePlaced};

use super::*;
use crate::letters::tests::{asked, queue};

fn letter(body: &str) -> Letter {
    let message = aws_sdk_sqs::types::Message::builder().message_id("id-1").receipt_handle("receipt").body(body);
    Letter::of(message.build())
}

fn entry(number: u128) -> OutboxEntry {
    OutboxEntry::of(&builders::event(number, SalePlaced::default())).expect("an entry")
}

fn image(outbox: &[OutboxEntry]) -> String {
    let item: serde_dynamo::Item = serde_dynamo::to_item(json!({"key": id(9), "outbox": outbox})).expect("an item");
    serde_json::to_string(&item).expect("JSON")
}

#[test]
fn what_the_relay_set_aside_is_published_under_the_type_that_it_has() {
    let event = builders::event(1, SaleCompleted::default());
    // As it came, spaces and all.
    let body = format!("{} ", event.to_json().expect("JSON"));
    let published = events(&letter(&body)).expect("an event");
    assert_eq!(published, [("shop.v1.SaleCompleted".to_owned(), body)]);
    let two = [entry(2), entry(3)];
    let published = events(&letter(&image(&two))).expect("events");
    assert_eq!(published, two.map(|entry| (entry.type_name, entry.body)));
}

/// A half of an outbox would look like all of it, so nothing of it is published.
#[test]
fn what_cannot_be_read_here_either_stays_and_says_what_to_do() {
    let broken = OutboxEntry { body: "not a message".to_owned(), ..entry(2) };
    for body in [image(&[entry(1), broken]), "not a message".to_owned()] {
        let why = events(&letter(&body)).expect_err("nothing to publish");
        assert!(why.contains("cannot be read") && why.contains("DISCARD=<id>"), "{why}");
    }
    let no_outbox = json!({"key": {"S": "1"}, "outbox": {"S": "text"}}).to_string();
    let why = events(&letter(&no_outbox)).expect_err("nothing to publish");
    assert_eq!(why, UNREADABLE);
}

fn found(bodies: &[&str], unread: u64, hidden: u64) -> Found {
    Found { letters: bodies.iter().map(|body| letter(body)).collect(), unread, hidden }
}

#[test]
fn an_empty_queue_has_nothing_to_move_and_says_what_is_hidden() {
    assert_eq!(
        shown("create-ticket", "s-create-ticket-dead", &found(&[], 0, 0)),
        "0 messages in s-create-ticket-dead\n"
    );
    let hidden = shown("create-ticket", "dead", &found(&[], 0, 3));
    assert!(hidden.contains("some 3 were hidden") && !hidden.contains("MOVE"), "{hidden}");
}

#[test]
fn the_next_command_is_said_for_the_queue_that_is_shown() {
    let text = shown("create-ticket", "dead", &found(&["{}"], 7, 0));
    for part in ["1 message in dead", "some 7 more", "make redrive QUEUE=create-ticket MOVE=all", "DISCARD="] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("republish"), "{text}");
    let positions = json!({"DDBStreamBatchInfo": {
        "shardId": "shard-1", "startSequenceNumber": "10", "endSequenceNumber": "12", "approximateArrivalOfFirstRecord": "2026-01-01T00:00:00Z",
        "batchSize": 3, "streamArn": "arn",
    }});
    let text = shown("relay-outbox", "dead", &found(&[&positions.to_string()], 0, 0));
    assert!(text.contains("make republish ORDER=<id>") && text.contains("--shard-id shard-1"), "{text}");
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    redrive: Redrive,
}

#[test]
fn a_line_that_says_two_things_at_once_is_refused() {
    let parse = |words: &[&str]| Line::try_parse_from(["redrive", "saga"].iter().chain(words)).map(|line| line.redrive);
    let chosen = parse(&["--message", "a,b", "--message", "c"]).ok().map(|redrive| redrive.message);
    assert_eq!(chosen, Some(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
    for words in [&["--all", "--message", "a"][..], &["--all", "--discard", "a"], &["--message", "a", "--discard", "b"]]
    {
        assert!(parse(words).is_err(), "{words:?}");
    }
    assert!(parse(&["--limit", "0"]).is_err() && parse(&["--limit", "1001"]).is_err());
}

#[tokio::test]
async fn what_could_not_be_moved_is_left_open_with_everything_after_it() {
    let (queue, sqs) = queue(3, "SendMessage").await;
    let mut open = queue.read(3).await.expect("read").letters;
    take_all(&queue, &mut open, &Way::Queue("http://live".to_owned())).await.expect_err("an error");
    assert_eq!((open.len(), asked(&sqs, "DeleteMessage").len()), (3, 0));
    let bodies: BTreeSet<String> =
        asked(&sqs, "SendMessage").iter().map(|request| request["MessageBody"].to_string()).collect();
    assert_eq!(bodies, BTreeSet::from(["\"body 0\"".to_owned()]), "the oldest first, and nothing after it is tried");
}

#[tokio::test]
async fn what_holds_no_event_stays_and_the_events_beside_it_are_published() {
    let (queue, sqs) = queue(0, "").await;
    let outbound = testkit::MemoryOutbound::default();
    let event = entry(1);
    let positions = json!({"DDBStreamBatchInfo": {
        "shardId": "shard-1", "startSequenceNumber": "10", "endSequenceNumber": "12",
        "approximateArrivalOfFirstRecord": "2026-01-01T00:00:00Z", "batchSize": 3, "streamArn": "arn",
    }});
    let mut open = vec![letter(&event.body), letter(&positions.to_string())];
    take_all(&queue, &mut open, &Way::Topic(Box::new(outbound.clone()))).await.expect("done");
    assert!(matches!(open.as_slice(), [Letter { content: Content::Positions(_), .. }]), "{} stay", open.len());
    let published: Vec<_> = outbound.published().into_iter().map(|event| (event.type_name, event.body)).collect();
    assert_eq!(published, [(event.type_name, event.body)]);
    assert_eq!(asked(&sqs, "DeleteMessage").len(), 1);
    let failing = testkit::MemoryOutbound::default();
    failing.faults().fail(testkit::Operation::Publish, 1);
    let mut open = vec![letter(&entry(1).body)];
    take_all(&queue, &mut open, &Way::Topic(Box::new(failing))).await.expect_err("an error");
    assert_eq!((open.len(), asked(&sqs, "DeleteMessage").len()), (1, 1), "it is not deleted");
}
