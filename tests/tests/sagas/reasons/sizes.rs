//! How much a request in Protobuf may hold.

use anyhow::{Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use buffa::Message;
use contracts::order_api::v1::create_order_request::Item;
use contracts::order_api::v1::{CreateOrderRequest, Money};
use serde_json::json;

use super::answers::Refused;
use super::doors::{Door, world};
use crate::block_on;

/// An item of an unknown product with a price, in six bytes: nothing is shorter and takes more memory.
const SHORT_ITEM: [u8; 6] = [0x0a, 0x04, 0x1a, 0x02, 0x10, 0x01];

/// The order in which every field is as long as the contract allows.
fn largest() -> CreateOrderRequest {
    let item = |n: usize| Item {
        product_id: format!("{n:064}"),
        quantity: 1000,
        unit_price: Some(Money { currency: "EUR".to_owned(), minor_units: i64::MAX, ..Default::default() }).into(),
        ..Default::default()
    };
    CreateOrderRequest { items: (0..50).map(item).collect(), card_token: "t".repeat(128), ..Default::default() }
}

#[test]
fn the_largest_order_is_read_and_one_that_would_need_more_memory_than_a_function_has_is_not() -> Result<()> {
    block_on(async {
        let edge = Door::to("CreateOrder")?.open(&world().await?).await?;
        let mut one_more = largest();
        one_more.items.push(one_more.items[0].clone());
        // Twenty times as many as the contract allows are still counted rather than given up.
        for (body, reason) in [
            (largest().encode_to_vec(), "UNKNOWN_PRODUCT"),
            (one_more.encode_to_vec(), "INVALID_REQUEST"),
            (SHORT_ITEM.repeat(1000), "INVALID_REQUEST"),
            (SHORT_ITEM.repeat(174_762), "UNREADABLE_REQUEST"),
        ] {
            let mut event = Door::to("CreateOrder")?.good();
            event["headers"]["content-type"] = json!("application/proto");
            event["isBase64Encoded"] = json!(true);
            event["body"] = json!(STANDARD.encode(&body));
            let refused = Refused::read(&edge.answer(event).await)?;
            ensure!(refused.reason == reason, "{} bytes: {refused:?}", body.len());
        }
        Ok(())
    })
}
