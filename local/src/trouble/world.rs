//! What troubles act on.

use anyhow::Result;

use super::mappings::Mappings;
use crate::data::lane::Lane;
use crate::stack::deployment::Stack;
use crate::stack::emulator::{Emulator, kill_function};
use crate::watch::recorder::{Disturber, Recorder};

/// A running local AWS, as troubles see it.
#[derive(Debug)]
pub(crate) struct World {
    pub(super) disturber: Disturber,
    pub(super) mappings: Mappings,
    stack: Stack,
    lane: Lane,
    emulator: u32,
}

impl World {
    /// The world of a local AWS whose functions' calls go through `recorder` to `emulator`.
    pub(crate) fn new(emulator: &Emulator, recorder: &Recorder, stack: &Stack, lane: Lane) -> Self {
        Self {
            disturber: recorder.disturber(),
            mappings: Mappings { endpoint: emulator.endpoint().to_owned() },
            stack: stack.clone(),
            lane,
            emulator: emulator.process_id(),
        }
    }

    /// The physical name of the resource with the logical id `logical_id`: of a queue, the last part of its URL.
    pub(super) fn name(&self, logical_id: &str) -> Result<String> {
        let id = self.stack.resource(logical_id)?;
        Ok(id.rsplit('/').next().unwrap_or(id).to_owned())
    }

    /// The physical name of the queue that takes replies.
    pub(super) fn reply_queue(&self) -> Result<String> {
        self.name(self.lane.reply_queue())
    }

    /// What kills the running processes of the function with the logical id `logical_id`.
    pub(super) fn killer(&self, logical_id: &str) -> Result<impl FnOnce() -> usize + Send + use<>> {
        let (emulator, name) = (self.emulator, self.name(logical_id)?);
        Ok(move || kill_function(emulator, &name))
    }
}
