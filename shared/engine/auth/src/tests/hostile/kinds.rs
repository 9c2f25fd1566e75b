//! Tokens of other kinds: by their type, by what must be understood, and by their claims.

use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

use super::super::fixture::{
    AUDIENCE, ISSUER, NOW_SECONDS, SIGNER_A, base64, claims, claims_with, claims_without, header_with,
};
use super::{Category, Row};
use crate::Rejection;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = by_their_type();
    rows.extend(with_what_must_be_understood());
    rows.extend(by_the_marks_of_an_id_token());
    rows.extend(by_their_claims());
    rows
}

fn by_their_type() -> Vec<Row> {
    let category = Category::Types;
    let of = |typ: Value| SIGNER_A.token_with_header(&header_with("typ", typ), &claims());
    let mut rows = Vec::new();
    for typ in [
        "id_token",
        "ID",
        "id+jwt",
        "logout+jwt",
        "secevent+jwt",
        "dpop+jwt",
        "rt+jwt",
        "refresh+jwt",
        "Refresh",
        "token-introspection+jwt",
        "oauth-authz-req+jwt",
        "client-authentication+jwt",
        "kb+jwt",
        "dc+sd-jwt",
        "passport",
        "JOSE",
        "JOSE+JSON",
        "JWE",
        "JWS",
        "",
        " ",
        "JWT ",
        " at+jwt",
        "at+jwt;v=1",
        "application/at+jwt; charset=utf-8",
        "at jwt",
        "at+jwt\u{0}",
        "bat+jwt",
        "at+jwts",
        "\u{430}t+jwt",
        "text/at+jwt",
    ] {
        let name = format!("the type {typ:?}");
        rows.push(Row::refused(category, name, &of(typ.into()), Rejection::NotAnAccessToken));
    }
    for (name, typ) in [
        ("a list of types", json!(["JWT"])),
        ("a number as the type", json!(1)),
        ("an object as the type", json!({})),
        ("true as the type", json!(true)),
    ] {
        rows.push(Row::refused(category, name, &of(typ), Rejection::Malformed));
    }
    // The type is looked at before the key is.
    let unknown = json!({ "alg": "RS256", "kid": "unknown", "typ": ["JWT"] });
    let token = SIGNER_A.token_with_header(&unknown, &claims());
    rows.push(Row::refused(category, "a list of types under an unknown key id", &token, Rejection::Malformed));
    for typ in ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"] {
        rows.push(Row::accepted(category, format!("the type {typ:?}"), &of(typ.into())));
    }
    rows.push(Row::accepted(category, "null as the type", &of(Value::Null)));
    let untyped = json!({ "alg": "RS256", "kid": SIGNER_A.key_id });
    rows.push(Row::accepted(category, "no type", &SIGNER_A.token_with_header(&untyped, &claims())));
    rows
}

fn with_what_must_be_understood() -> Vec<Row> {
    let category = Category::Critical;
    let mut rows = Vec::new();
    for (name, crit) in [
        ("b64", json!(["b64"])),
        ("an extension that nobody knows", json!(["http://example.com/UNDEFINED"])),
        ("a claim", json!(["exp"])),
        ("a member of the header", json!(["alg"])),
        ("an empty name", json!([""])),
        ("nothing", json!([])),
        ("a text", json!("b64")),
        ("null", Value::Null),
        ("a number", json!([1])),
        ("an object", json!({ "b64": true })),
        ("false", json!(false)),
        ("the same twice", json!(["b64", "b64"])),
    ] {
        let token = SIGNER_A.token_with_header(&header_with("crit", crit), &claims());
        rows.push(Row::refused(category, format!("`crit` holds {name}"), &token, Rejection::NotAnAccessToken));
    }
    let mut plain = header_with("crit", json!(["b64"]));
    plain["b64"] = false.into();
    let text = claims().to_string();
    let unencoded = SIGNER_A.sign(&RSA_PKCS1_SHA256, &format!("{}.{text}", base64(plain.to_string().as_bytes())));
    rows.push(Row::refused(category, "a payload that is not encoded", &unencoded, Rejection::NotAnAccessToken));
    let unannounced = base64(header_with("b64", false.into()).to_string().as_bytes());
    let unencoded = SIGNER_A.sign(&RSA_PKCS1_SHA256, &format!("{unannounced}.{text}"));
    rows.push(Row::refused(
        category,
        "a payload that is not encoded, without `crit`",
        &unencoded,
        Rejection::Malformed,
    ));
    let token = SIGNER_A.token_with_header(&header_with("b64", false.into()), &claims());
    rows.push(Row::accepted(category, "b64 without `crit`, and an encoded payload", &token));
    rows
}

fn by_the_marks_of_an_id_token() -> Vec<Row> {
    let category = Category::OtherTokens;
    let mut rows = Vec::new();
    for mark in ["nonce", "at_hash", "c_hash", "s_hash"] {
        for value in [json!("n-0S6_WzA2Mj"), json!(""), json!(false), json!([]), Value::Null] {
            let name = format!("for this API, with `{mark}` {value}");
            let token = SIGNER_A.token(&claims_with(mark, value));
            rows.push(Row::refused(category, name, &token, Rejection::IdToken));
        }
    }
    let mut for_both = claims_with("aud", json!([AUDIENCE, "client-id-of-the-app"]));
    let name = "for this API and for the app";
    rows.push(Row::refused(category, name, &SIGNER_A.token(&for_both), Rejection::IdToken));
    for_both["azp"] = "another-app".into();
    rows.push(Row::accepted(category, "for this API and for an app that has not asked", &SIGNER_A.token(&for_both)));
    let token = SIGNER_A.token(&claims_with("azp", json!(AUDIENCE)));
    rows.push(Row::refused(category, "for an app whose id is this API's", &token, Rejection::IdToken));
    rows.push(Row::accepted(category, "without `azp`", &SIGNER_A.token(&claims_without("azp"))));
    for (name, value) in
        [("a list", json!(["app"])), ("a number", json!(7)), ("an object", json!({})), ("true", json!(true))]
    {
        let token = SIGNER_A.token(&claims_with("azp", value));
        rows.push(Row::refused(category, format!("`azp` is {name}"), &token, Rejection::Malformed));
    }
    rows
}

/// Tokens that the same issuer signs with the same key, for other purposes.
fn by_their_claims() -> Vec<Row> {
    let category = Category::OtherTokens;
    let audience = || Rejection::Audience { expected: AUDIENCE.to_owned() };
    let issuer = || Rejection::Issuer { expected: ISSUER.to_owned() };
    let (issued, expires) = (NOW_SECONDS - 10, NOW_SECONDS + 3_600);
    let id = json!({
        "iss": ISSUER, "sub": "auth0|buyer-1", "aud": "client-id-of-the-app", "iat": issued, "exp": expires,
        "sid": "session", "name": "A Buyer",
    });
    let mut hashed = id.clone();
    hashed["at_hash"] = "77QmUPtjPfzWtF2AnpK9RQ".into();
    let mut tied = id.clone();
    tied["azp"] = "client-id-of-the-app".into();
    let logout = json!({
        "iss": ISSUER, "sub": "auth0|buyer-1", "aud": "client-id-of-the-app", "iat": issued, "exp": expires, "jti": "1",
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    let event = json!({
        "iss": ISSUER, "sub": "auth0|buyer-1", "aud": "https://receiver.example.com", "iat": issued, "jti": "2",
        "events": { "https://schemas.openid.net/secevent/risc/event-type/account-disabled": {} },
    });
    let assertion = json!({
        "iss": "client-id-of-the-app", "sub": "client-id-of-the-app", "aud": format!("{ISSUER}oauth/token"), "exp": expires,
        "jti": "3",
    });
    let introspection = json!({
        "iss": ISSUER, "aud": "https://api.example.com/introspect", "iat": issued, "sub": "auth0|buyer-1", "exp": expires,
        "token_introspection": { "active": true, "sub": "auth0|admin" },
    });
    let userinfo = json!({
        "iss": ISSUER, "sub": "auth0|buyer-1", "aud": format!("{ISSUER}userinfo"), "exp": expires, "scope": "openid profile",
    });
    let request = json!({
        "iss": "client-id-of-the-app", "aud": ISSUER, "sub": "client-id-of-the-app", "exp": expires, "response_type": "code",
    });
    let tokens = [
        ("an ID token for the app", id, audience()),
        ("an ID token for the app with a hash of its access token", hashed, Rejection::IdToken),
        ("an ID token for the app with `azp`", tied, Rejection::IdToken),
        ("a logout token", logout, audience()),
        ("a security event", event, audience()),
        ("the assertion of a client", assertion, issuer()),
        ("the answer of an introspection", introspection, audience()),
        ("an access token for the issuer's own API", userinfo, audience()),
        ("an authorization request", request, issuer()),
    ];
    let row = |(name, claims, rejection): (&str, Value, Rejection)| {
        Row::refused(category, name, &SIGNER_A.token(&claims), rejection)
    };
    tokens.into_iter().map(row).collect()
}
