//! The issuer and the audience as an operator configures them.

use crate::{Audience, Issuer, IssuerError};

#[test]
fn an_https_issuer_with_trailing_slash_is_accepted() {
    for text in ["https://tenant.eu.auth0.com/", "https://id.example.com:8443/", "https://id.example.com/realms/one/"] {
        let issuer = Issuer::parse(text).unwrap();
        assert_eq!(issuer.as_str(), text);
        assert_eq!(issuer.jwks_uri().to_string(), format!("{text}.well-known/jwks.json"));
    }
}

#[test]
fn plain_http_is_accepted_from_the_loopback_address_only() {
    Issuer::parse("http://127.0.0.1:4000/").unwrap();
    Issuer::parse("http://127.0.0.1/").unwrap();
    for text in [
        "http://tenant.eu.auth0.com/",
        "http://localhost:4000/",
        "http://127.0.0.1.evil.example.com/",
        "http://127.0.0.2/",
        "http://0.0.0.0/",
        "http://[::1]/",
    ] {
        assert_eq!(Issuer::parse(text), Err(IssuerError::NotHttps), "{text}");
    }
}

#[test]
fn an_issuer_needs_its_trailing_slash() {
    for text in ["https://tenant.eu.auth0.com", "https://id.example.com/realms/one", "http://127.0.0.1:4000"] {
        assert_eq!(Issuer::parse(text), Err(IssuerError::NoTrailingSlash), "{text}");
    }
}

#[test]
fn what_is_not_a_plain_url_is_no_issuer() {
    let long = format!("https://{}.example.com/", "a".repeat(512));
    for text in [
        "",
        "/",
        "tenant.eu.auth0.com/",
        "tenant.eu.auth0.com",
        "ftp://tenant.eu.auth0.com/",
        "https:///",
        "https://",
        "http://127.0.0.1@evil.example.com/",
        "http://evil.example.com\\@127.0.0.1/",
        "https://user:password@tenant.eu.auth0.com/",
        "https://tenant.eu.auth0.com/?a=/",
        "https://tenant.eu.auth0.com/#/",
        "https://tenant.eu.auth0.com /",
        " https://tenant.eu.auth0.com/",
        "https://tenant.eu.auth0.com/\n",
        "https://t\u{e9}nant.eu.auth0.com/",
        &long,
    ] {
        assert_eq!(Issuer::parse(text), Err(IssuerError::NotAUrl), "{text}");
    }
}

#[test]
fn an_issuer_has_at_most_512_bytes() {
    let of = |bytes: usize| format!("https://id.example.com/{}/", "a".repeat(bytes - "https://id.example.com//".len()));
    assert_eq!(Issuer::parse(&of(512)).map(|issuer| issuer.as_str().len()), Ok(512));
    assert_eq!(Issuer::parse(&of(513)), Err(IssuerError::NotAUrl));
}

#[test]
fn an_audience_is_a_bounded_visible_text() {
    for text in ["https://api.example.com", "shop-api", &"a".repeat(512)] {
        assert_eq!(Audience::parse(text).unwrap().as_str(), text);
    }
    for text in ["", "shop api", "shop-api\n", "\u{e9}", &"a".repeat(513)] {
        assert!(Audience::parse(text).is_err(), "{text}");
    }
}
