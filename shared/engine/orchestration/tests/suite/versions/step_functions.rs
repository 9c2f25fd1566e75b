//! Versions in the Step Functions lane: a state machine each.

use std::sync::Arc;

use messaging::{Envelope, Failure, LoadError, Receiver, ids};
use orchestration::{
    EntryState, ExecutedSagas, Happened, HistoryEvent, MAX_INPUT_BYTES, ProgressState, Registry, ResumeSaga,
    SagaProgress, Sagas, StartSaga, fingerprint,
};
use saga::{CommandOf, saga};
use serde_json::{Value, json};
use testkit::builders::{self, at};
use testkit::shop::v1::{CancelSale, RejectReturn, ReturnRequested, SalePlaced};
use testkit::warehouse::v1::{HandOverGoods, ReserveGoods};
use testkit::{MemoryExecutions, Told, sagas};
use uuid::Uuid;
use wire::Payload;
use wire::message::v1::CommandRefused;

use super::{later_saga, later_sale};
use testkit::lane::{saga_id, sale_placed};

async fn start(registry: Registry, executions: &MemoryExecutions, event: &Envelope) -> Result<(), Failure> {
    StartSaga::new(registry, Arc::new(executions.clone())).receive(event, at(0)).await
}

/// Events, one a second.
fn history(happened: &[Happened], from: i64) -> Vec<HistoryEvent> {
    let event = |(second, happened): (i64, &Happened)| HistoryEvent { at: at(second), happened: happened.clone() };
    (from..).zip(happened).map(event).collect()
}

fn entered(state: &str) -> Happened {
    Happened::Entered(state.to_owned())
}

fn execution(machine: &str, saga: Uuid) -> (String, String) {
    (machine.to_owned(), saga.to_string())
}

#[tokio::test]
async fn a_new_event_starts_the_state_machine_of_the_newest_version() {
    let executions = MemoryExecutions::default();
    let created = SalePlaced { sale_id: "sale-1".to_owned(), card_token: "tok_visa".to_owned(), ..Default::default() };
    let event = Envelope { trace_parent: "00-1-2-01".to_owned(), payload: created.into(), ..later_sale() };
    start(sagas::both_versions(), &executions, &event).await.expect("a start");
    assert_eq!(executions.asked(), [execution("place-sale-v1", later_saga())], "no other version knows it");
    let [Told::Start { machine, name, input }] = &executions.told()[..] else { panic!("not one start") };
    assert_eq!((machine.as_str(), name), ("place-sale-v2", &later_saga().to_string()));
    let input: Value = serde_json::from_str(input).expect("JSON");
    let worded = |handler: &str, message: &str| {
        let payload = json!({"@type": format!("type.googleapis.com/{message}"), "saleId": "sale-1 of version 2"});
        json!({"messageId": ids::command(later_saga(), handler), "payload": payload})
    };
    let mut charge = worded("charge-card", "till.v1.ChargeCard");
    charge["payload"]["cardToken"] = json!("tok_visa");
    let expected = json!({
        "sagaId": later_saga(),
        "definition": {
            "name": "place-sale",
            "version": 2,
            "fingerprint": fingerprint(sagas::version_2().definition()),
        },
        "subject": "sale-1",
        "startedBy": later_sale().message_id,
        "traceParent": "00-1-2-01",
        "commands": {
            "ChargeCard": charge,
            "HandOverGoods": worded("hand-over-goods", "warehouse.v1.HandOverGoods"),
            "PackGoods": worded("pack-goods", "warehouse.v1.PackGoods"),
            "ConfirmReturn": worded("confirm-return", "shop.v1.ConfirmReturn"),
            "CompleteSale": worded("complete-sale", "shop.v1.CompleteSale"),
            "RefundCard": worded("refund-card", "till.v1.RefundCard"),
            "CancelSale": worded("cancel-sale", "shop.v1.CancelSale"),
        },
    });
    assert_eq!(input, expected);
}

/// Both sides of the border; the sale's identity stands in each command, and ChargeCard has the token once.
#[tokio::test]
async fn an_input_is_as_long_as_step_functions_takes_it() {
    let start = StartSaga::new(sagas::both_versions(), Arc::new(MemoryExecutions::default()));
    let with_token = |length: usize| {
        let created = SalePlaced { sale_id: "sale-1".to_owned(), card_token: "x".repeat(length), ..Default::default() };
        start.execution(&builders::event(200, created))
    };
    let rest = with_token(1).expect("an execution").input.len() - 1;
    let longest = with_token(MAX_INPUT_BYTES - rest).expect("an execution");
    assert_eq!((longest.input.len(), MAX_INPUT_BYTES), (262_144, 262_144));
    let longer = with_token(MAX_INPUT_BYTES - rest + 1);
    assert_eq!(longer, Err(Failure::set_aside("the saga's input would be longer than 262144 bytes")));
}

#[tokio::test]
async fn a_repeated_event_of_a_run_of_version_1_starts_nothing() {
    let over = [Happened::Started, entered("ReserveGoods"), Happened::Ended];
    for happened in [&over[..1], &over[..2], &over] {
        let executions = MemoryExecutions::default();
        executions.tell_history("place-sale-v1", &saga_id().to_string(), Ok(history(happened, 0)));
        assert_eq!(start(sagas::both_versions(), &executions, &sale_placed()).await, Ok(()));
        assert_eq!(executions.told(), [], "{happened:?}");
        // Its neighbour is none of its business.
        assert_eq!(start(sagas::both_versions(), &executions, &later_sale()).await, Ok(()));
        assert_eq!(executions.told().len(), 1);
    }
}

#[tokio::test]
async fn a_repeated_event_of_the_newest_version_names_the_same_execution() {
    let executions = MemoryExecutions::default();
    executions.tell_history("place-sale-v2", &later_saga().to_string(), Ok(history(&[Happened::Started], 0)));
    for _ in 0..2 {
        start(sagas::both_versions(), &executions, &later_sale()).await.expect("a start");
    }
    let told = executions.told();
    assert_eq!((told.len(), &told[0]), (2, &told[1]), "Step Functions leaves the one that it knows as it is");
}

#[tokio::test]
async fn nothing_starts_while_nobody_can_say_whether_it_started_before() {
    let executions = MemoryExecutions::default();
    let (machine, name) = execution("place-sale-v1", saga_id());
    executions.tell_history(&machine, &name, Err(LoadError::Transient("throttled".to_owned())));
    let result = start(sagas::both_versions(), &executions, &sale_placed()).await;
    assert!(matches!(&result, Err(Failure::Retry(reason)) if reason.contains("throttled")), "{result:?}");
    executions.tell_history(&machine, &name, Err(LoadError::Unreadable("no state machine is known".to_owned())));
    let result = start(sagas::both_versions(), &executions, &sale_placed()).await;
    assert!(matches!(&result, Err(Failure::SetAside(_))), "{result:?}");
    assert_eq!(executions.told(), []);
}

#[tokio::test]
async fn every_other_version_is_asked_and_no_other_saga() {
    let third =
        || saga::<sagas::Placed, Payload>("place-sale", 3).undone_by::<CancelSale>().pivot::<ReserveGoods>().build();
    let other =
        saga::<Cancelled, Payload>("return-sale", 1).undone_by::<RejectReturn>().pivot::<HandOverGoods>().build();
    let registry = sagas::both_versions().with::<SalePlaced, sagas::Placed>(third());
    let registry = registry.with::<ReturnRequested, Cancelled>(other);
    let executions = MemoryExecutions::default();
    assert_eq!(start(registry, &executions, &sale_placed()).await, Ok(()));
    let asked = [execution("place-sale-v1", saga_id()), execution("place-sale-v2", saga_id())];
    assert_eq!(executions.asked(), asked);
    // Rolled back to version 1, the runs of version 2 count as well.
    let rolled_back = sagas::only_version_2().with::<SalePlaced, sagas::Placed>(sagas::version_1());
    executions.tell_history("place-sale-v2", &later_saga().to_string(), Ok(history(&[Happened::Started], 0)));
    assert_eq!(start(rolled_back, &executions, &later_sale()).await, Ok(()));
    assert_eq!(executions.told().len(), 1, "only the first event started a saga");
}

struct Cancelled;

impl From<ReturnRequested> for Cancelled {
    fn from(_: ReturnRequested) -> Self {
        Self
    }
}

macro_rules! worded {
    ($($command:ty),*) => {
        $(impl CommandOf<Cancelled> for $command {
            fn of(_: &Cancelled) -> Self {
                Self::default()
            }
        })*
    };
}

worded!(RejectReturn, HandOverGoods);

#[tokio::test]
async fn a_registry_with_one_version_asks_for_no_history() {
    let executions = MemoryExecutions::default();
    start(sagas::only_version_2(), &executions, &later_sale()).await.expect("a start");
    assert_eq!(executions.asked(), []);
}

async fn progress(registry: Registry, executions: &MemoryExecutions) -> Vec<SagaProgress> {
    let found = ExecutedSagas { registry, executions: Arc::new(executions.clone()) };
    found.progress(&[later_saga(), saga_id()]).await
}

#[tokio::test]
async fn progress_is_read_from_the_state_machine_that_ran_the_saga() {
    let executions = MemoryExecutions::default();
    let older = [Happened::Started, entered("ReserveGoods"), Happened::Scheduled, Happened::Succeeded];
    let older = [&older[..], &[entered("ChargeCard"), Happened::Scheduled]].concat();
    executions.tell_history("place-sale-v1", &saga_id().to_string(), Ok(history(&older, 0)));
    let newer = [Happened::Started, entered("ChargeCard"), Happened::Scheduled];
    executions.tell_history("place-sale-v2", &later_saga().to_string(), Ok(history(&newer, 100)));
    let found = progress(sagas::both_versions(), &executions).await;
    let [older, newer] = found.as_slice() else { panic!("not two sagas: {found:?}") };
    let left =
        |progress: &SagaProgress| -> Vec<&str> { progress.remaining.iter().map(|command| command.handler).collect() };
    let done = |progress: &SagaProgress| -> Vec<(String, EntryState)> {
        progress.entries.iter().map(|entry| (entry.handler.clone(), entry.state)).collect()
    };
    assert_eq!((older.saga.as_str(), older.version, older.started_at), ("place-sale", 1, Some(at(0))));
    assert_eq!((newer.saga.as_str(), newer.version, newer.started_at), ("place-sale", 2, Some(at(100))));
    let entry = |handler: &str, state| (handler.to_owned(), state);
    let both = [entry("reserve-goods", EntryState::Succeeded), entry("charge-card", EntryState::Sent)];
    assert_eq!((done(older), left(older)), (both.to_vec(), vec!["pack-goods", "complete-sale"]));
    let remaining = vec!["hand-over-goods", "pack-goods", "confirm-return", "complete-sale"];
    assert_eq!((done(newer), left(newer)), (vec![entry("charge-card", EntryState::Sent)], remaining));
    assert_eq!((older.state, newer.state), (ProgressState::Running, ProgressState::Running));
}

#[tokio::test]
async fn what_no_state_machine_knows_or_has_begun_has_no_progress() {
    let executions = MemoryExecutions::default();
    assert_eq!(progress(sagas::both_versions(), &executions).await, []);
    let everywhere = [execution("place-sale-v1", later_saga()), execution("place-sale-v2", later_saga())];
    assert_eq!(executions.asked()[..2], everywhere, "each machine is asked");
    // A history without an event does not keep another machine from being asked.
    executions.tell_history("place-sale-v1", &saga_id().to_string(), Ok(vec![]));
    executions.tell_history("place-sale-v2", &saga_id().to_string(), Ok(history(&[Happened::Started], 0)));
    let found = progress(sagas::both_versions(), &executions).await;
    assert_eq!(found.iter().map(|saga| saga.version).collect::<Vec<_>>(), [2]);
    let throttled = || Err(LoadError::Transient("throttled".to_owned()));
    executions.tell_history("place-sale-v2", &later_saga().to_string(), throttled());
    let found = progress(sagas::both_versions(), &executions).await;
    let states: Vec<_> = found.iter().map(|saga| saga.state).collect();
    assert_eq!(states, [ProgressState::Running, ProgressState::Unknown], "no saga is left out silently");
    // Another machine that has the execution settles it.
    executions.tell_history("place-sale-v1", &saga_id().to_string(), throttled());
    let found = progress(sagas::both_versions(), &executions).await;
    assert_eq!(found.iter().map(|saga| saga.version).collect::<Vec<_>>(), [2, 0]);
}

#[tokio::test]
async fn a_history_is_read_with_the_steps_of_its_version() {
    let unknown = [Happened::Started, entered("ChargeCard"), Happened::Scheduled, entered("ChargeCardUnknown")];
    for (version, left) in
        [(1, vec!["refund-card", "release-goods", "cancel-sale"]), (2, vec!["refund-card", "cancel-sale"])]
    {
        let executions = MemoryExecutions::default();
        let machine = format!("place-sale-v{version}");
        executions.tell_history(&machine, &saga_id().to_string(), Ok(history(&unknown, 0)));
        let found = progress(sagas::both_versions(), &executions).await;
        let remaining: Vec<&str> = found[0].remaining.iter().map(|command| command.handler).collect();
        assert_eq!((found[0].version, found[0].state, remaining), (version, ProgressState::Compensating, left));
    }
}

/// A refusal by this step, of whichever version.
async fn refuse(registry: Registry, step: &str) -> (Result<(), Failure>, Vec<Told>) {
    let executions = MemoryExecutions::default();
    let refused = CommandRefused { reason: "NO".to_owned(), ..Default::default() };
    let mut reply = builders::command(7, refused);
    if let Some(correlation) = &mut reply.correlation {
        (correlation.step, correlation.reply_token) = (step.to_owned(), "token".to_owned());
    }
    let result = ResumeSaga::new(registry, Arc::new(executions.clone())).receive(&reply, at(0)).await;
    (result, executions.told())
}

#[tokio::test]
async fn a_step_of_any_version_in_flight_may_be_refused() {
    // Reserve-goods is a step of version 1 alone, hand-over-goods of version 2.
    for step in ["reserve-goods", "charge-card", "hand-over-goods"] {
        let (result, told) = refuse(sagas::both_versions(), step).await;
        assert_eq!((result, told.len()), (Ok(()), 1), "{step}");
    }
    for (registry, step) in [
        (sagas::only_version_2(), "reserve-goods"),
        (sagas::only_version_1(), "hand-over-goods"),
        (sagas::both_versions(), "confirm-return"),
        (sagas::both_versions(), "refund-card"),
        (sagas::both_versions(), "release-goods"),
    ] {
        let (result, told) = refuse(registry, step).await;
        assert!(matches!(&result, Err(Failure::SetAside(reason)) if reason.contains(step)), "{step}: {result:?}");
        assert_eq!(told, [], "{step}");
    }
}
