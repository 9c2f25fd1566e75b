//! The contract, kept in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use messaging::Address;
use testkit::contract::{self, Mailbox, Mailboxes, OutboundFixture, Received, StoreFixture};
use testkit::{MemoryDatabase, MemoryOutbound};

#[tokio::test]
async fn items_in_memory_keep_the_contract() {
    let database = MemoryDatabase::default();
    let store = database.table("items").with_counters("counters");
    contract::store(&StoreFixture {
        store: Arc::new(store.clone()),
        counters: Arc::new(database.table("counters")),
        many: Arc::new(store.clone()),
        index: Arc::new(store.index("buyer", "created_at")),
        keys: Arc::new(store.index("shelf", "created_at")),
        scan: Arc::new(database.table("counters")),
    })
    .await;
}

#[tokio::test]
async fn messages_in_memory_keep_the_contract() {
    let outbound = MemoryOutbound::default().not_knowing([Address::Handler("unknown".to_owned())]);
    let queue = Address::Queue("https://queue/a".to_owned());
    contract::outbound(&OutboundFixture { outbound: &outbound, queue, mailboxes: &Remembered(outbound.clone()) }).await;
}

/// Reads what an outbound remembers as if its queues were real.
struct Remembered(MemoryOutbound);

#[async_trait]
impl Mailboxes for Remembered {
    async fn receive(&self, mailbox: &Mailbox, after: Duration) -> Vec<Received> {
        let attribute = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        match mailbox {
            Mailbox::Queue(to) => {
                let visible = |sent: &testkit::Sent| sent.to == *to && sent.delay <= after;
                let (taken, left): (Vec<_>, Vec<_>) = self.0.take_sent().into_iter().partition(visible);
                for sent in left {
                    messaging::Outbound::send(&self.0, &sent.to, &sent.message, sent.delay).await.expect("a sending");
                }
                let body = |sent: testkit::Sent| sent.message.to_json().expect("JSON");
                taken.into_iter().map(|sent| Received { body: body(sent), attributes: BTreeMap::new() }).collect()
            }
            Mailbox::Subscriber => (self.0.published().into_iter())
                .map(|event| Received { body: event.body, attributes: attribute("type", &event.type_name) })
                .collect(),
            Mailbox::DeadLetters => (self.0.set_aside().into_iter())
                .map(|letter| Received { body: letter.body, attributes: attribute("reason", &letter.reason) })
                .collect(),
        }
    }
}
