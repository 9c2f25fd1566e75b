//! The Rust lane: from the starting event to the end, forwards and back.

use std::time::Duration;

use messaging::{Envelope, Failure, ids};
use orchestration::EntryState;
use saga::Position;
use serde_json::json;
use testkit::builders::{self, at, id, succeeded};
use testkit::queue_url;
use testkit::shop::v1::CancelSale;
use testkit::till::v1::RefundCard;

use testkit::lane::{Lane, deadline_passed, saga_id, sale_placed};

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
    let command = lane.command("reserve-goods");
    let correlation = command.correlation.clone().expect("a correlation");
    assert_eq!(command.message_id, ids::command(saga_id(), "reserve-goods"));
    assert_eq!((correlation.saga_id, correlation.step.as_str()), (saga_id(), "reserve-goods"));
    assert_eq!((correlation.reply_to, correlation.reply_token), (queue_url("saga"), String::new()));
    assert_eq!(command.unpack::<testkit::warehouse::v1::ReserveGoods>().expect("a command").sale_id, "sale-1");
    assert_eq!(lane.watchdog().delay, Duration::from_secs(10));
    assert_eq!(lane.watchdog().message.message_id, ids::watchdog(saga_id(), 1));
    let instance = lane.instance();
    assert_eq!((instance.saga.as_str(), instance.definition_version), ("place-sale", 1));
    assert_eq!((instance.deadline, instance.started_at, instance.ended_at), (at(10), at(0), None));
}

#[tokio::test]
async fn a_duplicate_start_starts_nothing() {
    let mut lane = Lane::after(&["reserve-goods"]).await;
    assert_eq!(lane.deliver(&sale_placed()).await, Ok(vec!["reserve-goods".to_owned()]), "the same command again");
    assert_eq!(lane.command("reserve-goods").message_id, ids::command(saga_id(), "reserve-goods"));
    assert_eq!((lane.store.len(), lane.position()), (1, Position::Doing(1)));
    // Older than the inbox, the start is recognised by the saga that is there.
    lane.tamper(|item| item["inbox"] = json!([]));
    let version = lane.version();
    assert_eq!(lane.deliver(&sale_placed()).await, Ok(vec![]));
    assert_eq!((lane.version(), lane.position()), (version, Position::Doing(1)));
}

#[tokio::test]
async fn replies_lead_to_the_end() {
    let mut lane = Lane::started().await;
    let path = ["reserve-goods", "charge-card", "pack-goods", "complete-sale"];
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
    let mut lane = Lane::after(&["reserve-goods"]).await;
    assert_eq!(lane.refuse("charge-card").await, Ok(vec!["release-goods".to_owned()]));
    assert_eq!(lane.succeed("release-goods").await, Ok(vec!["cancel-sale".to_owned()]));
    let undo: CancelSale = lane.command("cancel-sale").unpack().expect("a command");
    assert_eq!((undo.sale_id.as_str(), undo.reason.as_str()), ("sale-1", "NO"), "the undo knows why");
    assert_eq!(lane.succeed("cancel-sale").await, Ok(vec![]));
    assert_eq!(lane.position(), Position::Compensated);
    let refused = &lane.instance().entries[1];
    assert_eq!((refused.state, refused.reason.as_str()), (EntryState::Refused, "NO"));
}

#[tokio::test]
async fn a_refused_first_step_leaves_only_the_start_to_undo() {
    let mut lane = Lane::started().await;
    assert_eq!(lane.refuse("reserve-goods").await, Ok(vec!["cancel-sale".to_owned()]));
    assert_eq!(lane.succeed("cancel-sale").await, Ok(vec![]));
    assert_eq!(lane.position(), Position::Compensated);
}

#[tokio::test]
async fn a_late_or_repeated_reply_changes_nothing() {
    let mut lane = Lane::after(&["reserve-goods", "charge-card"]).await;
    let version = lane.version();
    assert_eq!(lane.succeed("charge-card").await, Ok(vec!["pack-goods".to_owned()]), "sent again, same identity");
    assert_eq!(lane.succeed("reserve-goods").await, Ok(vec![]), "forgotten with the card's token");
    assert_eq!((lane.version(), lane.position()), (version, Position::Doing(2)));
    // The same reply under an identity that the inbox does not know.
    let late = Envelope { message_id: id(77), ..builders::reply(lane.command("reserve-goods"), succeeded()) };
    assert_eq!(lane.deliver(&late).await, Ok(vec![]));
    assert_eq!((lane.version(), lane.position()), (version, Position::Doing(2)));
    for handler in ["pack-goods", "complete-sale"] {
        lane.succeed(handler).await.expect("a reply");
    }
    assert_eq!(lane.deliver(&late).await, Ok(vec![]), "after the end");
    assert_eq!(lane.position(), Position::Completed);
}

#[tokio::test]
async fn a_refusal_after_the_pivot_is_set_aside_and_the_saga_waits() {
    let mut lane = Lane::after(&["reserve-goods", "charge-card"]).await;
    let version = lane.version();
    assert!(reason(lane.refuse("pack-goods").await).contains("pack-goods must not be refused"));
    assert_eq!((lane.version(), lane.position()), (version, Position::Doing(2)));
    assert_eq!(lane.wait().await, Ok(vec!["pack-goods".to_owned()]), "it is asked again");
}

#[tokio::test]
async fn a_saga_of_an_unknown_version_is_set_aside() {
    let mut lane = Lane::started().await;
    lane.tamper(|item| item["state"]["definition_version"] = json!(99));
    assert!(reason(lane.succeed("reserve-goods").await).contains("version 99"));
    assert!(reason(lane.deliver(&deadline_passed(1)).await).contains("version 99"));
}

#[tokio::test]
async fn what_belongs_to_no_saga_is_set_aside() {
    let mut lane = Lane::new();
    assert!(reason(lane.deliver(&deadline_passed(1)).await).contains("there is no saga"));
    let stray = builders::event(7, RefundCard::default());
    assert!(reason(lane.deliver(&stray).await).contains("neither starts a saga nor belongs to one"));
    let mut started = Lane::started().await;
    let strange = builders::reply(started.command("reserve-goods"), RefundCard::default());
    assert!(reason(started.deliver(&strange).await).contains("RefundCard"), "not a reply");
}
