//! The code flow as an app and a browser play it, against the real library.

mod flow;
mod guard;
mod life;
mod refusals;
mod surroundings;

use std::collections::BTreeMap;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{RequestBuilder, Response, Url};
use sha2::{Digest, Sha256};

use super::*;
use crate::front::issuer::Issuer;
use crate::front::serving::Reserved;

const AUDIENCE: &str = "https://orders.example/";
const APP: &str = "http://127.0.0.1:5173";
const VERIFIER: &str = "a-verifier-as-long-as-they-have-to-be-for-pkce-0123456789";

/// An issuer, and a browser with its cookies.
struct Stage {
    issuer: Issuer,
    cookies: Mutex<BTreeMap<String, String>>,
    client: reqwest::Client,
    _dir: tempfile::TempDir,
}

/// What the token endpoint has answered.
type Tokens = Value;

impl Stage {
    async fn open() -> Self {
        Self::open_with(&SignIn::from_origins(&[APP])).await
    }

    async fn open_with(sign_in: &SignIn) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (port, key) = (Reserved::port(None).unwrap(), SigningKey::generate().unwrap());
        let workspace = Workspace::here();
        let issuer = Issuer::start_with_sign_in(port, AUDIENCE, key, sign_in, &workspace, dir.path()).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { issuer, cookies: Mutex::default(), client: client.build().unwrap(), _dir: dir }
    }

    /// The address of `path`, which may be an address already.
    fn url(&self, path: &str) -> Url {
        Url::parse(self.issuer.url()).unwrap().join(path).unwrap()
    }

    /// Sends a request as the browser does: with its cookies, and keeping those of the answer.
    async fn browse(&self, request: RequestBuilder) -> Response {
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if value.is_empty() {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    async fn visit(&self, path: &str) -> Response {
        self.browse(self.client.get(self.url(path))).await
    }

    /// Sends a form as the app's scripts and the issuer's own pages do: browsers say whose page it is.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let own = self.issuer.url().trim_end_matches('/');
        self.post_from(if path == "oauth/token" { APP } else { own }, path, fields).await
    }

    async fn post_from(&self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let post = self.client.post(self.url(path)).header("origin", origin);
        let post = post.header("content-type", "application/x-www-form-urlencoded");
        self.browse(post.body(form(fields))).await
    }

    /// Asks for a code as Auth0's SDK does, with `changes` to its parameters; an empty value leaves a parameter out.
    async fn authorize(&self, changes: &[(&str, &str)]) -> Response {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let usual = [
            ("client_id", SignIn::CLIENT_ID),
            ("audience", AUDIENCE),
            ("scope", "openid profile email offline_access"),
            ("redirect_uri", APP),
            ("response_type", "code"),
            ("response_mode", "query"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let parameters: BTreeMap<&str, &str> = usual.into_iter().chain(changes.iter().copied()).collect();
        let parameters: Vec<_> = parameters.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        self.visit(&format!("authorize?{}", form(&parameters))).await
    }

    /// Chooses `person` on the page that `to_chooser` leads to, and returns the answer that leads back to the app.
    async fn choose(&self, to_chooser: &Response, person: &str) -> Response {
        let chosen = self.post(&location(to_chooser), &[("person", person)]).await;
        self.visit(&location(&chosen)).await
    }

    /// Signs `person` in where nobody is signed in, and returns the app's code.
    async fn code(&self, person: Person) -> String {
        let back = self.choose(&self.authorize(&[]).await, person.subject()).await;
        parameter(&location(&back), "code").unwrap()
    }

    /// Asks the token endpoint as the client, with `fields`.
    async fn token(&self, fields: &[(&str, &str)]) -> (u16, Tokens) {
        let fields = [&[("client_id", SignIn::CLIENT_ID)], fields].concat();
        let answer = self.post("oauth/token", &fields).await;
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn redeem(&self, code: &str) -> (u16, Tokens) {
        let grant = ("grant_type", "authorization_code");
        self.token(&[grant, ("code", code), ("redirect_uri", APP), ("code_verifier", VERIFIER)]).await
    }

    async fn refresh(&self, tokens: &Tokens) -> (u16, Tokens) {
        let refresh_token = tokens["refresh_token"].as_str().unwrap();
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Signs `person` in and returns the tokens.
    async fn sign_in(&self, person: Person) -> Tokens {
        let (status, tokens) = self.redeem(&self.code(person).await).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    /// What the page in the SDK's frame tells the app.
    async fn silently(&self) -> Value {
        let answer = self.authorize(&[("prompt", "none"), ("response_mode", "web_message")]).await;
        assert_eq!(answer.status(), 200, "a browser reports anything else as an error");
        assert!(!answer.headers().contains_key("x-frame-options"));
        let page = answer.text().await.unwrap();
        let data = page.split("var data = ").nth(1).unwrap().lines().next().unwrap();
        let data: Value = serde_json::from_str(data.trim_end_matches(';')).unwrap();
        assert_eq!((&data["redirect_uri"], &data["response"]["state"]), (&json!(APP), &json!("the-state")));
        data["response"].clone()
    }

    /// Sends the form of a page that a script would send at once.
    async fn send_form(&self, page: Response) -> Response {
        let text = page.text().await.unwrap();
        let attribute = |tag: &str, name: &str| {
            tag.split_once(&format!("{name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
        };
        let action = attribute(text.split("<form").nth(1).unwrap(), "action").unwrap();
        let inputs: Vec<(String, String)> = text
            .split("<input")
            .skip(1)
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)))
            .collect();
        let inputs: Vec<(&str, &str)> = inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&action, &inputs).await
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://form/").unwrap();
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

fn location(answer: &Response) -> String {
    let location = answer.headers().get("location").unwrap_or_else(|| panic!("{} leads nowhere", answer.status()));
    location.to_str().unwrap().to_owned()
}

fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The claims of a token, whoever has signed it.
fn claims(token: &Value) -> Value {
    let claims = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}
