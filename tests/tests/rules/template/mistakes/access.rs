//! Mistakes in who may do what.

use serde_json::json;

use super::{Edit, Mistake, add, arn, at, of_machine, reference, remove, set, statement};

pub(super) fn mistakes() -> Vec<Mistake> {
    let mut mistakes = of_roles_about_data();
    mistakes.extend(of_roles_about_messages());
    mistakes.extend(of_whole_roles());
    mistakes.extend(of_policies());
    mistakes.extend(of_the_api());
    mistakes.extend(of_cors());
    mistakes
}

fn of_roles_about_data() -> Vec<Mistake> {
    vec![
        set("any action on its table", &statement("CreateOrderRole", 1, "Action"), json!("dynamodb:*")),
        set("any action at all", &statement("FindOrderRole", 1, "Action"), json!("*")),
        set("any table", &statement("CreateOrderRole", 1, "Resource"), json!("*")),
        set("any log group", &statement("SetStockRole", 0, "Resource"), json!("*")),
        set("any index", &statement("ListOrdersRole", 1, "Resource"), json!({"Fn::Sub": "${OrdersTable.Arn}/index/*"})),
        set(
            "another index",
            &statement("ListTicketsRole", 1, "Resource/Fn::Sub"),
            json!("${TicketsTable.Arn}/index/by-customer"),
        ),
        set("the table instead of its index", &statement("ListOrdersRole", 1, "Resource"), arn("OrdersTable")),
        set("another service's table", &statement("CancelCardRole", 2, "Resource"), arn("OrdersTable")),
        set("a delete that no code makes", &statement("StartTicketRole", 1, "Action/1"), json!("dynamodb:DeleteItem")),
        remove("one action too few", &statement("CreateTicketRole", 2, "Action/1")),
        remove("no right to the counters", &at("RejectTicketRole", "Policies/0/PolicyDocument/Statement/3")),
        set("it scans instead of asking", &statement("FindOrderRole", 1, "Action"), json!("dynamodb:Scan")),
        set("a deny", &statement("ListProductsRole", 1, "Effect"), json!("Deny")),
        set(
            "any table of the account",
            &statement("CreateOrderRole", 2, "Resource"),
            json!("arn:aws:dynamodb:*:*:table/*"),
        ),
    ]
}

fn of_roles_about_messages() -> Vec<Mistake> {
    vec![
        set("any queue", &statement("ApproveOrderRole", 3, "Resource"), json!("*")),
        remove("no way to reply", &statement("AuthorizeCardRole", 3, "Resource/0")),
        remove("no reply to the other lane", &statement("RejectTicketRole", 4, "Resource/1")),
        set("replies to another queue", &statement("CancelTicketRole", 4, "Resource/1"), arn("StartSagaQueue")),
        set(
            "another's dead letters",
            &statement("CancelTicketRole", 4, "Resource/2"),
            arn("CancelCardDeadLetterQueue"),
        ),
        set(
            "it takes from another queue",
            &statement("ConfirmCancellationRole", 1, "Resource"),
            arn("ApproveOrderQueue"),
        ),
        remove("it acknowledges nothing", &statement("RejectOrderRole", 1, "Action/1")),
        set("any execution's history", &statement("FindOrderRole", 2, "Fn::If/2/Resource"), json!("*"))
            .seen_at("Resources/FindOrderRole"),
        set("any state machine", &statement("StartSagaRole", 2, "Resource"), json!("*")),
        remove("one state machine too few", &statement("StartSagaRole", 2, "Resource/1")),
        set(
            "it starts as well as resumes",
            &statement("ResumeSagaRole", 2, "Action/1"),
            json!("states:StartExecution"),
        ),
        remove("no watchdogs", &statement("OrchestrateSagaRole", 3, "Resource/0")),
        remove("one step's queue too few", &statement("OrchestrateSagaRole", 3, "Resource/3")),
        remove("a state machine that cannot send", &statement(&of_machine("cancel-order", "Role"), 0, "Resource/2")),
        set(
            "a state machine that may send anywhere",
            &statement(&of_machine("create-order", "Role"), 0, "Resource"),
            json!("*"),
        ),
    ]
}

fn of_whole_roles() -> Vec<Mistake> {
    let assume = "AssumeRolePolicyDocument/Statement/0";
    vec![
        remove("no right to traces", &at("CreateOrderRole", "ManagedPolicyArns")),
        set(
            "an administrator",
            &at("CreateOrderRole", "ManagedPolicyArns/0"),
            json!("arn:aws:iam::aws:policy/AdministratorAccess"),
        ),
        add(
            "a boundary",
            &at("CreateOrderRole", "PermissionsBoundary"),
            json!("arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ),
        set(
            "another service takes the role",
            &at("SetStockRole", &format!("{assume}/Principal/Service")),
            json!("ec2.amazonaws.com"),
        ),
        set("anybody takes the role", &at("SetStockRole", &format!("{assume}/Principal")), json!("*")),
        set(
            "Lambda takes a state machine's role",
            &at(&of_machine("create-order", "Role"), &format!("{assume}/Principal/Service")),
            json!("lambda.amazonaws.com"),
        ),
        set("a function with another's role", &at("ListOrdersFunction", "Role"), arn("CreateOrderRole")),
        remove("a function whose role SAM makes", &at("ListOrdersFunction", "Role")),
        add("a policy that SAM attaches", &at("ListOrdersFunction", "Policies"), json!(["AmazonDynamoDBFullAccess"]))
            .and(Edit::Remove(at("ListOrdersFunction", "Role"))),
        set("traces are everything", &at("TracingPolicy", "PolicyDocument/Statement/0/Action"), json!("xray:*")),
        set(
            "a log delivery is everything",
            &at("StateMachinePolicy", "PolicyDocument/Statement/1/Action"),
            json!("logs:*"),
        ),
    ]
}

fn of_policies() -> Vec<Mistake> {
    let statement = "PolicyDocument/Statement/0";
    vec![
        set("anybody publishes events", &at("OrderEventsTopicPolicy", &format!("{statement}/Principal")), json!("*")),
        set(
            "another function publishes events",
            &at("OrderEventsTopicPolicy", &format!("{statement}/Principal/AWS")),
            arn("CreateOrderRole"),
        ),
        set(
            "the topic lets everything be done",
            &at("OrderEventsTopicPolicy", &format!("{statement}/Action")),
            json!("sns:*"),
        ),
        remove("the topic has no policy", "/Resources/OrderEventsTopicPolicy"),
        remove("anybody's alarms", &at("AlarmsTopicPolicy", &format!("{statement}/Condition"))),
        set("the alarms' policy is about events", &at("AlarmsTopicPolicy", "Topics/0"), reference("OrderEventsTopic")),
        remove("any topic sends to the queue", &at("SagaQueuePolicy", &format!("{statement}/Condition"))),
        set("anybody sends to the queue", &at("SagaQueuePolicy", &format!("{statement}/Principal")), json!("*")),
        set(
            "another topic sends to the queue",
            &at("StartSagaQueuePolicy", &format!("{statement}/Condition/ArnEquals/aws:SourceArn")),
            reference("AlarmsTopic"),
        ),
        set("a policy of another queue", &at("StartSagaQueuePolicy", "Queues/0"), reference("ResumeSagaQueue")),
        set("SNS may read the queue", &at("SagaQueuePolicy", &format!("{statement}/Action")), json!("sqs:*")),
        remove("SNS has no place for what it cannot deliver", "/Resources/SagaDeadLetterQueuePolicy"),
    ]
}

fn of_the_api() -> Vec<Mistake> {
    let api = |property: &str| at("HttpApi", property);
    let stage = "Resources/HttpApiApiGatewayDefaultStage";
    vec![
        remove("no authorizer", &api("Auth/DefaultAuthorizer")),
        remove("no authentication", &api("Auth")),
        add(
            "a route for everybody",
            &at("SetStockFunction", "Events/Post/Properties/Auth"),
            json!({"Authorizer": "NONE"}),
        )
        .seen_at("Resources/HttpApi"),
        set(
            "another issuer",
            &api("Auth/Authorizers/TokenAuthorizer/JwtConfiguration/issuer"),
            json!("https://evil.example.com/"),
        ),
        set("another audience", &api("Auth/Authorizers/TokenAuthorizer/JwtConfiguration/audience"), json!([])),
        set(
            "the token in another place",
            &api("Auth/Authorizers/TokenAuthorizer/IdentitySource"),
            json!("$request.querystring.token"),
        ),
        remove("no limit of the rate", &api("DefaultRouteSettings/ThrottlingRateLimit")).seen_at(stage),
        set("a hundred times the rate", &api("DefaultRouteSettings/ThrottlingRateLimit"), json!(10_000)).seen_at(stage),
        remove("no limits", &api("DefaultRouteSettings")).seen_at(stage),
        set(
            "metrics of routes that nobody asked for",
            &api("DefaultRouteSettings/DetailedMetricsEnabled"),
            json!(true),
        )
        .seen_at(stage),
        set("no metrics though they were asked for", &api("DefaultRouteSettings/DetailedMetricsEnabled"), json!(false))
            .seen_at(stage),
        set("paid metrics by default", "/Parameters/RouteMetrics/Default", json!("true")),
        remove("no access log", &api("AccessLogSettings")).seen_at(stage),
        set("the access log in another group", &api("AccessLogSettings/DestinationArn"), arn("CreateOrderLogGroup"))
            .seen_at(stage),
        set(
            "an access log with tokens",
            &api("AccessLogSettings/Format"),
            json!(r#"{"token":"$context.authorizer.claims"}"#),
        )
        .seen_at(stage),
        set("warnings are ignored", &api("FailOnWarnings"), json!(false)),
        set(
            "routes are crossed",
            &at("FindOrderFunction", "Events/Post/Properties/Path"),
            json!("/order_api.v1.OrderService/CancelOrder"),
        )
        .and(Edit::Set(
            at("CancelOrderFunction", "Events/Post/Properties/Path"),
            json!("/order_api.v1.OrderService/FindOrder"),
        ))
        .seen_at("Resources/HttpApi"),
        remove("no GET", &at("FindOrderFunction", "Events/Get")).seen_at("Resources/HttpApi"),
        set("a GET with effects", &at("CancelOrderFunction", "Events/Post/Properties/Method"), json!("GET"))
            .seen_at("Resources/HttpApi"),
        set("any method", &at("CancelOrderFunction", "Events/Post/Properties/Method"), json!("ANY"))
            .seen_at("Resources/HttpApi"),
    ]
}

fn of_cors() -> Vec<Mistake> {
    let cors = at("HttpApi", "CorsConfiguration");
    let of = |property: &str| format!("{cors}/Fn::If/1/{property}");
    vec![
        set("every origin", &of("AllowOrigins"), json!(["*"])),
        set("every header", &of("AllowHeaders"), json!(["*"])),
        add("cookies", &of("AllowCredentials"), json!(true)),
        remove("no CORS", &cors),
        set("CORS for nobody", &format!("{cors}/Fn::If/2"), json!({"AllowOrigins": ["https://evil.example.com"]})),
        set("one origin of what may be several", &of("AllowOrigins"), json!([{"Ref": "AllowedOrigins"}])),
        set("origins between semicolons", &of("AllowOrigins/Fn::Split/0"), json!(";")),
        remove("a header that connect-web sends is refused", &of("AllowHeaders/6")),
        remove("a trace ends at the API", &of("AllowHeaders/7")),
        remove("an app cannot read why its token is refused", &of("ExposeHeaders/6")),
        set("CORS is asked for with every call", &of("MaxAge"), json!(0)),
    ]
}
