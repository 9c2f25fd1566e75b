//! A story against an API that gives wrong answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde_json::json;

use super::*;
use crate::api::client::{CANCEL_ORDER, CREATE_ORDER, FIND_ORDER, SET_STOCK};
use crate::api::deadline::Patience;

const PLAIN: Style = Style { colors: false };
const BEGAN: &str = "2026-11-26T00:00:00Z";

/// What an API answers: the status of each order when it is found, in the order in which they are found, and the last for ever.
#[derive(Clone)]
struct Answers {
    found: Arc<Mutex<Vec<Value>>>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Answers {
    fn of(found: &[Value]) -> Self {
        Self { found: Arc::new(Mutex::new(found.to_vec())), calls: Arc::default() }
    }

    /// A cast that calls an API with these answers, and waits no longer than a moment.
    async fn cast(&self) -> Cast {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let patience = Patience { limit: Duration::from_millis(20), pause: Duration::from_millis(1) };
        let client = Client::new(http, api, None).patient(patience);
        Cast { customer: client.clone(), cook: client }
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

async fn answer(State(answers): State<Answers>, uri: Uri) -> (StatusCode, String) {
    answers.calls.lock().unwrap().push(uri.path().rsplit('/').next().unwrap_or_default().to_owned());
    let order = json!({"order": {"orderId": "order-1", "status": "ORDER_STATUS_APPROVAL_PENDING"}});
    let body = match uri.path() {
        SET_STOCK => json!({}),
        CREATE_ORDER | CANCEL_ORDER => order,
        FIND_ORDER => {
            let mut found = answers.found.lock().unwrap();
            if found.len() > 1 { found.remove(0) } else { found.first().cloned().unwrap() }
        }
        _ => return (StatusCode::NOT_FOUND, json!({"code": "not_found", "message": "no"}).to_string()),
    };
    (StatusCode::OK, body.to_string())
}

/// An order as FindOrder shows it, with the outcomes of its saga's steps.
fn found(status: &str, reason: &str, saga: &str, steps: &[(&str, &str)]) -> Value {
    let step = |(name, state): &(&str, &str)| json!({"name": name, "service": "any", "state": format!("SAGA_STEP_STATE_{state}"), "sentAt": BEGAN});
    let steps: Vec<Value> = steps.iter().map(step).collect();
    json!({
        "order": {"orderId": "order-1", "status": format!("ORDER_STATUS_{status}"), "reason": reason},
        "sagas": [{"name": "create-order", "state": format!("SAGA_STATE_{saga}"), "steps": steps, "startedAt": BEGAN}],
    })
}

fn approved() -> Value {
    let steps = [("create-ticket", "SUCCEEDED"), ("authorize-card", "SUCCEEDED"), ("approve-ticket", "SUCCEEDED")];
    found("APPROVED", "", "COMPLETED", &steps)
}

fn sold_out() -> Value {
    found("REJECTED", "OUT_OF_STOCK", "COMPENSATED", &[("create-ticket", "REFUSED")])
}

#[tokio::test]
async fn a_story_with_the_right_answers_ends_well() {
    let answers = Answers::of(&[approved(), sold_out()]);
    let played = Played::by(&answers.cast().await, &Story::APPROVED, "smoke-1").await;
    assert!(played.is_good(), "{}", played.ending(PLAIN));
    assert_eq!(played.order_id(), Some("order-1"));
    assert_eq!(answers.calls(), ["SetStock", "CreateOrder", "FindOrder", "CreateOrder", "FindOrder"]);
}

#[tokio::test]
async fn every_wrong_answer_is_a_line_that_says_what_is_instead() {
    let steps = [("create-ticket", "SUCCEEDED"), ("authorize-card", "REFUSED"), ("reject-ticket", "SUCCEEDED")];
    let declined = found("REJECTED", "CARD_DECLINED", "COMPENSATED", &steps);
    // The last order finds stock where nothing should be left.
    let answers = Answers::of(&[declined, approved()]);
    let played = Played::by(&answers.cast().await, &Story::APPROVED, "smoke-1").await;
    assert!(!played.is_good());
    assert_eq!(
        played.ending(PLAIN),
        "  WRONG  the order is APPROVED, but it is REJECTED
  WRONG  it gives no reason, but it gives CARD_DECLINED
     ok  kitchen reserved the food: create-ticket is SUCCEEDED
  WRONG  billing holds the money: authorize-card is SUCCEEDED, but it is REFUSED
  WRONG  the cooks may begin: approve-ticket is SUCCEEDED, but it is nothing
  WRONG  the stock is taken: an order for 1 is OUT_OF_STOCK
"
    );
}

#[tokio::test]
async fn an_order_that_does_not_come_to_an_end_ends_the_story() {
    let answers = Answers::of(&[found("APPROVAL_PENDING", "", "RUNNING", &[("create-ticket", "SENT")])]);
    let played = Played::by(&answers.cast().await, &Story::APPROVED, "smoke-1").await;
    let ending = played.ending(PLAIN);
    assert!(
        ending.starts_with("  WRONG  the story is played to its end, but the order order-1 does not come"),
        "{ending}"
    );
    assert_eq!(played.order_id(), Some("order-1"), "its ticket can still be looked for");
    assert!(played.timeline(PLAIN).contains("CreateOrder"));
}

#[tokio::test]
async fn a_refused_call_ends_the_story_with_the_refusal() {
    let answers = Answers::of(&[approved()]);
    // Nobody answers StartTicket here.
    let played = Played::by(&answers.cast().await, &Story::CANCELED_TOO_LATE, "smoke-1").await;
    let ending = played.ending(PLAIN);
    assert!(ending.contains("but /kitchen_api.v1.KitchenService/StartTicket: the API answered 404"), "{ending}");
}
