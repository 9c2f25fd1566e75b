//! A sample of each kind of hostile token, for the issuer and the API of a running system.

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use local::{AccessToken, Person, SigningKey};
use serde_json::{Value, json};
use tests::System;

/// An Authorization header that nobody may let in.
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) authorization: String,
    /// False where the local gateway's authorizer stumbles over what it should refuse: AWS's own is not here to be asked.
    pub(super) at_the_gateway: bool,
}

/// What the samples are made of.
struct Mint<'a> {
    key: &'a SigningKey,
    good: AccessToken,
    samples: Vec<Sample>,
}

pub(super) fn samples(system: &System) -> Result<Vec<Sample>> {
    let issuer = system.aws().issuer();
    let good = issuer.access_token("auth0|anna", Person::Customer.permissions());
    let mut mint = Mint { key: issuer.key(), good, samples: Vec::new() };
    mint.algorithms()?;
    mint.keys()?;
    mint.signatures()?;
    mint.headers()?;
    mint.claims()?;
    mint.kinds()?;
    mint.texts()?;
    mint.schemes()?;
    Ok(mint.samples)
}

impl Mint<'_> {
    fn sends(&mut self, name: impl Into<String>, authorization: impl Into<String>) {
        let sample = Sample { name: name.into(), authorization: authorization.into(), at_the_gateway: true };
        self.samples.push(sample);
    }

    fn bears(&mut self, name: impl Into<String>, token: &str) {
        self.sends(name, format!("Bearer {token}"));
    }

    /// A token over which the local gateway's authorizer stumbles: its parts or times are of types that it does not expect.
    fn bears_straight(&mut self, name: impl Into<String>, token: &str) {
        self.bears(name, token);
        if let Some(sample) = self.samples.last_mut() {
            sample.at_the_gateway = false;
        }
    }

    fn good(&self) -> Result<String> {
        self.key.sign(&self.good)
    }

    fn with_claim(&self, name: &str, value: impl Into<Value>) -> Result<String> {
        self.key.sign(&self.good.clone().claim(name, value))
    }

    fn with_header(&self, name: &str, value: impl Into<Value>) -> Result<String> {
        self.key.sign(&self.good.clone().header(name, value))
    }

    fn algorithms(&mut self) -> Result<()> {
        let unsigned = self.good.unsigned();
        self.bears("no algorithm and no signature", &unsigned);
        for algorithm in ["none", "None", "HS256", "RS384", "PS256", "ES256", "rs256", ""] {
            let token = self.with_header("alg", algorithm)?;
            self.bears(format!("a good signature that calls itself {algorithm:?}"), &token);
        }
        let token = self.with_header("alg", json!(["RS256"]))?;
        self.bears("a list of algorithms", &token);
        Ok(())
    }

    fn keys(&mut self) -> Result<()> {
        let stranger = SigningKey::generate()?;
        let jwk = stranger.jwks()["keys"][0].clone();
        let known = self.good.clone().header("kid", self.key.id());
        for (name, token) in [
            ("a stranger's key", self.good.clone()),
            ("a stranger's key under the issuer's id", known.clone()),
            ("a stranger's key in the header", self.good.clone().header("jwk", jwk.clone())),
            ("a stranger's key in the header, under the issuer's id", known.clone().header("jwk", jwk)),
            ("a stranger's key at an address", known.header("jku", "https://evil.example.com/jwks.json")),
        ] {
            let token = stranger.sign(&token)?;
            self.bears(name, &token);
        }
        let long = "k".repeat(4_000);
        for key_id in ["", "../../../../dev/null", "' OR '1'='1", "$(id)", &long] {
            let token = self.with_header("kid", key_id)?;
            self.bears(format!("the key id {key_id:.40}"), &token);
        }
        for key_id in [json!(7), json!(["a"]), json!({"$ne": 1})] {
            let token = self.with_header("kid", key_id.clone())?;
            self.bears(format!("the key id {key_id}"), &token);
        }
        Ok(())
    }

    fn signatures(&mut self) -> Result<()> {
        let token = self.good()?;
        let (signed, signature) = token.rsplit_once('.').context("a token")?;
        let (header, _) = signed.split_once('.').context("a token")?;
        let claims = URL_SAFE_NO_PAD.encode(json!({"sub": "auth0|admin"}).to_string());
        let bytes = URL_SAFE_NO_PAD.decode(signature)?;
        let flipped = bytes.iter().enumerate().map(|(index, byte)| if index == 9 { byte ^ 1 } else { *byte });
        let flipped: Vec<u8> = flipped.collect();
        let cut = bytes.get(..255).context("a signature")?;
        for (name, token) in [
            ("no signature", format!("{signed}.")),
            ("a bit flipped", format!("{signed}.{}", URL_SAFE_NO_PAD.encode(&flipped))),
            ("a byte cut off", format!("{signed}.{}", URL_SAFE_NO_PAD.encode(cut))),
            ("zeros for a signature", format!("{signed}.{}", URL_SAFE_NO_PAD.encode([0; 256]))),
            ("other claims", format!("{header}.{claims}.{signature}")),
            ("padding", format!("{token}==")),
        ] {
            self.bears(name, &token);
        }
        Ok(())
    }

    fn headers(&mut self) -> Result<()> {
        for typ in ["id_token", "logout+jwt", "dpop+jwt", "secevent+jwt", ""] {
            let token = self.with_header("typ", typ)?;
            self.bears(format!("the type {typ:?}"), &token);
        }
        for crit in [json!(["b64"]), json!([]), json!("exp")] {
            let token = self.with_header("crit", crit.clone())?;
            self.bears(format!("`crit` {crit}"), &token);
        }
        Ok(())
    }

    fn claims(&mut self) -> Result<()> {
        for (claim, value) in [
            ("iss", json!("https://evil.example.com/")),
            ("iss", Value::Null),
            ("aud", json!("https://evil.example.com/")),
            ("aud", json!([])),
            ("aud", Value::Null),
            ("sub", Value::Null),
            ("sub", json!("")),
            ("sub", json!("s".repeat(256))),
            ("sub", json!("auth0|a\nb")),
            ("exp", Value::Null),
            ("exp", json!(0)),
            ("exp", json!(-1)),
            ("nbf", json!(4_000_000_000_u64)),
            ("iat", json!(4_000_000_000_u64)),
            ("cnf", json!({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})),
            ("cnf", json!({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"})),
            ("cnf", json!({})),
            ("cnf", json!("")),
        ] {
            let token = self.with_claim(claim, value.clone())?;
            self.bears(format!("`{claim}` {value}"), &token);
        }
        let issuer = self.good.claims()["iss"].clone();
        let token = self.with_claim("iss", json!([issuer]))?;
        self.bears("a list of issuers", &token);
        for (claim, value) in [("exp", json!([1])), ("exp", json!({})), ("nbf", json!("soon")), ("iat", json!([]))] {
            let token = self.with_claim(claim, value.clone())?;
            self.bears_straight(format!("`{claim}` {value}"), &token);
        }
        Ok(())
    }

    fn kinds(&mut self) -> Result<()> {
        let id_token = self.key.sign(&self.good.clone().into_id_token())?;
        self.bears("an ID token", &id_token);
        for mark in ["nonce", "at_hash", "c_hash", "s_hash"] {
            let token = self.with_claim(mark, "77QmUPtjPfzWtF2AnpK9RQ")?;
            self.bears(format!("an ID token for this API, with `{mark}`"), &token);
        }
        let audience = self.good.claims()["aud"][0].clone();
        let token = self.with_claim("azp", audience)?;
        self.bears("an app whose id is this API's", &token);
        Ok(())
    }

    /// Headers and claims that are no objects, or objects that can be read in two ways.
    fn texts(&mut self) -> Result<()> {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.key.id()}).to_string();
        let claims = Value::Object(self.good.claims().clone()).to_string();
        for (name, header, claims) in [
            ("claims that are no JSON", header.as_str(), "not json"),
            ("no claims", &header, ""),
            ("claims with another text behind", &header, &format!("{claims}{claims}")),
            ("a byte order mark", &header, &format!("\u{feff}{claims}")),
            ("not a number", &header, &claims.replacen('{', "{\"x\":NaN,", 1)),
            ("a header that is no JSON", "RS256", &claims),
            ("two algorithms", &header.replacen('{', "{\"alg\":\"none\",", 1), &claims),
            ("two subjects", &header, &claims.replacen('{', "{\"sub\":\"auth0|admin\",", 1)),
            ("two bindings", &header, &claims.replacen('{', "{\"cnf\":{},\"cnf\":null,", 1)),
        ] {
            let token = self.key.sign_parts(header, claims)?;
            self.bears(name, &token);
        }
        let deep = format!("{{\"x\":{}{},", "[".repeat(900), "]".repeat(900));
        for (name, header, claims) in [
            ("claims that are a list", header.as_str(), "[]"),
            ("claims that are null", &header, "null"),
            ("claims that are a text", &header, "\"claims\""),
            ("a header that is a list", "[\"RS256\"]", &claims),
            ("a header that is a number", "7", &claims),
            ("900 lists in a claim", &header, &claims.replacen('{', &deep, 1)),
        ] {
            let token = self.key.sign_parts(header, claims)?;
            self.bears_straight(name, &token);
        }
        let good = self.good()?;
        let [header, payload, signature]: [&str; 3] =
            good.split('.').collect::<Vec<_>>().try_into().ok().context("three parts")?;
        let flattened = json!({"protected": header, "payload": payload, "signature": signature}).to_string();
        for (name, token) in [
            ("a word", "x".to_owned()),
            ("two dots", "..".to_owned()),
            ("two parts", format!("{header}.{payload}")),
            ("four parts", format!("{good}.{signature}")),
            ("five parts", format!("{header}.{payload}.{payload}.{payload}.{signature}")),
            ("the flattened serialisation", flattened),
        ] {
            self.bears(name, &token);
        }
        Ok(())
    }

    fn schemes(&mut self) -> Result<()> {
        let good = self.good()?;
        let bound = self.with_claim("cnf", json!({"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}))?;
        for (name, authorization) in [
            ("a token that is bound to a key, with DPoP", format!("DPoP {bound}")),
            ("a good token with DPoP", format!("DPoP {good}")),
            ("a good token with Basic", format!("Basic {good}")),
            ("a good token without a scheme", good.clone()),
            ("a good token twice", format!("Bearer {good} {good}")),
            ("a good token and a comma", format!("Bearer {good}, Bearer {good}")),
            ("Bearer twice", format!("Bearer Bearer {good}")),
            ("nothing but Bearer", "Bearer".to_owned()),
            ("a password", "Basic dXNlcjpwYXNzd29yZA==".to_owned()),
            ("more than 8 KiB", format!("Bearer {}{good}", " ".repeat(8 * 1024))),
        ] {
            self.sends(name, authorization);
        }
        Ok(())
    }
}
