use messaging::{LoadError, Store as _, Write};
use serde_json::json;
use testkit::{MemoryStore, Operation};

use super::*;

async fn catalogue() -> MemoryStore {
    let store = MemoryStore::default();
    for (key, name, minor_units) in [("tiramisu", "Tiramisù", 690), ("cola", "Cola", 295), ("pizza", "Pizza", 1150)] {
        let price = json!({"currency": "CHF", "minor_units": minor_units});
        let product: Product = serde_json::from_value(json!({"name": name, "unit_price": price})).expect("a product");
        store.save(&Write::of(Record::of(key.to_owned(), 1, &product).expect("a record"))).await.expect("a save");
    }
    store
}

async fn list(store: &MemoryStore, page_size: i32, token: &str) -> Result<api::ListProductsResponse, RpcError> {
    let request = api::ListProductsRequest { page_size, page_token: token.to_owned(), ..Default::default() };
    ListProducts::new(Arc::new(store.clone())).answer(request, &Caller { subject: "anybody".to_owned() }).await
}

#[tokio::test]
async fn the_catalogue_is_shown_page_by_page_with_its_prices() {
    let store = catalogue().await;
    let first = list(&store, 2, "").await.expect("a page");
    let token = first.next_page_token.clone();
    assert!(!token.is_empty());
    let shown = |id: &str, name: &str, price: &str| json!({"productId": id, "name": name, "unitPrice": {"currency": "CHF", "minorUnits": price}});
    let expected = json!({
        "products": [shown("cola", "Cola", "295"), shown("pizza", "Pizza", "1150")],
        "nextPageToken": token,
    });
    assert_eq!(serde_json::to_value(&first).expect("JSON"), expected);
    let last = list(&store, 2, &token).await.expect("a page");
    let expected = json!({"products": [shown("tiramisu", "Tiramisù", "690")]});
    assert_eq!(serde_json::to_value(&last).expect("JSON"), expected);
}

#[tokio::test]
async fn what_cannot_be_listed_is_refused_for_its_reason() {
    let store = catalogue().await;
    for bad in [-1, 101] {
        let refused = RpcError::invalid("page_size", "must be a whole number from 0 to 100");
        assert_eq!(list(&store, bad, "").await, Err(refused));
    }
    assert_eq!(list(&store, 0, "nonsense").await, Err(RpcError::from(LoadError::BadToken)));
    store.faults().fail(Operation::Load, 1);
    assert!(matches!(list(&store, 0, "").await, Err(RpcError::Unavailable(_))));
    let mut record = store.peek("cola").expect("a product");
    record.schema = 2;
    store.plant(&record.key, serde_json::to_value(&record).expect("JSON"));
    assert_eq!(list(&store, 0, "").await, Err(RpcError::Internal("unknown schema version 2".to_owned())));
}

#[test]
fn a_browser_may_keep_the_menu_for_a_minute() {
    assert_eq!(ListProducts::CACHE, Some(Duration::from_secs(60)));
}
