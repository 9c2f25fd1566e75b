//! The token chooses the algorithm: none at all, or the algorithm for which the public key is a secret.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac::{self, HMAC_SHA256, HMAC_SHA384, HMAC_SHA512};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::fixture::{SIGNER_A, base64, claims, header_with, unsigned};
use super::{Category, Row};
use crate::Rejection;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = without_algorithm();
    rows.extend(with_the_public_key_as_secret());
    rows.extend(with_a_secret_that_is_easily_guessed());
    rows.extend(of_another_algorithm());
    rows.extend(encrypted());
    rows
}

fn claiming(algorithm: impl Into<Value>) -> String {
    unsigned(&header_with("alg", algorithm.into()), &claims())
}

fn hmac(algorithm: hmac::Algorithm, secret: &[u8], unsigned: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(algorithm, secret), unsigned.as_bytes());
    format!("{unsigned}.{}", base64(tag.as_ref()))
}

fn without_algorithm() -> Vec<Row> {
    let category = Category::NoneAlgorithm;
    let mut rows = Vec::new();
    for spelling in ["none", "None", "NONE", "nOnE", "none ", " none", "none\u{0}", "n\u{43e}ne", "null", ""] {
        let name = format!("the algorithm {spelling:?} without a signature");
        rows.push(Row::refused(category, name, &format!("{}.", claiming(spelling)), Rejection::Algorithm));
    }
    let good = |algorithm: Value| SIGNER_A.token_with_header(&header_with("alg", algorithm), &claims());
    let signed = good("none".into());
    rows.push(Row::refused(category, "none with a good signature", &signed, Rejection::Algorithm));
    rows.push(Row::refused(category, "none without the last dot", &claiming("none"), Rejection::Algorithm));
    for (name, algorithm) in [
        ("null as the algorithm", Value::Null),
        ("a list of algorithms", json!(["none", "RS256"])),
        ("a list of the right algorithm", json!(["RS256"])),
        ("a number as the algorithm", json!(256)),
        ("true as the algorithm", json!(true)),
        ("an object as the algorithm", json!({"alg": "RS256"})),
    ] {
        rows.push(Row::refused(category, name, &good(algorithm), Rejection::Malformed));
    }
    let nameless = json!({ "typ": "JWT", "kid": SIGNER_A.key_id });
    let token = SIGNER_A.token_with_header(&nameless, &claims());
    rows.push(Row::refused(category, "a header without algorithm", &token, Rejection::Malformed));
    let token = format!("{}.", unsigned(&nameless, &claims()));
    rows.push(Row::refused(category, "neither algorithm nor signature", &token, Rejection::Malformed));
    rows
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn with_the_public_key_as_secret() -> Vec<Row> {
    let public = SIGNER_A.key.public_key();
    let der: PublicKeyX509Der<'_> = public.as_der().unwrap();
    let modulus = public.modulus().big_endian_without_leading_zero();
    let (x509, pkcs1) = (pem("PUBLIC KEY", der.as_ref()), pem("RSA PUBLIC KEY", public.as_ref()));
    let secrets: [(&str, Vec<u8>); 12] = [
        ("as PKCS#1", public.as_ref().to_vec()),
        ("as X.509", der.as_ref().to_vec()),
        ("as X.509 in PEM", x509.clone().into_bytes()),
        ("as X.509 in PEM without the last line break", x509.trim_end().into()),
        ("as X.509 in PEM with Windows' line breaks", x509.replace('\n', "\r\n").into_bytes()),
        ("as PKCS#1 in PEM", pkcs1.clone().into_bytes()),
        ("as PKCS#1 in PEM without the last line break", pkcs1.trim_end().into()),
        ("as X.509 in base64", STANDARD.encode(der.as_ref()).into_bytes()),
        ("as its modulus", modulus.to_vec()),
        ("as its modulus in base64url", base64(modulus).into_bytes()),
        ("as a JWK", SIGNER_A.jwk().to_string().into_bytes()),
        ("as a key set", json!({ "keys": [SIGNER_A.jwk()] }).to_string().into_bytes()),
    ];
    let category = Category::AlgorithmConfusion;
    let mut rows = Vec::new();
    for (form, secret) in &secrets {
        let token = hmac(HMAC_SHA256, secret, &claiming("HS256"));
        rows.push(Row::refused(category, format!("HS256 with the public key {form}"), &token, Rejection::Algorithm));
        let token = hmac(HMAC_SHA256, secret, &claiming("RS256"));
        let name = format!("an HMAC with the public key {form} that calls itself RS256");
        rows.push(Row::refused(category, name, &token, Rejection::Signature));
    }
    for (name, algorithm) in [("HS384", HMAC_SHA384), ("HS512", HMAC_SHA512)] {
        let token = hmac(algorithm, x509.as_bytes(), &claiming(name));
        rows.push(Row::refused(category, format!("{name} with the public key"), &token, Rejection::Algorithm));
    }
    rows
}

fn with_a_secret_that_is_easily_guessed() -> Vec<Row> {
    let secrets = ["", "secret", "password", "changeme", "your-256-bit-secret", "key-a"];
    let row = |secret: &&str| {
        let token = hmac(HMAC_SHA256, secret.as_bytes(), &claiming("HS256"));
        let name = format!("HS256 with the secret {secret:?}");
        Row::refused(Category::WeakKeys, name, &token, Rejection::Algorithm)
    };
    secrets.iter().map(row).collect()
}

fn of_another_algorithm() -> Vec<Row> {
    let category = Category::AlgorithmConfusion;
    let mut rows = Vec::new();
    let families: [(&str, &'static dyn RsaEncoding); 5] = [
        ("RS384", &RSA_PKCS1_SHA384),
        ("RS512", &RSA_PKCS1_SHA512),
        ("PS256", &RSA_PSS_SHA256),
        ("PS384", &RSA_PSS_SHA384),
        ("PS512", &RSA_PSS_SHA512),
    ];
    for (name, encoding) in families {
        let token = SIGNER_A.sign(encoding, &claiming(name));
        rows.push(Row::refused(category, format!("a good signature with {name}"), &token, Rejection::Algorithm));
        let token = SIGNER_A.sign(encoding, &claiming("RS256"));
        let name = format!("a signature with {name} that calls itself RS256");
        rows.push(Row::refused(category, name, &token, Rejection::Signature));
    }
    for algorithm in [
        "ES256",
        "ES384",
        "ES512",
        "ES256K",
        "EdDSA",
        "Ed25519",
        "HS256",
        "rs256",
        "Rs256",
        "RS256 ",
        " RS256",
        "RS256\u{0}",
        "RS256\n",
        "RS-256",
        "RS1",
        "RSA",
        "SHA256withRSA",
        "RS256,none",
        "\u{420}S256",
    ] {
        let token = SIGNER_A.token_with_header(&header_with("alg", algorithm.into()), &claims());
        let name = format!("a signature with RS256 that calls itself {algorithm:?}");
        rows.push(Row::refused(category, name, &token, Rejection::Algorithm));
    }
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    for (algorithm, rejection) in [("ES256", Rejection::Algorithm), ("RS256", Rejection::Signature)] {
        let unsigned = claiming(algorithm);
        let signature = pair.sign(&random, unsigned.as_bytes()).unwrap();
        let token = format!("{unsigned}.{}", base64(signature.as_ref()));
        let name = format!("a signature on an elliptic curve that calls itself {algorithm}");
        rows.push(Row::refused(category, name, &token, rejection));
    }
    let zeros = format!("{}.{}", claiming("ES256"), base64(&[0; 64]));
    rows.push(Row::refused(category, "an elliptic curve's signature of zeros", &zeros, Rejection::Algorithm));
    rows
}

/// The five parts of a JWE. None of its attacks gets as far as a decryption.
fn encrypted() -> Vec<Row> {
    let category = Category::Encryption;
    let point = json!({ "kty": "EC", "crv": "P-256", "x": base64(&[0; 32]), "y": base64(&[1; 32]) });
    let headers = [
        ("encrypted to the public key", json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM" })),
        ("encrypted with RSA 1.5 padding", json!({ "alg": "RSA1_5", "enc": "A128CBC-HS256" })),
        ("encrypted with a shared key", json!({ "alg": "dir", "enc": "A256GCM" })),
        ("encrypted with a password", json!({ "alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 2_000_000_000 })),
        ("encrypted on a point outside of the curve", json!({ "alg": "ECDH-ES", "enc": "A128GCM", "epk": point })),
        ("encrypted after compression", json!({ "alg": "RSA-OAEP", "enc": "A256GCM", "zip": "DEF" })),
    ];
    let token = |header: &Value| {
        let mut header = header.clone();
        header["kid"] = SIGNER_A.key_id.into();
        let part = |byte: u8, length: usize| base64(&vec![byte; length]);
        let encoded = base64(header.to_string().as_bytes());
        format!("{encoded}.{}.{}.{}.{}", part(1, 256), part(2, 12), part(3, 400), part(4, 16))
    };
    let mut rows: Vec<_> = headers
        .iter()
        .map(|(name, header)| Row::refused(category, *name, &token(header), Rejection::Algorithm))
        .collect();
    let token = token(&json!({ "alg": "RS256", "enc": "A256GCM" }));
    rows.push(Row::refused(category, "encrypted, and calls itself RS256", &token, Rejection::Malformed));
    let compressed = SIGNER_A.token_with_header(&header_with("zip", "DEF".into()), &claims());
    rows.push(Row::accepted(category, "signed, and calls itself compressed", &compressed));
    rows
}
