use super::*;

#[tokio::test]
async fn nobody_is_sent_where_the_app_is_not() {
    let stage = Stage::open().await;
    let elsewhere = ["https://evil.example", "http://127.0.0.1:5174", "http://127.0.0.1:5173.evil.example"];
    for changes in elsewhere.map(|uri| ("redirect_uri", uri)).into_iter().chain([("client_id", "another")]) {
        let answer = stage.authorize(&[changes]).await;
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None), "{changes:?}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("That did not work") && page.contains("Go back to the app"), "{page}");
    }
}

#[tokio::test]
async fn a_request_for_what_is_not_served_is_refused() {
    let stage = Stage::open().await;
    let refusals = [
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("response_type", "token"), "invalid_request"),
        (("audience", "https://other.example/"), "invalid_target"),
        (("prompt", "dance"), "invalid_request"),
    ];
    for (change, error) in refusals {
        let answer = stage.authorize(&[change]).await;
        let told = parameter(&location(&answer).replace('#', "?"), "error");
        assert_eq!(told.as_deref(), Some(error), "{change:?}");
    }
}

#[tokio::test]
async fn a_code_is_good_for_its_verifier_its_address_and_its_client() {
    let stage = Stage::open().await;
    let code = stage.code(Person::Customer).await;
    let right = [
        ("client_id", SignIn::CLIENT_ID),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", APP),
        ("code_verifier", VERIFIER),
    ];
    let wrong = [
        ("code_verifier", "another-verifier-as-long-as-they-have-to-be-for-pkce-01", "invalid_grant"),
        ("code_verifier", "", "invalid_grant"),
        ("redirect_uri", "http://127.0.0.1:5174", "invalid_grant"),
        ("code", "another", "invalid_grant"),
        ("client_id", "another", "invalid_client"),
        ("grant_type", "password", "unsupported_grant_type"),
        ("grant_type", "", "invalid_request"),
    ];
    for (name, value, error) in wrong {
        let changed = right.map(|(known, usual)| (known, if known == name { value } else { usual }));
        let fields: Vec<_> = changed.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let answer = stage.post("oauth/token", &fields).await;
        assert!(answer.status().is_client_error(), "{name} {value}");
        let refused: Value = answer.json().await.unwrap();
        assert_eq!(refused["error"], error, "{name} {value}");
        assert!(!refused["error_description"].as_str().unwrap_or_default().contains("refresh"), "{refused}");
    }
    assert_eq!(stage.redeem(&code).await.0, 200);
}

#[tokio::test]
async fn a_code_that_is_used_twice_ends_its_grant() {
    let stage = Stage::open().await;
    let code = stage.code(Person::Customer).await;
    let (_, tokens) = stage.redeem(&code).await;
    let (status, refused) = stage.redeem(&code).await;
    assert_eq!((status, &refused["error"]), (400, &json!("invalid_grant")));
    assert_eq!(stage.refresh(&tokens).await.0, 400);
}

#[tokio::test]
async fn only_somebody_of_the_page_can_be_chosen() {
    let stage = Stage::open().await;
    let chooser = location(&stage.authorize(&[]).await);
    for fields in [&[("person", "auth0|nobody")][..], &[("person", "")], &[]] {
        let answer = stage.post(&chooser, fields).await;
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None));
    }
    let back = stage.post(&chooser, &[("person", Person::Cook.subject())]).await;
    assert_eq!(back.status(), 303);
}

#[tokio::test]
async fn a_choice_belongs_to_the_browser_that_was_asked() {
    let stage = Stage::open().await;
    let chooser = location(&stage.authorize(&[]).await);
    stage.cookies.lock().unwrap().clear();
    let answer = stage.post(&chooser, &[("person", Person::Cook.subject())]).await;
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("This sign-in has ended"));
}

#[tokio::test]
async fn nobody_is_signed_out_towards_another_address() {
    let stage = Stage::open().await;
    stage.sign_in(Person::Customer).await;
    for (client, to) in [(SignIn::CLIENT_ID, "https://evil.example"), ("another", APP)] {
        let answer = stage.visit(&format!("v2/logout?{}", form(&[("client_id", client), ("returnTo", to)]))).await;
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None), "{client} {to}");
    }
    // Without a client there is nothing to compare the address with, and it is not used.
    let page = stage.visit(&format!("v2/logout?{}", form(&[("returnTo", "https://evil.example")]))).await;
    let to = location(&stage.send_form(page).await);
    assert_eq!(to, format!("{}v2/logout/success", stage.issuer.url()));
    assert!(stage.visit(&to).await.text().await.unwrap().contains("You are signed out"));
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let stage = Stage::open().await;
    let large = "x".repeat(BODY_LIMIT + 1);
    let answer = stage.post("oauth/token", &[("client_id", &large)]).await;
    assert_eq!(answer.status(), 413);
}
