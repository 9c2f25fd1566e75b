//! CreateOrder: one conditional put; the saga follows from the event in its outbox.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::Reason;
use contracts::order::v1 as events;
use contracts::order_api::v1::{CreateOrderRequest, CreateOrderResponse, ORDER_SERVICE_CREATE_ORDER_SPEC};
use messaging::{Key, LoadMany, ids};
use rpc::{Call, CallContext, Change, Facts, Mutation, Ownership, RpcError};

use super::{no_order, shown};
use crate::domain::{Basket, NewOrder, Order, Placement, Product};

/// The longest card token that is taken.
const MAX_CARD_TOKEN_LENGTH: usize = 128;

/// Places an order. Its id derives from the call, so a repeat arrives at the same order.
pub struct CreateOrder {
    catalogue: Arc<dyn LoadMany>,
    approval_limit: i64,
}

impl CreateOrder {
    /// Prices come from `catalogue`; orders above `approval_limit` minor units are refused.
    pub fn new(catalogue: Arc<dyn LoadMany>, approval_limit: i64) -> Self {
        Self { catalogue, approval_limit }
    }
}

/// The products that a basket names.
pub struct Catalogue(BTreeMap<Key, Product>);

#[async_trait]
impl Facts<CreateOrder> for Catalogue {
    async fn read(rpc: &CreateOrder, state: Option<&Order>, request: &CreateOrderRequest) -> Result<Self, RpcError> {
        if state.is_some() {
            return Ok(Self(BTreeMap::new()));
        }
        let keys: Vec<Key> = basket(request)?.items().iter().map(|item| item.product.to_string()).collect();
        let records = rpc.catalogue.load_many(&keys).await?;
        let product = |record: &messaging::Record| Ok::<_, RpcError>((record.key.clone(), record.aggregate()?));
        Ok(Self(records.iter().map(product).collect::<Result<_, _>>()?))
    }
}

impl Mutation<Catalogue> for CreateOrder {
    type Request = CreateOrderRequest;
    type Response = CreateOrderResponse;
    type Aggregate = Order;
    const SPEC: Spec = ORDER_SERVICE_CREATE_ORDER_SPEC;
    const OWNERSHIP: Ownership = Ownership::Caller;
    /// The order itself recognises a repeat.
    const CLAIMS: bool = false;

    fn key(&self, _request: &CreateOrderRequest, call: &Call) -> Result<Key, RpcError> {
        Ok(call.id.to_string())
    }

    fn owner<'a>(&self, order: &'a Order) -> Option<&'a str> {
        Some(&order.customer)
    }

    fn not_found(&self, key: &Key) -> RpcError {
        no_order(key)
    }

    fn decide(
        &self,
        state: Option<&Order>,
        request: &CreateOrderRequest,
        context: &CallContext<'_, Catalogue>,
    ) -> Result<Change<Order, CreateOrderResponse>, RpcError> {
        let CallContext { call, next_version, facts: Catalogue(products) } = *context;
        if let Some(order) = state {
            call.must_repeat(order.fingerprint)?;
            return Ok(Change::Repeated(response(order)));
        }
        let basket = basket(request)?;
        let card_token = card_token(request)?;
        let saga = ids::saga(ids::event(&call.id.to_string(), next_version, 0));
        let new = NewOrder {
            id: call.id,
            customer: &call.caller.subject,
            fingerprint: call.fingerprint,
            saga,
            now: call.now,
        };
        let order = Order::place(new, &basket, |product| products.get(product.as_str()), self.approval_limit)
            .map_err(refusal)?;
        let event = created(&order, card_token);
        Ok(Change::Save { response: response(&order), events: vec![event.into()], state: order })
    }
}

fn basket(request: &CreateOrderRequest) -> Result<Basket, RpcError> {
    let items = request.items.iter().map(|item| {
        let price = item.unit_price.as_option().map(shown::parse_money);
        (item.product_id.as_str(), item.quantity, price)
    });
    Basket::parse(items).map_err(|error| RpcError::invalid("items", error.to_string()))
}

fn card_token(request: &CreateOrderRequest) -> Result<&str, RpcError> {
    let token = request.card_token.as_str();
    if (1..=MAX_CARD_TOKEN_LENGTH).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(token)
    } else {
        Err(RpcError::invalid("card_token", "must be the payment provider's token for the card"))
    }
}

fn refusal(refused: Placement) -> RpcError {
    let message = refused.to_string();
    match refused {
        Placement::UnknownProduct(product) => {
            RpcError::refused(Reason::UnknownProduct, message).about("product", product)
        }
        Placement::PriceChanged { product, actual, .. } => RpcError::refused(Reason::PriceChanged, message)
            .about("product", product)
            .about("currency", actual.currency())
            .about("minor_units", actual.minor_units()),
        Placement::AboveLimit { limit, .. } => {
            RpcError::refused(Reason::AboveApprovalLimit, message).about("limit_minor_units", limit)
        }
        Placement::Money(_) => RpcError::invalid("items", format!("must have a total that can be reckoned: {message}")),
    }
}

fn response(order: &Order) -> CreateOrderResponse {
    CreateOrderResponse { order: shown::placed(order).into(), ..Default::default() }
}

fn created(order: &Order, card_token: &str) -> events::OrderCreated {
    let item = |item: &crate::domain::LineItem| events::LineItem {
        product_id: item.product.to_string(),
        quantity: i32::try_from(item.quantity).unwrap_or(i32::MAX),
        ..Default::default()
    };
    let total = events::Money {
        currency: order.total.currency().to_string(),
        minor_units: order.total.minor_units(),
        ..Default::default()
    };
    events::OrderCreated {
        order_id: order.id.to_string(),
        customer_id: order.customer.clone(),
        items: order.items.iter().map(item).collect(),
        total: total.into(),
        card_token: card_token.to_owned(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests;
