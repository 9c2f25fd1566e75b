//! The console: typed, linted, formatted, short; its logic does what its tests say; it is quiet on the network and in the browser.

mod quiet;
mod styles;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::{files_below, relative, root};

use crate::client::run;

const WEB: &str = "web";
const SOURCES: &str = "web/src";

/// What the browser of whoever uses the console has to load and trust.
const DEPENDENCIES: [&str; 9] = [
    "@auth0/auth0-spa-js",
    "@bufbuild/protobuf",
    "@connectrpc/connect",
    "@connectrpc/connect-query",
    "@tanstack/react-query",
    "order-saga-client",
    "react",
    "react-dom",
    "wouter",
];

/// A component or a test that is longer fits no screen; a style sheet that is longer is that of two components.
const MAX_LINES: usize = 150;
const MAX_STYLE_LINES: usize = 200;

/// The console's own files of this kind, without those of the client, which has rules of its own.
fn own(folder: &str, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for ending in endings {
        found.extend(files_below(folder, ending)?);
    }
    found.retain(|file| !relative(file).starts_with("web/client/") && !relative(file).starts_with("web/dist/"));
    ensure!(!found.is_empty(), "there is nothing that ends in {endings:?} below {folder}");
    Ok(found)
}

#[test]
fn the_console_is_typed() -> Result<()> {
    run("tsc", &[], &root().join(WEB))
}

#[test]
fn the_console_passes_its_linters() -> Result<()> {
    run("eslint", &["--max-warnings", "0", "."], &root().join(WEB))
}

#[test]
fn the_console_is_formatted() -> Result<()> {
    run("prettier", &["--check", "."], &root().join(WEB))
}

#[test]
fn the_consoles_logic_does_what_it_says() -> Result<()> {
    let tests = own(SOURCES, &[".test.ts", ".test.tsx"])?;
    ensure!(tests.len() > 4, "only {tests:?} are there");
    run("vitest", &["run", "--reporter=dot"], &root().join(WEB))
}

/// `npm run check` is what is asked of whoever changes the console; the tests above run the same programs one by one.
#[test]
fn the_consoles_check_runs_all_of_them() -> Result<()> {
    let package = package()?;
    let check = package["scripts"]["check"].as_str().context("the script check")?;
    let programs: Vec<_> = check.split("&&").filter_map(|command| command.split_whitespace().next()).collect();
    ensure!(programs == ["tsc", "eslint", "prettier", "vitest"], "npm run check runs {programs:?}");
    Ok(())
}

#[test]
fn the_consoles_files_are_short() -> Result<()> {
    let limits = [(&[".ts", ".tsx"][..], MAX_LINES), (&[".css"][..], MAX_STYLE_LINES)];
    for (endings, most) in limits {
        for file in own(WEB, endings)? {
            let lines = std::fs::read_to_string(&file)?.lines().count();
            ensure!(lines <= most, "{} has {lines} lines, more than {most}", relative(&file));
        }
    }
    Ok(())
}

#[test]
fn the_console_takes_little_from_npm() -> Result<()> {
    let package = package()?;
    let taken = package["dependencies"].as_object().context("the dependencies")?;
    let taken: BTreeSet<_> = taken.keys().map(String::as_str).collect();
    ensure!(taken == DEPENDENCIES.into(), "the console depends on {taken:?}");
    Ok(())
}

/// The Content-Security-Policy refuses both, so that the page would stay without them.
#[test]
fn the_page_has_no_script_and_no_style_in_it() -> Result<()> {
    let page = std::fs::read_to_string(root().join(WEB).join("index.html"))?;
    let scripts: Vec<_> = page.match_indices("<script").filter_map(|(at, _)| page.get(at..)).collect();
    ensure!(!scripts.is_empty(), "the page loads no script");
    for script in scripts {
        let (tag, rest) = script.split_once('>').context("a script's end")?;
        ensure!(tag.contains(" src=\"") && rest.starts_with("</script>"), "a script stands in index.html: {tag}");
    }
    for inline in ["<style", " style=", " on"] {
        ensure!(!page.contains(inline), "{inline:?} stands in index.html");
    }
    Ok(())
}

fn package() -> Result<Value> {
    Ok(serde_json::from_str(&std::fs::read_to_string(root().join(WEB).join("package.json"))?)?)
}
