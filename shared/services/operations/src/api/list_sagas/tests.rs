use messaging::LoadError;
use orchestration::{EntryState, Listed, SagaProgress};
use rpc::{DEFAULT_PAGE_SIZE, RpcError};
use serde_json::json;
use testkit::builders::{at, id};
use wire::shape::Fault;

use super::*;
use crate::api::fixture::{Asked, Given, ask, entry, going_back, shared, unreadable};

async fn list(given: Given, request: api::ListSagasRequest) -> (Result<api::ListSagasResponse, RpcError>, Vec<Asked>) {
    let (given, sagas) = shared(given);
    (ask(ListSagas::new(sagas), request).await, given.asked())
}

fn request(request: serde_json::Value) -> api::ListSagasRequest {
    serde_json::from_value(request).expect("a request")
}

fn listing(sagas: Vec<SagaProgress>) -> Given {
    Given { listed: Ok(Listed { sagas, next: None }), ..Given::default() }
}

#[tokio::test]
async fn an_empty_request_wants_every_saga_and_no_counts() {
    let (answer, asked) = list(Given::default(), api::ListSagasRequest::default()).await;
    assert_eq!(answer, Ok(api::ListSagasResponse::default()));
    assert_eq!(asked, [Asked::List(Wanted::default(), DEFAULT_PAGE_SIZE, None)]);
}

#[tokio::test]
async fn every_wish_reaches_the_catalog() {
    let states =
        ["STUCK", "RUNNING", "COMPENSATED", "COMPENSATING", "COMPLETED"].map(|name| format!("SAGA_STATE_{name}"));
    let wishes = json!({
        "states": states, "saga": "place-sale", "step": "pack-goods", "text": "OUT_OF", "pageSize": 7, "pageToken": "t",
        "startedAfter": "2026-01-02T03:04:05.006007008Z", "startedBefore": "2026-01-02T03:04:06Z", "withCounts": true,
    });
    let (answer, asked) = list(Given::default(), request(wishes)).await;
    let time = |nanos: i128| OffsetDateTime::from_unix_timestamp_nanos(nanos).ok();
    let wanted = Wanted {
        states: vec![
            ProgressState::Stuck,
            ProgressState::Running,
            ProgressState::Compensated,
            ProgressState::Compensating,
            ProgressState::Completed,
        ],
        saga: Some("place-sale".to_owned()),
        step: Some("pack-goods".to_owned()),
        started_after: time(1_767_323_045_006_007_008),
        started_before: time(1_767_323_046_000_000_000),
        text: Some("OUT_OF".to_owned()),
    };
    assert_eq!(asked, [Asked::List(wanted.clone(), 7, Some("t".to_owned())), Asked::Count(wanted)]);
    answer.expect("a page");
}

#[tokio::test]
async fn a_page_shows_its_sagas_and_where_the_next_begins() {
    let given = Given {
        listed: Ok(Listed { sagas: vec![going_back(), unreadable()], next: Some("next".to_owned()) }),
        ..Given::default()
    };
    let (answer, _) = list(given, api::ListSagasRequest::default()).await;
    let shown = serde_json::to_value(answer.expect("a page")).expect("JSON");
    let command = messaging::ids::command(id(1), "release-goods");
    let time = |seconds: i64| {
        let time = Timestamp::from_unix(at(seconds).unix_timestamp(), 0);
        serde_json::to_value(time).expect("JSON")
    };
    let latest = json!({
        "name": "release-goods", "service": "warehouse", "state": "COMMAND_STATE_SENT", "repeats": 2,
        "sentAt": [time(1), time(20), time(40)], "commandId": command, "replyId": messaging::ids::reply(command),
    });
    let expected = json!({
        "sagas": [
            {
                "sagaId": id(1), "name": "place-sale", "version": 1, "state": "SAGA_STATE_COMPENSATING",
                "subject": "sale-7", "startedAt": time(0), "latest": latest, "reason": "CARD_DECLINED",
                "turnedAt": "charge-card",
            },
            {"sagaId": id(2), "state": "SAGA_STATE_UNKNOWN"},
        ],
        "nextPageToken": "next",
    });
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn a_saga_says_where_and_why_it_went_back_and_how_it_ended() {
    let refused = entry("a", "shop", EntryState::Refused, "OUT_OF_STOCK");
    let silent = |reason| entry("b", "shop", EntryState::Unknown, reason);
    let done = entry("c", "shop", EntryState::Succeeded, "");
    for (entries, turned_at, reason) in [
        (vec![], "", ""),
        (vec![done.clone()], "", ""),
        (vec![done.clone(), refused, done.clone()], "a", "OUT_OF_STOCK"),
        (vec![silent("NO_ANSWER"), done.clone()], "b", "NO_ANSWER"),
        // A record of before the reason was noted.
        (vec![silent(""), done], "b", "NO_ANSWER"),
    ] {
        let saga = SagaProgress { entries, ended_at: Some(at(5)), ..going_back() };
        let (answer, _) = list(listing(vec![saga]), api::ListSagasRequest::default()).await;
        let answer = answer.expect("a page");
        let shown = answer.sagas.first().expect("a saga");
        assert_eq!((shown.turned_at.as_str(), shown.reason.as_str()), (turned_at, reason));
        assert_eq!(shown.ended_at.as_option().map(|time| time.seconds), Some(at(5).unix_timestamp()));
    }
}

#[tokio::test]
async fn every_state_is_shown_under_its_name() {
    for (state, name) in [
        (ProgressState::Running, "SAGA_STATE_RUNNING"),
        (ProgressState::Compensating, "SAGA_STATE_COMPENSATING"),
        (ProgressState::Completed, "SAGA_STATE_COMPLETED"),
        (ProgressState::Compensated, "SAGA_STATE_COMPENSATED"),
        (ProgressState::Stuck, "SAGA_STATE_STUCK"),
        (ProgressState::Unknown, "SAGA_STATE_UNKNOWN"),
    ] {
        let saga = SagaProgress { state, ..going_back() };
        let (answer, _) = list(listing(vec![saga]), api::ListSagasRequest::default()).await;
        let shown = serde_json::to_value(answer.expect("a page")).expect("JSON");
        assert_eq!(shown["sagas"][0]["state"], name);
    }
}

#[tokio::test]
async fn a_state_without_a_saga_is_counted_as_well() {
    let counted = BTreeMap::from([
        (ProgressState::Stuck, Number { sagas: 2, at_least: false }),
        (ProgressState::Completed, Number { sagas: 1000, at_least: true }),
    ]);
    let given = Given { counted: Ok(counted), ..Given::default() };
    let (answer, _) = list(given, request(json!({"withCounts": true}))).await;
    let shown = serde_json::to_value(answer.expect("a page")).expect("JSON");
    let expected = json!([
        {"state": "SAGA_STATE_RUNNING"},
        {"state": "SAGA_STATE_COMPENSATING"},
        {"state": "SAGA_STATE_COMPLETED", "sagas": 1000, "atLeast": true},
        {"state": "SAGA_STATE_COMPENSATED"},
        {"state": "SAGA_STATE_STUCK", "sagas": 2},
    ]);
    assert_eq!(shown["counts"], expected);
}

#[tokio::test]
async fn a_caller_is_told_every_field_to_change() {
    let state = "must be SAGA_STATE_RUNNING, SAGA_STATE_COMPENSATING, SAGA_STATE_COMPLETED, SAGA_STATE_COMPENSATED or \
                 SAGA_STATE_STUCK";
    let again = "must be another state than those before it";
    let later = "must not be later than started_before";
    for (asked, faults) in [
        (json!({"states": ["SAGA_STATE_UNKNOWN"]}), vec![("states[0]", state)]),
        (json!({"states": [1, 0, 7]}), vec![("states[1]", state), ("states[2]", state)]),
        (json!({"states": [5, 5, 1, 5]}), vec![("states[1]", again), ("states[3]", again)]),
        (json!({"states": [1, 2, 3, 4, 5, 1]}), vec![("states", "must be a list of 0 to 5 items")]),
        (json!({"pageSize": 101}), vec![("page_size", "must be a whole number from 0 to 100")]),
        (
            json!({"startedAfter": "2026-01-02T00:00:01Z", "startedBefore": "2026-01-02T00:00:00Z", "states": [6]}),
            vec![("states[0]", state), ("started_after", later)],
        ),
    ] {
        let (answer, read) = list(Given::default(), request(asked)).await;
        let faults = faults.into_iter().map(|(field, must)| Fault::new(field, must)).collect();
        assert_eq!(answer, Err(RpcError::Invalid(faults)));
        assert!(read.is_empty(), "nothing is read for a request that is refused");
    }
    // An hour that begins when it ends is empty, and no mistake.
    let moment = json!({"startedAfter": "2026-01-02T00:00:00Z", "startedBefore": "2026-01-02T00:00:00Z"});
    assert!(list(Given::default(), request(moment)).await.0.is_ok());
    let beyond = Timestamp { seconds: i64::MAX, nanos: 0, ..Default::default() };
    let beyond = api::ListSagasRequest { started_before: beyond.into(), ..Default::default() };
    let expected = RpcError::invalid("started_before", "must be a time of the years 1 to 9999");
    assert_eq!(list(Given::default(), beyond).await.0, Err(expected));
}

#[tokio::test]
async fn failures_are_told_apart() {
    let failed = |error: LoadError| Given { listed: Err(error), ..Given::default() };
    let (answer, _) = list(failed(LoadError::BadToken), api::ListSagasRequest::default()).await;
    assert_eq!(answer, Err(RpcError::invalid("page_token", "must be the next_page_token of the page before")));
    let slow = || LoadError::Transient("slow".to_owned());
    let (answer, _) = list(failed(slow()), api::ListSagasRequest::default()).await;
    assert!(matches!(answer, Err(RpcError::Unavailable(_))), "{answer:?}");
    let uncounted = Given { counted: Err(slow()), ..Given::default() };
    let (answer, _) = list(uncounted, request(json!({"withCounts": true}))).await;
    assert!(matches!(answer, Err(RpcError::Unavailable(_))), "{answer:?}");
}
