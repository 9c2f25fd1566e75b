//! What other pages in the same browser can do: open a page of the issuer's, signing out included, and nothing else.

use base64::engine::general_purpose::STANDARD;

use super::*;

/// An app under development on this machine: for cookies, 127.0.0.1 is one place whatever the port.
const NEIGHBOUR: &str = "http://127.0.0.1:5174";

/// The directives of the answer's policy, by their names.
fn policy(answer: &Response) -> BTreeMap<String, String> {
    let policies: Vec<_> = answer.headers().get_all("content-security-policy").iter().collect();
    assert_eq!(policies.len(), 1, "{answer:?}");
    let directives = policies[0].to_str().unwrap().split(';').map(str::trim);
    let named = directives.map(|directive| directive.split_once(' ').unwrap_or((directive, "")));
    named.map(|(name, values)| (name.to_owned(), values.trim().to_owned())).collect()
}

/// The hashes of what stands in the page between `<tag>` and `</tag>`.
fn hashes(page: &str, tag: &str) -> Vec<String> {
    let (begin, end) = (format!("<{tag}>"), format!("</{tag}>"));
    let parts = page.split(&begin).skip(1).filter_map(|rest| rest.split(&end).next());
    parts.map(|part| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(part)))).collect()
}

/// The page may do what it does, and nothing else.
async fn is_closed(name: &str, answer: Response, framing: &str) {
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{name}");
    // A stricter one has browsers say "null" where they would say whose form it is.
    assert_eq!(answer.headers()["referrer-policy"], "same-origin", "{name}");
    let mut policy = policy(&answer);
    let page = answer.text().await.unwrap();
    let mut take = |directive: &str| policy.remove(directive).unwrap_or_else(|| panic!("{name}: no {directive}"));
    assert_eq!(take("default-src"), "'none'", "{name}");
    assert_eq!(take("base-uri"), "'none'", "{name}");
    assert_eq!(take("form-action"), format!("'self' {APP}"), "{name}");
    assert_eq!(take("frame-ancestors"), framing, "{name}");
    assert_eq!(take("script-src"), hashes(&page, "script").join(" "), "{name}: {page}");
    let style = take("style-src");
    assert!(hashes(&page, "style").iter().all(|hash| *hash == style) && !style.contains("unsafe"), "{name}: {style}");
    assert_eq!(policy, BTreeMap::new(), "{name}");
    let page = page.to_lowercase();
    assert!(!page.contains(" style=") && !page.contains("src=") && !page.contains(" onload="), "{name}: {page}");
}

#[tokio::test]
async fn every_page_does_what_it_does_and_nothing_else() {
    let stage = Stage::open().await;
    let message = [("prompt", "none"), ("response_mode", "web_message")];
    let logout = format!("v2/logout?{}", form(&[("client_id", SignIn::CLIENT_ID), ("returnTo", APP)]));
    let chooser = location(&stage.authorize(&[]).await);
    is_closed("the chooser", stage.visit(&chooser).await, "'none'").await;
    is_closed("nobody of that name", stage.post(&chooser, &[("person", "x")]).await, "'none'").await;
    is_closed("an ended sign-in", stage.visit("choose/x").await, "'none'").await;
    is_closed("a refusal", stage.authorize(&[("client_id", "another")]).await, "'none'").await;
    is_closed("what is not there", stage.visit("nothing").await, "'none'").await;
    is_closed("nobody is signed in", stage.authorize(&message).await, APP).await;
    is_closed("a framed refusal", stage.authorize(&[message[1], ("client_id", "another")]).await, APP).await;
    stage.sign_in(Person::Cook).await;
    is_closed("a code for the app's frame", stage.authorize(&message).await, APP).await;
    is_closed("a code in a form", stage.authorize(&[("response_mode", "form_post")]).await, "'none'").await;
    let signing_out = stage.visit(&logout).await;
    assert!(policy(&signing_out)["script-src"].starts_with("'sha256-"), "the form must send itself");
    is_closed("signing out", signing_out, "'none'").await;
    is_closed("signed out", stage.visit("v2/logout/success").await, "'none'").await;
    stage.cookies.lock().unwrap().clear();
    is_closed("signing out twice", stage.visit(&logout).await, "'none'").await;
}

#[tokio::test]
async fn a_person_is_chosen_on_the_page_of_the_people_only() {
    let stage = Stage::open().await;
    let chooser = location(&stage.authorize(&[]).await);
    let cook = [("person", Person::Cook.subject())];
    for foreign in [NEIGHBOUR, APP, "null", "https://evil.example"] {
        let answer = stage.post_from(foreign, &chooser, &cook).await;
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (403, None), "{foreign}");
        let refusal: Value = answer.json().await.unwrap();
        assert_eq!(refusal["error"]["code"], "FOREIGN_ORIGIN", "{foreign}");
    }
    assert_eq!(stage.post(&chooser, &cook).await.status(), 303);
}

#[tokio::test]
async fn nobody_is_signed_out_by_another_pages_form() {
    let stage = Stage::open().await;
    stage.sign_in(Person::Customer).await;
    let page = stage.visit("v2/logout").await.text().await.unwrap();
    let xsrf = page.split("name=\"xsrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let yes = [("xsrf", xsrf), ("logout", "yes")];
    assert_eq!(stage.post_from(NEIGHBOUR, "v2/logout/confirm", &yes).await.status(), 403);
    assert!(stage.silently().await["code"].is_string(), "somebody was signed out");
    assert_eq!(stage.post("v2/logout/confirm", &yes).await.status(), 303);
    assert_eq!(stage.silently().await["error"], "login_required");
}
