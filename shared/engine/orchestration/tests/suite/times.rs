//! When a saga does something, on both sides of each border.

use std::time::Duration;

use saga::Position;
use testkit::builders::at;
use time::OffsetDateTime;

use testkit::lane::{Lane, sale_placed};

/// A moment in nanoseconds after [`at`]`(0)`.
fn nanos(nanoseconds: i64) -> OffsetDateTime {
    at(0) + time::Duration::nanoseconds(nanoseconds)
}

const SECOND: i64 = 1_000_000_000;

/// The watchdog barks at this time; what was sent to a participant.
async fn bark(lane: &mut Lane, now: OffsetDateTime) -> Vec<String> {
    lane.now = now;
    let watchdog = lane.watchdog().message.clone();
    lane.deliver(&watchdog).await.expect("a watchdog")
}

#[tokio::test]
async fn silence_begins_with_the_deadline_and_not_before() {
    for (now, repeated) in [(nanos(10 * SECOND - 1), false), (at(10), true), (at(11), true)] {
        let mut lane = Lane::started().await;
        assert_eq!(bark(&mut lane, now).await, vec!["reserve-goods"; usize::from(repeated)], "{now}");
        assert_eq!(lane.instance().state.repeats, u32::from(repeated), "{now}");
        let left = if repeated { 20 } else { 1 };
        assert_eq!(lane.watchdog().delay, Duration::from_secs(left), "{now}");
        let deadline = if repeated { now + Duration::from_secs(20) } else { at(10) };
        assert_eq!(lane.instance().deadline, deadline, "a repeat is waited for from its sending on");
    }
}

#[tokio::test]
async fn a_watchdog_sleeps_for_whole_seconds_and_never_too_short() {
    for (left, delay) in [(1, 1), (SECOND - 1, 1), (SECOND, 1), (SECOND + 1, 2), (9 * SECOND + 1, 10)] {
        let mut lane = Lane::started().await;
        lane.now = at(7);
        lane.succeed("reserve-goods").await.expect("a reply");
        assert_eq!(lane.instance().deadline, at(17));
        assert_eq!(bark(&mut lane, nanos(17 * SECOND - left)).await, Vec::<String>::new(), "{left} ns are left");
        assert_eq!(lane.watchdog().delay, Duration::from_secs(delay), "{left} ns are left");
    }
}

#[tokio::test]
async fn a_watchdog_that_is_delivered_again_after_the_deadline_does_not_sleep() {
    let mut lane = Lane::started().await;
    let first = lane.watchdog().message.clone();
    bark(&mut lane, at(10)).await;
    lane.now = at(1_000);
    assert_eq!(lane.deliver(&first).await, Ok(vec!["reserve-goods".to_owned()]));
    assert_eq!(lane.watchdog().delay, Duration::ZERO, "the deadline was at 30 seconds");
    assert_eq!((lane.instance().deadline, lane.instance().state.repeats), (at(30), 1), "nothing was waited for");
}

/// The times of day at which a step that can be given up is repeated and given up: after 10, 20, 40 and 80 seconds.
#[tokio::test]
async fn a_step_with_an_undo_is_given_up_after_one_hundred_and_fifty_seconds() {
    let mut lane = Lane::started().await;
    for (second, next) in [(10, 20), (30, 40), (70, 80)] {
        assert_eq!(lane.wait().await, Ok(vec!["reserve-goods".to_owned()]));
        assert_eq!((lane.now, lane.watchdog().delay), (at(second), Duration::from_secs(next)));
        assert_eq!(lane.position(), Position::Doing(0));
    }
    assert_eq!(lane.wait().await, Ok(vec!["release-goods".to_owned()]));
    assert_eq!((lane.now, lane.watchdog().delay), (at(150), Duration::from_secs(10)), "the undo has its own patience");
}

#[tokio::test]
async fn a_step_without_an_undo_is_repeated_at_last_every_fifteen_minutes() {
    let mut lane = Lane::started().await;
    for handler in ["reserve-goods", "charge-card"] {
        lane.succeed(handler).await.expect("a reply");
    }
    let mut delays = Vec::new();
    for repeat in 1..=9 {
        assert_eq!(lane.wait().await, Ok(vec!["pack-goods".to_owned()]), "repeat {repeat}");
        delays.push(lane.watchdog().delay.as_secs());
        assert_eq!(lane.instance().state.repeats, repeat);
    }
    assert_eq!(delays, [20, 40, 80, 160, 320, 640, 900, 900, 900]);
}

#[tokio::test]
async fn the_next_command_starts_its_own_count_of_repeats_and_its_own_wait() {
    let mut lane = Lane::started().await;
    for _ in 0..3 {
        lane.wait().await.expect("a repeat");
    }
    assert_eq!((lane.instance().state.repeats, lane.now), (3, at(70)));
    assert_eq!(lane.succeed("reserve-goods").await, Ok(vec!["charge-card".to_owned()]));
    let instance = lane.instance();
    assert_eq!((instance.state.repeats, instance.deadline), (0, at(80)));
    let repeats: Vec<u32> = instance.entries.iter().map(|entry| entry.repeats).collect();
    assert_eq!(repeats, [3, 0]);
    // It is not given up at its first silence, as the fourth silence of one command would be.
    assert_eq!(lane.wait().await, Ok(vec!["charge-card".to_owned()]));
    assert_eq!((lane.position(), lane.now), (Position::Doing(1), at(80)));
    let entries = lane.instance().entries;
    assert_eq!(entries.iter().map(|entry| entry.repeats).collect::<Vec<_>>(), [3, 1]);
    let times: Vec<_> = entries.iter().map(|entry| (entry.sent_at, entry.ended_at)).collect();
    assert_eq!(times, [(at(0), Some(at(70))), (at(70), None)], "a command was sent when it was sent first");
}

/// The event is a minute old, but the first command is not.
#[tokio::test]
async fn a_saga_starts_when_its_event_is_handled() {
    let mut lane = Lane::new();
    lane.now = at(60);
    assert_eq!(lane.deliver(&sale_placed()).await, Ok(vec!["reserve-goods".to_owned()]));
    let instance = lane.instance();
    assert_eq!((instance.started_at, instance.deadline), (at(60), at(70)));
    assert_eq!((instance.entries[0].sent_at, lane.watchdog().delay), (at(60), Duration::from_secs(10)));
}

/// After a repeat the watchdog sleeps until 30 seconds; a reply's next command is due 10 seconds after it.
#[tokio::test]
async fn a_watchdog_is_armed_anew_only_if_the_old_one_would_wake_too_late() {
    for (now, armed) in [(nanos(20 * SECOND - 1), true), (at(20), false), (at(21), false)] {
        let mut lane = Lane::started().await;
        bark(&mut lane, at(10)).await;
        let before = lane.instance().watchdog;
        lane.now = now;
        lane.succeed("reserve-goods").await.expect("a reply");
        assert_eq!(lane.sent.len(), 1 + usize::from(armed), "{now}");
        assert_eq!(lane.instance().watchdog, before + u32::from(armed), "{now}");
        if armed {
            assert_eq!(lane.watchdog().delay, Duration::from_secs(10), "{now}");
        }
    }
}

/// The end needs no watchdog, however long the old one sleeps.
#[tokio::test]
async fn at_the_end_no_watchdog_is_armed() {
    let mut lane = Lane::after(&["reserve-goods", "charge-card", "pack-goods"]).await;
    for _ in 0..3 {
        lane.wait().await.expect("a repeat");
    }
    let before = lane.instance().watchdog;
    lane.succeed("complete-sale").await.expect("a reply");
    assert_eq!((lane.position(), lane.instance().watchdog, lane.sent.len()), (Position::Completed, before, 0));
}
