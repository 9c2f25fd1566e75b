use buffa_types::google::protobuf::Timestamp;
use messaging::LoadError;
use orchestration::{ProgressState, SagaProgress};
use serde_json::json;
use testkit::builders::id;

use super::*;
use crate::api::fixture::{Asked, Given, ask, going_back, shared};

type Found = Result<Option<SagaProgress>, LoadError>;

async fn get(saga_id: &str, found: Found) -> (Result<api::GetSagaResponse, RpcError>, Vec<Asked>) {
    let (given, sagas) = shared(Given { found, ..Given::default() });
    let request = api::GetSagaRequest { saga_id: saga_id.to_owned(), ..Default::default() };
    (ask(GetSaga::new(sagas), request).await, given.asked())
}

#[tokio::test]
async fn a_saga_is_shown_with_all_that_is_known_of_it() {
    let (answer, asked) = get(&id(1).to_string(), Ok(Some(going_back()))).await;
    let shown = serde_json::to_value(answer.expect("a saga")).expect("JSON");
    let command_id = |handler: &str| messaging::ids::command(id(1), handler);
    let command = |name: &str, service: &str| {
        let id = command_id(name);
        json!({"name": name, "service": service, "commandId": id, "replyId": messaging::ids::reply(id)})
    };
    let with = |mut command: serde_json::Value, more: serde_json::Value| {
        command.as_object_mut().expect("a command").extend(more.as_object().expect("fields").clone());
        command
    };
    let time = |seconds: i64| testkit::builders::at(seconds).unix_timestamp();
    let time = |seconds: i64| {
        let time = Timestamp::from_unix(time(seconds), 0);
        serde_json::to_value(time).expect("JSON")
    };
    let answered = |state: &str| json!({"state": state, "sentAt": [time(1)], "endedAt": time(2)});
    let refused = with(answered("COMMAND_STATE_REFUSED"), json!({"reason": "CARD_DECLINED"}));
    let awaited = json!({"state": "COMMAND_STATE_SENT", "repeats": 2, "sentAt": [time(1), time(20), time(40)]});
    let expected = json!({"saga": {
        "sagaId": id(1),
        "name": "place-sale",
        "version": 1,
        "state": "SAGA_STATE_COMPENSATING",
        "subject": "sale-7",
        "startedAt": time(0),
        "startedBy": {"messageId": id(9), "type": "shop.v1.SalePlaced"},
        "commands": [
            with(command("reserve-goods", "warehouse"), answered("COMMAND_STATE_SUCCEEDED")),
            with(command("charge-card", "till"), refused),
            with(command("release-goods", "warehouse"), awaited),
        ],
        "remaining": [{"name": "cancel-sale", "service": "shop"}],
        "deadline": time(80),
    }});
    assert_eq!(shown, expected);
    assert_eq!(asked, [Asked::Find(id(1))]);
}

#[tokio::test]
async fn a_saga_that_is_over_has_an_end_and_no_deadline() {
    let over = SagaProgress {
        state: ProgressState::Compensated,
        ended_at: Some(testkit::builders::at(3)),
        deadline: None,
        started_by: None,
        ..going_back()
    };
    let saga = get(&id(1).to_string(), Ok(Some(over))).await.0.expect("a saga").saga;
    let saga = saga.into_option().expect("a saga");
    assert!(saga.ended_at.is_set() && saga.deadline.is_unset(), "{saga:?}");
    assert!(saga.started_by.is_unset(), "an event that is not known is not made up: {saga:?}");
    assert_eq!(saga.state, api::SagaState::SAGA_STATE_COMPENSATED);
}

#[tokio::test]
async fn a_saga_that_nobody_knows_is_not_found() {
    let (answer, _) = get(&id(7).to_string().to_uppercase(), Ok(None)).await;
    let message = format!("there is no saga {}, or it is forgotten: choose one that ListSagas shows", id(7));
    let expected = RpcError::refused(Reason::SagaNotFound, message).about("saga_id", id(7));
    assert_eq!(answer, Err(expected));
}

#[tokio::test]
async fn only_a_saga_that_may_be_read_later_is_to_be_asked_for_again() {
    let (answer, _) = get(&id(2).to_string(), Err(LoadError::Transient("slow".to_owned()))).await;
    assert!(matches!(answer, Err(RpcError::Unavailable(_))), "{answer:?}");
    let (answer, _) = get(&id(2).to_string(), Err(LoadError::Unreadable("of a newer schema".to_owned()))).await;
    let Err(RpcError::Internal(cause)) = answer else { panic!("{answer:?}") };
    assert!(cause.contains("of a newer schema"), "the log says why: {cause}");
}

#[tokio::test]
async fn what_is_known_of_a_history_that_breaks_off_is_shown() {
    let cut_off = SagaProgress { state: ProgressState::Unknown, ..going_back() };
    let answer = get(&id(1).to_string(), Ok(Some(cut_off))).await.0.expect("a saga");
    let saga = answer.saga.into_option().expect("a saga");
    assert_eq!((saga.state, saga.commands.len()), (api::SagaState::SAGA_STATE_UNKNOWN.into(), 3));
    let begun = SagaProgress { state: ProgressState::Unknown, entries: Vec::new(), ..going_back() };
    let answer = get(&id(1).to_string(), Ok(Some(begun))).await.0.expect("a saga");
    let saga = answer.saga.into_option().expect("a saga");
    assert_eq!((saga.subject.as_str(), saga.commands.len()), ("sale-7", 0));
}

#[tokio::test]
async fn an_id_that_is_no_uuid_is_refused_and_not_looked_for() {
    for saga_id in ["", "7", "place-sale"] {
        let (answer, asked) = get(saga_id, Ok(None)).await;
        assert_eq!(answer, Err(RpcError::invalid("saga_id", "must be a UUID of 36 characters")));
        assert!(asked.is_empty());
    }
}
