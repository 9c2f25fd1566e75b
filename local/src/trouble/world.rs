//! What troubles act on.

use anyhow::Result;

use super::mappings::Mappings;
use crate::data::lane::Lane;
use crate::stack::deployment::Stack;
use crate::stack::emulator::kill_function;
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
    /// The world of a local AWS: the emulator by its address and its process id, and the recorder of the functions' calls.
    pub(crate) fn new((endpoint, emulator): (&str, u32), recorder: &Recorder, stack: &Stack, lane: Lane) -> Self {
        let mappings = Mappings { endpoint: endpoint.to_owned() };
        Self { disturber: recorder.disturber(), mappings, stack: stack.clone(), lane, emulator }
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
