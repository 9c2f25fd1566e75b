//! DescribeSaga: the graph as `saga` knows it, with the waits of the lane that runs it. A page that draws it knows no saga.

use std::time::Duration;

use async_trait::async_trait;
use buffa_types::google::protobuf::Duration as Wait;
use connectrpc::Spec;
use contracts::operations_api::v1 as api;
use orchestration::{Lane, Registry};
use rpc::{Caller, Ownership, Query, RpcError};
use saga::{Class, CommandSpec, Definition, Outcome, Position};

use super::shown;

/// Shows what sagas are made of.
pub struct DescribeSaga {
    registry: Registry,
    lane: Lane,
}

impl DescribeSaga {
    /// Describes these sagas, as this lane runs them.
    pub fn new(registry: Registry, lane: Lane) -> Self {
        Self { registry, lane }
    }
}

#[async_trait]
impl Query for DescribeSaga {
    type Request = api::DescribeSagaRequest;
    type Response = api::DescribeSagaResponse;
    const SPEC: Spec = api::SAGA_SERVICE_DESCRIBE_SAGA_SPEC;
    const OWNERSHIP: Ownership =
        Ownership::Everybody("a definition says what every saga does, and nothing about anybody");
    /// A published version never changes, and a new version may be a minute late.
    const CACHE: Option<Duration> = Some(Duration::from_secs(60));

    async fn answer(&self, request: Self::Request, _caller: &Caller) -> Result<Self::Response, RpcError> {
        let version = u32::try_from(request.version)
            .map_err(|_| RpcError::invalid("version", "must be a whole number from 0 to 1000000"))?;
        let is_wanted = |definition: &&Definition| {
            (request.name.is_empty() || request.name == definition.name)
                && (version == 0 || version == definition.version)
        };
        let definitions = self.registry.definitions().filter(is_wanted);
        Ok(api::DescribeSagaResponse {
            definitions: definitions.map(|definition| described(definition, self.lane)).collect(),
            ..Default::default()
        })
    }
}

fn described(definition: &Definition, lane: Lane) -> api::SagaDefinition {
    let commands = definition.positions().filter_map(|position| command(definition, position, lane));
    let first = transition(definition, "", Outcome::Succeeded, Position::FIRST);
    let others = definition.positions().flat_map(|position| leads(definition, position));
    api::SagaDefinition {
        name: definition.name.to_owned(),
        version: definition.version,
        commands: commands.collect(),
        transitions: [first].into_iter().chain(others).collect(),
        ..Default::default()
    }
}

/// The command whose reply is awaited at this position.
fn command(definition: &Definition, position: Position, lane: Lane) -> Option<api::CommandDefinition> {
    let CommandSpec { handler, participant } = definition.command_at(position)?;
    let waiting = lane.waiting(definition, position)?;
    let step = |index: usize| definition.steps.get(index);
    let (class, undoes) = match position {
        Position::Doing(index) => (class(step(index)?.class), ""),
        Position::Undoing(index) => (api::CommandClass::COMMAND_CLASS_UNDO, step(index)?.command.handler),
        Position::UndoingStart | Position::Completed | Position::Compensated => {
            (api::CommandClass::COMMAND_CLASS_UNDO, "")
        }
    };
    Some(api::CommandDefinition {
        name: handler.to_owned(),
        service: participant.to_owned(),
        class: class.into(),
        undoes: undoes.to_owned(),
        waits: waiting.waits.into_iter().map(Wait::from).collect(),
        given_up_after: waiting.given_up_after.unwrap_or_default(),
        ..Default::default()
    })
}

fn class(class: Class) -> api::CommandClass {
    match class {
        Class::Compensatable => api::CommandClass::COMMAND_CLASS_COMPENSATABLE,
        Class::Pivot => api::CommandClass::COMMAND_CLASS_PIVOT,
        Class::Retriable => api::CommandClass::COMMAND_CLASS_RETRIABLE,
    }
}

/// Where each outcome of the command at this position leads.
fn leads(definition: &Definition, position: Position) -> impl Iterator<Item = api::Transition> {
    let from = definition.command_at(position).map(|command| command.handler);
    let lead = move |outcome| Some(transition(definition, from?, outcome, definition.after(position, outcome)?));
    Outcome::ALL.into_iter().filter_map(lead)
}

fn transition(definition: &Definition, from: &str, outcome: Outcome, to: Position) -> api::Transition {
    let end = match to {
        Position::Completed => api::SagaState::SAGA_STATE_COMPLETED,
        Position::Compensated => api::SagaState::SAGA_STATE_COMPENSATED,
        Position::Doing(_) | Position::Undoing(_) | Position::UndoingStart => api::SagaState::SAGA_STATE_UNSPECIFIED,
    };
    api::Transition {
        from: from.to_owned(),
        outcome: shown::outcome(Some(outcome)).into(),
        to: definition.command_at(to).map(|command| command.handler.to_owned()).unwrap_or_default(),
        end: end.into(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests;
