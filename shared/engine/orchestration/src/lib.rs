//! How sagas are run, in two lanes: [`Orchestrator`] is a handler of the loop in `messaging`, and Step Functions stands
//! behind the port [`Executions`], which [`StartSaga`] and [`ResumeSaga`] connect to the queues.
//!
//! Read [`Registry`] first, which knows every version of every saga, then one of the lanes. The lanes do not know each
//! other; what both need stands in `sagas`.

mod rust_lane;
mod sagas;
mod step_functions;

pub use rust_lane::{Orchestrator, RecordedCatalog, RecordedSagas, STUCK_SAGA, SagaInstance, recorded};
pub use sagas::{
    Catalog, Entry, EntryState, Lane, Listed, Number, ProgressState, Registry, SagaProgress, Sagas, Wanted, fingerprint,
};
pub use step_functions::{
    ExecutedSagas, Execution, ExecutionPage, ExecutionStatus, Executions, Happened, History, HistoryEvent, LISTED,
    ListedExecution, MAX_INPUT_BYTES, ResumeSaga, Resumed, StartSaga, history,
};
