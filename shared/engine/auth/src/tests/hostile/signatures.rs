//! The signature was touched, or what it signs.

use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use serde_json::json;

use super::super::fixture::{SIGNER_A, base64, claims, claims_with, header_with, unsigned};
use super::{Category, Row};
use crate::Rejection;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = of_other_bytes();
    rows.extend(over_other_content());
    rows.extend(written_otherwise());
    rows
}

/// A good token: what is signed, and the signature's bytes.
fn good() -> (String, Vec<u8>) {
    let token = SIGNER_A.token(&claims());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    (signed.to_owned(), decoded(signature))
}

fn decoded(part: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()
}

fn flipped(signature: &[u8], byte: usize, mask: u8) -> Vec<u8> {
    let mut signature = signature.to_vec();
    signature[byte] ^= mask;
    signature
}

fn of_other_bytes() -> Vec<Row> {
    let (signed, signature) = good();
    let reversed: Vec<_> = signature.iter().rev().copied().collect();
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let forms: [(&str, Vec<u8>); 17] = [
        ("no signature", Vec::new()),
        ("without its first byte", signature[1..].to_vec()),
        ("without its last byte", signature[..255].to_vec()),
        ("its first half", signature[..128].to_vec()),
        ("a single byte", signature[..1].to_vec()),
        ("with a zero in front", [&[0], signature.as_slice()].concat()),
        ("with a zero behind", [signature.as_slice(), &[0]].concat()),
        ("twice", [signature.as_slice(), &signature].concat()),
        ("backwards", reversed),
        ("with its first bit flipped", flipped(&signature, 0, 0x80)),
        ("with a middle bit flipped", flipped(&signature, 128, 0x10)),
        ("with its last bit flipped", flipped(&signature, 255, 1)),
        ("zeros", vec![0; 256]),
        ("a one", flipped(&[0; 256], 255, 1)),
        ("the largest number", vec![0xff; 256]),
        ("in hexadecimal digits", hex.into_bytes()),
        ("in base64url twice", base64(&signature).into_bytes()),
    ];
    let row = |(form, signature): (&str, Vec<u8>)| {
        let token = format!("{signed}.{}", base64(&signature));
        Row::refused(Category::Signatures, format!("the signature: {form}"), &token, Rejection::Signature)
    };
    forms.into_iter().map(row).collect()
}

fn over_other_content() -> Vec<Row> {
    let (signed, signature) = good();
    let (header, payload) = signed.split_once('.').unwrap();
    let signature = base64(&signature);
    let part = |value: serde_json::Value| base64(value.to_string().as_bytes());
    let signature_over = |text: &str| SIGNER_A.sign(&RSA_PKCS1_SHA256, text).rsplit_once('.').unwrap().1.to_owned();
    let others = SIGNER_A.token(&claims_with("sub", "auth0|somebody-else".into()));
    let others = others.rsplit_once('.').unwrap().1;
    let tokens = [
        (
            "more permissions",
            format!("{header}.{}.{signature}", part(claims_with("permissions", json!(["update:shelves"])))),
        ),
        ("another subject", format!("{header}.{}.{signature}", part(claims_with("sub", "auth0|admin".into())))),
        ("a later expiry", format!("{header}.{}.{signature}", part(claims_with("exp", json!(1_999_999_999))))),
        ("a header with another type", format!("{}.{payload}.{signature}", part(header_with("typ", "at+jwt".into())))),
        ("a header with another member", format!("{}.{payload}.{signature}", part(header_with("x", 1.into())))),
        ("the signature of another token", format!("{signed}.{others}")),
        ("a signature of the payload only", format!("{signed}.{}", signature_over(payload))),
        ("a signature of the header only", format!("{signed}.{}", signature_over(header))),
        ("a signature with a dot too many", format!("{signed}.{}", signature_over(&format!("{signed}.")))),
        ("a signature of the plain claims", format!("{signed}.{}", signature_over(&claims().to_string()))),
        ("header and payload exchanged", format!("{payload}.{header}.{signature}")),
    ];
    let row = |(name, token): (&str, String)| {
        let rejection = if name.ends_with("exchanged") { Rejection::Malformed } else { Rejection::Signature };
        Row::refused(Category::Signatures, name, &token, rejection)
    };
    let mut rows: Vec<_> = tokens.into_iter().map(row).collect();
    rows.push(Row::accepted(Category::Signatures, "the signature as it was", &format!("{signed}.{signature}")));
    rows
}

/// The last character of 256 bytes in base64url carries four bits that mean nothing and must be zero.
fn with_trailing_bits(part: &str) -> String {
    let (rest, last) = part.split_at(part.len() - 1);
    let next = char::from(last.as_bytes()[0] + 1);
    format!("{rest}{next}")
}

fn written_otherwise() -> Vec<Row> {
    let (signed, signature) = good();
    let signature = base64(&signature);
    let (header, payload) = signed.split_once('.').unwrap();
    let bits = with_trailing_bits(&signature);
    let tail = &signature[1..];
    let mut rows = Vec::new();
    let forms = [
        ("with trailing bits", bits),
        ("with padding", format!("{signature}==")),
        ("with half of the padding", format!("{signature}=")),
        ("with encoded padding", format!("{signature}%3D%3D")),
        ("with a plus", format!("+{tail}")),
        ("with a slash", format!("/{tail}")),
        ("with a blank", format!("{} {}", &signature[..9], &signature[9..])),
        ("with a line break", format!("{}\n{}", &signature[..64], &signature[64..])),
        ("with a line break behind", format!("{signature}\r\n")),
        ("with a tabulator behind", format!("{signature}\t")),
        ("with a NUL behind", format!("{signature}\u{0}")),
        ("with a letter outside of ASCII", format!("\u{e9}{tail}")),
        ("with a character too many", format!("{signature}AAA")),
        ("without its last character", signature[..signature.len() - 1].to_owned()),
    ];
    for (form, signature) in forms {
        let name = format!("the signature {form}");
        rows.push(Row::refused(Category::Base64url, name, &format!("{signed}.{signature}"), Rejection::Malformed));
    }
    // What follows was signed as it stands, so that only its form can be the reason.
    let mut padded = claims();
    while padded.to_string().len() % 3 != 1 {
        padded["padding"] = format!("{}x", padded["padding"].as_str().unwrap_or_default()).into();
    }
    let payload_with_bits = with_trailing_bits(&base64(padded.to_string().as_bytes()));
    let forms = [
        ("the payload with padding", format!("{header}.{payload}=")),
        ("the payload with a line break", format!("{header}.{}\n{}", &payload[..64], &payload[64..])),
        ("the payload with trailing bits", format!("{header}.{payload_with_bits}")),
        ("the payload with a plus", format!("{header}.{payload}++++")),
        ("the payload as plain JSON", format!("{header}.{}", claims())),
        ("the header with padding", format!("{header}=.{payload}")),
        ("the header with a slash", format!("{header}////.{payload}")),
        ("the header as plain JSON", format!("{}.{payload}", SIGNER_A.header())),
        ("a letter outside of ASCII before the header", format!("\u{e9}{signed}")),
    ];
    for (name, unsigned) in forms {
        let token = SIGNER_A.sign(&RSA_PKCS1_SHA256, &unsigned);
        rows.push(Row::refused(Category::Base64url, name, &token, Rejection::Malformed));
    }
    let token = SIGNER_A.sign(&RSA_PKCS1_SHA256, &unsigned(&SIGNER_A.header(), &padded));
    rows.push(Row::accepted(Category::Base64url, "a payload of that length as it should be", &token));
    rows
}
