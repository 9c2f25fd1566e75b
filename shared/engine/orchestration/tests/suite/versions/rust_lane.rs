//! Versions in the Rust lane.

use std::sync::Arc;
use std::time::Duration;

use messaging::{Envelope, Failure, ids};
use orchestration::{EntryState, ProgressState, RecordedSagas, Registry, SagaInstance, Sagas, fingerprint, recorded};
use saga::Position;
use serde_json::json;
use testkit::builders::{self, at, succeeded};
use testkit::sagas;
use testkit::shop::v1::{ConfirmReturn, SalePlaced};
use testkit::till::v1::ChargeCard;

use super::{handlers, later_saga, later_sale};
use testkit::lane::{Lane, deadline_passed, saga_id, sale_placed};

/// A lane on which version 1 started and these of its steps succeeded; then this deployment came.
async fn deployed_after(steps: &[&str], registry: Registry) -> Lane {
    let mut lane = Lane::after(steps).await;
    lane.deploy(registry);
    lane
}

/// The saga that [`later_sale`] started.
fn later(lane: &Lane) -> SagaInstance {
    lane.store.peek(&later_saga().to_string()).expect("a saga").aggregate().expect("an instance")
}

fn done(instance: &SagaInstance) -> Vec<(&str, EntryState)> {
    instance.entries.iter().map(|entry| (entry.handler.as_str(), entry.state)).collect()
}

fn is_set_aside(result: &Result<Vec<String>, Failure>, why: &str) -> bool {
    matches!(result, Err(Failure::SetAside(reason)) if reason.contains(why))
}

#[tokio::test]
async fn a_run_in_flight_finishes_on_version_1_while_a_new_event_starts_version_2() {
    let mut lane = deployed_after(&["reserve-goods"], sagas::both_versions()).await;
    let older = lane.command("charge-card").clone();
    assert_eq!(lane.deliver(&later_sale()).await, handlers(&["charge-card"]));
    let newer = lane.command("charge-card").clone();
    assert_eq!(newer.message_id, ids::command(later_saga(), "charge-card"));
    let deliver = |to: &Envelope| builders::reply(to, succeeded());
    assert_eq!(lane.deliver(&deliver(&newer)).await, handlers(&["hand-over-goods"]));
    assert_eq!(lane.deliver(&deliver(&older)).await, handlers(&["pack-goods"]));
    assert_eq!(lane.succeed("pack-goods").await, handlers(&["complete-sale"]));
    assert_eq!(lane.succeed("complete-sale").await, handlers(&[]));
    for (handler, next) in [
        ("hand-over-goods", &["pack-goods"][..]),
        ("pack-goods", &["confirm-return"]),
        ("confirm-return", &["complete-sale"]),
        ("complete-sale", &[]),
    ] {
        assert_eq!(lane.succeed(handler).await, handlers(next));
    }
    let (older, newer) = (lane.instance(), later(&lane));
    let succeeded =
        |handlers: &[&'static str]| handlers.iter().map(|handler| (*handler, EntryState::Succeeded)).collect();
    let steps_1: Vec<_> = succeeded(&["reserve-goods", "charge-card", "pack-goods", "complete-sale"]);
    let steps_2: Vec<_> =
        succeeded(&["charge-card", "hand-over-goods", "pack-goods", "confirm-return", "complete-sale"]);
    assert_eq!((older.definition_version, older.state.position, done(&older)), (1, Position::Completed, steps_1));
    assert_eq!((newer.definition_version, newer.state.position, done(&newer)), (2, Position::Completed, steps_2));
    assert_eq!(older.fingerprint, Some(fingerprint(sagas::version_1().definition())));
    assert_eq!(newer.fingerprint, Some(fingerprint(sagas::version_2().definition())));
}

#[tokio::test]
async fn each_version_words_its_commands_itself() {
    let mut lane = deployed_after(&[], sagas::both_versions()).await;
    lane.succeed("reserve-goods").await.expect("a reply");
    let worded: ChargeCard = lane.command("charge-card").unpack().expect("a command");
    assert_eq!(worded.sale_id, "sale-1");
    lane.deliver(&later_sale()).await.expect("a start");
    for handler in ["charge-card", "hand-over-goods", "pack-goods"] {
        lane.succeed(handler).await.expect("a reply");
    }
    let worded: ConfirmReturn = lane.command("confirm-return").unpack().expect("a command");
    assert_eq!(worded.sale_id, "sale-1 of version 2");
}

#[tokio::test]
async fn a_refusal_takes_a_run_of_version_1_back_over_the_steps_of_version_1() {
    let mut lane = deployed_after(&["reserve-goods"], sagas::both_versions()).await;
    assert_eq!(lane.refuse("charge-card").await, handlers(&["release-goods"]));
    assert_eq!(lane.succeed("release-goods").await, handlers(&["cancel-sale"]));
    assert_eq!(lane.succeed("cancel-sale").await, handlers(&[]));
    assert_eq!((lane.position(), lane.instance().definition_version), (Position::Compensated, 1));
}

#[tokio::test]
async fn a_refusal_takes_a_run_of_version_2_back_over_the_steps_of_version_2() {
    let mut lane = deployed_after(&[], sagas::both_versions()).await;
    lane.deliver(&later_sale()).await.expect("a start");
    assert_eq!(lane.refuse("charge-card").await, handlers(&["cancel-sale"]));
    assert_eq!(lane.succeed("cancel-sale").await, handlers(&[]));
    assert_eq!(later(&lane).state.position, Position::Compensated);
}

#[tokio::test]
async fn silence_is_as_long_as_the_version_of_the_run_says() {
    let mut lane = deployed_after(&[], sagas::both_versions()).await;
    for (repeat, seconds) in [(1, 20), (2, 40), (3, 80)] {
        assert_eq!(lane.wait().await, handlers(&["reserve-goods"]));
        assert_eq!((lane.watchdog().delay.as_secs(), lane.instance().state.repeats), (seconds, repeat));
    }
    assert_eq!(lane.wait().await, handlers(&["release-goods"]), "version 1 gives up after three repeats");
    assert_eq!(lane.now, at(150));
    lane.deliver(&later_sale()).await.expect("a start");
    assert_eq!(lane.watchdog().delay, Duration::from_secs(4));
    assert_eq!(lane.wait().await, handlers(&["charge-card"]));
    assert_eq!(lane.watchdog().delay, Duration::from_secs(8));
    assert_eq!(lane.wait().await, handlers(&["refund-card"]), "version 2 gives up after one");
}

#[tokio::test]
async fn a_repeated_event_of_a_run_of_version_1_starts_nothing() {
    let forgotten = &["reserve-goods", "charge-card"];
    for (steps, sent) in [(&[][..], &["reserve-goods"][..]), (&["reserve-goods"], &["reserve-goods"]), (forgotten, &[])]
    {
        let mut lane = deployed_after(steps, sagas::both_versions()).await;
        let (version, position) = (lane.version(), lane.position());
        assert_eq!(lane.deliver(&sale_placed()).await, handlers(sent), "what was sent for it, and is remembered");
        assert_eq!(lane.command("reserve-goods").message_id, ids::command(saga_id(), "reserve-goods"));
        lane.tamper(|item| item["inbox"] = json!([]));
        assert_eq!(lane.deliver(&sale_placed()).await, handlers(&[]), "older than the inbox");
        assert_eq!((lane.version(), lane.position(), lane.store.len()), (version, position, 1));
        assert_eq!(lane.instance().definition_version, 1);
    }
}

#[tokio::test]
async fn a_repeated_event_of_a_finished_run_of_version_1_starts_nothing() {
    let all = ["reserve-goods", "charge-card", "pack-goods", "complete-sale"];
    for registry in [sagas::both_versions(), sagas::only_version_2()] {
        let mut lane = deployed_after(&all, registry).await;
        let version = lane.version();
        for _ in 0..2 {
            assert_eq!(lane.deliver(&sale_placed()).await, handlers(&[]));
            // The second time it is older than the inbox.
            lane.tamper(|item| item["inbox"] = json!([]));
        }
        assert_eq!((lane.version(), lane.position(), lane.store.len()), (version, Position::Completed, 1));
    }
}

/// Its version may be gone by now.
#[tokio::test]
async fn what_comes_late_to_a_finished_run_of_version_1_changes_nothing() {
    let all = ["reserve-goods", "charge-card", "pack-goods", "complete-sale"];
    for registry in [sagas::both_versions(), sagas::only_version_2()] {
        let mut lane = deployed_after(&all, registry).await;
        lane.tamper(|item| item["inbox"] = json!([]));
        let version = lane.version();
        lane.now = at(10_000);
        assert_eq!(lane.succeed("complete-sale").await, handlers(&[]));
        assert_eq!(lane.refuse("charge-card").await, handlers(&[]));
        let newest = lane.instance().watchdog;
        assert_eq!(lane.deliver(&deadline_passed(newest)).await, handlers(&[]));
        assert_eq!((lane.version(), lane.position()), (version, Position::Completed));
    }
}

#[tokio::test]
async fn a_run_of_a_version_that_is_gone_is_set_aside_and_left_as_it_is() {
    let mut lane = deployed_after(&["reserve-goods"], sagas::only_version_2()).await;
    let before = lane.store.peek(&saga_id().to_string());
    lane.now = at(10_000);
    for result in
        [lane.succeed("charge-card").await, lane.refuse("charge-card").await, lane.deliver(&deadline_passed(1)).await]
    {
        assert!(is_set_aside(&result, "no saga place-sale of version 1 is known"), "{result:?}");
    }
    assert_eq!(lane.store.peek(&saga_id().to_string()), before);
    assert_eq!(lane.deliver(&later_sale()).await, handlers(&["charge-card"]), "new runs do not mind");
    lane.deploy(sagas::both_versions());
    let reply = builders::reply(&command_of_version_1(), succeeded());
    assert_eq!(lane.deliver(&reply).await, handlers(&["pack-goods"]), "registered again, it goes on");
}

/// The command that the run of version 1 awaits after its first step, as its participant has it.
fn command_of_version_1() -> Envelope {
    let mut command = builders::event(0, ChargeCard::default());
    command.message_id = ids::command(saga_id(), "charge-card");
    command.correlation = deadline_passed(0).correlation;
    if let Some(correlation) = &mut command.correlation {
        correlation.step = "charge-card".to_owned();
    }
    command
}

#[tokio::test]
async fn a_run_whose_definition_was_edited_is_set_aside() {
    let mut lane = deployed_after(&["reserve-goods"], sagas::both_versions()).await;
    let other = fingerprint(sagas::version_2().definition());
    lane.tamper(|item| item["state"]["fingerprint"] = json!(other));
    lane.now = at(10_000);
    for result in [lane.succeed("charge-card").await, lane.deliver(&deadline_passed(1)).await] {
        let why = "the saga place-sale of version 1 started with the definition";
        assert!(is_set_aside(&result, why), "{result:?}");
    }
}

#[tokio::test]
async fn the_version_that_was_added_last_is_the_newest() {
    let rolled_back = sagas::only_version_2().with::<SalePlaced, sagas::Placed>(sagas::version_1());
    for (registry, version, first) in [(sagas::both_versions(), 2, "charge-card"), (rolled_back, 1, "reserve-goods")] {
        let mut lane = Lane::new();
        lane.deploy(registry);
        assert_eq!(lane.deliver(&later_sale()).await, handlers(&[first]));
        assert_eq!(later(&lane).definition_version, version);
    }
}

#[tokio::test]
async fn a_registry_as_it_was_starts_the_version_that_was_the_newest() {
    let (first, second) = (sagas::version_1(), sagas::version_2());
    for (definition, command) in [(first.definition(), "reserve-goods"), (second.definition(), "charge-card")] {
        let mut lane = Lane::new();
        lane.deploy(sagas::both_versions().as_of(definition));
        assert_eq!(lane.deliver(&later_sale()).await, handlers(&[command]));
        assert_eq!(later(&lane).definition_version, definition.version);
    }
    let mut unknown = first.definition().clone();
    unknown.version = 7;
    let mut lane = Lane::new();
    lane.deploy(sagas::both_versions().as_of(&unknown));
    assert_eq!(lane.deliver(&later_sale()).await, handlers(&["charge-card"]), "what is unknown was never the newest");
}

#[tokio::test]
async fn progress_shows_the_steps_of_each_version() {
    let mut lane = deployed_after(&["reserve-goods"], sagas::both_versions()).await;
    lane.now = at(5);
    lane.deliver(&later_sale()).await.expect("a start");
    let left = |progress: &orchestration::SagaProgress| -> Vec<&str> {
        progress.remaining.iter().map(|command| command.handler).collect()
    };
    let instances = Arc::new(lane.store.clone());
    let found = RecordedSagas { registry: sagas::both_versions(), instances };
    let found = found.progress(&[later_saga(), saga_id()]).await;
    let [older, newer] = found.as_slice() else { panic!("not two sagas: {found:?}") };
    assert_eq!((older.version, left(older)), (1, vec!["pack-goods", "complete-sale"]));
    let remaining = vec!["hand-over-goods", "pack-goods", "confirm-return", "complete-sale"];
    assert_eq!((newer.version, left(newer)), (2, remaining));
    assert_eq!((older.saga.as_str(), older.state), ("place-sale", ProgressState::Running));
    // What is not known here shows what it did, if not what it will do.
    let unknown = recorded(&sagas::only_version_2(), &lane.instance());
    assert_eq!((unknown.version, unknown.entries.len(), unknown.state), (1, 2, ProgressState::Running));
    assert_eq!(left(&unknown), Vec::<&str>::new());
}

#[tokio::test]
async fn progress_is_all_that_the_record_says() {
    let mut lane = deployed_after(&["reserve-goods"], sagas::both_versions()).await;
    lane.now = at(7);
    lane.refuse("charge-card").await.expect("a reply");
    let undoing = recorded(&sagas::both_versions(), &lane.instance());
    let left: Vec<&str> = undoing.remaining.iter().map(|command| command.handler).collect();
    assert_eq!((undoing.state, left), (ProgressState::Compensating, vec!["cancel-sale"]));
    lane.succeed("release-goods").await.expect("a reply");
    lane.now = at(9);
    lane.succeed("cancel-sale").await.expect("a reply");
    let over = recorded(&sagas::both_versions(), &lane.instance());
    let expected = orchestration::SagaProgress {
        id: None,
        subject: "sale-1".to_owned(),
        started_by: Some(sale_placed().message_id),
        starting_event: "shop.v1.SalePlaced".to_owned(),
        saga: "place-sale".to_owned(),
        version: 1,
        state: ProgressState::Compensated,
        entries: lane.instance().entries,
        remaining: vec![],
        started_at: Some(at(0)),
        ended_at: Some(at(9)),
        deadline: None,
    };
    assert_eq!((over.entries.len(), over), (4, expected));
}

#[test]
fn each_position_is_a_state_of_the_whole_saga() {
    for (position, state) in [
        (Position::Doing(0), ProgressState::Running),
        (Position::Doing(3), ProgressState::Running),
        (Position::Undoing(1), ProgressState::Compensating),
        (Position::UndoingStart, ProgressState::Compensating),
        (Position::Completed, ProgressState::Completed),
        (Position::Compensated, ProgressState::Compensated),
    ] {
        assert_eq!(ProgressState::from(position), state, "{position:?}");
    }
}

#[tokio::test]
async fn progress_of_a_record_that_cannot_be_read_is_unknown() {
    let lane = Lane::started().await;
    lane.tamper(|item| item["schema"] = json!(99));
    let found = RecordedSagas { registry: sagas::both_versions(), instances: Arc::new(lane.store.clone()) };
    let found: Vec<_> = found.progress(&[saga_id()]).await.iter().map(|saga| (saga.state, saga.version)).collect();
    assert_eq!(found, [(ProgressState::Unknown, 0)]);
    let nothing = RecordedSagas { registry: sagas::both_versions(), instances: Arc::new(lane.store) };
    assert_eq!(nothing.progress(&[]).await, []);
}

/// Data that another version's event left would be worded wrongly.
#[tokio::test]
async fn a_run_whose_data_is_of_another_event_is_set_aside() {
    let mut lane = deployed_after(&[], sagas::both_versions()).await;
    let other = wire::Payload::from(testkit::shop::v1::SaleCompleted::default());
    lane.tamper(|item| item["state"]["data"] = json!(other));
    let result = lane.succeed("reserve-goods").await;
    assert!(is_set_aside(&result, "shop.v1.SalePlaced"), "{result:?}");
    assert_eq!(lane.position(), Position::Doing(0));
}

#[tokio::test]
async fn a_run_is_stuck_when_its_own_version_says_so() {
    let lane = Lane::started().await;
    lane.tamper(|item| item["state"]["state"] = json!({"position": {"doing": 1}, "repeats": 4, "because": null}));
    let instance = lane.instance();
    let state = |instance: &SagaInstance| recorded(&sagas::both_versions(), instance).state;
    assert_eq!(state(&instance), ProgressState::Running, "version 1 gives its second step up");
    let fingerprint = Some(fingerprint(sagas::version_2().definition()));
    let second = SagaInstance { definition_version: 2, fingerprint, ..instance };
    assert_eq!(state(&second), ProgressState::Stuck, "version 2 does not");
}

#[tokio::test]
async fn an_orchestrator_reaches_the_handlers_of_every_version() {
    let handlers: Vec<&str> = sagas::both_versions().handlers().into_iter().collect();
    let expected = [
        "cancel-sale",
        "charge-card",
        "complete-sale",
        "confirm-return",
        "hand-over-goods",
        "pack-goods",
        "refund-card",
        "release-goods",
        "reserve-goods",
    ];
    assert_eq!(handlers, expected);
}

/// Instances that are older than fingerprints are of the version that they name.
#[tokio::test]
async fn a_run_without_a_fingerprint_goes_on_with_the_version_it_names() {
    let mut lane = deployed_after(&["reserve-goods"], sagas::both_versions()).await;
    lane.tamper(|item| item["state"]["fingerprint"] = json!(null));
    assert_eq!(lane.succeed("charge-card").await, handlers(&["pack-goods"]));
}
