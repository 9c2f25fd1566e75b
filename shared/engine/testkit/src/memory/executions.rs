//! A record of what state machines were told and asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use messaging::{Failure, LoadError, sortable_time};
use orchestration::{
    ExecutionPage, ExecutionStatus, Executions, History, HistoryEvent, LISTED, ListedExecution, Resumed,
};

/// How long a page token is, in characters: AWS makes them up to 3,096 long.
const TOKEN: usize = 3_000;
/// What page tokens are filled up with; no execution's name ends with it.
const PADDING: char = '~';

/// An [`Executions`] that remembers what it is told and runs nothing; histories are what a test says they are. Clones share
/// what they remember.
#[derive(Debug, Clone, Default)]
pub struct MemoryExecutions(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    told: Vec<Told>,
    /// The results of the next calls, instead of success.
    outcomes: Vec<Result<Resumed, Failure>>,
    /// By state machine and name.
    histories: BTreeMap<(String, String), Result<History, LoadError>>,
    /// The state machine and the name of each execution whose history was asked for.
    asked: Vec<(String, String)>,
    /// By state machine.
    listed: BTreeMap<String, Vec<ListedExecution>>,
    /// By state machine and name.
    inputs: BTreeMap<(String, String), Result<String, LoadError>>,
    /// How many inputs were asked for.
    described: usize,
    /// What the next lists fail with.
    unlisted: Vec<LoadError>,
    /// How many lists were asked for.
    lists: usize,
}

/// What state machines were told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// An execution was started.
    Start {
        /// The state machine's name.
        machine: String,
        /// The execution's name.
        name: String,
        /// Its input, as JSON.
        input: String,
    },
    /// A task succeeded: its token.
    Succeed(String),
    /// A task failed.
    Fail {
        /// Its token.
        token: String,
        /// The error's name.
        error: String,
        /// Its cause.
        cause: String,
    },
}

impl MemoryExecutions {
    /// Lets the next call return this.
    pub fn next(&self, outcome: Result<Resumed, Failure>) {
        self.state().outcomes.push(outcome);
    }

    /// Sets the history of the execution `name`.
    pub fn tell_history(&self, machine: &str, name: &str, history: Result<Vec<HistoryEvent>, LoadError>) {
        let history = history.map(|events| History { events, cut_off: None });
        self.state().histories.insert((machine.to_owned(), name.to_owned()), history);
    }

    /// Sets the history of the execution `name`, of which no more than these events can be read.
    pub fn tell_part_of_history(&self, machine: &str, name: &str, events: Vec<HistoryEvent>, cut_off: LoadError) {
        let history = Ok(History { events, cut_off: Some(cut_off) });
        self.state().histories.insert((machine.to_owned(), name.to_owned()), history);
    }

    /// Sets the input of the execution `name`.
    pub fn tell_input(&self, machine: &str, name: &str, input: Result<String, LoadError>) {
        self.state().inputs.insert((machine.to_owned(), name.to_owned()), input);
    }

    /// Lists this execution of the state machine, in place of an execution of the same name.
    pub fn tell_execution(&self, machine: &str, execution: ListedExecution) {
        let mut state = self.state();
        let listed = state.listed.entry(machine.to_owned()).or_default();
        listed.retain(|other| other.name != execution.name);
        listed.push(execution);
    }

    /// Lists these executions of the state machine, besides others.
    pub fn tell_executions(&self, machine: &str, executions: impl IntoIterator<Item = ListedExecution>) {
        self.state().listed.entry(machine.to_owned()).or_default().extend(executions);
    }

    /// Lets the next list fail like this.
    pub fn fail_list(&self, error: LoadError) {
        self.state().unlisted.push(error);
    }

    /// How many lists were asked for.
    pub fn lists(&self) -> usize {
        self.state().lists
    }

    /// How many inputs were asked for.
    pub fn described(&self) -> usize {
        self.state().described
    }

    /// The state machine and the name of each execution whose history was asked for, in order.
    pub fn asked(&self) -> Vec<(String, String)> {
        self.state().asked.clone()
    }

    /// Everything so far, in order.
    pub fn told(&self) -> Vec<Told> {
        self.state().told.clone()
    }

    fn tell(&self, told: Told) -> Result<Resumed, Failure> {
        let mut state = self.state();
        state.told.push(told);
        state.outcomes.pop().unwrap_or(Ok(Resumed::Resumed))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics while it tells")
    }
}

#[async_trait]
impl Executions for MemoryExecutions {
    async fn start(&self, machine: &str, name: &str, input: &str) -> Result<(), Failure> {
        let (machine, name, input) = (machine.to_owned(), name.to_owned(), input.to_owned());
        self.tell(Told::Start { machine, name, input }).map(|_| ())
    }

    async fn succeed(&self, token: &str) -> Result<Resumed, Failure> {
        self.tell(Told::Succeed(token.to_owned()))
    }

    async fn fail(&self, token: &str, error: &str, cause: &str) -> Result<Resumed, Failure> {
        let (token, error, cause) = (token.to_owned(), error.to_owned(), cause.to_owned());
        self.tell(Told::Fail { token, error, cause })
    }

    async fn history(&self, machine: &str, name: &str) -> Result<Option<History>, LoadError> {
        let execution = (machine.to_owned(), name.to_owned());
        let mut state = self.state();
        state.asked.push(execution.clone());
        state.histories.get(&execution).cloned().transpose()
    }

    async fn input(&self, machine: &str, name: &str) -> Result<Option<String>, LoadError> {
        let mut state = self.state();
        state.described += 1;
        state.inputs.get(&(machine.to_owned(), name.to_owned())).cloned().transpose()
    }

    async fn list(
        &self,
        machine: &str,
        status: Option<ExecutionStatus>,
        limit: usize,
        token: Option<&str>,
    ) -> Result<ExecutionPage, LoadError> {
        let mut state = self.state();
        state.lists += 1;
        if let Some(error) = state.unlisted.pop() {
            return Err(error);
        }
        let place = |execution: &ListedExecution| {
            sortable_time(execution.ended_at.unwrap_or(execution.started_at)) + &execution.name
        };
        let token = token.map(|token| token.trim_end_matches(PADDING));
        let mut executions = state.listed.get(machine).cloned().unwrap_or_default();
        executions.retain(|execution| status.is_none_or(|status| execution.status == status));
        executions.retain(|execution| token.is_none_or(|token| place(execution).as_str() < token));
        executions.sort_by_cached_key(|execution| std::cmp::Reverse(place(execution)));
        let goes_on = executions.len() > limit.min(LISTED);
        executions.truncate(limit.min(LISTED));
        let next = executions.last().filter(|_| goes_on).map(|last| {
            let place = place(last);
            let padding = TOKEN.saturating_sub(place.len());
            place + &PADDING.to_string().repeat(padding)
        });
        Ok(ExecutionPage { executions, next })
    }
}
