use std::collections::HashMap;

use messaging::Record;
use serde_json::{Value, json};
use testkit::shop::v1::{SaleCanceled, SaleCompleted, SalePlaced, SaleReturned};
use testkit::{Faults, Logs, MemoryOutbound, Operation, Published, SetAside, builders};

use super::*;
use crate::tests::events;

/// A sale's events: (number, payload) makes an entry of an outbox.
fn entry(number: u128, payload: impl Into<wire::Payload>) -> OutboxEntry {
    OutboxEntry::of(&builders::event(number, payload)).expect("an entry")
}

fn created(number: u128) -> OutboxEntry {
    let card_token = "tok_secret".to_owned();
    entry(number, SalePlaced { sale_id: number.to_string(), card_token, ..Default::default() })
}

fn image(key: &str, outbox: Vec<OutboxEntry>) -> serde_dynamo::Item {
    serde_dynamo::to_item(Record { outbox, ..builders::record(key, 1) }).expect("an item")
}

fn write(sequence_number: &str, new_image: serde_dynamo::Item) -> EventRecord {
    let mut record = EventRecord::default();
    record.event_name = "MODIFY".to_owned();
    record.change.sequence_number = Some(sequence_number.to_owned());
    let inner = new_image.inner();
    let key = inner.get("key").map(|key| ("key".to_owned(), key.clone()));
    record.change.keys = key.into_iter().collect::<HashMap<_, _>>().into();
    record.change.new_image = new_image;
    record
}

fn batch(records: impl IntoIterator<Item = EventRecord>) -> Event {
    let mut batch = Event::default();
    batch.records = records.into_iter().collect();
    batch
}

/// Three writes with two, one and two events, and what is to be published of them.
fn three_writes() -> (Event, Vec<Published>) {
    let writes = [
        vec![created(1), entry(2, SaleCompleted { sale_id: "1".to_owned(), ..Default::default() })],
        vec![entry(3, SaleCanceled { sale_id: "2".to_owned(), ..Default::default() })],
        vec![entry(4, SaleReturned { sale_id: "1".to_owned(), ..Default::default() }), created(5)],
    ];
    let published = |entry: &OutboxEntry| Published { type_name: entry.type_name.clone(), body: entry.body.clone() };
    let published = writes.iter().flatten().map(published).collect();
    let records =
        writes.into_iter().enumerate().map(|(index, outbox)| write(&format!("10{index}"), image("7", outbox)));
    (batch(records), published)
}

/// The sequence numbers that the answer names.
async fn failures(outbound: &MemoryOutbound, batch: Event) -> Vec<Option<String>> {
    let response = relay_batch(outbound, batch).await.expect("an answer");
    response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn events_are_published_in_the_order_of_the_writes_and_of_each_outbox() {
    let outbound = MemoryOutbound::default();
    let (batch, expected) = three_writes();
    assert_eq!(expected.len(), 5);
    let types = ["SalePlaced", "SaleCompleted", "SaleCanceled", "SaleReturned", "SalePlaced"];
    assert!(expected.iter().zip(types).all(|(event, name)| event.type_name == format!("shop.v1.{name}")));
    assert_eq!(failures(&outbound, batch).await, []);
    assert_eq!(outbound.published(), expected);
    assert_eq!(outbound.set_aside(), []);
}

#[tokio::test]
async fn the_first_event_that_cannot_be_published_names_its_write_and_nothing_of_its_item_leaves_after_it() {
    for (failing, write) in [(1, "100"), (2, "100"), (3, "101"), (4, "102"), (5, "102")] {
        let (outbound, (batch, expected)) = (MemoryOutbound::default(), three_writes());
        outbound.faults().fail(Operation::Publish, failing);
        assert_eq!(failures(&outbound, batch.clone()).await, [Some(write.to_owned())]);
        assert_eq!(outbound.published(), expected[..failing - 1], "when event {failing} fails");
        assert_eq!(outbound.set_aside(), [], "an event that could not leave is no poison");
        // A stream that comes back with the whole batch brings the same events under the same identities.
        assert_eq!(failures(&outbound, batch).await, []);
        assert_eq!(outbound.published()[failing - 1..], expected);
    }
}

#[tokio::test]
async fn writes_to_other_items_before_the_failing_write_leave_and_only_the_failing_write_is_named() {
    let outbound = MemoryOutbound::default();
    let writes = [("1", 1), ("2", 2), ("2", 3), ("3", 4)];
    let writes = writes.iter().map(|(key, number)| write(&format!("10{number}"), image(key, vec![created(*number)])));
    // The first of each item, then the second of item 2.
    outbound.faults().fail(Operation::Publish, 4);
    assert_eq!(failures(&outbound, batch(writes)).await, [Some("103".to_owned())]);
    let bodies: Vec<String> = outbound.published().into_iter().map(|event| event.body).collect();
    assert_eq!(bodies, [1, 2, 4].map(|number| created(number).body));
}

#[tokio::test]
async fn a_failing_write_without_a_number_fails_the_batch() {
    let mut nameless = write("100", image("1", vec![created(1)]));
    nameless.change.sequence_number = None;
    let outbound = MemoryOutbound::default();
    outbound.faults().fail(Operation::Publish, 1);
    let error = relay_batch(&outbound, batch([nameless])).await.expect_err("a failed batch");
    assert_eq!(error.to_string(), "sending failed: injected");
}

#[tokio::test]
async fn an_event_that_left_although_it_seemed_to_fail_is_published_again_as_it_was() {
    let (outbound, (batch, expected)) = (MemoryOutbound::default(), three_writes());
    outbound.faults().crash_after(Operation::Publish, 3);
    assert_eq!(failures(&outbound, batch.clone()).await, [Some("101".to_owned())]);
    assert_eq!(outbound.published(), expected[..3]);
    assert_eq!(failures(&outbound, batch).await, []);
    assert_eq!(outbound.published()[3..], expected);
}

#[tokio::test]
async fn an_event_that_nobody_could_read_is_set_aside_with_its_reason_and_what_follows_is_published() {
    let unreadable = OutboxEntry { body: "not a message".to_owned(), ..created(2) };
    let unknown = OutboxEntry { body: created(3).body.replace("shop.v1.SalePlaced", "shop.v1.Burnt"), ..created(3) };
    let outbound = MemoryOutbound::default();
    let first = write("100", image("1", vec![created(1), unreadable, unknown.clone(), created(4)]));
    assert_eq!(failures(&outbound, batch([first, write("101", image("2", vec![created(5)]))])).await, []);
    let bodies: Vec<String> = outbound.published().into_iter().map(|event| event.body).collect();
    assert_eq!(bodies, [created(1).body, created(5).body, created(4).body]);
    let set_aside = outbound.set_aside();
    let [first, second] = set_aside.as_slice() else { panic!("{set_aside:?}") };
    assert_eq!(first.body, "not a message");
    assert!(first.reason.contains("not a JSON object"), "{}", first.reason);
    assert_eq!(second.body, unknown.body);
    assert!(second.reason.contains("shop.v1.Burnt"), "{}", second.reason);
}

/// Whoever relays an event need not know its type: a newer deployment may have written it.
#[tokio::test]
async fn an_event_of_an_unknown_type_is_published() {
    let (known, newer) = ("shop.v1.SalePlaced", "shop.v9.SalePlaced");
    let event = OutboxEntry { type_name: newer.to_owned(), body: created(1).body.replace(known, newer), ..created(1) };
    let outbound = MemoryOutbound::default();
    assert_eq!(failures(&outbound, batch([write("100", image("1", vec![event.clone()]))])).await, []);
    let published: Vec<_> = outbound.published().into_iter().map(|event| (event.type_name, event.body)).collect();
    assert_eq!(published, [(event.type_name, event.body)]);
}

#[tokio::test]
async fn an_event_under_the_type_of_another_is_set_aside_as_no_filter_would_find_it() {
    let outbound = MemoryOutbound::default();
    let mislabelled = OutboxEntry { type_name: "shop.v1.SaleCompleted".to_owned(), ..created(1) };
    let body = mislabelled.body.clone();
    assert_eq!(failures(&outbound, batch([write("100", image("1", vec![mislabelled, created(2)]))])).await, []);
    assert_eq!(outbound.published().into_iter().map(|event| event.body).collect::<Vec<_>>(), [created(2).body]);
    let reason = r#"the outbox says "shop.v1.SaleCompleted", the event is "shop.v1.SalePlaced""#.to_owned();
    assert_eq!(outbound.set_aside(), [SetAside { body, reason }]);
}

#[tokio::test]
async fn an_image_whose_outbox_cannot_be_read_is_set_aside_whole_and_what_follows_is_published() {
    let outbound = MemoryOutbound::default();
    let broken: serde_dynamo::Item =
        serde_dynamo::to_item(json!({"key": "1", "outbox": [{"id": "tok_secret", "body": "{}"}]})).expect("an item");
    let writes = [write("100", broken.clone()), write("101", image("2", vec![created(2)]))];
    assert_eq!(failures(&outbound, batch(writes)).await, []);
    assert_eq!(outbound.published().into_iter().map(|event| event.body).collect::<Vec<_>>(), [created(2).body]);
    let set_aside = outbound.set_aside();
    let [aside] = set_aside.as_slice() else { panic!("{set_aside:?}") };
    let body: serde_dynamo::Item = serde_json::from_str(&aside.body).expect("the image");
    assert_eq!(body, broken);
    assert_eq!(aside.reason, "the outbox is no list of id, type and body");
}

#[tokio::test]
async fn what_cannot_be_set_aside_yet_is_named_and_nothing_after_it_leaves() {
    let unreadable = OutboxEntry { body: "not a message".to_owned(), ..created(2) };
    let broken = serde_dynamo::to_item(json!({"outbox": 7})).expect("an item");
    for bad in [image("1", vec![unreadable]), broken] {
        let outbound = MemoryOutbound::default();
        outbound.faults().fail(Operation::SetAside, 1);
        let batch = batch([
            write("100", image("0", vec![created(1)])),
            write("101", bad),
            write("102", image("2", vec![created(3)])),
        ]);
        assert_eq!(failures(&outbound, batch.clone()).await, [Some("101".to_owned())]);
        assert_eq!((outbound.published().len(), outbound.set_aside().len()), (1, 0));
        assert_eq!(failures(&outbound, batch).await, []);
        assert_eq!((outbound.published().len(), outbound.set_aside().len()), (3, 1));
    }
}

#[tokio::test]
async fn a_write_without_events_and_a_removed_item_publish_nothing() {
    let outbound = MemoryOutbound::default();
    let plain = serde_dynamo::to_item(json!({"key": "1", "version": 2})).expect("an item");
    let mut removed = write("102", serde_dynamo::Item::default());
    removed.event_name = "REMOVE".to_owned();
    removed.change.old_image = image("3", vec![created(1)]);
    let mut changed = write("103", image("4", Vec::new()));
    changed.change.old_image = image("4", vec![created(2)]);
    let batch = batch([write("100", plain), write("101", image("2", Vec::new())), removed, changed]);
    let before = outbound.faults().seen();
    assert_eq!(failures(&outbound, batch).await, []);
    assert_eq!(outbound.faults().seen(), before, "nothing was even tried");
}

#[tokio::test]
async fn a_batch_as_lambda_sends_it_is_relayed_and_its_poison_is_set_aside() {
    let read = |batch: Value| serde_json::from_value::<Event>(batch).expect("an event");
    let outbound = MemoryOutbound::default();
    assert_eq!(failures(&outbound, read(events::relayed())).await, []);
    let published = outbound.published();
    assert_eq!(published.iter().map(|event| event.type_name.as_str()).collect::<Vec<_>>(), ["shop.v1.SalePlaced"]);
    assert!(published[0].body.contains(events::EVENT), "its identity is the stored one");
    assert_eq!(failures(&outbound, read(events::poison())).await, []);
    assert_eq!((outbound.published().len(), outbound.set_aside().len()), (1, 1));
}

/// What is logged while this batch is relayed: level and fields of each line.
async fn logged(outbound: &MemoryOutbound, batch: Event) -> Vec<(String, Value)> {
    let (logs, _guard) = Logs::capture();
    let _ = relay_batch(outbound, batch).await;
    let lines = logs.lines();
    assert!(!format!("{lines:?}").contains("tok_secret"), "a log tells the card's token: {lines:#?}");
    lines.iter().map(|line| (line["level"].as_str().unwrap_or_default().to_owned(), line["fields"].clone())).collect()
}

#[tokio::test]
async fn each_outcome_is_logged_once_and_no_event_is_written_down() {
    let outbound = MemoryOutbound::default();
    assert_eq!(logged(&outbound, three_writes().0).await, []);

    let outbound = MemoryOutbound::with_faults(Faults::default());
    outbound.faults().fail(Operation::Publish, 3);
    let left = json!({"message": "a write is left for the stream to repeat", "sequence_number": "101",
        "reason": "sending failed: injected"});
    assert_eq!(logged(&outbound, three_writes().0).await, [("WARN".to_owned(), left)]);

    let mislabelled = || OutboxEntry { type_name: "shop.v1.SaleCompleted".to_owned(), ..created(1) };
    let aside = json!({"alarm": "set-aside", "message": "an event is set aside",
        "reason": r#"the outbox says "shop.v1.SaleCompleted", the event is "shop.v1.SalePlaced""#});
    let poison = || batch([write("100", image("1", vec![mislabelled()]))]);
    assert_eq!(logged(&outbound, poison()).await, [("ERROR".to_owned(), aside)]);

    outbound.faults().fail(Operation::SetAside, 1);
    let left = json!({"message": "a write is left for the stream to repeat", "sequence_number": "100",
        "reason": "sending failed: injected"});
    assert_eq!(logged(&outbound, poison()).await, [("WARN".to_owned(), left)]);
}
