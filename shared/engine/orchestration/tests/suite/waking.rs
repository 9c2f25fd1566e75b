//! A saga whose watchdog was lost is woken; a saga whose watchdog was not comes to no harm.

use messaging::{Envelope, ids};
use saga::Position;
use testkit::builders::{at, id};
use testkit::lane::{Lane, saga_id};
use testkit::queue_url;
use time::Duration;

/// What an operator sends to the saga as it is stored now.
fn waking(lane: &Lane) -> Option<Envelope> {
    lane.instance().waking(saga_id(), &queue_url("saga"), id(7_000), lane.now)
}

async fn wake(lane: &mut Lane) -> Vec<String> {
    let message = waking(lane).expect("a saga that is not over");
    lane.deliver(&message).await.expect("a waking that can be handled")
}

#[tokio::test]
async fn a_saga_without_a_watchdog_goes_on_as_if_its_watchdog_had_come() {
    let mut lane = Lane::started().await;
    lane.now = at(100_000);
    assert!(lane.instance().is_silent_since(at(100_000)));
    assert_eq!(wake(&mut lane).await, ["reserve-goods"]);
    assert_eq!(lane.command("reserve-goods").message_id, ids::command(saga_id(), "reserve-goods"));
    assert_eq!((lane.instance().state.repeats, lane.instance().deadline), (1, at(100_020)));
    assert!(!lane.instance().is_silent_since(at(100_020)), "it has a watchdog again");
    for handler in ["reserve-goods", "charge-card", "pack-goods", "complete-sale"] {
        lane.succeed(handler).await.expect("a reply");
    }
    assert_eq!(lane.position(), Position::Completed);
    assert_eq!(waking(&lane), None, "what is over sleeps on");
    assert!(!lane.instance().is_silent_since(at(i64::from(u32::MAX))));
}

#[tokio::test]
async fn waking_before_the_deadline_sends_nothing_but_a_watchdog_for_the_rest() {
    let mut lane = Lane::started().await;
    let own = lane.watchdog().message.clone();
    lane.now = at(4);
    assert!(!lane.instance().is_silent_since(lane.now));
    assert_eq!(wake(&mut lane).await, Vec::<String>::new());
    assert_eq!((lane.watchdog().delay.as_secs(), lane.instance().state.repeats), (6, 0));
    lane.now = at(10);
    assert_eq!(lane.deliver(&own).await, Ok(vec!["reserve-goods".to_owned()]), "its own comes second: a repeat");
    assert_eq!(lane.instance().state.repeats, 0, "the silence is not counted twice");
}

/// However often somebody wakes the saga beside its own watchdogs, one of all watchdogs counts, and no step is undone early.
#[tokio::test]
async fn a_saga_that_is_woken_again_and_again_is_neither_hurried_nor_doubled() {
    let mut lane = Lane::started().await;
    let mut on_their_way = vec![(at(10), lane.watchdog().message.clone())];
    for second in 0..149 {
        lane.now = at(second);
        // The operator, every three seconds, then every watchdog that is due.
        let mut due: Vec<Envelope> = waking(&lane).into_iter().filter(|_| second % 3 == 0).collect();
        on_their_way.retain(|(when, message)| {
            let is_due = *when <= lane.now;
            due.extend(is_due.then(|| message.clone()));
            !is_due
        });
        for message in due {
            lane.deliver(&message).await.expect("a watchdog that can be handled");
            let armed = lane.sent.iter().filter(|sent| sent.message.payload.type_name() == "saga.v1.DeadlinePassed");
            let armed = armed
                .map(|sent| (lane.now + Duration::seconds(sent.delay.as_secs().cast_signed()), sent.message.clone()));
            on_their_way.extend(armed);
        }
        assert_eq!(lane.position(), Position::Doing(0), "{second} s: undone early");
        assert!(on_their_way.len() < 60, "{second} s: {} watchdogs", on_their_way.len());
    }
    assert!(lane.instance().state.repeats <= 3, "{:?}", lane.instance().state);
    assert_eq!(lane.instance().entries.len(), 1);
}
