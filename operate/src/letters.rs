//! A dead-letter queue, read without taking anything off it.

mod letter;

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{ChangeMessageVisibilityBatchRequestEntry, MessageSystemAttributeName, QueueAttributeName};

pub(crate) use letter::{Content, Letter};

/// How long what was read stays hidden from other readers, unless it is given back before: seconds. It is longer than all
/// messages of the largest limit take.
const HIDDEN: i32 = 600;
/// How long SQS looks for a message, in seconds. Without a wait it asks some of its servers only, and may find nothing.
const WAIT: i32 = 1;
/// How many messages a call of SQS takes.
const BATCH: u16 = 10;

/// One dead-letter queue.
pub(crate) struct DeadLetters {
    sqs: Client,
    url: String,
}

/// What was found on a dead-letter queue.
pub(crate) struct Found {
    /// The messages, the oldest first.
    pub(crate) letters: Vec<Letter>,
    /// How many more there are, roughly.
    pub(crate) unread: u64,
    /// How many were hidden by another reader, roughly.
    pub(crate) hidden: u64,
}

impl DeadLetters {
    /// The dead-letter queue with this URL.
    pub(crate) fn new(sqs: Client, url: String) -> Self {
        Self { sqs, url }
    }

    /// Reads up to `limit` messages. They are hidden until they are given back, so no message is read twice.
    ///
    /// # Errors
    /// The queue cannot be read; what was read until then is given back.
    pub(crate) async fn read(&self, limit: u16) -> Result<Found> {
        let (_, hidden) = self.counts().await?;
        let mut letters = Vec::new();
        let read = self.read_into(&mut letters, limit).await;
        let unread = match read {
            Ok(()) => self.counts().await.map(|(visible, _)| visible),
            Err(error) => Err(error),
        };
        match unread {
            Ok(unread) => {
                letters.sort_by_key(|letter| letter.sent_at);
                Ok(Found { letters, unread, hidden })
            }
            Err(error) => {
                self.give_back(&letters).await?;
                Err(error)
            }
        }
    }

    async fn read_into(&self, letters: &mut Vec<Letter>, limit: u16) -> Result<()> {
        let mut known = BTreeSet::new();
        loop {
            let left = usize::from(limit).saturating_sub(letters.len()).min(usize::from(BATCH));
            if left == 0 {
                return Ok(());
            }
            let request = self.sqs.receive_message().queue_url(&self.url).visibility_timeout(HIDDEN);
            let request = request.max_number_of_messages(i32::try_from(left)?).wait_time_seconds(WAIT);
            let request = request.message_attribute_names("All");
            let request = request.message_system_attribute_names(MessageSystemAttributeName::All);
            let received = request.send().await.with_context(|| format!("cannot read {}", self.url))?;
            if received.messages().is_empty() {
                return Ok(());
            }
            let messages = received.messages.unwrap_or_default().into_iter().map(Letter::of);
            letters.extend(messages.filter(|letter| known.insert(letter.id.clone())));
        }
    }

    /// How many messages wait, and how many are hidden.
    async fn counts(&self) -> Result<(u64, u64)> {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let request = self.sqs.get_queue_attributes().queue_url(&self.url).set_attribute_names(Some(names.to_vec()));
        let counts = request.send().await.with_context(|| format!("cannot count {}", self.url))?.attributes;
        let counts = counts.unwrap_or_default();
        let [visible, hidden] = names.map(|name| counts.get(&name).and_then(|count| count.parse().ok()).unwrap_or(0));
        Ok((visible, hidden))
    }

    /// Lets other readers see these messages at once.
    ///
    /// # Errors
    /// The queue cannot be reached: the messages are seen again when their time is over.
    pub(crate) async fn give_back(&self, letters: &[Letter]) -> Result<()> {
        for batch in letters.chunks(usize::from(BATCH)) {
            let mut entries = Vec::new();
            for (index, letter) in batch.iter().enumerate() {
                let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(index.to_string());
                entries.push(entry.receipt_handle(&letter.receipt).visibility_timeout(0).build()?);
            }
            let request = self.sqs.change_message_visibility_batch().queue_url(&self.url).set_entries(Some(entries));
            let why = || format!("what was read from {} stays hidden for {} minutes", self.url, HIDDEN / 60);
            request.send().await.with_context(why)?;
        }
        Ok(())
    }

    /// Takes a message off the queue.
    ///
    /// # Errors
    /// The message could not be deleted, and is still there.
    pub(crate) async fn delete(&self, letter: &Letter) -> Result<()> {
        let request = self.sqs.delete_message().queue_url(&self.url).receipt_handle(&letter.receipt);
        request.send().await.with_context(|| format!("cannot delete {} from {}", letter.id, self.url))?;
        Ok(())
    }

    /// Sends a message to the queue with this URL, as it once was sent there, and takes it off this queue.
    ///
    /// # Errors
    /// The message is still here. It may be there as well, where its receiver recognises the repeat.
    pub(crate) async fn send_back(&self, letter: &Letter, live: &str) -> Result<()> {
        let request = self.sqs.send_message().queue_url(live).message_body(&letter.body);
        let request = request.set_message_attributes(Some(letter.attributes()).filter(|names| !names.is_empty()));
        request.send().await.with_context(|| format!("cannot send {} to {live}", letter.id))?;
        self.delete(letter).await
    }
}

#[cfg(test)]
pub(crate) mod tests;
