use http::Method;

use super::*;

#[test]
fn kept_data_stays_at_its_port() {
    let dir = tempfile::tempdir().unwrap();
    let settings =
        |port| Settings { dir: dir.path().into(), port, keep: true, enforce_iam: true, functions_endpoint: None };
    let port = kept_port(&settings(None)).unwrap();
    assert_eq!(kept_port(&settings(Some(free_port(None).unwrap()))).unwrap(), port);
    let _taken = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    assert!(kept_port(&settings(None)).unwrap_err().to_string().contains("make down"));
}

/// What a page in a browser sends, and what the gateway and programs do.
#[tokio::test]
async fn no_page_of_a_browser_calls_aws() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = Emulator::bare(&Workspace::here(), dir.path()).await.unwrap();
    let (functions, api) = ("/2015-03-31/functions", "/_aws/execute-api/none/$default/");
    let (made, no_api) = ("/?Action=CreateQueue&QueueName=x&Version=2012-11-05", "/_aws/execute-api/none");
    let (foreign, near) = (("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"));
    for (path, host, said, is_let_in) in [
        (functions, "127.0.0.1", None, true),
        (functions, "localhost", None, true),
        (functions, "bucket.localhost", None, true),
        (functions, "127.0.0.1", Some(("sec-fetch-mode", "cors")), true),
        (functions, "evil.example", None, false),
        (functions, "127.0.0.1.evil.example", None, false),
        (functions, "127.0.0.1", Some(foreign), false),
        (functions, "127.0.0.1", Some(("origin", "null")), false),
        (functions, "127.0.0.1", Some(near), false),
        (made, "127.0.0.1", Some(near), false),
        (made, "127.0.0.1", Some(("sec-fetch-site", "none")), false),
        (no_api, "127.0.0.1", Some(foreign), false),
        (api, "127.0.0.1", Some(("origin", "http://127.0.0.1:5173")), true),
        (api, "127.0.0.1", Some(("sec-fetch-site", "same-site")), true),
        (api, "evil.example", None, false),
    ] {
        for method in [Method::GET, Method::POST, Method::OPTIONS] {
            let answer = call(&emulator, &method, path, host, said).await;
            assert_eq!(!answer.contains("no page may call"), is_let_in, "{method} {path} {host} {said:?}");
        }
    }
    assert!(call(&emulator, &Method::POST, made, "127.0.0.1", None).await.contains("<QueueUrl>"), "a program's call");
    assert!(
        call(&emulator, &Method::GET, made, "127.0.0.1", None).await.contains("no page may call"),
        "a page's image"
    );
}

/// What the emulator answers a call of its path by this name, with this header.
async fn call(emulator: &Emulator, method: &Method, path: &str, host: &str, said: Option<(&str, &str)>) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let asked = client.request(method.clone(), format!("{}{path}", emulator.endpoint()));
    let asked = asked.header("host", format!("{host}:{}", emulator.port()));
    let asked = said.iter().fold(asked, |asked, (name, value)| asked.header(*name, *value));
    asked.send().await.unwrap().text().await.unwrap()
}

#[test]
fn stream_positions_are_forgotten_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("lambda.json");
    forget_stream_positions(&file).unwrap();
    let positions = |data: Value| json!({"__account_region_scoped__": true, "data": data});
    let state = |data| json!({"payload": {"functions": [1], "dynamodb_stream_positions": positions(data)}});
    std::fs::write(&file, state(json!({"a": 7})).to_string()).unwrap();
    forget_stream_positions(&file).unwrap();
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(kept, state(json!({})));
}
