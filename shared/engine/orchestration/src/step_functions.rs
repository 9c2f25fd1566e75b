//! The Step Functions lane: sagas as executions of state machines, and the two ends that connect them to the queues.

mod executed;
mod executions;
pub mod history;
mod resume_saga;
mod start_saga;

pub use executed::ExecutedSagas;
pub use executions::{Executions, Happened, History, HistoryEvent, MAX_INPUT_BYTES, Resumed};
pub use resume_saga::ResumeSaga;
pub use start_saga::{Execution, StartSaga};
