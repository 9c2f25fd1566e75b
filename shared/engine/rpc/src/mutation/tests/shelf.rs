//! A shelf that calls put something on: what is lost or done twice shows in its sum.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use messaging::{Envelope, InboxEntry, OutboxEntry, Write};
use serde_json::json;
use testkit::MemoryStore;
use testkit::builders::{at, id};
use testkit::shop::v1::{
    FillShelfRequest, FillShelfResponse, SHOP_SERVICE_FILL_SHELF_SPEC, SaleCanceled, SaleCompleted,
};

use super::super::*;
use crate::{Caller, ErrorCode, Retry, Rpcs};

crate::reasons! {
    /// Why the shelf says no.
    pub enum No {
        /// The shelf is full.
        Full = Entry {
            name: "FULL",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["FillShelf"]),
            by_saga: false,
            when: "the shelf is full",
            metadata: &["shelf"],
            retry: Retry::Never,
            tell: "The shelf is full.",
        },
        /// There is no such shelf.
        NoShelf = Entry {
            name: "NO_SHELF",
            code: Some(ErrorCode::NotFound),
            rpcs: Rpcs::Only(&["FillShelf"]),
            by_saga: false,
            when: "there is no such shelf",
            metadata: &[],
            retry: Retry::Never,
            tell: "There is no such shelf.",
        },
    }
}

/// The item that every call of the tests names.
pub(super) const KEY: &str = "shelf-1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Shelf {
    pub(super) owner: Option<String>,
    pub(super) available: i32,
    /// The call that wrote it.
    pub(super) written_by: Option<Uuid>,
}

impl Aggregate for Shelf {
    const SCHEMA: u32 = 3;
}

/// Puts something on the shelf; with `CLAIMS` a repeat is recognised by its claim, without by the shelf. With `SHARED` the shelf is
/// everybody's, whoever owns it.
#[derive(Clone, Default)]
pub(super) struct Fill<const CLAIMS: bool, const SHARED: bool = false> {
    decided: Arc<AtomicUsize>,
}

impl<const CLAIMS: bool, const SHARED: bool> Fill<CLAIMS, SHARED> {
    /// How often a call was decided since this was last asked.
    pub(super) fn decided(&self) -> usize {
        self.decided.swap(0, Ordering::Relaxed)
    }
}

/// What is asked: a shelf's name in small letters, whatever letters it came in.
pub(super) struct Filling {
    shelf: String,
    available: i32,
}

/// What was there when the facts were read.
pub(super) struct There(i32);

#[async_trait]
impl<const CLAIMS: bool, const SHARED: bool> Facts<Fill<CLAIMS, SHARED>> for There {
    async fn read(_: &Fill<CLAIMS, SHARED>, shelf: Option<&Shelf>, filling: &Filling) -> Result<Self, RpcError> {
        if filling.available < 0 {
            return Err(RpcError::Unavailable("the facts are out of order".to_owned()));
        }
        Ok(Self(shelf.map_or(0, |shelf| shelf.available)))
    }
}

impl<const CLAIMS: bool, const SHARED: bool> Mutation<There> for Fill<CLAIMS, SHARED> {
    type Request = FillShelfRequest;
    type Input = Filling;
    type Response = FillShelfResponse;
    type Aggregate = Shelf;
    const SPEC: Spec = SHOP_SERVICE_FILL_SHELF_SPEC;
    const OWNERSHIP: Ownership =
        if SHARED { Ownership::Everybody("whoever comes by fills it") } else { Ownership::Caller };
    const CLAIMS: bool = CLAIMS;

    fn parse(&self, request: FillShelfRequest) -> Result<Filling, RpcError> {
        if request.article_id.is_empty() {
            return Err(RpcError::invalid("article_id", "must name a shelf"));
        }
        Ok(Filling { shelf: request.article_id.to_lowercase(), available: request.available })
    }

    fn canonical(&self, filling: &Filling) -> FillShelfRequest {
        let Filling { shelf, available } = filling;
        FillShelfRequest { article_id: shelf.clone(), available: *available, ..Default::default() }
    }

    fn key(&self, filling: &Filling, _call: &Call) -> Key {
        filling.shelf.clone()
    }

    fn owner<'a>(&self, shelf: &'a Shelf) -> Option<&'a str> {
        shelf.owner.as_deref()
    }

    fn not_found(&self, key: &Key) -> RpcError {
        RpcError::refused(No::NoShelf, format!("there is no {key}"))
    }

    fn decide(
        &self,
        shelf: Option<&Shelf>,
        filling: &Filling,
        context: &CallContext<'_, There>,
    ) -> Result<Change<Shelf, FillShelfResponse>, RpcError> {
        let CallContext { call, next_version, facts: There(there), .. } = *context;
        self.decided.fetch_add(1, Ordering::Relaxed);
        if let Some(shelf) = shelf.filter(|shelf| shelf.written_by == Some(call.id)) {
            return Ok(Change::Repeated(holding(shelf.available)));
        }
        let available = there + filling.available;
        if available > 100 {
            return Err(RpcError::refused(No::Full, "the shelf holds 100").about("shelf", KEY));
        }
        let (sale_id, reason) = (available.to_string(), next_version.to_string());
        Ok(Change::Save {
            state: Shelf { owner: Some(call.caller.subject.clone()), available, written_by: Some(call.id) },
            response: holding(available),
            events: vec![
                SaleCompleted { sale_id: sale_id.clone(), ..Default::default() }.into(),
                SaleCanceled { sale_id, reason, ..Default::default() }.into(),
            ],
        })
    }
}

/// The answer of a call after which so much is there.
pub(super) fn holding(available: i32) -> FillShelfResponse {
    let shelf = testkit::shop::v1::Shelf { article_id: KEY.to_owned(), available, ..Default::default() };
    FillShelfResponse { shelf: shelf.into(), ..Default::default() }
}

/// The call number `number` of `anna`.
pub(super) fn call(number: u128) -> Call {
    Call {
        caller: Caller { subject: "anna".to_owned() },
        id: id(number),
        now: at(0),
        trace_parent: "00-1-2-01".to_owned(),
    }
}

pub(super) fn putting(available: i32) -> FillShelfRequest {
    FillShelfRequest { article_id: KEY.to_owned(), available, ..Default::default() }
}

/// What lies under a key: what a step has left, with the inbox and the outbox of its write.
pub(super) fn left_by_a_step(owner: Option<&str>, available: i32) -> Record {
    let shelf = Shelf { owner: owner.map(str::to_owned), available, written_by: None };
    let event = Envelope { source: "a-step".to_owned(), ..testkit::builders::event(50, SaleCompleted::default()) };
    let reply = messaging::Outgoing::Reply(wire::message::v1::CommandSucceeded::default().into());
    Record {
        inbox: vec![InboxEntry { id: id(60), sent: vec![reply] }, InboxEntry { id: id(61), sent: Vec::new() }],
        outbox: vec![OutboxEntry::of(&event).expect("an entry")],
        ..Record::of(KEY.to_owned(), 1, &shelf).expect("a record")
    }
}

/// A table in which this lies.
pub(super) async fn store_with(record: Record) -> MemoryStore {
    let store = MemoryStore::default();
    store.save(&Write::of(record)).await.expect("a save");
    store
}

pub(super) fn shelf(store: &MemoryStore) -> Shelf {
    store.peek(KEY).expect("an item").aggregate().expect("a shelf")
}

/// Everything that is stored as a call's claim.
pub(super) fn claim(store: &MemoryStore, number: u128) -> Option<Value> {
    store.peek(&format!("claim#{}", id(number))).map(|claim| serde_json::to_value(claim).expect("JSON"))
}

/// What must be stored as the claim of a call after which so much was there.
pub(super) fn claim_of(number: u128, available: i32, request: &FillShelfRequest) -> Value {
    json!({
        "key": format!("claim#{}", id(number)),
        "version": 1,
        "schema": 1,
        "state": {
            "fingerprint": ids::fingerprint(&buffa::Message::encode_to_vec(request)),
            "response": {"shelf": {"articleId": KEY, "available": available}},
            "expires_at": "2026-01-08T00:00:00Z",
        },
        "expires_at": at(7 * 24 * 60 * 60).unix_timestamp(),
    })
}
