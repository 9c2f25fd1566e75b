//! Sagas of the testkit's shop, and a catalog that has what it is given.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use messaging::LoadError;
use orchestration::{Catalog, Entry, EntryState, Listed, Number, ProgressState, SagaProgress, Wanted};
use rpc::{Caller, Query, RpcError};
use testkit::builders::{at, id};
use uuid::Uuid;

/// The saga number 1 of the shop on its way back: the card was refused, the second undo is awaited and was repeated twice.
pub(super) fn going_back() -> SagaProgress {
    let definition = testkit::sagas::both_versions().definitions().next().expect("a saga").clone();
    let entries = vec![
        entry("reserve-goods", "warehouse", EntryState::Succeeded, ""),
        entry("charge-card", "till", EntryState::Refused, "CARD_DECLINED"),
        Entry {
            repeats: 2,
            repeated_at: vec![at(20), at(40)],
            ..entry("release-goods", "warehouse", EntryState::Sent, "")
        },
    ];
    SagaProgress {
        id: Some(id(1)),
        subject: "sale-7".to_owned(),
        started_by: Some(id(9)),
        starting_event: "shop.v1.SalePlaced".to_owned(),
        saga: "place-sale".to_owned(),
        version: 1,
        state: ProgressState::Compensating,
        entries,
        remaining: definition.remaining(saga::Position::Undoing(0)),
        started_at: Some(at(0)),
        ended_at: None,
        deadline: Some(at(80)),
    }
}

/// A saga of which only the id is known.
pub(super) fn unreadable() -> SagaProgress {
    SagaProgress {
        id: Some(id(2)),
        subject: String::new(),
        started_by: None,
        starting_event: String::new(),
        saga: String::new(),
        version: 0,
        state: ProgressState::Unknown,
        entries: Vec::new(),
        remaining: Vec::new(),
        started_at: None,
        ended_at: None,
        deadline: None,
    }
}

pub(super) fn entry(handler: &str, participant: &str, state: EntryState, reason: &str) -> Entry {
    Entry {
        handler: handler.to_owned(),
        participant: participant.to_owned(),
        state,
        reason: reason.to_owned(),
        repeats: 0,
        sent_at: at(1),
        repeated_at: Vec::new(),
        ended_at: (state != EntryState::Sent).then(|| at(2)),
    }
}

/// What a catalog was asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    List(Wanted, u32, Option<String>),
    Count(Wanted),
    Find(Uuid),
}

/// A catalog that answers what it is given, and remembers what it was asked.
pub(super) struct Given {
    pub(super) listed: Result<Listed, LoadError>,
    pub(super) counted: Result<BTreeMap<ProgressState, Number>, LoadError>,
    pub(super) found: Result<Option<SagaProgress>, LoadError>,
    pub(super) asked: Mutex<Vec<Asked>>,
}

impl Default for Given {
    fn default() -> Self {
        let listed = Ok(Listed { sagas: Vec::new(), next: None });
        Self { listed, counted: Ok(BTreeMap::new()), found: Ok(None), asked: Mutex::default() }
    }
}

impl Given {
    /// What it was asked, in order.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("a lock").clone()
    }

    fn note(&self, asked: Asked) {
        self.asked.lock().expect("a lock").push(asked);
    }
}

#[async_trait]
impl Catalog for Given {
    async fn list(&self, wanted: &Wanted, limit: u32, token: Option<&str>) -> Result<Listed, LoadError> {
        self.note(Asked::List(wanted.clone(), limit, token.map(str::to_owned)));
        self.listed.clone()
    }

    async fn count(&self, wanted: &Wanted) -> Result<BTreeMap<ProgressState, Number>, LoadError> {
        self.note(Asked::Count(wanted.clone()));
        self.counted.clone()
    }

    async fn find(&self, saga: Uuid) -> Result<Option<SagaProgress>, LoadError> {
        self.note(Asked::Find(saga));
        self.found.clone()
    }
}

/// What an operator is answered.
pub(super) async fn ask<Q: Query>(query: Q, request: Q::Request) -> Result<Q::Response, RpcError> {
    query.answer(request, &Caller { subject: "auth0|olga".to_owned() }).await
}

/// A catalog that can be looked at once it is given away.
pub(super) fn shared(given: Given) -> (Arc<Given>, Arc<dyn Catalog>) {
    let given = Arc::new(given);
    (Arc::clone(&given), given)
}
