use std::sync::Mutex;

use messaging::{LoadError, Store as _, Write};
use rpc::Query as _;
use serde_json::json;
use testkit::{MemoryStore, Operation};
use wire::shape::{Fault, MAX_FAULTS};

use super::*;
use crate::domain::{Available, MAX_SHARDS, Shards, Stock};

/// The stock as it lies in the table, with what the RPC asked for.
struct Asked {
    table: MemoryStore,
    keys: Mutex<Vec<Vec<Key>>>,
}

#[async_trait]
impl LoadMany for Asked {
    async fn load_many(&self, keys: &[Key]) -> Result<Vec<Record>, LoadError> {
        self.keys.lock().expect("a lock").push(keys.to_vec());
        self.table.load_many(keys).await
    }
}

fn table() -> Arc<Asked> {
    Arc::new(Asked { table: MemoryStore::default(), keys: Mutex::default() })
}

/// Writes the stock as SetStock does.
async fn count(table: &MemoryStore, product: &str, available: i64, shards: u32) {
    let product = ProductId::parse(product).expect("a product");
    let stock = Stock { product, available: Available::new(available).expect("a count") };
    let stored = StoredStock::counted(&stock, Shards::try_from(shards).expect("shards"), None);
    let key = stock.product.to_string();
    let mut write = Write::of(Record::of(key.clone(), 1, &stored).expect("a record"));
    let beside = messaging::Aggregate::beside(&stored).into_iter();
    write.beside =
        beside.map(|(ending, item)| Record::of(key.clone() + &ending, 1, &item).expect("a record")).collect();
    table.save(&write).await.expect("a save");
}

async fn ask(table: &Arc<Asked>, product_ids: &[&str]) -> Result<Vec<(String, i32)>, RpcError> {
    let product_ids = product_ids.iter().map(|&product| product.to_owned()).collect();
    let request = v1::ListStockRequest { product_ids, ..Default::default() };
    let caller = Caller { subject: "auth0|anna".to_owned() };
    let response = ListStock::new(Arc::clone(table) as Arc<dyn LoadMany>).answer(request, &caller).await?;
    Ok(response.stock.into_iter().map(|stock| (stock.product_id, stock.available)).collect())
}

fn told(stock: &[(&str, i32)]) -> Vec<(String, i32)> {
    stock.iter().map(|(product, available)| ((*product).to_owned(), *available)).collect()
}

#[tokio::test]
async fn what_is_available_is_shown_in_the_order_of_the_request() {
    let table = table();
    for (product, available) in [("cola", 4), ("margherita", 7), ("tiramisu", 0)] {
        count(&table.table, product, available, 1).await;
    }
    let stock = ask(&table, &["tiramisu", "cola", "margherita"]).await.expect("the stock");
    assert_eq!(stock, told(&[("tiramisu", 0), ("cola", 4), ("margherita", 7)]));
    let asked = table.keys.lock().expect("a lock").clone();
    assert_eq!(asked, [["tiramisu", "cola", "margherita"]], "a product that is not spread is read once");
}

#[tokio::test]
async fn the_counters_of_a_product_are_added_up() {
    let table = table();
    count(&table.table, "cola", 4, 1).await;
    count(&table.table, "margherita", 25, MAX_SHARDS).await;
    let stock = ask(&table, &["margherita", "cola"]).await.expect("the stock");
    assert_eq!(stock, told(&[("margherita", 25), ("cola", 4)]));
}

#[tokio::test]
async fn what_the_kitchen_does_not_make_is_missing() {
    let table = table();
    count(&table.table, "cola", 4, 1).await;
    let uncounted = StoredStock::uncounted(ProductId::parse("calzone").expect("a product"));
    let record = Record::of("calzone".to_owned(), 1, &uncounted).expect("a record");
    table.table.save(&Write::of(record)).await.expect("a save");
    let stock = ask(&table, &["lasagne", "calzone", "cola"]).await.expect("the stock");
    assert_eq!(stock, told(&[("calzone", 0), ("cola", 4)]), "of what nobody has counted there is nothing");
}

#[tokio::test]
async fn what_was_given_back_on_top_of_a_count_is_shown_as_far_as_the_contract_can() {
    let table = table();
    for (left, shown) in [(1_000_001_i64, 1_000_001), (i64::from(i32::MAX) + 1, i32::MAX), (-1, 0)] {
        let item = json!({"key": "cola", "version": 1, "schema": 1, "state": {"product": "cola"}, "available": left});
        table.table.plant("cola", item);
        assert_eq!(ask(&table, &["cola"]).await, Ok(told(&[("cola", shown)])));
    }
    let item = json!({"key": "cola", "version": 1, "schema": 1, "state": {"product": "cola"}});
    table.table.plant("cola", item);
    assert_eq!(ask(&table, &["cola"]).await, Ok(told(&[("cola", 0)])), "an item without a counter counts nothing");
}

/// A hundred products, each on every counter that there can be, are read in ten looks.
#[tokio::test]
async fn the_most_that_can_be_asked_for_is_read_in_bounded_pieces() {
    let table = table();
    let products: Vec<String> = (0..MAX_PRODUCTS).map(|number| format!("p-{number}")).collect();
    for product in &products {
        count(&table.table, product, 30, MAX_SHARDS).await;
    }
    let products: Vec<&str> = products.iter().map(String::as_str).collect();
    let stock = ask(&table, &products).await.expect("the stock");
    assert!(stock.len() == 100 && stock.iter().all(|(_, available)| *available == 30), "{stock:?}");
    let sizes: Vec<usize> = table.keys.lock().expect("a lock").iter().map(Vec::len).collect();
    assert_eq!(sizes, [100; 10]);
}

#[tokio::test]
async fn a_caller_is_told_every_field_to_change() {
    let table = table();
    let list = RpcError::invalid("product_ids", "must be a list of 1 to 100 items");
    assert_eq!(ask(&table, &[]).await, Err(list.clone()));
    assert_eq!(ask(&table, &["a"; 101]).await, Err(list));
    let id = "must be a text of 1 to 64 lower-case letters, digits, - or _";
    let again = "must be another product than those before it";
    let faults =
        [("product_ids[1]", id), ("product_ids[2]", again)].map(|(field, must)| Fault::new(field, must)).to_vec();
    assert_eq!(ask(&table, &["cola", "Cola", "cola"]).await, Err(RpcError::Invalid(faults)));
    let Err(RpcError::Invalid(faults)) = ask(&table, &["cola/1"; 100]).await else { panic!("it is answered") };
    assert_eq!(faults.len(), MAX_FAULTS, "no more than the limit is told");
    assert!(table.keys.lock().expect("a lock").is_empty(), "nothing is read for a request that is refused");
}

#[tokio::test]
async fn failures_are_told_apart() {
    let table = table();
    count(&table.table, "cola", 4, 2).await;
    for failing in [1, 2] {
        table.table.faults().fail(Operation::Load, failing);
        assert!(matches!(ask(&table, &["cola"]).await, Err(RpcError::Unavailable(_))), "load {failing}");
        let rest = ask(&table, &["cola"]).await;
        assert_eq!(rest, Ok(told(&[("cola", 4)])), "a failure passes");
    }
    let item = json!({"key": "cola", "version": 1, "schema": 2, "state": {"product": "cola"}, "available": 4});
    table.table.plant("cola", item);
    assert!(matches!(ask(&table, &["cola"]).await, Err(RpcError::Internal(_))));
}
