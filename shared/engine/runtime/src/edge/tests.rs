mod answers;
mod deadlines;
mod events;
mod protocol;
mod world;
