//! The system's front door, as a single-page app uses it.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

/// What a customer's token permits.
pub const CUSTOMER: &[&str] = &["create:orders", "cancel:orders", "read:orders", "read:products"];
/// What a cook's token permits.
pub const COOK: &[&str] = &["read:tickets", "update:tickets", "update:stock"];

/// Calls the API with one token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    api: String,
    token: Option<String>,
}

/// What the API answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, null when it is not JSON.
    pub body: Value,
}

impl Answer {
    /// The response.
    ///
    /// # Errors
    /// The call was refused, or its answer is no message.
    pub fn ok(self) -> Result<Value> {
        ensure!(self.status == 200 && self.body.is_object(), "{} {}", self.status, self.body);
        Ok(self.body)
    }

    /// The Connect code of a refusal, and its message.
    ///
    /// # Errors
    /// The call was answered.
    pub fn refusal(&self) -> Result<(&str, &str)> {
        ensure!(self.status != 200, "not refused: {}", self.body);
        let text = |name: &str| self.body[name].as_str().with_context(|| format!("no {name}: {}", self.body));
        Ok((text("code")?, text("message")?))
    }
}

impl Client {
    /// A client of the API at this address.
    pub fn new(http: reqwest::Client, api: String, token: Option<String>) -> Self {
        Self { http, api, token }
    }

    /// The same with another token, or none.
    #[must_use]
    pub fn with_token(&self, token: Option<String>) -> Self {
        Self { token, ..self.clone() }
    }

    /// Calls an RPC with a body of any kind.
    ///
    /// # Errors
    /// The API cannot be reached.
    pub async fn send(&self, path: &str, content_type: &str, body: Vec<u8>, key: Option<&str>) -> Result<Answer> {
        let mut request = self.http.post(format!("{}{path}", self.api)).header("content-type", content_type).body(body);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        answer(request).await
    }

    /// Calls an RPC with a JSON body.
    ///
    /// # Errors
    /// The API cannot be reached.
    pub async fn call(&self, path: &str, body: &Value, key: Option<&str>) -> Result<Answer> {
        self.send(path, "application/json", body.to_string().into_bytes(), key).await
    }

    /// Calls an RPC without side effects with Connect GET.
    ///
    /// # Errors
    /// The API cannot be reached.
    pub async fn get(&self, path: &str, message: &Value) -> Result<Answer> {
        let message = message.to_string();
        let query = [("connect", "v1"), ("encoding", "json"), ("message", message.as_str())];
        let mut request = self.http.get(format!("{}{path}", self.api)).query(&query);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(request).await
    }

    /// Places an order and returns its id.
    ///
    /// # Errors
    /// The order was refused.
    pub async fn place(&self, product: &str, quantity: u32, card: &str) -> Result<String> {
        let placed = self.place_all(&[(product, quantity)], card).await?;
        let id = placed["orderId"].as_str().with_context(|| format!("no order id: {placed}"))?;
        Ok(id.to_owned())
    }

    /// Places an order of several products and returns it as it was placed.
    ///
    /// # Errors
    /// The order was refused.
    pub async fn place_all(&self, basket: &[(&str, u32)], card: &str) -> Result<Value> {
        let item = |(product, quantity): &(&str, u32)| json!({"productId": product, "quantity": quantity});
        let items: Vec<Value> = basket.iter().map(item).collect();
        let body = json!({"items": items, "cardToken": card});
        let key = Uuid::new_v4().to_string();
        let placed = self.call("/order_api.v1.OrderService/CreateOrder", &body, Some(&key)).await?.ok()?;
        Ok(placed["order"].clone())
    }

    /// Asks to cancel an order.
    ///
    /// # Errors
    /// The API cannot be reached.
    pub async fn cancel(&self, order_id: &str) -> Result<Answer> {
        let key = Uuid::new_v4().to_string();
        self.call("/order_api.v1.OrderService/CancelOrder", &json!({"orderId": order_id}), Some(&key)).await
    }

    /// The order with its sagas.
    ///
    /// # Errors
    /// There is no such order of the caller's.
    pub async fn find(&self, order_id: &str) -> Result<Value> {
        self.call("/order_api.v1.OrderService/FindOrder", &json!({"orderId": order_id}), None).await?.ok()
    }

    /// Sets how much of a product there is.
    ///
    /// # Errors
    /// The call was refused.
    pub async fn set_stock(&self, product: &str, available: u32) -> Result<Value> {
        let body = json!({"productId": product, "available": available});
        let key = Uuid::new_v4().to_string();
        self.call("/kitchen_api.v1.KitchenService/SetStock", &body, Some(&key)).await?.ok()
    }

    /// Says that cooking has started.
    ///
    /// # Errors
    /// The call was refused.
    pub async fn start_ticket(&self, order_id: &str) -> Result<Value> {
        let key = Uuid::new_v4().to_string();
        let body = json!({"orderId": order_id});
        self.call("/kitchen_api.v1.KitchenService/StartTicket", &body, Some(&key)).await?.ok()
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Answer> {
    let response = request.send().await.context("the API cannot be reached")?;
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    Ok(Answer { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
}
