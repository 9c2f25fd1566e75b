use proptest::prelude::*;
use wire::{Payload, WireMessage};

use crate::{billing, kitchen, order};

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
}
