//! What is left of a saga that is over: its course, and nothing that is nobody's business any more.

use messaging::{InboxEntry, Record};
use orchestration::EntryState;
use saga::Position;
use serde_json::json;
use testkit::builders::{at, id};

use testkit::lane::{CARD_TOKEN, Lane, saga_id, sale_placed};

/// 30 days, in seconds.
const KEPT_FOR: i64 = 30 * 24 * 60 * 60;

fn record(lane: &Lane) -> Record {
    lane.store.peek(&saga_id().to_string()).expect("a saga")
}

fn tells_the_token(lane: &Lane) -> bool {
    serde_json::to_string(&record(lane)).expect("JSON").contains(CARD_TOKEN)
}

/// The ways to an end: the answers in order, where an exclamation mark is a refusal and a question mark silence.
const COMPLETED: [&str; 4] = ["reserve-goods", "charge-card", "pack-goods", "complete-sale"];
const REFUSED: [&str; 4] = ["reserve-goods", "charge-card!", "release-goods", "cancel-sale"];
const REFUSED_AT_ONCE: [&str; 2] = ["reserve-goods!", "cancel-sale"];
const SILENT: [&str; 5] = ["reserve-goods", "charge-card?", "refund-card", "release-goods", "cancel-sale"];

async fn take(lane: &mut Lane, answer: &str) {
    if let Some(handler) = answer.strip_suffix('!') {
        lane.refuse(handler).await.expect("a reply");
    } else if answer.ends_with('?') {
        let position = lane.position();
        lane.wait_until(|saga| saga.state.position != position).await;
    } else {
        lane.succeed(answer).await.expect("a reply");
    }
}

async fn run(answers: &[&str]) -> Lane {
    let mut lane = Lane::started().await;
    for answer in answers {
        assert!(lane.instance().data.is_some(), "before {answer} the saga needs what its commands are worded from");
        assert_eq!(lane.instance().ended_at, None, "before {answer}");
        assert_eq!(record(&lane).expires_at, None, "before {answer} nothing may be forgotten");
        take(&mut lane, answer).await;
    }
    lane
}

#[tokio::test]
async fn at_either_end_a_saga_forgets_the_card_and_all_that_it_sent() {
    let ways = [&COMPLETED[..], &REFUSED, &REFUSED_AT_ONCE, &SILENT];
    let ends = [Position::Completed, Position::Compensated, Position::Compensated, Position::Compensated];
    for (way, end) in ways.into_iter().zip(ends) {
        let lane = run(way).await;
        assert_eq!(lane.position(), end, "{way:?}");
        assert!(!tells_the_token(&lane), "{way:?}: {:?}", record(&lane));
        assert_eq!(lane.instance().data, None, "{way:?}");
        let inbox = record(&lane).inbox;
        assert_eq!(inbox[0], InboxEntry { id: sale_placed().message_id, sent: vec![] }, "{way:?}");
        assert!(inbox.iter().all(|entry| entry.sent.is_empty()), "{way:?}: {inbox:?}");
        let replies = way.iter().filter(|answer| !answer.ends_with('?')).count();
        assert_eq!(inbox.len(), 1 + replies, "{way:?}: the identities stay, so that repeats are recognised");
    }
}

#[tokio::test]
async fn a_finished_saga_is_kept_for_thirty_days_from_its_end() {
    for way in [&COMPLETED[..], &REFUSED_AT_ONCE] {
        let (last, before) = way.split_last().expect("an answer");
        let mut lane = run(before).await;
        lane.now = at(1_000);
        take(&mut lane, last).await;
        assert_eq!(lane.instance().ended_at, Some(at(1_000)));
        assert_eq!(record(&lane).expires_at, Some(at(1_000 + KEPT_FOR).unix_timestamp()));
    }
}

#[tokio::test]
async fn whatever_comes_after_the_end_changes_nothing_and_sends_nothing() {
    for way in [&COMPLETED[..], &SILENT] {
        let mut lane = run(way).await;
        let before = record(&lane);
        let replies: Vec<_> = way.iter().filter_map(|answer| lane.known(answer)).cloned().collect();
        assert_eq!(replies.len(), 4);
        for command in replies {
            let reply = testkit::builders::reply(&command, testkit::builders::succeeded());
            let late = messaging::Envelope { message_id: id(500), ..reply.clone() };
            for message in [reply, late] {
                assert_eq!(lane.deliver(&message).await, Ok(vec![]));
            }
        }
        assert_eq!(lane.deliver(&sale_placed()).await, Ok(vec![]));
        assert_eq!(lane.wait().await, Ok(vec![]));
        assert_eq!(record(&lane), before);
    }
}

#[tokio::test]
async fn the_course_of_a_saga_is_remembered_with_its_times() {
    let mut lane = Lane::started().await;
    for (second, answer) in (1..).zip(["reserve-goods", "charge-card!", "release-goods", "cancel-sale"]) {
        lane.now = at(second);
        take(&mut lane, answer).await;
    }
    let entries = lane.instance().entries;
    let words: Vec<_> =
        entries.iter().map(|entry| (entry.handler.as_str(), entry.state, entry.reason.as_str())).collect();
    let expected = [
        ("reserve-goods", EntryState::Succeeded, ""),
        ("charge-card", EntryState::Refused, "NO"),
        ("release-goods", EntryState::Succeeded, ""),
        ("cancel-sale", EntryState::Succeeded, ""),
    ];
    assert_eq!(words, expected);
    let participants: Vec<_> = entries.iter().map(|entry| entry.participant.as_str()).collect();
    assert_eq!(participants, ["warehouse", "till", "warehouse", "shop"]);
    for (second, entry) in (0..).zip(&entries) {
        assert_eq!((entry.sent_at, entry.ended_at, entry.repeats), (at(second), Some(at(second + 1)), 0), "{entry:?}");
    }
    let instance = lane.instance();
    assert_eq!((instance.started_at, instance.ended_at), (at(0), Some(at(4))));
    let because = instance.state.because.expect("a reason");
    assert_eq!((because.reason.as_str(), because.message.as_str()), ("NO", "not today"));
    assert_eq!(record(&lane).attributes["saga"], json!("place-sale"));
}

/// The reason and the message of a refusal are kept in the instance and in the undo's command.
#[tokio::test]
async fn a_refusal_is_kept_up_to_five_hundred_characters() {
    for (length, kept) in [(499, 499), (500, 500), (501, 500), (5_000, 500)] {
        let mut lane = Lane::started().await;
        let refused = testkit::builders::refused(&"ö".repeat(length), &"ü".repeat(length));
        lane.answer("reserve-goods", refused).await.expect("a reply");
        let because = lane.instance().state.because.expect("a reason");
        assert_eq!((because.reason, because.message), ("ö".repeat(kept), "ü".repeat(kept)), "{length}");
        assert_eq!(lane.instance().entries[0].reason, "ö".repeat(kept), "{length}");
    }
}

/// What every deployment reads and writes while sagas are in flight: a field that changes its name is lost.
#[tokio::test]
async fn a_saga_in_flight_is_stored_like_this() {
    let mut lane = Lane::after(&["reserve-goods"]).await;
    lane.refuse("charge-card").await.expect("a reply");
    let record = serde_json::to_value(record(&lane)).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&record).expect("JSON"));
}
