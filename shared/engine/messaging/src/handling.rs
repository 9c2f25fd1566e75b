//! How a message is handled: the loop, the decision that differs from message to message, and the receiver that a
//! queue's messages go to.

mod alarm;
pub mod conditional;
mod delivery;
mod deployment;
mod effect_step;
mod handler;
mod receiver;
mod relay;
mod step;

pub use alarm::{Alarm, LEFT, SET_ASIDE};
pub use delivery::deliver;
pub use deployment::Deployment;
pub use effect_step::{Conclusion, EffectParticipant, EffectReply, EffectReplyOf, EffectStep};
pub use handler::{Context, CounterRefused, Decision, Handler, Recourse, Verdict};
pub use receiver::{Loop, Receiver};
pub use relay::{NotRelayed, WrittenItem, relay};
pub use step::{Answer, Participant, Reply, Step, answer_with};
