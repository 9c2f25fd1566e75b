//! What is no compact JWS of three parts, and tokens within tokens.

use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use serde_json::json;

use super::super::fixture::{SIGNER_A, SIGNER_B, Signer, base64, claims, header_with};
use super::{Category, Row};
use crate::Rejection;

const FORGER: Signer = Signer { key_id: SIGNER_A.key_id, key: SIGNER_B.key };

pub(super) fn rows() -> Vec<Row> {
    let mut rows = of_other_parts();
    rows.extend(in_json());
    rows.extend(nested());
    rows
}

fn of_other_parts() -> Vec<Row> {
    let token = SIGNER_A.token(&claims());
    let [header, payload, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let detached = |signed: &str| SIGNER_A.sign(&RSA_PKCS1_SHA256, signed).rsplit_once('.').unwrap().1.to_owned();
    let whole = detached(&format!("{header}.{payload}"));
    let tokens = [
        ("a word", "x".to_owned()),
        ("undefined", "undefined".to_owned()),
        ("an object of JavaScript", "[object Object]".to_owned()),
        ("two words", "x.y".to_owned()),
        ("three words", "x.y.z".to_owned()),
        ("a dot", ".".to_owned()),
        ("two dots", "..".to_owned()),
        ("three dots", "...".to_owned()),
        ("many dots", ".".repeat(4_000)),
        ("the header alone", header.to_owned()),
        ("the header and a dot", format!("{header}.")),
        ("the header and the payload", format!("{header}.{payload}")),
        ("the header and the signature", format!("{header}.{signature}")),
        ("no header", format!(".{payload}.{signature}")),
        ("four parts", format!("{token}.{signature}")),
        ("four parts, of which the last is empty", format!("{token}.")),
        ("four parts, of which the first is empty", format!(".{token}")),
        ("four parts, of which the second is empty", format!("{header}..{payload}.{signature}")),
        ("five parts", format!("{header}.{payload}.{payload}.{payload}.{signature}")),
        ("a thousand parts", format!("{header}.{}{signature}", "x.".repeat(1_000))),
        ("the token twice, with a dot between", format!("{token}.{token}")),
        ("the token with colons for dots", token.replace('.', ":")),
        ("the token encoded for a URL", token.replace('.', "%2E")),
        ("the token in base64url", base64(token.as_bytes())),
        ("an opaque token", "v2.local.QAxIpVe-ECVNI1z4xQbm_qQYomyT3h8FtV8bxkz8pBJWkT8f".to_owned()),
        ("a SAML assertion", base64(b"<saml:Assertion></saml:Assertion>")),
    ];
    let row = |(name, token): (&str, String)| Row::refused(Category::Serialisation, name, &token, Rejection::Malformed);
    let mut rows: Vec<_> = tokens.into_iter().map(row).collect();
    let detached = format!("{header}..{whole}");
    rows.push(Row::refused(Category::Serialisation, "the payload left out", &detached, Rejection::Signature));
    rows
}

/// The other serialisations of a JWS, and an unencoded payload.
fn in_json() -> Vec<Row> {
    let token = SIGNER_A.token(&claims());
    let [protected, payload, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let one = json!({ "protected": protected, "signature": signature });
    let flattened = json!({ "payload": payload, "protected": protected, "signature": signature });
    let unprotected = json!({ "payload": payload, "header": SIGNER_A.header(), "signature": signature });
    let forms = [
        ("the flattened serialisation", flattened.to_string()),
        ("the general serialisation", json!({ "payload": payload, "signatures": [one, one] }).to_string()),
        ("an unprotected header", unprotected.to_string()),
        ("the flattened serialisation in base64url", base64(flattened.to_string().as_bytes())),
        ("a list of the parts", json!([protected, payload, signature]).to_string()),
        ("the answer of the token endpoint", json!({ "access_token": token, "token_type": "Bearer" }).to_string()),
    ];
    let row = |(name, token): (&str, String)| Row::refused(Category::Serialisation, name, &token, Rejection::Malformed);
    forms.into_iter().map(row).collect()
}

fn nested() -> Vec<Row> {
    let category = Category::Nesting;
    let inner = SIGNER_A.token(&claims());
    let header = header_with("cty", "JWT".into()).to_string();
    let as_text = json!(inner).to_string();
    let mut around = claims();
    around["act"] = json!({ "token": inner });
    let unprivileged = SIGNER_B.token(&claims());
    vec![
        Row::refused(
            category,
            "a token instead of the claims",
            &SIGNER_A.token_of(&header, &inner),
            Rejection::Malformed,
        ),
        Row::refused(category, "a token as a JSON text", &SIGNER_A.token_of(&header, as_text), Rejection::Malformed),
        Row::refused(
            category,
            "a stranger's token around the issuer's",
            &FORGER.token_of(&header, &inner),
            Rejection::Signature,
        ),
        Row::refused(
            category,
            "the issuer's token around a stranger's",
            &SIGNER_A.token_of(&header, &unprivileged),
            Rejection::Malformed,
        ),
        Row::accepted(category, "claims around a token", &SIGNER_A.token_of(&header, around.to_string())),
    ]
}
