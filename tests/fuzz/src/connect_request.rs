//! A request of the HTTP API, from the event to the answer, by the function that its path names.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use auth::Policy;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use buffa::Message as _;
use contracts::Reason;
use kitchen::domain::Shards;
use orchestration::{Lane, RecordedCatalog, RecordedSagas, SagaInstance};
use rpc::{EdgeReason, Mutation, Query};
use runtime::{Edge, Gate};
use serde_json::{Value, json};
use testkit::MemoryDatabase;
use wire::google::rpc::ErrorInfo;

use crate::issuer::{AUDIENCE, ISSUER, NOW_SECONDS, now, signed, verifier};
use crate::restaurant::{CUSTOMER, hand_over, opened};
use crate::{block_on, echoes};

/// What stands in the corpus for the token of a caller who may do everything.
const TOKEN: &str = "${TOKEN}";
/// Lambda takes no longer answer.
const LONGEST_ANSWER: usize = 6 * 1024 * 1024;
/// How much of what a caller sent is told, in characters.
const TOLD: usize = 64;
const PERMISSIONS: [&str; 9] = [
    "create:orders",
    "cancel:orders",
    "read:orders",
    "read:products",
    "read:tickets",
    "update:tickets",
    "update:stock",
    "read:stock",
    "read:operations",
];
/// The codes of Connect that say whose fault it is not.
const OURS: [&str; 3] = ["internal", "unknown", "data_loss"];

static SIGNED: LazyLock<String> = LazyLock::new(|| {
    let claims = json!({
        "iss": ISSUER, "sub": CUSTOMER, "aud": AUDIENCE, "iat": NOW_SECONDS - 10, "exp": NOW_SECONDS + 600,
        "permissions": PERMISSIONS,
    });
    signed(r#"{"alg":"RS256","typ":"JWT","kid":"key-a"}"#, &claims.to_string())
});

static REASONS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let edge = EdgeReason::ALL.iter().map(|reason| reason.name());
    edge.chain(Reason::ALL.iter().map(|reason| reason.name())).collect()
});

/// Whether the call succeeds. Whatever the event is, its answer is an answer of HTTP, and a refusal is an error of Connect that
/// repeats little of the request; the same event again has the same answer.
pub fn check(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    // An event that cannot be read reaches the edge as no event.
    let event: Value = serde_json::from_str(&text.replace(TOKEN, &SIGNED)).unwrap_or_default();
    let edge = edge(event["rawPath"].as_str().unwrap_or_default());
    let ask = || block_on(edge.answer_within(Duration::from_secs(3), event.clone()));
    let answer = ask();
    let status = is_an_answer(&answer);
    if status == 200 {
        says_what_its_type_says(&answer);
    } else {
        is_a_refusal(&answer, &event);
    }
    assert_eq!(ask(), answer, "the same event again has another answer");
    status == 200
}

/// The function that serves the RPC at this path; CreateOrder where no function does.
fn edge(path: &str) -> Edge {
    let database = opened(&json!({"name": "APPROVED"}));
    hand_over(&database);
    serving(path, &database).unwrap_or_else(|| creating(&database))
}

/// The function that serves the RPC at the end of this path, if there is one: each RPC of the policy has a line here.
fn serving(path: &str, database: &MemoryDatabase) -> Option<Edge> {
    let orders = database.table("orders");
    Some(match path.rsplit('/').next().unwrap_or_default() {
        "CreateOrder" => creating(database),
        "CancelOrder" => changing(order::api::CancelOrder, database, "orders"),
        "FindOrder" => {
            let instances = Arc::new(database.table("sagas"));
            let sagas = RecordedSagas { registry: order::sagas::registry(), instances };
            reading(order::api::FindOrder::new(Arc::new(orders), Arc::new(sagas)))
        }
        "ListOrders" => {
            let index = orders.index(order::BY_CUSTOMER.partition, order::BY_CUSTOMER.sort);
            reading(order::api::ListOrders::new(Arc::new(index)))
        }
        "ListProducts" => reading(order::api::ListProducts::new(Arc::new(database.table("products")))),
        "ListTickets" => {
            let index = database.table("tickets").index(kitchen::BY_STATUS.partition, kitchen::BY_STATUS.sort);
            reading(kitchen::api::ListTickets::new(Arc::new(index)))
        }
        "StartTicket" => changing(kitchen::api::StartTicket, database, "tickets"),
        "ListStock" => reading(kitchen::api::ListStock::new(Arc::new(database.table("stock")))),
        "ListSagas" => reading(operations::api::ListSagas::new(catalog(database))),
        "GetSaga" => reading(operations::api::GetSaga::new(catalog(database))),
        "DescribeSaga" => reading(operations::api::DescribeSaga::new(order::sagas::registry(), Lane::Rust)),
        "SetStock" => changing(kitchen::api::SetStock::new(Shards::ONE), database, "stock"),
        _ => return None,
    })
}

/// The paths of all RPCs that the policy opens.
pub fn rpcs() -> Vec<String> {
    let policy = block_on(Policy::from_rows(contracts::API.policy)).expect("a policy");
    policy.rpcs().map(str::to_owned).collect()
}

/// Whether a function serves this path here: other paths are tried on CreateOrder, which refuses them.
pub fn serves(path: &str) -> bool {
    serving(path, &MemoryDatabase::default()).is_some()
}

fn catalog(database: &MemoryDatabase) -> Arc<RecordedCatalog> {
    let (registry, instances) = (order::sagas::registry(), database.table("sagas"));
    let by_state = Arc::new(instances.index(SagaInstance::BY_STATE.partition, SagaInstance::BY_STATE.sort));
    Arc::new(RecordedCatalog { recorded: RecordedSagas { registry, instances: Arc::new(instances) }, by_state })
}

fn creating(database: &MemoryDatabase) -> Edge {
    let rpc = order::api::CreateOrder::new(Arc::new(database.table("products")), 200_000);
    Edge::of_mutation(contracts::API, gate(), rpc, database.table("orders"), now)
}

fn reading(query: impl Query) -> Edge {
    Edge::of_query(contracts::API, gate(), query, now)
}

fn changing(mutation: impl Mutation, database: &MemoryDatabase, table: &str) -> Edge {
    Edge::of_mutation(contracts::API, gate(), mutation, database.table(table), now)
}

fn gate() -> Gate {
    block_on(Gate::new(verifier(), contracts::API.policy)).expect("a policy")
}

/// The status of what is an answer as the HTTP API takes it.
fn is_an_answer(answer: &Value) -> u64 {
    let status = answer["statusCode"].as_u64().expect("a status");
    assert!((200..=599).contains(&status), "the status {status}");
    assert!(answer["body"].is_string() && answer["isBase64Encoded"].is_boolean(), "an answer without a body");
    let headers = answer["headers"].as_object().expect("headers");
    assert!(headers.values().all(Value::is_string), "a header that is no text: {headers:?}");
    assert_eq!(headers.get("x-content-type-options"), Some(&json!("nosniff")));
    assert!(headers.contains_key("cache-control"), "nobody says how long the answer may be kept");
    let length = answer.to_string().len();
    assert!(length < LONGEST_ANSWER, "an answer of {length} bytes");
    status
}

fn says_what_its_type_says(answer: &Value) {
    let body = answer["body"].as_str().unwrap_or_default();
    match answer["headers"]["content-type"].as_str() {
        Some("application/json") => {
            let message: Value = serde_json::from_str(body).expect("JSON");
            assert!(message.is_object(), "a message is an object");
        }
        Some("application/proto") => assert!(STANDARD.decode(body).is_ok(), "the body is no base64"),
        other => panic!("an answer of the type {other:?}"),
    }
}

/// An error as Connect's protocol wants it, whose cause is the caller.
fn is_a_refusal(answer: &Value, event: &Value) {
    let body = answer["body"].as_str().unwrap_or_default();
    let error: Value = serde_json::from_str(body).expect("an error of Connect is JSON");
    let code = error["code"].as_str().expect("a code");
    let known: Result<rpc::ErrorCode, _> = code.parse();
    assert!(known.is_ok() && !OURS.contains(&code), "the code {code}: {error}");
    let status = answer["statusCode"].as_u64().unwrap_or_default();
    let is_over = code == "deadline_exceeded";
    assert!(!is_over || has_timeout(event), "the call had all the time of the function: {error}");
    assert!(status < 500 || is_over && status == 504, "{status} for {code}: {error}");
    let message = error["message"].as_str().unwrap_or_default();
    assert!(!message.is_empty(), "a refusal without a word: {error}");
    repeats_little(message, event);
    let reasons: Vec<String> = error["details"].as_array().into_iter().flatten().filter_map(reason).collect();
    let [reason] = reasons.as_slice() else { panic!("a refusal has one reason, not {reasons:?}: {error}") };
    assert!(REASONS.contains(reason.as_str()), "the reason {reason} is in no catalogue");
}

/// Whether the caller says how long the call may take.
fn has_timeout(event: &Value) -> bool {
    let headers = event["headers"].as_object();
    headers.is_some_and(|headers| headers.keys().any(|name| name.eq_ignore_ascii_case("connect-timeout-ms")))
}

/// The reason that a detail of an error tells, if it is there to tell one.
fn reason(detail: &Value) -> Option<String> {
    if detail["type"] != "google.rpc.ErrorInfo" {
        return None;
    }
    let bytes = detail["value"].as_str().and_then(|value| STANDARD_NO_PAD.decode(value).ok()).expect("base64");
    Some(ErrorInfo::decode_from_slice(&bytes).expect("an ErrorInfo").reason)
}

/// The longest piece of the request that stands in the message is short.
fn repeats_little(message: &str, event: &Value) {
    let body = event["body"].as_str().unwrap_or_default();
    let decoded = STANDARD.decode(body).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let request: Value = serde_json::from_str(if decoded.is_empty() { body } else { &decoded }).unwrap_or_default();
    let sent = [echoes::values_of(event), echoes::values_of(&request), decoded].join(" ");
    let letters: Vec<char> = message.chars().collect();
    for piece in letters.windows(TOLD + 1) {
        let piece: String = piece.iter().collect();
        assert!(!sent.contains(&piece), "the message repeats more than {TOLD} characters: {piece:?}");
    }
}
