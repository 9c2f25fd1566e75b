//! Mistakes in how data is kept.

use serde_json::json;

use super::{Mistake, add, at, reference, remove, set};

pub(super) fn mistakes() -> Vec<Mistake> {
    [of_tables(), of_protection()].into_iter().flatten().collect()
}

fn of_tables() -> Vec<Mistake> {
    let index = "GlobalSecondaryIndexes/0";
    vec![
        remove("a table goes with the stack", "/Resources/OrdersTable/DeletionPolicy"),
        set("a table is deleted with the stack", "/Resources/TicketsTable/DeletionPolicy", json!("Delete")),
        set("a failed first deployment leaves a table", "/Resources/StockTable/DeletionPolicy", json!("Retain")),
        remove("a table is lost when it is replaced", "/Resources/AuthorizationsTable/UpdateReplacePolicy"),
        remove("no table in the other lane", "/Resources/SagasTable"),
        add("a table in one lane only", "/Resources/SagasTable/Condition", json!("InRustLane")),
        remove("nothing is forgotten", &at("SagasTable", "TimeToLiveSpecification")),
        set("forgetting is off", &at("OrdersTable", "TimeToLiveSpecification/Enabled"), json!(false)),
        set(
            "forgotten by another attribute",
            &at("TicketsTable", "TimeToLiveSpecification/AttributeName"),
            json!("expires"),
        ),
        remove("the sandbox's marks stay for ever", &at("AuthorizationsTable", "TimeToLiveSpecification")),
        add(
            "products are forgotten",
            &at("ProductsTable", "TimeToLiveSpecification"),
            json!({"AttributeName": "expires_at", "Enabled": true}),
        ),
        remove("nothing can be restored", &at("OrdersTable", "PointInTimeRecoverySpecification")),
        set(
            "restoring is off",
            &at("StockTable", "PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled"),
            json!(false),
        ),
        set("paid by the hour", &at("OrdersTable", "BillingMode"), json!("PROVISIONED")),
        set("the stream has keys only", &at("OrdersTable", "StreamSpecification/StreamViewType"), json!("KEYS_ONLY")),
        set("the stream has what was", &at("OrdersTable", "StreamSpecification/StreamViewType"), json!("OLD_IMAGE")),
        remove("no stream", &at("OrdersTable", "StreamSpecification")),
        set("another key", &at("StockTable", "KeySchema/0/AttributeName"), json!("product")),
        set("an index of another name", &at("OrdersTable", &format!("{index}/IndexName")), json!("by-client")),
        set(
            "an index by another attribute",
            &at("TicketsTable", &format!("{index}/KeySchema/0/AttributeName")),
            json!("key"),
        ),
        set("an index without order", &at("OrdersTable", &format!("{index}/KeySchema/1/AttributeName")), json!("key")),
        set(
            "an index with keys only",
            &at("TicketsTable", &format!("{index}/Projection/ProjectionType")),
            json!("KEYS_ONLY"),
        ),
        set(
            "an index with everything",
            &at("OrdersTable", &format!("{index}/Projection")),
            json!({"ProjectionType": "ALL"}),
        ),
        set(
            "an index of sagas with their data",
            &at("SagasTable", &format!("{index}/Projection")),
            json!({"ProjectionType": "INCLUDE", "NonKeyAttributes": ["state"]}),
        ),
        remove("sagas that nobody can list", &at("SagasTable", "GlobalSecondaryIndexes")),
        remove("an index without the state", &at("OrdersTable", &format!("{index}/Projection/NonKeyAttributes/2"))),
        set("a table with another's name", &at("TicketsTable", "TableName/Fn::Sub"), json!("${AWS::StackName}-orders")),
        set("a table that two stacks share", &at("ProductsTable", "TableName"), json!("products")),
        set("an output of another table", "/Outputs/OrdersTableName/Value", reference("ProductsTable")),
        remove("an output too few", "/Outputs/SagasTableName"),
    ]
}

fn of_protection() -> Vec<Mistake> {
    vec![
        remove("the customer's key is not for this table", &at("AuthorizationsTable", "SSESpecification")),
        set("the key of AWS's that is paid", &at("ProductsTable", "SSESpecification"), json!({"SSEEnabled": true})),
        set("encryption is off with a key", &at("ProductsTable", "SSESpecification/Fn::If/1/SSEEnabled"), json!(false)),
        set(
            "the customer's key by another choice",
            &at("StockTable", "SSESpecification/Fn::If/0"),
            json!("IsProtected"),
        ),
        remove("a table that anybody deletes", &at("OrdersTable", "DeletionProtectionEnabled")),
        set("never to be deleted", &at("TicketsTable", "DeletionProtectionEnabled"), json!(true)),
        set(
            "protected by another choice",
            &at("SagasTable", "DeletionProtectionEnabled/Fn::If/0"),
            json!("InRustLane"),
        ),
        set("deleted at will by default", "/Parameters/DeletionProtection/Default", json!("false")),
        set("protection is crossed", "/Conditions/IsProtected/Fn::Equals/1", json!("false")),
        set("any text is a key", "/Parameters/EncryptionKeyArn/AllowedPattern", json!(".*")),
        set("a placeholder is an audience", "/Parameters/TokenAudience/AllowedPattern", json!(".+")),
    ]
}
