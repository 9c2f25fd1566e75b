//! The adapters keep the same contract on the local AWS that the ports in memory keep.
#![allow(clippy::expect_used, reason = "the contract itself reports by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;
use aws::{AwsOutbound, Clients, DynamoIndex, DynamoScan, DynamoStore};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use aws_sdk_sqs::types::QueueAttributeName;
use libtest_mimic::Trial;
use messaging::{Address, INDEXED_ATTRIBUTES};
use serde_json::json;
use testkit::contract::{self, Mailbox, Mailboxes, OutboundFixture, Received, StoreFixture};
use tests::{LazySystem, System};

use super::shared;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![shared("adapters::they_keep_the_contract_on_aws", system, they_keep_the_contract)]
}

async fn they_keep_the_contract(system: Arc<System>) -> Result<()> {
    Adapters::new(system.aws().emulator().endpoint(), "contract").keep_the_contract().await;
    Ok(())
}

/// How long a message takes from its sender to its queue at most.
const ARRIVAL_SECONDS: i32 = 1;

/// A local AWS and a prefix of its own for whatever is created there.
struct Adapters {
    clients: Clients,
    prefix: String,
}

impl Adapters {
    /// The AWS at this endpoint, as its root user; nothing with this prefix may exist there yet.
    fn new(endpoint: &str, prefix: &str) -> Self {
        Self { clients: Clients::of(local::Clients::config(endpoint)), prefix: prefix.to_owned() }
    }

    /// Runs every contract.
    async fn keep_the_contract(&self) {
        contract::store(&self.store().await).await;
        let queues = Queues::create(&self.clients, &self.prefix).await;
        let outbound = queues.outbound();
        let queue = Address::Queue(queues.urls["queue"].clone());
        contract::outbound(&OutboundFixture { outbound: &outbound, queue, mailboxes: &queues }).await;
    }

    /// Creates the tables of a [`StoreFixture`].
    async fn store(&self) -> StoreFixture {
        let (items, counters) = (format!("{}-items", self.prefix), format!("{}-counters", self.prefix));
        self.create_table(&items).await;
        self.create_table(&counters).await;
        let client = self.clients.dynamodb();
        let store = DynamoStore::new(client.clone(), &items).with_counters(&counters);
        StoreFixture {
            store: Arc::new(store.clone()),
            counters: Arc::new(DynamoStore::new(client.clone(), &counters)),
            many: Arc::new(store),
            index: Arc::new(DynamoIndex::new(client.clone(), &items, "by-buyer", "buyer", "created_at")),
            keys: Arc::new(DynamoIndex::new(client.clone(), &items, "by-shelf", "shelf", "created_at")),
            scan: Arc::new(DynamoScan::new(client, &counters)),
        }
    }

    async fn create_table(&self, name: &str) {
        let text = |name: &str| {
            let definition = AttributeDefinition::builder().attribute_name(name);
            definition.attribute_type(ScalarAttributeType::S).build().expect("a definition")
        };
        let index = |name: &str, partition: &str, projection: Projection| {
            let index = GlobalSecondaryIndex::builder().index_name(name).projection(projection);
            let index = index.key_schema(element(partition, KeyType::Hash));
            index.key_schema(element("created_at", KeyType::Range)).build().expect("an index")
        };
        let with_items = Projection::builder()
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(INDEXED_ATTRIBUTES.map(str::to_owned).to_vec()));
        let with_keys = Projection::builder().projection_type(ProjectionType::KeysOnly);
        let client = self.clients.dynamodb();
        let request = client
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(["key", "buyer", "shelf", "created_at"].map(text).to_vec()))
            .key_schema(element("key", KeyType::Hash))
            .global_secondary_indexes(index("by-buyer", "buyer", with_items.build()))
            .global_secondary_indexes(index("by-shelf", "shelf", with_keys.build()));
        request.send().await.expect("a table");
    }
}

fn element(attribute: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(attribute).key_type(kind).build().expect("a key")
}

struct Queues {
    sqs: aws_sdk_sqs::Client,
    sns: aws_sdk_sns::Client,
    /// By name.
    urls: BTreeMap<&'static str, String>,
    topic_arn: String,
}

impl Queues {
    async fn create(clients: &Clients, prefix: &str) -> Self {
        let (sqs, sns) = (clients.sqs(), clients.sns());
        let mut urls = BTreeMap::new();
        for name in ["queue", "known", "own", "dead-letters", "subscriber"] {
            let queue = sqs.create_queue().queue_name(format!("{prefix}-{name}")).send().await.expect("a queue");
            urls.insert(name, queue.queue_url.expect("a URL"));
        }
        let topic = sns.create_topic().name(format!("{prefix}-events")).send().await.expect("a topic");
        let queues = Self { sqs, sns, urls, topic_arn: topic.topic_arn.expect("an ARN") };
        queues.subscribe().await;
        queues
    }

    /// Subscribes as the template does: raw, and only to the types that it names; the queue lets the topic in.
    async fn subscribe(&self) {
        let (name, url) = (QueueAttributeName::QueueArn, &self.urls["subscriber"]);
        let attributes = self.sqs.get_queue_attributes().queue_url(url).attribute_names(name.clone()).send().await;
        let queue_arn = attributes.expect("attributes").attributes.expect("attributes")[&name].clone();
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
            "Resource": queue_arn, "Condition": {"ArnEquals": {"aws:SourceArn": self.topic_arn}},
        }]});
        let request = self.sqs.set_queue_attributes().queue_url(url);
        request.attributes(QueueAttributeName::Policy, policy.to_string()).send().await.expect("a policy");
        let subscription = self.sns.subscribe().topic_arn(&self.topic_arn).protocol("sqs").endpoint(queue_arn);
        let subscription = subscription
            .attributes("RawMessageDelivery", "true")
            .attributes("FilterPolicyScope", "MessageAttributes")
            .attributes("FilterPolicy", r#"{"type": ["till.v1.RefundCard"]}"#);
        subscription.send().await.expect("a subscription");
    }

    fn outbound(&self) -> AwsOutbound {
        AwsOutbound::new(self.sqs.clone(), &self.urls["dead-letters"])
            .with_handler("known", &self.urls["known"])
            .with_own_queue(&self.urls["own"])
            .with_topic(self.sns.clone(), &self.topic_arn)
    }

    fn url<'a>(&'a self, mailbox: &'a Mailbox) -> &'a str {
        match mailbox {
            Mailbox::Queue(Address::Queue(url)) => url,
            Mailbox::Queue(Address::Handler(name)) => &self.urls[name.as_str()],
            Mailbox::Queue(Address::Myself) => &self.urls["own"],
            Mailbox::Subscriber => &self.urls["subscriber"],
            Mailbox::DeadLetters => &self.urls["dead-letters"],
        }
    }
}

#[async_trait]
impl Mailboxes for Queues {
    async fn receive(&self, mailbox: &Mailbox, after: Duration) -> Vec<Received> {
        tokio::time::sleep(after).await;
        let url = self.url(mailbox);
        let request = self.sqs.receive_message().queue_url(url).wait_time_seconds(ARRIVAL_SECONDS);
        let answer = request.max_number_of_messages(10).message_attribute_names("All").send().await;
        let mut received = Vec::new();
        for message in answer.expect("messages").messages.unwrap_or_default() {
            let handle = message.receipt_handle.expect("a receipt");
            self.sqs.delete_message().queue_url(url).receipt_handle(handle).send().await.expect("a deletion");
            let attributes = message.message_attributes.unwrap_or_default();
            let attributes = attributes.into_iter().map(|(name, value)| (name, value.string_value.unwrap_or_default()));
            received.push(Received { body: message.body.expect("a body"), attributes: attributes.collect() });
        }
        received
    }
}
