//! A small template on a real emulator: everything that the real system relies on there.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::QueueAttributeName;
use local::{Deadline, Kept, LocalAws, Options, SigningKey, Workspace, free_port};
use serde_json::{Value, json};

const RPC: &str = "/order_api.v1.OrderService/CreateOrder";

/// The fixture's template and its functions, written to `dir`.
fn options(dir: &Path) -> Options {
    let workspace = Workspace::here();
    let fixture = workspace.root().join("local/tests/fixture");
    let python = workspace.tool("ministack", "python").unwrap();
    let source = std::fs::read_to_string(fixture.join("bootstrap.py")).unwrap();
    for function in ["write", "relay", "consume"] {
        let binary = dir.join(function);
        std::fs::write(&binary, format!("#!{}\n{source}", python.display())).unwrap();
        std::fs::set_permissions(&binary, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    Options { template: fixture.join("template.yaml"), binaries: dir.to_owned(), ..Options::throw_away(&workspace) }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Asks until there is an answer.
async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Deadline::soon();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        deadline.wait_or(|| format!("{what} has not happened")).await.unwrap();
    }
}

/// The type with which the message `body` reached the consumer, once it has.
async fn consumed(aws: &LocalAws, body: &str) -> String {
    eventually(&format!("the message {body}"), async || item(aws, body).await).await
}

async fn item(aws: &LocalAws, body: &str) -> Option<String> {
    let get = aws.clients().dynamodb.get_item().table_name(aws.stack().resource("StockTable").unwrap());
    let item = get.key("key", AttributeValue::S(body.to_owned())).send().await.unwrap().item?;
    Some(item.get("type")?.as_s().unwrap().clone())
}

async fn post(aws: &LocalAws, token: &str, key: &str) -> reqwest::Response {
    let post = client().post(format!("{}{RPC}", aws.api())).bearer_auth(token);
    post.json(&json!({ "key": key })).send().await.unwrap()
}

async fn send(aws: &LocalAws, body: &str) {
    let queue = aws.stack().resource("SagaQueue").unwrap();
    aws.clients().sqs.send_message().queue_url(queue).message_body(body).send().await.unwrap();
}

#[tokio::test]
async fn the_real_shapes_work() {
    let binaries = tempfile::tempdir().unwrap();
    let aws = LocalAws::start(&Workspace::here(), options(binaries.path())).await.unwrap();
    strangers_are_turned_away(&aws).await;
    browsers_may_ask(&aws).await;
    roles_are_enforced(&aws).await;
    events_are_filtered_and_raw(&aws).await;
    poison_ends_in_the_dead_letter_queue(&aws).await;
    calls_are_recorded(&aws);
    a_killed_function_gets_its_message_again(&aws).await;
    let (api, id) = (aws.api(), aws.emulator().process_id());
    drop(aws);
    assert!(client().get(api).send().await.is_err());
    assert!(!std::fs::read_to_string(format!("/proc/{id}/cmdline")).is_ok_and(|line| line.contains("ministack")));
}

async fn strangers_are_turned_away(aws: &LocalAws) {
    assert_eq!(client().post(format!("{}{RPC}", aws.api())).send().await.unwrap().status(), 401);
    let issuer = aws.issuer();
    let good = issuer.access_token("auth0|c", &[]);
    let strange = SigningKey::generate().unwrap();
    for token in [
        issuer.sign(&good.clone().expires_in(-100)).unwrap(),
        issuer.sign(&good.clone().claim("aud", "https://other.example/")).unwrap(),
        issuer.sign(&good.clone().into_id_token()).unwrap(),
        strange.sign(&good).unwrap(),
        good.unsigned(),
    ] {
        assert_eq!(post(aws, &token, "k").await.status(), 401);
    }
    let token = issuer.token("auth0|c", &[]).unwrap();
    let unknown = client().post(format!("{}/unknown", aws.api())).bearer_auth(token).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}

async fn browsers_may_ask(aws: &LocalAws) {
    let ask = |origin: &str| {
        let ask = client().request(reqwest::Method::OPTIONS, format!("{}{RPC}", aws.api()));
        ask.header("origin", origin).header("access-control-request-method", "POST").send()
    };
    for origin in [LocalAws::ORIGIN, LocalAws::OTHER_ORIGIN] {
        let answer = ask(origin).await.unwrap();
        assert_eq!(answer.status(), 204);
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
        assert!(answer.headers()["access-control-allow-headers"].to_str().unwrap().contains("idempotency-key"));
    }
    let stranger = ask("https://evil.example.com").await.unwrap();
    assert!(!stranger.headers().contains_key("access-control-allow-origin"), "{stranger:?}");
}

async fn roles_are_enforced(aws: &LocalAws) {
    let token = aws.issuer().token("auth0|c", &[]).unwrap();
    let answer: Value = post(aws, &token, "one").await.json().await.unwrap();
    let expected = json!({
        "put": "ok", "put_again": "ConditionalCheckFailedException", "query_index": "ok",
        "scan": "AccessDeniedException", "transact": "ok", "transact_short": "TransactionCanceledException",
        "transact_denied": "AccessDeniedException", "send": "AccessDenied", "subject": "auth0|c", "query": "",
    });
    assert_eq!(answer, expected);
    let get = client().get(format!("{}{RPC}?message=%7B%7D&x=a+b", aws.api())).bearer_auth(&token);
    let answer: Value = get.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["query"], "message=%7B%7D&x=a+b");
}

async fn events_are_filtered_and_raw(aws: &LocalAws) {
    assert_eq!(consumed(aws, "one order.v1.OrderPlaced").await, "order.v1.OrderPlaced");
    // The other event was published right after the first; a message sent now arrives after it would have.
    send(aws, "marker").await;
    assert_eq!(consumed(aws, "marker").await, "none");
    assert_eq!(item(aws, "one order.v1.Other").await, None);
}

async fn poison_ends_in_the_dead_letter_queue(aws: &LocalAws) {
    send(aws, "poison").await;
    send(aws, "neighbour").await;
    assert_eq!(consumed(aws, "neighbour").await, "none");
    let queue = aws.stack().resource("SagaDeadLetterQueue").unwrap();
    let dead = async || {
        let receive = aws.clients().sqs.receive_message().queue_url(queue);
        receive.message_system_attribute_names("ApproximateReceiveCount".into()).send().await.unwrap().messages?.pop()
    };
    assert_eq!(eventually("the poison's burial", dead).await.body.unwrap(), "poison");
}

fn calls_are_recorded(aws: &LocalAws) {
    let calls = aws.recorder().calls();
    let by = |function: &str| calls.iter().filter(move |call| call.function == function).collect::<Vec<_>>();
    let writes: Vec<_> = by("WriteFunction").into_iter().filter(|call| call.is_write()).take(5).collect();
    let seen: Vec<_> =
        writes.iter().map(|call| (call.action.as_str(), call.conditional, call.error.as_deref())).collect();
    let expected = [
        ("PutItem", true, None),
        ("PutItem", true, Some("ConditionalCheckFailedException")),
        ("TransactWriteItems", false, None),
        ("TransactWriteItems", true, Some("TransactionCanceledException")),
        ("TransactWriteItems", false, Some("AccessDeniedException")),
    ];
    assert_eq!(seen, expected);
    assert_eq!(writes[2].resources, ["order-saga-orders", "order-saga-stock"]);
    assert!(
        by("RelayFunction")
            .iter()
            .any(|call| call.action == "Publish" && call.resources == ["order-saga-order-events"])
    );
    assert!(by("ConsumeFunction").iter().all(|call| call.action == "PutItem" && call.succeeded()));
    assert!(calls.iter().all(|call| call.function.ends_with("Function")), "a caller is not known");
}

async fn a_killed_function_gets_its_message_again(aws: &LocalAws) {
    let held = aws.recorder().hold_next("ConsumeFunction", "PutItem");
    send(aws, "again").await;
    let call = held.await.unwrap();
    assert!(String::from_utf8_lossy(&call.body).contains("again"));
    assert!(aws.kill_function("ConsumeFunction").unwrap() > 0);
    drop(call);
    assert_eq!(consumed(aws, "again").await, "none");
    let queue = aws.stack().resource("SagaQueue").unwrap();
    let hidden = QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
    eventually("the acknowledgement", async || {
        let attributes = aws.clients().sqs.get_queue_attributes().queue_url(queue).attribute_names(hidden.clone());
        let attributes = attributes.send().await.unwrap().attributes.unwrap();
        (attributes[&hidden] == "0").then_some(())
    })
    .await;
}

#[tokio::test]
async fn kept_data_outlives_a_restart_and_streams_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let kept = || Kept {
        dir: dir.path().join("run"),
        issuer_key: dir.path().join("key.der"),
        api_port: free_port(None).unwrap(),
        issuer_port: free_port(None).unwrap(),
        console_port: free_port(None).unwrap(),
        trouble_port: free_port(None).unwrap(),
        emulator_port: free_port(None).unwrap(),
    };
    let start = async || {
        let options = Options { keep: Some(kept()), ..options(dir.path()) };
        LocalAws::start(&Workspace::here(), options).await.unwrap()
    };
    let first = start().await;
    let answer = post(&first, &first.issuer().token("auth0|c", &[]).unwrap(), "before").await;
    assert_eq!(answer.status(), 200);
    consumed(&first, "before order.v1.OrderPlaced").await;
    let resources = first.stack().resources.clone();
    first.stop();

    let second = start().await;
    assert_eq!(item(&second, "before order.v1.OrderPlaced").await.as_deref(), Some("order.v1.OrderPlaced"));
    let answer = post(&second, &second.issuer().token("auth0|c", &[]).unwrap(), "after").await;
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["put"], "ok");
    consumed(&second, "after order.v1.OrderPlaced").await;
    let names = |resources: &std::collections::BTreeMap<String, String>| resources.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&resources), names(&second.stack().resources));
}
