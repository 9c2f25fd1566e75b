use messaging::{LoadError, Record, Write, deliver, ids};
use orchestration::{ExecutedSagas, Happened, HistoryEvent, Orchestrator, RecordedSagas};
use saga::Position;
use serde_json::json;
use testkit::builders::{self, at, id};
use testkit::shop::v1::SalePlaced;
use testkit::{Logs, MemoryExecutions, MemoryOutbound, MemoryStore, Operation, sagas};
use uuid::Uuid;

use super::*;

const ORDER: &str = "3f1d2b60-6f0e-5a53-9f57-2f3d5c1b7a10";

/// Knows one saga of the order's and nothing else.
struct OneSaga(SagaProgress);

#[async_trait]
impl Sagas for OneSaga {
    async fn progress(&self, sagas: &[Uuid]) -> Vec<SagaProgress> {
        if sagas == [id(1)] { vec![self.0.clone()] } else { Vec::new() }
    }
}

fn entry(handler: &str, state: EntryState, reason: &str) -> Entry {
    Entry {
        handler: handler.to_owned(),
        participant: "kitchen".to_owned(),
        state,
        reason: reason.to_owned(),
        repeats: u32::from(state == EntryState::Sent),
        sent_at: at(1),
        repeated_at: Vec::new(),
        ended_at: (state != EntryState::Sent).then(|| at(2)),
    }
}

/// Create-order on its way back: the card was refused, and the ticket's undo is awaited.
fn progress() -> SagaProgress {
    let entries = vec![
        entry("create-ticket", EntryState::Succeeded, ""),
        entry("authorize-card", EntryState::Refused, "CARD_DECLINED"),
        entry("reject-ticket", EntryState::Sent, ""),
    ];
    let definition = crate::sagas::create_order().definition().clone();
    let remaining = definition.remaining(Position::Undoing(0));
    SagaProgress {
        id: Some(id(1)),
        subject: "order-1".to_owned(),
        started_by: Some(id(2)),
        starting_event: "order.v1.OrderCreated".to_owned(),
        saga: definition.name.to_owned(),
        version: 7,
        state: ProgressState::Compensating,
        entries,
        remaining,
        started_at: Some(at(0)),
        ended_at: None,
        deadline: Some(at(10)),
    }
}

async fn find(progress: SagaProgress, subject: &str) -> Result<api::FindOrderResponse, RpcError> {
    find_with(vec![id(1)], Arc::new(OneSaga(progress)), subject).await
}

/// Asks for an order that remembers these sagas.
async fn find_with(
    remembered: Vec<Uuid>,
    sagas: Arc<dyn Sagas>,
    subject: &str,
) -> Result<api::FindOrderResponse, RpcError> {
    let orders = MemoryStore::default();
    let fixture = serde_json::from_str(include_str!("../../../fixtures/order.1.approved.json")).expect("JSON");
    let order = Order { sagas: remembered, ..serde_json::from_value(fixture).expect("an order") };
    let record = Record::of(ORDER.to_owned(), 1, &order).expect("a record");
    orders.save(&Write::of(record)).await.expect("a save");
    let caller = Caller { subject: subject.to_owned() };
    let request = api::FindOrderRequest { order_id: ORDER.to_owned(), ..Default::default() };
    FindOrder::new(Arc::new(orders), sagas).answer(request, &caller).await
}

#[tokio::test]
async fn a_sagas_progress_is_shown() {
    let found = find(progress(), "auth0|anna").await.expect("an order");
    let [saga] = found.sagas.as_slice() else { panic!("not one saga: {found:?}") };
    assert_eq!((saga.name.as_str(), saga.version), ("create-order", 7));
    assert_eq!(saga.state, api::SagaState::SAGA_STATE_COMPENSATING);
    assert_eq!(saga.started_at.as_option().map(|time| time.seconds), Some(at(0).unix_timestamp()));
    assert!(saga.ended_at.as_option().is_none());
    let steps: Vec<_> = saga.steps.iter().map(|step| (step.name.as_str(), step.state, step.reason.as_str())).collect();
    let state = |state: api::SagaStepState| state.into();
    let expected = [
        ("create-ticket", state(api::SagaStepState::SAGA_STEP_STATE_SUCCEEDED), ""),
        ("authorize-card", state(api::SagaStepState::SAGA_STEP_STATE_REFUSED), "CARD_DECLINED"),
        ("reject-ticket", state(api::SagaStepState::SAGA_STEP_STATE_SENT), ""),
    ];
    assert_eq!(steps, expected);
    let times = |step: &api::SagaStep| (step.repeats, step.ended_at.as_option().map(|time| time.seconds));
    assert_eq!(times(&saga.steps[1]), (0, Some(at(2).unix_timestamp())));
    assert_eq!(times(&saga.steps[2]), (1, None));
    let remaining: Vec<_> = saga.remaining.iter().map(|step| (step.name.as_str(), step.service.as_str())).collect();
    assert_eq!(remaining, [("reject-order", "order")]);
}

#[tokio::test]
async fn every_state_of_a_saga_is_shown() {
    for (state, shown) in [
        (ProgressState::Running, api::SagaState::SAGA_STATE_RUNNING),
        (ProgressState::Completed, api::SagaState::SAGA_STATE_COMPLETED),
        (ProgressState::Compensated, api::SagaState::SAGA_STATE_COMPENSATED),
        (ProgressState::Stuck, api::SagaState::SAGA_STATE_STUCK),
        (ProgressState::Unknown, api::SagaState::SAGA_STATE_UNKNOWN),
    ] {
        let ended_at = (state != ProgressState::Running).then(|| at(9));
        let found = find(SagaProgress { state, ended_at, ..progress() }, "auth0|anna").await.expect("an order");
        assert_eq!(found.sagas[0].state, shown);
        let ended = found.sagas[0].ended_at.as_option().map(|time| time.seconds);
        assert_eq!(ended, ended_at.map(time::OffsetDateTime::unix_timestamp));
    }
}

#[tokio::test]
async fn another_customers_order_is_not_found() {
    assert_eq!(find(progress(), "auth0|bert").await, Err(no_order(ORDER)));
}

/// The whole answer, as the customer's app reads it.
#[tokio::test]
async fn the_answer_holds_the_order_and_its_sagas() {
    let found = find(progress(), "auth0|anna").await.expect("an order");
    let expected = json!({
        "order": {
            "orderId": ORDER,
            "status": "ORDER_STATUS_APPROVED",
            "reason": "COOKING_HAS_STARTED",
            "items": [
                {"productId": "margherita", "quantity": 2, "unitPrice": {"currency": "EUR", "minorUnits": "1150"}},
            ],
            "total": {"currency": "EUR", "minorUnits": "2300"},
            "createdAt": "2026-11-23T07:00:00.123Z",
        },
        "sagas": [{
            "name": "create-order",
            "version": 7,
            "state": "SAGA_STATE_COMPENSATING",
            "startedAt": "2026-01-01T00:00:00Z",
            "steps": [
                {
                    "name": "create-ticket",
                    "service": "kitchen",
                    "state": "SAGA_STEP_STATE_SUCCEEDED",
                    "sentAt": "2026-01-01T00:00:01Z",
                    "endedAt": "2026-01-01T00:00:02Z",
                },
                {
                    "name": "authorize-card",
                    "service": "kitchen",
                    "state": "SAGA_STEP_STATE_REFUSED",
                    "reason": "CARD_DECLINED",
                    "sentAt": "2026-01-01T00:00:01Z",
                    "endedAt": "2026-01-01T00:00:02Z",
                },
                {
                    "name": "reject-ticket",
                    "service": "kitchen",
                    "state": "SAGA_STEP_STATE_SENT",
                    "repeats": 1,
                    "sentAt": "2026-01-01T00:00:01Z",
                },
            ],
            "remaining": [{"name": "reject-order", "service": "order"}],
        }],
    });
    assert_eq!(serde_json::to_value(&found).expect("JSON"), expected);
}

#[tokio::test]
async fn what_is_missing_malformed_or_away_is_told_apart() {
    let orders = MemoryStore::default();
    let ask = async |order_id: &str| {
        let caller = Caller { subject: "auth0|anna".to_owned() };
        let request = api::FindOrderRequest { order_id: order_id.to_owned(), ..Default::default() };
        FindOrder::new(Arc::new(orders.clone()), Arc::new(OneSaga(progress()))).answer(request, &caller).await
    };
    assert_eq!(ask(ORDER).await, Err(no_order(ORDER)));
    assert_eq!(ask("").await, Err(RpcError::invalid("order_id", "must be a UUID of 36 characters")));
    orders.faults().fail(Operation::Load, 1);
    assert!(matches!(ask(ORDER).await, Err(RpcError::Unavailable(_))));
    assert_eq!(ask(&ORDER.to_uppercase()).await, Err(no_order(ORDER)));
}

/// Version, steps so far and steps that are left.
type Shown = (u32, Vec<String>, Vec<String>);

fn shown(found: &api::FindOrderResponse) -> Vec<Shown> {
    let steps = |saga: &api::SagaProgress| saga.steps.iter().map(|step| step.name.clone()).collect();
    let left = |saga: &api::SagaProgress| saga.remaining.iter().map(|step| step.name.clone()).collect();
    found.sagas.iter().map(|saga| (saga.version, steps(saga), left(saga))).collect()
}

/// An order with a saga that version 1 began, and one that began after the deployment of version 2.
fn one_of_each_version() -> [Shown; 2] {
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let left = ["hand-over-goods", "pack-goods", "confirm-return", "complete-sale"];
    [
        (1, names(&["reserve-goods"]), names(&["charge-card", "pack-goods", "complete-sale"])),
        (2, names(&["charge-card"]), names(&left)),
    ]
}

#[tokio::test]
async fn the_sagas_of_two_versions_are_shown_each_with_its_own_steps() {
    let store = MemoryStore::default();
    let mut remembered = Vec::new();
    for (number, registry) in [(1, sagas::only_version_1()), (2, sagas::both_versions())] {
        let orchestrator = Orchestrator::new("orchestrate-saga", registry, "https://queue/saga");
        let event = builders::event(number, SalePlaced::default());
        let now = at(i64::try_from(number).expect("a number"));
        deliver(&orchestrator, &store, &MemoryOutbound::default(), &event, now).await.expect("a start");
        remembered.insert(0, ids::saga(event.message_id));
    }
    let recorded = RecordedSagas { registry: sagas::both_versions(), instances: Arc::new(store) };
    let found = find_with(remembered, Arc::new(recorded), "auth0|anna").await.expect("an order");
    assert_eq!(shown(&found), one_of_each_version());
}

#[tokio::test]
async fn executions_of_two_versions_are_shown_each_with_its_own_steps() {
    let executions = MemoryExecutions::default();
    for (seconds, saga, machine, state) in
        [(1, id(1), "place-sale-v1", "ReserveGoods"), (2, id(2), "place-sale-v2", "ChargeCard")]
    {
        let happened = [Happened::Started, Happened::Entered(state.to_owned()), Happened::Scheduled];
        let history = happened.map(|happened| HistoryEvent { at: at(seconds), happened });
        executions.tell_history(machine, &saga.to_string(), Ok(history.to_vec()));
    }
    let executed = ExecutedSagas { registry: sagas::both_versions(), executions: Arc::new(executions) };
    let found = find_with(vec![id(2), id(1)], Arc::new(executed), "auth0|anna").await.expect("an order");
    assert_eq!(shown(&found), one_of_each_version());
}

#[tokio::test]
async fn every_outcome_of_a_step_is_shown() {
    for (state, shown) in [
        (EntryState::Sent, api::SagaStepState::SAGA_STEP_STATE_SENT),
        (EntryState::Succeeded, api::SagaStepState::SAGA_STEP_STATE_SUCCEEDED),
        (EntryState::Refused, api::SagaStepState::SAGA_STEP_STATE_REFUSED),
        (EntryState::Unknown, api::SagaStepState::SAGA_STEP_STATE_UNKNOWN),
    ] {
        let entries = vec![entry("create-ticket", state, "")];
        let found = find(SagaProgress { entries, ..progress() }, "auth0|anna").await.expect("an order");
        assert_eq!(found.sagas[0].steps[0].state, shown);
    }
}

/// In either lane: the sagas table, or the history of the only execution, cannot be read.
#[tokio::test]
async fn an_order_is_answered_although_its_sagas_cannot_be_read() {
    let store = MemoryStore::default();
    store.faults().fail(Operation::Load, 1);
    let recorded = RecordedSagas { registry: sagas::both_versions(), instances: Arc::new(store) };
    let executions = MemoryExecutions::default();
    let throttled = LoadError::Transient("GetExecutionHistory: ThrottlingException".to_owned());
    executions.tell_history("place-sale-v1", &id(1).to_string(), Err(throttled));
    let executed = ExecutedSagas { registry: sagas::both_versions(), executions: Arc::new(executions) };
    let lanes: [Arc<dyn Sagas>; 2] = [Arc::new(recorded), Arc::new(executed)];
    for sagas in lanes {
        let (logs, _guard) = Logs::capture();
        let found = find_with(vec![id(1)], sagas, "auth0|anna").await.expect("an order");
        let shown = serde_json::to_value(&found).expect("JSON");
        assert_eq!(
            (&shown["order"]["orderId"], &shown["order"]["status"]),
            (&json!(ORDER), &json!("ORDER_STATUS_APPROVED"))
        );
        assert_eq!(shown["sagas"], json!([{"state": "SAGA_STATE_UNKNOWN"}]));
        let lines = logs.lines();
        assert_eq!(lines.len(), 1, "it is logged once: {lines:#?}");
        assert_eq!(
            (&lines[0]["level"], &lines[0]["fields"]["message"]),
            (&json!("WARN"), &json!("a saga is shown as unknown"))
        );
    }
}
