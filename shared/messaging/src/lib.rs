//! The one mechanism: load, recognise a repeat, decide, save with one conditional write, send.
//!
//! [`deliver`] is that loop. It runs over two ports, [`Store`] and [`Outbound`]; [`Handler`] says what differs from
//! message to message, and [`Step`] is the short form for a participant's command.
//!
//! Two orchestrators stand on it: [`Orchestrator`], a handler like any other, and Step Functions behind the port
//! [`Executions`], which [`StartSaga`] and [`ResumeSaga`] connect to the queues.

mod delivery;
mod deployment;
mod envelope;
mod executions;
mod failure;
mod handler;
pub mod history;
pub mod ids;
mod orchestrator;
mod outbound;
mod progress;
mod receiver;
mod record;
mod registry;
mod relay;
mod resume_saga;
mod saga_instance;
mod start_saga;
mod step;
mod store;

pub use delivery::deliver;
pub use deployment::{Deployment, Table, TableIndex};
pub use envelope::{Correlation, Envelope, MAX_MESSAGE_BYTES};
pub use executions::{Executions, Happened, HistoryEvent, MAX_INPUT_BYTES, Resumed, machine_name};
pub use failure::Failure;
pub use handler::{Context, CounterRefused, Decision, Handler, Outgoing, Verdict};
pub use orchestrator::{Orchestrator, STUCK_SAGA};
pub use outbound::{Address, Outbound, SendError};
pub use progress::{ExecutedSagas, ProgressState, RecordedSagas, SagaProgress, Sagas, recorded};
pub use receiver::{Loop, Receiver};
pub use record::{
    Aggregate, INBOX_LIMIT, InboxEntry, OutboxEntry, Record, RecordError, UnknownSchema, from_value, seconds_of,
    sortable_time,
};
pub use registry::{Registry, fingerprint};
pub use relay::relay;
pub use resume_saga::ResumeSaga;
pub use saga_instance::{Entry, EntryState, SagaInstance};
pub use start_saga::{Execution, StartSaga};
pub use step::{Answer, Participant, Reply, Step, answer_with};
pub use store::{Counter, Index, Key, LoadError, LoadMany, Order, Page, PageToken, SaveError, Scan, Store, Write};
