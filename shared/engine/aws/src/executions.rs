//! State machines run in Step Functions.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_sfn::Client;
use aws_sdk_sfn::primitives::DateTime;
use aws_sdk_sfn::types::{ExecutionListItem, ExecutionStatus as AwsStatus, HistoryEvent as AwsEvent};
use messaging::{Failure, LoadError};
use orchestration::{
    ExecutionPage, ExecutionStatus, Executions, History, HistoryEvent, LISTED, ListedExecution, Resumed, history,
};
use time::OffsetDateTime;

use crate::errors::{code, describe};

/// How many events one page of a history holds at most.
const PAGE: i32 = 1000;
/// How many pages are read: a command that stays unanswered for its whole 2,000 attempts, with four events each, fits.
const MAX_PAGES: usize = 10;

/// [`Executions`] of the state machines whose ARNs it was given.
#[derive(Debug, Clone)]
pub struct AwsExecutions {
    client: Client,
    machines: BTreeMap<String, String>,
}

impl AwsExecutions {
    /// Knows no state machine yet, but can resume whatever waits for a token.
    pub fn new(client: Client) -> Self {
        Self { client, machines: BTreeMap::new() }
    }

    /// Also runs the state machine with this ARN, under this name.
    #[must_use]
    pub fn with_machine(mut self, name: impl Into<String>, arn: impl Into<String>) -> Self {
        self.machines.insert(name.into(), arn.into());
        self
    }

    fn arn(&self, machine: &str) -> Result<&str, String> {
        self.machines.get(machine).map(String::as_str).ok_or_else(|| format!("no state machine {machine} is known"))
    }
}

#[async_trait]
impl Executions for AwsExecutions {
    async fn start(&self, machine: &str, name: &str, input: &str) -> Result<(), Failure> {
        let arn = self.arn(machine).map_err(Failure::set_aside)?;
        let request = self.client.start_execution().state_machine_arn(arn).name(name).input(input);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => match code(&error) {
                // It is over, or has another input: while it runs, a repeat with the same input is answered with Ok.
                "ExecutionAlreadyExists" => Ok(()),
                "InvalidExecutionInput" | "InvalidName" => Err(Failure::set_aside(describe("StartExecution", &error))),
                _ => Err(Failure::retry(describe("StartExecution", &error))),
            },
        }
    }

    async fn succeed(&self, token: &str) -> Result<Resumed, Failure> {
        let request = self.client.send_task_success().task_token(token).output("{}");
        match request.send().await {
            Ok(_) => Ok(Resumed::Resumed),
            Err(error) => resumed(code(&error), || describe("SendTaskSuccess", &error)),
        }
    }

    async fn fail(&self, token: &str, error: &str, cause: &str) -> Result<Resumed, Failure> {
        let request = self.client.send_task_failure().task_token(token).error(error).cause(cause);
        match request.send().await {
            Ok(_) => Ok(Resumed::Resumed),
            Err(error) => resumed(code(&error), || describe("SendTaskFailure", &error)),
        }
    }

    async fn history(&self, machine: &str, name: &str) -> Result<Option<History>, LoadError> {
        let execution = execution_arn(self.arn(machine).map_err(LoadError::Unreadable)?, name);
        let (mut events, mut token) = (Vec::new(), None);
        for _ in 0..MAX_PAGES {
            // Without the data, which may hold secrets such as a card's token.
            let request = self.client.get_execution_history().execution_arn(&execution).include_execution_data(false);
            let page = match request.max_results(PAGE).set_next_token(token).send().await {
                Ok(page) => page,
                Err(error) if code(&error) == "ExecutionDoesNotExist" => return Ok(None),
                Err(error) => {
                    let error = LoadError::Transient(describe("GetExecutionHistory", &error));
                    // Later pages may be read later; what the earlier pages say holds without them.
                    return if events.is_empty() {
                        Err(error)
                    } else {
                        Ok(Some(History { events, cut_off: Some(error) }))
                    };
                }
            };
            events.extend(page.events.iter().filter_map(event));
            token = page.next_token;
            if token.is_none() {
                return Ok(Some(History { events, cut_off: None }));
            }
        }
        let endless = format!("the history of {execution} has more than {MAX_PAGES} pages");
        Ok(Some(History { events, cut_off: Some(LoadError::Unreadable(endless)) }))
    }

    async fn input(&self, machine: &str, name: &str) -> Result<Option<String>, LoadError> {
        let execution = execution_arn(self.arn(machine).map_err(LoadError::Unreadable)?, name);
        match self.client.describe_execution().execution_arn(execution).send().await {
            Ok(described) => Ok(described.input),
            Err(error) if code(&error) == "ExecutionDoesNotExist" => Ok(None),
            Err(error) => Err(LoadError::Transient(describe("DescribeExecution", &error))),
        }
    }

    async fn list(
        &self,
        machine: &str,
        status: Option<ExecutionStatus>,
        limit: usize,
        token: Option<&str>,
    ) -> Result<ExecutionPage, LoadError> {
        let arn = self.arn(machine).map_err(LoadError::Unreadable)?;
        let limit = i32::try_from(limit.min(LISTED)).unwrap_or(i32::MAX);
        let request = self.client.list_executions().state_machine_arn(arn).max_results(limit);
        let request = request.set_status_filter(status.map(aws_status)).set_next_token(token.map(str::to_owned));
        let page = request.send().await.map_err(|error| match code(&error) {
            // A page token holds for a day.
            "InvalidToken" => LoadError::BadToken,
            _ => LoadError::Transient(describe("ListExecutions", &error)),
        })?;
        Ok(ExecutionPage { executions: page.executions.iter().filter_map(listed).collect(), next: page.next_token })
    }
}

/// An execution in a list.
fn listed(item: &ExecutionListItem) -> Option<ListedExecution> {
    let time = |at: &DateTime| OffsetDateTime::from_unix_timestamp_nanos(at.as_nanos()).ok();
    let status = match item.status {
        AwsStatus::Succeeded => ExecutionStatus::Succeeded,
        AwsStatus::Failed => ExecutionStatus::Failed,
        AwsStatus::Aborted => ExecutionStatus::Aborted,
        AwsStatus::TimedOut => ExecutionStatus::TimedOut,
        // Whatever else there is has not ended.
        _ => ExecutionStatus::Running,
    };
    let ended_at = item.stop_date.as_ref().and_then(time);
    Some(ListedExecution { name: item.name.clone(), status, started_at: time(&item.start_date)?, ended_at })
}

fn aws_status(status: ExecutionStatus) -> AwsStatus {
    match status {
        ExecutionStatus::Running => AwsStatus::Running,
        ExecutionStatus::Succeeded => AwsStatus::Succeeded,
        ExecutionStatus::Failed => AwsStatus::Failed,
        ExecutionStatus::Aborted => AwsStatus::Aborted,
        ExecutionStatus::TimedOut => AwsStatus::TimedOut,
    }
}

/// What an error of Step Functions says about a reply. A token that nobody waits with any more is no failure. Every
/// other error is retried, as a reply that is wrongly taken for a duplicate would be lost.
fn resumed(code: &str, description: impl FnOnce() -> String) -> Result<Resumed, Failure> {
    match code {
        "TaskTimedOut" | "TaskDoesNotExist" => Ok(Resumed::Stale),
        _ => Err(Failure::retry(description())),
    }
}

/// An execution's ARN: that of its state machine, with another kind and the execution's name.
fn execution_arn(machine: &str, name: &str) -> String {
    format!("{}:{name}", machine.replacen(":stateMachine:", ":execution:", 1))
}

/// What an event means for a saga, if anything.
fn event(event: &AwsEvent) -> Option<HistoryEvent> {
    let at = OffsetDateTime::from_unix_timestamp_nanos(event.timestamp.as_nanos()).ok()?;
    let entered = event.state_entered_event_details.as_ref().map(|details| details.name.as_str());
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let failure = event.task_failed_event_details.as_ref().map(|failed| (text(&failed.error), text(&failed.cause)));
    let failure = failure.as_ref().map(|(error, cause)| (error.as_str(), cause.as_str()));
    Some(HistoryEvent { at, happened: history::happened(event.r#type.as_str(), entered, failure)? })
}

#[cfg(test)]
mod tests {
    use aws_sdk_sfn::types::{HistoryEventType, StateEnteredEventDetails, TaskFailedEventDetails};

    use orchestration::Happened;

    use super::*;

    fn aws_event(kind: HistoryEventType) -> aws_sdk_sfn::types::builders::HistoryEventBuilder {
        AwsEvent::builder().id(1).r#type(kind).timestamp(DateTime::from_millis(1500))
    }

    #[test]
    fn events_are_read_for_what_they_mean() {
        let meaning = |built: aws_sdk_sfn::types::builders::HistoryEventBuilder| {
            event(&built.build().expect("an event")).map(|event| event.happened)
        };
        let entered = StateEnteredEventDetails::builder().name("ReserveGoods").build().expect("details");
        let entered = aws_event(HistoryEventType::TaskStateEntered).state_entered_event_details(entered);
        assert_eq!(meaning(entered.clone()), Some(Happened::Entered("ReserveGoods".to_owned())));
        let at = event(&entered.build().expect("an event")).expect("a meaning").at;
        assert_eq!(at.unix_timestamp_nanos(), 1_500_000_000);
        let details = TaskFailedEventDetails::builder().error("Refused").cause("{}");
        let details = details.resource_type("sqs").resource("sendMessage").build().expect("details");
        let failed = aws_event(HistoryEventType::TaskFailed).task_failed_event_details(details);
        let meant = Happened::Failed { error: "Refused".to_owned(), cause: "{}".to_owned() };
        assert_eq!(meaning(failed), Some(meant));
        assert_eq!(meaning(aws_event(HistoryEventType::TaskTimedOut)), Some(Happened::TimedOut));
        assert_eq!(meaning(aws_event(HistoryEventType::ExecutionAborted)), Some(Happened::GaveUp));
        assert_eq!(meaning(aws_event(HistoryEventType::TaskSubmitted)), None);
    }

    #[test]
    fn only_a_token_that_nobody_waits_with_is_no_error() {
        for (code, stale) in [("TaskTimedOut", true), ("TaskDoesNotExist", true), ("InvalidToken", false), ("", false)]
        {
            assert_eq!(resumed(code, String::new) == Ok(Resumed::Stale), stale, "{code}");
        }
    }

    #[test]
    fn an_execution_is_found_by_its_machine_and_its_name() {
        let machine = "arn:aws:states:eu-west-1:1:stateMachine:shop-place-sale-v1";
        assert_eq!(execution_arn(machine, "7"), "arn:aws:states:eu-west-1:1:execution:shop-place-sale-v1:7");
    }
}
