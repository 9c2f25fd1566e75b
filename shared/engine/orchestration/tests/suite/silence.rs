//! Silence is not failure: commands are repeated, and given up only where that can be undone.

use std::time::Duration;

use messaging::ids;
use orchestration::EntryState;
use saga::Position;
use testkit::builders::at;

use testkit::lane::{Lane, deadline_passed, saga_id};

fn handlers(names: &[&str]) -> Result<Vec<String>, messaging::Failure> {
    Ok(names.iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn a_silent_command_is_repeated_under_its_identity_and_longer_waited_for() {
    let mut lane = Lane::started().await;
    for (repeat, seconds) in [(1, 20), (2, 40), (3, 80)] {
        assert_eq!(lane.wait().await, handlers(&["reserve-goods"]));
        assert_eq!(lane.command("reserve-goods").message_id, ids::command(saga_id(), "reserve-goods"));
        assert_eq!(lane.watchdog().delay, Duration::from_secs(seconds));
        let instance = lane.instance();
        assert_eq!((instance.state.repeats, instance.entries.len(), instance.entries[0].repeats), (repeat, 1, repeat));
    }
}

#[tokio::test]
async fn a_watchdog_that_barks_too_early_is_armed_for_the_rest() {
    let mut lane = Lane::started().await;
    lane.now = at(8);
    lane.succeed("reserve-goods").await.expect("a reply");
    assert_eq!(lane.instance().deadline, at(18), "the next step has its own deadline");
    assert_eq!(lane.wait().await, handlers(&[]), "nothing is overdue");
    assert_eq!((lane.now, lane.watchdog().delay, lane.instance().watchdog), (at(10), Duration::from_secs(8), 2));
    assert_eq!(lane.wait().await, handlers(&["charge-card"]));
    assert_eq!(lane.now, at(18));
}

#[tokio::test]
async fn after_the_last_repeat_a_compensatable_step_is_unknown_and_undone() {
    let mut lane = Lane::started().await;
    for _ in 0..3 {
        lane.wait().await.expect("a repeat");
    }
    assert_eq!(lane.wait().await, handlers(&["release-goods"]));
    let unknown = &lane.instance().entries[0];
    assert_eq!((unknown.state, unknown.reason.as_str()), (EntryState::Unknown, "NO_ANSWER"));
    assert_eq!(lane.succeed("reserve-goods").await, handlers(&[]), "its answer comes too late");
    assert_eq!(lane.succeed("release-goods").await, handlers(&["cancel-sale"]));
    assert_eq!(lane.succeed("cancel-sale").await, handlers(&[]));
    assert_eq!(lane.position(), Position::Compensated);
}

#[tokio::test]
async fn an_unknown_pivot_is_undone_together_with_the_steps_before_it() {
    let mut lane = Lane::after(&["reserve-goods"]).await;
    // The first watchdog was armed for the step before; four more belong to the pivot.
    lane.wait_until(|saga| saga.state.position != Position::Doing(1)).await;
    assert!(lane.now < at(200), "the pivot is given up in time");
    assert_eq!(lane.instance().entries[1].repeats, 3);
    assert_eq!(lane.position(), Position::Undoing(1));
    assert_eq!(lane.succeed("refund-card").await, handlers(&["release-goods"]));
    assert_eq!(lane.succeed("release-goods").await, handlers(&["cancel-sale"]));
}

#[tokio::test]
async fn what_cannot_be_undone_is_repeated_for_ever() {
    let mut lane = Lane::after(&["reserve-goods", "charge-card"]).await;
    lane.wait().await.expect("a watchdog");
    for repeat in 1..=20 {
        if repeat > 1 {
            assert_eq!(lane.wait().await, handlers(&["pack-goods"]), "repeat {repeat}");
        }
        assert_eq!(lane.position(), Position::Doing(2));
        assert!(lane.watchdog().delay <= Duration::from_secs(900), "SQS delays no longer");
    }
    assert_eq!(lane.watchdog().delay, Duration::from_secs(900));
    assert_eq!(lane.succeed("pack-goods").await, handlers(&["complete-sale"]), "an answer is never too late");
}

#[tokio::test]
async fn a_silent_undo_is_repeated_too() {
    let mut lane = Lane::started().await;
    lane.refuse("reserve-goods").await.expect("a reply");
    for _ in 0..6 {
        lane.wait().await.expect("a watchdog");
        assert_eq!(lane.position(), Position::UndoingStart);
    }
    assert_eq!(lane.wait().await, handlers(&["cancel-sale"]));
}

/// A reply armed the first watchdog, if any did: number 0 stands for that and is nobody's number.
#[tokio::test]
async fn a_watchdog_without_a_number_does_nothing() {
    let mut lane = Lane::started().await;
    for now in [at(0), at(10_000)] {
        lane.now = now;
        assert_eq!(lane.deliver(&deadline_passed(0)).await, handlers(&[]));
        assert_eq!((lane.version(), lane.sent.len(), lane.instance().watchdog), (1, 0, 1));
    }
}

#[tokio::test]
async fn a_watchdog_of_the_past_does_nothing() {
    let mut lane = Lane::started().await;
    lane.wait().await.expect("a repeat");
    lane.wait().await.expect("a repeat");
    let version = lane.version();
    lane.now = at(10_000);
    for number in [0, 1, 4] {
        assert_eq!(lane.deliver(&deadline_passed(number)).await, handlers(&[]), "arming {number} is not the latest");
    }
    assert_eq!(lane.version(), version);
}

#[tokio::test]
async fn a_watchdog_that_is_delivered_twice_repeats_the_command_once() {
    let mut lane = Lane::started().await;
    let watchdog = lane.watchdog().message.clone();
    lane.wait().await.expect("a repeat");
    let second = lane.watchdog().message.clone();
    assert_eq!(lane.deliver(&watchdog).await, handlers(&["reserve-goods"]), "its command is sent again");
    assert_eq!((lane.instance().state.repeats, lane.instance().watchdog), (1, 3));
    lane.now = at(10_000);
    assert_eq!(lane.deliver(&second).await, handlers(&[]), "one watchdog is left, and this is not it");
}

#[tokio::test]
async fn after_the_end_the_watchdog_rests() {
    let mut lane = Lane::started().await;
    lane.now = at(8);
    for handler in ["reserve-goods", "charge-card", "pack-goods", "complete-sale"] {
        lane.succeed(handler).await.expect("a reply");
    }
    let version = lane.version();
    assert_eq!(lane.wait().await, handlers(&[]));
    assert_eq!(lane.now, at(10), "before the last deadline");
    assert_eq!((lane.version(), lane.position()), (version, Position::Completed));
}
