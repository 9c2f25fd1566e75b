use std::time::SystemTime;

use auth::{Audience, Verifier};

use super::*;

fn verifier(stage: &Stage) -> Verifier {
    let issuer = auth::Issuer::parse(stage.issuer.url()).unwrap();
    Verifier::over_http(issuer, Audience::parse(AUDIENCE).unwrap())
}

#[tokio::test]
async fn everybody_signs_in_and_the_api_takes_the_token() {
    for person in Person::ALL {
        let stage = Stage::open().await;
        let tokens = stage.sign_in(person).await;
        let bearer = |name: &str| format!("Bearer {}", tokens[name].as_str().unwrap());
        let verifier = verifier(&stage);
        let principal = verifier.verify(Some(&bearer("access_token")), SystemTime::now()).await.unwrap();
        assert_eq!(principal.subject.as_str(), person.subject());
        let permissions: Vec<String> = principal.permissions.iter().map(ToString::to_string).collect();
        assert_eq!(permissions, person.permissions());
        let refused = verifier.verify(Some(&bearer("id_token")), SystemTime::now()).await;
        assert!(refused.is_err(), "the API took an ID token");
    }
}

#[tokio::test]
async fn the_tokens_are_those_of_auth0() {
    let stage = Stage::open().await;
    let back = stage.choose(&stage.authorize(&[]).await, Person::Operator.subject()).await;
    assert!(location(&back).starts_with(APP));
    assert_eq!(parameter(&location(&back), "state").unwrap(), "the-state");
    let (_, tokens) = stage.redeem(&parameter(&location(&back), "code").unwrap()).await;
    let answered = json!([tokens["expires_in"], tokens["token_type"], tokens["scope"]]);
    assert_eq!(answered, json!([3600, "Bearer", "openid profile email offline_access"]));
    let access = claims(&tokens["access_token"]);
    assert_eq!(access["aud"], json!([AUDIENCE, format!("{}userinfo", stage.issuer.url())]));
    assert_eq!((&access["azp"], &access["scope"]), (&json!(SignIn::CLIENT_ID), &tokens["scope"]));
    assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 3600);
    assert_eq!(access["client_id"], Value::Null);
    let header = tokens["access_token"].as_str().unwrap().split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    assert_eq!(header, json!({"alg": "RS256", "typ": "JWT", "kid": stage.issuer.key().id()}));
    let identity = claims(&tokens["id_token"]);
    assert_eq!(identity["iss"], stage.issuer.url());
    assert_eq!((&identity["aud"], &identity["nonce"]), (&json!(SignIn::CLIENT_ID), &json!("the-nonce")));
    let told = json!([identity["sub"], identity["name"], identity["email"]]);
    assert_eq!(told, json!(["auth0|operator-1", "Olga", "olga@example.com"]));
    assert!(identity["exp"].as_i64() > identity["iat"].as_i64());
}

#[tokio::test]
async fn whoever_has_signed_in_is_signed_in_silently_and_nobody_else_is() {
    let stage = Stage::open().await;
    assert_eq!(stage.silently().await["error"], "login_required");
    stage.sign_in(Person::Cook).await;
    let code = stage.silently().await["code"].as_str().unwrap().to_owned();
    let (_, tokens) = stage.redeem(&code).await;
    assert_eq!(claims(&tokens["access_token"])["sub"], "auth0|cook-1");
    // A page that is opened anew asks nobody either.
    assert!(location(&stage.authorize(&[]).await).starts_with(APP));
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_grant() {
    let stage = Stage::open().await;
    let first = stage.sign_in(Person::Customer).await;
    let (status, second) = stage.refresh(&first).await;
    assert_eq!((status, &claims(&second["access_token"])["sub"]), (200, &json!("auth0|customer-1")));
    assert_eq!(claims(&second["access_token"])["permissions"], json!(Person::Customer.permissions()));
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    // The words by which Auth0's SDK falls back to its frame.
    let refused = json!({"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."});
    assert_eq!(stage.refresh(&first).await, (400, refused.clone()));
    assert_eq!(stage.refresh(&second).await, (400, refused));
    let code = stage.silently().await["code"].as_str().unwrap().to_owned();
    assert_eq!(stage.redeem(&code).await.0, 200);
}

#[tokio::test]
async fn a_tab_renews_its_token_whatever_another_tab_does() {
    let stage = Stage::open().await;
    let first = stage.sign_in(Person::Customer).await;
    let code = stage.silently().await["code"].as_str().unwrap().to_owned();
    let (_, second) = stage.redeem(&code).await;
    assert_eq!(stage.refresh(&first).await.0, 200);
    assert_eq!(stage.refresh(&second).await.0, 200);
}

#[tokio::test]
async fn no_refresh_token_is_given_to_who_does_not_ask_for_it() {
    let stage = Stage::open().await;
    let asked = stage.authorize(&[("scope", "openid profile")]).await;
    let back = stage.choose(&asked, Person::Customer.subject()).await;
    let (_, tokens) = stage.redeem(&parameter(&location(&back), "code").unwrap()).await;
    assert_eq!((&tokens["scope"], &tokens["refresh_token"]), (&json!("openid profile"), &Value::Null));
    assert_eq!(claims(&tokens["id_token"])["email"], Value::Null);
}

#[tokio::test]
async fn another_person_is_chosen_while_somebody_is_signed_in() {
    for prompt in ["login", "select_account"] {
        let stage = Stage::open().await;
        let old = stage.sign_in(Person::Customer).await;
        let asked = stage.authorize(&[("prompt", prompt)]).await;
        let page = stage.visit(&location(&asked)).await.text().await.unwrap();
        assert!(page.contains("Anna is signed in"), "{page}");
        // The library first ends the session of the other person.
        let ending = stage.choose(&asked, Person::Cook.subject()).await;
        let ended = stage.send_form(ending).await;
        let back = stage.visit(&location(&ended)).await;
        let (_, tokens) = stage.redeem(&parameter(&location(&back), "code").unwrap()).await;
        assert_eq!(claims(&tokens["access_token"])["sub"], "auth0|cook-1");
        assert_eq!(stage.refresh(&old).await.0, 400);
    }
}

#[tokio::test]
async fn the_same_person_may_be_chosen_again() {
    let stage = Stage::open().await;
    stage.sign_in(Person::Customer).await;
    let back = stage.choose(&stage.authorize(&[("prompt", "login")]).await, Person::Customer.subject()).await;
    assert!(parameter(&location(&back), "code").is_some());
}

#[tokio::test]
async fn signing_out_ends_the_session_in_every_tab_and_returns_to_the_app() {
    let stage = Stage::open().await;
    let first = stage.sign_in(Person::Customer).await;
    let code = stage.silently().await["code"].as_str().unwrap().to_owned();
    let (_, second) = stage.redeem(&code).await;
    let unused = stage.silently().await["code"].as_str().unwrap().to_owned();
    let parameters = form(&[("client_id", SignIn::CLIENT_ID), ("returnTo", APP), ("auth0Client", "x")]);
    let page = stage.visit(&format!("v2/logout?{parameters}")).await;
    let signed_out = stage.send_form(page).await;
    assert_eq!(location(&signed_out).trim_end_matches('/'), APP);
    assert_eq!(stage.silently().await["error"], "login_required");
    for tokens in [first, second] {
        assert_eq!(stage.refresh(&tokens).await.0, 400);
    }
    assert_eq!(stage.redeem(&unused).await.0, 400);
    // Whoever is signed out may sign out again, as from a tab that does not know it yet.
    let page = stage.visit(&format!("v2/logout?{parameters}")).await;
    assert_eq!(location(&stage.send_form(page).await).trim_end_matches('/'), APP);
}
