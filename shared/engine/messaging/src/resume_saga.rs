//! The Step Functions lane's way back in: a reply resumes the execution that waits for it.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::Refusal;
use contracts::message::v1::{CommandRefused, CommandSucceeded};
use saga::asl::REFUSED;
use time::OffsetDateTime;

use crate::{Envelope, Executions, Failure, Receiver, Registry, Resumed};

/// How much of a refusal's reason and message is kept, in characters.
const MAX_WORDING: usize = 500;

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

/// The refusal in a reply, short enough to be kept several times in one item.
///
/// # Errors
/// A reply that is none.
pub(crate) fn refusal(reply: &Envelope) -> Result<Refusal, Failure> {
    let bounded = |text: &str| -> String { text.chars().take(MAX_WORDING).collect() };
    let CommandRefused { reason, message, .. } = reply.unpack()?;
    Ok(Refusal::new(bounded(&reason), bounded(&message)))
}
