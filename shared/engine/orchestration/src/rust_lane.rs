//! The Rust lane: sagas over the same loop as every other handler.

mod catalog;
mod instance;
mod orchestrator;
mod recorded;
mod waking;

pub use catalog::RecordedCatalog;
pub use instance::SagaInstance;
pub use orchestrator::{Orchestrator, STUCK_SAGA};
pub use recorded::{RecordedSagas, recorded};
