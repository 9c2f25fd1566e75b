//! The Rust lane: from the starting event to the end, forwards and back.

use std::time::Duration;

use contracts::billing::v1::CancelCard;
use contracts::order::v1::RejectOrder;
use messaging::{Envelope, Failure, ids};
use orchestration::EntryState;
use saga::Position;
use serde_json::json;
use testkit::builders::{self, at, id};
use testkit::queue_url;

use crate::saga_fixture::{Lane, deadline_passed, order_created, saga_id};
use crate::tally::succeeded;

fn reason(result: Result<Vec<String>, Failure>) -> String {
    match result {
        Err(Failure::SetAside(reason)) => reason.to_string(),
        other => panic!("not set aside: {other:?}"),
    }
}

fn states(lane: &Lane) -> Vec<(String, EntryState)> {
    lane.instance().entries.into_iter().map(|entry| (entry.handler, entry.state)).collect()
}

#[tokio::test]
async fn an_event_starts_a_saga_with_its_first_command_and_a_watchdog() {
    let lane = Lane::started().await;
    let command = lane.command("create-ticket");
    let correlation = command.correlation.clone().expect("a correlation");
    assert_eq!(command.message_id, ids::command(saga_id(), "create-ticket"));
    assert_eq!((correlation.saga_id, correlation.step.as_str()), (saga_id(), "create-ticket"));
    assert_eq!((correlation.reply_to, correlation.reply_token), (queue_url("saga"), String::new()));
    assert_eq!(command.unpack::<contracts::kitchen::v1::CreateTicket>().expect("a command").order_id, "order-1");
    assert_eq!(lane.watchdog().delay, Duration::from_secs(10));
    assert_eq!(lane.watchdog().message.message_id, ids::watchdog(saga_id(), 1));
    let instance = lane.instance();
    assert_eq!((instance.saga.as_str(), instance.definition_version), ("create-order", 1));
    assert_eq!((instance.deadline, instance.started_at, instance.ended_at), (at(10), at(0), None));
}

#[tokio::test]
async fn a_duplicate_start_starts_nothing() {
    let mut lane = Lane::after(&["create-ticket"]).await;
    assert_eq!(lane.deliver(&order_created()).await, Ok(vec!["create-ticket".to_owned()]), "the same command again");
    assert_eq!(lane.command("create-ticket").message_id, ids::command(saga_id(), "create-ticket"));
    assert_eq!((lane.store.len(), lane.position()), (1, Position::Doing(1)));
    // Older than the inbox, the start is recognised by the saga that is there.
    lane.tamper(|item| item["inbox"] = json!([]));
    let version = lane.version();
    assert_eq!(lane.deliver(&order_created()).await, Ok(vec![]));
    assert_eq!((lane.version(), lane.position()), (version, Position::Doing(1)));
}

#[tokio::test]
async fn replies_lead_to_the_end() {
    let mut lane = Lane::started().await;
    let path = ["create-ticket", "authorize-card", "approve-ticket", "approve-order"];
    for (index, handler) in path.iter().enumerate() {
        lane.now = at(i64::try_from(index).expect("a number") + 1);
        let next: Vec<String> = path.get(index + 1).map(ToString::to_string).into_iter().collect();
        assert_eq!(lane.succeed(handler).await, Ok(next));
    }
    let instance = lane.instance();
    assert_eq!((instance.state.position, instance.ended_at), (Position::Completed, Some(at(4))));
    assert_eq!(states(&lane), path.map(|handler| (handler.to_owned(), EntryState::Succeeded)));
    let record = lane.store.peek(&saga_id().to_string()).expect("a saga");
    assert!(record.expires_at.is_some_and(|seconds| seconds > at(4).unix_timestamp()), "it is forgotten one day");
}

#[tokio::test]
async fn a_refusal_leads_back_over_what_was_done() {
    let mut lane = Lane::after(&["create-ticket"]).await;
    assert_eq!(lane.refuse("authorize-card").await, Ok(vec!["reject-ticket".to_owned()]));
    assert_eq!(lane.succeed("reject-ticket").await, Ok(vec!["reject-order".to_owned()]));
    let undo: RejectOrder = lane.command("reject-order").unpack().expect("a command");
    assert_eq!((undo.order_id.as_str(), undo.reason.as_str()), ("order-1", "NO"), "the undo knows why");
    assert_eq!(lane.succeed("reject-order").await, Ok(vec![]));
    assert_eq!(lane.position(), Position::Compensated);
    let refused = &lane.instance().entries[1];
    assert_eq!((refused.state, refused.reason.as_str()), (EntryState::Refused, "NO"));
}

#[tokio::test]
async fn a_refused_first_step_leaves_only_the_start_to_undo() {
    let mut lane = Lane::started().await;
    assert_eq!(lane.refuse("create-ticket").await, Ok(vec!["reject-order".to_owned()]));
    assert_eq!(lane.succeed("reject-order").await, Ok(vec![]));
    assert_eq!(lane.position(), Position::Compensated);
}

#[tokio::test]
async fn a_late_or_repeated_reply_changes_nothing() {
    let mut lane = Lane::after(&["create-ticket", "authorize-card"]).await;
    let version = lane.version();
    assert_eq!(lane.succeed("create-ticket").await, Ok(vec!["authorize-card".to_owned()]), "sent again, same identity");
    assert_eq!((lane.version(), lane.position()), (version, Position::Doing(2)));
    // The same reply under an identity that the inbox does not know.
    let late = Envelope { message_id: id(77), ..builders::reply(lane.command("create-ticket"), succeeded()) };
    assert_eq!(lane.deliver(&late).await, Ok(vec![]));
    assert_eq!((lane.version(), lane.position()), (version, Position::Doing(2)));
    for handler in ["approve-ticket", "approve-order"] {
        lane.succeed(handler).await.expect("a reply");
    }
    assert_eq!(lane.deliver(&late).await, Ok(vec![]), "after the end");
    assert_eq!(lane.position(), Position::Completed);
}

#[tokio::test]
async fn a_refusal_after_the_pivot_is_set_aside_and_the_saga_waits() {
    let mut lane = Lane::after(&["create-ticket", "authorize-card"]).await;
    let version = lane.version();
    assert!(reason(lane.refuse("approve-ticket").await).contains("approve-ticket must not be refused"));
    assert_eq!((lane.version(), lane.position()), (version, Position::Doing(2)));
    assert_eq!(lane.wait().await, Ok(vec!["approve-ticket".to_owned()]), "it is asked again");
}

#[tokio::test]
async fn a_saga_of_an_unknown_version_is_set_aside() {
    let mut lane = Lane::started().await;
    lane.tamper(|item| item["state"]["definition_version"] = json!(99));
    assert!(reason(lane.succeed("create-ticket").await).contains("version 99"));
    assert!(reason(lane.deliver(&deadline_passed(1)).await).contains("version 99"));
}

#[tokio::test]
async fn what_belongs_to_no_saga_is_set_aside() {
    let mut lane = Lane::new();
    assert!(reason(lane.deliver(&deadline_passed(1)).await).contains("there is no saga"));
    let stray = builders::event(7, CancelCard::default());
    assert!(reason(lane.deliver(&stray).await).contains("neither starts a saga nor belongs to one"));
    let mut started = Lane::started().await;
    let strange = builders::reply(started.command("create-ticket"), CancelCard::default());
    assert!(reason(started.deliver(&strange).await).contains("CancelCard"), "not a reply");
}
