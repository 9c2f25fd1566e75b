//! The console: as it is served here, as it is put into a bucket for CloudFront, and in a browser, where `web/tests/browser/` plays it.

mod bucket;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, bail, ensure};
use libtest_mimic::Trial;
use local::{Lane, Product, Workspace};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tests::{LazySystem, System, files_below, root};

use super::{alone, shared};
use crate::plain;

/// What somebody downloads before the page to sign in shows, compressed.
const FIRST_LOAD_BYTES: u64 = 150_000;
/// The names of the scripts in the document that are loaded at once.
const AT_ONCE: [&str; 2] = ["<script type=\"module\"", "<link rel=\"modulepreload\""];
/// The browser tests of the pages that show what a lane knows of its sagas; the other pages are the same in either lane. They
/// break nothing, and look at the orders that they have placed themselves: a customer may be in both.
const OF_A_LANE: [&str; 2] = ["operator.test.ts", "orders.test.ts"];
/// Held while a browser is at work.
static BROWSER: Mutex<()> = Mutex::new(());

pub(super) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let browser = alone("console::it_works_in_a_browser", system, it_works_in_a_browser);
    if system.lane() == Lane::StepFunctions {
        return vec![browser];
    }
    vec![
        plain("console::the_first_load_is_small", the_first_load_is_small),
        shared("console::it_is_served_as_the_template_says", system, it_is_served_as_the_template_says),
        shared("console::it_may_call_the_api", system, it_may_call_the_api),
        shared("console::it_is_put_into_a_bucket", system, bucket::it_is_put_into_a_bucket),
        browser,
    ]
}

/// The paths of the files that the document loads at once, with those of its styles.
fn loaded_at_once(document: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let paths = |marks: &[&str]| {
        let tags = document.split('<').map(|tag| format!("<{tag}"));
        let tags = tags.filter(|tag| marks.iter().any(|mark| tag.starts_with(mark)));
        let path = |tag: String| {
            let after = [" src=\"", " href=\""].iter().find_map(|name| Some(tag.split_once(name)?.1.to_owned()))?;
            Some(after.split('"').next()?.to_owned())
        };
        tags.filter_map(path).collect()
    };
    (paths(&AT_ONCE), paths(&["<link rel=\"stylesheet\""]))
}

fn document() -> Result<String> {
    let file = Workspace::here().console().join("index.html");
    std::fs::read_to_string(&file).with_context(|| format!("{} is missing: run make build", file.display()))
}

fn the_first_load_is_small() -> Result<()> {
    let (scripts, styles) = loaded_at_once(&document()?);
    ensure!(!scripts.is_empty() && !styles.is_empty(), "the document loads {scripts:?} and {styles:?}");
    let mut bytes = 0;
    for script in &scripts {
        let file = Workspace::here().console().join(format!("{}.br", script.trim_start_matches('/')));
        bytes += std::fs::metadata(&file).with_context(|| format!("{} is missing", file.display()))?.len();
    }
    println!("the first load of the console is {bytes} bytes of compressed script, in {} files", scripts.len());
    ensure!(bytes <= FIRST_LOAD_BYTES, "{scripts:?} are {bytes} bytes, more than {FIRST_LOAD_BYTES}");
    Ok(())
}

fn console(system: &System) -> Result<String> {
    Ok(system.aws().console().context("the system has no console")?.url())
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What the app is told here.
async fn configuration(console: &str) -> Result<Value> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    Ok(http.get(format!("{console}/config.json")).send().await?.error_for_status()?.json().await?)
}

/// The files that the build has made, each as it is served.
async fn it_is_served_as_the_template_says(system: Arc<System>) -> Result<()> {
    let (console, api, issuer) = (console(&system)?, system.aws().api(), system.aws().issuer().url());
    let told = configuration(&console).await?;
    ensure!(told["apiUrl"] == api && told["issuer"] == issuer && told["clientId"] == "console", "{told}");
    ensure!(told["audience"] == system.aws().issuer().audience(), "{told}");
    let (scripts, styles) = loaded_at_once(&document()?);
    let for_ever = "public, max-age=31536000, immutable";
    let assets = scripts.iter().map(|path| (path.as_str(), 200, "text/javascript", for_ever));
    let assets = assets.chain(styles.iter().map(|path| (path.as_str(), 200, "text/css", for_ever)));
    let others = [
        ("/", 200, "text/html", "no-cache"),
        ("/orders/0192f0c1-7b1e-7c3a-9c59-3f1f6d9a0b11", 200, "text/html", "no-cache"),
        ("/config.json", 200, "application/json", "no-store"),
        ("/assets/gone-00000000.js", 404, "", "no-cache"),
        ("/assets/..%2f..%2fpackage.json", 404, "", "no-cache"),
    ];
    let http = reqwest::Client::builder().no_proxy().build()?;
    for (path, status, kind, kept) in assets.chain(others) {
        let response = http.get(format!("{console}{path}")).header("accept-encoding", "gzip, br").send().await?;
        ensure!(response.status() == status, "{path}: {response:?}");
        ensure!(
            header(&response, "content-type") == kind && header(&response, "cache-control") == kept,
            "{response:?}"
        );
        let is_compressed = header(&response, "content-encoding") == "br";
        ensure!(is_compressed == (kept == for_ever || kind == "text/html"), "{path}: {response:?}");
        let policy = header(&response, "content-security-policy");
        ensure!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        ensure!(policy.contains(&api) && policy.contains(&format!("frame-src {issuer};")), "{path}: {policy}");
        ensure!(!policy.contains("unsafe") && !policy.contains('*'), "{path}: {policy}");
        ensure!(header(&response, "x-content-type-options") == "nosniff", "{path}: {response:?}");
    }
    Ok(())
}

async fn it_may_call_the_api(system: Arc<System>) -> Result<()> {
    let origin = console(&system)?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{}/order_api.v1.OrderService/CreateOrder", system.aws().api());
    let ask = http.request(Method::OPTIONS, url).header("origin", &origin);
    let answer = ask.header("access-control-request-method", "POST").send().await?;
    ensure!(header(&answer, "access-control-allow-origin") == origin, "{answer:?}");
    Ok(())
}

/// In a system of its own, with the menu and the tickets that a newcomer finds; the other waits, as two would be too slow for people.
async fn it_works_in_a_browser(system: Arc<System>) -> Result<()> {
    let lane = system.lane();
    let plays = move || {
        let _browser = BROWSER.lock().unwrap_or_else(PoisonError::into_inner);
        let own = LazySystem::of(lane).get()?;
        own.alone(|| is_played(Arc::clone(&own)))
    };
    tokio::task::spawn_blocking(plays).await?
}

async fn is_played(system: Arc<System>) -> Result<()> {
    let cook = system.cook()?;
    for product in Product::menu()? {
        cook.set_stock(&product.id, product.stock).await?;
    }
    let console = console(&system)?;
    let told = configuration(&console).await?;
    let lane = system.lane();
    let screenshots = root().join("target/console");
    let setting = json!({
        "console": console, "api": told["apiUrl"], "issuer": told["issuer"],
        "trouble": told["local"]["troubleUrl"].as_str().unwrap_or_default(),
        "screenshots": if lane == Lane::Rust { screenshots } else { screenshots.join(lane.to_string()) },
    });
    // What one file breaks on purpose, another would see.
    let at_once = if lane == Lane::Rust { 1 } else { OF_A_LANE.len() };
    tokio::task::spawn_blocking(move || play(&files(lane)?, at_once, &setting)).await?
}

/// The browser tests that are played in this lane.
fn files(lane: Lane) -> Result<Vec<PathBuf>> {
    let mut files = files_below("web/tests/browser", ".test.ts")?;
    ensure!(!files.is_empty(), "web/tests/browser has no tests");
    if lane == Lane::StepFunctions {
        files.retain(|file| OF_A_LANE.iter().any(|name| file.ends_with(name)));
        ensure!(files.len() == OF_A_LANE.len(), "web/tests/browser has of {OF_A_LANE:?} only {files:?}");
    }
    Ok(files)
}

/// Runs each file of the browser tests, so many at once.
fn play(files: &[PathBuf], at_once: usize, setting: &Value) -> Result<()> {
    let node = root().join(".local/node/node_modules/.bin/node");
    let mut outputs = Vec::new();
    for files in files.chunks(at_once) {
        outputs.extend(std::thread::scope(|scope| {
            let plays: Vec<_> = files.iter().map(|file| scope.spawn(|| run(&node, file, setting))).collect();
            let outputs = plays.into_iter().map(|play| play.join().map_err(|_| anyhow!("a play has panicked"))?);
            outputs.collect::<Result<Vec<_>>>()
        })?);
    }
    let (mut failed, mut count) = (Vec::new(), 0);
    for output in outputs {
        let lines = output.lines().map(str::trim_start);
        let told: Vec<_> = lines.filter(|line| line.starts_with("✔ ") || line.starts_with("✖ ")).collect();
        // Each test has a line where it ended; those that failed are listed once more, below the sums.
        for line in told.iter().filter(|line| line.ends_with("ms)")).collect::<BTreeSet<_>>() {
            println!("{line}");
            count += 1;
        }
        // A test that was left out has not passed.
        let none = ["fail", "cancelled", "skipped", "todo"].map(|sum| format!("ℹ {sum} 0"));
        if !none.iter().all(|none| output.contains(none)) || told.is_empty() {
            failed.push(output);
        }
    }
    println!("{count} tests of {} files were played in a browser", files.len());
    if !failed.is_empty() {
        bail!("{} files fail:\n{}", failed.len(), failed.join("\n"));
    }
    Ok(())
}

/// What the tests of a file say.
fn run(node: &Path, file: &Path, setting: &Value) -> Result<String> {
    let mut command = Command::new(node);
    command.args(["--test", "--test-reporter=spec"]).arg(file).current_dir(root().join("web"));
    command.env("CONSOLE_SETTING", setting.to_string()).env("NO_COLOR", "1").stdin(Stdio::null());
    let output = command.output().with_context(|| format!("{} is missing: run make setup", node.display()))?;
    Ok(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
}
