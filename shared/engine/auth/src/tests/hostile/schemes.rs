//! The Authorization header around the token.

use super::super::fixture::{SIGNER_A, bearer, claims, claims_with};
use super::{Category, Row};
use crate::Rejection;

const LIMIT: usize = 8 * 1024;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = without_bearer();
    rows.extend(with_bearer());
    rows.extend(of_many_bytes());
    rows
}

fn without_bearer() -> Vec<Row> {
    let category = Category::Scheme;
    let token = SIGNER_A.token(&claims());
    let mut rows = vec![Row::header(category, "no header", None, Err(Rejection::Missing))];
    let headers = [
        String::new(),
        " ".to_owned(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        " Bearer  ".to_owned(),
        token.clone(),
        format!("Bearer\t{token}"),
        format!("\tBearer {token}"),
        format!("Bearer\u{a0}{token}"),
        format!("Bearer\n{token}"),
        format!("Bearer\u{0} {token}"),
        format!("Bearer: {token}"),
        format!("Bearer={token}"),
        format!("Bearer,{token}"),
        format!("Bearer, {token}"),
        format!("Bearer%20{token}"),
        format!("Bearer+{token}"),
        format!("\"Bearer {token}\""),
        format!("B\u{435}arer {token}"),
        format!("\u{feff}Bearer {token}"),
        format!("Bear er {token}"),
        format!("Token {token}"),
        format!("JWT {token}"),
        format!("MAC {token}"),
        format!("Basic {token}"),
        format!("authorization: bearer {token}"),
        format!("Basic dXNlcjpwYXNzd29yZA==, Bearer {token}"),
        "Basic dXNlcjpwYXNzd29yZA==".to_owned(),
        "Digest username=\"Mufasa\", realm=\"x\"".to_owned(),
        "Negotiate YIIJvwYGKwYBBQUCoIIJszCCCa8=".to_owned(),
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request".to_owned(),
    ];
    rows.extend(headers.iter().map(|header| {
        let name = format!("{:?}", header.replace(&token, "<token>"));
        Row::header(category, name, Some(header), Err(Rejection::NotBearer))
    }));
    for scheme in ["DPoP", "dpop", "DPOP "] {
        let header = format!("{scheme} {token}");
        let refused = Err(Rejection::SenderConstrained);
        rows.push(Row::header(category, format!("{scheme:?} <token>"), Some(&header), refused));
    }
    rows
}

fn with_bearer() -> Vec<Row> {
    let category = Category::Scheme;
    let token = SIGNER_A.token(&claims());
    let other = SIGNER_A.token(&claims_with("sub", "auth0|somebody-else".into()));
    let malformed = [
        format!("Bearer Bearer {token}"),
        format!("bearer bearer {token}"),
        format!("Bearer {token} {token}"),
        format!("Bearer {token} {other}"),
        format!("Bearer {token},{other}"),
        format!("Bearer {token}, Bearer {other}"),
        format!("Bearer {token};"),
        format!("Bearer {token}, realm=\"x\""),
        format!("Bearer \t{token}"),
        format!("Bearer {token}\n"),
        format!("Bearer \"{token}\""),
        format!("Bearer '{token}'"),
        format!("Bearer <{token}>"),
        format!("Bearer token={token}"),
        format!("Bearer {{{token}}}"),
        format!("Bearer \u{200b}{token}"),
        "Bearer null".to_owned(),
        "Bearer <token>".to_owned(),
        "Bearer ${TOKEN}".to_owned(),
    ];
    let name = |header: &str| format!("{:?}", header.replace(&token, "<token>").replace(&other, "<another token>"));
    let mut rows: Vec<_> = malformed
        .iter()
        .map(|header| {
            Row::header(category, format!("malformed: {}", name(header)), Some(header), Err(Rejection::Malformed))
        })
        .collect();
    for header in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("BEARER  {token} "),
        format!("  bEaReR     {token}   "),
    ] {
        rows.push(Row::header(category, format!("accepted: {}", name(&header)), Some(&header), Ok(())));
    }
    rows
}

fn of_many_bytes() -> Vec<Row> {
    let category = Category::Size;
    let token = bearer(&SIGNER_A.token(&claims_with("padding", "x".repeat(5_000).into())));
    let sized = |bytes: usize| format!("{}{token}", " ".repeat(bytes - token.len()));
    let too_long = || Err(Rejection::TooLong { limit: LIMIT });
    vec![
        Row::header(category, "8 KiB", Some(&sized(LIMIT)), Ok(())),
        Row::header(category, "8 KiB and a byte", Some(&sized(LIMIT + 1)), too_long()),
        Row::header(category, "a megabyte", Some(&bearer(&"x".repeat(1_000_000))), too_long()),
        Row::header(category, "a megabyte of dots", Some(&bearer(&".".repeat(1_000_000))), too_long()),
        Row::header(category, "a megabyte of blanks", Some(&" ".repeat(1_000_000)), too_long()),
        Row::header(
            category,
            "9,000 bytes of another scheme",
            Some(&format!("Basic {}", "x".repeat(9_000))),
            too_long(),
        ),
    ]
}
