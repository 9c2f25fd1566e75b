//! Each RPC as its function serves it, over the tables of a world: from the event to the answer.

use anyhow::{Result, anyhow};
use local::AccessToken;
use messaging::ids;
use runtime::Edge;
use serde_json::{Value, json};
use testkit::{Faults, Schedule};
use tests::gate;
pub(super) use tests::{Keys, NOW, bearer};

use crate::menu::line;
use crate::stories::{place, placing};
use crate::world::{APPROVAL_LIMIT, World};

/// Who calls.
pub(super) const ANNA: &str = "auth0|anna";
const PERMISSIONS: [&str; 9] = [
    "create:orders",
    "cancel:orders",
    "read:orders",
    "read:products",
    "read:tickets",
    "update:tickets",
    "update:stock",
    "read:stock",
    "read:operations",
];

/// One RPC.
pub(super) struct Door {
    pub(super) rpc: &'static str,
    pub(super) path: &'static str,
    pub(super) changes: bool,
    /// The request that is answered in a [`world`]; `<order>` is the order there, and `<saga>` its saga.
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
pub(super) const DOORS: [Door; 12] = [
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
    Door {
        rpc: "ListStock",
        path: "/kitchen_api.v1.KitchenService/ListStock",
        changes: false,
        asks: r#"{"productIds": ["margherita"]}"#,
        asks_otherwise: r#"{"productIds": ["tiramisu"]}"#,
        asks_badly: (r#"{"productIds": ["margherita", "margherita"]}"#, &["product_ids[1]"]),
    },
    Door {
        rpc: "ListSagas",
        path: "/operations_api.v1.SagaService/ListSagas",
        changes: false,
        asks: r#"{"withCounts": true}"#,
        asks_otherwise: r#"{"pageSize": 1}"#,
        asks_badly: (
            r#"{"states": ["SAGA_STATE_STUCK", "SAGA_STATE_UNKNOWN"], "startedAfter": "2026-01-02T00:00:01Z",
                "startedBefore": "2026-01-02T00:00:00Z"}"#,
            &["states[1]", "started_after"],
        ),
    },
    Door {
        rpc: "GetSaga",
        path: "/operations_api.v1.SagaService/GetSaga",
        changes: false,
        asks: r#"{"sagaId": "<saga>"}"#,
        asks_otherwise: r#"{"sagaId": "00000000-0000-5000-8000-000000000000"}"#,
        asks_badly: (r#"{"sagaId": "7"}"#, &["saga_id"]),
    },
    Door {
        rpc: "DescribeSaga",
        path: "/operations_api.v1.SagaService/DescribeSaga",
        changes: false,
        asks: "{}",
        asks_otherwise: r#"{"name": "create-order"}"#,
        asks_badly: (r#"{"name": "Create order", "version": -1}"#, &["name", "version"]),
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

/// Anna's access token, good at the only time there is.
pub(super) fn token(permissions: &[&str]) -> AccessToken {
    tests::token(ANNA, permissions)
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
        let saga = ids::saga(ids::event(&order, 1, 0)).to_string();
        // A signature that fails would be seen as a refusal.
        let authorization = bearer(&token(&PERMISSIONS)).unwrap_or_default();
        json!({
            "version": "2.0", "rawPath": self.path, "rawQueryString": "", "isBase64Encoded": false,
            "headers": {
                "authorization": authorization, "content-type": "application/json", "idempotency-key": "door-1",
                "connect-protocol-version": "1",
            },
            "requestContext": {"http": {"method": "POST"}}, "body": request.replace("<order>", &order).replace("<saga>", &saga),
        })
    }

    /// The function of the RPC over the tables of this world.
    pub(super) async fn open(&self, world: &World) -> Result<Edge> {
        self.open_with(world, Keys::Published, contracts::API.policy).await
    }

    /// The function behind a gate with these keys and this policy.
    pub(super) async fn open_with(&self, world: &World, keys: Keys, policy: &str) -> Result<Edge> {
        let gate = gate(keys, policy).await?;
        Ok(tests::Door::to(self.rpc, gate, |name| world.shop.table(name), APPROVAL_LIMIT)?.edge)
    }
}
