//! States that are private to their module: they are written and read by its door, over a table whose every item passes DynamoDB.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use billing::domain::{Currency, Money};
use billing::gateway::{CardToken, GatewayAnswer, IdempotencyKey, PaymentGateway, Sandbox};
use contracts::kitchen_api::v1::SetStockRequest;
use fuzz::OneItem;
use kitchen::api::SetStock;
use kitchen::domain::Shards;
use messaging::{Counted, Key, LoadError, Record, SaveError, Store, Write};
use proptest::prelude::*;
use rpc::{Call, Caller};
use testkit::MemoryStore;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::block_on;
use crate::messages::text;

/// A table in memory. What is written to it is what DynamoDB would give back.
#[derive(Default)]
struct Passing {
    memory: MemoryStore,
    dynamo: OneItem,
}

impl Passing {
    async fn passed(&self, record: &Record) -> Result<Record, SaveError> {
        let store = aws::DynamoStore::new(self.dynamo.client(), "items");
        store.save(&Write::of(record.clone())).await?;
        Ok(store.load(&record.key).await.expect("loaded").expect("an item"))
    }
}

#[async_trait]
impl Store for Passing {
    async fn load(&self, key: &str) -> Result<Option<Record>, LoadError> {
        self.memory.load(key).await
    }

    async fn save(&self, write: &Write) -> Result<(), SaveError> {
        let mut passed = write.clone();
        passed.record = self.passed(&write.record).await?;
        if let Some(claim) = &write.claim {
            passed.claim = Some(self.passed(claim).await?);
        }
        assert_eq!(&passed, write);
        self.memory.save(&passed).await
    }

    async fn count(&self, counters: &[Key]) -> Result<Counted, LoadError> {
        self.memory.count(counters).await
    }
}

fn time() -> impl Strategy<Value = OffsetDateTime> {
    (0..4_000_000_000_000_i64).prop_map(|millis| OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(millis))
}

proptest! {
    #![proptest_config(testkit::properties())]

    /// The answer to a repeat is read from the claim, and would differ from what is asked now.
    #[test]
    fn a_claim_survives_dynamodb(subject in text(), ids in any::<[u128; 2]>(), now in time(), available in 0..1_000_000_i32) {
        let table = Passing::default();
        let [id, fingerprint] = ids.map(Uuid::from_u128);
        let call = Call { caller: Caller { subject }, id, fingerprint, now, trace_parent: String::new() };
        let set = |available| {
            let request = SetStockRequest { product_id: "cola".to_owned(), available, ..Default::default() };
            block_on(rpc::execute(&SetStock::new(Shards::ONE), &table, &request, &call)).expect("an answer")
        };
        let first = set(available);
        prop_assert_eq!(first.stock.available, available);
        prop_assert_eq!(set(available / 2), first);
    }

    /// Only the first request of an order is not answered: the second finds its mark.
    #[test]
    fn the_sandboxs_mark_survives_dynamodb(order in any::<u128>(), at in time(), minor_units in 0..i64::MAX) {
        let table = Arc::new(Passing::default());
        let amount = Money::new(Currency::parse("EUR").expect("a currency"), minor_units).expect("an amount");
        let (reference, card) = (IdempotencyKey::of_order(Uuid::from_u128(order)), CardToken::parse("tok_never_first"));
        let card = card.expect("a card token");
        let ask = || async {
            let sandbox = Sandbox::new(table.clone());
            tokio::time::timeout(Duration::from_secs(60), sandbox.authorize(&reference, amount, &card, at)).await.ok()
        };
        prop_assert_eq!(block_on(ask()), None);
        prop_assert_eq!(block_on(ask()), Some(Ok(GatewayAnswer::Authorized)));
    }
}
