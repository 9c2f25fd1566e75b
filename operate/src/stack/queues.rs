//! A stack's queues, found by their names.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use super::Stack;

/// The function that has a dead-letter queue in either lane, and no queue of its own.
pub(crate) const RELAY: &str = "relay-outbox";
/// The queues of the lanes' own functions.
const OF_THE_LANES: [&str; 3] = ["saga", "start-saga", "resume-saga"];
/// What follows a function's name in the name of its dead-letter queue.
const DEAD: &str = "-dead";

impl Stack {
    /// The dead-letter queue of a function, such as `order-saga-create-ticket-dead`.
    pub(crate) fn dead_letter_queue(&self, function: &str) -> String {
        format!("{}{DEAD}", self.queue(function))
    }

    /// The function that is meant by its own name, by its queue's or by its alarm's.
    ///
    /// # Errors
    /// It is no function of ours: the stack whose name begins with this stack's has queues that begin alike.
    pub(crate) async fn function(&self, name: &str) -> Result<&'static str> {
        match self.known(name) {
            Some(function) => Ok(function),
            None => self.no_queue(name).await,
        }
    }

    fn known(&self, name: &str) -> Option<&'static str> {
        let short = name.strip_prefix(&self.queue("")).unwrap_or(name);
        let short = short.strip_suffix(DEAD).unwrap_or(short);
        // The orchestrator's queue is named after what comes there.
        let short = if short == "orchestrate-saga" { "saga" } else { short };
        functions().get(short).copied()
    }

    /// The URL of a queue, or `None` if there is no queue of this name.
    pub(crate) async fn queue_url(&self, queue: &str) -> Result<Option<String>> {
        match self.clients.sqs().get_queue_url().queue_name(queue).send().await {
            Ok(answer) => Ok(answer.queue_url),
            Err(error) if error.as_service_error().is_some_and(|error| error.is_queue_does_not_exist()) => Ok(None),
            Err(error) => Err(error).with_context(|| {
                format!(
                    "cannot ask for the queue {queue}: look at AWS_REGION and at the credentials; after signing in with SSO, say \
                     eval \"$(aws configure export-credentials --format env)\""
                )
            }),
        }
    }

    /// The URLs of the queues that set messages aside. Each is asked for by its name: a list by prefix would hold the queues of
    /// other stacks.
    pub(crate) async fn dead_letter_queues(&self) -> Result<Vec<String>> {
        let mut urls = Vec::new();
        for function in functions() {
            urls.extend(self.queue_url(&self.dead_letter_queue(function)).await?);
        }
        Ok(urls)
    }

    /// Fails for want of a queue, with the names that would do.
    pub(crate) async fn no_queue<T>(&self, queue: &str) -> Result<T> {
        let urls = self.dead_letter_queues().await?;
        let names: Vec<&str> = urls.iter().filter_map(|url| self.known(last(url))).collect();
        bail!("there is no queue {queue}: in the stack {} there are {}", self.name, names.join(", "))
    }
}

/// The functions that have a dead-letter queue.
fn functions() -> BTreeSet<&'static str> {
    let mut functions = order::sagas::registry().handlers();
    functions.extend(OF_THE_LANES);
    functions.insert(RELAY);
    functions
}

/// The name of the queue with this URL.
pub(crate) fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

#[cfg(test)]
mod tests;
