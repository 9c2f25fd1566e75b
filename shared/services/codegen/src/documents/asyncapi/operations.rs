//! Who sends and who receives.

use anyhow::Result;
use saga::CommandSpec;

use super::traffic::{REFUSED, SUCCEEDED, Traffic, WATCHDOG};
use crate::documents::tree::{Node, joined, lines, list, object, reference, text};
use crate::template::yaml::filled;

/// The lanes, as `x-lane` names them.
const RUST: &str = "rust";
const STEP_FUNCTIONS: &str = "stepfunctions";

/// The lines of every operation: those of the steps, of the lanes, of the relay and of the topic's subscriptions.
///
/// # Errors
/// A saga whose commands the contracts do not have.
pub(super) fn lines_of(traffic: &Traffic<'_>) -> Result<Vec<String>> {
    let mut operations = Vec::new();
    for row in traffic.steps {
        operations.push((row.handler.to_owned(), traffic.step(row.handler, row.description)?));
    }
    operations.push(("orchestrate-saga".to_owned(), traffic.lane(RUST, "saga", "Runs the sagas.")));
    let watchdog =
        operation("send", Some(RUST), "saga", "Asks itself later whether a saga has fallen silent.", &[WATCHDOG]);
    operations.push(("orchestrate-saga-watches".to_owned(), watchdog));
    for handler in traffic.registry.handlers() {
        let command = traffic.command(handler)?;
        let sent = operation("send", Some(RUST), handler, "The orchestrator sends the command.", &[command]);
        operations.push((format!("orchestrate-saga-sends-{handler}"), sent));
    }
    let starts = "Starts an execution of the saga's state machine.";
    operations.push(("start-saga".to_owned(), traffic.lane(STEP_FUNCTIONS, "start-saga", starts)));
    operations.push((
        "resume-saga".to_owned(),
        traffic.lane(STEP_FUNCTIONS, "resume-saga", "Hands the reply to the execution."),
    ));
    for definition in traffic.registry.definitions() {
        for CommandSpec { handler, .. } in definition.commands() {
            let command = traffic.command(handler)?;
            let sent =
                operation("send", Some(STEP_FUNCTIONS), handler, "The state machine sends the command.", &[command]);
            operations.push((format!("{}-sends-{handler}", definition.machine_name()), sent));
        }
    }
    let events: Vec<&str> = traffic.events.iter().map(String::as_str).collect();
    let relayed = "Publishes the events that a write has put into an order's outbox.";
    operations.push(("relay-outbox".to_owned(), operation("send", None, "order-events", relayed, &events)));
    let mut written = lines(&object(operations.iter().map(|(name, operation)| (name.as_str(), operation.clone()))))?;
    for (queue, lane) in [("saga", RUST), ("start-saga", STEP_FUNCTIONS)] {
        written.extend(traffic.subscription(queue, lane)?.lines().map(str::to_owned));
    }
    Ok(written)
}

impl Traffic<'_> {
    /// A step receives its command and replies to the return address.
    fn step(&self, handler: &str, description: &str) -> Result<Node> {
        let command = self.command(handler)?;
        let mut answers = vec![SUCCEEDED];
        answers.extend(self.contract.may_be_refused(command)?.then_some(REFUSED));
        let address = object([("location", text("$message.payload#/subject/correlation/replyTo"))]);
        let channel = reference("#/channels/replies");
        let reply = object([("address", address), ("channel", channel), ("messages", referred("replies", &answers))]);
        let received = operation("receive", None, handler, description, &[command]);
        Ok(joined(received, object([("reply", reply)])))
    }

    fn lane(&self, lane: &str, queue: &str, description: &str) -> Node {
        operation("receive", Some(lane), queue, description, &self.received_by(queue))
    }

    fn subscription(&self, queue: &str, lane: &str) -> Result<String> {
        let starting: Vec<&str> = self.starting.iter().copied().collect();
        let types = starting.iter().map(|name| format!("- {name}")).collect();
        let messages = lines(&referred("order-events", &starting))?;
        let words = [("queue", queue), ("lane", lane)];
        Ok(filled(include_str!("subscription.yaml"), &words, &[("messages", messages), ("types", types)]))
    }
}

fn operation(action: &str, lane: Option<&str>, channel: &str, description: &str, messages: &[&str]) -> Node {
    let mut parts = vec![("action", text(action))];
    parts.extend(lane.map(|lane| ("x-lane", text(lane))));
    parts.push(("channel", reference(&format!("#/channels/{channel}"))));
    parts.push(("description", text(description)));
    parts.push(("messages", referred(channel, messages)));
    object(parts)
}

/// The messages of a channel that an operation is about.
fn referred(channel: &str, messages: &[&str]) -> Node {
    list(messages.iter().map(|name| reference(&format!("#/channels/{channel}/messages/{name}"))))
}
