//! How far sagas have come, as FindSale shows it from either lane.

use std::sync::Arc;

use async_trait::async_trait;
use messaging::{Failure, Key, LoadError, LoadMany, Record, Store, Write, sortable_time};
use orchestration::{
    Entry, EntryState, ExecutedSagas, ExecutionPage, ExecutionStatus, Executions, Happened, History, HistoryEvent,
    ProgressState, RecordedSagas, Registry, Resumed, SagaInstance, SagaProgress, Sagas, recorded,
};
use serde_json::json;
use testkit::builders::{at, id};
use testkit::{MemoryExecutions, MemoryStore, Operation};

use testkit::lane::{Lane, registry, saga_id, sale_placed};
use testkit::sagas::{Placed, version_1};
use testkit::shop::v1::SalePlaced;

fn shown(lane: &Lane) -> SagaProgress {
    recorded(&registry(), &lane.instance())
}

fn remaining(progress: &SagaProgress) -> Vec<&str> {
    progress.remaining.iter().map(|command| command.handler).collect()
}

#[tokio::test]
async fn a_saga_shows_where_it_stands_and_what_is_left_at_every_step() {
    let mut lane = Lane::started().await;
    let forth = ["reserve-goods", "charge-card", "pack-goods", "complete-sale"];
    for (index, handler) in forth.iter().enumerate() {
        let progress = shown(&lane);
        assert_eq!((progress.state, remaining(&progress)), (ProgressState::Running, forth[index + 1..].to_vec()));
        assert_eq!((progress.saga.as_str(), progress.version, progress.ended_at), ("place-sale", 1, None));
        assert_eq!((progress.started_at, progress.entries), (Some(at(0)), lane.instance().entries));
        lane.now = at(3);
        lane.succeed(handler).await.expect("a reply");
    }
    let progress = shown(&lane);
    assert_eq!((progress.state, remaining(&progress)), (ProgressState::Completed, vec![]));
    assert_eq!((progress.ended_at, progress.entries.len()), (Some(at(3)), 4));
}

#[tokio::test]
async fn a_saga_on_its_way_back_shows_what_is_still_undone() {
    let mut lane = Lane::after(&["reserve-goods"]).await;
    lane.refuse("charge-card").await.expect("a reply");
    assert_eq!((shown(&lane).state, remaining(&shown(&lane))), (ProgressState::Compensating, vec!["cancel-sale"]));
    lane.succeed("release-goods").await.expect("a reply");
    assert_eq!((shown(&lane).state, remaining(&shown(&lane))), (ProgressState::Compensating, vec![]));
    lane.succeed("cancel-sale").await.expect("a reply");
    assert_eq!((shown(&lane).state, remaining(&shown(&lane))), (ProgressState::Compensated, vec![]));

    let mut silent = Lane::after(&["reserve-goods"]).await;
    silent.wait_until(|saga| saga.entries.len() == 3).await;
    let progress = shown(&silent);
    assert_eq!(
        (progress.state, remaining(&progress)),
        (ProgressState::Compensating, vec!["release-goods", "cancel-sale"])
    );
    let entry = &progress.entries[1];
    assert_eq!((entry.state, entry.reason.as_str(), entry.repeats), (EntryState::Unknown, "NO_ANSWER", 3));
    assert_eq!(entry.ended_at, Some(silent.now));
}

#[tokio::test]
async fn a_saga_is_stuck_from_the_fourth_repeat_of_what_cannot_be_given_up_until_it_is_answered() {
    let forth = (Lane::after(&["reserve-goods", "charge-card"]).await, "pack-goods", ProgressState::Running);
    let mut back = Lane::after(&["reserve-goods"]).await;
    back.refuse("charge-card").await.expect("a reply");
    for (mut lane, handler, before) in [forth, (back, "release-goods", ProgressState::Compensating)] {
        let left = shown(&lane).remaining;
        lane.wait_until(|saga| saga.state.repeats == 3).await;
        assert_eq!(shown(&lane).state, before, "{handler}");
        lane.wait().await.expect("a watchdog");
        assert_eq!((shown(&lane).state, shown(&lane).remaining), (ProgressState::Stuck, left), "{handler}");
        assert_eq!(shown(&lane).ended_at, None, "{handler}");
        lane.succeed(handler).await.expect("a reply");
        assert_eq!(shown(&lane).state, before, "{handler}");
    }
}

#[tokio::test]
async fn a_saga_of_an_unknown_definition_shows_what_it_did() {
    let lane = Lane::after(&["reserve-goods"]).await;
    for instance in [
        SagaInstance { definition_version: 9, ..lane.instance() },
        SagaInstance { fingerprint: Some(id(9)), ..lane.instance() },
    ] {
        let progress = recorded(&registry(), &instance);
        assert_eq!((progress.state, progress.remaining), (ProgressState::Running, vec![]));
        assert_eq!((progress.version, progress.entries), (instance.definition_version, instance.entries));
    }
}

#[tokio::test]
async fn a_saga_says_what_it_is_about_what_started_it_and_how_long_it_waits() {
    let mut lane = Lane::started().await;
    let progress = shown(&lane);
    assert_eq!((progress.subject.as_str(), progress.started_by), ("sale-1", Some(sale_placed().message_id)));
    assert_eq!((progress.starting_event.as_str(), progress.deadline), ("shop.v1.SalePlaced", Some(at(10))));
    lane.wait().await.expect("a watchdog");
    assert_eq!(shown(&lane).deadline, Some(at(10 + 20)), "twice as long after a repeat");
    for handler in ["reserve-goods", "charge-card", "pack-goods", "complete-sale"] {
        lane.succeed(handler).await.expect("a reply");
    }
    let over = shown(&lane);
    assert_eq!((over.deadline, over.subject.as_str()), (None, "sale-1"), "nothing is awaited any more");
    assert_eq!(over.started_by, Some(sale_placed().message_id));
    let nobodys = SagaInstance { definition_version: 9, ..lane.instance() };
    assert_eq!(recorded(&registry(), &nobodys).starting_event, "", "of an unknown definition");
}

/// What is about nothing is still a saga.
#[tokio::test]
async fn a_saga_of_a_registry_that_tells_no_subject_has_none() {
    let mut lane = Lane::new();
    lane.deploy(Registry::default().with::<SalePlaced, Placed>(version_1()));
    lane.deliver(&sale_placed()).await.expect("a start");
    assert_eq!(shown(&lane).subject, "");
}

#[tokio::test]
async fn a_subject_is_kept_up_to_its_hundredth_character() {
    let mut lane = Lane::new();
    let of = Registry::default().with::<SalePlaced, Placed>(version_1());
    lane.deploy(of.about::<SalePlaced>(|_| "ä".repeat(101)));
    lane.deliver(&sale_placed()).await.expect("a start");
    assert_eq!(shown(&lane).subject, "ä".repeat(100));
}

#[tokio::test]
async fn a_repeated_command_says_when_it_was_repeated_of_late() {
    let mut lane = Lane::after(&["reserve-goods", "charge-card"]).await;
    let begun = lane.now;
    lane.wait_until(|saga| saga.state.repeats == 2).await;
    let entry = shown(&lane).entries.last().cloned().expect("an entry");
    let after = |seconds| begun + time::Duration::seconds(seconds);
    assert_eq!((entry.sent_at, entry.repeated_at), (begun, vec![after(10), after(10 + 20)]));
    lane.wait_until(|saga| saga.state.repeats == 17).await;
    let entry = shown(&lane).entries.last().cloned().expect("an entry");
    assert_eq!((entry.repeats, entry.repeated_at.len(), entry.sent_at), (17, Entry::REPEATS_NOTED, begun));
    let third = after(10 + 20 + 40);
    assert_eq!((entry.repeated_at.first(), entry.repeated_at.last()), (Some(&third), Some(&lane.now)), "the latest");
    lane.succeed("pack-goods").await.expect("a reply");
    assert_eq!(shown(&lane).entries[2].repeated_at.len(), Entry::REPEATS_NOTED, "they stay");
    assert!(shown(&lane).entries[3].repeated_at.is_empty());
}

/// Its index is written anew only then.
#[tokio::test]
async fn a_saga_is_stored_by_the_state_that_it_is_in() {
    let stored = |lane: &Lane| {
        let attributes = lane.store.peek(&saga_id().to_string()).expect("a saga").attributes;
        let text = |name: &str| attributes[name].as_str().expect("a text").to_owned();
        (text(SagaInstance::BY_STATE.partition), text(SagaInstance::BY_STATE.sort))
    };
    let mut lane = Lane::started().await;
    let begun = sortable_time(at(0));
    let in_state = |state: &str| (state.to_owned(), begun.clone());
    assert_eq!(stored(&lane), in_state("running"));
    lane.now = at(5);
    for handler in ["reserve-goods", "charge-card"] {
        lane.succeed(handler).await.expect("a reply");
        assert_eq!(stored(&lane), in_state("running"));
    }
    lane.wait_until(|saga| saga.state.repeats == 3).await;
    assert_eq!(stored(&lane), in_state("running"));
    lane.wait().await.expect("a watchdog");
    assert_eq!(stored(&lane), in_state("stuck"));
    let watchdog = lane.watchdog().message.clone();
    lane.wait().await.expect("a watchdog");
    lane.deliver(&watchdog).await.expect("a repeated watchdog");
    assert_eq!(stored(&lane), in_state("stuck"), "whatever comes, until it is answered");
    lane.succeed("pack-goods").await.expect("a reply");
    assert_eq!(stored(&lane), in_state("running"));
    lane.succeed("complete-sale").await.expect("a reply");
    assert_eq!(stored(&lane), in_state("completed"));

    let mut back = Lane::after(&["reserve-goods"]).await;
    back.refuse("charge-card").await.expect("a reply");
    assert_eq!(stored(&back), in_state("compensating"));
    back.succeed("release-goods").await.expect("a reply");
    back.succeed("cancel-sale").await.expect("a reply");
    assert_eq!(stored(&back), in_state("compensated"));
}

/// As the state of a record of before says, which notes neither; and it is listed again once it is written again.
#[tokio::test]
async fn a_record_of_before_is_read_and_goes_on() {
    let mut lane = Lane::after(&["reserve-goods", "charge-card"]).await;
    lane.wait_until(|saga| saga.stuck).await;
    lane.tamper(|item| {
        let state = item["state"].as_object_mut().expect("a state");
        for new in ["subject", "started_by", "stuck"] {
            assert!(state.remove(new).is_some(), "{new} is there");
        }
        for entry in state["entries"].as_array_mut().expect("entries") {
            entry.as_object_mut().expect("an entry").remove("repeated_at");
        }
        for new in ["progress", "created_at"] {
            item.as_object_mut().expect("an item").remove(new);
        }
    });
    let progress = shown(&lane);
    assert_eq!((progress.state, progress.subject.as_str(), progress.started_by), (ProgressState::Stuck, "", None));
    lane.wait().await.expect("a watchdog");
    let attributes = lane.store.peek(&saga_id().to_string()).expect("a saga").attributes;
    assert_eq!((&attributes["progress"], &attributes["created_at"]), (&json!("stuck"), &json!(sortable_time(at(0)))));
}

#[test]
fn each_state_has_a_name_of_its_own() {
    let names = ProgressState::STORED.map(ProgressState::name);
    assert_eq!(names, ["running", "compensating", "completed", "compensated", "stuck"]);
    assert_eq!(ProgressState::Unknown.name(), "unknown");
}

/// A table with three sagas of which the last has begun first.
async fn three_sagas() -> RecordedSagas {
    let lane = Lane::after(&["reserve-goods"]).await;
    let store = MemoryStore::default();
    for number in 1..=3 {
        let instance = SagaInstance { started_at: at(10 - number), ..lane.instance() };
        let key = id(number.unsigned_abs().into()).to_string();
        let record = Record::of(key, 1, &instance).expect("a record");
        store.save(&Write::of(record)).await.expect("a save");
    }
    RecordedSagas { registry: registry(), instances: Arc::new(store) }
}

#[tokio::test]
async fn the_sagas_that_have_begun_are_shown_in_the_order_in_which_they_did() {
    let sagas = three_sagas().await;
    let progress = sagas.progress(&[id(1), id(7), id(2), id(3)]).await;
    assert_eq!(progress.iter().map(|saga| saga.started_at).collect::<Vec<_>>(), [at(7), at(8), at(9)].map(Some));
    assert_eq!(sagas.progress(&[id(7)]).await, [], "it has not begun");
    assert_eq!(sagas.progress(&[id(2)]).await.len(), 1, "only what was asked for");
}

fn unknown(number: u128) -> SagaProgress {
    SagaProgress {
        id: Some(id(number)),
        subject: String::new(),
        started_by: None,
        starting_event: String::new(),
        saga: String::new(),
        version: 0,
        state: ProgressState::Unknown,
        entries: vec![],
        remaining: vec![],
        started_at: None,
        ended_at: None,
        deadline: None,
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_shown_as_unknown_after_the_others() {
    let sagas = three_sagas().await;
    let store = MemoryStore::default();
    let known = sagas.instances.load_many(&[id(3).to_string()]).await.expect("a record");
    store.save(&Write::of(Record { version: 1, ..known[0].clone() })).await.expect("a save");
    store.plant(&id(1).to_string(), json!({"key": id(1), "version": 1, "schema": 1, "state": {}}));
    let sagas = RecordedSagas { registry: registry(), instances: Arc::new(store.clone()) };
    let progress = sagas.progress(&[id(1), id(3)]).await;
    assert_eq!((progress[0].state, progress[0].started_at), (ProgressState::Running, Some(at(7))));
    assert_eq!(progress[1..], [unknown(1)]);
    store.faults().fail(Operation::Load, 1);
    assert_eq!(
        sagas.progress(&[id(1), id(3)]).await,
        [unknown(1), unknown(3)],
        "while the table is busy, any may have begun"
    );
}

/// A history of one event, a second after the other saga's.
fn begun(second: i64) -> Vec<HistoryEvent> {
    vec![HistoryEvent { at: at(second), happened: Happened::Started }]
}

#[tokio::test]
async fn an_execution_is_found_whichever_machine_runs_it() {
    let executions = MemoryExecutions::default();
    executions.tell_history("place-sale-v1", &saga_id().to_string(), Ok(begun(2)));
    executions.tell_history("place-sale-v1", &id(2).to_string(), Ok(begun(1)));
    executions.tell_history("place-sale-v1", &id(3).to_string(), Ok(vec![]));
    executions.tell_history("place-sale-v2", &id(4).to_string(), Ok(begun(1)));
    let sagas = ExecutedSagas { registry: registry(), executions: Arc::new(executions.clone()) };
    let progress = sagas.progress(&[saga_id(), id(2), id(3), id(4)]).await;
    let known: Vec<_> = progress.iter().map(|saga| (saga.saga.as_str(), saga.version, saga.started_at)).collect();
    assert_eq!(known, [("place-sale", 1, Some(at(1))), ("place-sale", 1, Some(at(2)))]);
    assert_eq!(remaining(&progress[0]).len(), 4);
    let nobody = ExecutedSagas { registry: Registry::default(), executions: Arc::new(executions) };
    assert_eq!(nobody.progress(&[saga_id()]).await, []);
}

fn busy() -> LoadError {
    LoadError::Transient("busy".to_owned())
}

#[tokio::test]
async fn an_execution_that_cannot_be_read_is_shown_as_unknown_after_the_others() {
    let executions = MemoryExecutions::default();
    executions.tell_history("place-sale-v1", &id(1).to_string(), Err(busy()));
    executions.tell_history("place-sale-v1", &id(2).to_string(), Ok(begun(1)));
    let sagas = ExecutedSagas { registry: registry(), executions: Arc::new(executions) };
    let progress = sagas.progress(&[id(1), id(2)]).await;
    assert_eq!((progress[0].state, progress[0].started_at), (ProgressState::Running, Some(at(1))));
    assert_eq!(progress[1..], [unknown(1)]);
}

#[tokio::test]
async fn an_execution_that_cannot_be_read_to_its_end_shows_what_it_did() {
    let executions = MemoryExecutions::default();
    let happened = [Happened::Started, Happened::Entered("ReserveGoods".to_owned()), Happened::Scheduled];
    let events = happened.map(|happened| HistoryEvent { at: at(3), happened }).to_vec();
    executions.tell_part_of_history("place-sale-v1", &id(1).to_string(), events, busy());
    let sagas = ExecutedSagas { registry: registry(), executions: Arc::new(executions) };
    let progress = sagas.progress(&[id(1)]).await;
    let [saga] = progress.as_slice() else { panic!("not one saga: {progress:?}") };
    assert_eq!((saga.saga.as_str(), saga.version, saga.state), ("place-sale", 1, ProgressState::Unknown));
    assert_eq!((saga.started_at, saga.ended_at, remaining(saga).len()), (Some(at(3)), None, 0));
    let entries: Vec<_> = saga.entries.iter().map(|entry| (entry.handler.as_str(), entry.state)).collect();
    assert_eq!(entries, [("reserve-goods", EntryState::Sent)]);
}

/// Executions and tables that never answer.
struct Silent;

#[async_trait]
impl Executions for Silent {
    async fn start(&self, _: &str, _: &str, _: &str) -> Result<(), Failure> {
        std::future::pending().await
    }

    async fn succeed(&self, _: &str) -> Result<Resumed, Failure> {
        std::future::pending().await
    }

    async fn fail(&self, _: &str, _: &str, _: &str) -> Result<Resumed, Failure> {
        std::future::pending().await
    }

    async fn history(&self, _: &str, _: &str) -> Result<Option<History>, LoadError> {
        std::future::pending().await
    }

    async fn input(&self, _: &str, _: &str) -> Result<Option<String>, LoadError> {
        std::future::pending().await
    }

    async fn list(
        &self,
        _: &str,
        _: Option<ExecutionStatus>,
        _: usize,
        _: Option<&str>,
    ) -> Result<ExecutionPage, LoadError> {
        std::future::pending().await
    }
}

#[async_trait]
impl LoadMany for Silent {
    async fn load_many(&self, _: &[Key]) -> Result<Vec<Record>, LoadError> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_that_does_not_come_is_awaited_for_four_seconds() {
    let executed = ExecutedSagas { registry: registry(), executions: Arc::new(Silent) };
    let recorded = RecordedSagas { registry: registry(), instances: Arc::new(Silent) };
    let lanes: [&dyn Sagas; 2] = [&executed, &recorded];
    for sagas in lanes {
        let begun = tokio::time::Instant::now();
        assert_eq!(sagas.progress(&[id(1), id(2), id(3)]).await, [unknown(1), unknown(2), unknown(3)]);
        assert_eq!(begun.elapsed().as_millis(), 4_000);
    }
}
