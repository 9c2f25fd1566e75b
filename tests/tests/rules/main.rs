//! What the checkout promises before anything runs: the rules of the house, and that all that is derived is fresh and sound.

mod contracts;
mod executions;
mod prices;
mod sagas;
mod state_machines;
mod template;
mod tidy;
