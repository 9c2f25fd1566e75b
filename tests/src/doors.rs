//! The RPCs as their functions serve them, over tables in memory: from the event to the answer, and nothing in between is a stand-in.

use std::sync::Arc;

use anyhow::{Result, bail};
use connectrpc::{IdempotencyLevel, Spec};
use kitchen::domain::Shards;
use orchestration::{Lane, RecordedSagas};
use rpc::{Facts, Mutation, Ownership, Query};
use runtime::{Edge, Gate};
use testkit::MemoryStore;
use wire::shape::{Shape, Shaped};

use crate::issuer::clock;
use crate::sagas::catalog;

/// An RPC at its function's edge.
pub struct Door {
    /// Its path.
    pub path: &'static str,
    /// What the generated code says of repeats.
    pub level: IdempotencyLevel,
    /// Whose things it is about.
    pub ownership: Ownership,
    /// The form of its requests.
    pub shape: &'static Shape,
    /// The function.
    pub edge: Edge,
}

impl Door {
    fn query<Q: Query>(gate: Gate, query: Q) -> Self
    where
        Q::Request: Shaped,
    {
        Self::of(Q::SPEC, Q::OWNERSHIP, Q::Request::SHAPE, Edge::of_query(contracts::API, gate, query, clock))
    }

    fn mutation<M, F>(gate: Gate, mutation: M, store: MemoryStore) -> Self
    where
        M: Mutation<F>,
        M::Request: Shaped,
        F: Facts<M>,
    {
        let edge = Edge::of_mutation(contracts::API, gate, mutation, store, clock);
        Self::of(M::SPEC, M::OWNERSHIP, M::Request::SHAPE, edge)
    }

    fn of(spec: Spec, ownership: Ownership, shape: &'static Shape, edge: Edge) -> Self {
        Self { path: spec.procedure, level: spec.idempotency_level, ownership, shape, edge }
    }

    /// The door to the RPC of this name, behind a gate and over the tables of all services. A new RPC gets a line here.
    ///
    /// # Errors
    /// A name that no RPC has.
    pub fn to(rpc: &str, gate: Gate, table: impl Fn(&str) -> MemoryStore, approval_limit: i64) -> Result<Self> {
        let shared = |name: &str| Arc::new(table(name));
        Ok(match rpc {
            "CreateOrder" => {
                let rpc = order::api::CreateOrder::new(shared("products"), approval_limit);
                Self::mutation(gate, rpc, table("orders"))
            }
            "CancelOrder" => Self::mutation(gate, order::api::CancelOrder, table("orders")),
            "FindOrder" => {
                let sagas = RecordedSagas { registry: order::sagas::registry(), instances: shared("sagas") };
                Self::query(gate, order::api::FindOrder::new(shared("orders"), Arc::new(sagas)))
            }
            "ListOrders" => {
                let by_customer = table("orders").index(order::BY_CUSTOMER.partition, order::BY_CUSTOMER.sort);
                Self::query(gate, order::api::ListOrders::new(Arc::new(by_customer)))
            }
            "ListProducts" => Self::query(gate, order::api::ListProducts::new(shared("products"))),
            "ListTickets" => {
                let by_status = table("tickets").index(kitchen::BY_STATUS.partition, kitchen::BY_STATUS.sort);
                Self::query(gate, kitchen::api::ListTickets::new(Arc::new(by_status)))
            }
            "StartTicket" => Self::mutation(gate, kitchen::api::StartTicket, table("tickets")),
            "ListStock" => Self::query(gate, kitchen::api::ListStock::new(shared("stock"))),
            "ListSagas" => Self::query(gate, operations::api::ListSagas::new(catalog(&table("sagas")))),
            "GetSaga" => Self::query(gate, operations::api::GetSaga::new(catalog(&table("sagas")))),
            "DescribeSaga" => {
                Self::query(gate, operations::api::DescribeSaga::new(order::sagas::registry(), Lane::Rust))
            }
            "SetStock" => Self::mutation(gate, kitchen::api::SetStock::new(Shards::ONE), table("stock")),
            other => bail!("nobody serves {other}: give it a line in tests/src/doors.rs"),
        })
    }
}
