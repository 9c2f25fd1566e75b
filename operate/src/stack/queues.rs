//! A stack's queues, found by their names.

use anyhow::{Context, Result, bail};

use super::Stack;

/// The function that has a dead-letter queue in either lane, and no queue of its own.
pub(crate) const RELAY: &str = "relay-outbox";
/// What follows a function's name in the name of its dead-letter queue.
const DEAD: &str = "-dead";

impl Stack {
    /// The dead-letter queue of a function, such as `order-saga-create-ticket-dead`.
    pub(crate) fn dead_letter_queue(&self, function: &str) -> String {
        format!("{}{DEAD}", self.queue(function))
    }

    /// The function that is meant by its own name, by its queue's or by its alarm's.
    pub(crate) fn function<'a>(&self, name: &'a str) -> &'a str {
        let name = name.strip_prefix(&self.queue("")).unwrap_or(name);
        name.strip_suffix(DEAD).unwrap_or(name)
    }

    /// The URL of a queue, or `None` if there is no queue of this name.
    pub(crate) async fn queue_url(&self, queue: &str) -> Result<Option<String>> {
        match self.clients.sqs().get_queue_url().queue_name(queue).send().await {
            Ok(answer) => Ok(answer.queue_url),
            Err(error) if error.as_service_error().is_some_and(|error| error.is_queue_does_not_exist()) => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot ask for the queue {queue}")),
        }
    }

    /// The URLs of the queues that set messages aside.
    pub(crate) async fn dead_letter_queues(&self) -> Result<Vec<String>> {
        let listed = self.clients.sqs().list_queues().queue_name_prefix(self.queue("")).send().await;
        let mut urls = listed.context("cannot list the queues")?.queue_urls.unwrap_or_default();
        urls.retain(|url| url.ends_with(DEAD));
        urls.sort_unstable();
        Ok(urls)
    }

    /// Fails for want of a queue, with the names that would do.
    pub(crate) async fn no_queue<T>(&self, queue: &str) -> Result<T> {
        let urls = self.dead_letter_queues().await?;
        let names: Vec<&str> = urls.iter().map(|url| self.function(last(url))).collect();
        bail!("there is no queue {queue}: in this lane of the stack {} there are {}", self.name, names.join(", "))
    }
}

/// The name of the queue with this URL.
pub(crate) fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_function_is_known_by_its_name_its_queues_and_its_alarm() {
        let stack = Stack::named("order-saga".to_owned()).await;
        for name in ["create-ticket", "order-saga-create-ticket", "create-ticket-dead", "order-saga-create-ticket-dead"]
        {
            assert_eq!(stack.function(name), "create-ticket");
        }
        assert_eq!(stack.function("saga"), "saga");
    }
}
