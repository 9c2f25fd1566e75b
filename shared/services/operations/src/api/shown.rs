//! Sagas as the API shows them.

use buffa_types::google::protobuf::Timestamp;
use contracts::operations_api::v1 as api;
use messaging::ids;
use orchestration::{Entry, EntryState, ProgressState, SagaProgress};
use saga::{CommandSpec, NO_ANSWER, Outcome};
use time::OffsetDateTime;
use uuid::Uuid;

pub(super) fn saga(saga: &SagaProgress) -> api::Saga {
    let started_by = saga.started_by.map(|event| api::StartingEvent {
        message_id: event.to_string(),
        r#type: saga.starting_event.clone(),
        ..Default::default()
    });
    api::Saga {
        saga_id: id(saga),
        name: saga.saga.clone(),
        version: saga.version,
        state: state(saga.state).into(),
        subject: saga.subject.clone(),
        started_at: saga.started_at.map(timestamp).into(),
        ended_at: saga.ended_at.map(timestamp).into(),
        started_by: started_by.into(),
        commands: saga.entries.iter().map(|entry| command(saga.id, entry)).collect(),
        remaining: saga.remaining.iter().map(remaining).collect(),
        deadline: saga.deadline.map(timestamp).into(),
        ..Default::default()
    }
}

pub(super) fn summary(saga: &SagaProgress) -> api::SagaSummary {
    let turn = turn(&saga.entries);
    api::SagaSummary {
        saga_id: id(saga),
        name: saga.saga.clone(),
        version: saga.version,
        state: state(saga.state).into(),
        subject: saga.subject.clone(),
        started_at: saga.started_at.map(timestamp).into(),
        ended_at: saga.ended_at.map(timestamp).into(),
        latest: saga.entries.last().map(|entry| command(saga.id, entry)).into(),
        reason: turn.map(why).unwrap_or_default().to_owned(),
        turned_at: turn.map(|entry| entry.handler.clone()).unwrap_or_default(),
        ..Default::default()
    }
}

fn id(saga: &SagaProgress) -> String {
    saga.id.map(|id| id.to_string()).unwrap_or_default()
}

/// The command after which the saga went back.
fn turn(entries: &[Entry]) -> Option<&Entry> {
    entries.iter().find(|entry| matches!(entry.state, EntryState::Refused | EntryState::Unknown))
}

/// Why the saga went back after this command.
fn why(turn: &Entry) -> &str {
    let is_unsaid = turn.reason.is_empty() && turn.state == EntryState::Unknown;
    if is_unsaid { NO_ANSWER } else { &turn.reason }
}

pub(super) fn state(state: ProgressState) -> api::SagaState {
    match state {
        ProgressState::Running => api::SagaState::SAGA_STATE_RUNNING,
        ProgressState::Compensating => api::SagaState::SAGA_STATE_COMPENSATING,
        ProgressState::Completed => api::SagaState::SAGA_STATE_COMPLETED,
        ProgressState::Compensated => api::SagaState::SAGA_STATE_COMPENSATED,
        ProgressState::Stuck => api::SagaState::SAGA_STATE_STUCK,
        ProgressState::Unknown => api::SagaState::SAGA_STATE_UNKNOWN,
    }
}

/// A command whose messages have derived ids; those of a saga that is not known are not known either.
fn command(saga: Option<Uuid>, entry: &Entry) -> api::Command {
    let command_id = saga.map(|saga| ids::command(saga, &entry.handler));
    let sent_at = [entry.sent_at].into_iter().chain(entry.repeated_at.iter().copied());
    api::Command {
        name: entry.handler.clone(),
        service: entry.participant.clone(),
        state: outcome(entry.state.outcome()).into(),
        reason: entry.reason.clone(),
        repeats: entry.repeats,
        sent_at: sent_at.map(timestamp).collect(),
        ended_at: entry.ended_at.map(timestamp).into(),
        command_id: command_id.map(|id| id.to_string()).unwrap_or_default(),
        reply_id: command_id.map(|id| ids::reply(id).to_string()).unwrap_or_default(),
        ..Default::default()
    }
}

/// What became of a command; `None` while its reply is awaited.
pub(super) fn outcome(outcome: Option<Outcome>) -> api::CommandState {
    match outcome {
        None => api::CommandState::COMMAND_STATE_SENT,
        Some(Outcome::Succeeded) => api::CommandState::COMMAND_STATE_SUCCEEDED,
        Some(Outcome::Refused) => api::CommandState::COMMAND_STATE_REFUSED,
        Some(Outcome::Unknown) => api::CommandState::COMMAND_STATE_UNKNOWN,
    }
}

fn remaining(command: &CommandSpec) -> api::RemainingCommand {
    let (name, service) = (command.handler.to_owned(), command.participant.to_owned());
    api::RemainingCommand { name, service, ..Default::default() }
}

fn timestamp(time: OffsetDateTime) -> Timestamp {
    // Nanoseconds within a second fit.
    Timestamp::from_unix(time.unix_timestamp(), i32::try_from(time.nanosecond()).unwrap_or_default())
}
