//! What handles: the loop, what differs from message to message, and what takes the messages of a queue.

mod alarm;
pub mod conditional;
mod delivery;
mod deployment;
mod effect_step;
mod handler;
mod receiver;
mod relay;
mod step;

pub use alarm::Alarm;
pub use delivery::deliver;
pub use deployment::Deployment;
pub use effect_step::{Conclusion, EffectParticipant, EffectReply, EffectReplyOf, EffectStep};
pub use handler::{Context, CounterRefused, Decision, Handler, Verdict};
pub use receiver::{Loop, Receiver};
pub use relay::relay;
pub use step::{Answer, Participant, Reply, Step, answer_with};
