//! The Step Functions lane's beginning: an event starts the execution that is its saga.

use std::sync::Arc;

use async_trait::async_trait;
use messaging::{Envelope, Failure, Receiver, ids};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::executions::MAX_INPUT_BYTES;
use crate::sagas::AnySaga;
use crate::{Executions, Registry, fingerprint};

/// Starts an execution for each event that starts a saga.
pub struct StartSaga {
    registry: Registry,
    executions: Arc<dyn Executions>,
}

impl StartSaga {
    /// Starts the executions of these sagas.
    pub fn new(registry: Registry, executions: Arc<dyn Executions>) -> Self {
        Self { registry, executions }
    }

    /// The execution that `event` starts.
    ///
    /// # Errors
    /// [`Failure::SetAside`] for an event that starts no saga, or that is too long.
    pub fn execution(&self, event: &Envelope) -> Result<Execution, Failure> {
        let saga = self.registry.started_by(&event.payload);
        let saga = saga.ok_or_else(|| Failure::set_aside(format!("{} starts no saga", event.payload.type_name())))?;
        let id = ids::saga(event.message_id);
        let subject = self.registry.subject_of(&event.payload)?;
        let input = input(saga, id, &subject, event)?.to_string();
        if input.len() > MAX_INPUT_BYTES {
            return Err(Failure::set_aside(format!("the saga's input would be longer than {MAX_INPUT_BYTES} bytes")));
        }
        Ok(Execution { machine: saga.definition().machine_name(), name: id.to_string(), input })
    }
}

/// An execution to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// The state machine, by its [`machine_name`](saga::Definition::machine_name).
    pub machine: String,
    /// The saga's identity: a repeated event names the same execution.
    pub name: String,
    /// All that the saga's commands are made of, as JSON.
    pub input: String,
}

#[async_trait]
impl Receiver for StartSaga {
    async fn receive(&self, message: &Envelope, _now: OffsetDateTime) -> Result<(), Failure> {
        let Execution { machine, name, input } = self.execution(message)?;
        for other in self.registry.other_versions(&message.payload) {
            // The event came before, when that version was the newest: its saga finishes on it.
            if self.executions.history(&other.machine_name(), &name).await?.is_some() {
                return Ok(());
            }
        }
        self.executions.start(&machine, &name, &input).await
    }
}

/// Every command is worded here, by the code that words it in the Rust lane, with the identity it has there.
fn input(saga: &dyn AnySaga, id: Uuid, subject: &str, event: &Envelope) -> Result<Value, Failure> {
    let definition = saga.definition();
    let mut commands = Map::new();
    for command in definition.commands() {
        let payload = saga.command(command.handler, &event.payload, None)?;
        let worded = json!({"messageId": ids::command(id, command.handler), "payload": payload});
        commands.insert(command.state_name(), worded);
    }
    Ok(json!({
        "sagaId": id,
        "subject": subject,
        "definition": {
            "name": definition.name,
            "version": definition.version,
            "fingerprint": fingerprint(definition),
        },
        "startedBy": event.message_id,
        "traceParent": event.trace_parent,
        "commands": commands,
    }))
}

/// What an execution's input says of its saga, without what the commands are made of: that may hold secrets.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Beginning {
    /// What the saga is about. The inputs of before do not say it.
    #[serde(default)]
    pub(super) subject: String,
    /// The identity of the event that started it.
    pub(super) started_by: Option<Uuid>,
}

impl Beginning {
    /// Reads the input of an execution that [`StartSaga`] has started; whatever else it is says nothing.
    pub(super) fn of(input: &str) -> Self {
        serde_json::from_str(input).unwrap_or_default()
    }
}
