//! The subject, the binding to a key, and the permissions.

use serde_json::{Value, json};

use super::super::fixture::{AUDIENCE, SIGNER_A, base64, bearer, claims_with, claims_without};
use super::{Category, Row};
use crate::Rejection;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = subjects();
    rows.extend(bindings());
    rows.extend(permissions());
    rows
}

fn subjects() -> Vec<Row> {
    let category = Category::Subjects;
    let of = |subject: Value| SIGNER_A.token(&claims_with("sub", subject));
    let mut rows = Vec::new();
    for subject in [
        "",
        "auth0|a\nb",
        "auth0|a\r",
        "auth0|\u{0}",
        "\u{0}",
        "auth0|a\tb",
        "auth0|\u{1b}[2J",
        "auth0|\u{7f}",
        "auth0|\u{85}",
    ] {
        rows.push(Row::refused(category, format!("the subject {subject:?}"), &of(subject.into()), Rejection::Subject));
    }
    for bytes in [256, 4_000] {
        let token = of("s".repeat(bytes).into());
        rows.push(Row::refused(category, format!("a subject of {bytes} bytes"), &token, Rejection::Subject));
    }
    let token = of("\u{e9}".repeat(128).into());
    rows.push(Row::refused(category, "a subject of 128 letters in 256 bytes", &token, Rejection::Subject));
    for (name, subject) in [
        ("a number as the subject", json!(0)),
        ("a list as the subject", json!(["auth0|buyer-1"])),
        ("an object as the subject", json!({ "id": "auth0|buyer-1" })),
        ("true as the subject", json!(true)),
    ] {
        rows.push(Row::refused(category, name, &of(subject), Rejection::Malformed));
    }
    let missing = Rejection::MissingClaim("sub");
    rows.push(Row::refused(category, "null as the subject", &of(Value::Null), missing.clone()));
    rows.push(Row::refused(category, "no subject", &SIGNER_A.token(&claims_without("sub")), missing));
    rows.push(Row::accepted(category, "a subject of 255 bytes", &of("s".repeat(255).into())));
    rows.push(Row::accepted(category, "a subject of one byte", &of("s".into())));
    rows
}

/// RFC 7800: whatever is confirmed, this API asks for no proof.
fn bindings() -> Vec<Row> {
    let category = Category::Confirmation;
    let thumbprint = base64(&[7; 32]);
    let mut rows = Vec::new();
    for (name, confirmation) in [
        ("the thumbprint of a DPoP key", json!({ "jkt": thumbprint })),
        ("the thumbprint of a certificate", json!({ "x5t#S256": thumbprint })),
        ("a key", json!({ "jwk": SIGNER_A.jwk() })),
        ("the id of a key", json!({ "kid": SIGNER_A.key_id })),
        ("an encrypted key", json!({ "jwe": "a.b.c.d.e" })),
        ("the address of a key set", json!({ "jku": "https://evil.example.com/jwks.json", "kid": "1" })),
        ("an unknown method", json!({ "x": 1 })),
        ("nothing", json!({})),
        ("null", Value::Null),
        ("a text", json!("key")),
        ("an empty text", json!("")),
        ("a list", json!([])),
        ("a number", json!(0)),
        ("false", json!(false)),
    ] {
        let token = SIGNER_A.token(&claims_with("cnf", confirmation));
        rows.push(Row::refused(category, format!("bound to {name}"), &token, Rejection::SenderConstrained));
    }
    let token = SIGNER_A.token(&claims_with("cnf", json!({ "jkt": thumbprint })));
    let header = bearer(&token).replacen("Bearer", "DPoP", 1);
    let refused = Err(Rejection::SenderConstrained);
    rows.push(Row::header(category, "bound to a key, with the scheme DPoP", Some(&header), refused));
    let mut elsewhere = claims_with("cnf", json!({ "jkt": thumbprint }));
    elsewhere["aud"] = "https://other.example.com".into();
    let expected = AUDIENCE.to_owned();
    let token = SIGNER_A.token(&elsewhere);
    rows.push(Row::refused(category, "bound to a key, for another API", &token, Rejection::Audience { expected }));
    rows.push(Row::accepted(
        category,
        "with `CNF`, which is another claim",
        &SIGNER_A.token(&claims_with("CNF", json!({}))),
    ));
    rows
}

/// A permission of another type grants nothing, which `claims.rs` shows; it must not get in the way either.
fn permissions() -> Vec<Row> {
    let category = Category::Permissions;
    let of = |permissions: Value| SIGNER_A.token(&claims_with("permissions", permissions));
    let mut rows = Vec::new();
    for (name, claim) in [
        ("a text", json!("create:sales")),
        ("null", Value::Null),
        ("a number", json!(1)),
        ("true", json!(true)),
        ("an object", json!({ "create:sales": true })),
        ("a list of lists", json!([["create:sales"]])),
        ("a list of everything", json!([null, true, 1, "x", {}, []])),
        ("101 permissions", json!((0..101).map(|n| format!("read:thing-{n}")).collect::<Vec<_>>())),
    ] {
        rows.push(Row::accepted(category, format!("as permissions: {name}"), &of(claim)));
    }
    let deep = (0..130).fold(json!("read:sales"), |inner, _| json!([inner]));
    rows.push(Row::refused(category, "as permissions: 130 lists", &of(deep), Rejection::Malformed));
    let many: Vec<_> = (0..2_000).map(|n| format!("read:thing-{n}")).collect();
    let limit = 8 * 1024;
    rows.push(Row::refused(category, "2,000 permissions", &of(json!(many)), Rejection::TooLong { limit }));
    rows
}
