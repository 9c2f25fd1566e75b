//! The console behind CloudFront: its function does what `make up` does.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tests::root;

use super::sam;

/// Runs the function for each path, as CloudFront would.
const RUN: &str = "
const [code, paths] = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const handler = new Function(code + '; return handler;')();
const file = (uri) => handler({ version: '1.0', context: {}, viewer: {}, request: { method: 'GET', uri, querystring: {}, headers: {}, cookies: {} } }).uri;
console.log(JSON.stringify(paths.map(file)));
";

const PATHS: [(&str, &str); 12] = [
    ("/", "/index.html"),
    ("/index.html", "/index.html"),
    ("/config.json", "/config.json"),
    ("/orders", "/index.html"),
    ("/orders/0192f0c1-7b1e-7c3a-9c59-3f1f6d9a0b11", "/index.html"),
    ("/orders/", "/index.html"),
    ("/a.b/c", "/index.html"),
    ("/assets", "/index.html"),
    ("/assets/index-B1x2.js", "/assets/index-B1x2.js"),
    ("/assets/gone.js", "/assets/gone.js"),
    ("/.well-known/security.txt", "/.well-known/security.txt"),
    ("/orders/%2e%2e/secret", "/index.html"),
];

#[test]
fn every_path_of_the_app_leads_to_its_document_there_as_here() -> Result<()> {
    let code = &sam::raw()?["Resources"]["ConsolePaths"]["Properties"]["FunctionCode"];
    let node = root().join(".local/node/node_modules/.bin/node");
    let mut running = Command::new(&node)
        .args(["-e", RUN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} is missing: run make check", node.display()))?;
    let asked = serde_json::to_vec(&(code, PATHS.map(|(path, _)| path)))?;
    running.stdin.take().context("its input")?.write_all(&asked)?;
    let output = running.wait_with_output()?;
    let there: Vec<String> = serde_json::from_slice(&output.stdout).context("the function fails")?;
    ensure!(there.len() == PATHS.len(), "{there:?}");
    for ((path, file), there) in PATHS.into_iter().zip(there) {
        let here = local::console_file(path);
        ensure!(there == file && here == file, "{path} is {there} behind CloudFront and {here} of make up, not {file}");
    }
    Ok(())
}
