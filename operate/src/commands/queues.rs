//! `operate queues`: what lies in each dead-letter queue.

use anyhow::{Context, Result};
use aws_sdk_sqs::types::QueueAttributeName;

use crate::speech::say;
use crate::stack::{Stack, last};

pub(crate) async fn run(stack: &Stack) -> Result<()> {
    stack.announce().await?;
    let sqs = stack.clients().sqs();
    for url in stack.dead_letter_queues().await? {
        let count = QueueAttributeName::ApproximateNumberOfMessages;
        let asked = sqs.get_queue_attributes().queue_url(&url).attribute_names(count.clone()).send().await;
        let attributes = asked.with_context(|| format!("cannot read {url}"))?.attributes.unwrap_or_default();
        say!("{:>6} {}", attributes.get(&count).map_or("?", String::as_str), last(&url));
    }
    Ok(())
}
