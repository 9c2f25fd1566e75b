//! What is taken away and what stays, with tables and an API that are played here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws::Clients;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, Router};
use kitchen::domain::MAX_SHARDS;
use kitchen::{STOCK, TICKETS};
use messaging::{Record, Write};
use order::PRODUCTS;
use order::domain::{Currency, LineItem, Money, ProductId, Status};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::*;
use crate::api::client::{CREATE_ORDER, Client, SET_STOCK};
use crate::api::journal::Journal;
use crate::stories::stage::Cast;
use crate::tables::Tables;

const MOMENT: Patience = Patience { limit: Duration::from_millis(20), pause: Duration::from_millis(1) };

/// The items of all tables, as DynamoDB keeps them; the tables of `locked` let nothing go.
#[derive(Clone, Default)]
struct Stored {
    items: Arc<Mutex<BTreeMap<String, Value>>>,
    locked: Arc<Mutex<Vec<String>>>,
}

impl Stored {
    fn put(&self, table: Table, key: &str) {
        self.items.lock().unwrap().insert(format!("s-{} {key}", table.name), json!({"key": {"S": key}}));
    }

    fn keys(&self) -> Vec<String> {
        self.items.lock().unwrap().keys().cloned().collect()
    }
}

async fn dynamodb(State(stored): State<Stored>, headers: HeaderMap, body: String) -> (StatusCode, String) {
    let asked: Value = serde_json::from_str(&body).unwrap();
    let mut items = stored.items.lock().unwrap();
    let table = asked["TableName"].as_str().unwrap();
    let key = asked["Key"]["key"]["S"].as_str().or(asked["Item"]["key"]["S"].as_str()).unwrap();
    let at = format!("{table} {key}");
    let answer = match headers["x-amz-target"].to_str().unwrap() {
        "DynamoDB_20120810.GetItem" => items.get(&at).map_or(json!({}), |item| json!({"Item": item})),
        "DynamoDB_20120810.PutItem" => {
            items.insert(at, asked["Item"].clone());
            json!({})
        }
        _ if stored.locked.lock().unwrap().iter().any(|locked| locked == table) => {
            let refusal = json!({"__type": "com.amazon.coral.service#AccessDeniedException", "message": "not you"});
            return (StatusCode::BAD_REQUEST, refusal.to_string());
        }
        _ => items.remove(&at).map_or(json!({}), |item| json!({"Attributes": item})),
    };
    (StatusCode::OK, answer.to_string())
}

/// Every order whose id is in the list is under way for ever; every other is over, and a command of it was repeated.
async fn find_order(State(under_way): State<Vec<String>>, Json(asked): Json<Value>) -> Json<Value> {
    let id = asked["orderId"].as_str().unwrap_or_default().to_owned();
    let (status, state) =
        if under_way.contains(&id) { ("APPROVAL_PENDING", "RUNNING") } else { ("APPROVED", "COMPLETED") };
    let began = "2026-11-26T00:00:00Z";
    let step = json!({"name": "a", "service": "b", "state": "SAGA_STEP_STATE_SENT", "repeats": 1, "sentAt": began});
    let saga = json!({"name": "c", "state": format!("SAGA_STATE_{state}"), "steps": [step], "startedAt": began});
    Json(json!({"order": {"orderId": id, "status": format!("ORDER_STATUS_{status}")}, "sagas": [saga]}))
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, router).await });
    url
}

/// A run whose orders under the keys "done" and "open" were written, and whose "open" one is under way.
async fn run(stored: &Stored) -> Run {
    let journal = Journal::default();
    for key in ["done", "open"] {
        journal.note("anna", CREATE_ORDER, key);
    }
    journal.note("anna", SET_STOCK, "counted");
    let credentials = SharedCredentialsProvider::new(Credentials::new("a", "b", None, None, "test"));
    let config = aws_config::SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("nowhere-1"))
        .endpoint_url(serve(Router::new().fallback(dynamodb).with_state(stored.clone())).await)
        .credentials_provider(credentials)
        .build();
    let tables = Tables::of(Clients::of(config).dynamodb(), "s");
    let under_way = vec![id("open").to_string()];
    let api = serve(Router::new().fallback(find_order).with_state(under_way)).await;
    let client = Client::new(reqwest::Client::builder().no_proxy().build().unwrap(), api, None).patient(MOMENT);
    let run = Run::of(Cast { customer: client.clone(), cook: client }, tables, journal);
    for (key, product) in ["done", "open"].iter().zip(run.products()) {
        let order = order(id(key), &product);
        let record = Record::of(order.id.to_string(), 1, &order).unwrap();
        run.tables().store(ORDERS).save(&Write::of(record)).await.unwrap();
        stored.put(TICKETS, &order.id.to_string());
        stored.put(SAGAS, &saga(key).to_string());
        stored.put(STOCK, &product);
        stored.put(PRODUCTS, &product);
    }
    stored.put(STOCK, "margherita");
    stored.put(STOCK, &rpc::claim_key(messaging::ids::request("anna", SET_STOCK, "counted")));
    run
}

fn id(key: &str) -> Uuid {
    messaging::ids::request("anna", CREATE_ORDER, key)
}

fn saga(key: &str) -> Uuid {
    messaging::ids::saga(messaging::ids::event(key, 1, 0))
}

fn order(order_id: Uuid, product: &str) -> Order {
    let price = Money::new(Currency::parse("EUR").unwrap(), 1).unwrap();
    let line = LineItem { product: ProductId::parse(product).unwrap(), quantity: 1, unit_price: price };
    let key = if order_id == id("done") { "done" } else { "open" };
    Order {
        id: order_id,
        customer: "anna".to_owned(),
        items: vec![line],
        total: price,
        status: Status::Canceled,
        created_at: OffsetDateTime::UNIX_EPOCH,
        fingerprint: Uuid::nil(),
        sagas: vec![saga(key)],
    }
}

#[tokio::test]
async fn what_a_saga_still_needs_stays_and_is_said() {
    let stored = Stored::default();
    let run = run(&stored).await;
    let mut cleaning = Cleaning::after(&run, MOMENT);
    cleaning.clean(false).await;
    let open = id("open");
    // A saga with a repeated command may have a watchdog that sleeps for long: its item expires by itself.
    let mut expected = [
        format!("s-orders {open}"),
        format!("s-tickets {open}"),
        format!("s-sagas {}", saga("open")),
        format!("s-sagas {}", saga("done")),
        format!("s-stock {}", run.products()[1]),
        "s-stock margherita".to_owned(),
    ];
    expected.sort();
    assert_eq!(stored.keys(), expected);
    // Both from the menu; of the order that is over itself, its ticket and its stock; and the claim.
    assert_eq!((cleaning.removed, cleaning.expiring), (6, 1));
    let left: Vec<_> = cleaning.left.items().iter().map(|item| item.table).collect();
    let shards = std::iter::repeat_n("stock", MAX_SHARDS as usize);
    assert_eq!(left, ["tickets", "authorizations", "orders"].into_iter().chain(shards).collect::<Vec<_>>());
    let [complaint] = &cleaning.complaints[..] else { panic!("{:?}", cleaning.complaints) };
    assert!(complaint.contains(&open.to_string()) && complaint.contains("not seen to be over"), "{complaint}");
}

#[tokio::test]
async fn what_a_table_does_not_let_go_is_left_and_said() {
    let stored = Stored::default();
    let run = run(&stored).await;
    stored.locked.lock().unwrap().push("s-products".to_owned());
    let mut cleaning = Cleaning::after(&run, MOMENT);
    cleaning.clean(false).await;
    assert_eq!(cleaning.left.menu.len(), run.products().len());
    let complaint = &cleaning.complaints[0];
    assert!(complaint.contains("s-products") && complaint.contains("AccessDeniedException"), "{complaint}");
    assert!(!stored.keys().contains(&format!("s-orders {}", id("done"))), "the rest is removed all the same");
}
