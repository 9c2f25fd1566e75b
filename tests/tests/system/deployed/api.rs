//! What the front door answers to what people send.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Answer, Card, LocalAws, Person, Product, SigningKey};
use serde_json::{Value, json};
use tests::basket::Basket;
use tests::{LazySystem, System};
use uuid::Uuid;

use super::shared;

const CREATE_ORDER: &str = "/order_api.v1.OrderService/CreateOrder";
const FIND_ORDER: &str = "/order_api.v1.OrderService/FindOrder";
const LIST_ORDERS: &str = "/order_api.v1.OrderService/ListOrders";
const LIST_PRODUCTS: &str = "/order_api.v1.OrderService/ListProducts";
const LIST_TICKETS: &str = "/kitchen_api.v1.KitchenService/ListTickets";
const SET_STOCK: &str = "/kitchen_api.v1.KitchenService/SetStock";
const START_TICKET: &str = "/kitchen_api.v1.KitchenService/StartTicket";

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("api::callers_without_a_good_token_are_stopped", system, callers_without_a_good_token_are_stopped),
        shared("api::permissions_are_judged", system, permissions_are_judged),
        shared("api::others_orders_are_not_found", system, others_orders_are_not_found),
        shared("api::a_repeated_key_is_recognised", system, a_repeated_key_is_recognised),
        shared("api::bad_orders_are_refused", system, bad_orders_are_refused),
        shared("api::malformed_bodies_are_refused", system, malformed_bodies_are_refused),
        shared("api::reading_rpcs_also_answer_get", system, reading_rpcs_also_answer_get),
        shared("api::lists_have_pages", system, lists_have_pages),
        shared("api::a_browser_may_ask_first", system, a_browser_may_ask_first),
        shared("api::the_kitchens_calls_are_checked", system, the_kitchens_calls_are_checked),
    ]
}

fn order(product: &str, quantity: i64) -> Value {
    json!({"items": [{"productId": product, "quantity": quantity}], "cardToken": Card::Good.token()})
}

fn new_key() -> String {
    Uuid::new_v4().to_string()
}

/// The refusal has this code, and its message says this.
fn refused(answer: &Answer, status: u16, code: &str, says: &str) -> Result<()> {
    let (actual, message) = answer.refusal()?;
    ensure!(
        answer.status == status && actual == code && message.contains(says),
        "{answer:?} instead of {code}, {says}"
    );
    Ok(())
}

async fn callers_without_a_good_token_are_stopped(system: Arc<System>) -> Result<()> {
    let issuer = system.aws().issuer();
    let good = || issuer.access_token("auth0|anna", Person::Customer.permissions());
    let stranger = SigningKey::generate()?;
    let tokens = [
        None,
        Some("nonsense".to_owned()),
        Some(issuer.sign(&good().expires_in(-120))?),
        Some(issuer.sign(&good().claim("aud", json!(["https://another.api/"])))?),
        Some(issuer.sign(&good().claim("iss", "https://another.issuer/"))?),
        Some(issuer.sign(&good().into_id_token())?),
        Some(stranger.sign(&good())?),
        Some(good().unsigned()),
    ];
    let anna = system.customer("anna")?;
    for (number, token) in tokens.into_iter().enumerate() {
        let answer = anna.with_token(token).call(LIST_PRODUCTS, &json!({}), None).await?;
        ensure!(answer.status == 401, "token {number}: {answer:?}");
    }
    Ok(())
}

async fn permissions_are_judged(system: Arc<System>) -> Result<()> {
    let reader = system.caller("reader", &["read:orders"])?;
    let answer = reader.call(CREATE_ORDER, &order("margherita", 1), Some(&new_key())).await?;
    refused(&answer, 403, "permission_denied", "create:orders")?;
    let answer = system.customer("anna")?.call(SET_STOCK, &json!({}), Some(&new_key())).await?;
    refused(&answer, 403, "permission_denied", "update:stock")?;
    let answer = system.cook()?.call(LIST_ORDERS, &json!({}), None).await?;
    refused(&answer, 403, "permission_denied", "read:orders")
}

async fn others_orders_are_not_found(system: Arc<System>) -> Result<()> {
    let (anna, bert) = (system.customer("owner")?, system.customer("stranger")?);
    let order_id = anna.place("margherita", 1, Card::Good).await?;
    for order_id in [order_id.as_str(), "00000000-0000-5000-8000-000000000000"] {
        let answer = bert.call(FIND_ORDER, &json!({"orderId": order_id}), None).await?;
        refused(&answer, 404, "not_found", order_id)?;
        refused(&bert.cancel(order_id).await?, 404, "not_found", order_id)?;
    }
    let listed = bert.call(LIST_ORDERS, &json!({}), None).await?.ok()?;
    ensure!(listed["orders"].is_null(), "{listed}");
    anna.settled(&order_id, 1).await?;
    Ok(())
}

async fn a_repeated_key_is_recognised(system: Arc<System>) -> Result<()> {
    let anna = system.customer("repeating")?;
    let key = new_key();
    // A product of its own, which no other test can sell out.
    let product = format!("p-{}", Uuid::new_v4());
    system.aws().offer(&[Product::new(&product, "EUR", 1150, 100)]).await?;
    system.cook()?.set_stock(&product, 100).await?;
    let body = order(&product, 2);
    let first = anna.call(CREATE_ORDER, &body, Some(&key)).await?.ok()?;
    let order_id = first["order"]["orderId"].as_str().unwrap_or_default().to_owned();
    system.await_status(&anna, &order_id, "APPROVED").await?;
    let again = anna.call(CREATE_ORDER, &body, Some(&key)).await?.ok()?;
    ensure!(first == again && first["order"]["status"] == "ORDER_STATUS_APPROVAL_PENDING", "{first} and {again}");
    let record = system.stored("OrdersTable", &order_id).await?.context("no order")?;
    ensure!(record.version == 2 && system.stock(&product).await? == 98, "a repeat does nothing: {record:?}");
    let other = anna.call(CREATE_ORDER, &order("margherita", 3), Some(&key)).await?;
    refused(&other, 400, "failed_precondition", "Idempotency-Key")?;
    ensure!(other.body["details"][0]["type"] == "google.rpc.ErrorInfo", "{other:?}");
    let missing = anna.call(CREATE_ORDER, &body, None).await?;
    refused(&missing, 400, "invalid_argument", "Idempotency-Key")?;
    // The key belongs to its caller: somebody else's is another.
    let bert = system.customer("repeating-too")?;
    let theirs = bert.call(CREATE_ORDER, &body, Some(&key)).await?.ok()?;
    let theirs = theirs["order"]["orderId"].as_str().with_context(|| format!("no order id: {theirs}"))?;
    ensure!(theirs != order_id, "{theirs}");
    let found = bert.settled(theirs, 1).await?;
    ensure!(found["order"]["status"] == "ORDER_STATUS_APPROVED", "{found:#}");
    Ok(())
}

async fn bad_orders_are_refused(system: Arc<System>) -> Result<()> {
    let anna = system.customer("bad")?;
    let many: Vec<Value> = (0..10_000).map(|index| json!({"productId": format!("p{index}"), "quantity": 1})).collect();
    let priced = |minor_units: &str| {
        let price = json!({"currency": "EUR", "minorUnits": minor_units});
        json!({"items": [{"productId": "margherita", "quantity": 1, "unitPrice": price}], "cardToken": Card::Good.token()})
    };
    let cases = [
        (
            json!({"items": many, "cardToken": Card::Good.token()}),
            "invalid_argument",
            "items must be a list of 1 to 50 items",
        ),
        (json!({"cardToken": Card::Good.token()}), "invalid_argument", "items must be a list of 1 to 50 items"),
        (order("margherita", -1), "invalid_argument", "items[0].quantity must be a whole number from 1 to 1000"),
        (order("margherita", 1_000_000), "invalid_argument", "1 to 1000"),
        (order("margherita", 99_999_999_999), "invalid_argument", "items[0].quantity must be a whole number"),
        (
            order("Margherita!", 1),
            "invalid_argument",
            "items[0].product_id must be a text of 1 to 64 lower-case letters",
        ),
        (order("no-such-thing", 1), "failed_precondition", "ListProducts"),
        (order("truffle-menu", 1000), "failed_precondition", "limit"),
        (
            priced("999999999999999999999999"),
            "invalid_argument",
            "items[0].unit_price.minor_units must be a whole number",
        ),
        (priced("-1150"), "invalid_argument", "items[0].unit_price.minor_units must be a whole number from 0"),
        (priced("9223372036854775807"), "failed_precondition", "new price"),
        (
            json!({"items": [{"productId": "margherita", "quantity": 1}]}),
            "invalid_argument",
            "card_token must be a text of 1 to 128",
        ),
    ];
    for (body, code, says) in cases {
        let answer = anna.call(CREATE_ORDER, &body, Some(&new_key())).await?;
        refused(&answer, 400, code, says)?;
    }
    let answer = anna.call(FIND_ORDER, &json!({"orderId": "7"}), None).await?;
    refused(&answer, 400, "invalid_argument", "UUID")
}

async fn malformed_bodies_are_refused(system: Arc<System>) -> Result<()> {
    let anna = system.customer("malformed")?;
    let send = |content_type, body: &[u8]| {
        let (anna, body) = (anna.clone(), body.to_vec());
        async move { anna.send(CREATE_ORDER, content_type, body, Some(&new_key())).await }
    };
    refused(&send("application/json", b"{\"items\": [").await?, 400, "invalid_argument", "it ends too early")?;
    refused(&send("application/json", b"[]").await?, 400, "invalid_argument", "must be a JSON object")?;
    refused(&send("application/proto", b"\xff\xff\xff\xff").await?, 400, "invalid_argument", "it is no Protobuf")?;
    ensure!(send("text/plain", b"{}").await?.status == 415);
    // Binary is spoken as well: field 2 is the card token, and there are no items.
    refused(&send("application/proto", b"\x12\x08tok_visa").await?, 400, "invalid_argument", "items must be a list")
}

async fn reading_rpcs_also_answer_get(system: Arc<System>) -> Result<()> {
    let anna = system.customer("getting")?;
    let listed = anna.get(LIST_PRODUCTS, &json!({"pageSize": 3})).await?.ok()?;
    ensure!(listed["products"].as_array().is_some_and(|products| products.len() == 3), "{listed}");
    let order_id = anna.place("margherita", 1, Card::Good).await?;
    let found = anna.get(FIND_ORDER, &json!({"orderId": order_id})).await?.ok()?;
    ensure!(found["order"]["orderId"] == order_id.as_str());
    let written = anna.get(CREATE_ORDER, &order("margherita", 1)).await?;
    ensure!([404, 405].contains(&written.status), "{written:?}");
    anna.settled(&order_id, 1).await?;
    Ok(())
}

async fn lists_have_pages(system: Arc<System>) -> Result<()> {
    let anna = system.customer("listing")?;
    let mut placed = Vec::new();
    for _ in 0..3 {
        placed.push(anna.place("caesar-salad", 1, Card::Good).await?);
    }
    let mut listed = Vec::new();
    let mut token = String::new();
    loop {
        let page = anna.call(LIST_ORDERS, &json!({"pageSize": 2, "pageToken": token}), None).await?.ok()?;
        let orders = page["orders"].as_array().cloned().unwrap_or_default();
        ensure!(orders.len() <= 2, "{page}");
        listed.extend(orders.iter().filter_map(|order| order["orderId"].as_str().map(str::to_owned)));
        match page["nextPageToken"].as_str() {
            Some(next) if !next.is_empty() => token = next.to_owned(),
            _ => break,
        }
    }
    for order_id in &placed {
        anna.settled(order_id, 1).await?;
    }
    placed.reverse();
    ensure!(listed == placed, "{listed:?} instead of {placed:?}, newest first");
    let answer = anna.call(LIST_ORDERS, &json!({"pageSize": 101}), None).await?;
    refused(&answer, 400, "invalid_argument", "page_size")?;
    let answer = anna.call(LIST_ORDERS, &json!({"pageToken": "nonsense"}), None).await?;
    refused(&answer, 400, "invalid_argument", "page_token must be")
}

/// CORS: a browser asks before it sends a token and a key across origins, and shows its page what the answer allows.
async fn a_browser_may_ask_first(system: Arc<System>) -> Result<()> {
    let (client, url) = (reqwest::Client::new(), format!("{}{CREATE_ORDER}", system.aws().api()));
    let sent =
        "authorization,connect-protocol-version,connect-timeout-ms,content-type,idempotency-key,traceparent,tracestate";
    let ask = |origin: &str| {
        let ask = client.request(reqwest::Method::OPTIONS, &url).header("origin", origin);
        ask.header("access-control-request-method", "POST").header("access-control-request-headers", sent).send()
    };
    for origin in [LocalAws::ORIGIN, LocalAws::OTHER_ORIGIN] {
        let response = ask(origin).await?;
        ensure!(response.status() == 204 && header(&response, "access-control-allow-origin") == origin, "{response:?}");
        let allowed = header(&response, "access-control-allow-headers");
        let missing: Vec<_> = sent.split(',').filter(|name| !allowed.split(',').any(|other| other == *name)).collect();
        ensure!(missing.is_empty(), "{missing:?} may not be sent: {response:?}");
        ensure!(header(&response, "access-control-allow-methods").contains("post"), "{response:?}");
        // A refusal of the function's: a page can read it, with what it says in its headers.
        let token = system.aws().issuer().token("auth0|nobody", &[])?;
        let call = client.post(&url).header("origin", origin).bearer_auth(token).json(&json!({})).send().await?;
        ensure!(call.status() == 403 && header(&call, "access-control-allow-origin") == origin, "{call:?}");
        let exposed = header(&call, "access-control-expose-headers");
        for name in ["retry-after", "www-authenticate"] {
            ensure!(exposed.split(',').any(|other| other == name), "a page cannot read {name}: {call:?}");
        }
    }
    let stranger = ask("https://evil.example.com").await?;
    ensure!(!stranger.headers().contains_key("access-control-allow-origin"), "{stranger:?}");
    Ok(())
}

/// The header's value in small letters; empty when it is not there.
fn header(response: &reqwest::Response, name: &str) -> String {
    let value = response.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_lowercase()
}

async fn the_kitchens_calls_are_checked(system: Arc<System>) -> Result<()> {
    let cook = system.cook()?;
    for (body, says) in [
        (json!({"productId": "gnocchi", "available": -1}), "available"),
        (json!({"productId": "", "available": 1}), "product"),
    ] {
        refused(&cook.call(SET_STOCK, &body, Some(&new_key())).await?, 400, "invalid_argument", says)?;
    }
    let unknown =
        cook.call(SET_STOCK, &json!({"productId": "no-such-thing", "available": 1}), Some(&new_key())).await?;
    refused(&unknown, 400, "failed_precondition", "no-such-thing")?;
    let key = new_key();
    system.aws().offer(&[Product::new("tap-water", "EUR", 100, 0)]).await?;
    let body = |available: i32| json!({"productId": "tap-water", "available": available});
    let first = cook.call(SET_STOCK, &body(5), Some(&key)).await?.ok()?;
    cook.call(SET_STOCK, &body(9), Some(&new_key())).await?.ok()?;
    let again = cook.call(SET_STOCK, &body(5), Some(&key)).await?.ok()?;
    ensure!(first == again && system.stock("tap-water").await? == 9, "a repeat sets nothing");
    refused(&cook.call(SET_STOCK, &body(6), Some(&key)).await?, 400, "failed_precondition", "Idempotency-Key")?;

    let missing = json!({"orderId": "00000000-0000-5000-8000-000000000000"});
    refused(&cook.call(START_TICKET, &missing, Some(&new_key())).await?, 404, "not_found", "there is no ticket")?;
    refused(
        &cook.call(START_TICKET, &json!({"orderId": ""}), Some(&new_key())).await?,
        400,
        "invalid_argument",
        "UUID",
    )?;
    let anna = system.customer("sold-out")?;
    let basket = Basket::new(&system, [0, 0, 0]).await?;
    let order_id = basket.place(&anna, Card::Good).await?;
    system.await_status(&anna, &order_id, "REJECTED").await?;
    let (mut token, mut listed) = (String::new(), Vec::new());
    loop {
        let asked = json!({"status": "TICKET_STATUS_REJECTED", "pageSize": 100, "pageToken": token});
        let page = cook.call(LIST_TICKETS, &asked, None).await?.ok()?;
        listed.extend(page["tickets"].as_array().cloned().unwrap_or_default());
        match page["nextPageToken"].as_str() {
            Some(next) if !next.is_empty() => token = next.to_owned(),
            _ => break,
        }
    }
    ensure!(listed.iter().all(|ticket| ticket["status"] == "TICKET_STATUS_REJECTED"), "{listed:?}");
    ensure!(listed.iter().any(|ticket| ticket["orderId"] == order_id.as_str()), "{order_id} is missing: {listed:?}");
    Ok(())
}
