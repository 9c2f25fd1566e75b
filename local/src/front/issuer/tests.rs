use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

use super::*;

const AUDIENCE: &str = "https://orders.example/";

async fn json(url: &str) -> Value {
    reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await.unwrap().json().await.unwrap()
}

/// What a resource server does: discovery, then the key set, then the signature and the claims.
async fn verify(issuer: &Issuer, token: &str) -> jsonwebtoken::errors::Result<Value> {
    let configuration = json(&format!("{}.well-known/openid-configuration", issuer.url())).await;
    assert_eq!(configuration["issuer"], issuer.url());
    let keys: JwkSet = serde_json::from_value(json(configuration["jwks_uri"].as_str().unwrap()).await).unwrap();
    let kid = decode_header(token)?.kid.unwrap();
    let key = DecodingKey::from_jwk(keys.find(&kid).unwrap())?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[issuer.url()]);
    Ok(decode::<Value>(token, &key, &validation)?.claims)
}

fn issuer() -> Issuer {
    Issuer::start(Reserved::port(None).unwrap(), AUDIENCE, SigningKey::generate().unwrap()).unwrap()
}

#[tokio::test]
async fn a_token_is_verified_by_discovery_and_key_set() {
    let issuer = issuer();
    let token = issuer.token("auth0|customer-1", &["create:orders", "read:orders"]).unwrap();
    let claims = verify(&issuer, &token).await.unwrap();
    assert_eq!(claims["sub"], "auth0|customer-1");
    assert_eq!(claims["permissions"], json!(["create:orders", "read:orders"]));
    assert_eq!(claims["aud"], json!([AUDIENCE, format!("{}userinfo", issuer.url())]));
}

#[tokio::test]
async fn the_endpoint_gives_tokens_that_verify() {
    let issuer = issuer();
    let url = format!("{}token?sub=auth0%7Cchef&permissions=read:tickets,update:stock", issuer.url());
    let answer = json(&url).await;
    let claims = verify(&issuer, answer["access_token"].as_str().unwrap()).await.unwrap();
    assert_eq!(claims["permissions"], json!(["read:tickets", "update:stock"]));
}

#[tokio::test]
async fn a_token_is_kept_by_nobody_and_lives_as_long_as_it_is_asked_to() {
    let issuer = issuer();
    let ask = async |expires_in: i64| {
        let url = format!("{}token?sub=auth0%7Cchef&expires_in={expires_in}", issuer.url());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(url).send().await.unwrap()
    };
    for (expires_in, is_good) in [(60, true), (i64::MAX, true), (-3600, false), (i64::MIN, false)] {
        let answer = ask(expires_in).await;
        assert_eq!((answer.status().as_u16(), &answer.headers()["cache-control"]), (200, &"no-store".parse().unwrap()));
        let token = answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
        let claims = verify(&issuer, &token).await.map(|claims| claims["exp"].is_i64());
        assert_eq!(claims.is_ok_and(|told| told), is_good, "{expires_in}");
    }
}

#[tokio::test]
async fn every_forgery_is_refused() {
    let issuer = issuer();
    let good = issuer.access_token("auth0|customer-1", &[]);
    let strange = SigningKey::generate().unwrap();
    let known_id = issuer.identity.key.id();
    let forgeries = [
        ("expired", issuer.sign(&good.clone().expires_in(-3600)).unwrap()),
        ("another audience", issuer.sign(&good.clone().claim("aud", "https://other.example/")).unwrap()),
        ("another issuer", issuer.sign(&good.clone().claim("iss", "https://evil.example/")).unwrap()),
        ("an ID token", issuer.sign(&good.clone().into_id_token()).unwrap()),
        ("another key", strange.sign(&good.clone().header("kid", known_id)).unwrap()),
        ("no signature", good.clone().header("kid", known_id).unsigned()),
    ];
    for (name, token) in forgeries {
        assert!(verify(&issuer, &token).await.is_err(), "{name} was accepted");
    }
}

#[test]
fn the_key_is_kept_and_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("issuer-key.der");
    let made = SigningKey::kept_in(&file).unwrap();
    assert_eq!(SigningKey::kept_in(&file).unwrap().jwks(), made.jwks());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::write(&file, "nonsense").unwrap();
    assert!(SigningKey::kept_in(&file).unwrap_err().to_string().contains("remove it"));
}
