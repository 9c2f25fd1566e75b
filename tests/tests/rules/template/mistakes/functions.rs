//! Mistakes in the functions and in what all of them have.

use serde_json::json;

use super::{Mistake, add, at, reference, remove, set};

pub(super) fn mistakes() -> Vec<Mistake> {
    let mut mistakes = of_all_functions();
    mistakes.extend(of_single_functions());
    mistakes.extend(of_variables());
    mistakes.extend(of_logs());
    mistakes.extend(of_parameters());
    mistakes
}

fn of_all_functions() -> Vec<Mistake> {
    let any = "Resources/CreateOrderFunction";
    let all = |property: &str| format!("/Globals/Function/{property}");
    vec![
        set("another runtime", &all("Runtime"), json!("provided.al2")).seen_at(any),
        set("another handler", &all("Handler"), json!("main")).seen_at(any),
        set("always arm", &all("Architectures/0"), json!("arm64")).seen_at(any),
        remove("no architecture", &all("Architectures")).seen_at(any),
        set("less memory", &all("MemorySize"), json!(128)).seen_at(any),
        set("a timeout below the messages'", &all("Timeout"), json!(3)).seen_at(any),
        remove("the usual timeout", &all("Timeout")).seen_at(any),
        set("no traces", &all("Tracing"), json!("PassThrough")).seen_at(any),
        remove("traces left out", &all("Tracing")).seen_at(any),
        remove("Lambda stops a saga", &all("RecursiveLoop")).seen_at(any),
        set("Lambda stops a saga's loop", &all("RecursiveLoop"), json!("Terminate")).seen_at(any),
        set("logs as text", &all("LoggingConfig/LogFormat"), json!("Text")).seen_at(any),
        set("Lambda drops log lines", &all("LoggingConfig/ApplicationLogLevel"), json!("ERROR")).seen_at(any),
        remove("no log level", &all("Environment/Variables/RUST_LOG")).seen_at(any),
        set("everything is logged", &all("Environment/Variables/RUST_LOG"), json!("trace")).seen_at(any),
    ]
}

fn of_single_functions() -> Vec<Mistake> {
    vec![
        add("a function with less time", &at("CreateTicketFunction", "Timeout"), json!(2)),
        add("a function with less memory", &at("RelayOutboxFunction", "MemorySize"), json!(128)),
        add(
            "a function that only one call may use",
            &at("CreateOrderFunction", "ReservedConcurrentExecutions"),
            json!(1),
        ),
        add("a function that is public", &at("SetStockFunction", "FunctionUrlConfig"), json!({"AuthType": "NONE"}))
            .seen_at("Resources/SetStockFunctionUrl"),
        set("another function's code", &at("ApproveTicketFunction", "CodeUri"), json!("functions/approve-order")),
        set(
            "another function's name",
            &at("ApproveTicketFunction", "FunctionName/Fn::Sub"),
            json!("${AWS::StackName}-approve-order"),
        ),
        remove("a function that sam cannot build", "/Resources/ListProductsFunction/Metadata"),
        set(
            "another function's log",
            &at("ListTicketsFunction", "LoggingConfig/LogGroup"),
            reference("ListOrdersLogGroup"),
        ),
        remove("a function too few", "/Resources/ListProductsFunction"),
    ]
}

fn of_variables() -> Vec<Mistake> {
    let variable =
        |function: &str, name: &str| at(&format!("{function}Function"), &format!("Environment/Variables/{name}"));
    vec![
        set("another table", &variable("CreateTicket", "TICKETS_TABLE"), reference("OrdersTable")),
        set("tables are crossed", &variable("CancelTicket", "STOCK_TABLE"), reference("TicketsTable")),
        set("a literal table", &variable("ApproveOrder", "ORDERS_TABLE"), json!("orders")),
        set(
            "another's dead letters",
            &variable("ApproveTicket", "DEAD_LETTER_QUEUE_URL"),
            reference("RejectTicketDeadLetterQueue"),
        ),
        set(
            "poison goes back to the queue",
            &variable("CancelCard", "DEAD_LETTER_QUEUE_URL"),
            reference("CancelCardQueue"),
        ),
        set(
            "commands to another step",
            &variable("OrchestrateSaga", "REJECT_TICKET_QUEUE_URL"),
            reference("CancelTicketQueue"),
        ),
        set(
            "replies to another queue",
            &variable("OrchestrateSaga", "SAGA_QUEUE_URL"),
            reference("SagaDeadLetterQueue"),
        ),
        set("events to the alarms", &variable("RelayOutbox", "ORDER_EVENTS_TOPIC_ARN"), reference("AlarmsTopic")),
        set("a limit of its own", &variable("CreateOrder", "APPROVAL_LIMIT_MINOR_UNITS"), json!("100000")),
        set("any audience", &variable("SetStock", "TOKEN_AUDIENCE"), reference("TokenIssuer")),
        set("another issuer", &variable("FindOrder", "TOKEN_ISSUER"), json!("https://evil.example.com/")),
        set("shards of its own", &variable("CreateTicket", "STOCK_SHARDS"), json!("4")),
        remove("stock that is never spread", &variable("SetStock", "STOCK_SHARDS")),
        set("another gateway", &variable("AuthorizeCard", "PAYMENT_GATEWAY"), json!("none")),
        remove("a variable too few", &variable("CreateTicket", "STOCK_TABLE")),
        add("a variable too many", &variable("ListOrders", "STOCK_TABLE"), reference("StockTable")),
    ]
}

fn of_logs() -> Vec<Mistake> {
    vec![
        set("logs for ever", &at("CreateOrderLogGroup", "RetentionInDays"), json!(3653)),
        remove("logs that nobody deletes", &at("HttpApiLogGroup", "RetentionInDays")),
        set(
            "a log group of another name",
            &at("RelayOutboxLogGroup", "LogGroupName/Fn::Sub"),
            json!("/aws/lambda/relay-outbox"),
        ),
    ]
}

fn of_parameters() -> Vec<Mistake> {
    vec![
        set("no function runs alone behind a queue", "/Parameters/QueueConcurrency/MinValue", json!(1)),
        set("more at once than SQS allows", "/Parameters/QueueConcurrency/MaxValue", json!(1001)),
        set("more at once than a new account has", "/Parameters/QueueConcurrency/Default", json!(20)),
        remove("no usual concurrency", "/Parameters/QueueConcurrency/Default"),
        set("any burst", "/Parameters/ApiBurstLimit/Default", json!(200)),
        remove("no limit of calls", "/Parameters/ApiRateLimit/MaxValue"),
        set("any limit", "/Parameters/ApprovalLimitMinorUnits/MinValue", json!(0)),
        set("more shards than a look shows", "/Parameters/StockShards/MaxValue", json!(11)),
        set("stock that is spread unasked", "/Parameters/StockShards/Default", json!(2)),
        set("a higher limit", "/Parameters/ApprovalLimitMinorUnits/Default", json!(10_000_000)),
        set("any issuer", "/Parameters/TokenIssuer/AllowedPattern", json!(".*")),
        remove("any origin", "/Parameters/AllowedOrigins/AllowedPattern"),
        remove("an empty audience", "/Parameters/TokenAudience/AllowedPattern"),
        add("an issuer by default", "/Parameters/TokenIssuer/Default", json!("https://tenant.eu.auth0.com/")),
    ]
}
