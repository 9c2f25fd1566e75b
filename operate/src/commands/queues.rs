//! `operate queues`: what lies in each dead-letter queue.

use anyhow::{Context, Result};
use aws_sdk_sqs::types::QueueAttributeName;

use crate::stack::Stack;

pub(crate) async fn run(stack: &Stack) -> Result<()> {
    let sqs = stack.clients().sqs();
    let listed = sqs.list_queues().queue_name_prefix(stack.queue("")).send().await.context("cannot list the queues")?;
    for url in listed.queue_urls().iter().filter(|url| url.ends_with("-dead")) {
        let count = QueueAttributeName::ApproximateNumberOfMessages;
        let asked = sqs.get_queue_attributes().queue_url(url).attribute_names(count.clone()).send().await;
        let attributes = asked.with_context(|| format!("cannot read {url}"))?.attributes.unwrap_or_default();
        let name = url.rsplit('/').next().unwrap_or(url);
        println!("{:>6} {name}", attributes.get(&count).map_or("?", String::as_str));
    }
    Ok(())
}
