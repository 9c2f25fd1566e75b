use std::path::Path;

use crate::template::Template;

#[test]
fn a_value_that_cloudformation_would_refuse_is_told_what_it_must_be() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    let template = Template::read(&std::fs::read_to_string(path).expect("a template"));
    for (name, good, bad, why) in [
        ("TokenIssuer", "https://t.eu.auth0.com/", "https://t.eu.auth0.com", "must be an https URL that ends in"),
        (
            "AllowedOrigins",
            "https://orders.example.com",
            "https://orders.example.com/",
            "must be empty, or one to ten origins",
        ),
        ("EncryptionKeyArn", "", "alias/mine", "must be the ARN of a KMS key"),
        ("Architecture", "arm64", "arm", "must be one of arm64, x86_64"),
        ("DeletionProtection", "true", "yes", "must be one of true, false"),
        ("QueueConcurrency", "2", "1", "must be 2 to 1000"),
        ("ApprovalLimitMinorUnits", "1", "0", "must be 1 or more"),
        ("ApiRateLimit", "50", "many", "must be a whole number"),
        ("TokenAudience", "https://orders", &"a".repeat(81), "must have 80 characters at most"),
    ] {
        let rule = &template.parameters[name];
        assert_eq!(rule.broken_by(good), None, "{name}");
        let said = rule.broken_by(bad).unwrap_or_default();
        assert!(said.starts_with(why), "{name}: {said}");
    }
}

#[test]
fn an_origin_is_what_a_browser_says_and_nothing_wider() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    let template = Template::read(&std::fs::read_to_string(path).expect("a template"));
    let rule = &template.parameters["AllowedOrigins"];
    let many = |number| vec!["https://orders.example.com"; number].join(",");
    for good in [
        "",
        "https://orders.example.com",
        "https://orders.example.com:8443",
        "http://localhost:5173",
        "http://localhost",
        "https://orders.example.com,http://localhost:5173,http://127.0.0.1:5173",
        &many(10),
    ] {
        assert_eq!(rule.broken_by(good), None, "{good}");
    }
    for bad in [
        "*",
        "https://*",
        "https://*.example.com",
        "null",
        "orders.example.com",
        "https://orders.example.com/",
        "https://orders.example.com/app",
        "https://orders.example.com?x",
        "https://orders.example.com:",
        "https://orders.example.com:https",
        "https://",
        "https://anna@example.com",
        "https://Orders.example.com",
        "HTTPS://orders.example.com",
        "ftp://orders.example.com",
        "http://orders.example.com",
        "http://localhost.example.com",
        "http://127.0.0.2",
        "http://127x0x0x1",
        " https://orders.example.com",
        "https://orders.example.com, http://localhost:5173",
        "https://orders.example.com;http://localhost:5173",
        "https://orders.example.com,",
        ",https://orders.example.com",
        "https://orders.example.com,,http://localhost:5173",
        "https://orders.example.comhttps://eats.example.com",
        "https://orders.example.com\nhttps://evil.example.com",
        &many(11),
    ] {
        for origins in [bad.to_owned(), format!("https://eats.example.com,{bad}")] {
            let why = rule.broken_by(&origins).unwrap_or_default();
            assert!(why.starts_with("must be empty, or one to ten origins"), "{origins:?}: {why}");
        }
    }
}
