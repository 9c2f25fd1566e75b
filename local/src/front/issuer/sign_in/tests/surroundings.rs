use super::*;

const FOREIGN: &str = "http://127.0.0.1:5174";
const READABLE: [&str; 4] = [".well-known/openid-configuration", ".well-known/jwks.json", "oauth/token", "userinfo"];

async fn allowed(stage: &Stage, method: Method, path: &str, origin: &str) -> (u16, Option<String>) {
    let request = stage.client.request(method, stage.url(path)).header("origin", origin);
    let asked = request.header("access-control-request-method", "POST");
    let answer = asked.header("access-control-request-headers", "auth0-client,content-type").send().await.unwrap();
    let headers = answer.headers();
    assert!(headers.get_all("access-control-allow-origin").iter().count() < 2);
    let allowed = headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), allowed)
}

#[tokio::test]
async fn scripts_of_the_app_read_what_it_needs_and_other_scripts_read_nothing() {
    let stage = Stage::open().await;
    for path in READABLE {
        for method in [Method::OPTIONS, if path == "oauth/token" { Method::POST } else { Method::GET }] {
            let (_, app) = allowed(&stage, method.clone(), path, APP).await;
            assert_eq!(app.as_deref(), Some(APP), "{method} {path}");
            let (_, foreign) = allowed(&stage, method.clone(), path, FOREIGN).await;
            assert_eq!(foreign, None, "{method} {path}");
        }
    }
    assert_eq!(allowed(&stage, Method::OPTIONS, "oauth/token", APP).await.0, 200);
    assert_eq!(allowed(&stage, Method::GET, "token?sub=anybody", APP).await, (200, None));
}

#[tokio::test]
async fn a_form_that_a_foreign_page_sends_is_not_carried_out() {
    let stage = Stage::open().await;
    let tokens = stage.sign_in(Person::Customer).await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let fields = [("client_id", SignIn::CLIENT_ID), ("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    for foreign in [FOREIGN, "null", stage.issuer.url().trim_end_matches('/')] {
        assert_eq!(stage.post_from(foreign, "oauth/token", &fields).await.status(), 403, "{foreign}");
    }
    assert_eq!(stage.refresh(&tokens).await.0, 200);
}

#[tokio::test]
async fn the_token_endpoint_takes_json_as_well() {
    let stage = Stage::open().await;
    let code = stage.code(Person::Customer).await;
    let fields = json!({
        "client_id": SignIn::CLIENT_ID, "grant_type": "authorization_code", "code": code, "redirect_uri": APP,
        "code_verifier": VERIFIER,
    });
    let ask = async |body: String| {
        let post = stage.client.post(stage.url("oauth/token")).header("content-type", "application/json").body(body);
        let answer = post.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    for (body, error) in
        [("{", "invalid_request"), ("null", "invalid_request"), ("{\"client_id\": 3}", "invalid_client")]
    {
        let (status, refused) = ask(body.to_owned()).await;
        assert!((400..500).contains(&status), "{body}: {status}");
        assert_eq!(refused["error"], error, "{body}");
    }
    assert_eq!(ask(fields.to_string()).await.0, 200);
}

#[tokio::test]
async fn userinfo_says_who_a_token_is_of() {
    let stage = Stage::open().await;
    let ask = async |token: &str| {
        let answer = stage.client.get(stage.url("userinfo")).bearer_auth(token).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let tokens = stage.sign_in(Person::AnotherCustomer).await;
    let berta = json!({
        "sub": "auth0|customer-2", "name": "Berta", "nickname": "berta", "email": "berta@example.com",
        "email_verified": true,
    });
    assert_eq!(ask(tokens["access_token"].as_str().unwrap()).await, (200, berta));
    // Whom only `/token` knows has no name.
    let anybody = stage.issuer.access_token("auth0|anybody", &[]);
    assert_eq!(ask(&stage.issuer.sign(&anybody).unwrap()).await, (200, json!({"sub": "auth0|anybody"})));
    let bad = [
        ("expired", stage.issuer.sign(&anybody.clone().expires_in(-60)).unwrap()),
        ("another audience", stage.issuer.sign(&anybody.clone().claim("aud", AUDIENCE)).unwrap()),
        ("another issuer", stage.issuer.sign(&anybody.clone().claim("iss", "https://evil.example/")).unwrap()),
        ("an ID token", tokens["id_token"].as_str().unwrap().to_owned()),
        ("another key", SigningKey::generate().unwrap().sign(&anybody).unwrap()),
        ("unsigned", anybody.unsigned() + "x"),
        ("nonsense", "nonsense".to_owned()),
    ];
    for (name, token) in bad {
        let (status, refused) = ask(&token).await;
        assert_eq!((status, &refused["error"]), (401, &json!("invalid_token")), "{name}");
    }
}

#[tokio::test]
async fn a_token_without_an_audience_is_for_userinfo_alone() {
    let stage = Stage::open().await;
    let back = stage.choose(&stage.authorize(&[("audience", "")]).await, Person::Cook.subject()).await;
    let (status, tokens) = stage.redeem(&parameter(&location(&back), "code").unwrap()).await;
    assert_eq!((status, &tokens["expires_in"]), (200, &json!(3600)));
    assert_eq!(claims(&tokens["id_token"])["name"], "Carlo");
    let token = tokens["access_token"].as_str().unwrap();
    assert!(!token.contains('.'), "it looks like a token for the API");
    let answer = stage.client.get(stage.url("userinfo")).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["name"], "Carlo");
}

#[tokio::test]
async fn discovery_is_complete_and_true() {
    let stage = Stage::open().await;
    let document: Value = stage.visit(".well-known/openid-configuration").await.json().await.unwrap();
    let url = stage.issuer.url();
    assert_eq!(document["issuer"], url);
    let endpoints = [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "oauth/token"),
        ("userinfo_endpoint", "userinfo"),
        ("end_session_endpoint", "v2/logout"),
        ("jwks_uri", ".well-known/jwks.json"),
    ];
    for (name, path) in endpoints {
        assert_eq!(document[name], format!("{url}{path}"));
        let get = stage.client.get(document[name].as_str().unwrap()).header("accept", "application/json");
        let status = get.send().await.unwrap().status().as_u16();
        // The library knows the token endpoint for POST only.
        assert!(status != 404 || name == "token_endpoint", "{name} is not served");
    }
    let others = document.as_object().unwrap().keys().filter(|name| name.ends_with("_endpoint") || *name == "jwks_uri");
    assert_eq!(others.count(), endpoints.len(), "{document}");
    let lists = [
        ("code_challenge_methods_supported", json!(["S256"])),
        ("grant_types_supported", json!(["authorization_code", "refresh_token"])),
        ("id_token_signing_alg_values_supported", json!(["RS256"])),
        ("response_modes_supported", json!(["form_post", "fragment", "query", "web_message"])),
        ("response_types_supported", json!(["code"])),
        ("scopes_supported", json!(["openid", "profile", "email", "offline_access"])),
        ("subject_types_supported", json!(["public"])),
        ("token_endpoint_auth_methods_supported", json!(["none"])),
    ];
    for (name, expected) in lists {
        assert_eq!(document[name], expected, "{name}");
    }
    assert_eq!(document["dpop_signing_alg_values_supported"], Value::Null);
    assert!(document["development_only"].as_str().unwrap().starts_with("DEVELOPMENT ONLY"));
    let keys: Value = stage.visit(".well-known/jwks.json").await.json().await.unwrap();
    assert_eq!(keys, stage.issuer.key().jwks());
}

#[tokio::test]
async fn the_page_of_the_people_is_plain_and_loads_nothing() {
    let stage = Stage::open().await;
    let answer = stage.visit(&location(&stage.authorize(&[]).await)).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let page = answer.text().await.unwrap();
    for label in ["Anna, a customer", "Berta, another customer", "Carlo, a cook", "Olga, an operator"] {
        assert!(page.contains(&format!(">{label}</button>")), "{page}");
    }
    assert!(page.contains("DEVELOPMENT ONLY") && page.contains("lang=\"en\"") && page.contains("prefers-color-scheme"));
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("src="));
}
