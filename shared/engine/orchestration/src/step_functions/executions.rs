//! The port behind which state machines run.

use async_trait::async_trait;
use messaging::{Failure, LoadError, PageToken};
use time::OffsetDateTime;

/// The longest input that an execution takes, in bytes.
pub const MAX_INPUT_BYTES: usize = 256 * 1024;

/// Runs state machines: one for each version of each saga, known by [`machine_name`](saga::Definition::machine_name).
#[async_trait]
pub trait Executions: Send + Sync {
    /// Starts the execution `name`. An execution that was started before is left as it is, even if it is over.
    ///
    /// # Errors
    /// [`Failure::Retry`] unless the input can never be taken.
    async fn start(&self, machine: &str, name: &str, input: &str) -> Result<(), Failure>;

    /// Tells the task that waits with this token that its command took effect.
    ///
    /// # Errors
    /// [`Failure::Retry`]; a token that nobody waits with any more is no error.
    async fn succeed(&self, token: &str) -> Result<Resumed, Failure>;

    /// Tells the task that waits with this token that its command failed; `error` is at most 256 characters, `cause` 32,768.
    ///
    /// # Errors
    /// As [`Executions::succeed`].
    async fn fail(&self, token: &str, error: &str, cause: &str) -> Result<Resumed, Failure>;

    /// What has happened in the execution `name`; `None` when there is no such execution.
    async fn history(&self, machine: &str, name: &str) -> Result<Option<History>, LoadError>;

    /// The input of the execution `name`, as JSON; `None` when there is no such execution. It may hold secrets.
    async fn input(&self, machine: &str, name: &str) -> Result<Option<String>, LoadError>;

    /// One page of a state machine's executions, of this status or of any, the latest first: by when they began or, once
    /// they are over, by when they ended. A page has at most `limit` executions; a limit above [`LISTED`] is that.
    async fn list(
        &self,
        machine: &str,
        status: Option<ExecutionStatus>,
        limit: usize,
        token: Option<&str>,
    ) -> Result<ExecutionPage, LoadError>;
}

/// How many executions a page has at most.
pub const LISTED: usize = 1000;

/// One page of a state machine's executions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionPage {
    /// The executions.
    pub executions: Vec<ListedExecution>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<PageToken>,
}

/// An execution in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedExecution {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub status: ExecutionStatus,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// When it was over.
    pub ended_at: Option<OffsetDateTime>,
}

/// Where an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExecutionStatus {
    /// It goes on.
    Running,
    /// It ended well.
    Succeeded,
    /// It ended in a state that says so.
    Failed,
    /// Somebody stopped it.
    Aborted,
    /// It took longer than it may.
    TimedOut,
}

/// What has happened in an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The events from the first on, oldest first.
    pub events: Vec<HistoryEvent>,
    /// Why the events after those could not be read; `None` if there are no others.
    pub cut_off: Option<LoadError>,
}

/// What became of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resumed {
    /// The execution goes on.
    Resumed,
    /// Nobody waits for the reply any more: the task has timed out, or was answered before.
    Stale,
}

/// One event of an execution's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEvent {
    /// When it happened.
    pub at: OffsetDateTime,
    /// What happened.
    pub happened: Happened,
}

/// What can happen in an execution, as far as a saga is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// The execution began.
    Started,
    /// It entered the state with this name.
    Entered(String),
    /// The state's message is sent, for the first time or again.
    Scheduled,
    /// The state's message was answered well.
    Succeeded,
    /// The state's message was refused or could not be sent.
    Failed {
        /// The error's name.
        error: String,
        /// Its cause.
        cause: String,
    },
    /// The state's message was not answered in time.
    TimedOut,
    /// The execution ended well.
    Ended,
    /// The execution ended before its time: it is stuck, or somebody stopped it.
    GaveUp,
}
