mod answers;
mod deadlines;
mod events;
mod protocol;
pub(crate) mod world;
