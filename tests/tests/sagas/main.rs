//! Whole sagas in memory: the services as they are, on a bus, tables and a clock that a test controls.

mod stories;
mod wording;
mod world;
