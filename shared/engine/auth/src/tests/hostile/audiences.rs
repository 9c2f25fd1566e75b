//! Whom a token is from, and for which API.

use serde_json::{Value, json};

use super::super::fixture::{AUDIENCE, ISSUER, SIGNER_A, claims, claims_with, claims_without};
use super::{Category, Row};
use crate::Rejection;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = issuers();
    rows.extend(audiences());
    rows
}

fn issuers() -> Vec<Row> {
    let category = Category::Issuers;
    let of = |issuer: Value| SIGNER_A.token(&claims_with("iss", issuer));
    let mut rows = Vec::new();
    for issuer in [
        "https://other.eu.auth0.com/",
        "https://tenant.eu.auth0.com",
        "https://tenant.eu.auth0.com//",
        "https://tenant.eu.auth0.com/x/",
        "https://tenant.eu.auth0.com/?",
        "https://tenant.eu.auth0.com:443/",
        "https://tenant.eu.auth0.com./",
        "https://tenant.eu.auth0.com.evil.example.com/",
        "https://tenant.eu.auth0.com@evil.example.com/",
        "https://evil.example.com/https://tenant.eu.auth0.com/",
        "http://tenant.eu.auth0.com/",
        "HTTPS://tenant.eu.auth0.com/",
        "https://TENANT.eu.auth0.com/",
        "https://ten\u{430}nt.eu.auth0.com/",
        "https://tenant.eu.auth0.com/ ",
        " https://tenant.eu.auth0.com/",
        "https://tenant.eu.auth0.com/\u{0}",
        "https://tenant.eu.auth0.com/\n",
        "tenant.eu.auth0.com",
        "https://tenant.eu.auth0.co",
        "*",
        "",
    ] {
        let rejection = Rejection::Issuer { expected: ISSUER.to_owned() };
        rows.push(Row::refused(category, format!("the issuer {issuer:?}"), &of(issuer.into()), rejection));
    }
    for (name, issuer) in [
        ("a list of the issuer", json!([ISSUER])),
        ("a list of issuers", json!(["https://other.eu.auth0.com/", ISSUER])),
        ("an object as the issuer", json!({ "url": ISSUER })),
        ("a number as the issuer", json!(1)),
        ("true as the issuer", json!(true)),
    ] {
        rows.push(Row::refused(category, name, &of(issuer), Rejection::Malformed));
    }
    let missing = Rejection::MissingClaim("iss");
    rows.push(Row::refused(category, "null as the issuer", &of(Value::Null), missing.clone()));
    rows.push(Row::refused(category, "no issuer", &SIGNER_A.token(&claims_without("iss")), missing));
    rows.push(Row::accepted(category, "the issuer", &of(ISSUER.into())));
    rows
}

fn audiences() -> Vec<Row> {
    let category = Category::Audiences;
    let of = |audience: Value| SIGNER_A.token(&claims_with("aud", audience));
    let beginning = AUDIENCE.split_at(AUDIENCE.len() - 1).0;
    let mut rows = Vec::new();
    for audience in [
        json!("https://other.example.com"),
        json!("https://api.example.com/"),
        json!("https://api.example.com.evil.example.com"),
        json!("https://api.example.com\u{0}"),
        json!("HTTPS://API.EXAMPLE.COM"),
        json!("https://\u{430}pi.example.com"),
        json!(beginning),
        json!("api.example.com"),
        json!(format!(" {AUDIENCE}")),
        json!(format!("{AUDIENCE} https://other.example.com")),
        json!(format!("{AUDIENCE},https://other.example.com")),
        json!(format!("[\"{AUDIENCE}\"]")),
        json!("https://*.example.com"),
        json!("*"),
        json!(""),
        json!(ISSUER),
        json!([]),
        json!([""]),
        json!(["a", "b"]),
        json!(["https://api.example.com/", "HTTPS://api.example.com"]),
    ] {
        let name = format!("the audience {audience}");
        rows.push(Row::refused(category, name, &of(audience), Rejection::Audience { expected: AUDIENCE.to_owned() }));
    }
    for audience in [
        json!([[AUDIENCE]]),
        json!([AUDIENCE, 1]),
        json!([AUDIENCE, null]),
        json!([{ "aud": AUDIENCE }]),
        json!({ "aud": AUDIENCE }),
        json!(7),
        json!(true),
    ] {
        rows.push(Row::refused(category, format!("the audience {audience}"), &of(audience), Rejection::Malformed));
    }
    let missing = Rejection::MissingClaim("aud");
    rows.push(Row::refused(category, "null as the audience", &of(Value::Null), missing.clone()));
    rows.push(Row::refused(category, "no audience", &SIGNER_A.token(&claims_without("aud")), missing.clone()));
    let mut as_client = claims();
    as_client["client_id"] = AUDIENCE.into();
    as_client.as_object_mut().unwrap().remove("aud");
    rows.push(Row::refused(
        category,
        "this API as the client and not as the audience",
        &SIGNER_A.token(&as_client),
        missing,
    ));
    for audience in [
        json!(AUDIENCE),
        json!([AUDIENCE]),
        json!([AUDIENCE, AUDIENCE]),
        json!(["https://tenant.eu.auth0.com/userinfo", AUDIENCE]),
    ] {
        rows.push(Row::accepted(category, format!("the audience {audience}"), &of(audience)));
    }
    rows
}
