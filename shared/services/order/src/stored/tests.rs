use super::*;
use crate::domain::Status;
use messaging::{RecordError, UnknownSchema};
use serde_json::json;
use uuid::Uuid;

/// These files are what earlier deployments wrote: never edit them, add one per schema version.
#[test]
fn what_schema_1_wrote_is_still_read() {
    for fixture in
        [include_str!("../../fixtures/order.1.approved.json"), include_str!("../../fixtures/order.1.pending.json")]
    {
        let stored: Value = serde_json::from_str(fixture).expect("JSON");
        let order = Order::read(1, stored.clone()).expect("an order");
        assert_eq!(serde_json::to_value(&order).expect("JSON"), stored);
    }
    let stored: Value = serde_json::from_str(include_str!("../../fixtures/product.1.json")).expect("JSON");
    let product = Product::read(1, stored.clone()).expect("a product");
    assert_eq!((product.name.as_str(), product.unit_price.to_string()), ("Pizza Margherita", "11.50 EUR".to_owned()));
    assert_eq!(serde_json::to_value(&product).expect("JSON"), stored);
}

#[test]
fn a_status_is_stored_under_the_name_it_always_had() {
    let owner = Uuid::from_u128(5);
    let statuses = [
        (Status::ApprovalPending { owner }, json!({"name": "APPROVAL_PENDING", "owner": owner})),
        (Status::Approved { cancellation_refused: None }, json!({"name": "APPROVED"})),
        (
            Status::Approved { cancellation_refused: Some("WHY".to_owned()) },
            json!({"name": "APPROVED", "cancellation_refused": "WHY"}),
        ),
        (Status::Rejected { reason: "WHY".to_owned() }, json!({"name": "REJECTED", "reason": "WHY"})),
        (Status::CancelPending { owner }, json!({"name": "CANCEL_PENDING", "owner": owner})),
        (Status::Canceled, json!({"name": "CANCELED"})),
    ];
    for (status, stored) in statuses {
        assert_eq!(serde_json::to_value(&status).expect("JSON"), stored);
        assert_eq!(serde_json::from_value::<Status>(stored).expect("a status"), status);
    }
}

#[test]
fn an_order_is_found_by_its_customer_and_its_time() {
    let order: Order = serde_json::from_str(include_str!("../../fixtures/order.1.approved.json")).expect("an order");
    let expected = json!({"customer": "auth0|anna", "created_at": "2026-11-23T07:00:00.123Z"});
    assert_eq!(serde_json::to_value(order.attributes()).expect("JSON"), expected);
    assert_eq!(order.expires_at(), None, "orders are kept");
    let customer = "google-oauth2|Änna O'Neill ".to_owned();
    let order = Order { customer: customer.clone(), ..order };
    assert_eq!(order.attributes()["customer"], customer, "a subject is compared letter by letter");
}

#[test]
fn what_a_newer_deployment_wrote_is_not_misread() {
    let unknown = |version| Err(RecordError::UnknownSchema(UnknownSchema(version)));
    for version in [0, 2] {
        assert_eq!(Order::read(version, json!({})), unknown(version));
        assert_eq!(Product::read(version, json!({})).map(|_| ()), unknown(version).map(|_: Order| ()));
    }
    assert!(matches!(Order::read(1, json!({})), Err(RecordError::Malformed(_))));
    assert!(matches!(Product::read(1, json!({})), Err(RecordError::Malformed(_))));
}
