//! The tables: none is lost with the stack, all can be restored, and DynamoDB encrypts all of them: with a key of its own, or with
//! the customer's where there is such a key.

use serde_json::{Value, json};

use super::choices::Choices;
use super::names::{given, id, named};

/// What differs between tables.
struct Table {
    name: &'static str,
    index: Option<Index>,
    /// Whether an item that carries `expires_at` is forgotten then: claims and finished sagas do, and the sandbox's marks beside the authorizations.
    forgets: bool,
    /// Whether its writes are relayed.
    has_outbox: bool,
}

/// An index of a table.
#[derive(Clone, Copy)]
struct Index {
    name: &'static str,
    /// The attribute whose values part its items.
    hash: &'static str,
    /// The attribute that orders them.
    range: &'static str,
    /// Whether it has what the readers of its items read; otherwise it has keys and nothing else.
    has_items: bool,
}

const BY_CUSTOMER: Index = Index { name: "by-customer", hash: "customer", range: "created_at", has_items: true };
const BY_STATUS: Index = Index { name: "by-status", hash: "status", range: "created_at", has_items: true };
// It must not hold what a saga's state holds, such as a card's token.
const BY_STATE: Index = Index { name: "by-state", hash: "progress", range: "created_at", has_items: false };

const TABLES: [Table; 6] = [
    Table { name: "orders", index: Some(BY_CUSTOMER), forgets: true, has_outbox: true },
    Table { name: "products", index: None, forgets: false, has_outbox: false },
    Table { name: "tickets", index: Some(BY_STATUS), forgets: true, has_outbox: false },
    Table { name: "stock", index: None, forgets: true, has_outbox: false },
    Table { name: "authorizations", index: None, forgets: true, has_outbox: false },
    // In either lane, because it is kept when the lane is switched.
    Table { name: "sagas", index: Some(BY_STATE), forgets: true, has_outbox: false },
];

/// The names of the tables.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}

/// Every index: its table, its name, and the attributes that part and order its items.
pub(in crate::template) fn indexes() -> impl Iterator<Item = (&'static str, &'static str, &'static str, &'static str)> {
    TABLES.iter().filter_map(|table| table.index.map(|index| (table.name, index.name, index.hash, index.range)))
}

pub(super) fn resources(choices: Choices) -> impl Iterator<Item = (String, Value)> {
    TABLES.iter().map(move |table| (format!("{}Table", id(table.name)), resource(table, choices)))
}

fn resource(table: &Table, choices: Choices) -> Value {
    let text = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
    let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    let mut attributes = vec![text("key")];
    let mut properties = json!({
        "TableName": named(table.name),
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [key("key", "HASH")],
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true},
        "DeletionProtectionEnabled": choices.protects_tables,
    });
    if choices.has_key {
        let key = given("EncryptionKeyArn");
        properties["SSESpecification"] = json!({"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": key});
    }
    if let Some(index) = table.index {
        attributes.extend([text(index.hash), text(index.range)]);
        // The keys of table and index are there by themselves.
        let projection = match index.has_items {
            true => json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": messaging::INDEXED_ATTRIBUTES}),
            false => json!({"ProjectionType": "KEYS_ONLY"}),
        };
        properties["GlobalSecondaryIndexes"] = json!([{
            "IndexName": index.name,
            "KeySchema": [key(index.hash, "HASH"), key(index.range, "RANGE")],
            "Projection": projection,
        }]);
    }
    properties["AttributeDefinitions"] = json!(attributes);
    if table.forgets {
        properties["TimeToLiveSpecification"] = json!({"AttributeName": "expires_at", "Enabled": true});
    }
    if table.has_outbox {
        // The relay reads what an item has become, never what it was.
        properties["StreamSpecification"] = json!({"StreamViewType": "NEW_IMAGE"});
    }
    json!({
        "Type": "AWS::DynamoDB::Table",
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": properties,
    })
}
