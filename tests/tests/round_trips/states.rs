//! Every state that is stored: as JSON, as an item of DynamoDB through the adapter as it is, and back.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;

use anyhow::{Result, ensure};
use billing::domain::Authorization;
use fuzz::OneItem;
use kitchen::StoredStock;
use kitchen::domain::Ticket;
use messaging::{Address, Aggregate, Correlation, InboxEntry, OutboxEntry, Outgoing, Payload, Record, Store, Write};
use orchestration::SagaInstance;
use order::domain::{Order, Product};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tests::{files_below, relative};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::block_on;
use crate::messages::text;

/// Every aggregate of the system, by its name; those that are private to their module survive in `doors.rs`.
const SURVIVING: [&str; 8] =
    ["Authorization", "Claim", "FirstRequest", "Order", "Product", "SagaInstance", "StoredStock", "Ticket"];

#[test]
fn every_aggregate_has_a_round_trip() -> Result<()> {
    let mut found = BTreeSet::new();
    for path in files_below("shared", ".rs")? {
        let name = relative(&path);
        let is_a_tests = name.contains("/tests") || name.contains("/testkit/") || name.contains("/trip/");
        if is_a_tests || name.contains("/generated/") {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let implemented = text.lines().filter_map(|line| line.trim_start().strip_prefix("impl Aggregate for "));
        found.extend(implemented.map(|rest| rest.trim_end_matches([' ', '{']).to_owned()));
    }
    let surviving: BTreeSet<String> = SURVIVING.map(str::to_owned).into();
    ensure!(found == surviving, "the aggregates are {found:?}, and these have a round trip: {surviving:?}");
    Ok(())
}

fn id() -> BoxedStrategy<String> {
    any::<u128>().prop_map(|id| Uuid::from_u128(id).to_string()).boxed()
}

/// Any time that RFC 3339 can write.
fn time() -> BoxedStrategy<String> {
    let nanos = prop_oneof![Just(0), Just(678_000_000), 0..1_000_000_000_u32];
    let time = |(seconds, nanos)| {
        let time = OffsetDateTime::from_unix_timestamp(seconds).expect("a time").replace_nanosecond(nanos);
        time.expect("a time").format(&Rfc3339).expect("a text")
    };
    (-62_167_219_200..=253_402_300_799_i64, nanos).prop_map(time).boxed()
}

fn money() -> BoxedStrategy<Value> {
    let money = |(currency, minor_units)| json!({"currency": currency, "minor_units": minor_units});
    ("[A-Z]{3}", 0..=i64::MAX).prop_map(money).boxed()
}

fn slug() -> BoxedStrategy<String> {
    "[a-z0-9_-]{1,64}".boxed()
}

/// An object of the fields that are there.
fn object<const N: usize>(fields: [(&'static str, Option<Value>); N]) -> Value {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn order() -> BoxedStrategy<Value> {
    let item = (slug(), any::<u32>(), money());
    let item = item
        .prop_map(|(product, quantity, price)| json!({"product": product, "quantity": quantity, "unit_price": price}));
    let status = prop_oneof![
        id().prop_map(|owner| json!({"name": "APPROVAL_PENDING", "owner": owner})),
        id().prop_map(|owner| json!({"name": "CANCEL_PENDING", "owner": owner})),
        text().prop_map(|reason| json!({"name": "REJECTED", "reason": reason})),
        option::of(text()).prop_map(|why| {
            object([("name", Some(json!("APPROVED"))), ("cancellation_refused", why.map(Value::from))])
        }),
        Just(json!({"name": "CANCELED"})),
    ];
    let order = |(id, customer, items, total, status, created_at, fingerprint, sagas)| {
        json!({
            "id": id, "customer": customer, "items": items, "total": total, "status": status, "created_at": created_at,
            "fingerprint": fingerprint, "sagas": sagas,
        })
    };
    (id(), text(), vec(item, 0..50), money(), status, time(), id(), vec(id(), 0..8)).prop_map(order).boxed()
}

fn product() -> BoxedStrategy<Value> {
    (text(), money()).prop_map(|(name, unit_price)| json!({"name": name, "unit_price": unit_price})).boxed()
}

fn ticket() -> BoxedStrategy<Value> {
    let items = btree_map(slug(), 1..=1000_u32, 1..50).prop_map(|items| {
        let item = |(product, quantity)| json!({"product": product, "quantity": quantity});
        items.into_iter().map(item).collect::<Vec<_>>()
    });
    const STATUSES: [&str; 5] = ["CREATE_PENDING", "APPROVED", "PREPARING", "REJECTED", "CANCELED"];
    let filled = (select(&STATUSES[..]), items.prop_map(|items| Some(json!(items))));
    let content = prop_oneof![4 => filled, 1 => Just(("REJECTED", None))];
    let ticket = |(id, (status, items), created_at, settled_at): (_, _, _, Option<String>)| {
        object([
            ("order_id", Some(Value::String(id))),
            ("status", Some(json!(status))),
            ("items", items),
            ("created_at", Some(Value::String(created_at))),
            ("settled_at", settled_at.map(Value::from)),
        ])
    };
    (id(), content, time(), option::of(time())).prop_map(ticket).boxed()
}

fn stock() -> BoxedStrategy<Value> {
    let shards = option::of(2..=10_u32);
    let stock = |(product, shards, is_uncounted): (String, Option<u32>, bool)| {
        let uncounted = is_uncounted.then_some(Value::Bool(true));
        object([
            ("product", Some(Value::String(product))),
            ("shards", shards.map(Value::from)),
            ("uncounted", uncounted),
        ])
    };
    (slug(), shards, any::<bool>()).prop_map(stock).boxed()
}

fn authorization() -> BoxedStrategy<Value> {
    let charge = || (text(), money()).prop_map(|(customer, amount)| json!({"customer_id": customer, "amount": amount}));
    let reason = select(&["CARD_DECLINED", "INSUFFICIENT_FUNDS"][..]);
    prop_oneof![
        charge().prop_map(|charge| json!({"status": "AUTHORIZED", "charge": charge})),
        (charge(), reason, text()).prop_map(|(charge, reason, message)| {
            json!({"status": "DECLINED", "charge": charge, "decline": {"reason": reason, "message": message}})
        }),
        option::of(charge()).prop_map(|charge| object([("status", Some(json!("VOIDED"))), ("charge", charge)])),
    ]
    .boxed()
}

fn saga() -> BoxedStrategy<Value> {
    let position = prop_oneof![
        (0..20_usize).prop_map(|step| json!({"doing": step})),
        (0..20_usize).prop_map(|step| json!({"undoing": step})),
        select(&["undoing_start", "completed", "compensated"][..]).prop_map(Value::from),
    ];
    let because =
        option::of((text(), text()).prop_map(|(reason, message)| json!({"reason": reason, "message": message})));
    let state = (position, any::<u32>(), because)
        .prop_map(|(position, repeats, because)| json!({"position": position, "repeats": repeats, "because": because}));
    let outcome = select(&["sent", "succeeded", "refused", "unknown"][..]);
    let entry = (slug(), slug(), outcome, text(), any::<u32>(), time(), vec(time(), 0..16), option::of(time()))
        .prop_map(|(handler, participant, state, reason, repeats, sent_at, repeated_at, ended_at)| {
            object([
                ("handler", Some(json!(handler))),
                ("participant", Some(json!(participant))),
                ("state", Some(json!(state))),
                ("reason", (!reason.is_empty()).then_some(json!(reason))),
                ("repeats", Some(json!(repeats))),
                ("sent_at", Some(json!(sent_at))),
                ("repeated_at", (!repeated_at.is_empty()).then_some(json!(repeated_at))),
                ("ended_at", Some(json!(ended_at))),
            ])
        });
    let data = option::of(text().prop_map(|card| payload(&card)).prop_map(|data| json!(data)));
    let start = (slug(), any::<u32>(), option::of(id()), data, text(), option::of(id()), any::<bool>());
    let rest = (state, any::<u32>(), any::<u32>(), time(), time(), option::of(time()), vec(entry, 0..12));
    (start, rest)
        .prop_map(
            |(
                (name, version, fingerprint, data, subject, started_by, stuck),
                (state, watchdog, armed_by, deadline, started_at, ended_at, entries),
            )| {
                object([
                    ("saga", Some(Value::String(name))),
                    ("definition_version", Some(json!(version))),
                    ("fingerprint", fingerprint.map(Value::from)),
                    ("data", data),
                    ("subject", (!subject.is_empty()).then_some(Value::String(subject))),
                    ("started_by", started_by.map(Value::from)),
                    ("stuck", stuck.then_some(json!(true))),
                    ("state", Some(state)),
                    ("watchdog", Some(json!(watchdog))),
                    ("armed_by", Some(json!(armed_by))),
                    ("deadline", Some(Value::String(deadline))),
                    ("started_at", Some(Value::String(started_at))),
                    ("ended_at", Some(json!(ended_at))),
                    ("entries", Some(Value::Array(entries))),
                ])
            },
        )
        .boxed()
}

fn payload(text: &str) -> Payload {
    contracts::order::v1::OrderCreated { card_token: text.to_owned(), ..Default::default() }.into()
}

/// What lies beside the state: inbox and outbox, with every kind of message and address.
fn boxes() -> BoxedStrategy<(Vec<InboxEntry>, Vec<OutboxEntry>)> {
    let uuid = || any::<u128>().prop_map(Uuid::from_u128);
    let correlation = (uuid(), text(), text(), text()).prop_map(|(saga_id, step, reply_to, reply_token)| Correlation {
        saga_id,
        step,
        reply_to,
        reply_token,
    });
    let to = prop_oneof![text().prop_map(Address::Queue), text().prop_map(Address::Handler), Just(Address::Myself)];
    let message = (to, uuid(), option::of(correlation), any::<u32>(), text()).prop_map(
        |(to, id, correlation, delay_seconds, text)| Outgoing::Message {
            to,
            id,
            correlation,
            delay_seconds,
            payload: payload(&text),
        },
    );
    let sent = prop_oneof![text().prop_map(|text| Outgoing::Reply(payload(&text))), message];
    let handled = (uuid(), vec(sent, 0..3)).prop_map(|(id, sent)| InboxEntry { id, sent });
    let event = (uuid(), text(), text()).prop_map(|(id, type_name, body)| OutboxEntry { id, type_name, body });
    (vec(handled, 0..3), vec(event, 0..3)).boxed()
}

/// Tries states of one type: `states` are their stored forms, each with every field that it can have.
fn survive<A: Aggregate + Debug>(states: &BoxedStrategy<Value>) {
    let dynamo = OneItem::default();
    let store = aws::DynamoStore::new(dynamo.client(), "items");
    let outcome = TestRunner::new(testkit::properties()).run(
        &(states, text(), 1..=u64::MAX, boxes()),
        |(stored, key, version, boxes)| {
            let state = A::read(A::SCHEMA, stored.clone()).expect("a state");
            let mut record = Record::of(format!("key {key}"), version, &state).expect("a record");
            prop_assert_eq!(&record.state, &stored);
            (record.inbox, record.outbox) = boxes;
            let loaded = block_on(async {
                store.save(&Write::of(record.clone())).await.expect("saved");
                store.load("any").await.expect("loaded").expect("an item")
            });
            prop_assert_eq!(&loaded, &record);
            let again: A = loaded.aggregate().expect("the state");
            prop_assert_eq!(serde_json::to_value(&again).expect("JSON"), stored);
            Ok(())
        },
    );
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn an_order_survives_dynamodb() {
    survive::<Order>(&order());
}

#[test]
fn a_product_survives_dynamodb() {
    survive::<Product>(&product());
}

#[test]
fn a_ticket_survives_dynamodb() {
    survive::<Ticket>(&ticket());
}

#[test]
fn stock_survives_dynamodb() {
    survive::<StoredStock>(&stock());
}

#[test]
fn an_authorization_survives_dynamodb() {
    survive::<Authorization>(&authorization());
}

#[test]
fn a_saga_survives_dynamodb() {
    survive::<SagaInstance>(&saga());
}
