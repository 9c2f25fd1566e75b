//! The permissions that IAM would ask of a caller's role.

use serde::Serialize;
use serde_json::Value;

use crate::watch::call::last_part;

/// A permission that a function has made use of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Use {
    /// The function's logical id, such as `CreateTicketFunction`.
    pub function: String,
    /// The action as IAM names it, such as `dynamodb:PutItem`.
    pub action: String,
    /// The resource by its physical name, such as `order-saga-orders` or `order-saga-orders/index/by-customer`; `*` where
    /// the action has none.
    pub resource: String,
}

/// The permissions that the call of `action` needs, as pairs of action and resource.
pub(crate) fn needs(service: &str, action: &str, body: &[u8]) -> Vec<(String, String)> {
    // IAM knows no action for a batch of events; it asks for that of a single event.
    let action = if action == "PublishBatch" { "Publish" } else { action };
    let needs = |action: &str, resource: String| (format!("{service}:{action}"), resource);
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        // SNS speaks the query protocol. Of the characters in our ARNs, a form escapes only the colon.
        let form = String::from_utf8_lossy(body).into_owned();
        let topic = form.split('&').find_map(|pair| pair.strip_prefix("TopicArn="));
        return topic.map(|arn| needs(action, last_part(&arn.replace("%3A", ":")))).into_iter().collect();
    };
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    match action {
        // IAM knows no action for a transaction; it asks for the action of each part.
        "TransactWriteItems" | "TransactGetItems" => {
            let parts = request["TransactItems"].as_array().into_iter().flatten();
            let parts = parts.flat_map(|part| part.as_object().into_iter().flatten());
            parts.map(|(part, request)| needs(&part_action(part), table(request))).collect()
        }
        "BatchGetItem" => {
            let tables = request["RequestItems"].as_object().into_iter().flatten();
            tables.map(|(table, _)| needs(action, table.clone())).collect()
        }
        "StartExecution" | "ListExecutions" => vec![needs(action, last_part(&text("stateMachineArn")))],
        "GetExecutionHistory" | "DescribeExecution" => {
            let arn = text("executionArn");
            let machine = arn.rsplit_once(':').map_or("", |(machine, _)| machine);
            vec![needs(action, format!("execution:{}:*", last_part(machine)))]
        }
        "SendTaskSuccess" | "SendTaskFailure" => vec![needs(action, "*".to_owned())],
        _ if service == "sqs" => vec![needs(action, last_part(&text("QueueUrl")))],
        _ => vec![needs(action, table(&request))],
    }
}

fn part_action(part: &str) -> String {
    match part {
        "ConditionCheck" => "ConditionCheckItem".to_owned(),
        write => format!("{write}Item"),
    }
}

/// The table of a request, or the index that it queries.
fn table(request: &Value) -> String {
    let table = request["TableName"].as_str().unwrap_or_default();
    match request["IndexName"].as_str() {
        Some(index) => format!("{table}/index/{index}"),
        None => table.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(service: &str, action: &str, body: &str) -> Vec<String> {
        let needs = needs(service, action, body.as_bytes());
        needs.into_iter().map(|(action, resource)| format!("{action} on {resource}")).collect()
    }

    #[test]
    fn a_transaction_needs_what_its_parts_need() {
        let parts = json!({"TransactItems": [
            {"Put": {"TableName": "s-tickets", "Item": {}}},
            {"Update": {"TableName": "s-stock", "Key": {}}},
            {"ConditionCheck": {"TableName": "s-orders", "Key": {}}},
        ]});
        let expected = [
            "dynamodb:PutItem on s-tickets",
            "dynamodb:UpdateItem on s-stock",
            "dynamodb:ConditionCheckItem on s-orders",
        ];
        assert_eq!(read("dynamodb", "TransactWriteItems", &parts.to_string()), expected);
        let looks = json!({"TransactItems": [{"Get": {"TableName": "s-stock", "Key": {}}}]});
        assert_eq!(read("dynamodb", "TransactGetItems", &looks.to_string()), ["dynamodb:GetItem on s-stock"]);
    }

    #[test]
    fn an_index_is_a_resource_of_its_own() {
        let query = r#"{"TableName":"s-orders","IndexName":"by-customer"}"#;
        assert_eq!(read("dynamodb", "Query", query), ["dynamodb:Query on s-orders/index/by-customer"]);
        assert_eq!(read("dynamodb", "GetItem", r#"{"TableName":"s-orders"}"#), ["dynamodb:GetItem on s-orders"]);
        let batch = r#"{"RequestItems":{"s-sagas":{"Keys":[]}}}"#;
        assert_eq!(read("dynamodb", "BatchGetItem", batch), ["dynamodb:BatchGetItem on s-sagas"]);
    }

    #[test]
    fn queues_topics_and_executions_are_named_as_a_role_names_them() {
        let queue = r#"{"QueueUrl":"http://127.0.0.1:1/000000000000/s-saga"}"#;
        assert_eq!(read("sqs", "SendMessage", queue), ["sqs:SendMessage on s-saga"]);
        let publish = "Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3As-events&Message=a";
        assert_eq!(read("sns", "Publish", publish), ["sns:Publish on s-events"]);
        let batch = publish.replace("Publish", "PublishBatch");
        assert_eq!(read("sns", "PublishBatch", &batch), ["sns:Publish on s-events"]);
        let start = r#"{"stateMachineArn":"arn:aws:states:r:1:stateMachine:s-m"}"#;
        assert_eq!(read("states", "StartExecution", start), ["states:StartExecution on s-m"]);
        assert_eq!(read("states", "ListExecutions", start), ["states:ListExecutions on s-m"]);
        let execution = r#"{"executionArn":"arn:aws:states:r:1:execution:s-m:0123"}"#;
        for action in ["GetExecutionHistory", "DescribeExecution"] {
            assert_eq!(read("states", action, execution), [format!("states:{action} on execution:s-m:*")]);
        }
        assert_eq!(read("states", "SendTaskFailure", r#"{"taskToken":"t"}"#), ["states:SendTaskFailure on *"]);
    }
}
