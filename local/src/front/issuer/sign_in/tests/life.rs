use std::process::{Child, Stdio};

use super::*;

#[tokio::test]
async fn a_token_is_good_for_as_long_as_it_was_set_to_be() {
    let token_lifetime = Duration::from_secs(7);
    let stage = Stage::open_with(&SignIn { token_lifetime, ..SignIn::from_origins(&[APP]) }).await;
    let tokens = stage.sign_in(Person::Customer).await;
    for tokens in [&tokens, &stage.refresh(&tokens).await.1] {
        let claims = claims(&tokens["access_token"]);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 7);
        assert_eq!(tokens["expires_in"], 7);
    }
}

#[tokio::test]
async fn the_app_may_have_several_addresses() {
    let other = "http://localhost:5173";
    let stage = Stage::open_with(&SignIn::from_origins(&[APP, other])).await;
    let back = stage.choose(&stage.authorize(&[("redirect_uri", other)]).await, Person::Cook.subject()).await;
    assert!(location(&back).starts_with(other));
}

fn provider(settings: &Value) -> Child {
    use std::io::Write;
    let workspace = Workspace::here();
    let mut command = Command::new(workspace.node().unwrap());
    command.arg(workspace.root().join("local/oidc/main.mjs")).stdin(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.as_mut().unwrap(), "{settings}").unwrap();
    child
}

const ISSUER: &str = "http://127.0.0.1:9081/";

fn settings_at(port: u16) -> Value {
    let key = SigningKey::generate().unwrap();
    let tokens = super::super::Tokens { issuer: ISSUER, audience: AUDIENCE, key: &key };
    settings(port, &tokens, &SignIn::from_origins(&[APP])).unwrap()
}

/// The status of its answer to who calls it `host`, once it answers.
async fn answers(child: &mut Child, port: u16, host: &str) -> u16 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://127.0.0.1:{port}/.well-known/openid-configuration");
    loop {
        if let Ok(answer) = client.get(&url).header("host", host).send().await {
            return answer.status().as_u16();
        }
        assert!(child.try_wait().unwrap().is_none(), "the provider has ended before");
        tokio::task::yield_now().await;
    }
}

/// It listens on a port of its own, which a page can find.
#[tokio::test]
async fn the_provider_answers_to_the_issuers_names_and_its_own() {
    let port = free_port(None).unwrap();
    let mut child = provider(&settings_at(port));
    for (host, status) in [
        (format!("127.0.0.1:{port}"), 200),
        ("127.0.0.1:9081".to_owned(), 200),
        ("localhost:9081".to_owned(), 200),
        (format!("evil.example:{port}"), 421),
        ("evil.example:9081".to_owned(), 421),
        ("127.0.0.1".to_owned(), 421),
    ] {
        assert_eq!(answers(&mut child, port, &host).await, status, "{host}");
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

/// The end of its standard input is all that it learns of a parent that was killed.
#[tokio::test]
async fn the_provider_ends_when_nobody_holds_its_input() {
    let port = free_port(None).unwrap();
    let mut child = provider(&settings_at(port));
    answers(&mut child, port, &format!("127.0.0.1:{port}")).await;
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn the_provider_ends_when_it_cannot_listen() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let mut child = provider(&settings_at(taken.local_addr().unwrap().port()));
    assert!(!child.wait().unwrap().success());
}

#[tokio::test]
async fn a_provider_that_does_not_start_is_told_with_its_log() {
    let dir = tempfile::tempdir().unwrap();
    let key = SigningKey::generate().unwrap();
    let tokens = super::super::Tokens { issuer: "no address", audience: AUDIENCE, key: &key };
    let started = Provider::start(&Workspace::here(), dir.path(), tokens, &SignIn::from_origins(&[APP])).await;
    let error = started.unwrap_err().to_string();
    assert!(error.contains("the OIDC provider did not start") && error.contains("Issuer Identifier"), "{error}");
}

#[tokio::test]
async fn nobody_signs_in_at_an_issuer_that_was_not_asked_to() {
    let issuer = Issuer::start(Reserved::port(None).unwrap(), AUDIENCE, SigningKey::generate().unwrap()).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{}authorize", issuer.url())).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}
