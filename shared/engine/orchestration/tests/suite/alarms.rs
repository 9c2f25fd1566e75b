//! What an operator hears of: the template turns these lines into alarms and metrics.

use saga::Position;
use serde_json::{Value, json};
use testkit::builders::{self, at};
use testkit::{Logs, Operation};

use testkit::lane::{Lane, saga_id};

/// The lines that a metric filter of the template looks for.
fn alarms(logs: &Logs) -> Vec<Value> {
    logs.lines().into_iter().filter(|line| line["fields"]["alarm"] == "saga-stuck").collect()
}

fn alarm(repeats: u32) -> Value {
    json!({
        "alarm": "saga-stuck",
        "saga_id": saga_id().to_string(),
        "saga": "place-sale",
        "repeats": repeats,
        "message": "a command that cannot be given up gets no reply",
    })
}

#[tokio::test]
async fn a_command_that_cannot_be_given_up_raises_an_alarm_from_its_fourth_repeat_on() {
    let forth = Lane::after(&["reserve-goods", "charge-card"]).await;
    let mut back = Lane::started().await;
    back.refuse("reserve-goods").await.expect("a reply");
    let mut pivot_undo = Lane::after(&["reserve-goods"]).await;
    pivot_undo.wait_until(|saga| saga.state.position != Position::Doing(1)).await;
    for mut lane in [forth, back, pivot_undo] {
        let (logs, _guard) = Logs::capture();
        lane.wait_until(|saga| saga.state.repeats == 3).await;
        assert_eq!(alarms(&logs), Vec::<Value>::new(), "three repeats are no reason");
        for repeats in 4..=6 {
            lane.wait().await.expect("a watchdog");
            let heard = alarms(&logs);
            let last = heard.last().expect("an alarm");
            assert_eq!((heard.len(), &last["fields"]), (repeats as usize - 3, &alarm(repeats)));
            assert_eq!((&last["level"], &last["target"]), (&json!("ERROR"), &json!("messaging::handling::alarm")));
        }
    }
}

#[tokio::test]
async fn a_step_that_is_given_up_and_a_watchdog_that_comes_again_raise_none() {
    let (logs, _guard) = Logs::capture();
    let mut lane = Lane::after(&["reserve-goods"]).await;
    lane.wait_until(|saga| saga.state.position != Position::Doing(1)).await;
    assert_eq!(alarms(&logs), Vec::<Value>::new(), "an unknown pivot is undone");
    lane.wait_until(|saga| saga.state.repeats == 3).await;
    let watchdog = lane.watchdog().message.clone();
    lane.wait().await.expect("a watchdog");
    assert_eq!(alarms(&logs).len(), 1);
    lane.deliver(&watchdog).await.expect("the same watchdog");
    assert_eq!(alarms(&logs).len(), 1, "nobody has waited longer");
    let early = lane.watchdog().message.clone();
    lane.now = at(0);
    lane.deliver(&early).await.expect("a watchdog before the deadline");
    assert_eq!(alarms(&logs).len(), 1);
}

/// A lane whose next watchdog raises an alarm, if its decision is saved.
async fn about_to_raise() -> Lane {
    let mut lane = Lane::after(&["reserve-goods", "charge-card"]).await;
    lane.wait_until(|saga| saga.state.repeats == 3).await;
    lane
}

#[tokio::test]
async fn an_alarm_whose_save_meets_conflicts_is_raised_once() {
    let (logs, _guard) = Logs::capture();
    for conflicts in 1..=3 {
        let mut lane = about_to_raise().await;
        (1..=conflicts).for_each(|nth| lane.store.faults().conflict(nth));
        lane.wait().await.expect("a watchdog");
        assert!(lane.store.faults().are_over(), "each attempt was decided anew");
        let heard: Vec<Value> = alarms(&logs).into_iter().map(|line| line["fields"].clone()).collect();
        assert_eq!(heard, vec![alarm(4); conflicts], "one more after {conflicts} conflicts");
    }
}

#[tokio::test]
async fn an_alarm_whose_decision_is_not_saved_is_not_raised() {
    let (logs, _guard) = Logs::capture();
    let mut lane = about_to_raise().await;
    lane.store.faults().fail(Operation::Save, 1);
    lane.wait().await.expect_err("a save that fails");
    (1..=8).for_each(|nth| lane.store.faults().conflict(nth));
    lane.wait().await.expect_err("an item that keeps changing");
    assert!(lane.store.faults().are_over());
    assert_eq!((alarms(&logs), lane.instance().state.repeats), (Vec::<Value>::new(), 3));
    lane.wait().await.expect("the same watchdog");
    assert_eq!(alarms(&logs).len(), 1);
}

/// What could not be sent is sent by the watchdog's repeat, and nobody has waited longer by then.
#[tokio::test]
async fn an_alarm_is_raised_even_if_nothing_can_be_sent_after_it() {
    let (logs, _guard) = Logs::capture();
    let mut lane = about_to_raise().await;
    lane.outbound.faults().fail(Operation::Send, 1);
    lane.wait().await.expect_err("a command that does not leave");
    assert_eq!(alarms(&logs).len(), 1);
    lane.wait().await.expect("the same watchdog");
    assert_eq!(alarms(&logs).len(), 1);
}

#[tokio::test]
async fn a_reply_in_vain_is_mentioned_but_is_no_alarm() {
    let (logs, _guard) = Logs::capture();
    let executions = testkit::MemoryExecutions::default();
    let mut reply = builders::command(7, testkit::builders::succeeded());
    reply.correlation.as_mut().expect("a correlation").reply_token = "old".to_owned();
    executions.next(Ok(orchestration::Resumed::Stale));
    let resume = orchestration::ResumeSaga::new(testkit::lane::registry(), std::sync::Arc::new(executions));
    messaging::Receiver::receive(&resume, &reply, at(0)).await.expect("an acknowledgement");
    let lines = logs.lines();
    assert_eq!((lines.len(), &lines[0]["level"]), (1, &json!("INFO")));
    let said = &lines[0]["fields"];
    assert_eq!((&said["saga_id"], &said["step"]), (&json!(builders::id(1).to_string()), &json!("test")));
    messaging::Receiver::receive(&resume, &reply, at(0)).await.expect("a resumption");
    assert_eq!(logs.lines().len(), 1, "a reply that is waited for is no news");
}
