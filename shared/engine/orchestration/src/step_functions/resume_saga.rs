//! The Step Functions lane's way back in: a reply resumes the execution that waits for it.

use std::sync::Arc;

use async_trait::async_trait;
use messaging::{Envelope, Failure, Receiver};
use saga::asl::REFUSED;
use time::OffsetDateTime;
use wire::message::v1::CommandSucceeded;

use crate::sagas::refusal;
use crate::{Executions, Registry, Resumed};

/// Hands replies to the executions that wait for them.
pub struct ResumeSaga {
    registry: Registry,
    executions: Arc<dyn Executions>,
}

impl ResumeSaga {
    /// Resumes the executions of these sagas.
    pub fn new(registry: Registry, executions: Arc<dyn Executions>) -> Self {
        Self { registry, executions }
    }
}

#[async_trait]
impl Receiver for ResumeSaga {
    async fn receive(&self, message: &Envelope, _now: OffsetDateTime) -> Result<(), Failure> {
        let sender = message.correlation.as_ref().filter(|sender| !sender.reply_token.is_empty());
        let sender = sender.ok_or_else(|| Failure::set_aside("the reply has no task token"))?;
        let resumed = if message.payload.is::<CommandSucceeded>() {
            self.executions.succeed(&sender.reply_token).await?
        } else {
            let refusal = refusal(message)?;
            // As in the Rust lane: the command stays unanswered and is repeated, and the dead letter raises an alarm.
            if !self.registry.may_be_refused(&sender.step) {
                return Err(Failure::set_aside(format!(
                    "{} must not be refused, but was: {}",
                    sender.step, refusal.reason
                )));
            }
            let cause = serde_json::to_string(&refusal).map_err(Failure::set_aside)?;
            self.executions.fail(&sender.reply_token, REFUSED, &cause).await?
        };
        if resumed == Resumed::Stale {
            tracing::info!(saga_id = %sender.saga_id, step = sender.step, "a reply that nobody waits for any more");
        }
        Ok(())
    }
}
