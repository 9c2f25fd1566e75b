//! The system's API, called as a single-page app calls it.

use std::fmt;

use anyhow::{Context, Result, ensure};
use contracts::kitchen_api::v1::{
    KITCHEN_SERVICE_LIST_TICKETS_SPEC, KITCHEN_SERVICE_SET_STOCK_SPEC, KITCHEN_SERVICE_START_TICKET_SPEC,
};
use contracts::order_api::v1::{
    ORDER_SERVICE_CANCEL_ORDER_SPEC, ORDER_SERVICE_CREATE_ORDER_SPEC, ORDER_SERVICE_FIND_ORDER_SPEC,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::deadline::Patience;
use super::journal::Journal;
use crate::stories::card::Card;

/// The RPCs' paths.
pub(crate) const CREATE_ORDER: &str = ORDER_SERVICE_CREATE_ORDER_SPEC.procedure;
pub(crate) const CANCEL_ORDER: &str = ORDER_SERVICE_CANCEL_ORDER_SPEC.procedure;
pub(crate) const FIND_ORDER: &str = ORDER_SERVICE_FIND_ORDER_SPEC.procedure;
pub(crate) const LIST_TICKETS: &str = KITCHEN_SERVICE_LIST_TICKETS_SPEC.procedure;
pub(crate) const START_TICKET: &str = KITCHEN_SERVICE_START_TICKET_SPEC.procedure;
pub(crate) const SET_STOCK: &str = KITCHEN_SERVICE_SET_STOCK_SPEC.procedure;

/// A caller of the API, with a token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    api: String,
    token: Option<String>,
    patience: Patience,
    /// Where its changes are noted, with the subject of its token.
    journal: Option<(Journal, String)>,
}

/// Without the token.
impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("api", &self.api).finish_non_exhaustive()
    }
}

/// What the API answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body; a text when it is not JSON.
    pub body: Value,
}

impl Answer {
    /// The response.
    ///
    /// # Errors
    /// When the call was refused, or its answer is no message.
    pub fn ok(self) -> Result<Value> {
        ensure!(self.status == 200 && self.body.is_object(), "the API answered {}: {}", self.status, self.body);
        Ok(self.body)
    }

    /// The Connect code of a refusal, and its message.
    ///
    /// # Errors
    /// When the call succeeded.
    pub fn refusal(&self) -> Result<(&str, &str)> {
        ensure!(self.status != 200, "the API should have refused the call, but answered {}", self.body);
        let text =
            |name: &str| self.body[name].as_str().with_context(|| format!("the refusal has no {name}: {}", self.body));
        Ok((text("code")?, text("message")?))
    }
}

impl Client {
    /// A client of the API at this address.
    pub fn new(http: reqwest::Client, api: String, token: Option<String>) -> Self {
        Self { http, api, token, patience: Patience::default(), journal: None }
    }

    /// The same client with this patience for an order's end.
    #[must_use]
    pub fn patient(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The same client, which notes in `journal` what it is about to change; `subject` is that of its token.
    #[must_use]
    pub(crate) fn noting(self, journal: &Journal, subject: &str) -> Self {
        Self { journal: Some((journal.clone(), subject.to_owned())), ..self }
    }

    /// How long it waits for an order's end.
    pub(crate) fn patience(&self) -> Patience {
        self.patience
    }

    /// The same client with another token, or without a token.
    #[must_use]
    pub fn with_token(&self, token: Option<String>) -> Self {
        Self { token, ..self.clone() }
    }

    /// Calls an RPC with a body of any kind.
    ///
    /// # Errors
    /// When the API cannot be reached.
    pub async fn send(&self, path: &str, content_type: &str, body: Vec<u8>, key: Option<&str>) -> Result<Answer> {
        let mut request = self.http.post(format!("{}{path}", self.api)).header("content-type", content_type).body(body);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
            if let Some((journal, subject)) = &self.journal {
                journal.note(subject, path, key);
            }
        }
        answer(request).await
    }

    /// Calls an RPC with a JSON body.
    ///
    /// # Errors
    /// When the API cannot be reached.
    pub async fn call(&self, path: &str, body: &Value, key: Option<&str>) -> Result<Answer> {
        self.send(path, "application/json", body.to_string().into_bytes(), key).await
    }

    /// Calls an RPC without side effects by Connect's GET.
    ///
    /// # Errors
    /// When the API cannot be reached.
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
    /// When the API refuses the order.
    pub async fn place(&self, product: &str, quantity: u32, card: Card) -> Result<String> {
        let placed = self.place_all(&[(product, quantity)], card).await?;
        let id = placed["orderId"].as_str().with_context(|| format!("the placed order has no id: {placed}"))?;
        Ok(id.to_owned())
    }

    /// Places an order of several products and returns it as it was placed.
    ///
    /// # Errors
    /// When the API refuses the order.
    pub async fn place_all(&self, basket: &[(&str, u32)], card: Card) -> Result<Value> {
        let item = |(product, quantity): &(&str, u32)| json!({"productId": product, "quantity": quantity});
        let items: Vec<Value> = basket.iter().map(item).collect();
        let body = json!({"items": items, "cardToken": card.token()});
        Ok(self.change(CREATE_ORDER, &body).await?["order"].take())
    }

    /// Asks to cancel an order.
    ///
    /// # Errors
    /// When the API cannot be reached.
    pub async fn cancel(&self, order_id: &str) -> Result<Answer> {
        let key = Uuid::new_v4().to_string();
        self.call(CANCEL_ORDER, &json!({"orderId": order_id}), Some(&key)).await
    }

    /// What the API answers to the question for an order.
    ///
    /// # Errors
    /// When the API cannot be reached.
    pub(crate) async fn look(&self, order_id: &str) -> Result<Answer> {
        self.call(FIND_ORDER, &json!({"orderId": order_id}), None).await
    }

    /// A page of the tickets with this status, such as `APPROVED`, the oldest first.
    ///
    /// # Errors
    /// When the API refuses the call.
    pub(crate) async fn tickets(&self, status: &str, page_size: u32, page_token: &str) -> Result<Value> {
        let body = json!({"status": format!("TICKET_STATUS_{status}"), "pageSize": page_size, "pageToken": page_token});
        self.call(LIST_TICKETS, &body, None).await?.ok().context(LIST_TICKETS)
    }

    /// The order with its sagas.
    ///
    /// # Errors
    /// When the caller has no order with this id.
    pub async fn find(&self, order_id: &str) -> Result<Value> {
        self.look(order_id).await?.ok().context(FIND_ORDER)
    }

    /// Waits until `sagas` sagas about the order are over and its status is final, and returns it with them. A test that
    /// places an order and does not wait for its end disturbs the next test that has the system to itself.
    ///
    /// # Errors
    /// When the order does not come to an end in time.
    pub async fn settled(&self, order_id: &str, sagas: usize) -> Result<Value> {
        let deadline = self.patience.begins();
        loop {
            let found = self.find(order_id).await?;
            if is_settled(&found, sagas) {
                return Ok(found);
            }
            deadline.wait_or(|| format!("the order {order_id} does not come to an end: {found:#}")).await?;
        }
    }

    /// Sets how much of a product there is.
    ///
    /// # Errors
    /// When the API refuses the call.
    pub async fn set_stock(&self, product: &str, available: u32) -> Result<Value> {
        let body = json!({"productId": product, "available": available});
        self.change(SET_STOCK, &body).await
    }

    /// Tells the kitchen's service that cooking has started.
    ///
    /// # Errors
    /// When the API refuses the call.
    pub async fn start_ticket(&self, order_id: &str) -> Result<Value> {
        self.change(START_TICKET, &json!({"orderId": order_id})).await
    }

    /// Calls an RPC that changes something, under a key of its own, and returns the response.
    async fn change(&self, path: &str, body: &Value) -> Result<Value> {
        self.call(path, body, Some(&Uuid::new_v4().to_string())).await?.ok().with_context(|| path.to_owned())
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Answer> {
    let response = request.send().await.map_err(reqwest::Error::without_url);
    let response = response.context("the API cannot be reached: is its address right, and is the system running?")?;
    let status = response.status().as_u16();
    let text = response.text().await.context("the API's answer breaks off")?;
    Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
}

/// Whether at least `sagas` sagas exist, all of them are over, and the order's status is final.
fn is_settled(found: &Value, sagas: usize) -> bool {
    let is_over =
        |saga: &Value| ["SAGA_STATE_COMPLETED", "SAGA_STATE_COMPENSATED"].iter().any(|it| saga["state"] == *it);
    let are_over = |all: &Vec<Value>| all.len() >= sagas && all.iter().all(is_over);
    let is_final = |status: &str| !status.ends_with("_PENDING");
    found["sagas"].as_array().is_some_and(are_over) && found["order"]["status"].as_str().is_some_and(is_final)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_settled_when_its_sagas_are_over_and_its_status_is_final() {
        let found = |status: &str, sagas: &[&str]| {
            let sagas: Vec<_> = sagas.iter().map(|state| json!({"state": format!("SAGA_STATE_{state}")})).collect();
            json!({"order": {"status": format!("ORDER_STATUS_{status}")}, "sagas": sagas})
        };
        assert!(is_settled(&found("APPROVED", &["COMPLETED"]), 1));
        assert!(is_settled(&found("APPROVED", &["COMPLETED", "COMPENSATED"]), 2));
        assert!(!is_settled(&found("APPROVED", &["COMPLETED"]), 2), "the second saga has not begun");
        assert!(!is_settled(&found("APPROVED", &["RUNNING"]), 1));
        assert!(!is_settled(&found("APPROVED", &["COMPLETED", "RUNNING"]), 1));
        assert!(!is_settled(&found("CANCEL_PENDING", &["COMPLETED"]), 1));
        assert!(!is_settled(&json!({"order": {"status": "ORDER_STATUS_APPROVED"}}), 1), "no saga has begun");
    }
}
