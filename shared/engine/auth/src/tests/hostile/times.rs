//! When a token is valid, to the fraction of a second, and with numbers of every size.

use serde_json::{Value, json};

use super::super::fixture::{NOW_SECONDS, SIGNER_A, claims, claims_with, claims_without};
use super::{Category, Row};
use crate::Rejection;

const NOW: f64 = NOW_SECONDS as f64;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = expiry();
    rows.extend(beginnings());
    rows.extend(of_other_types());
    rows
}

fn of(claim: &str, value: Value) -> String {
    SIGNER_A.token(&claims_with(claim, value))
}

/// The usual claims with this text as a claim's value, which need not be JSON.
fn written(claim: &str, value: &str) -> String {
    let mut claims = claims();
    claims[claim] = "here".into();
    SIGNER_A.token_of(SIGNER_A.header().to_string(), claims.to_string().replacen("\"here\"", value, 1))
}

fn expiry() -> Vec<Row> {
    let category = Category::Expiry;
    let mut rows = Vec::new();
    for expiry in [
        json!(NOW_SECONDS - 61),
        json!(NOW - 60.25),
        json!(NOW - 60.000_001),
        json!(NOW_SECONDS - 86_400),
        json!(NOW_SECONDS / 1_000),
        json!(1),
        json!(0),
        json!(0.5),
        json!(-1),
        json!(i64::MIN),
        json!(-1e300),
        json!(1e-300),
    ] {
        rows.push(Row::refused(category, format!("expired at {expiry}"), &of("exp", expiry), Rejection::Expired));
    }
    rows.push(Row::refused(category, "expired at -0", &written("exp", "-0"), Rejection::Expired));
    let missing = Rejection::MissingClaim("exp");
    rows.push(Row::refused(category, "no expiry", &SIGNER_A.token(&claims_without("exp")), missing.clone()));
    rows.push(Row::refused(category, "null as the expiry", &of("exp", Value::Null), missing));
    for expiry in [
        json!(NOW_SECONDS - 60),
        json!(NOW - 59.75),
        json!(NOW_SECONDS),
        json!(NOW_SECONDS * 1_000),
        json!(u64::MAX),
        json!(1e300),
    ] {
        rows.push(Row::accepted(category, format!("expires at {expiry}"), &of("exp", expiry)));
    }
    rows.push(Row::accepted(category, "expires at 19e8", &written("exp", "19e8")));
    rows
}

fn beginnings() -> Vec<Row> {
    let mut rows = Vec::new();
    for (category, claim, rejection) in
        [(Category::NotBefore, "nbf", Rejection::NotYetValid), (Category::IssuedAt, "iat", Rejection::IssuedInFuture)]
    {
        for later in [
            json!(NOW_SECONDS + 61),
            json!(NOW + 60.25),
            json!(NOW + 60.000_001),
            json!(NOW_SECONDS + 86_400),
            json!(NOW_SECONDS * 1_000),
            json!(u64::MAX),
            json!(1e300),
        ] {
            rows.push(Row::refused(category, format!("`{claim}` is {later}"), &of(claim, later), rejection.clone()));
        }
        for earlier in [
            json!(NOW_SECONDS + 60),
            json!(NOW + 59.75),
            json!(NOW_SECONDS),
            json!(0),
            json!(-1),
            json!(-1e300),
            Value::Null,
        ] {
            rows.push(Row::accepted(category, format!("`{claim}` is {earlier}"), &of(claim, earlier)));
        }
    }
    rows.push(Row::accepted(Category::NotBefore, "no `nbf`", &SIGNER_A.token(&claims_with("jti", "1".into()))));
    rows.push(Row::accepted(Category::IssuedAt, "no `iat`", &SIGNER_A.token(&claims_without("iat"))));
    rows
}

fn of_other_types() -> Vec<Row> {
    let mut rows = Vec::new();
    let claims = [(Category::Expiry, "exp"), (Category::NotBefore, "nbf"), (Category::IssuedAt, "iat")];
    for (category, claim) in claims {
        for value in [
            r#""1900000000""#,
            r#""""#,
            r#""2030-03-17T17:46:40Z""#,
            "true",
            "false",
            "[]",
            "[1900000000]",
            "{}",
            "1e400",
            "-1e400",
            "NaN",
            "Infinity",
            "-Infinity",
            "0x713FB300",
            "01900000000",
            "+1900000000",
            "1_900_000_000",
            "1900000000.",
            ".5",
            "1900000000n",
            "1,9e9",
            "-",
            "1e",
            "undefined",
        ] {
            let token = written(claim, value);
            rows.push(Row::refused(category, format!("`{claim}` is written {value}"), &token, Rejection::Malformed));
        }
    }
    rows
}
