//! The life of the order that the events tell of, moment by moment.

use anyhow::{Result, ensure};
use aws_sdk_dynamodb::types::AttributeValue;
use local::Client;
use messaging::{Aggregate, Record, Store, Write};
use orchestration::SagaInstance;
use order::domain::Order;
use serde_json::{Value, json};
use tests::System;
use uuid::{Uuid, uuid};

/// The order, as the events name it.
pub(super) const ORDER: &str = "44bf48d2-448c-53f6-a802-4626f25cf73d";
/// The saga that the events of create-order come from.
pub(super) const CREATE_SAGA: Uuid = uuid!("3d08009b-2ad0-58a9-a2de-66834c02bcb3");
/// The saga that the events of cancel-order come from.
pub(super) const CANCEL_SAGA: Uuid = uuid!("194cb561-a52b-533a-84db-73d3168ca08b");
const CUSTOMER: &str = "6650f1c2a7b3d4e5f6071829";

/// Puts the order into a moment, and sees what became of it.
pub(super) struct Moments<'a> {
    system: &'a System,
    customer: Client,
}

impl<'a> Moments<'a> {
    /// There is enough of what the order is for.
    pub(super) async fn prepare(system: &'a System) -> Result<Self> {
        for product in ["margherita", "tiramisu"] {
            system.cook()?.set_stock(product, 100).await?;
        }
        Ok(Self { system, customer: system.customer(CUSTOMER)? })
    }

    /// The order was never placed.
    pub(super) async fn forget(&self) -> Result<()> {
        for table in ["OrdersTable", "TicketsTable", "AuthorizationsTable"] {
            self.remove(table, ORDER).await?;
        }
        Ok(())
    }

    /// The order was placed, and `saga` asks kitchen and billing.
    pub(super) async fn approval_pending(&self, saga: Uuid) -> Result<()> {
        self.order(&json!({"name": "APPROVAL_PENDING", "owner": saga}), &[saga]).await
    }

    /// The order was approved, and `saga` asks kitchen to let go.
    pub(super) async fn cancel_pending(&self, saga: Uuid) -> Result<()> {
        self.order(&json!({"name": "CANCEL_PENDING", "owner": saga}), &[CREATE_SAGA, saga]).await
    }

    async fn order(&self, status: &Value, sagas: &[Uuid]) -> Result<()> {
        let price = |minor_units: u32| json!({"currency": "EUR", "minor_units": minor_units});
        let order = json!({
            "id": ORDER,
            "customer": format!("auth0|{CUSTOMER}"),
            "items": [
                {"product": "margherita", "quantity": 2, "unit_price": price(1150)},
                {"product": "tiramisu", "quantity": 1, "unit_price": price(690)},
            ],
            "total": price(2990),
            "status": status,
            "created_at": "2026-01-01T00:00:00Z",
            "fingerprint": Uuid::nil(),
            "sagas": sagas,
        });
        self.put::<Order>("OrdersTable", ORDER, order).await
    }

    /// The saga has sent its first command, `started` being the event that started it; its deadline has passed long ago.
    pub(super) async fn saga_waits_for_its_first_reply(&self, started: Value) -> Result<()> {
        let then = "2026-01-01T00:00:00Z";
        let waiting = json!({"handler": "create-ticket", "participant": "kitchen", "state": "sent", "repeats": 0, "sent_at": then});
        let saga = json!({
            "saga": "create-order",
            "definition_version": 1,
            "data": started,
            "state": {"position": {"doing": 0}, "repeats": 0, "because": null},
            "watchdog": 1,
            "deadline": then,
            "started_at": then,
            "entries": [waiting],
        });
        self.put::<SagaInstance>("SagasTable", &CREATE_SAGA.to_string(), saga).await
    }

    /// Stores an item as if nothing had happened to it before.
    async fn put<A: Aggregate>(&self, table: &str, key: &str, state: Value) -> Result<()> {
        self.remove(table, key).await?;
        let state: A = serde_json::from_value(state)?;
        let name = self.system.aws().stack().resource(table)?;
        let store = aws::DynamoStore::new(self.system.aws().clients().dynamodb.clone(), name);
        Ok(store.save(&Write::of(Record::of(key.to_owned(), 1, &state)?)).await?)
    }

    async fn remove(&self, table: &str, key: &str) -> Result<()> {
        let delete = self.system.aws().clients().dynamodb.delete_item();
        let name = self.system.aws().stack().resource(table)?;
        delete.table_name(name).key("key", AttributeValue::S(key.to_owned())).send().await?;
        Ok(())
    }

    /// The order must have come to this, for this reason.
    pub(super) async fn order_is(&self, status: &str, reason: &str) -> Result<()> {
        let found = self.customer.find(ORDER).await?;
        let actual = found["order"]["reason"].as_str().unwrap_or_default();
        ensure!(found["order"]["status"] == format!("ORDER_STATUS_{status}") && actual == reason, "{found:#}");
        Ok(())
    }

    /// Waits until the order's saga has ended well.
    pub(super) async fn saga_completes(&self, order_id: &str) -> Result<Value> {
        let found = self.settled(order_id).await?;
        let (saga, order) = (&found["sagas"][0], &found["order"]);
        ensure!(saga["state"] == "SAGA_STATE_COMPLETED" && order["status"] == "ORDER_STATUS_APPROVED", "{found:#}");
        Ok(found)
    }

    /// Waits until nothing is going on about the order any more.
    pub(super) async fn settled(&self, order_id: &str) -> Result<Value> {
        self.customer.settled(order_id, 1).await
    }
}
