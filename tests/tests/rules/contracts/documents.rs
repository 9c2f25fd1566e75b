//! docs/api/ is fresh, and what others read in it: Spectral finds nothing in the OpenAPI, AsyncAPI's parser nothing in the AsyncAPI.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};
use tests::{Document, root};
use wire::WireMessage;
use wire::google::rpc::ErrorInfo;

use crate::policy::opening;

const OPENAPI: &str = "docs/api/openapi.yaml";
const ASYNCAPI: &str = "docs/api/asyncapi.yaml";
const LINT: &str = "tests/tests/rules/contracts/lint.cjs";

#[test]
fn the_documents_are_fresh() -> Result<()> {
    let documents = sagas_codegen::documents(&root(), &order::sagas::registry(), &sagas_codegen::steps())?;
    let names: BTreeSet<PathBuf> = documents.iter().map(|(name, _)| name.clone()).collect();
    ensure!(names == BTreeSet::from([OPENAPI.into(), ASYNCAPI.into()]), "{names:?} are written");
    for (name, content) in documents {
        let committed = std::fs::read_to_string(root().join(&name)).unwrap_or_default();
        ensure!(committed == content, "{} is stale: run make generate", name.display());
    }
    Ok(())
}

/// What the linters find in each document.
fn lint(files: &[PathBuf]) -> Result<Vec<Vec<String>>> {
    let script = root().join(LINT);
    let modules = root().join(".local/node/node_modules");
    let output = Command::new(modules.join(".bin/node")).arg(script).arg(&modules).args(files).output();
    let output = output.context("run `make setup`, which sets up the Node that the linters run on")?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "run `make setup`, or the linters were not understood: {words}");
    serde_json::from_slice(&output.stdout).context("what the linters have found")
}

/// A newer linter may find what nobody has changed.
#[test]
fn the_linters_are_those_that_were_chosen() -> Result<()> {
    let read = |file: &str| -> Result<Value> {
        let text = std::fs::read_to_string(root().join(file)).with_context(|| format!("{file}: run `make setup`"))?;
        Ok(serde_json::from_str(&text)?)
    };
    let chosen = read("local/requirements/package.json")?;
    let script = std::fs::read_to_string(root().join(LINT))?;
    let loaded: Vec<&str> = script.split("load('").skip(1).filter_map(|rest| rest.split('\'').next()).collect();
    ensure!(loaded.len() > 3, "{LINT} loads {loaded:?} only");
    for name in loaded {
        let installed = read(&format!(".local/node/node_modules/{name}/package.json"))?;
        let (version, chosen) = (&installed["version"], &chosen["dependencies"][name]);
        ensure!(
            version == chosen,
            "{name} {version} is set up, and {chosen} is chosen: name one version, run `make setup`"
        );
    }
    Ok(())
}

#[test]
fn the_linters_find_nothing_in_the_documents() -> Result<()> {
    for (file, found) in [OPENAPI, ASYNCAPI].iter().zip(lint(&[OPENAPI, ASYNCAPI].map(|file| root().join(file)))?) {
        ensure!(found.is_empty(), "{file}:\n{}", found.join("\n"));
    }
    Ok(())
}

/// A linter that looks at nothing would find nothing.
#[test]
fn the_linters_notice_what_is_wrong_with_a_document() -> Result<()> {
    let mistakes = [
        // An example that its schema refuses, a reference to nothing, a keyword of another version, an operation without a name.
        (OPENAPI, "quantity: 2", "quantity: 2000"),
        (OPENAPI, "/schemas/order_api.v1.Money\"", "/schemas/order_api.v1.Monet\""),
        (OPENAPI, "minimum: 1\n", "minimum: 1\n          exclusiveMinimum: true\n"),
        (OPENAPI, "operationId: CreateOrder\n", "operationId: CancelOrder\n"),
        // An action that there is not, a message that its channel does not have, a binding of another form, a reference to nothing.
        (ASYNCAPI, "action: receive", "action: take"),
        (
            ASYNCAPI,
            "/channels/create-ticket/messages/kitchen.v1.CreateTicket",
            "/channels/create-ticket/messages/kitchen.v1.X",
        ),
        (ASYNCAPI, "fifoQueue: false", "fifoQueue: never"),
        (ASYNCAPI, "/schemas/order.v1.Money\"", "/schemas/order.v1.Monet\""),
    ];
    let folder = tempfile::tempdir()?;
    let mut files = Vec::new();
    for (number, (file, right, wrong)) in mistakes.iter().enumerate() {
        let text = std::fs::read_to_string(root().join(file))?;
        ensure!(text.contains(right), "{file} has no {right:?}: break something else");
        let broken = folder.path().join(format!("{number}.yaml"));
        std::fs::write(&broken, text.replacen(right, wrong, 1))?;
        files.push(broken);
    }
    let unnoticed: Vec<_> = mistakes.iter().zip(lint(&files)?).filter(|(_, found)| found.is_empty()).collect();
    ensure!(unnoticed.is_empty(), "nobody notices {unnoticed:?}");
    Ok(())
}

/// The operations of a path, by their methods.
fn operations(path: &str) -> Result<Vec<(String, Value)>> {
    let document = Document::openapi()?;
    let operations = document.as_json()["paths"][path].as_object().with_context(|| format!("no path {path}"))?.clone();
    Ok(operations.into_iter().collect())
}

#[test]
fn each_rpc_has_its_operations_and_each_operation_its_permission() -> Result<()> {
    let document = Document::openapi()?;
    let paths = document.as_json()["paths"].as_object().context("paths")?;
    let paths: BTreeSet<String> = paths.keys().cloned().collect();
    let rpcs = tests::rpc_paths()?;
    ensure!(paths == rpcs, "the document has {paths:?}, and the RPCs are {rpcs:?}");
    for path in &rpcs {
        let alternatives: Vec<_> = opening(path).map(|permission| json!({"accessToken": [permission]})).collect();
        for (method, operation) in operations(path)? {
            let expected = json!(alternatives);
            ensure!(operation["security"] == expected, "{method} {path}: {}", operation["security"]);
        }
    }
    Ok(())
}

/// A path has a GET where the RPC reads, and asks for an Idempotency-Key where it does not.
#[test]
fn what_reads_has_a_get_and_what_changes_needs_a_key() -> Result<()> {
    for (path, rpc) in tests::declared()? {
        let reads = rpc.reads();
        let operations = operations(&path)?;
        let methods: Vec<&str> = operations.iter().map(|(method, _)| method.as_str()).collect();
        ensure!(methods == if reads { vec!["get", "post"] } else { vec!["post"] }, "{path} has {methods:?}");
        for (method, operation) in &operations {
            let named = operation["parameters"].to_string();
            let needs = named.contains("\"#/components/parameters/IdempotencyKey\"");
            ensure!(needs != reads, "{method} {path}: {named}");
            ensure!(named.contains("\"#/components/parameters/Timeout\""), "{method} {path}: {named}");
            let is_call = named.contains("/parameters/Connect\"") && named.contains("/parameters/Encoding\"");
            ensure!(is_call == (method == "get"), "{method} {path}: {named}");
        }
    }
    Ok(())
}

/// The edge says in a header which token, type or encoding it would take.
#[test]
fn a_refusal_names_the_headers_that_say_what_would_be_taken() -> Result<()> {
    let expected = [("401", vec!["WWW-Authenticate"]), ("403", vec!["WWW-Authenticate"]), ("404", vec![])];
    let of_a_body = ("415", vec!["Accept-Encoding", "Accept-Post"]);
    for path in tests::rpc_paths()? {
        for (method, operation) in operations(&path)? {
            let of_a_body = (method == "post").then_some(&of_a_body);
            for (status, names) in expected.iter().chain(of_a_body) {
                let headers = operation["responses"][status]["headers"].as_object();
                let named: BTreeSet<&str> = headers.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
                ensure!(named == names.iter().copied().collect(), "{method} {path} {status}: {named:?}");
            }
        }
    }
    Ok(())
}

/// Who has no Connect client finds the bytes of a detail beside what they say.
#[test]
fn an_error_is_shown_with_its_detail_decoded() -> Result<()> {
    let document = Document::openapi()?;
    let schemas = &document.as_json()["components"]["schemas"];
    let detail = &schemas["ConnectError"]["examples"][0]["details"][0];
    ensure!(detail["type"] == "google.rpc.ErrorInfo", "{detail}");
    let value = STANDARD_NO_PAD.decode(detail["value"].as_str().context("a value")?)?;
    let info = decoded::<ErrorInfo>(&value).context("an ErrorInfo")?;
    let words = schemas["ConnectErrorDetail"]["description"].as_str().context("a description")?;
    let said: ErrorInfo = serde_json::from_str(words.lines().last().context("what the detail says")?)?;
    ensure!(info == said && info.reason == "PRICE_CHANGED", "{info:?} is shown as {said:?}");
    let properties = schemas["ConnectErrorDetail"]["properties"].as_object().context("properties")?;
    ensure!(properties.keys().map(String::as_str).eq(["type", "value"]), "nothing else is sent than {properties:?}");
    Ok(())
}

fn decoded<M: WireMessage>(value: &[u8]) -> Option<M> {
    M::decode_from_slice(value).ok()
}
