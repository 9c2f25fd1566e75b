//! A deployed stack: its resources' names follow from its own.

use anyhow::{Context, Result, bail};
use aws::{AwsOutbound, Clients, DynamoScan, DynamoStore};
use aws_sdk_sqs::types::QueueAttributeName;
use messaging::Table;

use crate::tables::Tables;

/// The function that has a dead-letter queue in either lane, and no queue of its own.
pub(crate) const RELAY: &str = "relay-outbox";
/// The table of the Rust lane's sagas.
pub(crate) const SAGAS: Table = Table::new("sagas");
/// What follows a function's name in the name of its dead-letter queue.
const DEAD: &str = "-dead";

/// A stack and the clients that reach it.
pub(crate) struct Stack {
    name: String,
    clients: Clients,
}

/// Where a stack is, as AWS says it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    partition: String,
    region: String,
    account: String,
}

impl Stack {
    /// The stack of this name in the account and region of the environment.
    pub(crate) async fn named(name: String) -> Self {
        Self { name, clients: Clients::of_the_user().await }
    }

    /// Its tables.
    pub(crate) fn tables(&self) -> Tables {
        Tables::of(self.clients.dynamodb(), &self.name)
    }

    /// The clients of its account and region.
    pub(crate) fn clients(&self) -> &Clients {
        &self.clients
    }

    /// The queue of a function, such as `order-saga-create-ticket`.
    pub(crate) fn queue(&self, function: &str) -> String {
        format!("{}-{function}", self.name)
    }

    /// The dead-letter queue of a function, such as `order-saga-create-ticket-dead`.
    pub(crate) fn dead_letter_queue(&self, function: &str) -> String {
        format!("{}{DEAD}", self.queue(function))
    }

    /// The function that is meant by its own name, by its queue's or by its alarm's.
    pub(crate) fn function<'a>(&self, name: &'a str) -> &'a str {
        let name = name.strip_prefix(&self.queue("")).unwrap_or(name);
        name.strip_suffix(DEAD).unwrap_or(name)
    }

    /// A table of items.
    pub(crate) fn table(&self, table: Table) -> DynamoStore {
        self.tables().store(table)
    }

    /// A whole table of items.
    pub(crate) fn scan(&self, table: Table) -> DynamoScan {
        DynamoScan::new(self.clients.dynamodb(), self.tables().name(table))
    }

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
        println!("{}", place.told(&self.name, self.clients.config().endpoint_url()));
        Ok(place)
    }

    /// The way out to the topic of the stack's events.
    pub(crate) async fn events(&self, place: &Place) -> Result<AwsOutbound> {
        let dead_letters = self.queue_url(&self.dead_letter_queue(RELAY)).await?.context("the queue has gone")?;
        let outbound = AwsOutbound::new(self.clients.sqs(), dead_letters);
        Ok(outbound.with_topic(self.clients.sns(), place.topic(&self.queue("order-events"))))
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

impl Place {
    fn of(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':').skip(1).map(str::to_owned);
        let (partition, _, region, account) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self { partition, region, account })
    }

    fn topic(&self, name: &str) -> String {
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
