//! What troubles do, and how it ends.

use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::mappings::Mappings;
use super::world::World;
use crate::watch::disturbances::Disturbance;

/// What a trouble does; functions are named by their logical ids.
#[derive(Debug)]
pub(super) enum Effect {
    /// The order is trouble enough.
    Nothing,
    /// What these functions reply gets lost.
    LosesReplies(&'static [&'static str]),
    /// The function gets nothing from its queue or stream.
    Stops(&'static str),
    /// The function is killed, once, when it makes a call of this action, which gets lost.
    Kills {
        /// The function.
        function: &'static str,
        /// The action, such as `SendMessage`.
        action: &'static str,
    },
    /// Every message and event is sent again after this time.
    SendsTwice {
        /// The time between a message and its copy.
        later: Duration,
    },
    /// No call of the function to the service succeeds.
    Refuses {
        /// The function.
        function: &'static str,
        /// The service, such as `dynamodb`.
        service: &'static str,
    },
}

/// An effect that has begun.
pub(super) struct Begun {
    /// Ends it.
    pub end: End,
    /// Is ready when it has ended by itself.
    pub done: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// How an effect is ended.
#[derive(Debug)]
pub(super) enum End {
    /// Nothing is left to end.
    Nothing,
    /// By dropping it.
    Drop(#[expect(dead_code, reason = "it is kept, and dropped at the end")] Arc<Disturbance>),
    /// By switching the mappings of this function on.
    SwitchOn(Mappings, String),
}

impl Effect {
    /// The function that gets nothing while the effect lasts. Two such effects on a function are in each other's way.
    pub(super) fn stops(&self) -> Option<&'static str> {
        match self {
            Self::Stops(function) => Some(function),
            _ => None,
        }
    }

    /// Begins it.
    ///
    /// # Errors
    /// When the stack lacks what it acts on, or the emulator does not do it.
    pub(super) async fn begin(&self, world: &World) -> Result<Begun> {
        let disturb = |disturbance| Begun::until(End::Drop(world.disturber.disturb(disturbance)));
        Ok(match self {
            Self::Nothing => Begun::until(End::Nothing),
            Self::LosesReplies(functions) => disturb(Disturbance::Loses { functions, queue: world.reply_queue()? }),
            Self::SendsTwice { later } => disturb(Disturbance::repeats(*later)),
            Self::Refuses { function, service } => disturb(Disturbance::Refuses { function, service }),
            Self::Stops(function) => {
                let name = world.name(function)?;
                world.mappings.switch(&name, false).await?;
                Begun::until(End::SwitchOn(world.mappings.clone(), name))
            }
            Self::Kills { function, action } => {
                let (held, kill) = (world.disturber.hold_next(function, action), world.killer(function)?);
                let done = async move {
                    if let Ok(held) = held.await {
                        kill();
                        // Dropped, not released: a call that was held never reaches the emulator.
                        drop(held);
                    }
                };
                Begun { end: End::Nothing, done: Box::pin(done) }
            }
        })
    }
}

impl Begun {
    /// An effect that does not end by itself.
    fn until(end: End) -> Self {
        Self { end, done: Box::pin(pending()) }
    }
}

impl End {
    /// Ends the effect.
    ///
    /// # Errors
    /// When the emulator does not do it; the effect lasts on.
    pub(super) async fn now(&self) -> Result<()> {
        match self {
            Self::Nothing | Self::Drop(_) => Ok(()),
            Self::SwitchOn(mappings, function) => mappings.switch(function, true).await,
        }
    }
}
