//! The Step Functions lane: the state machine of a saga in the Amazon States Language.
//!
//! Each command is a task that sends the message with a task token and waits for the token to come back. Silence is the
//! task's timeout: `Retry` repeats the command under its old message id, `Catch` leads to the compensations.

mod language;
mod timing;

use std::collections::BTreeMap;
use std::fmt;

use crate::{Class, CommandSpec, Definition, StepSpec, Wording};

pub use language::StateMachine;
use language::{Body, Catcher, Correlation, Fail, Parameters, Pass, Retrier, Silence, State, States, Subject, Task};
use timing::Timing;

/// The error under which a refusal reaches a state machine; its cause is the refusal as JSON.
pub const REFUSED: &str = "Refused";
/// The error of a saga whose command was never answered.
pub const STUCK: &str = "SagaStuck";
/// The substitution for the queue that takes replies.
const REPLIES: &str = "${ResumeSagaQueueUrl}";

/// A command that a state machine cannot be made for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nobody says how {0} is worded")]
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

struct Renderer<'a> {
    definition: &'a Definition,
    wordings: &'a BTreeMap<&'static str, Wording>,
    timing: Timing,
}

/// What follows a command.
struct Ways {
    /// After it succeeded; the saga is over when there is none.
    next: Option<CommandSpec>,
    /// After it was refused; it must not be when there is none.
    refused: Option<CommandSpec>,
    /// Whether silence to the end counts as an unknown outcome; if not, the command is repeated for as long as can be.
    gives_up: bool,
}

impl Renderer<'_> {
    /// The way there, the way back, and where a saga is stuck.
    fn states(&self) -> Result<States, Unworded> {
        let (mut states, mut stuck) = (Vec::new(), Vec::new());
        let steps = &self.definition.steps;
        for (index, step) in steps.iter().enumerate() {
            let refused = (step.class != Class::Retriable).then(|| self.undo_before(index));
            let next = steps.get(index + 1).map(|step| step.command);
            let ways = Ways { next, refused, gives_up: step.gives_up() };
            self.add(&mut states, &mut stuck, step.command, &ways, describe(step))?;
        }
        for (index, step) in steps.iter().enumerate().rev() {
            let Some(undo) = step.undo else { continue };
            states.push((unknown_name(step.command), unknown(step.command, undo)));
            let ways = Ways { next: Some(self.undo_before(index)), refused: None, gives_up: false };
            let comment = format!("Undoes {} in {}.", step.command.state_name(), undo.participant);
            self.add(&mut states, &mut stuck, undo, &ways, comment)?;
        }
        let undo = self.definition.undo;
        let comment = format!("Undoes in {} what started the saga, which is then compensated.", undo.participant);
        let ways = Ways { next: None, refused: None, gives_up: false };
        self.add(&mut states, &mut stuck, undo, &ways, comment)?;
        states.extend(stuck);
        Ok(States(states))
    }

    fn add(
        &self,
        states: &mut Vec<(String, State)>,
        stuck: &mut Vec<(String, State)>,
        command: CommandSpec,
        ways: &Ways,
        comment: String,
    ) -> Result<(), Unworded> {
        let name = command.state_name();
        states.push((name.clone(), State::Task(Box::new(self.task(command, ways, comment)?))));
        if !ways.gives_up {
            let cause = format!(
                "{name} in {} was repeated {} times and never answered. The README says how to go on.",
                command.participant, self.timing.forever
            );
            stuck.push((stuck_name(command), State::Fail(Fail { error: STUCK, cause })));
        }
        Ok(())
    }

    fn task(&self, command: CommandSpec, ways: &Ways, comment: String) -> Result<Task, Unworded> {
        let refused = || vec![REFUSED];
        let mut retry = Vec::new();
        let mut catch = Vec::new();
        if let Some(undo) = ways.refused {
            retry.push(Retrier::of(refused(), 0));
            catch.push(Catcher { error_equals: refused(), result_path: "$.refusal", next: undo.state_name() });
        }
        let next = if ways.gives_up { unknown_name(command) } else { stuck_name(command) };
        if ways.gives_up {
            retry.extend(self.timing.until_given_up());
        } else {
            retry.push(self.timing.for_ever());
        }
        catch.push(Catcher { error_equals: vec!["States.ALL"], result_path: "$.silence", next });
        Ok(Task {
            comment,
            resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            parameters: self.parameters(command)?,
            timeout_seconds: self.timing.timeout(ways.gives_up),
            result_path: (),
            retry,
            catch,
            next: ways.next.map(|next| next.state_name()),
            end: ways.next.is_none().then_some(true),
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
            source: format!("{}-v{}", self.definition.name, self.definition.version),
            message_id: format!("$.commands.{name}.messageId"),
            causation_id: "$.startedBy",
            correlation,
            occurred_at: "$$.State.EnteredTime",
            trace_parent: "$.traceParent",
        };
        Ok(Parameters { queue_url: format!("${{{name}QueueUrl}}"), message_body: Body { subject, payload } })
    }

    /// Where the way back begins when the step with this index has had no effect.
    fn undo_before(&self, index: usize) -> CommandSpec {
        let before = self.definition.steps.iter().take(index).rev().find_map(|step| step.undo);
        before.unwrap_or(self.definition.undo)
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

/// Puts in words what no reply could say, in the form in which a refusal is caught.
fn unknown(command: CommandSpec, undo: CommandSpec) -> State {
    let cause = format!(r#"{{"reason":"NO_ANSWER","message":"{} did not answer in time"}}"#, command.participant);
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
