//! The Step Functions lane: the state machine of a saga in the Amazon States Language.
//!
//! Each command is a task that sends the message with a task token and waits for the token to come back. Silence is the
//! task's timeout: `Retry` repeats the command under its old message id, `Catch` leads to the compensations.

mod language;
mod timing;

use std::collections::BTreeMap;
use std::fmt;

use crate::{Class, CommandSpec, Definition, Outcome, Position, Refusal, StepSpec, Waiting, Wording};

pub use language::StateMachine;
use language::{Body, Catcher, Correlation, Fail, Parameters, Pass, Retrier, Silence, State, States, Subject, Task};
use timing::Timing;

/// The error that tells a state machine of a refusal; its cause is the refusal as JSON.
pub const REFUSED: &str = "Refused";
/// The error of a saga whose command was never answered.
pub const STUCK: &str = "SagaStuck";
/// The substitution for the queue that takes replies.
const REPLIES: &str = "${ResumeSagaQueueUrl}";

/// A command without a wording: no state machine can send it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the wording of {0} is missing: give a wording for each command of the saga")]
pub struct Unworded(pub &'static str);

/// The state machine that runs the saga; `wordings` says how its commands are worded, by handler.
///
/// # Errors
/// A command that has no wording.
pub fn state_machine(
    definition: &Definition,
    fingerprint: impl fmt::Display,
    wordings: &BTreeMap<&'static str, Wording>,
) -> Result<StateMachine, Unworded> {
    let renderer = Renderer { definition, wordings, timing: Timing::of(definition) };
    let comment = format!(
        "The saga {} in version {}, generated from its definition {fingerprint}. Do not edit: `make generate`.",
        definition.name, definition.version
    );
    let first = definition.commands().next().map(|command| command.state_name()).unwrap_or_default();
    Ok(StateMachine { comment, start_at: first, states: renderer.states()? })
}

/// How long the state machine waits for the command at `position`; `None` if no command is awaited there. A command that
/// could not even be sent is tried again at other times.
pub fn waiting(definition: &Definition, position: Position) -> Option<Waiting> {
    let timing = Timing::of(definition);
    let gives_up = definition.after(position, Outcome::Unknown).is_some();
    Waiting::of(definition, position, |sending| timing.wait(gives_up, sending))
}

struct Renderer<'a> {
    definition: &'a Definition,
    wordings: &'a BTreeMap<&'static str, Wording>,
    timing: Timing,
}

impl Renderer<'_> {
    /// The way there, the way back, and where a saga is stuck.
    fn states(&self) -> Result<States, Unworded> {
        let (mut states, mut stuck) = (Vec::new(), Vec::new());
        for position in self.definition.positions() {
            let Some(command) = self.definition.command_at(position) else { continue };
            states.extend(self.unknown_before(position, command));
            states.push((command.state_name(), State::Task(Box::new(self.task(position, command)?))));
            if self.command_after(position, Outcome::Unknown).is_none() {
                stuck.push((stuck_name(command), self.stuck(command)));
            }
        }
        states.extend(stuck);
        Ok(States(states))
    }

    /// The command to which this outcome leads.
    fn command_after(&self, position: Position, outcome: Outcome) -> Option<CommandSpec> {
        self.definition.command_at(self.definition.after(position, outcome)?)
    }

    /// The state before an undo that turns the silence of the undone command into a refusal.
    fn unknown_before(&self, position: Position, undo: CommandSpec) -> Option<(String, State)> {
        let leads_here = |from: &Position| self.definition.after(*from, Outcome::Unknown) == Some(position);
        let silent = self.definition.command_at(self.definition.positions().find(leads_here)?)?;
        Some((unknown_name(silent), unknown(silent, undo)))
    }

    fn stuck(&self, command: CommandSpec) -> State {
        let cause = format!(
            "{} in {} was repeated {} times and never answered. The README says how to go on.",
            command.state_name(),
            command.participant,
            self.timing.forever
        );
        State::Fail(Fail { error: STUCK, cause })
    }

    fn task(&self, position: Position, command: CommandSpec) -> Result<Task, Unworded> {
        let [next, refused, unknown] = Outcome::ALL.map(|outcome| self.command_after(position, outcome));
        let gives_up = unknown.is_some();
        let mut retry = Vec::new();
        let mut catch = Vec::new();
        if let Some(undo) = refused {
            retry.push(Retrier::of(vec![REFUSED], 0));
            catch.push(Catcher { error_equals: vec![REFUSED], result_path: "$.refusal", next: undo.state_name() });
        }
        if gives_up {
            retry.extend(self.timing.until_given_up());
        } else {
            retry.push(self.timing.for_ever());
        }
        let silent = if gives_up { unknown_name(command) } else { stuck_name(command) };
        catch.push(Catcher { error_equals: vec!["States.ALL"], result_path: "$.silence", next: silent });
        Ok(Task {
            comment: self.describe(position, command),
            resource: "arn:${Partition}:states:::sqs:sendMessage.waitForTaskToken",
            parameters: self.parameters(command)?,
            timeout_seconds: self.timing.timeout(gives_up),
            result_path: (),
            retry,
            catch,
            next: next.map(|next| next.state_name()),
            end: next.is_none().then_some(true),
        })
    }

    fn parameters(&self, command: CommandSpec) -> Result<Parameters, Unworded> {
        let wording = self.wordings.get(command.handler).ok_or(Unworded(command.handler))?;
        let name = command.state_name();
        let payload = if wording.tells_why {
            format!("States.JsonMerge($.commands.{name}.payload, States.StringToJson($.refusal.Cause), false)")
        } else {
            format!("$.commands.{name}.payload")
        };
        let correlation =
            Correlation { saga_id: "$.sagaId", step: command.handler, reply_to: REPLIES, reply_token: "$$.Task.Token" };
        let subject = Subject {
            message: wording.message.clone(),
            source: self.definition.machine_name(),
            message_id: format!("$.commands.{name}.messageId"),
            causation_id: "$.startedBy",
            correlation,
            occurred_at: "$$.State.EnteredTime",
            trace_parent: "$.traceParent",
        };
        Ok(Parameters { queue_url: format!("${{{name}QueueUrl}}"), message_body: Body { subject, payload } })
    }

    fn describe(&self, position: Position, command: CommandSpec) -> String {
        let service = command.participant;
        match position {
            Position::Doing(step) => self.definition.steps.get(step).map(describe).unwrap_or_default(),
            Position::Undoing(step) => {
                let undone = self.definition.command_at(Position::Doing(step)).map(|step| step.state_name());
                format!("Undoes {} in {service}.", undone.unwrap_or_default())
            }
            Position::UndoingStart | Position::Completed | Position::Compensated => {
                format!("Undoes in {service} what started the saga, which is then compensated.")
            }
        }
    }
}

fn describe(step: &StepSpec) -> String {
    let service = step.command.participant;
    match (step.class, step.undo) {
        (Class::Compensatable, Some(undo)) => {
            format!("Compensatable step in {service}: {} undoes it.", undo.state_name())
        }
        (Class::Pivot, Some(undo)) => format!(
            "Pivot in {service}: once it succeeds, the saga will complete. {} undoes it if its outcome stays unknown.",
            undo.state_name()
        ),
        (Class::Pivot, None) => {
            format!("Pivot in {service}: once it succeeds, the saga will complete. It is asked until it answers.")
        }
        (Class::Retriable, _) | (Class::Compensatable, None) => {
            format!("Retriable step in {service}: it cannot be refused, only repeated until it succeeds.")
        }
    }
}

/// Turns a silence into a refusal with reason NO_ANSWER, so that the way back treats both alike.
fn unknown(command: CommandSpec, undo: CommandSpec) -> State {
    let Refusal { reason, message } = Refusal::no_answer(command.participant);
    let cause = format!(r#"{{"reason":"{reason}","message":"{message}"}}"#);
    State::Pass(Pass {
        comment: format!("Nobody knows whether {} took effect, so it is undone as well.", command.state_name()),
        result: Silence { error: "NoAnswer", cause },
        result_path: "$.refusal",
        next: undo.state_name(),
    })
}

fn unknown_name(command: CommandSpec) -> String {
    format!("{}Unknown", command.state_name())
}

fn stuck_name(command: CommandSpec) -> String {
    format!("{}Stuck", command.state_name())
}

#[cfg(test)]
mod tests;
