use proptest::prelude::*;

use super::*;
use crate::{billing, kitchen, message, order, saga};
use serde_json::json;

#[test]
fn a_payload_survives_the_wire() {
    let command = kitchen::v1::CreateTicket {
        order_id: "1".to_owned(),
        items: vec![kitchen::v1::TicketItem { product_id: "margherita".to_owned(), quantity: 2, ..Default::default() }],
        ..Default::default()
    };
    let json = serde_json::to_value(Payload::from(command.clone())).expect("JSON");
    let expected = json!({
        "@type": "type.googleapis.com/kitchen.v1.CreateTicket",
        "orderId": "1",
        "items": [{"productId": "margherita", "quantity": 2}],
    });
    assert_eq!(json, expected);
    let payload = Payload::from_json(json).expect("a payload");
    assert_eq!(payload.type_name(), "kitchen.v1.CreateTicket");
    assert_eq!(payload.unpack::<kitchen::v1::CreateTicket>(), Ok(command));
}

#[test]
fn unknown_fields_are_ignored() {
    let json = json!({"@type": "type.googleapis.com/billing.v1.CancelCard", "orderId": "1", "colour": "red"});
    let command: billing::v1::CancelCard = Payload::from_json(json).expect("a payload").unpack().expect("a command");
    assert_eq!(command.order_id, "1");
}

#[test]
fn unknown_types_are_refused() {
    for json in [json!({"@type": "type.googleapis.com/kitchen.v1.BurnTicket"}), json!({}), json!("text")] {
        let claimed = json["@type"].as_str().unwrap_or_default().replace("type.googleapis.com/", "");
        assert_eq!(Payload::from_json(json), Err(PayloadError::UnknownType(claimed)));
    }
}

#[test]
fn content_that_does_not_fit_its_type_is_refused() {
    let json = json!({"@type": "type.googleapis.com/billing.v1.CancelCard", "orderId": 7});
    let Err(PayloadError::Malformed { type_name, reason }) = Payload::from_json(json) else { panic!("not malformed") };
    assert_eq!(type_name, "billing.v1.CancelCard");
    assert!(!reason.is_empty());
}

#[test]
fn a_payload_is_only_unpacked_as_what_it_is() {
    let payload = Payload::from(billing::v1::CancelCard::default());
    let unexpected =
        PayloadError::Unexpected { expected: "kitchen.v1.ApproveTicket", found: "billing.v1.CancelCard".to_owned() };
    assert_eq!(
        unexpected.to_string(),
        "expected a payload of type kitchen.v1.ApproveTicket, found billing.v1.CancelCard"
    );
    assert_eq!(payload.unpack::<kitchen::v1::ApproveTicket>(), Err(unexpected));
    assert!(payload.is::<billing::v1::CancelCard>() && !payload.is::<kitchen::v1::ApproveTicket>());
}

#[test]
fn what_is_wrong_is_said() {
    let unknown = PayloadError::UnknownType("x.Y".to_owned());
    assert_eq!(unknown.to_string(), "unknown payload type \"x.Y\"");
    let malformed = PayloadError::Malformed { type_name: "x.Y".to_owned(), reason: "no".to_owned() };
    assert_eq!(malformed.to_string(), "the payload is not a valid x.Y: no");
}

/// What one package of each kind of message needs to be read again.
#[test]
fn every_packages_messages_are_known() {
    let payloads: [Payload; 5] = [
        billing::v1::CancelCard::default().into(),
        kitchen::v1::CancelTicket::default().into(),
        message::v1::CommandSucceeded::default().into(),
        order::v1::OrderApproved::default().into(),
        saga::v1::DeadlinePassed::default().into(),
    ];
    for payload in payloads {
        let json = serde_json::to_value(&payload).expect("JSON");
        assert_eq!(json["@type"], format!("type.googleapis.com/{}", payload.type_name()));
        assert_eq!(Payload::from_json(json), Ok(payload));
    }
}

/// Sends it and reads it again.
fn over_the_wire<M: WireMessage + Clone>(message: &M) -> M {
    let json = serde_json::to_string(&Payload::from(message.clone())).expect("JSON");
    serde_json::from_str::<Payload>(&json).expect("a payload").unpack().expect("the message")
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn an_order_survives_the_wire(
        texts in (".{0,20}", ".{0,20}", ".{0,20}", "[A-Z]{3}"),
        items in proptest::collection::vec((".{0,20}", any::<i32>()), 0..6),
        minor_units: i64,
    ) {
        let (order_id, customer_id, card_token, currency) = texts;
        let total = order::v1::Money { currency: currency.clone(), minor_units, ..Default::default() };
        let line = |(product_id, quantity): &(String, i32)| {
            order::v1::LineItem { product_id: product_id.clone(), quantity: *quantity, ..Default::default() }
        };
        let created = order::v1::OrderCreated {
            order_id: order_id.clone(),
            customer_id: customer_id.clone(),
            items: items.iter().map(line).collect(),
            total: total.into(),
            card_token: card_token.clone(),
            ..Default::default()
        };
        prop_assert_eq!(over_the_wire(&created), created);
        let item = |(product_id, quantity): &(String, i32)| {
            kitchen::v1::TicketItem { product_id: product_id.clone(), quantity: *quantity, ..Default::default() }
        };
        let items = items.iter().map(item).collect();
        let create = kitchen::v1::CreateTicket { order_id: order_id.clone(), items, ..Default::default() };
        prop_assert_eq!(over_the_wire(&create), create);
        let authorize =
            billing::v1::AuthorizeCard { order_id, customer_id, currency, minor_units, card_token, ..Default::default() };
        prop_assert_eq!(over_the_wire(&authorize), authorize);
    }

    #[test]
    fn a_refusal_survives_the_wire(reason in ".{0,40}", message in ".{0,40}", watchdog: u32) {
        let refused = message::v1::CommandRefused { reason, message, ..Default::default() };
        prop_assert_eq!(over_the_wire(&refused), refused);
        let deadline = saga::v1::DeadlinePassed { watchdog, ..Default::default() };
        prop_assert_eq!(over_the_wire(&deadline), deadline);
    }
}
