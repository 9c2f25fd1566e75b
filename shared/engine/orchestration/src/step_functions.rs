//! The Step Functions lane: sagas as executions of state machines, and the two ends that connect them to the queues.

mod catalog;
mod executed;
mod executions;
pub mod history;
mod resume_saga;
mod start_saga;

pub use executed::ExecutedSagas;
pub use executions::{
    ExecutionPage, ExecutionStatus, Executions, Happened, History, HistoryEvent, LISTED, ListedExecution,
    MAX_INPUT_BYTES, Resumed,
};
pub use resume_saga::ResumeSaga;
pub use start_saga::{Execution, StartSaga};
