//! What the corpus talks about: a customer's order with its saga, and a menu with its stock.

use serde_json::{Value, json};
use testkit::MemoryDatabase;

pub(crate) const CUSTOMER: &str = "auth0|6650f1c2a7b3d4e5f6071829";
pub(crate) const ORDER: &str = "44bf48d2-448c-53f6-a802-4626f25cf73d";
/// The order's saga.
const SAGA: &str = "3d08009b-2ad0-58a9-a2de-66834c02bcb3";
const MENU: [&str; 4] = ["cola", "focaccia", "margherita", "tiramisu"];

/// Every table of the system, with the order in this status.
pub(crate) fn opened(status: &Value) -> MemoryDatabase {
    let database = MemoryDatabase::default();
    let order = include_str!("../../../shared/services/order/fixtures/order.1.pending.json");
    let mut state: Value = serde_json::from_str(order).expect("an order");
    state["id"] = json!(ORDER);
    state["customer"] = json!(CUSTOMER);
    state["status"] = status.clone();
    let attributes = json!({"customer": CUSTOMER, "created_at": state["created_at"]});
    database.table("orders").plant(ORDER, item(ORDER, &state, &attributes));
    let saga = include_str!("../../../shared/services/order/fixtures/saga.1.running.json");
    let mut state: Value = serde_json::from_str(saga).expect("a saga");
    state["saga"] = json!("create-order");
    let attributes = json!({"progress": "running", "created_at": "1970-01-01T00:00:00.000Z"});
    database.table("sagas").plant(SAGA, item(SAGA, &state, &attributes));
    for product in MENU {
        let stock = item(product, &json!({"product": product}), &json!({"available": 5}));
        database.table("stock").plant(product, stock);
        let price = json!({"currency": "EUR", "minor_units": 1150});
        let offer = item(product, &json!({"name": product, "unit_price": price}), &json!({}));
        database.table("products").plant(product, offer);
    }
    database
}

/// Hands the cooks the order's ticket.
pub(crate) fn hand_over(database: &MemoryDatabase) {
    let ticket = include_str!("../../../shared/services/kitchen/fixtures/ticket.1.approved.json");
    let mut state: Value = serde_json::from_str(ticket).expect("a ticket");
    state["order_id"] = json!(ORDER);
    let attributes = json!({"status": state["status"], "created_at": state["created_at"]});
    database.table("tickets").plant(ORDER, item(ORDER, &state, &attributes));
}

fn item(key: &str, state: &Value, attributes: &Value) -> Value {
    let mut item = json!({"key": key, "version": 1, "schema": 1, "state": state});
    let fields = item.as_object_mut().expect("an item");
    fields.extend(attributes.as_object().expect("attributes").clone());
    item
}
