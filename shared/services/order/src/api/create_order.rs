//! CreateOrder: one conditional put; the saga follows from the event in its outbox.

mod input;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::Reason;
use contracts::order::v1 as events;
use contracts::order_api::v1::{CreateOrderRequest, CreateOrderResponse, ORDER_SERVICE_CREATE_ORDER_SPEC};
use messaging::{Key, LoadMany, ids};
use rpc::{Call, CallContext, Change, Facts, Mutation, Ownership, RpcError};

use self::input::Input;
use super::{no_order, shown};
use crate::domain::{CardToken, NewOrder, Order, Placement, Product};

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
    async fn read(rpc: &CreateOrder, state: Option<&Order>, input: &Input) -> Result<Self, RpcError> {
        if state.is_some() {
            return Ok(Self(BTreeMap::new()));
        }
        let keys: Vec<Key> = input.basket.items().iter().map(|item| item.product.to_string()).collect();
        let records = rpc.catalogue.load_many(&keys).await?;
        let product = |record: &messaging::Record| Ok::<_, RpcError>((record.key.clone(), record.aggregate()?));
        Ok(Self(records.iter().map(product).collect::<Result<_, _>>()?))
    }
}

impl Mutation<Catalogue> for CreateOrder {
    type Request = CreateOrderRequest;
    type Input = Input;
    type Response = CreateOrderResponse;
    type Aggregate = Order;
    const SPEC: Spec = ORDER_SERVICE_CREATE_ORDER_SPEC;
    const OWNERSHIP: Ownership = Ownership::Caller;
    /// The order itself recognises a repeat.
    const CLAIMS: bool = false;

    fn parse(&self, request: CreateOrderRequest) -> Result<Input, RpcError> {
        Input::parse(request)
    }

    fn canonical(&self, input: &Input) -> CreateOrderRequest {
        input.request()
    }

    fn key(&self, _input: &Input, call: &Call) -> Key {
        call.id.to_string()
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
        input: &Input,
        context: &CallContext<'_, Catalogue>,
    ) -> Result<Change<Order, CreateOrderResponse>, RpcError> {
        let CallContext { call, fingerprint, next_version, facts: Catalogue(products) } = *context;
        if let Some(order) = state {
            context.must_repeat(order.fingerprint)?;
            return Ok(Change::Repeated(response(order)));
        }
        let saga = ids::saga(ids::event(&call.id.to_string(), next_version, 0));
        let new = NewOrder { id: call.id, customer: &call.caller.subject, fingerprint, saga, now: call.now };
        let order = Order::place(new, &input.basket, |product| products.get(product.as_str()), self.approval_limit)
            .map_err(refusal)?;
        let event = created(&order, &input.card_token);
        Ok(Change::Save { response: response(&order), events: vec![event.into()], state: order })
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
        Placement::AboveLimit { total, limit } => RpcError::refused(Reason::AboveApprovalLimit, message)
            .about("currency", total.currency())
            .about("total_minor_units", total.minor_units())
            .about("limit_minor_units", limit.minor_units()),
        Placement::Money(_) => RpcError::invalid("items", format!("must have a total that can be reckoned: {message}")),
    }
}

fn response(order: &Order) -> CreateOrderResponse {
    CreateOrderResponse { order: shown::placed(order).into(), ..Default::default() }
}

fn created(order: &Order, card_token: &CardToken) -> events::OrderCreated {
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
        card_token: card_token.expose().to_owned(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests;
