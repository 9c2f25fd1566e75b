use std::collections::BTreeMap;

use super::*;
use crate::data::lane::Lane;
use crate::stack::deployment::Stack;
use crate::trouble::mappings::tests::FakeLambda;
use crate::watch::recorder::Recorder;

const CONSOLE: &str = "http://127.0.0.1:5173";

struct Stage {
    trouble: TroubleServer,
    lambda: FakeLambda,
    _recorder: Recorder,
}

async fn stage() -> Stage {
    let lambda = FakeLambda::start(&[]);
    let recorder = Recorder::start(Reserved::port(None).unwrap(), &lambda.url()).unwrap();
    let resources = [("SagaQueue", "http://127.0.0.1:1/0/s-saga"), ("CreateTicketFunction", "s-create-ticket")];
    let resources = resources.map(|(id, physical)| (id.to_owned(), physical.to_owned())).into();
    let stack = Stack { resources, outputs: BTreeMap::new() };
    let world = World::new((&lambda.url(), 0), &recorder, &stack, Lane::Rust);
    let port = Reserved::port(None).unwrap();
    let trouble = TroubleServer::start(port, &[CONSOLE.to_owned()], world).await.unwrap();
    Stage { trouble, lambda, _recorder: recorder }
}

impl Stage {
    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.request(method, format!("{}{path}", self.trouble.url()))
    }

    /// As the console does it.
    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.request(Method::POST, path).header("origin", CONSOLE).json(&json!({}))
    }
}

/// Status and code of a refusal; the body of an answer.
async fn answered(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, if status == 200 { body } else { body["error"]["code"].clone() })
}

#[tokio::test]
async fn the_console_lists_begins_and_ends_troubles() {
    let stage = stage().await;
    let (status, listed) = answered(stage.request(Method::GET, "/troubles").header("origin", CONSOLE)).await;
    assert_eq!((status, listed["troubles"].as_array().unwrap().len()), (200, 11));
    let sold_out = &listed["troubles"][1];
    assert_eq!(sold_out["order"], json!({"cardToken": "tok_visa", "moreThanThereIs": true}));
    assert_eq!(
        (&sold_out["id"], &sold_out["promise"]),
        (&json!("sold-out"), &json!("A saga ends, once every service answers"))
    );
    assert_eq!((&sold_out["takesSeconds"], &sold_out["lastsSeconds"]), (&json!(2), &json!(0)));
    assert_eq!((&sold_out["on"], &sold_out["waitsFor"]), (&Value::Null, &Value::Null));

    let (status, begun) = answered(stage.post("/troubles/silent-kitchen/start")).await;
    assert_eq!((status, &begun["title"]), (200, &json!("Kitchen is silent")));
    assert!(begun["on"]["since"].as_str() < begun["on"]["endsAt"].as_str(), "{begun}");
    assert_eq!(answered(stage.post("/troubles/silent-kitchen/start")).await, (409, json!("ALREADY_ON")));
    let (status, ended) = answered(stage.post("/troubles/silent-kitchen/end")).await;
    assert_eq!((status, &ended["on"]), (200, &Value::Null));

    answered(stage.post("/troubles/silent-kitchen/start")).await;
    assert_eq!(answered(stage.post("/troubles/undo-first/start")).await.0, 200);
    assert_eq!(answered(stage.post("/troubles/stopped-queue/start")).await, (409, json!("IN_THE_WAY")));
    let (status, all) = answered(stage.post("/troubles/end")).await;
    assert_eq!(status, 200);
    assert!(all["troubles"].as_array().unwrap().iter().all(|trouble| trouble["on"].is_null()), "{all}");
}

#[tokio::test]
async fn what_is_not_there_or_cannot_be_done_is_said() {
    let stage = stage().await;
    assert_eq!(answered(stage.post("/troubles/plague/start")).await, (404, json!("UNKNOWN_TROUBLE")));
    assert_eq!(answered(stage.post("/troubles/plague/end")).await, (404, json!("UNKNOWN_TROUBLE")));
    assert_eq!(answered(stage.post("/elsewhere")).await, (404, json!("NOTHING_HERE")));
    assert_eq!(answered(stage.post("/troubles")).await, (404, json!("NOTHING_HERE")));
    assert_eq!(answered(stage.post("/troubles/late-events/start")).await, (502, json!("FAILED")), "the stack lacks it");
}

#[tokio::test]
async fn nobody_but_the_console_may_do_anything() {
    let stage = stage().await;
    let (get, post) = (Method::GET, Method::POST);
    let start = "/troubles/silent-kitchen/start";
    let json = |origin: &str| stage.request(post.clone(), start).json(&json!({})).header("origin", origin);
    let foreign_origin = (403, json!("FOREIGN_ORIGIN"));
    for origin in
        ["https://evil.example", "http://127.0.0.1:51730", "null", stage.trouble.url(), "http://localhost:5173"]
    {
        assert_eq!(answered(json(origin)).await, foreign_origin, "{origin}");
    }
    assert_eq!(answered(stage.request(post.clone(), start).json(&json!({}))).await, foreign_origin, "no origin");
    let read = |origin: &str| stage.request(get.clone(), "/troubles").header("origin", origin);
    assert_eq!(answered(read("https://evil.example")).await, foreign_origin);
    let opaque = HeaderValue::from_bytes(b"http://\xff").unwrap();
    assert_eq!(answered(stage.request(get.clone(), "/troubles").header("origin", opaque)).await, foreign_origin);
    assert_eq!(answered(stage.request(get.clone(), "/troubles")).await.0, 200, "a person at the command line");

    let rebound = |host: &str| stage.post(start).header("host", host.to_owned());
    let port = stage.trouble.url().rsplit(':').next().unwrap().to_owned();
    for host in [format!("evil.example:{port}"), "127.0.0.1".to_owned(), "127.0.0.1:1".to_owned()] {
        assert_eq!(answered(rebound(&host)).await, (403, json!("FOREIGN_HOST")), "{host}");
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        let simple =
            stage.request(post.clone(), start).header("origin", CONSOLE).header("content-type", kind).body("{}");
        assert_eq!(answered(simple).await, (415, json!("NOT_JSON")), "{kind}");
    }
    let untyped = stage.request(post.clone(), start).header("origin", CONSOLE).body("{}");
    assert_eq!(answered(untyped).await, (415, json!("NOT_JSON")));
    let (_, listed) = answered(stage.request(get, "/troubles")).await;
    assert!(listed["troubles"].as_array().unwrap().iter().all(|trouble| trouble["on"].is_null()), "nothing began");
    let renamed = stage.post(start).header("host", format!("localhost:{port}"));
    assert_eq!(answered(renamed).await.0, 200, "its other name");
}

#[tokio::test]
async fn a_browser_is_told_that_the_console_may_ask_and_no_other_page() {
    let stage = stage().await;
    let ask = |origin: &str| {
        let ask = stage.request(Method::OPTIONS, "/troubles/silent-kitchen/start").header("origin", origin);
        ask.header("access-control-request-method", "POST").header("access-control-request-headers", "content-type")
    };
    let console = ask(CONSOLE).send().await.unwrap();
    assert_eq!(console.headers()["access-control-allow-origin"], CONSOLE);
    assert_eq!(console.headers()["access-control-allow-headers"], "content-type");
    let stranger = ask("https://evil.example").send().await.unwrap();
    assert!(!stranger.headers().contains_key("access-control-allow-origin"), "{stranger:?}");
    let refused = stage.post("/troubles/plague/start").send().await.unwrap();
    assert_eq!(refused.headers()["access-control-allow-origin"], CONSOLE, "the console reads refusals too");
}

#[tokio::test]
async fn troubles_end_with_the_server() {
    let Stage { trouble, mut lambda, _recorder } = {
        let stage = stage().await;
        assert_eq!(answered(stage.post("/troubles/stopped-queue/start")).await.0, 200);
        stage
    };
    drop(trouble);
    let name = || "s-create-ticket".to_owned();
    assert_eq!(lambda.changed(), [(name(), false), (name(), true)]);
}
