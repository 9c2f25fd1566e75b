//! Where a stack is: said before a command acts on it.

use anyhow::{Context, Result, bail};
use aws_sdk_sqs::types::QueueAttributeName;

use super::{RELAY, Stack};
use crate::speech::say;

/// Where a stack is, as AWS says it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    partition: String,
    region: String,
    account: String,
}

impl Stack {
    /// Says in a line where the stack is, before a command acts on it.
    ///
    /// # Errors
    /// There is no stack of this name there.
    pub(crate) async fn announce(&self) -> Result<Place> {
        let queue = self.dead_letter_queue(RELAY);
        let Some(url) = self.queue_url(&queue).await? else {
            let region = self.clients.config().region().map_or("no region", |region| region.as_ref());
            bail!(
                "no stack {} is in {region} of this account, as there is no queue {queue}: name the stack (make: STACK=<name>), \
                 and choose account and region by AWS_PROFILE and AWS_REGION",
                self.name
            );
        };
        let name = QueueAttributeName::QueueArn;
        let asked =
            self.clients.sqs().get_queue_attributes().queue_url(&url).attribute_names(name.clone()).send().await;
        let attributes = asked.with_context(|| format!("cannot read the attributes of {queue}"))?.attributes;
        let arn = attributes.unwrap_or_default().remove(&name);
        let place = arn.as_deref().and_then(Place::of).with_context(|| format!("{queue} has no ARN: {arn:?}"))?;
        say!("{}", place.told(&self.name, self.clients.config().endpoint_url()));
        Ok(place)
    }
}

impl Place {
    fn of(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':').skip(1).map(str::to_owned);
        let (partition, _, region, account) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self { partition, region, account })
    }

    /// The ARN of a topic there.
    pub(crate) fn topic(&self, name: &str) -> String {
        format!("arn:{}:sns:{}:{}:{name}", self.partition, self.region, self.account)
    }

    fn told(&self, stack: &str, endpoint: Option<&str>) -> String {
        match endpoint {
            Some(endpoint) => format!("the stack {stack} at {endpoint}"),
            None => format!("the stack {stack} of AWS account {} in {}", self.account, self.region),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_by_account_and_region_or_by_the_endpoint_of_a_local_aws() {
        let place = Place::of("arn:aws-cn:sqs:cn-north-1:123456789012:s-relay-outbox-dead").expect("a place");
        assert_eq!(place.told("s", None), "the stack s of AWS account 123456789012 in cn-north-1");
        assert_eq!(place.told("s", Some("http://127.0.0.1:1")), "the stack s at http://127.0.0.1:1");
        assert_eq!(place.topic("s-order-events"), "arn:aws-cn:sns:cn-north-1:123456789012:s-order-events");
        assert_eq!(Place::of("arn:aws:sqs"), None);
    }
}
