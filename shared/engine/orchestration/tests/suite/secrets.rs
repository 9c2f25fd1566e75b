//! A secret of the starting event is stored for as long as a command that is worded from it may be sent, and what else is
//! still needed stays.

use messaging::{Address, Envelope};
use orchestration::Registry;
use saga::Position;
use serde_json::{Value, json};
use testkit::builders::{self, succeeded};
use testkit::lane::{CARD_TOKEN, Lane, saga_id, sale_placed};
use testkit::sagas::{Placed, both_versions, version_1};
use testkit::shop::v1::{ConfirmReturn, ReturnRequested, SalePlaced};
use testkit::till::v1::{ChargeCard, RefundCard};

/// What is stored of the saga.
fn stored(lane: &Lane) -> Value {
    serde_json::to_value(lane.store.peek(&saga_id().to_string()).expect("a saga")).expect("JSON")
}

fn tells_the_token(lane: &Lane) -> bool {
    stored(lane).to_string().contains(CARD_TOKEN)
}

/// Version 1 of a deployment that does not know what is a secret.
fn careless() -> Registry {
    Registry::default().with::<SalePlaced, Placed>(version_1())
}

async fn silence(lane: &mut Lane) {
    let position = lane.position();
    lane.wait_until(|saga| saga.state.position != position).await;
}

#[tokio::test]
async fn it_is_forgotten_once_the_command_that_needs_it_is_answered_refused_or_given_up() {
    for (outcome, next) in [("succeeds", "pack-goods"), ("is refused", "release-goods"), ("is silent", "refund-card")] {
        let mut lane = Lane::after(&["reserve-goods"]).await;
        assert!(tells_the_token(&lane), "charge-card is awaited");
        match outcome {
            "succeeds" => assert_eq!(lane.succeed("charge-card").await, Ok(vec![next.to_owned()])),
            "is refused" => assert_eq!(lane.refuse("charge-card").await, Ok(vec![next.to_owned()])),
            _ => silence(&mut lane).await,
        }
        assert!(!tells_the_token(&lane), "{outcome}: {}", stored(&lane));
        let data = lane.instance().data.expect("the event").unpack::<SalePlaced>().expect("the event");
        assert_eq!(data, SalePlaced { sale_id: "sale-1".to_owned(), ..Default::default() }, "{outcome}");
        assert!(lane.known(next).is_some(), "{outcome}");
    }
}

#[tokio::test]
async fn it_is_forgotten_at_once_when_the_command_that_needs_it_will_not_be_sent() {
    let mut refused = Lane::started().await;
    refused.refuse("reserve-goods").await.expect("a reply");
    assert_eq!((refused.position(), tells_the_token(&refused)), (Position::UndoingStart, false));
    let mut silent = Lane::started().await;
    silence(&mut silent).await;
    assert_eq!((silent.position(), tells_the_token(&silent)), (Position::Undoing(0), false));
}

#[tokio::test]
async fn a_command_that_needs_it_is_repeated_with_it_while_it_is_awaited() {
    let mut lane = Lane::after(&["reserve-goods"]).await;
    for repeat in 1..=3 {
        assert_eq!(lane.wait().await, Ok(vec!["charge-card".to_owned()]), "repeat {repeat}");
        let command: ChargeCard = lane.command("charge-card").unpack().expect("a command");
        assert_eq!(command.card_token, CARD_TOKEN, "repeat {repeat}");
    }
}

#[tokio::test]
async fn each_version_forgets_it_after_its_own_step() {
    let mut lane = Lane::new();
    lane.deploy(both_versions());
    assert_eq!(lane.deliver(&sale_placed()).await, Ok(vec!["charge-card".to_owned()]));
    assert!(tells_the_token(&lane));
    assert_eq!(lane.succeed("charge-card").await, Ok(vec!["hand-over-goods".to_owned()]));
    assert!(!tells_the_token(&lane), "{}", stored(&lane));
}

/// An early reply can overtake the watchdog: the event's delivery fails between the two, and comes again later.
#[tokio::test]
async fn a_watchdog_that_has_not_left_yet_is_not_forgotten_with_it() {
    let mut lane = Lane::after(&["reserve-goods", "charge-card"]).await;
    let watchdog = lane.watchdog().message.clone();
    assert_eq!(lane.deliver(&sale_placed()).await, Ok(vec![]), "its command was answered");
    let again: Vec<_> = lane.sent.iter().map(|sent| (&sent.to, sent.message.message_id)).collect();
    assert_eq!(again, [(&Address::Myself, watchdog.message_id)]);
    lane.wait().await.expect("the rest");
    assert_eq!(lane.wait().await, Ok(vec!["pack-goods".to_owned()]), "it is the saga's only clock");
}

#[tokio::test]
async fn what_was_sent_before_it_was_forgotten_is_not_sent_again_and_what_is_awaited_is() {
    let mut lane = Lane::after(&["reserve-goods", "charge-card"]).await;
    let reply = |lane: &Lane, handler: &str| builders::reply(lane.command(handler), succeeded());
    let (old, new): (Envelope, Envelope) = (reply(&lane, "reserve-goods"), reply(&lane, "charge-card"));
    let before = stored(&lane);
    assert_eq!(lane.deliver(&old).await, Ok(vec![]));
    assert_eq!(lane.deliver(&new).await, Ok(vec!["pack-goods".to_owned()]));
    assert_eq!(stored(&lane), before, "both are recognised");
}

/// The command that follows a command that was given up leaves with a watchdog, which no inbox remembers.
#[tokio::test]
async fn an_undo_that_did_not_leave_when_it_was_forgotten_leaves_with_the_repeated_watchdog() {
    let mut lane = Lane::after(&["reserve-goods"]).await;
    let mut watchdog = lane.watchdog().message.clone();
    while lane.position() == Position::Doing(1) {
        watchdog = lane.watchdog().message.clone();
        lane.wait().await.expect("a watchdog");
    }
    assert!(!tells_the_token(&lane));
    assert_eq!(lane.deliver(&watchdog).await, Ok(vec!["refund-card".to_owned()]));
    let undo: RefundCard = lane.command("refund-card").unpack().expect("a command");
    assert_eq!(undo.sale_id, "sale-1");
}

#[tokio::test]
async fn a_saga_that_is_stuck_with_it_since_an_earlier_deployment_forgets_it_at_the_next_watchdog() {
    let mut lane = Lane::new();
    lane.deploy(careless());
    lane.deliver(&sale_placed()).await.expect("the event");
    for handler in ["reserve-goods", "charge-card"] {
        lane.succeed(handler).await.expect("a reply");
    }
    lane.wait_until(|saga| saga.state.repeats == 5).await;
    assert!(tells_the_token(&lane));
    lane.deploy(testkit::lane::registry());
    assert_eq!(lane.wait().await, Ok(vec!["pack-goods".to_owned()]));
    assert!(!tells_the_token(&lane), "{}", stored(&lane));
    assert_eq!(lane.wait().await, Ok(vec!["pack-goods".to_owned()]), "it is still repeated");
}

/// Nobody knows which of its commands needs the secret instead.
#[tokio::test]
async fn a_saga_without_the_command_that_needs_it_keeps_it_until_it_is_over() {
    let mut lane = Lane::new();
    lane.deploy(careless().forgetting_after::<ConfirmReturn, SalePlaced>(|sale| sale.card_token.clear()));
    lane.deliver(&sale_placed()).await.expect("the event");
    for handler in ["reserve-goods", "charge-card", "pack-goods"] {
        lane.succeed(handler).await.expect("a reply");
        assert!(tells_the_token(&lane), "after {handler}");
    }
    lane.succeed("complete-sale").await.expect("a reply");
    assert!(!tells_the_token(&lane));
}

#[tokio::test]
async fn a_secret_of_another_event_is_not_looked_for() {
    let mut lane = Lane::new();
    lane.deploy(careless().forgetting_after::<ChargeCard, ReturnRequested>(|_| ()));
    lane.deliver(&sale_placed()).await.expect("the event");
    for (handler, next) in [("reserve-goods", "charge-card"), ("charge-card", "pack-goods")] {
        assert_eq!(lane.succeed(handler).await, Ok(vec![next.to_owned()]));
    }
    assert!(tells_the_token(&lane));
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_set_aside_and_nothing_is_forgotten() {
    let mut lane = Lane::after(&["reserve-goods"]).await;
    lane.tamper(|item| item["state"]["data"]["saleId"] = json!(7));
    let before = stored(&lane);
    assert!(matches!(lane.succeed("charge-card").await, Err(messaging::Failure::SetAside(_))));
    assert_eq!(stored(&lane), before);
}
