//! The system's public API, called by a customer and by a cook.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use local::run_state::RunState;
use reqwest::Client;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{COOK, COOK_PERMISSIONS, CUSTOMER, CUSTOMER_PERMISSIONS};
use super::progress::{Answer, Found, Order};

/// How long a saga may take, on a slow machine whose functions have to be started first.
const PATIENCE: Duration = Duration::from_secs(120);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Calls the API over HTTP, with a token for each of the two people.
pub(super) struct FrontDoor {
    http: Client,
    api: String,
    customer: String,
    cook: String,
}

impl FrontDoor {
    /// Gets both people's tokens from the development issuer.
    pub(super) async fn open(state: &RunState) -> Result<Self> {
        let http = Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().context("no HTTP client")?;
        let customer = token(&http, &state.issuer_url, CUSTOMER, &CUSTOMER_PERMISSIONS).await?;
        let cook = token(&http, &state.issuer_url, COOK, &COOK_PERMISSIONS).await?;
        Ok(Self { http, api: state.api_url.clone(), customer, cook })
    }

    /// The customer places an order.
    pub(super) async fn create_order(&self, product: &str, quantity: u32, card: &str) -> Result<Order> {
        let body = json!({"items": [{"productId": product, "quantity": quantity}], "cardToken": card});
        Ok(self.call::<Answer>("order_api.v1.OrderService/CreateOrder", &self.customer, body).await?.order)
    }

    /// The customer asks to cancel an order.
    pub(super) async fn cancel_order(&self, order_id: &str) -> Result<Order> {
        let body = json!({"orderId": order_id});
        Ok(self.call::<Answer>("order_api.v1.OrderService/CancelOrder", &self.customer, body).await?.order)
    }

    /// The cook says how much of a product there is.
    pub(super) async fn set_stock(&self, product: &str, available: u32) -> Result<()> {
        let body = json!({"productId": product, "available": available});
        self.call::<Value>("kitchen_api.v1.KitchenService/SetStock", &self.cook, body).await.map(drop)
    }

    /// The cook starts to cook an order.
    pub(super) async fn start_ticket(&self, order_id: &str) -> Result<()> {
        let body = json!({"orderId": order_id});
        self.call::<Value>("kitchen_api.v1.KitchenService/StartTicket", &self.cook, body).await.map(drop)
    }

    /// Looks at an order until `sagas` sagas about it are over.
    pub(super) async fn settled(&self, order_id: &str, sagas: usize) -> Result<Found> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let body = json!({"orderId": order_id});
            let found: Found = self.call("order_api.v1.OrderService/FindOrder", &self.customer, body).await?;
            if found.is_settled(sagas) {
                return Ok(found);
            }
            if Instant::now() > deadline {
                bail!("the order {order_id} is still {} after {} s", found.order.status(), PATIENCE.as_secs());
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    async fn call<T: DeserializeOwned>(&self, rpc: &str, token: &str, body: Value) -> Result<T> {
        let request = self.http.post(format!("{}/{rpc}", self.api)).bearer_auth(token).json(&body);
        // Each call is one of its own; RPCs that only read do not look at the key.
        let request = request.header("idempotency-key", Uuid::new_v4().to_string());
        let answer = request.send().await.with_context(|| format!("{rpc} gets no answer"))?;
        let status = answer.status();
        let text = answer.text().await.with_context(|| format!("the answer of {rpc} breaks off"))?;
        if !status.is_success() {
            bail!("{rpc} answered {status}: {text}");
        }
        serde_json::from_str(&text).with_context(|| format!("{rpc} answered {text}"))
    }
}

async fn token(http: &Client, issuer_url: &str, subject: &str, permissions: &[&str]) -> Result<String> {
    let query = [("sub", subject), ("permissions", &permissions.join(","))];
    let answer = http.get(format!("{issuer_url}token")).query(&query).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status).context("the issuer gives no token")?;
    let answer: Value = answer.json().await.context("the issuer's answer is no JSON")?;
    Ok(answer["access_token"].as_str().context("the issuer's answer has no token")?.to_owned())
}
