//! How sagas are run, in two lanes: [`Orchestrator`] is a handler of the loop in `messaging`, and Step Functions stands
//! behind the port [`Executions`], which [`StartSaga`] and [`ResumeSaga`] connect to the queues.
//!
//! Read [`Registry`] first, which knows every version of every saga, then one of the lanes. The lanes do not know each
//! other; what both need stands in `sagas`.

mod rust_lane;
mod sagas;
mod step_functions;

pub use rust_lane::{Orchestrator, RecordedSagas, STUCK_SAGA, SagaInstance, recorded};
pub use sagas::{
    Catalog, Entry, EntryState, Listed, Number, ProgressState, Registry, SagaProgress, Sagas, Wanted, fingerprint,
};
pub use step_functions::{
    ExecutedSagas, Execution, Executions, Happened, History, HistoryEvent, MAX_INPUT_BYTES, ResumeSaga, Resumed,
    StartSaga, history,
};
