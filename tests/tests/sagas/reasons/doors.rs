//! Each RPC as its function serves it, over the tables of a world: from the event to the answer.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, anyhow, bail};
use async_trait::async_trait;
use auth::{Audience, Issuer, KeySet, KeySource, KeySourceError, Verifier};
use local::{AccessToken, SigningKey};
use orchestration::RecordedSagas;
use runtime::{Edge, Gate};
use serde_json::{Value, json};
use testkit::{Faults, Schedule};

use crate::menu::line;
use crate::stories::{place, placing};
use crate::world::{APPROVAL_LIMIT, World};

const ISSUER: &str = "https://tenant.example/";
const AUDIENCE: &str = "https://api.example/";
/// The only time there is.
pub(super) const NOW: u64 = 1_900_000_000;
/// Who calls.
pub(super) const ANNA: &str = "auth0|anna";
const PERMISSIONS: [&str; 7] = [
    "create:orders",
    "cancel:orders",
    "read:orders",
    "read:products",
    "read:tickets",
    "update:tickets",
    "update:stock",
];

/// One RPC.
pub(super) struct Door {
    pub(super) rpc: &'static str,
    pub(super) path: &'static str,
    pub(super) changes: bool,
    /// The request that is answered in a [`world`]; `<order>` is the order there.
    pub(super) asks: &'static str,
    /// Another request.
    pub(super) asks_otherwise: &'static str,
    /// A request that is not what the contract says, and the fields that are not right.
    pub(super) asks_badly: (&'static str, &'static [&'static str]),
}

const BAD_ORDER: (&str, &[&str]) = (r#"{"orderId": "7"}"#, &["order_id"]);
const BAD_PAGE: (&str, &[&str]) = (r#"{"pageSize": 101, "pageToken": " "}"#, &["page_size", "page_token"]);
const ORDER: &str = r#"{"orderId": "<order>"}"#;
const NO_ORDER: &str = r#"{"orderId": "00000000-0000-5000-8000-000000000000"}"#;

/// Every RPC.
pub(super) const DOORS: [Door; 8] = [
    Door {
        rpc: "CreateOrder",
        path: "/order_api.v1.OrderService/CreateOrder",
        changes: true,
        asks: r#"{"items": [{"productId": "margherita", "quantity": 1}], "cardToken": "tok_visa.9"}"#,
        asks_otherwise: r#"{"items": [{"productId": "margherita", "quantity": 2}], "cardToken": "tok_visa.9"}"#,
        asks_badly: (
            r#"{"items": [{"productId": "margherita"}], "cardToken": "tok visa"}"#,
            &["items[0].quantity", "card_token"],
        ),
    },
    Door {
        rpc: "CancelOrder",
        path: "/order_api.v1.OrderService/CancelOrder",
        changes: true,
        asks: ORDER,
        asks_otherwise: NO_ORDER,
        asks_badly: BAD_ORDER,
    },
    Door {
        rpc: "FindOrder",
        path: "/order_api.v1.OrderService/FindOrder",
        changes: false,
        asks: ORDER,
        asks_otherwise: NO_ORDER,
        asks_badly: BAD_ORDER,
    },
    Door {
        rpc: "ListOrders",
        path: "/order_api.v1.OrderService/ListOrders",
        changes: false,
        asks: "{}",
        asks_otherwise: r#"{"pageSize": 1}"#,
        asks_badly: BAD_PAGE,
    },
    Door {
        rpc: "ListProducts",
        path: "/order_api.v1.OrderService/ListProducts",
        changes: false,
        asks: "{}",
        asks_otherwise: r#"{"pageSize": 1}"#,
        asks_badly: BAD_PAGE,
    },
    Door {
        rpc: "ListTickets",
        path: "/kitchen_api.v1.KitchenService/ListTickets",
        changes: false,
        asks: "{}",
        asks_otherwise: r#"{"pageSize": 1}"#,
        asks_badly: (r#"{"status": "TICKET_STATUS_BURNT", "pageSize": 101}"#, &["status", "page_size"]),
    },
    Door {
        rpc: "StartTicket",
        path: "/kitchen_api.v1.KitchenService/StartTicket",
        changes: true,
        asks: ORDER,
        asks_otherwise: NO_ORDER,
        asks_badly: BAD_ORDER,
    },
    Door {
        rpc: "SetStock",
        path: "/kitchen_api.v1.KitchenService/SetStock",
        changes: true,
        asks: r#"{"productId": "margherita", "available": 5}"#,
        asks_otherwise: r#"{"productId": "margherita", "available": 6}"#,
        asks_badly: (r#"{"productId": "", "available": -1}"#, &["product_id", "available"]),
    },
];

/// A restaurant in which Anna has an order that is approved.
pub(super) async fn world() -> Result<World> {
    let mut world = World::new(Schedule::in_order(), &Faults::default()).await?;
    place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
    world.bus.run().await;
    world.must_be_content()?;
    Ok(world)
}

fn clock() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn key() -> Result<&'static SigningKey> {
    static KEY: LazyLock<Result<SigningKey, String>> =
        LazyLock::new(|| SigningKey::generate().map_err(|error| format!("{error:#}")));
    KEY.as_ref().map_err(|error| anyhow!("{error}"))
}

/// Anna's access token, good at the only time there is.
pub(super) fn token(permissions: &[&str]) -> AccessToken {
    AccessToken::new(ISSUER, AUDIENCE, ANNA, permissions).claim("iat", NOW - 10).claim("exp", NOW + 60)
}

/// The Authorization header with this token.
pub(super) fn bearer(token: &AccessToken) -> Result<String> {
    Ok(format!("Bearer {}", key()?.sign(token)?))
}

/// Where the issuer's keys are fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Published,
    Unreachable,
}

#[async_trait]
impl KeySource for Keys {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        match (self, key()) {
            (Self::Published, Ok(key)) => KeySet::parse(key.jwks().to_string().as_bytes()),
            _ => Err(KeySourceError::Status(503)),
        }
    }
}

async fn gate(keys: Keys, policy: &str) -> Result<Gate> {
    let verifier = Verifier::new(Issuer::parse(ISSUER)?, Audience::parse(AUDIENCE)?, Arc::new(keys));
    Gate::new(verifier, policy).await.map_err(|error| anyhow!("{error}"))
}

impl Door {
    /// The door of this name.
    pub(super) fn to(rpc: &str) -> Result<&'static Self> {
        DOORS.iter().find(|door| door.rpc == rpc).ok_or_else(|| anyhow!("there is no {rpc}"))
    }

    /// A call that is answered, as an HTTP API hands it to the function.
    pub(super) fn good(&self) -> Value {
        self.call(self.asks)
    }

    /// A call with this request.
    pub(super) fn call(&self, request: &str) -> Value {
        let order = placing(Vec::new(), "").order().to_string();
        // A signature that fails would be seen as a refusal.
        let authorization = bearer(&token(&PERMISSIONS)).unwrap_or_default();
        json!({
            "version": "2.0", "rawPath": self.path, "rawQueryString": "", "isBase64Encoded": false,
            "headers": {
                "authorization": authorization, "content-type": "application/json", "idempotency-key": "door-1",
                "connect-protocol-version": "1",
            },
            "requestContext": {"http": {"method": "POST"}}, "body": request.replace("<order>", &order),
        })
    }

    /// The function of the RPC over the tables of this world.
    pub(super) async fn open(&self, world: &World) -> Result<Edge> {
        self.open_with(world, Keys::Published, contracts::API.policy).await
    }

    /// The function behind a gate with these keys and this policy.
    pub(super) async fn open_with(&self, world: &World, keys: Keys, policy: &str) -> Result<Edge> {
        let (api, gate) = (contracts::API, gate(keys, policy).await?);
        let table = |name: &str| world.shop.table(name);
        let (orders, products) = (|| Arc::new(table("orders")), || Arc::new(table("products")));
        Ok(match self.rpc {
            "CreateOrder" => {
                let rpc = order::api::CreateOrder::new(products(), APPROVAL_LIMIT);
                Edge::of_mutation(api, gate, rpc, table("orders"), clock)
            }
            "CancelOrder" => Edge::of_mutation(api, gate, order::api::CancelOrder, table("orders"), clock),
            "FindOrder" => {
                let instances = Arc::new(table("sagas"));
                let sagas = RecordedSagas { registry: order::sagas::registry(), instances };
                Edge::of_query(api, gate, order::api::FindOrder::new(orders(), Arc::new(sagas)), clock)
            }
            "ListOrders" => {
                let by_customer = Arc::new(table("orders").index("customer", "created_at"));
                Edge::of_query(api, gate, order::api::ListOrders::new(by_customer), clock)
            }
            "ListProducts" => Edge::of_query(api, gate, order::api::ListProducts::new(products()), clock),
            "ListTickets" => {
                let by_status = Arc::new(table("tickets").index("status", "created_at"));
                Edge::of_query(api, gate, kitchen::api::ListTickets::new(by_status), clock)
            }
            "StartTicket" => Edge::of_mutation(api, gate, kitchen::api::StartTicket, table("tickets"), clock),
            "SetStock" => {
                let rpc = kitchen::api::SetStock::new(kitchen::domain::Shards::ONE);
                Edge::of_mutation(api, gate, rpc, table("stock"), clock)
            }
            other => bail!("nobody serves {other}"),
        })
    }
}
