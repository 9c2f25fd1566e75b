//! Header and claims that two readers of JSON would read differently, or that are none. The issuer's key has signed them all.

use serde_json::json;

use super::super::fixture::{AUDIENCE, ISSUER, NOW_SECONDS, SIGNER_A, claims};
use super::{Category, Row};
use crate::Rejection;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = of_other_shapes();
    rows.extend(with_a_member_twice());
    rows.extend(deep());
    rows.extend(in_other_encodings());
    rows
}

fn header() -> String {
    SIGNER_A.header().to_string()
}

/// The usual claims with this text in front of them.
fn after(members: &str) -> String {
    claims().to_string().replacen('{', &format!("{{{members},"), 1)
}

fn of_other_shapes() -> Vec<Row> {
    let category = Category::Json;
    let ordered = json!([ISSUER, "auth0|buyer-1", AUDIENCE, "app", NOW_SECONDS + 60, null, null]).to_string();
    let all = claims().to_string();
    let open = &all[..all.len() - 1];
    let texts = [
        ("nothing", String::new()),
        ("a blank", " ".to_owned()),
        ("null", "null".to_owned()),
        ("true", "true".to_owned()),
        ("a number", "7".to_owned()),
        ("a text", "\"claims\"".to_owned()),
        ("an empty list", "[]".to_owned()),
        ("a list of values", "[1]".to_owned()),
        ("a list of the right values in their order", ordered),
        ("a list of an object", format!("[{all}]")),
        ("an object without its end", open.to_owned()),
        ("an object and more", format!("{all}{{}}")),
        ("two objects on two lines", format!("{all}\n{all}")),
        ("a comma behind the last member", format!("{open},}}")),
        ("a comment", format!("{open}/* all is well */}}")),
        ("names in single quotes", all.replace('"', "'")),
        ("names without quotes", all.replacen("\"iss\"", "iss", 1)),
        ("not JSON", "not json".to_owned()),
        ("not a number", after("\"x\":NaN")),
        ("infinity", after("\"x\":-Infinity")),
        ("a line break within a text", after("\"x\":\"a\nb\"")),
        ("an unfinished escape", after(r#""x":"\u12""#)),
    ];
    let mut rows = Vec::new();
    for (name, text) in texts {
        let token = SIGNER_A.token_of(header(), text);
        rows.push(Row::refused(category, format!("as claims: {name}"), &token, Rejection::Malformed));
    }
    let ordered = json!(["RS256", SIGNER_A.key_id, "JWT"]).to_string();
    let header = header();
    for (name, text) in [
        ("nothing", String::new()),
        ("null", "null".to_owned()),
        ("a text", "\"RS256\"".to_owned()),
        ("a list of the right values in their order", ordered),
        ("a list of an object", format!("[{header}]")),
        ("an empty object", "{}".to_owned()),
        ("an object without its end", header[..header.len() - 1].to_owned()),
        ("an object and more", format!("{header}{header}")),
        ("a comma behind the last member", format!("{},}}", &header[..header.len() - 1])),
    ] {
        let token = SIGNER_A.token_of(text, claims().to_string());
        rows.push(Row::refused(category, format!("as header: {name}"), &token, Rejection::Malformed));
    }
    let spacious = serde_json::to_string_pretty(&claims()).unwrap();
    let token = SIGNER_A.token_of(&header, format!("\r\n\t {spacious} \n"));
    rows.push(Row::accepted(category, "as claims: an object with blanks and line breaks", &token));
    let escaped = claims().to_string().replace('/', "\\/").replace("\"sub\"", "\"\\u0073ub\"");
    rows.push(Row::accepted(category, "as claims: an object with escapes", &SIGNER_A.token_of(&header, escaped)));
    rows
}

fn with_a_member_twice() -> Vec<Row> {
    let category = Category::Json;
    let mut rows = Vec::new();
    for (member, value) in [
        ("alg", json!("none")),
        ("alg", json!("RS256")),
        ("kid", json!("another")),
        ("kid", json!(SIGNER_A.key_id)),
        ("typ", json!("at+jwt")),
    ] {
        let text = header().replacen('{', &format!("{{\"{member}\":{value},"), 1);
        let token = SIGNER_A.token_of(text, claims().to_string());
        rows.push(Row::refused(category, format!("`{member}` twice, first {value}"), &token, Rejection::Malformed));
    }
    for (claim, value) in [
        ("iss", json!("https://evil.example.com/")),
        ("sub", json!("auth0|somebody-else")),
        ("sub", json!("auth0|buyer-1")),
        ("aud", json!("https://another.example.com")),
        ("azp", json!("another-app")),
        ("exp", json!(NOW_SECONDS + 60)),
        ("iat", json!(NOW_SECONDS)),
        ("permissions", json!(["update:shelves"])),
    ] {
        let token = SIGNER_A.token_of(header(), after(&format!("\"{claim}\":{value}")));
        rows.push(Row::refused(category, format!("`{claim}` twice, first {value}"), &token, Rejection::Malformed));
    }
    let twice = |claim: &str| after(&format!("\"{claim}\":null,\"{claim}\":null"));
    for claim in ["nbf", "nonce", "at_hash", "c_hash", "s_hash", "cnf"] {
        let token = SIGNER_A.token_of(header(), twice(claim));
        rows.push(Row::refused(category, format!("`{claim}` twice"), &token, Rejection::Malformed));
    }
    let escaped = SIGNER_A.token_of(header(), after(r#""\u0073ub":"auth0|somebody-else""#));
    rows.push(Row::refused(category, "`sub` twice, once with an escape", &escaped, Rejection::Malformed));
    let text = header().replacen('{', r#"{"crit":[],"crit":null,"#, 1);
    let token = SIGNER_A.token_of(text, claims().to_string());
    rows.push(Row::refused(category, "`crit` twice", &token, Rejection::Malformed));
    let token = SIGNER_A.token_of(header(), twice("a claim that nobody reads"));
    rows.push(Row::accepted(category, "a claim twice that nobody reads", &token));
    let token = SIGNER_A.token_of(header(), after(r#""SUB":"auth0|admin","Iss":1,"EXP":0"#));
    rows.push(Row::accepted(category, "claims in capitals, which are other claims", &token));
    rows
}

fn deep() -> Vec<Row> {
    let category = Category::Json;
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(300), "}".repeat(300));
    let mut rows = Vec::new();
    for (name, members) in [
        ("1,500 lists in a claim", format!("\"x\":{}", nested(1_500))),
        ("200 lists in a claim", format!("\"x\":{}", nested(200))),
        ("300 objects in a claim", format!("\"x\":{objects}")),
        ("200 lists in `aud`", format!("\"aud\":{}", nested(200))),
        ("200 lists in `cnf`", format!("\"cnf\":{},\"x\":{}", nested(200), nested(200))),
    ] {
        let token = SIGNER_A.token_of(header(), after(&members));
        rows.push(Row::refused(category, name, &token, Rejection::Malformed));
    }
    let text = header().replacen('{', &format!("{{\"x\":{},", nested(200)), 1);
    let token = SIGNER_A.token_of(text, claims().to_string());
    rows.push(Row::refused(category, "200 lists in the header", &token, Rejection::Malformed));
    let token = SIGNER_A.token_of(header(), after(&format!("\"x\":{}", nested(50))));
    rows.push(Row::accepted(category, "50 lists in a claim", &token));
    rows
}

fn in_other_encodings() -> Vec<Row> {
    let category = Category::Utf8;
    let all = claims().to_string();
    let utf16: Vec<u8> = all.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf32: Vec<u8> = all.chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect();
    // The text with these bytes for the word.
    let with = |word: &str, bytes: &[u8]| {
        let text = after(r#""name":"Zoe","unread":1"#);
        let (before, behind) = text.split_once(word).unwrap();
        [before.as_bytes(), bytes, behind.as_bytes()].concat()
    };
    let mut rows = Vec::new();
    for (name, bytes) in [
        ("a byte order mark", [b"\xef\xbb\xbf", all.as_bytes()].concat()),
        ("UTF-16", utf16),
        ("UTF-32", utf32),
        ("a zero byte behind", [all.as_bytes(), b"\0"].concat()),
        ("a zero byte in front", [b"\0", all.as_bytes()].concat()),
        ("Latin-1 in a claim that nobody reads", with("Zoe", b"Zo\xeb")),
        ("Latin-1 in a name that nobody reads", with("unread", b"unr\xe9ad")),
        ("Latin-1 in `sub`", with("buyer-1", b"b\xfcyer")),
        ("an overlong slash in `iss`", with("auth0.com/", b"auth0.com\xc0\xaf")),
        ("half of a character", with("Zoe", b"Zo\xc3")),
        ("a surrogate as bytes", with("Zoe", b"\xed\xa0\x80")),
        ("a lone surrogate as an escape in `sub`", with("buyer-1", br"\ud800")),
        ("a lone surrogate as an escape in a claim that nobody reads", with("Zoe", br"\udc00")),
    ] {
        let token = SIGNER_A.token_of(header(), bytes);
        rows.push(Row::refused(category, format!("claims with {name}"), &token, Rejection::Malformed));
    }
    let text = header();
    let marked = ["\u{feff}", &text].concat();
    let latin = [&text.as_bytes()[..text.len() - 1], b",\"x\":\"\xe9\"}"].concat();
    for (name, bytes) in [("a byte order mark", marked.into_bytes()), ("Latin-1 in a member that nobody reads", latin)]
    {
        let token = SIGNER_A.token_of(bytes, &all);
        rows.push(Row::refused(category, format!("a header with {name}"), &token, Rejection::Malformed));
    }
    let token = SIGNER_A.token_of(header(), with("Zoe", "Zo\u{eb} \u{1f355}".as_bytes()));
    rows.push(Row::accepted(category, "claims with letters of every alphabet", &token));
    rows
}
