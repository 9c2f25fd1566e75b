use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::data::workspace::Workspace;

const API: &str = "http://127.0.0.1:9080";
const ISSUER: &str = "http://127.0.0.1:9081/";
const TROUBLE: &str = "http://127.0.0.1:9082";

fn parameters() -> BTreeMap<String, String> {
    let parameters =
        [("TokenIssuer", ISSUER), ("TokenAudience", "https://orders.example/"), ("ConsoleClientId", "console")];
    parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn template() -> Template {
    Template::read(&Workspace::here().template()).unwrap().given(parameters())
}

/// A built app, and a secret beside it.
fn built() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("dist/assets")).unwrap();
    for (name, text) in [
        ("secret.txt", "secret"),
        ("dist/index.html", "<!doctype html>"),
        ("dist/assets/index-1.js", "plain"),
        ("dist/assets/index-1.js.br", "brotli"),
        ("dist/assets/style-1.css", "plain"),
        ("dist/assets/style-1.css.gz", "gzip"),
    ] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn started(dir: &TempDir, trouble: Option<&str>) -> Result<Console> {
    let surroundings = Surroundings { api: API, parameters: &parameters(), trouble };
    Console::start(Reserved::port(None).unwrap(), &dir.path().join("dist"), &template(), &surroundings)
}

async fn get(console: &Console, path: &str) -> reqwest::Response {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.get(format!("{}{path}", console.url())).send().await.unwrap()
}

fn header<'a>(response: &'a reqwest::Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn each_path_has_its_file_its_status_and_its_time() {
    let dir = built();
    let console = started(&dir, None).unwrap();
    for (path, status, kind, kept) in [
        ("/", 200, "text/html", "no-cache"),
        ("/?code=a.b&state=c", 200, "text/html", "no-cache"),
        ("/orders/1", 200, "text/html", "no-cache"),
        ("/index.html", 200, "text/html", "no-cache"),
        ("/config.json", 200, "application/json", "no-store"),
        ("/assets/index-1.js", 200, "text/javascript", "public, max-age=31536000, immutable"),
        ("/assets/gone-1.js", 404, "", "no-cache"),
        ("/assets/index-1.js.br", 404, "", "no-cache"),
        ("/assets/style-1.css.gz?x", 404, "", "no-cache"),
        ("/assets/index-1.js%2ebr", 404, "", "no-cache"),
        ("/assets/index-1.js.b%72", 404, "", "no-cache"),
        ("/assets/index-1.js.br%2F", 404, "", "no-cache"),
        ("/assets/index-1.js.br%2F.", 404, "", "no-cache"),
        ("/favicon.ico", 404, "", "no-cache"),
    ] {
        let response = get(&console, path).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(header(&response, "content-type"), kind, "{path}");
        assert_eq!(header(&response, "cache-control"), kept, "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_the_template_declares() {
    let dir = built();
    let console = started(&dir, None).unwrap();
    for path in ["/", "/orders/1", "/config.json", "/assets/index-1.js", "/assets/gone-1.js"] {
        let response = get(&console, path).await;
        let policy = header(&response, "content-security-policy");
        assert!(policy.contains(&format!("connect-src 'self' {API} {ISSUER};")), "{path}: {policy}");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains('$'),
            "{path}: {policy}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("strict-transport-security", "max-age=31536000"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(&response, name), value, "{path}");
        }
        assert!(header(&response, "permissions-policy").contains("camera=()"), "{path}");
    }
}

#[tokio::test]
async fn what_is_compressed_is_sent_to_whoever_takes_it() {
    let dir = built();
    let console = started(&dir, None).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for (file, accepted, encoding, text) in [
        ("index-1.js", "gzip, br", "br", "brotli"),
        ("style-1.css", "gzip, br", "gzip", "gzip"),
        ("style-1.css", "identity", "", "plain"),
    ] {
        let request = client.get(format!("{}/assets/{file}", console.url())).header("accept-encoding", accepted);
        let response = request.send().await.unwrap();
        assert_eq!(header(&response, "content-encoding"), encoding);
        assert_eq!(header(&response, "vary"), "accept-encoding");
        assert_eq!(response.text().await.unwrap(), text);
    }
}

#[tokio::test]
async fn the_configuration_names_the_trouble_server_where_there_is_such_a_server() {
    let dir = built();
    let mut told = json!({
        "apiUrl": API, "issuer": ISSUER, "clientId": "console", "audience": "https://orders.example/",
    });
    let console = started(&dir, None).unwrap();
    assert_eq!(get(&console, "/config.json").await.json::<Value>().await.unwrap(), told);
    let console = started(&dir, Some(TROUBLE)).unwrap();
    let response = get(&console, "/config.json").await;
    let policy = header(&response, "content-security-policy");
    assert!(policy.contains(&format!("connect-src 'self' {TROUBLE} {API} ")), "{policy}");
    told["local"] = json!({"troubleUrl": TROUBLE});
    assert_eq!(response.json::<Value>().await.unwrap(), told);
}

/// A client that does not tidy up paths.
#[test]
fn nothing_beside_the_app_is_served() {
    let dir = built();
    let console = started(&dir, None).unwrap();
    for path in ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt"]
    {
        let url = console.url();
        let host = url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 "), "{path}: {answer}");
        assert!(!answer.contains("secret"), "{path}: {answer}");
    }
}

#[test]
fn an_app_that_is_not_built_and_a_header_that_is_not_known_are_refused() {
    let empty = tempfile::tempdir().unwrap();
    let error = started(&empty, None).unwrap_err().to_string();
    assert!(error.ends_with("dist/index.html is missing: run `make build`, which builds the console"), "{error}");
    let mut document = template().as_json().clone();
    let declared = &mut document["Resources"]["ConsoleHeaders"]["Properties"]["ResponseHeadersPolicyConfig"];
    declared["SecurityHeadersConfig"]["XSSProtection"] = json!({"Protection": true, "Override": true});
    let changed = Template::from_json(document).unwrap().given(parameters());
    let refusal = |template: &Template, trouble: Option<&str>, parameters: &BTreeMap<String, String>| {
        let surroundings = Surroundings { api: API, parameters, trouble };
        declared::headers(template, &surroundings).unwrap_err().to_string()
    };
    let error = refusal(&changed, None, &parameters());
    assert!(error.starts_with("ConsoleHeaders has XSSProtection, which this server does not know"), "{error}");
    let error = refusal(&template(), None, &BTreeMap::new());
    assert!(error.starts_with("TokenIssuer has no value here"), "{error}");
    let mut document = template().as_json().clone();
    let declared = &mut document["Resources"]["ConsoleHeaders"]["Properties"]["ResponseHeadersPolicyConfig"];
    let policy = &mut declared["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"];
    *policy = json!("default-src 'none'");
    let error = refusal(&Template::from_json(document).unwrap(), Some(TROUBLE), &parameters());
    assert!(error.contains("says nothing of connect-src 'self'"), "{error}");
}
